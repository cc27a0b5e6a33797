//! How long a job waits for a worker when the queue is in its steady state.

use super::erlang::Erlang;

/// A stream of jobs and the work that each brings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Workload {
    /// Jobs that come in, a second.
    pub arrival_rate_per_second: f64,
    /// Mean service time, in seconds.
    pub service_time_seconds: f64,
    /// Squared coefficient of variation of the times between arrivals; 1 for a Poisson stream.
    pub arrival_squared_variation: f64,
    /// Squared coefficient of variation of the service times; 1 for exponential ones, 0 for constant ones.
    pub service_squared_variation: f64,
}

impl Workload {
    /// Poisson arrivals, exponential service times.
    pub fn markovian(arrival_rate_per_second: f64, service_time_seconds: f64) -> Self {
        Self {
            arrival_rate_per_second,
            service_time_seconds,
            arrival_squared_variation: 1.0,
            service_squared_variation: 1.0,
        }
    }

    /// Offered load, in workers.
    pub fn load(&self) -> f64 {
        self.arrival_rate_per_second * self.service_time_seconds
    }

    /// The Allen-Cunneen correction (C_a² + C_s²)/2 of the mean wait of M/M/c for general arrivals and services.
    ///
    /// A. O. Allen, "Probability, Statistics, and Queueing Theory" (2nd ed. 1990), section 5.3.4.
    fn variability(&self) -> f64 {
        (self.arrival_squared_variation + self.service_squared_variation) / 2.0
    }
}

/// Waiting times of M/M/c (Erlang C), corrected for general arrivals and services (Allen-Cunneen).
///
/// Among the jobs that have to wait the wait is exponential, with the mean S/(c − a) in M/M/c; the correction stretches
/// that mean. P(wait > t) = C(c, a) · exp(−t·(c − a)/(S·(C_a² + C_s²)/2)).
#[derive(Clone, Copy, Debug)]
pub struct PickupTime;

impl PickupTime {
    /// P(wait > t), the share of the jobs, 0 ..= 1, that wait longer than `seconds`; 1 where the workers cannot keep up.
    ///
    /// ```
    /// use queue_autoscale_core::calculators::{PickupTime, Workload};
    /// // M/M/1 at half load with one-second jobs: P(W > t) = 0.5·e^(−t/2).
    /// let share = PickupTime::probability_beyond(2.0, 1, &Workload::markovian(0.5, 1.0));
    /// assert!((share - 0.5 * (-1.0_f64).exp()).abs() < 1e-12);
    /// ```
    pub fn probability_beyond(seconds: f64, workers: u32, workload: &Workload) -> f64 {
        let load = workload.load();
        let waiting = Erlang::waiting_probability(workers, load);
        if waiting >= 1.0 {
            return 1.0;
        }
        match Self::mean_wait_of_the_waiting(workers, workload) {
            Some(mean) if mean > 0.0 => waiting * (-seconds / mean).exp(),
            _ => 0.0,
        }
    }

    /// The wait that `percentile` % of the jobs stay within, in seconds; `None` where the workers cannot keep up.
    ///
    /// ```
    /// use queue_autoscale_core::calculators::{PickupTime, Workload};
    /// // M/M/1 at half load: 95 % wait less than ln(0.5/0.05)·2 s.
    /// let wait = PickupTime::percentile_seconds(95.0, 1, &Workload::markovian(0.5, 1.0)).unwrap();
    /// assert!((wait - 2.0 * 10.0_f64.ln()).abs() < 1e-9);
    /// ```
    pub fn percentile_seconds(percentile: f64, workers: u32, workload: &Workload) -> Option<f64> {
        let waiting = Erlang::waiting_probability(workers, workload.load());
        if waiting >= 1.0 {
            return None;
        }
        let beyond = 1.0 - percentile / 100.0;
        if waiting <= beyond {
            return Some(0.0);
        }
        let mean = Self::mean_wait_of_the_waiting(workers, workload)?;
        Some(mean * (waiting / beyond).ln())
    }

    /// Smallest number of workers with which `percentile` % of the jobs wait at most `seconds`, `at_most` if even those
    /// do not suffice.
    ///
    /// ```
    /// use queue_autoscale_core::calculators::{PickupTime, Workload};
    /// // Ten one-second jobs a second: ten workers never keep up, twelve leave one job in twenty waiting for over two
    /// // seconds at the most.
    /// let workload = Workload::markovian(10.0, 1.0);
    /// let workers = PickupTime::workers_for(&workload, 95.0, 2.0, 1000);
    /// assert!(PickupTime::probability_beyond(2.0, workers, &workload) <= 0.05);
    /// assert!(PickupTime::probability_beyond(2.0, workers - 1, &workload) > 0.05);
    /// ```
    pub fn workers_for(workload: &Workload, percentile: f64, seconds: f64, at_most: u32) -> u32 {
        let load = workload.load();
        if load.is_nan() || load <= 0.0 {
            return 0;
        }
        if load >= f64::from(at_most) {
            return at_most;
        }
        let allowed = 1.0 - percentile / 100.0;
        // The recursion for Erlang B passes every number of servers on its way, so one pass finds the smallest.
        let mut inverse_blocking = 1.0;
        for workers in 1..=at_most {
            inverse_blocking = (1.0 + inverse_blocking * f64::from(workers) / load).min(f64::MAX);
            let spare = f64::from(workers) - load;
            if spare <= 0.0 {
                continue;
            }
            let utilisation = load / f64::from(workers);
            let waiting = 1.0 / (inverse_blocking * (1.0 - utilisation) + utilisation);
            let mean = workload.service_time_seconds * workload.variability() / spare;
            let beyond = if mean > 0.0 { waiting * (-seconds / mean).exp() } else { 0.0 };
            if beyond <= allowed {
                return workers;
            }
        }
        at_most
    }

    /// The same, not rounded: between two numbers of workers the logarithm of the share that waits too long is taken to be
    /// linear, which it nearly is (the wait's tail is exponential in the number of workers to spare).
    ///
    /// ```
    /// use queue_autoscale_core::calculators::{PickupTime, Workload};
    /// let workload = Workload::markovian(10.0, 0.5);
    /// let workers = PickupTime::fractional_workers_for(&workload, 99.0, 5.0, 100);
    /// assert!(5.0 < workers && workers < 6.0);
    /// assert_eq!(PickupTime::workers_for(&workload, 99.0, 5.0, 100), 6);
    /// ```
    pub fn fractional_workers_for(workload: &Workload, percentile: f64, seconds: f64, at_most: u32) -> f64 {
        let enough = Self::workers_for(workload, percentile, seconds, at_most);
        if enough == 0 {
            return 0.0;
        }
        let allowed = (1.0 - percentile / 100.0).ln();
        // Nothing is less likely than this; it only keeps the logarithm finite.
        let share = |workers| Self::probability_beyond(seconds, workers, workload).max(f64::MIN_POSITIVE).ln();
        let (with_one_less, with_enough) = (share(enough - 1), share(enough));
        if with_enough >= allowed || with_one_less <= with_enough {
            return f64::from(enough);
        }
        let fraction = (with_one_less - allowed) / (with_one_less - with_enough);
        // Fewer than the load never keep up, however short the queue.
        (f64::from(enough - 1) + fraction).max(workload.load())
    }

    /// Mean wait of those jobs that have to wait at all.
    fn mean_wait_of_the_waiting(workers: u32, workload: &Workload) -> Option<f64> {
        let spare = f64::from(workers) - workload.load();
        (spare > 0.0).then(|| workload.service_time_seconds * workload.variability() / spare)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Agents and the share of 100 calls in half an hour, of three minutes each, that are answered within twenty seconds,
    /// from the table in the documentation of the R package ErlangC 0.1.0 (CRAN, 2024, `calculate_agents`). Its wait is
    /// that of M/M/c at a load of ten erlangs.
    const PUBLISHED_SERVICE_LEVELS: [(u32, f64); 4] =
        [(11, 0.389_613_8), (12, 0.640_158_0), (13, 0.795_594_8), (14, 0.888_350_0)];

    fn calls() -> Workload {
        Workload::markovian(100.0 / 1800.0, 180.0)
    }

    #[test]
    fn the_share_answered_in_time_agrees_with_the_published_table() {
        for (agents, published) in PUBLISHED_SERVICE_LEVELS {
            let answered = 1.0 - PickupTime::probability_beyond(20.0, agents, &calls());
            assert!((answered - published).abs() < 1e-6, "{agents} agents: {answered}");
        }
    }

    #[test]
    fn the_smallest_staff_that_answers_eight_in_ten_in_time_is_the_published_one() {
        assert_eq!(PickupTime::workers_for(&calls(), 80.0, 20.0, 200), 14);
    }

    #[test]
    fn percentile_and_probability_are_each_others_inverse() {
        for workers in [11, 12, 15] {
            let seconds = PickupTime::percentile_seconds(95.0, workers, &calls()).unwrap();
            assert!((PickupTime::probability_beyond(seconds, workers, &calls()) - 0.05).abs() < 1e-9);
        }
    }

    #[test]
    fn regular_service_halves_the_wait_of_those_who_wait() {
        // M/D/c against M/M/c: (1 + 0)/2 of the mean.
        let regular = Workload { service_squared_variation: 0.0, ..calls() };
        let half = PickupTime::probability_beyond(10.0, 11, &regular);
        assert!((half - PickupTime::probability_beyond(20.0, 11, &calls())).abs() < 1e-12);
    }

    #[test]
    fn workers_that_cannot_keep_up_give_no_percentile() {
        assert_eq!(PickupTime::percentile_seconds(95.0, 10, &calls()), None);
    }

    #[test]
    fn a_load_that_no_permitted_number_carries_gets_the_permitted_number() {
        assert_eq!(PickupTime::workers_for(&Workload::markovian(1e12, 1.0), 95.0, 1.0, 50), 50);
    }
}
