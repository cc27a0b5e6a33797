//! Cost against wait: the engine's places as a line, the others as points.

use super::chart::{ChartError, short};
use super::palette::{GRID, TEXT, colour, series};
use crate::simulator::judgement::{Summary, geometric_mean};
use crate::simulator::proof::{Contestant, Trial};
use plotters::prelude::*;

const SIZE: (u32, u32) = (1_000, 420);
const LABEL_SIZE: f64 = 13.0;

/// One contestant's mean over the scenarios in which the promise can be kept.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) name: String,
    /// Whether it is one of the engine's.
    pub(super) of_engine: bool,
    /// Worker-seconds ÷ fewest possible, geometric mean.
    pub(super) cost_ratio: f64,
    /// Median and 95th percentile of the wait as shares of the SLA.
    pub(super) p50_of_sla: f64,
    pub(super) p95_of_sla: f64,
}

impl Place {
    pub(super) fn of(contestant: Contestant, trials: &[Trial]) -> Option<Self> {
        let own: Vec<&Trial> = trials.iter().filter(|trial| trial.possible && trial.contestant == contestant).collect();
        if own.is_empty() {
            return None;
        }
        let mean = |figure: fn(&Summary) -> f64| {
            own.iter().map(|trial| figure(&trial.summary)).sum::<f64>() / own.len() as f64
        };
        let (name, of_engine) = match contestant {
            Contestant::Engine { target_wait_percent: Some(percent) } => (format!("{percent} %"), true),
            Contestant::Engine { .. } => ("default".to_owned(), true),
            other => (other.name(), false),
        };
        Some(Self {
            name,
            of_engine,
            cost_ratio: geometric_mean(own.iter().map(|trial| trial.summary.cost_ratio())),
            p50_of_sla: mean(|summary| summary.p50_of_sla),
            p95_of_sla: mean(|summary| summary.p95_of_sla),
        })
    }
}

/// Draws the places; the wait is the figure that `wait` picks, in percent of the SLA.
pub(super) fn draw(places: &[Place], wait: fn(&Place) -> f64) -> Result<String, ChartError> {
    let mut svg = String::new();
    draw_into(&mut svg, places, wait).map_err(|error| ChartError(error.to_string()))?;
    Ok(colour(&svg))
}

fn draw_into(svg: &mut String, places: &[Place], wait: fn(&Place) -> f64) -> Result<(), Box<dyn std::error::Error>> {
    // Beyond this cost the rest of the chart would be empty.
    const HIGHEST_COST: f64 = 2.6;
    let shown: Vec<&Place> = places.iter().filter(|place| place.cost_ratio <= HIGHEST_COST).collect();
    let percent = |place: &Place| 100.0 * wait(place);
    let longest = shown.iter().map(|place| percent(place)).fold(1.0, f64::max) * 1.1;
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    let mut chart =
        super::chart::frame(&root).x_label_area_size(44).build_cartesian_2d(0.0..longest, 1.0..HIGHEST_COST)?;
    let label = TextStyle::from(("sans-serif", LABEL_SIZE).into_font()).color(&TEXT.0);
    chart
        .configure_mesh()
        .bold_line_style(GRID.0)
        .light_line_style(TRANSPARENT)
        .axis_style(GRID.0)
        .x_labels(8)
        .y_labels(8)
        .x_desc("wait, in % of the SLA")
        .axis_desc_style(label.clone())
        .x_label_style(label.clone())
        .y_label_style(label.clone())
        .x_label_formatter(&|value| format!("{} %", short(*value)))
        .y_label_formatter(&|value| format!("{value:.1}x"))
        .draw()?;
    let mut line: Vec<(f64, f64)> =
        shown.iter().filter(|place| place.of_engine).map(|place| (percent(place), place.cost_ratio)).collect();
    line.sort_by(|one, other| one.0.total_cmp(&other.0));
    chart.draw_series(LineSeries::new(line, series(0).stroke_width(2)))?;
    for place in &shown {
        let colour = if place.of_engine { series(0) } else { series(1) };
        chart.draw_series(std::iter::once(Circle::new((percent(place), place.cost_ratio), 5, colour.filled())))?;
    }
    let near = (longest * NEAR_SHARE, (HIGHEST_COST - 1.0) * NEAR_SHARE);
    for (at, names) in labels(&shown, percent, near) {
        chart.draw_series(std::iter::once(EmptyElement::at(at) + Text::new(names, (9, -14), label.clone())))?;
    }
    root.present()?;
    Ok(())
}

/// Points closer than this share of the chart share one label, as two would lie on top of each other.
const NEAR_SHARE: f64 = 0.06;

/// One label for all points that are near each other, at the first of them.
fn labels(places: &[&Place], wait: impl Fn(&Place) -> f64, near: (f64, f64)) -> Vec<((f64, f64), String)> {
    let mut labels: Vec<((f64, f64), String)> = Vec::new();
    for place in places {
        let at = (wait(place), place.cost_ratio);
        let close =
            labels.iter_mut().find(|(other, _)| (other.0 - at.0).abs() < near.0 && (other.1 - at.1).abs() < near.1);
        match close {
            Some((_, names)) => {
                names.push_str(", ");
                names.push_str(&place.name);
            }
            None => labels.push((at, place.name.clone())),
        }
    }
    labels
}
