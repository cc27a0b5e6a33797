//! Read-only value objects with real, typed PHP properties: they can be compared, dumped, cloned and serialised like any
//! object written in PHP.

use super::class_slot::{PhpClass, register};
use super::exceptions::Failure;
use super::zval_reader::describe;
use ext_php_rs::boxed::ZBox;
use ext_php_rs::builders::ClassBuilder;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::error::Error;
use ext_php_rs::ffi::{_zend_string as ZendString, IS_DOUBLE, IS_LONG, zend_type};
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

/// The type of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `int`
    Int,
    /// `float`
    Float,
    /// `?float`
    OptionalFloat,
    /// `string`
    Text,
    /// `bool`
    Flag,
    /// `array`, private: PHP cannot say what is in it, a method can.
    List,
}

impl Kind {
    fn mask(self) -> u32 {
        match self {
            Self::Int => MAY_BE_LONG,
            Self::Float => MAY_BE_DOUBLE,
            Self::OptionalFloat => MAY_BE_DOUBLE | MAY_BE_NULL,
            Self::Text => MAY_BE_STRING,
            Self::Flag => MAY_BE_BOOL,
            Self::List => MAY_BE_ARRAY,
        }
    }

    fn access(self) -> c_int {
        ZEND_ACC_READONLY | if self == Self::List { ZEND_ACC_PRIVATE } else { ZEND_ACC_PUBLIC }
    }

    fn expectation(self) -> &'static str {
        match self {
            Self::Int => "a whole number",
            Self::Float => "a number",
            Self::OptionalFloat => "a number or null",
            Self::Text => "a string",
            Self::Flag => "true or false",
            Self::List => "a list",
        }
    }

    /// The value as this kind, whole numbers for fractions too; `None` where it is of another kind.
    fn take(self, value: &Zval) -> Option<Zval> {
        let value = value.dereference();
        match (self, value.get_type()) {
            (Self::Int, DataType::Long)
            | (Self::Float | Self::OptionalFloat, DataType::Double)
            | (Self::OptionalFloat, DataType::Null)
            | (Self::Text, DataType::String)
            | (Self::Flag, DataType::False | DataType::True)
            | (Self::List, DataType::Array) => Some(value.shallow_clone()),
            (Self::Float | Self::OptionalFloat, DataType::Long) => {
                (value.long().unwrap_or_default() as f64).into_zval(false).ok()
            }
            _ => None,
        }
    }
}

/// A property, and its key in the object's array form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Property {
    pub(super) name: &'static str,
    pub(super) key: &'static str,
    pub(super) kind: Kind,
    pub(super) documentation: &'static str,
}

impl Property {
    pub(super) const fn new(name: &'static str, key: &'static str, kind: Kind, documentation: &'static str) -> Self {
        Self { name, key, kind, documentation }
    }
}

/// A final class that consists of read-only properties.
pub(super) trait ValueClass: PhpClass {
    /// In the order of their slots.
    const PROPERTIES: &'static [Property];
}

/// Registers `class` as `T`, with T's properties.
pub(super) fn register_value_class<T: ValueClass>(class: ClassBuilder) -> Result<(), Error> {
    register::<T>(class.flags(ClassFlags::Final))?;
    let entry = ptr::from_ref(T::entry()?).cast_mut();
    for property in T::PROPERTIES {
        let documentation = format!("/** {} */", property.documentation);
        let mut unset = Zval::new();
        unset.u1.type_info = 0;
        // SAFETY: in module start-up, with an entry that has just been registered and strings that are interned for
        // good; "undefined" is what PHP wants as the default of a typed property that has none.
        unsafe {
            zend_declare_typed_property(
                entry,
                ZendStr::new_interned(property.name, true).into_raw(),
                &raw mut unset,
                property.kind.access(),
                ZendStr::new_interned(documentation, true).into_raw(),
                zend_type { ptr: ptr::null_mut(), type_mask: property.kind.mask() },
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
    pub(super) fn int(&mut self, number: impl TryInto<i64>) -> Result<(), Error> {
        let mut value = Zval::new();
        value.u1.type_info = IS_LONG;
        // What PHP cannot count it shows as the most that it can.
        value.value.lval = number.try_into().unwrap_or(i64::MAX);
        self.zval(value)
    }

    pub(super) fn float(&mut self, number: f64) -> Result<(), Error> {
        let mut value = Zval::new();
        value.u1.type_info = IS_DOUBLE;
        value.value.dval = number;
        self.zval(value)
    }

    pub(super) fn optional_float(&mut self, number: Option<f64>) -> Result<(), Error> {
        match number {
            Some(number) => self.float(number),
            None => self.zval(Zval::null()),
        }
    }

    pub(super) fn text(&mut self, text: &str) -> Result<(), Error> {
        self.zval(text.into_zval(false)?)
    }

    pub(super) fn flag(&mut self, flag: bool) -> Result<(), Error> {
        self.zval(flag.into_zval(false)?)
    }

    /// Fills the next slot with a value that is PHP's already.
    pub(super) fn zval(&mut self, value: Zval) -> Result<(), Error> {
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

/// A new object of `T`.
pub(super) fn new_object<T: ValueClass>(
    fill: impl FnOnce(&mut Slots<'_>) -> Result<(), Error>,
) -> Result<ZBox<ZendObject>, Error> {
    let mut object = ZendObject::new(T::entry()?);
    initialise::<T>(&mut object, fill)?;
    Ok(object)
}

/// Fills an object of `T` whose slots are all undefined yet.
pub(super) fn initialise<T: ValueClass>(
    object: &mut ZendObject,
    fill: impl FnOnce(&mut Slots<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut slots = Slots { object, filled: 0, all: T::PROPERTIES.len() };
    fill(&mut slots)
}

/// The values of an object of `T`; an error for an object of another class, or one that was never initialised.
pub(super) fn slots_of<T: ValueClass>(object: &ZendObject) -> Result<&[Zval], Failure> {
    if !ptr::eq(object.get_class_entry(), T::entry()?) {
        return Err(Failure::Argument(format!("an object of {} was expected", T::NAME)));
    }
    // SAFETY: the class is final, so the object has exactly the class's slots.
    let slots = unsafe { std::slice::from_raw_parts(object.properties_table.as_ptr(), T::PROPERTIES.len()) };
    if slots.iter().any(|slot| slot.get_type() == DataType::Undef) {
        return Err(Failure::Argument(format!("an object of {} without its values", T::NAME)));
    }
    Ok(slots)
}

/// The object as an array.
pub(super) fn to_array<T: ValueClass>(object: &ZendObject) -> Result<Zval, Failure> {
    let mut array = ZendHashTable::with_capacity(T::PROPERTIES.len() as u32);
    for (property, value) in T::PROPERTIES.iter().zip(slots_of::<T>(object)?) {
        array.insert(property.key, value.shallow_clone())?;
    }
    Ok(array.into_zval(false)?)
}

/// The object that [`to_array`] turned into `array`.
pub(super) fn from_array<T: ValueClass>(array: &ZendHashTable) -> Result<ZBox<ZendObject>, Failure> {
    let mut values = Vec::with_capacity(T::PROPERTIES.len());
    for property in T::PROPERTIES {
        let taken = array.get(property.key).and_then(|value| property.kind.take(value));
        values.push(taken.ok_or_else(|| {
            let found = array.get(property.key).map_or_else(|| "nothing".to_owned(), shown);
            Failure::Argument(format!("{}: {found} where {} was expected", property.key, property.kind.expectation()))
        })?);
    }
    Ok(new_object::<T>(|slots| values.into_iter().try_for_each(|value| slots.zval(value)))?)
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
