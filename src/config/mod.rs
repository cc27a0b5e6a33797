//! What a user may set: SLA, prediction, limits, workers; their defaults and their validation.

mod pool_id;
mod settings;
mod worker_options;

pub use pool_id::PoolId;
pub use settings::{Limits, PoolSettings, Prediction, Sla};
pub use worker_options::WorkerOptions;
