//! Which connection a queue belongs to that a user names.

use super::nearest::nearest;
use super::report::Report;
use crate::config::QueuePattern;
use crate::config::queue_pattern::wildcard_matches;

/// Separates connection and queue.
const CONNECTION_SEPARATOR: char = ':';

/// Separates queues in `--queue=`.
const QUEUE_SEPARATOR: char = ',';

const WILDCARD: char = '*';

/// The connections that the application has.
#[derive(Clone, Debug)]
pub(super) struct Connections {
    pub(super) default: String,
    /// `None` where nobody said: then any name is one.
    pub(super) known: Option<Vec<String>>,
}

impl Connections {
    /// Whether the application has a connection of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        name == self.default || self.known.as_ref().is_none_or(|known| known.iter().any(|other| other == name))
    }

    /// Whether anybody said that the application has a connection of this name.
    fn is_named(&self, name: &str) -> bool {
        name == self.default || self.known.iter().flatten().any(|known| known == name)
    }

    /// Whether the wildcards of `pattern` fit a connection, as far as anybody said which there are.
    fn has_match(&self, pattern: &str) -> bool {
        self.known.as_ref().is_none_or(|known| known.iter().any(|name| wildcard_matches(pattern, name)))
    }

    /// The connection whose name is nearest to `name`.
    pub(super) fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.known.iter().flatten().map(String::as_str).chain([self.default.as_str()]))
    }

    /// `name` at the colon that ends the longest connection somebody named, as one's name may have colons too; else at the first.
    fn split<'a>(&self, name: &'a str) -> Option<(&'a str, &'a str)> {
        let colons = name.rmatch_indices(CONNECTION_SEPARATOR);
        let mut parts = colons.map(|(place, colon)| (&name[..place], &name[place + colon.len()..]));
        parts.find(|(connection, _)| self.is_named(connection)).or_else(|| name.split_once(CONNECTION_SEPARATOR))
    }

    /// The queues that `name` means: `connection:queue` where the part before the colon is a connection (or has a wildcard),
    /// else the queue of that name on the default connection.
    pub(super) fn pattern(&self, path: &str, name: &str, report: &mut Report) -> Option<QueuePattern> {
        let pattern = match self.split(name) {
            Some((connection, _)) if connection.contains(WILDCARD) && !self.has_match(connection) => {
                let other = format!("or write \"{}:{name}\" if the queue's name has a colon", self.default);
                report.error(
                    path,
                    format!("\"{connection}\" fits no connection; name one of the application's, {other}"),
                );
                return None;
            }
            Some((connection, queue)) if self.has(connection) || connection.contains(WILDCARD) => {
                QueuePattern::new(connection, queue)
            }
            Some((connection, queue)) => {
                if let Some(meant) = self.nearest(connection) {
                    report.error(
                        path,
                        format!(
                            "\"{connection}\" is not a connection; write \"{meant}:{queue}\", or \"{}:{name}\" if the \
                             queue's name has a colon",
                            self.default
                        ),
                    );
                    return None;
                }
                QueuePattern::new(&self.default, name)
            }
            None => QueuePattern::new(&self.default, name),
        };
        check_queue(path, pattern.queue(), report).then_some(pattern)
    }

    /// Reports a member of a group that is named with its connection, since the group has one for all.
    pub(super) fn check_member(&self, path: &str, name: &str, report: &mut Report) -> bool {
        match self.split(name) {
            Some((connection, queue)) if self.is_named(connection) => {
                let remedy = format!("write \"{queue}\" and give the group's connection once");
                report.error(path, format!("\"{name}\" names a connection; {remedy}"));
                false
            }
            _ => true,
        }
    }
}

/// Reports a queue that cannot be worked.
pub(super) fn check_queue(path: &str, queue: &str, report: &mut Report) -> bool {
    if queue.is_empty() || queue == "0" {
        report.error(path, "queue:work takes an empty name and \"0\" for the default queue; name the queue itself");
        return false;
    }
    if queue.contains(QUEUE_SEPARATOR) {
        report.error(path, "queue:work takes a comma for the end of a queue's name; use groups for several queues");
        return false;
    }
    if queue.contains('\0') {
        report.error(path, "a NUL byte cannot be told to a process; rename the queue");
        return false;
    }
    true
}
