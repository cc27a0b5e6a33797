//! What time it is, and how long a turn is.

/// Gain at which the length of a turn is followed: a single late turn is no new habit.
const TURN_GAIN: f64 = 0.2;

/// Bounds of what is taken for a turn, in seconds: below is a call made twice, above is a pause.
const TURN_RANGE_SECONDS: std::ops::RangeInclusive<f64> = 0.1..=60.0;

/// Follows the instants that are handed in.
#[derive(Clone, Copy, Debug)]
pub struct TurnClock {
    now_seconds: Option<f64>,
    turn_seconds: f64,
}

impl TurnClock {
    /// Starts from the configured length of a turn.
    pub fn new(interval_seconds: f64) -> Self {
        Self { now_seconds: None, turn_seconds: interval_seconds }
    }

    /// It is `now_seconds`. An instant that is no number leaves the clock where it is; one before the last is taken as
    /// it is, since only then can time go on from there.
    pub fn advance(&mut self, now_seconds: f64) {
        if !now_seconds.is_finite() {
            return;
        }
        if let Some(last) = self.now_seconds {
            let elapsed = now_seconds - last;
            if TURN_RANGE_SECONDS.contains(&elapsed) {
                self.turn_seconds += TURN_GAIN * (elapsed - self.turn_seconds);
            }
        }
        self.now_seconds = Some(now_seconds);
    }

    /// The present instant, in seconds.
    pub fn now_seconds(&self) -> f64 {
        self.now_seconds.unwrap_or(0.0)
    }

    /// Time between two turns, in seconds.
    pub fn turn_seconds(&self) -> f64 {
        self.turn_seconds
    }
}
