//! From the array that a user writes to a checked [`Configuration`].

mod backend;
mod cluster;
mod groups;
mod limits;
mod names;
mod nearest;
mod pool;
mod prediction;
mod profiles;
mod queues;
mod range;
mod report;
mod section;
mod workers;

use self::backend::{check_boot_time, read_backend, read_kubernetes};
use self::cluster::read_cluster;
use self::groups::read_groups;
use self::limits::read_limits;
use self::names::Connections;
pub use self::nearest::suggestion;
use self::pool::{PROMISE_KEYS, check_bounds, read_promise};
use self::prediction::read_prediction;
use self::profiles::Profiles;
use self::queues::{read_excluded, read_queues};
use self::range::Range;
use self::report::Report;
use self::section::Section;
use self::workers::read_workers;
use super::configuration::{Configuration, Group, Named, Override};
use super::{InvalidConfiguration, PoolId, PoolSettings, QueuePattern};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

const ROOT_KEYS: [&str; 17] = [
    "enabled",
    "backend",
    "kubernetes",
    "connection",
    "connections",
    "defaults",
    "queues",
    "groups",
    "excluded",
    "profiles",
    "prediction",
    "limits",
    "workers",
    "strategy",
    "policies",
    "cluster",
    "manager",
];

/// `log_channel` and `lock`, like the root's `policies`, are the PHP side's to check.
const MANAGER_KEYS: [&str; 3] = ["interval_seconds", "log_channel", "lock"];

impl Configuration {
    /// Reads the configuration of `config/queue-autoscale.php`, given as JSON.
    ///
    /// # Errors
    ///
    /// All that is wrong at once, each with the key's full path: unknown keys (with the nearest known name), values of the
    /// wrong kind or out of range, bounds that exclude each other, queues that are named twice or cannot be worked.
    ///
    /// ```
    /// use queue_autoscale_core::config::{Configuration, PoolId};
    /// use serde_json::json;
    ///
    /// let configuration = Configuration::from_json(&json!({
    ///     "connection": "redis",
    ///     "queues": {"tenant-*": {"profile": "background"}, "emails": {"max_workers": 20}},
    /// }))?;
    /// let emails = configuration.pool_settings(&PoolId::new("redis", "emails"));
    /// assert_eq!(emails.max_workers, 20);
    ///
    /// let refused = Configuration::from_json(&json!({"queues": {"emails": {"min_workers": 50}}}));
    /// assert_eq!(
    ///     refused.unwrap_err().errors,
    ///     ["queues.emails.min_workers: 50 is more than max_workers (10); lower it or raise max_workers"],
    /// );
    /// # Ok::<(), queue_autoscale_core::config::InvalidConfiguration>(())
    /// ```
    pub fn from_json(value: &Value) -> Result<Self, InvalidConfiguration> {
        let mut report = Report::default();
        let root = Section::open("", Some(value), &mut report).only(&ROOT_KEYS, &mut report);
        let configuration = read_root(&root, &mut report);
        let warnings = report.finish()?;
        Ok(Self { warnings, ..configuration })
    }
}

fn read_root(root: &Section<'_>, report: &mut Report) -> Configuration {
    let mut enabled = true;
    root.flag("enabled", &mut enabled, report);
    let connections = read_connections(root, report);
    let backend = read_backend(root, report);
    let kubernetes = read_kubernetes(&root.section("kubernetes", report), report);

    let mut settings = PoolSettings::default();
    let limits = read_limits(&root.section("limits", report), &mut settings, report);
    read_prediction(&root.section("prediction", report), &mut settings.prediction, report);
    read_workers(&root.section("workers", report), &mut settings.workers, report);
    check_boot_time(&backend, &settings, report);
    settings.strategy = root.text("strategy", report).map(str::to_owned);

    let defaults = root.section("defaults", report).only(&PROMISE_KEYS, report);
    let profiles = Profiles::read(root.section("profiles", report), &settings, report);
    profiles.apply(&defaults, &mut settings, report);
    read_promise(&defaults, &mut settings, report);
    check_bounds(&defaults, &settings, report);

    let overrides = read_queues(&root.section("queues", report), &connections, &settings, &profiles, report);
    let groups = read_groups(&root.section("groups", report), &connections, &settings, &profiles, report);
    let excluded = read_excluded(root, &connections, report);
    let interval_seconds = read_interval(root, report);
    let cluster = read_cluster(&root.section("cluster", report), interval_seconds, &backend, report);
    let named = index_names(&overrides, &groups, &excluded, report);
    Configuration {
        enabled,
        interval_seconds,
        default_connection: connections.default,
        backend,
        kubernetes,
        limits,
        cluster,
        discovered: Arc::new(PoolSettings { min_workers: 0, ..settings.clone() }),
        defaults: Arc::new(settings),
        overrides,
        groups,
        excluded,
        named,
        warnings: Vec::new(),
    }
}

fn read_connections(root: &Section<'_>, report: &mut Report) -> Connections {
    let named = root.text("connection", report);
    let known: Option<Vec<String>> =
        root.texts("connections", report).map(|names| names.into_iter().map(str::to_owned).collect());
    if let (Some(name), Some(known)) = (named, &known)
        && !known.iter().any(|other| other == name)
    {
        let problem = format!("\"{name}\" is not a connection; the application has {}", known.join(", "));
        report.error(&root.path_of("connection"), problem);
    }
    Connections { default: named.unwrap_or(Configuration::DEFAULT_CONNECTION).to_owned(), known }
}

fn read_interval(root: &Section<'_>, report: &mut Report) -> f64 {
    let manager = root.section("manager", report).only(&MANAGER_KEYS, report);
    let mut seconds = Configuration::DEFAULT_INTERVAL_SECONDS;
    manager.number("interval_seconds", &Range::INTERVAL_SECONDS, &mut seconds, report);
    seconds
}

/// Where each queue that is named without wildcard is configured; reports queues with two masters or none.
fn index_names(
    overrides: &[Override],
    groups: &[Group],
    excluded: &[QueuePattern],
    report: &mut Report,
) -> HashMap<PoolId, Named> {
    let mut named = HashMap::new();
    let refuse_excluded = |path: &str, queue: &PoolId, report: &mut Report| {
        if let Some(pattern) = excluded.iter().find(|pattern| pattern.matches(&queue.connection, &queue.queues)) {
            report.error(path, format!("{queue} is excluded by \"{pattern}\"; remove it here or there"));
        }
    };
    for (index, entry) in overrides.iter().enumerate() {
        if let Some(queue) = entry.pattern.pool() {
            refuse_excluded(&entry.path, &queue, report);
            named.insert(queue, Named::Override(index));
        }
    }
    for (index, group) in groups.iter().enumerate() {
        for queue in &group.queues {
            let path = format!("groups.{}.queues", group.name);
            let queue = PoolId::new(group.connection.as_str(), queue.as_str());
            refuse_excluded(&path, &queue, report);
            let other = match named.insert(queue.clone(), Named::Group(index)) {
                Some(Named::Override(other)) => &overrides[other].path,
                Some(Named::Group(other)) => &format!("groups.{}", groups[other].name),
                None => continue,
            };
            report.error(&path, format!("{queue} is configured by {other} as well; keep it in one place"));
        }
        named.insert(group.pool(), Named::Group(index));
    }
    named
}
