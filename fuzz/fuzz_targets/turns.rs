//! Any configuration, and any course of metrics, workers, hosts, wishes and clocks under it: the decisions of all turns stay in
//! bounds.
//!
//! The input is a configuration and any number of turns, one after the other. A turn is `{"now_seconds": …, "metrics":
//! {…}, "workers": {…}, "host": {…}, "wish": …}`; what is absent is as it would be if the manager did its work.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use queue_autoscale::calculators::HostCapacity;
use queue_autoscale::config::Configuration;
use queue_autoscale::engine::{
    ConstraintKind, Evaluation, PoolWorkers, ScalingDecision, ScalingEngine, StrategyRecommendation, Turn,
};
use queue_autoscale::metrics::{MetricsReading, read_row};
use queue_autoscale_fuzz::{check_decision, mutate_json, obeyed};
use serde_json::Value;
use std::sync::Arc;

const TURN_SECONDS: f64 = 5.0;

/// Beyond this the supervisor refuses a target; a pool has no more.
const MOST_WORKERS: f64 = 100_000.0;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate_json(data, size, max_size, seed) });

fuzz_target!(|text: &[u8]| {
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<Value>();
    let Some(Ok(written)) = values.next() else { return };
    let Ok(configuration) = Configuration::from_json(&written) else { return };
    let configuration = Arc::new(configuration);
    let mut engine = ScalingEngine::new(Arc::clone(&configuration));
    let mut workers: Vec<PoolWorkers> = Vec::new();
    let mut now_seconds = 0.0;
    for turn in values.map_while(Result::ok) {
        now_seconds = turn["now_seconds"].as_f64().unwrap_or(now_seconds + TURN_SECONDS);
        workers.iter_mut().for_each(|pool| change(pool, &turn["workers"]));
        let metrics: MetricsReading = match &turn["metrics"] {
            Value::Object(rows) => rows.iter().map(|(key, row)| read_row(key, row)).collect(),
            _ => MetricsReading::new(),
        };
        let host = host(&turn["host"]);
        engine.observe(Turn { now_seconds, metrics: &metrics, workers: &workers, host: host.as_ref() });
        let evaluation = engine.decide(&wishes(&engine, &turn["wish"]));
        let refused = metrics.iter().filter(|row| row.is_err()).count();
        assert!(evaluation.errors.len() >= refused, "a row that was refused is not told");
        check(&configuration, &evaluation);
        workers = evaluation.decisions.iter().map(obeyed).collect();
    }
});

/// What is told of every pool's workers instead.
fn change(pool: &mut PoolWorkers, told: &Value) {
    let number = |name: &str| told[name].as_f64();
    // What is negative counts as none.
    let workers = |name: &str, otherwise: u32| number(name).map_or(otherwise, |count| count.min(MOST_WORKERS) as u32);
    pool.starting = workers("starting", pool.starting);
    pool.idle = workers("idle", pool.idle);
    pool.busy = workers("busy", pool.busy);
    pool.unknown = workers("unknown", pool.unknown);
    pool.draining = workers("draining", pool.draining);
    pool.backing_off = workers("backing_off", pool.backing_off);
    pool.busy_seconds_total = number("busy_seconds_total").unwrap_or(pool.busy_seconds_total);
    pool.jobs_finished_total = number("jobs_finished_total").map(|jobs| jobs as u64);
    pool.longest_job_seconds = number("longest_job_seconds");
    pool.boot_seconds = number("boot_seconds");
    pool.worker_cpu_cores = number("worker_cpu_cores");
    pool.worker_memory_bytes = number("worker_memory_bytes").map(|bytes| bytes as u64);
    pool.cpu_used_cores = number("cpu_used_cores").unwrap_or(pool.cpu_used_cores);
    pool.memory_used_bytes = number("memory_used_bytes").map_or(pool.memory_used_bytes, |bytes| bytes as u64);
}

fn host(told: &Value) -> Option<HostCapacity> {
    Some(HostCapacity {
        cpu_limit_cores: told["cpu_limit_cores"].as_f64()?,
        cpu_used_cores: told["cpu_used_cores"].as_f64(),
        memory_limit_bytes: told["memory_limit_bytes"].as_f64()? as u64,
        memory_used_bytes: told["memory_used_bytes"].as_f64().unwrap_or_default() as u64,
    })
}

/// Somebody else's wish for every other pool.
fn wishes(engine: &ScalingEngine, told: &Value) -> Vec<StrategyRecommendation> {
    let Some(workers) = told.as_u64().map(|workers| u32::try_from(workers).unwrap_or(u32::MAX)) else {
        return Vec::new();
    };
    let pools = engine.recommendations().step_by(2).map(|forecast| forecast.inputs.pool.clone());
    pools.map(|pool| StrategyRecommendation { pool, workers, reason: "a wish".to_owned() }).collect()
}

fn check(configuration: &Configuration, evaluation: &Evaluation) {
    let is_unreadable = |decision: &ScalingDecision| {
        decision.constraints.first().is_some_and(|first| first.kind == ConstraintKind::MetricsUnreadable)
    };
    // Minimums, and what nothing is known of, stay whatever the limits say.
    let (mut total, mut least) = (0, 0);
    for decision in &evaluation.decisions {
        let settings = configuration.pool_settings(&decision.pool);
        let is_unreadable = is_unreadable(decision);
        check_decision(decision, (!is_unreadable).then_some(&settings));
        total += u64::from(decision.target_workers);
        least += u64::from(if is_unreadable { decision.current_workers } else { settings.min_workers });
    }
    if let Some(most) = configuration.limits.max_total_workers {
        assert!(total <= u64::from(most).max(least), "{total} workers where {most} are allowed, and {least} needed");
    }
    let names: Vec<_> = evaluation.decisions.iter().map(|decision| &decision.pool).collect();
    assert!(names.is_sorted_by(|one, other| one < other), "two decisions for one pool, or out of order");
}
