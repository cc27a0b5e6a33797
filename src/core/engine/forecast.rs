//! What a strategy may know of a pool, and what it makes of it.

use super::{Component, ServiceTimeSource};
use crate::calculators::{BacklogAges, Surge};
use crate::config::{PoolId, PoolSettings};
use std::sync::Arc;

/// One pool as a strategy sees it: the metrics, what the engine estimates, and what the user asked for.
#[derive(Clone, Debug)]
pub struct StrategyInputs {
    /// Which pool.
    pub pool: PoolId,
    /// What the user asked for.
    pub settings: Arc<PoolSettings>,
    /// Time between two decisions, in seconds.
    pub turn_seconds: f64,
    /// Time from starting a worker to its first job, in seconds.
    pub boot_seconds: f64,
    /// Workers, those on their way out not counted.
    pub current_workers: u32,
    /// Those of them in a job.
    pub busy_workers: u32,
    /// Those of them that do not look for jobs yet.
    pub starting_workers: u32,
    /// Jobs waiting.
    pub pending: u64,
    /// Delayed jobs; on Redis those that became due as well, until a worker looks.
    pub scheduled: u64,
    /// Jobs held by workers.
    pub reserved: u64,
    /// Age of the oldest waiting job, in seconds, told or inferred; `None` where nothing waits.
    pub oldest_job_age_seconds: Option<f64>,
    /// How old the others are.
    pub backlog_ages: BacklogAges,
    /// Estimated arrival rate, in jobs per second.
    pub arrival_rate_per_second: f64,
    /// How sure it is, 0 ..= 1.
    pub arrival_rate_confidence: f64,
    /// Mean arrival rate of the last ten minutes, in jobs per second.
    pub usual_rate_per_second: f64,
    /// Index of dispersion of the arrivals, 1 for a Poisson stream.
    pub arrival_dispersion: f64,
    /// The surge under way, if those before were over so soon that the queue could hold what they brought.
    pub surge: Option<Surge>,
    /// The part of the arrival rate that lasts, in jobs per second: less than all of it in such a surge, and within a recurring
    /// burst that ends while the queue can still hold what it brings.
    pub lasting_rate_per_second: f64,
    /// Arrival rate expected when a worker started now would be at work, in jobs per second.
    pub forecast_rate_per_second: f64,
    /// Mean service time, in seconds.
    pub service_time_seconds: f64,
    /// Where it came from.
    pub service_time_source: ServiceTimeSource,
    /// Squared coefficient of variation of the service times.
    pub service_squared_variation: f64,
}

impl StrategyInputs {
    /// Of a pool that nothing has been seen of: no workers, no jobs, and the durations that its settings assume.
    pub fn unseen(pool: PoolId, settings: Arc<PoolSettings>, turn_seconds: f64) -> Self {
        Self {
            turn_seconds,
            boot_seconds: settings.prediction.default_boot_seconds,
            current_workers: 0,
            busy_workers: 0,
            starting_workers: 0,
            pending: 0,
            scheduled: 0,
            reserved: 0,
            oldest_job_age_seconds: None,
            backlog_ages: BacklogAges::default(),
            arrival_rate_per_second: 0.0,
            arrival_rate_confidence: 0.0,
            usual_rate_per_second: 0.0,
            arrival_dispersion: 1.0,
            surge: None,
            lasting_rate_per_second: 0.0,
            forecast_rate_per_second: 0.0,
            service_time_seconds: settings.prediction.default_service_time_seconds,
            service_time_source: ServiceTimeSource::Default,
            service_squared_variation: 1.0,
            pool,
            settings,
        }
    }

    /// Time between noticing something and a new worker acting on it, in seconds: until the next decision, and to boot.
    pub fn response_seconds(&self) -> f64 {
        self.turn_seconds + self.boot_seconds
    }

    /// Part of the SLA that is left for waiting once the engine's own response time is taken off, in seconds (>= 0).
    pub fn room_seconds(&self) -> f64 {
        (self.settings.sla.max_pickup_time_seconds - self.response_seconds()).max(0.0)
    }
}

/// Which component made the recommendation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// Load at the present rate.
    SteadyState,
    /// Load at the forecast rate.
    Predictive,
    /// What waits must go.
    BacklogDrain,
    /// The SLA is too short for anything but workers in reserve.
    PickupTime,
    /// Another worker in its place soon would cost more than the last one that waits.
    KeepWarm,
    /// Much more comes in as a rule, so the last worker stays until it does again.
    Lull,
    /// What waits may still wait for more to come, so that one start serves them all.
    Collect,
    /// Delayed jobs may have become due, and only a worker can tell.
    WakeUp,
    /// Nothing to do.
    Idle,
}

/// What a strategy wants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recommendation {
    /// How many workers.
    pub workers: u32,
    /// What decided it.
    pub driver: Driver,
    /// Workers that are worth keeping although they find no job.
    pub idle_floor_workers: u32,
    /// Load at the estimated arrival rate, less what the queue may still fill.
    pub steady_state: Component,
    /// The same at the forecast rate.
    pub predictive: Component,
    /// Load plus what must go before its deadline.
    pub backlog_drain: Component,
    /// Erlang C staffing, where the SLA is too short for feedback.
    pub pickup_time: Option<Component>,
}

/// What [`super::ScalingEngine::recommendations`] tells of a pool.
#[derive(Clone, Debug)]
pub struct PoolForecast {
    /// What went into the recommendation.
    pub inputs: StrategyInputs,
    /// What the engine's own strategy made of it.
    pub recommendation: Recommendation,
    /// Whether this turn's metrics of the pool could be read; if not, its workers stay whatever is recommended.
    pub is_readable: bool,
}

/// How much longer a lower target has to hold where nothing is known of the arrivals.
const UNSURE_FACTOR: f64 = 2.0;

impl PoolForecast {
    /// How long fewer workers must have been enough before any is taken away, in seconds: as long as an idle worker costs
    /// what starting it again would cost, which is never more than twice the best in hindsight (ski rental: A. R. Karlin
    /// et al., "Competitive Snoopy Caching", Algorithmica 3 (1988), 79-119), longer where the rate is unsure. The boot alone
    /// counts: which workers are worth keeping in spite of it the strategy says. Where workers are in reserve it is as long as
    /// the promise at least, else at turns of a second the reserve would follow every flicker of the rate.
    pub fn stabilisation_seconds(&self) -> f64 {
        let inputs = &self.inputs;
        let unsure = UNSURE_FACTOR - (UNSURE_FACTOR - 1.0) * inputs.arrival_rate_confidence;
        let start_seconds = inputs.boot_seconds * unsure;
        let has_reserve = self.recommendation.pickup_time.is_some();
        if has_reserve { start_seconds.max(inputs.settings.sla.max_pickup_time_seconds) } else { start_seconds }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserve_is_kept_for_as_long_as_the_promise_and_others_for_as_long_as_a_boot() {
        let held_seconds = |pickup_time, boot_seconds, arrival_rate_confidence| {
            let mut settings = PoolSettings::default();
            settings.sla.max_pickup_time_seconds = 6.0;
            let inputs = StrategyInputs::unseen(PoolId::new("redis", "emails"), Arc::new(settings), 1.0);
            let none = Component { workers: 0.0 };
            let recommendation = Recommendation {
                workers: 1,
                driver: Driver::SteadyState,
                idle_floor_workers: 1,
                steady_state: none,
                predictive: none,
                backlog_drain: none,
                pickup_time,
            };
            let inputs = StrategyInputs { boot_seconds, arrival_rate_confidence, ..inputs };
            PoolForecast { inputs, recommendation, is_readable: true }.stabilisation_seconds()
        };
        let reserve = Some(Component { workers: 3.0 });
        assert_eq!(held_seconds(reserve, 1.5, 1.0), 6.0);
        assert_eq!(held_seconds(reserve, 8.0, 1.0), 8.0);
        assert_eq!(held_seconds(None, 1.5, 1.0), 1.5);
        assert_eq!(held_seconds(None, 1.5, 0.0), 3.0);
    }
}
