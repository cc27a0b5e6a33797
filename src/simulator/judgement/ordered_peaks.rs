//! Peaks of jobs that are started in order of arrival.
//!
//! With `k` workers that are free when a peak begins, each job starts the earliest if, in order, whoever is free first takes
//! it. Jobs from before the peak, and further ones between, only take workers away. So whichever of them starts after its SLA
//! then is late in each schedule that has no more than `k` levels busy from the beginning of the peak until the SLA after its
//! last arrival.

use super::ordered_seconds::OrderedSeconds;
use super::timeline::Timeline;
use crate::traffic::Job;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Lengths of a peak's arrivals, as multiples of the SLA; a cell's length is tried as well. Longer ones would take long.
const PEAK_LENGTHS: [f64; 3] = [1.0 / 3.0, 2.0 / 3.0, 1.0];
/// The numbers of levels that are looked at begin with the smaller of this share of what the work takes and so many fewer.
/// With even fewer levels no fewer jobs are late.
const LOOKED_AT_SHARE: f64 = 0.9;
const LOOKED_AT_LEVELS: usize = 3;
/// How many of these numbers are looked at, at most, each so many levels from the next; in between no fewer jobs are late than
/// with the next one.
const MOST_LOOKED_AT: usize = 32;
/// What a start may be out by after many durations, and a wait in single precision: a job is not late for as much.
const ROUNDING_SECONDS: f64 = 1e-3;

/// By the cell that they begin with.
#[derive(Debug)]
pub(super) struct OrderedPeaks(Vec<Vec<OrderedPeak>>);

/// An interval with the jobs that arrive early in it.
#[derive(Debug, PartialEq)]
pub(super) struct OrderedPeak {
    /// The cell it ends before.
    pub(super) end: usize,
    /// How many jobs are late at least, by the most levels that are busy; none with the last of these numbers.
    late_jobs: Vec<usize>,
}

impl OrderedPeaks {
    /// Of jobs in order of arrival, where they need more levels than can be busy before.
    pub(super) fn of(jobs: &[Job], timeline: &Timeline) -> Self {
        let sla_cells = timeline.cells_within(timeline.sla_seconds());
        let lengths = PEAK_LENGTHS.map(|length| timeline.cells_within(length * timeline.sla_seconds()));
        let mut lengths: Vec<usize> = std::iter::once(1).chain(lengths).filter(|length| *length > 0).collect();
        lengths.dedup();
        let peaks_from = |begin: usize| {
            let busy_levels = timeline.gaps_before(begin, 0.0, 0.0).map(|gap| gap.busy_levels).min().unwrap_or(0);
            let ends = lengths.iter().map(|length| (begin + length, begin + length + sla_cells));
            let peak = |(arrivals_end, end): (usize, usize)| {
                let arrivals = Arrivals {
                    jobs: &jobs[timeline.jobs_before(begin)..timeline.jobs_before(arrivals_end)],
                    begin_seconds: timeline.seconds(begin),
                    end_seconds: timeline.seconds(end),
                    sla_seconds: timeline.sla_seconds(),
                };
                Some(OrderedPeak { end, late_jobs: arrivals.late_jobs_beyond(busy_levels)? })
            };
            ends.take_while(|(_, end)| *end <= timeline.cells()).filter_map(peak).collect()
        };
        Self((0..=timeline.cells()).map(peaks_from).collect())
    }

    /// Those that begin with that cell.
    pub(super) fn from(&self, begin: usize) -> &[OrderedPeak] {
        &self.0[begin]
    }
}

impl OrderedPeak {
    /// The most levels that need be busy at once.
    pub(super) fn levels(&self) -> usize {
        self.late_jobs.len() - 1
    }

    /// How many jobs are late at least if no more than so many levels are busy at once.
    pub(super) fn late_jobs(&self, busy_levels: usize) -> f64 {
        self.late_jobs[busy_levels] as f64
    }
}

/// The jobs of a peak.
#[derive(Clone, Copy, Debug)]
struct Arrivals<'a> {
    jobs: &'a [Job],
    begin_seconds: f64,
    end_seconds: f64,
    sla_seconds: f64,
}

impl Arrivals<'_> {
    /// By the number of levels; `None` where no more than so many are needed.
    fn late_jobs_beyond(&self, busy_levels: usize) -> Option<Vec<usize>> {
        if self.late_jobs(busy_levels) == 0 {
            return None;
        }
        let work_seconds: f64 = self.jobs.iter().map(|job| job.service_seconds).sum();
        let about = (work_seconds / (self.end_seconds - self.begin_seconds)) as usize;
        // With a worker for each job none is late.
        let (mut too_few, mut enough) = (busy_levels, self.jobs.len());
        while enough - too_few > 1 {
            let levels = usize::midpoint(too_few, enough);
            if self.late_jobs(levels) > 0 { too_few = levels } else { enough = levels }
        }
        let about = about.min(enough);
        let least_looked_at = about.saturating_sub(LOOKED_AT_LEVELS).min((about as f64 * LOOKED_AT_SHARE) as usize);
        let step = (enough - least_looked_at).div_ceil(MOST_LOOKED_AT);
        let mut late_jobs = vec![0; enough + 1];
        for levels in (0..enough).rev() {
            let is_looked_at = levels >= least_looked_at && (enough - 1 - levels).is_multiple_of(step);
            late_jobs[levels] = if is_looked_at { self.late_jobs(levels) } else { late_jobs[levels + 1] };
        }
        late_jobs[0] = self.jobs.len();
        Some(late_jobs)
    }

    fn late_jobs(&self, levels: usize) -> usize {
        let mut busy_until = BinaryHeap::with_capacity(levels);
        let is_late = |job: &&Job| {
            let free_seconds = if busy_until.len() < levels {
                self.begin_seconds
            } else {
                let Some(Reverse(OrderedSeconds(free_seconds))) = busy_until.pop() else { return true };
                free_seconds
            };
            let starts_seconds = job.arrives_at_seconds.max(free_seconds);
            busy_until.push(Reverse(OrderedSeconds(starts_seconds + job.service_seconds)));
            starts_seconds > job.arrives_at_seconds + self.sla_seconds + ROUNDING_SECONDS
        };
        self.jobs.iter().filter(is_late).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PoolId, PoolSettings};
    use crate::scenario::PoolTraffic;

    const SLA_SECONDS: f64 = 30.0;

    fn arrivals(jobs: &[Job]) -> Arrivals<'_> {
        Arrivals { jobs, begin_seconds: 0.0, end_seconds: SLA_SECONDS + 1.0, sla_seconds: SLA_SECONDS }
    }

    #[test]
    fn as_many_are_late_as_do_not_start_in_time() {
        // One worker starts 31 of 100 jobs of a second by 30 s, two of them start 62, and three 93.
        let jobs = vec![Job::new(0.0, 1.0); 100];
        assert_eq!(arrivals(&jobs).late_jobs_beyond(0), Some(vec![100, 69, 38, 7, 0]));
        assert_eq!(arrivals(&jobs).late_jobs_beyond(4), None);
    }

    #[test]
    fn who_starts_at_the_last_instant_is_not_late() {
        // The last of 26 jobs of a fifth of a second starts after five seconds, give or take what sums are out by.
        for burst in 0..24 {
            let begin_seconds = f64::from(burst) * 600.0;
            let jobs = vec![Job::new(begin_seconds, 0.2); 26];
            let burst = Arrivals { jobs: &jobs, begin_seconds, end_seconds: begin_seconds + 6.0, sla_seconds: 5.0 };
            assert_eq!(burst.late_jobs_beyond(0), Some(vec![26, 0]));
        }
    }

    #[test]
    fn a_long_job_keeps_one_worker_only() {
        let mut jobs = vec![Job::new(0.0, 1.0); 31];
        jobs.insert(0, Job::new(0.0, 1_000.0));
        assert_eq!(arrivals(&jobs).late_jobs_beyond(1), Some(vec![32, 31, 0]));
    }

    #[test]
    fn a_burst_of_very_many_long_jobs_is_looked_at_here_and_there() {
        // None ends before all must have started, so each needs a worker of its own.
        let jobs = vec![Job::new(0.0, 60.0); 1_000];
        let late_jobs = arrivals(&jobs).late_jobs_beyond(0).unwrap();
        assert_eq!((late_jobs.len() - 1, late_jobs[999], late_jobs[0]), (1_000, 1, 1_000));
        // Of those in between the number is less than it might be, never more.
        assert!((0..=1_000).all(|levels| late_jobs[levels] <= 1_000 - levels));
        assert!(late_jobs[950] > 0 && late_jobs.is_sorted_by(|fewer_levels, more_levels| fewer_levels >= more_levels));
    }

    #[test]
    fn what_is_needed_all_the_time_is_no_peak() {
        let steady = (0..600).map(|number| Job::new(f64::from(number), 1.5));
        let mut traffic = PoolTraffic {
            pool: PoolId::new("redis", "default"),
            settings: PoolSettings::default(),
            jobs: steady.collect(),
            boot_seconds: None,
        };
        let levels = |traffic: &PoolTraffic| {
            let timeline = Timeline::of(traffic).unwrap();
            let peaks = OrderedPeaks::of(&traffic.jobs, &timeline);
            (200..400).flat_map(|begin| peaks.from(begin).iter().map(OrderedPeak::levels)).max()
        };
        assert_eq!(levels(&traffic), None);
        let burst = traffic.jobs[300];
        traffic.jobs.splice(300..300, std::iter::repeat_n(burst, 93));
        // 93 jobs and the 31 that come until the last of them must start, of 1.5 s each, within 30 s.
        assert_eq!(levels(&traffic), Some(5));
    }
}
