//! Changes JSON as JSON, so that mutations get behind the parser.

use libfuzzer_sys::fuzzer_mutate;
use serde_json::{Deserializer, Value, json};

/// One mutation of a stream of JSON values: mostly of one node in one of them, sometimes of the bytes. For `fuzz_mutator!`.
pub fn mutate_json(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = fastrand::Rng::with_seed(u64::from(seed));
    let values: Result<Vec<Value>, _> = Deserializer::from_slice(&data[..size]).into_iter().collect();
    let Some(mut values) = values.ok().filter(|values| !values.is_empty() && random.u8(..8) > 0) else {
        return fuzzer_mutate(data, size, max_size);
    };
    let place = random.usize(..values.len());
    match random.u8(..16) {
        0 => values.insert(place, values[place].clone()),
        1 if values.len() > 1 => drop(values.remove(place)),
        _ => {
            let mut other = values[random.usize(..values.len())].clone();
            let spare = pick(&mut other, &mut random).clone();
            change(pick(&mut values[place], &mut random), spare, &mut random);
        }
    }
    let lines: Vec<String> = values.iter().map(Value::to_string).collect();
    let text = lines.join("\n") + "\n";
    if text.len() > max_size {
        return fuzzer_mutate(data, size, max_size);
    }
    data[..text.len()].copy_from_slice(text.as_bytes());
    text.len()
}

/// Any node, deep ones more often than in proportion to their number.
fn pick<'a>(value: &'a mut Value, random: &mut fastrand::Rng) -> &'a mut Value {
    let children = match value {
        Value::Object(members) => members.len(),
        Value::Array(elements) => elements.len(),
        _ => 0,
    };
    if children == 0 || random.u8(..8) == 0 {
        return value;
    }
    let index = random.usize(..children);
    let child = match value {
        Value::Object(members) => members.values_mut().nth(index),
        Value::Array(elements) => elements.get_mut(index),
        _ => None,
    };
    pick(child.expect("the index is below the number of children"), random)
}

fn change(node: &mut Value, spare: Value, random: &mut fastrand::Rng) {
    match (random.u8(..4), &mut *node) {
        (0, _) => *node = spare,
        (1 | 2, Value::Object(members)) if !members.is_empty() => {
            let names: Vec<String> = members.keys().cloned().collect();
            let name = &names[random.usize(..names.len())];
            let member = members.remove(name);
            if let (true, Some(member)) = (random.bool(), member) {
                let other = &names[random.usize(..names.len())];
                members.insert(if random.bool() { format!("{name}:{other}") } else { other.clone() }, member);
            }
        }
        (1, Value::Array(elements)) => elements.push(spare),
        (2, Value::Array(elements)) => drop(elements.pop()),
        (1, Value::Number(number)) => {
            let factor = [-1.0, 0.5, 2.0, 1e3, 1e9, 1e100][random.usize(..6)];
            *node = json!(number.as_f64().unwrap_or_default() * factor);
        }
        (1, Value::String(text)) => text.push_str([":", ",", "*", "", "é", "\n", "-", "x"][random.usize(..8)]),
        _ => *node = odd(random),
    }
}

fn odd(random: &mut fastrand::Rng) -> Value {
    let odd = [
        json!(null),
        json!(true),
        json!([]),
        json!({}),
        json!(""),
        json!("*"),
        json!("12"),
        json!(0),
        json!(1),
        json!(-1),
        json!(0.5),
        json!(1e-300),
        json!(1e308),
        json!(u32::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(9_007_199_254_740_992_u64),
    ];
    odd[random.usize(..odd.len())].clone()
}
