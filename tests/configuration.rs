//! What a user may write, and what is said about the rest.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says so by panicking")]

use proptest::prelude::*;
use queue_autoscale::config::{Backend, Configuration, PoolId, PoolSettings};
use serde_json::{Value, json};

fn accepted(value: Value) -> Configuration {
    Configuration::from_json(&value).unwrap_or_else(|errors| panic!("{errors}"))
}

fn errors(value: Value) -> Vec<String> {
    Configuration::from_json(&value).unwrap_err().errors
}

fn settings(configuration: &Configuration, connection: &str, queue: &str) -> PoolSettings {
    (*configuration.pool_settings(&PoolId::new(connection, queue))).clone()
}

fn sorted_pools(configuration: &Configuration) -> Vec<PoolId> {
    let mut pools = configuration.pools();
    pools.sort();
    pools
}

#[test]
fn nothing_written_means_the_defaults() {
    for nothing in [json!({}), json!([]), json!({"queues": [], "defaults": null, "workers": {"environment": []}})] {
        let configuration = accepted(nothing);
        assert!(configuration.enabled);
        assert_eq!(settings(&configuration, "redis", "any"), PoolSettings::default());
        assert_eq!(configuration.pools(), []);
    }
}

#[test]
fn a_back_end_is_shipped_or_a_class() {
    assert_eq!(accepted(json!({})).backend, Backend::Local);
    assert_eq!(accepted(json!({"backend": "kubernetes"})).backend, Backend::Kubernetes);
    assert_eq!(accepted(json!({"backend": "external"})).backend, Backend::External);
    assert_eq!(accepted(json!({"backend": "App\\Mine"})).backend, Backend::Class("App\\Mine".to_owned()));
    assert_eq!(
        errors(json!({"backend": "kubernets"})),
        ["backend: \"kubernets\" is neither a back end nor a class with its namespace; did you mean \"kubernetes\"?"],
    );
}

#[test]
fn a_deployment_has_a_name_that_kubernetes_takes() {
    let configuration = accepted(json!({
        "backend": "kubernetes",
        "kubernetes": {"namespace": "jobs", "deployment": "{connection}.{queue}-worker", "timeout_seconds": 1.5},
        "queues": {"emails": {"deployment": "mail.workers-2"}, "tenant-*": {}},
        "prediction": {"default_boot_seconds": 20},
    }));
    assert_eq!(configuration.warnings(), <[String; 0]>::default());
    assert_eq!(configuration.kubernetes.namespace.as_deref(), Some("jobs"));
    assert_eq!(configuration.kubernetes.deployment, "{connection}.{queue}-worker");
    assert_eq!(configuration.kubernetes.timeout_seconds, 1.5);
    assert_eq!(settings(&configuration, "redis", "emails").deployment.as_deref(), Some("mail.workers-2"));
    assert_eq!(settings(&configuration, "redis", "reports").deployment, None);

    let long_label = "a".repeat(64);
    for (wrong, key) in [
        (json!({"kubernetes": {"namespace": "my_jobs"}}), "kubernetes.namespace"),
        (json!({"kubernetes": {"namespace": "my.jobs"}}), "kubernetes.namespace"),
        (json!({"kubernetes": {"namespace": long_label}}), "kubernetes.namespace"),
        (json!({"kubernetes": {"deployment": "workers"}}), "kubernetes.deployment"),
        (json!({"kubernetes": {"deployment": "Worker-{queue}"}}), "kubernetes.deployment"),
        (json!({"kubernetes": {"deployment": "{queue}-"}}), "kubernetes.deployment"),
        (json!({"kubernetes": {"deployment": "{queue}-{host}"}}), "kubernetes.deployment"),
        (json!({"kubernetes": {"timeout_seconds": 0}}), "kubernetes.timeout_seconds"),
        (json!({"kubernetes": {"name_space": "jobs"}}), "kubernetes.name_space"),
        (json!({"queues": {"emails": {"deployment": "Mail"}}}), "queues.emails.deployment"),
        (json!({"queues": {"tenant-*": {"deployment": "tenants"}}}), "queues.tenant-*.deployment"),
        (json!({"defaults": {"deployment": "workers"}}), "defaults.deployment"),
    ] {
        let errors = errors(wrong);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].starts_with(&format!("{key}: ")), "{errors:?}");
    }
}

#[test]
fn a_boot_time_that_no_pod_has_is_warned_of() {
    let warnings = accepted(json!({"backend": "kubernetes"})).warnings().to_vec();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with("prediction.default_boot_seconds: 1.5 s"), "{warnings:?}");
    assert_eq!(accepted(json!({})).warnings(), <[String; 0]>::default());
}

#[test]
fn every_key_reaches_the_pool() {
    let configuration = accepted(json!({
        "enabled": false,
        "connection": "database",
        "connections": ["database", "redis"],
        "defaults": {
            "max_pickup_time_seconds": 12.5, "percentile": 99, "target_wait_percent": 10, "min_workers": 2,
            "max_workers": 8, "cooldown_seconds": 60, "weight": 2,
        },
        "prediction": {
            "trend_window_seconds": 200, "forecast_horizon_seconds": 20, "breach_threshold": 0.5,
            "default_service_time_seconds": 4, "default_boot_seconds": 0,
        },
        "limits": {
            "max_cpu_percent": 70, "max_memory_percent": 60, "max_total_workers": 40, "worker_cpu_cores": 0.5,
            "worker_memory_mb": 100,
        },
        "workers": {
            "tries": 5, "timeout": 90, "max_time": 600, "max_jobs": 1000, "sleep": 0.5, "memory": 256,
            "backoff": [1, 5, 10], "shutdown_timeout_seconds": 20, "drain_timeout_seconds": 120,
            "php_binary": "/usr/bin/php", "artisan_path": "/app/artisan", "working_directory": "/app",
            "options": ["--force"], "environment": {"A": "b", "N": 1},
        },
        "strategy": "App\\Nightly",
        "policies": ["App\\Quiet"],
        "manager": {"interval_seconds": 2, "log_channel": "stack", "lock": true},
    }));
    assert!(!configuration.enabled);
    assert_eq!(configuration.interval_seconds, 2.0);
    assert_eq!(configuration.default_connection, "database");
    assert_eq!(configuration.limits.max_cpu_percent, 70.0);
    assert_eq!(configuration.limits.max_memory_percent, 60.0);
    assert_eq!(configuration.limits.max_total_workers, Some(40));
    let pool = configuration.default_settings();
    assert_eq!((pool.sla.max_pickup_time_seconds, pool.sla.percentile), (12.5, 99.0));
    assert_eq!((pool.min_workers, pool.max_workers, pool.cooldown_seconds, pool.weight), (2, 8, 60.0, 2.0));
    assert_eq!((pool.worker_cpu_cores, pool.worker_memory_bytes), (0.5, 100 * 1024 * 1024));
    assert_eq!(pool.strategy.as_deref(), Some("App\\Nightly"));
    let prediction = &pool.prediction;
    assert_eq!((prediction.trend_window_seconds, prediction.forecast_horizon_seconds), (200.0, 20.0));
    assert_eq!((prediction.breach_threshold, prediction.target_wait_percent), (0.5, 10.0));
    assert_eq!((prediction.default_service_time_seconds, prediction.default_boot_seconds), (4.0, 0.0));
    let workers = pool.workers.clone();
    assert_eq!((workers.tries, workers.timeout_seconds, workers.max_time_seconds), (5, 90, 600));
    assert_eq!((workers.max_jobs, workers.sleep_seconds, workers.memory_megabytes), (1000, 0.5, 256));
    assert_eq!((workers.shutdown_timeout_seconds, workers.drain_timeout_seconds), (20.0, Some(120.0)));
    assert_eq!((workers.backoff.as_str(), workers.php_binary.as_str()), ("1,5,10", "/usr/bin/php"));
    assert_eq!((workers.artisan_path.as_str(), workers.working_directory.as_str()), ("/app/artisan", "/app"));
    assert_eq!(workers.options, ["--force"]);
    assert_eq!(
        workers.environment.into_iter().collect::<Vec<_>>(),
        [("A".into(), "b".into()), ("N".into(), "1".into())]
    );
}

#[test]
fn values_from_environment_variables_are_strings_and_count() {
    let configuration = accepted(json!({"enabled": "0", "defaults": {"max_workers": "20", "percentile": "99.5"}}));
    assert!(!configuration.enabled);
    assert_eq!(settings(&configuration, "redis", "any").max_workers, 20);
}

#[test]
fn all_errors_are_told_at_once_with_their_paths() {
    assert_eq!(
        errors(json!({
            "queues": {"redis:emails": {"min_workers": 5, "max_workers": 3, "wrokers": {}, "profile": "critcal"}},
            "defaults": {"max_pickup_time_seconds": -1, "colour": "red"},
            "workers": {"timeout": 1.5, "options": ["--queue=a", "emails"], "backoff": "soon"},
            "limits": 3,
            "excluded": "emails",
        })),
        [
            "defaults.colour: unknown key; known here: max_pickup_time_seconds, percentile, target_wait_percent, \
             min_workers, max_workers, cooldown_seconds, weight, profile",
            "defaults.max_pickup_time_seconds: -1 is not allowed; give a number above 0, at most 31536000",
            "excluded: \"emails\" is not allowed; give a list of strings",
            "limits: 3 is not allowed; give an array with names",
            "queues.redis:emails.min_workers: 5 is more than max_workers (3); lower it or raise max_workers",
            "queues.redis:emails.profile: \"critcal\" is not a profile; did you mean \"critical\"?",
            "queues.redis:emails.wrokers: unknown key; did you mean \"workers\"?",
            "workers.backoff: \"soon\" is not allowed; give whole seconds, or a list of them, one a retry",
            "workers.options.0: \"--queue=a\" is not allowed; name the queue under queues or groups",
            "workers.options.1: \"emails\" is not an option; give one argument that starts with a dash",
            "workers.timeout: 1.5 is not allowed; give a whole number from 0 to 31536000",
        ]
    );
}

#[test]
fn bounds_that_exclude_each_other_name_the_key_that_was_written() {
    assert_eq!(
        errors(
            json!({"defaults": {"min_workers": 4}, "queues": {"a": {"max_workers": 2}, "b": {"profile": "critical"}}})
        ),
        ["queues.a.max_workers: 2 is less than min_workers (4); raise it or lower min_workers"]
    );
    assert_eq!(
        errors(json!({"profiles": {"x": {"min_workers": 12}}, "queues": {"a": {"profile": "x"}}})),
        ["queues.a.profile: it makes min_workers 12 and max_workers 10; give one of them here"]
    );
}

#[test]
fn a_queue_without_connection_belongs_to_the_default_connection() {
    let configuration = accepted(json!({"connection": "database", "queues": {"emails": {"max_workers": 3}}}));
    assert_eq!(configuration.pools(), [PoolId::new("database", "emails")]);
    assert_eq!(settings(&configuration, "database", "emails").max_workers, 3);
    assert_eq!(settings(&configuration, "redis", "emails").max_workers, 10);
}

#[test]
fn a_colon_names_a_connection_only_where_there_is_one() {
    let configuration = accepted(json!({
        "connection": "redis", "connections": ["redis", "database"],
        "queues": {"database:a": [], "tenant:a": [], "redis:mail:high": []},
    }));
    assert_eq!(
        sorted_pools(&configuration),
        [PoolId::new("database", "a"), PoolId::new("redis", "mail:high"), PoolId::new("redis", "tenant:a")]
    );
    assert!(configuration.warnings().is_empty());
}

#[test]
fn a_connection_whose_name_has_a_colon_is_the_longest_that_fits() {
    let configuration = accepted(json!({
        "connection": "redis:eu", "connections": ["redis", "redis:eu"],
        "queues": {"redis:eu:emails": [], "redis:us:emails": [], "orders": []},
    }));
    let [us, orders, emails] = [("redis", "us:emails"), ("redis:eu", "orders"), ("redis:eu", "emails")]
        .map(|(connection, queue)| PoolId::new(connection, queue));
    assert_eq!(sorted_pools(&configuration), [us, emails, orders]);
    let said_again = accepted(serde_json::to_value(&configuration).unwrap());
    assert_eq!(sorted_pools(&said_again), sorted_pools(&configuration));
}

#[test]
fn a_connection_with_a_slip_is_an_error_and_no_queue() {
    let connections = json!(["redis", "database"]);
    assert_eq!(
        errors(json!({"connection": "redis", "connections": connections, "queues": {"databse:emails": []}})),
        [
            "queues.databse:emails: \"databse\" is not a connection; write \"database:emails\", or \"redis:databse:emails\" \
          if the queue's name has a colon"
        ]
    );
    assert_eq!(
        errors(json!({"connection": "rediss", "connections": connections})),
        ["connection: \"rediss\" is not a connection; the application has redis, database"]
    );
}

#[test]
fn a_wildcard_that_fits_no_connection_is_an_error() {
    assert_eq!(
        errors(json!({"connection": "redis", "connections": ["redis"], "queues": {"sqs-*:emails": []}})),
        [
            "queues.sqs-*:emails: \"sqs-*\" fits no connection; name one of the application's, or write \"redis:sqs-*:emails\" \
          if the queue's name has a colon"
        ]
    );
}

#[test]
fn a_group_has_one_connection_for_all_of_its_queues() {
    assert_eq!(
        errors(json!({"connection": "redis", "groups": {"web": {"queues": ["redis:high", "low"]}}})),
        ["groups.web.queues.0: \"redis:high\" names a connection; write \"high\" and give the group's connection once"]
    );
}

#[test]
fn the_most_specific_entry_wins_whatever_the_order() {
    let configuration = accepted(json!({"queues": {
        "*": {"max_workers": 2}, "tenant-*": {"max_workers": 3}, "tenant-7-*": {"max_workers": 4},
        "tenant-7-mail": {"max_workers": 5}, "*:reports": {"max_workers": 6},
    }}));
    for (connection, queue, expected) in [
        ("redis", "other", 2),
        ("redis", "tenant-1", 3),
        ("redis", "tenant-7-pdf", 4),
        ("redis", "tenant-7-mail", 5),
        ("database", "reports", 6),
        ("database", "tenant-1", 10),
    ] {
        assert_eq!(settings(&configuration, connection, queue).max_workers, expected, "{connection}:{queue}");
    }
    assert_eq!(configuration.pools(), [PoolId::new("redis", "tenant-7-mail")]);
}

#[test]
fn a_minimum_from_the_defaults_holds_for_queues_that_somebody_named() {
    let configuration = accepted(json!({
        "defaults": {"min_workers": 2},
        "queues": {"emails": {}, "tenant-*": {}},
        "groups": {"web": {"queues": ["high", "low"]}},
    }));
    let least = |queues: &str| settings(&configuration, "redis", queues).min_workers;
    assert_eq!(["emails", "tenant-7", "high,low", "turned-up"].map(least), [2, 2, 2, 0]);
    assert_eq!(settings(&configuration, "redis", "turned-up").max_workers, 10);
}

#[test]
fn a_profile_can_be_taken_adjusted_and_added() {
    let configuration = accepted(json!({
        "profiles": {"critical": {"max_workers": 50}, "nightly": {"percentile": 80, "workers": {"timeout": 900}}},
        "queues": {"pay": {"profile": "critical", "min_workers": 3}, "pdf": {"profile": "nightly"}},
    }));
    let pay = settings(&configuration, "redis", "pay");
    assert_eq!((pay.sla.max_pickup_time_seconds, pay.min_workers, pay.max_workers), (10.0, 3, 50));
    let pdf = settings(&configuration, "redis", "pdf");
    assert_eq!((pdf.sla.percentile, pdf.workers.timeout_seconds, pdf.max_workers), (80.0, 900, 10));
}

#[test]
fn a_group_is_one_pool_for_its_queues() {
    let configuration = accepted(json!({
        "groups": {"web": {"connection": "redis", "queues": ["high", "default"], "max_workers": 7}},
    }));
    let pool = PoolId::new("redis", "high,default");
    assert_eq!(configuration.pools(), std::slice::from_ref(&pool));
    assert_eq!(configuration.pool_of("redis", "default"), Some(pool.clone()));
    assert_eq!(configuration.pool_of("database", "default"), Some(PoolId::new("database", "default")));
    assert_eq!(configuration.pool_settings(&pool).max_workers, 7);
}

#[test]
fn a_queue_has_one_master() {
    assert_eq!(
        errors(json!({
            "groups": {"a": {"queues": ["x", "y"]}, "b": {"queues": ["y"]}, "c": {"queues": []}, "d": {"queues": ["z*"]},
                "e": {}},
            "queues": {"x": [], "redis:n": [], "n": [], "q,r": [], "0": []},
            "excluded": ["n"],
        })),
        [
            "groups.a.queues: redis:x is configured by queues.x as well; keep it in one place",
            "groups.b.queues: redis:y is configured by groups.a as well; keep it in one place",
            "groups.c.queues: an empty list; list the queues of the group in the order of their priority",
            "groups.d.queues.0: \"z*\" has a wildcard; a group needs each queue by name",
            "groups.e.queues: missing; list the queues of the group in the order of their priority",
            "queues.0: queue:work takes an empty name and \"0\" for the default queue; name the queue itself",
            "queues.n: redis:n is excluded by \"redis:n\"; remove it here or there",
            "queues.q,r: queue:work takes a comma for the end of a queue's name; use groups for several queues",
            "queues.redis:n: names the same queue as queues.n (redis:n); keep one of them",
            "queues.redis:n: redis:n is excluded by \"redis:n\"; remove it here or there",
        ]
    );
}

#[test]
fn an_excluded_queue_has_no_pool() {
    let configuration = accepted(json!({"excluded": ["tenant-*", "*:legacy"]}));
    assert_eq!(configuration.pool_of("redis", "tenant-1"), None);
    assert_eq!(configuration.pool_of("database", "legacy"), None);
    assert_eq!(configuration.pool_of("database", "tenant-1"), Some(PoolId::new("database", "tenant-1")));
}

#[test]
fn a_queue_that_cannot_be_worked_has_no_pool() {
    for queue in ["", "0", "a,b"] {
        assert_eq!(Configuration::default().pool_of("redis", queue), None);
    }
}

#[test]
fn an_environment_variable_adds_to_those_of_all_queues() {
    let configuration = accepted(json!({
        "workers": {"environment": {"A": "1"}}, "queues": {"x": {"workers": {"environment": {"B": "2"}}}},
    }));
    let names: Vec<String> = settings(&configuration, "redis", "x").workers.environment.into_keys().collect();
    assert_eq!(names, ["A", "B"]);
    assert_eq!(
        errors(json!({"workers": {"environment": {"A=": "1", "QUEUE_AUTOSCALE_STATUS_FD": "9", "C": {}}}})).len(),
        3
    );
}

/// Names that the reader looks for, so that random configurations reach all of it.
const NAMES: &str = "enabled|connection|connections|defaults|queues|groups|excluded|profiles|profile|prediction|limits|\
    workers|strategy|policies|manager|min_workers|max_workers|percentile|weight|worker_memory_mb|timeout|backoff|options|\
    environment|interval_seconds|drain_timeout_seconds|max_total_workers|critical|redis|redis:a|a\\*|a,b|0|\\PC{0,4}";

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0..20_i32).prop_map(Value::from),
        NAMES.prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map(NAMES, inner, 0..8).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_a_configuration_or_a_list_of_errors(value in any_json(), connection in "\\PC{0,5}", queue in "\\PC{0,5}") {
        match Configuration::from_json(&value) {
            Ok(configuration) => {
                for pool in configuration.pools().iter().chain(&configuration.pool_of(&connection, &queue)) {
                    let settings = configuration.pool_settings(pool);
                    prop_assert!(settings.min_workers <= settings.max_workers);
                    prop_assert!(settings.sla.max_pickup_time_seconds > 0.0);
                    prop_assert!(settings.prediction.breach_threshold > 0.0);
                }
            }
            Err(refusal) => prop_assert!(!refusal.errors.is_empty()),
        }
    }
}

#[test]
fn a_cluster_has_a_lease_of_two_turns_at_least() {
    let cluster = accepted(json!({"cluster": {"enabled": true, "host": "web-1", "store": "redis"}})).cluster;
    assert_eq!((cluster.enabled, cluster.lease_seconds), (true, 15));
    assert_eq!((cluster.host.as_deref(), cluster.store.as_deref()), (Some("web-1"), Some("redis")));
    assert_eq!(
        errors(json!({"cluster": {"enabled": true, "lease_seconds": 9}, "manager": {"interval_seconds": 5}})),
        ["cluster.lease_seconds: 9 is less than two turns (manager.interval_seconds is 5); give at least 10"],
    );
    assert_eq!(
        errors(json!({"cluster": {"lease_seconds": 1.5, "hosts": 3}})),
        [
            "cluster.hosts: unknown key; did you mean \"host\"?",
            "cluster.lease_seconds: 1.5 is not allowed; give a whole number from 2 to 3600",
        ],
    );
}

#[test]
fn a_cluster_of_managers_is_refused_where_one_manager_scales_all_nodes() {
    for backend in ["kubernetes", "external"] {
        let errors = errors(json!({"backend": backend, "cluster": {"enabled": true}}));
        assert_eq!(errors.len(), 1);
        let problem = format!("cluster.enabled: true is not allowed with backend \"{backend}\"");
        assert!(errors[0].starts_with(&problem), "{errors:?}");
    }
}
