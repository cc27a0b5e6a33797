//! `QueueAutoscale\Configuration`.

use super::entry::guarded;
use super::exceptions::Failure;
use super::zval_entries::{Entries, Key};
use super::zval_json::json_of;
use super::zval_writer::to_zval;
use crate::config::{Limits, PoolId};
use ext_php_rs::convert::{FromZval, IntoZval, StubLiteral};
use ext_php_rs::error::Error;
use ext_php_rs::flags::{ClassFlags, DataType};
use ext_php_rs::prelude::*;
use ext_php_rs::types::{ZendHashTable, Zval};
use serde_json::Value;
use std::sync::Arc;

/// Everything that config/queue-autoscale.php says, checked, with defaults, profiles and overrides merged.
#[php_class]
#[php(name = "QueueAutoscale\\Configuration")]
#[php(flags = ClassFlags::Final)]
pub struct Configuration {
    configuration: Arc<crate::config::Configuration>,
}

impl Configuration {
    pub(super) fn shared(&self) -> Arc<crate::config::Configuration> {
        Arc::clone(&self.configuration)
    }

    pub(super) fn limits(&self) -> Limits {
        self.configuration.limits.clone()
    }
}

#[php_impl]
impl Configuration {
    #[php(vis = "private")]
    pub fn __construct() -> Self {
        Self { configuration: Arc::default() }
    }

    /// Reads the array of config/queue-autoscale.php.
    ///
    /// @param array<string, mixed> $config
    /// @throws \QueueAutoscale\Exception\InvalidConfiguration with all errors at once, each with its key's full path
    pub fn from_array(config: ArrayArgument<'_>) -> PhpResult<Self> {
        guarded(|| {
            let written = config.0.map_or(Value::Null, json_of);
            let configuration = crate::config::Configuration::from_json(&written)?;
            Ok(Self { configuration: Arc::new(configuration) })
        })
    }

    /// Whether the manager may start at all.
    pub fn enabled(&self) -> bool {
        self.configuration.enabled
    }

    /// Time between two turns, in seconds.
    pub fn interval_seconds(&self) -> f64 {
        self.configuration.interval_seconds
    }

    /// The key ("connection:queues") of the pool that works a queue; null where nobody does: it is excluded, or its name
    /// is one that queue:work cannot be told.
    pub fn pool_of(&self, connection: String, queue: String) -> PhpResult<Option<String>> {
        guarded(|| Ok(self.configuration.pool_of(&connection, &queue).map(|pool| pool.to_string())))
    }

    /// What holds for a pool, under the same keys as in the configuration.
    ///
    /// @return array<string, mixed>
    pub fn pool_settings(&self, connection: String, queues: String) -> PhpResult<ArrayResult> {
        guarded(|| ArrayResult::of(&*self.configuration.pool_settings(&PoolId::new(connection, queues))))
    }

    /// The pools that the configuration names: groups, and queues without wildcard.
    ///
    /// @return list<array{connection: string, queues: string}>
    pub fn pools(&self) -> PhpResult<ArrayResult> {
        guarded(|| ArrayResult::of(&self.configuration.pools()))
    }

    /// What is allowed but will hardly do what is expected, each with its key's full path.
    ///
    /// @return list<string>
    pub fn warnings(&self) -> Vec<String> {
        self.configuration.warnings().to_vec()
    }

    /// The whole configuration with its defaults filled in; fromArray() takes it back.
    ///
    /// @return array<string, mixed>
    pub fn to_array(&self) -> PhpResult<ArrayResult> {
        guarded(|| ArrayResult::of(&*self.configuration))
    }
}

/// An argument that must be an array.
pub struct ArrayArgument<'call>(Option<&'call ZendHashTable>);

impl<'call> ArrayArgument<'call> {
    /// Stands for the default `[]`.
    pub(super) const EMPTY: Self = Self(None);

    /// How many entries it has.
    pub(super) fn len(&self) -> usize {
        self.0.map_or(0, ZendHashTable::len)
    }

    /// Its entries in their order.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Key<'call>, &'call Zval)> {
        self.0.map(Entries::of).into_iter().flatten()
    }
}

impl<'call> FromZval<'call> for ArrayArgument<'call> {
    const TYPE: DataType = DataType::Array;

    fn from_zval(zval: &'call Zval) -> Option<Self> {
        zval.dereference().array().map(|array| Self(Some(array)))
    }
}

impl StubLiteral for ArrayArgument<'_> {
    fn stub_literal(&self) -> String {
        "[]".to_owned()
    }
}

/// A result that is an array.
pub struct ArrayResult(Zval);

impl ArrayResult {
    pub(super) fn of<T: serde::Serialize + ?Sized>(value: &T) -> Result<Self, Failure> {
        Ok(Self(to_zval(value)?))
    }

    pub(super) fn from_zval(zval: Zval) -> Self {
        Self(zval)
    }
}

impl IntoZval for ArrayResult {
    const TYPE: DataType = DataType::Array;
    const NULLABLE: bool = false;

    fn set_zval(self, zval: &mut Zval, _persistent: bool) -> Result<(), Error> {
        *zval = self.0;
        Ok(())
    }
}
