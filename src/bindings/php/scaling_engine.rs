//! `QueueAutoscale\ScalingEngine` and `QueueAutoscale\Evaluation`.

use super::configuration::{ArrayArgument, ArrayResult, Configuration};
use super::entry::guarded;
use super::exceptions::Failure;
use super::host::CapacityArgument;
use super::object_writer::ObjectWriter;
use super::pool_strings::PoolStrings;
use super::queue_forecast::ForecastClass;
use super::scaling_decision::DecisionClass;
use super::zval_entries::Key;
use super::zval_reader::ZvalReader;
use crate::bindings::pool_workers_row::PoolWorkersRow;
use crate::bindings::shapes::KnownPools;
use crate::engine::{PoolForecast, PoolWorkers, StrategyRecommendation, Turn};
use crate::metrics::{InvalidMetrics, MetricsReading, QueueMetrics, read_row_again};
use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::flags::ClassFlags;
use ext_php_rs::prelude::*;
use ext_php_rs::types::{ZendHashTable, Zval};
use serde::Deserialize;
use std::cell::RefCell;
use std::rc::Rc;

/// Decides how many workers each pool needs. It remembers what it saw, so one engine is to see every turn.
#[php_class]
#[php(name = "QueueAutoscale\\ScalingEngine")]
#[php(flags = ClassFlags::Final)]
pub struct ScalingEngine {
    engine: crate::engine::ScalingEngine,
    /// The turn taken in last, kept for the next one to be read over: names that stay the same are not copied.
    metrics: MetricsReading,
    workers: Vec<PoolWorkers>,
    strings: Rc<RefCell<PoolStrings>>,
}

#[php_impl]
impl ScalingEngine {
    /// An engine that knows the configuration's pools and nothing of them yet.
    pub fn __construct(configuration: &Configuration) -> Self {
        Self {
            engine: crate::engine::ScalingEngine::new(configuration.shared()),
            metrics: MetricsReading::new(),
            workers: Vec::new(),
            strings: Rc::default(),
        }
    }

    /// Takes in one turn's numbers and renews the forecasts.
    ///
    /// A row that cannot be read is an error of the evaluation, and its pool keeps its workers.
    ///
    /// @param array<string, array<string, mixed>> $metrics as QueueMetrics::getAllQueuesWithMetrics() returns it
    /// @param array<array<string, mixed>> $workers as WorkerSupervisor::pools() returns it
    /// @param ?HostCapacity $host null bounds nothing
    /// @param float $nowSeconds a monotonic clock's instant
    /// @throws \QueueAutoscale\Exception\InvalidArgument where $workers or $nowSeconds make no sense
    pub fn observe(
        &mut self,
        metrics: ArrayArgument<'_>,
        workers: ArrayArgument<'_>,
        host: Option<CapacityArgument>,
        nowSeconds: f64,
    ) -> PhpResult<()> {
        guarded(|| {
            self.read(&metrics, &workers)?;
            self.engine.observe(turn(&self.metrics, &self.workers, host.as_ref(), nowSeconds)?);
            Ok(())
        })
    }

    /// What the engine makes of each pool, for strategies to read.
    ///
    /// @return array<string, QueueForecast> by "connection:queues"
    pub fn forecasts(&self) -> PhpResult<ArrayResult> {
        guarded(|| forecasts_of(self.engine.recommendations(), &mut self.strings.borrow_mut()))
    }

    /// Turns the recommendations, or what others want instead of them, into decisions: bounds, then stabilisation, then
    /// capacity and fair share.
    ///
    /// @param array<string, array{workers: int, reason: string}> $recommendations by "connection:queues"
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a pool that is not known, or workers that are no number
    #[php(defaults(recommendations = ArrayArgument::EMPTY))]
    pub fn decide(&mut self, recommendations: ArrayArgument<'_>) -> PhpResult<Evaluation> {
        guarded(|| {
            let overrides = read_recommendations(self.engine.recommendations(), &recommendations)?;
            Ok(Evaluation { evaluation: self.engine.decide(&overrides), strings: Rc::clone(&self.strings) })
        })
    }

    /// One turn: observe() and decide() without anybody else's wish.
    ///
    /// @param array<string, array<string, mixed>> $metrics as QueueMetrics::getAllQueuesWithMetrics() returns it
    /// @param array<array<string, mixed>> $workers as WorkerSupervisor::pools() returns it
    /// @param ?HostCapacity $host null bounds nothing
    /// @param float $nowSeconds a monotonic clock's instant
    /// @throws \QueueAutoscale\Exception\InvalidArgument where $workers or $nowSeconds make no sense
    pub fn evaluate(
        &mut self,
        metrics: ArrayArgument<'_>,
        workers: ArrayArgument<'_>,
        host: Option<CapacityArgument>,
        nowSeconds: f64,
    ) -> PhpResult<Evaluation> {
        guarded(|| {
            self.read(&metrics, &workers)?;
            let evaluation = self.engine.evaluate(turn(&self.metrics, &self.workers, host.as_ref(), nowSeconds)?);
            Ok(Evaluation { evaluation, strings: Rc::clone(&self.strings) })
        })
    }
}

impl ScalingEngine {
    fn read(&mut self, metrics: &ArrayArgument<'_>, workers: &ArrayArgument<'_>) -> Result<(), Failure> {
        for (place, (key, row)) in metrics.entries().enumerate() {
            let before = self.metrics.get(place).and_then(|row| row.as_ref().ok());
            let row = read_metrics_row(key, row, before);
            put(&mut self.metrics, place, row);
        }
        self.metrics.truncate(metrics.len());
        for (place, (key, row)) in workers.entries().enumerate() {
            let row = PoolWorkersRow::deserialize(ZvalReader::new(row))
                .map_err(|error| Failure::Argument(format!("$workers: {}: {error}", key.to_text())))?;
            let before = self.workers.get(place).map(|workers| &workers.pool);
            let row = row.into_workers(before);
            put(&mut self.workers, place, row);
        }
        self.workers.truncate(workers.len());
        Ok(())
    }
}

/// Puts `value` at `place`, which is that of another value or the next one.
fn put<T>(values: &mut Vec<T>, place: usize, value: T) {
    match values.get_mut(place) {
        Some(other) => *other = value,
        None => values.push(value),
    }
}

/// The forecasts by their pools' keys.
pub(super) fn forecasts_of<'a>(
    forecasts: impl ExactSizeIterator<Item = &'a PoolForecast>,
    strings: &mut PoolStrings,
) -> Result<ArrayResult, Failure> {
    let mut array = array_of(forecasts.len());
    let mut writer = ObjectWriter::new();
    for (place, forecast) in forecasts.enumerate() {
        let strings = strings.of(place, &forecast.inputs.pool)?;
        array.insert(strings.key()?, writer.object_of_pool::<ForecastClass>(forecast, strings)?)?;
    }
    Ok(ArrayResult::from_zval(array.into_zval(false)?))
}

/// What strategies of the user's want for the pools of `forecasts`.
pub(super) fn read_recommendations<'a>(
    forecasts: impl Iterator<Item = &'a PoolForecast>,
    recommendations: &ArrayArgument<'_>,
) -> Result<Vec<StrategyRecommendation>, Failure> {
    if recommendations.len() == 0 {
        return Ok(Vec::new());
    }
    let pools = KnownPools::of(forecasts);
    let read = |(key, value): (Key<'_>, &Zval)| {
        pools
            .read(&key.to_text(), ZvalReader::new(value))
            .map_err(|problem| Failure::Argument(format!("$recommendations: {problem}")))
    };
    recommendations.entries().map(read).collect()
}

fn turn<'turn>(
    metrics: &'turn MetricsReading,
    workers: &'turn [PoolWorkers],
    host: Option<&'turn CapacityArgument>,
    now_seconds: f64,
) -> Result<Turn<'turn>, Failure> {
    if !now_seconds.is_finite() {
        return Err(Failure::Argument(format!("$nowSeconds: {now_seconds} where a finite number was expected")));
    }
    Ok(Turn { now_seconds, metrics, workers, host: host.map(|host| &host.0) })
}

fn read_metrics_row(key: Key<'_>, row: &Zval, before: Option<&QueueMetrics>) -> Result<QueueMetrics, InvalidMetrics> {
    let row = ZvalReader::new(row);
    match key {
        Key::Name(name) => match std::str::from_utf8(name.as_bytes()) {
            Ok(name) => read_row_again(name, row, before),
            Err(_) => read_row_again(&key.to_text(), row, before),
        },
        Key::Index(_) => read_row_again(&key.to_text(), row, before),
    }
}

fn array_of(entries: usize) -> ZBox<ZendHashTable> {
    ZendHashTable::with_capacity(u32::try_from(entries).unwrap_or_default())
}

/// What one turn led to.
#[php_class]
#[php(name = "QueueAutoscale\\Evaluation")]
#[php(flags = ClassFlags::Final)]
pub struct Evaluation {
    evaluation: crate::engine::Evaluation,
    strings: Rc<RefCell<PoolStrings>>,
}

impl Evaluation {
    pub(super) fn of(evaluation: crate::engine::Evaluation) -> Self {
        Self { evaluation, strings: Rc::default() }
    }
}

#[php_impl]
impl Evaluation {
    #[php(vis = "private")]
    pub fn __construct() -> Self {
        Self::of(crate::engine::Evaluation::default())
    }

    /// One decision for each pool.
    ///
    /// @return array<string, ScalingDecision> by "connection:queues"
    pub fn decisions(&self) -> PhpResult<ArrayResult> {
        guarded(|| {
            let decisions = &self.evaluation.decisions;
            let mut array = array_of(decisions.len());
            let mut writer = ObjectWriter::new();
            let mut strings = self.strings.borrow_mut();
            for (place, decision) in decisions.iter().enumerate() {
                let strings = strings.of(place, &decision.pool)?;
                array.insert(strings.key()?, writer.object_of_pool::<DecisionClass>(decision, strings)?)?;
            }
            Ok(ArrayResult::from_zval(array.into_zval(false)?))
        })
    }

    /// Rows of the metrics that could not be used, a sentence each; their pools keep their workers.
    ///
    /// @return list<string>
    pub fn errors(&self) -> Vec<String> {
        self.evaluation.errors.iter().map(ToString::to_string).collect()
    }
}
