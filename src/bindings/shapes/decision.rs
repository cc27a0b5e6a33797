//! What the engine decided.

use super::table::{Table, columns};
use super::whole;
use crate::engine::{Evaluation, ScalingDecision};
use crate::metrics::InvalidMetrics;
use serde::{Serialize, Serializer};

columns!(ScalingDecision, decision => {
    connection: decision.pool.connection,
    queues: decision.pool.queues,
    current_workers: decision.current_workers,
    recommended_workers: decision.recommended_workers,
    target_workers: decision.target_workers,
    steady_state_workers: decision.steady_state.workers,
    predictive_workers: decision.predictive.workers,
    backlog_drain_workers: decision.backlog_drain.workers,
    pickup_time_workers: decision.pickup_time.map(|component| component.workers),
    pending: whole(decision.pending),
    oldest_job_age_seconds: decision.oldest_job_age_seconds,
    arrival_rate_per_second: decision.arrival_rate_per_second,
    arrival_rate_confidence: decision.arrival_rate_confidence,
    forecast_rate_per_second: decision.forecast_rate_per_second,
    service_time_seconds: decision.service_time_seconds,
    service_time_source: decision.service_time_source,
    boot_seconds: decision.boot_seconds,
    max_pickup_time_seconds: decision.max_pickup_time_seconds,
    predicted_pickup_time_seconds: decision.predicted_pickup_time_seconds,
    sla_state: decision.sla_state,
    constraints: decision.constraints,
    reason: decision.reason,
});

/// What one turn led to: decisions in the order of their pools, and a sentence for each row that could not be used.
#[derive(Debug, Serialize)]
pub(in crate::bindings) struct EvaluationShape<'a> {
    decisions: Table<std::slice::Iter<'a, ScalingDecision>>,
    #[serde(serialize_with = "as_sentences")]
    errors: &'a [InvalidMetrics],
}

impl<'a> From<&'a Evaluation> for EvaluationShape<'a> {
    fn from(evaluation: &'a Evaluation) -> Self {
        Self { decisions: Table(evaluation.decisions.iter()), errors: &evaluation.errors }
    }
}

fn as_sentences<S: Serializer>(errors: &&[InvalidMetrics], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(errors.iter().map(ToString::to_string))
}
