//! What a worker tells through the pipe that it inherits: its loop is up, a job starts, a job has ended.
//!
//! The language is a letter, which a decimal number may precede:
//!
//! | message | meaning |
//! |---|---|
//! | `R` | the loop is up |
//! | `B`, `120B` | a job starts; it may run 120 seconds (0: as long as it likes), else as long as `--timeout` says |
//! | `I`, `53211I` | the job has ended; it took 53,211 microseconds, else as long as the supervisor saw |
//!
//! Anything else is skipped: a worker's own code may write into a descriptor that it does not know.

/// The environment variable that tells a worker the descriptor's number.
pub const STATUS_FD_VARIABLE: &str = "QUEUE_AUTOSCALE_STATUS_FD";

const MICROSECONDS_PER_SECOND: f64 = 1_000_000.0;

/// One message of a worker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StatusMessage {
    /// The worker's loop is up.
    Ready,
    /// A job starts.
    JobStarted {
        /// How long the job may run in seconds, 0 for no limit, if the job has a limit of its own.
        limit_seconds: Option<u64>,
    },
    /// The job has ended.
    JobEnded {
        /// How long it ran in seconds, if the worker measured it.
        duration_seconds: Option<f64>,
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
            b'R' => Some(StatusMessage::Ready),
            b'B' => Some(StatusMessage::JobStarted { limit_seconds: number }),
            b'I' => Some(StatusMessage::JobEnded {
                duration_seconds: number.map(|microseconds| microseconds as f64 / MICROSECONDS_PER_SECOND),
            }),
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
            read(b"RBI"),
            [
                StatusMessage::Ready,
                StatusMessage::JobStarted { limit_seconds: None },
                StatusMessage::JobEnded { duration_seconds: None },
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
            [StatusMessage::Ready, StatusMessage::JobStarted { limit_seconds: None }]
        );
    }

    #[test]
    fn a_number_beyond_all_measure_stays_a_number() {
        assert_eq!(read(b"99999999999999999999999B"), [StatusMessage::JobStarted { limit_seconds: Some(u64::MAX) }]);
    }
}
