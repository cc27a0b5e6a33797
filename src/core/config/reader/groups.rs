//! The section `groups`: one set of workers for several queues in priority order.

use super::names::{Connections, check_queue};
use super::pool::{QUEUE_KEYS, read_pool};
use super::profiles::Profiles;
use super::report::Report;
use super::section::Section;
use crate::config::PoolSettings;
use crate::config::configuration::Group;
use std::sync::Arc;

/// Keys of a group beside those of a queue.
const OWN_KEYS: [&str; 2] = ["connection", "queues"];

/// Reads `groups`.
pub(super) fn read_groups(
    section: &Section<'_>,
    connections: &Connections,
    base: &PoolSettings,
    profiles: &Profiles<'_>,
    report: &mut Report,
) -> Vec<Group> {
    let known = [&OWN_KEYS[..], &QUEUE_KEYS[..]].concat();
    let mut groups = Vec::new();
    for (name, value) in section.entries() {
        let entry = Section::open(section.path_of(name), Some(value), report).only(&known, report);
        let settings = Arc::new(read_pool(&entry, base, profiles, report));
        let connection = read_connection(&entry, connections, report);
        let queues = read_members(&entry, connections, report);
        if !queues.is_empty() {
            groups.push(Group { name: name.to_owned(), connection, queues, settings });
        }
    }
    groups
}

fn read_connection(entry: &Section<'_>, connections: &Connections, report: &mut Report) -> String {
    match entry.text("connection", report) {
        Some(name) if connections.has(name) => name.to_owned(),
        Some(name) => {
            let remedy = connections.nearest(name).map_or_else(
                || "name one of the application's".to_owned(),
                |meant| format!("did you mean \"{meant}\"?"),
            );
            report.error(&entry.path_of("connection"), format!("\"{name}\" is not a connection; {remedy}"));
            connections.default.clone()
        }
        None => connections.default.clone(),
    }
}

fn read_members(entry: &Section<'_>, connections: &Connections, report: &mut Report) -> Vec<String> {
    let path = entry.path_of("queues");
    let Some(names) = entry.texts("queues", report) else {
        if entry.given("queues").is_none() {
            report.error(&path, "missing; list the queues of the group in the order of their priority");
        }
        return Vec::new();
    };
    if names.is_empty() {
        report.error(&path, "an empty list; list the queues of the group in the order of their priority");
    }
    let mut members: Vec<String> = Vec::with_capacity(names.len());
    for (index, name) in names.into_iter().enumerate() {
        let path = format!("{path}.{index}");
        if name.contains('*') {
            report.error(&path, format!("\"{name}\" has a wildcard; a group needs each queue by name"));
        } else if members.iter().any(|member| member == name) {
            report.error(&path, format!("\"{name}\" stands twice in the group; keep one of them"));
        } else if connections.check_member(&path, name, report) && check_queue(&path, name, report) {
            members.push(name.to_owned());
        }
    }
    members
}
