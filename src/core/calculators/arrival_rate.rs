//! How many jobs come in, told from how many are there and how many were done.

use super::completions::{CompletionSample, Completions};
use super::event_rate::EventRate;
use super::sliding_window::WINDOW_SECONDS;

/// What the estimate rests on at most, in seconds: long enough that Poisson noise moves ten workers' load by a third of a
/// worker (1/√(10·120) = 2.9 %), short enough that a slow drift shows before the evidence for a change is complete.
const MEMORY_SECONDS: f64 = 120.0;

/// Weight of the first guess, the throughput of the minute before the first sample, in seconds of observation. It is a
/// lagging and lagless number at once, as long as nothing else is known.
const FIRST_GUESS_SECONDS: f64 = 5.0;

/// A window's edge is known to a whole second only, so up to this much of a minute's completions may seem missing, in
/// seconds of throughput.
const WINDOW_EDGE_SECONDS: f64 = 2.0;

/// Elapsed times that say something, in seconds: below it is the same sample once more, above it is another day.
const ELAPSED_SECONDS: std::ops::RangeInclusive<f64> = 0.01..=3600.0;

/// What one turn saw of a queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ArrivalSample {
    /// Monotonic instant, in seconds.
    pub now_seconds: f64,
    /// Jobs that are waiting or held by a worker.
    pub backlog: f64,
    /// Jobs done in the last sixty seconds.
    pub throughput_per_minute: f64,
    /// Attempts that the supervisor saw ending, if its workers tell; never decreases.
    pub attempts_finished_total: Option<u64>,
    /// Attempts that a job gets at most; 0 where there is no end.
    pub tries: u32,
}

/// What became of one sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// Time since the sample before, in seconds.
    pub elapsed_seconds: f64,
    /// Jobs that came in meanwhile.
    pub arrivals: f64,
    /// Jobs that were done meanwhile.
    pub completions: f64,
    /// Whether others than the supervisor's own workers did some of them.
    pub others_work: bool,
}

/// Estimates the arrival rate from the conservation of jobs: what came in is what was done plus what the backlog grew.
///
/// The reported throughput lags every change by up to a minute, the balance does not. A failed attempt that is tried
/// again is neither done nor does the backlog change, so retries are no new work.
///
/// ```
/// use queue_autoscale_core::calculators::{ArrivalRateEstimator, ArrivalSample};
/// let mut arrivals = ArrivalRateEstimator::new();
/// // Nothing was ever done, and every five seconds fifty more jobs are waiting: ten a second come in.
/// for turn in 0..10 {
///     let (now_seconds, backlog) = (5.0 * f64::from(turn), 50.0 * f64::from(turn));
///     arrivals.observe(ArrivalSample {
///         now_seconds, backlog, throughput_per_minute: 0.0,
///         attempts_finished_total: None, tries: 3 });
/// }
/// assert!((arrivals.rate_per_second() - 10.0).abs() < 0.5);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ArrivalRateEstimator {
    last: Option<ArrivalSample>,
    completions: Completions,
    rate: Option<EventRate>,
}

impl ArrivalRateEstimator {
    /// Knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in a sample. `None` where nothing follows from it: the first one, an instant that is not later than the one
    /// before, or a balance that cannot be (a queue that was cleared, a gap too long to look back over).
    pub fn observe(&mut self, sample: ArrivalSample) -> Option<Flow> {
        let Some(last) = self.last.replace(sample) else {
            self.completions = Completions::starting_with(sample.throughput_per_minute);
            let guess = sample.throughput_per_minute / WINDOW_SECONDS;
            self.rate = Some(EventRate::new(guess * FIRST_GUESS_SECONDS, FIRST_GUESS_SECONDS, MEMORY_SECONDS));
            return None;
        };
        let elapsed_seconds = sample.now_seconds - last.now_seconds;
        if !ELAPSED_SECONDS.contains(&elapsed_seconds) {
            if (0.0..*ELAPSED_SECONDS.start()).contains(&elapsed_seconds) {
                self.last = Some(last);
            }
            return None;
        }
        let attempts = match (last.attempts_finished_total, sample.attempts_finished_total) {
            (Some(before), Some(now)) => now.checked_sub(before).map(|attempts| attempts as f64),
            _ => None,
        };
        let completions = self.completions.observe(&CompletionSample {
            elapsed_seconds,
            throughput_per_minute: sample.throughput_per_minute,
            attempts,
            tries: sample.tries,
        });
        let others_work = self.completions.others_work();
        if elapsed_seconds > WINDOW_SECONDS && (attempts.is_none() || others_work) {
            return None;
        }
        let balance = completions + sample.backlog - last.backlog;
        let edge = WINDOW_EDGE_SECONDS * sample.throughput_per_minute.max(last.throughput_per_minute) / WINDOW_SECONDS;
        if balance < -(1.0 + edge) {
            return None;
        }
        let arrivals = balance.max(0.0);
        if let Some(rate) = &mut self.rate {
            // That nothing comes in for a while says that less does.
            rate.observe(arrivals, elapsed_seconds, 0.0);
        }
        Some(Flow { elapsed_seconds, arrivals, completions, others_work })
    }

    /// Jobs that come in, a second.
    pub fn rate_per_second(&self) -> f64 {
        self.rate.as_ref().map_or(0.0, EventRate::rate)
    }

    /// How sure the rate is, 0 ..= 1: one less its relative standard error, or, where hardly anything comes in, how long
    /// that has been seen.
    pub fn confidence(&self) -> f64 {
        let Some(rate) = &self.rate else { return 0.0 };
        let of_counts = 1.0 / (1.0 + rate.relative_error());
        let of_silence = if rate.events() < 1.0 { (rate.exposure() / MEMORY_SECONDS).min(1.0) } else { 0.0 };
        of_counts.max(of_silence)
    }

    /// Index of dispersion of the arrivals: 1 for a Poisson stream, more where they come in bursts.
    pub fn dispersion(&self) -> f64 {
        self.rate.as_ref().map_or(1.0, EventRate::dispersion)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TURN_SECONDS: f64 = 5.0;

    fn sample(turn: u32, backlog: f64, throughput_per_minute: f64) -> ArrivalSample {
        ArrivalSample {
            now_seconds: TURN_SECONDS * f64::from(turn),
            backlog,
            throughput_per_minute,
            attempts_finished_total: None,
            tries: 3,
        }
    }

    /// Ten jobs a second come in and are done, for `turns` turns.
    fn steady(turns: u32) -> ArrivalRateEstimator {
        let mut arrivals = ArrivalRateEstimator::new();
        for turn in 0..turns {
            arrivals.observe(sample(turn, 20.0, 600.0));
        }
        arrivals
    }

    #[test]
    fn in_a_steady_state_what_is_done_is_what_comes_in() {
        let arrivals = steady(30);
        assert!((arrivals.rate_per_second() - 10.0).abs() < 0.01);
        assert!(arrivals.confidence() > 0.9);
    }

    #[test]
    fn a_step_is_followed_within_three_samples_although_the_throughput_lags() {
        let mut arrivals = steady(30);
        // Twenty a second from now on; ten are done, the rest waits, and the throughput says ten as before.
        for turn in 30..33_u32 {
            arrivals.observe(sample(turn, 20.0 + 50.0 * f64::from(turn - 29), 600.0));
        }
        assert!((arrivals.rate_per_second() - 20.0).abs() < 1.0, "{}", arrivals.rate_per_second());
    }

    #[test]
    fn a_fall_to_nothing_is_followed_within_three_samples() {
        let mut arrivals = steady(30);
        for turn in 30..33_u32 {
            let left_the_window = 50.0 * f64::from(turn - 29);
            arrivals.observe(sample(turn, 0.0, 600.0 - left_the_window));
        }
        assert!(arrivals.rate_per_second() < 1.5, "{}", arrivals.rate_per_second());
    }

    #[test]
    fn noise_at_a_steady_rate_moves_a_load_of_ten_workers_by_less_than_one() {
        // Counts of a Poisson stream of fifty a turn, by the sum of twelve uniform numbers (a small generator of its own).
        let mut state = 42_u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let mut arrivals = steady(30);
        let (mut backlog, mut moved, mut turns) = (20.0_f64, 0, 0);
        for turn in 30..2_030 {
            let normal: f64 = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
            backlog += (normal * 50.0_f64.sqrt()).round();
            arrivals.observe(sample(turn, backlog + 10_000.0, 600.0));
            turns += 1;
            // One-second jobs: the load is the rate.
            moved += i32::from((arrivals.rate_per_second() - 10.0).abs() > 1.0);
        }
        assert!(f64::from(moved) <= 0.01 * f64::from(turns), "{moved} of {turns} turns");
    }

    #[test]
    fn the_same_sample_once_more_changes_nothing() {
        let mut arrivals = steady(30);
        let before = arrivals.rate_per_second();
        for _ in 0..10 {
            assert_eq!(arrivals.observe(sample(29, 500.0, 600.0)), None);
        }
        assert_eq!(arrivals.rate_per_second(), before);
    }

    #[test]
    fn missed_turns_are_made_up_for() {
        let mut arrivals = steady(30);
        let flow = arrivals.observe(sample(36, 20.0, 600.0)).unwrap();
        assert_eq!(flow.elapsed_seconds, 35.0);
        assert!((flow.arrivals - 350.0).abs() < 0.1, "{}", flow.arrivals);
    }

    #[test]
    fn a_clock_that_goes_backwards_starts_from_there() {
        let mut arrivals = steady(30);
        assert_eq!(arrivals.observe(sample(0, 20.0, 600.0)), None);
        assert!(arrivals.observe(sample(1, 20.0, 600.0)).is_some());
        assert!((arrivals.rate_per_second() - 10.0).abs() < 0.01);
    }

    #[test]
    fn a_queue_that_is_cleared_is_no_negative_arrival() {
        let mut arrivals = steady(30);
        assert_eq!(arrivals.observe(sample(30, -5_000.0, 600.0)), None);
        assert!((arrivals.rate_per_second() - 10.0).abs() < 0.01);
    }
}
