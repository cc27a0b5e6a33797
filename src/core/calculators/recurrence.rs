//! Bursts that come back after a fixed time.

use super::arrival_history::{ArrivalHistory, BIN_SECONDS, BINS};

/// Shortest period that is looked for, in bins: below half a minute the steering of the wait evens it out.
const SHORTEST_PERIOD_BINS: usize = 6;

/// A period must have been seen this many times in the history.
const PERIODS_SEEN: usize = 3;

/// Autocorrelation from which a period is believed. Under no period it is within ±2/√720 = ±0.075 in 95 % of the cases
/// (M. S. Bartlett 1946); a value this high says that most of the variance comes back.
const BELIEVED_CORRELATION: f64 = 0.5;

/// The shortest period within this share of the best correlation is the period; longer ones are its multiples.
const FUNDAMENTAL_SHARE: f64 = 0.85;

/// Variance over mean of the bins from which it is worth looking: Poisson noise has 1 and no period.
const NOTEWORTHY_DISPERSION: f64 = 3.0;

/// Most past periods that a forecast is the mean of, so that a pattern that changed is forgotten.
const PERIODS_AVERAGED: usize = 4;

/// Bins in which the present is compared with what the period foretold: two, as a burst may begin in the middle of one.
const COMPARED_BINS: usize = 2;

/// What came in may differ from what was foretold by this share of the larger one, and by as many standard deviations of
/// a Poisson count.
const FORETOLD_SHARE: f64 = 0.3;
const FORETOLD_DEVIATIONS: f64 = 3.0;

/// A period that the arrivals follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recurrence {
    period_bins: usize,
}

impl Recurrence {
    /// Finds the period of the last hour's arrivals by their autocorrelation (G. E. P. Box, G. M. Jenkins, "Time Series
    /// Analysis", 1970, section 2.1), if there is one.
    ///
    /// ```
    /// use queue_autoscale_core::calculators::{ArrivalHistory, Recurrence};
    /// let mut history = ArrivalHistory::default();
    /// for bin in 0..240 {
    ///     history.record(if bin % 60 < 2 { 300.0 } else { 5.0 }, 5.0); // a burst every five minutes
    /// }
    /// assert_eq!(Recurrence::find(&history).unwrap().period_seconds(), 300.0);
    /// ```
    pub fn find(history: &ArrivalHistory) -> Option<Self> {
        let count = history.len();
        let longest = count / PERIODS_SEEN;
        if longest <= SHORTEST_PERIOD_BINS {
            return None;
        }
        let mean = history.bins().sum::<f64>() / count as f64;
        let mut deviations = [0.0_f32; BINS];
        let mut variance = 0.0;
        for (place, arrivals) in deviations.iter_mut().zip(history.bins()) {
            *place = (arrivals - mean) as f32;
            variance += (arrivals - mean).powi(2) / count as f64;
        }
        if variance < NOTEWORTHY_DISPERSION * mean.max(f64::MIN_POSITIVE) {
            return None;
        }
        let deviations = &deviations[..count];
        let correlations: Vec<f64> = (0..=longest).map(|lag| correlation(deviations, lag) / variance).collect();
        // Every series agrees with itself a moment later; a period is a peak after the first dip below zero.
        let dip = correlations.iter().position(|&value| value <= 0.0)?;
        let first = dip.max(SHORTEST_PERIOD_BINS);
        let best = correlations[first.min(longest)..].iter().copied().fold(0.0, f64::max);
        if best < BELIEVED_CORRELATION {
            return None;
        }
        let enough = FUNDAMENTAL_SHARE * best;
        let near = (first..=longest).find(|&lag| correlations[lag] >= enough)?;
        // The peak's top may come a bin or two after its flank.
        let mut period_bins = near;
        while period_bins < longest && correlations[period_bins + 1] > correlations[period_bins] {
            period_bins += 1;
        }
        Some(Self { period_bins })
    }

    /// The time after which things come back, in seconds.
    pub fn period_seconds(self) -> f64 {
        BIN_SECONDS * self.period_bins as f64
    }

    /// Mean rate expected over `span_seconds` that begin in `delay_seconds`, in jobs per second: what came in at the same
    /// place of the periods before.
    pub fn expected_rate(self, history: &ArrivalHistory, delay_seconds: f64, span_seconds: f64) -> f64 {
        let bins = ((span_seconds / BIN_SECONDS).round() as usize).clamp(1, self.period_bins);
        // The bin that is open now is the one after the youngest complete one.
        let first = ((history.open_seconds() + delay_seconds.max(0.0)) / BIN_SECONDS) as usize;
        let (mut sum, mut periods) = (0.0, 0);
        for period in 1..=PERIODS_AVERAGED {
            let Some(arrivals) = self.arrivals_of_period(history, period, first, bins) else { break };
            sum += arrivals;
            periods += 1;
        }
        if periods == 0 { 0.0 } else { sum / f64::from(periods) / (bins as f64 * BIN_SECONDS) }
    }

    /// Whether what came in last is what the period foretold, so that it may be relied upon for what comes next.
    pub fn foretold(self, history: &ArrivalHistory) -> bool {
        let Some(came) = history.sum_back(0..COMPARED_BINS) else { return false };
        let (mut sum, mut periods) = (0.0, 0);
        for period in 1..=PERIODS_AVERAGED {
            let age = self.period_bins * period;
            let Some(arrivals) = history.sum_back(age..age + COMPARED_BINS) else { break };
            sum += arrivals;
            periods += 1;
        }
        let foretold = if periods == 0 { return false } else { sum / f64::from(periods) };
        let larger = foretold.max(came);
        (came - foretold).abs() <= FORETOLD_SHARE * larger + FORETOLD_DEVIATIONS * larger.sqrt()
    }

    fn arrivals_of_period(self, history: &ArrivalHistory, period: usize, first: usize, bins: usize) -> Option<f64> {
        // `first` counts from the open bin; the youngest complete one lies one before.
        let oldest = (self.period_bins * period).checked_sub(first)?;
        history.sum_back(oldest.checked_sub(bins)?..oldest)
    }
}

/// Mean product of values `lag` apart, in eight sums side by side so that the compiler can use vector instructions.
fn correlation(deviations: &[f32], lag: usize) -> f64 {
    const LANES: usize = 8;
    let pairs = deviations.len() - lag;
    let (early, late) = (&deviations[..pairs], &deviations[lag..]);
    let mut sums = [0.0_f32; LANES];
    let mut early_chunks = early.chunks_exact(LANES);
    let mut late_chunks = late.chunks_exact(LANES);
    for (one, other) in early_chunks.by_ref().zip(late_chunks.by_ref()) {
        for lane in 0..LANES {
            sums[lane] += one[lane] * other[lane];
        }
    }
    let rest: f32 = early_chunks.remainder().iter().zip(late_chunks.remainder()).map(|(one, other)| one * other).sum();
    f64::from(sums.iter().sum::<f32>() + rest) / pairs as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(bins: u32, arrivals: impl Fn(u32) -> f64) -> ArrivalHistory {
        let mut history = ArrivalHistory::default();
        for bin in 0..bins {
            history.record(arrivals(bin), BIN_SECONDS);
        }
        history
    }

    #[test]
    fn a_burst_that_came_three_times_is_found() {
        let recurrence = Recurrence::find(&history(190, |bin| if bin % 60 == 30 { 600.0 } else { 5.0 })).unwrap();
        assert_eq!(recurrence.period_seconds(), 300.0);
    }

    #[test]
    fn a_rate_that_alternates_is_found_with_its_shortest_period() {
        let recurrence = Recurrence::find(&history(720, |bin| if bin % 24 < 12 { 100.0 } else { 25.0 })).unwrap();
        assert_eq!(recurrence.period_seconds(), 120.0);
    }

    #[test]
    fn the_next_burst_is_expected_when_it_is_due_and_not_before() {
        let history = history(200, |bin| if bin % 60 < 2 { 300.0 } else { 0.0 });
        let recurrence = Recurrence::find(&history).unwrap();
        // Bin 240 begins in (240 − 200)·5 s.
        assert_eq!(recurrence.expected_rate(&history, 200.0, 10.0), 60.0);
        assert_eq!(recurrence.expected_rate(&history, 180.0, 10.0), 0.0);
        assert_eq!(recurrence.expected_rate(&history, 215.0, 10.0), 0.0);
    }

    #[test]
    fn a_burst_that_comes_as_foretold_is_told_from_one_that_does_not() {
        let bursts = |bin: u32| if bin % 60 < 3 { 300.0 } else { 10.0 };
        let as_ever = history(242, bursts);
        assert!(Recurrence::find(&as_ever).unwrap().foretold(&as_ever));
        let out_of_turn = history(232, |bin| if bin >= 230 { 300.0 } else { bursts(bin) });
        assert!(!Recurrence::find(&out_of_turn).unwrap().foretold(&out_of_turn));
    }

    #[test]
    fn a_single_burst_is_none_yet() {
        assert_eq!(Recurrence::find(&history(720, |bin| if bin == 400 { 600.0 } else { 5.0 })), None);
    }

    #[test]
    fn a_steady_rate_or_a_ramp_has_no_period() {
        assert_eq!(Recurrence::find(&history(720, |_| 50.0)), None);
        assert_eq!(Recurrence::find(&history(720, f64::from)), None);
        assert_eq!(Recurrence::find(&history(3, |_| 50.0)), None);
    }
}
