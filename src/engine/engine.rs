//! From one turn's numbers to one decision for each pool.

use super::allocation::{Claim, allocate};
use super::explanation::{Because, explain};
use super::forecast::{Driver, PoolForecast};
use super::pool::Pool;
use super::prediction::predict_pickup_seconds;
use super::reading::{PoolReading, check};
use super::stabilisation::Held;
use super::strategy::{PredictiveStrategy, ScalingStrategy};
use super::turn::{Evaluation, StrategyRecommendation, Turn};
use super::turn_clock::TurnClock;
use super::{Constraint, ConstraintKind, ScalingDecision, SlaState};
use crate::calculators::{Capacity, HostCapacity, Resources};
use crate::config::{Configuration, PoolId};
use crate::metrics::{InvalidMetrics, QueueMetrics};
use std::collections::HashMap;
use std::sync::Arc;

/// Decides, turn by turn, how many workers each pool should have. Pure: it reads no clock and does no I/O.
///
/// ```
/// use queue_autoscale::config::{Configuration, Limits, PoolSettings};
/// use queue_autoscale::engine::{ScalingEngine, Turn};
/// use queue_autoscale::metrics::QueueMetrics;
/// use std::sync::Arc;
///
/// let configuration = Configuration::for_pool(PoolSettings::default(), Limits::default());
/// let mut engine = ScalingEngine::new(Arc::new(configuration));
/// let metrics = vec![Ok(QueueMetrics {
///     connection: "redis".into(), queue: "emails".into(), pending: 120, scheduled: 0, reserved: 0,
///     oldest_job_age_seconds: Some(12.0), throughput_per_minute: 0.0, avg_duration_ms: 0.0,
///     failure_rate_percent: 0.0, active_workers: 0, busy_percent: 0.0,
/// })];
/// let evaluation = engine.evaluate(Turn { now_seconds: 0.0, metrics: &metrics, workers: &[], host: None });
/// assert!(evaluation.decisions[0].target_workers >= 9);
/// ```
#[derive(Debug)]
pub struct ScalingEngine {
    configuration: Arc<Configuration>,
    strategy: Box<dyn ScalingStrategy>,
    pools: Vec<Pool>,
    /// Pools in the order of their names.
    by_name: Vec<usize>,
    index_of_pool: HashMap<PoolId, usize>,
    /// The pool of each connection's queues; `None` where nobody works them.
    pool_of_queue: HashMap<String, HashMap<String, Option<usize>>>,
    recommendations: Vec<PoolForecast>,
    errors: Vec<InvalidMetrics>,
    host: Option<HostCapacity>,
    clock: TurnClock,
    /// Place in `by_name` of the pool that was last searched for a recurrence.
    next_search: usize,
}

/// Pools that are searched for recurring bursts in one turn; one takes some fifty microseconds.
const RECURRENCE_SEARCHES: usize = 4;

impl ScalingEngine {
    /// An engine that knows the configuration's pools and nothing of them yet.
    pub fn new(configuration: Arc<Configuration>) -> Self {
        Self::with_strategy(configuration, Box::new(PredictiveStrategy))
    }

    /// The same with another strategy than the built-in one.
    pub fn with_strategy(configuration: Arc<Configuration>, strategy: Box<dyn ScalingStrategy>) -> Self {
        let mut engine = Self {
            clock: TurnClock::new(configuration.interval_seconds),
            strategy,
            pools: Vec::new(),
            by_name: Vec::new(),
            index_of_pool: HashMap::new(),
            pool_of_queue: HashMap::new(),
            recommendations: Vec::new(),
            errors: Vec::new(),
            host: None,
            next_search: 0,
            configuration,
        };
        for pool in engine.configuration.pools() {
            engine.pool_index(pool);
        }
        engine
    }

    /// One turn: [`Self::observe`], then [`Self::decide`] without anybody else's wish.
    pub fn evaluate(&mut self, turn: Turn<'_>) -> Evaluation {
        self.observe(turn);
        self.decide(&[])
    }

    /// Takes in one turn's numbers and renews the recommendations.
    pub fn observe(&mut self, turn: Turn<'_>) {
        self.clock.advance(turn.now_seconds);
        self.host = turn.host.copied();
        self.errors.clear();
        for pool in &mut self.pools {
            pool.reading = PoolReading::default();
        }
        for row in turn.metrics {
            match row.as_ref().map_err(Clone::clone).and_then(|row| check(row).map(|()| row)) {
                Ok(row) => self.read(row),
                Err(error) => self.refuse(error),
            }
        }
        self.see_workers(&turn);
        let (now_seconds, turn_seconds) = (self.clock.now_seconds(), self.clock.turn_seconds());
        for pool in &mut self.pools {
            pool.forecast.is_readable = !pool.reading.is_broken && (pool.reading.rows > 0 || !pool.was_seen());
            if pool.forecast.is_readable {
                pool.observe(now_seconds, turn_seconds);
                pool.forecast.recommendation = self.strategy.recommend(&pool.forecast.inputs);
                pool.wake_up_if_due(now_seconds);
            }
        }
        self.search_recurrences();
        self.publish();
    }

    /// What [`Self::observe`] made of each pool, in the order of their names.
    pub fn recommendations(&self) -> &[PoolForecast] {
        &self.recommendations
    }

    /// Turns recommendations, or what `overrides` want instead of them, into decisions: bounds, then stabilisation, then
    /// capacity and fair share.
    pub fn decide(&mut self, overrides: &[StrategyRecommendation]) -> Evaluation {
        let mut wishes: HashMap<&PoolId, &StrategyRecommendation> = HashMap::new();
        wishes.extend(overrides.iter().map(|wish| (&wish.pool, wish)));
        let now_seconds = self.clock.now_seconds();
        let mut drafts: Vec<Draft<'_>> = Vec::with_capacity(self.pools.len());
        for &index in &self.by_name {
            let pool = &mut self.pools[index];
            let wish = if wishes.is_empty() { None } else { wishes.get(pool.id()).copied() };
            drafts.push(Draft::of(pool, wish, now_seconds));
        }
        let granted = self.share(&drafts);
        let decisions = self
            .by_name
            .iter()
            .zip(drafts)
            .zip(granted)
            .map(|((&index, draft), granted)| draft.decide(&self.pools[index], granted))
            .collect();
        Evaluation { decisions, errors: self.errors.clone() }
    }

    /// A few pools a turn, one after the other, so that no turn takes long however many pools there are.
    fn search_recurrences(&mut self) {
        for _ in 0..RECURRENCE_SEARCHES.min(self.by_name.len()) {
            self.next_search = (self.next_search + 1) % self.by_name.len();
            self.pools[self.by_name[self.next_search]].search_recurrence();
        }
    }

    fn read(&mut self, row: &QueueMetrics) {
        if let Some(index) = self.queue_index(&row.connection, &row.queue) {
            self.pools[index].reading.add(row);
        }
    }

    fn refuse(&mut self, error: InvalidMetrics) {
        // The key may hold any number of colons, so every place could be where the connection ends.
        let places: Vec<usize> = error.key.match_indices(':').map(|(place, _)| place).collect();
        for place in places {
            let (connection, queue) = (&error.key[..place], &error.key[place + 1..]);
            let index = self.pool_of_queue.get(connection).and_then(|queues| queues.get(queue)).copied().flatten();
            if let Some(index) = index {
                self.pools[index].reading.is_broken = true;
            }
        }
        self.errors.push(error);
    }

    fn see_workers(&mut self, turn: &Turn<'_>) {
        for pool in &mut self.pools {
            pool.has_workers_told = false;
        }
        for workers in turn.workers {
            let index = match self.index_of_pool.get(&workers.pool) {
                Some(index) => *index,
                None => self.pool_index(workers.pool.clone()),
            };
            self.pools[index].see_workers(workers);
        }
        for pool in &mut self.pools {
            if !pool.has_workers_told {
                pool.see_no_workers();
            }
        }
    }

    fn queue_index(&mut self, connection: &str, queue: &str) -> Option<usize> {
        if let Some(index) = self.pool_of_queue.get(connection).and_then(|queues| queues.get(queue)) {
            return *index;
        }
        let index = self.configuration.pool_of(connection, queue).map(|pool| self.pool_index(pool));
        self.pool_of_queue.entry(connection.to_owned()).or_default().insert(queue.to_owned(), index);
        index
    }

    fn pool_index(&mut self, id: PoolId) -> usize {
        if let Some(&index) = self.index_of_pool.get(&id) {
            return index;
        }
        let index = self.pools.len();
        let settings = self.configuration.pool_settings(&id);
        let place = self.by_name.partition_point(|&other| *self.pools[other].id() < id);
        self.pools.push(Pool::new(id.clone(), settings, self.clock.turn_seconds()));
        self.by_name.insert(place, index);
        self.index_of_pool.insert(id, index);
        index
    }

    fn publish(&mut self) {
        if self.recommendations.len() == self.pools.len() {
            for (told, &index) in self.recommendations.iter_mut().zip(&self.by_name) {
                told.update_from(&self.pools[index].forecast);
            }
        } else {
            self.recommendations = self.by_name.iter().map(|&index| self.pools[index].forecast.clone()).collect();
        }
    }

    /// Grants what fits.
    fn share(&self, drafts: &[Draft<'_>]) -> Vec<Grant> {
        let limits = &self.configuration.limits;
        let room = self.room();
        let claims: Vec<Claim<'_, PoolId>> = self
            .by_name
            .iter()
            .zip(drafts)
            .map(|(&index, draft)| {
                let pool = &self.pools[index];
                let settings = pool.settings();
                let least = if draft.is_readable { settings.min_workers } else { draft.wanted };
                Claim {
                    name: pool.id(),
                    least: least.min(draft.wanted),
                    wanted: draft.wanted,
                    each: pool.worker_footprint(),
                    weight: settings.weight,
                    urgency: pool.urgency(),
                }
            })
            .collect();
        let granted = allocate(&claims, room, limits.max_total_workers);
        let total: u64 = granted.iter().copied().map(u64::from).sum();
        let taken = claims
            .iter()
            .zip(&granted)
            .fold(Resources::NONE, |sum, (claim, &workers)| sum.plus(claim.each, f64::from(workers)));
        claims
            .iter()
            .zip(granted)
            .map(|(claim, workers)| {
                let one_more = taken.plus(claim.each, 1.0);
                let limit = if limits.max_total_workers.is_some_and(|most| total >= u64::from(most)) {
                    ConstraintKind::MaxTotalWorkers
                } else if one_more.memory_bytes > room.memory_bytes {
                    ConstraintKind::HostMemory
                } else {
                    ConstraintKind::HostCpu
                };
                Grant { workers, limit }
            })
            .collect()
    }

    fn room(&self) -> Resources {
        let Some(host) = &self.host else { return Resources::UNLIMITED };
        let ours = self.pools.iter().fold(Resources::NONE, |sum, pool| Resources {
            cpu_cores: sum.cpu_cores + pool.workers.cpu_used_cores,
            memory_bytes: sum.memory_bytes + pool.workers.memory_used_bytes as f64,
        });
        let limits = &self.configuration.limits;
        Capacity::room(host, limits.max_cpu_percent, limits.max_memory_percent, ours)
    }
}

/// What the host allows a pool.
#[derive(Clone, Copy, Debug)]
struct Grant {
    workers: u32,
    /// What bounded it, if it is less than wanted.
    limit: ConstraintKind,
}

/// A decision under way.
#[derive(Debug)]
struct Draft<'a> {
    is_readable: bool,
    recommended: u32,
    wanted: u32,
    wish: Option<&'a StrategyRecommendation>,
    constraints: Vec<Constraint>,
}

impl<'a> Draft<'a> {
    /// Recommendation, bounds, stabilisation.
    fn of(pool: &mut Pool, wish: Option<&'a StrategyRecommendation>, now_seconds: f64) -> Self {
        let is_readable = pool.forecast.is_readable;
        let inputs = &pool.forecast.inputs;
        let current = inputs.current_workers;
        if !is_readable {
            let constraints = vec![Constraint {
                kind: ConstraintKind::MetricsUnreadable,
                from_workers: current,
                to_workers: current,
                reason: format!("kept at {current}"),
            }];
            return Self { is_readable, recommended: current, wanted: current, wish: None, constraints };
        }
        let recommended = wish.map_or(pool.forecast.recommendation.workers, |wish| wish.workers);
        let mut draft = Self { is_readable, recommended, wanted: recommended, wish, constraints: Vec::new() };
        let settings = Arc::clone(&inputs.settings);
        draft.change(ConstraintKind::MinWorkers, draft.wanted.max(settings.min_workers), |_, to| {
            format!("raised to min_workers {to}")
        });
        draft.change(ConstraintKind::MaxWorkers, draft.wanted.min(settings.max_workers), |from, to| {
            format!("max_workers {to} instead of {from}")
        });
        let busy = inputs.busy_workers.min(current).min(settings.max_workers);
        draft.change(ConstraintKind::Busy, draft.wanted.max(busy), |from, to| {
            format!("{to} busy ones stay instead of {from}")
        });
        let window_seconds = inputs.stabilisation_seconds();
        let (settled, held) =
            pool.stabiliser.settle(now_seconds, draft.wanted, current, window_seconds, settings.cooldown_seconds);
        // Only max_workers takes workers away at once: a configuration is to hold from the first turn on.
        let settled = settled.min(settings.max_workers);
        let kind = if held == Held::Cooldown { ConstraintKind::Cooldown } else { ConstraintKind::Stabilisation };
        draft.change(kind, settled, |from, to| match held {
            Held::Cooldown => format!("cooldown keeps {to} instead of {from}"),
            Held::Window | Held::No => format!("{to} kept until fewer ({from}) have been enough for longer"),
        });
        draft
    }

    fn change(&mut self, kind: ConstraintKind, to: u32, reason: impl FnOnce(u32, u32) -> String) {
        let from = self.wanted;
        if to != from {
            self.constraints.push(Constraint { kind, from_workers: from, to_workers: to, reason: reason(from, to) });
            self.wanted = to;
        }
    }

    /// Capacity, and the decision as it is told.
    fn decide(mut self, pool: &Pool, grant: Grant) -> ScalingDecision {
        self.change(grant.limit, grant.workers, |from, to| match grant.limit {
            ConstraintKind::MaxTotalWorkers => format!("limits.max_total_workers leave {to} of {from}"),
            ConstraintKind::HostMemory => format!("the host's memory leaves {to} of {from}"),
            _ => format!("the host's CPU leaves {to} of {from}"),
        });
        let inputs = &pool.forecast.inputs;
        let recommendation = &pool.forecast.recommendation;
        let target_workers = self.wanted;
        let as_recommended = self.wish.is_none() && target_workers >= self.recommended;
        let predicted =
            self.is_readable.then(|| predict_pickup_seconds(inputs, target_workers, !as_recommended)).flatten();
        let because = match self.wish {
            _ if !self.is_readable => Because::Unreadable,
            Some(wish) => Because::Strategy(&wish.reason),
            None => Because::Driver(recommendation.driver),
        };
        ScalingDecision {
            pool: inputs.pool.clone(),
            current_workers: inputs.current_workers,
            recommended_workers: self.recommended,
            target_workers,
            steady_state: recommendation.steady_state,
            predictive: recommendation.predictive,
            backlog_drain: recommendation.backlog_drain,
            pickup_time: recommendation.pickup_time,
            pending: inputs.pending,
            oldest_job_age_seconds: inputs.oldest_job_age_seconds,
            arrival_rate_per_second: inputs.arrival_rate_per_second,
            arrival_rate_confidence: inputs.arrival_rate_confidence,
            forecast_rate_per_second: inputs.forecast_rate_per_second,
            service_time_seconds: inputs.service_time_seconds,
            service_time_source: inputs.service_time_source,
            boot_seconds: inputs.boot_seconds,
            max_pickup_time_seconds: inputs.settings.sla.max_pickup_time_seconds,
            predicted_pickup_time_seconds: predicted,
            sla_state: sla_state(pool, predicted, as_recommended),
            reason: explain(inputs, target_workers, because, &self.constraints),
            constraints: self.constraints,
        }
    }
}

/// `as_recommended`: nothing holds the workers below what the built-in strategy wants. Where that lets jobs wait to save
/// workers, and would correct it in time, the promise is not at risk although so few workers could not keep it for ever.
fn sla_state(pool: &Pool, predicted_seconds: Option<f64>, as_recommended: bool) -> SlaState {
    let inputs = &pool.forecast.inputs;
    let lets_wait =
        matches!(pool.forecast.recommendation.driver, Driver::SteadyState | Driver::Predictive | Driver::Collect);
    let promised = inputs.settings.sla.max_pickup_time_seconds;
    if !pool.forecast.is_readable {
        SlaState::Unknown
    } else if inputs.oldest_job_age_seconds.is_some_and(|age| age > promised) {
        SlaState::Breached
    } else if (as_recommended && lets_wait) || predicted_seconds.is_some_and(|seconds| seconds <= promised) {
        SlaState::Met
    } else {
        SlaState::AtRisk
    }
}
