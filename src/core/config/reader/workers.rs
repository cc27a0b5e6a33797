//! The section `workers`: how `queue:work` is run.

use super::range::Range;
use super::report::Report;
use super::section::{Section, quoted};
use crate::config::WorkerOptions;
use serde_json::Value;
use std::collections::BTreeMap;

const KEYS: [&str; 14] = [
    "tries",
    "timeout",
    "max_time",
    "max_jobs",
    "sleep",
    "memory",
    "backoff",
    "shutdown_timeout_seconds",
    "drain_timeout_seconds",
    "php_binary",
    "artisan_path",
    "working_directory",
    "options",
    "environment",
];

/// Options of `queue:work` that have a key of their own, or that would break the supervisor's hold on its workers.
const OPTIONS_NOT_FREE: [(&str, &str); 13] = [
    ("--queue", "name the queue under queues or groups"),
    ("--tries", "use workers.tries"),
    ("--timeout", "use workers.timeout"),
    ("--max-time", "use workers.max_time"),
    ("--max-jobs", "use workers.max_jobs"),
    ("--sleep", "use workers.sleep"),
    ("--memory", "use workers.memory"),
    ("--backoff", "use workers.backoff"),
    ("--delay", "use workers.backoff"),
    ("--once", "a worker must stay"),
    ("--stop-when-empty", "set min_workers to 0"),
    ("--stop-when-empty-for", "set min_workers to 0"),
    ("--daemon", "workers stay anyhow"),
];

/// Set by the supervisor for each worker.
const RESERVED_VARIABLE: &str = "QUEUE_AUTOSCALE_STATUS_FD";

/// Changes `workers` where the section says so.
pub(super) fn read_workers(section: &Section<'_>, workers: &mut WorkerOptions, report: &mut Report) {
    let section = section.clone().only(&KEYS, report);
    section.count("tries", &Range::COUNT, &mut workers.tries, report);
    section.count("timeout", &Range::SECONDS, &mut workers.timeout_seconds, report);
    section.count("max_time", &Range::SECONDS, &mut workers.max_time_seconds, report);
    section.count("max_jobs", &Range::COUNT, &mut workers.max_jobs, report);
    section.number("sleep", &Range::SECONDS, &mut workers.sleep_seconds, report);
    section.count("memory", &Range::MEGABYTES, &mut workers.memory_megabytes, report);
    section.number("shutdown_timeout_seconds", &Range::SECONDS, &mut workers.shutdown_timeout_seconds, report);
    if section.given("drain_timeout_seconds").is_some() {
        let mut seconds = 0.0;
        section.number("drain_timeout_seconds", &Range::SECONDS, &mut seconds, report);
        workers.drain_timeout_seconds = Some(seconds);
    }
    for (name, target) in [
        ("php_binary", &mut workers.php_binary),
        ("artisan_path", &mut workers.artisan_path),
        ("working_directory", &mut workers.working_directory),
    ] {
        if let Some(text) = section.text(name, report) {
            text.clone_into(target);
        }
    }
    if let Some(backoff) = read_backoff(&section, report) {
        workers.backoff = backoff;
    }
    if let Some(options) = read_options(&section, report) {
        workers.options = options;
    }
    read_environment(&section.section("environment", report), &mut workers.environment, report);
}

/// Seconds, or a list of seconds, or both as Laravel writes them.
fn read_backoff(section: &Section<'_>, report: &mut Report) -> Option<String> {
    let value = section.given("backoff")?;
    let parts: Vec<String> = match value {
        Value::Array(list) => list.iter().map(plain).collect(),
        Value::String(text) => text.split(',').map(|part| part.trim().to_owned()).collect(),
        other => vec![plain(other)],
    };
    if parts.is_empty() || parts.iter().any(|part| part.parse::<u32>().is_err()) {
        let problem = format!("{} is not allowed; give whole seconds, or a list of them, one a retry", quoted(value));
        report.error(&section.path_of("backoff"), problem);
        return None;
    }
    Some(parts.join(","))
}

/// A text without its quotes, anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn read_options(section: &Section<'_>, report: &mut Report) -> Option<Vec<String>> {
    let options = section.texts("options", report)?;
    for (index, option) in options.iter().enumerate() {
        let path = format!("{}.{index}", section.path_of("options"));
        let name = option.split_once('=').map_or(*option, |(name, _)| name);
        if !option.starts_with('-') {
            report.error(&path, format!("\"{option}\" is not an option; give one argument that starts with a dash"));
        } else if let Some((_, remedy)) = OPTIONS_NOT_FREE.iter().find(|(taken, _)| *taken == name) {
            report.error(&path, format!("\"{option}\" is not allowed; {remedy}"));
        }
    }
    Some(options.into_iter().map(str::to_owned).collect())
}

/// Adds to the variables that the level above has set.
fn read_environment(section: &Section<'_>, environment: &mut BTreeMap<String, String>, report: &mut Report) {
    for (name, value) in section.entries() {
        let path = section.path_of(name);
        let text = match value {
            Value::String(text) if !text.contains('\0') => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Null => continue,
            other => {
                report.error(&path, format!("{} is not allowed; give a string", quoted(other)));
                continue;
            }
        };
        if name.is_empty() || name.contains(['=', '\0']) {
            report.error(&path, "no variable can have this name; leave out '=' and NUL bytes");
        } else if name == RESERVED_VARIABLE {
            report.error(&path, "the supervisor sets it for each worker; remove it");
        } else {
            environment.insert(name.to_owned(), text);
        }
    }
}
