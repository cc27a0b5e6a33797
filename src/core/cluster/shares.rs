//! Which host runs how many workers of each pool.

use crate::calculators::Resources;
use crate::config::PoolId;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// How many workers of a pool there are to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Staffing {
    /// Workers.
    pub workers: u32,
    /// Workers that stay although they find no job; beyond them, an idle one leaves by itself.
    pub idle_floor: u32,
}

/// How many workers a pool is to have on all hosts together.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolTarget {
    /// Whose.
    pub pool: PoolId,
    /// What was decided.
    pub decided: Staffing,
    /// Fewest workers, placed whatever the room is.
    pub least: u32,
    /// What one worker takes.
    pub each: Resources,
}

/// A host and what runs there.
#[derive(Clone, Debug, PartialEq)]
pub struct HostPlace {
    /// Its name; breaks ties, so that the order of the hosts never matters.
    pub name: String,
    /// What all workers together may take there.
    pub room: Resources,
    /// Whether its workers stay as they are, whatever is decided.
    pub is_pinned: bool,
    /// Workers by pool.
    pub workers: BTreeMap<PoolId, u32>,
}

/// One host's part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HostShare {
    /// The host's name.
    pub host: String,
    /// By pool; one that is missing is to have no worker.
    pub pools: BTreeMap<PoolId, Staffing>,
}

/// Everybody's part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shares {
    /// By host, in the order of their names.
    pub hosts: Vec<HostShare>,
    /// Workers that no host has room for, by pool.
    pub unplaced: BTreeMap<PoolId, u32>,
}

/// Workers that one turn moves only to spread pools over two hosts: a host that joins a large cluster is not to start
/// thousands of workers at once.
const SPREAD_MOVES: usize = 32;

/// A host is relieved once its workers take so many times its room: what others use there swings, and a worker that moves
/// for each swing would never work.
const RELIEVED_BEYOND: f64 = 1.1;

/// Rounds after which no more is tried; two are enough but where footprints differ much.
const ROUNDS: usize = 8;

/// Shares out the targets with as few moves as possible: workers that run stay where they are, unless the target fell, or
/// their host is beyond its room and another one has some, or all of a pool are on one host. Workers to be added go to the
/// hosts with room where the fewest of the pool are, and among those to the least filled one; those to be taken away go
/// the opposite way. Minimums are placed even where no host has room, and a pool's first worker even where only the CPU is
/// full: it is then merely slow.
///
/// The idle floors of all hosts are together the decision's, or all workers that are placed where those are fewer. Each host
/// has as many as any other, as far as its share allows. Workers of a host that keeps what it has all stay, and count first.
///
/// The same targets and hosts give the same shares in whatever order they come; shares that are carried out change no more.
/// With H hosts and P pools it takes O(P·H), and O(H) for each worker that is added.
pub fn plan_shares(targets: &[PoolTarget], hosts: &[HostPlace]) -> Shares {
    let mut plan = Plan::of(targets, hosts);
    if plan.hosts.is_empty() {
        return plan.finish();
    }
    plan.shrink();
    let mut spread_moves = SPREAD_MOVES;
    for _ in 0..ROUNDS {
        let changes = plan.changes;
        plan.place_minimums();
        plan.relieve();
        plan.place();
        plan.spread(&mut spread_moves);
        if plan.changes == changes {
            break;
        }
    }
    plan.finish()
}

/// Workers of one pool.
struct PoolPlan<'a> {
    target: &'a PoolTarget,
    /// By host.
    counts: Vec<u32>,
    total: u32,
    /// Hash of the name, so that pools do not all prefer the same host.
    hash: u64,
}

/// One host.
struct HostPlan<'a> {
    place: &'a HostPlace,
    load: Resources,
    workers: u32,
    hash: u64,
}

impl HostPlan<'_> {
    fn fits(&self, each: Resources, is_first: bool) -> bool {
        let room = self.place.room;
        let room = if is_first { Resources { cpu_cores: f64::INFINITY, ..room } } else { room };
        !self.place.is_pinned && self.load.plus(each, 1.0).fit(room)
    }

    fn is_beyond_its_room(&self) -> bool {
        !self.load.fit(Resources::NONE.plus(self.place.room, RELIEVED_BEYOND))
    }

    /// The part of the room that is taken, of whatever is the scarcest.
    fn filled(&self) -> f64 {
        let part = |load: f64, room: f64| if load <= 0.0 { 0.0 } else { load / room };
        part(self.load.cpu_cores, self.place.room.cpu_cores)
            .max(part(self.load.memory_bytes, self.place.room.memory_bytes))
    }
}

struct Plan<'a> {
    /// In the order of their names.
    pools: Vec<PoolPlan<'a>>,
    /// Likewise.
    hosts: Vec<HostPlan<'a>>,
    /// How often a worker was placed or moved.
    changes: u64,
}

impl<'a> Plan<'a> {
    fn of(targets: &'a [PoolTarget], places: &'a [HostPlace]) -> Self {
        let mut targets: Vec<&PoolTarget> = targets.iter().collect();
        targets.sort_by(|one, other| one.pool.cmp(&other.pool));
        targets.dedup_by(|one, other| one.pool == other.pool);
        let mut places: Vec<&HostPlace> = places.iter().collect();
        places.sort_by(|one, other| one.name.cmp(&other.name));
        places.dedup_by(|one, other| one.name == other.name);
        let mut pools: Vec<PoolPlan<'_>> = targets
            .into_iter()
            .map(|target| PoolPlan {
                target,
                counts: vec![0; places.len()],
                total: 0,
                hash: hash(&[&target.pool.connection, &target.pool.queues]),
            })
            .collect();
        let mut hosts = Vec::with_capacity(places.len());
        for (host, place) in places.into_iter().enumerate() {
            let mut load = Resources::NONE;
            let mut workers = 0_u32;
            for (pool, &count) in &place.workers {
                // What nobody decided on is taken away.
                let Ok(index) = pools.binary_search_by(|plan| plan.target.pool.cmp(pool)) else { continue };
                let pool = &mut pools[index];
                pool.counts[host] = count;
                pool.total = pool.total.saturating_add(count);
                load = load.plus(pool.target.each, f64::from(count));
                workers = workers.saturating_add(count);
            }
            hosts.push(HostPlan { place, load, workers, hash: hash(&[&place.name]) });
        }
        Self { pools, hosts, changes: 0 }
    }

    /// Takes away what is too much: from hosts beyond their room, then from where most of the pool are.
    fn shrink(&mut self) {
        for pool in 0..self.pools.len() {
            while self.pools[pool].total > self.pools[pool].target.decided.workers {
                let has_some = |host: &usize| self.pools[pool].counts[*host] > 0 && !self.hosts[*host].place.is_pinned;
                let Some(host) = (0..self.hosts.len()).filter(has_some).max_by(|&one, &other| {
                    let is_beyond = |host: usize| self.hosts[host].is_beyond_its_room();
                    is_beyond(one).cmp(&is_beyond(other)).then_with(|| self.by_preference(pool, one, other))
                }) else {
                    break;
                };
                self.take(pool, host);
            }
        }
    }

    /// Places what no pool may be without, where there is room or not.
    fn place_minimums(&mut self) {
        for pool in 0..self.pools.len() {
            let target = self.pools[pool].target;
            while self.pools[pool].total < target.least.min(target.decided.workers) {
                let host = self.best_host(pool, None).or_else(|| {
                    let takes = |host: &usize| !self.hosts[*host].place.is_pinned;
                    (0..self.hosts.len()).filter(takes).min_by(|&one, &other| self.by_preference(pool, one, other))
                });
                let Some(host) = host else { return };
                self.give(pool, host);
            }
        }
    }

    /// Moves workers away from hosts that are beyond their room, as far as others have some.
    fn relieve(&mut self) {
        let mut widest = self.widest_room();
        for host in 0..self.hosts.len() {
            if !self.hosts[host].is_beyond_its_room() || self.hosts[host].place.is_pinned {
                continue;
            }
            let mut pools: Vec<usize> =
                (0..self.pools.len()).filter(|&pool| self.pools[pool].counts[host] > 0).collect();
            // Those with the most workers here first, so that no pool moves as a whole.
            pools.sort_by_key(|&pool| std::cmp::Reverse(self.pools[pool].counts[host]));
            let mut next = 0;
            while self.hosts[host].is_beyond_its_room() && next < pools.len() {
                let pool = pools[next];
                let fits_somewhere = self.pools[pool].target.each.fit(widest);
                let other = if fits_somewhere { self.best_host(pool, Some(host)) } else { None };
                match other {
                    Some(other) => {
                        self.take(pool, host);
                        self.give(pool, other);
                        if self.pools[pool].counts[host] == 0 {
                            next += 1;
                        }
                    }
                    None => next += 1,
                }
            }
            widest = self.widest_room();
        }
    }

    /// Places what is missing, the largest workers first, since they find no room later.
    fn place(&mut self) {
        let mut pools: Vec<usize> = (0..self.pools.len())
            .filter(|&pool| self.pools[pool].total < self.pools[pool].target.decided.workers)
            .collect();
        pools.sort_by(|&one, &other| {
            let each = |pool: usize| self.pools[pool].target.each;
            each(other)
                .memory_bytes
                .total_cmp(&each(one).memory_bytes)
                .then_with(|| each(other).cpu_cores.total_cmp(&each(one).cpu_cores))
        });
        // One of each pool before a second of any.
        pools.retain(|&pool| self.pools[pool].total > 0 || self.place_one(pool));
        for pool in pools {
            while self.pools[pool].total < self.pools[pool].target.decided.workers && self.place_one(pool) {}
        }
    }

    fn place_one(&mut self, pool: usize) -> bool {
        let host = self.best_host(pool, None);
        if let Some(host) = host {
            self.give(pool, host);
        }
        host.is_some()
    }

    /// Moves one worker of each pool that is on one host alone, so that no host's end stops a queue.
    fn spread(&mut self, moves: &mut usize) {
        if self.hosts.len() < 2 {
            return;
        }
        for pool in 0..self.pools.len() {
            let plan = &self.pools[pool];
            let Some(only) = plan.counts.iter().position(|&count| count == plan.total).filter(|_| plan.total > 1)
            else {
                continue;
            };
            if *moves == 0 || self.hosts[only].place.is_pinned {
                continue;
            }
            if let Some(other) = self.best_host(pool, Some(only)) {
                self.take(pool, only);
                self.give(pool, other);
                *moves -= 1;
            }
        }
    }

    /// Where the pool's next worker goes, if there is room anywhere but on `except`.
    fn best_host(&self, pool: usize, except: Option<usize>) -> Option<usize> {
        let plan = &self.pools[pool];
        let best = |is_first: bool| {
            (0..self.hosts.len())
                .filter(|&host| Some(host) != except && self.hosts[host].fits(plan.target.each, is_first))
                .min_by(|&one, &other| self.by_preference(pool, one, other))
        };
        best(false).or_else(|| if plan.total == 0 { best(true) } else { None })
    }

    /// Less is better for a worker to come, more for one to go.
    fn by_preference(&self, pool: usize, one: usize, other: usize) -> Ordering {
        let plan = &self.pools[pool];
        let (first, second) = (&self.hosts[one], &self.hosts[other]);
        plan.counts[one]
            .cmp(&plan.counts[other])
            .then_with(|| first.filled().total_cmp(&second.filled()))
            .then_with(|| first.workers.cmp(&second.workers))
            .then_with(|| (first.hash ^ plan.hash).cmp(&(second.hash ^ plan.hash)))
            .then_with(|| first.place.name.cmp(&second.place.name))
    }

    /// The most of each that any host has left: what does not fit into this fits nowhere.
    fn widest_room(&self) -> Resources {
        self.hosts.iter().filter(|host| !host.place.is_pinned).fold(Resources::NONE, |widest, host| Resources {
            cpu_cores: widest.cpu_cores.max(host.place.room.cpu_cores - host.load.cpu_cores),
            memory_bytes: widest.memory_bytes.max(host.place.room.memory_bytes - host.load.memory_bytes),
        })
    }

    fn give(&mut self, pool: usize, host: usize) {
        let plan = &mut self.pools[pool];
        plan.counts[host] += 1;
        plan.total += 1;
        self.hosts[host].load = self.hosts[host].load.plus(plan.target.each, 1.0);
        self.hosts[host].workers += 1;
        self.changes += 1;
    }

    fn take(&mut self, pool: usize, host: usize) {
        let plan = &mut self.pools[pool];
        plan.counts[host] -= 1;
        plan.total -= 1;
        self.hosts[host].load = self.hosts[host].load.plus(plan.target.each, -1.0);
        self.hosts[host].workers -= 1;
        self.changes += 1;
    }

    /// Each host's part of the pool's idle floor, for the hosts that have workers of it. Which of several that have as many
    /// gets one more depends on names alone, so that it is the same one in the next turn.
    fn idle_floors(&self, plan: &PoolPlan<'_>) -> Vec<(usize, u32)> {
        let counts = plan.counts.iter().copied().enumerate().filter(|&(_, count)| count > 0);
        let (mut staying, mut floors): (Vec<_>, Vec<_>) =
            counts.partition(|&(host, _)| self.hosts[host].place.is_pinned);
        let mut left =
            staying.iter().fold(plan.target.decided.idle_floor, |left, &(_, count)| left.saturating_sub(count));
        let order = |host: usize| (self.hosts[host].hash ^ plan.hash, &self.hosts[host].place.name);
        // Those with the fewest first, so that what they cannot take is there for the others.
        floors.sort_by(|&(one, ones), &(other, others)| ones.cmp(&others).then_with(|| order(one).cmp(&order(other))));
        let hosts = floors.len() as u32;
        for (place, (_, floor)) in (0..hosts).zip(&mut floors) {
            *floor = left.div_ceil(hosts - place).min(*floor);
            left -= *floor;
        }
        staying.append(&mut floors);
        staying
    }

    fn finish(self) -> Shares {
        let mut hosts: Vec<HostShare> =
            self.hosts.iter().map(|host| HostShare { host: host.place.name.clone(), pools: BTreeMap::new() }).collect();
        let mut unplaced = BTreeMap::new();
        for plan in &self.pools {
            for (host, idle_floor) in self.idle_floors(plan) {
                let share = Staffing { workers: plan.counts[host], idle_floor };
                hosts[host].pools.insert(plan.target.pool.clone(), share);
            }
            if plan.total < plan.target.decided.workers {
                unplaced.insert(plan.target.pool.clone(), plan.target.decided.workers - plan.total);
            }
        }
        Shares { hosts, unplaced }
    }
}

/// FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo, 1991), 64 bits wide: the same on every machine.
fn hash(texts: &[&str]) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    texts
        .iter()
        .flat_map(|text| text.bytes().chain([0]))
        .fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}
