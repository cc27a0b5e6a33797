//! When the jobs of one queue came in, as far as its turns tell.

/// A job's creation is kept as a whole second, the present is not: a job is up to this much younger than it is said to be.
const CREATION_SECONDS: f64 = 1.0;

/// One queue's arrivals, cumulated. Each turn tells how many jobs had come by then. Jobs are served in order, so it tells as well
/// which of them is the oldest that waits; and that one's age in which second it came, however many turns ago.
#[derive(Clone, Debug, Default)]
pub(super) struct ArrivalCurve {
    /// In order of time.
    turns: Vec<Turn>,
    /// In order of the jobs.
    oldest: Vec<Oldest>,
}

#[derive(Clone, Copy, Debug)]
struct Turn {
    at_seconds: f64,
    /// Jobs that had come by then.
    jobs: usize,
    /// Those of them that wait.
    waiting: usize,
}

/// A job that was once the oldest that waits, and when it came.
#[derive(Clone, Copy, Debug, Default)]
struct Oldest {
    job: usize,
    from_seconds: f64,
    until_seconds: f64,
}

impl ArrivalCurve {
    /// Takes in a turn: jobs that had come by then, those of them that wait, and the oldest one's age where it is told. Returns how
    /// many of them are new.
    pub(super) fn observe(
        &mut self,
        at_seconds: f64,
        jobs: usize,
        waiting: usize,
        oldest_seconds: Option<f64>,
    ) -> usize {
        let before = self.turns.last().map_or(0, |turn| turn.jobs);
        let jobs = jobs.max(before);
        self.turns.push(Turn { at_seconds, jobs, waiting });
        if let (Some(age), Some(job)) = (oldest_seconds.filter(|_| waiting > 0), jobs.checked_sub(waiting)) {
            self.observe_oldest(job, at_seconds - age);
        }
        jobs - before
    }

    fn observe_oldest(&mut self, job: usize, created_seconds: f64) {
        let next = self.turns.partition_point(|turn| turn.jobs <= job);
        let before_seconds = next.checked_sub(1).map_or(0.0, |last| self.turns[last].at_seconds);
        let last = self.oldest.last().copied().unwrap_or_default();
        let is_known = self.oldest.last().is_some_and(|last| last.job == job);
        let from_seconds = created_seconds.max(before_seconds).max(last.from_seconds);
        let until_seconds = (created_seconds + CREATION_SECONDS).min(self.turns[next].at_seconds);
        // A job that was put back may be older than those before it, and then says nothing of them.
        if !is_known && from_seconds <= until_seconds {
            self.oldest.push(Oldest { job, from_seconds, until_seconds: until_seconds.max(last.until_seconds) });
        }
    }

    /// Jobs that came in since the turn before, of each turn.
    pub(super) fn arrivals(&self) -> impl Iterator<Item = usize> {
        let mut before = 0;
        self.turns.iter().map(move |turn| turn.jobs - std::mem::replace(&mut before, turn.jobs))
    }

    /// An instant for each job, in their order; `between` chooses one of those that are possible.
    pub(super) fn instants(&self, mut between: impl FnMut(f64, f64) -> f64) -> Vec<f64> {
        // Each drawn for itself and then put in order: drawn after one another, they would crowd at the end of what is possible.
        let mut oldest: Vec<f64> = self.oldest.iter().map(|job| between(job.from_seconds, job.until_seconds)).collect();
        oldest.sort_by(f64::total_cmp);
        let mut oldest = self.oldest.iter().zip(oldest).peekable();
        let (mut instants, mut last_seconds) = (Vec::new(), 0.0);
        for turn in &self.turns {
            while let Some((next, at_seconds)) = oldest.next_if(|(next, _)| next.job < turn.jobs) {
                fill(&mut instants, next.job, last_seconds, at_seconds, &mut between);
                instants.push(at_seconds);
                last_seconds = at_seconds;
            }
            fill(&mut instants, turn.jobs, last_seconds, turn.at_seconds, &mut between);
            last_seconds = turn.at_seconds;
        }
        instants
    }

    /// How long those that wait at a turn and came since the one before have waited together by then, of each turn.
    pub(super) fn newcomers_waited_seconds(&self) -> Vec<f64> {
        let instants = self.instants(f64::midpoint);
        let waited = self.turns.iter().zip(self.arrivals()).map(|(turn, arrivals)| {
            let newcomers = &instants[turn.jobs - turn.waiting.min(arrivals)..turn.jobs];
            newcomers.iter().map(|instant| turn.at_seconds - instant).sum()
        });
        waited.collect()
    }
}

/// Adds instants until there are as many as `jobs`.
fn fill(
    instants: &mut Vec<f64>,
    jobs: usize,
    from_seconds: f64,
    until_seconds: f64,
    between: &mut impl FnMut(f64, f64) -> f64,
) {
    let first = instants.len();
    instants.extend((first..jobs).map(|_| between(from_seconds, until_seconds)));
    instants[first..].sort_by(f64::total_cmp);
}
