//! The engine's functions.

use super::configuration::Configuration;
use super::entry::{doing, returning};
use super::handle::{self, Opaque};
use super::input;
use super::status::{Failure, Status};
use super::text::{Text, json_of};
use crate::bindings::numbers::finite;
use crate::bindings::shapes::{EvaluationShape, KnownPools, Table, TurnShape};
use crate::calculators::HostCapacity;
use crate::engine::{PoolForecast, ScalingEngine, StrategyRecommendation, Turn};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::ffi::c_char;
use std::sync::Arc;

/// Decides how many workers each pool needs. It remembers what it saw, so one engine is to see every turn.
#[derive(Debug)]
pub struct Engine(());

impl Opaque for Engine {
    type Value = ScalingEngine;
    const TAG: u64 = u64::from_be_bytes(*b"qaEngine");
    const NAME: &'static str = "engine";
}

/// An engine that knows the configuration's pools and nothing of them yet.
///
/// # Safety
/// `configuration` is a handle; `engine` and `error` point to memory for what they get, or are NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_engine_new(
    configuration: *mut Configuration,
    engine: *mut *mut Engine,
    error: *mut Text,
) -> Status {
    let make = || {
        // SAFETY: by this function's own condition.
        let configuration = unsafe { handle::value(configuration) }?;
        Ok(ScalingEngine::new(Arc::clone(configuration)))
    };
    // SAFETY: by this function's own condition.
    unsafe { doing(error, || handle::hand_over(engine, make)) }
}

/// Ends an engine; NULL is fine.
///
/// # Safety
/// `engine` is NULL or a handle that nobody else uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_engine_free(engine: *mut Engine) -> Status {
    // SAFETY: by this function's own condition.
    unsafe { doing(std::ptr::null_mut(), || handle::free(engine)) }
}

/// Takes in one turn's numbers and renews the forecasts.
///
/// `turn` is `{"metrics": {"connection:queue": {…}, …}, "workers": […], "host": {…}}`: the metrics as
/// QueueMetrics::getAllQueuesWithMetrics() returns them; the workers as `qa_supervisor_pools` returns them, or absent; the
/// host as `qa_host_monitor_read` returns it, or null, which bounds nothing. `now_seconds` is a monotonic clock's instant.
/// A row that cannot be read is an error of the evaluation, and its pool keeps its workers.
///
/// # Safety
/// `engine` is a handle; `turn` points to `turn_length` bytes; `error` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_engine_observe(
    engine: *mut Engine,
    turn: *const c_char,
    turn_length: usize,
    now_seconds: f64,
    error: *mut Text,
) -> Status {
    let observe = || {
        // SAFETY: by this function's own condition.
        let (engine, turn) = unsafe { (handle::value(engine)?, input::text("turn", turn, turn_length)?) };
        with_turn(turn, now_seconds, |turn| engine.observe(turn))
    };
    // SAFETY: by this function's own condition.
    unsafe { doing(error, observe) }
}

/// What the engine makes of each pool, for strategies to read: a table with a row for each pool in the order of their
/// names.
///
/// # Safety
/// `engine` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_engine_forecasts(engine: *mut Engine, output: *mut Text) -> Status {
    let forecasts = || {
        // SAFETY: by this function's own condition.
        let engine = unsafe { handle::value(engine) }?;
        json_of(&Table(engine.recommendations())).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, forecasts) }
}

/// Turns the recommendations, or what others want instead of them, into decisions: bounds, then stabilisation, then
/// capacity and fair share. `recommendations` is `{"connection:queues": {"workers": 3, "reason": "…"}, …}`, or `{}`.
///
/// The output is `{"decisions": table, "errors": [sentences]}`; the table has a row for each pool in the order of their
/// names.
///
/// # Safety
/// `engine` is a handle; `recommendations` points to `recommendations_length` bytes; `output` points to memory for a text,
/// or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_engine_decide(
    engine: *mut Engine,
    recommendations: *const c_char,
    recommendations_length: usize,
    output: *mut Text,
) -> Status {
    let decide = || {
        // SAFETY: by this function's own condition.
        let (engine, text) = unsafe {
            (handle::value(engine)?, input::text("recommendations", recommendations, recommendations_length)?)
        };
        let wishes = read_wishes(engine.recommendations(), text)?;
        json_of(&EvaluationShape::from(&engine.decide(&wishes))).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, decide) }
}

/// One turn: `qa_engine_observe`, then `qa_engine_decide` without anybody else's wish.
///
/// # Safety
/// `engine` is a handle; `turn` points to `turn_length` bytes; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_engine_evaluate(
    engine: *mut Engine,
    turn: *const c_char,
    turn_length: usize,
    now_seconds: f64,
    output: *mut Text,
) -> Status {
    let evaluate = || {
        // SAFETY: by this function's own condition.
        let (engine, turn) = unsafe { (handle::value(engine)?, input::text("turn", turn, turn_length)?) };
        let evaluation = with_turn(turn, now_seconds, |turn| engine.evaluate(turn))?;
        json_of(&EvaluationShape::from(&evaluation)).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, evaluate) }
}

/// Reads `{"connection:queues": {"workers": 3, "reason": "…"}, …}` for the pools of `forecasts`.
pub(super) fn read_wishes<'a>(
    forecasts: impl Iterator<Item = &'a PoolForecast>,
    text: &str,
) -> Result<Vec<StrategyRecommendation>, Failure> {
    let rows: BTreeMap<String, &RawValue> = input::json("recommendations", text)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let pools = KnownPools::of(forecasts);
    let wish = |(key, row): (String, &RawValue)| {
        let wish = pools.read(&key, &mut serde_json::Deserializer::from_str(row.get()));
        wish.map_err(|problem| Failure::argument("recommendations", problem))
    };
    rows.into_iter().map(wish).collect()
}

fn with_turn<T>(json: &str, now_seconds: f64, act: impl FnOnce(Turn<'_>) -> T) -> Result<T, Failure> {
    let now_seconds = finite("now_seconds", now_seconds)?;
    let TurnShape { metrics, workers, host } = input::json("turn", json)?;
    let host = host.map(HostCapacity::from);
    Ok(act(Turn { now_seconds, metrics: &metrics, workers: &workers, host: host.as_ref() }))
}
