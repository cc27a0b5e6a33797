//! The fewest worker-seconds with which anybody, knowing all that will happen, could have kept the promise.
//!
//! # Why it is a lower bound
//!
//! A schedule keeps the promise if at least 99 % of the jobs start within the SLA `D`; all jobs are done in the end.
//!
//! 1. **Work.** Each attempt keeps a worker for its whole duration, so the cost is at least the sum of the durations.
//!    What it is beyond, the overhead, is a boot time `b` for each worker, and whatever those that have booted idle.
//!
//! 2. **Levels.** Say that level `k` is manned while at least `k` workers have booted and not left, and busy while at least
//!    `k` are in a job; a busy level is manned. Whenever a level becomes manned a worker has booted, another one for
//!    each level. The seconds that levels are manned and not busy add up to what workers idle. So the overhead is at
//!    least `b` for each time that a level becomes manned, and a second for each that a level is manned and not busy.
//!
//! 3. **Peaks.** Take an interval of length `l = h + D + m`, and the jobs that arrive within its first `h` seconds. Those in
//!    time start within its first `h + D` seconds, so at its end each has had at least the smaller of its duration and
//!    `m` from a worker. Let `C` be the sum of that over all these jobs. If only `k` levels are busy in the interval,
//!    at most `k × l` of work is done in it. So at least `(C - k × l) ÷ m` of the jobs are late, and all of them if no
//!    level is busy.
//!
//! 4. **Gaps.** Take peaks that do not overlap, and before each a gap of length `g`, no earlier than the end of the peak
//!    before. A level that is busy in the peak has either become manned since the gap began, or was manned for all of the
//!    gap. Let `w` be the work that can be done in the gap: that of the jobs that arrived before its end and need not have
//!    ended before its beginning. While a level is busy all below are, and so the levels' busy seconds in the gap add up
//!    to `w` at most. A level that is busy for `y` seconds of the gap costs at least `min(b, g - y)`. That is concave in
//!    `y`, so the levels cost least in sum if some are busy throughout, one for what is left of `w`, and all others
//!    never. Before the first peak all must become manned.
//!
//! 5. **Late jobs.** The schedule may choose which 1 % it starts late. Let each of them cost a price `p`: then a peak and its
//!    gap cost at least the least, over all numbers `k` of levels that are busy in the peak, of what these levels cost and
//!    of `p` for each job that must be late with no more levels. Peaks do not overlap, so no late job pays twice, and the
//!    overhead is at least the sum over all peaks, less `p` for each job that may be late. That holds for each price.
//!
//! 6. **Late jobs in gaps.** A late job may be done in gaps before which it should have ended. There it makes `w` larger, by
//!    its duration at most in all gaps together. Let a second that a level is manned and not busy count for `v <= 1`
//!    seconds only: the overhead is still at least the sum so counted, and the late jobs make up for no more than `v` times
//!    their durations, in the worst case the longest. That holds for each `v`. Gaps shorter than `b ÷ v` are left out, since a
//!    level that idles in them costs less than a boot. What part of that work counts for every gap need not be made up for:
//!    what gaps have beyond it is the rest at most, however it is divided among them.
//!
//! 7. **The first level.** Where jobs are started in order of arrival, [`super::first_level`] has the least that the first level
//!    costs in all. These points are for the levels above it then. All of it holds for them, but for what is least in a
//!    gap (point 4), since level 1 is busy for no less than they are and idles for nothing. Let `w = m g + r` with `r < g`, and
//!    let no gap be shorter than `2 b ÷ v`. By concavity the least has some levels busy throughout, some for as long as one
//!    another, and all others never. Where `q` of them, the first among them, share all of `w`, each idles for
//!    `g - w ÷ q`: with `q = m + 1` that is `m ÷ (m + 1)` of `g - r` for those above the first. With more it is no less than a
//!    boot for each more. With some busy throughout, the first among them, the others are cheapest if `m` are in all and one is
//!    for `r`, as in point 4, which costs the smaller of `b` and `v (g - r)`. So those up to level `m` cost nothing, the next one
//!    at least the smaller of `b` and `v (g - r) m ÷ (m + 1)`, which for `m = 0`, as the first itself, is nothing, and all
//!    others `b`. There are peaks besides whose late jobs are counted one by one ([`super::ordered_peaks`]). A late job pays
//!    two prices, one there and one here, and so both are deducted for each that may be late.
//!
//! 8. What peaks and their gaps cost adds up, since they do not overlap. Any choice of them gives a bound; a dynamic programme
//!    finds a good one. A finer choice could only raise it, so ratios to it are never flattered.

use super::first_level::least_overhead_seconds;
use super::ordered_peaks::OrderedPeaks;
use super::timeline::{Gap, Timeline};
use crate::scenario::PoolTraffic;
use crate::traffic::Job;

/// Share of the jobs that may start late.
pub const LATE_SHARE_ALLOWED: f64 = 0.01;

/// Prices `p` of a late job, as multiples of what a job's share of a peak is worth (point 5). A boot is tried as well, at
/// which no level is worth a late job.
const LATE_JOB_PRICES: [f64; 10] = [1.0 / 32.0, 1.0 / 16.0, 0.125, 0.18, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0];
/// The same for the first level, as shares of a boot.
const LATE_JOB_BOOTS: [f64; 11] = [0.02, 0.025, 0.03, 0.035, 0.042, 0.055, 0.075, 0.1, 0.14, 0.25, 1.0];
/// What an idle second counts for, `v` (point 6).
const IDLE_SECOND_WORTHS: [f64; 9] =
    [1.0 / 64.0, 1.0 / 45.0, 1.0 / 32.0, 1.0 / 23.0, 1.0 / 16.0, 1.0 / 8.0, 1.0 / 4.0, 1.0 / 2.0, 1.0];
/// The one that prices are tried with.
const USUAL_WORTH: f64 = 1.0 / 16.0;
/// Shares of the late jobs' work that count for every gap, if any does (point 6).
const SHARES_IN_EVERY_GAP: [f64; 2] = [0.2, 1.0];

/// Share of the cost that the first level must promise before it is looked at more closely, which takes long where it is busy
/// for most of the time.
const LEAST_PROMISE: f64 = 0.001;

/// The bound in worker-seconds of keeping the promise in this pool, whose workers take `boot_seconds` to boot.
pub fn least_worker_seconds(traffic: &PoolTraffic, boot_seconds: f64) -> f64 {
    let late_jobs = (traffic.jobs.len() as f64 * LATE_SHARE_ALLOWED) as usize;
    let bounds = OverheadBounds::of(traffic, boot_seconds, late_jobs);
    traffic.work_seconds() + bounds.map_or(0.0, |bounds| bounds.best_seconds())
}

/// The most of a function, and where it is, on a way up from the middle of these values. Should there be a higher summit
/// elsewhere, the bound is only less close.
fn climb(values: &[f64], of: impl Fn(f64) -> f64) -> (f64, f64) {
    let middle = values.len() / 2;
    let begin = (of(values[middle]), values[middle]);
    let walk = |way: &mut dyn Iterator<Item = &f64>| {
        let mut highest = None;
        for value in way {
            let height = of(*value);
            if height < highest.unwrap_or(begin).0 {
                break;
            }
            highest = Some((height, *value));
        }
        highest
    };
    let (below, above) = (&values[..middle], &values[middle + 1..]);
    walk(&mut above.iter()).or_else(|| walk(&mut below.iter().rev())).unwrap_or(begin)
}

/// Bounds of the overhead, one for each price of a late job and worth of an idle second.
#[derive(Debug)]
struct OverheadBounds<'a> {
    boot_seconds: f64,
    timeline: Timeline,
    work_seconds: f64,
    in_order: Option<InOrder<'a>>,
    /// How many jobs may be late, and the most work that so many have.
    late_jobs: f64,
    late_work_seconds: f64,
}

/// Jobs that are started in order of arrival.
#[derive(Debug)]
struct InOrder<'a> {
    jobs: &'a [Job],
    peaks: OrderedPeaks,
}

impl<'a> OverheadBounds<'a> {
    /// `None` where the overhead has no bound: without jobs, or where workers are there at once.
    fn of(traffic: &'a PoolTraffic, boot_seconds: f64, late_jobs: usize) -> Option<Self> {
        let timeline = Timeline::of(traffic).filter(|_| boot_seconds > 0.0)?;
        // The work of jobs that fail counts for every gap, late or not.
        let ending = traffic.jobs.iter().filter(|job| job.failing_attempts == 0);
        let mut durations: Vec<f64> = ending.map(|job| job.service_seconds).collect();
        durations.sort_by(f64::total_cmp);
        let jobs = &traffic.jobs[..];
        let in_order = || InOrder { jobs, peaks: OrderedPeaks::of(jobs, &timeline) };
        Some(Self {
            boot_seconds,
            work_seconds: traffic.work_seconds(),
            in_order: traffic.is_served_in_order().then(in_order),
            timeline,
            late_jobs: late_jobs as f64,
            late_work_seconds: durations.iter().rev().take(late_jobs).sum(),
        })
    }

    /// The best of them.
    fn best_seconds(&self) -> f64 {
        let all_seconds = self.best_of_levels(Levels::All);
        let Some(InOrder { jobs, .. }) = &self.in_order else { return all_seconds };
        let above_first_seconds = self.best_of_levels(Levels::AboveFirst);
        let promised_seconds = self.least_of_first_level(jobs, f64::INFINITY) + above_first_seconds - all_seconds;
        if promised_seconds < LEAST_PROMISE * (self.work_seconds + all_seconds) {
            return all_seconds;
        }
        let prices = LATE_JOB_BOOTS.map(|boots| boots * self.boot_seconds);
        let (first_seconds, _) = climb(&prices, |price| self.first_level_seconds(jobs, price));
        all_seconds.max(first_seconds + above_first_seconds)
    }

    /// The best bound of what these levels cost.
    fn best_of_levels(&self, levels: Levels) -> f64 {
        let share_seconds = self.boot_seconds * self.timeline.largest_share();
        let prices = LATE_JOB_PRICES.map(|price| price * share_seconds).into_iter();
        let prices: Vec<f64> = prices.filter(|price| *price < self.boot_seconds).chain([self.boot_seconds]).collect();
        let (_, price) = climb(&prices, |price| self.overhead_seconds(levels, price, USUAL_WORTH, 0.0));
        let of_worth = |worth: f64, share: f64| self.overhead_seconds(levels, price, worth, share);
        let in_none = IDLE_SECOND_WORTHS.map(|worth| of_worth(worth, 0.0)).into_iter();
        let in_every = SHARES_IN_EVERY_GAP.map(|share| climb(&IDLE_SECOND_WORTHS, |worth| of_worth(worth, share)).0);
        in_none.chain(in_every).fold(0.0, f64::max)
    }

    fn least_of_first_level(&self, jobs: &[Job], late_job_seconds: f64) -> f64 {
        least_overhead_seconds(jobs, self.timeline.sla_seconds(), self.boot_seconds, late_job_seconds)
    }

    fn first_level_seconds(&self, jobs: &[Job], late_job_seconds: f64) -> f64 {
        self.least_of_first_level(jobs, late_job_seconds) - late_job_seconds * self.late_jobs
    }

    fn overhead_seconds(&self, levels: Levels, price_seconds: f64, worth: f64, share_in_every_gap: f64) -> f64 {
        let terms = Terms {
            levels,
            boot_seconds: self.boot_seconds,
            late_job_seconds: price_seconds,
            idle_second_worth: worth,
            late_work_seconds: self.late_work_seconds * share_in_every_gap,
        };
        let late_seconds = self.late_work_seconds - terms.late_work_seconds;
        self.most_of_peaks(terms) - price_seconds * self.late_jobs - worth * late_seconds
    }

    /// The most that the peaks of one choice cost.
    fn most_of_peaks(&self, terms: Terms) -> f64 {
        let timeline = &self.timeline;
        // `best[cell]`: the overhead of peaks that have ended when the cell begins.
        let mut best = vec![0.0_f64; timeline.cells() + 1];
        let mut levels = LevelCosts::default();
        for begin in 0..=timeline.cells() {
            if begin > 0 {
                best[begin] = best[begin].max(best[begin - 1]);
            }
            let gaps: Vec<Gap> =
                timeline.gaps_before(begin, terms.shortest_gap_seconds(), terms.late_work_seconds).collect();
            let fewest_busy_levels = gaps.iter().map(|gap| gap.busy_levels).min().unwrap_or(usize::MAX);
            let mut weigh = |end: usize, most_levels: usize, late_jobs: &dyn Fn(usize) -> f64| {
                // All its levels can be busy in every gap, and to boot them is no more than what the peaks before cost.
                if most_levels <= fewest_busy_levels && most_levels as f64 * terms.boot_seconds <= best[begin] {
                    return;
                }
                levels.set(most_levels, late_jobs, terms);
                best[end] = best[end].max(levels.most_after(&gaps, &best, terms));
            };
            for peak in timeline.peaks_from(begin) {
                weigh(peak.end, peak.levels(), &|busy| peak.late_jobs(busy));
            }
            for peak in self.in_order.iter().flat_map(|in_order| in_order.peaks.from(begin)) {
                weigh(peak.end, peak.levels(), &|busy| peak.late_jobs(busy));
            }
        }
        best[timeline.cells()]
    }
}

/// What the overhead is made of, in worker-seconds.
#[derive(Clone, Copy, Debug)]
struct Terms {
    levels: Levels,
    /// `b`.
    boot_seconds: f64,
    /// `p`.
    late_job_seconds: f64,
    /// `v`, without unit.
    idle_second_worth: f64,
    /// Of late jobs, in every gap.
    late_work_seconds: f64,
}

/// Which levels are counted.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Levels {
    All,
    /// All but the first, whose cost is known (point 7).
    AboveFirst,
}

impl Terms {
    /// Boots of so many levels.
    fn boots_seconds(&self, levels: usize) -> f64 {
        let counted = match self.levels {
            Levels::All => levels,
            Levels::AboveFirst => levels.saturating_sub(1),
        };
        counted as f64 * self.boot_seconds
    }

    fn shortest_gap_seconds(&self) -> f64 {
        let worth_a_boot_seconds = self.boot_seconds / self.idle_second_worth;
        match self.levels {
            Levels::All => worth_a_boot_seconds,
            Levels::AboveFirst => 2.0 * worth_a_boot_seconds,
        }
    }

    /// What the level above those that are busy throughout a gap costs, if it idles for so long.
    fn partly_busy_seconds(&self, busy_levels: usize, idle_seconds: f64) -> f64 {
        let idle_share = match self.levels {
            Levels::All => 1.0,
            Levels::AboveFirst => busy_levels as f64 / (busy_levels + 1) as f64,
        };
        (self.idle_second_worth * idle_share * idle_seconds).min(self.boot_seconds)
    }
}

/// What the levels of a peak cost, whichever of them are busy in it.
#[derive(Debug, Default)]
struct LevelCosts {
    /// By the number of levels that are busy: the price of the jobs that must be late.
    late_seconds: Vec<f64>,
    /// By the fewest levels that are busy: the price of the jobs that must be late, and a boot for each level, at least.
    booted_seconds: Vec<f64>,
}

impl LevelCosts {
    fn set(&mut self, levels: usize, late_jobs: impl Fn(usize) -> f64, terms: Terms) {
        self.late_seconds.clear();
        self.late_seconds.extend((0..=levels).map(|busy| terms.late_job_seconds * late_jobs(busy)));
        self.booted_seconds.clear();
        let booted = self.late_seconds.iter().enumerate();
        self.booted_seconds.extend(booted.map(|(busy, late_seconds)| terms.boots_seconds(busy) + late_seconds));
        for busy in (0..levels).rev() {
            self.booted_seconds[busy] = self.booted_seconds[busy].min(self.booted_seconds[busy + 1]);
        }
    }

    /// The most with what came before, over all gaps and the time before everything, the shortest first.
    fn most_after(&self, gaps: &[Gap], best: &[f64], terms: Terms) -> f64 {
        // All levels become manned.
        let all_booted_seconds = self.booted_seconds[0];
        let mut most_seconds = all_booted_seconds;
        for gap in gaps {
            // Longer gaps leave less to what came before.
            if best[gap.begin] + all_booted_seconds <= most_seconds {
                break;
            }
            most_seconds = most_seconds.max(best[gap.begin] + self.after(gap, terms));
        }
        most_seconds
    }

    /// The least if levels can be manned since before a gap, which is no shorter than idle time worth a boot.
    fn after(&self, gap: &Gap, terms: Terms) -> f64 {
        let Some(booted_seconds) = self.booted_seconds.get(gap.busy_levels + 1) else { return 0.0 };
        let partly_busy_seconds = terms.partly_busy_seconds(gap.busy_levels, gap.idle_seconds);
        let others_seconds = booted_seconds - terms.boots_seconds(gap.busy_levels + 1);
        self.late_seconds[gap.busy_levels].min(others_seconds + partly_busy_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PoolId, PoolSettings};
    use proptest::prelude::*;

    const BOOT_SECONDS: f64 = 2.0;
    const CASES: u32 = 500;
    const ROUNDING_SECONDS: f64 = 1e-6;

    fn traffic(jobs: Vec<Job>) -> PoolTraffic {
        PoolTraffic {
            pool: PoolId::new("redis", "default"),
            settings: PoolSettings::default(),
            jobs,
            boot_seconds: None,
        }
    }

    #[test]
    fn without_jobs_nothing_need_be_spent() {
        assert_eq!(least_worker_seconds(&traffic(Vec::new()), BOOT_SECONDS), 0.0);
    }

    #[test]
    fn jobs_far_apart_each_need_a_boot_of_their_own() {
        let jobs: Vec<Job> = (0..50).map(|number| Job::new(f64::from(number) * 600.0, 1.0)).collect();
        let bound = least_worker_seconds(&traffic(jobs), BOOT_SECONDS);
        assert!((bound - 50.0 * (1.0 + BOOT_SECONDS)).abs() < 1.0, "{bound}");
    }

    #[test]
    fn a_steady_stream_needs_little_more_than_its_work() {
        let jobs: Vec<Job> = (0..36_000).map(|number| Job::new(f64::from(number) * 0.1, 1.0)).collect();
        let bound = least_worker_seconds(&traffic(jobs), BOOT_SECONDS);
        assert!((36_000.0..36_000.0 + 11.0 * BOOT_SECONDS).contains(&bound), "{bound}");
    }

    #[test]
    fn every_burst_needs_its_workers_booted() {
        // 30 bursts of 310 seconds of work that must begin within 30 s and last 1 s: ten workers each time.
        let jobs: Vec<Job> =
            (0..30).flat_map(|burst| (0..310).map(move |_| Job::new(f64::from(burst) * 600.0, 1.0))).collect();
        let bound = least_worker_seconds(&traffic(jobs), BOOT_SECONDS);
        let boots = 30.0 * 10.0 * BOOT_SECONDS;
        assert!((9_300.0 + 0.95 * boots..=9_300.0 + boots).contains(&bound), "{bound}");
    }

    #[test]
    fn a_worker_that_serves_in_batches_is_booted_for_each() {
        // A second of jobs is half a second of work: a worker that comes each minute has work for half a minute.
        let jobs: Vec<Job> = (0..7_200).map(|number| Job::new(f64::from(number), 0.5)).collect();
        let mut traffic = traffic(jobs);
        let boots = 120.0 * BOOT_SECONDS;
        let in_order = least_worker_seconds(&traffic, BOOT_SECONDS);
        assert!((3_600.0 + 0.5 * boots..=3_600.0 + boots).contains(&in_order), "{in_order}");
        // Out of order late jobs may be done where it suits.
        traffic.pool = PoolId::new("redis", "high,low");
        assert!((3_600.0..in_order).contains(&least_worker_seconds(&traffic, BOOT_SECONDS)));
    }

    /// The cheapest of all ways to start jobs at whole seconds, found by trying each.
    struct Cheapest<'a> {
        /// Arrivals and durations, by arrival.
        jobs: &'a [(u32, u32)],
        boot_seconds: u32,
        sla_seconds: u32,
        /// Jobs are started in order of arrival.
        in_order: bool,
    }

    /// What has been started so far, in order of time.
    #[derive(Clone, Default)]
    struct Begun {
        jobs: Vec<usize>,
        now_seconds: u32,
        /// When workers become free.
        free_seconds: Vec<u32>,
        late_jobs: usize,
        overhead_seconds: u32,
    }

    impl Begun {
        /// Whoever became free last takes the job, and has idled since or booted.
        fn begin(&mut self, job: usize, (start, duration): (u32, u32), boot_seconds: u32) {
            self.jobs.push(job);
            self.now_seconds = start;
            let last = self.free_seconds.iter().copied().filter(|free| *free <= start).max();
            self.overhead_seconds += last.map_or(boot_seconds, |free| boot_seconds.min(start - free));
            match self.free_seconds.iter_mut().find(|free| Some(**free) == last) {
                Some(free) => *free = start + duration,
                None => self.free_seconds.push(start + duration),
            }
        }
    }

    impl Cheapest<'_> {
        /// Whoever is late is so by no more.
        const LATEST_SECONDS: u32 = 12;

        fn worker_seconds(&self, late_jobs: usize) -> f64 {
            let mut least_seconds = u32::MAX;
            self.go_on(&Begun::default(), late_jobs, &mut least_seconds);
            f64::from(least_seconds + self.jobs.iter().map(|job| job.1).sum::<u32>())
        }

        fn go_on(&self, begun: &Begun, late_jobs: usize, least_seconds: &mut u32) {
            if begun.overhead_seconds >= *least_seconds || begun.late_jobs > late_jobs {
                return;
            }
            if begun.jobs.len() == self.jobs.len() {
                *least_seconds = begun.overhead_seconds;
                return;
            }
            let mut waiting = (0..self.jobs.len()).filter(|job| !begun.jobs.contains(job)).peekable();
            let first = waiting.peek().copied();
            for job in waiting.filter(|job| !self.in_order || Some(*job) == first) {
                let (arrival, duration) = self.jobs[job];
                let in_time = arrival + self.sla_seconds;
                let latest = if begun.late_jobs < late_jobs { in_time + Self::LATEST_SECONDS } else { in_time };
                for start in arrival.max(begun.now_seconds)..=latest {
                    let mut next = begun.clone();
                    next.late_jobs += usize::from(start > in_time);
                    next.begin(job, (start, duration), self.boot_seconds);
                    self.go_on(&next, late_jobs, least_seconds);
                }
            }
        }

        /// That no bound, whichever price and worth it has, is more.
        fn check(&self, late_jobs: usize) -> Result<(), TestCaseError> {
            let (bound, least_seconds) = (self.bound(late_jobs), self.worker_seconds(late_jobs));
            prop_assert!(bound <= least_seconds + ROUNDING_SECONDS, "{bound} of {least_seconds}");
            Ok(())
        }

        /// The best bound of all prices and worths.
        fn bound(&self, late_jobs: usize) -> f64 {
            let jobs = self.jobs.iter().map(|(arrival, duration)| Job::new(f64::from(*arrival), f64::from(*duration)));
            let mut traffic = traffic(jobs.collect());
            traffic.settings.sla.max_pickup_time_seconds = f64::from(self.sla_seconds);
            if !self.in_order {
                traffic.pool = PoolId::new("redis", "high,low");
            }
            let bounds = OverheadBounds::of(&traffic, f64::from(self.boot_seconds), late_jobs).unwrap();
            let prices = [1.0, 0.7, 0.5, 0.34, 0.25, 0.15].map(|share| share * f64::from(self.boot_seconds));
            let choices = prices.iter().flat_map(|price| {
                [(1.0, 0.0), (0.6, 0.0), (0.3, 0.3), (0.01, 0.0), (1.0, 1.0)]
                    .map(|(worth, share)| (*price, worth, share))
            });
            let best_of = |levels: Levels| {
                let overheads =
                    choices.clone().map(|(price, worth, share)| bounds.overhead_seconds(levels, price, worth, share));
                overheads.fold(0.0, f64::max)
            };
            let mut overhead_seconds = best_of(Levels::All);
            if bounds.in_order.is_some() {
                let first_level = prices.iter().map(|price| bounds.first_level_seconds(&traffic.jobs, *price));
                let both_seconds = first_level.fold(0.0, f64::max) + best_of(Levels::AboveFirst);
                overhead_seconds = overhead_seconds.max(both_seconds);
            }
            traffic.work_seconds() + overhead_seconds
        }
    }

    /// Jobs in groups: the seconds since the group before, and the duration of each.
    fn groups(most_jobs: usize) -> impl Strategy<Value = Vec<(u32, u32)>> {
        let group = (0_u32..14, proptest::collection::vec(1_u32..5, 1..6));
        proptest::collection::vec(group, 1..6).prop_map(move |groups| {
            let mut now = 0;
            let mut jobs = Vec::new();
            for (pause, durations) in groups {
                now += pause;
                jobs.extend(durations.into_iter().map(|duration| (now, duration)));
            }
            jobs.truncate(most_jobs);
            jobs
        })
    }

    /// Jobs one by one.
    fn stream() -> impl Strategy<Value = Vec<(u32, u32)>> {
        let job = (0_u32..5, 1_u32..4);
        proptest::collection::vec(job, 8..17).prop_map(|jobs| {
            let arrivals = jobs.iter().scan(0, |now, (pause, _)| {
                *now += pause;
                Some(*now)
            });
            arrivals.zip(jobs.iter().map(|job| job.1)).collect()
        })
    }

    /// The least that levels cost in a gap, of all ways to be busy for whole seconds, each for no longer than the one below.
    fn least_in_gap(terms: Terms, gap_seconds: u32, work_seconds: u32, levels: usize) -> f64 {
        fn least(terms: Terms, gap_seconds: u32, most_busy: u32, work_seconds: u32, levels: (usize, usize)) -> f64 {
            let (level, most) = levels;
            if level > most {
                return 0.0;
            }
            let busy_seconds = 0..=most_busy.min(work_seconds);
            let with = |busy: u32| {
                let idle_seconds = terms.idle_second_worth * f64::from(gap_seconds - busy);
                let is_counted = level > 1 || terms.levels == Levels::All;
                let cost = if is_counted { idle_seconds.min(terms.boot_seconds) } else { 0.0 };
                cost + least(terms, gap_seconds, busy, work_seconds - busy, (level + 1, most))
            };
            busy_seconds.map(with).fold(f64::INFINITY, f64::min)
        }
        least(terms, gap_seconds, gap_seconds, work_seconds, (1, levels))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8 * CASES))]

        #[test]
        fn levels_cost_no_less_in_a_gap_than_they_must(
            is_all in any::<bool>(),
            more_seconds in 0_u32..6,
            work_seconds in 0_u32..40,
            boot_seconds in 1_u32..10,
            levels in 1_usize..4,
            idle_second_worth in prop_oneof![Just(1.0), 0.5_f64..1.0],
        ) {
            let terms = Terms {
                levels: if is_all { Levels::All } else { Levels::AboveFirst },
                boot_seconds: f64::from(boot_seconds),
                late_job_seconds: 1_000.0,
                idle_second_worth,
                late_work_seconds: 0.0,
            };
            let gap_seconds = terms.shortest_gap_seconds().ceil() as u32 + more_seconds;
            let busy_levels = work_seconds / gap_seconds;
            let idle_seconds = f64::from(gap_seconds * (busy_levels + 1) - work_seconds);
            let gap = Gap { begin: 0, busy_levels: busy_levels as usize, idle_seconds };
            let mut costs = LevelCosts::default();
            costs.set(levels, |busy| if busy < levels { 1.0 } else { 0.0 }, terms);
            let (bound, least_seconds) = (costs.after(&gap, terms), least_in_gap(terms, gap_seconds, work_seconds, levels));
            prop_assert!(bound <= least_seconds + ROUNDING_SECONDS, "{bound} of {least_seconds}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(CASES))]

        #[test]
        fn no_schedule_is_cheaper_than_the_bound(
            jobs in groups(6),
            boot_seconds in 1_u32..7,
            sla_seconds in 0_u32..4,
            late_jobs in 0_usize..2,
        ) {
            Cheapest { jobs: &jobs, boot_seconds, sla_seconds, in_order: false }.check(late_jobs)?;
        }

        #[test]
        fn no_schedule_in_order_of_arrival_is_cheaper_than_the_bound(
            jobs in prop_oneof![groups(12), stream()],
            boot_seconds in 1_u32..7,
            sla_seconds in 0_u32..4,
            late_jobs in 0_usize..4,
        ) {
            Cheapest { jobs: &jobs, boot_seconds, sla_seconds, in_order: true }.check(late_jobs)?;
        }
    }
}
