//! Everything a user configured, ready to be asked.

use super::{Backend, ClusterSettings, KubernetesSettings, Limits, PoolId, PoolSettings, QueuePattern};
use std::collections::HashMap;
use std::sync::Arc;

/// Separates the queues of a group in `--queue=`.
const QUEUE_SEPARATOR: char = ',';

/// Names that `queue:work --queue=` cannot be told: PHP takes both for "not given" and works the default queue instead.
const UNWORKABLE_QUEUES: [&str; 2] = ["", "0"];

/// The whole configuration, validated and with defaults, profiles and overrides merged.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// Whether the manager may start at all.
    pub enabled: bool,
    /// Time between two turns, in seconds (> 0).
    pub interval_seconds: f64,
    /// The connection of every queue that is named without one.
    pub default_connection: String,
    /// Who runs the workers.
    pub backend: Backend,
    /// How a Kubernetes cluster is spoken to, where it runs them.
    pub kubernetes: KubernetesSettings,
    /// What all pools together may take of the host.
    pub limits: Limits,
    /// Whether and how several hosts work together.
    pub cluster: ClusterSettings,
    pub(super) defaults: Arc<PoolSettings>,
    /// For queues that no entry speaks of: the defaults, without their minimum.
    pub(super) discovered: Arc<PoolSettings>,
    /// Most specific first.
    pub(super) overrides: Vec<Override>,
    pub(super) groups: Vec<Group>,
    pub(super) excluded: Vec<QueuePattern>,
    /// Where each queue without wildcard that the configuration names is found.
    pub(super) named: HashMap<PoolId, Named>,
    pub(super) warnings: Vec<String>,
}

/// An entry of `queues`.
#[derive(Clone, Debug)]
pub(super) struct Override {
    /// Full path of its key.
    pub(super) path: String,
    pub(super) pattern: QueuePattern,
    pub(super) settings: Arc<PoolSettings>,
}

/// An entry of `groups`: one set of workers for several queues in priority order.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) connection: String,
    pub(super) queues: Vec<String>,
    pub(super) settings: Arc<PoolSettings>,
}

/// Index of the entry that a queue or a pool is configured by.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named {
    Override(usize),
    Group(usize),
}

impl Group {
    pub(super) fn pool(&self) -> PoolId {
        PoolId::new(self.connection.clone(), self.queues.join(&QUEUE_SEPARATOR.to_string()))
    }
}

impl Default for Configuration {
    fn default() -> Self {
        Self::for_pool(PoolSettings::default(), Limits::default())
    }
}

impl Configuration {
    /// The manager's default `interval_seconds`.
    pub const DEFAULT_INTERVAL_SECONDS: f64 = 5.0;

    /// The default `connection`, for those who use the classes without Laravel; the bridge fills in the application's.
    pub const DEFAULT_CONNECTION: &'static str = "redis";

    /// The same settings for every queue there is.
    pub fn for_pool(settings: PoolSettings, limits: Limits) -> Self {
        Self {
            enabled: true,
            interval_seconds: Self::DEFAULT_INTERVAL_SECONDS,
            default_connection: Self::DEFAULT_CONNECTION.to_owned(),
            backend: Backend::default(),
            kubernetes: KubernetesSettings::default(),
            limits,
            cluster: ClusterSettings::default(),
            discovered: Arc::new(settings.clone()),
            defaults: Arc::new(settings),
            overrides: Vec::new(),
            groups: Vec::new(),
            excluded: Vec::new(),
            named: HashMap::new(),
            warnings: Vec::new(),
        }
    }

    /// What holds for a pool: its group's or its own entry, else the most specific wildcard, else the defaults without their
    /// `min_workers`: QueueMetrics lists whatever name ever had a job, and a minimum would keep workers for each of them for ever.
    pub fn pool_settings(&self, pool: &PoolId) -> Arc<PoolSettings> {
        match self.named.get(pool) {
            Some(Named::Group(index)) => Arc::clone(&self.groups[*index].settings),
            Some(Named::Override(index)) => Arc::clone(&self.overrides[*index].settings),
            None => self
                .overrides
                .iter()
                .find(|entry| entry.pattern.matches(&pool.connection, &pool.queues))
                .map_or_else(|| Arc::clone(&self.discovered), |entry| Arc::clone(&entry.settings)),
        }
    }

    /// The pool that works a queue: that of its group, else its own. `None` where nobody works it: it is excluded, or its
    /// name is one that `queue:work` cannot be told (empty, "0", or with a comma, which separates queues).
    pub fn pool_of(&self, connection: &str, queue: &str) -> Option<PoolId> {
        if UNWORKABLE_QUEUES.contains(&queue) || queue.contains(QUEUE_SEPARATOR) {
            return None;
        }
        if self.excluded.iter().any(|pattern| pattern.matches(connection, queue)) {
            return None;
        }
        let own = PoolId::new(connection, queue);
        match self.named.get(&own) {
            Some(Named::Group(index)) => Some(self.groups[*index].pool()),
            Some(Named::Override(_)) | None => Some(own),
        }
    }

    /// The pools that the configuration names, so that they exist before QueueMetrics shows them: groups, and queues
    /// without wildcard.
    pub fn pools(&self) -> Vec<PoolId> {
        let queues = self.overrides.iter().filter_map(|entry| entry.pattern.pool());
        self.groups.iter().map(Group::pool).chain(queues).collect()
    }

    /// What is allowed but will hardly do what the user expects, each with the key's full path.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// What holds for every queue that no entry speaks of.
    pub fn default_settings(&self) -> &Arc<PoolSettings> {
        &self.defaults
    }
}
