//! `QueueAutoscale\HostMonitor` and `QueueAutoscale\HostCapacity`.

use super::arguments::{count, given, number};
use super::class_slot::{ClassSlot, PhpClass};
use super::configuration::Configuration;
use super::entry::{guarded, method};
use super::exceptions::{Failure, php_class_slot};
use super::object_writer::ObjectWriter;
use super::value_class::{ValueClass, register_value_class, slots_of};
use crate::calculators::HostCapacity;
use ext_php_rs::args::Arg;
use ext_php_rs::boxed::ZBox;
use ext_php_rs::builders::{ClassBuilder, FunctionBuilder};
use ext_php_rs::convert::{FromZval, IntoZval};
use ext_php_rs::describe::abi::Str;
use ext_php_rs::error::Error;
use ext_php_rs::flags::{ClassFlags, DataType, MethodFlags};
use ext_php_rs::prelude::*;
use ext_php_rs::types::{ZendObject, Zval};
use ext_php_rs::zend::ExecuteData;

php_class_slot!(
    /// What the host, or the container around the manager, has and uses at one instant.
    CapacityClass,
    "QueueAutoscale\\HostCapacity"
);

impl ValueClass for CapacityClass {
    type Value = HostCapacity;
}

/// Registers `HostCapacity`.
pub(super) fn register_host_capacity() -> Result<(), Error> {
    let constructor = FunctionBuilder::new("__construct", construct)
        .arg(Arg::new("cpuLimitCores", DataType::Double))
        .arg(Arg::new("cpuUsedCores", DataType::Double).allow_null())
        .arg(Arg::new("memoryLimitBytes", DataType::Long))
        .arg(Arg::new("memoryUsedBytes", DataType::Long));
    register_value_class::<CapacityClass>(
        ClassBuilder::new(CapacityClass::NAME).method(constructor, MethodFlags::Public),
    )
}

/// @throws \QueueAutoscale\Exception\InvalidArgument for a number that is negative or not finite
extern "C" fn construct(call: &mut ExecuteData, result: &mut Zval) {
    method(call, result, |this, arguments| {
        let capacity = HostCapacity {
            cpu_limit_cores: number(arguments, 0, "cpuLimitCores")?,
            cpu_used_cores: given(arguments, 1).map(|_| number(arguments, 1, "cpuUsedCores")).transpose()?,
            memory_limit_bytes: count(arguments, 2, "memoryLimitBytes")?,
            memory_used_bytes: count(arguments, 3, "memoryUsedBytes")?,
        };
        if slots_of::<CapacityClass>(this).is_ok() {
            return Err(Failure::Argument("a HostCapacity cannot be constructed twice".to_owned()));
        }
        ObjectWriter::new().fill::<CapacityClass>(this, &capacity)?;
        Ok(Zval::null())
    });
}

/// A capacity on its way into PHP.
pub struct CapacityObject(ZBox<ZendObject>);

impl CapacityObject {
    pub(super) fn of(capacity: &HostCapacity) -> Result<Self, Failure> {
        Ok(Self(ObjectWriter::new().object_of::<CapacityClass>(capacity)?))
    }
}

impl IntoZval for CapacityObject {
    const TYPE: DataType = DataType::Object(Str::new(CapacityClass::NAME));
    const NULLABLE: bool = false;

    fn set_zval(self, zval: &mut Zval, persistent: bool) -> Result<(), Error> {
        self.0.set_zval(zval, persistent)
    }
}

/// A capacity on its way out of PHP.
pub struct CapacityArgument(pub(super) HostCapacity);

impl FromZval<'_> for CapacityArgument {
    const TYPE: DataType = DataType::Object(Str::new(CapacityClass::NAME));

    fn from_zval(zval: &Zval) -> Option<Self> {
        let slots = slots_of::<CapacityClass>(zval.dereference().object()?).ok()?;
        let bytes = |index: usize| slots[index].long().and_then(|bytes| u64::try_from(bytes).ok());
        Some(Self(HostCapacity {
            cpu_limit_cores: slots[0].double()?,
            cpu_used_cores: slots[1].double(),
            memory_limit_bytes: bytes(2)?,
            memory_used_bytes: bytes(3)?,
        }))
    }
}

/// Reads what the host, and every container around the manager, has and uses.
///
/// No reading waits: CPU use is the difference to the reading before, so the first reading has none.
#[php_class]
#[php(name = "QueueAutoscale\\HostMonitor")]
#[php(flags = ClassFlags::Final)]
pub struct HostMonitor {
    monitor: crate::host::HostMonitor,
}

#[php_impl]
impl HostMonitor {
    /// Where the host and a container around it have limits of their own, the configuration's shares decide which of them
    /// is the tightest.
    pub fn __construct(configuration: Option<&Configuration>) -> Self {
        let limits = configuration.map(|configuration| configuration.limits()).unwrap_or_default();
        Self { monitor: crate::host::HostMonitor::for_limits(limits) }
    }

    /// The capacity now.
    ///
    /// @throws \QueueAutoscale\Exception\HostException where a limit cannot be read
    pub fn read(&mut self) -> PhpResult<CapacityObject> {
        guarded(|| CapacityObject::of(&self.monitor.read()?))
    }
}
