//! `QueueAutoscale\ScalingDecision`.

use super::arguments;
use super::class_slot::{ClassSlot, PhpClass, foreign_entry};
use super::entry::{method, static_method};
use super::exceptions::{Failure, php_class_slot};
use super::repeated::Repeated;
use super::value_class::{
    Kind, Property, ValueClass, from_array, new_object, register_value_class, slots_of, to_array,
};
use super::zval_writer::to_zval;
use crate::config::PoolId;
use crate::engine::{Constraint, ConstraintKind, ScalingDecision, ServiceTimeSource, SlaState};
use ext_php_rs::args::Arg;
use ext_php_rs::boxed::ZBox;
use ext_php_rs::builders::{ClassBuilder, FunctionBuilder};
use ext_php_rs::convert::{FromZval, IntoZval};
use ext_php_rs::describe::abi::Str;
use ext_php_rs::error::Error;
use ext_php_rs::flags::{DataType, MethodFlags};
use ext_php_rs::types::{ZendEmptyArray, ZendHashTable, ZendObject, Zval};
use ext_php_rs::zend::{ExecuteData, ce};

php_class_slot!(
    /// How many workers one pool should have, and everything that led there.
    DecisionClass,
    "QueueAutoscale\\ScalingDecision"
);

const CONNECTION: usize = 0;
const QUEUES: usize = 1;
const TARGET_WORKERS: usize = 4;
const CONSTRAINTS: usize = 20;
const REASON: usize = 21;

impl ValueClass for DecisionClass {
    const PROPERTIES: &'static [Property] = &[
        Property::new("connection", "connection", Kind::Text, "Laravel's connection name."),
        Property::new(
            "queues",
            "queues",
            Kind::Text,
            "The queue, or the queues of a group in priority order, as --queue= gets them.",
        ),
        Property::new(
            "currentWorkers",
            "current_workers",
            Kind::Int,
            "Workers now, those on their way out not counted.",
        ),
        Property::new(
            "recommendedWorkers",
            "recommended_workers",
            Kind::Int,
            "What the strategy wants, before bounds and constraints.",
        ),
        Property::new("targetWorkers", "target_workers", Kind::Int, "What the supervisor is to reach."),
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
        Property::new("pending", "pending", Kind::Int, "Jobs waiting."),
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
            "Forecast arrival rate, in jobs per second.",
        ),
        Property::new("serviceTimeSeconds", "service_time_seconds", Kind::Float, "Mean service time of a job."),
        Property::new(
            "serviceTimeSource",
            "service_time_source",
            Kind::Text,
            "Where it came from: utilisation_law, reported, last_known or default.",
        ),
        Property::new("bootSeconds", "boot_seconds", Kind::Float, "Time that a new worker needs until it takes a job."),
        Property::new(
            "maxPickupTimeSeconds",
            "max_pickup_time_seconds",
            Kind::Float,
            "The promise: how long a job may wait.",
        ),
        Property::new(
            "predictedPickupTimeSeconds",
            "predicted_pickup_time_seconds",
            Kind::OptionalFloat,
            "Pickup time at the SLA's percentile that the target should give; null where it cannot be said.",
        ),
        Property::new(
            "slaState",
            "sla_state",
            Kind::Text,
            "Whether the promise holds: met, at_risk, breached or unknown.",
        ),
        Property::new("constraints", "constraints", Kind::List, "See constraints()."),
        Property::new("reason", "reason", Kind::Text, "The whole decision in one sentence."),
    ];
}

/// Makes decisions into what PHP gets.
pub(super) struct DecisionWriter<'decisions> {
    connections: Repeated<&'decisions str>,
    sources: Repeated<ServiceTimeSource>,
    sla_states: Repeated<SlaState>,
}

impl<'decisions> DecisionWriter<'decisions> {
    pub(super) const fn new() -> Self {
        Self { connections: Repeated::none(), sources: Repeated::none(), sla_states: Repeated::none() }
    }

    /// The object of `decision`.
    pub(super) fn object_of(&mut self, decision: &'decisions ScalingDecision) -> Result<ZBox<ZendObject>, Failure> {
        let connection = self.connections.string_of(&decision.pool.connection)?;
        let source = self.sources.string_of(decision.service_time_source)?;
        let sla_state = self.sla_states.string_of(decision.sla_state)?;
        let constraints = constraints_of(decision)?;
        Ok(new_object::<DecisionClass>(|slots| {
            slots.zval(connection)?;
            slots.text(&decision.pool.queues)?;
            slots.int(decision.current_workers)?;
            slots.int(decision.recommended_workers)?;
            slots.int(decision.target_workers)?;
            slots.float(decision.steady_state.workers)?;
            slots.float(decision.predictive.workers)?;
            slots.float(decision.backlog_drain.workers)?;
            slots.optional_float(decision.pickup_time.map(|component| component.workers))?;
            slots.int(decision.pending)?;
            slots.optional_float(decision.oldest_job_age_seconds)?;
            slots.float(decision.arrival_rate_per_second)?;
            slots.float(decision.arrival_rate_confidence)?;
            slots.float(decision.forecast_rate_per_second)?;
            slots.float(decision.service_time_seconds)?;
            slots.zval(source)?;
            slots.float(decision.boot_seconds)?;
            slots.float(decision.max_pickup_time_seconds)?;
            slots.optional_float(decision.predicted_pickup_time_seconds)?;
            slots.zval(sla_state)?;
            slots.zval(constraints)?;
            slots.text(&decision.reason)
        })?)
    }
}

/// What the supervisor must know of a decision: the pool, and the workers it is to have.
pub struct DecisionArgument {
    pub(super) pool: PoolId,
    pub(super) target_workers: u32,
}

impl DecisionArgument {
    fn of(decision: &ZendObject) -> Result<Self, Failure> {
        let slots = slots_of::<DecisionClass>(decision)?;
        let text = |index: usize| slots[index].str().unwrap_or_default();
        let target_workers = slots[TARGET_WORKERS].long().and_then(|workers| u32::try_from(workers).ok());
        Ok(Self {
            pool: PoolId::new(text(CONNECTION), text(QUEUES)),
            target_workers: target_workers.ok_or_else(|| {
                Failure::Argument("target_workers: more than a host can run, or less than none".to_owned())
            })?,
        })
    }
}

impl FromZval<'_> for DecisionArgument {
    const TYPE: DataType = DataType::Object(Str::new(DecisionClass::NAME));

    fn from_zval(zval: &Zval) -> Option<Self> {
        Self::of(zval.dereference().object()?).ok()
    }
}

fn constraints_of(decision: &ScalingDecision) -> Result<Zval, Failure> {
    if decision.constraints.is_empty() {
        return Ok(ZendEmptyArray.into_zval(false)?);
    }
    Ok(to_zval(&decision.constraints)?)
}

/// Registers the class.
pub(super) fn register_scaling_decision() -> Result<(), Error> {
    let itself = || DataType::Object(Str::new(DecisionClass::NAME));
    let class = ClassBuilder::new(DecisionClass::NAME)
        .implements((json_serializable, "\\JsonSerializable"))
        .method(FunctionBuilder::new("key", key).returns(DataType::String, false, false), MethodFlags::Public)
        .method(
            FunctionBuilder::new("constraints", constraints).returns(DataType::Array, false, false),
            MethodFlags::Public,
        )
        .method(
            FunctionBuilder::new("withTargetWorkers", with_target_workers)
                .arg(Arg::new("workers", DataType::Long))
                .arg(Arg::new("reason", DataType::String))
                .returns(itself(), false, false),
            MethodFlags::Public,
        )
        .method(FunctionBuilder::new("toArray", as_array).returns(DataType::Array, false, false), MethodFlags::Public)
        .method(
            FunctionBuilder::new("jsonSerialize", as_array).returns(DataType::Array, false, false),
            MethodFlags::Public,
        )
        .method(
            FunctionBuilder::new("fromArray", of_array).arg(Arg::new("decision", DataType::Array)).returns(
                itself(),
                false,
                false,
            ),
            MethodFlags::Public | MethodFlags::Static,
        )
        .method(FunctionBuilder::new("__construct", construct), MethodFlags::Private);
    register_value_class::<DecisionClass>(class)
}

fn json_serializable() -> &'static ext_php_rs::zend::ClassEntry {
    // The json extension is part of every PHP since 8.0.
    foreign_entry(c"php_json_serializable_ce").unwrap_or_else(|| ce::countable())
}

extern "C" fn construct(_call: &mut ExecuteData, _result: &mut Zval) {}

/// "connection:queues".
extern "C" fn key(call: &mut ExecuteData, result: &mut Zval) {
    method(call, result, |this, _| Ok(DecisionArgument::of(this)?.pool.to_string().into_zval(false)?));
}

/// Every constraint that changed the number, in order.
///
/// @return list<array{kind: string, from_workers: int, to_workers: int, reason: string}>
extern "C" fn constraints(call: &mut ExecuteData, result: &mut Zval) {
    method(call, result, |this, _| Ok(slots_of::<DecisionClass>(this)?[CONSTRAINTS].shallow_clone()));
}

/// The decision under the names of its JSON form; fromArray() takes it back.
///
/// @return array<string, mixed>
extern "C" fn as_array(call: &mut ExecuteData, result: &mut Zval) {
    method(call, result, |this, _| to_array::<DecisionClass>(this));
}

/// The decision that toArray() turned into an array.
///
/// @param array<string, mixed> $decision
/// @throws \QueueAutoscale\Exception\InvalidArgument with the key that is missing or wrong
extern "C" fn of_array(call: &mut ExecuteData, result: &mut Zval) {
    static_method(call, result, |arguments| {
        let decision = from_array::<DecisionClass>(arguments::array(arguments, 0, "decision")?)?;
        Ok(decision.into_zval(false)?)
    });
}

/// The decision with another target, and one more constraint that says why.
///
/// @throws \QueueAutoscale\Exception\InvalidArgument for a negative number
extern "C" fn with_target_workers(call: &mut ExecuteData, result: &mut Zval) {
    method(call, result, |this, arguments| {
        let workers = arguments::count(arguments, 0, "workers")?;
        let workers = u32::try_from(workers)
            .map_err(|_| Failure::Argument(format!("$workers: {workers} is more than a host can run")))?;
        let reason = arguments::text(arguments, 1, "reason")?;
        let slots = slots_of::<DecisionClass>(this)?;
        let constraint = Constraint {
            kind: ConstraintKind::Policy,
            from_workers: DecisionArgument::of(this)?.target_workers,
            to_workers: workers,
            reason: reason.to_owned(),
        };
        let mut constraints = slots[CONSTRAINTS].array().map_or_else(ZendHashTable::new, ToOwned::to_owned);
        constraints.push(to_zval(&constraint)?)?;
        let noun = if workers == 1 { "worker" } else { "workers" };
        let before = slots[REASON].str().unwrap_or_default();
        let sentence = format!("{workers} {noun}: {reason}; without that {before}");
        let changed = new_object::<DecisionClass>(|new| {
            for (index, value) in slots.iter().enumerate() {
                match index {
                    TARGET_WORKERS => new.int(workers)?,
                    CONSTRAINTS => new.zval(constraints.to_owned().into_zval(false)?)?,
                    REASON => new.text(&sentence)?,
                    _ => new.zval(value.shallow_clone())?,
                }
            }
            Ok(())
        })?;
        Ok(changed.into_zval(false)?)
    });
}
