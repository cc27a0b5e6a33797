//! One scenario of the catalogue.

use crate::config::{PoolId, PoolSettings, Sla};
use crate::scenario::{Host, PoolTraffic, Scenario};
use crate::traffic::Recipe;

/// Most workers of a scenario's only queue, where the scenario does not say otherwise.
pub const MAX_WORKERS: u32 = 50;

/// Most workers of each queue, where there are several.
const MAX_WORKERS_OF_SEVERAL: u32 = 20;

/// A scenario without its seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is called.
    pub name: &'static str,
    /// Whether an online strategy can start 99 % of the jobs in time at all.
    pub possible: bool,
    /// What each pool gets.
    pools: Vec<PoolEntry>,
    host: Option<Host>,
    seeds: Vec<u64>,
}

#[derive(Clone, Debug, PartialEq)]
struct PoolEntry {
    queues: String,
    recipe: Recipe,
    max_workers: u32,
    max_pickup_time_seconds: f64,
}

impl Entry {
    /// Its scenarios, one a seed.
    pub fn scenarios(&self) -> Vec<Scenario> {
        self.seeds.iter().map(|seed| self.scenario(*seed)).collect()
    }

    /// The scenario of one seed.
    pub fn scenario(&self, seed: u64) -> Scenario {
        let pools = self.pools.iter().enumerate().map(|(place, entry)| {
            // Pools of one scenario must not see the same chance.
            const SEEDS_OF_A_SCENARIO: u64 = 1_000;
            entry.traffic(seed.wrapping_mul(SEEDS_OF_A_SCENARIO).wrapping_add(place as u64))
        });
        let seconds = self.pools.iter().map(|entry| entry.recipe.seconds).fold(0.0, f64::max);
        Scenario { name: self.name.to_owned(), seconds, pools: pools.collect(), host: self.host }
    }

    /// One queue on a machine without limits.
    pub fn one(name: &'static str, recipe: Recipe) -> Self {
        let pool = PoolEntry::new("default".to_owned(), recipe, MAX_WORKERS);
        Self { name, possible: true, pools: vec![pool], host: None, seeds: Vec::new() }
    }

    /// A queue for each recipe, all on one host.
    pub fn several(name: &'static str, recipes: impl IntoIterator<Item = Recipe>, host: Host) -> Self {
        let pools = recipes.into_iter().enumerate();
        let pools = pools
            .map(|(number, recipe)| PoolEntry::new(format!("queue-{number}"), recipe, MAX_WORKERS_OF_SEVERAL))
            .collect();
        Self { name, possible: true, pools, host: Some(host), seeds: Vec::new() }
    }

    /// Run once with each of these seeds.
    pub fn seeds(mut self, seeds: &[u64]) -> Self {
        self.seeds = seeds.to_vec();
        self
    }

    /// Every pool may have so many workers.
    pub fn max_workers(mut self, max_workers: u32) -> Self {
        self.pools.iter_mut().for_each(|pool| pool.max_workers = max_workers);
        self
    }

    /// Every pool has this SLA.
    pub fn sla_seconds(mut self, seconds: f64) -> Self {
        self.pools.iter_mut().for_each(|pool| pool.max_pickup_time_seconds = seconds);
        self
    }

    /// No online strategy keeps its SLA.
    pub fn impossible(mut self) -> Self {
        self.possible = false;
        self
    }

    /// Every pool works `queues` in the order of their priority; `other_queues` are the shares of all but the first.
    pub fn priorities(mut self, queues: &str, other_queues: &[f64]) -> Self {
        for pool in &mut self.pools {
            queues.clone_into(&mut pool.queues);
            pool.recipe.other_queues = other_queues.to_vec();
        }
        self
    }
}

impl PoolEntry {
    fn new(queues: String, recipe: Recipe, max_workers: u32) -> Self {
        let max_pickup_time_seconds = Sla::default().max_pickup_time_seconds;
        Self { queues, recipe, max_workers, max_pickup_time_seconds }
    }

    fn traffic(&self, seed: u64) -> PoolTraffic {
        let defaults = PoolSettings::default();
        let sla = Sla { max_pickup_time_seconds: self.max_pickup_time_seconds, ..defaults.sla };
        let settings = PoolSettings { sla, max_workers: self.max_workers, ..defaults };
        PoolTraffic {
            pool: PoolId::new("redis", self.queues.as_str()),
            settings,
            jobs: self.recipe.jobs(seed),
            boot_seconds: None,
        }
    }
}
