//! What a worker tells through the pipe that it inherits: its loop is up, a job starts, a job has ended and how, it looks again.
//!
//! The language is a letter, which a decimal number may precede:
//!
//! | message | meaning |
//! |---|---|
//! | `R`, `1R` | the loop is up; 1: this worker tells its looks as well |
//! | `4200000P` | the job that it takes next waited 4,200,000 microseconds since it was due |
//! | `83729J` | the job that it takes next is known by this number |
//! | `B`, `120B` | it took a job; that may run 120 seconds (0: as long as it likes), else as long as `--timeout` says |
//! | `D` | the attempt that ends next has done its job |
//! | `W`, `5W` | it gives the job back to the queue by its own wish; the job is due again in 5 seconds, else nobody knows when |
//! | `E`, `5E` | the same after an exception |
//! | `F` | the job has failed for good by an exception |
//! | `G` | the job has failed for good by its own wish |
//! | `0T`, `1T` | the attempt ran out of time and the process ends; with 1 the job has failed for good |
//! | `I`, `53211I` | the job has ended; it took 53,211 microseconds, else as long as the supervisor saw |
//! | `L`, `60211L` | it looks for the next job, 60,211 microseconds after it took the last one, else as long as the supervisor saw |
//!
//! Between `I` and `L` the worker is busy still: whatever the application does around its jobs takes a worker's time. A worker
//! that said `R` alone tells no looks, and with `I` looks again. One that says nothing of an outcome or a wait leaves it unknown.
//!
//! Anything else is skipped: a worker's own code may write into a descriptor that it does not know, and after a deployment a
//! worker's language may be newer than its supervisor's.

use super::attempts::AttemptOutcome;

/// The environment variable that tells a worker the descriptor's number.
pub const STATUS_FD_VARIABLE: &str = "QUEUE_AUTOSCALE_STATUS_FD";

/// The number before `R` of a worker that tells its looks.
const TELLS_LOOKS: u64 = 1;

const MICROSECONDS_PER_SECOND: f64 = 1_000_000.0;

fn seconds(microseconds: u64) -> f64 {
    microseconds as f64 / MICROSECONDS_PER_SECOND
}

/// One message of a worker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StatusMessage {
    /// The worker's loop is up.
    Ready {
        /// Whether it will tell when it looks for the next job.
        tells_looks: bool,
    },
    /// It took a job.
    JobStarted {
        /// How long the job may run in seconds, 0 for no limit, if the job has a limit of its own.
        limit_seconds: Option<u64>,
        /// How long it waited since it was due in seconds, if the worker knows.
        pickup_seconds: Option<f64>,
        /// By which other attempts of the same job are known as its own.
        job_number: Option<u64>,
    },
    /// The job has ended.
    JobEnded {
        /// How long it ran in seconds, if the worker measured it.
        duration_seconds: Option<f64>,
        /// How, if the worker tells.
        outcome: Option<AttemptOutcome>,
    },
    /// The job ran out of time: the worker's process ends.
    TimedOut {
        /// Whether the job has failed for good.
        failed: bool,
    },
    /// It looks for the next job.
    Looks {
        /// Seconds since it took the last one, if the worker measured them.
        busy_seconds: Option<f64>,
    },
}

/// Reads messages out of bytes that arrive in pieces.
#[derive(Debug, Default)]
pub struct StatusReader {
    number: Option<u64>,
    pickup_seconds: Option<f64>,
    job_number: Option<u64>,
    outcome: Option<AttemptOutcome>,
}

impl StatusReader {
    /// The next message that `byte` completes.
    pub fn read(&mut self, byte: u8) -> Option<StatusMessage> {
        if byte.is_ascii_digit() {
            let digit = u64::from(byte - b'0');
            self.number = Some(self.number.unwrap_or(0).saturating_mul(10).saturating_add(digit));
            return None;
        }
        let number = self.number.take();
        match byte {
            b'R' => Some(StatusMessage::Ready { tells_looks: number == Some(TELLS_LOOKS) }),
            b'B' => {
                self.outcome = None;
                Some(StatusMessage::JobStarted {
                    limit_seconds: number,
                    pickup_seconds: self.pickup_seconds.take(),
                    job_number: self.job_number.take(),
                })
            }
            b'I' => {
                Some(StatusMessage::JobEnded { duration_seconds: number.map(seconds), outcome: self.outcome.take() })
            }
            b'L' => Some(StatusMessage::Looks { busy_seconds: number.map(seconds) }),
            b'T' => Some(StatusMessage::TimedOut { failed: number == Some(1) }),
            b'P' => {
                self.pickup_seconds = number.map(seconds);
                None
            }
            b'J' => {
                self.job_number = number;
                None
            }
            _ => {
                self.outcome = outcome(byte, number).or(self.outcome);
                None
            }
        }
    }
}

/// The outcome that a letter stands for, with the number before it.
fn outcome(letter: u8, number: Option<u64>) -> Option<AttemptOutcome> {
    match letter {
        b'D' => Some(AttemptOutcome::Done),
        b'W' => Some(AttemptOutcome::Released { delay_seconds: number, threw: false }),
        b'E' => Some(AttemptOutcome::Released { delay_seconds: number, threw: true }),
        b'F' => Some(AttemptOutcome::Failed { threw: true }),
        b'G' => Some(AttemptOutcome::Failed { threw: false }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{AttemptOutcome, StatusMessage, StatusReader};

    fn read(bytes: &[u8]) -> Vec<StatusMessage> {
        let mut reader = StatusReader::default();
        bytes.iter().filter_map(|byte| reader.read(*byte)).collect()
    }

    fn started(limit_seconds: Option<u64>) -> StatusMessage {
        StatusMessage::JobStarted { limit_seconds, pickup_seconds: None, job_number: None }
    }

    fn ended(duration_seconds: Option<f64>) -> StatusMessage {
        StatusMessage::JobEnded { duration_seconds, outcome: None }
    }

    #[test]
    fn what_precedes_a_start_or_an_end_belongs_to_it_alone() {
        let with_all =
            StatusMessage::JobStarted { limit_seconds: Some(60), pickup_seconds: Some(4.2), job_number: Some(83_729) };
        let outcome = Some(AttemptOutcome::Released { delay_seconds: Some(5), threw: true });
        let released = StatusMessage::JobEnded { duration_seconds: Some(2.5), outcome };
        assert_eq!(read(b"4200000P83729J60B5E2500000IBI"), [with_all, released, started(None), ended(None)],);
    }

    #[test]
    fn each_outcome_has_a_letter() {
        let outcome_of = |bytes: &[u8]| match read(bytes)[..] {
            [StatusMessage::JobEnded { outcome, .. }] => outcome,
            ref other => panic!("{other:?}"),
        };
        assert_eq!(outcome_of(b"D1I"), Some(AttemptOutcome::Done));
        assert_eq!(outcome_of(b"W1I"), Some(AttemptOutcome::Released { delay_seconds: None, threw: false }));
        assert_eq!(outcome_of(b"F1I"), Some(AttemptOutcome::Failed { threw: true }));
        assert_eq!(outcome_of(b"G1I"), Some(AttemptOutcome::Failed { threw: false }));
        assert_eq!(read(b"0T1T"), [false, true].map(|failed| StatusMessage::TimedOut { failed }));
    }

    #[test]
    fn single_letters_are_messages() {
        assert_eq!(
            read(b"RBIL"),
            [
                StatusMessage::Ready { tells_looks: false },
                started(None),
                ended(None),
                StatusMessage::Looks { busy_seconds: None },
            ]
        );
    }

    #[test]
    fn a_worker_says_whether_it_tells_its_looks() {
        assert_eq!(
            read(b"1R2R60211L"),
            [
                StatusMessage::Ready { tells_looks: true },
                StatusMessage::Ready { tells_looks: false },
                StatusMessage::Looks { busy_seconds: Some(0.060_211) },
            ]
        );
    }

    #[test]
    fn a_number_belongs_to_the_letter_after_it_alone() {
        assert_eq!(read(b"120B2500000IB"), [started(Some(120)), ended(Some(2.5)), started(None)]);
    }

    #[test]
    fn foreign_bytes_are_skipped_with_the_number_before_them() {
        assert_eq!(
            read(b"hello 7\n\xffR99999999999999999999999xB"),
            [StatusMessage::Ready { tells_looks: false }, started(None)]
        );
    }

    #[test]
    fn a_number_beyond_all_measure_stays_a_number() {
        assert_eq!(read(b"99999999999999999999999B"), [started(Some(u64::MAX))]);
    }
}
