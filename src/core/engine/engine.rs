//! From one turn's numbers to one decision for each pool.

use super::allocation::{Claim, allocate};
use super::contradiction::Contradiction;
use super::directory::Directory;
use super::explanation::{Because, Sentence};
use super::forecast::{Driver, PoolForecast, StrategyInputs};
use super::host_room::HostRoom;
use super::pool::Pool;
use super::prediction::predict_pickup_seconds;
use super::reading::{PoolReading, check};
use super::stabilisation::Held;
use super::steps::{ConstraintLists, Steps};
use super::strategy::{PredictiveStrategy, ScalingStrategy};
use super::turn::{Evaluation, StrategyRecommendation, Turn};
use super::turn_clock::TurnClock;
use super::{ConstraintKind, ScalingDecision, SlaState};
use crate::calculators::Resources;
use crate::config::{Configuration, PoolId};
use crate::metrics::{InvalidMetrics, QueueMetrics};
use std::collections::HashMap;
use std::sync::Arc;

/// Decides, turn by turn, how many workers each pool should have. Pure: it reads no clock and does no I/O.
///
/// ```
/// use queue_autoscale_core::config::{Configuration, Limits, PoolSettings};
/// use queue_autoscale_core::engine::{ScalingEngine, Turn};
/// use queue_autoscale_core::metrics::QueueMetrics;
/// use std::sync::Arc;
///
/// let configuration = Configuration::for_pool(PoolSettings::default(), Limits::default());
/// let mut engine = ScalingEngine::new(Arc::new(configuration));
/// let metrics = vec![Ok(QueueMetrics {
///     connection: "redis".into(), queue: "emails".into(), pending: 120, scheduled: 0, reserved: 0,
///     delayed_due_now: None,
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
    /// In the order of their names, but for new ones at the end until [`Self::sort`].
    pools: Vec<Pool>,
    /// How many of them are in order.
    sorted: usize,
    /// What this turn tells of each pool, by the pools' numbers. Apart from the pools, since it is written in the order of
    /// the rows and the pools are large.
    told: Vec<Told>,
    numbers: Directory<usize>,
    /// Number of the pool of each connection's queues; `None` where nobody works them.
    numbers_by_queue: Directory<Option<usize>>,
    errors: Vec<InvalidMetrics>,
    room: HostRoom,
    clock: TurnClock,
    /// Place of the pool that was last searched for a recurrence.
    next_search: usize,
}

/// What one turn tells of one pool.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    /// Sum of its rows.
    reading: PoolReading,
    /// Place of its workers among all.
    workers: Option<usize>,
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
            sorted: 0,
            told: Vec::new(),
            numbers: Directory::new(),
            numbers_by_queue: Directory::new(),
            errors: Vec::new(),
            room: HostRoom::default(),
            next_search: 0,
            configuration,
        };
        for pool in engine.configuration.pools() {
            engine.number_of(&pool);
        }
        engine.sort();
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
        self.errors.clear();
        self.told.fill(Told::default());
        for row in turn.metrics {
            match row.as_ref().map_err(Clone::clone).and_then(|row| check(row).map(|()| row)) {
                Ok(row) => self.read(row),
                Err(error) => self.refuse(error),
            }
        }
        for (place, workers) in turn.workers.iter().enumerate() {
            let number = self.number_of(&workers.pool);
            self.told[number].workers = Some(place);
        }
        self.sort();
        let (now_seconds, turn_seconds) = (self.clock.now_seconds(), self.clock.turn_seconds());
        let mut ours = Resources::NONE;
        for pool in &mut self.pools {
            let Told { reading, workers } = &mut self.told[pool.number];
            pool.see_workers(workers.map(|place| &turn.workers[place]));
            if let Some(contradiction) = pool.contradiction(reading, now_seconds, turn_seconds) {
                reading.is_broken = true;
                self.errors.extend(pool.witness.is_told().then(|| unbelievable(pool.id(), contradiction)));
            }
            pool.forecast.is_readable = !reading.is_broken && (reading.rows > 0 || !pool.was_seen());
            if pool.forecast.is_readable {
                pool.observe(reading, now_seconds, turn_seconds);
                pool.forecast.recommendation = self.strategy.recommend(&pool.forecast.inputs);
                pool.wake_up_if_due(reading, now_seconds);
            }
            ours = ours.plus(pool.workers.used(), 1.0);
        }
        self.room.observe(turn.host, ours, &self.configuration.limits);
        self.search_recurrences();
    }

    /// What [`Self::observe`] made of each pool, in the order of their names.
    pub fn recommendations(&self) -> impl ExactSizeIterator<Item = &PoolForecast> + Clone {
        self.pools.iter().map(|pool| &pool.forecast)
    }

    /// Turns recommendations, or what `overrides` want instead of them, into decisions: bounds, then stabilisation, then
    /// capacity and fair share.
    pub fn decide(&mut self, overrides: &[StrategyRecommendation]) -> Evaluation {
        let mut wishes: HashMap<&PoolId, &StrategyRecommendation> = HashMap::new();
        wishes.extend(overrides.iter().map(|wish| (&wish.pool, wish)));
        let now_seconds = self.clock.now_seconds();
        let of_pool = |pool: &mut Pool| {
            let wish = if wishes.is_empty() { None } else { wishes.get(pool.id()).copied() };
            Draft::of(pool, wish, now_seconds)
        };
        let drafts: Vec<Draft<'_>> = self.pools.iter_mut().map(of_pool).collect();
        let granted = self.share(&drafts);
        let mut wording = Wording { lists: ConstraintLists::new(), sentence: Sentence::new() };
        let parts = self.pools.iter_mut().zip(drafts).zip(granted);
        let decide = |((pool, draft), grant): ((&mut Pool, Draft<'_>), Grant)| {
            pool.granted_workers = grant.workers;
            draft.decide(pool, grant, &mut wording)
        };
        let decisions = parts.map(decide).collect();
        Evaluation { decisions, errors: self.errors.clone() }
    }

    /// A few pools a turn, one after the other, so that no turn takes long however many pools there are.
    fn search_recurrences(&mut self) {
        for _ in 0..RECURRENCE_SEARCHES.min(self.pools.len()) {
            self.next_search = (self.next_search + 1) % self.pools.len();
            self.pools[self.next_search].search_recurrence();
        }
    }

    fn read(&mut self, row: &QueueMetrics) {
        if let Some(number) = self.number_of_queue(&row.connection, &row.queue) {
            self.told[number].reading.add(row);
        }
    }

    fn refuse(&mut self, error: InvalidMetrics) {
        // The key may hold any number of colons, so every place could be where the connection ends.
        for (place, _) in error.key.match_indices(':') {
            let (connection, queue) = (&error.key[..place], &error.key[place + 1..]);
            if let Some(number) = self.numbers_by_queue.find(connection, queue).flatten() {
                self.told[number].reading.is_broken = true;
            }
        }
        self.errors.push(error);
    }

    fn number_of_queue(&mut self, connection: &Arc<str>, queue: &Arc<str>) -> Option<usize> {
        if let Some(number) = self.numbers_by_queue.find(connection, queue) {
            return number;
        }
        let number = self.configuration.pool_of(connection, queue).map(|pool| self.number_of(&pool));
        self.numbers_by_queue.insert(connection, queue, number);
        number
    }

    fn number_of(&mut self, id: &PoolId) -> usize {
        if let Some(number) = self.numbers.find(&id.connection, &id.queues) {
            return number;
        }
        let number = self.pools.len();
        let settings = self.configuration.pool_settings(id);
        self.pools.push(Pool::new(number, id.clone(), settings, self.clock.turn_seconds()));
        self.told.push(Told::default());
        self.numbers.insert(&id.connection, &id.queues, number);
        number
    }

    /// Puts pools that are new where their names belong.
    fn sort(&mut self) {
        if self.sorted < self.pools.len() {
            self.pools.sort_by(|one, other| one.id().cmp(other.id()));
            self.sorted = self.pools.len();
        }
    }

    /// Grants what fits.
    fn share(&self, drafts: &[Draft<'_>]) -> Vec<Grant> {
        let limits = &self.configuration.limits;
        let claims: Vec<Claim<'_, PoolId>> = self
            .pools
            .iter()
            .zip(drafts)
            .map(|(pool, draft)| {
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
        let (mut running, mut kept) = (Resources::NONE, Resources::NONE);
        for (claim, pool) in claims.iter().zip(&self.pools) {
            let workers = pool.workers.running();
            running = running.plus(claim.each, f64::from(workers));
            kept = kept.plus(claim.each, f64::from(workers.min(claim.wanted)));
        }
        let room = self.room.for_workers(running, kept);
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
}

/// Says why a row of zeros is not believed.
fn unbelievable(pool: &PoolId, contradiction: Contradiction) -> InvalidMetrics {
    let message = match contradiction {
        Contradiction::Busy { workers } => format!("no job at all, while {workers} of its workers are in a job"),
        Contradiction::Vanished { jobs } => format!("no job at all, while {jobs} are gone that nobody worked off"),
    };
    let remedy = "QueueMetrics could not read the queue, so its workers stay; its log says why";
    InvalidMetrics::new(pool.to_string(), "depth", format!("{message}: {remedy}"))
}

/// What the host allows a pool.
#[derive(Clone, Copy, Debug)]
struct Grant {
    workers: u32,
    /// What bounded it, if it is less than wanted.
    limit: ConstraintKind,
}

/// What many decisions are told with.
struct Wording {
    lists: ConstraintLists,
    sentence: Sentence,
}

/// A decision under way.
#[derive(Debug)]
struct Draft<'a> {
    is_readable: bool,
    recommended: u32,
    wanted: u32,
    wish: Option<&'a StrategyRecommendation>,
    steps: Steps,
}

impl<'a> Draft<'a> {
    /// Recommendation, bounds, stabilisation.
    fn of(pool: &mut Pool, wish: Option<&'a StrategyRecommendation>, now_seconds: f64) -> Self {
        let is_readable = pool.forecast.is_readable;
        let inputs = &pool.forecast.inputs;
        let current = inputs.current_workers;
        if !is_readable {
            let mut steps = Steps::default();
            steps.add(ConstraintKind::MetricsUnreadable, current, current);
            return Self { is_readable, recommended: current, wanted: current, wish: None, steps };
        }
        let recommended = wish.map_or(pool.forecast.recommendation.workers, |wish| wish.workers);
        let mut draft = Self { is_readable, recommended, wanted: recommended, wish, steps: Steps::default() };
        let settings = Arc::clone(&inputs.settings);
        draft.change(ConstraintKind::MinWorkers, draft.wanted.max(settings.min_workers));
        draft.change(ConstraintKind::MaxWorkers, draft.wanted.min(settings.max_workers));
        let busy = inputs.busy_workers.min(current).min(settings.max_workers);
        draft.change(ConstraintKind::Busy, draft.wanted.max(busy));
        let window_seconds = pool.forecast.stabilisation_seconds();
        let (settled, held) =
            pool.stabiliser.settle(now_seconds, draft.wanted, current, window_seconds, settings.cooldown_seconds);
        // Only max_workers takes workers away at once: a configuration is to hold from the first turn on.
        let settled = settled.min(settings.max_workers);
        let kind = if held == Held::Cooldown { ConstraintKind::Cooldown } else { ConstraintKind::Stabilisation };
        draft.change(kind, settled);
        draft
    }

    fn change(&mut self, kind: ConstraintKind, to: u32) {
        let from = self.wanted;
        if to != from {
            self.steps.add(kind, from, to);
            self.wanted = to;
        }
    }

    /// Workers that stay although they find no job. Only the built-in strategy knows whom it would miss; whoever asks for a
    /// cooldown wants decreases to be decided and spaced.
    fn idle_floor(&self, inputs: &StrategyInputs, recommended: u32) -> u32 {
        if !self.is_readable || self.wish.is_some() || inputs.settings.cooldown_seconds > 0.0 {
            return self.wanted;
        }
        recommended.max(inputs.settings.min_workers).min(self.wanted)
    }

    /// Capacity, and the decision as it is told.
    fn decide(mut self, pool: &Pool, grant: Grant, wording: &mut Wording) -> ScalingDecision {
        self.change(grant.limit, grant.workers);
        let constraints = wording.lists.of(&self.steps);
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
            idle_floor_workers: self.idle_floor(inputs, recommendation.idle_floor_workers),
            steady_state: recommendation.steady_state,
            predictive: recommendation.predictive,
            backlog_drain: recommendation.backlog_drain,
            pickup_time: recommendation.pickup_time,
            pending: inputs.pending,
            oldest_job_age_seconds: pool.known_age_seconds(),
            arrival_rate_per_second: inputs.arrival_rate_per_second,
            arrival_rate_confidence: inputs.arrival_rate_confidence,
            forecast_rate_per_second: inputs.forecast_rate_per_second,
            service_time_seconds: inputs.service_time_seconds,
            service_time_source: inputs.service_time_source,
            boot_seconds: inputs.boot_seconds,
            max_pickup_time_seconds: inputs.settings.sla.max_pickup_time_seconds,
            predicted_pickup_time_seconds: predicted,
            sla_state: sla_state(pool, predicted, as_recommended),
            reason: wording.sentence.explain(inputs, target_workers, because, &constraints),
            constraints,
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
