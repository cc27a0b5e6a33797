//! The manifests in `deploy/kubernetes` are what the Kubernetes API takes, and belong together.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says so by panicking")]

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::api::rbac::v1::{Role, RoleBinding};
use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned};
use serde_json::Value;
use std::path::Path;

fn documents(file: &str) -> Vec<Value> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join("deploy/kubernetes").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_yaml_ng::Deserializer::from_str(&text).map(|document| Value::deserialize(document).unwrap()).collect()
}

/// The document as the API's own type. A key that the type does not have, or one that it needs and the document lacks, is
/// seen by what comes back.
fn typed<T: DeserializeOwned + Serialize>(document: &Value) -> T {
    let object: T = serde_json::from_value(document.clone()).unwrap_or_else(|error| panic!("{error} in {document:#}"));
    assert_eq!(&serde_json::to_value(&object).unwrap(), document, "a key is not of this kind, or is missing");
    object
}

#[test]
fn access_is_what_the_api_takes_and_no_more_than_is_needed() {
    let documents = documents("access.yaml");
    let [account, role, binding] = documents.as_slice() else { panic!("three documents are expected") };
    let account: ServiceAccount = typed(account);
    let role: Role = typed(role);
    let binding: RoleBinding = typed(binding);

    assert_eq!(binding.role_ref.name, role.metadata.name.unwrap());
    assert_eq!(binding.role_ref.kind, "Role");
    let subjects = binding.subjects.unwrap();
    assert_eq!(Some(&subjects[0].name), account.metadata.name.as_ref());

    let allowed: Vec<(Vec<String>, Vec<String>)> =
        role.rules.unwrap().into_iter().map(|rule| (rule.verbs, rule.resources.unwrap())).collect();
    let rule = |verb: &str, resource: &str| (vec![verb.to_owned()], vec![resource.to_owned()]);
    assert_eq!(allowed, [rule("get", "deployments"), rule("patch", "deployments/scale")]);
}

#[test]
fn the_manager_is_one_pod_with_its_account() {
    let documents = documents("manager.yaml");
    assert_eq!(documents.len(), 1);
    let manager: Deployment = typed(&documents[0]);
    let spec = manager.spec.unwrap();
    assert_eq!(spec.replicas, Some(1));
    assert_eq!(spec.strategy.unwrap().type_.as_deref(), Some("Recreate"));
    assert_eq!(spec.selector.match_labels, spec.template.metadata.unwrap().labels);
    let pod = spec.template.spec.unwrap();
    assert_eq!(pod.service_account_name.as_deref(), Some("queue-autoscale"));
    assert_eq!(pod.containers[0].command.as_ref().unwrap().join(" "), "php artisan queue:autoscale");
}

#[test]
fn a_worker_has_the_time_that_its_longest_job_takes_and_no_replicas_of_its_own() {
    let documents = documents("worker.yaml");
    assert_eq!(documents.len(), 1);
    let worker: Deployment = typed(&documents[0]);
    assert_eq!(worker.metadata.name.as_deref(), Some("queue-worker-emails"));
    let spec = worker.spec.unwrap();
    assert_eq!(spec.replicas, None);
    assert_eq!(spec.selector.match_labels, spec.template.metadata.unwrap().labels);
    let pod = spec.template.spec.unwrap();
    let command = pod.containers[0].command.clone().unwrap();
    assert_eq!(command[..3].join(" "), "php artisan queue:work");
    let timeout: i64 = command.iter().find_map(|option| option.strip_prefix("--timeout=")).unwrap().parse().unwrap();
    assert!(pod.termination_grace_period_seconds.unwrap() > timeout);
}

/// KEDA's kind is none of Kubernetes' own, so only what the sample stands and falls with is looked at.
#[test]
fn the_scaled_object_asks_for_a_gauge_that_there_is() {
    let documents = documents("keda-scaled-object.yaml");
    let [scaled] = documents.as_slice() else { panic!("one document is expected") };
    assert_eq!((&scaled["apiVersion"], &scaled["kind"]), (&"keda.sh/v1alpha1".into(), &"ScaledObject".into()));
    assert_eq!(scaled["spec"]["scaleTargetRef"]["name"], "queue-worker-emails");
    let trigger = &scaled["spec"]["triggers"][0];
    assert_eq!(trigger["type"], "prometheus");
    let query = trigger["metadata"]["query"].as_str().unwrap();
    let gauge = query.split(['(', '{']).nth(1).unwrap();
    let gauges = concat!(env!("CARGO_MANIFEST_DIR"), "/../../php/src/Prometheus/Gauges.php");
    let (namespace, name) = gauge.split_at("queue_autoscale".len());
    let source = std::fs::read_to_string(gauges).unwrap();
    assert!(source.contains(&format!("'{namespace}'")), "{gauge}");
    assert!(source.contains(&format!("'{}'", name.trim_start_matches('_'))), "{gauge}");
    // All values are strings in a trigger's metadata.
    for (key, value) in trigger["metadata"].as_object().unwrap() {
        assert!(value.is_string(), "{key}: {value}");
    }
}
