//! From what is known of a pool to how many workers it should have.

use super::forecast::{Driver, Recommendation, StrategyInputs};
use super::{Component, ServiceTimeSource};
use crate::calculators::{Backlog, BacklogDrain, LittlesLaw, PickupTime, Workload};

/// Decides for one pool, before bounds, stabilisation, capacity and fair share.
pub trait ScalingStrategy: std::fmt::Debug + Send {
    /// How many workers the pool should have.
    fn recommend(&self, inputs: &StrategyInputs) -> Recommendation;
}

/// Least time to correct the wait in, as a multiple of the response time: x'(t) = -k x(t - L) does not swing as long as
/// k L <= 1/e (I. Győri, G. Ladas, "Oscillation Theory of Delay Differential Equations", 1991, chapter 2).
const CORRECTION_RESPONSES: f64 = std::f64::consts::E;

/// The same as a multiple of the highest wait. The queue is there to even out chance, so it may take its time: a load that
/// grows by a quarter at once lets jobs wait for twice the highest wait, and whatever would be late goes by its deadline. In
/// once the wait, targets would change a third more often at turns of a second.
const CORRECTION_WAITS: f64 = 4.0;

/// Both where feedback is too late to even out anything: quicker, for a swing that fades (up to k L = π/2 it does), and no slower
/// than the wait, so that more arrivals never ask for fewer workers.
const HURRIED_CORRECTION_RESPONSES: f64 = 2.0;
const HURRIED_CORRECTION_WAITS: f64 = 1.0;

/// Feedback is too late where the room for waiting is less than this many response times: a surge is seen, answered and
/// felt only after one, and the answer needs a second one to take effect.
const FEEDBACK_RESPONSES: f64 = 1.0;

/// Nor does feedback work on a wait that is hardly a second long, the unit of the ages that jobs are told to have: it would follow
/// chance, and start and stop workers for nothing. At the default a fifth of the room is asked for, of this a second.
const LEAST_FEEDBACK_ROOM_SECONDS: f64 = 5.0;

/// Share of the error budget that staffing plans to spend; the rest is for what it cannot know: a rate that changed
/// since, a service time that did. A fifth instead would cost one percent more, and start hardly more jobs in time (0.07 points
/// on average at turns and boots of five seconds, where it matters most).
const PLANNED_BUDGET_SHARE: f64 = 0.35;

/// A fraction of a worker that is not worth one more: the queue takes up four fifths of one until the next decision, and
/// evens out what chance makes of the load.
const ROUNDING_SLACK: f64 = 0.8;

/// The same where jobs are due, or feedback is too late to even out anything: to the nearest. The first worker for a batch
/// is started no sooner than its jobs nearly need all of it: as long as they need one alone, they may collect.
const DUE_SLACK: f64 = 0.5;

/// The same where the oldest job is past its deadline: next to nothing, as a job that is long may keep the worker that it waits for.
const OVERDUE_SLACK: f64 = 0.2;

/// The same of workers in reserve, once they are there: three tenths of a worker less are one and a half times the noise of
/// a load of five (Poisson counts over the two minutes that the rate is known from), for which none should leave and come
/// back.
const RESERVE_SLACK: f64 = 0.2;

/// What a start is worth beyond its boot, in seconds of a worker that waits. A waiting worker takes memory alone; one that
/// boots takes a whole core, which on price lists is worth nine gibibytes of memory, and every start is one that can
/// fail. It divides the queues that one worker serves all along, waiting in between, from those that are served in batches:
/// where the promise and the wait allowed are so short that batches would start a worker more often than every quarter of a
/// minute, it waits.
const START_PRICE_SECONDS: f64 = 13.5;

/// What a worker record takes of a core in each reading of the metrics, in seconds: a command to the store, and its answer made an
/// object. Measured, of 500 records that are read once a reading.
const RECORD_READ_SECONDS: f64 = 0.000_09;

/// How long the record of a worker that has ended is read, in seconds: the metrics package clears once a minute what has been silent
/// for a minute.
const RECORD_LIFE_SECONDS: f64 = 90.0;

/// Workers that wait for what a core costs: nine gibibytes, at the 64 MiB that a worker is planned to take.
const WAITING_WORKERS_PER_CORE: f64 = 9.0 * 1024.0 / 64.0;

/// Share of its time that a queue's last worker is in jobs from which on it stays where it finds none for a while: it idles
/// for two fifths of its time at most, so that there is little to save by leaving and coming back.
const KEPT_UTILISATION: f64 = 0.6;

/// What the last worker may idle, as a share of the workers that the queue needs as a rule. Through a lull between times of
/// many workers it stays, and the jobs that come back find it there.
const LULL_SHARE: f64 = 0.25;

/// The wait swings between nothing and a highest value around the mean that is asked for, so the highest is twice the
/// mean.
const HIGHEST_WAIT_FACTOR: f64 = 2.0;

/// The same where a load of one worker or less is served in batches. Twice the wait takes half the starts, which are all that
/// a batch costs beyond its work. At the default it is all that the room permits.
const LONGEST_WAIT_FACTOR: f64 = 4.5;

/// A load below which the highest wait grows towards the longest. A worker too few or too many fills or empties a queue sooner
/// the less work it holds, which at the same wait is in proportion to the load: with as long a wait a load of two workers
/// would be corrected three times as often as one of six.
const FEW_WORKERS: f64 = 4.0;

/// Share of the room that the highest wait may fill; the rest is for what comes in by surprise.
const HIGHEST_WAIT_SHARE: f64 = 0.9;

/// The same of a group's last queue, whose jobs make way for all that come into the others: half, so that they are corrected
/// step by step, as where others go first what waits is due sooner than its age tells.
const LAST_QUEUE_WAIT_SHARE: f64 = 0.5;

/// How many standard deviations fewer jobs than on average may end where what waits counts on them: two fifths of one, which
/// is enough in two cases of three, as the next decision sees what is still missing. A whole one would add a half to the
/// reversals of long jobs, which end one by one.
const ENDS_DEVIATIONS: f64 = 0.4;

/// Share of the margin before a deadline that many jobs keep: what their service time may be wrong by, which is known from
/// 400 jobs at most.
const LEAST_MARGIN_SHARE: f64 = 0.1;

/// How many standard deviations of the work of the jobs that wait, as a share of it, are kept of the margin besides: three, so
/// that it is all kept of a dozen, and a fifth of six hundred. With two, a queue of two kinds of jobs, one of which takes twenty
/// times as long, would start 99.5 % of them in time instead of 99.9 %.
const MARGIN_DEVIATIONS: f64 = 3.0;

/// For how many responses it counts what goes before a group's last queue: until this decision has taken effect, and until the
/// next one has. What comes later is for later decisions.
const OVERTAKING_RESPONSES: f64 = 2.0;

/// Confidence from which the arrivals are known well enough to let a job wait for others to come; a queue that has just
/// been met gets its first worker at once.
const KNOWN_CONFIDENCE: f64 = 0.2;

/// Steers the wait, not the utilisation: the maximum of what the present load, the forecast load and the backlog ask for,
/// less what the queue may still fill.
///
/// The promise allows waiting, and a queue that is never empty keeps every worker busy. So the wait swings between nothing
/// and a highest one. With λ the rate, S the service time, P the jobs waiting, W the highest wait and τ the time to
/// correct in, `λS + (P − λW)·S/τ` workers are needed at least. At most `⌊λS⌋` are where nothing waits, and `⌈λS⌉` where jobs
/// wait. In between the workers stay as they are, which is what keeps the target from swinging. Of jobs that outlast a turn
/// and a boot only what counts by then is meant by S, and those that run are added.
#[derive(Clone, Copy, Debug, Default)]
pub struct PredictiveStrategy;

impl ScalingStrategy for PredictiveStrategy {
    fn recommend(&self, inputs: &StrategyInputs) -> Recommendation {
        let steering = Steering::of(inputs);
        let steady_state = steering.load_less_allowed_queue(inputs.lasting_rate_per_second);
        let predictive = steering.load_less_allowed_queue(inputs.forecast_rate_per_second);
        let corrected = steering.load_and_excess();
        let due = steering.due();
        let backlog_drain = corrected.max(due);
        let pickup_time = steering.staffing();

        let reserve = pickup_time.unwrap_or(0.0);
        let slack = if is_feedback_in_time(inputs) { ROUNDING_SLACK } else { DUE_SLACK };
        let due_slack = if inputs.current_workers == 0 { ROUNDING_SLACK } else { DUE_SLACK };
        let components = [
            (steady_state, slack, Driver::SteadyState),
            (predictive, slack, Driver::Predictive),
            (corrected, slack, Driver::BacklogDrain),
            (due, due_slack, Driver::BacklogDrain),
            (steering.overdue(), OVERDUE_SLACK, Driver::BacklogDrain),
            (reserve, DUE_SLACK, Driver::PickupTime),
        ];
        let (mut at_least, mut wanted, mut driver) = (0, 0.0, Driver::Idle);
        for (workers, slack, from) in components {
            let least = whole(workers, slack);
            if (least, workers) > (at_least, wanted) {
                (at_least, wanted, driver) = (least, workers, from);
            }
        }
        let at_most = steering.not_too_many().max(whole(reserve, RESERVE_SLACK)).max(at_least);
        let mut workers = inputs.current_workers.clamp(at_least, at_most);
        if workers == 0 {
            (workers, driver) = steering.last_worker();
        } else if wanted == 0.0 {
            // The queue may still fill so far that none is wanted; it is the load that keeps those who are there.
            driver = Driver::SteadyState;
        }
        Recommendation {
            workers,
            driver,
            // Where workers are kept in reserve, idle ones are meant to be there.
            idle_floor_workers: if pickup_time.is_some() { u32::MAX } else { steering.idle_floor() },
            steady_state: Component { workers: steady_state },
            predictive: Component { workers: predictive },
            backlog_drain: Component { workers: backlog_drain },
            pickup_time: pickup_time.map(|workers| Component { workers }),
        }
    }
}

/// What the record that a start leaves costs in readings, in seconds of a worker that waits: at cycles of five seconds a quarter of
/// one, at those of one second five times as much.
fn record_price_seconds(cycle_seconds: f64) -> f64 {
    let readings = RECORD_LIFE_SECONDS / cycle_seconds;
    readings * RECORD_READ_SECONDS * WAITING_WORKERS_PER_CORE
}

/// One pool's numbers, as the arithmetic wants them.
struct Steering<'a> {
    inputs: &'a StrategyInputs,
    pending: f64,
    /// The wait from which on workers are added.
    highest_wait_seconds: f64,
    /// How long those may wait whom nobody serves: jobs of a batch, or of a group's last queue.
    longest_wait_seconds: f64,
    /// Workers for each job too many or too few.
    workers_per_job: f64,
}

impl<'a> Steering<'a> {
    fn of(inputs: &'a StrategyInputs) -> Self {
        let rate = inputs.arrival_rate_per_second.max(inputs.forecast_rate_per_second);
        let load = LittlesLaw::busy_workers(rate, inputs.service_time_seconds);
        // What all workers together cannot carry fills the queue soon enough: each job that it holds when an overload
        // begins lets the first late one come earlier.
        let is_overload = load > f64::from(inputs.settings.max_workers);
        let share = if is_overload { 0.0 } else { inputs.settings.prediction.target_wait_percent / 100.0 };
        let within_room = |factor: f64, most: f64| inputs.room_seconds() * (factor * share).min(most);
        let factor = (HIGHEST_WAIT_FACTOR * FEW_WORKERS / load).clamp(HIGHEST_WAIT_FACTOR, LONGEST_WAIT_FACTOR);
        let highest_wait_seconds = within_room(factor, HIGHEST_WAIT_SHARE);
        let longest_wait_share = if inputs.pool.is_group() { LAST_QUEUE_WAIT_SHARE } else { HIGHEST_WAIT_SHARE };
        let longest_wait_seconds = within_room(LONGEST_WAIT_FACTOR, longest_wait_share);
        let (responses, waits) = if is_feedback_in_time(inputs) {
            (CORRECTION_RESPONSES, CORRECTION_WAITS)
        } else {
            (HURRIED_CORRECTION_RESPONSES, HURRIED_CORRECTION_WAITS)
        };
        let correction_seconds = (responses * inputs.response_seconds()).max(waits * highest_wait_seconds);
        let workers_per_job = begun_seconds(inputs) / correction_seconds;
        let pending = inputs.pending as f64;
        Self { inputs, pending, highest_wait_seconds, longest_wait_seconds, workers_per_job }
    }

    /// Workers in a job a response from now, when this decision has taken effect: those of now whose jobs then still run, and
    /// those that the jobs until then need.
    fn load(&self, rate_per_second: f64) -> f64 {
        let inputs = self.inputs;
        let begun_seconds = begun_seconds(inputs);
        let still_run = 1.0 - begun_seconds / inputs.service_time_seconds;
        LittlesLaw::busy_workers(rate_per_second, begun_seconds) + f64::from(inputs.busy_workers) * still_run
    }

    /// Jobs beyond those that may wait; negative where more may.
    fn excess_jobs(&self, rate_per_second: f64) -> f64 {
        let may_wait = match self.inputs.oldest_job_age_seconds {
            Some(age) if self.inputs.pool.is_group() => {
                LittlesLaw::waiting_jobs(self.last_queue_rate(rate_per_second, age), self.longest_wait_seconds)
            }
            _ => LittlesLaw::waiting_jobs(rate_per_second, self.highest_wait_seconds),
        };
        let has_waited = self.inputs.oldest_job_age_seconds.is_some_and(|age| age >= self.highest_wait_seconds);
        // A single job may wait for a worker to become free.
        let single = if has_waited { 0.0 } else { 1.0 };
        self.pending - may_wait - single
    }

    /// Jobs a second that wait of all that come into a group. Those of its first queues hardly do; those that do wait come at the
    /// rate that has filled the queue since the oldest came, which is told in whole seconds.
    fn last_queue_rate(&self, rate_per_second: f64, oldest_job_age_seconds: f64) -> f64 {
        rate_per_second.min(self.pending / oldest_job_age_seconds.max(1.0))
    }

    /// Workers that stay although they find no job: those that are enough where nothing waits, so that a moment's empty
    /// queue sends nobody away who would be back in a minute; and the last one where leaving and coming back costs more
    /// than waiting.
    fn idle_floor(&self) -> u32 {
        match self.enough() {
            0 if self.keeps_last_worker().is_some() => 1,
            workers => workers,
        }
    }

    /// The one worker that is needed although the load would not ask for a whole one.
    fn last_worker(&self) -> (u32, Driver) {
        let inputs = self.inputs;
        if inputs.pending > 0 && inputs.current_workers == 0 {
            let has_waited = inputs.oldest_job_age_seconds.is_some_and(|age| age >= self.collecting_seconds());
            let is_new = inputs.arrival_rate_confidence < KNOWN_CONFIDENCE;
            return if has_waited || is_new { (1, Driver::BacklogDrain) } else { (0, Driver::Collect) };
        }
        if inputs.busy_workers > 0 || inputs.pending > 0 {
            return (1, Driver::SteadyState);
        }
        match self.keeps_last_worker() {
            Some(driver) if inputs.current_workers > 0 => (1, driver),
            _ => (0, Driver::Idle),
        }
    }

    /// Why the last worker stays although it finds no job; `None` where it does not.
    fn keeps_last_worker(&self) -> Option<Driver> {
        if self.is_worth_keeping_warm() {
            return Some(Driver::KeepWarm);
        }
        self.is_lull().then_some(Driver::Lull)
    }

    /// The last worker would be away until the next job has come and has collected others, the next decision is made, and a
    /// new one has booted; all of that it could wait instead. It is worth it below what a start costs, the boot and its
    /// price. (Both sides have the boot.)
    fn is_worth_keeping_warm(&self) -> bool {
        let inputs = self.inputs;
        let next_job_seconds = 1.0 / inputs.arrival_rate_per_second;
        // On average half a turn passes until the next decision.
        let away_seconds = next_job_seconds + self.collecting_seconds() + inputs.turn_seconds / 2.0;
        away_seconds < START_PRICE_SECONDS + record_price_seconds(inputs.turn_seconds)
    }

    /// Whether so much more comes in as a rule that the last worker may idle meanwhile.
    fn is_lull(&self) -> bool {
        let inputs = self.inputs;
        let usual_load = LittlesLaw::busy_workers(inputs.usual_rate_per_second, inputs.service_time_seconds);
        1.0 - self.load(self.rate_to_come()) <= LULL_SHARE * usual_load
    }

    /// How long the first job waits for others to come before a worker is started for all of them: as long as makes their
    /// mean wait half of the longest. In the time T come λT others, which wait T/2 each on average, so the mean m is
    /// T(1 + λT/2)/(1 + λT), and T = (λm - 1 + √(1 + λ²m²))/λ: m where hardly any come, 2m where many do.
    fn collecting_seconds(&self) -> f64 {
        let rate = self.inputs.arrival_rate_per_second;
        let mean_wait_seconds = self.longest_wait_seconds / 2.0;
        let come = rate * mean_wait_seconds;
        let seconds = (come - 1.0 + come.hypot(1.0)) / rate;
        let seconds = if seconds.is_finite() { seconds } else { 0.0 };
        seconds.clamp(mean_wait_seconds, self.longest_wait_seconds)
    }

    /// Workers that are enough where nothing waits: one less than the load if need be, as what is then missing goes into
    /// the queue; but not the last one of a queue that is hardly ever empty.
    fn enough(&self) -> u32 {
        let load = self.load(self.rate_to_come());
        if load < 1.0 { u32::from(load >= KEPT_UTILISATION) } else { load as u32 }
    }

    /// Workers of whom none is too many. While jobs wait, one that is seen without a job is about to take the next.
    fn not_too_many(&self) -> u32 {
        if self.inputs.pending == 0 { self.enough() } else { self.load(self.rate_to_come()).ceil() as u32 }
    }

    fn rate_to_come(&self) -> f64 {
        self.inputs.lasting_rate_per_second.max(self.inputs.forecast_rate_per_second)
    }

    fn load_less_allowed_queue(&self, rate_per_second: f64) -> f64 {
        let correction = self.excess_jobs(rate_per_second).min(0.0) * self.workers_per_job;
        (self.load(rate_per_second) + correction).max(0.0)
    }

    /// Workers that start `jobs` in the time left, although those in a job may end fewer than they do on average. Of many
    /// short jobs, which end like a Poisson count, that is next to nothing; of a few long ones it is a good part.
    fn drain(&self, jobs: f64, time_left_seconds: f64) -> f64 {
        let inputs = self.inputs;
        let busy_workers = f64::from(inputs.busy_workers);
        let least_seconds = inputs.response_seconds();
        let ends = busy_workers * time_left_seconds.max(least_seconds) / inputs.service_time_seconds;
        let workers = BacklogDrain::workers_for(&Backlog {
            pending: jobs + ENDS_DEVIATIONS * ends.sqrt().min(ends),
            time_left_seconds,
            service_time_seconds: inputs.service_time_seconds,
            busy_workers,
            idle_workers: f64::from(inputs.current_workers.saturating_sub(inputs.busy_workers)),
            boot_seconds: inputs.boot_seconds,
            least_seconds,
        });
        workers.min(busy_workers + jobs)
    }

    /// Age at which that many jobs are to have been started: a single one as configured, but never so late that the next decision
    /// and another boot could not correct what this one took for enough. Many jobs take as long as expected, so they may
    /// take nearly all of the time promised, once it is known what to expect. Workers in reserve need no correction.
    fn deadline_seconds(&self, jobs: f64) -> f64 {
        let inputs = self.inputs;
        let promised_seconds = inputs.settings.sla.max_pickup_time_seconds;
        let configured_seconds = promised_seconds * inputs.settings.prediction.breach_threshold;
        if !is_feedback_in_time(inputs) {
            return configured_seconds;
        }
        let margin_seconds = promised_seconds - configured_seconds.min(inputs.room_seconds());
        let share = match inputs.service_time_source {
            ServiceTimeSource::Default => 1.0,
            _ => (LEAST_MARGIN_SHARE + MARGIN_DEVIATIONS * (self.squared_variation() / jobs).sqrt()).min(1.0),
        };
        promised_seconds - margin_seconds * share
    }

    /// The load, and what of the jobs that wait is too much; nothing while no more wait than may.
    fn load_and_excess(&self) -> f64 {
        let inputs = self.inputs;
        let excess_jobs = self.excess_jobs(inputs.arrival_rate_per_second);
        if excess_jobs <= 0.0 || inputs.oldest_job_age_seconds.is_none() {
            return 0.0;
        }
        self.load(inputs.lasting_rate_per_second) + excess_jobs * self.workers_per_job
    }

    /// What must go before its deadline. All that are older than some age must start before the youngest of them is due, and what
    /// a surge still brings must with them, as long after it is over as a job that comes in then may wait.
    fn due(&self) -> f64 {
        let inputs = self.inputs;
        let Some(oldest_seconds) = inputs.oldest_job_age_seconds else { return 0.0 };
        let to_come = inputs.surge.map(|surge| (self.pending + surge.jobs_to_come, -surge.seconds_to_come));
        let due = inputs.backlog_ages.due(self.pending, oldest_seconds).chain(to_come);
        due.map(|(jobs, age_seconds)| self.drain_in_time(jobs, age_seconds, oldest_seconds)).fold(0.0, f64::max)
    }

    /// What starts the oldest job, once it is past its deadline.
    fn overdue(&self) -> f64 {
        match self.inputs.oldest_job_age_seconds {
            Some(age_seconds) if age_seconds >= self.deadline_seconds(1.0) => {
                self.drain_in_time(1.0, age_seconds, age_seconds)
            }
            _ => 0.0,
        }
    }

    /// Workers that start `jobs`, of which the youngest is so old, before their deadline, and in a group what goes before them.
    fn drain_in_time(&self, jobs: f64, age_seconds: f64, oldest_seconds: f64) -> f64 {
        // The first few of many must not be later for those behind them.
        let few = self.squared_variation() * (MARGIN_DEVIATIONS / (1.0 - LEAST_MARGIN_SHARE)).powi(2);
        let drain = |jobs: f64| {
            let left_seconds = self.deadline_seconds(jobs) - age_seconds;
            self.drain(jobs + self.overtaking(left_seconds, oldest_seconds), left_seconds)
        };
        drain(jobs).max(drain(jobs.min(few)))
    }

    /// Jobs that come into a group's first queues in the time left, and go before those of the last one.
    fn overtaking(&self, left_seconds: f64, oldest_seconds: f64) -> f64 {
        let inputs = self.inputs;
        if !inputs.pool.is_group() {
            return 0.0;
        }
        let rate = inputs.lasting_rate_per_second;
        let response_seconds = inputs.response_seconds();
        let seconds = left_seconds.clamp(response_seconds, OVERTAKING_RESPONSES * response_seconds);
        (rate - self.last_queue_rate(rate, oldest_seconds)) * seconds
    }

    /// Squared coefficient of variation of the service times, 1 where jobs are more alike.
    fn squared_variation(&self) -> f64 {
        self.inputs.service_squared_variation.max(1.0)
    }

    fn staffing(&self) -> Option<f64> {
        let inputs = self.inputs;
        if is_feedback_in_time(inputs) {
            return None;
        }
        let workload = Workload {
            arrival_rate_per_second: inputs.arrival_rate_per_second.max(inputs.forecast_rate_per_second),
            service_time_seconds: inputs.service_time_seconds,
            arrival_squared_variation: inputs.arrival_dispersion,
            service_squared_variation: inputs.service_squared_variation,
        };
        let sla = &inputs.settings.sla;
        let percentile = 100.0 - PLANNED_BUDGET_SHARE * (100.0 - sla.percentile);
        let workers = PickupTime::fractional_workers_for(
            &workload,
            percentile,
            sla.max_pickup_time_seconds,
            inputs.settings.max_workers,
        );
        Some(workers)
    }
}

/// Whether a surge that is seen can still be answered before its jobs are late.
fn is_feedback_in_time(inputs: &StrategyInputs) -> bool {
    let least_seconds = FEEDBACK_RESPONSES * inputs.response_seconds();
    inputs.room_seconds() >= least_seconds.max(LEAST_FEEDBACK_ROOM_SECONDS)
}

/// Whole workers for a number of which so much of a last one may be missing. (A float beyond the integer's range becomes its
/// bound.)
fn whole(workers: f64, slack: f64) -> u32 {
    (workers - slack).ceil().max(0.0) as u32
}

/// How much of a job's work counts a response from now, when a decision has taken effect. The number n of workers in a job changes
/// by dn/dt = λ - n/S, so from n it comes nearer to λS by a share 1 - exp(-t/S) of the distance: all the way with short
/// jobs, while with jobs of minutes those that run now say more than a rate known from a few arrivals.
fn begun_seconds(inputs: &StrategyInputs) -> f64 {
    let service_seconds = inputs.service_time_seconds;
    -service_seconds * (-inputs.response_seconds() / service_seconds).exp_m1()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calculators::{BacklogAges, Surge};
    use crate::config::{PoolId, PoolSettings};
    use std::sync::Arc;

    /// Workers without a job at the end of a turn of five seconds, boots of a second and a half, an SLA of thirty.
    fn idle(workers: u32, rate_per_second: f64, service_time_seconds: f64) -> StrategyInputs {
        StrategyInputs {
            boot_seconds: 1.5,
            current_workers: workers,
            arrival_rate_per_second: rate_per_second,
            arrival_rate_confidence: 0.9,
            lasting_rate_per_second: rate_per_second,
            forecast_rate_per_second: rate_per_second,
            service_time_seconds,
            service_time_source: ServiceTimeSource::UtilisationLaw,
            ..StrategyInputs::unseen(PoolId::new("redis", "emails"), Arc::default(), 5.0)
        }
    }

    fn with(inputs: StrategyInputs, change: impl FnOnce(&mut PoolSettings)) -> StrategyInputs {
        let mut settings = (*inputs.settings).clone();
        change(&mut settings);
        StrategyInputs { settings: Arc::new(settings), ..inputs }
    }

    fn recommend(inputs: &StrategyInputs) -> (u32, u32, Driver) {
        let recommendation = PredictiveStrategy.recommend(inputs);
        (recommendation.workers, recommendation.idle_floor_workers, recommendation.driver)
    }

    fn wait_percent(percent: f64) -> impl FnOnce(&mut PoolSettings) {
        move |settings| settings.prediction.target_wait_percent = percent
    }

    #[test]
    fn the_last_worker_stays_where_batches_would_start_one_too_often() {
        // The next job in 2 s, others for 8.9 s more, half a turn: away for 13.4 s, less than a start is worth.
        assert_eq!(recommend(&with(idle(1, 0.5, 0.4), wait_percent(10.0))), (1, 1, Driver::KeepWarm));
        // At one in ten seconds it would be 19.1 s.
        assert_eq!(recommend(&with(idle(1, 0.1, 0.4), wait_percent(10.0))), (0, 0, Driver::Idle));
    }

    #[test]
    fn whoever_allows_more_wait_gets_batches() {
        assert_eq!(recommend(&idle(1, 0.5, 0.4)), (0, 0, Driver::Idle));
    }

    #[test]
    fn the_last_worker_stays_where_it_is_mostly_busy() {
        let of_load = |load| recommend(&idle(1, load / 0.5, 0.5));
        assert_eq!(of_load(0.65), (1, 1, Driver::SteadyState));
        assert_eq!(of_load(0.55), (0, 0, Driver::Idle));
    }

    #[test]
    fn the_last_worker_stays_through_a_lull_of_a_queue_of_many() {
        // A quarter of a worker is busy now; three quarters that idle are a quarter of three workers.
        let of_usual_load = |load| {
            let usual_rate_per_second = load / 0.5;
            recommend(&StrategyInputs { usual_rate_per_second, ..idle(1, 0.5, 0.5) })
        };
        assert_eq!(of_usual_load(3.1), (1, 1, Driver::Lull));
        assert_eq!(of_usual_load(2.9), (0, 0, Driver::Idle));
        // Nobody is started for it.
        let nobody = StrategyInputs { usual_rate_per_second: 20.0, ..idle(0, 0.5, 0.5) };
        assert_eq!(recommend(&nobody).0, 0);
    }

    #[test]
    fn jobs_that_are_due_leave_less_to_the_queue_and_are_the_reason() {
        let busy = |age| StrategyInputs {
            busy_workers: 8,
            pending: 2,
            oldest_job_age_seconds: Some(age),
            ..idle(8, 0.05, 120.0)
        };
        // Two jobs of two minutes, and of the eight that run one ends until they are due, if any.
        let due = |age| PredictiveStrategy.recommend(&busy(age)).backlog_drain.workers;
        let age = (0..200).map(|tenths| f64::from(tenths) / 10.0);
        let age = age.into_iter().find(|age| (DUE_SLACK + 0.05..ROUNDING_SLACK - 0.05).contains(&due(*age).fract()));
        let age = age.unwrap();
        let (workers, _, driver) = recommend(&busy(age));
        assert_eq!((f64::from(workers), driver), (due(age).ceil(), Driver::BacklogDrain));
        // A larger number of which more is left to the queue does not count instead.
        let corrected = StrategyInputs { lasting_rate_per_second: 0.22, ..with(busy(age), wait_percent(0.0)) };
        let larger = PredictiveStrategy.recommend(&corrected).backlog_drain.workers;
        assert!(larger > due(age) && larger - due(age).floor() < ROUNDING_SLACK, "{larger}");
        assert_eq!(f64::from(recommend(&corrected).0), due(age).ceil());
    }

    #[test]
    fn a_job_past_its_deadline_is_not_left_to_chance() {
        // In 6.5 s a worker with jobs of eight ends with its own in one case of two, so a third of a worker more is due.
        let alone = |age| {
            let waiting =
                StrategyInputs { busy_workers: 1, pending: 1, oldest_job_age_seconds: Some(age), ..idle(1, 0.05, 8.0) };
            (PredictiveStrategy.recommend(&waiting).backlog_drain.workers, recommend(&waiting).0)
        };
        // Its deadline is 23.5 s.
        assert!(matches!(alone(23.0), (workers, 1) if (1.2..1.5).contains(&workers)), "{:?}", alone(23.0));
        assert_eq!(alone(23.5).1, 2);
    }

    #[test]
    fn four_fifths_of_a_worker_are_left_to_a_queue_unless_feedback_is_too_late() {
        let wanted = |promised_seconds, load, pending| {
            let busy =
                StrategyInputs { busy_workers: 8, pending, oldest_job_age_seconds: Some(0.0), ..idle(8, load, 1.0) };
            let short = with(busy, |settings| settings.sla.max_pickup_time_seconds = promised_seconds);
            let recommendation = PredictiveStrategy.recommend(&with(short, wait_percent(0.0)));
            assert_eq!(recommendation.pickup_time.is_some(), promised_seconds < 11.0);
            recommendation.workers
        };
        // Of 65 jobs too many within 17.7 s 3.7 workers more, and within 13 s 5.
        assert_eq!((wanted(30.0, 8.0, 65 + 1), wanted(10.0, 8.0, 65 + 1)), (11, 13));
        assert_eq!((wanted(30.0, 8.7, 1), wanted(30.0, 8.9, 1)), (8, 9));
        // With 13.6 wanted more than half a worker would be missing.
        assert_eq!(wanted(10.0, 8.6, 65 + 1), 14);
    }

    #[test]
    fn the_queue_may_take_its_time_to_even_out_a_change() {
        // Of 23.5 s a job may wait for 9.4 s, so 94 of 10/s may wait. 94 too many go within 37.6 s.
        let waiting = StrategyInputs {
            pending: 94 + 1 + 94,
            busy_workers: 10,
            oldest_job_age_seconds: Some(5.0),
            ..idle(10, 10.0, 1.0)
        };
        assert_eq!(recommend(&waiting), (12, 10, Driver::BacklogDrain));
    }

    #[test]
    fn a_batch_waits_for_its_worker() {
        let batch = |age| {
            let jobs = StrategyInputs { pending: 10, oldest_job_age_seconds: Some(age), ..idle(0, 1.2, 0.5) };
            recommend(&jobs)
        };
        assert_eq!(batch(10.0), (0, 0, Driver::Collect));
        assert_eq!(batch(19.0), (1, 0, Driver::BacklogDrain));
    }

    #[test]
    fn a_batch_waits_as_long_as_one_worker_can_still_do_it_alone() {
        // Half-second jobs that are due in some 15 s: a worker that is started now starts 28 of them.
        let batch = |pending| {
            let jobs = StrategyInputs { pending, oldest_job_age_seconds: Some(10.0), ..idle(0, 1.2, 0.5) };
            (PredictiveStrategy.recommend(&jobs).backlog_drain.workers, recommend(&jobs).0)
        };
        assert!(matches!(batch(17), (workers, 0) if (0.6..0.8).contains(&workers)), "{:?}", batch(17));
        assert!(matches!(batch(25), (workers, 1) if (0.8..1.0).contains(&workers)), "{:?}", batch(25));
    }

    #[test]
    fn what_goes_before_a_groups_last_queue_is_due_before_it() {
        let waiting = |queues, age| StrategyInputs {
            pool: PoolId::new("redis", queues),
            pending: 40,
            busy_workers: 2,
            oldest_job_age_seconds: Some(age),
            ..idle(2, 10.0, 0.5)
        };
        let drained = |jobs, seconds| Steering::of(&waiting("default", 10.0)).drain(jobs, seconds);
        // Before forty jobs of the last queue go all of ten a second but four, which two responses of 6.5 s count.
        let left_seconds = Steering::of(&waiting("default", 10.0)).deadline_seconds(40.0) - 10.0;
        let due = |queues| Steering::of(&waiting(queues, 10.0)).due();
        assert_eq!(
            (due("default"), due("high,default")),
            (drained(40.0, left_seconds), drained(40.0 + 6.0 * 13.0, left_seconds))
        );
        // Past its deadline of 23.5 s a job is to be started within a response, and before it all but two of ten a second.
        let overdue = |queues| Steering::of(&waiting(queues, 25.0)).overdue();
        let behind = 1.0 + (10.0 - 40.0 / 25.0) * 6.5;
        assert_eq!((overdue("default"), overdue("high,default")), (drained(1.0, -1.5), drained(behind, -1.5)));
    }

    #[test]
    fn few_workers_let_jobs_wait_for_longer_than_many() {
        // As many jobs as come in twelve seconds; 9.4 s of them may wait for many workers, 18.8 s for few.
        let load = |workers: f64| {
            let rate = workers / 0.5;
            let pending = (12.0 * rate) as u64;
            let busy = StrategyInputs {
                busy_workers: workers as u32,
                pending,
                oldest_job_age_seconds: Some(12.0),
                ..idle(workers as u32, rate, 0.5)
            };
            PredictiveStrategy.recommend(&busy).steady_state.workers / workers
        };
        assert_eq!(load(8.0), 1.0);
        assert!(load(2.0) < 0.95);
    }

    #[test]
    fn the_last_queue_of_a_group_must_not_wait_for_longer_than_others() {
        // Of fifteen jobs a second those of the last queue wait: sixty in 24 s.
        let of_pool = |queues| StrategyInputs {
            pool: PoolId::new("redis", queues),
            pending: 60,
            busy_workers: 9,
            oldest_job_age_seconds: Some(24.0),
            ..idle(9, 15.0, 0.6)
        };
        assert_eq!(recommend(&of_pool("default")).0, 9);
        assert!(recommend(&of_pool("high,default,low")).0 > 9);
        // From half the room of 23.5 s on it is corrected.
        let excess_jobs = |age| {
            let inputs = StrategyInputs { oldest_job_age_seconds: Some(age), ..of_pool("high,default,low") };
            Steering::of(&inputs).excess_jobs(15.0)
        };
        assert!(excess_jobs(11.5) < 0.0 && excess_jobs(12.0) > 0.0);
    }

    #[test]
    fn where_a_short_wait_would_follow_chance_workers_are_kept_in_reserve() {
        let is_staffed = |seconds| {
            let inputs = StrategyInputs { turn_seconds: 1.0, boot_seconds: 0.5, ..idle(5, 10.0, 0.5) };
            let inputs = with(inputs, |settings| settings.sla.max_pickup_time_seconds = seconds);
            let is_staffed = PredictiveStrategy.recommend(&inputs).pickup_time.is_some();
            assert_eq!(is_feedback_in_time(&inputs), !is_staffed);
            is_staffed
        };
        assert!(is_staffed(6.0));
        assert!(!is_staffed(7.0));
    }

    #[test]
    fn a_start_costs_the_readings_of_its_record_as_well() {
        // 18 readings of 0.09 ms are 1.6 ms of a core, worth 0.23 s of a worker that waits; five times as many cost as much more.
        assert!((record_price_seconds(5.0) - 0.233).abs() < 0.001, "{}", record_price_seconds(5.0));
        assert!((record_price_seconds(1.0) - 5.0 * record_price_seconds(5.0)).abs() < 1e-9);
    }

    #[test]
    fn a_worker_seen_between_two_jobs_stays_while_jobs_wait() {
        let load = |pending, age| {
            let age = Some(age).filter(|_| pending > 0);
            recommend(&StrategyInputs { busy_workers: 1, pending, oldest_job_age_seconds: age, ..idle(2, 3.0, 0.4) }).0
        };
        assert_eq!(load(12, 4.0), 2);
        assert_eq!(load(0, 0.0), 1);
    }

    #[test]
    fn where_more_comes_in_than_all_workers_carry_no_queue_is_filled_first() {
        // Eleven one-second jobs a second, and at most ten workers; twenty jobs wait, which 9.4 s would allow.
        let overload = StrategyInputs { pending: 20, busy_workers: 6, ..idle(6, 11.0, 1.0) };
        assert!(recommend(&overload).0 >= 10);
        let enough = with(overload, |settings| settings.max_workers = 12);
        assert!(recommend(&enough).0 < 10);
    }

    #[test]
    fn a_burst_that_came_in_by_and_by_is_due_by_and_by() {
        let cost_minded = with(idle(0, 0.5, 0.5), wait_percent(50.0));
        // 600 half-second jobs, the oldest 14 s old.
        let burst =
            StrategyInputs { pending: 600, boot_seconds: 1.0, oldest_job_age_seconds: Some(14.0), ..cost_minded };
        let drain = |ages| {
            let burst = StrategyInputs { backlog_ages: ages, ..burst.clone() };
            PredictiveStrategy.recommend(&burst).backlog_drain.workers
        };
        // A worker starts one when it has booted, and one every half second from then on.
        let in_time = |jobs, age_seconds| {
            let left_seconds = Steering::of(&burst).deadline_seconds(jobs) - age_seconds;
            jobs / (1.0 + (left_seconds - 1.0) / 0.5)
        };
        assert!((drain(BacklogAges::default()) - in_time(600.0, 14.0)).abs() < 1e-9);
        // The younger half is 2.5 s old on average, and the older one, which must go first, 9.5 s.
        let mut ages = BacklogAges { first_seconds: 5.0, stretch_seconds: 9.0, ..BacklogAges::default() };
        ages.arrivals[..2].copy_from_slice(&[300.0, 300.0]);
        assert!((drain(ages) - in_time(600.0, 2.5)).abs() < 1e-9, "{}", drain(ages));
        // If nearly all are old, that they came in by and by saves little.
        ages.arrivals[..2].copy_from_slice(&[18.0, 582.0]);
        assert!((drain(ages) - in_time(582.0, 9.5)).abs() < 1e-9);
    }

    #[test]
    fn the_first_of_many_jobs_must_not_be_later_for_those_behind_them() {
        // Eleven jobs have less than a turn and a boot left of 96 s, twenty have 6 s more.
        let due = |pending| {
            let waiting = StrategyInputs { pending, oldest_job_age_seconds: Some(95.0), ..idle(0, 0.1, 0.5) };
            let inputs = with(waiting, |settings| settings.sla.max_pickup_time_seconds = 120.0);
            Steering::of(&StrategyInputs { turn_seconds: 1.0, boot_seconds: 0.5, ..inputs }).due()
        };
        assert!((11..600).all(|pending| due(pending + 1) >= due(pending)));
        assert!(due(20) > 3.0, "{}", due(20));
    }

    #[test]
    fn what_a_surge_still_brings_is_served_with_what_waits() {
        let surge = Surge { jobs_to_come: 300.0, seconds_to_come: 5.0, rate_besides_per_second: 1.0 };
        let burst =
            |surge| StrategyInputs { pending: 300, oldest_job_age_seconds: Some(5.0), surge, ..idle(0, 1.0, 0.5) };
        let due = |surge| Steering::of(&burst(surge)).due();
        let drained = |jobs, age_seconds| {
            let inputs = burst(None);
            let steering = Steering::of(&inputs);
            steering.drain(jobs, steering.deadline_seconds(jobs) - age_seconds)
        };
        assert_eq!(due(None), drained(300.0, 5.0));
        assert_eq!(due(Some(surge)), drained(600.0, -5.0));
        // Where little comes any more, what waits is due sooner.
        assert_eq!(due(Some(Surge { jobs_to_come: 30.0, ..surge })), drained(300.0, 5.0));
    }

    #[test]
    fn a_few_jobs_leave_time_to_correct_and_many_may_take_nearly_all_that_is_promised() {
        let deadline = |jobs, boot_seconds, service_squared_variation| {
            let inputs = StrategyInputs { boot_seconds, service_squared_variation, ..idle(0, 0.5, 0.5) };
            Steering::of(&inputs).deadline_seconds(jobs)
        };
        // Of 30 s a turn of 5 s and a boot of 1 s leave 24 s, and so does the threshold; a boot of 5 s leaves 20 s.
        assert_eq!((deadline(1.0, 1.0, 1.0), deadline(1.0, 5.0, 1.0)), (24.0, 20.0));
        assert_eq!(deadline(10.0, 5.0, 1.0), 20.0);
        // Three deviations of 900 jobs are a tenth of their work.
        assert_eq!((deadline(900.0, 1.0, 1.0), deadline(900.0, 5.0, 1.0)), (30.0 - 0.2 * 6.0, 30.0 - 0.2 * 10.0));
        // Of jobs of two kinds it takes more to even out.
        assert_eq!(deadline(9.0 * 900.0, 5.0, 9.0), deadline(900.0, 5.0, 1.0));
        assert_eq!(deadline(90.0, 5.0, 9.0), 20.0);
        // Nor does anything even out where nobody knows how long a job takes.
        let unknown = StrategyInputs { service_time_source: ServiceTimeSource::Default, ..idle(0, 0.5, 0.5) };
        assert_eq!(Steering::of(&unknown).deadline_seconds(900.0), 23.5);
    }

    #[test]
    fn long_jobs_that_are_about_to_end_are_not_counted_on_in_full() {
        // Sixteen jobs of two minutes: within 20 s 2.67 of them end on average, perhaps only 2.01.
        let long = StrategyInputs { boot_seconds: 1.0, busy_workers: 16, ..idle(16, 0.1, 120.0) };
        let drain = |pending, service_time_seconds| {
            let age = Some(4.0);
            let waiting = StrategyInputs { pending, service_time_seconds, oldest_job_age_seconds: age, ..long.clone() };
            Steering::of(&waiting).drain(pending as f64, 20.0)
        };
        assert!(drain(1, 120.0) <= 16.0);
        assert!(drain(3, 120.0) > 16.6);
        // Of short ones 640 end, perhaps only 630.
        assert!(drain(629, 0.5) <= 16.0);
        assert!(drain(631, 0.5) > 16.0);
    }

    #[test]
    fn long_jobs_that_run_say_more_than_a_rate_known_from_a_few() {
        // A job every ten seconds of two minutes each: twelve in the end, of which a response brings nothing.
        let long = |rate| StrategyInputs { busy_workers: 10, reserved: 10, ..idle(13, rate, 120.0) };
        assert_eq!(recommend(&long(0.1)), (10, 10, Driver::SteadyState));
        // Were the rate twice as high, there would still be less than a whole one more by then.
        assert_eq!(recommend(&long(0.2)), (10, 10, Driver::SteadyState));
        let short = StrategyInputs { busy_workers: 6, ..idle(10, 8.1, 1.0) };
        assert_eq!(recommend(&short).0, 8);
    }

    #[test]
    fn a_worker_in_reserve_stays_as_long_as_the_noise_of_the_rate_might_call_it_back() {
        let short =
            |workers, rate| with(idle(workers, rate, 0.5), |settings| settings.sla.max_pickup_time_seconds = 5.0);
        let reserve = |rate| PredictiveStrategy.recommend(&short(0, rate)).pickup_time.unwrap().workers;
        // Between a fifth and a half of a worker beyond a whole one: not worth a start, and not worth a leave.
        let rate = (700..1_400).map(|tenths| f64::from(tenths) / 100.0).find(|&rate| {
            let fraction = reserve(rate).fract();
            (RESERVE_SLACK + 0.05..ROUNDING_SLACK - 0.05).contains(&fraction)
        });
        let (rate, whole) = (rate.unwrap(), reserve(rate.unwrap()).floor() as u32);
        assert_eq!(recommend(&short(whole, rate)).0, whole);
        assert_eq!(recommend(&short(whole + 1, rate)).0, whole + 1);
        assert_eq!(recommend(&short(whole + 2, rate)).0, whole + 1);
    }
}
