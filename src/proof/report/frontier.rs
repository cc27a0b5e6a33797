//! Cost against wait: the engine's places as a line, the others as points.

use super::chart::{ChartError, short};
use super::palette::{GRID, TEXT, colour, series};
use crate::Trial;
use crate::simulator::judgement::{LATE_SHARE_ALLOWED, Summary, geometric_mean};
use crate::simulator::peers::Contestant;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

pub(super) const SIZE: (u32, u32) = (1_000, 420);
const LABEL_SIZE: f64 = 15.0;
const POINT_SIZE: i32 = 5;

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
        let kept = own.iter().filter(|trial| trial.summary.within_sla >= 1.0 - LATE_SHARE_ALLOWED).count();
        let (name, of_engine) = match contestant {
            Contestant::Engine { target_wait_percent: Some(percent) } => (format!("{percent} %"), true),
            // Its default is one of the places.
            Contestant::Engine { .. } => return None,
            other if kept < own.len() => (format!("{}: promise kept in {kept} of {}", other.name(), own.len()), false),
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
    // Room for the last point's name.
    let longest = shown.iter().map(|place| percent(place)).fold(1.0, f64::max) * 1.15;
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
    let mut labels = Labels::default();
    for place in &shown {
        let colour = if place.of_engine { series(0) } else { series(1) };
        let at = (percent(place), place.cost_ratio);
        chart.draw_series(std::iter::once(Circle::new(at, POINT_SIZE, colour.filled())))?;
        labels.add(chart.backend_coord(&at), place);
    }
    for Label { name, at, side, .. } in labels.0 {
        root.draw(&Text::new(name, at, label.pos(Pos::new(side, VPos::Top))))?;
    }
    root.present()?;
    Ok(())
}

/// A name, and where it is written.
struct Label {
    name: String,
    of_engine: bool,
    /// The corner at its top.
    at: (i32, i32),
    /// Which of the two: a name left of its point ends there, however wide the reader's font is.
    side: HPos,
}

impl Label {
    fn overlaps(&self, other: &Self) -> bool {
        const SPACE: i32 = 8;
        let (left, right) = self.span();
        let (other_left, other_right) = other.span();
        (self.at.1 - other.at.1).abs() <= LABEL_SIZE as i32
            && left <= other_right + SPACE
            && other_left <= right + SPACE
    }

    fn span(&self) -> (i32, i32) {
        let width = width(&self.name);
        let left = if matches!(self.side, HPos::Right) { self.at.0 - width } else { self.at.0 };
        (left, left + width)
    }
}

/// Names of points, none over another.
#[derive(Default)]
struct Labels(Vec<Label>);

impl Labels {
    /// Names a point: the engine's above their line, others beside. Where there is no room, the name before stands for both.
    fn add(&mut self, point: (i32, i32), place: &Place) {
        const GAP: i32 = 9;
        let half_height = LABEL_SIZE as i32 / 2;
        let beside = point.0 + GAP + width(&place.name) < SIZE.0 as i32;
        let (at, side) = match (place.of_engine, beside) {
            (true, _) => ((point.0 - GAP, point.1 - GAP - 2 * half_height), HPos::Left),
            (false, true) => ((point.0 + GAP, point.1 - half_height), HPos::Left),
            (false, false) => ((point.0 - GAP, point.1 - half_height), HPos::Right),
        };
        let label = Label { name: place.name.clone(), of_engine: place.of_engine, at, side };
        let is_in_its_place = |other: &&mut Label| other.of_engine == label.of_engine && other.overlaps(&label);
        match self.0.iter_mut().find(is_in_its_place) {
            Some(other) => other.name = joined(&other.name, &place.name),
            None => self.0.push(label),
        }
    }
}

/// `30 %` and `50 %` are `30 … 50 %`; variants of one strategy, `NAME, VARIANT: REMARK`, have its name and their remark.
fn joined(name: &str, next: &str) -> String {
    const PERCENT: &str = " %";
    if let (Some(first), true) = (name.strip_suffix(PERCENT), next.ends_with(PERCENT)) {
        let first = first.split(' ').next().unwrap_or(first);
        return format!("{first} … {next}");
    }
    let parts = |label: &str| -> (String, String) {
        let (who, remark) = label.split_once(": ").unwrap_or((label, ""));
        (who.split(", ").next().unwrap_or(who).to_owned(), remark.to_owned())
    };
    let (strategy, remark) = parts(name);
    if parts(next) != (strategy.clone(), remark.clone()) {
        return format!("{name}, {next}");
    }
    if remark.is_empty() { strategy } else { format!("{strategy}: {remark}") }
}

/// About as many pixels as a text takes, in a wide font.
fn width(text: &str) -> i32 {
    (text.chars().count() as f64 * LABEL_SIZE * 0.44) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_one_kind_stand_for_each_other() {
        let place = |name: &str, of_engine, cost_ratio| Place {
            name: name.to_owned(),
            of_engine,
            cost_ratio,
            p50_of_sla: 0.5,
            p95_of_sla: 0.5,
        };
        let svg = |places: &[Place]| draw(places, |place| place.p50_of_sla).unwrap();
        let engine = svg(&[place("50 %", true, 1.1), place("90 %", true, 1.1)]);
        assert!(engine.contains("50 … 90 %"));
        // Names of the engine's places are above them, so this one is beside a dearer point.
        let both = svg(&[place("47 %", true, 1.1), place("backlog", false, 1.168)]);
        assert!(both.contains("backlog\n") && both.contains("47 %\n"));
    }

    #[test]
    fn a_name_without_room_beside_its_point_ends_before_it() {
        let place = |name: &str, wait| Place {
            name: name.to_owned(),
            of_engine: false,
            cost_ratio: 1.0 + wait,
            p50_of_sla: wait,
            p95_of_sla: wait,
        };
        let places = [place("fixed", 0.1), place("KEDA / HPA: promise kept in 1 of 13", 0.8)];
        let svg = draw(&places, |place| place.p50_of_sla).unwrap();
        let text_of = |name: &str| {
            let until = svg.find(name).unwrap();
            &svg[svg[..until].rfind("<text").unwrap()..until]
        };
        assert!(text_of("KEDA").contains("text-anchor=\"end\""));
        assert!(!text_of("fixed").contains("text-anchor=\"end\""));
    }
}
