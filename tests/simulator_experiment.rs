//! A user's questions to the simulator.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use queue_autoscale::config::{Configuration, PoolId};
use queue_autoscale::engine::StrategyRecommendation;
use queue_autoscale::simulator::experiment::{Experiment, RunFigures, RunOptions, Strategy, named_scenarios};
use serde_json::{Value, json};
use std::sync::Arc;

fn configuration(settings: Value) -> Arc<Configuration> {
    Arc::new(Configuration::from_json(&settings).unwrap())
}

fn options(name: &str) -> RunOptions {
    RunOptions { name: name.to_owned(), strategy: Strategy::ENGINE, turn_seconds: None, boot_seconds: None }
}

/// Ten minutes of two jobs a second.
fn arrivals(queue: &str) -> String {
    let lines = (0..1_200).map(|number| format!("{},1.5,{queue}\n", f64::from(number) * 0.5));
    format!("arrived_at_seconds,duration_seconds,queue\n{}", lines.collect::<String>())
}

fn experiment(configuration: &Configuration) -> Experiment {
    Experiment::of_arrivals(arrivals("emails").as_bytes(), configuration, 1).unwrap()
}

fn advanced(experiment: &mut Experiment, options: RunOptions, configuration: &Arc<Configuration>) -> RunFigures {
    experiment.start(options, Arc::clone(configuration)).unwrap();
    while experiment.advance(7).unwrap() < 1.0 {}
    experiment.results().last().unwrap().clone()
}

#[test]
fn every_strategy_serves_all_jobs() {
    let configuration = configuration(json!({"connection": "redis"}));
    let mut experiment = experiment(&configuration);
    for strategy in Strategy::ALL {
        let figures = advanced(&mut experiment, RunOptions { strategy, ..options("run") }, &configuration);
        assert_eq!(figures.jobs, 1_200);
        assert!(figures.p99_pickup_seconds.is_some(), "{}", strategy.name());
        assert!(figures.worker_seconds >= 1_800.0, "{}", strategy.name());
        assert!(figures.cost_ratio >= 1.0, "{}", strategy.name());
    }
    assert_eq!(experiment.results().count(), Strategy::ALL.len());
}

#[test]
fn turn_by_turn_without_wishes_comes_out_as_at_one_go() {
    let configuration = configuration(json!({"connection": "redis"}));
    let mut experiment = experiment(&configuration);
    let at_one_go = advanced(&mut experiment, options("run"), &configuration);
    experiment.start(options("run"), Arc::clone(&configuration)).unwrap();
    while experiment.observe().unwrap() {
        assert_eq!(experiment.forecasts().unwrap().len(), 1);
        experiment.decide(&[]).unwrap();
    }
    assert_eq!(*experiment.results().last().unwrap(), at_one_go);
}

#[test]
fn wishes_are_followed_within_the_bounds() {
    let configuration = configuration(json!({"connection": "redis", "defaults": {"max_workers": 4}}));
    let mut experiment = experiment(&configuration);
    experiment.start(options("run"), Arc::clone(&configuration)).unwrap();
    let wish =
        StrategyRecommendation { pool: PoolId::new("redis", "emails"), workers: 9, reason: "as I like".to_owned() };
    while experiment.observe().unwrap() {
        experiment.decide(std::slice::from_ref(&wish)).unwrap();
    }
    assert_eq!(experiment.results().next().unwrap().pools[0].peak_workers, 4);
}

#[test]
fn settings_side_by_side_see_the_same_jobs() {
    let plenty = configuration(json!({"connection": "redis"}));
    let scarce = configuration(json!({"connection": "redis", "defaults": {"max_workers": 2}}));
    let mut experiment = experiment(&plenty);
    let with_plenty = advanced(&mut experiment, options("plenty"), &plenty);
    let with_scarce = advanced(&mut experiment, options("scarce"), &scarce);
    assert!(with_plenty.within_sla_percent > 99.0);
    assert!(with_scarce.within_sla_percent < 50.0);
    assert_eq!(with_plenty.jobs, with_scarce.jobs);
}

#[test]
fn times_are_the_configurations_unless_given() {
    let configuration = configuration(json!({
        "connection": "redis", "manager": {"interval_seconds": 2}, "prediction": {"default_boot_seconds": 3},
    }));
    let mut experiment = experiment(&configuration);
    let figures = advanced(&mut experiment, options("own"), &configuration);
    assert_eq!((figures.turn_seconds, figures.boot_seconds), (2.0, 3.0));
    let given = RunOptions { turn_seconds: Some(1.0), boot_seconds: Some(0.5), ..options("given") };
    let figures = advanced(&mut experiment, given, &configuration);
    assert_eq!((figures.turn_seconds, figures.boot_seconds), (1.0, 0.5));
    let no_time = RunOptions { turn_seconds: Some(0.0), ..options("none") };
    let error = experiment.start(no_time, configuration).unwrap_err();
    assert_eq!(error.to_string(), "turn_seconds: 0 where a number of seconds above 0 was expected");
}

#[test]
fn every_named_scenario_runs_on_whatever_connection_its_settings_are_given_for() {
    for scenario in named_scenarios() {
        let mut settings = scenario.configuration;
        settings["connection"] = json!("database");
        let configuration = configuration(settings);
        let mut experiment = Experiment::of_scenario(&scenario.name, &configuration, 1).unwrap();
        experiment.start(options("run"), configuration).unwrap();
        assert!(experiment.advance(3).unwrap() > 0.0, "{}", scenario.name);
        assert!(experiment.traffic().pools.iter().all(|pool| pool.connection == "database"));
    }
}

#[test]
fn an_unknown_name_meets_the_nearest_one() {
    let configuration = Configuration::default();
    let refused = |name| Experiment::of_scenario(name, &configuration, 1).unwrap_err().to_string();
    assert!(refused("shrot-sla").ends_with("did you mean \"short-sla\"?"), "{}", refused("shrot-sla"));
    assert!(refused("colour").contains("steady, ramp"), "{}", refused("colour"));
    assert!(Experiment::of_scenario("Short SLA", &configuration, 1).is_ok());
    assert!(Strategy::named("fixd").unwrap_err().to_string().ends_with("did you mean \"fixed\"?"));
}

#[test]
fn a_configuration_that_does_not_work_the_traffic_is_refused() {
    let mut experiment = experiment(&configuration(json!({"connection": "redis"})));
    let without = configuration(json!({"connection": "redis", "excluded": ["emails"]}));
    let error = experiment.start(options("run"), without).unwrap_err().to_string();
    assert!(error.contains("redis:emails") && error.contains("\"excluded\""), "{error}");
}

#[test]
fn calls_out_of_turn_are_refused() {
    let configuration = configuration(json!({"connection": "redis"}));
    let mut experiment = experiment(&configuration);
    assert!(experiment.advance(1).is_err());
    experiment.start(options("run"), Arc::clone(&configuration)).unwrap();
    assert!(experiment.decide(&[]).is_err());
    assert!(experiment.observe().unwrap());
    assert!(experiment.observe().is_err());
    let peer = RunOptions { strategy: Strategy::named("backlog").unwrap(), ..options("run") };
    experiment.start(peer, configuration).unwrap();
    assert!(experiment.observe().unwrap_err().to_string().contains("backlog decides by itself"));
}
