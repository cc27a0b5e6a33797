//! The fewest worker-seconds with which anybody, knowing all that will happen, could have kept the promise.
//!
//! # Why it is a lower bound
//!
//! A schedule keeps the promise if at least 99 % of the jobs start within the SLA `D`; all jobs are done in the end.
//!
//! 1. **Work.** Each attempt keeps a worker for its whole duration, so the cost is at least the sum of the durations.
//!    Every worker costs its boot time besides, and whatever it idles.
//!
//! 2. **Peaks.** Take an interval that is `D + h + m` long, and the jobs that arrive within its first `h` seconds. Those
//!    in time start within its first `h + D` seconds, so at its end each has had at least the smaller of its duration and
//!    `m` from a worker. `c` workers give at most `c × (D + h + m)`. So at least
//!    `c = work ÷ (D + h + m)` different workers serve in the interval.
//!
//! 3. **Gaps.** Take peaks that do not overlap, and let `g` be the time between two of them. Each of the `c` workers of
//!    the later one has either booted since the earlier one ended, which costs a boot that is counted for no other peak,
//!    or was there for all of the gap. In the gap at most `w` worker-seconds of work can be done: the work of the jobs
//!    that arrived before the gap's end and need not have ended before its beginning. With `x` workers booted and
//!    `c - x` kept, the overhead is at least `x × boot + max(0, (c - x) × g - w)`. Its least over all `x` is
//!    `c × g - w` where `g` is shorter than a boot, else `boot × (c - w ÷ g)`, and never below 0. Before the first peak
//!    all `c` must boot.
//!
//! 4. **Late jobs.** The schedule may choose which 1 % it starts late. Leaving `n` of them out lowers the workers of the
//!    peaks by at most the sum of their shares `min(duration, m) ÷ (D + h + m)`, each worth a boot; done late, in the
//!    gaps, they make up for at most `boot ÷ g` of their duration. Both are taken off, for the `n` longest. `c` may be
//!    rounded up to whole workers; then leaving a job out may save a whole one, so `n` boots are taken off instead.
//!    Both ways are bounds, and the better one counts: the second where jobs are few.
//!
//! 5. Overheads of different peaks and gaps add up. Any choice of peaks gives a bound; a dynamic programme finds a good
//!    one. A finer choice could only raise it, so ratios to it are never flattered.

use crate::simulator::scenario::PoolTraffic;

/// Share of the jobs that may start late.
pub const LATE_SHARE_ALLOWED: f64 = 0.01;

/// Cells that time is cut into at most; more would find slightly better peaks and take longer.
const MOST_CELLS: usize = 14_400;
/// Longest gap that is looked at, in cells.
const LONGEST_GAP_CELLS: usize = 7_200;
/// Each gap tried is this much longer than the one before, or a cell.
const GAP_GROWTH: f64 = 1.1;
/// Lengths `h` of a peak's arrivals, as multiples of the SLA; a cell's length is tried as well.
const PEAK_LENGTHS: [f64; 4] = [0.5, 2.0, 8.0, 32.0];
/// Shortest gaps tried, as multiples of the boot time: longer ones lose less to late jobs (point 4).
const SHORTEST_GAPS: [f64; 4] = [1.0, 4.0, 16.0, 64.0];
/// Quantile of the durations that `m` is.
const CAP_QUANTILE: f64 = 0.9;

/// The bound in worker-seconds, for one pool whose workers take `boot_seconds` to boot.
pub fn least_worker_seconds(traffic: &PoolTraffic, boot_seconds: f64) -> f64 {
    let work_seconds = traffic.work_seconds();
    if traffic.jobs.is_empty() || boot_seconds <= 0.0 {
        return work_seconds;
    }
    let timeline = Timeline::of(traffic);
    let choices = SHORTEST_GAPS.iter().flat_map(|gap| [(gap, Workers::Exact), (gap, Workers::Whole)]);
    let overheads = choices.map(|(gap, workers)| timeline.overhead_seconds(boot_seconds, gap * boot_seconds, workers));
    work_seconds + overheads.fold(0.0, f64::max)
}

/// Whether the workers of a peak are rounded up (point 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Workers {
    Exact,
    Whole,
}

/// A pool's jobs by cells of time; sums run from the beginning to a cell's beginning.
struct Timeline {
    cell_seconds: f64,
    cells: usize,
    sla_seconds: f64,
    /// `m`.
    cap_seconds: f64,
    /// Work of first attempts by arrival, each at most `m`.
    capped_until: Vec<f64>,
    /// All work, by arrival.
    arrived_until: Vec<f64>,
    /// Work that, started in time, has ended.
    ended_until: Vec<f64>,
    /// `min(duration, m)` and whole durations, summed over the jobs that may be late, the longest ones.
    late_capped_seconds: f64,
    late_work_seconds: f64,
    late_jobs: f64,
}

impl Timeline {
    fn of(traffic: &PoolTraffic) -> Self {
        let jobs = &traffic.jobs;
        let tries = traffic.settings.workers.tries;
        let sla_seconds = traffic.settings.sla.max_pickup_time_seconds;
        let mut durations: Vec<f64> = jobs.iter().map(|job| job.service_seconds).collect();
        durations.sort_by(f64::total_cmp);
        let cap_seconds = durations[((jobs.len() - 1) as f64 * CAP_QUANTILE) as usize];
        let mut work: Vec<f64> = jobs.iter().map(|job| job.work_seconds(tries)).collect();
        work.sort_by(f64::total_cmp);
        let late = (jobs.len() as f64 * LATE_SHARE_ALLOWED) as usize;

        let last_seconds = jobs[jobs.len() - 1].arrives_at_seconds;
        let end_seconds = last_seconds + sla_seconds + cap_seconds;
        let cell_seconds = (end_seconds / MOST_CELLS as f64).max(1.0);
        let cells = (end_seconds / cell_seconds).ceil() as usize + 1;
        let mut timeline = Self {
            cell_seconds,
            cells,
            sla_seconds,
            cap_seconds,
            capped_until: vec![0.0; cells + 1],
            arrived_until: vec![0.0; cells + 1],
            ended_until: vec![0.0; cells + 1],
            late_capped_seconds: durations.iter().rev().take(late).map(|seconds| seconds.min(cap_seconds)).sum(),
            late_jobs: late as f64,
            late_work_seconds: work.iter().rev().take(late).sum(),
        };
        for job in jobs {
            let arrival = timeline.cell_after(job.arrives_at_seconds);
            timeline.capped_until[arrival] += job.service_seconds.min(cap_seconds);
            timeline.arrived_until[arrival] += job.work_seconds(tries);
            // Retries may come at any later time, so the work of a job that fails never counts as ended.
            if job.failing_attempts == 0 {
                let ends_seconds = job.arrives_at_seconds + sla_seconds + job.service_seconds;
                let end = timeline.cell_after(ends_seconds);
                timeline.ended_until[end] += job.service_seconds;
            }
        }
        for sums in [&mut timeline.capped_until, &mut timeline.arrived_until, &mut timeline.ended_until] {
            for cell in 1..sums.len() {
                sums[cell] += sums[cell - 1];
            }
        }
        timeline
    }

    /// The first cell that begins after the instant.
    fn cell_after(&self, at_seconds: f64) -> usize {
        ((at_seconds / self.cell_seconds) as usize + 1).min(self.cells)
    }

    /// The most that the peaks of one choice cost, with gaps no shorter than given.
    fn overhead_seconds(&self, boot_seconds: f64, shortest_gap_seconds: f64, rounding: Workers) -> f64 {
        // `best[cell]`: the overhead of peaks that have ended when the cell begins.
        let mut best = vec![0.0_f64; self.cells + 1];
        let lengths = self.peak_lengths_cells();
        let shortest_gap_cells = (shortest_gap_seconds / self.cell_seconds).ceil() as usize;
        for begin in 0..=self.cells {
            if begin > 0 {
                best[begin] = best[begin].max(best[begin - 1]);
            }
            for arrivals_cells in &lengths {
                let tail_seconds = self.sla_seconds + self.cap_seconds;
                let peak_cells = arrivals_cells + (tail_seconds / self.cell_seconds).ceil() as usize;
                let end = begin + peak_cells;
                if end > self.cells {
                    continue;
                }
                let work_seconds = self.capped_until[begin + arrivals_cells] - self.capped_until[begin];
                let workers = work_seconds / (peak_cells as f64 * self.cell_seconds);
                let workers = if rounding == Workers::Whole { workers.ceil() } else { workers };
                let longest = best[end].max(self.with_peak(&best, begin, workers, boot_seconds, shortest_gap_cells));
                best[end] = longest;
            }
        }
        let left_out_seconds = match rounding {
            Workers::Exact => self.late_capped_seconds * boot_seconds / (self.sla_seconds + self.cap_seconds),
            Workers::Whole => self.late_jobs * boot_seconds,
        };
        let done_in_gaps_seconds = self.late_work_seconds * (boot_seconds / shortest_gap_seconds).min(1.0);
        best[self.cells] - left_out_seconds - done_in_gaps_seconds
    }

    fn peak_lengths_cells(&self) -> Vec<usize> {
        let of_sla = PEAK_LENGTHS.iter().map(|length| (length * self.sla_seconds / self.cell_seconds).ceil() as usize);
        let mut lengths: Vec<usize> = std::iter::once(1).chain(of_sla).collect();
        lengths.dedup();
        lengths
    }

    /// The most overhead with a peak that begins at `begin` and needs so many workers, over all gaps before it.
    fn with_peak(&self, best: &[f64], begin: usize, workers: f64, boot_seconds: f64, shortest_gap_cells: usize) -> f64 {
        let mut most = workers * boot_seconds;
        let mut gap_cells = shortest_gap_cells.max(1);
        while gap_cells <= begin.min(LONGEST_GAP_CELLS) {
            let gap_begin = begin - gap_cells;
            let gap_seconds = gap_cells as f64 * self.cell_seconds;
            let possible_seconds = self.arrived_until[begin] - self.ended_until[gap_begin];
            let overhead = if gap_seconds <= boot_seconds {
                workers * gap_seconds - possible_seconds
            } else {
                boot_seconds * (workers - possible_seconds / gap_seconds)
            };
            most = most.max(best[gap_begin] + overhead.max(0.0));
            gap_cells = ((gap_cells as f64 * GAP_GROWTH) as usize).max(gap_cells + 1);
        }
        most
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PoolId, PoolSettings};
    use crate::simulator::traffic::Job;

    const BOOT_SECONDS: f64 = 2.0;

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
        assert!((9_300.0 + 0.8 * boots..=9_300.0 + boots).contains(&bound), "{bound}");
    }
}
