//! How many jobs were done in a turn, from two witnesses that each see only part of it.

use super::sliding_window::{SlidingWindow, WINDOW_SECONDS};

/// Time over which the two witnesses are compared, in seconds: two windows, so that the edges of one weigh little.
const COMPARED_SECONDS: f64 = 2.0 * WINDOW_SECONDS;

/// Fewest attempts in that time from which they are compared at all.
const COMPARED_ATTEMPTS: f64 = 10.0;

/// Difference that the window's whole-second edges alone can make, as a share: two seconds of sixty, rounded up.
const EDGE_SHARE: f64 = 0.05;

/// What is known of one turn's completions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CompletionSample {
    /// Time since the sample before, in seconds (> 0).
    pub elapsed_seconds: f64,
    /// Jobs that succeeded in the last sixty seconds, whoever did them. Failed attempts are not in it.
    pub throughput_per_minute: f64,
    /// Attempts that the supervisor's own workers ended meanwhile, failed ones included, if they all tell.
    pub attempts: Option<f64>,
    /// Attempts that a job gets at most; 0 where there is no end.
    pub tries: u32,
}

/// Reconciles the supervisor's count of attempts, exact and without lag but blind to success and to other people's
/// workers, with the metrics' count of successes, which sees all of them but no failure.
#[derive(Clone, Debug, Default)]
pub struct Completions {
    window: SlidingWindow,
    successes: f64,
    attempts: f64,
}

impl Completions {
    /// Starts with the count of the minute before.
    pub fn starting_with(throughput_per_minute: f64) -> Self {
        Self { window: SlidingWindow::starting_with(throughput_per_minute), ..Self::default() }
    }

    /// Jobs done since the sample before. Where attempts fail and are tried again, a job is done once, with its last one.
    pub fn observe(&mut self, sample: &CompletionSample) -> f64 {
        let successes = self.window.advance(sample.elapsed_seconds, sample.throughput_per_minute);
        let Some(attempts) = sample.attempts else {
            (self.successes, self.attempts) = (0.0, 0.0);
            return successes;
        };
        let kept = (-sample.elapsed_seconds / COMPARED_SECONDS).exp();
        self.successes = self.successes * kept + successes;
        self.attempts = self.attempts * kept + attempts;
        if self.others_work() { successes } else { attempts / self.attempts_per_job(sample.tries) }
    }

    /// Whether more jobs succeed than our own workers attempt: somebody else works this queue as well.
    pub fn others_work(&self) -> bool {
        self.successes > self.attempts * (1.0 + EDGE_SHARE) + COMPARED_ATTEMPTS
    }

    /// Attempts that a job takes on average, never more than it gets.
    fn attempts_per_job(&self, tries: u32) -> f64 {
        let at_most = if tries == 0 { f64::INFINITY } else { f64::from(tries) };
        let measured = self.attempts / self.successes.max(1.0);
        if self.attempts < COMPARED_ATTEMPTS || measured < 1.0 + EDGE_SHARE { 1.0 } else { measured.min(at_most) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(throughput_per_minute: f64, attempts: Option<f64>) -> CompletionSample {
        CompletionSample { elapsed_seconds: 5.0, throughput_per_minute, attempts, tries: 3 }
    }

    #[test]
    fn the_supervisors_own_count_goes_first() {
        let mut completions = Completions::starting_with(600.0);
        assert_eq!(completions.observe(&sample(600.0, Some(51.0))), 51.0);
    }

    #[test]
    fn without_it_the_window_is_taken_apart() {
        let mut completions = Completions::starting_with(600.0);
        assert!((completions.observe(&sample(603.0, None)) - 53.0).abs() < 1e-3);
    }

    #[test]
    fn a_job_that_is_tried_twice_is_done_once() {
        let mut completions = Completions::starting_with(300.0);
        let done: Vec<f64> = (0..60).map(|_| completions.observe(&sample(300.0, Some(50.0)))).collect();
        assert!((done[59] - 25.0).abs() < 1e-3, "{}", done[59]);
    }

    #[test]
    fn where_every_attempt_fails_a_job_is_done_after_its_tries() {
        let mut completions = Completions::starting_with(0.0);
        let done: Vec<f64> = (0..60).map(|_| completions.observe(&sample(0.0, Some(30.0)))).collect();
        assert_eq!(done[59], 10.0);
    }

    #[test]
    fn other_peoples_workers_are_seen_in_the_metrics() {
        let mut completions = Completions::starting_with(1200.0);
        let done: Vec<f64> = (0..60).map(|_| completions.observe(&sample(1200.0, Some(50.0)))).collect();
        assert!(completions.others_work());
        assert!((done[59] - 100.0).abs() < 1e-3, "{}", done[59]);
    }
}
