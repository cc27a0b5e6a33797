//! What the engine decided.

use super::whole;
use crate::engine::{Constraint, Evaluation, ScalingDecision, ServiceTimeSource, SlaState};
use crate::metrics::InvalidMetrics;
use serde::{Serialize, Serializer};

/// A decision with each component as one number.
#[derive(Debug, Serialize)]
pub(in crate::bindings) struct DecisionShape<'a> {
    connection: &'a str,
    queues: &'a str,
    current_workers: u32,
    recommended_workers: u32,
    target_workers: u32,
    steady_state_workers: f64,
    predictive_workers: f64,
    backlog_drain_workers: f64,
    pickup_time_workers: Option<f64>,
    pending: i64,
    oldest_job_age_seconds: Option<f64>,
    arrival_rate_per_second: f64,
    arrival_rate_confidence: f64,
    forecast_rate_per_second: f64,
    service_time_seconds: f64,
    service_time_source: ServiceTimeSource,
    boot_seconds: f64,
    max_pickup_time_seconds: f64,
    predicted_pickup_time_seconds: Option<f64>,
    sla_state: SlaState,
    constraints: &'a [Constraint],
    reason: &'a str,
}

impl<'a> From<&'a ScalingDecision> for DecisionShape<'a> {
    fn from(decision: &'a ScalingDecision) -> Self {
        Self {
            connection: &decision.pool.connection,
            queues: &decision.pool.queues,
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
            constraints: &decision.constraints,
            reason: &decision.reason,
        }
    }
}

/// What one turn led to: decisions in the order of their pools, and a sentence for each row that could not be used.
#[derive(Debug, Serialize)]
pub(in crate::bindings) struct EvaluationShape<'a> {
    #[serde(serialize_with = "as_shapes")]
    decisions: &'a [ScalingDecision],
    #[serde(serialize_with = "as_sentences")]
    errors: &'a [InvalidMetrics],
}

impl<'a> From<&'a Evaluation> for EvaluationShape<'a> {
    fn from(evaluation: &'a Evaluation) -> Self {
        Self { decisions: &evaluation.decisions, errors: &evaluation.errors }
    }
}

fn as_shapes<S: Serializer>(decisions: &&[ScalingDecision], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(decisions.iter().map(DecisionShape::from))
}

fn as_sentences<S: Serializer>(errors: &&[InvalidMetrics], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(errors.iter().map(ToString::to_string))
}
