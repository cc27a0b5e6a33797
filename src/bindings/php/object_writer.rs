//! From values with columns to objects with properties.

use super::exceptions::Failure;
use super::pool_strings::PoolString;
use super::value_class::{Slots, ValueClass};
use super::zval_writer::to_zval;
use crate::bindings::shapes::{Columns, ValueWriter};
use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi::{IS_DOUBLE, IS_LONG};
use ext_php_rs::types::{ZendEmptyArray, ZendObject, Zval};
use serde::Serialize;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Makes the objects of one answer.
pub(super) struct ObjectWriter<'a> {
    shared: Shared<'a>,
}

/// What many objects have in common becomes a PHP value once, which they share.
struct Shared<'a> {
    /// Few, so they are searched one by one.
    texts: Vec<(&'a str, Zval)>,
    /// By their place in memory, where each stays as long as what it belongs to is borrowed.
    lists: HashMap<usize, Zval>,
}

impl<'a> ObjectWriter<'a> {
    pub(super) fn new() -> Self {
        Self { shared: Shared { texts: Vec::new(), lists: HashMap::new() } }
    }

    /// The object of `T` that shows `value`.
    pub(super) fn object_of<T: ValueClass>(&mut self, value: &'a T::Value) -> Result<ZBox<ZendObject>, Failure> {
        let mut object = ZendObject::new(T::entry()?);
        self.fill::<T>(&mut object, value)?;
        Ok(object)
    }

    /// The object of `T` that shows `value`, which is one pool's; a text that is the pool's own name is not made again.
    pub(super) fn object_of_pool<T: ValueClass>(
        &mut self,
        value: &'a T::Value,
        strings: &PoolString,
    ) -> Result<ZBox<ZendObject>, Failure> {
        let mut object = ZendObject::new(T::entry()?);
        let slots = Slots::of::<T>(&mut object);
        value.write(&mut SlotWriter { slots, shared: &mut self.shared, strings: Some(strings) })?;
        Ok(object)
    }

    /// Lets an object of `T`, whose slots are all undefined yet, show `value`.
    pub(super) fn fill<T: ValueClass>(&mut self, object: &mut ZendObject, value: &'a T::Value) -> Result<(), Failure> {
        value.write(&mut SlotWriter { slots: Slots::of::<T>(object), shared: &mut self.shared, strings: None })
    }
}

struct SlotWriter<'object, 'a> {
    slots: Slots<'object>,
    shared: &'object mut Shared<'a>,
    strings: Option<&'object PoolString>,
}

impl<'a> ValueWriter<'a> for SlotWriter<'_, 'a> {
    type Error = Failure;

    fn int(&mut self, number: impl TryInto<i64>) -> Result<(), Failure> {
        let mut value = Zval::new();
        value.u1.type_info = IS_LONG;
        value.value.lval = number.try_into().unwrap_or(i64::MAX);
        Ok(self.slots.push(value)?)
    }

    fn float(&mut self, number: f64) -> Result<(), Failure> {
        let mut value = Zval::new();
        value.u1.type_info = IS_DOUBLE;
        value.value.dval = number;
        Ok(self.slots.push(value)?)
    }

    fn optional_float(&mut self, number: Option<f64>) -> Result<(), Failure> {
        match number {
            Some(number) => self.float(number),
            None => Ok(self.slots.push(Zval::null())?),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Failure> {
        let known = self.strings.and_then(|strings| strings.of_same(text));
        Ok(self.slots.push(known.map_or_else(|| text.into_zval(false), Ok)?)?)
    }

    fn repeated(&mut self, text: &'a str) -> Result<(), Failure> {
        if let Some((_, string)) = self.shared.texts.iter().find(|(known, _)| *known == text) {
            return Ok(self.slots.push(string.shallow_clone())?);
        }
        let string = text.into_zval(false)?;
        self.shared.texts.push((text, string.shallow_clone()));
        Ok(self.slots.push(string)?)
    }

    fn flag(&mut self, flag: bool) -> Result<(), Failure> {
        Ok(self.slots.push(flag.into_zval(false)?)?)
    }

    fn list<T: Serialize>(&mut self, list: &'a [T]) -> Result<(), Failure> {
        // PHP has one empty array for all.
        if list.is_empty() {
            return Ok(self.slots.push(ZendEmptyArray.into_zval(false)?)?);
        }
        let value = match self.shared.lists.entry(list.as_ptr().addr()) {
            Entry::Occupied(known) => known.get().shallow_clone(),
            Entry::Vacant(place) => place.insert(to_zval(list)?).shallow_clone(),
        };
        Ok(self.slots.push(value)?)
    }
}
