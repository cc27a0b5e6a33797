//! Which queues an entry of the configuration speaks of.

use super::PoolId;
use std::cmp::Reverse;

/// Stands for any number of characters, none included.
const WILDCARD: char = '*';

/// A connection and a queue, each with `*` for any characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QueuePattern {
    connection: String,
    queue: String,
}

impl QueuePattern {
    /// Speaks of `queue` on `connection`.
    pub fn new(connection: impl Into<String>, queue: impl Into<String>) -> Self {
        Self { connection: connection.into(), queue: queue.into() }
    }

    /// Whether this queue of this connection is meant.
    pub fn matches(&self, connection: &str, queue: &str) -> bool {
        wildcard_matches(&self.connection, connection) && wildcard_matches(&self.queue, queue)
    }

    /// The queue's part.
    pub fn queue(&self) -> &str {
        &self.queue
    }

    /// The one pool that is meant; `None` where there are wildcards.
    pub fn pool(&self) -> Option<PoolId> {
        (!self.has_wildcard()).then(|| PoolId::new(self.connection.clone(), self.queue.clone()))
    }

    /// Whether it may speak of more than one queue.
    pub fn has_wildcard(&self) -> bool {
        self.connection.contains(WILDCARD) || self.queue.contains(WILDCARD)
    }

    /// Sorts the most specific first: no wildcard before any, then the longer literal part of the queue's name, then that
    /// of the connection's, then by name, so that the order of the configuration's keys never matters.
    pub fn specificity(&self) -> (bool, Reverse<usize>, Reverse<usize>, &str, &str) {
        (
            self.has_wildcard(),
            Reverse(literal_characters(&self.queue)),
            Reverse(literal_characters(&self.connection)),
            &self.queue,
            &self.connection,
        )
    }
}

impl std::fmt::Display for QueuePattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.connection, self.queue)
    }
}

fn literal_characters(pattern: &str) -> usize {
    pattern.chars().filter(|character| *character != WILDCARD).count()
}

/// Whether `text` has the literal parts of `pattern` in order, the first at its start and the last at its end.
pub(super) fn wildcard_matches(pattern: &str, text: &str) -> bool {
    let Some((start, after_start)) = pattern.split_once(WILDCARD) else {
        return pattern == text;
    };
    let Some(mut rest) = text.strip_prefix(start) else {
        return false;
    };
    let (middle, end) = after_start.rsplit_once(WILDCARD).unwrap_or(("", after_start));
    for part in middle.split(WILDCARD) {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_stands_for_any_characters() {
        for (pattern, text, expected) in [
            ("emails", "emails", true),
            ("emails", "emails2", false),
            ("tenant-*", "tenant-7", true),
            ("tenant-*", "tenant-", true),
            ("tenant-*", "a tenant-7", false),
            ("*-high", "mail-high", true),
            ("*-high", "mail-high-2", false),
            ("a*b*c", "a1b2b3c", true),
            ("a*b*c", "a1c", false),
            ("a*a", "a", false),
            ("*", "", true),
            ("**", "anything", true),
            ("ñ*🚀", "ñandú-🚀", true),
        ] {
            assert_eq!(wildcard_matches(pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn the_most_specific_pattern_sorts_first() {
        let mut patterns = [
            QueuePattern::new("*", "*"),
            QueuePattern::new("redis", "tenant-*"),
            QueuePattern::new("redis", "tenant-7-*"),
            QueuePattern::new("*", "tenant-*"),
            QueuePattern::new("redis", "tenant-7"),
        ];
        patterns.sort_by(|left, right| left.specificity().cmp(&right.specificity()));
        let order: Vec<String> = patterns.iter().map(ToString::to_string).collect();
        assert_eq!(order, ["redis:tenant-7", "redis:tenant-7-*", "redis:tenant-*", "*:tenant-*", "*:*"]);
    }
}
