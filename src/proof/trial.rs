//! One contestant on one scenario in one condition, and many of them at once.

use super::Condition;
use crate::config::InvalidConfiguration;
use crate::simulator::catalogue::Entry;
use crate::simulator::judgement::{Bounds, Summary};
use crate::simulator::peers::Contestant;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One contestant's figures on one scenario in one condition, over all seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Which scenario.
    pub scenario: &'static str,
    /// Whether 99 % can be had there.
    pub possible: bool,
    /// Who.
    pub contestant: Contestant,
    /// In which condition.
    pub condition: String,
    /// The figures.
    pub summary: Summary,
}

/// All trials asked for, in the order of scenarios, then conditions, then contestants.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trials(pub Vec<Trial>);

impl Trials {
    /// Runs every contestant on every scenario in every condition, on as many threads as there are cores.
    ///
    /// # Errors
    ///
    /// Where a scenario's settings make no configuration.
    pub fn run(
        entries: &[Entry],
        conditions: &[Condition],
        contestants: &[Contestant],
    ) -> Result<Self, InvalidConfiguration> {
        let next = AtomicUsize::new(0);
        let done = Mutex::new(Vec::new());
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(entries.len());
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some((place, entry)) = take(entries, &next) {
                        let trials = of_entry(entry, conditions, contestants);
                        if let Ok(mut done) = done.lock() {
                            done.push((place, trials));
                        }
                    }
                });
            }
        });
        let mut done = done.into_inner().unwrap_or_default();
        done.sort_by_key(|(place, _)| *place);
        let trials: Result<Vec<Vec<Trial>>, _> = done.into_iter().map(|(_, trials)| trials).collect();
        Ok(Self(trials?.into_iter().flatten().collect()))
    }

    /// Those of one contestant.
    pub fn of(&self, contestant: Contestant) -> impl Iterator<Item = &Trial> {
        self.0.iter().filter(move |trial| trial.contestant == contestant)
    }
}

fn take<'a>(entries: &'a [Entry], next: &AtomicUsize) -> Option<(usize, &'a Entry)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    entries.get(place).map(|entry| (place, entry))
}

fn of_entry(
    entry: &Entry,
    conditions: &[Condition],
    contestants: &[Contestant],
) -> Result<Vec<Trial>, InvalidConfiguration> {
    let scenarios = entry.scenarios();
    let mut trials = Vec::new();
    for condition in conditions {
        let bounds: Vec<Bounds> =
            scenarios.iter().map(|scenario| Bounds::of(scenario, &condition.environment)).collect();
        for contestant in contestants {
            let mut summaries = Vec::new();
            for (scenario, bounds) in scenarios.iter().zip(&bounds) {
                let outcome = contestant.run(scenario, &condition.environment)?;
                summaries.push(Summary::of(scenario, &outcome, bounds));
            }
            trials.push(Trial {
                scenario: entry.name,
                possible: entry.possible,
                contestant: *contestant,
                condition: condition.name.clone(),
                summary: Summary::mean(&summaries),
            });
        }
    }
    Ok(trials)
}
