//! One chart over time as an SVG picture.

use super::palette::{GRID, LIMIT, TEXT, colour};
use plotters::prelude::*;
use std::ops::Range;

/// Size of a chart's own coordinates; the page stretches it to the room that it has.
const SIZE: (u32, u32) = (1_000, 230);
const LABEL_SIZE: f64 = 15.0;
/// Room above the highest value, as a share of it.
const HEADROOM: f64 = 1.08;

/// A chart that could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("cannot draw the chart: {0}")]
pub struct ChartError(pub String);

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Line,
    /// A line that keeps each value until the next point.
    Steps,
    /// A filled line.
    Area,
    /// Filled steps.
    Bars,
}

/// Values over time.
pub(super) struct Series {
    pub(super) points: Vec<(f64, f64)>,
    pub(super) colour: RGBColor,
    pub(super) look: Look,
}

/// A chart of several series over the same time.
pub(super) struct TimeChart {
    pub(super) seconds: f64,
    pub(super) series: Vec<Series>,
    /// A value not to be exceeded.
    pub(super) limit: Option<f64>,
    /// What the values are counted in.
    pub(super) unit: &'static str,
}

impl TimeChart {
    /// The picture, its colours variables of the page's style.
    pub(super) fn draw(&self) -> Result<String, ChartError> {
        let mut svg = String::new();
        self.draw_into(&mut svg).map_err(|error| ChartError(error.to_string()))?;
        Ok(colour(&svg))
    }

    fn draw_into(&self, svg: &mut String) -> Result<(), Box<dyn std::error::Error>> {
        let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
        let time = TimeUnit::of(self.seconds);
        let (columns, rows) = (0.0..time.of_seconds(self.seconds.max(1.0)), 0.0..self.highest());
        let mut chart = frame(&root).build_cartesian_2d(columns, rows)?;
        let label = TextStyle::from(("sans-serif", LABEL_SIZE).into_font()).color(&TEXT.0);
        let unit = self.unit;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(GRID.0)
            .light_line_style(TRANSPARENT)
            .axis_style(GRID.0)
            .y_labels(self.y_labels())
            .x_labels(9)
            .x_label_style(label.clone())
            .y_label_style(label)
            .x_label_formatter(&|at| format!("{} {}", short(*at), time.name))
            .y_label_formatter(&|value| format!("{} {unit}", short(*value)))
            .draw()?;
        for series in &self.series {
            let points = match series.look {
                Look::Line | Look::Area => series.points.clone(),
                Look::Steps | Look::Bars => stepped(&series.points, self.seconds),
            };
            let points = points.into_iter().map(|(at, value)| (time.of_seconds(at), value));
            match series.look {
                Look::Area | Look::Bars => {
                    chart.draw_series(AreaSeries::new(points, 0.0, series.colour.mix(0.28)))?;
                }
                Look::Line | Look::Steps => {
                    chart.draw_series(LineSeries::new(points, series.colour.stroke_width(2)))?;
                }
            }
        }
        if let Some(limit) = self.limit {
            let ends = [(0.0, limit), (time.of_seconds(self.seconds), limit)];
            chart.draw_series(DashedLineSeries::new(ends, 8, 5, LIMIT.0.stroke_width(2)))?;
        }
        root.present()?;
        Ok(())
    }

    /// Whole numbers have no labels between them.
    fn y_labels(&self) -> usize {
        const MOST: usize = 5;
        if self.unit.is_empty() { (self.highest() as usize + 1).min(MOST) } else { MOST }
    }

    fn highest(&self) -> f64 {
        let values = self.series.iter().flat_map(|series| series.points.iter().map(|point| point.1));
        let highest = values.filter(|value| value.is_finite()).fold(self.limit.unwrap_or(0.0), f64::max);
        if highest > 0.0 { highest * HEADROOM } else { 1.0 }
    }
}

/// Each value until the next one, and the last until the end.
fn stepped(points: &[(f64, f64)], end_seconds: f64) -> Vec<(f64, f64)> {
    let until = points.iter().skip(1).map(|next| next.0).chain(std::iter::once(end_seconds));
    points.iter().zip(until).flat_map(|(&(at, value), until)| [(at, value), (until.max(at), value)]).collect()
}

/// A chart's margins. Half of the last label stands to the right of the last instant.
pub fn frame<'a, 'b>(
    root: &'a DrawingArea<SVGBackend<'b>, plotters::coord::Shift>,
) -> ChartBuilder<'a, 'b, SVGBackend<'b>> {
    let mut builder = ChartBuilder::on(root);
    builder.margin(6).margin_right(32).x_label_area_size(26).y_label_area_size(74);
    builder
}

/// What instants are written in.
struct TimeUnit {
    name: &'static str,
    seconds: f64,
}

impl TimeUnit {
    /// For a run of that length.
    fn of(seconds: f64) -> Self {
        const MINUTE_SECONDS: f64 = 60.0;
        const HOUR_SECONDS: f64 = 3_600.0;
        // Small numbers tell little apart, so an hour or two are written in minutes, and a minute or two in seconds.
        if seconds > 3.0 * HOUR_SECONDS {
            Self { name: "h", seconds: HOUR_SECONDS }
        } else if seconds > 3.0 * MINUTE_SECONDS {
            Self { name: "min", seconds: MINUTE_SECONDS }
        } else {
            Self { name: "s", seconds: 1.0 }
        }
    }

    fn of_seconds(&self, seconds: f64) -> f64 {
        seconds / self.seconds
    }
}

/// A number with as many digits as one reads.
pub fn short(value: f64) -> String {
    const THOUSAND: f64 = 1_000.0;
    if value >= 10.0 * THOUSAND {
        format!("{:.0}k", value / THOUSAND)
    } else if value >= 10.0 || value.fract() == 0.0 {
        format!("{value:.0}")
    } else if value < 1.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.1}")
    }
}

/// The part of a range that a value lies in, one of `parts`.
pub(super) fn part_of(value: f64, range: Range<f64>, parts: usize) -> usize {
    let share = (value - range.start) / (range.end - range.start).max(f64::MIN_POSITIVE);
    ((share * parts as f64) as usize).min(parts.saturating_sub(1))
}
