//! Jobs that wait: those that may be picked up, and those that wait for their retry.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};

/// A job that waits for its next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    /// Its place in the pool's trace.
    pub job: u32,
    /// Attempts it has had.
    pub attempts: u16,
    /// Its queue's place in the pool.
    pub queue: u16,
}

#[derive(Clone, Copy, Debug)]
struct Delayed {
    due_seconds: f64,
    sequence: u64,
    waiting: Waiting,
}

impl PartialEq for Delayed {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Delayed {}

impl PartialOrd for Delayed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Delayed {
    fn cmp(&self, other: &Self) -> Ordering {
        self.due_seconds.total_cmp(&other.due_seconds).then(self.sequence.cmp(&other.sequence))
    }
}

/// A pool's queues, first in first out each, the earlier one served first.
#[derive(Debug)]
pub(super) struct Backlog {
    ready: Vec<VecDeque<Waiting>>,
    delayed: BinaryHeap<Reverse<Delayed>>,
    delayed_by_queue: Vec<u64>,
    delayed_so_far: u64,
}

impl Backlog {
    pub(super) fn new(queues: usize) -> Self {
        Self {
            ready: vec![VecDeque::new(); queues],
            delayed: BinaryHeap::new(),
            delayed_by_queue: vec![0; queues],
            delayed_so_far: 0,
        }
    }

    pub(super) fn push(&mut self, waiting: Waiting) {
        self.ready[usize::from(waiting.queue)].push_back(waiting);
    }

    /// A failed job comes back later. Laravel keeps the instant as a whole second.
    pub(super) fn delay(&mut self, waiting: Waiting, due_seconds: f64) {
        self.delayed_so_far += 1;
        self.delayed_by_queue[usize::from(waiting.queue)] += 1;
        self.delayed.push(Reverse(Delayed { due_seconds, sequence: self.delayed_so_far, waiting }));
    }

    /// What a worker that looks now gets. Its look also makes delayed jobs that became due available, as on Redis.
    pub(super) fn pop(&mut self, now_seconds: f64) -> Option<Waiting> {
        self.release_due(now_seconds);
        self.ready.iter_mut().find_map(VecDeque::pop_front)
    }

    fn release_due(&mut self, now_seconds: f64) {
        while let Some(Reverse(next)) = self.delayed.peek().copied() {
            if next.due_seconds > now_seconds {
                return;
            }
            self.delayed.pop();
            self.delayed_by_queue[usize::from(next.waiting.queue)] -= 1;
            self.push(next.waiting);
        }
    }

    /// Jobs of one queue that may be picked up.
    pub(super) fn pending(&self, queue: usize) -> u64 {
        self.ready[queue].len() as u64
    }

    /// Delayed jobs of one queue, those included that are due but that nobody has looked for.
    pub(super) fn scheduled(&self, queue: usize) -> u64 {
        self.delayed_by_queue[queue]
    }

    /// The job of one queue that is next.
    pub(super) fn next(&self, queue: usize) -> Option<Waiting> {
        self.ready[queue].front().copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.delayed.is_empty() && self.ready.iter().all(VecDeque::is_empty)
    }

    pub(super) fn nothing_to_pick_up(&self) -> bool {
        self.ready.iter().all(VecDeque::is_empty)
    }
}
