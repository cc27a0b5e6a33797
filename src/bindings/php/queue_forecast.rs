//! `QueueAutoscale\QueueForecast`.

use super::class_slot::{ClassSlot, PhpClass};
use super::entry::method;
use super::exceptions::{Failure, php_class_slot};
use super::repeated::Repeated;
use super::value_class::{Kind, Property, ValueClass, new_object, register_value_class, slots_of};
use crate::config::PoolId;
use crate::engine::{PoolForecast, ServiceTimeSource};
use ext_php_rs::boxed::ZBox;
use ext_php_rs::builders::{ClassBuilder, FunctionBuilder};
use ext_php_rs::convert::IntoZval;
use ext_php_rs::error::Error;
use ext_php_rs::flags::{DataType, MethodFlags};
use ext_php_rs::types::{ZendObject, Zval};
use ext_php_rs::zend::ExecuteData;

php_class_slot!(
    /// One pool as a strategy sees it: its numbers, what the engine estimates, and what the built-in strategy recommends.
    ForecastClass,
    "QueueAutoscale\\QueueForecast"
);

impl ValueClass for ForecastClass {
    const PROPERTIES: &'static [Property] = &[
        Property::new("connection", "connection", Kind::Text, "Laravel's connection name."),
        Property::new(
            "queues",
            "queues",
            Kind::Text,
            "The queue, or the queues of a group in priority order, as --queue= gets them.",
        ),
        Property::new("turnSeconds", "turn_seconds", Kind::Float, "Time between two decisions."),
        Property::new("bootSeconds", "boot_seconds", Kind::Float, "Time from starting a worker to its first job."),
        Property::new("currentWorkers", "current_workers", Kind::Int, "Workers, those on their way out not counted."),
        Property::new("busyWorkers", "busy_workers", Kind::Int, "Those of them in a job."),
        Property::new("startingWorkers", "starting_workers", Kind::Int, "Those of them that do not look for jobs yet."),
        Property::new("pending", "pending", Kind::Int, "Jobs waiting."),
        Property::new("scheduled", "scheduled", Kind::Int, "Delayed jobs."),
        Property::new("reserved", "reserved", Kind::Int, "Jobs held by workers."),
        Property::new(
            "oldestJobAgeSeconds",
            "oldest_job_age_seconds",
            Kind::OptionalFloat,
            "Age of the oldest waiting job, told or inferred; null where nothing waits.",
        ),
        Property::new(
            "arrivalRatePerSecond",
            "arrival_rate_per_second",
            Kind::Float,
            "Estimated arrival rate, in jobs per second.",
        ),
        Property::new(
            "arrivalRateConfidence",
            "arrival_rate_confidence",
            Kind::Float,
            "How sure the estimate is, from 0 to 1.",
        ),
        Property::new(
            "forecastRatePerSecond",
            "forecast_rate_per_second",
            Kind::Float,
            "Arrival rate expected when a worker started now would be at work, in jobs per second.",
        ),
        Property::new("serviceTimeSeconds", "service_time_seconds", Kind::Float, "Mean service time of a job."),
        Property::new(
            "serviceTimeSource",
            "service_time_source",
            Kind::Text,
            "Where it came from: utilisation_law, reported, last_known or default.",
        ),
        Property::new(
            "maxPickupTimeSeconds",
            "max_pickup_time_seconds",
            Kind::Float,
            "The promise: how long a job may wait.",
        ),
        Property::new(
            "percentile",
            "percentile",
            Kind::Float,
            "Share of the jobs that the promise covers, in percent.",
        ),
        Property::new("minWorkers", "min_workers", Kind::Int, "Fewest workers, whatever is recommended."),
        Property::new("maxWorkers", "max_workers", Kind::Int, "Most workers, whatever is recommended."),
        Property::new(
            "recommendedWorkers",
            "recommended_workers",
            Kind::Int,
            "What the built-in strategy recommends: the maximum of the components, as whole workers.",
        ),
        Property::new(
            "steadyStateWorkers",
            "steady_state_workers",
            Kind::Float,
            "Load at the estimated arrival rate, less what the queue may still fill.",
        ),
        Property::new("predictiveWorkers", "predictive_workers", Kind::Float, "The same at the forecast rate."),
        Property::new(
            "backlogDrainWorkers",
            "backlog_drain_workers",
            Kind::Float,
            "Load plus what must go before its deadline.",
        ),
        Property::new(
            "pickupTimeWorkers",
            "pickup_time_workers",
            Kind::OptionalFloat,
            "Erlang C staffing, where the SLA is too short for feedback; null elsewhere.",
        ),
        Property::new(
            "readable",
            "readable",
            Kind::Flag,
            "Whether this turn's metrics could be read; if not, the workers stay whatever is recommended.",
        ),
    ];
}

/// Registers the class.
pub(super) fn register_queue_forecast() -> Result<(), Error> {
    let class = ClassBuilder::new(ForecastClass::NAME)
        .method(FunctionBuilder::new("key", key).returns(DataType::String, false, false), MethodFlags::Public)
        .method(FunctionBuilder::new("__construct", construct), MethodFlags::Private);
    register_value_class::<ForecastClass>(class)
}

extern "C" fn construct(_call: &mut ExecuteData, _result: &mut Zval) {}

/// "connection:queues".
extern "C" fn key(call: &mut ExecuteData, result: &mut Zval) {
    method(call, result, |this, _| {
        let slots = slots_of::<ForecastClass>(this)?;
        let text = |index: usize| slots[index].str().unwrap_or_default();
        Ok(PoolId::new(text(0), text(1)).to_string().into_zval(false)?)
    });
}

/// Makes forecasts into what PHP gets.
pub(super) struct ForecastWriter<'forecasts> {
    connections: Repeated<&'forecasts str>,
    sources: Repeated<ServiceTimeSource>,
}

impl<'forecasts> ForecastWriter<'forecasts> {
    pub(super) const fn new() -> Self {
        Self { connections: Repeated::none(), sources: Repeated::none() }
    }

    /// The object of `forecast`.
    pub(super) fn object_of(&mut self, forecast: &'forecasts PoolForecast) -> Result<ZBox<ZendObject>, Failure> {
        let PoolForecast { inputs, recommendation, is_readable } = forecast;
        let connection = self.connections.string_of(&inputs.pool.connection)?;
        let source = self.sources.string_of(inputs.service_time_source)?;
        Ok(new_object::<ForecastClass>(|slots| {
            slots.zval(connection)?;
            slots.text(&inputs.pool.queues)?;
            slots.float(inputs.turn_seconds)?;
            slots.float(inputs.boot_seconds)?;
            slots.int(inputs.current_workers)?;
            slots.int(inputs.busy_workers)?;
            slots.int(inputs.starting_workers)?;
            slots.int(inputs.pending)?;
            slots.int(inputs.scheduled)?;
            slots.int(inputs.reserved)?;
            slots.optional_float(inputs.oldest_job_age_seconds)?;
            slots.float(inputs.arrival_rate_per_second)?;
            slots.float(inputs.arrival_rate_confidence)?;
            slots.float(inputs.forecast_rate_per_second)?;
            slots.float(inputs.service_time_seconds)?;
            slots.zval(source)?;
            slots.float(inputs.settings.sla.max_pickup_time_seconds)?;
            slots.float(inputs.settings.sla.percentile)?;
            slots.int(inputs.settings.min_workers)?;
            slots.int(inputs.settings.max_workers)?;
            slots.int(recommendation.workers)?;
            slots.float(recommendation.steady_state.workers)?;
            slots.float(recommendation.predictive.workers)?;
            slots.float(recommendation.backlog_drain.workers)?;
            slots.optional_float(recommendation.pickup_time.map(|component| component.workers))?;
            slots.flag(*is_readable)
        })?)
    }
}
