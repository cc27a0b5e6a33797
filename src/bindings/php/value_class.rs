//! Read-only value objects with real, typed PHP properties: they can be compared, dumped, cloned and serialised like any
//! object written in PHP.

use super::class_slot::{PhpClass, register};
use super::exceptions::Failure;
use super::zval_reader::describe;
use crate::bindings::shapes::{Column, Columns, Kind};
use ext_php_rs::boxed::ZBox;
use ext_php_rs::builders::ClassBuilder;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::error::Error;
use ext_php_rs::ffi::{_zend_string as ZendString, zend_type};
use ext_php_rs::flags::{ClassFlags, DataType};
use ext_php_rs::types::{ZendHashTable, ZendObject, ZendStr, Zval};
use ext_php_rs::zend::ClassEntry;
use std::ffi::{c_int, c_void};
use std::ptr;

// Numbers of Zend/zend_types.h and Zend/zend_compile.h that ext-php-rs does not pass on.
const ZEND_ACC_PUBLIC: c_int = 1 << 0;
const ZEND_ACC_PRIVATE: c_int = 1 << 2;
const ZEND_ACC_READONLY: c_int = 1 << 7;
const MAY_BE_NULL: u32 = 1 << 1;
const MAY_BE_BOOL: u32 = (1 << 2) | (1 << 3);
const MAY_BE_LONG: u32 = 1 << 4;
const MAY_BE_DOUBLE: u32 = 1 << 5;
const MAY_BE_STRING: u32 = 1 << 6;
const MAY_BE_ARRAY: u32 = 1 << 7;

unsafe extern "C" {
    fn zend_declare_typed_property(
        class: *mut ClassEntry,
        name: *mut ZendString,
        default: *mut Zval,
        access: c_int,
        documentation: *mut ZendString,
        property_type: zend_type,
    ) -> *mut c_void;
}

/// Of a property's type.
const fn mask(kind: Kind) -> u32 {
    match kind {
        Kind::Int => MAY_BE_LONG,
        Kind::Float => MAY_BE_DOUBLE,
        Kind::OptionalFloat => MAY_BE_DOUBLE | MAY_BE_NULL,
        Kind::Text => MAY_BE_STRING,
        Kind::Flag => MAY_BE_BOOL,
        Kind::List => MAY_BE_ARRAY,
    }
}

/// PHP cannot say what is in an array, a method can: lists are private.
fn access(kind: Kind) -> c_int {
    ZEND_ACC_READONLY | if kind == Kind::List { ZEND_ACC_PRIVATE } else { ZEND_ACC_PUBLIC }
}

fn expectation(kind: Kind) -> &'static str {
    match kind {
        Kind::Int => "a whole number",
        Kind::Float => "a number",
        Kind::OptionalFloat => "a number or null",
        Kind::Text => "a string",
        Kind::Flag => "true or false",
        Kind::List => "a list",
    }
}

/// The value as this kind, whole numbers for fractions too; `None` where it is of another kind.
fn take(kind: Kind, value: &Zval) -> Option<Zval> {
    let value = value.dereference();
    match (kind, value.get_type()) {
        (Kind::Int, DataType::Long)
        | (Kind::Float | Kind::OptionalFloat, DataType::Double)
        | (Kind::OptionalFloat, DataType::Null)
        | (Kind::Text, DataType::String)
        | (Kind::Flag, DataType::False | DataType::True)
        | (Kind::List, DataType::Array) => Some(value.shallow_clone()),
        (Kind::Float | Kind::OptionalFloat, DataType::Long) => {
            (value.long().unwrap_or_default() as f64).into_zval(false).ok()
        }
        _ => None,
    }
}

/// "turn_seconds" as PHP writes it: "turnSeconds".
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (initial, rest) = word.split_at(1);
        name + &initial.to_ascii_uppercase() + rest
    })
}

/// A final class that consists of read-only properties: the columns of a value, in the order of their slots.
pub(super) trait ValueClass: PhpClass {
    /// What an object shows.
    type Value: Columns;

    /// What there is a property for.
    const COLUMNS: &'static [Column] = Self::Value::COLUMNS;
}

/// Registers `class` as `T`, with T's properties.
pub(super) fn register_value_class<T: ValueClass>(class: ClassBuilder) -> Result<(), Error> {
    register::<T>(class.flags(ClassFlags::Final))?;
    let entry = ptr::from_ref(T::entry()?).cast_mut();
    for column in T::COLUMNS {
        let documentation = format!("/** {} */", column.documentation.trim());
        let mut unset = Zval::new();
        unset.u1.type_info = 0;
        // SAFETY: in module start-up, with an entry that has just been registered and strings that are interned for
        // good; "undefined" is what PHP wants as the default of a typed property that has none.
        unsafe {
            zend_declare_typed_property(
                entry,
                ZendStr::new_interned(camel_case(column.name), true).into_raw(),
                &raw mut unset,
                access(column.kind),
                ZendStr::new_interned(documentation, true).into_raw(),
                zend_type { ptr: ptr::null_mut(), type_mask: mask(column.kind) },
            );
        }
    }
    Ok(())
}

/// The slots of a new object, to be filled from the first to the last, each with a value of its property's kind.
pub(super) struct Slots<'object> {
    object: &'object mut ZendObject,
    filled: usize,
    all: usize,
}

impl Slots<'_> {
    /// Those of an object of `T`, which are all undefined yet.
    pub(super) fn of<T: ValueClass>(object: &mut ZendObject) -> Slots<'_> {
        Slots { object, filled: 0, all: T::COLUMNS.len() }
    }

    /// Fills the next one.
    pub(super) fn push(&mut self, value: Zval) -> Result<(), Error> {
        if self.filled >= self.all {
            return Err(Error::InvalidPointer);
        }
        // SAFETY: the object has as many slots as its class has properties, and this one is below their number. It is
        // still undefined, so nothing needs to be released.
        unsafe { ptr::write(self.object.properties_table.as_mut_ptr().add(self.filled), value) };
        self.filled += 1;
        Ok(())
    }
}

/// A new object of `T` with these values.
pub(super) fn object_with<T: ValueClass>(values: impl IntoIterator<Item = Zval>) -> Result<ZBox<ZendObject>, Error> {
    let mut object = ZendObject::new(T::entry()?);
    let mut slots = Slots::of::<T>(&mut object);
    values.into_iter().try_for_each(|value| slots.push(value))?;
    Ok(object)
}

/// The values of an object of `T`; an error for an object of another class, or one that was never initialised.
pub(super) fn slots_of<T: ValueClass>(object: &ZendObject) -> Result<&[Zval], Failure> {
    if !ptr::eq(object.get_class_entry(), T::entry()?) {
        return Err(Failure::Argument(format!("an object of {} was expected", T::NAME)));
    }
    // SAFETY: the class is final, so the object has exactly the class's slots.
    let slots = unsafe { std::slice::from_raw_parts(object.properties_table.as_ptr(), T::COLUMNS.len()) };
    if slots.iter().any(|slot| slot.get_type() == DataType::Undef) {
        return Err(Failure::Argument(format!("an object of {} without its values", T::NAME)));
    }
    Ok(slots)
}

/// The object as an array.
pub(super) fn to_array<T: ValueClass>(object: &ZendObject) -> Result<Zval, Failure> {
    let mut array = ZendHashTable::with_capacity(T::COLUMNS.len() as u32);
    for (column, value) in T::COLUMNS.iter().zip(slots_of::<T>(object)?) {
        array.insert(column.name, value.shallow_clone())?;
    }
    Ok(array.into_zval(false)?)
}

/// The object that [`to_array`] turned into `array`.
pub(super) fn from_array<T: ValueClass>(array: &ZendHashTable) -> Result<ZBox<ZendObject>, Failure> {
    let mut values = Vec::with_capacity(T::COLUMNS.len());
    for Column { name, kind, .. } in T::COLUMNS {
        let taken = array.get(*name).and_then(|value| take(*kind, value));
        values.push(taken.ok_or_else(|| {
            let found = array.get(*name).map_or_else(|| "nothing".to_owned(), shown);
            Failure::Argument(format!("{name}: {found} where {} was expected", expectation(*kind)))
        })?);
    }
    Ok(object_with::<T>(values)?)
}

/// A value as an error shows it.
pub(super) fn shown(value: &Zval) -> String {
    let value = value.dereference();
    match value.get_type() {
        DataType::Null | DataType::Undef => "null".to_owned(),
        DataType::False => "false".to_owned(),
        DataType::True => "true".to_owned(),
        DataType::Long | DataType::Double => value.coerce_to_string().unwrap_or_default(),
        DataType::String => format!("{:?}", value.coerce_to_string().unwrap_or_default()),
        DataType::Array => "an array".to_owned(),
        _ => describe(value),
    }
}
