//! Runs as a page to look at: one self-contained HTML file, charts included, in light and dark.

mod chart;
mod frontier;
mod html;
mod palette;
mod picture;
mod pool_charts;
mod proof_page;
mod run_page;

pub use chart::ChartError;
pub use proof_page::{ProofSection, frontier_picture, proof_page};
pub use run_page::{Run, run_page};
