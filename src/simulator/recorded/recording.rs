//! A manager's recording: its turns, in order.

use super::{RecordedTurn, RecordingError};
use std::io::BufRead;

/// All turns of a recording.
#[derive(Clone, Debug)]
pub struct Recording {
    /// In order of time.
    pub turns: Vec<RecordedTurn>,
}

impl Recording {
    /// Reads JSON lines. A last line that was cut off, because the manager was writing or was killed, is passed over.
    ///
    /// # Errors
    ///
    /// Names the first line that is not a turn, and why; a recording with fewer than two turns, with turns that are not in order
    /// of time, or of more than a year.
    pub fn read(mut input: impl BufRead) -> Result<Self, RecordingError> {
        let (mut turns, mut text, mut number): (Vec<RecordedTurn>, _, _) = (Vec::new(), String::new(), 0);
        while input.read_line(&mut text)? > 0 {
            number += 1;
            let is_whole = text.ends_with('\n');
            if !text.trim().is_empty() {
                match RecordedTurn::read(number, &text) {
                    Ok(turn) => turns.push(turn),
                    Err(_) if !is_whole => break,
                    Err(error) => return Err(error),
                }
                if let [.., before, last] = &turns[..]
                    && last.now_seconds <= before.now_seconds
                {
                    return Err(RecordingError::line(number, "now_seconds: not later than on the line before"));
                }
            }
            text.clear();
        }
        if turns.len() < 2 {
            return Err(RecordingError::Empty("a recording needs two turns at least"));
        }
        let recording = Self { turns };
        RecordingError::check_seconds(recording.seconds())?;
        Ok(recording)
    }

    /// From the first turn to the last, in seconds.
    pub fn seconds(&self) -> f64 {
        match &self.turns[..] {
            [first, .., last] => last.now_seconds - first.now_seconds,
            _ => 0.0,
        }
    }

    /// Median time between two turns, in seconds.
    pub fn turn_seconds(&self) -> f64 {
        let mut gaps: Vec<f64> = self.turns.windows(2).map(|pair| pair[1].now_seconds - pair[0].now_seconds).collect();
        gaps.sort_by(f64::total_cmp);
        gaps.get(gaps.len() / 2).copied().unwrap_or(0.0)
    }
}
