//! A row that cannot be used.

/// Why the numbers of one queue could not be read; the other queues are not concerned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", self.full_path())]
pub struct InvalidMetrics {
    /// The key the row stood under, "connection:queue".
    pub key: String,
    /// Where in the row, for example `depth.pending`; empty for the row itself.
    pub path: String,
    /// The value that stood there and what was expected.
    pub message: String,
}

impl InvalidMetrics {
    /// Refuses what stands at `path` of the row under `key`.
    pub fn new(key: impl Into<String>, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { key: key.into(), path: path.into(), message: message.into() }
    }

    fn full_path(&self) -> String {
        if self.path.is_empty() { self.key.clone() } else { format!("{}.{}", self.key, self.path) }
    }
}
