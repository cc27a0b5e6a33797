//! A PHP array as JSON, for what the configuration's reader must see even where it makes no sense.

use super::zval_entries::{Entries, is_list};
use super::zval_reader::describe;
use ext_php_rs::flags::DataType;
use ext_php_rs::types::{ZendHashTable, Zval};
use serde_json::{Map, Value};

/// Deepest nesting that is followed; a configuration has six levels, and a reference may lead in a circle.
const MAX_DEPTH: usize = 16;

/// The array, with a text in place of what JSON cannot express, so that an error can name it with its path.
pub(super) fn json_of(array: &ZendHashTable) -> Value {
    json_of_array(Some(array), MAX_DEPTH)
}

fn json_within(zval: &Zval, depth: usize) -> Value {
    match zval.get_type() {
        DataType::Undef | DataType::Null => Value::Null,
        DataType::False => Value::Bool(false),
        DataType::True => Value::Bool(true),
        DataType::Long => Value::from(zval.long().unwrap_or_default()),
        DataType::Double => {
            let number = zval.double().unwrap_or_default();
            serde_json::Number::from_f64(number).map_or_else(|| Value::String(number.to_string()), Value::Number)
        }
        DataType::String => match (zval.str(), zval.zend_str()) {
            (Some(text), _) => Value::from(text),
            (None, Some(bytes)) => Value::String(String::from_utf8_lossy(bytes.as_bytes()).into_owned()),
            (None, None) => Value::Null,
        },
        DataType::Array => json_of_array(zval.array(), depth),
        // As an array, since no key of the configuration takes any text inside of one.
        _ => Value::Object(Map::from_iter([(describe(zval), Value::Bool(true))])),
    }
}

fn json_of_array(array: Option<&ZendHashTable>, depth: usize) -> Value {
    let (Some(array), Some(depth)) = (array, depth.checked_sub(1)) else {
        return Value::String("an array nested too deeply".to_owned());
    };
    let entries = Entries::of(array);
    if is_list(array) {
        return entries.map(|(_, value)| json_within(value, depth)).collect();
    }
    Value::Object(entries.map(|(key, value)| (key.to_text(), json_within(value, depth))).collect())
}
