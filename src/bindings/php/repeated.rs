//! Strings that many objects of one answer have in common.

use super::exceptions::Failure;
use super::zval_writer::to_zval;
use ext_php_rs::types::Zval;
use serde::Serialize;

/// Makes a PHP string of each key once; every further use shares it. For few keys: they are searched one by one.
pub(super) struct Repeated<Key>(Vec<(Key, Zval)>);

impl<Key: PartialEq + Serialize + Copy> Repeated<Key> {
    pub(super) const fn none() -> Self {
        Self(Vec::new())
    }

    /// The string of `key`.
    pub(super) fn string_of(&mut self, key: Key) -> Result<Zval, Failure> {
        if let Some((_, string)) = self.0.iter().find(|(known, _)| *known == key) {
            return Ok(string.shallow_clone());
        }
        let string = to_zval(&key)?;
        self.0.push((key, string.shallow_clone()));
        Ok(string)
    }
}
