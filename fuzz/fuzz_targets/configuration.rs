//! Any JSON is refused with what is wrong, or is a configuration that holds what it promises.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use queue_autoscale::config::{Configuration, PoolId, PoolSettings};
use queue_autoscale_fuzz::mutate_json;
use serde_json::Value;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate_json(data, size, max_size, seed) });

fuzz_target!(|text: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(text) else { return };
    match Configuration::from_json(&value) {
        Err(refused) => {
            assert!(!refused.errors.is_empty(), "refused without a reason");
            assert!(refused.errors.iter().all(|error| !error.trim().is_empty()), "an error says nothing");
        }
        Ok(configuration) => {
            let pools = pools(&configuration);
            pools.iter().for_each(|pool| check(&configuration.pool_settings(pool)));
            assert!(configuration.interval_seconds.is_finite() && configuration.interval_seconds > 0.0);
            said_again_means_the_same(&configuration, &pools);
        }
    }
});

/// Those that are named, and some that match patterns or nothing.
fn pools(configuration: &Configuration) -> Vec<PoolId> {
    let mut pools = configuration.pools();
    pools.extend(["emails", "tenant-1", "a", "high,low"].map(|queue| PoolId::new("redis", queue)));
    pools
}

fn check(settings: &PoolSettings) {
    assert!(settings.min_workers <= settings.max_workers);
    assert!(settings.max_workers > 0);
    assert!(settings.weight.is_finite() && settings.weight > 0.0);
    let promised_seconds = settings.sla.max_pickup_time_seconds;
    assert!(promised_seconds.is_finite() && promised_seconds > 0.0);
    assert!(settings.sla.percentile > 0.0 && settings.sla.percentile <= 100.0);
}

fn said_again_means_the_same(configuration: &Configuration, pools: &[PoolId]) {
    let said = serde_json::to_value(configuration).expect("a configuration is JSON");
    let again = Configuration::from_json(&said).unwrap_or_else(|refused| panic!("{refused} in {said}"));
    assert_eq!(again.pools(), configuration.pools());
    for pool in pools {
        assert_eq!(again.pool_settings(pool), configuration.pool_settings(pool), "{pool} of {said}");
    }
}
