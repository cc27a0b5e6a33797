//! What the engine decided for one pool, and why.

use crate::config::PoolId;
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// A worker that has found no job for so long is idle, in seconds. One between two jobs tells of the next one sooner: a
/// stock worker takes a few milliseconds to ask for it. Where that takes longer, as from a server far away or under load, the
/// supervisor knows by the jobs that were waiting.
pub const IDLE_GRACE_SECONDS: f64 = 0.2;

/// One opinion on how many workers are needed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Component {
    /// Workers, not rounded.
    pub workers: f64,
}

/// What bounded or delayed a recommendation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintKind {
    /// `min_workers`.
    MinWorkers,
    /// `max_workers`.
    MaxWorkers,
    /// The lower target has not held for long enough.
    Stabilisation,
    /// `cooldown_seconds`.
    Cooldown,
    /// Busy workers are not taken away.
    Busy,
    /// The host's CPU.
    HostCpu,
    /// The host's memory.
    HostMemory,
    /// `limits.max_total_workers`.
    MaxTotalWorkers,
    /// The metrics could not be read, so the workers stay.
    MetricsUnreadable,
    /// A user's policy.
    Policy,
}

/// One step between recommendation and target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Constraint {
    /// What it was.
    pub kind: ConstraintKind,
    /// Workers before it.
    pub from_workers: u32,
    /// Workers after it.
    pub to_workers: u32,
    /// Why, for a person.
    pub reason: String,
}

/// Where the service time came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceTimeSource {
    /// Busy worker-seconds ÷ completions over one window.
    UtilisationLaw,
    /// `avg_duration_ms`, which agreed with the utilisation law.
    Reported,
    /// The last one known.
    LastKnown,
    /// `default_service_time_seconds`.
    Default,
}

impl ServiceTimeSource {
    /// Its name in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UtilisationLaw => "utilisation_law",
            Self::Reported => "reported",
            Self::LastKnown => "last_known",
            Self::Default => "default",
        }
    }
}

impl Serialize for ServiceTimeSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Whether the promise holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlaState {
    /// It holds and is predicted to hold.
    Met,
    /// It holds, but the predicted pickup time is beyond it.
    AtRisk,
    /// The oldest job has waited longer than promised.
    Breached,
    /// Nothing can be said: no metrics.
    Unknown,
}

impl SlaState {
    /// Its name in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::AtRisk => "at_risk",
            Self::Breached => "breached",
            Self::Unknown => "unknown",
        }
    }
}

impl Serialize for SlaState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// How many workers one pool should have, and everything that led there.
///
/// Its JSON form is stable: one flat object with the names of the fields below, `connection` and `queues` for the pool,
/// components as `{"workers": 7.8}` (`pickup_time` is `null` where it plays no part), constraints as a list of
/// `{"kind", "from_workers", "to_workers", "reason"}` in the order in which they applied, enumerations in snake case, and
/// `null` for what is not known. Fields may be added, never renamed or taken away.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScalingDecision {
    /// Whose decision.
    #[serde(flatten)]
    pub pool: PoolId,
    /// Workers now, those on their way out not counted.
    pub current_workers: u32,
    /// What the strategy wants, before bounds and constraints.
    pub recommended_workers: u32,
    /// What the supervisor is to reach.
    pub target_workers: u32,
    /// Workers that stay although they find no job; beyond them, an idle one leaves by itself before the next decision.
    pub idle_floor_workers: u32,
    /// Load at the estimated arrival rate, less what the queue may still fill.
    pub steady_state: Component,
    /// The same at the forecast rate.
    pub predictive: Component,
    /// Load plus what must go before its deadline.
    pub backlog_drain: Component,
    /// Erlang C staffing, where the SLA is too short for feedback.
    pub pickup_time: Option<Component>,
    /// Every constraint that changed the number, in order. Decisions of one turn share equal lists.
    pub constraints: Arc<[Constraint]>,
    /// Jobs waiting.
    pub pending: u64,
    /// Age of the oldest waiting job in seconds, told or inferred; `None` where nothing waits.
    pub oldest_job_age_seconds: Option<f64>,
    /// Estimated arrival rate, in jobs per second.
    pub arrival_rate_per_second: f64,
    /// How sure the estimate is, 0 ..= 1.
    pub arrival_rate_confidence: f64,
    /// Forecast arrival rate, in jobs per second.
    pub forecast_rate_per_second: f64,
    /// Mean service time, in seconds.
    pub service_time_seconds: f64,
    /// Where it came from.
    pub service_time_source: ServiceTimeSource,
    /// Time a new worker needs until it takes a job, in seconds.
    pub boot_seconds: f64,
    /// The promise, in seconds.
    pub max_pickup_time_seconds: f64,
    /// Pickup time at the SLA's percentile that the target should give, in seconds; `None` where it cannot be said, for
    /// example where the target cannot keep up.
    pub predicted_pickup_time_seconds: Option<f64>,
    /// Whether the promise holds.
    pub sla_state: SlaState,
    /// The whole decision in one sentence.
    pub reason: String,
}
