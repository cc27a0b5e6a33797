//! Means over scenarios, a line each.

use crate::Set;
use queue_autoscale_proof::{Trial, Trials};
use queue_autoscale_simulator::PoolTraffic;
use queue_autoscale_simulator::judgement::{
    LATE_SHARE_ALLOWED, Summary, geometric_mean, least_worker_seconds, least_worker_seconds_without_wait,
};
use queue_autoscale_simulator::peers::Contestant;

/// The median wait that the cost is told at, as a share of the SLA.
const WANTED_MEDIAN: f64 = 0.1;

/// Everybody's means, a line each.
pub(crate) fn means(title: &str, trials: &Trials, contestants: &[Contestant]) {
    heading(title);
    for contestant in contestants {
        line(&contestant.name(), &trials.of(*contestant).collect::<Vec<_>>());
    }
    println!();
}

/// Each condition's means, a line each.
pub(crate) fn means_by_condition(title: &str, trials: &Trials) {
    heading(title);
    let mut conditions: Vec<&str> = Vec::new();
    for trial in &trials.0 {
        if !conditions.contains(&trial.condition.as_str()) {
            conditions.push(&trial.condition);
        }
    }
    for condition in conditions {
        line(condition, &trials.0.iter().filter(|trial| trial.condition == condition).collect::<Vec<_>>());
    }
    println!();
}

fn heading(title: &str) {
    println!("{title}");
    println!(
        "{:<28} {:>7} {:>7} {:>9} {:>9} {:>6} {:>6} {:>6} {:>7}  missed",
        "", "kept", "ratio", "p50/SLA", "p95/SLA", "util", "act/h", "rev/h", "worst"
    );
}

/// The promise kept, and means over the scenarios where that is possible.
fn line(name: &str, trials: &[&Trial]) {
    let is_kept = |trial: &Trial| trial.summary.within_sla >= 1.0 - LATE_SHARE_ALLOWED;
    let possible: Vec<&&Trial> = trials.iter().filter(|trial| trial.possible).collect();
    let missed: Vec<String> = trials
        .iter()
        .filter(|trial| !is_kept(trial))
        .map(|trial| format!("{} {:.1} %", trial.scenario, 100.0 * trial.summary.within_sla))
        .collect();
    let kept = possible.iter().filter(|trial| is_kept(trial)).count();
    let count = possible.len().max(1) as f64;
    let mean = |figure: fn(&Summary) -> f64| possible.iter().map(|trial| figure(&trial.summary)).sum::<f64>() / count;
    let ratio = geometric_mean(possible.iter().map(|trial| trial.summary.cost_ratio()));
    let worst = possible.iter().map(|trial| trial.summary.cost_ratio()).fold(0.0, f64::max);
    println!(
        "{name:<28} {:>4}/{:<2} {ratio:>7.3} {:>9.3} {:>9.3} {:>5.0}% {:>6.0} {:>6.0} {worst:>7.2}  {}",
        kept,
        possible.len(),
        mean(|summary| summary.p50_of_sla),
        mean(|summary| summary.p95_of_sla),
        100.0 * mean(|summary| summary.utilisation),
        mean(|summary| summary.actions_per_hour),
        mean(|summary| summary.reversals_per_hour),
        missed.join(", "),
    );
}

/// What each scenario costs where the setting is such that its median wait is a tenth of the SLA, and what all of them cost where
/// the mean of their medians is: interpolated between the two places of the frontier on either side.
pub(crate) fn at_a_tenth(title: &str, trials: &Trials, places: &[Contestant]) {
    println!("{title}");
    println!("{:<28} {:>7} {:>9} {:>24}", "", "ratio", "p50/SLA", "target_wait_percent");
    let possible: Vec<&Trial> = trials.0.iter().filter(|trial| trial.possible).collect();
    let mut scenarios: Vec<&str> = possible.iter().map(|trial| trial.scenario).collect();
    scenarios.dedup();
    for scenario in scenarios {
        tenth_line(
            scenario,
            &curve(places, |place| {
                possible
                    .iter()
                    .filter(|trial| trial.contestant == place && trial.scenario == scenario)
                    .copied()
                    .collect()
            }),
        );
    }
    tenth_line(
        "all",
        &curve(places, |place| possible.iter().filter(|trial| trial.contestant == place).copied().collect()),
    );
    println!();
}

/// A place of the frontier.
#[derive(Clone, Copy)]
struct Point {
    percent: f64,
    p50_of_sla: f64,
    ratio: f64,
}

fn curve<'a>(places: &[Contestant], trials: impl Fn(Contestant) -> Vec<&'a Trial>) -> Vec<Point> {
    let point = |place: &Contestant| {
        let Contestant::Engine { target_wait_percent: Some(percent) } = *place else { return None };
        let own = trials(*place);
        let p50_of_sla = own.iter().map(|trial| trial.summary.p50_of_sla).sum::<f64>() / own.len().max(1) as f64;
        let ratio = geometric_mean(own.iter().map(|trial| trial.summary.cost_ratio()));
        Some(Point { percent, p50_of_sla, ratio })
    };
    places.iter().filter_map(point).collect()
}

fn tenth_line(name: &str, curve: &[Point]) {
    let crossing =
        curve.windows(2).find(|pair| pair[0].p50_of_sla <= WANTED_MEDIAN && pair[1].p50_of_sla > WANTED_MEDIAN);
    let (ratio, p50_of_sla, place) = match (crossing, curve) {
        (Some([before, after]), _) => {
            let share = (WANTED_MEDIAN - before.p50_of_sla) / (after.p50_of_sla - before.p50_of_sla);
            let between = |one: f64, other: f64| one + share * (other - one);
            let percent = between(before.percent, after.percent);
            (between(before.ratio, after.ratio), WANTED_MEDIAN, format!("{percent:.0}"))
        }
        (_, [.., last]) if last.p50_of_sla <= WANTED_MEDIAN => {
            (last.ratio, last.p50_of_sla, "shorter at any".to_owned())
        }
        (_, [first, ..]) => (first.ratio, first.p50_of_sla, "longer at any".to_owned()),
        _ => return,
    };
    println!("{name:<28} {ratio:>7.3} {p50_of_sla:>9.3} {place:>24}");
}

/// What starting every job at once costs at least, over what keeping the promise does: the left end of the frontier for whoever
/// knows the future, whose right end is 1.
pub(crate) fn without_wait(title: &str, set: &Set) {
    println!("{title}");
    let boot_seconds = set.condition.environment.boot_seconds;
    let mut ratios = Vec::new();
    for entry in set.entries.iter().filter(|entry| entry.possible) {
        let pools: Vec<PoolTraffic> = entry.scenarios().into_iter().flat_map(|scenario| scenario.pools).collect();
        let sum = |bound: fn(&PoolTraffic, f64) -> f64| pools.iter().map(|pool| bound(pool, boot_seconds)).sum::<f64>();
        let ratio = sum(least_worker_seconds_without_wait) / sum(least_worker_seconds);
        println!("{:<28} {ratio:>7.3}", entry.name);
        ratios.push(ratio);
    }
    println!("{:<28} {:>7.3}\n", "all", geometric_mean(ratios));
}
