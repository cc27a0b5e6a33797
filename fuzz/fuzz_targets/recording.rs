//! Any bytes in place of a recording are refused with the line, or can be replayed.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use queue_autoscale::config::Configuration;
use queue_autoscale::simulator::recorded::{Recording, Replay};
use queue_autoscale_fuzz::mutate_json;
use serde_json::json;
use std::sync::LazyLock;

static CONFIGURATION: LazyLock<Configuration> =
    LazyLock::new(|| Configuration::from_json(&json!({"connection": "redis"})).expect("a configuration that is right"));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate_json(data, size, max_size, seed) });

fuzz_target!(|text: &[u8]| match Recording::read(text) {
    Err(refused) => assert!(!refused.to_string().is_empty()),
    Ok(recording) => {
        assert!(recording.seconds().is_finite() && recording.seconds() >= 0.0);
        let Ok(replay) = Replay::of(&recording, &CONFIGURATION, 1) else { return };
        for pool in &replay.real {
            let workers = pool.mean_workers();
            assert!(workers.is_finite() && workers >= 0.0);
        }
    }
});
