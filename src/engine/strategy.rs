//! From what is known of a pool to how many workers it should have.

use super::Component;
use super::forecast::{Driver, Recommendation, StrategyInputs};
use crate::calculators::{Backlog, BacklogDrain, LittlesLaw, PickupTime, Workload};

/// Decides for one pool, before bounds, stabilisation, capacity and fair share.
pub trait ScalingStrategy: std::fmt::Debug + Send {
    /// How many workers the pool should have.
    fn recommend(&self, inputs: &StrategyInputs) -> Recommendation;
}

/// Time to correct the wait in, as a multiple of the response time: a controller that acts on what it saw one response
/// time ago is stable for gains below one a response time, and does not overshoot at half of that
/// (K. J. Åström, R. M. Murray, "Feedback Systems", 2nd ed. 2021, section 11.3).
const CORRECTION_RESPONSES: f64 = 2.0;

/// Feedback is too late where the room for waiting is less than this many response times: a surge is seen, answered and
/// felt only after one, and the answer needs a second one to take effect.
const FEEDBACK_RESPONSES: f64 = 1.0;

/// Share of the error budget that staffing plans to spend; the rest is for what it cannot know: a rate that changed
/// since, a service time that did.
const PLANNED_BUDGET_SHARE: f64 = 0.2;

/// A fraction of a worker that is not worth one more: below a half the queue takes it up until the next decision.
const ROUNDING_SLACK: f64 = 0.5;

/// The wait swings between nothing and a highest value around the mean that is asked for, so the highest is twice the
/// mean.
const HIGHEST_WAIT_FACTOR: f64 = 2.0;

/// Share of the room that the highest wait may fill; the rest is for what comes in by surprise.
const HIGHEST_WAIT_SHARE: f64 = 0.8;

/// Confidence from which the arrivals are known well enough to let a job wait for others to come; a queue that has just
/// been met gets its first worker at once.
const KNOWN_CONFIDENCE: f64 = 0.2;

/// Steers the wait, not the utilisation: the maximum of what the present load, the forecast load and the backlog ask for,
/// less what the queue may still fill.
///
/// The promise allows waiting, and a queue that is never empty keeps every worker busy. So the wait swings between nothing
/// and a highest one. With λ the rate, S the service time, P the jobs waiting, W the highest wait and τ the time to
/// correct in, `λS + (P − λW)·S/τ` workers are needed at least, and whole ones from `⌊λS⌋` on are enough as long as nothing
/// waits. In between the workers stay as they are, which is what keeps the target from swinging.
#[derive(Clone, Copy, Debug, Default)]
pub struct PredictiveStrategy;

impl ScalingStrategy for PredictiveStrategy {
    fn recommend(&self, inputs: &StrategyInputs) -> Recommendation {
        let steering = Steering::of(inputs);
        let steady_state = steering.load_less_allowed_queue(inputs.lasting_rate_per_second);
        let predictive = steering.load_less_allowed_queue(inputs.forecast_rate_per_second);
        let backlog_drain = steering.load_and_what_must_go();
        let pickup_time = steering.staffing();

        let components = [
            (steady_state, Driver::SteadyState),
            (predictive, Driver::Predictive),
            (backlog_drain, Driver::BacklogDrain),
            (pickup_time.unwrap_or(0.0), Driver::PickupTime),
        ];
        let (mut wanted, mut driver) = (0.0, Driver::Idle);
        for (workers, from) in components {
            if workers > wanted {
                (wanted, driver) = (workers, from);
            }
        }
        // A float beyond the integer's range becomes its bound.
        let at_least = (wanted - ROUNDING_SLACK).ceil().max(0.0) as u32;
        let at_most = steering.enough().max(at_least);
        let mut workers = inputs.current_workers.clamp(at_least, at_most);
        if workers == 0 {
            (workers, driver) = steering.last_worker();
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

/// One pool's numbers, as the arithmetic wants them.
struct Steering<'a> {
    inputs: &'a StrategyInputs,
    pending: f64,
    /// The wait from which on workers are added.
    highest_wait_seconds: f64,
    /// The wait that is asked for on average; a job that finds no worker at all is worth starting one after it.
    mean_wait_seconds: f64,
    /// Workers for each job too many or too few.
    workers_per_job: f64,
}

impl<'a> Steering<'a> {
    fn of(inputs: &'a StrategyInputs) -> Self {
        let share = inputs.settings.prediction.target_wait_percent / 100.0;
        let room_seconds = inputs.room_seconds();
        let mean_wait_seconds = room_seconds * share.min(HIGHEST_WAIT_SHARE);
        let highest_wait_seconds = room_seconds * (HIGHEST_WAIT_FACTOR * share).min(HIGHEST_WAIT_SHARE);
        // Never shorter than the wait allowed, so that more arrivals never ask for fewer workers.
        let correction_seconds = (CORRECTION_RESPONSES * inputs.response_seconds()).max(highest_wait_seconds);
        // One job never needs more than one worker, however long it is.
        let workers_per_job = (inputs.service_time_seconds / correction_seconds).min(1.0);
        Self { inputs, pending: inputs.pending as f64, highest_wait_seconds, mean_wait_seconds, workers_per_job }
    }

    fn load(&self, rate_per_second: f64) -> f64 {
        LittlesLaw::busy_workers(rate_per_second, self.inputs.service_time_seconds)
    }

    /// Jobs beyond those that may wait; negative where more may.
    fn excess_jobs(&self, rate_per_second: f64) -> f64 {
        let may_wait = LittlesLaw::waiting_jobs(rate_per_second, self.highest_wait_seconds);
        let has_waited = self.inputs.oldest_job_age_seconds.is_some_and(|age| age >= self.highest_wait_seconds);
        // A single job may wait for a worker to become free.
        let single = if has_waited { 0.0 } else { 1.0 };
        self.pending - may_wait - single
    }

    /// Workers that stay although they find no job: those that the load keeps busy, rounded up where it is a whole one and
    /// more, so that a moment's empty queue sends nobody away who would be back in a minute; of workers in long jobs only
    /// those that the next jobs need; and the last one where leaving and coming back would take it longer than it would be
    /// missed.
    fn idle_floor(&self) -> u32 {
        let load = self.load(self.rate_to_come());
        let kept = if load < 1.0 { 0.0 } else { load.ceil() };
        match kept.min(self.needed_soon()) as u32 {
            0 if self.is_worth_keeping_warm() => 1,
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
        if inputs.current_workers > 0 && self.is_worth_keeping_warm() {
            return (1, Driver::KeepWarm);
        }
        (0, Driver::Idle)
    }

    /// The last worker would be away until the next job has come and has waited; that must be longer than to notice and to
    /// return.
    fn is_worth_keeping_warm(&self) -> bool {
        let away_seconds = 1.0 / self.inputs.arrival_rate_per_second + self.mean_wait_seconds;
        away_seconds < self.inputs.response_seconds()
    }

    /// How long the first job waits for others to come before a worker is started for all of them: as long as makes their
    /// mean wait the one that is asked for. In the time T come λT others, which wait T/2 each on average, so the mean m is
    /// T(1 + λT/2)/(1 + λT), and T = (λm - 1 + √(1 + λ²m²))/λ: m where hardly any come, 2m where many do.
    fn collecting_seconds(&self) -> f64 {
        let rate = self.inputs.arrival_rate_per_second;
        let come = rate * self.mean_wait_seconds;
        let seconds = (come - 1.0 + come.hypot(1.0)) / rate;
        let seconds = if seconds.is_finite() { seconds } else { 0.0 };
        seconds.clamp(self.mean_wait_seconds, self.highest_wait_seconds)
    }

    /// Workers that are enough where nothing waits: one less than the load if need be, as what is then missing goes into
    /// the queue. Of workers in long jobs only those that the next jobs need before others could be started.
    fn enough(&self) -> u32 {
        self.load(self.rate_to_come()).floor().min(self.needed_soon()) as u32
    }

    fn rate_to_come(&self) -> f64 {
        self.inputs.lasting_rate_per_second.max(self.inputs.forecast_rate_per_second)
    }

    /// Jobs that are there, and those that come before a worker started now could take one.
    fn needed_soon(&self) -> f64 {
        let come_meanwhile = (self.rate_to_come() * self.inputs.boot_seconds).round();
        f64::from(self.inputs.busy_workers) + self.pending + come_meanwhile
    }

    fn load_less_allowed_queue(&self, rate_per_second: f64) -> f64 {
        let correction = self.excess_jobs(rate_per_second).min(0.0) * self.workers_per_job;
        (self.load(rate_per_second) + correction).max(0.0)
    }

    fn load_and_what_must_go(&self) -> f64 {
        let inputs = self.inputs;
        let Some(age_seconds) = inputs.oldest_job_age_seconds else { return 0.0 };
        let rate = inputs.lasting_rate_per_second;
        let excess_jobs = self.excess_jobs(inputs.arrival_rate_per_second);
        let corrected = if excess_jobs > 0.0 { self.load(rate) + excess_jobs * self.workers_per_job } else { 0.0 };
        let deadline = inputs.settings.sla.max_pickup_time_seconds * inputs.settings.prediction.breach_threshold;
        let drained = BacklogDrain::workers_for(&Backlog {
            pending: self.pending,
            time_left_seconds: deadline - age_seconds,
            service_time_seconds: inputs.service_time_seconds,
            busy_workers: f64::from(inputs.busy_workers),
            idle_workers: f64::from(inputs.current_workers.saturating_sub(inputs.busy_workers)),
            boot_seconds: inputs.boot_seconds,
            least_seconds: inputs.response_seconds(),
        });
        corrected.max(drained)
    }

    fn staffing(&self) -> Option<f64> {
        let inputs = self.inputs;
        if inputs.room_seconds() >= FEEDBACK_RESPONSES * inputs.response_seconds() {
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
