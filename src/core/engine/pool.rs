//! What the engine remembers of one pool.

use super::contradiction::{Contradiction, Witness};
use super::forecast::{Driver, PoolForecast, Recommendation, StrategyInputs};
use super::pool_workers::plausible_or;
use super::reading::PoolReading;
use super::stabilisation::Stabiliser;
use super::wake_up::WakeUp;
use super::{Component, PoolWorkers, ServiceTimeSource};
use crate::calculators::{
    ArrivalHistory, ArrivalRateEstimator, ArrivalSample, BacklogAges, Flow, Recurrence, Resources, ServiceSample,
    ServiceTimeEstimator, Surge, Trend, TrendPredictor,
};
use crate::config::{PoolId, PoolSettings};
use std::sync::Arc;

/// Bins after which it is worth looking for a recurrence again: half a minute.
const SEARCH_EVERY_BINS: usize = 6;

/// How many times the wait that is asked for jobs of a surge may wait: at the default as long as there is room.
const SURGE_WAITS: f64 = 5.0;

/// Bins that tell what comes in as a rule: ten minutes.
const USUAL_BINS: usize = 120;

/// One pool's estimators and last numbers.
#[derive(Debug)]
pub struct Pool {
    /// Its number among the engine's pools, by which others know it.
    pub number: usize,
    /// What strategies are told, kept from turn to turn so that nothing is allocated.
    pub forecast: PoolForecast,
    /// Down only when it has held.
    pub stabiliser: Stabiliser,
    /// Looks at delayed jobs.
    pub wake_up: WakeUp,
    /// Knows rows that cannot be true.
    pub witness: Witness,
    /// The pool's own workers as of this turn.
    pub workers: PoolWorkers,
    /// Workers that the last decision granted.
    pub granted_workers: u32,
    arrivals: ArrivalRateEstimator,
    service: ServiceTimeEstimator,
    history: ArrivalHistory,
    trend: Option<Trend>,
    recurrence: Option<Recurrence>,
    /// Bins completed since a recurrence was last looked for.
    bins_since_search: usize,
    last: Option<LastTurn>,
}

/// What the next turn is compared with.
#[derive(Clone, Copy, Debug)]
struct LastTurn {
    now_seconds: f64,
    had_rows: bool,
    busy_seconds_total: f64,
    busy_workers: f64,
    /// All that were running, those on their way out included.
    own_workers: u32,
    /// Of the oldest job; `None` where none waited.
    age: Option<Age>,
}

/// How long the oldest job has waited.
#[derive(Clone, Copy, Debug)]
struct Age {
    seconds: f64,
    /// Otherwise it has waited for that long at least: since it was first seen.
    is_known: bool,
}

impl Pool {
    /// Knows nothing yet.
    pub fn new(number: usize, id: PoolId, settings: Arc<PoolSettings>, turn_seconds: f64) -> Self {
        let assumed_seconds = settings.prediction.default_service_time_seconds;
        let none = Component { workers: 0.0 };
        Self {
            number,
            workers: PoolWorkers::none(id.clone()),
            granted_workers: 0,
            stabiliser: Stabiliser::default(),
            wake_up: WakeUp::default(),
            witness: Witness::default(),
            arrivals: ArrivalRateEstimator::new(),
            service: ServiceTimeEstimator::new(assumed_seconds),
            history: ArrivalHistory::default(),
            trend: None,
            recurrence: None,
            bins_since_search: 0,
            last: None,
            forecast: PoolForecast {
                inputs: StrategyInputs::unseen(id, settings, turn_seconds),
                recommendation: Recommendation {
                    workers: 0,
                    driver: Driver::Idle,
                    idle_floor_workers: 0,
                    steady_state: none,
                    predictive: none,
                    backlog_drain: none,
                    pickup_time: None,
                },
                is_readable: false,
            },
        }
    }

    /// Which pool.
    pub fn id(&self) -> &PoolId {
        &self.forecast.inputs.pool
    }

    /// What the user asked for.
    pub fn settings(&self) -> &PoolSettings {
        &self.forecast.inputs.settings
    }

    /// What one more worker is planned to take: measured, else as configured.
    pub fn worker_footprint(&self) -> Resources {
        self.workers.footprint(self.settings())
    }

    /// Whether its metrics were ever read.
    pub fn was_seen(&self) -> bool {
        self.last.is_some_and(|last| last.had_rows)
    }

    /// Takes over what the supervisor knows of its workers; `None` where it has none.
    pub fn see_workers(&mut self, workers: Option<&PoolWorkers>) {
        match workers {
            Some(workers) => self.workers.update_from(workers),
            None => {
                let busy_seconds_total = self.workers.busy_seconds_total;
                self.workers.update_from(&PoolWorkers { busy_seconds_total, ..PoolWorkers::none(self.id().clone()) });
            }
        }
        let inputs = &mut self.forecast.inputs;
        inputs.current_workers = self.workers.current();
        inputs.starting_workers = self.workers.starting;
        inputs.boot_seconds = plausible_or(self.workers.boot_seconds, inputs.settings.prediction.default_boot_seconds);
    }

    /// Whether the turn's rows cannot be true, given the workers as of this turn.
    pub fn contradiction(
        &mut self,
        reading: &PoolReading,
        now_seconds: f64,
        turn_seconds: f64,
    ) -> Option<Contradiction> {
        if reading.rows == 0 || reading.is_broken {
            return None;
        }
        self.witness.contradicts(reading, &self.workers, now_seconds, turn_seconds)
    }

    /// Takes in the turn's rows, which must be whole, and renews what strategies are told.
    pub fn observe(&mut self, reading: &PoolReading, now_seconds: f64, turn_seconds: f64) {
        let busy_workers = self.busy_workers(reading);
        let flow = self.arrivals.observe(ArrivalSample {
            now_seconds,
            backlog: reading.pending as f64 + reading.reserved as f64,
            throughput_per_minute: reading.throughput_per_minute,
            attempts_finished_total: self.workers.jobs_finished_total,
            tries: self.settings().workers.tries,
        });
        if let (Some(flow), Some(last)) = (flow, self.last) {
            self.learn_service_time(&flow, &last, busy_workers);
            self.remember(&flow);
        }
        let age = self.infer_age(reading, now_seconds);
        let age_seconds = age.map(|age| age.seconds);
        self.last = Some(LastTurn {
            now_seconds,
            had_rows: reading.rows > 0,
            busy_seconds_total: self.workers.busy_seconds_total,
            busy_workers,
            own_workers: self.workers.current().saturating_add(self.workers.draining),
            age,
        });

        let (service_time_seconds, service_time_source) = self.service_time(reading, busy_workers);
        let inputs = &mut self.forecast.inputs;
        inputs.turn_seconds = turn_seconds;
        inputs.busy_workers = (busy_workers.ceil() as u32).min(inputs.current_workers);
        inputs.pending = reading.pending;
        inputs.scheduled = reading.scheduled;
        inputs.reserved = reading.reserved;
        inputs.oldest_job_age_seconds = age_seconds;
        inputs.backlog_ages = match age_seconds {
            Some(seconds) => {
                let ages = self.history.backlog_ages(seconds);
                // Several queues are not served in the order in which jobs came in.
                if inputs.pool.is_group() { ages.of_those_that_wait(reading.pending as f64) } else { ages }
            }
            None => BacklogAges::default(),
        };
        inputs.arrival_rate_per_second = self.arrivals.rate_per_second();
        inputs.arrival_rate_confidence = self.arrivals.confidence();
        inputs.arrival_dispersion = self.arrivals.dispersion();
        inputs.service_time_seconds = service_time_seconds;
        inputs.service_time_source = service_time_source;
        inputs.service_squared_variation = self.service.squared_variation();
        self.forecast.inputs.surge = self.surge();
        self.forecast.inputs.lasting_rate_per_second = self.lasting_rate();
        self.forecast.inputs.forecast_rate_per_second = self.forecast_rate();
    }

    /// Workers in a job: what the supervisor sees, or, of workers that are silent, as many as jobs are held.
    fn busy_workers(&self, reading: &PoolReading) -> f64 {
        let seen = u64::from(self.workers.busy);
        let silent = u64::from(self.workers.unknown).min(reading.reserved.saturating_sub(seen));
        let own = u64::from(self.workers.current()) + u64::from(self.workers.draining);
        if own > 0 {
            return (seen + silent) as f64;
        }
        reading.reserved.min(u64::from(reading.active_workers)) as f64
    }

    fn learn_service_time(&mut self, flow: &Flow, last: &LastTurn, busy_workers: f64) {
        let all_speak = self.workers.unknown == 0 && !flow.others_work;
        let seen = self.workers.busy_seconds_total - last.busy_seconds_total;
        let own = self.workers.current().saturating_add(self.workers.draining);
        // Some may have come since the last turn and left already.
        let at_most = flow.elapsed_seconds * f64::from(own.max(last.own_workers).max(self.granted_workers));
        // Nothing is what those tell who took their first jobs this instant; with jobs since the last turn it is no answer.
        let is_told = seen > 0.0 || last.busy_workers == 0.0;
        let busy_worker_seconds = if all_speak && is_told && (0.0..=at_most).contains(&seen) {
            seen
        } else {
            flow.elapsed_seconds * (busy_workers + last.busy_workers) / 2.0
        };
        self.service.observe(ServiceSample {
            busy_worker_seconds,
            completions: flow.completions,
            jobs_under_way: busy_workers,
            longest_job_seconds: self.workers.longest_job_seconds.filter(|seconds| seconds.is_finite()),
        });
    }

    fn service_time(&self, reading: &PoolReading, busy_workers: f64) -> (f64, ServiceTimeSource) {
        let measured = self.service.seconds();
        if !self.service.is_measured() {
            return (measured, ServiceTimeSource::Default);
        }
        match reading.reported_service_seconds() {
            Some(reported) if self.service.is_helped_by(reported) => (reported, ServiceTimeSource::Reported),
            _ if busy_workers <= 0.0 => (measured, ServiceTimeSource::LastKnown),
            _ => (measured, ServiceTimeSource::UtilisationLaw),
        }
    }

    fn remember(&mut self, flow: &Flow) {
        let completed = self.history.record(flow.arrivals, flow.elapsed_seconds);
        if completed > 0 {
            self.bins_since_search += completed;
            let window_seconds = self.settings().prediction.trend_window_seconds;
            self.trend = Some(TrendPredictor::read(&self.history, window_seconds));
            self.forecast.inputs.usual_rate_per_second = self.history.mean_rate_per_second(USUAL_BINS);
        }
    }

    /// Recommends a worker that looks, where all jobs are delayed, the metrics do not tell which of them are due, and nobody
    /// has looked for long enough.
    pub fn wake_up_if_due(&mut self, reading: &PoolReading, now_seconds: f64) {
        let inputs = &self.forecast.inputs;
        let silent = self.workers.unknown;
        if silent == 0 {
            self.wake_up.none_silent();
        }
        let silent_boot = silent > 0 && !self.wake_up.silent_since(now_seconds, inputs.boot_seconds);
        let booting = inputs.starting_workers.saturating_add(if silent_boot { silent } else { 0 });
        if inputs.current_workers > booting {
            self.wake_up.looked(now_seconds);
        } else if inputs.current_workers == 0 && self.workers.draining == 0 {
            self.wake_up.unattended(inputs.pending, inputs.scheduled);
        }
        let nobody_knows = inputs.scheduled > 0 && inputs.pending == 0 && self.forecast.recommendation.workers == 0;
        if !nobody_knows || !reading.hides_due_jobs {
            return;
        }
        // A worker that is still starting has not looked yet.
        let interval = WakeUp::interval_seconds(inputs.room_seconds(), inputs.response_seconds());
        if booting > 0 || self.wake_up.is_due(now_seconds, interval) {
            self.forecast.recommendation.workers = 1;
            self.forecast.recommendation.driver = Driver::WakeUp;
            // The look is known to have been once the worker is seen.
            self.forecast.recommendation.idle_floor_workers = 1;
        }
    }

    /// How long the oldest job has waited, in seconds; `None` where none does or where that is not known.
    pub fn known_age_seconds(&self) -> Option<f64> {
        self.last?.age.filter(|age| age.is_known).map(|age| age.seconds)
    }

    /// Share of the SLA that the oldest job has used up.
    pub fn urgency(&self) -> f64 {
        let inputs = &self.forecast.inputs;
        inputs.oldest_job_age_seconds.unwrap_or(0.0) / inputs.settings.sla.max_pickup_time_seconds
    }

    /// Looks for bursts that come back, if enough has come in since the last look.
    pub fn search_recurrence(&mut self) {
        if self.bins_since_search >= SEARCH_EVERY_BINS {
            self.bins_since_search = 0;
            self.recurrence = Recurrence::find(&self.history);
        }
    }

    /// The rate when a worker that is started now is at work, by the trend, or by what came back before where workers must
    /// be there beforehand: a burst that the room for waiting absorbs is answered when it comes.
    fn forecast_rate(&self) -> f64 {
        let inputs = &self.forecast.inputs;
        let rate = inputs.lasting_rate_per_second;
        let response_seconds = inputs.response_seconds();
        let horizon_seconds = inputs.settings.prediction.forecast_horizon_seconds.max(response_seconds);
        let along_trend =
            self.trend.map_or(rate, |trend| TrendPredictor::forecast(&trend, rate, horizon_seconds).rate_per_second);
        let room_seconds = inputs.room_seconds();
        let recurring = self.recurrence.map_or(0.0, |recurrence| {
            recurrence.expected_rate(&self.history, response_seconds, room_seconds.max(inputs.turn_seconds))
        });
        let needs_all = recurring * inputs.service_time_seconds > f64::from(inputs.settings.max_workers);
        let is_too_late = room_seconds < response_seconds;
        if needs_all || is_too_late { along_trend.max(recurring) } else { along_trend }
    }

    /// The surge under way, if it needs workers and all are not needed for it, and if those before were over within as much of
    /// the room for waiting as jobs may take.
    fn surge(&self) -> Option<Surge> {
        let inputs = &self.forecast.inputs;
        let rate = inputs.arrival_rate_per_second;
        let needs_workers = 1.0..=f64::from(inputs.settings.max_workers);
        if !needs_workers.contains(&(rate * inputs.service_time_seconds)) {
            return None;
        }
        let share = (SURGE_WAITS * inputs.settings.prediction.target_wait_percent / 100.0).min(1.0);
        Surge::under_way(&self.history, inputs.usual_rate_per_second, rate, share * inputs.room_seconds())
    }

    /// The part of the arrival rate that lasts: less than all of it in such a surge, and within a recurring burst that ends
    /// while the queue can still hold what it brings, which is as long as the room for waiting.
    fn lasting_rate(&self) -> f64 {
        let inputs = &self.forecast.inputs;
        let rate = inputs.arrival_rate_per_second;
        if let Some(surge) = inputs.surge {
            return surge.rate_besides_per_second.min(rate);
        }
        let Some(recurrence) = self.recurrence.filter(|recurrence| recurrence.foretold(&self.history)) else {
            return rate;
        };
        recurrence.expected_rate(&self.history, 0.0, inputs.room_seconds()).min(rate)
    }

    /// How long the oldest job has been waiting for a worker. It cannot have grown faster than time passed: a reported
    /// age that jumps includes a deliberate delay. Where none is told, it follows from when that many jobs came in.
    fn infer_age(&self, reading: &PoolReading, now_seconds: f64) -> Option<Age> {
        if reading.pending == 0 {
            return None;
        }
        let reported = reading.oldest_job_age_seconds;
        let Some(last) = self.last else {
            return Some(Age { seconds: reported.unwrap_or(0.0), is_known: reported.is_some() });
        };
        let elapsed = (now_seconds - last.now_seconds).max(0.0);
        let since_seen = last.age.map_or(0.0, |age| age.seconds) + elapsed;
        let told = reported.or_else(|| self.history.age_of_the_youngest(reading.pending as f64));
        // Whatever waits since the last turn at most is no older than that.
        let is_known = told.is_some() || last.age.is_none_or(|age| age.is_known);
        Some(Age { seconds: told.map_or(since_seen, |age| age.min(since_seen)), is_known })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten more jobs come in every turn of five seconds, and nobody works but in the last turn, after which so many wait.
    fn backlog_ages(queues: &str, waiting: u64) -> BacklogAges {
        let id = PoolId::new("redis", queues);
        let mut pool = Pool::new(0, id.clone(), Arc::new(PoolSettings::default()), 5.0);
        for turn in 0..4_u64 {
            let now_seconds = 5.0 * turn as f64;
            let pending = if turn < 3 { 10 * turn } else { waiting };
            let reading = PoolReading {
                rows: 1,
                pending,
                oldest_job_age_seconds: Some(now_seconds),
                throughput_per_minute: (10 * turn - pending) as f64,
                ..PoolReading::default()
            };
            let jobs_finished_total = Some(10 * turn - pending);
            pool.see_workers(Some(&PoolWorkers { jobs_finished_total, ..PoolWorkers::none(id.clone()) }));
            pool.observe(&reading, now_seconds, 5.0);
        }
        pool.forecast.inputs.backlog_ages
    }

    #[test]
    fn what_comes_in_as_a_rule_is_the_mean_of_ten_minutes() {
        let mut pool = Pool::new(0, PoolId::new("redis", "emails"), Arc::new(PoolSettings::default()), 5.0);
        let usual = |pool: &Pool| pool.forecast.inputs.usual_rate_per_second;
        for turn in 0..=240_u32 {
            // Two a second for ten minutes, and nothing for another ten.
            let pending = 10 * u64::from(turn.min(120));
            pool.see_workers(None);
            pool.observe(&PoolReading { rows: 1, pending, ..PoolReading::default() }, 5.0 * f64::from(turn), 5.0);
            match turn {
                120 => assert_eq!(usual(&pool), 2.0),
                180 => assert_eq!(usual(&pool), 1.0),
                _ => {}
            }
        }
        assert_eq!(usual(&pool), 0.0);
    }

    #[test]
    fn workers_that_took_their_first_jobs_this_instant_do_not_make_jobs_seem_longer() {
        let id = PoolId::new("redis", "emails");
        let mut pool = Pool::new(0, id.clone(), Arc::new(PoolSettings::default()), 5.0);
        let mut service_seconds = |now_seconds, busy, busy_seconds_total, done| {
            let workers = PoolWorkers {
                busy,
                busy_seconds_total,
                jobs_finished_total: Some(done),
                ..PoolWorkers::none(id.clone())
            };
            let (pending, reserved) = (1_000 - done, u64::from(busy));
            pool.granted_workers = busy;
            pool.see_workers(Some(&workers));
            let reading = PoolReading {
                rows: 1,
                pending,
                reserved,
                throughput_per_minute: done as f64,
                ..PoolReading::default()
            };
            pool.observe(&reading, now_seconds, 5.0);
            pool.forecast.inputs.service_time_seconds
        };
        // One worker has done ten half-second jobs a turn; after a turn without any it takes the next one at this instant.
        for turn in 0..8_u32 {
            service_seconds(5.0 * f64::from(turn), u32::from(turn < 7), 5.0 * f64::from(turn), 10 * u64::from(turn));
        }
        let before = service_seconds(40.0, 0, 35.0, 70);
        service_seconds(45.0, 1, 35.0, 70);
        let after = service_seconds(50.0, 1, 40.0, 80);
        assert!((before - after).abs() < 0.005, "{before} {after}");
    }

    #[test]
    fn a_surge_is_no_load_where_those_before_were_over_while_the_queue_could_hold_them() {
        let surge = |rate_per_second, change: fn(&mut PoolSettings)| {
            let mut settings = PoolSettings::default();
            change(&mut settings);
            let mut pool = Pool::new(0, PoolId::new("redis", "emails"), Arc::new(settings), 5.0);
            // Two surges of two bins, at no fixed time, among one job a second.
            for bin in 0..200 {
                pool.history.record(if [50, 51, 130, 131].contains(&bin) { 300.0 } else { 5.0 }, 5.0);
            }
            let inputs = &mut pool.forecast.inputs;
            (inputs.arrival_rate_per_second, inputs.service_time_seconds) = (rate_per_second, 0.1);
            inputs.usual_rate_per_second = 2.0;
            let surge = pool.surge();
            pool.forecast.inputs.surge = surge;
            (surge.map(|surge| surge.jobs_to_come), pool.lasting_rate())
        };
        assert_eq!(surge(60.0, |_| ()), (Some(600.0), 1.0));
        // Those who want short waits have the workers, those who have too few let nothing wait, and one worker is no question.
        let short_waits = |settings: &mut PoolSettings| settings.prediction.target_wait_percent = 2.0;
        assert_eq!(surge(60.0, short_waits), (None, 60.0));
        assert_eq!(surge(60.0, |settings| settings.max_workers = 5), (None, 60.0));
        assert_eq!(surge(1.9, |_| ()), (None, 1.9));
    }

    #[test]
    fn a_recurring_burst_counts_for_no_more_than_it_brings_while_the_queue_can_hold_it() {
        let mut pool = Pool::new(0, PoolId::new("redis", "emails"), Arc::new(PoolSettings::default()), 5.0);
        // A burst of three bins every five minutes, the last of which has come for one bin.
        for bin in 0..181 {
            pool.history.record(if bin % 60 < 3 { 300.0 } else { 0.0 }, 5.0);
        }
        pool.recurrence = Recurrence::find(&pool.history);
        let mut lasting = |turn_seconds, boot_seconds| {
            let inputs = &mut pool.forecast.inputs;
            (inputs.turn_seconds, inputs.boot_seconds) = (turn_seconds, boot_seconds);
            inputs.arrival_rate_per_second = 60.0;
            pool.lasting_rate()
        };
        // Of the room of 25 s, or of 20, ten bring sixty a second.
        assert_eq!(lasting(4.5, 0.5), 600.0 / 25.0);
        assert_eq!(lasting(5.0, 5.0), 600.0 / 20.0);
    }

    #[test]
    fn the_ages_of_what_waits_follow_from_when_it_came_in() {
        assert_eq!(backlog_ages("emails", 30).arrivals[..5], [0.0, 10.0, 10.0, 10.0, 0.0]);
    }

    #[test]
    fn where_others_go_first_the_older_jobs_are_no_more_likely_to_wait_than_the_younger_ones() {
        assert_eq!(backlog_ages("high,low", 30).arrivals[..5], [0.0, 10.0, 10.0, 10.0, 0.0]);
        assert_eq!(backlog_ages("high,low", 15).arrivals[..5], [0.0, 5.0, 5.0, 5.0, 0.0]);
        assert_eq!(backlog_ages("low", 15).arrivals[..5], [0.0, 10.0, 10.0, 10.0, 0.0]);
    }
}
