//! The calculators, for strategies that are written in PHP: namespace `QueueAutoscale\Calculators`.

mod arrival_rate;
mod backlog_drain;
mod capacity;
mod littles_law;
mod pickup_time;
mod trend;

use ext_php_rs::prelude::ModuleBuilder;

/// Adds the classes to the module.
pub(super) fn add_to(module: ModuleBuilder<'_>) -> ModuleBuilder<'_> {
    module
        .class::<littles_law::LittlesLawCalculator>()
        .class::<arrival_rate::ArrivalRateCalculator>()
        .class::<trend::TrendCalculator>()
        .class::<backlog_drain::BacklogDrainCalculator>()
        .class::<pickup_time::PickupTimeCalculator>()
        .class::<capacity::CapacityCalculator>()
}
