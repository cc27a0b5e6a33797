//! What a worker tells through the pipe that it inherits: its loop is up, a job starts, a job has ended, it looks again.
//!
//! The language is a letter, which a decimal number may precede:
//!
//! | message | meaning |
//! |---|---|
//! | `R`, `1R` | the loop is up; 1: this worker tells its looks as well |
//! | `B`, `120B` | it took a job; that may run 120 seconds (0: as long as it likes), else as long as `--timeout` says |
//! | `I`, `53211I` | the job has ended; it took 53,211 microseconds, else as long as the supervisor saw |
//! | `L`, `60211L` | it looks for the next job, 60,211 microseconds after it took the last one, else as long as the supervisor saw |
//!
//! Between `I` and `L` the worker is busy still: whatever the application does around its jobs takes a worker's time. A worker
//! that said `R` alone tells no looks, and with `I` looks again.
//!
//! Anything else is skipped: a worker's own code may write into a descriptor that it does not know, and after a deployment a
//! worker's language may be newer than its supervisor's.

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
    },
    /// The job has ended.
    JobEnded {
        /// How long it ran in seconds, if the worker measured it.
        duration_seconds: Option<f64>,
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
            b'B' => Some(StatusMessage::JobStarted { limit_seconds: number }),
            b'I' => Some(StatusMessage::JobEnded { duration_seconds: number.map(seconds) }),
            b'L' => Some(StatusMessage::Looks { busy_seconds: number.map(seconds) }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{StatusMessage, StatusReader};

    fn read(bytes: &[u8]) -> Vec<StatusMessage> {
        let mut reader = StatusReader::default();
        bytes.iter().filter_map(|byte| reader.read(*byte)).collect()
    }

    #[test]
    fn single_letters_are_messages() {
        assert_eq!(
            read(b"RBIL"),
            [
                StatusMessage::Ready { tells_looks: false },
                StatusMessage::JobStarted { limit_seconds: None },
                StatusMessage::JobEnded { duration_seconds: None },
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
        assert_eq!(
            read(b"120B2500000IB"),
            [
                StatusMessage::JobStarted { limit_seconds: Some(120) },
                StatusMessage::JobEnded { duration_seconds: Some(2.5) },
                StatusMessage::JobStarted { limit_seconds: None },
            ]
        );
    }

    #[test]
    fn foreign_bytes_are_skipped_with_the_number_before_them() {
        assert_eq!(
            read(b"hello 7\n\xffR99999999999999999999999xB"),
            [StatusMessage::Ready { tells_looks: false }, StatusMessage::JobStarted { limit_seconds: None }]
        );
    }

    #[test]
    fn a_number_beyond_all_measure_stays_a_number() {
        assert_eq!(read(b"99999999999999999999999B"), [StatusMessage::JobStarted { limit_seconds: Some(u64::MAX) }]);
    }
}
