//! The name of a set of identical workers.

use std::fmt;
use std::sync::Arc;

/// Names one pool: the workers that serve one queue, or several in priority order, of one connection. A copy shares the
/// texts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct PoolId {
    /// Laravel's connection name, for example `redis`.
    pub connection: Arc<str>,
    /// What `--queue=` gets: a queue's name, or several in priority order joined by commas.
    pub queues: Arc<str>,
}

impl PoolId {
    /// Names the pool of `queues` on `connection`.
    pub fn new(connection: impl Into<Arc<str>>, queues: impl Into<Arc<str>>) -> Self {
        Self { connection: connection.into(), queues: queues.into() }
    }

    /// Whether its workers serve several queues, the first before the others.
    pub fn is_group(&self) -> bool {
        self.queues.contains(',')
    }
}

impl fmt::Display for PoolId {
    /// `connection:queues`, the key that QueueMetrics uses.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.connection, self.queues)
    }
}
