//! What really happened in a pool, as far as a recording tells.
//!
//! A recording looks at a pool once a turn, just before the manager decides. What comes and goes between two looks is not in
//! it: a worker that is started, does a job and leaves, or a job that is picked up a moment after it was seen waiting. In
//! a pool with a worker or less that is most of what happens, so it is reckoned from what is known.

use crate::config::PoolId;
use crate::engine::IDLE_GRACE_SECONDS;

/// What the recording says of one pool.
#[derive(Clone, Debug, PartialEq)]
pub struct RealPool {
    /// Whose.
    pub pool: PoolId,
    /// Every turn.
    pub turns: Vec<RealTurn>,
    /// Time that its workers took to boot, in seconds.
    pub boot_seconds: f64,
    /// Mean duration of its jobs, in seconds.
    pub service_seconds: f64,
    /// How long an idle worker sleeps between two looks at an empty queue, in seconds.
    pub poll_seconds: f64,
}

/// One pool in one turn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RealTurn {
    /// Seconds since the first turn.
    pub at_seconds: f64,
    /// Jobs that came in since the turn before.
    pub arrived: f64,
    /// Seconds that workers were in jobs since the turn before.
    pub busy_seconds: f64,
    /// Jobs waiting.
    pub pending: u64,
    /// How long those of them that came in since the turn before have waited together by then, in seconds.
    pub newcomers_waited_seconds: f64,
    /// Workers alive before the decision.
    pub alive: u32,
    /// Those of them without a job.
    pub idle: u32,
    /// The target decided on; `None` where there was no decision.
    pub target: Option<u32>,
}

impl RealTurn {
    /// Workers that the decision starts.
    fn started(&self) -> f64 {
        f64::from(self.target.unwrap_or(0).saturating_sub(self.alive))
    }

    /// Jobs that were picked up between this turn and the next, and had waited at this one.
    fn picked_up(&self, next: &Self) -> f64 {
        (self.pending as f64 - (next.pending as f64 - next.arrived).max(0.0)).max(0.0)
    }
}

impl RealPool {
    /// Mean number of workers alive.
    ///
    /// Who is there at a turn's end and at the next turn was there between. Who is gone by then lived for its boot, if
    /// it was started, for its share of the time in jobs, and for the moment after which an idle worker leaves.
    pub fn mean_workers(&self) -> f64 {
        let between = |turn: &RealTurn, next: &RealTurn, seconds: f64| {
            let (started, alive) = (turn.started(), f64::from(turn.alive) + turn.started());
            let stayed = alive.min(f64::from(next.alive));
            let left = alive - stayed;
            let of_started = if alive > 0.0 { started / alive } else { 0.0 };
            let in_jobs = if alive > 0.0 { next.busy_seconds / alive } else { 0.0 };
            let lived = (of_started * self.boot_seconds + in_jobs + IDLE_GRACE_SECONDS).min(seconds);
            let came_later = (f64::from(next.alive) - alive).max(0.0) / 2.0;
            (stayed + came_later) * seconds + left * lived
        };
        self.sum(between) / self.seconds()
    }

    /// Most workers alive at a turn, those that it starts included.
    pub fn peak_workers(&self) -> u32 {
        self.turns.iter().map(|turn| turn.alive.max(turn.target.unwrap_or(0))).max().unwrap_or(0)
    }

    /// Mean wait until the pickup in seconds, by Little's law: jobs waiting on average ÷ jobs that came in a second.
    ///
    /// Jobs that wait from turn to turn, and those that have come meanwhile, tell themselves how long. Where some stay, the others
    /// were picked up one after the other in between; where all that waited at a turn are gone by the next, as fast as the workers
    /// there could. A job that meets an idle worker waits until that one looks.
    pub fn mean_pickup_seconds(&self) -> f64 {
        let arrived: f64 = self.turns.iter().map(|turn| turn.arrived).sum();
        let between = |turn: &RealTurn, next: &RealTurn, seconds: f64| {
            let (before, after) = (turn.pending as f64, next.pending as f64);
            let picked_up = turn.picked_up(next);
            let newcomers = (after - (before - picked_up)).clamp(0.0, next.arrived);
            if picked_up < before {
                return (before - picked_up / 2.0) * seconds + next.newcomers_waited_seconds;
            }
            let about_to_be_taken = newcomers.min(f64::from(next.idle));
            let of_newcomers = if newcomers > 0.0 { 1.0 - about_to_be_taken / newcomers } else { 0.0 };
            let idle = turn.idle.max(next.idle);
            let met_idle = if idle > 0 { next.arrived - newcomers + about_to_be_taken } else { 0.0 };
            let left = (before - f64::from(turn.idle)).max(0.0);
            left * self.cleared_seconds(turn, next, seconds)
                + of_newcomers * next.newcomers_waited_seconds
                + met_idle * self.poll_seconds / (f64::from(idle) + 1.0)
        };
        if arrived > 0.0 { self.sum(between) / arrived } else { 0.0 }
    }

    /// How long the jobs that wait at a turn wait on, on average, where all are gone by the next one.
    fn cleared_seconds(&self, turn: &RealTurn, next: &RealTurn, seconds: f64) -> f64 {
        let workers = f64::from(turn.alive) + turn.started();
        let first_seconds = if turn.idle > 0 || turn.pending == 0 {
            0.0
        } else if turn.started() > 0.0 {
            self.boot_seconds
        } else {
            self.service_seconds / 2.0
        };
        let one_by_one = (turn.pending as f64 - workers).max(0.0);
        let rate_per_second = workers / self.service_seconds.max(f64::MIN_POSITIVE) - next.arrived / seconds;
        let clearing_seconds = if rate_per_second > 0.0 { one_by_one / rate_per_second } else { seconds };
        (first_seconds + clearing_seconds / 2.0).min(seconds)
    }

    fn sum(&self, between: impl Fn(&RealTurn, &RealTurn, f64) -> f64) -> f64 {
        let pairs = self.turns.windows(2);
        pairs.map(|pair| between(&pair[0], &pair[1], pair[1].at_seconds - pair[0].at_seconds)).sum()
    }

    fn seconds(&self) -> f64 {
        self.turns.last().map_or(0.0, |last| last.at_seconds).max(f64::MIN_POSITIVE)
    }
}
