//! One job, before anybody has decided anything.

/// One job of a trace: when it arrives and what it will take of a worker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Job {
    /// When it becomes available, in seconds since the trace began.
    pub arrives_at_seconds: f64,
    /// How long each attempt keeps a worker, in seconds.
    pub service_seconds: f64,
    /// Which of the pool's queues it is on, 0 for the one served first.
    pub queue: u16,
    /// Attempts that fail before one succeeds.
    pub failing_attempts: u16,
}

impl Job {
    /// A job on the pool's first queue that succeeds at once.
    pub fn new(arrives_at_seconds: f64, service_seconds: f64) -> Self {
        Self { arrives_at_seconds, service_seconds, queue: 0, failing_attempts: 0 }
    }

    /// Worker-seconds that it takes when a worker tries it up to `tries` times (0 for without end).
    pub fn work_seconds(&self, tries: u32) -> f64 {
        let attempts = u32::from(self.failing_attempts) + 1;
        let attempts = if tries == 0 { attempts } else { attempts.min(tries) };
        self.service_seconds * f64::from(attempts)
    }
}
