//! How seldom a strategy can turn round, given what it may cost.
//!
//! A queue whose load is far below one worker need not have one all the time. Whoever keeps the worker through the valleys pays for its
//! idling; whoever lets it go and starts it again changes the target twice, down and up. One can be had for the other alone.
//!
//! # Why it is a lower bound
//!
//! In a gap without workers that contains a turn, the target at that turn is 0, and it is above 0 at a turn before and
//! at one after: two reversals for each gap, whatever else happens. Let `L(p)` be the least overhead with a price `p` on each
//! such gap, as [`Spans`] finds it. A strategy with `n` gaps and an overhead of `O` has `O + p n >= L(p)`, for every `p`. So it has
//! at least `(L(p) - O) ÷ p` gaps, and with `n` of them costs at least `L(p) - p n` (Lagrangian relaxation: M. Held, R. M. Karp,
//! "The traveling-salesman problem and minimum spanning trees", Operations Research 18 (1970), 1138-1162). The largest over several `p`
//! counts.
//!
//! It holds for whoever starts no job later than the SLA allows, or than a given run did, so for that run as well.

use super::spans::Spans;
use crate::outcome::PoolOutcome;
use crate::scenario::PoolTraffic;

/// Prices of a gap that are tried, in worker-seconds.
const PRICES_SECONDS: [f64; 10] = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// What one pool's reversals and worker-seconds can be together, for whoever starts workers at turns.
#[derive(Clone, Debug, PartialEq)]
pub struct ReversalBound {
    work_seconds: f64,
    /// Each price and the least overhead with it, both in worker-seconds.
    least: Vec<(f64, f64)>,
}

const REVERSALS_OF_A_GAP: f64 = 2.0;

impl ReversalBound {
    /// For whoever starts each job within the SLA, or no later than `outcome` has it.
    pub fn of(traffic: &PoolTraffic, outcome: &PoolOutcome, boot_seconds: f64, turn_seconds: f64) -> Self {
        let sla_seconds = traffic.settings.sla.max_pickup_time_seconds;
        let waits = &outcome.pickup_seconds;
        let may_wait = |place: usize| waits.get(place).map_or(sla_seconds, |wait| sla_seconds.max(f64::from(*wait)));
        let spans = Spans::of(traffic, boot_seconds, turn_seconds, may_wait);
        let of_price = |spans: &Spans<'_>, price: f64| (price, spans.least_overhead_seconds(price));
        let least = spans.map(|spans| PRICES_SECONDS.iter().map(|price| of_price(&spans, *price)).collect());
        Self { work_seconds: traffic.work_seconds(), least: least.unwrap_or_default() }
    }

    /// Fewest reversals of a strategy that costs so many worker-seconds.
    pub fn fewest_reversals(&self, worker_seconds: f64) -> f64 {
        let overhead_seconds = worker_seconds - self.work_seconds;
        let gaps = self.least.iter().map(|(price, least)| (least - overhead_seconds) / price);
        REVERSALS_OF_A_GAP * gaps.fold(0.0, f64::max)
    }

    /// Fewest worker-seconds of a strategy with so many reversals.
    pub fn least_worker_seconds(&self, reversals: f64) -> f64 {
        let gaps = reversals / REVERSALS_OF_A_GAP;
        let overheads = self.least.iter().map(|(price, least)| least - price * gaps);
        self.work_seconds + overheads.fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PoolId, PoolSettings, Sla};
    use crate::traffic::Job;

    const JOBS: u32 = 20;
    const BOOT_SECONDS: f64 = 1.5;
    const TURN_SECONDS: f64 = 5.0;

    /// One-second jobs a minute apart, 30 s promised.
    fn bound(waits: &[f32]) -> ReversalBound {
        let traffic = PoolTraffic {
            pool: PoolId::new("redis", "default"),
            settings: PoolSettings {
                sla: Sla { max_pickup_time_seconds: 30.0, ..Sla::default() },
                ..PoolSettings::default()
            },
            jobs: (0..JOBS).map(|number| Job::new(f64::from(number) * 60.0, 1.0)).collect(),
            boot_seconds: None,
        };
        let outcome = PoolOutcome {
            pool: traffic.pool.clone(),
            max_pickup_time_seconds: 30.0,
            pickup_seconds: waits.to_vec(),
            worker_seconds: 0.0,
            busy_seconds: 0.0,
            samples: Vec::new(),
        };
        ReversalBound::of(&traffic, &outcome, BOOT_SECONDS, TURN_SECONDS)
    }

    #[test]
    fn a_boot_for_each_job_is_a_gap_before_each() {
        let each_alone = f64::from(JOBS) * (1.0 + BOOT_SECONDS);
        assert_eq!(bound(&[]).fewest_reversals(each_alone), 2.0 * f64::from(JOBS - 1));
        assert_eq!(bound(&[]).least_worker_seconds(2.0 * f64::from(JOBS - 1)), each_alone);
    }

    #[test]
    fn who_never_turns_round_pays_for_the_valleys() {
        // Job 0 starts at 26.5 s at the latest, the first turn's worker that is, and so each has ended 32.5 s before the next
        // comes, but for the first: kept, the worker idles for at least all but a turn of the 59 s between two jobs.
        let kept = bound(&[]).least_worker_seconds(0.0);
        let work_seconds = f64::from(JOBS);
        let valleys_seconds = 32.5 + 59.0 * f64::from(JOBS - 2);
        let all_but_turns = valleys_seconds - TURN_SECONDS * f64::from(JOBS - 1);
        assert_eq!(kept, work_seconds + BOOT_SECONDS + all_but_turns);
        assert_eq!(bound(&[]).fewest_reversals(kept), 0.0);
    }

    #[test]
    fn whoever_lets_jobs_wait_for_longer_may_turn_round_less() {
        let each_alone = f64::from(JOBS) * (1.0 + BOOT_SECONDS);
        let patient = bound(&[90.0; JOBS as usize]);
        assert!(patient.fewest_reversals(each_alone) < bound(&[]).fewest_reversals(each_alone));
    }
}
