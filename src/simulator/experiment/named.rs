//! The scenarios by the names that a user types.

use super::ExperimentError;
use crate::catalogue::{Entry, set_aside, tuned};
use crate::config::suggestion;
use crate::scenario::{PoolTraffic, Scenario};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// A scenario for a user to choose.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NamedScenario {
    /// Its name, such as `long-jobs`.
    pub name: String,
    /// Whether anybody who cannot see the future could start 99 % of its jobs in time.
    pub possible: bool,
    /// The settings that make it what it is, in the form of a configuration: promises, most workers, groups.
    pub configuration: Value,
}

/// All scenarios, in the order in which they are worth trying.
pub fn named_scenarios() -> Vec<NamedScenario> {
    let named = |entry: Entry| NamedScenario {
        name: typed(entry.name),
        possible: entry.possible,
        configuration: configuration_of(&entry.scenario(1)),
    };
    entries().into_iter().map(named).collect()
}

/// The scenario of that name; case, spaces and hyphens do not matter.
pub(super) fn find(name: &str) -> Result<Entry, ExperimentError> {
    let entries = entries();
    let names: Vec<String> = entries.iter().map(|entry| typed(entry.name)).collect();
    let wanted = typed(name);
    entries.into_iter().find(|entry| typed(entry.name) == wanted).ok_or_else(|| {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        ExperimentError::Unknown { what: "scenario", name: name.to_owned(), suggestion: suggestion(name, &names) }
    })
}

/// The scenarios to tune on and to check with; where both have one of a name, the first. Those held out stay out of sight.
fn entries() -> Vec<Entry> {
    let mut entries = tuned();
    for entry in set_aside() {
        if entries.iter().all(|known| known.name != entry.name) {
            entries.push(entry);
        }
    }
    entries
}

fn typed(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '_'], "-")
}

fn configuration_of(scenario: &Scenario) -> Value {
    let (mut queues, mut groups) = (Map::new(), Map::new());
    for traffic in &scenario.pools {
        let names = traffic.queues();
        let mut settings = settings_of(traffic);
        if let [queue] = names[..] {
            queues.insert(queue.to_owned(), settings);
        } else {
            settings["queues"] = json!(names);
            groups.insert(names.join("-"), settings);
        }
    }
    json!({ "queues": queues, "groups": groups })
}

fn settings_of(traffic: &PoolTraffic) -> Value {
    json!({
        "max_pickup_time_seconds": traffic.settings.sla.max_pickup_time_seconds,
        "max_workers": traffic.settings.max_workers,
    })
}
