//! The simulator's functions.

use super::configuration::Configuration;
use super::engine::read_wishes;
use super::entry::{doing, returning};
use super::handle::{self, Opaque};
use super::input;
use super::status::{Failure, Status};
use super::text::{Text, json_of};
use crate::bindings::shapes::{EvaluationShape, Table};
use crate::bindings::simulator_traffic::{Traffic, TrafficError};
use crate::simulator::experiment::{Experiment, ExperimentError, RunFigures, RunOptions, Strategy, named_scenarios};
use serde::Deserialize;
use std::ffi::c_char;
use std::sync::Arc;

/// Some traffic, and what configurations and strategies would have done on it.
#[derive(Debug)]
pub struct Simulator(());

impl Opaque for Simulator {
    type Value = Experiment;
    const TAG: u64 = u64::from_be_bytes(*b"qaSimula");
    const NAME: &'static str = "simulator";
}

impl From<ExperimentError> for Failure {
    fn from(error: ExperimentError) -> Self {
        let status = match &error {
            ExperimentError::Configuration(_) => Status::InvalidConfiguration,
            ExperimentError::NothingUnderWay
            | ExperimentError::NothingFinished
            | ExperimentError::DecidesItself(_)
            | ExperimentError::OutOfTurn(_)
            | ExperimentError::Chart(_) => Status::Fault,
            _ => Status::InvalidArgument,
        };
        Self::new(status, error.to_string())
    }
}

impl From<TrafficError> for Failure {
    fn from(error: TrafficError) -> Self {
        match error {
            TrafficError::Experiment(error) => error.into(),
            TrafficError::File { .. } => Self::new(Status::InvalidArgument, error.to_string()),
        }
    }
}

/// `{"scenarios": [{"name": …, "possible": …, "configuration": {…}}, …], "strategies": [names]}`: what there is to simulate.
/// `possible` says whether anybody who cannot see the future could keep the promise, `configuration` holds the settings
/// that make the scenario what it is.
///
/// # Safety
/// `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_simulator_catalogue(output: *mut Text) -> Status {
    let catalogue = || {
        let strategies = Strategy::ALL.map(|strategy| strategy.name());
        json_of(&serde_json::json!({ "scenarios": named_scenarios(), "strategies": strategies })).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, catalogue) }
}

/// A simulator of `traffic`: `{"scenario": "NAME"}`, `{"recording": "PATH"}` of what queue:autoscale --record wrote, or
/// `{"arrivals": "PATH"}` of a CSV file. `seed` draws whatever is left to chance.
///
/// # Safety
/// `configuration` is a handle; `traffic` points to `traffic_length` bytes; `simulator` and `error` point to memory for
/// what they get, or are NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_simulator_new(
    configuration: *mut Configuration,
    traffic: *const c_char,
    traffic_length: usize,
    seed: u64,
    simulator: *mut *mut Simulator,
    error: *mut Text,
) -> Status {
    let make = || {
        // SAFETY: by this function's own condition.
        let (configuration, text) =
            unsafe { (handle::value(configuration)?, input::text("traffic", traffic, traffic_length)?) };
        Ok(input::json::<Traffic>("traffic", text)?.open(configuration, seed)?)
    };
    // SAFETY: by this function's own condition.
    unsafe { doing(error, || handle::hand_over(simulator, make)) }
}

/// Ends a simulator; NULL is fine.
///
/// # Safety
/// `simulator` is NULL or a handle that nobody else uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_simulator_free(simulator: *mut Simulator) -> Status {
    // SAFETY: by this function's own condition.
    unsafe { doing(std::ptr::null_mut(), || handle::free(simulator)) }
}

/// `{"name": …, "jobs": …, "seconds": …, "turn_seconds": …, "boot_seconds": …, "pools": [{"connection": …, "queues": …,
/// "jobs": …, "mean_service_seconds": …, "real": …}, …]}`: what came in. `real` is null where the traffic is no recording,
/// else `{"mean_workers": …, "peak_workers": …, "mean_pickup_seconds": …}`.
///
/// # Safety
/// `simulator` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_simulator_traffic(simulator: *mut Simulator, output: *mut Text) -> Status {
    // SAFETY: by this function's own condition.
    let traffic = || json_of(&unsafe { handle::value(simulator) }?.traffic()).map(Some);
    // SAFETY: by this function's own condition.
    unsafe { returning(output, traffic) }
}

/// How a run is to be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Run {
    name: Option<String>,
    strategy: Option<String>,
    turn_seconds: Option<f64>,
    boot_seconds: Option<f64>,
}

/// Begins a run under a configuration, which must work the traffic's queues in the same pools.
///
/// `run` is `{"name": …, "strategy": …, "turn_seconds": …, "boot_seconds": …}`, each of which may be absent or null: the
/// strategy is the engine then, a time the recorded one, else the configuration's. A run that is under way is dropped.
///
/// # Safety
/// `simulator` and `configuration` are handles; `run` points to `run_length` bytes; `error` points to memory for a text, or
/// is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_simulator_start(
    simulator: *mut Simulator,
    configuration: *mut Configuration,
    run: *const c_char,
    run_length: usize,
    error: *mut Text,
) -> Status {
    let start = || {
        // SAFETY: by this function's own condition.
        let (simulator, configuration, text) =
            unsafe { (handle::value(simulator)?, handle::value(configuration)?, input::text("run", run, run_length)?) };
        let Run { name, strategy, turn_seconds, boot_seconds } = input::json("run", text)?;
        let strategy = strategy.as_deref().map_or(Ok(Strategy::ENGINE), Strategy::named)?;
        let name = name.unwrap_or_else(|| strategy.name().to_owned());
        let options = RunOptions { name, strategy, turn_seconds, boot_seconds };
        Ok(simulator.start(options, Arc::clone(configuration))?)
    };
    // SAFETY: by this function's own condition.
    unsafe { doing(error, start) }
}

/// Lets the run's strategy decide up to so many turns. The output is how much of the run is done, `1.0` for all of it.
///
/// # Safety
/// `simulator` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_simulator_advance(simulator: *mut Simulator, turns: u32, output: *mut Text) -> Status {
    // SAFETY: by this function's own condition.
    let advance = || json_of(&unsafe { handle::value(simulator) }?.advance(turns)?).map(Some);
    // SAFETY: by this function's own condition.
    unsafe { returning(output, advance) }
}

/// Goes on to the run's next turn, for the caller to decide. The output is `true`, or `false` once the run is over.
///
/// # Safety
/// `simulator` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_simulator_observe(simulator: *mut Simulator, output: *mut Text) -> Status {
    // SAFETY: by this function's own condition.
    let observe = || json_of(&unsafe { handle::value(simulator) }?.observe()?).map(Some);
    // SAFETY: by this function's own condition.
    unsafe { returning(output, observe) }
}

/// What the engine makes of each pool in this turn, as `qa_engine_forecasts` tells it.
///
/// # Safety
/// `simulator` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_simulator_forecasts(simulator: *mut Simulator, output: *mut Text) -> Status {
    let forecasts = || {
        // SAFETY: by this function's own condition.
        let forecasts = unsafe { handle::value(simulator) }?.forecasts()?;
        json_of(&Table(forecasts)).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, forecasts) }
}

/// Decides this turn, with recommendations and an output as `qa_engine_decide` has them.
///
/// # Safety
/// `simulator` is a handle; `recommendations` points to `recommendations_length` bytes; `output` points to memory for a
/// text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_simulator_decide(
    simulator: *mut Simulator,
    recommendations: *const c_char,
    recommendations_length: usize,
    output: *mut Text,
) -> Status {
    let decide = || {
        // SAFETY: by this function's own condition.
        let (simulator, text) = unsafe {
            (handle::value(simulator)?, input::text("recommendations", recommendations, recommendations_length)?)
        };
        let wishes = read_wishes(simulator.forecasts()?, text)?;
        json_of(&EvaluationShape::from(&simulator.decide(&wishes)?)).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, decide) }
}

/// `{"progress": …, "results": [{…}, …]}`: how much of the run under way is done, 1.0 where none is, and the figures of all
/// runs that are over.
///
/// # Safety
/// `simulator` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_simulator_results(simulator: *mut Simulator, output: *mut Text) -> Status {
    let results = || {
        // SAFETY: by this function's own condition.
        let simulator = unsafe { handle::value(simulator) }?;
        let results: Vec<&RunFigures> = simulator.results().collect();
        json_of(&serde_json::json!({ "progress": simulator.share_done(), "results": results })).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, results) }
}

/// All runs that are over as one HTML page with charts, which needs no other file; a text in JSON.
///
/// # Safety
/// `simulator` is a handle; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_simulator_report(simulator: *mut Simulator, output: *mut Text) -> Status {
    // SAFETY: by this function's own condition.
    let report = || json_of(&unsafe { handle::value(simulator) }?.report()?).map(Some);
    // SAFETY: by this function's own condition.
    unsafe { returning(output, report) }
}
