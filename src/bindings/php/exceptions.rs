//! The exceptions, and how each error of the core becomes one.

use super::class_slot::{ClassSlot, PhpClass, foreign_entry, register};
use super::entry::method;
use super::zval_writer::WriteError;
use crate::bindings::numbers::OutOfRange;
use crate::config::InvalidConfiguration as InvalidConfigurationError;
use crate::host::HostError;
use crate::workers::SupervisorError;
use ext_php_rs::builders::{ClassBuilder, FunctionBuilder};
use ext_php_rs::class::ClassEntryInfo;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::error::Error;
use ext_php_rs::exception::PhpException;
use ext_php_rs::flags::{ClassFlags, DataType, MethodFlags};
use ext_php_rs::types::Zval;
use ext_php_rs::zend::{ClassEntry, ExecuteData, ce};

/// What goes wrong below the PHP classes.
#[derive(Debug)]
pub(super) enum Failure {
    /// A configuration that cannot be used.
    Configuration(InvalidConfigurationError),
    /// An argument that a method cannot use.
    Argument(String),
    /// The host cannot be read.
    Host(HostError),
    /// The supervisor cannot do what it was asked.
    Supervisor(SupervisorError),
    /// A call at the wrong time, or a fault of our own.
    Engine(String),
}

impl From<InvalidConfigurationError> for Failure {
    fn from(error: InvalidConfigurationError) -> Self {
        Self::Configuration(error)
    }
}

impl From<HostError> for Failure {
    fn from(error: HostError) -> Self {
        Self::Host(error)
    }
}

impl From<SupervisorError> for Failure {
    fn from(error: SupervisorError) -> Self {
        Self::Supervisor(error)
    }
}

impl From<OutOfRange> for Failure {
    fn from(error: OutOfRange) -> Self {
        Self::Argument(format!("${error}"))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error.to_string())
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::Engine(error.to_string())
    }
}

impl From<Failure> for PhpException {
    fn from(failure: Failure) -> Self {
        let (class, message) = match failure {
            Failure::Configuration(error) => (InvalidConfiguration::entry(), error.to_string()),
            Failure::Argument(message) => (InvalidArgument::entry(), message),
            Failure::Host(error) => (HostException::entry(), error.to_string()),
            Failure::Supervisor(error) => (SupervisorException::entry(), error.to_string()),
            Failure::Engine(message) => (EngineException::entry(), message),
        };
        // A NUL byte would cut PHP's message.
        let message = message.replace('\0', "\\0");
        Self::new(message, 0, class.unwrap_or_else(|_| ce::exception()))
    }
}

/// Declares a class that [`register`] can register.
macro_rules! php_class_slot {
    ($(#[$documentation:meta])* $class:ident, $name:literal) => {
        $(#[$documentation])*
        pub(super) struct $class;

        impl PhpClass for $class {
            const NAME: &'static str = $name;

            fn slot() -> &'static ClassSlot {
                static SLOT: ClassSlot = ClassSlot::empty();
                &SLOT
            }
        }
    };
}
pub(super) use php_class_slot;

php_class_slot!(
    /// Whatever Queue Autoscale throws is one.
    QueueAutoscaleException,
    "QueueAutoscale\\Exception\\QueueAutoscaleException"
);
php_class_slot!(
    /// An argument makes no sense; the message names it, its value and what was expected.
    InvalidArgument,
    "QueueAutoscale\\Exception\\InvalidArgument"
);
php_class_slot!(
    /// The host's capacity cannot be read.
    HostException,
    "QueueAutoscale\\Exception\\HostException"
);
php_class_slot!(
    /// The supervisor cannot do what it was asked.
    SupervisorException,
    "QueueAutoscale\\Exception\\SupervisorException"
);
php_class_slot!(
    /// A fault in Queue Autoscale itself; the message says where.
    EngineException,
    "QueueAutoscale\\Exception\\EngineException"
);
php_class_slot!(
    /// A configuration that cannot be used.
    InvalidConfiguration,
    "QueueAutoscale\\Exception\\InvalidConfiguration"
);

/// Registers the interface and all exceptions.
pub(super) fn register_exceptions() -> Result<(), Error> {
    let interface = ClassBuilder::new(QueueAutoscaleException::NAME)
        .flags(ClassFlags::Interface)
        .implements((ce::throwable, "\\Throwable"));
    register::<QueueAutoscaleException>(interface)?;

    let errors = FunctionBuilder::new("errors", errors).returns(DataType::Array, false, false);
    let invalid_configuration = exception::<InvalidConfiguration>(INVALID_ARGUMENT).method(errors, MethodFlags::Public);
    register::<InvalidConfiguration>(invalid_configuration)?;
    register::<InvalidArgument>(exception::<InvalidArgument>(INVALID_ARGUMENT))?;
    register::<HostException>(exception::<HostException>(RUNTIME))?;
    register::<SupervisorException>(exception::<SupervisorException>(RUNTIME))?;
    register::<EngineException>(exception::<EngineException>(RUNTIME))
}

const INVALID_ARGUMENT: ClassEntryInfo = (
    || foreign_entry(c"spl_ce_InvalidArgumentException").unwrap_or_else(|| ce::exception()),
    "\\InvalidArgumentException",
);

const RUNTIME: ClassEntryInfo =
    (|| foreign_entry(c"spl_ce_RuntimeException").unwrap_or_else(|| ce::exception()), "\\RuntimeException");

fn exception<T: PhpClass>(parent: ClassEntryInfo) -> ClassBuilder {
    let interface: fn() -> &'static ClassEntry =
        || QueueAutoscaleException::entry().unwrap_or_else(|_| ce::throwable());
    ClassBuilder::new(T::NAME)
        .flags(ClassFlags::Final)
        .extends(parent)
        .implements((interface, "\\QueueAutoscale\\Exception\\QueueAutoscaleException"))
}

/// All that is wrong, a sentence each, which begins with the key's full path.
///
/// @return list<string>
extern "C" fn errors(call: &mut ExecuteData, result: &mut Zval) {
    method(call, result, |this, _| {
        let message = this.try_call_method("getMessage", Vec::new())?;
        // The message has a line for each error.
        let lines: Vec<&str> = message.str().unwrap_or_default().lines().collect();
        Ok(lines.into_zval(false)?)
    });
}
