//! `QueueAutoscale\Calculators\CapacityCalculator`.

use crate::bindings::numbers::{above_zero, at_least_zero};
use crate::bindings::php::entry::guarded;
use crate::bindings::php::host::CapacityArgument;
use crate::calculators::{Capacity, Resources};
use ext_php_rs::flags::ClassFlags;
use ext_php_rs::prelude::*;

/// How many workers a host has room for.
#[php_class]
#[php(name = "QueueAutoscale\\Calculators\\CapacityCalculator")]
#[php(flags = ClassFlags::Final)]
pub struct CapacityCalculator;

#[php_impl]
impl CapacityCalculator {
    pub fn __construct() -> Self {
        Self
    }

    /// Workers of one kind that the host has room for, those that run now included: the permitted share of its limits,
    /// less what everything else uses.
    ///
    /// @param float $workerCpuCores what one worker uses of the CPU
    /// @param float $workerMemoryBytes what one worker uses of the memory
    /// @param int $runningWorkers workers that the host's figures contain already
    /// @throws \QueueAutoscale\Exception\InvalidArgument for a number out of range
    #[php(defaults(runningWorkers = 0, maxCpuPercent = 85.0, maxMemoryPercent = 85.0))]
    pub fn workers_within(
        &self,
        host: CapacityArgument,
        workerCpuCores: f64,
        workerMemoryBytes: f64,
        runningWorkers: i64,
        maxCpuPercent: f64,
        maxMemoryPercent: f64,
    ) -> PhpResult<i64> {
        guarded(|| {
            let each = Resources {
                cpu_cores: above_zero("workerCpuCores", workerCpuCores)?,
                memory_bytes: above_zero("workerMemoryBytes", workerMemoryBytes)?,
            };
            let running = at_least_zero("runningWorkers", runningWorkers as f64)?;
            let maxCpuPercent = at_least_zero("maxCpuPercent", maxCpuPercent)?;
            let maxMemoryPercent = at_least_zero("maxMemoryPercent", maxMemoryPercent)?;
            let ours = Resources { cpu_cores: 0.0, memory_bytes: 0.0 }.plus(each, running);
            let room = Capacity::room(&host.0, maxCpuPercent, maxMemoryPercent, ours);
            Ok(Capacity::workers_within(room, each).into())
        })
    }
}
