//! Real traffic: what a manager recorded, and lists of arrivals.

mod arrival_curve;
mod arrivals_csv;
mod error;
mod real;
mod recording;
mod replay;
mod turn;

pub use arrivals_csv::read_arrivals;
pub use error::RecordingError;
pub use real::{RealPool, RealTurn};
pub use recording::Recording;
pub use replay::Replay;
pub use turn::{RecordedTurn, RecordedWorkers};
