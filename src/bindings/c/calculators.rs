//! The calculators that keep nothing between two calls.

use super::arguments::Arguments;
use super::entry::returning;
use super::input;
use super::status::{Failure, Status};
use super::text::{Text, json_of};
use crate::bindings::numbers::{above_zero, at_least_zero, finite, percentile, workers};
use crate::calculators::{Backlog, BacklogDrain, Capacity, HostCapacity, LittlesLaw, PickupTime, Resources, Workload};
use serde_json::{Value, json};
use std::ffi::c_char;

/// Calculates one number from others, which come as `{"name": number, …}`; the output is the number as JSON, or null where
/// there is none.
///
/// `littles_law.busy_workers` (arrival_rate_per_second, service_time_seconds),
/// `littles_law.waiting_jobs` (arrival_rate_per_second, wait_seconds),
/// `littles_law.service_time` (busy_worker_seconds, jobs_done),
/// `backlog_drain.workers_for` (pending, time_left_seconds, service_time_seconds, boot_seconds, busy_workers, idle_workers,
/// least_seconds),
/// `pickup_time.probability_beyond` (seconds, workers, and the workload: arrival_rate_per_second, service_time_seconds,
/// arrival_squared_variation, service_squared_variation),
/// `pickup_time.percentile_seconds` (percentile, workers, and the workload),
/// `pickup_time.workers_for` (percentile, seconds, at_most, and the workload),
/// `capacity.workers_within` (cpu_limit_cores, cpu_used_cores, memory_limit_bytes, memory_used_bytes, worker_cpu_cores,
/// worker_memory_bytes, running_workers, max_cpu_percent, max_memory_percent).
///
/// # Safety
/// Each text points to as many bytes as its length says; `output` points to memory for a text, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qa_calculate(
    calculation: *const c_char,
    calculation_length: usize,
    arguments: *const c_char,
    arguments_length: usize,
    output: *mut Text,
) -> Status {
    let calculate = || {
        // SAFETY: by this function's own condition.
        let (calculation, arguments) = unsafe {
            (
                input::text("calculation", calculation, calculation_length)?,
                input::text("arguments", arguments, arguments_length)?,
            )
        };
        let arguments = Arguments::read(arguments)?;
        let result = result_of(calculation, &arguments)?;
        arguments.finish()?;
        json_of(&result).map(Some)
    };
    // SAFETY: by this function's own condition.
    unsafe { returning(output, calculate) }
}

fn result_of(calculation: &str, given: &Arguments) -> Result<Value, Failure> {
    let positive = |name| Ok::<_, Failure>(at_least_zero(name, given.number(name)?)?);
    Ok(match calculation {
        "littles_law.busy_workers" => {
            json!(LittlesLaw::busy_workers(positive("arrival_rate_per_second")?, positive("service_time_seconds")?))
        }
        "littles_law.waiting_jobs" => {
            json!(LittlesLaw::waiting_jobs(positive("arrival_rate_per_second")?, positive("wait_seconds")?))
        }
        "littles_law.service_time" => {
            json!(LittlesLaw::service_time(positive("busy_worker_seconds")?, positive("jobs_done")?))
        }
        "backlog_drain.workers_for" => json!(BacklogDrain::workers_for(&backlog(given)?)),
        "pickup_time.probability_beyond" => {
            let (workload, workers) = (workload(given)?, workers("workers", given.whole("workers")?)?);
            json!(PickupTime::probability_beyond(positive("seconds")?, workers, &workload))
        }
        "pickup_time.percentile_seconds" => {
            let (workload, workers) = (workload(given)?, workers("workers", given.whole("workers")?)?);
            let percentile = percentile("percentile", given.number("percentile")?)?;
            json!(PickupTime::percentile_seconds(percentile, workers, &workload))
        }
        "pickup_time.workers_for" => {
            let workload = workload(given)?;
            let percentile = percentile("percentile", given.number("percentile")?)?;
            let (seconds, at_most) = (positive("seconds")?, workers("at_most", given.whole("at_most")?)?);
            json!(PickupTime::workers_for(&workload, percentile, seconds, at_most))
        }
        "capacity.workers_within" => json!(workers_within(given)?),
        _ => {
            return Err(Failure::argument(
                "calculation",
                format!("there is no {calculation:?}; the header lists them"),
            ));
        }
    })
}

fn backlog(given: &Arguments) -> Result<Backlog, Failure> {
    let positive = |name| Ok::<_, Failure>(at_least_zero(name, given.number(name)?)?);
    Ok(Backlog {
        pending: positive("pending")?,
        time_left_seconds: finite("time_left_seconds", given.number("time_left_seconds")?)?,
        service_time_seconds: above_zero("service_time_seconds", given.number("service_time_seconds")?)?,
        busy_workers: positive("busy_workers")?,
        idle_workers: positive("idle_workers")?,
        boot_seconds: positive("boot_seconds")?,
        least_seconds: above_zero("least_seconds", given.number("least_seconds")?)?,
    })
}

fn workload(given: &Arguments) -> Result<Workload, Failure> {
    let positive = |name| Ok::<_, Failure>(at_least_zero(name, given.number(name)?)?);
    Ok(Workload {
        arrival_rate_per_second: positive("arrival_rate_per_second")?,
        service_time_seconds: above_zero("service_time_seconds", given.number("service_time_seconds")?)?,
        arrival_squared_variation: positive("arrival_squared_variation")?,
        service_squared_variation: positive("service_squared_variation")?,
    })
}

fn workers_within(given: &Arguments) -> Result<u32, Failure> {
    let positive = |name| Ok::<_, Failure>(at_least_zero(name, given.number(name)?)?);
    let host = HostCapacity {
        cpu_limit_cores: positive("cpu_limit_cores")?,
        cpu_used_cores: if given.lacks("cpu_used_cores") { None } else { Some(positive("cpu_used_cores")?) },
        memory_limit_bytes: given.count("memory_limit_bytes")?,
        memory_used_bytes: given.count("memory_used_bytes")?,
    };
    let each = Resources {
        cpu_cores: above_zero("worker_cpu_cores", given.number("worker_cpu_cores")?)?,
        memory_bytes: above_zero("worker_memory_bytes", given.number("worker_memory_bytes")?)?,
    };
    let ours = Resources::NONE.plus(each, positive("running_workers")?);
    let room = Capacity::room(&host, positive("max_cpu_percent")?, positive("max_memory_percent")?, ours);
    Ok(Capacity::workers_within(room, each))
}
