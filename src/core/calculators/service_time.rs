//! How long a job keeps a worker busy, told from how busy the workers were and how much they did.

use super::event_rate::EventRate;

/// Completions that the estimate remembers at most: a relative standard error of a twentieth for exponential times, which
/// is half a worker of a load of ten, as much as the queue takes up. With a hundred, a load of ten would seem to change by a
/// worker and back. What does change is found at once, see [`EventRate`].
const MEMORY_COMPLETIONS: f64 = 400.0;

/// Weight of the time assumed at first, in completions: the first real one already counts as much.
const FIRST_GUESS_COMPLETIONS: f64 = 1.0;

/// A job under way for t seconds takes, at the median of what is consistent with that, twice as long
/// (J. R. Gott, "Implications of the Copernican principle", Nature 363 (1993), 315-319).
const UNFINISHED_FACTOR: f64 = 2.0;

/// Completions from which the utilisation law is sure enough to need no help: a relative standard error of a tenth for
/// exponential times. Where promises are short, a reported duration may include a wait that is too short to stand out.
const SURE_COMPLETIONS: f64 = 100.0;

/// `avg_duration_ms` is believed within this factor of what the utilisation law says: what it gets wrong, the waiting
/// time included or nothing reported, lies far outside.
const PLAUSIBLE_FACTOR: f64 = 1.25;

/// Completions from which the utilisation law is sure enough to be told from the time assumed.
const MEASURED_COMPLETIONS: f64 = 1.0;

/// Jobs, done or under way, that must bear witness to a slowdown. A single one that takes seven times the mean, as every thousandth
/// does of exponential times, says as much by its length as the likelihood of a change asks for, but nothing of the others. With
/// ten, a promise of five seconds would be kept for a fifteenth of a percent fewer jobs where workers are silent.
const SLOWDOWN_JOBS: f64 = 5.0;

/// Service times that are meant seriously, in seconds: from a microsecond to a month.
const PLAUSIBLE_SECONDS: std::ops::RangeInclusive<f64> = 1e-6..=2.6e6;

/// What one turn saw of the workers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServiceSample {
    /// Worker-seconds spent in jobs, failed ones and those under way included.
    pub busy_worker_seconds: f64,
    /// Jobs done in the same time.
    pub completions: f64,
    /// Jobs under way at its end.
    pub jobs_under_way: f64,
    /// How long the longest job under way has run, in seconds.
    pub longest_job_seconds: Option<f64>,
}

/// Estimates the mean service time by the utilisation law, S = busy worker-seconds ÷ jobs done.
///
/// Both are summed over one and the same memory, turns without completions included: that is the maximum-likelihood
/// estimate for lifetimes of which some have not ended yet (B. Epstein, M. Sobel, "Life Testing", Journal of the American
/// Statistical Association 48 (1953), 486-502). A ratio taken turn by turn would be biased. A sudden shift is noticed as
/// a change of the completion rate of busy workers, see [`EventRate`].
///
/// ```
/// use queue_autoscale_core::calculators::{ServiceSample, ServiceTimeEstimator};
/// let mut service = ServiceTimeEstimator::new(1.0);
/// // Three busy workers do thirty jobs in five seconds, again and again: half a second each.
/// for _ in 0..20 {
///     service.observe(ServiceSample {
///         busy_worker_seconds: 15.0, completions: 30.0, jobs_under_way: 3.0, longest_job_seconds: None });
/// }
/// assert!((service.seconds() - 0.5).abs() < 0.01);
/// ```
#[derive(Clone, Debug)]
pub struct ServiceTimeEstimator {
    /// Completions per busy worker-second.
    completions: EventRate,
    measured: f64,
    /// Last estimate that rested on a completion.
    last_seconds: f64,
    longest_job_seconds: f64,
}

impl ServiceTimeEstimator {
    /// Starts from an assumed time (> 0).
    pub fn new(assumed_seconds: f64) -> Self {
        Self {
            completions: EventRate::new(
                FIRST_GUESS_COMPLETIONS,
                FIRST_GUESS_COMPLETIONS * assumed_seconds,
                MEMORY_COMPLETIONS * assumed_seconds,
            ),
            measured: 0.0,
            last_seconds: assumed_seconds,
            longest_job_seconds: 0.0,
        }
    }

    /// Takes in a turn. One in which nobody was busy says nothing.
    pub fn observe(&mut self, sample: ServiceSample) {
        self.longest_job_seconds = sample.longest_job_seconds.unwrap_or(0.0);
        if sample.busy_worker_seconds.is_nan() || sample.busy_worker_seconds < *PLAUSIBLE_SECONDS.start() {
            return;
        }
        let least_completions = SLOWDOWN_JOBS - sample.jobs_under_way;
        self.completions.observe(sample.completions, sample.busy_worker_seconds, least_completions);
        self.measured += sample.completions;
        self.completions.set_memory(MEMORY_COMPLETIONS * self.last_seconds);
        if sample.completions > 0.0 {
            self.last_seconds = self.unbounded_seconds();
        }
    }

    /// Mean service time, in seconds.
    pub fn seconds(&self) -> f64 {
        // Without completions the sum of busy time only says "longer"; it is not to say more than the jobs under way do.
        let at_most = self.last_seconds.max(UNFINISHED_FACTOR * self.longest_job_seconds);
        self.unbounded_seconds().min(at_most).clamp(*PLAUSIBLE_SECONDS.start(), *PLAUSIBLE_SECONDS.end())
    }

    /// Whether any completion was seen.
    pub fn is_measured(&self) -> bool {
        self.measured >= MEASURED_COMPLETIONS
    }

    /// Whether a reported mean duration is better than what was measured: it agrees with it, and not much was measured yet.
    pub fn is_helped_by(&self, reported_seconds: f64) -> bool {
        let ratio = reported_seconds / self.seconds();
        let is_plausible = (1.0 / PLAUSIBLE_FACTOR..=PLAUSIBLE_FACTOR).contains(&ratio);
        self.is_measured() && self.completions.events() < SURE_COMPLETIONS && is_plausible
    }

    /// Squared coefficient of variation of the service times, from how unevenly busy workers complete jobs.
    pub fn squared_variation(&self) -> f64 {
        self.completions.dispersion()
    }

    fn unbounded_seconds(&self) -> f64 {
        let rate = self.completions.rate();
        if rate > 0.0 { 1.0 / rate } else { self.last_seconds.max(self.completions.exposure()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(busy_worker_seconds: f64, completions: f64) -> ServiceSample {
        ServiceSample { busy_worker_seconds, completions, jobs_under_way: 10.0, longest_job_seconds: None }
    }

    /// Ten workers with half-second jobs, for `turns` turns of five seconds.
    fn half_second_jobs(turns: u32) -> ServiceTimeEstimator {
        let mut service = ServiceTimeEstimator::new(1.0);
        for _ in 0..turns {
            service.observe(turn(50.0, 100.0));
        }
        service
    }

    #[test]
    fn busy_time_over_completions_is_the_service_time() {
        let service = half_second_jobs(20);
        assert!((service.seconds() - 0.5).abs() < 0.005, "{}", service.seconds());
        assert!(service.is_measured());
    }

    #[test]
    fn long_jobs_are_not_underestimated_by_turns_without_completions() {
        // One worker, jobs of a minute: twelve turns of five seconds for each completion.
        let mut service = ServiceTimeEstimator::new(1.0);
        for turns in 1..=600 {
            service.observe(turn(5.0, f64::from(u8::from(turns % 12 == 0))));
        }
        assert!((service.seconds() - 60.0).abs() < 5.0, "{}", service.seconds());
    }

    #[test]
    fn jobs_that_became_four_times_slower_are_noticed() {
        let mut service = half_second_jobs(100);
        for _ in 0..3 {
            service.observe(turn(50.0, 25.0));
        }
        assert!((service.seconds() - 2.0).abs() < 0.2, "{}", service.seconds());
    }

    #[test]
    fn a_single_long_job_says_nothing_of_the_others() {
        let after_ten_seconds = |workers: f64| {
            let mut service = half_second_jobs(100);
            for second in 1..=10 {
                let longest_job_seconds = Some(f64::from(second));
                service.observe(ServiceSample { jobs_under_way: workers, longest_job_seconds, ..turn(workers, 0.0) });
            }
            service.seconds()
        };
        assert!((0.5..0.55).contains(&after_ten_seconds(1.0)), "{}", after_ten_seconds(1.0));
        assert!(after_ten_seconds(10.0) > 5.0, "{}", after_ten_seconds(10.0));
    }

    #[test]
    fn jobs_under_way_say_how_long_they_take_at_least_and_no_more() {
        let mut service = ServiceTimeEstimator::new(1.0);
        // Fifty workers in their first job for ten seconds: not 500 s each.
        for seconds in [5.0, 10.0] {
            service.observe(ServiceSample { longest_job_seconds: Some(seconds), ..turn(250.0, 0.0) });
        }
        assert_eq!(service.seconds(), 20.0);
        assert!(!service.is_measured());
    }

    #[test]
    fn a_turn_without_busy_workers_changes_nothing() {
        let mut service = half_second_jobs(20);
        let before = service.seconds();
        service.observe(turn(0.0, 0.0));
        assert_eq!(service.seconds(), before);
    }

    #[test]
    fn a_reported_time_helps_near_the_measured_one_and_as_long_as_few_jobs_were_measured() {
        let of_completions = |completions| {
            let mut service = ServiceTimeEstimator::new(0.5);
            service.observe(turn(0.5 * completions, completions));
            service
        };
        let few = of_completions(60.0);
        assert!(few.is_helped_by(0.45));
        assert!(!few.is_helped_by(12.0));
        assert!(!few.is_helped_by(0.0));
        assert!(!of_completions(120.0).is_helped_by(0.45), "enough was measured");
        assert!(!ServiceTimeEstimator::new(0.5).is_helped_by(0.5), "nothing was measured yet");
    }

    #[test]
    fn a_twentieth_is_all_that_chance_makes_of_the_time_of_jobs() {
        // Half-second jobs, fifteen a second, for ten seconds two more and for ten two fewer.
        let mut service = ServiceTimeEstimator::new(0.5);
        let times = (0..600).map(|second| {
            service.observe(turn(7.5, if second / 10 % 2 == 0 { 17.0 } else { 13.0 }));
            service.seconds()
        });
        let settled: Vec<f64> = times.skip(60).collect();
        assert!(settled.iter().all(|seconds| (0.475..0.525).contains(seconds)), "{settled:?}");
    }
}
