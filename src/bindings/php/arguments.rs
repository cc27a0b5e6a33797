//! The arguments of methods that are registered by hand. PHP leaves checking them to internal methods.

use super::exceptions::Failure;
use super::value_class::shown;
use ext_php_rs::types::{ZendHashTable, Zval};

/// The argument at `index`; `None` for one that is absent or null.
pub(super) fn given<'call>(arguments: &[&'call Zval], index: usize) -> Option<&'call Zval> {
    arguments.get(index).map(|argument| argument.dereference()).filter(|argument| !argument.is_null())
}

fn refuse(arguments: &[&Zval], index: usize, name: &str, expected: &str) -> Failure {
    let found = given(arguments, index).map_or_else(|| "nothing".to_owned(), shown);
    Failure::Argument(format!("${name}: {found} where {expected} was expected"))
}

/// A finite number.
pub(super) fn number(arguments: &[&Zval], index: usize, name: &str) -> Result<f64, Failure> {
    given(arguments, index)
        .and_then(|argument| argument.double().or_else(|| argument.long().map(|whole| whole as f64)))
        .filter(|number| number.is_finite())
        .ok_or_else(|| refuse(arguments, index, name, "a finite number"))
}

/// A whole number of at least 0.
pub(super) fn count(arguments: &[&Zval], index: usize, name: &str) -> Result<u64, Failure> {
    given(arguments, index)
        .and_then(Zval::long)
        .and_then(|number| u64::try_from(number).ok())
        .ok_or_else(|| refuse(arguments, index, name, "a whole number of at least 0"))
}

/// A text.
pub(super) fn text<'call>(arguments: &[&'call Zval], index: usize, name: &str) -> Result<&'call str, Failure> {
    given(arguments, index).and_then(Zval::str).ok_or_else(|| refuse(arguments, index, name, "a string in UTF-8"))
}

/// An array.
pub(super) fn array<'call>(
    arguments: &[&'call Zval],
    index: usize,
    name: &str,
) -> Result<&'call ZendHashTable, Failure> {
    given(arguments, index).and_then(Zval::array).ok_or_else(|| refuse(arguments, index, name, "an array"))
}
