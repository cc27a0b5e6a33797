//! The charts of one pool's runs.

use super::chart::{ChartError, Look, Series, TimeChart, part_of};
use super::html::Page;
use super::palette::{LIMIT, LOAD, series, series_variable};
use super::run_page::Run;
use crate::outcome::PoolOutcome;
use crate::scenario::PoolTraffic;

/// Points that a line is drawn through; more cannot be seen.
const POINTS: usize = 250;
/// Shortest time that jobs are counted over, in seconds; over a shorter one a rate is nothing but single jobs.
const SHORTEST_PART_SECONDS: f64 = 4.0;

/// Parts of the time that jobs are counted in.
fn parts(seconds: f64) -> usize {
    ((seconds / SHORTEST_PART_SECONDS) as usize).clamp(1, POINTS)
}

/// Draws what happened in the pool at `place`, run by run.
pub(super) fn draw(page: &mut Page, traffic: &PoolTraffic, place: usize, runs: &[Run<'_>]) -> Result<(), ChartError> {
    let seconds = runs.iter().map(|run| run.outcome.seconds).fold(0.0, f64::max);
    let chart = |series, limit, unit| TimeChart { seconds, series, limit, unit }.draw();
    let of_runs = |look: Look, points: &dyn Fn(&PoolOutcome) -> Vec<(f64, f64)>| -> Vec<Series> {
        let pools = runs.iter().filter_map(|run| run.outcome.pools.get(place));
        let lines = pools.enumerate().map(|(run, pool)| Series { points: points(pool), colour: series(run), look });
        // The first run is drawn last, on top of the others.
        lines.collect::<Vec<_>>().into_iter().rev().collect()
    };
    let legend: Vec<(String, String)> =
        runs.iter().enumerate().map(|(run, of)| (of.name.clone(), series_variable(run))).collect();
    let sla = traffic.settings.sla.max_pickup_time_seconds;

    let arrivals = Series { points: arrivals(traffic, seconds), colour: LOAD.0, look: Look::Bars };
    let svg = chart(vec![arrivals], None, "/s")?;
    page.chart("Arrivals", "Jobs that came in, a second.", &[("arrivals".to_owned(), LOAD.1.to_owned())], &svg);

    let mut workers = vec![Series { points: load(traffic, seconds), colour: LOAD.0, look: Look::Bars }];
    workers.extend(of_runs(Look::Steps, &|pool| thinned(pool, |sample| f64::from(sample.alive()))));
    let mut keys = vec![("work that came in".to_owned(), LOAD.1.to_owned())];
    keys.extend(legend.iter().cloned());
    page.chart(
        "Workers",
        "Alive after each decision, against the workers that the arriving work keeps busy.",
        &keys,
        &chart(workers, None, "")?,
    );

    let backlog = of_runs(Look::Line, &|pool| thinned(pool, |sample| sample.pending as f64));
    page.chart("Backlog", "Jobs waiting.", &legend, &chart(backlog, None, "")?);

    let waits = of_runs(Look::Line, &|pool| slowest(traffic, pool, seconds));
    let mut keys = legend.clone();
    keys.push((format!("promise, {sla} s"), LIMIT.1.to_owned()));
    let remark = "From being available to being picked up, the slowest 5 % of the jobs left out.";
    page.chart("Pickup time", remark, &keys, &chart(waits, Some(sla), "s")?);

    let mut cost = of_runs(Look::Line, &cost_so_far);
    let fewest = Series { points: work_so_far(traffic, seconds), colour: LOAD.0, look: Look::Area };
    cost.insert(0, fewest);
    let mut keys = vec![("work that came in".to_owned(), LOAD.1.to_owned())];
    keys.extend(legend);
    page.chart("Cost", "Worker-hours so far.", &keys, &chart(cost, None, "h")?);
    Ok(())
}

const SECONDS_PER_HOUR: f64 = 3_600.0;

/// The highest of what falls into each of the chart's parts, so that no peak is lost.
fn thinned(pool: &PoolOutcome, value: impl Fn(&crate::Sample) -> f64) -> Vec<(f64, f64)> {
    let step = pool.samples.len().div_ceil(POINTS).max(1);
    let chunks = pool.samples.chunks(step);
    chunks.map(|chunk| (chunk[0].at_seconds, chunk.iter().map(&value).fold(0.0, f64::max))).collect()
}

/// Sums over the jobs by parts of the time, each divided by the part's length, at the part's beginning.
fn by_part(traffic: &PoolTraffic, seconds: f64, value: impl Fn(&crate::traffic::Job) -> f64) -> Vec<(f64, f64)> {
    let part_seconds = seconds / parts(seconds) as f64;
    let mut sums = vec![0.0; parts(seconds)];
    for job in &traffic.jobs {
        sums[part_of(job.arrives_at_seconds, 0.0..seconds, parts(seconds))] += value(job);
    }
    sums.iter().enumerate().map(|(part, sum)| (part as f64 * part_seconds, sum / part_seconds)).collect()
}

fn arrivals(traffic: &PoolTraffic, seconds: f64) -> Vec<(f64, f64)> {
    by_part(traffic, seconds, |_| 1.0)
}

fn load(traffic: &PoolTraffic, seconds: f64) -> Vec<(f64, f64)> {
    by_part(traffic, seconds, |job| job.work_seconds(traffic.settings.workers.tries))
}

fn work_so_far(traffic: &PoolTraffic, seconds: f64) -> Vec<(f64, f64)> {
    let part_seconds = seconds / parts(seconds) as f64;
    let mut so_far = 0.0;
    let ends = load(traffic, seconds).into_iter().map(|(at, workers)| {
        so_far += workers * part_seconds / SECONDS_PER_HOUR;
        (at + part_seconds, so_far)
    });
    std::iter::once((0.0, 0.0)).chain(ends).collect()
}

fn cost_so_far(pool: &PoolOutcome) -> Vec<(f64, f64)> {
    let step = pool.samples.len().div_ceil(POINTS).max(1);
    let points = pool.samples.iter().step_by(step).chain(pool.samples.last());
    points.map(|sample| (sample.at_seconds, sample.worker_seconds / SECONDS_PER_HOUR)).collect()
}

/// The wait that 95 % of the jobs that came in together did not exceed.
fn slowest(traffic: &PoolTraffic, pool: &PoolOutcome, seconds: f64) -> Vec<(f64, f64)> {
    const PERCENTILE: f64 = 0.95;
    let mut parts: Vec<Vec<f32>> = vec![Vec::new(); POINTS];
    for (job, wait) in traffic.jobs.iter().zip(&pool.pickup_seconds) {
        parts[part_of(job.arrives_at_seconds, 0.0..seconds, POINTS)].push(*wait);
    }
    let part_seconds = seconds / POINTS as f64;
    let mut points = Vec::new();
    for (part, waits) in parts.iter_mut().enumerate() {
        waits.sort_by(f32::total_cmp);
        if let Some(wait) = waits.get((waits.len() as f64 * PERCENTILE) as usize) {
            points.push(((part as f64 + 0.5) * part_seconds, f64::from(*wait)));
        }
    }
    points
}
