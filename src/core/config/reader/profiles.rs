//! Ready-made settings by name, that a queue can take and adjust.

use super::nearest::suggestion;
use super::pool::{PROFILE_KEYS, check_bounds, read_parts, read_promise};
use super::report::Report;
use super::section::Section;
use crate::config::PoolSettings;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The profiles that ship, in the words of the configuration:
///
/// - `critical`: somebody is waiting (payments, password mails). A short promise for nearly every job, one worker always
///   there, little wait in exchange for more cost, and the largest share when the host is full.
/// - `balanced`: the defaults by name.
/// - `bursty`: much at once, then nothing (imports, campaigns). Nothing kept running, many workers allowed, and a short
///   memory, so that the last burst does not colour the next silence.
/// - `background`: nobody is waiting (reports, clean-up). A long promise, cheap, and the first to give way.
fn shipped() -> BTreeMap<&'static str, Value> {
    BTreeMap::from([
        (
            "critical",
            json!({
                "max_pickup_time_seconds": 10, "percentile": 99, "target_wait_percent": 5,
                "min_workers": 1, "max_workers": 20, "weight": 4,
            }),
        ),
        (
            "balanced",
            json!({
                "max_pickup_time_seconds": 30, "percentile": 95, "target_wait_percent": 20,
                "min_workers": 0, "max_workers": 10, "weight": 1,
            }),
        ),
        (
            "bursty",
            json!({
                "max_pickup_time_seconds": 60, "percentile": 95, "target_wait_percent": 20,
                "min_workers": 0, "max_workers": 30, "weight": 1,
                "prediction": {"trend_window_seconds": 120},
            }),
        ),
        (
            "background",
            json!({
                "max_pickup_time_seconds": 300, "percentile": 90, "target_wait_percent": 50,
                "min_workers": 0, "max_workers": 5, "weight": 0.25,
            }),
        ),
    ])
}

/// Shipped and own profiles.
pub(super) struct Profiles<'value> {
    shipped: BTreeMap<&'static str, Value>,
    own: Section<'value>,
}

impl<'value> Profiles<'value> {
    /// Reads the section `profiles`: each entry adjusts the shipped profile of its name, or is a new one.
    pub(super) fn read(own: Section<'value>, base: &PoolSettings, report: &mut Report) -> Self {
        let profiles = Self { shipped: shipped(), own };
        for (name, value) in profiles.own.entries() {
            let mut settings = base.clone();
            let section = Section::open(profiles.own.path_of(name), Some(value), report).only(&PROFILE_KEYS, report);
            profiles.apply_shipped(name, &mut settings);
            apply(&section, &mut settings, report);
            // With one bound alone, it is for those who take the profile to check it against the other.
            if section.given("min_workers").is_some() && section.given("max_workers").is_some() {
                check_bounds(&section, &settings, report);
            }
        }
        profiles
    }

    /// Applies the profile that `section` asks for, if any.
    pub(super) fn apply(&self, section: &Section<'_>, settings: &mut PoolSettings, report: &mut Report) {
        let Some(name) = section.text("profile", report) else {
            return;
        };
        let own = self.own.given(name);
        if own.is_none() && !self.shipped.contains_key(name) {
            let names: Vec<&str> =
                self.shipped.keys().copied().chain(self.own.entries().map(|(name, _)| name)).collect();
            let problem = format!("\"{name}\" is not a profile; {}", suggestion(name, &names));
            report.error(&section.path_of("profile"), problem);
            return;
        }
        self.apply_shipped(name, settings);
        // What is wrong with a profile was said when the section was read.
        apply(&Section::open("", own, &mut Report::default()), settings, &mut Report::default());
    }

    fn apply_shipped(&self, name: &str, settings: &mut PoolSettings) {
        let section = Section::open("", self.shipped.get(name), &mut Report::default());
        apply(&section, settings, &mut Report::default());
    }
}

fn apply(section: &Section<'_>, settings: &mut PoolSettings, report: &mut Report) {
    read_promise(section, settings, report);
    read_parts(section, settings, report);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_profile_is_valid() {
        let shipped = Value::Object(shipped().into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
        let mut report = Report::default();
        let section = Section::open("profiles", Some(&shipped), &mut report);
        Profiles::read(section, &PoolSettings::default(), &mut report);
        assert_eq!(report.finish(), Ok(Vec::new()));
    }

    #[test]
    fn balanced_is_the_defaults_by_name() {
        let mut settings = PoolSettings { min_workers: 3, max_workers: 4, ..PoolSettings::default() };
        let profiles =
            Profiles::read(Section::open("profiles", None, &mut Report::default()), &settings, &mut Report::default());
        profiles.apply_shipped("balanced", &mut settings);
        assert_eq!(settings, PoolSettings::default());
    }
}
