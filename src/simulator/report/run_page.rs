//! The page of one scenario: how several strategies or settings did on it.

use super::chart::{ChartError, short};
use super::html::Page;
use super::pool_charts;
use crate::judgement::{LATE_SHARE_ALLOWED, Summary};
use crate::outcome::Outcome;
use crate::scenario::Scenario;

/// Pools that get charts of their own; the figures speak for the rest.
const MOST_POOLS: usize = 6;
const SECONDS_PER_HOUR: f64 = 3_600.0;

/// One run to show.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// What it is called.
    pub name: String,
    /// What happened.
    pub outcome: &'a Outcome,
    /// The figures of it.
    pub summary: Summary,
}

/// The page: the figures of all runs, then the charts of each pool.
///
/// # Errors
///
/// Where a chart cannot be drawn.
pub fn run_page(scenario: &Scenario, runs: &[Run<'_>]) -> Result<String, ChartError> {
    let lead =
        format!("{} jobs in {}, as simulated by Queue Autoscale.", scenario.job_count(), duration(scenario.seconds));
    let mut page = Page::new(&format!("Simulation: {}", scenario.name), &lead);
    let rows: Vec<Vec<String>> = runs.iter().map(row).collect();
    page.table(&HEADS, &rows);
    page.remark(REMARK);
    for (place, traffic) in scenario.pools.iter().enumerate().take(MOST_POOLS) {
        page.heading(&traffic.pool.to_string());
        pool_charts::draw(&mut page, traffic, place, runs)?;
    }
    Ok(page.finish())
}

/// The columns of a table of runs.
pub const HEADS: [&str; 12] = [
    "",
    "within SLA",
    "at most",
    "p50",
    "p95",
    "p99",
    "worker-hours",
    "of the fewest",
    "of those at turns",
    "in jobs",
    "changes/h",
    "reversals/h",
];

/// What the columns count, below a table of them.
pub const REMARK: &str = "At most: without foresight, and without a reserve of idle workers. Of the fewest: worker-hours over \
    the fewest with which anybody, knowing the future, could have kept the promise for 99 %; of those at turns: the same for whoever \
    starts workers only when a decision is due.";

fn duration(seconds: f64) -> String {
    const LONGEST_IN_SECONDS: f64 = 180.0;
    if seconds > LONGEST_IN_SECONDS {
        format!("{:.0} minutes", seconds / 60.0)
    } else {
        format!("{seconds:.0} seconds")
    }
}

fn row(run: &Run<'_>) -> Vec<String> {
    cells(&run.name, &run.summary, true)
}

/// A line of figures. `judged`: whether the promise could be kept at all, so that it is good or bad news.
pub fn cells(name: &str, summary: &Summary, judged: bool) -> Vec<String> {
    let sign = match (judged, summary.within_sla >= 1.0 - LATE_SHARE_ALLOWED) {
        (false, _) => "",
        (true, true) => "+",
        (true, false) => "-",
    };
    vec![
        name.to_owned(),
        format!("{sign}{:.2} %", 100.0 * summary.within_sla),
        format!("{:.2} %", 100.0 * summary.most_within_sla_without_reserve),
        format!("{:.1} s", summary.p50_seconds),
        format!("{:.1} s", summary.p95_seconds),
        format!("{:.1} s", summary.p99_seconds),
        short(summary.worker_seconds / SECONDS_PER_HOUR),
        format!("{:.2}x", summary.cost_ratio()),
        format!("{:.2}x", summary.cost_ratio_at_turns()),
        format!("{:.0} %", 100.0 * summary.utilisation),
        format!("{:.0}", summary.actions_per_hour),
        format!("{:.0}", summary.reversals_per_hour),
    ]
}
