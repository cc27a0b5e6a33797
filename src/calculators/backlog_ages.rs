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
    /// The backlog's jobs from the oldest on, as far as each stretch and on to the oldest alone: how many, and how old, in
    /// seconds, the youngest of them is at most. A queue served in order starts as many in that time.
    ///
    /// ```
    /// use queue_autoscale::calculators::BacklogAges;
    /// // Thirty came in within the last 5 s, twenty in the 5 s before.
    /// let mut ages = BacklogAges { first_seconds: 5.0, stretch_seconds: 5.0, ..BacklogAges::default() };
    /// ages.arrivals[..2].copy_from_slice(&[30.0, 20.0]);
    /// let due: Vec<(f64, f64)> = ages.due(45.0, 9.0).collect();
    /// assert_eq!(due, [(45.0, 5.0), (15.0, 9.0)]);
    /// ```
    pub fn due(self, pending: f64, oldest_seconds: f64) -> impl Iterator<Item = (f64, f64)> {
        let (mut left, mut age_seconds) = (pending, f64::from(self.first_seconds));
        let mut stretches = self.arrivals.into_iter();
        std::iter::from_fn(move || {
            while left > 0.0 {
                let Some(arrivals) = stretches.next() else { break };
                let (due, at_most_seconds) = (left, age_seconds);
                age_seconds += f64::from(self.stretch_seconds);
                left -= f64::from(arrivals);
                if at_most_seconds >= oldest_seconds {
                    left = due;
                    break;
                }
                // The same jobs are told once more with those before, if none came in here.
                if arrivals > 0.0 {
                    return Some((due, at_most_seconds));
                }
            }
            // What is left is as old as the oldest.
            let due = std::mem::replace(&mut left, 0.0);
            (due > 0.0).then_some((due, oldest_seconds))
        })
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

    proptest! {
        #[test]
        fn no_job_is_taken_to_be_younger_than_it_is(
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
            for (place, &age) in waiting.iter().enumerate() {
                // The first jobs as far as this one must be due no later than it.
                let counted = due.iter().any(|&(jobs, at_most)| jobs > place as f64 && at_most >= age);
                prop_assert!(counted, "{place} of {age} s in {due:?}");
            }
            prop_assert!(due.iter().all(|&(_, at_most)| at_most <= waiting[0]));
        }
    }
}
