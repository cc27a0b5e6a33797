//! Trials as lines of text.

use super::Trial;
use crate::simulator::judgement::{LATE_SHARE_ALLOWED, geometric_mean};
use std::fmt;

/// A table of trials, one a line, and their means. `at most` is the share within the SLA that is possible without a reserve,
/// `ratio` the cost over the clairvoyant bound, `turns` over the bound of those who start workers at turns.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    title: String,
    rows: Vec<(String, &'a Trial)>,
}

impl<'a> Table<'a> {
    /// The trials under the names that `name` gives them.
    pub fn new(
        title: impl Into<String>,
        trials: impl IntoIterator<Item = &'a Trial>,
        name: impl Fn(&Trial) -> String,
    ) -> Self {
        let rows = trials.into_iter().map(|trial| (name(trial), trial)).collect();
        Self { title: title.into(), rows }
    }

    /// Ratios to the bound, of the scenarios where the promise can be kept.
    fn ratios(&self) -> impl Iterator<Item = f64> {
        self.rows.iter().filter(|(_, trial)| trial.possible).map(|(_, trial)| trial.summary.cost_ratio())
    }
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.title)?;
        writeln!(
            formatter,
            "{:<24} {:>7} {:>7} {:>6} {:>6} {:>6} {:>9} {:>6} {:>6} {:>5} {:>6} {:>6}  {:>5} {:>5} {:>5} {:>5} {:>5}",
            "",
            "in SLA",
            "at most",
            "p50",
            "p95",
            "p99",
            "worker-s",
            "ratio",
            "turns",
            "util",
            "act/h",
            "rev/h",
            "under",
            "over",
            "u-ts",
            "o-ts",
            "inst",
        )?;
        for (name, trial) in &self.rows {
            let summary = &trial.summary;
            let elasticity = &summary.elasticity;
            writeln!(
                formatter,
                "{name:<24} {:>6.2}% {:>6.2}% {:>6.1} {:>6.1} {:>6.1} {:>9.0} {:>6.3} {:>6.3} {:>4.0}% {:>6.0} {:>6.0}  {:>5.1} {:>5.1} {:>5.1} {:>5.1} {:>5.1}",
                100.0 * summary.within_sla,
                100.0 * summary.most_within_sla_without_reserve,
                summary.p50_seconds,
                summary.p95_seconds,
                summary.p99_seconds,
                summary.worker_seconds,
                summary.cost_ratio(),
                summary.cost_ratio_at_turns(),
                100.0 * summary.utilisation,
                summary.actions_per_hour,
                summary.reversals_per_hour,
                elasticity.under_accuracy_percent,
                elasticity.over_accuracy_percent,
                elasticity.under_timeshare_percent,
                elasticity.over_timeshare_percent,
                elasticity.instability_percent,
            )?;
        }
        let possible = self.rows.iter().filter(|(_, trial)| trial.possible).count();
        let kept = self
            .rows
            .iter()
            .filter(|(_, trial)| trial.possible && trial.summary.within_sla >= 1.0 - LATE_SHARE_ALLOWED);
        let kept = kept.count();
        let mean = geometric_mean(self.ratios());
        writeln!(formatter, "promise kept in {kept} of {possible}; geometric mean of their ratios {mean:.3}")
    }
}
