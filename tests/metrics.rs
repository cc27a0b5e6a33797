//! Reading what QueueMetrics returned, over its recordings.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says so by panicking")]

use queue_autoscale::metrics::{InvalidMetrics, QueueMetrics, read_row, read_row_again};
use serde_json::{Value, json};
use std::sync::Arc;

fn fixture(name: &str) -> Vec<(String, Value)> {
    let path = format!("{}/tests/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    match serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() {
        Value::Object(rows) => rows.into_iter().collect(),
        _ => Vec::new(),
    }
}

fn recorded_row(name: &str, key: &str) -> QueueMetrics {
    let rows = fixture(name);
    let (_, row) = rows.iter().find(|(found, _)| found == key).unwrap();
    read_row(key, row).unwrap()
}

fn refused(row: Value) -> InvalidMetrics {
    read_row("redis:emails", &row).unwrap_err()
}

fn row_with(section: &str, name: &str, value: Value) -> Value {
    let mut row = json!({
        "connection": "redis", "queue": "emails",
        "depth": {"pending": 1, "scheduled": 0, "reserved": 0, "oldest_job_age_seconds": 2},
        "performance_60s": {"throughput_per_minute": 3, "avg_duration_ms": 0},
        "lifetime": {"failure_rate_percent": 0},
        "workers": {"active_count": 1, "current_busy_percent": 0},
    });
    row[section][name] = value;
    row
}

#[test]
fn names_that_stay_the_same_are_shared_with_the_reading_before() {
    let row = row_with("depth", "pending", json!(1));
    let first = read_row("redis:emails", &row).unwrap();
    let second = read_row_again("redis:emails", &row, Some(&first)).unwrap();
    assert!(Arc::ptr_eq(&first.queue, &second.queue) && Arc::ptr_eq(&first.connection, &second.connection));
    let other = QueueMetrics { queue: "orders".into(), connection: "other".into(), ..first };
    let third = read_row_again("redis:emails", &row, Some(&other)).unwrap();
    assert_eq!(third, second);
}

#[test]
fn every_recorded_row_is_read() {
    let mut rows = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures")).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        for (key, row) in fixture(&name) {
            let metrics = read_row(&key, &row).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(format!("{}:{}", metrics.connection, metrics.queue), key, "{name}");
            rows += 1;
        }
    }
    assert!(rows > 30, "only {rows} rows");
}

#[test]
fn a_recorded_backlog_keeps_its_numbers() {
    let expected = QueueMetrics {
        connection: "redis".into(),
        queue: "default".into(),
        pending: 490,
        scheduled: 0,
        delayed_due_now: None,
        reserved: 3,
        oldest_job_age_seconds: Some(70.31089),
        throughput_per_minute: 841.0,
        avg_duration_ms: 0.0,
        failure_rate_percent: 0.0,
        active_workers: 3,
        busy_percent: 100.0,
    };
    assert_eq!(recorded_row("04-backlog-3-workers-70s", "redis:default"), expected);
}

#[test]
fn due_jobs_are_known_where_the_metrics_tell_them_and_unknown_elsewhere() {
    let late = recorded_row("3.3-delayed-due-now", "redis:late");
    assert_eq!((late.pending, late.scheduled, late.delayed_due_now), (0, 3, Some(2)));
    assert_eq!(recorded_row("07b-delayed-due-no-worker", "redis:delayedq").delayed_due_now, None);
    // The two numbers are read one after the other.
    let row = row_with("depth", "delayed_due_now", json!(2));
    assert_eq!(read_row("redis:emails", &row).unwrap().delayed_due_now, Some(0));
    let error = refused(row_with("depth", "delayed_due_now", json!("two")));
    assert_eq!(error.path, "depth.delayed_due_now");
}

#[test]
fn a_queue_that_could_not_be_asked_for_is_refused_with_the_reason() {
    let row = json!({"connection": "redis", "queue": "emails", "unreadable": "no connection"});
    assert_eq!(refused(row).to_string(), "redis:emails: no connection");
}

#[test]
fn an_age_of_zero_while_jobs_are_pending_is_an_unknown_age() {
    let row = row_with("depth", "oldest_job_age_seconds", json!(0));
    assert_eq!(read_row("redis:emails", &row).unwrap().oldest_job_age_seconds, None);
}

#[test]
fn whole_numbers_and_fractions_are_taken_for_each_other() {
    let row = row_with("depth", "pending", json!(7.0));
    assert_eq!(read_row("redis:emails", &row).unwrap().pending, 7);
    let row = row_with("performance_60s", "throughput_per_minute", json!(7));
    assert_eq!(read_row("redis:emails", &row).unwrap().throughput_per_minute, 7.0);
}

#[test]
fn a_bad_number_is_refused_with_its_path() {
    for (section, name, value, message) in [
        ("depth", "pending", json!(-1), "-1 where a whole number of at least 0 was expected"),
        ("depth", "pending", json!(1.5), "1.5 where a whole number of at least 0 was expected"),
        ("depth", "reserved", json!(1e300), "a whole number of at least 0 was expected"),
        ("depth", "scheduled", json!("many"), "\"many\" where a whole number of at least 0 was expected"),
        ("depth", "pending", json!(null), "nothing where a number was expected"),
        ("performance_60s", "throughput_per_minute", json!([1]), "an array where"),
        ("workers", "current_busy_percent", json!(false), "false where a finite number of at least 0 was expected"),
    ] {
        let error = refused(row_with(section, name, value));
        assert_eq!(error.path, format!("{section}.{name}"));
        assert!(error.message.contains(message), "{error}");
        assert!(error.to_string().starts_with(&format!("redis:emails.{section}.{name}: ")), "{error}");
    }
}

#[test]
fn a_part_that_is_no_array_is_refused_with_its_path() {
    let mut row = row_with("depth", "pending", json!(1));
    row["depth"] = json!("none");
    assert_eq!(refused(row).to_string(), "redis:emails.depth: \"none\" where an array with names was expected");
    assert_eq!(refused(json!(12)).to_string(), "redis:emails: 12 where the array of one queue was expected");
    assert_eq!(refused(json!([])).path, "depth");
}
