//! A chart as a picture of its own: an SVG file that brings its colours, in light and dark.

use super::palette::STYLE;
use std::fmt::Write;

const TITLE_HEIGHT: u32 = 34;
const KEY_HEIGHT: u32 = 22;
const LEFT: u32 = 16;

/// The chart of that size under its title and above its keys, names and colours.
pub(super) fn standing_alone(chart: &str, (width, height): (u32, u32), title: &str, keys: &[(&str, String)]) -> String {
    let whole_height = TITLE_HEIGHT + height + KEY_HEIGHT * keys.len() as u32 + KEY_HEIGHT / 2;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {whole_height}\" font-family=\"sans-serif\">\n\
         <style>{STYLE}</style>\n\
         <rect width=\"{width}\" height=\"{whole_height}\" rx=\"10\" fill=\"var(--card)\"/>\n\
         <text x=\"{LEFT}\" y=\"24\" font-size=\"16\" font-weight=\"600\" fill=\"var(--text)\">{title}</text>\n\
         <g transform=\"translate(0 {TITLE_HEIGHT})\">{chart}</g>\n"
    );
    for (place, (name, colour)) in keys.iter().enumerate() {
        let y = TITLE_HEIGHT + height + KEY_HEIGHT * place as u32 + KEY_HEIGHT / 2;
        // Writing to a string cannot fail.
        let _ = writeln!(
            svg,
            "<circle cx=\"{}\" cy=\"{y}\" r=\"5\" fill=\"{colour}\"/>\
             <text x=\"{}\" y=\"{}\" font-size=\"13\" fill=\"var(--muted)\">{name}</text>",
            LEFT + 5,
            LEFT + 18,
            y + 5
        );
    }
    svg.push_str("</svg>\n");
    svg
}
