//! What came of a run.

use crate::config::PoolId;

/// One pool at the end of one turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The instant, in seconds.
    pub at_seconds: f64,
    /// Jobs that have arrived so far.
    pub arrived: usize,
    /// Jobs waiting.
    pub pending: u64,
    /// Workers that boot.
    pub starting: u32,
    /// Workers without a job.
    pub idle: u32,
    /// Workers in a job, those that leave after it included.
    pub in_a_job: u32,
    /// Workers that leave after their job.
    pub leaving: u32,
    /// The target just set.
    pub target: u32,
    /// Worker-seconds spent so far.
    pub worker_seconds: f64,
}

impl Sample {
    /// Workers that could serve a job now.
    pub fn ready(&self) -> u32 {
        self.idle + self.in_a_job
    }

    /// Workers that cost now.
    pub fn alive(&self) -> u32 {
        self.ready() + self.starting
    }
}

/// One pool's run.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolOutcome {
    /// Whose run.
    pub pool: PoolId,
    /// The promise, in seconds.
    pub max_pickup_time_seconds: f64,
    /// Wait of every job until its first attempt in seconds, in order of arrival; infinite for one never picked up.
    pub pickup_seconds: Vec<f32>,
    /// Worker-seconds from spawning to leaving.
    pub worker_seconds: f64,
    /// Worker-seconds in jobs.
    pub busy_seconds: f64,
    /// Every turn.
    pub samples: Vec<Sample>,
}

/// A run of one scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// How long it took until the last job was done, in seconds; at least as long as jobs arrived.
    pub seconds: f64,
    /// Every pool, in the scenario's order.
    pub pools: Vec<PoolOutcome>,
}

impl PoolOutcome {
    /// Jobs picked up within the SLA.
    pub fn jobs_within_sla(&self) -> usize {
        self.pickup_seconds.iter().filter(|wait| f64::from(**wait) <= self.max_pickup_time_seconds).count()
    }

    /// Share of the jobs picked up within the SLA, 0 ..= 1; 1 without jobs.
    pub fn share_within_sla(&self) -> f64 {
        if self.pickup_seconds.is_empty() {
            return 1.0;
        }
        self.jobs_within_sla() as f64 / self.pickup_seconds.len() as f64
    }

    /// Turns that changed the target.
    pub fn actions(&self) -> usize {
        self.changes().count()
    }

    /// Turns that changed the target the other way than the change before.
    pub fn reversals(&self) -> usize {
        let ups: Vec<bool> = self.changes().collect();
        ups.windows(2).filter(|pair| pair[0] != pair[1]).count()
    }

    /// Whether each change of the target was upwards.
    fn changes(&self) -> impl Iterator<Item = bool> {
        let before = std::iter::once(0).chain(self.samples.iter().map(|sample| sample.target));
        before
            .zip(&self.samples)
            .filter_map(|(before, sample)| (sample.target != before).then_some(sample.target > before))
    }
}
