//! Runs as a page to look at: one self-contained HTML file, charts included, in light and dark.

pub mod chart;
pub mod html;
pub mod palette;
mod pool_charts;
pub mod run_page;

pub use chart::ChartError;
pub use run_page::{Run, run_page};
