//! The bounds hold for everybody on every scenario and seed.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use queue_autoscale_proof::{Condition, held_out};
use queue_autoscale_simulator::catalogue::{Entry, set_aside, tuned};
use queue_autoscale_simulator::judgement::{
    LATE_SHARE_ALLOWED, ReversalBound, kept_no_reserve, least_worker_seconds, least_worker_seconds_at_turns,
    most_within_sla_without_reserve,
};
use queue_autoscale_simulator::peers::{Contestant, HorizonStrategy};
use queue_autoscale_simulator::{Environment, Outcome, PoolOutcome, PoolTraffic, Scenario};

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

/// Scenarios with times when one worker is more than enough; in others the bound of reversals says nothing.
const SELDOM_BUSY: [&str; 3] = ["spike", "periodic", "sparse"];

/// What sums of many seconds may be out by.
const ROUNDING: f64 = 1e-6;

struct Check<'a> {
    entry: &'a Entry,
    scenario: Scenario,
    environment: Environment,
    clairvoyant_seconds: Vec<f64>,
    most_in_time: f64,
}

impl<'a> Check<'a> {
    fn new(entry: &'a Entry, scenario: Scenario) -> Self {
        let environment = Condition::usual().environment;
        let bound = |traffic: &PoolTraffic| least_worker_seconds(traffic, environment.boot_seconds);
        let clairvoyant_seconds = scenario.pools.iter().map(bound).collect();
        let most_in_time = most_within_sla_without_reserve(&scenario, &environment);
        Self { entry, scenario, environment, clairvoyant_seconds, most_in_time }
    }

    fn failures(&self, contestants: &[Contestant]) -> Vec<String> {
        let mut failures = Vec::new();
        for contestant in contestants {
            let outcome = contestant.run(&self.scenario, &self.environment).unwrap();
            failures.extend(self.too_cheap(contestant, &outcome));
            failures.extend(self.too_good(contestant, &outcome));
            failures.extend(self.too_calm(contestant, &outcome));
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

    /// Runs with more jobs in time than can be without a reserve, and without one: the engine keeps one only where the promise
    /// leaves no time to react, others at times.
    fn too_good(&self, contestant: &Contestant, outcome: &Outcome) -> Option<String> {
        let most = self.most_in_time;
        let in_time: usize = outcome.pools.iter().map(|pool| pool.jobs_within_sla()).sum();
        let share = in_time as f64 / self.scenario.job_count() as f64;
        let is_bound = match contestant {
            Contestant::Engine { .. } => self.entry.name != "short SLA",
            _ => self.kept_no_reserve(contestant, outcome),
        };
        (is_bound && share > most)
            .then(|| format!("{} on {}: {share} of {most} in time", contestant.name(), self.entry.name))
    }

    fn kept_no_reserve(&self, contestant: &Contestant, outcome: &Outcome) -> bool {
        let turn_seconds = contestant.turn_seconds(&self.scenario, &self.environment).unwrap();
        let mut pools = self.scenario.pools.iter().zip(&outcome.pools);
        turn_seconds == self.environment.turn_seconds
            && pools.all(|(traffic, pool)| kept_no_reserve(traffic, pool, turn_seconds))
    }

    /// Pools that turn round less often than they must, for what they cost.
    fn too_calm(&self, contestant: &Contestant, outcome: &Outcome) -> Vec<String> {
        if !SELDOM_BUSY.contains(&self.entry.name) {
            return Vec::new();
        }
        let turn_seconds = contestant.turn_seconds(&self.scenario, &self.environment).unwrap();
        let pools = self.scenario.pools.iter().zip(&outcome.pools);
        let failure = |(traffic, pool): (&PoolTraffic, &PoolOutcome)| {
            let bound = ReversalBound::of(traffic, pool, self.environment.boot_seconds, turn_seconds);
            let (fewest, reversals) = (bound.fewest_reversals(pool.worker_seconds), pool.reversals());
            (fewest > reversals as f64 + ROUNDING).then(|| {
                let (name, scenario) = (contestant.name(), self.entry.name);
                format!("{name} on {scenario}, {}: {reversals} of {fewest} reversals", pool.pool)
            })
        };
        pools.filter_map(failure).collect()
    }
}

fn nobody_surpasses_the_bounds(
    entries: &[Entry],
    contestants: &[Contestant],
    seeds: impl Fn(&Entry) -> Vec<Scenario> + Sync,
) {
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
    let entries = [tuned(), set_aside()].concat();
    nobody_surpasses_the_bounds(&entries, &[Contestant::ENGINE], |entry| vec![entry.scenario(MORE_SEEDS[0])]);
}

#[test]
#[ignore = "takes minutes; make prove runs it"]
fn nobody_surpasses_the_bounds_with_any_seed() {
    let entries = [tuned(), set_aside(), held_out()].concat();
    nobody_surpasses_the_bounds(&entries, &EVERYBODY, |entry| {
        entry.scenarios().into_iter().chain(MORE_SEEDS.map(|seed| entry.scenario(seed))).collect()
    });
}

#[test]
fn a_surge_out_of_silence_is_served_as_well_as_without_a_reserve_can_be() {
    let spike = tuned().into_iter().find(|entry| entry.name == "spike").unwrap();
    let check = Check::new(&spike, spike.scenario(MORE_SEEDS[0]));
    for contestant in [Contestant::ENGINE, Contestant::EverythingAtFirstSight] {
        let outcome = contestant.run(&check.scenario, &check.environment).unwrap();
        assert!(check.kept_no_reserve(&contestant, &outcome), "{}", contestant.name());
        assert_eq!(outcome.pools[0].share_within_sla(), check.most_in_time, "{}", contestant.name());
    }
}
