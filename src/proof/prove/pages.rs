//! Pages and the picture.

use crate::Set;
use queue_autoscale_proof::report::{ProofSection, frontier_picture, proof_page};
use queue_autoscale_simulator::catalogue::Entry;
use queue_autoscale_simulator::judgement::{Bounds, Summary};
use queue_autoscale_simulator::peers::{Contestant, HorizonStrategy};
use queue_autoscale_simulator::report::{Run, run_page};
use std::error::Error;
use std::path::Path;

/// The set that the picture shows: the one that nobody looks at while tuning.
const PICTURED: &str = "held out";

/// The page of everything: the frontier, everybody's means, the engine on each scenario.
pub(crate) fn report(sets: &[Set], contestants: &[Contestant]) -> Result<(), Box<dyn Error>> {
    let sections: Vec<ProofSection<'_>> = sets.iter().map(|set| section(set, contestants)).collect();
    write(Path::new("target/prove/report.html"), &proof_page(&sections)?)
}

/// The frontier for the documentation.
pub(crate) fn picture(sets: &[Set], contestants: &[Contestant]) -> Result<(), Box<dyn Error>> {
    for set in sets.iter().filter(|set| set.name == PICTURED) {
        write(Path::new("docs/cost-against-wait.svg"), &frontier_picture(&section(set, contestants))?)?;
    }
    Ok(())
}

/// The page of a scenario's first seed, with those worth looking at side by side.
pub(crate) fn scenario(set: &Set, entry: &Entry) -> Result<(), Box<dyn Error>> {
    let scenarios = entry.scenarios();
    let Some(scenario) = scenarios.first() else { return Ok(()) };
    let environment = &set.condition.environment;
    let bounds = Bounds::of(scenario, environment);
    let shown = [Contestant::ENGINE, Contestant::Horizon(HorizonStrategy::Time), Contestant::FixedInHindsight];
    let mut outcomes = Vec::new();
    for contestant in shown {
        outcomes.push((contestant, contestant.run(scenario, environment)?));
    }
    let runs: Vec<Run<'_>> = outcomes
        .iter()
        .map(|(contestant, outcome)| Run {
            name: contestant.name(),
            outcome,
            summary: Summary::of(scenario, outcome, &bounds),
        })
        .collect();
    let name = format!("{}-{}.html", entry.name, set.name).replace(' ', "-");
    write(&Path::new("target/prove").join(name), &run_page(scenario, &runs)?)
}

fn section<'a>(set: &'a Set, contestants: &'a [Contestant]) -> ProofSection<'a> {
    ProofSection { name: set.heading(), trials: &set.trials.0, contestants }
}

fn write(path: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)?;
    println!("wrote {}\n", path.display());
    Ok(())
}
