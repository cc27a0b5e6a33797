//! How many jobs were done in one turn, out of a count over the last sixty seconds.

use std::collections::VecDeque;

/// Length of QueueMetrics' throughput window, in seconds (`performance_60s.window_seconds`).
pub const WINDOW_SECONDS: f64 = 60.0;

/// Shortest piece of the window that is remembered by itself, in seconds. It bounds the memory to sixty-odd pieces
/// however short the turns are; the metrics have whole-second edges anyway.
const SHORTEST_PIECE_SECONDS: f64 = 1.0;

/// Takes a sliding count apart again: what a turn added is the growth of the count plus what left it meanwhile, which is
/// what earlier turns added sixty seconds ago.
///
/// done(t) = N60(t) − N60(t−Δ) + (what was done between t−Δ−60 s and t−60 s)
#[derive(Clone, Debug, Default)]
pub struct SlidingWindow {
    /// Oldest first; together they cover at most the window.
    pieces: VecDeque<Piece>,
    covered_seconds: f64,
    jobs: f64,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    seconds: f32,
    jobs: f32,
}

impl SlidingWindow {
    /// Starts with a first count, taken to be spread evenly over the window before it.
    pub fn starting_with(count: f64) -> Self {
        let mut window = Self::default();
        window.push(WINDOW_SECONDS, count);
        window
    }

    /// Jobs done since the last count, `elapsed_seconds` (> 0) ago, now that the count is `count` (>= 0). Never negative:
    /// where the window's edge makes it look so, the remembered pieces are scaled to the count that is known.
    pub fn advance(&mut self, elapsed_seconds: f64, count: f64) -> f64 {
        self.forget(self.covered_seconds + elapsed_seconds - WINDOW_SECONDS);
        let done = (count - self.jobs).max(0.0);
        if self.jobs > count {
            self.scale(count / self.jobs);
        }
        self.push(elapsed_seconds.min(WINDOW_SECONDS), done);
        done
    }

    fn push(&mut self, seconds: f64, jobs: f64) {
        self.covered_seconds += seconds;
        self.jobs += jobs;
        if let Some(last) = self.pieces.back_mut()
            && f64::from(last.seconds) + seconds <= SHORTEST_PIECE_SECONDS
        {
            last.seconds += seconds as f32;
            last.jobs += jobs as f32;
            return;
        }
        self.pieces.push_back(Piece { seconds: seconds as f32, jobs: jobs as f32 });
    }

    /// Lets the oldest `seconds` leave the window, part of a piece where they end inside one.
    fn forget(&mut self, mut seconds: f64) {
        while seconds > 0.0 {
            let Some(oldest) = self.pieces.front_mut() else { break };
            let length = f64::from(oldest.seconds);
            if length <= seconds {
                seconds -= length;
                self.pieces.pop_front();
            } else {
                let left = 1.0 - seconds / length;
                oldest.seconds *= left as f32;
                oldest.jobs *= left as f32;
                seconds = 0.0;
            }
        }
        // Summed afresh, so that rounding never adds up over days.
        (self.covered_seconds, self.jobs) = (0.0, 0.0);
        for piece in &self.pieces {
            self.covered_seconds += f64::from(piece.seconds);
            self.jobs += f64::from(piece.jobs);
        }
    }

    fn scale(&mut self, factor: f64) {
        for piece in &mut self.pieces {
            piece.jobs *= factor as f32;
        }
        self.jobs *= factor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_count_means_that_as_much_is_done_as_leaves_the_window() {
        let mut window = SlidingWindow::starting_with(600.0);
        for _ in 0..100 {
            assert!((window.advance(5.0, 600.0) - 50.0).abs() < 1e-2);
        }
    }

    #[test]
    fn a_step_is_seen_in_the_turn_it_happens_and_not_once_more_a_minute_later() {
        let mut window = SlidingWindow::default();
        let done =
            [10.0, 10.0, 10.0, 80.0, 80.0, 80.0, 80.0, 80.0, 80.0, 80.0, 80.0, 80.0, 20.0, 20.0, 20.0, 20.0, 20.0];
        for turn in 0..done.len() {
            let count: f64 = done[turn.saturating_sub(11)..=turn].iter().sum();
            assert!((window.advance(5.0, count) - done[turn]).abs() < 1e-3, "turn {turn}");
        }
    }

    #[test]
    fn turns_of_uneven_length_are_told_apart() {
        let mut window = SlidingWindow::default();
        let (mut now, mut last) = (0.0, 0.0);
        // Two jobs a second from the start, read at odd instants.
        for elapsed in [5.0, 0.2, 0.3, 11.0, 4.9, 30.0, 7.0, 5.1, 2.0, 20.0, 0.5, 9.0] {
            now += elapsed;
            let count = 2.0 * f64::min(now, WINDOW_SECONDS);
            assert!((window.advance(now - last, count) - 2.0 * elapsed).abs() < 1e-3, "at {now}");
            last = now;
        }
    }

    #[test]
    fn a_count_that_falls_faster_than_it_can_never_gives_a_negative_number() {
        let mut window = SlidingWindow::starting_with(600.0);
        assert_eq!(window.advance(5.0, 0.0), 0.0);
        assert_eq!(window.advance(5.0, 40.0), 40.0);
    }

    #[test]
    fn very_short_turns_take_no_more_memory() {
        let mut window = SlidingWindow::default();
        for _ in 0..10_000 {
            window.advance(0.05, 10.0);
        }
        assert!(window.pieces.len() <= 64, "{} pieces", window.pieces.len());
    }
}
