//! `QueueAutoscale\ScalingDecision`.

use super::arguments;
use super::class_slot::{ClassSlot, PhpClass, foreign_entry};
use super::entry::{method, static_method};
use super::exceptions::{Failure, php_class_slot};
use super::value_class::{ValueClass, from_array, object_with, register_value_class, slots_of, to_array};
use super::zval_writer::to_zval;
use crate::config::PoolId;
use crate::engine::{Constraint, ConstraintKind, ScalingDecision};
use ext_php_rs::args::Arg;
use ext_php_rs::builders::{ClassBuilder, FunctionBuilder};
use ext_php_rs::convert::{FromZval, IntoZval};
use ext_php_rs::describe::abi::Str;
use ext_php_rs::error::Error;
use ext_php_rs::flags::{DataType, MethodFlags};
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};
use ext_php_rs::zend::{ExecuteData, ce};

php_class_slot!(
    /// How many workers one pool should have, and everything that led there.
    DecisionClass,
    "QueueAutoscale\\ScalingDecision"
);

const CONNECTION: usize = 0;
const QUEUES: usize = 1;
const TARGET_WORKERS: usize = 4;
const IDLE_FLOOR_WORKERS: usize = 5;
const PENDING: usize = 10;
const CONSTRAINTS: usize = 21;
const REASON: usize = 22;

impl ValueClass for DecisionClass {
    type Value = ScalingDecision;
}

/// What the supervisor must know of a decision: the pool, the workers it is to have, who of them may leave, and what waits.
pub struct DecisionArgument {
    pub(super) pool: PoolId,
    pub(super) target_workers: u32,
    pub(super) idle_floor_workers: u32,
    pub(super) pending: u64,
}

impl DecisionArgument {
    fn of(decision: &ZendObject) -> Result<Self, Failure> {
        let slots = slots_of::<DecisionClass>(decision)?;
        let text = |index: usize| slots[index].str().unwrap_or_default();
        let workers = |index: usize, key: &str| {
            let workers = slots[index].long().and_then(|workers| u32::try_from(workers).ok());
            workers.ok_or_else(|| Failure::Argument(format!("{key}: more than a host can run, or less than none")))
        };
        Ok(Self {
            pool: PoolId::new(text(CONNECTION), text(QUEUES)),
            target_workers: workers(TARGET_WORKERS, "target_workers")?,
            idle_floor_workers: workers(IDLE_FLOOR_WORKERS, "idle_floor_workers")?,
            pending: slots[PENDING].long().and_then(|jobs| u64::try_from(jobs).ok()).unwrap_or(0),
        })
    }
}

impl FromZval<'_> for DecisionArgument {
    const TYPE: DataType = DataType::Object(Str::new(DecisionClass::NAME));

    fn from_zval(zval: &Zval) -> Option<Self> {
        Self::of(zval.dereference().object()?).ok()
    }
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

/// The decision with another target, and one more constraint that says why. All of those workers stay, idle or not.
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
        let mut values: Vec<Zval> = slots.iter().map(Zval::shallow_clone).collect();
        values[TARGET_WORKERS] = i64::from(workers).into_zval(false)?;
        values[IDLE_FLOOR_WORKERS] = i64::from(workers).into_zval(false)?;
        values[CONSTRAINTS] = constraints.into_zval(false)?;
        values[REASON] = sentence.into_zval(false)?;
        let changed = object_with::<DecisionClass>(values)?;
        Ok(changed.into_zval(false)?)
    });
}
