//! Runs the engine and its peers on every scenario and prints the figures.
//!
//! ```text
//! cargo run --profile prove --package queue-autoscale-proof --bin prove [-- WHAT… --turn=SECONDS --boot=SECONDS]
//! ```
//!
//! `WHAT` is any of `engine` (the engine on each scenario), `settings` (the same, cost-minded and quick), `limits` (what no
//! online strategy can surpass), `peers` (means of all strategies), `conditions` (the engine in other turns, boots and sights),
//! `frontier` (cost against wait), `picture` (the same as `docs/cost-against-wait.svg`), `report` (all of it as a page,
//! `target/prove/report.html`), or a scenario's name (all strategies on it, and `target/prove/NAME.html`); without it, everything
//! but single scenarios. `--turn` and `--boot` take the place of the usual times between two turns and of a boot; only
//! `conditions` has its own, and the picture in `docs` shows the usual ones alone.
//!
//! Of the three sets, the one that is held out is for reporting only (see `src/proof/held_out.rs`).

mod pages;
mod tables;

use queue_autoscale_proof::{Condition, Limits, Table, Trials, held_out};
use queue_autoscale_simulator::Environment;
use queue_autoscale_simulator::catalogue::{Entry, set_aside, tuned};
use queue_autoscale_simulator::peers::Contestant;
use std::error::Error;
use std::process::ExitCode;

/// Places on the frontier, in percent of the room that the mean wait may fill.
const WAIT_PERCENTS: [f64; 8] = [0.0, 5.0, 10.0, 20.0, 30.0, 50.0, 70.0, 90.0];

/// Two places on it: the first for those who want jobs picked up soon, the second for those who mind the cost.
const QUICK_PERCENT: f64 = 10.0;
const COST_MINDED_PERCENT: f64 = 50.0;

/// What is told of everybody's trials in one condition.
const OF_EVERYBODY: [&str; 6] = ["report", "picture", "engine", "settings", "peers", "frontier"];

fn main() -> ExitCode {
    let (options, wanted): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    match condition(&options).and_then(|condition| prove(&wanted, &condition)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The usual condition with the times that the options name.
fn condition(options: &[String]) -> Result<Condition, Box<dyn Error>> {
    let Environment { mut turn_seconds, mut boot_seconds, .. } = Condition::usual().environment;
    for option in options {
        let (place, least_seconds, value) = match option.split_once('=') {
            Some(("--turn", value)) => (&mut turn_seconds, f64::MIN_POSITIVE, value),
            Some(("--boot", value)) => (&mut boot_seconds, 0.0, value),
            _ => return Err(format!("{option} is none of --turn=SECONDS and --boot=SECONDS").into()),
        };
        let seconds = value.parse().ok().filter(|seconds| (least_seconds..f64::INFINITY).contains(seconds));
        *place = seconds.ok_or_else(|| format!("{option} is no time"))?;
    }
    Ok(Condition::of(turn_seconds, boot_seconds))
}

fn prove(wanted: &[String], condition: &Condition) -> Result<(), Box<dyn Error>> {
    let wants = |what: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == what);
    let mut sets = Vec::new();
    for (name, entries) in [("tuned", tuned()), ("set aside", set_aside()), ("held out", held_out())] {
        let mut trials = Trials::default();
        if OF_EVERYBODY.iter().any(|what| wants(what)) {
            trials = Trials::run(&entries, std::slice::from_ref(condition), &contestants())?;
        }
        sets.push(Set { name, entries, condition: condition.clone(), trials });
    }
    if wants("report") {
        pages::report(&sets, &contestants())?;
    }
    if wants("picture") && *condition == Condition::usual() {
        pages::picture(&sets, &contestants())?;
    }
    for set in &sets {
        tell(set, wants)?;
        for entry in set.entries.iter().filter(|entry| wanted.iter().any(|wanted| wanted == entry.name)) {
            scenario(set, entry)?;
        }
    }
    Ok(())
}

/// A set of scenarios, and everybody's trials on them in one condition.
struct Set {
    name: &'static str,
    entries: Vec<Entry>,
    condition: Condition,
    trials: Trials,
}

impl Set {
    fn title(&self, what: &str) -> String {
        format!("{what}, {}", self.heading())
    }

    fn heading(&self) -> String {
        format!("{} scenarios, {}", self.name, self.condition.name)
    }
}

fn tell(set: &Set, wants: impl Fn(&str) -> bool) -> Result<(), Box<dyn Error>> {
    if wants("engine") {
        alone(set, Contestant::ENGINE);
    }
    if wants("settings") {
        alone(set, place(QUICK_PERCENT));
        alone(set, place(COST_MINDED_PERCENT));
    }
    if wants("limits") {
        println!("{}\n{}", set.title("Limits"), Limits::of(&set.entries, &set.condition.environment)?);
    }
    if wants("peers") {
        tables::means(&set.title("Everybody"), &set.trials, &everybody());
    }
    if wants("conditions") {
        let conditions: Vec<Condition> = Condition::turns_and_boots().into_iter().chain(Condition::sights()).collect();
        let trials = Trials::run(&set.entries, &conditions, &[Contestant::ENGINE])?;
        tables::means_by_condition(&format!("Queue Autoscale in other conditions, {} scenarios", set.name), &trials);
    }
    if wants("frontier") {
        let places: Vec<Contestant> = places().collect();
        tables::means(&set.title("Cost against wait"), &set.trials, &places);
        tables::at_a_tenth(&set.title("At a median wait of a tenth of the SLA"), &set.trials, &places);
        tables::without_wait(&set.title("Without any wait, knowing the future"), set);
    }
    Ok(())
}

fn alone(set: &Set, contestant: Contestant) {
    let title = set.title(&contestant.name());
    println!("{}", Table::new(title, set.trials.of(contestant), |trial| trial.scenario.to_owned()));
}

fn scenario(set: &Set, entry: &Entry) -> Result<(), Box<dyn Error>> {
    let trials = Trials::run(std::slice::from_ref(entry), std::slice::from_ref(&set.condition), &everybody())?;
    let title = format!("{} ({}), {}", entry.name, set.name, set.condition.name);
    println!("{}", Table::new(title, &trials.0, |trial| trial.contestant.name()));
    pages::scenario(set, entry)
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
