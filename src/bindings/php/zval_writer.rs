//! Writes Rust types as PHP values, without JSON in between.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::error::Error;
use ext_php_rs::types::{ZendHashTable, Zval};
use serde::ser::{self, Serialize, Serializer};
use std::fmt;

/// `value` as PHP sees it: structs and maps are arrays with names, variants without fields are strings.
pub(super) fn to_zval<T: Serialize + ?Sized>(value: &T) -> Result<Zval, WriteError> {
    value.serialize(ZvalWriter)
}

/// Why a value has no form in PHP.
#[derive(Debug)]
pub(super) struct WriteError(String);

impl fmt::Display for WriteError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for WriteError {}

impl ser::Error for WriteError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl From<Error> for WriteError {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

struct ZvalWriter;

/// Collects an array; serde hands over keys and values one by one.
struct ArrayWriter {
    array: ZBox<ZendHashTable>,
    key: Option<String>,
    /// The variant that the array belongs to; it is then the only entry of an array around it.
    variant: Option<&'static str>,
}

impl ArrayWriter {
    fn with_capacity(entries: Option<usize>, variant: Option<&'static str>) -> Self {
        let entries = u32::try_from(entries.unwrap_or_default()).unwrap_or_default();
        Self { array: ZendHashTable::with_capacity(entries), key: None, variant }
    }

    fn named<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), WriteError> {
        Ok(self.array.insert(key, to_zval(value)?)?)
    }

    fn next<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        Ok(self.array.push(to_zval(value)?)?)
    }

    fn finish(self) -> Result<Zval, WriteError> {
        let Some(variant) = self.variant else {
            return Ok(self.array.into_zval(false)?);
        };
        let mut around = ZendHashTable::with_capacity(1);
        around.insert(variant, self.array.into_zval(false)?)?;
        Ok(around.into_zval(false)?)
    }
}

/// Numbers beyond PHP's integers become fractions, as PHP itself does it.
fn whole_number(number: u64) -> Result<Zval, WriteError> {
    match i64::try_from(number) {
        Ok(number) => Ok(number.into_zval(false)?),
        Err(_) => Ok((number as f64).into_zval(false)?),
    }
}

impl Serializer for ZvalWriter {
    type Ok = Zval;
    type Error = WriteError;
    type SerializeSeq = ArrayWriter;
    type SerializeTuple = ArrayWriter;
    type SerializeTupleStruct = ArrayWriter;
    type SerializeTupleVariant = ArrayWriter;
    type SerializeMap = ArrayWriter;
    type SerializeStruct = ArrayWriter;
    type SerializeStructVariant = ArrayWriter;

    fn serialize_bool(self, value: bool) -> Result<Zval, WriteError> {
        Ok(value.into_zval(false)?)
    }

    fn serialize_i8(self, value: i8) -> Result<Zval, WriteError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<Zval, WriteError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<Zval, WriteError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<Zval, WriteError> {
        Ok(value.into_zval(false)?)
    }

    fn serialize_u8(self, value: u8) -> Result<Zval, WriteError> {
        self.serialize_i64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<Zval, WriteError> {
        self.serialize_i64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<Zval, WriteError> {
        self.serialize_i64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<Zval, WriteError> {
        whole_number(value)
    }

    fn serialize_f32(self, value: f32) -> Result<Zval, WriteError> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<Zval, WriteError> {
        Ok(value.into_zval(false)?)
    }

    fn serialize_char(self, value: char) -> Result<Zval, WriteError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Zval, WriteError> {
        Ok(value.into_zval(false)?)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Zval, WriteError> {
        self.serialize_str(&String::from_utf8_lossy(value))
    }

    fn serialize_none(self) -> Result<Zval, WriteError> {
        Ok(Zval::null())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Zval, WriteError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Zval, WriteError> {
        Ok(Zval::null())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Zval, WriteError> {
        Ok(Zval::null())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Zval, WriteError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Zval, WriteError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Zval, WriteError> {
        let mut array = ArrayWriter::with_capacity(Some(1), None);
        array.named(variant, value)?;
        array.finish()
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<ArrayWriter, WriteError> {
        Ok(ArrayWriter::with_capacity(length, None))
    }

    fn serialize_tuple(self, length: usize) -> Result<ArrayWriter, WriteError> {
        Ok(ArrayWriter::with_capacity(Some(length), None))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<ArrayWriter, WriteError> {
        Ok(ArrayWriter::with_capacity(Some(length), None))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<ArrayWriter, WriteError> {
        Ok(ArrayWriter::with_capacity(Some(length), Some(variant)))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<ArrayWriter, WriteError> {
        Ok(ArrayWriter::with_capacity(length, None))
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<ArrayWriter, WriteError> {
        Ok(ArrayWriter::with_capacity(Some(length), None))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<ArrayWriter, WriteError> {
        Ok(ArrayWriter::with_capacity(Some(length), Some(variant)))
    }
}

/// Serde knows four kinds of lists and two of records, which are one to PHP.
macro_rules! lists {
    ($($kind:ident::$add:ident),+) => {$(
        impl ser::$kind for ArrayWriter {
            type Ok = Zval;
            type Error = WriteError;

            fn $add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
                self.next(value)
            }

            fn end(self) -> Result<Zval, WriteError> {
                self.finish()
            }
        }
    )+};
}

macro_rules! records {
    ($($kind:ident),+) => {$(
        impl ser::$kind for ArrayWriter {
            type Ok = Zval;
            type Error = WriteError;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), WriteError> {
                self.named(key, value)
            }

            fn end(self) -> Result<Zval, WriteError> {
                self.finish()
            }
        }
    )+};
}

lists!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);
records!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for ArrayWriter {
    type Ok = Zval;
    type Error = WriteError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), WriteError> {
        let key = to_zval(key)?;
        self.key = Some(key.coerce_to_string().ok_or_else(|| WriteError("an array's key must be a text".to_owned()))?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        let key = self.key.take().unwrap_or_default();
        self.named(&key, value)
    }

    fn end(self) -> Result<Zval, WriteError> {
        self.finish()
    }
}
