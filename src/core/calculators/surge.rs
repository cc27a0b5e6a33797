//! Surges of arrivals that are soon over.

use super::arrival_history::{ArrivalHistory, BIN_SECONDS};

/// How many times the usual rate is a surge: below it a change of the rate is answered for what it is.
const SURGE_FACTOR: f64 = 2.0;

/// Where a surge begins, between the usual rate and the present one: as far from the one as from the other, so that neither the
/// noise of the usual rate nor the first or last bin of a surge, of which it fills a part, is taken for another one.
const SURGE_BEGINS: f64 = 0.5;

/// Bins of a surge from which on its rate is known: the first one is filled in part, so that the rate seems lower than it is.
const KNOWN_BINS: usize = 2;

/// What a surge that goes on still brings, told from those of the last hour that were as high.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surge {
    /// Jobs to come.
    pub jobs_to_come: f64,
    /// Time until it is over, in seconds.
    pub seconds_to_come: f64,
    /// What comes in between surges, in jobs per second.
    pub rate_besides_per_second: f64,
}

/// Bins one after another that are as high as a surge.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    bins: usize,
    jobs: f64,
    most_jobs_of_a_bin: f64,
}

impl Surge {
    /// The surge that is under way at that rate (jobs per second), if all before it were over within `longest_seconds`. `None`
    /// where the rate is no surge beside the usual one, where none came before, and where this one has outlasted them: then
    /// nobody knows when it ends.
    ///
    /// ```
    /// use queue_autoscale_core::calculators::{ArrivalHistory, Surge};
    /// let mut history = ArrivalHistory::default();
    /// for bin in 0..61 {
    ///     history.record(if bin % 30 < 2 { 300.0 } else { 5.0 }, 5.0); // the second half of the third surge is still to come
    /// }
    /// let surge = Surge::under_way(&history, 5.0, 60.0, 20.0).unwrap();
    /// assert_eq!((surge.jobs_to_come, surge.seconds_to_come, surge.rate_besides_per_second), (300.0, 5.0, 1.0));
    /// ```
    pub fn under_way(
        history: &ArrivalHistory,
        usual_rate_per_second: f64,
        rate_per_second: f64,
        longest_seconds: f64,
    ) -> Option<Self> {
        if rate_per_second < SURGE_FACTOR * usual_rate_per_second {
            return None;
        }
        let begins_per_second = usual_rate_per_second + SURGE_BEGINS * (rate_per_second - usual_rate_per_second);
        let (mut run, mut longest_bins, mut surges) = (Run::default(), 0, 0);
        let (mut surge_jobs, mut highest_bins_jobs) = (0.0, 0.0);
        let (mut bins_besides, mut jobs_besides) = (0, 0.0);
        for jobs in history.bins() {
            if jobs >= BIN_SECONDS * begins_per_second {
                run = Run {
                    bins: run.bins + 1,
                    jobs: run.jobs + jobs,
                    most_jobs_of_a_bin: run.most_jobs_of_a_bin.max(jobs),
                };
                continue;
            }
            if run.bins > 0 {
                longest_bins = longest_bins.max(run.bins);
                surges += 1;
                surge_jobs += run.jobs;
                highest_bins_jobs += run.most_jobs_of_a_bin;
                run = Run::default();
            }
            bins_besides += 1;
            jobs_besides += jobs;
        }
        // Its first and its last bin hold a part of a surge each; of one within a bin it is not known how short it was.
        let is_short = BIN_SECONDS * longest_bins.saturating_sub(1).max(1) as f64 <= longest_seconds;
        if surges == 0 || !is_short || run.bins > longest_bins {
            return None;
        }
        let longest_to_come_seconds = BIN_SECONDS * (longest_bins - run.bins) as f64 - history.open_seconds();
        let longest_to_come_seconds = longest_to_come_seconds.max(0.0);
        let jobs_to_come = surge_jobs / f64::from(surges) - run.jobs - history.open_arrivals();
        let most_to_come = if run.bins < KNOWN_BINS { f64::MAX } else { rate_per_second * longest_to_come_seconds };
        let jobs_to_come = jobs_to_come.clamp(0.0, most_to_come);
        // At the rate of their fullest bins: with a part of a surge in its first and last one, it is over before the last bin is.
        let highest_rate_per_second = highest_bins_jobs / (BIN_SECONDS * f64::from(surges));
        Some(Self {
            jobs_to_come,
            seconds_to_come: longest_to_come_seconds.min(jobs_to_come / highest_rate_per_second),
            rate_besides_per_second: jobs_besides / (BIN_SECONDS * f64::from(bins_besides.max(1))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: f64 = 5.0;
    const RATE: f64 = 60.0;
    const LONGEST_SECONDS: f64 = 20.0;

    /// One a second, and `surge` at these bins.
    fn history(bins: usize, surges: &[usize]) -> ArrivalHistory {
        let mut history = ArrivalHistory::default();
        for bin in 0..bins {
            history.record(if surges.contains(&bin) { 300.0 } else { 5.0 }, BIN_SECONDS);
        }
        history
    }

    fn under_way(history: &ArrivalHistory) -> Option<Surge> {
        Surge::under_way(history, USUAL, RATE, LONGEST_SECONDS)
    }

    #[test]
    fn a_surge_brings_as_much_as_those_before_whenever_it_comes() {
        let mut begun = history(100, &[10, 11, 57, 58]);
        let surge = under_way(&begun).unwrap();
        assert_eq!((surge.jobs_to_come, surge.seconds_to_come), (600.0, 10.0));
        assert_eq!(surge.rate_besides_per_second, 1.0);
        begun.record(120.0, 2.0);
        let surge = under_way(&begun).unwrap();
        assert_eq!((surge.jobs_to_come, surge.seconds_to_come), (480.0, 8.0));
    }

    #[test]
    fn a_surge_that_has_shown_its_rate_brings_no_more_than_it_can() {
        let jobs_to_come = |bins: usize| {
            let surges: Vec<usize> = (10..14).chain(100 - bins..100).collect();
            Surge::under_way(&history(100, &surges), USUAL, 30.0, LONGEST_SECONDS).unwrap().jobs_to_come
        };
        // Of 1,200 jobs, within bins of 5 s at a rate of 30 a second.
        assert_eq!(jobs_to_come(2), 300.0);
        // What has just begun seems to come more slowly than it does.
        assert_eq!(jobs_to_come(1), 900.0);
    }

    #[test]
    fn a_surge_ends_when_its_jobs_have_come_at_their_highest_rate() {
        // 660 jobs at 60 a second, in three bins: 480 of them are still to come when the first bin of the next one is over.
        let mut history = ArrivalHistory::default();
        for jobs in [5.0, 180.0, 300.0, 180.0, 5.0, 5.0, 180.0] {
            history.record(jobs, BIN_SECONDS);
        }
        let surge = under_way(&history).unwrap();
        assert_eq!((surge.jobs_to_come, surge.seconds_to_come), (480.0, 8.0));
    }

    #[test]
    fn the_first_surge_may_be_here_to_stay() {
        assert_eq!(under_way(&history(100, &[])), None);
        assert_eq!(under_way(&history(100, &[99])), None);
        assert_eq!(under_way(&ArrivalHistory::default()), None);
    }

    #[test]
    fn a_surge_that_outlasts_those_before_may_be_here_to_stay() {
        assert!(under_way(&history(52, &[10, 11, 50, 51])).is_some_and(|surge| surge.seconds_to_come == 0.0));
        assert_eq!(under_way(&history(53, &[10, 11, 50, 51, 52])), None);
    }

    #[test]
    fn surges_that_lasted_are_answered_as_lasting() {
        let of_bins = |bins: usize| under_way(&history(100, &(20..20 + bins).collect::<Vec<_>>()));
        assert!(of_bins(5).is_some());
        assert_eq!(of_bins(6), None);
        let within_a_bin = |longest_seconds| Surge::under_way(&history(100, &[50]), USUAL, RATE, longest_seconds);
        assert!(within_a_bin(5.0).is_some());
        assert_eq!(within_a_bin(4.0), None);
    }

    #[test]
    fn what_is_hardly_more_than_usual_or_much_more_than_ever_is_no_such_surge() {
        let history = history(100, &[10, 11]);
        assert_eq!(Surge::under_way(&history, USUAL, 9.0, LONGEST_SECONDS), None);
        assert_eq!(Surge::under_way(&history, USUAL, 200.0, LONGEST_SECONDS), None);
    }
}
