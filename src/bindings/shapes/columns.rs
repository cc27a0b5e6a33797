//! The columns of what goes out: one list of them for every language.

use serde::Serialize;

/// What a column's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bindings) enum Kind {
    /// A whole number.
    Int,
    /// A fraction.
    Float,
    /// A fraction, or nothing.
    OptionalFloat,
    /// A text.
    Text,
    /// Yes or no.
    Flag,
    /// A list of whatever.
    List,
}

/// One value of each thing.
#[derive(Debug)]
#[cfg_attr(not(feature = "extension"), expect(dead_code, reason = "JSON has no place for it but the name"))]
pub(in crate::bindings) struct Column {
    /// Its name as a key of JSON.
    pub(in crate::bindings) name: &'static str,
    pub(in crate::bindings) kind: Kind,
    /// One sentence, as a comment has it.
    pub(in crate::bindings) documentation: &'static str,
}

/// What has columns.
pub(in crate::bindings) trait Columns {
    /// In the order of the values.
    const COLUMNS: &'static [Column];

    /// Writes the values.
    fn write<'a, W: ValueWriter<'a>>(&'a self, writer: &mut W) -> Result<(), W::Error>;
}

/// Takes the values of one thing.
pub(in crate::bindings) trait ValueWriter<'a> {
    type Error;

    /// What a signed integer cannot count is written as the most that it can.
    fn int(&mut self, number: impl TryInto<i64>) -> Result<(), Self::Error>;
    fn float(&mut self, number: f64) -> Result<(), Self::Error>;
    fn optional_float(&mut self, number: Option<f64>) -> Result<(), Self::Error>;
    fn text(&mut self, text: &'a str) -> Result<(), Self::Error>;
    /// A text that many things have in common.
    fn repeated(&mut self, text: &'a str) -> Result<(), Self::Error>;
    fn flag(&mut self, flag: bool) -> Result<(), Self::Error>;
    /// A list; things that have it in common have it at one place in memory.
    fn list<T: Serialize>(&mut self, list: &'a [T]) -> Result<(), Self::Error>;
}

/// Implements [`Columns`]: each column's documentation, name and kind, and its value of `$thing`.
macro_rules! columns {
    ($type:ty, $thing:ident => { $($(#[doc = $documentation:literal])+ $name:ident: $kind:ident = $value:expr,)+ }) => {
        impl $crate::bindings::shapes::columns::Columns for $type {
            const COLUMNS: &'static [$crate::bindings::shapes::columns::Column] = &[$(
                $crate::bindings::shapes::columns::Column {
                    name: stringify!($name),
                    kind: $crate::bindings::shapes::columns::kind!($kind),
                    documentation: concat!($($documentation),+),
                },
            )+];

            fn write<'a, W>(&'a self, writer: &mut W) -> Result<(), W::Error>
            where
                W: $crate::bindings::shapes::columns::ValueWriter<'a>,
            {
                let $thing = self;
                $(writer.$kind($value)?;)+
                Ok(())
            }
        }
    };
}

/// The kind of a value that is written with the method of that name.
macro_rules! kind {
    (int) => {
        $crate::bindings::shapes::columns::Kind::Int
    };
    (float) => {
        $crate::bindings::shapes::columns::Kind::Float
    };
    (optional_float) => {
        $crate::bindings::shapes::columns::Kind::OptionalFloat
    };
    (text) => {
        $crate::bindings::shapes::columns::Kind::Text
    };
    (repeated) => {
        $crate::bindings::shapes::columns::Kind::Text
    };
    (flag) => {
        $crate::bindings::shapes::columns::Kind::Flag
    };
    (list) => {
        $crate::bindings::shapes::columns::Kind::List
    };
}

pub(super) use {columns, kind};
