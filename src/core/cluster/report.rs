//! What a host tells the one that leads.

use crate::calculators::HostCapacity;
use crate::engine::PoolWorkers;

/// One host at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct HostReport {
    /// The host's name, of which there is one in the cluster.
    pub host: String,
    /// The fencing number of the shares that it applied last; 0 for none.
    pub fencing_number: u64,
    /// The number, under that fencing number, of the shares that it applied last; 0 for none.
    pub serial: u64,
    /// Whether it keeps its workers whatever its share is, because scaling is paused there.
    pub is_paused: bool,
    /// What the host has and uses; `None` bounds nothing.
    pub capacity: Option<HostCapacity>,
    /// Its workers; a pool that is missing has none there.
    pub workers: Vec<PoolWorkers>,
}
