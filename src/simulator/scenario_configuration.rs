//! The configuration that a scenario's settings stand for.

use super::scenario::{PoolTraffic, Scenario};
use crate::config::{Configuration, InvalidConfiguration};
use serde_json::{Map, Value, json};

/// What a user would write for the scenario; `target_wait_percent` replaces every pool's where it is given.
///
/// # Errors
///
/// Where a setting is not one that a user could write.
pub fn configuration_of(
    scenario: &Scenario,
    target_wait_percent: Option<f64>,
) -> Result<Configuration, InvalidConfiguration> {
    let (mut queues, mut groups) = (Map::new(), Map::new());
    for traffic in &scenario.pools {
        let names = traffic.queues();
        let mut settings = settings_of(traffic, target_wait_percent);
        if let [queue] = names[..] {
            queues.insert(queue.to_owned(), Value::Object(settings));
        } else {
            settings.insert("connection".to_owned(), json!(traffic.pool.connection));
            settings.insert("queues".to_owned(), json!(names));
            groups.insert(names.join("-"), Value::Object(settings));
        }
    }
    let connection = scenario.pools.first().map_or("redis", |traffic| &traffic.pool.connection);
    Configuration::from_json(&json!({ "connection": connection, "queues": queues, "groups": groups }))
}

fn settings_of(traffic: &PoolTraffic, target_wait_percent: Option<f64>) -> Map<String, Value> {
    let settings = &traffic.settings;
    let wait = target_wait_percent.unwrap_or(settings.prediction.target_wait_percent);
    let entries = [
        ("max_pickup_time_seconds", json!(settings.sla.max_pickup_time_seconds)),
        ("percentile", json!(settings.sla.percentile)),
        ("target_wait_percent", json!(wait)),
        ("min_workers", json!(settings.min_workers)),
        ("max_workers", json!(settings.max_workers)),
        ("cooldown_seconds", json!(settings.cooldown_seconds)),
        ("weight", json!(settings.weight)),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
