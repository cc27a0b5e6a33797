//! What belongs to a name of two parts.

use std::collections::HashMap;
use std::sync::Arc;

/// Finds what was kept under a connection and the name of something on it.
///
/// Turn after turn the same names come in, nearly always in the same order. So the entry after the one found last is looked
/// at first, and only where that is another the names are hashed.
#[derive(Debug)]
pub struct Directory<Value> {
    entries: Vec<Entry<Value>>,
    places: HashMap<Arc<str>, HashMap<Arc<str>, usize>>,
    /// Place of the entry that is probably asked for next.
    next: usize,
}

#[derive(Debug)]
struct Entry<Value> {
    connection: Arc<str>,
    name: Arc<str>,
    value: Value,
}

impl<Value: Copy> Directory<Value> {
    /// Knows no name.
    pub fn new() -> Self {
        Self { entries: Vec::new(), places: HashMap::new(), next: 0 }
    }

    /// What was kept under these names.
    pub fn find(&mut self, connection: &str, name: &str) -> Option<Value> {
        if self.entries.len() <= self.next {
            self.next = 0;
        }
        let is_next = |entry: &&Entry<Value>| is_same(&entry.name, name) && is_same(&entry.connection, connection);
        let place = match self.entries.get(self.next).filter(is_next) {
            Some(_) => self.next,
            None => *self.places.get(connection)?.get(name)?,
        };
        self.next = place + 1;
        Some(self.entries[place].value)
    }

    /// Keeps `value` under names that nothing was kept under.
    pub fn insert(&mut self, connection: &Arc<str>, name: &Arc<str>, value: Value) {
        self.places.entry(Arc::clone(connection)).or_default().insert(Arc::clone(name), self.entries.len());
        self.entries.push(Entry { connection: Arc::clone(connection), name: Arc::clone(name), value });
    }
}

/// Whether two names are equal; without a look at them where they are one and the same.
fn is_same(one: &str, other: &str) -> bool {
    std::ptr::eq(one, other) || one == other
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(names: &[(&str, &str)]) -> Directory<usize> {
        let mut directory = Directory::new();
        for (number, &(connection, name)) in names.iter().enumerate() {
            directory.insert(&connection.into(), &name.into(), number);
        }
        directory
    }

    #[test]
    fn each_is_found_in_any_order() {
        let names = [("redis", "a"), ("redis", "b"), ("sqs", "a"), ("redis", "c")];
        let mut directory = directory(&names);
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 2, 0, 3]] {
            for number in order {
                let (connection, name) = names[number];
                assert_eq!(directory.find(connection, name), Some(number));
            }
        }
    }

    #[test]
    fn a_connection_and_a_queue_are_two_names() {
        let mut directory = directory(&[("redis:a", "b"), ("redis", "a:b")]);
        assert_eq!(directory.find("redis", "a:b"), Some(1));
        assert_eq!(directory.find("redis:a", "b"), Some(0));
        assert_eq!(directory.find("redis", "b"), None);
    }
}
