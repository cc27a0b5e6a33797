//! Up at once, down only when the lower target has held.

/// Remembers, for one pool, since when fewer workers would do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stabiliser {
    lower: Option<LowerTarget>,
    last_decrease_seconds: Option<f64>,
    /// When all workers were last needed.
    last_needed_seconds: Option<f64>,
}

#[derive(Clone, Copy, Debug)]
struct LowerTarget {
    since_seconds: f64,
    /// Highest target wanted since then.
    highest: u32,
}

/// What keeps a lower target from being taken yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Nothing.
    No,
    /// It has not held for long enough.
    Window,
    /// The last decrease is too recent.
    Cooldown,
}

impl Stabiliser {
    /// What to go for, given what is wanted and what there is.
    pub fn settle(
        &mut self,
        now_seconds: f64,
        wanted: u32,
        current: u32,
        window_seconds: f64,
        cooldown_seconds: f64,
    ) -> (u32, Held) {
        if wanted >= current {
            self.lower = None;
            self.last_needed_seconds = Some(now_seconds);
            return (wanted, Held::No);
        }
        let lower = self.lower.get_or_insert(LowerTarget {
            since_seconds: self.last_needed_seconds.unwrap_or(now_seconds),
            highest: wanted,
        });
        lower.highest = lower.highest.max(wanted);
        let target = lower.highest.min(current);
        // A clock that went backwards starts the wait afresh instead of making it endless.
        lower.since_seconds = lower.since_seconds.min(now_seconds);
        if now_seconds - lower.since_seconds < window_seconds {
            return (current, Held::Window);
        }
        let cooled_down =
            self.last_decrease_seconds.is_none_or(|last| now_seconds - last.min(now_seconds) >= cooldown_seconds);
        if !cooled_down {
            return (current, Held::Cooldown);
        }
        self.lower = None;
        self.last_decrease_seconds = Some(now_seconds);
        (target, Held::No)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_taken_at_once() {
        let mut stabiliser = Stabiliser::default();
        assert_eq!(stabiliser.settle(0.0, 9, 3, 60.0, 60.0), (9, Held::No));
    }

    #[test]
    fn fewer_is_taken_once_it_has_held_and_then_the_highest_of_what_was_wanted() {
        let mut stabiliser = Stabiliser::default();
        stabiliser.settle(0.0, 9, 9, 10.0, 0.0);
        assert_eq!(stabiliser.settle(5.0, 2, 9, 10.0, 0.0), (9, Held::Window));
        assert_eq!(stabiliser.settle(10.0, 4, 9, 10.0, 0.0), (4, Held::No));
    }

    #[test]
    fn a_moment_of_need_starts_the_wait_afresh() {
        let mut stabiliser = Stabiliser::default();
        stabiliser.settle(0.0, 9, 9, 10.0, 0.0);
        stabiliser.settle(5.0, 2, 9, 10.0, 0.0);
        stabiliser.settle(9.0, 9, 9, 10.0, 0.0);
        assert_eq!(stabiliser.settle(10.0, 2, 9, 10.0, 0.0), (9, Held::Window));
    }

    #[test]
    fn a_cooldown_spaces_decreases() {
        let mut stabiliser = Stabiliser::default();
        stabiliser.settle(0.0, 9, 9, 0.0, 60.0);
        assert_eq!(stabiliser.settle(5.0, 5, 9, 0.0, 60.0), (5, Held::No));
        assert_eq!(stabiliser.settle(10.0, 2, 5, 0.0, 60.0), (5, Held::Cooldown));
        assert_eq!(stabiliser.settle(65.0, 2, 5, 0.0, 60.0), (2, Held::No));
    }

    #[test]
    fn a_clock_that_goes_backwards_does_not_hold_for_ever() {
        let mut stabiliser = Stabiliser::default();
        stabiliser.settle(1e9, 2, 9, 10.0, 0.0);
        assert_eq!(stabiliser.settle(0.0, 2, 9, 10.0, 0.0), (9, Held::Window));
        assert_eq!(stabiliser.settle(10.0, 2, 9, 10.0, 0.0), (2, Held::No));
    }
}
