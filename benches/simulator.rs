//! How many simulated jobs a second one core gets through, the engine's turns included.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use queue_autoscale::config::PoolSettings;
use queue_autoscale::simulator::Environment;
use queue_autoscale::simulator::Scenario;
use queue_autoscale::simulator::peers::Contestant;
use queue_autoscale::simulator::traffic::{Pattern, Recipe, ServiceTime};
use std::hint::black_box;

/// An hour at a hundred jobs a second.
fn hour() -> Scenario {
    let pattern = Pattern::Steady { rate_per_second: 100.0 };
    let recipe = Recipe::new(3_600.0, pattern, ServiceTime::Exponential { mean_seconds: 0.3 });
    let settings = PoolSettings { max_workers: 100, ..PoolSettings::default() };
    Scenario::of_one_pool("hour", 3_600.0, settings, recipe.jobs(1))
}

fn simulate(criterion: &mut Criterion) {
    let scenario = hour();
    let environment = Environment::default();
    let mut group = criterion.benchmark_group("simulated jobs");
    group.throughput(Throughput::Elements(scenario.job_count() as u64)).sample_size(20);
    group.bench_function("the engine", |bencher| {
        bencher.iter(|| black_box(Contestant::ENGINE.run(&scenario, &environment).is_ok()));
    });
    group.finish();
}

criterion_group!(benches, simulate);
criterion_main!(benches);
