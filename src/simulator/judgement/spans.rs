//! The times with at least one worker into which whoever starts workers at turns can best divide a pool's jobs.
//!
//! A worker costs from its start, which is at a turn, until it leaves, at any instant; it boots for `b`, then takes a
//! waiting job whenever it is free. Each job `i`, arriving at `a(i)`, must start by an instant `d(i)`.
//!
//! 1. **Spans.** Time falls into spans with at least one worker and gaps with none. A span that serves the jobs `i` to
//!    `j`, in order of arrival, begins at a turn no later than `d(i) - b`, since job `i` starts in time and some worker has
//!    booted for it. Beginning earlier, even before job `i` is there, only makes for more idle time.
//!
//! 2. **Overhead.** A span's cost is its jobs' work and its overhead: `b` for each of its `k` boots, and what its workers
//!    idle. While no job is there nobody works. Let that be for `g` seconds at least. A further worker can boot through such
//!    a time, or boot while jobs wait and lengthen it; either way its `b` seconds take away no more than `b` of `g`. So the
//!    overhead is at least `k b + max(0, g - (k - 1) b) >= b + g`.
//!
//! 3. **Valleys.** Jobs are there for longest if they are served as slowly as may be. Three things limit that. A span has a
//!    worker, so while jobs are there they lose a second of work a second. A job has started by `d`, so it has ended by
//!    `d + s`, where `s` is its duration. And so, at an instant `t`, no more work is left than that of the jobs with
//!    `d + s > t`. From the end of the slowest way to the next arrival is a valley without jobs.
//!
//! 4. **Where spans end.** To end a span while jobs wait is no use: its worker could serve them for their work alone. So
//!    spans end in valleys. To stay through one costs its length; to leave costs the boot of the next span.
//!
//! 5. **A price on gaps.** Each gap that contains a turn may be given a price `p`, in worker-seconds. A gap between two turns is
//!    none of these: in a valley of length `g` it costs a boot, or what the workers are there for all the same, which is all but a
//!    turn. So a valley costs the least of `b + p` (left), `g` (stayed through), and `max(b, g - turn)`.
//!
//! Between the valleys a shortest path finds the least of the overheads and prices.

use crate::scenario::PoolTraffic;
use crate::traffic::Job;

/// One pool's jobs and how slowly they may be served.
#[derive(Debug)]
pub(super) struct Spans<'a> {
    jobs: &'a [Job],
    boot_seconds: f64,
    turn_seconds: f64,
    /// For each job: when it starts at the latest.
    latest_seconds: Vec<f64>,
    /// For each job: work left at its arrival at most, its own included.
    left_seconds: Vec<f64>,
    /// For each job: when it and all before it have ended at the latest.
    ended_seconds: Vec<f64>,
}

impl<'a> Spans<'a> {
    /// For jobs of which each may wait so long. `None` where they are not served in order of arrival, with several queues or
    /// with retries, or where there are none.
    pub(super) fn of(
        traffic: &'a PoolTraffic,
        boot_seconds: f64,
        turn_seconds: f64,
        may_wait_seconds: impl Fn(usize) -> f64,
    ) -> Option<Self> {
        let jobs = &traffic.jobs[..];
        if !traffic.is_served_in_order() || jobs.is_empty() {
            return None;
        }
        let latest = jobs.iter().enumerate().map(|(place, job)| job.arrives_at_seconds + may_wait_seconds(place));
        let latest_seconds: Vec<f64> = latest.collect();
        let ends = jobs.iter().zip(&latest_seconds).map(|(job, latest)| latest + job.service_seconds);
        let ended_seconds = ends.scan(0.0, |ended: &mut f64, end| {
            *ended = ended.max(end);
            Some(*ended)
        });
        let ended_seconds: Vec<f64> = ended_seconds.collect();
        let work_until_seconds: Vec<f64> = std::iter::once(0.0)
            .chain(jobs.iter().scan(0.0, |sum: &mut f64, job| {
                *sum += job.service_seconds;
                Some(*sum)
            }))
            .collect();
        let left = |place: usize| {
            // Those before the first one that may be left have all ended.
            let ended = |end: &f64| *end <= jobs[place].arrives_at_seconds;
            let first = ended_seconds[..place].partition_point(ended);
            work_until_seconds[place + 1] - work_until_seconds[first]
        };
        let left_seconds = (0..jobs.len()).map(left).collect();
        Some(Self { jobs, boot_seconds, turn_seconds, latest_seconds, left_seconds, ended_seconds })
    }

    /// The least overhead with that price on each gap that contains a turn, prices included, in worker-seconds.
    pub(super) fn least_overhead_seconds(&self, price_seconds: f64) -> f64 {
        let end = self.jobs.len();
        // Of spans that serve all jobs before one: with a gap before it, and with a worker that waits for it.
        let (mut after_gap, mut waited_for) = (vec![f64::INFINITY; end], vec![f64::INFINITY; end]);
        after_gap[0] = 0.0;
        let mut least = f64::INFINITY;
        for first in 0..end {
            let (ready_seconds, idle_seconds) = self.latest_start(first);
            let begun = (after_gap[first] + self.boot_seconds + idle_seconds, ready_seconds);
            let kept = (waited_for[first], self.jobs[first].arrives_at_seconds);
            for (overhead_seconds, ready_seconds) in [begun, kept] {
                if overhead_seconds.is_infinite() {
                    continue;
                }
                let Some((next, valley_seconds)) = self.next_valley(first, ready_seconds) else {
                    least = least.min(overhead_seconds);
                    continue;
                };
                let through_seconds = self.through_seconds(valley_seconds, price_seconds);
                after_gap[next] = after_gap[next].min(overhead_seconds + price_seconds);
                waited_for[next] = waited_for[next].min(overhead_seconds + through_seconds);
            }
        }
        least
    }

    /// When the worker that a span begins with for that job is ready at the latest, and how long before the job comes, which
    /// may be if a job may wait for less than a turn.
    fn latest_start(&self, first: usize) -> (f64, f64) {
        let latest_turn = ((self.latest_seconds[first] - self.boot_seconds) / self.turn_seconds).floor();
        let ready_seconds = latest_turn * self.turn_seconds + self.boot_seconds;
        (ready_seconds, (self.jobs[first].arrives_at_seconds - ready_seconds).max(0.0))
    }

    /// The job before which no job is there, after those from `first` on are served as slowly as may be by whoever is ready
    /// then, and for how long none is.
    fn next_valley(&self, first: usize, ready_seconds: f64) -> Option<(usize, f64)> {
        let mut free_seconds = ready_seconds;
        for (place, job) in self.jobs.iter().enumerate().skip(first) {
            let valley_seconds = job.arrives_at_seconds - free_seconds;
            if valley_seconds > 0.0 && place > first {
                return Some((place, valley_seconds));
            }
            let begins_seconds = free_seconds.max(job.arrives_at_seconds);
            let left_until_seconds = ready_seconds.max(job.arrives_at_seconds) + self.left_seconds[place];
            free_seconds =
                (begins_seconds + job.service_seconds).min(left_until_seconds).min(self.ended_seconds[place]);
        }
        None
    }

    /// What it costs to get through a valley without a gap that has a price.
    fn through_seconds(&self, valley_seconds: f64, price_seconds: f64) -> f64 {
        if price_seconds > 0.0 {
            valley_seconds.min((valley_seconds - self.turn_seconds).max(self.boot_seconds))
        } else {
            valley_seconds
        }
    }
}
