//! `QueueAutoscale\ScalingEngine` and `QueueAutoscale\Evaluation`.

use super::configuration::{ArrayArgument, ArrayResult, Configuration};
use super::entry::guarded;
use super::exceptions::Failure;
use super::host::CapacityArgument;
use super::object_writer::ObjectWriter;
use super::queue_forecast::ForecastClass;
use super::scaling_decision::DecisionClass;
use super::zval_entries::Key;
use super::zval_reader::ZvalReader;
use crate::bindings::pool_workers_row::PoolWorkersRow;
use crate::bindings::shapes::read_recommendation;
use crate::config::PoolId;
use crate::engine::{PoolForecast, PoolWorkers, StrategyRecommendation, Turn};
use crate::metrics::{InvalidMetrics, MetricsReading, QueueMetrics, read_row};
use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::flags::ClassFlags;
use ext_php_rs::prelude::*;
use ext_php_rs::types::array::ArrayKey;
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};
use serde::Deserialize;
use std::fmt::Write;

/// Decides how many workers each pool needs. It remembers what it saw, so one engine is to see every turn.
#[php_class]
#[php(name = "QueueAutoscale\\ScalingEngine")]
#[php(flags = ClassFlags::Final)]
pub struct ScalingEngine {
    engine: crate::engine::ScalingEngine,
}

#[php_impl]
impl ScalingEngine {
    /// An engine that knows the configuration's pools and nothing of them yet.
    pub fn __construct(configuration: &Configuration) -> Self {
        Self { engine: crate::engine::ScalingEngine::new(configuration.shared()) }
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
            let (metrics, workers) = (read_metrics(&metrics), read_workers(&workers)?);
            self.engine.observe(turn(&metrics, &workers, host.as_ref(), nowSeconds)?);
            Ok(())
        })
    }

    /// What the engine makes of each pool, for strategies to read.
    ///
    /// @return array<string, QueueForecast> by "connection:queues"
    pub fn forecasts(&self) -> PhpResult<ArrayResult> {
        guarded(|| forecasts_of(self.engine.recommendations()))
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
            Ok(Evaluation { evaluation: self.engine.decide(&overrides) })
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
            let (metrics, workers) = (read_metrics(&metrics), read_workers(&workers)?);
            let evaluation = self.engine.evaluate(turn(&metrics, &workers, host.as_ref(), nowSeconds)?);
            Ok(Evaluation { evaluation })
        })
    }
}

/// The forecasts by their pools' keys.
pub(super) fn forecasts_of<'a>(
    forecasts: impl ExactSizeIterator<Item = &'a PoolForecast>,
) -> Result<ArrayResult, Failure> {
    let mut array = PoolArray::with_capacity(forecasts.len());
    let mut writer = ObjectWriter::new();
    for forecast in forecasts {
        array.insert(&forecast.inputs.pool, writer.object_of::<ForecastClass>(forecast)?)?;
    }
    array.finish()
}

/// What strategies of the user's want for the pools of `forecasts`.
pub(super) fn read_recommendations<'a>(
    forecasts: impl Iterator<Item = &'a PoolForecast> + Clone,
    recommendations: &ArrayArgument<'_>,
) -> Result<Vec<StrategyRecommendation>, Failure> {
    let read = |(key, value): (Key<'_>, &Zval)| {
        read_recommendation(forecasts.clone(), &key.to_text(), ZvalReader::new(value))
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

fn read_metrics(metrics: &ArrayArgument<'_>) -> MetricsReading {
    let mut reading = MetricsReading::with_capacity(metrics.len());
    reading.extend(metrics.entries().map(|(key, row)| read_metrics_row(key, row)));
    reading
}

fn read_metrics_row(key: Key<'_>, row: &Zval) -> Result<QueueMetrics, InvalidMetrics> {
    let row = ZvalReader::new(row);
    match key {
        Key::Name(name) => match std::str::from_utf8(name.as_bytes()) {
            Ok(name) => read_row(name, row),
            Err(_) => read_row(&key.to_text(), row),
        },
        Key::Index(_) => read_row(&key.to_text(), row),
    }
}

fn read_workers(workers: &ArrayArgument<'_>) -> Result<Vec<PoolWorkers>, Failure> {
    let read = |(key, row): (Key<'_>, &Zval)| {
        let row = PoolWorkersRow::deserialize(ZvalReader::new(row));
        row.map(PoolWorkers::from).map_err(|error| Failure::Argument(format!("$workers: {}: {error}", key.to_text())))
    };
    let mut pools = Vec::with_capacity(workers.len());
    for entry in workers.entries() {
        pools.push(read(entry)?);
    }
    Ok(pools)
}

/// Collects objects under the keys of their pools.
struct PoolArray {
    array: ZBox<ZendHashTable>,
    key: String,
}

impl PoolArray {
    fn with_capacity(entries: usize) -> Self {
        let entries = u32::try_from(entries).unwrap_or_default();
        Self { array: ZendHashTable::with_capacity(entries), key: String::new() }
    }

    fn insert(&mut self, pool: &PoolId, object: ZBox<ZendObject>) -> Result<(), Failure> {
        self.key.clear();
        // Writing into a String never fails.
        let _ = write!(self.key, "{pool}");
        // A key with a colon is no number, so PHP need not be asked.
        Ok(self.array.insert(ArrayKey::Str(&self.key), object)?)
    }

    fn finish(self) -> Result<ArrayResult, Failure> {
        Ok(ArrayResult::from_zval(self.array.into_zval(false)?))
    }
}

/// What one turn led to.
#[php_class]
#[php(name = "QueueAutoscale\\Evaluation")]
#[php(flags = ClassFlags::Final)]
pub struct Evaluation {
    evaluation: crate::engine::Evaluation,
}

impl Evaluation {
    pub(super) fn of(evaluation: crate::engine::Evaluation) -> Self {
        Self { evaluation }
    }
}

#[php_impl]
impl Evaluation {
    #[php(vis = "private")]
    pub fn __construct() -> Self {
        Self { evaluation: crate::engine::Evaluation::default() }
    }

    /// One decision for each pool.
    ///
    /// @return array<string, ScalingDecision> by "connection:queues"
    pub fn decisions(&self) -> PhpResult<ArrayResult> {
        guarded(|| {
            let decisions = &self.evaluation.decisions;
            let mut array = PoolArray::with_capacity(decisions.len());
            let mut writer = ObjectWriter::new();
            for decision in decisions {
                array.insert(&decision.pool, writer.object_of::<DecisionClass>(decision)?)?;
            }
            array.finish()
        })
    }

    /// Rows of the metrics that could not be used, a sentence each; their pools keep their workers.
    ///
    /// @return list<string>
    pub fn errors(&self) -> Vec<String> {
        self.evaluation.errors.iter().map(ToString::to_string).collect()
    }
}
