//! How a pool's `queue:work` processes are run.

use std::collections::BTreeMap;

/// Options of `php artisan queue:work`, and how its processes are ended.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkerOptions {
    /// `--tries`.
    pub tries: u32,
    /// `--timeout`, in seconds; 0 for none.
    pub timeout_seconds: u32,
    /// `--max-time`, in seconds; 0 for none.
    pub max_time_seconds: u32,
    /// `--max-jobs`; 0 for none.
    pub max_jobs: u32,
    /// `--sleep`: pause between two looks at an empty queue, in seconds.
    pub sleep_seconds: f64,
    /// `--memory`, in megabytes.
    pub memory_megabytes: u32,
    /// `--backoff`, seconds before each retry, as Laravel writes it ("3" or "1,5,10").
    pub backoff: String,
    /// From SIGTERM to SIGKILL when the manager shuts down, in seconds.
    pub shutdown_timeout_seconds: f64,
    /// From SIGTERM to SIGKILL when scaling down, in seconds; `None` for `timeout_seconds` plus a margin, and never where
    /// that is 0.
    pub drain_timeout_seconds: Option<f64>,
    /// The PHP binary; the bridge fills in the running one.
    pub php_binary: String,
    /// The artisan script; the bridge fills in the application's.
    pub artisan_path: String,
    /// Directory that workers run in; the bridge fills in the application's base path. Empty for the manager's own.
    pub working_directory: String,
    /// Further arguments of `queue:work`, each one argument as it stands, for example `--force`.
    pub options: Vec<String>,
    /// Environment variables added to the manager's own.
    pub environment: BTreeMap<String, String>,
}

impl Default for WorkerOptions {
    fn default() -> Self {
        Self {
            tries: 3,
            timeout_seconds: 60,
            max_time_seconds: 3600,
            max_jobs: 0,
            sleep_seconds: 1.0,
            memory_megabytes: 128,
            backoff: "0".to_owned(),
            shutdown_timeout_seconds: 30.0,
            drain_timeout_seconds: None,
            php_binary: "php".to_owned(),
            artisan_path: "artisan".to_owned(),
            working_directory: String::new(),
            options: Vec::new(),
            environment: BTreeMap::new(),
        }
    }
}
