//! From a recording back to the traffic that it saw.

use super::arrival_curve::ArrivalCurve;
use super::real::{RealPool, RealTurn};
use super::{RecordedTurn, RecordedWorkers, Recording, RecordingError};
use crate::calculators::{ArrivalRateEstimator, ArrivalSample, Flow};
use crate::config::{Configuration, PoolId};
use crate::environment::Environment;
use crate::metrics::QueueMetrics;
use crate::scenario::{PoolTraffic, Scenario};
use crate::traffic::{Job, Random, ServiceTime};
use std::collections::{BTreeMap, BTreeSet};

/// Durations are the mean over this long on either side of a turn, in seconds, so that a change shows and single jobs do
/// not.
const DURATION_WINDOW_SECONDS: f64 = 30.0;

/// Completions are counted over as many mean durations to tell how much durations vary: over a shorter time those of
/// several workers look random however regular each worker is (Palm-Khintchine theorem).
const SPREAD_DURATIONS: f64 = 10.0;
/// Fewest such counts from which the spread is told, with a standard error of a quarter (1/√(2·8)); it is taken for an exponential
/// distribution's otherwise.
const FEWEST_SPREAD_COUNTS: usize = 8;

/// Most jobs that are simulated; they are kept in memory, each with its instants.
const MAX_JOBS: f64 = 10e6;

/// A recording made ready to be run again, and what really happened.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The traffic. A recording tells how many jobs came in between two turns and how long workers were busy, not when
    /// each job came and how long it took. The job that is the oldest to wait at a turn came in the second that its age
    /// tells; other instants are spread between those and the turns. Durations are log-normal around the mean of their time, with
    /// the spread that the counts of completions show.
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
        let environment = environment_of(recording, configuration);
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
            real.push(recorded.real(pool, boot_seconds.unwrap_or(0.0), environment.poll_seconds));
        }
        let scenario =
            Scenario { name: "recording".to_owned(), seconds: recording.seconds(), pools: traffics, host: None };
        Ok(Self { scenario, environment, real })
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
        status_listener: workers().any(RecordedWorkers::tell),
        new_queues: queues_seen(recording.turns.get(..1).unwrap_or_default()) < queues_seen(&recording.turns),
        ..Environment::default()
    }
}

fn queues_seen(turns: &[RecordedTurn]) -> usize {
    let rows = turns.iter().flat_map(|turn| turn.metrics.iter().flatten());
    rows.map(|row| (&row.connection, &row.queue)).collect::<BTreeSet<_>>().len()
}

/// Median of what the supervisor measured for the workers asked for, in seconds.
fn median_boot_seconds(recording: &Recording, asked_for: impl Fn(&RecordedWorkers) -> bool) -> Option<f64> {
    let workers = recording.turns.iter().flat_map(|turn| &turn.workers).filter(|workers| asked_for(workers));
    let mut boots: Vec<f64> = workers.filter_map(|workers| workers.boot_seconds).collect();
    boots.sort_by(f64::total_cmp);
    boots.get(boots.len() / 2).copied()
}

/// One pool between two turns.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    from_seconds: f64,
    until_seconds: f64,
    completions: f64,
    busy_seconds: f64,
}

/// One pool's part of a recording.
struct PoolRecord {
    steps: Vec<Step>,
    turns: Vec<RealTurn>,
    /// By queue.
    curves: Vec<ArrivalCurve>,
}

impl PoolRecord {
    fn of(recording: &Recording, pool: &PoolId, queues: &[String]) -> Self {
        let first_seconds = recording.turns.first().map_or(0.0, |turn| turn.now_seconds);
        let mut estimators = vec![None; queues.len()];
        let mut curves = vec![ArrivalCurve::default(); queues.len()];
        // By queue: jobs that had come, and those of them that were waiting or held by a worker.
        let mut counts = vec![(0.0, 0.0); queues.len()];
        let (mut steps, mut turns) = (Vec::new(), Vec::new());
        let mut busy_seconds_before: Option<f64> = None;
        for turn in &recording.turns {
            let rows: Vec<Option<&QueueMetrics>> = queues.iter().map(|queue| row_of(turn, pool, queue)).collect();
            let workers = turn.workers.iter().find(|workers| workers.pool() == *pool);
            let at_seconds = turn.now_seconds - first_seconds;
            let from_seconds = steps.last().map_or(0.0, |step: &Step| step.until_seconds);
            let mut step = Step { from_seconds, until_seconds: at_seconds, ..Step::default() };
            let mut arrived = 0;
            for (queue, row) in rows.iter().enumerate() {
                let attempts = workers.filter(|_| queues.len() == 1).and_then(|workers| workers.jobs_finished_total);
                let is_new = estimators[queue].is_none();
                let flow = row.and_then(|row| {
                    let estimator = estimators[queue].get_or_insert_with(ArrivalRateEstimator::new);
                    observe(estimator, row, turn.now_seconds, attempts)
                });
                let (came, backlog_before) = &mut counts[queue];
                let backlog = row.map_or(*backlog_before, |row| (row.pending + row.reserved) as f64);
                let (arrivals, completions) = match flow {
                    // Not the estimator's arrivals, which are never negative: what seems lost is there again a turn later.
                    Some(flow) => (flow.completions + backlog - *backlog_before, flow.completions),
                    None => first_counts(row.filter(|_| is_new), turns.is_empty()),
                };
                *came += arrivals;
                *backlog_before = backlog;
                let waiting = row.map_or(0, |row| row.pending as usize);
                let oldest_seconds = row.and_then(|row| row.oldest_job_age_seconds);
                arrived += curves[queue].observe(at_seconds, *came as usize, waiting, oldest_seconds);
                step.completions += completions;
            }
            let busy_seconds = workers.map(|workers| workers.busy_seconds_total);
            let passed = busy_seconds.zip(busy_seconds_before).map(|(now, before)| now - before);
            step.busy_seconds = passed.filter(|seconds| *seconds >= 0.0).unwrap_or(0.0);
            busy_seconds_before = busy_seconds.or(busy_seconds_before);
            turns.push(RealTurn {
                at_seconds,
                arrived: arrived as f64,
                busy_seconds: step.busy_seconds,
                pending: rows.iter().flatten().map(|row| row.pending).sum(),
                alive: workers.map_or(0, RecordedWorkers::alive),
                idle: workers.map_or(0, |workers| workers.idle),
                target: turn.targets.iter().find(|(of, _)| of == pool).map(|(_, target)| *target),
                ..RealTurn::default()
            });
            steps.push(step);
        }
        Self { steps, turns, curves }
    }

    /// Jobs that came in.
    fn arrived(&self) -> f64 {
        self.turns.iter().map(|turn| turn.arrived).sum()
    }

    fn jobs(&self, random: &mut Random) -> Vec<Job> {
        let mut jobs = Vec::new();
        let mut expected_seconds = 0.0;
        let variation = self.variation();
        for (queue, curve) in self.curves.iter().enumerate() {
            let mut instants = curve.instants(|from, until| random.uniform().mul_add(until - from, from)).into_iter();
            for (step, arrivals) in self.steps.iter().zip(curve.arrivals()) {
                let mean_seconds = self.mean_service_seconds((step.from_seconds + step.until_seconds) / 2.0);
                let service = ServiceTime::LogNormal { mean_seconds, variation };
                expected_seconds += arrivals as f64 * mean_seconds;
                for at_seconds in instants.by_ref().take(arrivals) {
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

    fn real(mut self, pool: PoolId, boot_seconds: f64, poll_seconds: f64) -> RealPool {
        for curve in &self.curves {
            for (turn, waited_seconds) in self.turns.iter_mut().zip(curve.newcomers_waited_seconds()) {
                turn.newcomers_waited_seconds += waited_seconds;
            }
        }
        let (busy_seconds, completions) =
            self.steps.iter().fold((0.0, 0.0), |sum, step| (sum.0 + step.busy_seconds, sum.1 + step.completions));
        let service_seconds = if completions > 0.0 { busy_seconds / completions } else { 0.0 };
        RealPool { pool, turns: self.turns, boot_seconds, service_seconds, poll_seconds }
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
