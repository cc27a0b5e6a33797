//! The bounds hold for everybody on every scenario and seed.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use queue_autoscale::simulator::catalogue::{Entry, set_aside, tuned};
use queue_autoscale::simulator::judgement::{
    LATE_SHARE_ALLOWED, least_worker_seconds, least_worker_seconds_at_turns, most_within_sla_without_reserve,
};
use queue_autoscale::simulator::peers::HorizonStrategy;
use queue_autoscale::simulator::proof::{Condition, Contestant};
use queue_autoscale::simulator::{Environment, Outcome, PoolOutcome, PoolTraffic, Scenario};

/// Everybody but the fixed number in hindsight, which takes long to find and costs a multiple.
const EVERYBODY: [Contestant; 7] = [
    Contestant::ENGINE,
    Contestant::Engine { target_wait_percent: Some(90.0) },
    Contestant::Horizon(HorizonStrategy::Time),
    Contestant::Horizon(HorizonStrategy::Size),
    Contestant::BacklogOverSla,
    Contestant::QueueLengthTarget,
    Contestant::EverythingAtFirstSight,
];

/// Seeds that no scenario of the catalogue has, beside its own.
const MORE_SEEDS: [u64; 2] = [7, 11];

struct Check<'a> {
    entry: &'a Entry,
    scenario: Scenario,
    environment: Environment,
    clairvoyant_seconds: Vec<f64>,
}

impl<'a> Check<'a> {
    fn new(entry: &'a Entry, scenario: Scenario) -> Self {
        let environment = Condition::usual().environment;
        let bound = |traffic: &PoolTraffic| least_worker_seconds(traffic, environment.boot_seconds);
        let clairvoyant_seconds = scenario.pools.iter().map(bound).collect();
        Self { entry, scenario, environment, clairvoyant_seconds }
    }

    fn failures(&self, contestants: &[Contestant]) -> Vec<String> {
        let mut failures = Vec::new();
        for contestant in contestants {
            let outcome = contestant.run(&self.scenario, &self.environment).unwrap();
            failures.extend(self.too_cheap(contestant, &outcome));
            if matches!(contestant, Contestant::Engine { .. }) {
                failures.extend(self.too_good(contestant, &outcome));
            }
        }
        failures
    }

    /// Pools that keep the promise for less than can be.
    fn too_cheap(&self, contestant: &Contestant, outcome: &Outcome) -> Vec<String> {
        let turn_seconds = contestant.turn_seconds(&self.scenario, &self.environment).unwrap();
        let pools = self.scenario.pools.iter().zip(&outcome.pools).zip(&self.clairvoyant_seconds);
        let failure = |((traffic, pool), clairvoyant): ((&PoolTraffic, &PoolOutcome), &f64)| {
            let at_turns = least_worker_seconds_at_turns(traffic, self.environment.boot_seconds, turn_seconds);
            let bound = clairvoyant.max(at_turns);
            let keeps = pool.share_within_sla() >= 1.0 - LATE_SHARE_ALLOWED;
            (keeps && pool.worker_seconds < bound).then(|| {
                let (name, scenario) = (contestant.name(), self.entry.name);
                format!("{name} on {scenario}, {}: {} of {bound}", pool.pool, pool.worker_seconds)
            })
        };
        pools.filter_map(failure).collect()
    }

    /// The engine keeps a reserve only where the promise leaves no time to react.
    fn too_good(&self, contestant: &Contestant, outcome: &Outcome) -> Option<String> {
        let most = most_within_sla_without_reserve(&self.scenario, &self.environment);
        let in_time: usize = outcome.pools.iter().map(|pool| pool.jobs_within_sla()).sum();
        let share = in_time as f64 / self.scenario.job_count() as f64;
        let is_too_good = self.entry.name != "short SLA" && share > most;
        is_too_good.then(|| format!("{} on {}: {share} of {most} in time", contestant.name(), self.entry.name))
    }
}

fn nobody_surpasses_the_bounds(contestants: &[Contestant], seeds: impl Fn(&Entry) -> Vec<Scenario> + Sync) {
    let entries: Vec<Entry> = tuned().into_iter().chain(set_aside()).collect();
    let of_entry = |entry: &Entry| -> Vec<String> {
        let scenarios = seeds(entry).into_iter();
        scenarios.flat_map(|scenario| Check::new(entry, scenario).failures(contestants)).collect()
    };
    let failures: Vec<String> = std::thread::scope(|scope| {
        let of_entry = &of_entry;
        let checks: Vec<_> = entries.iter().map(|entry| scope.spawn(move || of_entry(entry))).collect();
        checks.into_iter().flat_map(|check| check.join().unwrap()).collect()
    });
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn the_engine_does_not_surpass_the_bounds() {
    nobody_surpasses_the_bounds(&[Contestant::ENGINE], |entry| vec![entry.scenario(MORE_SEEDS[0])]);
}

#[test]
#[ignore = "takes minutes; make prove runs it"]
fn nobody_surpasses_the_bounds_with_any_seed() {
    nobody_surpasses_the_bounds(&EVERYBODY, |entry| {
        entry.scenarios().into_iter().chain(MORE_SEEDS.map(|seed| entry.scenario(seed))).collect()
    });
}
