//! The keys that defaults, profiles, queues and groups have in common.

use super::backend::read_deployment;
use super::limits::read_worker_limits;
use super::prediction::read_prediction;
use super::profiles::Profiles;
use super::range::Range;
use super::report::Report;
use super::section::Section;
use super::workers::read_workers;
use crate::config::PoolSettings;

/// Keys of `defaults`; the rest of [`PoolSettings`] has its own section at the root.
pub(super) const PROMISE_KEYS: [&str; 8] = [
    "max_pickup_time_seconds",
    "percentile",
    "target_wait_percent",
    "min_workers",
    "max_workers",
    "cooldown_seconds",
    "weight",
    "profile",
];

/// Keys of a profile.
pub(super) const PROFILE_KEYS: [&str; 11] = [
    "max_pickup_time_seconds",
    "percentile",
    "target_wait_percent",
    "min_workers",
    "max_workers",
    "cooldown_seconds",
    "weight",
    "strategy",
    "prediction",
    "limits",
    "workers",
];

/// Keys of a queue.
pub(super) const QUEUE_KEYS: [&str; 13] = [
    "max_pickup_time_seconds",
    "percentile",
    "target_wait_percent",
    "min_workers",
    "max_workers",
    "cooldown_seconds",
    "weight",
    "strategy",
    "prediction",
    "limits",
    "workers",
    "profile",
    "deployment",
];

/// `base` with what a queue or a group says: first its profile, then its own keys.
pub(super) fn read_pool(
    section: &Section<'_>,
    base: &PoolSettings,
    profiles: &Profiles<'_>,
    report: &mut Report,
) -> PoolSettings {
    let mut settings = base.clone();
    profiles.apply(section, &mut settings, report);
    read_promise(section, &mut settings, report);
    read_parts(section, &mut settings, report);
    read_deployment(section, &mut settings, report);
    check_bounds(section, &settings, report);
    settings
}

/// The promise and the bounds.
pub(super) fn read_promise(section: &Section<'_>, settings: &mut PoolSettings, report: &mut Report) {
    let sla = &mut settings.sla;
    section.number("max_pickup_time_seconds", &Range::SECONDS_ABOVE_ZERO, &mut sla.max_pickup_time_seconds, report);
    section.number("percentile", &Range::PERCENTILE, &mut sla.percentile, report);
    let target_wait_percent = &mut settings.prediction.target_wait_percent;
    section.number("target_wait_percent", &Range::TARGET_WAIT_PERCENT, target_wait_percent, report);
    section.count("min_workers", &Range::MIN_WORKERS, &mut settings.min_workers, report);
    section.count("max_workers", &Range::MAX_WORKERS, &mut settings.max_workers, report);
    section.number("cooldown_seconds", &Range::SECONDS, &mut settings.cooldown_seconds, report);
    section.number("weight", &Range::WEIGHT, &mut settings.weight, report);
}

/// What has a section of its own at the root, and may be said anew for a queue, a group or a profile.
pub(super) fn read_parts(section: &Section<'_>, settings: &mut PoolSettings, report: &mut Report) {
    read_prediction(&section.section("prediction", report), &mut settings.prediction, report);
    read_worker_limits(&section.section("limits", report), settings, report);
    read_workers(&section.section("workers", report), &mut settings.workers, report);
    if let Some(strategy) = section.text("strategy", report) {
        settings.strategy = Some(strategy.to_owned());
    }
}

/// Reports bounds that no number of workers can meet, where this section said one of them.
pub(super) fn check_bounds(section: &Section<'_>, settings: &PoolSettings, report: &mut Report) {
    let (min, max) = (settings.min_workers, settings.max_workers);
    if min <= max {
        return;
    }
    if section.given("min_workers").is_some() {
        report.error(
            &section.path_of("min_workers"),
            format!("{min} is more than max_workers ({max}); lower it or raise max_workers"),
        );
    } else if section.given("max_workers").is_some() {
        report.error(
            &section.path_of("max_workers"),
            format!("{max} is less than min_workers ({min}); raise it or lower min_workers"),
        );
    } else if section.given("profile").is_some() {
        report.error(
            &section.path_of("profile"),
            format!("it makes min_workers {min} and max_workers {max}; give one of them here"),
        );
    }
}
