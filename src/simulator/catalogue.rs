//! The scenarios that strategies are judged by.
//!
//! All of them run with one and the same default configuration; what differs is what a user must say of a queue: the SLA
//! where it is not the default, and how many workers there may be.

use super::scenario::{Host, PoolTraffic, Scenario};
use super::traffic::arrivals::Phase;
use super::traffic::{Failures, Pattern, Recipe, ServiceTime, Shift};
use crate::config::{PoolId, PoolSettings, Sla};

const HOUR_SECONDS: f64 = 3600.0;

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

    fn one(name: &'static str, recipe: Recipe) -> Self {
        let pool = PoolEntry {
            queues: "default".to_owned(),
            recipe,
            max_workers: 50,
            max_pickup_time_seconds: Sla::default().max_pickup_time_seconds,
        };
        Self { name, possible: true, pools: vec![pool], host: None, seeds: Vec::new() }
    }

    fn seeds(mut self, seeds: &[u64]) -> Self {
        self.seeds = seeds.to_vec();
        self
    }

    fn max_workers(mut self, max_workers: u32) -> Self {
        self.pools.iter_mut().for_each(|pool| pool.max_workers = max_workers);
        self
    }

    fn sla_seconds(mut self, seconds: f64) -> Self {
        self.pools.iter_mut().for_each(|pool| pool.max_pickup_time_seconds = seconds);
        self
    }

    fn impossible(mut self) -> Self {
        self.possible = false;
        self
    }

    fn priorities(mut self, queues: &str, other_queues: &[f64]) -> Self {
        for pool in &mut self.pools {
            queues.clone_into(&mut pool.queues);
            pool.recipe.other_queues = other_queues.to_vec();
        }
        self
    }
}

impl PoolEntry {
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

fn exponential(mean_seconds: f64) -> ServiceTime {
    ServiceTime::Exponential { mean_seconds }
}

fn skewed(mean_seconds: f64) -> ServiceTime {
    ServiceTime::LogNormal { mean_seconds, variation: 1.0 }
}

fn steady(rate_per_second: f64) -> Pattern {
    Pattern::Steady { rate_per_second }
}

/// The scenarios that the engine's parameters may be tuned on.
pub fn tuned() -> Vec<Entry> {
    let seeds = [1, 2, 3];
    let hour = |pattern, service| Recipe::new(HOUR_SECONDS, pattern, service);
    let long = |pattern, service| Recipe::new(2.0 * HOUR_SECONDS, pattern, service);
    let spike = Pattern::Bursts {
        rate_per_second: 0.0,
        first_at_seconds: 600.0,
        every_seconds: 1_200.0,
        lasts_seconds: 0.5,
        jobs: 3_000,
    };
    let bursts = Pattern::Bursts {
        rate_per_second: 1.0,
        first_at_seconds: 140.0,
        every_seconds: 300.0,
        lasts_seconds: 10.0,
        jobs: 600,
    };
    let on_off =
        vec![Phase { rate_per_second: 2.0, mean_seconds: 120.0 }, Phase { rate_per_second: 30.0, mean_seconds: 60.0 }];
    let mut quadrupled = long(steady(10.0), exponential(0.5));
    quadrupled.shift = Some(Shift { at_seconds: HOUR_SECONDS, factor: 4.0 });
    let entries = vec![
        Entry::one("steady", hour(steady(20.0), exponential(0.5))),
        Entry::one("ramp", long(Pattern::Ramp { from_per_second: 2.0, to_per_second: 40.0 }, exponential(0.5))),
        Entry::one("step", hour(Pattern::Steps { steps: vec![(1_200.0, 5.0), (1_200.0, 40.0)] }, exponential(0.5))),
        Entry::one("spike", hour(spike, exponential(0.5))).impossible(),
        Entry::one("periodic", long(bursts, exponential(0.5))),
        Entry::one(
            "diurnal",
            long(
                Pattern::Diurnal { low_per_second: 2.0, high_per_second: 30.0, day_seconds: HOUR_SECONDS },
                exponential(0.5),
            ),
        ),
        Entry::one("on-off", long(Pattern::OnOff { phases: on_off }, exponential(0.5))),
        Entry::one("heavy tails", hour(steady(10.0), ServiceTime::Pareto { mean_seconds: 1.0, shape: 1.8 })),
        Entry::one("long jobs", Recipe::new(4.0 * HOUR_SECONDS, steady(0.1), skewed(120.0))),
        Entry::one("sparse", long(steady(1.0 / 60.0), exponential(1.0))),
        Entry::one("short SLA", hour(steady(10.0), exponential(0.5))).sla_seconds(5.0),
        Entry::one("slower jobs", quadrupled),
        Entry::one(
            "overload",
            hour(Pattern::Steps { steps: vec![(1_200.0, 10.0), (600.0, 50.0), (1_800.0, 10.0)] }, exponential(0.5)),
        )
        .max_workers(20)
        .impossible(),
        Entry::one("alternating", long(Pattern::Steps { steps: vec![(60.0, 20.0), (60.0, 5.0)] }, exponential(0.5))),
        many_queues("many queues", 1.0, exponential(0.5)),
    ];
    entries.into_iter().map(|entry| entry.seeds(&seeds)).collect()
}

/// The scenarios that nothing is tuned on: the same kinds with other parameters and seeds, and a few of their own.
pub fn set_aside() -> Vec<Entry> {
    let seeds = [101, 102];
    let hour = |pattern, service| Recipe::new(HOUR_SECONDS, pattern, service);
    let long = |pattern, service| Recipe::new(2.0 * HOUR_SECONDS, pattern, service);
    let spike = Pattern::Bursts {
        rate_per_second: 0.5,
        first_at_seconds: 903.0,
        every_seconds: 1_500.0,
        lasts_seconds: 2.0,
        jobs: 5_000,
    };
    let bursts = Pattern::Bursts {
        rate_per_second: 0.5,
        first_at_seconds: 77.0,
        every_seconds: 420.0,
        lasts_seconds: 20.0,
        jobs: 900,
    };
    let on_off = vec![
        Phase { rate_per_second: 8.0, mean_seconds: 60.0 },
        Phase { rate_per_second: 25.0, mean_seconds: 20.0 },
        Phase { rate_per_second: 0.5, mean_seconds: 90.0 },
    ];
    let mut quicker = long(steady(6.0), skewed(2.0));
    quicker.shift = Some(Shift { at_seconds: 2_700.0, factor: 0.25 });
    let mut failing = hour(steady(8.0), skewed(0.8));
    failing.failures = Some(Failures { share: 0.3, most_attempts: 3 });
    let entries = vec![
        Entry::one("steady", hour(steady(6.0), skewed(2.0))),
        Entry::one("ramp", hour(Pattern::Ramp { from_per_second: 50.0, to_per_second: 1.0 }, skewed(0.4))),
        Entry::one(
            "step",
            long(Pattern::Steps { steps: vec![(700.0, 12.0), (900.0, 2.0), (500.0, 20.0)] }, skewed(1.2)),
        ),
        Entry::one("spike", hour(spike, skewed(0.3))).impossible(),
        Entry::one("periodic", long(bursts, skewed(0.4))),
        Entry::one(
            "diurnal",
            long(
                Pattern::Diurnal { low_per_second: 0.5, high_per_second: 12.0, day_seconds: 2.0 * HOUR_SECONDS },
                skewed(1.5),
            ),
        ),
        Entry::one("on-off", long(Pattern::OnOff { phases: on_off }, skewed(0.7))),
        Entry::one("heavy tails", hour(steady(4.0), ServiceTime::Pareto { mean_seconds: 3.0, shape: 1.6 })),
        Entry::one("long jobs", Recipe::new(6.0 * HOUR_SECONDS, steady(0.05), exponential(300.0))),
        Entry::one("sparse", long(steady(1.0 / 90.0), skewed(3.0))),
        Entry::one("short SLA", hour(steady(5.0), skewed(1.5))).sla_seconds(6.0),
        Entry::one("quicker jobs", quicker),
        Entry::one(
            "overload",
            hour(Pattern::Steps { steps: vec![(900.0, 6.0), (900.0, 20.0), (1_800.0, 4.0)] }, skewed(1.0)),
        )
        .max_workers(15)
        .impossible(),
        Entry::one("alternating", long(Pattern::Steps { steps: vec![(45.0, 4.0), (75.0, 15.0)] }, skewed(1.0))),
        many_queues("many queues", 0.6, skewed(0.8)),
        Entry::one("failing jobs", failing),
        Entry::one("priorities", hour(steady(15.0), skewed(0.6))).priorities("high,default,low", &[0.5, 0.3]),
    ];
    entries.into_iter().map(|entry| entry.seeds(&seeds)).collect()
}

/// Twelve queues of different size and shape on a host with CPU for little more than their highest load.
fn many_queues(name: &'static str, volume: f64, service: ServiceTime) -> Entry {
    const QUEUES: u32 = 12;
    const GIBIBYTE: u64 = 1 << 30;
    let pools = (0..QUEUES).map(|number| {
        let rate_per_second = volume * (0.2 + 0.4 * f64::from(number));
        let pattern = match number % 3 {
            0 => steady(rate_per_second),
            1 => Pattern::Steps { steps: vec![(240.0, rate_per_second * 1.6), (240.0, rate_per_second * 0.4)] },
            _ => Pattern::Diurnal {
                low_per_second: 0.0,
                high_per_second: 2.0 * rate_per_second,
                day_seconds: HOUR_SECONDS,
            },
        };
        PoolEntry {
            queues: format!("queue-{number}"),
            recipe: Recipe::new(HOUR_SECONDS, pattern, service),
            max_workers: 20,
            max_pickup_time_seconds: Sla::default().max_pickup_time_seconds,
        }
    });
    let host = Host {
        cpu_limit_cores: 8.0,
        memory_limit_bytes: 4 * GIBIBYTE,
        others_cpu_cores: 0.2,
        others_memory_bytes: GIBIBYTE,
    };
    Entry { name, possible: true, pools: pools.collect(), host: Some(host), seeds: Vec::new() }
}
