//! What a strategy of the user's wants.

use crate::config::PoolId;
use crate::engine::{PoolForecast, StrategyRecommendation};
use serde::{Deserialize, Deserializer};

/// What stands under a pool's key.
#[derive(Deserialize)]
struct Row {
    workers: u32,
    reason: String,
}

/// Reads the recommendation for the pool of `forecasts` that `key` ("connection:queues") names.
///
/// # Errors
/// A sentence with the key: no such pool, no whole number of workers, no reason.
pub(in crate::bindings) fn read_recommendation<'a, 'de, D: Deserializer<'de>>(
    forecasts: impl IntoIterator<Item = &'a PoolForecast>,
    key: &str,
    row: D,
) -> Result<StrategyRecommendation, String> {
    let mut known = forecasts.into_iter().map(|forecast| &forecast.inputs.pool);
    let pool = known
        .find(|pool| is_key_of(key, pool))
        .ok_or_else(|| format!("{key}: no pool of this turn; use the keys of forecasts()"))?;
    let row = Row::deserialize(row).map_err(|error| format!("{key}: {error}"))?;
    Ok(StrategyRecommendation { pool: pool.clone(), workers: row.workers, reason: row.reason })
}

/// Whether `key` is `pool` displayed.
fn is_key_of(key: &str, pool: &PoolId) -> bool {
    let queues = key.strip_prefix(&*pool.connection).and_then(|rest| rest.strip_prefix(':'));
    queues == Some(&*pool.queues)
}
