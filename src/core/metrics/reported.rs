//! Values as they were reported, before anybody has looked whether they make sense.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

const NOT_UTF_8: &str = "a string that is not UTF-8";

/// A value that should be a number. Whatever stands there instead is kept for the error's text, so that reading it
/// never fails before the path is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Reported<'de> {
    /// Absent or null.
    #[default]
    Missing,
    Number(f64),
    Text(Cow<'de, str>),
    /// A kind of value that is neither number nor text.
    Other(&'static str),
}

impl fmt::Display for Reported<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => formatter.write_str("nothing"),
            Self::Number(number) => write!(formatter, "{number}"),
            Self::Text(text) => write!(formatter, "{text:?}"),
            Self::Other(kind) => formatter.write_str(kind),
        }
    }
}

impl<'de: 'row, 'row> Deserialize<'de> for Reported<'row> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReportedVisitor)
    }
}

struct ReportedVisitor;

impl<'de> Visitor<'de> for ReportedVisitor {
    type Value = Reported<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Reported<'de>, E> {
        Ok(Reported::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Reported<'de>, E> {
        Ok(Reported::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Reported<'de>, E> {
        Ok(Reported::Number(number as f64))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Reported<'de>, E> {
        Ok(Reported::Other(if value { "true" } else { "false" }))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Reported<'de>, E> {
        Ok(Reported::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Reported<'de>, E> {
        Ok(Reported::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Reported<'de>, E> {
        Ok(Reported::Other(NOT_UTF_8))
    }

    fn visit_unit<E>(self) -> Result<Reported<'de>, E> {
        Ok(Reported::Missing)
    }

    fn visit_none<E>(self) -> Result<Reported<'de>, E> {
        Ok(Reported::Missing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Reported<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Reported<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Reported::Other("an array"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Reported<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Reported::Other("an array"))
    }
}

/// A part of a row that should be an array with names.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Section<'de, T> {
    /// It is one; PHP's empty array counts as one without any name.
    Given(T),
    /// It is something else.
    Wrong(Reported<'de>),
}

impl<T> Default for Section<'_, T> {
    fn default() -> Self {
        Self::Wrong(Reported::Missing)
    }
}

impl<'de: 'row, 'row, T: Deserialize<'de> + Default> Deserialize<'de> for Section<'row, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SectionVisitor(PhantomData))
    }
}

struct SectionVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for SectionVisitor<T> {
    type Value = Section<'de, T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array with names")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Section<'de, T>, A::Error> {
        T::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(Section::Given)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Section<'de, T>, A::Error> {
        if list.next_element::<IgnoredAny>()?.is_none() {
            return Ok(Section::Given(T::default()));
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Section::Wrong(Reported::Other("a list")))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Section<'de, T>, E> {
        Ok(Section::Wrong(Reported::Number(number)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Section<'de, T>, E> {
        Ok(Section::Wrong(Reported::Number(number as f64)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Section<'de, T>, E> {
        Ok(Section::Wrong(Reported::Number(number as f64)))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Section<'de, T>, E> {
        Ok(Section::Wrong(Reported::Other(if value { "true" } else { "false" })))
    }

    fn visit_str<E>(self, text: &str) -> Result<Section<'de, T>, E> {
        Ok(Section::Wrong(Reported::Text(Cow::Owned(text.to_owned()))))
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Section<'de, T>, E> {
        Ok(Section::Wrong(Reported::Other(NOT_UTF_8)))
    }

    fn visit_unit<E>(self) -> Result<Section<'de, T>, E> {
        Ok(Section::default())
    }

    fn visit_none<E>(self) -> Result<Section<'de, T>, E> {
        Ok(Section::default())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Section<'de, T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}
