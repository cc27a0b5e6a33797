//! What leading many hosts costs in the core: reports summed, decisions shared out.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use queue_autoscale::calculators::HostCapacity;
use queue_autoscale::cluster::{ClusterPlanner, HostReport, Staffing};
use queue_autoscale::config::{Configuration, Limits, PoolId, PoolSettings};
use queue_autoscale::engine::PoolWorkers;
use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;

/// Hosts and pools.
const SIZES: [(usize, usize); 3] = [(5, 50), (50, 500), (200, 2_000)];

/// Workers of each pool.
const WORKERS: u32 = 5;

fn pool(index: usize) -> PoolId {
    PoolId::new("redis", format!("queue-{index}"))
}

/// Hosts with `workers` of each pool, one host after the other.
fn reports(hosts: usize, pools: usize, workers: u32, serial: u64) -> Vec<HostReport> {
    let mut rows: Vec<HashMap<usize, u32>> = vec![HashMap::new(); hosts];
    for index in 0..pools * workers as usize {
        *rows[index % hosts].entry(index / workers as usize).or_default() += 1;
    }
    rows.into_iter()
        .enumerate()
        .map(|(host, rows)| HostReport {
            host: format!("host-{host}"),
            fencing_number: 1,
            serial,
            is_paused: false,
            capacity: Some(HostCapacity {
                cpu_limit_cores: 32.0,
                cpu_used_cores: Some(4.0),
                memory_limit_bytes: 128 << 30,
                memory_used_bytes: 16 << 30,
            }),
            workers: rows
                .into_iter()
                .map(|(index, count)| PoolWorkers { idle: count, ..PoolWorkers::none(pool(index)) })
                .collect(),
        })
        .collect()
}

fn planner() -> ClusterPlanner {
    ClusterPlanner::new(Arc::new(Configuration::for_pool(PoolSettings::default(), Limits::default())))
}

fn lead(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cluster");
    group.sample_size(10);
    for (hosts, pools) in SIZES {
        let name = format!("{hosts} hosts, {pools} pools");
        let running = reports(hosts, pools, WORKERS, u64::MAX);
        let staffing = |workers| Staffing { workers, idle_floor: workers / 2 };
        let targets: Vec<_> = (0..pools).map(|index| (pool(index), staffing(WORKERS))).collect();
        let changed: Vec<_> =
            (0..pools).map(|index| (pool(index), staffing(WORKERS + if index % 10 == 0 { 2 } else { 0 }))).collect();
        for (what, reports, targets) in [
            ("nothing changes", running.clone(), &targets),
            ("a tenth of the pools grows", running.clone(), &changed),
            ("a host is gone", running[1..].to_vec(), &targets),
            ("all starts", reports_without_workers(hosts), &targets),
        ] {
            let mut planner = planner();
            group.bench_function(BenchmarkId::new(what, &name), |bencher| {
                bencher.iter(|| {
                    black_box(planner.merge(1, reports.clone()));
                    black_box(planner.plan(targets))
                });
            });
        }
    }
    group.finish();
}

fn reports_without_workers(hosts: usize) -> Vec<HostReport> {
    reports(hosts, 0, 0, u64::MAX)
}

criterion_group!(benches, lead);
criterion_main!(benches);
