//! What happens next in one pool.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// What happens to one pool, arrivals apart, which come in order from the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Happening {
    /// A worker has booted. It counts only if the worker is still the one that was started.
    Ready { worker: u32, incarnation: u32 },
    /// A worker has finished its job.
    Finished { worker: u32 },
    /// An idle worker looks for a job. It counts only if the worker has been idle since.
    Look { worker: u32, incarnation: u32 },
    /// A worker has found no job for so long that it may leave. It counts only if the worker has been idle since.
    Rested { worker: u32, incarnation: u32 },
    /// A delayed job becomes due.
    Due,
}

#[derive(Clone, Copy, Debug)]
struct Event {
    at_seconds: f64,
    sequence: u64,
    happening: Happening,
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Event {}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Event {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at_seconds.total_cmp(&other.at_seconds).then(self.sequence.cmp(&other.sequence))
    }
}

/// Future events; those of the same instant come in the order in which they were planned.
#[derive(Debug, Default)]
pub(super) struct Events {
    heap: BinaryHeap<Reverse<Event>>,
    planned: u64,
}

impl Events {
    pub(super) fn plan(&mut self, at_seconds: f64, happening: Happening) {
        self.planned += 1;
        self.heap.push(Reverse(Event { at_seconds, sequence: self.planned, happening }));
    }

    /// When the next one comes; infinity for never.
    pub(super) fn next_at_seconds(&self) -> f64 {
        self.heap.peek().map_or(f64::INFINITY, |Reverse(event)| event.at_seconds)
    }

    pub(super) fn pop(&mut self) -> Option<(f64, Happening)> {
        self.heap.pop().map(|Reverse(event)| (event.at_seconds, event.happening))
    }
}
