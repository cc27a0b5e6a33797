//! What holds for every decision, and workers that obey it.

use queue_autoscale::config::{PoolId, PoolSettings};
use queue_autoscale::engine::{PoolWorkers, ScalingDecision};

/// Panics where a decision breaks what the engine promises. `None` for one that nothing is known of but that its workers
/// stay.
pub fn check_decision(decision: &ScalingDecision, settings: Option<&PoolSettings>) {
    match settings {
        Some(settings) => {
            let bounds = settings.min_workers..=settings.max_workers;
            assert!(bounds.contains(&decision.target_workers), "{} is not within {bounds:?}", decision.target_workers);
        }
        None => assert_eq!(decision.target_workers, decision.current_workers, "{decision:?}"),
    }
    assert!(decision.idle_floor_workers <= decision.target_workers, "{decision:?}");
    assert!(!decision.reason.is_empty());
    for number in [
        decision.steady_state.workers,
        decision.predictive.workers,
        decision.backlog_drain.workers,
        decision.pickup_time.map_or(0.0, |component| component.workers),
        decision.oldest_job_age_seconds.unwrap_or(0.0),
        decision.arrival_rate_per_second,
        decision.forecast_rate_per_second,
        decision.service_time_seconds,
        decision.boot_seconds,
    ] {
        assert!(number.is_finite() && number >= 0.0, "{number} in {decision:?}");
    }
    assert!((0.0..=1.0).contains(&decision.arrival_rate_confidence));
    assert!(decision.predicted_pickup_time_seconds.is_none_or(|seconds| seconds >= 0.0));
    let steps = decision.constraints.iter().map(|step| (step.from_workers, step.to_workers));
    let reached = steps.fold(decision.recommended_workers, |workers, (from, to)| {
        assert_eq!(from, workers, "a step is missing in {decision:?}");
        to
    });
    assert_eq!(reached, decision.target_workers, "a step is missing in {decision:?}");
}

/// As many as were asked for, half of them in a job.
pub fn obeyed(decision: &ScalingDecision) -> PoolWorkers {
    let busy = decision.target_workers / 2;
    let pool: PoolId = decision.pool.clone();
    PoolWorkers { busy, idle: decision.target_workers - busy, ..PoolWorkers::none(pool) }
}
