//! Runs the engine and its peers on every scenario and prints the figures.
//!
//! ```text
//! cargo run --profile prove --features report --example prove [-- WHAT…]
//! ```
//!
//! `WHAT` is any of `engine` (the engine on each scenario), `settings` (the same, cost-minded and quick), `peers` (means of all strategies), `conditions` (the engine in
//! other turns, boots and sights), `frontier` (cost against wait), `report` (the same as a page, `target/prove/report.html`),
//! or a scenario's name (all strategies on it, and `target/prove/NAME.html`); without it, everything but single scenarios.

use queue_autoscale::simulator::catalogue::{Entry, set_aside, tuned};
use queue_autoscale::simulator::judgement::{Bounds, Summary, geometric_mean};
use queue_autoscale::simulator::peers::HorizonStrategy;
use queue_autoscale::simulator::proof::{Condition, Contestant, Table, Trial, Trials};
use queue_autoscale::simulator::report::{ProofSection, Run, proof_page, run_page};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Places on the frontier, in percent of the room that the mean wait may fill.
const WAIT_PERCENTS: [f64; 8] = [0.0, 5.0, 10.0, 20.0, 30.0, 50.0, 70.0, 90.0];

/// Two places on it: the first for those who want jobs picked up soon, the second for those who mind the cost.
const QUICK_PERCENT: f64 = 10.0;
const COST_MINDED_PERCENT: f64 = 50.0;

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    match prove(&wanted) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn prove(wanted: &[String]) -> Result<(), Box<dyn Error>> {
    let wants = |what: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == what);
    let sets = [("tuned", tuned()), ("set aside", set_aside())];
    if wants("report") {
        report(&sets)?;
    }
    for (set, entries) in sets {
        if wants("engine") {
            alone(set, &entries, Contestant::ENGINE)?;
        }
        if wants("settings") {
            for percent in [QUICK_PERCENT, COST_MINDED_PERCENT] {
                alone(set, &entries, Contestant::Engine { target_wait_percent: Some(percent) })?;
            }
        }
        if wants("peers") {
            peers(set, &entries)?;
        }
        if wants("conditions") {
            conditions(set, &entries)?;
        }
        if wants("frontier") {
            frontier(set, &entries)?;
        }
        for entry in entries.iter().filter(|entry| wanted.iter().any(|wanted| wanted == entry.name)) {
            scenario(set, entry)?;
        }
    }
    Ok(())
}

fn alone(set: &str, entries: &[Entry], contestant: Contestant) -> Result<(), Box<dyn Error>> {
    let usual = Condition::usual();
    let trials = Trials::run(entries, std::slice::from_ref(&usual), &[contestant])?;
    let title = format!("{}, {set} scenarios, {}", contestant.name(), usual.name);
    println!("{}", Table::new(title, &trials.0, |trial| trial.scenario.to_owned()));
    Ok(())
}

fn scenario(set: &str, entry: &Entry) -> Result<(), Box<dyn Error>> {
    let everybody = everybody();
    let trials = Trials::run(std::slice::from_ref(entry), &[Condition::usual()], &everybody)?;
    let title = format!("{} ({set})", entry.name);
    println!("{}", Table::new(title, &trials.0, |trial| trial.contestant.name()));
    scenario_page(entry, set)
}

/// The page of a scenario's first seed, with those worth looking at side by side.
fn scenario_page(entry: &Entry, set: &str) -> Result<(), Box<dyn Error>> {
    let scenarios = entry.scenarios();
    let Some(scenario) = scenarios.first() else { return Ok(()) };
    let environment = Condition::usual().environment;
    let bounds = Bounds::of(scenario, &environment);
    let shown = [Contestant::ENGINE, Contestant::Horizon(HorizonStrategy::Time), Contestant::FixedInHindsight];
    let mut outcomes = Vec::new();
    for contestant in shown {
        outcomes.push((contestant, contestant.run(scenario, &environment)?));
    }
    let runs: Vec<Run<'_>> = outcomes
        .iter()
        .map(|(contestant, outcome)| Run {
            name: contestant.name(),
            outcome,
            summary: Summary::of(scenario, outcome, &bounds),
        })
        .collect();
    write(&format!("{}-{set}.html", entry.name).replace(' ', "-"), &run_page(scenario, &runs)?)
}

/// The page of everything: the frontier, everybody's means, the engine on each scenario.
fn report(sets: &[(&str, Vec<Entry>)]) -> Result<(), Box<dyn Error>> {
    let contestants: Vec<Contestant> = everybody().into_iter().chain(places()).collect();
    let mut trials = Vec::new();
    for (name, entries) in sets {
        trials.push((*name, Trials::run(entries, &[Condition::usual()], &contestants)?));
    }
    let sections: Vec<ProofSection<'_>> = trials
        .iter()
        .map(|(name, trials)| ProofSection { name: (*name).to_owned(), trials: &trials.0, contestants: &contestants })
        .collect();
    write("report.html", &proof_page(&sections)?)
}

fn write(name: &str, page: &str) -> Result<(), Box<dyn Error>> {
    let path: PathBuf = Path::new("target/prove").join(name);
    std::fs::create_dir_all("target/prove")?;
    std::fs::write(&path, page)?;
    println!("wrote {}\n", path.display());
    Ok(())
}

fn places() -> impl Iterator<Item = Contestant> {
    WAIT_PERCENTS.iter().map(|percent| Contestant::Engine { target_wait_percent: Some(*percent) })
}

fn peers(set: &str, entries: &[Entry]) -> Result<(), Box<dyn Error>> {
    let everybody = everybody();
    let trials = Trials::run(entries, &[Condition::usual()], &everybody)?;
    println!("Everybody, {set} scenarios");
    heading();
    for contestant in everybody {
        means(&contestant.name(), &trials.of(contestant).collect::<Vec<_>>());
    }
    println!();
    Ok(())
}

fn conditions(set: &str, entries: &[Entry]) -> Result<(), Box<dyn Error>> {
    let conditions: Vec<Condition> = Condition::turns_and_boots().into_iter().chain(Condition::sights()).collect();
    let trials = Trials::run(entries, &conditions, &[Contestant::ENGINE])?;
    println!("Queue Autoscale in other conditions, {set} scenarios");
    heading();
    for condition in &conditions {
        let within: Vec<&Trial> = trials.0.iter().filter(|trial| trial.condition == condition.name).collect();
        means(&condition.name, &within);
    }
    println!();
    Ok(())
}

fn frontier(set: &str, entries: &[Entry]) -> Result<(), Box<dyn Error>> {
    let places: Vec<Contestant> = places().collect();
    let trials = Trials::run(entries, &[Condition::usual()], &places)?;
    println!("Cost against wait, {set} scenarios");
    heading();
    for place in places {
        means(&place.name(), &trials.of(place).collect::<Vec<_>>());
    }
    println!();
    Ok(())
}

fn everybody() -> Vec<Contestant> {
    std::iter::once(Contestant::ENGINE).chain(Contestant::PEERS).collect()
}

fn heading() {
    println!(
        "{:<28} {:>7} {:>7} {:>9} {:>9} {:>6} {:>6} {:>6} {:>7}  missed",
        "", "kept", "ratio", "p50/SLA", "p95/SLA", "util", "act/h", "rev/h", "worst"
    );
}

/// One line: the promise kept, and means over the scenarios where that is possible.
fn means(name: &str, trials: &[&Trial]) {
    let possible: Vec<&&Trial> = trials.iter().filter(|trial| trial.possible).collect();
    let missed: Vec<String> = trials
        .iter()
        .filter(|trial| trial.summary.within_sla < 0.99)
        .map(|trial| format!("{} {:.1} %", trial.scenario, 100.0 * trial.summary.within_sla))
        .collect();
    let kept = possible.iter().filter(|trial| trial.summary.within_sla >= 0.99).count();
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
