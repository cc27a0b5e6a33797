//! Any bytes in place of a list of arrivals are refused with the line, or are traffic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use queue_autoscale::config::Configuration;
use queue_autoscale::simulator::recorded::read_arrivals;
use serde_json::json;
use std::sync::LazyLock;

static CONFIGURATION: LazyLock<Configuration> =
    LazyLock::new(|| Configuration::from_json(&json!({"connection": "redis"})).expect("a configuration that is right"));

fuzz_target!(|text: &[u8]| {
    if let Err(refused) = read_arrivals(text, &CONFIGURATION, 1) {
        assert!(!refused.to_string().is_empty());
    }
});
