//! Many things of one kind as JSON, with the names of their columns said once.

use super::columns::{Columns, ValueWriter};
use super::whole;
use serde::ser::{Serialize, SerializeSeq, SerializeStruct, Serializer};

/// `{"columns": [names], "rows": [[values], …]}` of what an iterator gives. Where objects would repeat each name in each row,
/// this is half the text, and for readers that make a map of each object, less than half the work.
#[derive(Debug)]
pub(in crate::bindings) struct Table<Things>(pub(in crate::bindings) Things);

impl<'a, T: Columns + 'a, Things: Iterator<Item = &'a T> + Clone> Serialize for Table<Things> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names: Vec<&str> = T::COLUMNS.iter().map(|column| column.name).collect();
        let mut table = serializer.serialize_struct("Table", 2)?;
        table.serialize_field("columns", &names)?;
        table.serialize_field("rows", &Rows(self.0.clone()))?;
        table.end()
    }
}

struct Rows<Things>(Things);

impl<'a, T: Columns + 'a, Things: Iterator<Item = &'a T> + Clone> Serialize for Rows<Things> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone().map(Row))
    }
}

struct Row<'a, T>(&'a T);

impl<T: Columns> Serialize for Row<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut values = Values(serializer.serialize_seq(Some(T::COLUMNS.len()))?);
        self.0.write(&mut values)?;
        values.0.end()
    }
}

struct Values<S>(S);

impl<'a, S: SerializeSeq> ValueWriter<'a> for Values<S> {
    type Error = S::Error;

    fn int(&mut self, number: impl TryInto<i64>) -> Result<(), S::Error> {
        self.0.serialize_element(&whole(number))
    }

    fn float(&mut self, number: f64) -> Result<(), S::Error> {
        self.0.serialize_element(&number)
    }

    fn optional_float(&mut self, number: Option<f64>) -> Result<(), S::Error> {
        self.0.serialize_element(&number)
    }

    fn text(&mut self, text: &str) -> Result<(), S::Error> {
        self.0.serialize_element(text)
    }

    fn repeated(&mut self, text: &str) -> Result<(), S::Error> {
        self.0.serialize_element(text)
    }

    fn flag(&mut self, flag: bool) -> Result<(), S::Error> {
        self.0.serialize_element(&flag)
    }

    fn list<T: Serialize>(&mut self, list: &'a [T]) -> Result<(), S::Error> {
        self.0.serialize_element(list)
    }
}
