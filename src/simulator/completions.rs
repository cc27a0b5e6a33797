//! The sliding count of completions that QueueMetrics keeps.

/// Length of the window, in whole seconds (QueueMetrics: `performance_60s`).
const WINDOW_SECONDS: u64 = 60;
/// The window's lower edge is a whole second and belongs to it, so up to 61 of them are counted.
const SECONDS_COUNTED: usize = WINDOW_SECONDS as usize + 1;

#[derive(Clone, Copy, Debug, Default)]
struct Second {
    number: u64,
    jobs: u64,
    duration_seconds: f64,
}

/// Successful jobs of the last minute, by the whole second in which they ended.
#[derive(Clone, Debug)]
pub(super) struct RecentCompletions {
    seconds: [Second; SECONDS_COUNTED],
}

/// What the window holds at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct WindowCount {
    /// Jobs that succeeded.
    pub jobs: u64,
    /// Mean of the durations recorded with them, in seconds; 0 without any.
    pub mean_duration_seconds: f64,
}

impl RecentCompletions {
    pub(super) fn new() -> Self {
        Self { seconds: [Second::default(); SECONDS_COUNTED] }
    }

    /// A job succeeded.
    pub(super) fn record(&mut self, now_seconds: f64, duration_seconds: f64) {
        let number = now_seconds as u64;
        let second = &mut self.seconds[(number % SECONDS_COUNTED as u64) as usize];
        if second.number != number {
            *second = Second { number, jobs: 0, duration_seconds: 0.0 };
        }
        second.jobs += 1;
        second.duration_seconds += duration_seconds;
    }

    /// What QueueMetrics would count now: everything that ended in the whole second 60 s ago or later.
    pub(super) fn count(&self, now_seconds: f64) -> WindowCount {
        let oldest = (now_seconds as u64).saturating_sub(WINDOW_SECONDS);
        let (mut jobs, mut duration_seconds) = (0, 0.0);
        for second in self.seconds.iter().filter(|second| second.number >= oldest) {
            jobs += second.jobs;
            duration_seconds += second.duration_seconds;
        }
        let mean_duration_seconds = if jobs == 0 { 0.0 } else { duration_seconds / jobs as f64 };
        WindowCount { jobs, mean_duration_seconds }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_keeps_the_whole_second_sixty_seconds_ago() {
        let mut recent = RecentCompletions::new();
        recent.record(10.9, 2.0);
        recent.record(11.0, 4.0);
        assert_eq!(recent.count(70.99), WindowCount { jobs: 2, mean_duration_seconds: 3.0 });
        assert_eq!(recent.count(71.0), WindowCount { jobs: 1, mean_duration_seconds: 4.0 });
        assert_eq!(recent.count(72.0), WindowCount { jobs: 0, mean_duration_seconds: 0.0 });
    }

    #[test]
    fn a_second_that_comes_round_again_starts_from_nothing() {
        let mut recent = RecentCompletions::new();
        recent.record(5.0, 1.0);
        recent.record(5.0 + SECONDS_COUNTED as f64, 1.0);
        assert_eq!(recent.count(66.0).jobs, 1);
    }
}
