//! One array of the configuration, with the path to it.

use super::nearest::suggestion;
use super::range::Range;
use super::report::Report;
use serde_json::{Map, Value};

/// Longest value that an error quotes in full, in characters.
const MAX_QUOTED_CHARACTERS: usize = 60;

/// An array with names. A value of null counts as not given, everywhere.
#[derive(Clone, Debug)]
pub(super) struct Section<'value> {
    path: String,
    /// `None` for an array that is empty, absent or of the wrong kind.
    entries: Option<&'value Map<String, Value>>,
}

impl<'value> Section<'value> {
    /// Opens the array at `path`; reports a value of another kind.
    pub(super) fn open(path: impl Into<String>, value: Option<&'value Value>, report: &mut Report) -> Self {
        let path = path.into();
        let entries = match value {
            Some(Value::Object(entries)) => Some(entries),
            None | Some(Value::Null) => None,
            // PHP's empty array is a list.
            Some(Value::Array(list)) if list.is_empty() => None,
            Some(Value::Array(_)) => {
                report.error(&path, "a list where names are needed; write each entry as 'name' => value");
                None
            }
            Some(other) => {
                report.error(&path, format!("{} is not allowed; give an array with names", quoted(other)));
                None
            }
        };
        Self { path, entries }
    }

    /// Reports every name that is none of `known`.
    pub(super) fn only(self, known: &[&str], report: &mut Report) -> Self {
        for (name, _) in self.entries() {
            if !known.contains(&name) {
                report.error(&self.path_of(name), format!("unknown key; {}", suggestion(name, known)));
            }
        }
        self
    }

    /// The array under `name`.
    pub(super) fn section(&self, name: &str, report: &mut Report) -> Section<'value> {
        Section::open(self.path_of(name), self.given(name), report)
    }

    /// All entries, null ones included, in the order of their names.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'value str, &'value Value)> {
        self.entries.into_iter().flatten().map(|(name, value)| (name.as_str(), value))
    }

    /// What stands under `name`, unless null.
    pub(super) fn given(&self, name: &str) -> Option<&'value Value> {
        self.entries?.get(name).filter(|value| !value.is_null())
    }

    /// The full path of `name` in this array.
    pub(super) fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Sets `target` to the number under `name`. A string that is a number is one: environment variables are strings.
    pub(super) fn number(&self, name: &str, range: &Range, target: &mut f64, report: &mut Report) {
        if let Some(value) = self.given(name) {
            match as_number(value).filter(|number| range.contains(*number)) {
                Some(number) => *target = number,
                None => report
                    .error(&self.path_of(name), format!("{} is not allowed; give a number {range}", quoted(value))),
            }
        }
    }

    /// Sets `target` to the whole number under `name`.
    pub(super) fn count(&self, name: &str, range: &Range, target: &mut u32, report: &mut Report) {
        if let Some(value) = self.given(name) {
            match as_number(value).filter(|number| range.contains(*number) && number.fract() == 0.0) {
                Some(number) => *target = number as u32,
                None => report.error(
                    &self.path_of(name),
                    format!("{} is not allowed; give a whole number {range}", quoted(value)),
                ),
            }
        }
    }

    /// Sets `target` to the flag under `name`; 0 and 1 are flags too, for environment variables.
    pub(super) fn flag(&self, name: &str, target: &mut bool, report: &mut Report) {
        if let Some(value) = self.given(name) {
            match value {
                Value::Bool(flag) => *target = *flag,
                other if as_number(other) == Some(0.0) => *target = false,
                other if as_number(other) == Some(1.0) => *target = true,
                other => {
                    report.error(&self.path_of(name), format!("{} is not allowed; give true or false", quoted(other)));
                }
            }
        }
    }

    /// The text under `name`.
    pub(super) fn text(&self, name: &str, report: &mut Report) -> Option<&'value str> {
        let value = self.given(name)?;
        let text = as_text(value);
        if text.is_none() {
            report.error(
                &self.path_of(name),
                format!("{} is not allowed; give a string that is not empty", quoted(value)),
            );
        }
        text
    }

    /// The list of texts under `name`; entries of another kind are reported and left out.
    pub(super) fn texts(&self, name: &str, report: &mut Report) -> Option<Vec<&'value str>> {
        let value = self.given(name)?;
        let Value::Array(list) = value else {
            report.error(&self.path_of(name), format!("{} is not allowed; give a list of strings", quoted(value)));
            return None;
        };
        let mut texts = Vec::with_capacity(list.len());
        for (index, entry) in list.iter().enumerate() {
            match as_text(entry) {
                Some(text) => texts.push(text),
                None => report.error(
                    &format!("{}.{index}", self.path_of(name)),
                    format!("{} is not allowed; give a string that is not empty", quoted(entry)),
                ),
            }
        }
        Some(texts)
    }
}

fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number: &f64| number.is_finite())
}

/// A text that is not empty. One with a NUL byte could not be told to a process.
fn as_text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty() && !text.contains('\0'))
}

/// A value as an error shows it.
pub(super) fn quoted(value: &Value) -> String {
    match value {
        Value::Object(_) | Value::Array(_) => "an array".to_owned(),
        Value::String(text) if text.chars().count() > MAX_QUOTED_CHARACTERS => {
            let start: String = text.chars().take(MAX_QUOTED_CHARACTERS).collect();
            format!("{start:?}…")
        }
        other => other.to_string(),
    }
}
