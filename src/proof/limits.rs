//! What no online strategy can surpass, next to what the engine reached.

use crate::config::{InvalidConfiguration, PoolSettings};
use crate::simulator::Environment;
use crate::simulator::catalogue::Entry;
use crate::simulator::judgement::{
    ReversalBound, least_worker_seconds, most_within_sla_after_waits, most_within_sla_without_reserve,
};
use crate::simulator::peers::Contestant;
use std::fmt;

const PERCENT: f64 = 100.0;
const SECONDS_PER_HOUR: f64 = 3_600.0;

/// Scenarios with times when one worker is more than enough, so that cost and reversals stand against each other.
const SELDOM_BUSY: [&str; 3] = ["spike", "periodic", "sparse"];

/// A cost and reversals that one may want together: worker-seconds over the clairvoyant bound, and an hour.
const WANTED_RATIO: f64 = 1.1;
const WANTED_REVERSALS: f64 = 60.0;

/// The limits on a set of scenarios, for the engine with its default settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    surges: Vec<Surge>,
    seldom_busy: Vec<SeldomBusy>,
}

/// Shares of the jobs within the SLA on a scenario where not all can be, 0 ..= 1.
#[derive(Clone, Debug, PartialEq)]
struct Surge {
    scenario: &'static str,
    reached: f64,
    /// Without foresight or reserve.
    at_most: f64,
    /// For whoever lets jobs wait as long as the settings ask for, besides.
    after_waits: f64,
}

/// Costs over the clairvoyant bound, and reversals an hour.
#[derive(Clone, Debug, PartialEq)]
struct SeldomBusy {
    scenario: &'static str,
    ratio: f64,
    reversals: f64,
    /// Fewest reversals at the ratio reached, and at the wanted one.
    fewest: f64,
    fewest_at_wanted_ratio: f64,
    /// Least ratio with the reversals reached, and with the wanted ones.
    least_ratio: f64,
    least_ratio_at_wanted_reversals: f64,
}

impl Limits {
    /// Of the scenarios that set one.
    ///
    /// # Errors
    ///
    /// Where a scenario's settings make no configuration.
    pub fn of(entries: &[Entry], environment: &Environment) -> Result<Self, InvalidConfiguration> {
        let surges = entries.iter().filter(|entry| !entry.possible).map(|entry| Surge::of(entry, environment));
        let seldom_busy = entries.iter().filter(|entry| SELDOM_BUSY.contains(&entry.name));
        let seldom_busy = seldom_busy.map(|entry| SeldomBusy::of(entry, environment));
        Ok(Self { surges: surges.collect::<Result<_, _>>()?, seldom_busy: seldom_busy.collect::<Result<_, _>>()? })
    }
}

impl Surge {
    fn of(entry: &Entry, environment: &Environment) -> Result<Self, InvalidConfiguration> {
        let share_of_room = PoolSettings::default().prediction.target_wait_percent / PERCENT;
        let (mut jobs, mut reached, mut at_most, mut after_waits) = (0.0, 0.0, 0.0, 0.0);
        for scenario in entry.scenarios() {
            let outcome = Contestant::ENGINE.run(&scenario, environment)?;
            let count = scenario.job_count() as f64;
            jobs += count;
            reached += outcome.pools.iter().map(|pool| pool.jobs_within_sla() as f64).sum::<f64>();
            at_most += count * most_within_sla_without_reserve(&scenario, environment);
            after_waits += count * most_within_sla_after_waits(&scenario, environment, share_of_room);
        }
        let share = |sum: f64| sum / f64::max(jobs, 1.0);
        Ok(Self {
            scenario: entry.name,
            reached: share(reached),
            at_most: share(at_most),
            after_waits: share(after_waits),
        })
    }
}

impl SeldomBusy {
    fn of(entry: &Entry, environment: &Environment) -> Result<Self, InvalidConfiguration> {
        let Environment { boot_seconds, turn_seconds, .. } = *environment;
        let (mut hours, mut cost, mut clairvoyant, mut reversals) = (0.0, 0.0, 0.0, 0.0);
        let (mut fewest, mut fewest_at_wanted, mut least, mut least_at_wanted) = (0.0, 0.0, 0.0, 0.0);
        for scenario in entry.scenarios() {
            let outcome = Contestant::ENGINE.run(&scenario, environment)?;
            let run_hours = outcome.seconds / SECONDS_PER_HOUR;
            for (traffic, pool) in scenario.pools.iter().zip(&outcome.pools) {
                let bound = ReversalBound::of(traffic, pool, boot_seconds, turn_seconds);
                let least_seconds = least_worker_seconds(traffic, boot_seconds);
                hours += run_hours;
                cost += pool.worker_seconds;
                clairvoyant += least_seconds;
                reversals += pool.reversals() as f64;
                fewest += bound.fewest_reversals(pool.worker_seconds);
                fewest_at_wanted += bound.fewest_reversals(WANTED_RATIO * least_seconds);
                // Nobody is cheaper than who knows the future, however often that one turns round.
                least += bound.least_worker_seconds(pool.reversals() as f64).max(least_seconds);
                least_at_wanted += bound.least_worker_seconds(WANTED_REVERSALS * run_hours).max(least_seconds);
            }
        }
        Ok(Self {
            scenario: entry.name,
            ratio: cost / clairvoyant,
            reversals: reversals / hours,
            fewest: fewest / hours,
            fewest_at_wanted_ratio: fewest_at_wanted / hours,
            least_ratio: least / clairvoyant,
            least_ratio_at_wanted_reversals: least_at_wanted / clairvoyant,
        })
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "{:<24} {:>7} {:>8} {:>22} {:>15} {:>17}",
            "surges", "in SLA", "at most", "with the wait asked for", "points missing", "for that wait"
        )?;
        for surge in &self.surges {
            writeln!(
                formatter,
                "{:<24} {:>6.2}% {:>7.2}% {:>22.2}% {:>15.2} {:>17.2}",
                surge.scenario,
                PERCENT * surge.reached,
                PERCENT * surge.at_most,
                PERCENT * surge.after_waits,
                PERCENT * (surge.at_most - surge.reached),
                PERCENT * (surge.at_most - surge.after_waits),
            )?;
        }
        writeln!(
            formatter,
            "{:<24} {:>7} {:>8} {:>22} {:>15} {:>17} {:>18}",
            "seldom busy",
            "ratio",
            "rev/h",
            "fewest rev/h at that",
            format!("at {WANTED_RATIO:.2}"),
            "least ratio at that",
            format!("at {WANTED_REVERSALS} rev/h"),
        )?;
        for queue in &self.seldom_busy {
            writeln!(
                formatter,
                "{:<24} {:>7.3} {:>8.0} {:>22.0} {:>15.0} {:>17.3} {:>18.3}",
                queue.scenario,
                queue.ratio,
                queue.reversals,
                queue.fewest,
                queue.fewest_at_wanted_ratio,
                queue.least_ratio,
                queue.least_ratio_at_wanted_reversals,
            )?;
        }
        Ok(())
    }
}
