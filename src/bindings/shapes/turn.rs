//! One turn's numbers on their way in.

use super::HostCapacityShape;
use crate::bindings::pool_workers_row::PoolWorkersRow;
use crate::engine::PoolWorkers;
use crate::metrics::{MetricsReading, read_row};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Everything known at one instant, but the instant itself.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::bindings) struct TurnShape {
    #[serde(deserialize_with = "metrics")]
    pub(in crate::bindings) metrics: MetricsReading,
    #[serde(default, deserialize_with = "workers")]
    pub(in crate::bindings) workers: Vec<PoolWorkers>,
    #[serde(default)]
    pub(in crate::bindings) host: Option<HostCapacityShape>,
}

fn workers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PoolWorkers>, D::Error> {
    deserializer.deserialize_any(WorkersVisitor)
}

fn metrics<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MetricsReading, D::Error> {
    deserializer.deserialize_any(MetricsVisitor)
}

/// Reads row by row, so that a bad one spoils no other.
struct MetricsVisitor;

impl<'de> Visitor<'de> for MetricsVisitor {
    type Value = MetricsReading;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the rows of QueueMetrics by their keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MetricsReading, A::Error> {
        let mut reading = MetricsReading::with_capacity(map.size_hint().unwrap_or_default());
        while let Some((key, row)) = map.next_entry::<String, &'de RawValue>()? {
            reading.push(read_row(&key, &mut serde_json::Deserializer::from_str(row.get())));
        }
        Ok(reading)
    }

    /// Some languages cannot tell an empty map from an empty list, nor one with the keys 0, 1, 2 and so on.
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<MetricsReading, A::Error> {
        let mut reading = MetricsReading::new();
        while let Some(row) = list.next_element::<&'de RawValue>()? {
            let key = reading.len().to_string();
            reading.push(read_row(&key, &mut serde_json::Deserializer::from_str(row.get())));
        }
        Ok(reading)
    }
}

/// Reads pools from a list, or from a map whatever its keys are.
struct WorkersVisitor;

impl<'de> Visitor<'de> for WorkersVisitor {
    type Value = Vec<PoolWorkers>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the pools of a supervisor")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pools = Vec::with_capacity(map.size_hint().unwrap_or_default());
        while let Some((key, row)) = map.next_entry::<String, &'de RawValue>()? {
            pools.push(pool_workers(&key, row)?);
        }
        Ok(pools)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut pools = Vec::new();
        while let Some(row) = list.next_element::<&'de RawValue>()? {
            pools.push(pool_workers(&pools.len().to_string(), row)?);
        }
        Ok(pools)
    }
}

fn pool_workers<E: serde::de::Error>(key: &str, row: &RawValue) -> Result<PoolWorkers, E> {
    let row: Result<PoolWorkersRow<'_>, _> = serde_json::from_str(row.get());
    row.map(PoolWorkers::from).map_err(|error| E::custom(format_args!("workers: {key}: {error}")))
}
