//! Delayed jobs that nobody would notice.

/// Share of the room for waiting after which somebody looks again: a job that became due right after a look is then still
/// found in time.
const LOOK_SHARE_OF_ROOM: f64 = 0.8;

/// Response times between two looks at least, so that a short SLA does not keep a worker starting all the time.
const LOOK_RESPONSES: f64 = 2.0;

/// When a worker last looked at a pool whose jobs are all delayed.
///
/// On Redis a delayed job that became due is counted as delayed until a worker looks for jobs; without workers it would
/// wait for ever. So one is started to look, every [`WakeUp::interval_seconds`]. A driver that is seen to tell due jobs
/// by itself, as the database's does, needs no look.
#[derive(Clone, Copy, Debug, Default)]
pub struct WakeUp {
    last_look_seconds: Option<f64>,
    last: Option<Unattended>,
    /// Since when there are workers of which nobody knows whether they still boot.
    silent_since_seconds: Option<f64>,
    tells_by_itself: bool,
}

/// A pool's jobs at an instant at which nobody worked it.
#[derive(Clone, Copy, Debug)]
struct Unattended {
    pending: u64,
    scheduled: u64,
}

impl WakeUp {
    /// Time between two looks, given the SLA's room for waiting and the time from noticing to acting, in seconds.
    pub fn interval_seconds(room_seconds: f64, response_seconds: f64) -> f64 {
        (LOOK_SHARE_OF_ROOM * room_seconds).max(LOOK_RESPONSES * response_seconds)
    }

    /// Somebody is looking.
    pub fn looked(&mut self, now_seconds: f64) {
        self.last_look_seconds = Some(now_seconds);
        self.last = None;
    }

    /// Workers run that tell nothing: they are looking once they have been there for as long as a boot takes. Tells whether they are.
    pub fn silent_since(&mut self, now_seconds: f64, boot_seconds: f64) -> bool {
        let since = self.silent_since_seconds.get_or_insert(now_seconds);
        *since = since.min(now_seconds);
        now_seconds - *since >= boot_seconds
    }

    /// No worker that tells nothing is there.
    pub fn none_silent(&mut self) {
        self.silent_since_seconds = None;
    }

    /// Nobody works the pool. If delayed jobs become pending all the same, the driver tells them by itself.
    pub fn unattended(&mut self, pending: u64, scheduled: u64) {
        if let Some(last) = self.last.replace(Unattended { pending, scheduled }) {
            self.tells_by_itself |= scheduled < last.scheduled && pending > last.pending;
        }
    }

    /// Whether a look is due.
    pub fn is_due(&mut self, now_seconds: f64, interval_seconds: f64) -> bool {
        // A clock that went backwards starts the interval afresh instead of making it endless.
        let last = self.last_look_seconds.get_or_insert(now_seconds - interval_seconds);
        *last = last.min(now_seconds);
        !self.tells_by_itself && now_seconds - *last >= interval_seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_look_is_due_at_once_and_the_next_after_the_interval() {
        let mut wake_up = WakeUp::default();
        assert!(wake_up.is_due(100.0, 20.0));
        wake_up.looked(101.0);
        assert!(!wake_up.is_due(120.0, 20.0));
        assert!(wake_up.is_due(121.0, 20.0));
    }

    #[test]
    fn a_driver_that_tells_due_jobs_by_itself_needs_no_look() {
        let mut wake_up = WakeUp::default();
        wake_up.unattended(0, 20);
        wake_up.unattended(5, 15);
        assert!(!wake_up.is_due(100.0, 20.0));
    }

    #[test]
    fn a_clock_that_goes_backwards_does_not_make_the_wait_endless() {
        let mut wake_up = WakeUp::default();
        wake_up.looked(1e9);
        assert!(!wake_up.is_due(0.0, 20.0));
        assert!(wake_up.is_due(20.0, 20.0));
    }

    #[test]
    fn a_due_job_is_found_within_the_sla() {
        // 30 s promised, turns of 5 s, boots of 1.5 s.
        let (room, response) = (23.5, 6.5);
        assert!(WakeUp::interval_seconds(room, response) + response <= 30.0);
    }
}
