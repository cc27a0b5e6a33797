//! From a recording back to the traffic that it saw.

use super::real::{RealPool, RealTurn};
use super::{RecordedTurn, RecordedWorkers, Recording, RecordingError};
use crate::calculators::{ArrivalRateEstimator, ArrivalSample, Flow};
use crate::config::{Configuration, PoolId};
use crate::metrics::QueueMetrics;
use crate::simulator::environment::Environment;
use crate::simulator::scenario::{PoolTraffic, Scenario};
use crate::simulator::traffic::{Job, Random, ServiceTime};
use std::collections::BTreeMap;

/// Durations are the mean over this long on either side of a turn, in seconds, so that a change shows and single jobs do
/// not.
const DURATION_WINDOW_SECONDS: f64 = 30.0;

/// Completions are counted over as many mean durations to tell how much durations vary: over a shorter time those of
/// several workers look random however regular each worker is (Palm-Khintchine theorem).
const SPREAD_DURATIONS: f64 = 10.0;
/// Fewest such counts from which the spread is told; it is taken for an exponential distribution's otherwise.
const FEWEST_SPREAD_COUNTS: usize = 20;

/// Most jobs that are simulated; they are kept in memory, each with its instants.
const MAX_JOBS: f64 = 10e6;

/// A recording made ready to be run again, and what really happened.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The traffic. A recording tells how many jobs came in between two turns and how long workers were busy, not when
    /// each job came and how long it took. Jobs that wait at a turn came since the oldest of them did, whose age is known;
    /// other instants are spread over the turn. Durations are log-normal around the mean of their time, with the spread that the
    /// counts of completions show.
    pub scenario: Scenario,
    /// Turns and boots as recorded.
    pub environment: Environment,
    /// What really happened, in the scenario's order of pools.
    pub real: Vec<RealPool>,
}

impl Replay {
    /// Makes the recording ready. Pools and their settings are those of `configuration`; `seed` draws what a recording does
    /// not tell.
    ///
    /// # Errors
    ///
    /// Where the recording tells of more jobs than can be simulated.
    pub fn of(recording: &Recording, configuration: &Configuration, seed: u64) -> Result<Self, RecordingError> {
        let mut random = Random::new(seed);
        let pools = pools_of(recording, configuration);
        let mut real = Vec::new();
        let mut traffics = Vec::new();
        let mut all_jobs = 0.0;
        for (pool, queues) in pools {
            let recorded = PoolRecord::of(recording, &pool, &queues);
            all_jobs += recorded.arrived();
            if all_jobs > MAX_JOBS {
                return Err(RecordingError::TooMuch(format!(
                    "{all_jobs:.0} jobs came in, and {MAX_JOBS} are the most"
                )));
            }
            traffics.push(PoolTraffic {
                settings: (*configuration.pool_settings(&pool)).clone(),
                jobs: recorded.jobs(&mut random),
                boot_seconds: median_boot_seconds(recording, |workers| workers.pool() == pool),
                pool: pool.clone(),
            });
            let boot_seconds = traffics.last().and_then(|traffic| traffic.boot_seconds);
            real.push(recorded.real(pool, boot_seconds.unwrap_or(0.0)));
        }
        let scenario =
            Scenario { name: "recording".to_owned(), seconds: recording.seconds(), pools: traffics, host: None };
        Ok(Self { scenario, environment: environment_of(recording, configuration), real })
    }
}

/// The pools seen in the recording, each with its queues in the order in which they are served.
fn pools_of(recording: &Recording, configuration: &Configuration) -> BTreeMap<PoolId, Vec<String>> {
    let rows = recording.turns.iter().flat_map(|turn| turn.metrics.iter().flatten());
    let pools = rows.filter_map(|row| configuration.pool_of(&row.connection, &row.queue));
    pools
        .map(|pool| {
            let queues = pool.queues.split(',').map(str::to_owned).collect();
            (pool, queues)
        })
        .collect()
}

fn environment_of(recording: &Recording, configuration: &Configuration) -> Environment {
    let settings = configuration.default_settings();
    let workers = || recording.turns.iter().flat_map(|turn| &turn.workers);
    let boot_seconds = median_boot_seconds(recording, |_| true);
    Environment {
        turn_seconds: recording.turn_seconds(),
        boot_seconds: boot_seconds.unwrap_or(settings.prediction.default_boot_seconds),
        poll_seconds: settings.workers.sleep_seconds,
        status_listener: workers().any(|workers| workers.idle > 0 || workers.busy > 0),
        ..Environment::default()
    }
}

/// Median of what the supervisor measured for the workers asked for, in seconds.
fn median_boot_seconds(recording: &Recording, asked_for: impl Fn(&RecordedWorkers) -> bool) -> Option<f64> {
    let workers = recording.turns.iter().flat_map(|turn| &turn.workers).filter(|workers| asked_for(workers));
    let mut boots: Vec<f64> = workers.filter_map(|workers| workers.boot_seconds).collect();
    boots.sort_by(f64::total_cmp);
    boots.get(boots.len() / 2).copied()
}

/// One pool between two turns.
#[derive(Clone, Debug, Default)]
struct Step {
    from_seconds: f64,
    until_seconds: f64,
    /// Jobs that came in, by queue.
    arrivals: Vec<f64>,
    /// Jobs that wait at its end, by queue, and for how long the oldest has waited, if that is known.
    waiting: Vec<(f64, Option<f64>)>,
    completions: f64,
    busy_seconds: f64,
}

impl Step {
    /// When so many jobs of a queue came in. Jobs are served in order, so those that wait at the end are the last that came.
    fn instants(&self, queue: usize, jobs: usize, random: &mut Random) -> Vec<f64> {
        let (waiting, age) = self.waiting.get(queue).copied().unwrap_or_default();
        let oldest_seconds = age.filter(|_| waiting >= 1.0).map_or(self.until_seconds, |age| self.until_seconds - age);
        // Those that waited at the beginning already came before.
        let waiting = if oldest_seconds < self.from_seconds { jobs } else { (waiting as usize).min(jobs) };
        let oldest_seconds = oldest_seconds.clamp(self.from_seconds, self.until_seconds);
        let mut between = |from: f64, until: f64| random.uniform().mul_add(until - from, from);
        let place = |place: usize| match place {
            0 if waiting > 0 && oldest_seconds > self.from_seconds => oldest_seconds,
            place if place < waiting => between(oldest_seconds, self.until_seconds),
            _ => between(self.from_seconds, oldest_seconds),
        };
        (0..jobs).map(place).collect()
    }
}

/// One pool's part of a recording.
struct PoolRecord {
    steps: Vec<Step>,
    turns: Vec<RealTurn>,
}

impl PoolRecord {
    fn of(recording: &Recording, pool: &PoolId, queues: &[String]) -> Self {
        let first_seconds = recording.turns.first().map_or(0.0, |turn| turn.now_seconds);
        let mut estimators = vec![None; queues.len()];
        let (mut steps, mut turns) = (Vec::new(), Vec::new());
        let mut busy_seconds_before: Option<f64> = None;
        for turn in &recording.turns {
            let rows: Vec<Option<&QueueMetrics>> = queues.iter().map(|queue| row_of(turn, pool, queue)).collect();
            let workers = turn.workers.iter().find(|workers| workers.pool() == *pool);
            let at_seconds = turn.now_seconds - first_seconds;
            let from_seconds = steps.last().map_or(0.0, |step: &Step| step.until_seconds);
            let mut step = Step { from_seconds, until_seconds: at_seconds, ..Step::default() };
            for (row, estimator) in rows.iter().zip(&mut estimators) {
                let attempts = workers.filter(|_| queues.len() == 1).and_then(|workers| workers.jobs_finished_total);
                let is_new = estimator.is_none();
                let flow = row.and_then(|row| {
                    observe(estimator.get_or_insert_with(ArrivalRateEstimator::new), row, turn.now_seconds, attempts)
                });
                let (arrivals, completions) = match flow {
                    Some(flow) => (flow.arrivals, flow.completions),
                    None => first_counts(row.filter(|_| is_new), turns.is_empty()),
                };
                step.arrivals.push(arrivals);
                step.waiting.push(row.map_or((0.0, None), |row| (row.pending as f64, row.oldest_job_age_seconds)));
                step.completions += completions;
            }
            let busy_seconds = workers.map(|workers| workers.busy_seconds_total);
            let passed = busy_seconds.zip(busy_seconds_before).map(|(now, before)| now - before);
            step.busy_seconds = passed.filter(|seconds| *seconds >= 0.0).unwrap_or(0.0);
            busy_seconds_before = busy_seconds.or(busy_seconds_before);
            let oldest = step.waiting.iter().filter_map(|(_, age)| *age);
            turns.push(RealTurn {
                at_seconds,
                arrived: step.arrivals.iter().sum(),
                busy_seconds: step.busy_seconds,
                pending: rows.iter().flatten().map(|row| row.pending).sum(),
                oldest_seconds: oldest.reduce(f64::max),
                alive: workers.map_or(0, RecordedWorkers::alive),
                idle: workers.map_or(0, |workers| workers.idle),
                target: turn.targets.iter().find(|(of, _)| of == pool).map(|(_, target)| *target),
            });
            steps.push(step);
        }
        Self { steps, turns }
    }

    /// Jobs that came in.
    fn arrived(&self) -> f64 {
        self.steps.iter().flat_map(|step| &step.arrivals).sum()
    }

    fn jobs(&self, random: &mut Random) -> Vec<Job> {
        let queues = self.steps.first().map_or(0, |step| step.arrivals.len());
        let mut owed = vec![0.0; queues];
        let mut jobs = Vec::new();
        let mut expected_seconds = 0.0;
        let variation = self.variation();
        for step in &self.steps {
            let mean_seconds = self.mean_service_seconds((step.from_seconds + step.until_seconds) / 2.0);
            let service = ServiceTime::LogNormal { mean_seconds, variation };
            for (queue, arrivals) in step.arrivals.iter().enumerate() {
                owed[queue] += arrivals;
                // Half a job is none yet; the next turn's half makes it one.
                let whole = owed[queue].floor().max(0.0);
                owed[queue] -= whole;
                expected_seconds += whole * mean_seconds;
                for at_seconds in step.instants(queue, whole as usize, random) {
                    jobs.push(Job { queue: queue as u16, ..Job::new(at_seconds, service.draw(random)) });
                }
            }
        }
        // Chance decides which job is long, not how long all of them take together: that is known.
        let drawn_seconds: f64 = jobs.iter().map(|job: &Job| job.service_seconds).sum();
        if drawn_seconds > 0.0 {
            jobs.iter_mut().for_each(|job| job.service_seconds *= expected_seconds / drawn_seconds);
        }
        jobs.sort_by(|one, other| one.arrives_at_seconds.total_cmp(&other.arrives_at_seconds));
        jobs
    }

    /// Mean duration around the instant by the utilisation law, in seconds; of the whole recording where nothing was done
    /// then.
    fn mean_service_seconds(&self, at_seconds: f64) -> f64 {
        let near = |step: &&Step| (step.until_seconds - at_seconds).abs() <= DURATION_WINDOW_SECONDS;
        let mean = |steps: &mut dyn Iterator<Item = &Step>| {
            let (busy_seconds, completions) =
                steps.fold((0.0, 0.0), |sum, step| (sum.0 + step.busy_seconds, sum.1 + step.completions));
            (completions > 0.0).then(|| busy_seconds / completions)
        };
        mean(&mut self.steps.iter().filter(near)).or_else(|| mean(&mut self.steps.iter())).unwrap_or(0.0)
    }

    /// Standard deviation of the durations ÷ their mean. Over a long time the variance of a count of completions is its
    /// mean times the square of that (D. R. Cox, "Renewal Theory", 1962, section 3.3).
    fn variation(&self) -> f64 {
        let (mut squares, mut counts) = (0.0, 0);
        let (mut seconds, mut expected, mut completions) = (0.0, 0.0, 0.0);
        for step in &self.steps {
            let mean_seconds = self.mean_service_seconds((step.from_seconds + step.until_seconds) / 2.0);
            if mean_seconds <= 0.0 {
                continue;
            }
            seconds += step.until_seconds - step.from_seconds;
            expected += step.busy_seconds / mean_seconds;
            completions += step.completions;
            if seconds >= SPREAD_DURATIONS * mean_seconds {
                if expected >= 1.0 {
                    squares += (completions - expected).powi(2) / expected;
                    counts += 1;
                }
                (seconds, expected, completions) = (0.0, 0.0, 0.0);
            }
        }
        if counts >= FEWEST_SPREAD_COUNTS { (squares / counts as f64).sqrt() } else { 1.0 }
    }

    fn real(self, pool: PoolId, boot_seconds: f64) -> RealPool {
        let (busy_seconds, completions) =
            self.steps.iter().fold((0.0, 0.0), |sum, step| (sum.0 + step.busy_seconds, sum.1 + step.completions));
        let service_seconds = if completions > 0.0 { busy_seconds / completions } else { 0.0 };
        RealPool { pool, turns: self.turns, boot_seconds, service_seconds }
    }
}

fn row_of<'a>(turn: &'a RecordedTurn, pool: &PoolId, queue: &str) -> Option<&'a QueueMetrics> {
    turn.metrics.iter().flatten().find(|row| row.connection == pool.connection && *row.queue == *queue)
}

/// Arrivals and completions that a queue's first row tells of. Whatever it shows has happened since the turn before, when
/// QueueMetrics did not know the queue yet; at the recording's first turn, what is done was done before.
fn first_counts(row: Option<&QueueMetrics>, at_the_beginning: bool) -> (f64, f64) {
    let backlog = row.map_or(0.0, |row| (row.pending + row.reserved) as f64);
    let completions = row.filter(|_| !at_the_beginning).map_or(0.0, |row| row.throughput_per_minute);
    (backlog + completions, completions)
}

fn observe(
    estimator: &mut ArrivalRateEstimator,
    row: &QueueMetrics,
    now_seconds: f64,
    attempts_finished_total: Option<u64>,
) -> Option<Flow> {
    estimator.observe(ArrivalSample {
        now_seconds,
        backlog: (row.pending + row.reserved) as f64,
        throughput_per_minute: row.throughput_per_minute,
        attempts_finished_total,
        // A recording does not say which attempts failed, so each of them becomes a job.
        tries: 1,
    })
}
