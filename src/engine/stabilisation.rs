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
