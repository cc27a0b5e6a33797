//! Several hosts as one: what shares keep to, whatever the hosts and the targets are.
#![allow(clippy::unwrap_used, reason = "a test that fails says so by panicking")]

use proptest::prelude::*;
use queue_autoscale::calculators::{HostCapacity, Resources};
use queue_autoscale::cluster::{
    ClusterPlanner, HostPlace, HostReport, HostShare, PoolTarget, Shares, Staffing, plan_shares,
};
use queue_autoscale::config::{Configuration, Limits, PoolId, PoolSettings};
use queue_autoscale::engine::PoolWorkers;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Beyond this much of its room a host is relieved.
const RELIEVED_BEYOND: f64 = 1.1;

fn pool(index: usize) -> PoolId {
    PoolId::new("redis", format!("queue-{index}"))
}

fn target(index: usize, workers: u32, least: u32, cpu_cores: f64) -> PoolTarget {
    let each = Resources { cpu_cores, memory_bytes: 64.0 };
    PoolTarget { pool: pool(index), decided: staffing(workers), least, each }
}

/// Nobody leaves by itself.
fn staffing(workers: u32) -> Staffing {
    Staffing { workers, idle_floor: workers }
}

fn with_floor(target: PoolTarget, idle_floor: u32) -> PoolTarget {
    PoolTarget { decided: Staffing { idle_floor, ..target.decided }, ..target }
}

fn place(name: &str, cpu_cores: f64, workers: &[u32]) -> HostPlace {
    HostPlace {
        name: name.to_owned(),
        room: Resources { cpu_cores, memory_bytes: 1e9 },
        is_pinned: false,
        workers: workers.iter().enumerate().map(|(index, &count)| (pool(index), count)).collect(),
    }
}

fn counts(shares: &Shares, index: usize) -> Vec<u32> {
    shares.hosts.iter().map(|host| share(host, index).workers).collect()
}

fn floors(shares: &Shares, index: usize) -> Vec<u32> {
    shares.hosts.iter().map(|host| share(host, index).idle_floor).collect()
}

fn share(host: &HostShare, index: usize) -> Staffing {
    host.pools.get(&pool(index)).copied().unwrap_or_default()
}

/// The hosts as they are once the shares are carried out.
fn carried_out(hosts: &[HostPlace], shares: &Shares) -> Vec<HostPlace> {
    let share_of = |name: &str| {
        let share = shares.hosts.iter().find(|share| share.host == name).unwrap();
        share.pools.iter().map(|(pool, share)| (pool.clone(), share.workers)).collect()
    };
    hosts.iter().map(|host| HostPlace { workers: share_of(&host.name), ..host.clone() }).collect()
}

#[test]
fn a_pool_is_spread_evenly_over_hosts_with_room() {
    let hosts = [place("a", 8.0, &[]), place("b", 8.0, &[]), place("c", 8.0, &[])];
    let shares = plan_shares(&[target(0, 9, 0, 0.5)], &hosts);
    assert_eq!(counts(&shares, 0), [3, 3, 3]);
}

#[test]
fn workers_that_run_stay_where_they_are() {
    let hosts = [place("a", 8.0, &[5]), place("b", 8.0, &[1]), place("c", 8.0, &[])];
    assert_eq!(counts(&plan_shares(&[target(0, 6, 0, 0.5)], &hosts), 0), [5, 1, 0]);
    assert_eq!(counts(&plan_shares(&[target(0, 7, 0, 0.5)], &hosts), 0), [5, 1, 1]);
    assert_eq!(counts(&plan_shares(&[target(0, 3, 0, 0.5)], &hosts), 0), [2, 1, 0]);
}

#[test]
fn the_workers_of_a_host_that_left_are_started_elsewhere() {
    let hosts = [place("a", 8.0, &[2, 1]), place("c", 8.0, &[2, 1])];
    let shares = plan_shares(&[target(0, 6, 0, 0.5), target(1, 3, 0, 0.5)], &hosts);
    assert_eq!(counts(&shares, 0), [3, 3]);
    assert_eq!(counts(&shares, 1).iter().sum::<u32>(), 3);
}

#[test]
fn a_second_host_takes_one_worker_of_each_pool_over_and_no_more() {
    let hosts = [place("a", 8.0, &[4, 1]), place("b", 8.0, &[])];
    let shares = plan_shares(&[target(0, 4, 0, 0.5), target(1, 1, 0, 0.5)], &hosts);
    assert_eq!((counts(&shares, 0), counts(&shares, 1)), (vec![3, 1], vec![1, 0]));
}

#[test]
fn a_host_beyond_its_room_gives_to_one_that_has_some() {
    let hosts = [place("a", 1.0, &[4]), place("b", 8.0, &[1])];
    assert_eq!(counts(&plan_shares(&[target(0, 5, 0, 0.5)], &hosts), 0), [2, 3]);
    let full = [place("a", 1.0, &[4]), place("b", 0.5, &[1])];
    assert_eq!(counts(&plan_shares(&[target(0, 5, 0, 0.5)], &full), 0), [4, 1], "nobody has room");
}

#[test]
fn what_fits_nowhere_is_told_and_minimums_are_placed_all_the_same() {
    let hosts = [place("a", 1.0, &[]), place("b", 1.0, &[])];
    let shares = plan_shares(&[target(0, 9, 6, 0.5)], &hosts);
    assert_eq!(counts(&shares, 0), [3, 3]);
    assert_eq!(shares.unplaced, BTreeMap::from([(pool(0), 3)]));
}

#[test]
fn a_pools_first_worker_goes_where_there_is_room_although_a_full_host_is_less_filled() {
    let hosts = [place("a", 6.0, &[3, 0, 3]), place("b", 1.0, &[2])];
    let targets = [target(0, 5, 0, 0.25), target(1, 1, 0, 1.0), target(2, 3, 0, 1.0)];
    let shares = plan_shares(&targets, &hosts);
    assert_eq!(counts(&shares, 1), [1, 0]);
    assert_eq!(counts(&shares, 0), [3, 2], "nobody makes room for it");
}

#[test]
fn a_full_cpu_refuses_no_pool_its_first_worker() {
    let shares = plan_shares(&[target(0, 2, 0, 0.5)], &[place("a", 0.0, &[])]);
    assert_eq!(counts(&shares, 0), [1]);
}

#[test]
fn a_paused_host_keeps_what_it_has() {
    let paused = HostPlace { is_pinned: true, ..place("a", 8.0, &[4, 1]) };
    let hosts = [paused, place("b", 8.0, &[2, 0])];
    let shares = plan_shares(&[target(0, 3, 0, 0.5), target(1, 3, 0, 0.5)], &hosts);
    assert_eq!((counts(&shares, 0), counts(&shares, 1)), (vec![4, 0], vec![1, 2]));
}

#[test]
fn a_pool_that_nobody_decided_on_gets_nothing() {
    let shares = plan_shares(&[], &[place("a", 8.0, &[4])]);
    assert!(shares.hosts[0].pools.is_empty());
}

#[test]
fn without_a_host_there_are_no_shares() {
    assert_eq!(plan_shares(&[target(0, 3, 1, 0.5)], &[]).unplaced, BTreeMap::from([(pool(0), 3)]));
}

#[test]
fn an_idle_floor_is_shared_out_evenly_as_far_as_the_shares_go() {
    let hosts = [place("a", 8.0, &[5]), place("b", 8.0, &[1]), place("c", 8.0, &[2]), place("d", 8.0, &[])];
    let floors_of = |floor| floors(&plan_shares(&[with_floor(target(0, 8, 0, 0.5), floor)], &hosts), 0);
    assert_eq!(floors_of(0), [0, 0, 0, 0]);
    assert_eq!(floors_of(3), [1, 1, 1, 0]);
    assert_eq!(floors_of(5), [2, 1, 2, 0]);
    assert_eq!(floors_of(6), [3, 1, 2, 0]);
    assert_eq!(floors_of(8), [5, 1, 2, 0]);
    assert_eq!(floors_of(99), [5, 1, 2, 0], "no more than there are");
    assert_eq!(floors_of(1).iter().sum::<u32>(), 1);
}

#[test]
fn what_a_paused_host_keeps_is_part_of_the_idle_floor() {
    let paused = HostPlace { is_pinned: true, ..place("a", 8.0, &[2]) };
    let hosts = [paused, place("b", 8.0, &[2]), place("c", 8.0, &[2])];
    let floors_of = |floor| floors(&plan_shares(&[with_floor(target(0, 6, 0, 0.5), floor)], &hosts), 0);
    assert_eq!(floors_of(1), [2, 0, 0]);
    assert_eq!(floors_of(4), [2, 1, 1]);
}

prop_compose! {
    fn targets()(list in prop::collection::vec((0_u32..12, 0_u32..3, 1_u8..5, 0_u32..14), 0..8)) -> Vec<PoolTarget> {
        let targets = list.into_iter().enumerate();
        targets
            .map(|(index, (workers, least, size, idle_floor))| {
                with_floor(target(index, workers, least, f64::from(size) * 0.25), idle_floor)
            })
            .collect()
    }
}

prop_compose! {
    fn hosts()(list in prop::collection::vec((0_u8..24, prop::collection::vec(0_u32..5, 0..8)), 1..7)) -> Vec<HostPlace> {
        let hosts = list.into_iter().enumerate();
        hosts.map(|(index, (room, workers))| place(&format!("host-{index}"), f64::from(room) * 0.5, &workers)).collect()
    }
}

fn load(host: &HostPlace, targets: &[PoolTarget]) -> f64 {
    let each = |pool: &PoolId| targets.iter().find(|target| target.pool == *pool).map_or(0.0, |t| t.each.cpu_cores);
    host.workers.iter().map(|(pool, &count)| each(pool) * f64::from(count)).sum()
}

proptest! {
    #[test]
    fn no_pool_gets_more_than_decided_and_none_less_where_there_is_room(targets in targets(), hosts in hosts()) {
        let shares = plan_shares(&targets, &hosts);
        let after = carried_out(&hosts, &shares);
        for (index, target) in targets.iter().enumerate() {
            let total: u32 = counts(&shares, index).iter().sum();
            let unplaced = shares.unplaced.get(&target.pool).copied().unwrap_or_default();
            prop_assert_eq!(total + unplaced, target.decided.workers);
            prop_assert!(total >= target.least.min(target.decided.workers));
            let fits = after.iter().any(|host| load(host, &targets) + target.each.cpu_cores <= host.room.cpu_cores);
            prop_assert!(unplaced == 0 || !fits, "{unplaced} of pool {index} are missing although there is room");
        }
    }

    #[test]
    fn a_host_gets_no_more_than_its_room_but_for_minimums_and_first_workers(targets in targets(), hosts in hosts()) {
        let after = carried_out(&hosts, &plan_shares(&targets, &hosts));
        for (host, before) in after.iter().zip(&hosts) {
            let kept = load(&HostPlace {
                workers: host.workers.iter().map(|(pool, &count)| {
                    (pool.clone(), count.min(before.workers.get(pool).copied().unwrap_or_default()))
                }).collect(),
                ..host.clone()
            }, &targets);
            let excepted: f64 = targets.iter().map(|t| t.each.cpu_cores * f64::from(t.least.max(1))).sum();
            prop_assert!(load(host, &targets) <= host.room.cpu_cores.max(kept) + excepted);
        }
    }

    #[test]
    fn nothing_moves_but_for_need(targets in targets(), hosts in hosts()) {
        let shares = plan_shares(&targets, &hosts);
        let before = |index: usize| -> Vec<u32> {
            hosts.iter().map(|host| host.workers.get(&pool(index)).copied().unwrap_or_default()).collect()
        };
        let nobody_is_beyond = hosts.iter().all(|host| load(host, &targets) <= host.room.cpu_cores * RELIEVED_BEYOND);
        // A first worker and a minimum come although there may be no room for them; then others may have to go.
        let nobody_comes_without_room = targets.iter().enumerate().all(|(index, target)| {
            before(index).iter().sum::<u32>() >= target.least.max(1).min(target.decided.workers)
        });
        for (index, target) in targets.iter().enumerate() {
            let before = before(index);
            let gone: u32 =
                before.iter().zip(counts(&shares, index)).map(|(&before, after)| before.saturating_sub(after)).sum();
            let too_many = before.iter().sum::<u32>().saturating_sub(target.decided.workers);
            let spread = before.iter().filter(|&&count| count > 0).count() == 1;
            if nobody_is_beyond && nobody_comes_without_room && !spread && too_many == 0 {
                prop_assert_eq!(gone, 0, "pool {} from {:?}", index, before);
            } else if nobody_is_beyond && nobody_comes_without_room {
                prop_assert!(gone <= too_many + 1);
            }
        }
    }

    #[test]
    fn idle_floors_are_together_what_was_decided(targets in targets(), hosts in hosts()) {
        let shares = plan_shares(&targets, &hosts);
        for (index, target) in targets.iter().enumerate() {
            let (counts, floors) = (counts(&shares, index), floors(&shares, index));
            let total: u32 = counts.iter().sum();
            prop_assert_eq!(floors.iter().sum::<u32>(), target.decided.idle_floor.min(total));
            let highest = floors.iter().copied().max().unwrap_or_default();
            for (floor, count) in floors.into_iter().zip(counts) {
                prop_assert!(floor <= count, "{floor} of {count} stay");
                prop_assert!(floor == count || floor + 1 >= highest, "{floor} of {count} where another host has {highest}");
            }
        }
    }

    #[test]
    fn idle_floors_stay_where_they_are_while_the_shares_do(targets in targets(), hosts in hosts()) {
        let shares = plan_shares(&targets, &hosts);
        let wider = carried_out(&hosts, &shares).into_iter().map(|host| HostPlace {
            room: Resources { cpu_cores: 1e6, ..host.room },
            ..host
        });
        let wider: Vec<HostPlace> = wider.collect();
        let fully_placed = targets.iter().all(|target| !shares.unplaced.contains_key(&target.pool));
        let later = plan_shares(&targets, &wider);
        for index in 0..targets.len() {
            if fully_placed && counts(&later, index) == counts(&shares, index) {
                prop_assert_eq!(floors(&later, index), floors(&shares, index));
            }
        }
    }

    #[test]
    fn shares_that_are_carried_out_change_no_more(targets in targets(), hosts in hosts()) {
        let shares = plan_shares(&targets, &hosts);
        prop_assert_eq!(plan_shares(&targets, &carried_out(&hosts, &shares)), shares);
    }

    #[test]
    fn the_order_of_pools_and_hosts_does_not_matter(targets in targets(), hosts in hosts()) {
        let shares = plan_shares(&targets, &hosts);
        let (mut targets, mut hosts) = (targets, hosts);
        targets.reverse();
        hosts.reverse();
        prop_assert_eq!(plan_shares(&targets, &hosts), shares);
    }

    #[test]
    fn a_pool_of_two_or_more_is_on_two_hosts_where_there_is_room(targets in targets(), hosts in hosts()) {
        let shares = plan_shares(&targets, &hosts);
        let after = carried_out(&hosts, &shares);
        for (index, target) in targets.iter().enumerate() {
            let counts = counts(&shares, index);
            let used = counts.iter().filter(|&&count| count > 0).count();
            let has_room = after.iter().zip(&counts).any(|(host, &count)| {
                count == 0 && load(host, &targets) + target.each.cpu_cores <= host.room.cpu_cores
            });
            prop_assert!(counts.iter().sum::<u32>() < 2 || used >= 2 || !has_room, "pool {index}: {counts:?}");
        }
    }
}

const CAPACITY: HostCapacity = HostCapacity {
    cpu_limit_cores: 8.0,
    cpu_used_cores: Some(2.0),
    memory_limit_bytes: 16 << 30,
    memory_used_bytes: 1 << 30,
};

fn emails() -> PoolId {
    PoolId::new("redis", "emails")
}

fn report(host: &str, fencing_number: u64, serial: u64, idle: u32) -> HostReport {
    let workers = PoolWorkers { idle, ..PoolWorkers::none(emails()) };
    HostReport {
        host: host.to_owned(),
        fencing_number,
        serial,
        is_paused: false,
        capacity: Some(CAPACITY),
        workers: vec![workers],
    }
}

fn planner() -> ClusterPlanner {
    let settings = PoolSettings { max_workers: 50, ..PoolSettings::default() };
    ClusterPlanner::new(Arc::new(Configuration::for_pool(settings, Limits::default())))
}

#[test]
fn all_hosts_are_seen_as_one() {
    let busy = |busy, boot_seconds, cpu_used_cores| PoolWorkers {
        busy,
        boot_seconds: Some(boot_seconds),
        cpu_used_cores,
        longest_job_seconds: Some(boot_seconds * 10.0),
        ..PoolWorkers::none(emails())
    };
    let with = |host: &str, workers| HostReport { workers: vec![workers], ..report(host, 0, 0, 0) };
    let turn = planner().merge(1, vec![with("a", busy(3, 1.0, 0.5)), with("b", busy(1, 3.0, 0.25))]);
    let merged = &turn.workers[0];
    assert_eq!((merged.busy, merged.boot_seconds, merged.longest_job_seconds), (4, Some(1.5), Some(30.0)));
    assert_eq!(merged.cpu_used_cores, 0.75);
    let host = turn.host.unwrap();
    assert_eq!((host.cpu_limit_cores, host.cpu_used_cores, host.memory_limit_bytes), (16.0, Some(4.0), 32 << 30));
}

#[test]
fn a_share_under_way_counts_as_if_it_were_carried_out() {
    let mut planner = planner();
    planner.merge(7, vec![report("a", 0, 0, 8), report("b", 0, 0, 0)]);
    let shares = planner.plan(&[(emails(), staffing(4))]);
    assert_eq!(planner.serial(), 1);
    let granted: Vec<u32> =
        shares.hosts.iter().map(|host| host.pools.values().map(|share| share.workers).sum()).collect();
    assert_eq!(granted.iter().sum::<u32>(), 4);

    // Neither has answered yet: nobody must be granted once more what is about to end or to start.
    let turn = planner.merge(7, vec![report("a", 0, 0, 8), report("b", 0, 0, 0)]);
    assert_eq!(turn.workers[0].current(), 4);
    assert_eq!(planner.plan(&[(emails(), staffing(4))]), shares);

    // Both have, under the number that counts; what is seen then is believed.
    let turn = planner.merge(7, vec![report("a", 7, 2, 9), report("b", 7, 2, 0)]);
    assert_eq!(turn.workers[0].current(), 9);
}

#[test]
fn whoever_leads_anew_starts_from_what_runs() {
    let mut planner = planner();
    planner.merge(7, vec![report("a", 0, 0, 8)]);
    planner.plan(&[(emails(), staffing(2))]);
    assert_eq!(planner.merge(8, vec![report("a", 7, 0, 8)]).workers[0].current(), 8);
    planner.plan(&[(emails(), staffing(2))]);
    assert_eq!(planner.serial(), 1);
}
