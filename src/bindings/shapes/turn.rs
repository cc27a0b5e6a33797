//! One turn's numbers on their way in.

use super::HostCapacityShape;
use crate::bindings::pool_workers_row::PoolWorkersRow;
use crate::engine::PoolWorkers;
use crate::metrics::{MetricsReading, read_row};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
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
    Ok(Vec::<PoolWorkersRow>::deserialize(deserializer)?.into_iter().map(PoolWorkers::from).collect())
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
