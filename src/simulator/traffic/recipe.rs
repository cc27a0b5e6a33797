//! Traffic made up from a few parameters and a seed.

use super::{Job, Pattern, Random, ServiceTime};

/// From some instant on, jobs take longer or shorter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// That instant, in seconds.
    pub at_seconds: f64,
    /// Durations are multiplied by this.
    pub factor: f64,
}

/// Jobs that fail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failures {
    /// Probability that an attempt fails, 0 ..= 1.
    pub share: f64,
    /// Attempts that fail at most, one after the other, of the same job.
    pub most_attempts: u16,
}

/// All that makes up one pool's jobs, chance apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// How long jobs arrive, in seconds.
    pub seconds: f64,
    /// When they arrive.
    pub pattern: Pattern,
    /// How long they take.
    pub service: ServiceTime,
    /// Whether that changes.
    pub shift: Option<Shift>,
    /// Whether they fail.
    pub failures: Option<Failures>,
    /// Share of the jobs on each of the pool's queues after the first, in order.
    pub other_queues: Vec<f64>,
}

impl Recipe {
    /// Jobs of one queue that all succeed.
    pub fn new(seconds: f64, pattern: Pattern, service: ServiceTime) -> Self {
        Self { seconds, pattern, service, shift: None, failures: None, other_queues: Vec::new() }
    }

    /// The jobs of `seed`, in order of arrival.
    pub fn jobs(&self, seed: u64) -> Vec<Job> {
        let mut random = Random::new(seed);
        let arrivals = self.pattern.arrivals(&mut random, self.seconds);
        arrivals.into_iter().map(|arrives_at_seconds| self.job(&mut random, arrives_at_seconds)).collect()
    }

    fn job(&self, random: &mut Random, arrives_at_seconds: f64) -> Job {
        let shift = self.shift.filter(|shift| arrives_at_seconds >= shift.at_seconds);
        let factor = shift.map_or(1.0, |shift| shift.factor);
        let mut job = Job::new(arrives_at_seconds, self.service.draw(random) * factor);
        if let Some(failures) = self.failures {
            while job.failing_attempts < failures.most_attempts && random.chance(failures.share) {
                job.failing_attempts += 1;
            }
        }
        if !self.other_queues.is_empty() {
            job.queue = self.queue(random.uniform());
        }
        job
    }

    /// The queue that a number in 0 .. 1 falls to; what the other queues leave is the first one's.
    fn queue(&self, mut chance: f64) -> u16 {
        for (place, share) in self.other_queues.iter().enumerate() {
            if chance < *share {
                return place as u16 + 1;
            }
            chance -= share;
        }
        0
    }
}
