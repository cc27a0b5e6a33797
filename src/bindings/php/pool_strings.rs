//! PHP's strings of the pools' names.

use super::exceptions::Failure;
use crate::config::PoolId;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendStr, Zval};
use std::sync::Arc;

/// Keeps the strings of one turn's pools for the next turns, in which they are nearly always the same at the same places:
/// nothing is copied then, and PHP has hashed the keys already.
#[derive(Default)]
pub(super) struct PoolStrings(Vec<PoolString>);

/// The strings of one pool.
pub(super) struct PoolString {
    pool: PoolId,
    key: Zval,
    queues: Zval,
}

impl PoolStrings {
    /// The strings of `pool`, which is at `place` among its turn's pools; those at lower places must have been asked for.
    pub(super) fn of(&mut self, place: usize, pool: &PoolId) -> Result<&PoolString, Failure> {
        let is_known = self.0.get(place).is_some_and(|known| {
            Arc::ptr_eq(&known.pool.queues, &pool.queues) && Arc::ptr_eq(&known.pool.connection, &pool.connection)
        });
        if !is_known {
            let made = PoolString::new(pool)?;
            match self.0.get_mut(place) {
                Some(other) => *other = made,
                None => self.0.push(made),
            }
        }
        self.0.get(place).ok_or_else(|| Failure::Engine("strings of pools are made out of order".to_owned()))
    }
}

impl PoolString {
    fn new(pool: &PoolId) -> Result<Self, Failure> {
        let (key, queues) = (pool.to_string().into_zval(false)?, pool.queues.as_ref().into_zval(false)?);
        Ok(Self { pool: pool.clone(), key, queues })
    }

    /// "connection:queues".
    pub(super) fn key(&self) -> Result<&ZendStr, Failure> {
        self.key.zend_str().ok_or_else(|| Failure::Engine("a pool's key is no string".to_owned()))
    }

    /// The string of `text`, if that is where the pool's queues are written.
    pub(super) fn of_same(&self, text: &str) -> Option<Zval> {
        std::ptr::eq(text, &*self.pool.queues).then(|| self.queues.shallow_clone())
    }
}
