//! What the first level costs at least, its boots and what it idles, where jobs are started in order of arrival.
//!
//! # Why it is a lower bound
//!
//! Let a job arrive at `a`, take `s`, and start at `t`, no earlier than the one before it. It is in time if `t <= a + D`, with
//! the SLA `D`; each late job costs a price. When it has started, it and all before it have ended by `e` and no earlier.
//!
//! 1. **Cost.** Until the next job starts at `t`, nobody is in a job from `e` on. If `t` is later, the first level idles
//!    until then or becomes manned anew: it costs at least the smaller of `t - e` and a boot `b`. The first job costs a boot.
//!
//! 2. **Idling instead.** From an earlier `e` a schedule can go on like one from a later `e`, and idles for no more than the
//!    difference. So whoever has spent less by as much is no worse. For the same reason a gap that is not worth a boot is never
//!    made longer than it must be: the next job starts at the later of `a` and `e`, or, if a boot is spent, as late as can be.
//!
//! 3. **In time, and staying.** A job in time, and all before it, have started by `a + D`. So `e` becomes the smaller of
//!    `max(e, a) + s`, one by one, and `max(e, a + D + s)`.
//!
//! 4. **Late, and staying.** Late jobs have started by `a' + D`, where `a'` is the next arrival of a job that is in time. Let `g`
//!    be the end if each starts as soon as it can, one by one, and `h` the latest end if the very next job, which arrives at
//!    `n`, is in time. Then `e` is at most `g` and at most `h + (a' - n)`: with each late job `h` becomes `max(h, a + D + s)`,
//!    and later by the pause until the arrival after it. With the job that is in time point 3 holds for `g` one by one, and else
//!    for `h`. That a late job starts as soon as it can, even where that is in time, only lowers the cost.
//!
//! 5. **Leaving.** Late jobs may wait for the worker that boots for the next one in time. Then `e` becomes at most `a + D` and
//!    the longest duration of them all. So who has spent a boot more than the cheapest, and as much as `h` is later than
//!    `n + D`, need not be looked at: the cheapest can leave.
//!
//! Of all ways to choose these for each job, in order, the cheapest is found; where too many remain, the most expensive ones
//! are taken for one with the least that any has spent and the latest ends.

use crate::traffic::Job;

/// Schedules that are told apart; more would raise the bound a little, where jobs come fast and prices are low.
const MOST_SCHEDULES: usize = 48;

/// The least overhead in worker-seconds, prices of late jobs included. Jobs may wait for `sla_seconds` if not late.
pub(super) fn least_overhead_seconds(jobs: &[Job], sla_seconds: f64, boot_seconds: f64, late_job_seconds: f64) -> f64 {
    let mut first_level = FirstLevel {
        boot_seconds,
        late_job_seconds,
        manned: Vec::new(),
        left: vec![Left { overhead_seconds: 0.0, longest_seconds: 0.0 }],
    };
    let arrivals = || jobs.iter().map(|job| job.arrives_at_seconds);
    let next_arrivals = arrivals().skip(1).chain(arrivals().next_back());
    for (job, next_arrives_at_seconds) in jobs.iter().zip(next_arrivals) {
        first_level.serve(&Service {
            arrives_at_seconds: job.arrives_at_seconds,
            service_seconds: job.service_seconds,
            latest_start_seconds: job.arrives_at_seconds + sla_seconds,
            next_latest_start_seconds: next_arrives_at_seconds + sla_seconds,
        });
    }
    first_level.manned.first().map_or(0.0, |cheapest| cheapest.overhead_seconds)
}

/// One job.
#[derive(Clone, Copy, Debug)]
struct Service {
    /// `a`.
    arrives_at_seconds: f64,
    /// `s`.
    service_seconds: f64,
    /// `a + D`.
    latest_start_seconds: f64,
    /// `n + D`.
    next_latest_start_seconds: f64,
}

/// What may have been done until a job has been served.
#[derive(Debug)]
struct FirstLevel {
    boot_seconds: f64,
    late_job_seconds: f64,
    manned: Vec<Manned>,
    left: Vec<Left>,
}

/// A worker is there until the jobs have ended.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Manned {
    overhead_seconds: f64,
    /// `g`, or `e` if the last job is in time.
    ends_one_by_one_seconds: f64,
    /// `h`, or `e`.
    ends_in_time_seconds: f64,
}

/// Nobody is there, and the last jobs wait, all of them late.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Left {
    overhead_seconds: f64,
    /// The longest of those that wait.
    longest_seconds: f64,
}

impl FirstLevel {
    fn serve(&mut self, job: &Service) {
        let mut late = Vec::with_capacity(self.manned.len());
        let mut served = Vec::with_capacity(2 * self.manned.len() + self.left.len() + 1);
        for before in &self.manned {
            let (in_time, later) = before.serve(job, self.boot_seconds);
            served.push(in_time);
            if later.ends_one_by_one_seconds > in_time.ends_one_by_one_seconds + self.late_job_seconds {
                late.push(Manned { overhead_seconds: later.overhead_seconds + self.late_job_seconds, ..later });
            }
        }
        let leave = self.manned.first().map(|cheapest| cheapest.overhead_seconds);
        self.left.extend(leave.map(|overhead_seconds| Left { overhead_seconds, longest_seconds: 0.0 }));
        for before in &mut self.left {
            before.longest_seconds = before.longest_seconds.max(job.service_seconds);
            let ends_at_seconds = job.latest_start_seconds + before.longest_seconds;
            served.push(Manned::in_time(before.overhead_seconds + self.boot_seconds, ends_at_seconds));
            before.overhead_seconds += self.late_job_seconds;
        }
        served.append(&mut late);
        self.manned = self.worth_looking_at(served, job);
        keep_best(&mut self.left, |left| left.overhead_seconds, Left::excess_seconds);
    }

    /// The cheapest first.
    fn worth_looking_at(&self, mut served: Vec<Manned>, job: &Service) -> Vec<Manned> {
        let least_seconds = served.iter().map(|manned| manned.overhead_seconds).fold(f64::INFINITY, f64::min);
        served.retain(|manned| {
            let later_seconds = (manned.ends_in_time_seconds - job.next_latest_start_seconds).max(0.0);
            manned.overhead_seconds <= least_seconds + self.boot_seconds + later_seconds
        });
        keep_best(&mut served, |manned| manned.overhead_seconds, Manned::excess_seconds);
        if served.len() > MOST_SCHEDULES {
            let rest = served.split_off(MOST_SCHEDULES - 1);
            served.extend(rest.into_iter().reduce(Manned::with_the_best_of));
        }
        served
    }
}

impl Manned {
    fn in_time(overhead_seconds: f64, ends_at_seconds: f64) -> Self {
        Self { overhead_seconds, ends_one_by_one_seconds: ends_at_seconds, ends_in_time_seconds: ends_at_seconds }
    }

    /// With a job in time (point 3), and with a late one (point 4), without its price.
    fn serve(&self, job: &Service, boot_seconds: f64) -> (Self, Self) {
        let idle_seconds = job.arrives_at_seconds - self.ends_one_by_one_seconds;
        let overhead_seconds = self.overhead_seconds + idle_seconds.clamp(0.0, boot_seconds);
        let begins_seconds = self.ends_one_by_one_seconds.max(job.arrives_at_seconds);
        let ends_one_by_one_seconds = begins_seconds + job.service_seconds;
        let latest_end_seconds = self.ends_in_time_seconds.max(job.latest_start_seconds + job.service_seconds);
        let pause_seconds = job.next_latest_start_seconds - job.latest_start_seconds;
        let late = Self {
            overhead_seconds,
            ends_one_by_one_seconds,
            ends_in_time_seconds: ends_one_by_one_seconds.min(latest_end_seconds + pause_seconds),
        };
        (Self::in_time(overhead_seconds, ends_one_by_one_seconds.min(latest_end_seconds)), late)
    }

    /// How much later this may end than the other.
    fn excess_seconds(&self, other: &Self) -> f64 {
        let one_by_one_seconds = self.ends_one_by_one_seconds - other.ends_one_by_one_seconds;
        if other.ends_in_time_seconds >= other.ends_one_by_one_seconds {
            return one_by_one_seconds;
        }
        one_by_one_seconds.max(self.ends_in_time_seconds - other.ends_in_time_seconds)
    }

    fn with_the_best_of(self, other: Self) -> Self {
        Self {
            overhead_seconds: self.overhead_seconds.min(other.overhead_seconds),
            ends_one_by_one_seconds: self.ends_one_by_one_seconds.max(other.ends_one_by_one_seconds),
            ends_in_time_seconds: self.ends_in_time_seconds.max(other.ends_in_time_seconds),
        }
    }
}

impl Left {
    fn excess_seconds(&self, other: &Self) -> f64 {
        self.longest_seconds - other.longest_seconds
    }
}

/// Without those that end no later than others by as much as they have cost more (point 2), the cheapest first.
fn keep_best<T: Copy>(schedules: &mut Vec<T>, cost: impl Fn(&T) -> f64, excess_seconds: impl Fn(&T, &T) -> f64) {
    schedules.sort_by(|one, other| cost(one).total_cmp(&cost(other)));
    let mut kept = 0;
    for place in 0..schedules.len() {
        let schedule = schedules[place];
        let is_no_better = |other: &T| cost(other) + excess_seconds(&schedule, other).max(0.0) <= cost(&schedule);
        if !schedules[..kept].iter().any(is_no_better) {
            schedules[kept] = schedule;
            kept += 1;
        }
    }
    schedules.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    const BOOT_SECONDS: f64 = 5.0;
    const SLA_SECONDS: f64 = 30.0;
    /// No job is late.
    const NO_JOB_LATE: f64 = f64::INFINITY;

    fn jobs(arrivals_and_durations: &[(f64, f64)]) -> Vec<Job> {
        arrivals_and_durations.iter().map(|(arrival, duration)| Job::new(*arrival, *duration)).collect()
    }

    fn least(arrivals_and_durations: &[(f64, f64)], late_job_seconds: f64) -> f64 {
        least_overhead_seconds(&jobs(arrivals_and_durations), SLA_SECONDS, BOOT_SECONDS, late_job_seconds)
    }

    #[test]
    fn what_comes_within_the_promise_is_done_by_one_boot() {
        assert_eq!(least(&[(0.0, 1.0), (10.0, 1.0), (30.0, 1.0)], NO_JOB_LATE), BOOT_SECONDS);
    }

    #[test]
    fn a_short_pause_is_idled_through_and_a_long_one_is_not() {
        // The first job begins at 30 s at the latest and ends at 31 s.
        assert_eq!(least(&[(0.0, 1.0), (33.0, 1.0)], NO_JOB_LATE), BOOT_SECONDS + 2.0);
        assert_eq!(least(&[(0.0, 1.0), (40.0, 1.0)], NO_JOB_LATE), 2.0 * BOOT_SECONDS);
    }

    #[test]
    fn late_jobs_wait_for_the_boot_of_the_next_one() {
        assert_eq!(least(&[(0.0, 1.0), (40.0, 1.0)], 1.5), BOOT_SECONDS + 1.5);
    }

    #[test]
    fn many_jobs_at_once_keep_the_level_busy_only_until_all_are_in_time() {
        let mut burst = vec![(0.0, 1.0); 100];
        burst.push((34.0, 1.0));
        assert_eq!(least(&burst, NO_JOB_LATE), BOOT_SECONDS + 3.0);
        // Those that wait until 34 s would be in time if the next job came earlier.
        burst[100] = (31.0, 1.0);
        assert_eq!(least(&burst, NO_JOB_LATE), BOOT_SECONDS);
    }

    #[test]
    fn late_ones_wait_no_longer_than_the_next_one_in_time() {
        // Those of the burst have begun by 32 s, with the job that comes at 2 s. So the last two can be left until then.
        let mut burst = vec![(0.0, 1.0); 100];
        burst.extend([(2.0, 0.0), (34.0, 1.0)]);
        assert_eq!(least(&burst, 0.75), BOOT_SECONDS + 2.0 * 0.75 + 1.0);
        // With that job late as well the last three can wait until 34 s.
        assert_eq!(least(&burst, 0.25), BOOT_SECONDS + 4.0 * 0.25);
        assert_eq!(least(&burst, 1.5), BOOT_SECONDS + 3.0);
    }

    #[test]
    fn the_longest_of_the_late_ones_keeps_the_worker() {
        // It waits from 0 s for the worker that boots for the second one, by 70 s, and ends at 80 s.
        assert_eq!(least(&[(0.0, 10.0), (40.0, 1.0), (79.0, 1.0)], 1.5), BOOT_SECONDS + 1.5);
    }

    #[test]
    fn one_that_leaves_less_to_the_next_in_time_ends_earlier() {
        let late = |ends_in_time_seconds: f64| Manned {
            overhead_seconds: 0.0,
            ends_one_by_one_seconds: 10.0,
            ends_in_time_seconds,
        };
        assert_eq!(late(9.0).excess_seconds(&late(7.0)), 2.0);
        // Where nothing is left that could be.
        assert_eq!(late(9.0).excess_seconds(&late(10.0)), 0.0);
    }

    #[test]
    fn those_too_many_to_be_told_apart_are_taken_for_one_that_is_no_worse() {
        let served = |place: usize| Manned::in_time(place as f64, 2.0 * place as f64);
        let served: Vec<Manned> = (0..2 * MOST_SCHEDULES).map(served).collect();
        let first_level =
            FirstLevel { boot_seconds: 1_000.0, late_job_seconds: 1.0, manned: Vec::new(), left: Vec::new() };
        let job = Service {
            arrives_at_seconds: 0.0,
            service_seconds: 0.0,
            latest_start_seconds: 0.0,
            next_latest_start_seconds: 0.0,
        };
        let kept = first_level.worth_looking_at(served.clone(), &job);
        assert_eq!(kept.len(), MOST_SCHEDULES);
        let is_no_worse = |one: &Manned, other: &Manned| {
            one.overhead_seconds <= other.overhead_seconds && other.excess_seconds(one) <= 0.0
        };
        assert!(served.iter().all(|schedule| kept.iter().any(|one| is_no_worse(one, schedule))));
    }

    /// The cheapest of all starts at whole seconds, found by trying each.
    struct Cheapest<'a> {
        /// Arrivals and durations, by arrival.
        jobs: &'a [(u32, u32)],
        sla_seconds: u32,
        boot_seconds: f64,
        late_job_seconds: f64,
        /// By the number of jobs begun, the last start, and the last end.
        known: HashMap<(usize, u32, u32), f64>,
    }

    impl Cheapest<'_> {
        /// Whoever is late is so by no more.
        const LATEST_SECONDS: u32 = 28;

        /// With the first job's boot.
        fn least_seconds(&mut self) -> f64 {
            let (arrival, duration) = self.jobs[0];
            let starts = arrival..=arrival + self.sla_seconds + Self::LATEST_SECONDS;
            let with_start =
                |start: u32| self.boot_seconds + self.price(0, start) + self.least_after((1, start, start + duration));
            starts.map(with_start).fold(f64::INFINITY, f64::min)
        }

        fn price(&self, job: usize, start: u32) -> f64 {
            if start > self.jobs[job].0 + self.sla_seconds { self.late_job_seconds } else { 0.0 }
        }

        fn least_after(&mut self, begun: (usize, u32, u32)) -> f64 {
            let (job, last_start, end) = begun;
            let Some((arrival, duration)) = self.jobs.get(job).copied() else { return 0.0 };
            if let Some(known) = self.known.get(&begun) {
                return *known;
            }
            let mut least_seconds = f64::INFINITY;
            for start in arrival.max(last_start)..=arrival + self.sla_seconds + Self::LATEST_SECONDS {
                let gap_seconds = f64::from(start.saturating_sub(end)).min(self.boot_seconds);
                let after = self.least_after((job + 1, start, end.max(start + duration)));
                least_seconds = least_seconds.min(gap_seconds + self.price(job, start) + after);
            }
            self.known.insert(begun, least_seconds);
            least_seconds
        }
    }

    fn stream() -> impl Strategy<Value = Vec<(u32, u32)>> {
        let pause = prop_oneof![2 => Just(0_u32), 3 => 0_u32..3, 1 => 0_u32..14];
        proptest::collection::vec((pause, 0_u32..6), 1..20).prop_map(|jobs| {
            let arrivals = jobs.iter().scan(0, |now, (pause, _)| {
                *now += pause;
                Some(*now)
            });
            arrivals.zip(jobs.iter().map(|job| job.1)).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn no_starts_in_order_are_cheaper(
            stream in stream(),
            sla_seconds in 0_u32..6,
            boot_seconds in 1_u32..8,
            price in prop_oneof![0.1_f64..5.0, Just(NO_JOB_LATE)],
        ) {
            let stream_seconds: Vec<(f64, f64)> = stream.iter().map(|job| (f64::from(job.0), f64::from(job.1))).collect();
            let boot_seconds = f64::from(boot_seconds);
            let bound = least_overhead_seconds(&jobs(&stream_seconds), f64::from(sla_seconds), boot_seconds, price);
            let known = HashMap::new();
            let mut cheapest = Cheapest { jobs: &stream, sla_seconds, boot_seconds, late_job_seconds: price, known };
            let least_seconds = cheapest.least_seconds();
            prop_assert!(bound <= least_seconds + 1e-6, "{bound} of {least_seconds}");
            if price == NO_JOB_LATE {
                prop_assert!(bound >= least_seconds - 1e-6, "{bound} of {least_seconds}");
            }
        }
    }
}
