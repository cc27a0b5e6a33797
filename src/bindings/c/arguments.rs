//! Arguments that come as a JSON object.

use super::input;
use super::status::Failure;
use serde_json::{Map, Value};
use std::cell::RefCell;

/// Named arguments, each to be asked for once.
pub(super) struct Arguments {
    values: RefCell<Map<String, Value>>,
}

impl Arguments {
    /// Reads `{"name": number, …}`.
    pub(super) fn read(json: &str) -> Result<Self, Failure> {
        Ok(Self { values: RefCell::new(input::json("arguments", json)?) })
    }

    /// A number. Languages whose JSON has no "NaN" and "inf" give them as texts, so that they can be refused by name.
    pub(super) fn number(&self, name: &'static str) -> Result<f64, Failure> {
        let value = self.values.borrow_mut().remove(name).unwrap_or_default();
        let number = match &value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        number.ok_or_else(|| Failure::argument(name, format!("{value} where a number was expected")))
    }

    /// A whole number of at least 0.
    pub(super) fn count(&self, name: &'static str) -> Result<u64, Failure> {
        let value = self.values.borrow_mut().remove(name).unwrap_or_default();
        value
            .as_u64()
            .ok_or_else(|| Failure::argument(name, format!("{value} where a whole number of at least 0 was expected")))
    }

    /// Whether the argument is absent or null.
    pub(super) fn lacks(&self, name: &str) -> bool {
        self.values.borrow().get(name).is_none_or(Value::is_null)
    }

    /// A whole number.
    pub(super) fn whole(&self, name: &'static str) -> Result<i64, Failure> {
        let value = self.values.borrow_mut().remove(name).unwrap_or_default();
        value.as_i64().ok_or_else(|| Failure::argument(name, format!("{value} where a whole number was expected")))
    }

    /// Refuses what nobody has asked for.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self.values.into_inner().into_iter().find(|(_, value)| !value.is_null()) {
            Some((name, _)) => Err(Failure::argument("arguments", format!("\"{name}\" is none of them"))),
            None => Ok(()),
        }
    }
}
