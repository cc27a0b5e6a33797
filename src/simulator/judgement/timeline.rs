//! A pool's jobs by cells of time: its peaks and gaps, as the bound looks at them.

use crate::scenario::PoolTraffic;

/// Cells that time is cut into at most; more would find slightly better peaks and take longer.
const MOST_CELLS: usize = 14_400;
/// Longest gap that is looked at, in cells.
const LONGEST_GAP_CELLS: usize = 7_200;
/// Each gap tried is this much longer than the one before, or a cell.
const GAP_GROWTH: f64 = 1.1;
/// Lengths `h` of a peak's arrivals, as multiples of the SLA; a cell's length is tried as well.
const PEAK_LENGTHS: [f64; 5] = [1.0 / 3.0, 1.0, 3.0, 9.0, 27.0];
/// Quantiles of the durations that `m` is: a higher one counts more of the work, in a longer interval.
const CAP_QUANTILES: [f64; 2] = [0.9, 0.99];
/// What sums of work may be out by.
const ROUNDING_SECONDS: f64 = 1e-6;

/// A pool's jobs by cells of time; sums run from the beginning to a cell's beginning.
#[derive(Debug)]
pub(super) struct Timeline {
    cell_seconds: f64,
    cells: usize,
    sla_seconds: f64,
    /// All work, by arrival.
    arrived_until: Vec<f64>,
    /// Work that, started in time, has ended.
    ended_until: Vec<f64>,
    jobs_until: Vec<f64>,
    caps: Vec<Cap>,
}

/// First attempts, each of them cut to at most `m`.
#[derive(Debug)]
struct Cap {
    /// `m`.
    seconds: f64,
    /// Their work, by arrival.
    capped_until: Vec<f64>,
    /// `h` and `l` of its peaks, in cells.
    lengths_cells: Vec<(usize, usize)>,
}

/// An interval before a peak.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    /// The cell it begins with.
    pub(super) begin: usize,
    /// Levels that can be busy throughout.
    pub(super) busy_levels: usize,
    /// For how long the next level idles at least, if it is manned.
    pub(super) idle_seconds: f64,
}

/// An interval with the jobs that arrive early in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peak {
    /// The cell it ends before.
    pub(super) end: usize,
    /// `l`.
    seconds: f64,
    /// `C`.
    work_seconds: f64,
    /// `m`.
    cap_seconds: f64,
    jobs: f64,
}

impl Timeline {
    /// Of a pool's jobs; `None` where there are none.
    pub(super) fn of(traffic: &PoolTraffic) -> Option<Self> {
        let jobs = &traffic.jobs;
        let tries = traffic.settings.workers.tries;
        let sla_seconds = traffic.settings.sla.max_pickup_time_seconds;
        let mut durations: Vec<f64> = jobs.iter().map(|job| job.service_seconds).collect();
        durations.sort_by(f64::total_cmp);
        let mut caps: Vec<f64> = Vec::new();
        for quantile in CAP_QUANTILES {
            caps.push(durations[((jobs.len().checked_sub(1)?) as f64 * quantile) as usize]);
        }
        caps.dedup();

        let end_seconds = jobs.last()?.arrives_at_seconds + sla_seconds + caps.iter().copied().fold(0.0, f64::max);
        let cell_seconds = (end_seconds / MOST_CELLS as f64).max(1.0);
        let cells = (end_seconds / cell_seconds).ceil() as usize + 1;
        let sums = || vec![0.0; cells + 1];
        let caps = caps.into_iter().map(|seconds| Cap {
            seconds,
            capped_until: sums(),
            lengths_cells: peak_lengths_cells(sla_seconds, seconds, cell_seconds),
        });
        let mut timeline = Self {
            cell_seconds,
            cells,
            sla_seconds,
            arrived_until: sums(),
            ended_until: sums(),
            jobs_until: sums(),
            caps: caps.collect(),
        };
        for job in jobs {
            let arrival = timeline.cell_after(job.arrives_at_seconds);
            timeline.arrived_until[arrival] += job.work_seconds(tries);
            timeline.jobs_until[arrival] += 1.0;
            for cap in &mut timeline.caps {
                cap.capped_until[arrival] += job.service_seconds.min(cap.seconds);
            }
            // Retries may come at any later time, so the work of a job that fails never counts as ended.
            if job.failing_attempts == 0 {
                let end = timeline.cell_after(job.arrives_at_seconds + sla_seconds + job.service_seconds);
                timeline.ended_until[end] += job.service_seconds;
            }
        }
        let capped = timeline.caps.iter_mut().map(|cap| &mut cap.capped_until);
        let others = [&mut timeline.arrived_until, &mut timeline.ended_until, &mut timeline.jobs_until];
        for sums in capped.chain(others) {
            for cell in 1..sums.len() {
                sums[cell] += sums[cell - 1];
            }
        }
        Some(timeline)
    }

    /// The first cell that begins after the instant.
    fn cell_after(&self, at_seconds: f64) -> usize {
        ((at_seconds / self.cell_seconds) as usize + 1).min(self.cells)
    }

    /// When the cell begins.
    pub(super) fn seconds(&self, cell: usize) -> f64 {
        cell as f64 * self.cell_seconds
    }

    /// The SLA.
    pub(super) fn sla_seconds(&self) -> f64 {
        self.sla_seconds
    }

    /// The fewest cells that last as long.
    pub(super) fn cells_within(&self, seconds: f64) -> usize {
        (seconds / self.cell_seconds).ceil() as usize
    }

    /// How many jobs have arrived when the cell begins.
    pub(super) fn jobs_before(&self, cell: usize) -> usize {
        self.jobs_until[cell] as usize
    }

    /// How many cells there are.
    pub(super) fn cells(&self) -> usize {
        self.cells
    }

    /// The largest share that a job has in what one worker can do within the shortest peak.
    pub(super) fn largest_share(&self) -> f64 {
        let longest_seconds = self.caps.iter().map(|cap| cap.seconds).fold(0.0, f64::max);
        longest_seconds / (self.sla_seconds + longest_seconds)
    }

    /// Peaks of several lengths.
    pub(super) fn peaks_from(&self, begin: usize) -> impl Iterator<Item = Peak> {
        self.caps.iter().flat_map(move |cap| {
            let within = cap.lengths_cells.iter().filter(move |(_, cells)| begin + cells <= self.cells);
            within.map(move |(arrivals_cells, cells)| {
                let work_seconds = cap.capped_until[begin + arrivals_cells] - cap.capped_until[begin];
                Peak {
                    end: begin + cells,
                    seconds: *cells as f64 * self.cell_seconds,
                    work_seconds: (work_seconds - ROUNDING_SECONDS).max(0.0),
                    cap_seconds: cap.seconds,
                    jobs: self.jobs_until[begin + arrivals_cells] - self.jobs_until[begin],
                }
            })
        })
    }

    /// Gaps of several lengths, none shorter than given, in each of which so much more work can be done.
    pub(super) fn gaps_before(
        &self,
        end: usize,
        shortest_seconds: f64,
        more_work_seconds: f64,
    ) -> impl Iterator<Item = Gap> {
        let shortest_cells = self.cells_within(shortest_seconds).max(1);
        let lengths = growing_cells(shortest_cells, GAP_GROWTH);
        lengths.take_while(move |cells| *cells <= end.min(LONGEST_GAP_CELLS)).map(move |cells| {
            let begin = end - cells;
            let gap_seconds = cells as f64 * self.cell_seconds;
            let work_seconds = self.arrived_until[end] - self.ended_until[begin] + more_work_seconds;
            let possible_seconds = (work_seconds + ROUNDING_SECONDS).max(0.0);
            let busy_levels = (possible_seconds / gap_seconds).floor();
            let idle_seconds = (gap_seconds * (busy_levels + 1.0) - possible_seconds).max(0.0);
            Gap { begin, busy_levels: busy_levels as usize, idle_seconds }
        })
    }
}

/// Numbers of cells, each so many times the one before, or one more.
fn growing_cells(first: usize, growth: f64) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(first), move |cells| Some(((*cells as f64 * growth) as usize).max(cells + 1)))
}

/// Lengths of a peak's arrivals, and of all of it.
fn peak_lengths_cells(sla_seconds: f64, cap_seconds: f64, cell_seconds: f64) -> Vec<(usize, usize)> {
    let cells = |seconds: f64| (seconds / cell_seconds).ceil() as usize;
    let of_sla = PEAK_LENGTHS.iter().map(|length| cells(length * sla_seconds));
    let mut arrivals: Vec<usize> = std::iter::once(1).chain(of_sla).collect();
    arrivals.dedup();
    arrivals.into_iter().map(|arrivals| (arrivals, arrivals + cells(sla_seconds + cap_seconds))).collect()
}

impl Peak {
    /// The most levels that need be busy at once.
    pub(super) fn levels(&self) -> usize {
        let levels = (self.work_seconds / self.seconds).ceil() as usize;
        levels.max(usize::from(self.jobs > 0.0))
    }

    /// How many jobs are late if no more than so many levels are busy at once.
    pub(super) fn late_jobs(&self, busy_levels: usize) -> f64 {
        if busy_levels == 0 {
            return self.jobs;
        }
        ((self.work_seconds - busy_levels as f64 * self.seconds) / self.cap_seconds).ceil().max(0.0)
    }
}
