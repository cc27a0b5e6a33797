//! What strategies of the user's want.

use crate::config::PoolId;
use crate::engine::{PoolForecast, StrategyRecommendation};
use serde::{Deserialize, Deserializer};
use std::collections::HashMap;

/// What stands under a pool's key.
#[derive(Deserialize)]
struct Row {
    workers: u32,
    reason: String,
}

/// The pools that may be recommended for, by connection and queues.
#[derive(Debug)]
pub(in crate::bindings) struct KnownPools<'a>(HashMap<(&'a str, &'a str), &'a PoolId>);

impl<'a> KnownPools<'a> {
    /// The pools of `forecasts`.
    pub(in crate::bindings) fn of(forecasts: impl Iterator<Item = &'a PoolForecast>) -> Self {
        let pools = forecasts.map(|forecast| &forecast.inputs.pool);
        Self(pools.map(|pool| ((&*pool.connection, &*pool.queues), pool)).collect())
    }

    /// Reads the recommendation for the pool that `key` ("connection:queues") names.
    ///
    /// # Errors
    /// A sentence with the key: no such pool, no whole number of workers, no reason.
    pub(in crate::bindings) fn read<'de, D: Deserializer<'de>>(
        &self,
        key: &str,
        row: D,
    ) -> Result<StrategyRecommendation, String> {
        let pool =
            self.named(key).ok_or_else(|| format!("{key}: no pool of this turn; use the keys of forecasts()"))?;
        let row = Row::deserialize(row).map_err(|error| format!("{key}: {error}"))?;
        Ok(StrategyRecommendation { pool: pool.clone(), workers: row.workers, reason: row.reason })
    }

    /// The pool that is displayed as `key`. Both names may hold colons, so the connection may end at any of them.
    fn named(&self, key: &str) -> Option<&'a PoolId> {
        key.match_indices(':').find_map(|(place, _)| self.0.get(&(&key[..place], &key[place + 1..])).copied())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says so by panicking")]

    use super::*;
    use crate::config::Configuration;
    use crate::engine::{PoolWorkers, ScalingEngine, Turn};
    use serde_json::json;
    use std::sync::Arc;

    #[test]
    fn a_pool_is_found_whichever_of_its_names_holds_colons() {
        let pools = [("redis", "emails"), ("redis:eu", "a:b"), ("redis", "eu:c"), ("sqs", "high,low")]
            .map(|(connection, queues)| PoolId::new(connection, queues));
        let workers = pools.clone().map(PoolWorkers::none);
        let mut engine = ScalingEngine::new(Arc::new(Configuration::default()));
        engine.observe(Turn { now_seconds: 0.0, metrics: &Vec::new(), workers: &workers, host: None });
        let known = KnownPools::of(engine.recommendations());

        let wish = json!({"workers": 3, "reason": "mine"});
        for pool in pools {
            assert_eq!(known.read(&pool.to_string(), &wish).unwrap().pool, pool);
        }
        for key in ["", ":", "redis", "redis:", "redis:email", "emails", "redis:eu:d"] {
            let refused = known.read(key, &wish).unwrap_err();
            assert_eq!(refused, format!("{key}: no pool of this turn; use the keys of forecasts()"));
        }
        let refused = known.read("redis:emails", json!({"workers": -1, "reason": ""})).unwrap_err();
        assert!(refused.starts_with("redis:emails: "), "{refused}");
    }
}
