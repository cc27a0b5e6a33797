//! The configuration as the array that a user could have written, with everything filled in.

use super::{ClusterSettings, Configuration, KubernetesSettings, Limits, PoolSettings, Prediction, WorkerOptions};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Value, json};

const BYTES_PER_MEGABYTE: u64 = 1024 * 1024;

impl Serialize for PoolSettings {
    /// The keys of a queue in the configuration.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in promise(self) {
            map.serialize_entry(key, &value)?;
        }
        map.serialize_entry("strategy", &self.strategy)?;
        map.serialize_entry("deployment", &self.deployment)?;
        map.serialize_entry("prediction", &prediction(&self.prediction))?;
        map.serialize_entry("limits", &worker_limits(self))?;
        map.serialize_entry("workers", &workers(&self.workers))?;
        map.end()
    }
}

impl Serialize for Configuration {
    /// The keys of the configuration itself.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let defaults: serde_json::Map<String, Value> =
            promise(&self.defaults).into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("enabled", &self.enabled)?;
        map.serialize_entry("connection", &self.default_connection)?;
        map.serialize_entry("backend", &self.backend.to_string())?;
        map.serialize_entry("kubernetes", &kubernetes(&self.kubernetes))?;
        map.serialize_entry("defaults", &defaults)?;
        map.serialize_entry("queues", &Queues(self))?;
        map.serialize_entry("groups", &Groups(self))?;
        map.serialize_entry("excluded", &self.excluded.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        map.serialize_entry("prediction", &prediction(&self.defaults.prediction))?;
        map.serialize_entry("limits", &limits(&self.limits, &self.defaults))?;
        map.serialize_entry("workers", &workers(&self.defaults.workers))?;
        map.serialize_entry("strategy", &self.defaults.strategy)?;
        map.serialize_entry("cluster", &cluster(&self.cluster))?;
        map.serialize_entry("manager", &json!({"interval_seconds": self.interval_seconds}))?;
        map.end()
    }
}

struct Queues<'a>(&'a Configuration);

impl Serialize for Queues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.overrides.iter().map(|entry| (entry.pattern.to_string(), &*entry.settings)))
    }
}

struct Groups<'a>(&'a Configuration);

impl Serialize for Groups<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.groups.iter().map(|group| {
            let mut entry = json!(&*group.settings);
            entry["connection"] = json!(group.connection);
            entry["queues"] = json!(group.queues);
            (&group.name, entry)
        }))
    }
}

fn promise(settings: &PoolSettings) -> [(&'static str, Value); 7] {
    [
        ("max_pickup_time_seconds", json!(settings.sla.max_pickup_time_seconds)),
        ("percentile", json!(settings.sla.percentile)),
        ("target_wait_percent", json!(settings.prediction.target_wait_percent)),
        ("min_workers", json!(settings.min_workers)),
        ("max_workers", json!(settings.max_workers)),
        ("cooldown_seconds", json!(settings.cooldown_seconds)),
        ("weight", json!(settings.weight)),
    ]
}

fn kubernetes(kubernetes: &KubernetesSettings) -> Value {
    json!({
        "namespace": kubernetes.namespace,
        "deployment": kubernetes.deployment,
        "timeout_seconds": kubernetes.timeout_seconds,
        "service_account_path": kubernetes.service_account_path,
    })
}

fn prediction(prediction: &Prediction) -> Value {
    json!({
        "trend_window_seconds": prediction.trend_window_seconds,
        "forecast_horizon_seconds": prediction.forecast_horizon_seconds,
        "breach_threshold": prediction.breach_threshold,
        "default_service_time_seconds": prediction.default_service_time_seconds,
        "default_boot_seconds": prediction.default_boot_seconds,
    })
}

fn cluster(cluster: &ClusterSettings) -> Value {
    json!({
        "enabled": cluster.enabled,
        "lease_seconds": cluster.lease_seconds,
        "host": cluster.host,
        "store": cluster.store,
    })
}

fn worker_limits(settings: &PoolSettings) -> Value {
    json!({
        "worker_cpu_cores": settings.worker_cpu_cores,
        "worker_memory_mb": settings.worker_memory_bytes as f64 / BYTES_PER_MEGABYTE as f64,
    })
}

fn limits(limits: &Limits, settings: &PoolSettings) -> Value {
    let mut all = worker_limits(settings);
    all["max_cpu_percent"] = json!(limits.max_cpu_percent);
    all["max_memory_percent"] = json!(limits.max_memory_percent);
    all["max_total_workers"] = json!(limits.max_total_workers);
    all
}

fn workers(workers: &WorkerOptions) -> Value {
    json!({
        "tries": workers.tries,
        "timeout": workers.timeout_seconds,
        "max_time": workers.max_time_seconds,
        "max_jobs": workers.max_jobs,
        "sleep": workers.sleep_seconds,
        "memory": workers.memory_megabytes,
        "backoff": workers.backoff,
        "shutdown_timeout_seconds": workers.shutdown_timeout_seconds,
        "drain_timeout_seconds": workers.drain_timeout_seconds,
        "php_binary": workers.php_binary,
        "artisan_path": workers.artisan_path,
        "working_directory": (!workers.working_directory.is_empty()).then_some(&workers.working_directory),
        "options": workers.options,
        "environment": workers.environment,
    })
}
