//! When a pool's worker that ended by itself is started again.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::{Duration, Instant};

/// Shortest pause after repeated failures.
const SHORTEST: Duration = Duration::from_secs(1);

/// Longest pause before jitter; with [`JITTER_SHARE`] on top, 60 seconds.
const LONGEST_BEFORE_JITTER: Duration = Duration::from_secs(40);

/// Longest pause before jitter of workers that leave in good order without having had a job, as all of them do while
/// the queue's server is away: short, since they must be back within a turn once it is.
const LONGEST_FRUITLESS: Duration = Duration::from_secs(2);

/// Share of the pause that chance adds, lest many hosts that failed together come back together.
const JITTER_SHARE: f64 = 0.5;

/// A pool without a failure for this long starts from the beginning.
const HEALTHY_AFTER: Duration = Duration::from_secs(60);

/// Least time between two starts in the place of a worker that did jobs before it crashed: the pool makes progress, but
/// a job that kills its worker every time must not make a tight loop.
const SHORTEST_LIFE: Duration = Duration::from_secs(1);

/// Failures in a row that are counted: more do not lengthen the pause.
const MOST_FAILURES: usize = 32;

/// An ordinary exit after less than this without one job is fruitless.
const FRUITFUL_LIFE: Duration = Duration::from_secs(10);

/// How a worker ended that nobody asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// `--max-time`, `--max-jobs`, the memory limit, `queue:restart`.
    Ordinary,
    /// A failing exit code or a signal.
    Crash,
}

/// What the supervisor knows of the life that ended.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    /// When it was spawned.
    pub spawned_at: Instant,
    /// When it ended.
    pub ended_at: Instant,
    /// Whether its loop ever came up.
    pub booted: bool,
    /// Jobs that it finished.
    pub jobs_done: u64,
}

impl Life {
    fn length(&self) -> Duration {
        self.ended_at.saturating_duration_since(self.spawned_at)
    }
}

/// One pool's memory of failures.
#[derive(Debug, Default)]
pub struct Backoff {
    /// Workers that died though they had come up.
    crashes: Streak,
    /// Workers that never came up.
    failed_starts: Streak,
    /// While workers fail to start: no start before this moment, and then one alone, to try.
    not_before: Option<Instant>,
}

impl Backoff {
    /// How long the place of a worker that ended stays empty.
    pub fn pause_after(&mut self, ending: Ending, life: &Life) -> Duration {
        match ending {
            Ending::Ordinary if life.jobs_done > 0 || life.length() >= FRUITFUL_LIFE => Duration::ZERO,
            Ending::Ordinary if life.booted => pause(self.crashes.failures_before(life), LONGEST_FRUITLESS),
            Ending::Crash if life.jobs_done > 0 || life.length() >= HEALTHY_AFTER => {
                SHORTEST_LIFE.saturating_sub(life.length())
            }
            Ending::Crash if life.booted => pause(self.crashes.failures_before(life), LONGEST_BEFORE_JITTER),
            // It never came up: no use in trying again at once.
            Ending::Ordinary | Ending::Crash => {
                let pause = pause(self.failed_starts.failures_before(life).saturating_add(1), LONGEST_BEFORE_JITTER);
                let not_before = self.not_before.unwrap_or(life.ended_at).max(life.ended_at + pause);
                self.not_before = Some(not_before);
                not_before.saturating_duration_since(life.ended_at)
            }
        }
    }

    /// A worker came up: the pool can start workers.
    pub fn start_succeeded(&mut self) {
        self.failed_starts = Streak::default();
        self.not_before = None;
    }

    /// What the failures since `since` were due to is over: they count no more. Tells whether there was one.
    pub fn forgive(&mut self, since: Instant, now: Instant) -> bool {
        let crashed = self.crashes.forgive(since, now);
        let failed_to_start = self.failed_starts.forgive(since, now);
        if failed_to_start {
            // Those that failed before as well go on trying one at a time.
            self.not_before = (!self.failed_starts.failures.is_empty()).then_some(now);
        }
        crashed || failed_to_start
    }

    /// The earliest moment of the next start while workers fail to start; `None` while they do not.
    pub fn failing_until(&self) -> Option<Instant> {
        self.not_before
    }
}

/// Failures in a row, without a healthy minute between them.
#[derive(Debug, Default)]
struct Streak {
    /// When each was, oldest first; of very many the first ones.
    failures: Vec<Instant>,
    last_failure_at: Option<Instant>,
    /// Workers spawned before this belong to a failure that is counted already.
    counted_up_to: Option<Instant>,
}

impl Streak {
    /// Counts the failure that ended a life and tells how many came before it. Workers that were spawned before the last
    /// counted one fail with it, for the same cause, and count once.
    fn failures_before(&mut self, life: &Life) -> u32 {
        let now = life.ended_at;
        if self.last_failure_at.is_some_and(|failed_at| now.saturating_duration_since(failed_at) >= HEALTHY_AFTER) {
            self.failures.clear();
        }
        self.last_failure_at = Some(now);
        if self.counted_up_to.is_none_or(|counted| life.spawned_at >= counted) {
            if self.failures.len() < MOST_FAILURES {
                self.failures.push(now);
            }
            self.counted_up_to = Some(now);
        }
        u32::try_from(self.failures.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// Forgets the failures from `since` until `now`; tells whether there was one.
    fn forgive(&mut self, since: Instant, now: Instant) -> bool {
        if self.last_failure_at.is_none_or(|failed_at| failed_at < since) {
            return false;
        }
        self.failures.retain(|failed_at| *failed_at < since);
        self.counted_up_to = self.failures.last().copied();
        // Nobody was healthy in the meantime.
        self.last_failure_at = self.counted_up_to.map(|_| now);
        true
    }
}

/// The pause after `earlier_failures`: none after none, then doubling, with jitter.
fn pause(earlier_failures: u32, longest: Duration) -> Duration {
    let Some(doublings) = earlier_failures.checked_sub(1) else {
        return Duration::ZERO;
    };
    let nominal = 2_u32.checked_pow(doublings).and_then(|factor| SHORTEST.checked_mul(factor)).unwrap_or(longest);
    nominal.min(longest).mul_f64(1.0 + JITTER_SHARE * chance())
}

/// A number out of `0.0..1.0` by chance; good enough to spread restarts.
fn chance() -> f64 {
    let random = RandomState::new().build_hasher().finish();
    (random >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::{Backoff, Ending, FRUITFUL_LIFE, HEALTHY_AFTER, Life};
    use std::time::{Duration, Instant};

    const SECOND: Duration = Duration::from_secs(1);
    const MOMENT: Duration = Duration::from_millis(1);

    fn life(spawned_at: Instant, length: Duration, booted: bool, jobs_done: u64) -> Life {
        Life { spawned_at, ended_at: spawned_at + length, booted, jobs_done }
    }

    /// The pauses of a place whose workers all end alike.
    fn pauses(ending: Ending, length: Duration, booted: bool, jobs_done: u64, count: usize) -> Vec<Duration> {
        let mut backoff = Backoff::default();
        let mut now = Instant::now();
        (0..count)
            .map(|_| {
                let ended = life(now, length, booted, jobs_done);
                let pause = backoff.pause_after(ending, &ended);
                now = ended.ended_at + pause;
                pause
            })
            .collect()
    }

    #[test]
    fn the_first_crash_of_a_running_worker_is_mended_at_once() {
        assert_eq!(pauses(Ending::Crash, SECOND, true, 0, 1), [Duration::ZERO]);
    }

    #[test]
    fn workers_that_keep_dying_come_back_ever_later_up_to_a_minute() {
        let pauses = pauses(Ending::Crash, MOMENT, true, 0, 12);
        for (index, pause) in pauses.iter().enumerate().skip(1) {
            let nominal = 2.0_f64.powi(index as i32 - 1).min(40.0);
            let seconds = pause.as_secs_f64();
            assert!(seconds >= nominal && seconds <= nominal * 1.5, "pause {index} was {seconds} s");
        }
    }

    #[test]
    fn workers_that_never_come_up_wait_from_the_first_failure_on() {
        let pauses = pauses(Ending::Crash, MOMENT, false, 0, 8);
        assert!(pauses[0] >= SECOND && pauses[0] <= 2 * SECOND, "{pauses:?}");
        assert!(pauses[7] >= 40 * SECOND && pauses[7] <= 60 * SECOND, "{pauses:?}");
    }

    #[test]
    fn a_pool_that_can_start_workers_again_is_forgiven_its_failed_starts() {
        let mut backoff = Backoff::default();
        let mut now = Instant::now();
        for _ in 0..6 {
            let ended = life(now, MOMENT, false, 0);
            now = ended.ended_at + backoff.pause_after(Ending::Crash, &ended);
        }
        assert!(backoff.failing_until().is_some());
        backoff.start_succeeded();
        assert_eq!(backoff.failing_until(), None);
        assert!(backoff.pause_after(Ending::Crash, &life(now, MOMENT, false, 0)) <= 2 * SECOND);
    }

    /// Fails every time from `now` until `end`; when the last pause ends.
    fn keeps_failing(backoff: &mut Backoff, mut now: Instant, end: Instant, booted: bool) -> Instant {
        while now < end {
            let ended = life(now, MOMENT, booted, 0);
            now = ended.ended_at + backoff.pause_after(Ending::Crash, &ended);
        }
        now
    }

    #[test]
    fn failures_that_an_outage_caused_are_forgiven_when_it_is_over() {
        for booted in [true, false] {
            let mut backoff = Backoff::default();
            let start = Instant::now();
            let end = start + 75 * SECOND;
            let due = keeps_failing(&mut backoff, start, end, booted);
            assert!(due > end);
            assert!(backoff.forgive(start, end));
            assert_eq!(backoff.failing_until(), None);
            // The next failure is a first one.
            assert!(backoff.pause_after(Ending::Crash, &life(end, MOMENT, booted, 0)) <= 2 * SECOND);
        }
    }

    #[test]
    fn failures_from_before_an_outage_still_count() {
        for booted in [true, false] {
            let mut backoff = Backoff::default();
            let start = keeps_failing(&mut backoff, Instant::now(), Instant::now() + 60 * SECOND, booted);
            assert!(!backoff.forgive(start, start));
            let end = start + 20 * SECOND;
            keeps_failing(&mut backoff, start, end, booted);
            assert!(backoff.forgive(start, end));
            assert!(backoff.pause_after(Ending::Crash, &life(end, MOMENT, booted, 0)) >= 30 * SECOND);
        }
    }

    #[test]
    fn an_exit_with_code_zero_before_the_loop_is_up_is_a_failed_start() {
        assert!(pauses(Ending::Ordinary, MOMENT, false, 0, 3).iter().all(|pause| *pause >= SECOND));
    }

    #[test]
    fn chance_spreads_the_pauses() {
        let first: Vec<Duration> = (0..20).map(|_| pauses(Ending::Crash, MOMENT, false, 0, 1)[0]).collect();
        assert!(first.iter().any(|pause| *pause != first[0]));
    }

    #[test]
    fn workers_that_failed_together_count_once() {
        let mut backoff = Backoff::default();
        let start = Instant::now();
        for number in 0..10 {
            let pause = backoff.pause_after(Ending::Crash, &life(start, SECOND + number * MOMENT, true, 0));
            assert_eq!(pause, Duration::ZERO);
        }
    }

    #[test]
    fn a_healthy_minute_forgives() {
        let mut backoff = Backoff::default();
        let mut now = Instant::now();
        for _ in 0..6 {
            let ended = life(now, MOMENT, true, 0);
            now = ended.ended_at + backoff.pause_after(Ending::Crash, &ended);
        }
        let ended = life(now + HEALTHY_AFTER, MOMENT, true, 0);
        assert_eq!(backoff.pause_after(Ending::Crash, &ended), Duration::ZERO);
    }

    #[test]
    fn ordinary_exits_after_work_are_replaced_at_once_every_time() {
        assert!(pauses(Ending::Ordinary, MOMENT, true, 1, 50).iter().all(Duration::is_zero));
        assert!(pauses(Ending::Ordinary, FRUITFUL_LIFE, true, 0, 50).iter().all(Duration::is_zero));
    }

    #[test]
    fn workers_that_leave_at_once_without_a_job_pause_for_seconds_only() {
        let pauses = pauses(Ending::Ordinary, SECOND, true, 0, 20);
        assert_eq!(pauses[0], Duration::ZERO);
        assert!(pauses[1..].iter().all(|pause| *pause >= SECOND && *pause <= 3 * SECOND), "{pauses:?}");
    }

    #[test]
    fn crashes_after_work_never_starve_the_pool_nor_make_a_tight_loop() {
        assert!(pauses(Ending::Crash, 2 * SECOND, true, 3, 50).iter().all(Duration::is_zero));
        let quick = pauses(Ending::Crash, MOMENT, true, 1, 50);
        assert!(quick.iter().all(|pause| *pause + MOMENT == SECOND), "{quick:?}");
    }
}
