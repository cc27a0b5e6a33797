//! `backend` and the section `kubernetes`: who runs the workers.

use super::nearest::suggestion;
use super::range::Range;
use super::report::Report;
use super::section::Section;
use crate::config::{Backend, KubernetesSettings, PoolSettings};

const SHIPPED: [&str; 3] = ["local", "kubernetes", "external"];

const KUBERNETES_KEYS: [&str; 4] = ["namespace", "deployment", "timeout_seconds", "service_account_path"];

const QUEUE_PLACEHOLDER: &str = "{queue}";
const CONNECTION_PLACEHOLDER: &str = "{connection}";

/// A Deployment's name is a DNS subdomain: RFC 1123 by way of the Kubernetes API conventions on names.
const MAX_NAME_CHARACTERS: usize = 253;

/// A namespace's name is a DNS label (RFC 1123).
const MAX_LABEL_CHARACTERS: usize = 63;

/// A pod is scheduled, perhaps pulls its image, and boots the application. A start below that was meant for a process.
const LEAST_POD_BOOT_SECONDS: f64 = 5.0;

/// Reads `backend`. That a class exists is the PHP side's to check.
pub(super) fn read_backend(root: &Section<'_>, report: &mut Report) -> Backend {
    match root.text("backend", report) {
        None | Some("local") => Backend::Local,
        Some("kubernetes") => Backend::Kubernetes,
        Some("external") => Backend::External,
        Some(class) if class.contains('\\') => Backend::Class(class.to_owned()),
        Some(other) => {
            let problem = format!(
                "\"{other}\" is neither a back end nor a class with its namespace; {}",
                suggestion(other, &SHIPPED)
            );
            report.error(&root.path_of("backend"), problem);
            Backend::Local
        }
    }
}

/// Reads the section `kubernetes`.
pub(super) fn read_kubernetes(section: &Section<'_>, report: &mut Report) -> KubernetesSettings {
    let section = section.clone().only(&KUBERNETES_KEYS, report);
    let mut settings = KubernetesSettings::default();
    if let Some(namespace) = section.text("namespace", report) {
        if !is_dns_name(namespace, false) {
            report.error(
                &section.path_of("namespace"),
                format!("\"{namespace}\" is no namespace; give at most 63 of a-z, 0-9 and '-', or null for the manager's own"),
            );
        }
        settings.namespace = Some(namespace.to_owned());
    }
    if let Some(template) = section.text("deployment", report) {
        check_template(&section.path_of("deployment"), template, report);
        template.clone_into(&mut settings.deployment);
    }
    section.number("timeout_seconds", &Range::SECONDS_ABOVE_ZERO, &mut settings.timeout_seconds, report);
    if let Some(path) = section.text("service_account_path", report) {
        path.clone_into(&mut settings.service_account_path);
    }
    settings
}

/// The Deployment that a queue or a group names as its own.
pub(super) fn read_deployment(section: &Section<'_>, settings: &mut PoolSettings, report: &mut Report) {
    if let Some(name) = section.text("deployment", report) {
        if !is_dns_name(name, true) {
            report.error(
                &section.path_of("deployment"),
                format!(
                    "\"{name}\" is no Deployment's name; give at most 253 of a-z, 0-9, '-' and '.', with a letter or a \
                     digit at both ends"
                ),
            );
        }
        settings.deployment = Some(name.to_owned());
    }
}

/// Warns of a boot time that no pod has.
pub(super) fn check_boot_time(backend: &Backend, settings: &PoolSettings, report: &mut Report) {
    let seconds = settings.prediction.default_boot_seconds;
    if *backend == Backend::Kubernetes && seconds < LEAST_POD_BOOT_SECONDS {
        report.warning(
            "prediction.default_boot_seconds",
            format!(
                "{seconds} s is what a process takes, and a pod takes longer; until it is measured, decisions come too \
                 late by the difference; give what your pods take, 20 for example"
            ),
        );
    }
}

fn check_template(path: &str, template: &str, report: &mut Report) {
    if !template.contains(QUEUE_PLACEHOLDER) {
        report.error(
            path,
            format!("\"{template}\" is the same for all queues; put {QUEUE_PLACEHOLDER} where the queue's name goes"),
        );
        return;
    }
    let filled = template.replace(QUEUE_PLACEHOLDER, "q").replace(CONNECTION_PLACEHOLDER, "c");
    if !is_dns_name(&filled, true) {
        report.error(
            path,
            format!(
                "\"{template}\" makes no Deployment's name; beside {QUEUE_PLACEHOLDER} and {CONNECTION_PLACEHOLDER} it may \
                 have a-z, 0-9, '-' and '.', with a letter or a digit at both ends"
            ),
        );
    }
}

/// Whether it is a DNS label (RFC 1123), or labels with dots between them.
fn is_dns_name(name: &str, may_have_dots: bool) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if may_have_dots {
        name.len() <= MAX_NAME_CHARACTERS && name.split('.').all(is_label)
    } else {
        name.len() <= MAX_LABEL_CHARACTERS && is_label(name)
    }
}
