//! Rows that say "empty" where what is known of our own workers says otherwise.
//!
//! QueueMetrics from 3.3 on returns a row of zeros for a queue that it could not read, which is also what an empty queue looks
//! like. Taken for empty, it would cost a queue with a backlog its workers. Two things cannot be true at once:
//!
//! - a worker has been in a job since before the reading, and no job is held;
//! - more jobs are gone than were worked off, while our own workers do not stand idle.
//!
//! Where we have no worker there is nothing to lose by believing it.

use super::PoolWorkers;
use super::reading::PoolReading;

/// For how long a row of zeros is doubted where no worker of ours can tell whether the queue is empty, in seconds. A backlog
/// that somebody cleared is believed to be gone after it; throttled or timed-out readings are over by then.
const DOUBT_SECONDS: f64 = 300.0;

/// Share of a cycle that a reading may take: a worker that has been in its job for longer was in it when the row was read.
const READING_SHARE: f64 = 0.2;

/// Contradictions in a row from which on one is told. A single one may be a job that ended between the reading of its row and
/// the look at its worker.
const TOLD_FROM: u32 = 2;

/// Seconds over which the metrics count successes.
const WINDOW_SECONDS: f64 = 60.0;

/// What is remembered of one pool to know a contradiction.
#[derive(Clone, Copy, Debug, Default)]
pub struct Witness {
    /// The last reading that was believed.
    believed: Option<Believed>,
    /// Jobs that our workers had ended as of the last look at them.
    finished: Option<u64>,
    /// Whether the driver was ever seen to tell which jobs are held.
    tells_reserved: bool,
    /// Contradictions since the last reading that was believed.
    in_a_row: u32,
}

#[derive(Clone, Copy, Debug)]
struct Believed {
    now_seconds: f64,
    jobs: u64,
    finished: Option<u64>,
}

/// Why a row of zeros is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// Workers are in jobs that the row does not have.
    Busy {
        /// How many are.
        workers: u32,
    },
    /// Jobs are gone that nobody worked off.
    Vanished {
        /// How many.
        jobs: u64,
    },
}

impl Witness {
    /// Whether `reading` cannot be true, given the pool's own workers as of right after it.
    pub fn contradicts(
        &mut self,
        reading: &PoolReading,
        workers: &PoolWorkers,
        now_seconds: f64,
        turn_seconds: f64,
    ) -> Option<Contradiction> {
        let finished_before = self.finished;
        self.finished = workers.jobs_finished_total;
        self.tells_reserved |= reading.reserved > 0;
        let contradiction = self.judge(reading, workers, finished_before, now_seconds, turn_seconds);
        if contradiction.is_some() {
            self.in_a_row = self.in_a_row.saturating_add(1);
        } else {
            self.in_a_row = 0;
            let finished = workers.jobs_finished_total;
            self.believed = Some(Believed { now_seconds, jobs: reading.jobs(), finished });
        }
        contradiction
    }

    /// Whether the contradiction that was just found has lasted long enough to be told.
    pub fn is_told(&self) -> bool {
        self.in_a_row >= TOLD_FROM
    }

    fn judge(
        &self,
        reading: &PoolReading,
        workers: &PoolWorkers,
        finished_before: Option<u64>,
        now_seconds: f64,
        turn_seconds: f64,
    ) -> Option<Contradiction> {
        if reading.zero_rows == 0 || reading.is_broken {
            return None;
        }
        let held_since_before = workers.longest_job_seconds.is_some_and(|held| held > READING_SHARE * turn_seconds);
        if reading.jobs() == 0 && self.tells_reserved && workers.busy > 0 && held_since_before {
            return Some(Contradiction::Busy { workers: workers.busy });
        }
        let alive = workers.current().saturating_add(workers.draining);
        if alive == 0 {
            return None;
        }
        let believed = self.believed?;
        let elapsed = (now_seconds - believed.now_seconds).max(0.0);
        let gone = believed.jobs.saturating_sub(reading.jobs());
        let vanished = gone.saturating_sub(Self::worked_off(&believed, reading, workers, elapsed));
        let speak = workers.unknown == 0 && workers.jobs_finished_total.is_some();
        let in_doubt = if speak && workers.idle > 0 && workers.busy == 0 {
            // Who has ended no job since the last look and is in none has looked in vain.
            finished_before != workers.jobs_finished_total
        } else {
            (speak && workers.busy > 0) || elapsed <= DOUBT_SECONDS
        };
        (vanished > 0 && in_doubt).then_some(Contradiction::Vanished { jobs: vanished })
    }

    /// Jobs that may have been done since the last reading that was believed.
    fn worked_off(believed: &Believed, reading: &PoolReading, workers: &PoolWorkers, elapsed: f64) -> u64 {
        let ours = match (believed.finished, workers.jobs_finished_total) {
            (Some(before), Some(now)) if now >= before && workers.unknown == 0 => Some(now - before),
            _ => None,
        };
        let alive = workers.current().saturating_add(workers.draining);
        match ours {
            Some(jobs) if reading.active_workers <= alive => jobs,
            // Others work as well, or ours do not tell: at most what the metrics counted.
            _ => {
                let counted = reading.throughput_per_minute * (elapsed / WINDOW_SECONDS).max(1.0);
                ours.unwrap_or(0).max(counted.ceil() as u64)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PoolId;

    fn reading(pending: u64, reserved: u64) -> PoolReading {
        PoolReading {
            rows: 1,
            zero_rows: u32::from(pending + reserved == 0),
            pending,
            reserved,
            ..PoolReading::default()
        }
    }

    fn workers(idle: u32, busy: u32, finished: u64) -> PoolWorkers {
        let longest_job_seconds = (busy > 0).then_some(2.0);
        let jobs_finished_total = Some(finished);
        PoolWorkers {
            idle,
            busy,
            jobs_finished_total,
            longest_job_seconds,
            ..PoolWorkers::none(PoolId::new("redis", "emails"))
        }
    }

    /// Readings five seconds apart.
    fn play(cycles: &[(PoolReading, PoolWorkers)]) -> Vec<Option<Contradiction>> {
        let mut witness = Witness::default();
        let now = |cycle: usize| 5.0 * cycle as f64;
        let judge = |(cycle, (reading, workers)): (usize, &(PoolReading, PoolWorkers))| {
            witness.contradicts(reading, workers, now(cycle), 5.0)
        };
        cycles.iter().enumerate().map(judge).collect()
    }

    #[test]
    fn nothing_held_while_workers_are_in_jobs_is_no_empty_queue() {
        let found = play(&[(reading(0, 3), workers(0, 3, 0)), (reading(0, 0), workers(0, 3, 2))]);
        assert_eq!(found, [None, Some(Contradiction::Busy { workers: 3 })]);
    }

    #[test]
    fn a_driver_that_never_tells_held_jobs_is_not_doubted_for_it() {
        assert_eq!(play(&[(reading(1, 0), workers(0, 3, 0)), (reading(0, 0), workers(0, 3, 2))]), [None, None]);
    }

    #[test]
    fn a_job_that_began_after_the_reading_is_no_contradiction() {
        let young = PoolWorkers { longest_job_seconds: Some(0.5), ..workers(0, 1, 4) };
        assert_eq!(play(&[(reading(0, 1), workers(0, 1, 3)), (reading(0, 0), young)]), [None, None]);
    }

    #[test]
    fn more_jobs_gone_than_were_done_are_doubted_until_workers_stand_idle() {
        let found = play(&[
            (reading(390, 0), workers(3, 0, 0)),
            (reading(0, 0), workers(3, 0, 4)),
            (reading(0, 0), workers(3, 0, 4)),
        ]);
        assert_eq!(found, [None, Some(Contradiction::Vanished { jobs: 386 }), None]);
    }

    #[test]
    fn what_our_workers_did_is_not_missed() {
        assert_eq!(play(&[(reading(40, 2), workers(0, 2, 0)), (reading(0, 0), workers(2, 0, 42))]), [None, None]);
    }

    #[test]
    fn what_others_did_is_not_missed() {
        let others = PoolReading { throughput_per_minute: 400.0, active_workers: 5, ..reading(0, 0) };
        assert_eq!(play(&[(reading(390, 0), workers(0, 0, 0)), (others, workers(0, 0, 0))]), [None, None]);
    }

    #[test]
    fn where_nobody_can_tell_the_doubt_ends() {
        let mut witness = Witness::default();
        let silent = PoolWorkers { unknown: 2, ..PoolWorkers::none(PoolId::new("redis", "emails")) };
        assert_eq!(witness.contradicts(&reading(390, 0), &silent, 0.0, 5.0), None);
        assert!(witness.contradicts(&reading(0, 0), &silent, DOUBT_SECONDS, 5.0).is_some());
        assert_eq!(witness.contradicts(&reading(0, 0), &silent, DOUBT_SECONDS + 5.0, 5.0), None);
    }
}
