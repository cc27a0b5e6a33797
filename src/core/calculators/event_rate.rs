//! The rate of a Poisson-like stream of events that may change at any moment.

/// Most samples kept apart, in which a change is looked for.
const RECENT_SAMPLES: usize = 8;

/// How many of the youngest samples may form the part after the change. The steps widen, since a long part that differs
/// was noticed when it was shorter, unless it differs by little.
const CHANGE_LENGTHS: [usize; 5] = [1, 2, 3, 5, 8];

/// Evidence, as a log-likelihood ratio, from which a change is taken for real. Twice it is χ² distributed with one degree
/// of freedom (Wilks 1938), so 7 stands for p = 0.0002 a test: about one false alarm in a thousand turns, which costs some
/// turns of a noisier estimate.
const CHANGE_EVIDENCE: f64 = 7.0;

/// Gain at which the index of dispersion follows: one part in fifty, as it is a property of the traffic, not of the hour.
const DISPERSION_GAIN: f64 = 0.02;

/// One sample's say in the index of dispersion is cut off here (five standard deviations), so that a change of the rate
/// is not taken for a property of the traffic.
const DISPERSION_SAMPLE_LIMIT: f64 = 25.0;

/// More than rounding errors can add up to in some ten operations, as a share.
const ROUNDING: f64 = 1e-12;

/// Fewest expected events from which a sample says something of the dispersion.
const DISPERSION_EVENTS: f64 = 1.0;

/// Estimates a rate from counts of events over exposures (seconds for arrivals, busy worker-seconds for completions).
///
/// Between changes it is the discounted Gamma-Poisson estimate: all counts over all exposures, the older ones bounded to
/// a memory (A. C. Harvey, C. Fernandes, "Time Series Models for Count or Qualitative Observations", Journal of Business
/// & Economic Statistics 7 (1989), 407-417). A change is found by the generalised likelihood ratio of the youngest
/// samples against the rest (A. S. Willsky, H. L. Jones, IEEE Trans. Automatic Control 21 (1976), 108-112); the estimate
/// then starts afresh with the samples after it. So the gain is small within Poisson noise and large beyond it.
#[derive(Clone, Debug)]
pub struct EventRate {
    memory: f64,
    older: Sample,
    recent: [Recent; RECENT_SAMPLES],
    recent_samples: u8,
    dispersion: f32,
    /// All samples together, kept since they are asked for again and again.
    total: Sample,
}

/// Events seen over an exposure.
#[derive(Clone, Copy, Debug, Default)]
struct Sample {
    events: f64,
    exposure: f64,
}

impl Sample {
    fn rate(self) -> f64 {
        if self.exposure > 0.0 { self.events / self.exposure } else { 0.0 }
    }

    fn plus(self, other: Self) -> Self {
        Self { events: self.events + other.events, exposure: self.exposure + other.exposure }
    }

    /// Log-likelihood of the sample at its own rate, up to terms that cancel: n·ln(n/e).
    fn log_likelihood(self) -> f64 {
        if self.events > 0.0 { self.events * self.rate().ln() } else { 0.0 }
    }

    /// No less than the log-likelihood ratio of two parts of this sample, without a logarithm: as ln x ≤ x − 1, it is at
    /// most Pearson's χ², Σ (n − e)²/e with e the events expected of a part. A rounding's worth is added.
    fn most_evidence(self, one: Self, other: Self) -> f64 {
        let rate = self.rate();
        let squares = (one.events - rate * one.exposure).powi(2) / one.exposure
            + (other.events - rate * other.exposure).powi(2) / other.exposure;
        squares / rate * (1.0 + ROUNDING) + ROUNDING * self.events
    }
}

/// A sample as it is kept: half the size, since the sums are made in full precision.
#[derive(Clone, Copy, Debug, Default)]
struct Recent {
    events: f32,
    exposure: f32,
}

impl From<Recent> for Sample {
    fn from(recent: Recent) -> Self {
        Self { events: f64::from(recent.events), exposure: f64::from(recent.exposure) }
    }
}

/// What [`EventRate::observe`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateChange {
    /// The sample fits the estimate.
    None,
    /// The rate is higher than before.
    Rise,
    /// The rate is lower than before.
    Fall,
}

impl EventRate {
    /// Starts from `events` (>= 0) over `exposure` (> 0), remembering at most `memory` of exposure.
    pub fn new(events: f64, exposure: f64, memory: f64) -> Self {
        Self {
            memory,
            older: Sample { events, exposure },
            recent: [Recent::default(); RECENT_SAMPLES],
            recent_samples: 0,
            dispersion: 1.0,
            total: Sample { events, exposure },
        }
    }

    /// Takes in `events` (>= 0) over a further `exposure` (> 0). A lower rate is taken for real only where so many events (0 for
    /// any) are among the samples that show it.
    pub fn observe(&mut self, events: f64, exposure: f64, least_events_of_fall: f64) -> RateChange {
        self.learn_dispersion(events, exposure);
        if usize::from(self.recent_samples) == RECENT_SAMPLES {
            self.retire_oldest();
        }
        self.recent[usize::from(self.recent_samples)] = Recent { events: events as f32, exposure: exposure as f32 };
        self.recent_samples += 1;
        self.add_up();
        let change = self.look_for_change(least_events_of_fall);
        if change != RateChange::None {
            self.add_up();
        }
        change
    }

    /// Remembers at most `memory` of exposure from now on.
    pub fn set_memory(&mut self, memory: f64) {
        self.memory = memory;
    }

    /// Events per unit of exposure.
    pub fn rate(&self) -> f64 {
        self.total.rate()
    }

    /// Events that the estimate rests on.
    pub fn events(&self) -> f64 {
        self.total.events
    }

    /// Exposure that the estimate rests on.
    pub fn exposure(&self) -> f64 {
        self.total.exposure
    }

    /// Index of dispersion, variance ÷ mean of the counts: 1 for a Poisson stream, below for a regular one, above for a
    /// bursty one. For a renewal stream it tends to the squared coefficient of variation of the times between events
    /// (D. R. Cox, "Renewal Theory", 1962, section 4.2).
    pub fn dispersion(&self) -> f64 {
        f64::from(self.dispersion)
    }

    /// Standard error of the rate over the rate; infinite before the first event.
    pub fn relative_error(&self) -> f64 {
        let events = self.events();
        if events > 0.0 { (self.dispersion().max(1.0) / events).sqrt() } else { f64::INFINITY }
    }

    fn add_up(&mut self) {
        let recent = &self.recent[..usize::from(self.recent_samples)];
        self.total = recent.iter().fold(self.older, |sum, &recent| sum.plus(recent.into()));
    }

    fn learn_dispersion(&mut self, events: f64, exposure: f64) {
        let expected = self.rate() * exposure;
        if expected < DISPERSION_EVENTS {
            return;
        }
        let squared_error = ((events - expected).powi(2) / expected).min(DISPERSION_SAMPLE_LIMIT);
        self.dispersion += (DISPERSION_GAIN * (squared_error - self.dispersion())) as f32;
    }

    /// Moves the oldest of the recent samples to the older ones, which never weigh more than the memory.
    fn retire_oldest(&mut self) {
        self.older = self.older.plus(self.recent[0].into());
        self.recent.copy_within(1.., 0);
        self.recent_samples -= 1;
        if self.older.exposure > self.memory {
            let kept = self.memory / self.older.exposure;
            self.older = Sample { events: self.older.events * kept, exposure: self.older.exposure * kept };
        }
    }

    fn look_for_change(&mut self, least_events_of_fall: f64) -> RateChange {
        let samples = usize::from(self.recent_samples);
        let total = self.total;
        let evidence_needed = CHANGE_EVIDENCE * self.dispersion().max(1.0);
        let (mut best, mut best_evidence, mut change) = (0, evidence_needed, RateChange::None);
        let mut after = Sample::default();
        for length in 1..=samples {
            after = after.plus(self.recent[samples - length].into());
            let before =
                Sample { events: (total.events - after.events).max(0.0), exposure: total.exposure - after.exposure };
            if !CHANGE_LENGTHS.contains(&length) || before.exposure <= 0.0 || after.exposure <= 0.0 {
                continue;
            }
            if total.most_evidence(before, after) < evidence_needed {
                continue;
            }
            let is_rise = after.rate() > before.rate();
            if !is_rise && after.events < least_events_of_fall {
                continue;
            }
            let evidence = after.log_likelihood() + before.log_likelihood() - total.log_likelihood();
            if evidence > best_evidence {
                (best, best_evidence) = (length, evidence);
                change = if is_rise { RateChange::Rise } else { RateChange::Fall };
            }
        }
        if best > 0 {
            self.recent.copy_within(samples - best..samples, 0);
            self.recent_samples = best as u8;
            self.older = Sample::default();
        }
        change
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample() -> impl Strategy<Value = Sample> {
        let magnitude = || (-6.0..12.0_f64).prop_map(|power| 10.0_f64.powf(power));
        (prop_oneof![Just(0.0), magnitude()], magnitude()).prop_map(|(events, exposure)| Sample { events, exposure })
    }

    proptest! {
        #[test]
        fn no_two_parts_show_more_evidence_than_their_squares_allow(before in sample(), after in sample()) {
            let total = before.plus(after);
            let evidence = after.log_likelihood() + before.log_likelihood() - total.log_likelihood();
            let most = total.most_evidence(before, after);
            prop_assert!(most.is_nan() || evidence <= most, "{evidence} > {most}");
        }
    }
}
