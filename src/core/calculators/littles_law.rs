//! Little's Law, which ties rates, times and numbers together.

/// L = λ·W: the mean number of things in a system is their arrival rate times the time that each stays.
///
/// J. D. C. Little, "A Proof for the Queuing Formula: L = λW", Operations Research 9 (1961), 383-387. It holds whatever
/// the distributions are, for the workers (time: the service) as for the queue (time: the wait).
#[derive(Clone, Copy, Debug)]
pub struct LittlesLaw;

impl LittlesLaw {
    /// Workers that are busy on average, the offered load a = λ·S.
    ///
    /// ```
    /// use queue_autoscale_core::calculators::LittlesLaw;
    /// // 10 jobs a second of 0.5 s each keep five workers busy.
    /// assert_eq!(LittlesLaw::busy_workers(10.0, 0.5), 5.0);
    /// ```
    pub fn busy_workers(arrival_rate_per_second: f64, service_time_seconds: f64) -> f64 {
        arrival_rate_per_second * service_time_seconds
    }

    /// Jobs that wait on average where each waits `wait_seconds`, L_q = λ·W.
    ///
    /// ```
    /// use queue_autoscale_core::calculators::LittlesLaw;
    /// // At 10 jobs a second and a wait of 3 s each, thirty are waiting.
    /// assert_eq!(LittlesLaw::waiting_jobs(10.0, 3.0), 30.0);
    /// ```
    pub fn waiting_jobs(arrival_rate_per_second: f64, wait_seconds: f64) -> f64 {
        arrival_rate_per_second * wait_seconds
    }

    /// Utilisation law, the form for one service station: S = busy worker-seconds ÷ jobs done in the same time. `None`
    /// where nothing was done.
    ///
    /// P. J. Denning, J. P. Buzen, "The Operational Analysis of Queueing Network Models", Computing Surveys 10 (1978).
    ///
    /// ```
    /// use queue_autoscale_core::calculators::LittlesLaw;
    /// // Three workers, busy for a whole minute, did 360 jobs: half a second each.
    /// assert_eq!(LittlesLaw::service_time(180.0, 360.0), Some(0.5));
    /// assert_eq!(LittlesLaw::service_time(180.0, 0.0), None);
    /// ```
    pub fn service_time(busy_worker_seconds: f64, jobs_done: f64) -> Option<f64> {
        (jobs_done > 0.0).then(|| busy_worker_seconds / jobs_done)
    }
}
