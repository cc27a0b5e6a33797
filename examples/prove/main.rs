//! Runs the engine and its peers on every scenario and prints the figures.
//!
//! ```text
//! cargo run --profile prove --features report --example prove [-- WHAT…]
//! ```
//!
//! `WHAT` is any of `engine` (the engine on each scenario), `settings` (the same, cost-minded and quick), `limits` (what no
//! online strategy can surpass), `peers` (means of all strategies), `conditions` (the engine in other turns, boots and sights),
//! `frontier` (cost against wait), `picture` (the same as `docs/cost-against-wait.svg`), `report` (all of it as a page,
//! `target/prove/report.html`), or a scenario's name (all strategies on it, and `target/prove/NAME.html`); without it, everything
//! but single scenarios.

mod pages;
mod tables;

use queue_autoscale::simulator::catalogue::{Entry, set_aside, tuned};
use queue_autoscale::simulator::proof::{Condition, Contestant, Limits, Table, Trials};
use std::error::Error;
use std::process::ExitCode;

/// Places on the frontier, in percent of the room that the mean wait may fill.
const WAIT_PERCENTS: [f64; 8] = [0.0, 5.0, 10.0, 20.0, 30.0, 50.0, 70.0, 90.0];

/// Two places on it: the first for those who want jobs picked up soon, the second for those who mind the cost.
const QUICK_PERCENT: f64 = 10.0;
const COST_MINDED_PERCENT: f64 = 50.0;

/// What is told of everybody in the usual condition.
const USUAL: [&str; 6] = ["report", "picture", "engine", "settings", "peers", "frontier"];

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
    let mut sets = Vec::new();
    for (name, entries) in [("tuned", tuned()), ("set aside", set_aside())] {
        let usual = if USUAL.iter().any(|what| wants(what)) { usual(&entries)? } else { Trials::default() };
        sets.push(Set { name, entries, usual });
    }
    if wants("report") {
        pages::report(&sets, &contestants())?;
    }
    if wants("picture") {
        pages::picture(&sets, &contestants())?;
    }
    for set in &sets {
        tell(set, wants)?;
        for entry in set.entries.iter().filter(|entry| wanted.iter().any(|wanted| wanted == entry.name)) {
            scenario(set.name, entry)?;
        }
    }
    Ok(())
}

/// A set of scenarios, and everybody's trials on them in the usual condition.
struct Set {
    name: &'static str,
    entries: Vec<Entry>,
    usual: Trials,
}

fn usual(entries: &[Entry]) -> Result<Trials, Box<dyn Error>> {
    Ok(Trials::run(entries, &[Condition::usual()], &contestants())?)
}

fn tell(set: &Set, wants: impl Fn(&str) -> bool) -> Result<(), Box<dyn Error>> {
    let (name, usual) = (set.name, &set.usual);
    if wants("engine") {
        alone(set, Contestant::ENGINE);
    }
    if wants("settings") {
        alone(set, place(QUICK_PERCENT));
        alone(set, place(COST_MINDED_PERCENT));
    }
    if wants("limits") {
        let Condition { name: condition, environment } = Condition::usual();
        println!("Limits, {name} scenarios, {condition}\n{}", Limits::of(&set.entries, &environment)?);
    }
    if wants("peers") {
        tables::means(&format!("Everybody, {name} scenarios"), usual, &everybody());
    }
    if wants("conditions") {
        let conditions: Vec<Condition> = Condition::turns_and_boots().into_iter().chain(Condition::sights()).collect();
        let trials = Trials::run(&set.entries, &conditions, &[Contestant::ENGINE])?;
        tables::means_by_condition(&format!("Queue Autoscale in other conditions, {name} scenarios"), &trials);
    }
    if wants("frontier") {
        let places: Vec<Contestant> = places().collect();
        tables::means(&format!("Cost against wait, {name} scenarios"), usual, &places);
        tables::at_a_tenth(&format!("At a median wait of a tenth of the SLA, {name} scenarios"), usual, &places);
        tables::without_wait(&format!("Without any wait, knowing the future, {name} scenarios"), &set.entries);
    }
    Ok(())
}

fn alone(set: &Set, contestant: Contestant) {
    let title = format!("{}, {} scenarios, {}", contestant.name(), set.name, Condition::usual().name);
    println!("{}", Table::new(title, set.usual.of(contestant), |trial| trial.scenario.to_owned()));
}

fn scenario(set: &str, entry: &Entry) -> Result<(), Box<dyn Error>> {
    let trials = Trials::run(std::slice::from_ref(entry), &[Condition::usual()], &everybody())?;
    let title = format!("{} ({set})", entry.name);
    println!("{}", Table::new(title, &trials.0, |trial| trial.contestant.name()));
    pages::scenario(entry, set)
}

fn place(target_wait_percent: f64) -> Contestant {
    Contestant::Engine { target_wait_percent: Some(target_wait_percent) }
}

fn places() -> impl Iterator<Item = Contestant> {
    WAIT_PERCENTS.iter().map(|percent| place(*percent))
}

fn everybody() -> Vec<Contestant> {
    std::iter::once(Contestant::ENGINE).chain(Contestant::PEERS).collect()
}

fn contestants() -> Vec<Contestant> {
    everybody().into_iter().chain(places()).collect()
}
