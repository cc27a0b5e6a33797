//! `QueueAutoscale\QueueForecast`.

use super::class_slot::{ClassSlot, PhpClass};
use super::entry::method;
use super::exceptions::php_class_slot;
use super::value_class::{ValueClass, register_value_class, slots_of};
use crate::config::PoolId;
use crate::engine::PoolForecast;
use ext_php_rs::builders::{ClassBuilder, FunctionBuilder};
use ext_php_rs::convert::IntoZval;
use ext_php_rs::error::Error;
use ext_php_rs::flags::{DataType, MethodFlags};
use ext_php_rs::types::Zval;
use ext_php_rs::zend::ExecuteData;

php_class_slot!(
    /// One pool as a strategy sees it: its numbers, what the engine estimates, and what the built-in strategy recommends.
    ForecastClass,
    "QueueAutoscale\\QueueForecast"
);

impl ValueClass for ForecastClass {
    type Value = PoolForecast;
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
