//! The sections `queues` and `excluded`.

use super::names::Connections;
use super::pool::{QUEUE_KEYS, read_pool};
use super::profiles::Profiles;
use super::report::Report;
use super::section::Section;
use crate::config::configuration::Override;
use crate::config::{PoolSettings, QueuePattern};
use std::collections::HashMap;
use std::sync::Arc;

/// Reads `queues`, the most specific entry first.
pub(super) fn read_queues(
    section: &Section<'_>,
    connections: &Connections,
    base: &PoolSettings,
    profiles: &Profiles<'_>,
    report: &mut Report,
) -> Vec<Override> {
    let mut paths: HashMap<QueuePattern, String> = HashMap::new();
    let mut overrides = Vec::new();
    for (name, value) in section.entries() {
        let path = section.path_of(name);
        let entry = Section::open(path.clone(), Some(value), report).only(&QUEUE_KEYS, report);
        let settings = Arc::new(read_pool(&entry, base, profiles, report));
        let Some(pattern) = connections.pattern(&path, name, report) else {
            continue;
        };
        if settings.deployment.is_some() && pattern.pool().is_none() {
            report.error(
                &entry.path_of("deployment"),
                "a wildcard stands for several queues, and each needs a Deployment of its own; use kubernetes.deployment",
            );
        }
        if let Some(first) = paths.insert(pattern.clone(), path.clone()) {
            report.error(&path, format!("names the same queue as {first} ({pattern}); keep one of them"));
        }
        overrides.push(Override { path, pattern, settings });
    }
    overrides.sort_by(|left, right| left.pattern.specificity().cmp(&right.pattern.specificity()));
    overrides
}

/// Reads `excluded`.
pub(super) fn read_excluded(root: &Section<'_>, connections: &Connections, report: &mut Report) -> Vec<QueuePattern> {
    let names = root.texts("excluded", report).unwrap_or_default();
    let paths = (0..).map(|index| format!("{}.{index}", root.path_of("excluded")));
    names.into_iter().zip(paths).filter_map(|(name, path)| connections.pattern(&path, name, report)).collect()
}
