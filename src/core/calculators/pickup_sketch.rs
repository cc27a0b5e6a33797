//! How long jobs waited, as counts in a fixed and small number of ranges.

use std::collections::BTreeMap;

/// Upper end of the shortest range, in seconds: shorter waits are all alike to an SLA, which is whole seconds as a rule.
const SHORTEST_SECONDS: f64 = 0.01;

/// Ratio of two neighbouring ranges' ends. A quantile is then off by 4.8 % at most, (r − 1)/(r + 1).
const RATIO: f64 = 1.1;

/// Number of the last range: ten days at the ratio above, and all beyond.
const LAST: u16 = 192;

/// Counts of waits, from which shares and quantiles follow within 4.8 %.
///
/// Ranges whose ends grow by a constant ratio (C. Masson, J. E. Rim, H. K. Lee, "DDSketch: A Fast and Fully-Mergeable Quantile Sketch
/// with Relative-Error Guarantees", Proceedings of the VLDB Endowment 12 (2019), 2195-2205). Two sketches add up to that of all their
/// jobs, and what a counter that only grows has gained since is their difference.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PickupSketch {
    counts: BTreeMap<u16, u64>,
}

impl PickupSketch {
    /// A sketch of these counts, by the numbers of their ranges. Those beyond the last count there.
    pub fn from_counts(counts: impl IntoIterator<Item = (u16, u64)>) -> Self {
        let mut sketch = Self::default();
        counts.into_iter().for_each(|(range, count)| sketch.add_count(range.min(LAST), count));
        sketch
    }

    /// The counts that are not 0, by the numbers of their ranges, in their order.
    pub fn counts(&self) -> impl Iterator<Item = (u16, u64)> {
        self.counts.iter().map(|(range, count)| (*range, *count))
    }

    /// A job waited for so long (>= 0). What is no time is left out.
    pub fn add(&mut self, seconds: f64) {
        if seconds >= 0.0 {
            self.add_count(range_of(seconds), 1);
        }
    }

    /// All jobs of both.
    pub fn merge(&mut self, other: &Self) {
        other.counts().for_each(|(range, count)| self.add_count(range, count));
    }

    /// The jobs that came to these since `before`; all of them where those are not among these, as after a new start.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        if before.counts().any(|(range, count)| self.counts.get(&range).is_none_or(|now| *now < count)) {
            return self.clone();
        }
        let grown = |(range, count): (u16, u64)| {
            let more = count - before.counts.get(&range).copied().unwrap_or(0);
            (more > 0).then_some((range, more))
        };
        Self { counts: self.counts().filter_map(grown).collect() }
    }

    /// How many jobs.
    pub fn jobs(&self) -> u64 {
        self.counts.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Share of the jobs that waited no longer than `seconds`, 0 ..= 1; `None` of no jobs. Within the range of that time jobs are
    /// taken to be spread evenly.
    pub fn share_within(&self, seconds: f64) -> Option<f64> {
        let jobs = self.jobs();
        if jobs == 0 {
            return None;
        }
        let at = range_of(seconds);
        let below: u64 = self.counts.range(..at).map(|(_, count)| *count).sum();
        let (start, end) = (if at == 0 { 0.0 } else { end_of(at - 1) }, end_of(at));
        let part = ((seconds - start) / (end - start)).clamp(0.0, 1.0);
        let within = below as f64 + part * self.counts.get(&at).copied().unwrap_or(0) as f64;
        Some(within / jobs as f64)
    }

    /// The wait that `percentile` (0 ..= 100) of the jobs did not exceed, in seconds; `None` of no jobs.
    pub fn percentile(&self, percentile: f64) -> Option<f64> {
        let needed = (percentile / 100.0 * self.jobs() as f64).ceil().max(1.0);
        let mut passed = 0.0;
        for (range, count) in self.counts() {
            passed += count as f64;
            if passed >= needed {
                // The middle of the range by ratio; of the shortest it is nothing.
                return Some(if range == 0 { 0.0 } else { 2.0 * end_of(range) / (RATIO + 1.0) });
            }
        }
        None
    }

    fn add_count(&mut self, range: u16, count: u64) {
        if count > 0 {
            let sum = self.counts.entry(range).or_default();
            *sum = sum.saturating_add(count);
        }
    }
}

fn range_of(seconds: f64) -> u16 {
    if seconds <= SHORTEST_SECONDS {
        return 0;
    }
    ((seconds / SHORTEST_SECONDS).ln() / RATIO.ln()).ceil().min(f64::from(LAST)) as u16
}

fn end_of(range: u16) -> f64 {
    SHORTEST_SECONDS * RATIO.powi(i32::from(range))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sketch(waits: &[f64]) -> PickupSketch {
        let mut sketch = PickupSketch::default();
        waits.iter().for_each(|seconds| sketch.add(*seconds));
        sketch
    }

    proptest! {
        #[test]
        fn a_percentile_is_off_by_a_twentieth_at_most(
            mut waits in prop::collection::vec(0.01_f64..100_000.0, 1..200),
            percentile in 1.0_f64..100.0,
        ) {
            let told = sketch(&waits).percentile(percentile).unwrap();
            waits.sort_by(f64::total_cmp);
            let place = (percentile / 100.0 * waits.len() as f64).ceil() as usize;
            let real = waits[place.max(1) - 1];
            prop_assert!((told / real - 1.0).abs() < 0.05 || real <= 0.011, "{told} of {real}");
        }

        #[test]
        fn what_came_since_is_what_was_merged(
            before in prop::collection::vec(0.0_f64..1e7, 0..50), after in prop::collection::vec(0.0_f64..1e7, 0..50),
        ) {
            let (before, after) = (sketch(&before), sketch(&after));
            let mut both = before.clone();
            both.merge(&after);
            prop_assert_eq!(both.since(&before), after);
            prop_assert_eq!(PickupSketch::from_counts(both.counts()), both);
        }
    }

    #[test]
    fn the_share_within_a_time_is_told() {
        let sketch = sketch(&[1.0, 2.0, 10.0, 29.0, 60.0]);
        assert_eq!(sketch.share_within(35.0), Some(0.8));
        assert_eq!(sketch.share_within(1e9), Some(1.0));
        assert_eq!(sketch.share_within(0.0), Some(0.0));
        assert_eq!(PickupSketch::default().share_within(30.0), None);
    }

    #[test]
    fn a_counter_that_was_started_anew_counts_from_zero() {
        assert_eq!(sketch(&[1.0]).since(&sketch(&[1.0, 5.0])), sketch(&[1.0]));
    }

    #[test]
    fn what_is_no_time_is_left_out() {
        assert_eq!(sketch(&[f64::NAN, -1.0]).jobs(), 0);
    }
}
