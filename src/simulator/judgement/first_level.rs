//! What the first level costs where jobs are few, if they are started in order of arrival.
//!
//! The bound lets late jobs be done in whatever gap suits, which costs it the gaps of a few boots' length. In order of arrival
//! a late job is left over for a gap only if those after it are late as well, or if it has begun shortly before.
//!
//! # Why it is a lower bound
//!
//! 1. **Leftovers.** Let a gap begin at `u`. The last `n` jobs that arrived before `u - D` are its run. Say that `z < n` of
//!    them are late. Then one of the last `z + 1` is in time and has begun by `u`, and so have all before it: at most the last
//!    `z` still wait. Of any `z + 1` of the run one is in time. So the job at place `i` has begun by `D` after the arrival
//!    of the one at place `i + z`, and the jobs before the run have by `D` after the arrival of the one at place `z`, counted
//!    from 0. From `u` on, those that have begun keep the first level busy until the last of them ends. So in the gap it is
//!    busy for no longer than until then, and for the durations of the last `z`, and of all jobs that arrived between
//!    `u - D` and the gap's end.
//!
//! 2. **Prices.** Each late job of the run costs its price `p`. So what the late ones leave is worth the most of that over all
//!    `z`, less `p × z`. That many as cost a boot need not be looked at: no gap is worth more than one. A run has at least
//!    that many jobs, and so it need not be looked at either that all of it is late.
//!
//! 3. **Peaks.** The same number of jobs makes a peak: all of them late cost a boot, and of any other the first level is manned
//!    when it begins, at most `D` after the last of them came.
//!
//! 4. No late job pays twice: a run begins after the last arrivals of the peak before.

use super::timeline::{Timeline, growing_cells};
use crate::simulator::traffic::Job;

/// Jobs of a run, as multiples of those that cost a boot if all are late: with more, those before have ended.
const RUN_LENGTHS: [f64; 3] = [1.0, 1.5, 2.0];
/// At lower prices, with more jobs that cost a boot, the gaps between runs and peaks are too few to gain by.
const MOST_JOBS_WORTH_A_BOOT: f64 = 64.0;
/// Each gap tried is this much longer than the one before, or a cell.
const GAP_GROWTH: f64 = 1.05;

/// The peaks and runs of one price.
#[derive(Debug)]
pub(super) struct FirstLevel<'a> {
    timeline: &'a Timeline,
    boot_seconds: f64,
    /// For each cell that a gap can begin with.
    runs: Vec<Vec<Run>>,
    /// For each cell: where the peak that begins with it ends.
    peak_ends: Vec<Option<usize>>,
}

/// The jobs that may be left over for a gap.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// Peaks that have ended before this cell have no job of the run.
    free_after: usize,
    /// What late jobs leave at most, beyond their price.
    left_seconds: f64,
}

impl<'a> FirstLevel<'a> {
    /// With a price for each late job, in worker-seconds.
    pub(super) fn of(jobs: &[Job], timeline: &'a Timeline, boot_seconds: f64, late_job_seconds: f64) -> Option<Self> {
        let worth_a_boot = (boot_seconds / late_job_seconds).ceil().max(1.0);
        if worth_a_boot > MOST_JOBS_WORTH_A_BOOT {
            return None;
        }
        let longest_until: Vec<f64> = std::iter::once(0.0)
            .chain(jobs.iter().scan(0.0, |longest: &mut f64, job| {
                *longest = longest.max(job.service_seconds);
                Some(*longest)
            }))
            .collect();
        let run = |begin: usize, length: f64| -> Option<Run> {
            let end = timeline.jobs_before(timeline.wait_before(begin)?);
            let first = end.checked_sub((worth_a_boot * length).ceil() as usize)?;
            let run = LateRun {
                jobs: &jobs[first..end],
                longest_before_seconds: longest_until[first],
                waited_at_seconds: timeline.seconds(begin) - timeline.sla_seconds(),
            };
            Some(Run {
                free_after: timeline.wait_after(timeline.cell_of(run.jobs.first()?)),
                left_seconds: run.left_seconds(worth_a_boot as usize, late_job_seconds),
            })
        };
        // Where a worker has no time to idle, whatever is left over does not matter.
        let idles = |begin: usize| {
            let ends = gap_lengths_cells().map(|cells| begin + cells).take_while(|end| *end <= timeline.cells());
            ends.filter_map(|end| timeline.idle_seconds(begin, end)).any(|seconds| seconds > 0.0)
        };
        let runs = |begin: usize| {
            let lengths: &[f64] = if idles(begin) { &RUN_LENGTHS } else { &[] };
            lengths.iter().filter_map(|length| run(begin, *length)).collect()
        };
        let peak_end = |begin: usize| {
            let last = jobs.get(timeline.jobs_before(begin) + worth_a_boot as usize - 1)?;
            Some(timeline.wait_after(timeline.cell_of(last) + 1)).filter(|end| *end <= timeline.cells())
        };
        let cells = 0..=timeline.cells();
        let runs = cells.clone().map(runs).collect();
        Some(Self { timeline, boot_seconds, runs, peak_ends: cells.map(peak_end).collect() })
    }

    /// Where the peak that begins there ends, and the most overhead with it, over all gaps before it.
    pub(super) fn with_peak(&self, best: &[f64], begin: usize) -> Option<(usize, f64)> {
        let end = self.peak_ends[begin]?;
        let mut most: f64 = 0.0;
        for gap_cells in gap_lengths_cells().take_while(|cells| *cells <= begin) {
            let gap_begin = begin - gap_cells;
            // Longer gaps leave less to the peaks before.
            if best[gap_begin] + self.boot_seconds <= most {
                break;
            }
            if let Some(idle_seconds) = self.timeline.idle_seconds(gap_begin, begin) {
                for run in &self.runs[gap_begin] {
                    let overhead_seconds = (idle_seconds - run.left_seconds).clamp(0.0, self.boot_seconds);
                    most = most.max(best[run.free_after] + overhead_seconds);
                }
            }
        }
        Some((end, most))
    }
}

/// The lengths of gaps that are tried.
fn gap_lengths_cells() -> impl Iterator<Item = usize> {
    growing_cells(1, GAP_GROWTH)
}

/// The jobs of a run.
struct LateRun<'a> {
    jobs: &'a [Job],
    /// The longest job before them.
    longest_before_seconds: f64,
    /// `u - D`.
    waited_at_seconds: f64,
}

impl LateRun<'_> {
    /// What up to so many late jobs leave at most, beyond their price.
    fn left_seconds(&self, late_jobs: usize, late_job_seconds: f64) -> f64 {
        let mut waiting_seconds = 0.0;
        let mut most_seconds: f64 = 0.0;
        for late in 0..=late_jobs.min(self.jobs.len() - 1) {
            if late > 0 {
                waiting_seconds += self.jobs[self.jobs.len() - late].service_seconds;
            }
            let left_seconds = waiting_seconds + self.begun_seconds(late) - late as f64 * late_job_seconds;
            most_seconds = most_seconds.max(left_seconds);
        }
        most_seconds
    }

    /// How long those that have begun go on at most, with so many late ones.
    fn begun_seconds(&self, late: usize) -> f64 {
        let goes_on = |in_time: &Job, duration: f64| in_time.arrives_at_seconds + duration - self.waited_at_seconds;
        let run = self.jobs.iter().zip(&self.jobs[late..]).map(|(job, in_time)| goes_on(in_time, job.service_seconds));
        run.fold(goes_on(&self.jobs[late], self.longest_before_seconds).max(0.0), f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PoolId, PoolSettings, Sla};
    use crate::simulator::scenario::PoolTraffic;
    use proptest::prelude::*;

    const BOOT_SECONDS: f64 = 2.0;
    const SLA_SECONDS: u32 = 30;

    fn traffic(jobs: Vec<Job>) -> PoolTraffic {
        let sla = Sla { max_pickup_time_seconds: f64::from(SLA_SECONDS), ..Sla::default() };
        PoolTraffic {
            pool: PoolId::new("redis", "default"),
            settings: PoolSettings { sla, ..PoolSettings::default() },
            jobs,
            boot_seconds: None,
        }
    }

    #[test]
    fn a_run_has_no_job_of_the_peak_before() {
        let traffic = traffic((0..200).map(|number| Job::new(f64::from(number) * 2.0, 1.0)).collect());
        let timeline = Timeline::of(&traffic).unwrap();
        let level = FirstLevel::of(&traffic.jobs, &timeline, BOOT_SECONDS, BOOT_SECONDS / 4.0).unwrap();
        // Before 70 s the last four jobs, of those that are worth a boot, come at 62 s to 68 s.
        assert_eq!(level.runs[100][0].free_after, 62 + SLA_SECONDS as usize);
        // The four from 100 s on have come when the cell of 106 s is over.
        assert_eq!(level.peak_ends[100], Some(107 + SLA_SECONDS as usize));
    }

    /// A job of a schedule: seconds since the arrival before, duration, and how long it waits, if no other is to begin before.
    fn schedule() -> impl Strategy<Value = Vec<(u32, u32, u32)>> {
        let wait = prop_oneof![3 => 0_u32..6, 1 => 0_u32..14];
        proptest::collection::vec((0_u32..4, 1_u32..6, wait), 4..30)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn late_jobs_leave_no_more_than_that_and_their_price(
            schedule in schedule(),
            sla in 1_u32..6,
            price in 0.05_f64..3.0,
        ) {
            let (mut now, mut begun) = (0, 0);
            let mut jobs = Vec::new();
            let mut starts = Vec::new();
            for (pause, duration, wait) in schedule {
                now += pause;
                begun = begun.max(now + wait);
                jobs.push(Job::new(f64::from(now), f64::from(duration)));
                starts.push((begun, begun + duration, begun > now + sla));
            }
            for gap_begin in sla..begun {
                let waited_at_seconds = f64::from(gap_begin - sla);
                let end = jobs.partition_point(|job| job.arrives_at_seconds < waited_at_seconds);
                for first in 0..end {
                    let late = starts[first..end].iter().filter(|(_, _, late)| *late).count();
                    let longest_before_seconds = jobs[..first].iter().map(|job| job.service_seconds).fold(0.0, f64::max);
                    let run = LateRun { jobs: &jobs[first..end], longest_before_seconds, waited_at_seconds };
                    if late == run.jobs.len() {
                        continue;
                    }
                    let busy =
                        |second: &u32| starts[..end].iter().any(|(start, ends, _)| (*start..*ends).contains(second));
                    let busy_seconds = (gap_begin..begun + 10).filter(busy).count() as f64;
                    let left_seconds = run.left_seconds(late, price) + late as f64 * price;
                    prop_assert!(busy_seconds <= left_seconds + 1e-9, "{busy_seconds} of {left_seconds}");
                }
            }
        }
    }
}
