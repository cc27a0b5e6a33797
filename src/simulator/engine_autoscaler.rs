//! The engine of production as one of those to compare.

use super::autoscaler::{Autoscaler, Sight};
use crate::config::{Configuration, PoolId};
use crate::engine::{ScalingEngine, Turn};
use std::collections::HashMap;
use std::sync::Arc;

/// The very engine that runs in production.
#[derive(Debug)]
pub struct EngineAutoscaler {
    engine: ScalingEngine,
    places: HashMap<PoolId, usize>,
}

impl EngineAutoscaler {
    /// The engine under the configuration of `pools`, given in the scenario's order.
    pub fn new(configuration: Arc<Configuration>, pools: impl IntoIterator<Item = PoolId>) -> Self {
        let places = pools.into_iter().enumerate().map(|(place, pool)| (pool, place)).collect();
        Self { engine: ScalingEngine::new(configuration), places }
    }
}

impl Autoscaler for EngineAutoscaler {
    fn decide(&mut self, sight: &Sight<'_>, targets: &mut [u32]) {
        let turn =
            Turn { now_seconds: sight.now_seconds, metrics: sight.metrics, workers: sight.workers, host: sight.host };
        for decision in self.engine.evaluate(turn).decisions {
            if let Some(place) = self.places.get(&decision.pool) {
                targets[*place] = decision.target_workers;
            }
        }
    }
}
