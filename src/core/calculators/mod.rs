//! Pure arithmetic, one file a calculator.

mod arrival_history;
mod arrival_rate;
mod backlog_ages;
mod backlog_drain;
mod capacity;
mod completions;
mod erlang;
mod event_rate;
mod littles_law;
mod pickup_sketch;
mod pickup_time;
mod recurrence;
mod service_time;
mod sliding_window;
mod surge;
mod trend;

pub use arrival_history::ArrivalHistory;
pub use arrival_rate::{ArrivalRateEstimator, ArrivalSample, Flow};
pub use backlog_ages::BacklogAges;
pub use backlog_drain::{Backlog, BacklogDrain};
pub use capacity::{Capacity, HostCapacity, Resources};
pub use completions::{CompletionSample, Completions};
pub use erlang::Erlang;
pub use event_rate::{EventRate, RateChange};
pub use littles_law::LittlesLaw;
pub use pickup_sketch::PickupSketch;
pub use pickup_time::{PickupTime, Workload};
pub use recurrence::Recurrence;
pub use service_time::{ServiceSample, ServiceTimeEstimator};
pub use sliding_window::SlidingWindow;
pub use surge::Surge;
pub use trend::{RateForecast, Trend, TrendPredictor};
