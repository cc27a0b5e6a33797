//! What holds for all numbers.

use crate::support::{TURN_SECONDS, engine, pool};
use proptest::prelude::*;
use queue_autoscale::calculators::{
    Backlog, BacklogAges, BacklogDrain, Erlang, HostCapacity, PickupTime, Surge, Workload,
};
use queue_autoscale::config::{Configuration, Limits, PoolId, PoolSettings, Sla};
use queue_autoscale::engine::{
    PoolWorkers, PredictiveStrategy, ScalingDecision, ScalingEngine, ScalingStrategy, ServiceTimeSource, SlaState,
    StrategyInputs, Turn,
};
use queue_autoscale::metrics::{MetricsReading, QueueMetrics};
use std::sync::Arc;

/// Any number at all, the odd ones often.
fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(-1.0),
        Just(0.0),
        Just(f64::MAX),
        Just(f64::MIN_POSITIVE),
        any::<f64>(),
        0.0..1e4,
    ]
}

fn any_count() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), Just(1), Just(u64::MAX), any::<u64>(), 0..10_000_u64]
}

fn any_row() -> impl Strategy<Value = QueueMetrics> {
    let counts = (any_count(), any_count(), any_count(), any::<u32>(), prop::option::of(any_count()));
    let numbers = (prop::option::of(any_number()), any_number(), any_number(), any_number(), any_number());
    ("[abc]", counts, numbers).prop_map(|(queue, counts, numbers)| QueueMetrics {
        connection: "redis".into(),
        queue: queue.into(),
        pending: counts.0,
        scheduled: counts.1,
        delayed_due_now: counts.4,
        reserved: counts.2,
        oldest_job_age_seconds: numbers.0,
        throughput_per_minute: numbers.1,
        avg_duration_ms: numbers.2,
        failure_rate_percent: numbers.3,
        active_workers: counts.3,
        busy_percent: numbers.4,
    })
}

fn any_workers() -> impl Strategy<Value = PoolWorkers> {
    let counts = prop::array::uniform6(prop_oneof![0..20_u32, Just(u32::MAX)]);
    let numbers = (any_number(), prop::option::of(any_number()), prop::option::of(any_number()), any_number());
    ("[abc]", counts, numbers, prop::option::of(any_count())).prop_map(|(queue, counts, numbers, jobs)| PoolWorkers {
        starting: counts[0],
        idle: counts[1],
        busy: counts[2],
        unknown: counts[3],
        draining: counts[4],
        backing_off: counts[5],
        busy_seconds_total: numbers.0,
        jobs_finished_total: jobs,
        longest_job_seconds: numbers.1,
        boot_seconds: numbers.2,
        worker_cpu_cores: numbers.1,
        cpu_used_cores: numbers.3,
        ..PoolWorkers::none(PoolId::new("redis", queue))
    })
}

fn any_host() -> impl Strategy<Value = Option<HostCapacity>> {
    prop::option::of((any_number(), prop::option::of(any_number()), any_count(), any_count()).prop_map(
        |(cpu_limit_cores, cpu_used_cores, memory_limit_bytes, memory_used_bytes)| HostCapacity {
            cpu_limit_cores,
            cpu_used_cores,
            memory_limit_bytes,
            memory_used_bytes,
        },
    ))
}

/// A queue as it may well be.
fn plausible_inputs() -> impl Strategy<Value = StrategyInputs> {
    let workers = (0..60_u32, 0.0..=1.0_f64);
    let jobs = (0..2_000_u64, 0.1..40.0_f64);
    let rates = (0.0..50.0_f64, 0.0..50.0_f64, 0.02..200.0_f64);
    let times = (prop::sample::select(vec![1.0, 2.0, 5.0]), 0.5..5.0_f64, 3.0..120.0_f64, 0.0..90.0_f64);
    let surge = prop::option::of((0.0..2_000.0_f64, 0.0..30.0_f64).prop_map(|(jobs_to_come, seconds_to_come)| Surge {
        jobs_to_come,
        seconds_to_come,
        rate_besides_per_second: 1.0,
    }));
    (workers, jobs, rates, times, surge).prop_map(|(workers, jobs, rates, times, surge)| {
        let mut settings = PoolSettings { max_workers: 10_000, ..PoolSettings::default() };
        settings.sla = Sla { max_pickup_time_seconds: times.2, ..settings.sla };
        settings.prediction.target_wait_percent = times.3;
        let busy = (f64::from(workers.0) * workers.1) as u32;
        StrategyInputs {
            pool: pool(),
            settings: Arc::new(settings),
            turn_seconds: times.0,
            boot_seconds: times.1,
            current_workers: workers.0,
            busy_workers: busy,
            starting_workers: 0,
            pending: jobs.0,
            scheduled: 0,
            reserved: u64::from(busy),
            oldest_job_age_seconds: Some(jobs.1),
            backlog_ages: BacklogAges::default(),
            arrival_rate_per_second: rates.0,
            arrival_rate_confidence: 0.9,
            usual_rate_per_second: rates.0,
            arrival_dispersion: 1.0,
            surge,
            lasting_rate_per_second: rates.0,
            forecast_rate_per_second: rates.1,
            service_time_seconds: rates.2,
            service_time_source: ServiceTimeSource::UtilisationLaw,
            service_squared_variation: 1.0,
        }
    })
}

fn wanted(inputs: &StrategyInputs) -> u32 {
    PredictiveStrategy.recommend(inputs).workers
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn whatever_comes_in_a_decision_is_within_bounds_or_the_workers_stay(
        turns in prop::collection::vec(
            (any_number(), prop::collection::vec(any_row(), 0..4), prop::collection::vec(any_workers(), 0..3), any_host()),
            1..12,
        ),
        least in 0..5_u32,
        span in 0..30_u32,
    ) {
        let settings = PoolSettings { min_workers: least, max_workers: least + span, ..PoolSettings::default() };
        let mut engine = engine(settings);
        for (now_seconds, rows, workers, host) in turns {
            let metrics = rows.into_iter().map(Ok).collect();
            let evaluation = engine.evaluate(Turn { now_seconds, metrics: &metrics, workers: &workers, host: host.as_ref() });
            for decision in evaluation.decisions {
                if decision.sla_state == SlaState::Unknown {
                    prop_assert_eq!(decision.target_workers, decision.current_workers);
                } else {
                    prop_assert!((least..=least + span).contains(&decision.target_workers), "{}", decision.reason);
                }
                let numbers = [
                    decision.arrival_rate_per_second, decision.forecast_rate_per_second, decision.service_time_seconds,
                    decision.boot_seconds, decision.arrival_rate_confidence, decision.steady_state.workers,
                    decision.predictive.workers, decision.backlog_drain.workers,
                ];
                prop_assert!(numbers.iter().all(|number| number.is_finite() && *number >= 0.0), "{:?}", numbers);
                prop_assert!(!decision.reason.is_empty());
            }
        }
    }

    #[test]
    fn more_jobs_waiting_never_ask_for_fewer_workers(inputs in plausible_inputs(), more in 1..1_000_u64) {
        let longer = StrategyInputs { pending: inputs.pending + more, ..inputs.clone() };
        prop_assert!(wanted(&longer) >= wanted(&inputs));
    }

    #[test]
    fn more_arrivals_never_ask_for_fewer_workers(inputs in plausible_inputs(), more in 0.0..20.0_f64) {
        let busier = StrategyInputs {
            arrival_rate_per_second: inputs.arrival_rate_per_second + more,
            lasting_rate_per_second: inputs.lasting_rate_per_second + more,
            ..inputs.clone()
        };
        prop_assert!(wanted(&busier) >= wanted(&inputs));
        let growing = StrategyInputs { forecast_rate_per_second: inputs.forecast_rate_per_second + more, ..inputs.clone() };
        prop_assert!(wanted(&growing) >= wanted(&inputs));
    }

    #[test]
    fn more_arrivals_never_let_the_last_worker_go(inputs in plausible_inputs(), more in 0.0..20.0_f64) {
        let idle = StrategyInputs { current_workers: 1, busy_workers: 0, pending: 0, oldest_job_age_seconds: None, ..inputs };
        let busier = StrategyInputs {
            arrival_rate_per_second: idle.arrival_rate_per_second + more,
            lasting_rate_per_second: idle.lasting_rate_per_second + more,
            ..idle.clone()
        };
        prop_assert!(wanted(&busier) >= wanted(&idle));
    }

    #[test]
    fn longer_jobs_never_ask_for_fewer_workers(inputs in plausible_inputs(), factor in 1.0..10.0_f64) {
        let slower = StrategyInputs { service_time_seconds: inputs.service_time_seconds * factor, ..inputs.clone() };
        prop_assert!(wanted(&slower) >= wanted(&inputs));
    }

    #[test]
    fn the_unit_of_time_does_not_matter(inputs in plausible_inputs(), power in -3..4_i32) {
        // Powers of two, so that floating-point numbers scale exactly.
        let unit = 2.0_f64.powi(power);
        // What a start is worth is a time of its own; it plays no part where all that the load needs are in a job.
        let rate = inputs.lasting_rate_per_second.max(inputs.forecast_rate_per_second);
        let busy_workers = inputs.busy_workers.max((rate * inputs.service_time_seconds).ceil() as u32);
        let current_workers = inputs.current_workers.max(busy_workers);
        let inputs = StrategyInputs { busy_workers, current_workers, ..inputs };
        // So short a room that feedback on it would follow chance is another.
        let mut settings = (*inputs.settings).clone();
        settings.sla.max_pickup_time_seconds += 5.0 / unit.min(1.0) + inputs.response_seconds();
        let inputs = StrategyInputs { settings: Arc::new(settings.clone()), ..inputs };
        settings.sla.max_pickup_time_seconds *= unit;
        let scaled = StrategyInputs {
            settings: Arc::new(settings),
            turn_seconds: inputs.turn_seconds * unit,
            boot_seconds: inputs.boot_seconds * unit,
            oldest_job_age_seconds: inputs.oldest_job_age_seconds.map(|age| age * unit),
            surge: inputs.surge.map(|surge| Surge { seconds_to_come: surge.seconds_to_come * unit, ..surge }),
            arrival_rate_per_second: inputs.arrival_rate_per_second / unit,
            usual_rate_per_second: inputs.usual_rate_per_second / unit,
            lasting_rate_per_second: inputs.lasting_rate_per_second / unit,
            forecast_rate_per_second: inputs.forecast_rate_per_second / unit,
            service_time_seconds: inputs.service_time_seconds * unit,
            ..inputs.clone()
        };
        prop_assert_eq!(wanted(&scaled), wanted(&inputs));
    }

    #[test]
    fn the_order_of_rows_and_workers_changes_nothing(
        turns in prop::collection::vec(
            prop::collection::vec((0..500_u64, 0..10_u64, 0.0..60.0_f64, 0.0..900.0_f64), 6..7),
            1..8,
        ),
        seed in any::<u64>(),
    ) {
        let limits = Limits { max_total_workers: Some(15), ..Limits::default() };
        let configuration = Arc::new(Configuration::for_pool(PoolSettings::default(), limits));
        let (mut one, mut other) = (ScalingEngine::new(Arc::clone(&configuration)), ScalingEngine::new(configuration));
        for (turn, rows) in turns.iter().enumerate() {
            let rows: Vec<_> = rows
                .iter()
                .enumerate()
                .map(|(queue, (pending, reserved, age, throughput))| {
                    Ok(QueueMetrics {
                        queue: format!("queue-{queue}").into(),
                        throughput_per_minute: *throughput,
                        ..crate::support::row(*pending, *reserved, Some(*age))
                    })
                })
                .collect();
            let workers: Vec<PoolWorkers> = (0..rows.len())
                .map(|queue| PoolWorkers {
                    busy: 1,
                    idle: queue as u32,
                    ..PoolWorkers::none(PoolId::new("redis", format!("queue-{queue}")))
                })
                .collect();
            let (mut turned_rows, mut turned_workers) = (rows.clone(), workers.clone());
            turned_rows.rotate_left((seed as usize + turn) % rows.len());
            turned_rows.swap(0, 3);
            turned_workers.reverse();
            let now_seconds = 5.0 * turn as f64;
            let first = one.evaluate(Turn { now_seconds, metrics: &rows, workers: &workers, host: None });
            let second = other.evaluate(Turn { now_seconds, metrics: &turned_rows, workers: &turned_workers, host: None });
            prop_assert_eq!(first, second);
        }
    }

    #[test]
    fn all_workers_together_never_exceed_the_total(
        pending in prop::collection::vec(0..5_000_u64, 1..12), total in 1..40_u32,
    ) {
        let limits = Limits { max_total_workers: Some(total), ..Limits::default() };
        let settings = PoolSettings { max_workers: 30, ..PoolSettings::default() };
        let mut engine = ScalingEngine::new(Arc::new(Configuration::for_pool(settings, limits)));
        let metrics = pending
            .iter()
            .enumerate()
            .map(|(queue, &pending)| {
                Ok(QueueMetrics { queue: format!("queue-{queue}").into(), ..crate::support::row(pending, 0, Some(10.0)) })
            })
            .collect();
        let evaluation = engine.evaluate(Turn { now_seconds: 0.0, metrics: &metrics, workers: &[], host: None });
        let sum: u32 = evaluation.decisions.iter().map(|decision| decision.target_workers).sum();
        prop_assert!(sum <= total);
        let waiting = pending.iter().filter(|&&pending| pending > 0).count() as u32;
        let served = evaluation.decisions.iter().filter(|decision| decision.target_workers > 0).count() as u32;
        prop_assert_eq!(served, waiting.min(total), "nobody goes without while another has two");
    }

    #[test]
    fn waiting_probability_is_a_probability_and_falls_with_every_server(load in 0.01..500.0_f64, servers in 1..600_u32) {
        let probability = Erlang::waiting_probability(servers, load);
        prop_assert!((0.0..=1.0).contains(&probability));
        prop_assert!(Erlang::waiting_probability(servers + 1, load) <= probability);
    }

    #[test]
    fn the_staff_found_suffices_and_one_less_does_not(rate in 0.01..100.0_f64, service in 0.01..10.0_f64, seconds in 0.1..30.0_f64) {
        let workload = Workload::markovian(rate, service);
        let workers = PickupTime::workers_for(&workload, 95.0, seconds, 10_000);
        prop_assert!(PickupTime::probability_beyond(seconds, workers, &workload) <= 0.05 + 1e-9);
        if workers > 1 {
            prop_assert!(PickupTime::probability_beyond(seconds, workers - 1, &workload) > 0.05 - 1e-9);
        }
    }

    #[test]
    fn a_drain_starts_every_job_in_time(
        pending in 1.0..5_000.0_f64, left in 3.0..60.0_f64, service in 0.05..200.0_f64, busy in 0.0..30.0_f64, idle in 0.0..10.0_f64,
    ) {
        let boot = 1.5;
        let backlog = Backlog {
            pending, time_left_seconds: left, service_time_seconds: service, busy_workers: busy, idle_workers: idle,
            boot_seconds: boot, least_seconds: 1.0,
        };
        let workers = BacklogDrain::workers_for(&backlog);
        let new = (workers - busy - idle).max(0.0);
        let starts = workers.min(busy) * left / service
            + (workers - busy).clamp(0.0, idle) * (1.0 + left / service)
            + new * (1.0 + (left - boot) / service);
        prop_assert!(starts >= pending * (1.0 - 1e-9) || workers >= busy + pending - 1e-9);
    }
}

proptest! {
    #[test]
    fn whatever_is_in_use_of_the_cpu_nobody_leaves_for_it_and_nobody_but_a_first_worker_comes_beyond_the_limit(
        workers in prop::collection::vec((0..4_u32, 0..6_u32), 1..4),
        pending in 1..3_000_u64,
        used in prop::collection::vec(0.0..1.2_f64, 1..8),
        measured_cores in 0.1..2.0_f64,
    ) {
        const CORES: f64 = 32.0;
        let settings = PoolSettings { worker_cpu_cores: 1.0, max_workers: 50, ..PoolSettings::default() };
        let limits = Limits { max_cpu_percent: 100.0, ..Limits::default() };
        let configuration = Arc::new(Configuration::for_pool(settings, limits));
        let mut limited = ScalingEngine::new(Arc::clone(&configuration));
        let mut unlimited = ScalingEngine::new(configuration);
        let pools: Vec<PoolWorkers> = workers
            .iter()
            .enumerate()
            .map(|(number, &(idle, busy))| {
                let cpu_used_cores = measured_cores * f64::from(busy);
                let pool = PoolId::new("redis", format!("queue-{number}"));
                PoolWorkers { idle, busy, cpu_used_cores, ..PoolWorkers::none(pool) }
            })
            .collect();
        let metrics: MetricsReading = workers
            .iter()
            .enumerate()
            .map(|(number, &(_, busy))| {
                let row = crate::support::row(pending, busy.into(), Some(40.0));
                Ok(QueueMetrics { queue: format!("queue-{number}").into(), ..row })
            })
            .collect();
        for (number, share) in used.iter().enumerate() {
            let host = HostCapacity {
                cpu_limit_cores: CORES,
                cpu_used_cores: Some(share * CORES),
                memory_limit_bytes: 1 << 50,
                memory_used_bytes: 0,
            };
            let now_seconds = TURN_SECONDS * number as f64;
            let turn = |host| Turn { now_seconds, metrics: &metrics, workers: &pools, host };
            let granted = limited.evaluate(turn(Some(&host))).decisions;
            let wanted = unlimited.evaluate(turn(None)).decisions;
            let total = |decisions: &[ScalingDecision]| -> u32 { decisions.iter().map(|decision| decision.target_workers).sum() };
            let kept: u32 = wanted.iter().map(|decision| decision.target_workers.min(decision.current_workers)).sum();
            prop_assert!(total(&granted) >= kept, "{granted:?}");
            if *share >= 1.0 {
                let first = granted.iter().filter(|decision| decision.current_workers == 0).count() as u32;
                prop_assert!(total(&granted) <= kept + first, "{granted:?}");
            }
        }
    }
}
