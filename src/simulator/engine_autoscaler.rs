//! The engine of production as one of those to compare.

use super::autoscaler::{Autoscaler, Sight};
use crate::config::{Configuration, PoolId};
use crate::engine::ScalingEngine;
use std::collections::HashMap;
use std::sync::Arc;

/// The very engine that runs in production.
#[derive(Debug)]
pub struct EngineAutoscaler {
    engine: ScalingEngine,
    places: HashMap<PoolId, usize>,
    idle_floors: Vec<Option<u32>>,
}

impl EngineAutoscaler {
    /// The engine under the configuration of `pools`, given in the scenario's order.
    pub fn new(configuration: Arc<Configuration>, pools: impl IntoIterator<Item = PoolId>) -> Self {
        let places: HashMap<PoolId, usize> = pools.into_iter().enumerate().map(|(place, pool)| (pool, place)).collect();
        Self { engine: ScalingEngine::new(configuration), idle_floors: vec![None; places.len()], places }
    }
}

impl Autoscaler for EngineAutoscaler {
    fn decide(&mut self, sight: &Sight<'_>, targets: &mut [u32]) {
        for decision in self.engine.evaluate(sight.turn).decisions {
            if let Some(place) = self.places.get(&decision.pool) {
                targets[*place] = decision.target_workers;
                self.idle_floors[*place] = Some(decision.idle_floor_workers);
            }
        }
    }

    fn idle_floor(&self, place: usize) -> Option<u32> {
        self.idle_floors.get(place).copied().flatten()
    }
}
