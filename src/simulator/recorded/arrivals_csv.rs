//! A list of arrivals as comma-separated values.

use super::RecordingError;
use crate::config::{Configuration, PoolId};
use crate::scenario::{PoolTraffic, Scenario};
use crate::traffic::{Job, Random};
use std::collections::BTreeMap;
use std::io::Read;

/// One line. Only the instant must be there.
#[derive(serde::Deserialize)]
struct Arrival {
    /// When it came in, in seconds since whatever instant.
    arrived_at_seconds: f64,
    /// How long it took, in seconds.
    duration_seconds: Option<f64>,
    /// Its queue; the default connection's `default` where it is absent.
    queue: Option<String>,
    /// The queue's connection.
    connection: Option<String>,
}

/// Reads arrivals from CSV with a header: `arrived_at_seconds`, and, each optional, `duration_seconds`, `queue`,
/// `connection`, in any order. The earliest arrival is instant 0. Jobs without a duration draw one, exponential around
/// `default_service_time_seconds`, by `seed`. Pools and their settings are those of `configuration`.
///
/// # Errors
///
/// Names the first line that cannot be used, and why; a file without arrivals, or of more than a year.
///
/// ```
/// use queue_autoscale_core::config::Configuration;
/// use queue_autoscale_simulator::recorded::read_arrivals;
/// let csv = "arrived_at_seconds,duration_seconds,queue\n100.0,2.5,emails\n101.5,0.5,emails\n";
/// let scenario = read_arrivals(csv.as_bytes(), &Configuration::default(), 1)?;
/// assert_eq!(scenario.pools[0].jobs[1].arrives_at_seconds, 1.5);
/// # Ok::<(), queue_autoscale_simulator::recorded::RecordingError>(())
/// ```
pub fn read_arrivals(input: impl Read, configuration: &Configuration, seed: u64) -> Result<Scenario, RecordingError> {
    let mut random = Random::new(seed);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(input);
    let mut pools: BTreeMap<PoolId, Vec<Job>> = BTreeMap::new();
    for (index, arrival) in reader.deserialize().enumerate() {
        let line = index as u64 + 2; // The header is the first.
        let arrival: Arrival = arrival.map_err(|error| RecordingError::line(line, error.to_string()))?;
        let connection = arrival.connection.as_deref().unwrap_or(&configuration.default_connection);
        let queue = arrival.queue.as_deref().unwrap_or("default");
        let Some(pool) = configuration.pool_of(connection, queue) else {
            continue; // Nobody works an excluded queue.
        };
        check(line, "arrived_at_seconds", arrival.arrived_at_seconds, f64::NEG_INFINITY)?;
        let settings = configuration.pool_settings(&pool);
        let duration_seconds = match arrival.duration_seconds {
            Some(seconds) => RecordingError::check_seconds(check(line, "duration_seconds", seconds, 0.0)?)?,
            None => random.exponential(settings.prediction.default_service_time_seconds),
        };
        let place = pool.queues.split(',').position(|name| name == queue).unwrap_or(0);
        let job = Job { queue: place as u16, ..Job::new(arrival.arrived_at_seconds, duration_seconds) };
        pools.entry(pool).or_default().push(job);
    }
    scenario_of(pools, configuration)
}

fn check(line: u64, name: &str, value: f64, least: f64) -> Result<f64, RecordingError> {
    if value.is_finite() && value >= least {
        return Ok(value);
    }
    Err(RecordingError::line(line, format!("{name}: {value} where a number of seconds was expected")))
}

fn scenario_of(
    mut pools: BTreeMap<PoolId, Vec<Job>>,
    configuration: &Configuration,
) -> Result<Scenario, RecordingError> {
    let instants = || pools.values().flatten().map(|job| job.arrives_at_seconds);
    let first_seconds = instants().fold(f64::INFINITY, f64::min);
    let last_seconds = instants().fold(f64::NEG_INFINITY, f64::max);
    if !first_seconds.is_finite() {
        return Err(RecordingError::Empty("the file lists no arrival of a queue that is worked"));
    }
    let seconds = RecordingError::check_seconds(last_seconds - first_seconds)?;
    for jobs in pools.values_mut() {
        jobs.iter_mut().for_each(|job| job.arrives_at_seconds -= first_seconds);
        jobs.sort_by(|one, other| one.arrives_at_seconds.total_cmp(&other.arrives_at_seconds));
    }
    let traffics = pools.into_iter().map(|(pool, jobs)| {
        let settings = (*configuration.pool_settings(&pool)).clone();
        PoolTraffic { pool, settings, jobs, boot_seconds: None }
    });
    Ok(Scenario { name: "arrivals".to_owned(), seconds, pools: traffics.collect(), host: None })
}
