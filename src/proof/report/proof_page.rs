//! The page of all scenarios: where the engine stands, and next to whom.

use super::chart::ChartError;
use super::frontier::{self, Place};
use super::html::Page;
use super::palette::series_variable;
use super::picture;
use super::run_page::{HEADS, REMARK, cells};
use crate::Trial;
use crate::simulator::judgement::{LATE_SHARE_ALLOWED, Summary, geometric_mean};
use crate::simulator::peers::Contestant;

/// One set of scenarios.
#[derive(Clone, Debug)]
pub struct ProofSection<'a> {
    /// What the set is called, and the condition it was run in.
    pub name: String,
    /// Everybody's trials, the engine's at several places of the frontier included.
    pub trials: &'a [Trial],
    /// Who took part, in the order of the table.
    pub contestants: &'a [Contestant],
}

/// The page: for each set the frontier, everybody's means, and the engine scenario by scenario.
///
/// # Errors
///
/// Where a chart cannot be drawn.
pub fn proof_page(sections: &[ProofSection<'_>]) -> Result<String, ChartError> {
    let lead = "Cost and waiting of several ways to scale queue workers, simulated on the same traffic. Costs are worker-seconds \
                over the fewest with which anybody, knowing the future, could have kept the promise.";
    let mut page = Page::new("Queue Autoscale against others", lead);
    for section in sections {
        page.heading(&section.name);
        draw_frontier(&mut page, section)?;
        page.table(
            &[
                "",
                "promise kept",
                "of the fewest",
                "worst",
                "p50 / SLA",
                "p95 / SLA",
                "in jobs",
                "changes/h",
                "reversals/h",
            ],
            &section.contestants.iter().map(|contestant| means(*contestant, section.trials)).collect::<Vec<_>>(),
        );
        let own = section.trials.iter().filter(|trial| trial.contestant == Contestant::ENGINE);
        let rows: Vec<Vec<String>> = own.map(|trial| cells(trial.scenario, &trial.summary, trial.possible)).collect();
        page.table(&HEADS, &rows);
        page.remark(REMARK);
    }
    Ok(page.finish())
}

/// The frontier of one set as a picture of its own, cost against median wait.
///
/// # Errors
///
/// Where the chart cannot be drawn.
pub fn frontier_picture(section: &ProofSection<'_>) -> Result<String, ChartError> {
    let keys = ["Queue Autoscale, its target_wait_percent beside each point", "others"];
    let svg = frontier::draw(&places(section), |place| place.p50_of_sla)?;
    let keys: Vec<(&str, String)> = keys.iter().enumerate().map(|(run, key)| (*key, series_variable(run))).collect();
    let title = "Worker-seconds over the fewest possible, against the median wait";
    Ok(picture::standing_alone(&svg, frontier::SIZE, title, &keys))
}

fn places(section: &ProofSection<'_>) -> Vec<Place> {
    section.contestants.iter().filter_map(|contestant| Place::of(*contestant, section.trials)).collect()
}

fn draw_frontier(page: &mut Page, section: &ProofSection<'_>) -> Result<(), ChartError> {
    let places = places(section);
    let legend = [
        ("Queue Autoscale at several target_wait_percent".to_owned(), series_variable(0)),
        ("others".to_owned(), series_variable(1)),
    ];
    let remark = "Means over the scenarios where the promise can be kept; lower and further left is better.";
    page.chart("Cost against median wait", remark, &legend, &frontier::draw(&places, |place| place.p50_of_sla)?);
    let svg = frontier::draw(&places, |place| place.p95_of_sla)?;
    page.chart("Cost against the wait of the slowest 5 %", remark, &legend, &svg);
    Ok(())
}

fn means(contestant: Contestant, trials: &[Trial]) -> Vec<String> {
    let own: Vec<&Trial> = trials.iter().filter(|trial| trial.possible && trial.contestant == contestant).collect();
    let kept = own.iter().filter(|trial| trial.summary.within_sla >= 1.0 - LATE_SHARE_ALLOWED).count();
    let count = own.len().max(1) as f64;
    let mean = |figure: fn(&Summary) -> f64| own.iter().map(|trial| figure(&trial.summary)).sum::<f64>() / count;
    let ratios = || own.iter().map(|trial| trial.summary.cost_ratio());
    vec![
        contestant.name(),
        format!("{}{kept} of {}", if kept == own.len() { "+" } else { "-" }, own.len()),
        format!("{:.2}x", geometric_mean(ratios())),
        format!("{:.2}x", ratios().fold(0.0, f64::max)),
        format!("{:.0} %", 100.0 * mean(|summary| summary.p50_of_sla)),
        format!("{:.0} %", 100.0 * mean(|summary| summary.p95_of_sla)),
        format!("{:.0} %", 100.0 * mean(|summary| summary.utilisation)),
        format!("{:.0}", mean(|summary| summary.actions_per_hour)),
        format!("{:.0}", mean(|summary| summary.reversals_per_hour)),
    ]
}
