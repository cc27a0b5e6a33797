//! `QueueAutoscale\Calculators\BacklogDrainCalculator`.

use crate::bindings::numbers::{above_zero, at_least_zero, finite};
use crate::bindings::php::entry::guarded;
use crate::calculators::{Backlog, BacklogDrain};
use ext_php_rs::flags::ClassFlags;
use ext_php_rs::prelude::*;

/// Fluid balance of a waiting queue: jobs that must start by the deadline against starts that the workers offer until
/// then.
#[php_class]
#[php(name = "QueueAutoscale\\Calculators\\BacklogDrainCalculator")]
#[php(flags = ClassFlags::Final)]
pub struct BacklogDrainCalculator;

#[php_impl]
impl BacklogDrainCalculator {
    pub fn __construct() -> Self {
        Self
    }

    /// Smallest number of workers, not rounded, that starts every waiting job in the time left.
    ///
    /// @param float $pending jobs waiting
    /// @param float $timeLeftSeconds until the oldest of them is due; negative where it is overdue
    /// @param float $serviceTimeSeconds mean service time of a job, above 0
    /// @param float $bootSeconds until a worker that is started now takes its first job
    /// @param float $busyWorkers workers in a job
    /// @param float $idleWorkers workers waiting for a job
    /// @param float $leastSeconds time to do it in where nothing is left of it, above 0
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a number out of range
    #[php(defaults(bootSeconds = 0.0, busyWorkers = 0.0, idleWorkers = 0.0, leastSeconds = 1.0))]
    #[expect(clippy::too_many_arguments, reason = "PHP calls it with named arguments")]
    pub fn workers_for(
        &self,
        pending: f64,
        timeLeftSeconds: f64,
        serviceTimeSeconds: f64,
        bootSeconds: f64,
        busyWorkers: f64,
        idleWorkers: f64,
        leastSeconds: f64,
    ) -> PhpResult<f64> {
        guarded(|| {
            Ok(BacklogDrain::workers_for(&Backlog {
                pending: at_least_zero("pending", pending)?,
                time_left_seconds: finite("timeLeftSeconds", timeLeftSeconds)?,
                service_time_seconds: above_zero("serviceTimeSeconds", serviceTimeSeconds)?,
                busy_workers: at_least_zero("busyWorkers", busyWorkers)?,
                idle_workers: at_least_zero("idleWorkers", idleWorkers)?,
                boot_seconds: at_least_zero("bootSeconds", bootSeconds)?,
                least_seconds: above_zero("leastSeconds", leastSeconds)?,
            }))
        })
    }
}
