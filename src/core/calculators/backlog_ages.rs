//! How old the jobs of a backlog are, told from when they came in.

/// Stretches of time that the youngest arrivals are counted in.
pub const STRETCHES: usize = 8;

/// Arrivals of the last while, in stretches of time from the present back, in single precision so that thousands of queues
/// can keep it. Without any, all jobs are taken to be as old as the oldest.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BacklogAges {
    /// How long ago the youngest stretch began, in seconds.
    pub first_seconds: f32,
    /// Length of each one before it, in seconds.
    pub stretch_seconds: f32,
    /// Jobs that came in, youngest stretch first.
    pub arrivals: [f32; STRETCHES],
}

impl BacklogAges {
    /// The same where of all that came in only `pending` still wait, each stretch with the same share of its jobs: those of
    /// queues that others go before.
    #[must_use]
    pub fn of_those_that_wait(mut self, pending: f64) -> Self {
        let came: f64 = self.arrivals.iter().copied().map(f64::from).sum();
        if came > pending {
            let share = (pending / came) as f32;
            self.arrivals.iter_mut().for_each(|arrivals| *arrivals *= share);
        }
        self
    }

    /// The backlog's jobs from the oldest on, as far as each stretch and on to the oldest alone: how many, and how old, in
    /// seconds, the youngest of them is. Jobs are taken to be as old as the middle of their stretch, which is wrong by half
    /// of one at most; the age of the oldest is known.
    ///
    /// ```
    /// use queue_autoscale_core::calculators::BacklogAges;
    /// // Thirty came in within the last 5 s, twenty in the 5 s before.
    /// let mut ages = BacklogAges { first_seconds: 5.0, stretch_seconds: 5.0, ..BacklogAges::default() };
    /// ages.arrivals[..2].copy_from_slice(&[30.0, 20.0]);
    /// let due: Vec<(f64, f64)> = ages.due(45.0, 9.0).collect();
    /// assert_eq!(due, [(45.0, 2.5), (15.0, 7.0), (1.0, 9.0)]);
    /// ```
    pub fn due(self, pending: f64, oldest_seconds: f64) -> impl Iterator<Item = (f64, f64)> {
        let mut due = [(0.0, 0.0); STRETCHES + 1];
        let (mut left, mut begin_seconds) = (pending, 0.0);
        let mut length_seconds = f64::from(self.first_seconds);
        for (told, arrivals) in due.iter_mut().zip(self.arrivals.map(f64::from)) {
            if left <= 0.0 || begin_seconds >= oldest_seconds {
                break;
            }
            let end_seconds = begin_seconds + length_seconds;
            // The same jobs are told once more with those before, if none came in here.
            if arrivals > 0.0 {
                *told = (left, f64::midpoint(begin_seconds, end_seconds.min(oldest_seconds)));
                left = if end_seconds < oldest_seconds { left - arrivals } else { 0.0 };
            }
            (begin_seconds, length_seconds) = (end_seconds, f64::from(self.stretch_seconds));
        }
        // What no stretch accounts for is as old as the oldest.
        due[STRETCHES] = (left.max(pending.min(1.0)), oldest_seconds);
        due.into_iter().filter(|(jobs, _)| *jobs > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn without_arrivals_all_are_as_old_as_the_oldest() {
        assert_eq!(BacklogAges::default().due(7.0, 12.0).collect::<Vec<_>>(), [(7.0, 12.0)]);
        assert_eq!(BacklogAges::default().due(0.0, 12.0).count(), 0);
    }

    #[test]
    fn a_burst_of_one_instant_is_as_old_as_the_middle_of_its_stretch_and_its_first_job_as_old_as_it_is() {
        let mut ages = BacklogAges { first_seconds: 2.0, stretch_seconds: 5.0, ..BacklogAges::default() };
        ages.arrivals[1] = 900.0;
        assert_eq!(ages.due(900.0, 6.0).collect::<Vec<_>>(), [(900.0, 4.0), (1.0, 6.0)]);
    }

    #[test]
    fn jobs_that_no_arrivals_account_for_are_as_old_as_the_oldest() {
        let mut ages = BacklogAges { first_seconds: 5.0, stretch_seconds: 5.0, ..BacklogAges::default() };
        ages.arrivals[0] = 3.0;
        assert_eq!(ages.due(10.0, 60.0).collect::<Vec<_>>(), [(10.0, 2.5), (7.0, 60.0)]);
        // Where the stretch accounts for all, the oldest alone is told besides.
        assert_eq!(ages.due(2.0, 60.0).collect::<Vec<_>>(), [(2.0, 2.5), (1.0, 60.0)]);
    }

    #[test]
    fn where_others_go_first_every_stretch_keeps_the_same_share_of_its_jobs() {
        let mut ages = BacklogAges { first_seconds: 5.0, stretch_seconds: 5.0, ..BacklogAges::default() };
        ages.arrivals[..2].copy_from_slice(&[60.0, 40.0]);
        assert_eq!(ages.of_those_that_wait(25.0).arrivals[..2], [15.0, 10.0]);
        assert_eq!(ages.of_those_that_wait(150.0), ages);
        assert_eq!(ages.of_those_that_wait(25.0).due(25.0, 10.0).next(), Some((25.0, 2.5)));
    }

    proptest! {
        #[test]
        fn no_job_is_taken_to_be_younger_than_it_is_by_more_than_half_a_stretch(
            ages in prop::collection::vec(0.0..60.0_f64, 1..200),
            first_seconds in 0.0..5.0_f32,
            stretch_seconds in 1.0..20.0_f32,
            gone in 0..200_usize,
        ) {
            // The jobs that came in, oldest first; those at the front are gone.
            let mut ages = ages;
            ages.sort_by(|one, other| other.total_cmp(one));
            let waiting = &ages[gone.min(ages.len() - 1)..];
            let mut told = BacklogAges { first_seconds, stretch_seconds, ..BacklogAges::default() };
            for &age in &ages {
                let after_first = (age - f64::from(first_seconds)).max(0.0) / f64::from(stretch_seconds);
                if let Some(arrivals) = told.arrivals.get_mut(after_first.ceil() as usize) {
                    *arrivals += 1.0;
                }
            }
            let due: Vec<(f64, f64)> = told.due(waiting.len() as f64, waiting[0]).collect();
            let half_seconds = f64::from(first_seconds.max(stretch_seconds)) / 2.0 + 1e-6;
            for (place, &age) in waiting.iter().enumerate() {
                // The first jobs as far as this one must be due no later than it.
                let counted = due.iter().any(|&(jobs, told)| jobs > place as f64 && told + half_seconds >= age);
                prop_assert!(counted, "{place} of {age} s in {due:?}");
            }
            prop_assert!(due.iter().all(|&(_, told)| told <= waiting[0]));
            prop_assert!(due.contains(&(1.0, waiting[0])) || due.last().is_some_and(|&(jobs, told)| jobs > 1.0 && told == waiting[0]));
        }
    }
}
