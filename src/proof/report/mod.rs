//! The page of the whole comparison, and its picture.

mod frontier;
mod picture;
mod proof_page;

pub use proof_page::{ProofSection, frontier_picture, proof_page};

use crate::simulator::report::{chart, html, palette, run_page};
