//! The last hour's arrivals, compact enough to keep for thousands of queues.

use super::backlog_ages::{BacklogAges, STRETCHES};
use std::collections::VecDeque;
use std::ops::Range;

/// Length of a bin, in seconds: the usual turn, and fine enough to start workers in time for a burst.
pub const BIN_SECONDS: f64 = 5.0;

/// Bins that are kept: one hour.
pub const BINS: usize = 720;

/// Arrivals in bins of `BIN_SECONDS`, the youngest `BINS` of them, two bytes each. Beyond 65,535 arrivals in a bin
/// (13,000 a second) a bin is full: trend and period only need the shape.
#[derive(Clone, Debug, Default)]
pub struct ArrivalHistory {
    bins: VecDeque<u16>,
    /// Arrivals of the bin under way.
    open: f64,
    open_seconds: f64,
    /// What rounding left over, so that sums stay right.
    carry: f64,
}

impl ArrivalHistory {
    /// Takes in `arrivals` over the last `elapsed_seconds` (> 0), spread evenly. Returns how many bins were completed.
    pub fn record(&mut self, arrivals: f64, elapsed_seconds: f64) -> usize {
        let mut completed = 0;
        // A pause longer than the history leaves nothing of it.
        let mut seconds = elapsed_seconds.min(BIN_SECONDS * BINS as f64);
        let per_second = arrivals / elapsed_seconds;
        while self.open_seconds + seconds >= BIN_SECONDS {
            let missing = BIN_SECONDS - self.open_seconds;
            self.open += per_second * missing;
            seconds -= missing;
            self.close();
            completed += 1;
        }
        self.open += per_second * seconds;
        self.open_seconds += seconds;
        completed
    }

    /// Completed bins, oldest first.
    pub fn bins(&self) -> impl ExactSizeIterator<Item = f64> + DoubleEndedIterator + '_ {
        self.bins.iter().map(|&arrivals| f64::from(arrivals))
    }

    /// Completed bins of `places` (the oldest one is at 0), as two runs in memory of which the second goes on where the
    /// first ends.
    pub fn runs(&self, places: Range<usize>) -> [&[u16]; 2] {
        let (older, younger) = self.bins.as_slices();
        let part = |run: &'_ [u16], from: usize| {
            let within = |place: usize| place.saturating_sub(from).min(run.len());
            within(places.start)..within(places.end)
        };
        [&older[part(older, 0)], &younger[part(younger, older.len())]]
    }

    /// Number of completed bins.
    pub fn len(&self) -> usize {
        self.bins.len()
    }

    /// Whether no bin is complete yet.
    pub fn is_empty(&self) -> bool {
        self.bins.is_empty()
    }

    /// Arrivals in the bins `ages`, counted back from the youngest complete one, which is 0; `None` where they reach
    /// further back than the history does.
    pub fn sum_back(&self, ages: Range<usize>) -> Option<f64> {
        let start = self.bins.len().checked_sub(ages.end)?;
        let [older, younger] = self.runs(start..self.bins.len().checked_sub(ages.start)?);
        let sum = |run: &[u16]| run.iter().map(|&arrivals| u64::from(arrivals)).sum::<u64>();
        Some((sum(older) + sum(younger)) as f64)
    }

    /// Mean rate of the youngest `bins` completed ones, or of as many as there are, in arrivals per second; 0 without any.
    pub fn mean_rate_per_second(&self, bins: usize) -> f64 {
        let bins = bins.min(self.len());
        self.sum_back(0..bins).unwrap_or(0.0) / (bins.max(1) as f64 * BIN_SECONDS)
    }

    /// Arrivals of the last `seconds` in stretches of whole bins, the open one first.
    pub fn backlog_ages(&self, seconds: f64) -> BacklogAges {
        let bins = (seconds / BIN_SECONDS / (STRETCHES - 1) as f64).ceil().clamp(1.0, BINS as f64) as usize;
        let mut ages = BacklogAges {
            first_seconds: self.open_seconds as f32,
            stretch_seconds: (BIN_SECONDS * bins as f64) as f32,
            ..BacklogAges::default()
        };
        ages.arrivals[0] = self.open as f32;
        for (place, arrivals) in ages.arrivals.iter_mut().skip(1).enumerate() {
            let Some(sum) = self.sum_back(bins * place..bins * (place + 1)) else { break };
            *arrivals = sum as f32;
        }
        ages
    }

    /// Time since the youngest bin was completed, in seconds.
    pub fn open_seconds(&self) -> f64 {
        self.open_seconds
    }

    /// Arrivals since then.
    pub fn open_arrivals(&self) -> f64 {
        self.open
    }

    /// How long ago the youngest `jobs` arrivals began to come in, in seconds: the age of the oldest of `jobs` that wait
    /// in order. `None` where the history does not go back that far.
    ///
    /// ```
    /// use queue_autoscale_core::calculators::ArrivalHistory;
    /// let mut history = ArrivalHistory::default();
    /// for _ in 0..10 {
    ///     history.record(20.0, 5.0); // four a second
    /// }
    /// assert_eq!(history.age_of_the_youngest(40.0), Some(10.0));
    /// ```
    pub fn age_of_the_youngest(&self, jobs: f64) -> Option<f64> {
        let mut missing = jobs - self.open;
        if missing <= 0.0 {
            return Some(self.open_seconds * jobs / self.open);
        }
        for (bin, arrivals) in self.bins().rev().enumerate() {
            if arrivals >= missing {
                return Some(self.open_seconds + BIN_SECONDS * (bin as f64 + missing / arrivals));
            }
            missing -= arrivals;
        }
        None
    }

    fn close(&mut self) {
        if self.bins.len() == BINS {
            self.bins.pop_front();
        } else if self.bins.is_empty() {
            // All of it at once: growing step by step would leave holes behind in the memory of thousands of queues.
            self.bins.reserve_exact(BINS);
        }
        let exact = self.open + self.carry;
        let rounded = exact.round().clamp(0.0, f64::from(u16::MAX));
        self.carry = (exact - rounded).clamp(-1.0, 1.0);
        // Within the range by the clamp before.
        self.bins.push_back(rounded as u16);
        (self.open, self.open_seconds) = (0.0, 0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_turns_fill_bins_and_long_ones_are_spread_over_several() {
        let mut history = ArrivalHistory::default();
        for _ in 0..10 {
            history.record(2.0, 1.0);
        }
        history.record(60.0, 15.0);
        assert_eq!(history.bins().collect::<Vec<_>>(), [10.0, 10.0, 20.0, 20.0, 20.0]);
    }

    #[test]
    fn fractions_of_jobs_are_not_lost() {
        let mut history = ArrivalHistory::default();
        for _ in 0..100 {
            history.record(0.4, BIN_SECONDS);
        }
        assert_eq!(history.bins().sum::<f64>(), 40.0);
    }

    #[test]
    fn the_mean_rate_is_that_of_the_youngest_bins() {
        let mut history = ArrivalHistory::default();
        assert_eq!(history.mean_rate_per_second(2), 0.0);
        history.record(10.0, BIN_SECONDS);
        assert_eq!(history.mean_rate_per_second(2), 2.0);
        history.record(20.0, BIN_SECONDS);
        history.record(40.0, BIN_SECONDS);
        assert_eq!(history.mean_rate_per_second(2), 6.0);
    }

    #[test]
    fn an_hour_is_kept_and_no_more() {
        let mut history = ArrivalHistory::default();
        for _ in 0..10_000 {
            history.record(1.0, BIN_SECONDS);
        }
        assert_eq!(history.len(), BINS);
        assert_eq!(history.bins.capacity(), BINS);
        history.record(1.0, 1e18);
        assert_eq!(history.len(), BINS);
    }

    #[test]
    fn more_jobs_than_ever_came_in_have_no_known_age() {
        let mut history = ArrivalHistory::default();
        history.record(20.0, BIN_SECONDS);
        assert_eq!(history.age_of_the_youngest(21.0), None);
    }

    #[test]
    fn the_ages_of_a_backlog_are_told_in_whole_bins_from_the_open_one_back() {
        let mut history = ArrivalHistory::default();
        for bin in 1..=6 {
            history.record(f64::from(bin), BIN_SECONDS);
        }
        history.record(9.0, 2.0);
        let ages = history.backlog_ages(60.0);
        assert_eq!((ages.first_seconds, ages.stretch_seconds), (2.0, 10.0));
        assert_eq!(ages.arrivals, [9.0, 11.0, 7.0, 3.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(history.backlog_ages(30.0).arrivals, [9.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0]);
    }

    #[test]
    fn sums_count_back_from_the_youngest_bin_wherever_the_ring_begins() {
        let mut history = ArrivalHistory::default();
        for bin in 0..BINS + 5 {
            history.record(bin as f64, BIN_SECONDS);
        }
        assert_eq!(history.sum_back(0..2), Some((2 * (BINS + 5) - 3) as f64));
        assert_eq!(history.sum_back(BINS - 6..BINS), Some((5..11).sum::<usize>() as f64));
        assert_eq!(history.sum_back(BINS - 1..BINS + 1), None);
    }
}
