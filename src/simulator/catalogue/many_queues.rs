//! Many queues on a small host.

use super::entry::Entry;
use super::shapes::{HOUR_SECONDS, steady};
use crate::scenario::Host;
use crate::traffic::{Pattern, Recipe, ServiceTime};

/// Twelve queues of different size and shape on a host with CPU for little more than their highest load.
pub(super) fn many_queues(name: &'static str, volume: f64, service: ServiceTime) -> Entry {
    const QUEUES: u32 = 12;
    const GIBIBYTE: u64 = 1 << 30;
    let recipes = (0..QUEUES).map(|number| {
        let rate_per_second = volume * (0.2 + 0.4 * f64::from(number));
        let pattern = match number % 3 {
            0 => steady(rate_per_second),
            1 => Pattern::Steps { steps: vec![(240.0, rate_per_second * 1.6), (240.0, rate_per_second * 0.4)] },
            _ => Pattern::Diurnal {
                low_per_second: 0.0,
                high_per_second: 2.0 * rate_per_second,
                day_seconds: HOUR_SECONDS,
            },
        };
        Recipe::new(HOUR_SECONDS, pattern, service)
    });
    let host = Host {
        cpu_limit_cores: 8.0,
        memory_limit_bytes: 4 * GIBIBYTE,
        others_cpu_cores: 0.2,
        others_memory_bytes: GIBIBYTE,
    };
    Entry::several(name, recipes, host)
}
