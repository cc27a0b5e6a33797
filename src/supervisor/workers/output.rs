//! A worker's last words: its output, cut into lines and bounded in memory.

use std::collections::VecDeque;

/// Lines kept of each worker: enough for a PHP fatal error with the head of its stack trace.
const LINES_KEPT: usize = 20;

/// Bytes kept of one line; the rest of a longer one is dropped.
const LINE_BYTES_KEPT: usize = 1024;

/// The end of what a worker wrote.
#[derive(Debug, Default)]
pub struct OutputTail {
    lines: VecDeque<String>,
    unfinished: Vec<u8>,
}

impl OutputTail {
    /// Takes in what was read, and hands each line that it completes to `on_line`.
    pub fn append(&mut self, bytes: &[u8], mut on_line: impl FnMut(&str)) {
        for byte in bytes {
            if *byte == b'\n' {
                if let Some(line) = self.take_unfinished() {
                    on_line(&line);
                    self.keep(line);
                }
            } else if self.unfinished.len() < LINE_BYTES_KEPT {
                self.unfinished.push(*byte);
            }
        }
    }

    /// The last lines, oldest first, an unfinished one included.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.lines.iter().cloned().collect();
        lines.extend(readable(&self.unfinished));
        lines
    }

    fn take_unfinished(&mut self) -> Option<String> {
        let line = readable(&self.unfinished);
        self.unfinished.clear();
        line
    }

    fn keep(&mut self, line: String) {
        if self.lines.len() == LINES_KEPT {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
    }
}

/// The line as text without trailing blanks; `None` for an empty one.
fn readable(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{LINE_BYTES_KEPT, LINES_KEPT, OutputTail};

    #[test]
    fn lines_that_arrive_in_pieces_are_put_together() {
        let mut tail = OutputTail::default();
        let mut seen = Vec::new();
        for piece in ["fir", "st\nsec", "ond\r\n\nthi"] {
            tail.append(piece.as_bytes(), |line| seen.push(line.to_owned()));
        }
        assert_eq!(seen, ["first", "second"]);
        assert_eq!(tail.lines(), ["first", "second", "thi"]);
    }

    #[test]
    fn memory_stays_bounded_whatever_a_worker_writes() {
        let mut tail = OutputTail::default();
        for number in 0..10_000 {
            tail.append(format!("{number} {}\n", "x".repeat(5_000)).as_bytes(), |_| ());
        }
        tail.append(&vec![b'y'; 1_000_000], |_| ());
        let lines = tail.lines();
        assert_eq!(lines.len(), LINES_KEPT + 1);
        assert!(lines.iter().all(|line| line.len() <= LINE_BYTES_KEPT));
        assert!(lines[LINES_KEPT - 1].starts_with("9999 "));
    }

    #[test]
    fn bytes_that_are_no_text_do_no_harm() {
        let mut tail = OutputTail::default();
        tail.append(b"\xff\xfe broken\n", |_| ());
        assert_eq!(tail.lines(), ["\u{fffd}\u{fffd} broken"]);
    }
}
