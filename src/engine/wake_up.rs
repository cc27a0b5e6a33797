//! Delayed jobs that nobody would notice.

/// Share of the room for waiting after which somebody looks again: a job that became due right after a look still has
/// the other half left.
const LOOK_SHARE_OF_ROOM: f64 = 0.5;

/// Response times between two looks at least, so that a short SLA does not keep a worker starting all the time.
const LOOK_RESPONSES: f64 = 4.0;

/// When a worker last looked at a pool whose jobs are all delayed.
///
/// On Redis a delayed job that became due is counted as delayed until a worker looks for jobs; without workers it would
/// wait for ever. So one is started to look, every [`WakeUp::interval_seconds`].
#[derive(Clone, Copy, Debug, Default)]
pub struct WakeUp {
    last_look_seconds: Option<f64>,
}

impl WakeUp {
    /// Time between two looks, given the SLA's room for waiting and the time from noticing to acting, in seconds.
    pub fn interval_seconds(room_seconds: f64, response_seconds: f64) -> f64 {
        (LOOK_SHARE_OF_ROOM * room_seconds).max(LOOK_RESPONSES * response_seconds)
    }

    /// Somebody is looking.
    pub fn looked(&mut self, now_seconds: f64) {
        self.last_look_seconds = Some(now_seconds);
    }

    /// Whether a look is due.
    pub fn is_due(&mut self, now_seconds: f64, interval_seconds: f64) -> bool {
        // A clock that went backwards starts the interval afresh instead of making it endless.
        let last = self.last_look_seconds.get_or_insert(now_seconds - interval_seconds);
        *last = last.min(now_seconds);
        now_seconds - *last >= interval_seconds
    }
}
