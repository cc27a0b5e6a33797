//! What a user may set: SLA, prediction, limits, workers; their defaults and their validation.

mod backend;
mod configuration;
mod invalid_configuration;
mod pool_id;
mod queue_pattern;
mod reader;
mod serialized;
mod settings;
mod worker_options;

pub use backend::{Backend, KubernetesSettings};
pub use configuration::Configuration;
pub use invalid_configuration::InvalidConfiguration;
pub use pool_id::PoolId;
pub use queue_pattern::QueuePattern;
pub use reader::suggestion;
pub use settings::{ClusterSettings, Limits, PoolSettings, Prediction, Sla};
pub use worker_options::WorkerOptions;
