//! A run under way, turn by turn.

use super::autoscaler::Sight;
use super::environment::Environment;
use super::observer::Observer;
use super::outcome::{Outcome, Sample};
use super::pool_run::PoolRun;
use super::scenario::{Host, Scenario};
use crate::calculators::HostCapacity;
use crate::engine::{PoolWorkers, Turn};
use crate::metrics::MetricsReading;
use std::iter::repeat_n;

/// A run ends at the latest this many times as long after its beginning as jobs arrive, so that an autoscaler that
/// never serves the last jobs does not run for ever.
const LONGEST_RUN_FACTOR: f64 = 4.0;
/// And at the earliest this long after the last arrival, in seconds, whatever its length.
const LEAST_DRAIN_SECONDS: f64 = 3600.0;

/// A scenario under way. Who decides is outside: [`next_turn`](Self::next_turn) tells what is to be seen,
/// [`scale`](Self::scale) takes the answer, until no turn is left.
#[derive(Debug)]
pub struct Simulation {
    seconds: f64,
    host: Option<Host>,
    turn_seconds: f64,
    turns: u32,
    now_seconds: f64,
    pools: Vec<PoolRun>,
    samples: Vec<Vec<Sample>>,
    observer: Observer,
    workers: Vec<PoolWorkers>,
    /// Rows and workers of the pools that are listed, where not all of them are.
    listed: (MetricsReading, Vec<PoolWorkers>),
    capacity: Option<HostCapacity>,
}

impl Simulation {
    /// The scenario before its first turn.
    pub fn new(scenario: &Scenario, environment: &Environment) -> Self {
        let pools = scenario.pools.iter().map(|traffic| PoolRun::new(traffic.clone(), environment.clone()));
        Self {
            seconds: scenario.seconds,
            host: scenario.host,
            turn_seconds: environment.turn_seconds,
            turns: 0,
            now_seconds: 0.0,
            pools: pools.collect(),
            samples: vec![Vec::new(); scenario.pools.len()],
            observer: Observer::new(environment),
            workers: Vec::new(),
            listed: Default::default(),
            capacity: None,
        }
    }

    /// Goes on to the next turn, at instant 0 for the first; `None` once all jobs are done.
    pub fn next_turn(&mut self) -> Option<Sight<'_>> {
        let now_seconds = f64::from(self.turns) * self.turn_seconds;
        self.pools.iter_mut().for_each(|pool| pool.advance(now_seconds));
        let over = now_seconds >= self.seconds && self.pools.iter().all(PoolRun::is_done);
        if over || now_seconds > (self.seconds * LONGEST_RUN_FACTOR).max(self.seconds + LEAST_DRAIN_SECONDS) {
            return None;
        }
        self.turns += 1;
        self.now_seconds = now_seconds;
        self.workers = self.pools.iter().map(|pool| pool.pool_workers(now_seconds)).collect();
        let metrics = self.observer.read(&self.pools, now_seconds);
        self.capacity = self.host.map(|host| {
            let cpu_cores = self.workers.iter().map(|pool| pool.cpu_used_cores).sum();
            let memory_bytes = self.workers.iter().map(|pool| pool.memory_used_bytes).sum();
            host.capacity(cpu_cores, memory_bytes)
        });
        let host = self.capacity.as_ref();
        let mut turn = Turn { now_seconds, metrics, workers: &self.workers, host };
        if !self.pools.iter().all(PoolRun::is_listed) {
            let rows = self.pools.iter().flat_map(|pool| repeat_n(pool.is_listed(), pool.queues())).zip(metrics);
            self.listed.0 = rows.filter(|(is_listed, _)| *is_listed).map(|(_, row)| row.clone()).collect();
            let workers = self.pools.iter().zip(&self.workers);
            self.listed.1 = workers.filter(|(pool, _)| pool.is_listed()).map(|(_, workers)| workers.clone()).collect();
            turn = Turn { metrics: &self.listed.0, workers: &self.listed.1, ..turn };
        }
        Some(Sight { now_seconds, metrics, workers: &self.workers, host, turn })
    }

    /// Sets each pool's target, in the scenario's order of pools; a pool without one keeps its workers. `idle_floor` tells
    /// how many of a pool's workers stay until the next turn although they find no job, `None` for all.
    pub fn scale(&mut self, targets: &[u32], idle_floor: impl Fn(usize) -> Option<u32>) {
        let now_seconds = self.now_seconds;
        let pools = self.pools.iter_mut().zip(targets).zip(&mut self.samples).enumerate();
        for (place, ((pool, target), samples)) in pools {
            pool.scale(*target, idle_floor(place), now_seconds);
            samples.push(sample(pool, *target, now_seconds));
        }
    }

    /// The instant of the last turn, in seconds.
    pub fn now_seconds(&self) -> f64 {
        self.now_seconds
    }

    /// What came of it.
    pub fn finish(self) -> Outcome {
        let last_finished = self.pools.iter().map(PoolRun::last_finished_at_seconds).fold(0.0, f64::max);
        let seconds = self.seconds.max(last_finished);
        let pools = self.pools.into_iter().zip(self.samples);
        Outcome { seconds, pools: pools.map(|(pool, samples)| pool.into_outcome(seconds, samples)).collect() }
    }
}

fn sample(pool: &PoolRun, target: u32, now_seconds: f64) -> Sample {
    let workforce = pool.workforce();
    Sample {
        at_seconds: now_seconds,
        arrived: pool.arrived(),
        pending: pool.pending(),
        starting: workforce.starting(),
        idle: workforce.idle(),
        in_a_job: workforce.in_a_job(),
        leaving: workforce.leaving(),
        target,
        worker_seconds: workforce.worker_seconds(now_seconds),
    }
}
