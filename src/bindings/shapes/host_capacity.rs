//! What the host has and uses.

use super::columns::columns;
use super::whole;
use crate::calculators::HostCapacity;
use serde::{Deserialize, Serialize};

columns!(HostCapacity, capacity => {
    /// Cores that may be used: the smaller of the host's and the container's.
    cpu_limit_cores: float = capacity.cpu_limit_cores,
    /// Cores in use, everything counted; null before a second reading allows a difference.
    cpu_used_cores: optional_float = capacity.cpu_used_cores,
    /// Memory that may be used: the smaller of the host's and the container's.
    memory_limit_bytes: int = capacity.memory_limit_bytes,
    /// Memory in use without reclaimable cache, everything counted.
    memory_used_bytes: int = capacity.memory_used_bytes,
});

/// [`HostCapacity`] as other languages pass it around.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::bindings) struct HostCapacityShape {
    cpu_limit_cores: f64,
    cpu_used_cores: Option<f64>,
    memory_limit_bytes: u64,
    memory_used_bytes: u64,
}

impl From<HostCapacityShape> for HostCapacity {
    fn from(shape: HostCapacityShape) -> Self {
        Self {
            cpu_limit_cores: shape.cpu_limit_cores,
            cpu_used_cores: shape.cpu_used_cores,
            memory_limit_bytes: shape.memory_limit_bytes,
            memory_used_bytes: shape.memory_used_bytes,
        }
    }
}

impl From<HostCapacity> for HostCapacityShape {
    fn from(capacity: HostCapacity) -> Self {
        Self {
            cpu_limit_cores: capacity.cpu_limit_cores,
            cpu_used_cores: capacity.cpu_used_cores,
            memory_limit_bytes: whole(capacity.memory_limit_bytes).unsigned_abs(),
            memory_used_bytes: whole(capacity.memory_used_bytes).unsigned_abs(),
        }
    }
}
