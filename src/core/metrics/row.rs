//! From the array that QueueMetrics returns for one queue to a checked `QueueMetrics`.

use super::reported::{Reported, Section};
use super::{InvalidMetrics, QueueMetrics};
use serde::de::{Deserialize, Deserializer};
use std::sync::Arc;

/// The largest whole number up to which every f64 is exact (2^53); a count beyond it is nonsense.
const MAX_COUNT: f64 = 9_007_199_254_740_992.0;

/// One row as reported; names that no decision needs are passed over.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Row<'row> {
    #[serde(borrow)]
    connection: Reported<'row>,
    #[serde(borrow)]
    queue: Reported<'row>,
    /// Why the queue's numbers could not be asked for; stands where they would.
    #[serde(borrow)]
    unreadable: Reported<'row>,
    #[serde(borrow)]
    depth: Section<'row, Depth<'row>>,
    #[serde(borrow)]
    performance_60s: Section<'row, Performance<'row>>,
    #[serde(borrow)]
    lifetime: Section<'row, Lifetime<'row>>,
    #[serde(borrow)]
    workers: Section<'row, Workers<'row>>,
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Depth<'row> {
    #[serde(borrow)]
    pending: Reported<'row>,
    #[serde(borrow)]
    scheduled: Reported<'row>,
    #[serde(borrow)]
    delayed_due_now: Reported<'row>,
    #[serde(borrow)]
    reserved: Reported<'row>,
    #[serde(borrow)]
    oldest_job_age_seconds: Reported<'row>,
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Performance<'row> {
    #[serde(borrow)]
    throughput_per_minute: Reported<'row>,
    #[serde(borrow)]
    avg_duration_ms: Reported<'row>,
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Lifetime<'row> {
    #[serde(borrow)]
    failure_rate_percent: Reported<'row>,
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Workers<'row> {
    #[serde(borrow)]
    active_count: Reported<'row>,
    #[serde(borrow)]
    current_busy_percent: Reported<'row>,
}

/// Reads the row that stands under `key` ("connection:queue").
///
/// `connection`, `queue`, `depth.pending` and `performance_60s.throughput_per_minute` must be there; whatever else is
/// absent counts as 0, an absent age and an absent `depth.delayed_due_now` as unknown. A row with an `unreadable` has no
/// numbers, only the reason. Whole numbers and fractions are taken for each other where nothing is
/// lost.
///
/// # Errors
///
/// Names the key, the path inside the row, the value and what was expected: a part that is missing or of the wrong kind,
/// a number that is negative, infinite or not a number, a count that is not whole.
///
/// ```
/// let row = serde_json::json!({
///     "connection": "redis", "queue": "emails",
///     "depth": {"pending": 12, "scheduled": 0, "reserved": 1, "oldest_job_age_seconds": 4.5},
///     "performance_60s": {"throughput_per_minute": 30.0},
/// });
/// let metrics = queue_autoscale_core::metrics::read_row("redis:emails", &row)?;
/// assert_eq!(metrics.pending, 12);
/// # Ok::<(), queue_autoscale_core::metrics::InvalidMetrics>(())
/// ```
pub fn read_row<'de, D: Deserializer<'de>>(key: &str, row: D) -> Result<QueueMetrics, InvalidMetrics> {
    read_row_again(key, row, None)
}

/// [`read_row`], where the row was probably read `before` as well: names that are still the same are shared with it, so
/// that nothing is allocated.
///
/// # Errors
///
/// As of [`read_row`].
pub fn read_row_again<'de, D: Deserializer<'de>>(
    key: &str,
    row: D,
    before: Option<&QueueMetrics>,
) -> Result<QueueMetrics, InvalidMetrics> {
    let checker = Checker { key };
    let row = match Section::<Row<'de>>::deserialize(row) {
        Ok(Section::Given(row)) => row,
        Ok(Section::Wrong(value)) => return Err(checker.refuse("", &value, "the array of one queue")),
        Err(error) => return Err(InvalidMetrics::new(key, "", error.to_string())),
    };
    if let Reported::Text(reason) = row.unreadable {
        return Err(InvalidMetrics::new(key, "", reason));
    }
    let depth = checker.section("depth", row.depth)?;
    let performance = checker.section("performance_60s", row.performance_60s)?;
    let lifetime = checker.optional_section("lifetime", row.lifetime)?;
    let workers = checker.optional_section("workers", row.workers)?;
    checker.require("depth.pending", &depth.pending)?;
    checker.require("performance_60s.throughput_per_minute", &performance.throughput_per_minute)?;
    let pending = checker.count("depth.pending", depth.pending)?;
    let scheduled = checker.count("depth.scheduled", depth.scheduled)?;
    let delayed_due_now = checker.known_count("depth.delayed_due_now", depth.delayed_due_now)?;
    let age_seconds = checker.quantity("depth.oldest_job_age_seconds", depth.oldest_job_age_seconds)?;
    Ok(QueueMetrics {
        connection: checker.text("connection", row.connection, before.map(|row| &row.connection))?,
        queue: checker.text("queue", row.queue, before.map(|row| &row.queue))?,
        pending,
        scheduled,
        // The two are read one after the other, and a job may leave in between.
        delayed_due_now: delayed_due_now.map(|due| due.min(scheduled)),
        reserved: checker.count("depth.reserved", depth.reserved)?,
        oldest_job_age_seconds: (pending == 0 || age_seconds > 0.0).then_some(age_seconds),
        throughput_per_minute: checker
            .quantity("performance_60s.throughput_per_minute", performance.throughput_per_minute)?,
        avg_duration_ms: checker.quantity("performance_60s.avg_duration_ms", performance.avg_duration_ms)?,
        failure_rate_percent: checker.quantity("lifetime.failure_rate_percent", lifetime.failure_rate_percent)?,
        active_workers: u32::try_from(checker.count("workers.active_count", workers.active_count)?).unwrap_or(u32::MAX),
        busy_percent: checker.quantity("workers.current_busy_percent", workers.current_busy_percent)?,
    })
}

/// Turns reported values into trusted ones, or into an error with the row's key.
struct Checker<'key> {
    key: &'key str,
}

impl Checker<'_> {
    fn refuse(&self, path: &str, value: &Reported<'_>, expected: &str) -> InvalidMetrics {
        InvalidMetrics::new(self.key, path, format!("{value} where {expected} was expected"))
    }

    fn section<T>(&self, path: &str, section: Section<'_, T>) -> Result<T, InvalidMetrics> {
        match section {
            Section::Given(section) => Ok(section),
            Section::Wrong(value) => Err(self.refuse(path, &value, "an array with names")),
        }
    }

    fn optional_section<T: Default>(&self, path: &str, section: Section<'_, T>) -> Result<T, InvalidMetrics> {
        match section {
            Section::Wrong(Reported::Missing) => Ok(T::default()),
            other => self.section(path, other),
        }
    }

    fn require(&self, path: &str, value: &Reported<'_>) -> Result<(), InvalidMetrics> {
        if *value == Reported::Missing { Err(self.refuse(path, value, "a number")) } else { Ok(()) }
    }

    fn text(&self, path: &str, value: Reported<'_>, before: Option<&Arc<str>>) -> Result<Arc<str>, InvalidMetrics> {
        match value {
            Reported::Text(text) => {
                Ok(before.filter(|before| ***before == *text).map_or_else(|| Arc::from(text), Arc::clone))
            }
            // PHP turns a numeric string that has been an array's key into a whole number.
            Reported::Number(number) => Ok(number.to_string().into()),
            other => Err(self.refuse(path, &other, "a string")),
        }
    }

    fn quantity(&self, path: &str, value: Reported<'_>) -> Result<f64, InvalidMetrics> {
        match value {
            Reported::Missing => Ok(0.0),
            Reported::Number(number) if number.is_finite() && number >= 0.0 => Ok(number),
            other => Err(self.refuse(path, &other, "a finite number of at least 0")),
        }
    }

    fn known_count(&self, path: &str, value: Reported<'_>) -> Result<Option<u64>, InvalidMetrics> {
        if value == Reported::Missing { Ok(None) } else { self.count(path, value).map(Some) }
    }

    fn count(&self, path: &str, value: Reported<'_>) -> Result<u64, InvalidMetrics> {
        match value {
            Reported::Missing => Ok(0),
            Reported::Number(number) if (0.0..=MAX_COUNT).contains(&number) && number.fract() == 0.0 => {
                Ok(number as u64)
            }
            other => Err(self.refuse(path, &other, "a whole number of at least 0")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_not_numbers_are_refused() {
        let checker = Checker { key: "redis:emails" };
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(checker.count("depth.pending", Reported::Number(number)).is_err());
            assert!(checker.quantity("depth.oldest_job_age_seconds", Reported::Number(number)).is_err());
        }
    }
}
