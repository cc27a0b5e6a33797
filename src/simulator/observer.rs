//! What the manager sees of the metrics, mishaps included.

use super::environment::Environment;
use super::pool_run::PoolRun;
use super::traffic::Random;
use crate::metrics::{InvalidMetrics, MetricsReading};

/// Reads the metrics once a turn.
#[derive(Debug)]
pub(super) struct Observer {
    random: Random,
    unreadable_share: f64,
    repeated_share: f64,
    reading: MetricsReading,
}

impl Observer {
    pub(super) fn new(environment: &Environment) -> Self {
        Self {
            random: Random::new(environment.seed),
            unreadable_share: environment.unreadable_share,
            repeated_share: environment.repeated_share,
            reading: MetricsReading::new(),
        }
    }

    /// The rows of all pools; those of the turn before, or errors in their place, when it is time for a mishap.
    pub(super) fn read(&mut self, pools: &[PoolRun], now_seconds: f64) -> &MetricsReading {
        let mishap = self.random.uniform();
        if mishap < self.repeated_share && !self.reading.is_empty() {
            return &self.reading;
        }
        let unreadable = (self.repeated_share..self.repeated_share + self.unreadable_share).contains(&mishap);
        self.reading.clear();
        for row in pools.iter().flat_map(|pool| pool.rows(now_seconds)) {
            let key = format_args!("{}:{}", row.connection, row.queue).to_string();
            self.reading.push(if unreadable {
                Err(InvalidMetrics::new(key, "depth.pending", "nothing where a whole number was expected"))
            } else {
                Ok(row)
            });
        }
        &self.reading
    }
}
