//! One line of a recording: one turn of the manager.

use super::RecordingError;
use crate::config::PoolId;
use crate::metrics::{MetricsReading, read_row};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The version of the format that this reads; a line says it in `version`.
const VERSION: u64 = 1;

/// What a manager saw and decided in one turn, as it wrote it down on one line of JSON.
///
/// ```json
/// {"version": 1, "now_seconds": 12.5,
///  "metrics": {"redis:default": {…}},
///  "workers": [{"connection": "redis", "queues": "default", "idle": 1, "busy": 2, …}],
///  "host": {"cpu_limit_cores": 8, …},
///  "decisions": {"redis:default": {"target_workers": 3, …}}}
/// ```
///
/// `metrics` is what QueueMetrics returned, `workers` what the supervisor reported before the turn, `decisions` every
/// decision in its JSON form. `host` and whatever else stands on the line are for people to read.
#[derive(Clone, Debug)]
pub struct RecordedTurn {
    /// The instant, in seconds of a clock that never goes back.
    pub now_seconds: f64,
    /// The rows of QueueMetrics.
    pub metrics: MetricsReading,
    /// Every pool's workers before the turn.
    pub workers: Vec<RecordedWorkers>,
    /// Every pool's target.
    pub targets: Vec<(PoolId, u32)>,
}

/// One pool's workers as the supervisor reported them. What is absent is 0, or unknown.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct RecordedWorkers {
    /// Connection of the pool.
    pub connection: String,
    /// Queues of the pool.
    pub queues: String,
    /// Spawned, not yet looking for jobs.
    pub starting: u32,
    /// Looking for a job.
    pub idle: u32,
    /// In a job.
    pub busy: u32,
    /// Running, but silent.
    pub unknown: u32,
    /// Leaving after their job.
    pub draining: u32,
    /// Seconds spent in jobs so far.
    pub busy_seconds_total: f64,
    /// Attempts ended so far.
    pub jobs_finished_total: Option<u64>,
    /// Measured time to boot, in seconds.
    pub boot_seconds: Option<f64>,
}

impl RecordedWorkers {
    /// Whose workers.
    pub fn pool(&self) -> PoolId {
        PoolId::new(self.connection.as_str(), self.queues.as_str())
    }

    /// Whether they tell whether they are in a job. Where they come and go between two turns, only their jobs show it.
    pub fn tell(&self) -> bool {
        self.idle > 0 || self.busy > 0 || self.jobs_finished_total.is_some_and(|jobs| jobs > 0)
    }

    /// Workers that cost: all that live.
    pub fn alive(&self) -> u32 {
        [self.starting, self.idle, self.busy, self.unknown, self.draining]
            .iter()
            .fold(0, |sum, &one| sum.saturating_add(one))
    }
}

#[derive(Deserialize)]
struct Line {
    version: u64,
    now_seconds: f64,
    metrics: Value,
    #[serde(default)]
    workers: Value,
    #[serde(default)]
    decisions: Value,
}

#[derive(Deserialize)]
struct Decision {
    connection: String,
    queues: String,
    target_workers: u32,
}

impl RecordedTurn {
    /// Reads the line of the given number.
    ///
    /// # Errors
    ///
    /// Where the line is not a turn of this version of the format.
    pub fn read(number: u64, text: &str) -> Result<Self, RecordingError> {
        let refuse = |message: String| RecordingError::line(number, message);
        let line: Line = serde_json::from_str(text).map_err(|error| refuse(error.to_string()))?;
        if line.version != VERSION {
            return Err(refuse(format!("version: {} where {VERSION} was expected; record anew", line.version)));
        }
        let metrics = members(line.metrics).iter().map(|(key, row)| read_row(key, row)).collect();
        let workers: Result<Vec<RecordedWorkers>, _> = elements(line.workers).map(serde_json::from_value).collect();
        let decisions: Result<Vec<Decision>, _> = elements(line.decisions).map(serde_json::from_value).collect();
        let decisions = decisions.map_err(|error| refuse(format!("decisions: {error}")))?;
        Ok(Self {
            now_seconds: line.now_seconds,
            metrics,
            workers: workers.map_err(|error| refuse(format!("workers: {error}")))?,
            targets: decisions
                .into_iter()
                .map(|decision| (PoolId::new(decision.connection, decision.queues), decision.target_workers))
                .collect(),
        })
    }
}

/// The members of an object. PHP writes an empty array where it has an empty map.
fn members(value: Value) -> Map<String, Value> {
    if let Value::Object(members) = value { members } else { Map::new() }
}

/// The elements of a list, or of a map whose keys say nothing new.
fn elements(value: Value) -> Box<dyn Iterator<Item = Value>> {
    match value {
        Value::Array(elements) => Box::new(elements.into_iter()),
        Value::Object(members) => Box::new(members.into_iter().map(|(_, element)| element)),
        _ => Box::new(std::iter::empty()),
    }
}
