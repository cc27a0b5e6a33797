//! Many things of one kind, with the names of their columns said once.

use serde::ser::{Serialize, SerializeStruct, Serializer};

/// What a table has columns for.
pub(in crate::bindings) trait Columns {
    /// Their names, in the order of the values.
    const NAMES: &'static [&'static str];

    /// The values as a list.
    fn serialize_values<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// `{"columns": [names], "rows": [[values], …]}`. Where objects would repeat each name in each row, this is half the text,
/// and for readers that make a map of each object, less than half the work.
#[derive(Debug)]
pub(in crate::bindings) struct Table<Things>(pub(in crate::bindings) Things);

impl<'a, T: Columns + 'a, Things: Iterator<Item = &'a T> + Clone> Serialize for Table<Things> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut table = serializer.serialize_struct("Table", 2)?;
        table.serialize_field("columns", T::NAMES)?;
        table.serialize_field("rows", &Rows(self.0.clone()))?;
        table.end()
    }
}

struct Rows<Things>(Things);

impl<'a, T: Columns + 'a, Things: Iterator<Item = &'a T> + Clone> Serialize for Rows<Things> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone().map(Values))
    }
}

struct Values<'a, T>(&'a T);

impl<T: Columns> Serialize for Values<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_values(serializer)
    }
}

/// Implements [`Columns`] for a type: each column's name and, of `$thing`, its value.
macro_rules! columns {
    ($type:ty, $thing:ident => { $($name:ident: $value:expr),+ $(,)? }) => {
        impl $crate::bindings::shapes::table::Columns for $type {
            const NAMES: &'static [&'static str] = &[$(stringify!($name)),+];

            fn serialize_values<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeSeq;
                let $thing = self;
                let mut values = serializer.serialize_seq(Some(Self::NAMES.len()))?;
                $(values.serialize_element(&$value)?;)+
                values.end()
            }
        }
    };
}
pub(super) use columns;
