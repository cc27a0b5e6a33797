//! The section `prediction`.

use super::range::Range;
use super::report::Report;
use super::section::Section;
use crate::config::Prediction;

const KEYS: [&str; 5] = [
    "trend_window_seconds",
    "forecast_horizon_seconds",
    "breach_threshold",
    "default_service_time_seconds",
    "default_boot_seconds",
];

/// Changes `prediction` where the section says so.
pub(super) fn read_prediction(section: &Section<'_>, prediction: &mut Prediction, report: &mut Report) {
    let section = section.clone().only(&KEYS, report);
    let above_zero = &Range::SECONDS_ABOVE_ZERO;
    section.number("trend_window_seconds", above_zero, &mut prediction.trend_window_seconds, report);
    section.number("forecast_horizon_seconds", &Range::SECONDS, &mut prediction.forecast_horizon_seconds, report);
    section.number("breach_threshold", &Range::BREACH_THRESHOLD, &mut prediction.breach_threshold, report);
    section.number("default_service_time_seconds", above_zero, &mut prediction.default_service_time_seconds, report);
    section.number("default_boot_seconds", &Range::SECONDS, &mut prediction.default_boot_seconds, report);
}
