//! What a turn allocates: nothing for a queue but its decision. The only test of its process, as others would be counted
//! with it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says so by panicking")]

use queue_autoscale::config::{Configuration, PoolId};
use queue_autoscale::engine::{Constraint, PoolWorkers, ScalingEngine, Turn};
use queue_autoscale::metrics::{MetricsReading, QueueMetrics};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::collections::HashSet;
use std::sync::Arc;

/// The system's allocator, which counts how often this thread asks it for memory.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

fn count_one() {
    ALLOCATIONS.with(|allocations| allocations.set(allocations.get() + 1));
}

// SAFETY: every call goes to the system's allocator as it came; the count is a number in a thread-local without destructor,
// which needs no memory of its own.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count_one();
        // SAFETY: by the caller's own promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: by the caller's own promise.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count_one();
        // SAFETY: by the caller's own promise.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn allocations_of<T>(act: impl FnOnce() -> T) -> (usize, T) {
    let before = ALLOCATIONS.get();
    let result = act();
    (ALLOCATIONS.get() - before, result)
}

/// Time between two turns, in seconds.
const TURN_SECONDS: f64 = 5.0;

const QUEUES: usize = 500;

/// An hour's history, and then some.
const WARM_UP_TURNS: usize = 740;

const COUNTED_TURNS: usize = 60;

/// What a turn may allocate whatever the number of queues: the searches for recurring bursts, the lists of a decision.
const FEW: usize = 16;

/// A list of constraints, shared by all decisions that have the same: the list twice, as it is collected, the reason of each,
/// which may grow once, and its place among the lists.
const OF_A_LIST: usize = 2 + 2 * 5 + 1;

fn reading(turn: usize) -> MetricsReading {
    let row = |queue: usize| {
        let pending = ((turn * 7 + queue * 13) % 11) as u64;
        Ok(QueueMetrics {
            connection: "redis".into(),
            queue: format!("queue-{queue}").into(),
            pending,
            scheduled: 0,
            delayed_due_now: None,
            reserved: 2,
            oldest_job_age_seconds: (pending > 0).then_some(1.0),
            throughput_per_minute: 300.0 + pending as f64,
            avg_duration_ms: 0.0,
            failure_rate_percent: 0.0,
            active_workers: 3,
            busy_percent: 66.0,
        })
    };
    (0..QUEUES).map(row).collect()
}

#[test]
fn a_turn_allocates_nothing_for_a_queue_but_its_decision() {
    let readings: Vec<MetricsReading> = (0..12).map(reading).collect();
    let mut workers: Vec<PoolWorkers> = (0..QUEUES)
        .map(|queue| PoolWorkers {
            idle: 1,
            busy: 2,
            ..PoolWorkers::none(PoolId::new("redis", format!("queue-{queue}")))
        })
        .collect();
    let mut engine = ScalingEngine::new(Arc::new(Configuration::default()));
    for turn in 0..WARM_UP_TURNS + COUNTED_TURNS {
        for workers in &mut workers {
            workers.busy_seconds_total += 2.0 * TURN_SECONDS;
        }
        let metrics = &readings[turn % readings.len()];
        let now_seconds = TURN_SECONDS * turn as f64;
        let (observing, ()) =
            allocations_of(|| engine.observe(Turn { now_seconds, metrics, workers: &workers, host: None }));
        let (deciding, evaluation) = allocations_of(|| engine.decide(&[]));
        assert_eq!(evaluation.decisions.len(), QUEUES);
        if turn < WARM_UP_TURNS {
            continue;
        }
        let lists: HashSet<*const Constraint> =
            evaluation.decisions.iter().map(|decision| decision.constraints.as_ptr()).collect();
        assert!(observing <= FEW, "turn {turn}: {observing} allocations to observe {QUEUES} queues");
        let sentences = QUEUES;
        let most = sentences + OF_A_LIST * lists.len() + FEW;
        assert!(deciding <= most, "turn {turn}: {deciding} allocations to decide, {most} would hold the result");
    }
}
