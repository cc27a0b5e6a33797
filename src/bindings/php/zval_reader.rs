//! Reads Rust types from PHP values, without JSON in between.

use ext_php_rs::flags::DataType;
use ext_php_rs::types::{ZendHashTable, Zval};
use serde::de::value::{BorrowedStrDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A PHP value that serde reads.
#[derive(Clone, Copy)]
pub(super) struct ZvalReader<'zval>(&'zval Zval);

impl<'zval> ZvalReader<'zval> {
    pub(super) fn new(zval: &'zval Zval) -> Self {
        Self(zval.dereference())
    }
}

/// Why a PHP value is not what was expected.
#[derive(Debug)]
pub(super) struct ReadError(String);

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ReadError {}

impl serde::de::Error for ReadError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl<'zval> Deserializer<'zval> for ZvalReader<'zval> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'zval>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.0.get_type() {
            DataType::Undef | DataType::Null => visitor.visit_unit(),
            DataType::False => visitor.visit_bool(false),
            DataType::True => visitor.visit_bool(true),
            DataType::Long => visitor.visit_i64(self.0.long().unwrap_or_default()),
            DataType::Double => visitor.visit_f64(self.0.double().unwrap_or_default()),
            DataType::String => match (self.0.str(), self.0.zend_str()) {
                (Some(text), _) => visitor.visit_borrowed_str(text),
                (None, Some(bytes)) => visitor.visit_borrowed_bytes(bytes.as_bytes()),
                (None, None) => visitor.visit_unit(),
            },
            DataType::Array => match self.0.array() {
                Some(array) if array.has_sequential_keys() => visitor.visit_seq(ArrayReader::new(array)),
                Some(array) => visitor.visit_map(ArrayReader::new(array)),
                None => visitor.visit_unit(),
            },
            _ => Err(ReadError::custom(describe(self.0))),
        }
    }

    fn deserialize_option<V: Visitor<'zval>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_f64<V: Visitor<'zval>>(self, visitor: V) -> Result<V::Value, ReadError> {
        // A whole number stands for a fraction as well.
        match self.0.long() {
            Some(number) => visitor.visit_f64(number as f64),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'zval>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'zval>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 char str string bytes byte_buf unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier
    }
}

/// What a value that has no place in an array of data is.
pub(super) fn describe(zval: &Zval) -> String {
    match zval.object().map(|object| object.get_class_name()) {
        Some(Ok(class)) => format!("an object of {class} where a plain value was expected"),
        _ => "a value of a strange type where a plain value was expected".to_owned(),
    }
}

/// Walks an array.
struct ArrayReader<'zval> {
    entries: ext_php_rs::types::array::Iter<'zval>,
    value: Option<&'zval Zval>,
}

impl<'zval> ArrayReader<'zval> {
    fn new(array: &'zval ZendHashTable) -> Self {
        Self { entries: array.iter(), value: None }
    }
}

impl<'zval> MapAccess<'zval> for ArrayReader<'zval> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'zval>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        let Some((key, value)) = self.entries.next_zval() else {
            return Ok(None);
        };
        self.value = Some(value);
        match (key.long(), key.str()) {
            (Some(number), _) => seed.deserialize(StringDeserializer::new(number.to_string())).map(Some),
            (None, Some(text)) => seed.deserialize(serde::de::value::StrDeserializer::new(text)).map(Some),
            (None, None) => seed.deserialize(BorrowedStrDeserializer::new("")).map(Some),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'zval>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        match self.value.take() {
            Some(value) => seed.deserialize(ZvalReader::new(value)),
            None => Err(ReadError::custom("a value was asked for before its name")),
        }
    }
}

impl<'zval> SeqAccess<'zval> for ArrayReader<'zval> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'zval>>(&mut self, seed: T) -> Result<Option<T::Value>, ReadError> {
        self.entries.next_zval().map(|(_, value)| seed.deserialize(ZvalReader::new(value))).transpose()
    }
}
