//! What others use for long, told from what they use just now.

use std::collections::VecDeque;

/// Time for which a use must hold to count, in seconds: longer than a job of cron's, a compilation or a deployment keeps
/// the cores busy at a stretch, and than readings of two clocks can differ.
const LASTING_SECONDS: f64 = 30.0;

/// The least of a noisy reading over the last thirty seconds: what was in use all the time. A peak never shows in it, a use
/// that stays does once it has stayed for that long, and one that ends is gone at once.
///
/// ```
/// use queue_autoscale::calculators::LastingUse;
/// let mut others = LastingUse::default();
/// for turn in 0..8 {
///     others.observe(5.0 * f64::from(turn), 2.0); // two cores for 35 s
/// }
/// assert_eq!(others.observe(40.0, 7.0), 2.0); // a peak
/// assert_eq!(others.observe(45.0, 0.5), 0.5);
/// ```
#[derive(Clone, Debug, Default)]
pub struct LastingUse {
    /// Readings that are the least of all from theirs on, oldest and least first.
    least: VecDeque<(f64, f64)>,
}

impl LastingUse {
    /// Takes in what is used at `now_seconds`; returns what has been used all along. Before the first reading nothing was.
    pub fn observe(&mut self, now_seconds: f64, used: f64) -> f64 {
        // A clock that went backwards starts afresh instead of making a reading stay for ever.
        if self.least.back().is_none_or(|&(last, _)| last > now_seconds) {
            self.least.clear();
            self.least.push_back((now_seconds, 0.0));
        }
        while self.least.back().is_some_and(|&(_, other)| other >= used) {
            self.least.pop_back();
        }
        self.least.push_back((now_seconds, used));
        while self.least.front().is_some_and(|&(then, _)| now_seconds - then > LASTING_SECONDS) {
            self.least.pop_front();
        }
        self.least.front().map_or(used, |&(_, least)| least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_use_counts_once_it_has_held() {
        let mut others = LastingUse::default();
        let seen: Vec<f64> = (0..9).map(|turn| others.observe(5.0 * f64::from(turn), 4.0)).collect();
        assert_eq!(seen, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 4.0, 4.0]);
    }

    #[test]
    fn a_clock_that_goes_backwards_does_not_keep_a_reading_for_ever() {
        let mut others = LastingUse::default();
        others.observe(1e9, 1.0);
        assert_eq!(others.observe(0.0, 4.0), 0.0);
        assert_eq!(others.observe(31.0, 4.0), 4.0);
    }

    proptest! {
        #[test]
        fn it_is_the_least_of_the_window(readings in prop::collection::vec((0.0..20.0_f64, 0.0..16.0_f64), 1..60)) {
            let mut others = LastingUse::default();
            let (mut now, mut all) = (0.0, vec![]);
            for (elapsed, used) in readings {
                now += elapsed;
                if all.is_empty() {
                    all.push((now, 0.0));
                }
                all.push((now, used));
                let within = all.iter().filter(|(then, _)| now - then <= LASTING_SECONDS);
                let least = within.map(|&(_, used)| used).fold(f64::INFINITY, f64::min);
                prop_assert_eq!(others.observe(now, used), least);
            }
        }
    }
}
