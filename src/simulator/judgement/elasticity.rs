//! SPEC's figures of elasticity.
//!
//! N. Herbst, R. Krebs, G. Oikonomou and others, "Ready for Rain? A View from SPEC Research on the Future of Cloud
//! Metrics", SPEC-RG-2016-01, section on elasticity: accuracy, timeshare and instability of supply against demand.

use crate::outcome::PoolOutcome;
use crate::scenario::PoolTraffic;

/// Demand is the work that arrives in this long around the instant, per second of it: the load that Little's law asks
/// for, without what chance adds from one second to the next.
const LEAST_DEMAND_WINDOW_SECONDS: f64 = 60.0;
/// Where jobs are long the window is as many mean durations, else single jobs would be taken for changes of the load.
const DEMAND_WINDOW_DURATIONS: f64 = 4.0;

/// How well the supply of workers followed the demand. All in percent, 0 is best.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Elasticity {
    /// Mean of the workers missing, as a share of the demand.
    pub under_accuracy_percent: f64,
    /// Mean of the workers too many, as a share of the demand.
    pub over_accuracy_percent: f64,
    /// Share of the time in which workers were missing.
    pub under_timeshare_percent: f64,
    /// Share of the time in which there were too many.
    pub over_timeshare_percent: f64,
    /// Share of the time in which supply and demand did not go the same way.
    pub instability_percent: f64,
}

impl Elasticity {
    /// Of one pool while its jobs arrive, for `seconds`. The supply are the workers that are ready.
    pub fn of(traffic: &PoolTraffic, outcome: &PoolOutcome, seconds: f64) -> Self {
        let tries = traffic.settings.workers.tries;
        let demand = Demand::new(traffic, tries, seconds);
        let mut sums = Self::default();
        let (mut turns, mut before): (f64, Option<(f64, f64)>) = (0.0, None);
        for sample in outcome.samples.iter().filter(|sample| sample.at_seconds < seconds) {
            let wanted = demand.at(sample.at_seconds).ceil();
            let supplied = f64::from(sample.ready());
            turns += 1.0;
            let missing = (wanted - supplied).max(0.0);
            let too_many = (supplied - wanted).max(0.0);
            let at_least_one = wanted.max(1.0);
            sums.under_accuracy_percent += missing / at_least_one;
            sums.over_accuracy_percent += too_many / at_least_one;
            sums.under_timeshare_percent += f64::from(u8::from(missing > 0.0));
            sums.over_timeshare_percent += f64::from(u8::from(too_many > 0.0));
            if let Some((wanted_before, supplied_before)) = before {
                let same_way = direction(wanted - wanted_before) == direction(supplied - supplied_before);
                sums.instability_percent += f64::from(u8::from(!same_way));
            }
            before = Some((wanted, supplied));
        }
        sums.scaled(if turns > 0.0 { 100.0 / turns } else { 0.0 })
    }

    fn scaled(self, factor: f64) -> Self {
        Self {
            under_accuracy_percent: self.under_accuracy_percent * factor,
            over_accuracy_percent: self.over_accuracy_percent * factor,
            under_timeshare_percent: self.under_timeshare_percent * factor,
            over_timeshare_percent: self.over_timeshare_percent * factor,
            instability_percent: self.instability_percent * factor,
        }
    }

    /// Mean of several.
    pub fn mean(all: &[Self]) -> Self {
        let sum = all.iter().fold(Self::default(), |sum, one| Self {
            under_accuracy_percent: sum.under_accuracy_percent + one.under_accuracy_percent,
            over_accuracy_percent: sum.over_accuracy_percent + one.over_accuracy_percent,
            under_timeshare_percent: sum.under_timeshare_percent + one.under_timeshare_percent,
            over_timeshare_percent: sum.over_timeshare_percent + one.over_timeshare_percent,
            instability_percent: sum.instability_percent + one.instability_percent,
        });
        sum.scaled(1.0 / all.len().max(1) as f64)
    }
}

/// -1, 0 or 1.
fn direction(change: f64) -> i8 {
    i8::from(change > 0.0) - i8::from(change < 0.0)
}

/// Work that has arrived, by the second.
struct Demand {
    half_window_seconds: f64,
    work_until: Vec<f64>,
}

impl Demand {
    fn new(traffic: &PoolTraffic, tries: u32, seconds: f64) -> Self {
        let mut work_until = vec![0.0; seconds.ceil() as usize + 2];
        let last = work_until.len() - 1;
        for job in &traffic.jobs {
            work_until[(job.arrives_at_seconds as usize + 1).min(last)] += job.work_seconds(tries);
        }
        for second in 1..work_until.len() {
            work_until[second] += work_until[second - 1];
        }
        let window_seconds =
            (DEMAND_WINDOW_DURATIONS * traffic.mean_service_seconds()).max(LEAST_DEMAND_WINDOW_SECONDS);
        Self { half_window_seconds: window_seconds / 2.0, work_until }
    }

    /// Workers that the load around the instant keeps busy.
    fn at(&self, at_seconds: f64) -> f64 {
        let last = (self.work_until.len() - 1) as f64;
        let from = (at_seconds - self.half_window_seconds).clamp(0.0, last);
        let until = (at_seconds + self.half_window_seconds).clamp(0.0, last);
        let work = self.work_until[until as usize] - self.work_until[from as usize];
        if until > from { work / (until - from) } else { 0.0 }
    }
}
