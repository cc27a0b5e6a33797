//! Reads Rust types from PHP values, without JSON in between.

use super::zval_entries::{Entries, Key, followed, is_list, type_of};
use ext_php_rs::ffi::{IS_ARRAY, IS_DOUBLE, IS_FALSE, IS_LONG, IS_NULL, IS_STRING, IS_TRUE, IS_UNDEF};
use ext_php_rs::types::{ZendHashTable, Zval};
use serde::de::value::{BorrowedBytesDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A PHP value that serde reads.
#[derive(Clone, Copy)]
pub(super) struct ZvalReader<'zval>(&'zval Zval);

impl<'zval> ZvalReader<'zval> {
    pub(super) fn new(zval: &'zval Zval) -> Self {
        Self(followed(zval))
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
        match type_of(self.0) {
            IS_UNDEF | IS_NULL => visitor.visit_unit(),
            IS_FALSE => visitor.visit_bool(false),
            IS_TRUE => visitor.visit_bool(true),
            IS_LONG => visitor.visit_i64(self.0.long().unwrap_or_default()),
            IS_DOUBLE => visitor.visit_f64(self.0.double().unwrap_or_default()),
            IS_STRING => {
                let bytes = self.0.zend_str().map_or(&[][..], |text| text.as_bytes());
                match std::str::from_utf8(bytes) {
                    Ok(text) => visitor.visit_borrowed_str(text),
                    Err(_) => visitor.visit_borrowed_bytes(bytes),
                }
            }
            IS_ARRAY => match self.0.array() {
                Some(array) if is_list(array) => visitor.visit_seq(ArrayReader::new(array)),
                Some(array) => visitor.visit_map(ArrayReader::new(array)),
                None => visitor.visit_unit(),
            },
            _ => Err(ReadError::custom(describe(self.0))),
        }
    }

    fn deserialize_option<V: Visitor<'zval>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if type_of(self.0) == IS_NULL { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_f64<V: Visitor<'zval>>(self, visitor: V) -> Result<V::Value, ReadError> {
        // A whole number stands for a fraction as well.
        if type_of(self.0) == IS_LONG {
            visitor.visit_f64(self.0.long().unwrap_or_default() as f64)
        } else {
            self.deserialize_any(visitor)
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
    entries: Entries<'zval>,
    value: Option<&'zval Zval>,
}

impl<'zval> ArrayReader<'zval> {
    fn new(array: &'zval ZendHashTable) -> Self {
        Self { entries: Entries::of(array), value: None }
    }
}

impl<'zval> MapAccess<'zval> for ArrayReader<'zval> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'zval>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        let Some((key, value)) = self.entries.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        match key {
            Key::Index(index) => seed.deserialize(StringDeserializer::new(index.to_string())).map(Some),
            // As bytes: whoever looks for names compares them, and the rest need not be checked for UTF-8.
            Key::Name(name) => seed.deserialize(BorrowedBytesDeserializer::new(name.as_bytes())).map(Some),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'zval>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        match self.value.take() {
            Some(value) => seed.deserialize(ZvalReader(value)),
            None => Err(ReadError::custom("a value was asked for before its name")),
        }
    }
}

impl<'zval> SeqAccess<'zval> for ArrayReader<'zval> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'zval>>(&mut self, seed: T) -> Result<Option<T::Value>, ReadError> {
        self.entries.next().map(|(_, value)| seed.deserialize(ZvalReader(value))).transpose()
    }
}
