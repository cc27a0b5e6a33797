//! The settings of one pool and those of the whole host.

use super::WorkerOptions;

/// The promise: `percentile` % of the jobs are picked up within `max_pickup_time_seconds`.
#[derive(Clone, Debug, PartialEq)]
pub struct Sla {
    /// Longest wait between becoming available and being picked up, in seconds (> 0).
    pub max_pickup_time_seconds: f64,
    /// Share of the jobs that the promise covers, in percent (50 ..= 99.99).
    pub percentile: f64,
}

/// How far ahead and how boldly to look.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// History that the trend is read from, in seconds (> 0).
    pub trend_window_seconds: f64,
    /// How far ahead the arrival rate is forecast, in seconds (>= 0); the engine never looks less far than one turn
    /// plus the time a worker needs to boot.
    pub forecast_horizon_seconds: f64,
    /// Share of the SLA (0 ..= 1] at which a waiting job makes the backlog drain act at the latest.
    pub breach_threshold: f64,
    /// Cost against wait: the share of the SLA's room (SLA less turn less boot), in percent (0 ..= 90), that the mean
    /// wait may fill. Higher is cheaper, lower is quicker.
    pub target_wait_percent: f64,
    /// Mean service time assumed until one can be measured, in seconds (> 0).
    pub default_service_time_seconds: f64,
    /// Time from spawning a worker to its first job, assumed until one can be measured, in seconds (>= 0).
    pub default_boot_seconds: f64,
}

/// Everything the engine and the supervisor must know of one pool: defaults, profile and overrides already merged.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolSettings {
    /// The promise to keep.
    pub sla: Sla,
    /// Fewest workers, whatever the load.
    pub min_workers: u32,
    /// Most workers, whatever the load (>= `min_workers`).
    pub max_workers: u32,
    /// Least time between two changes in the same pool's downward direction, in seconds; 0 leaves it to stabilisation.
    pub cooldown_seconds: f64,
    /// Weight in the fair share when the host cannot give everybody what they want (> 0).
    pub weight: f64,
    /// Forecasting.
    pub prediction: Prediction,
    /// CPU that one busy worker is assumed to use until it is measured, in cores.
    pub worker_cpu_cores: f64,
    /// Memory that one worker is assumed to use until it is measured, in bytes.
    pub worker_memory_bytes: u64,
    /// The name of the PHP class that decides instead of the built-in strategy.
    pub strategy: Option<String>,
    /// The Kubernetes Deployment that has its workers; `None` for the one that the template names.
    pub deployment: Option<String>,
    /// How its workers are run.
    pub workers: WorkerOptions,
}

/// What all pools together may take of the host.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Share of the CPU, everything on the host counted, beyond which no worker is added, in percent.
    pub max_cpu_percent: f64,
    /// Share of the memory, everything on the host counted, beyond which no worker is added, in percent.
    pub max_memory_percent: f64,
    /// Most workers over all pools; `None` for no limit but the host's.
    pub max_total_workers: Option<u32>,
}

/// Several hosts that work one application's queues together.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterSettings {
    /// Whether this host's manager is one of several.
    pub enabled: bool,
    /// How long a manager that is silent keeps its place, in seconds (>= 2, and at least two turns).
    pub lease_seconds: u32,
    /// This host's name in the cluster; `None` for the host's own.
    pub host: Option<String>,
    /// The cache store that all hosts share; `None` for the application's default.
    pub store: Option<String>,
}

impl Default for ClusterSettings {
    fn default() -> Self {
        Self { enabled: false, lease_seconds: 15, host: None, store: None }
    }
}

impl Default for Sla {
    fn default() -> Self {
        Self { max_pickup_time_seconds: 30.0, percentile: 95.0 }
    }
}

impl Default for Prediction {
    fn default() -> Self {
        Self {
            trend_window_seconds: 300.0,
            forecast_horizon_seconds: 30.0,
            breach_threshold: 0.8,
            target_wait_percent: 20.0,
            default_service_time_seconds: 1.0,
            default_boot_seconds: 1.5,
        }
    }
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            sla: Sla::default(),
            min_workers: 0,
            max_workers: 10,
            cooldown_seconds: 0.0,
            weight: 1.0,
            prediction: Prediction::default(),
            worker_cpu_cores: 0.25,
            worker_memory_bytes: 64 * 1024 * 1024,
            strategy: None,
            deployment: None,
            workers: WorkerOptions::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_cpu_percent: 85.0, max_memory_percent: 85.0, max_total_workers: None }
    }
}
