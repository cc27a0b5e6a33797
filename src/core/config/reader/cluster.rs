//! The section `cluster`: several hosts that work together.

use super::range::Range;
use super::report::Report;
use super::section::Section;
use crate::config::{Backend, ClusterSettings};

const KEYS: [&str; 4] = ["enabled", "lease_seconds", "host", "store"];

/// A lease outlives so many turns, so that one late turn costs nobody the lead.
const LEAST_TURNS: f64 = 2.0;

/// Reads the section.
pub(super) fn read_cluster(
    section: &Section<'_>,
    interval_seconds: f64,
    backend: &Backend,
    report: &mut Report,
) -> ClusterSettings {
    let section = section.clone().only(&KEYS, report);
    let mut cluster = ClusterSettings::default();
    section.flag("enabled", &mut cluster.enabled, report);
    section.count("lease_seconds", &Range::LEASE_SECONDS, &mut cluster.lease_seconds, report);
    cluster.host = section.text("host", report).map(str::to_owned);
    cluster.store = section.text("store", report).map(str::to_owned);
    let least = LEAST_TURNS * interval_seconds;
    if cluster.enabled && f64::from(cluster.lease_seconds) < least {
        let problem = format!(
            "{} is less than two turns (manager.interval_seconds is {interval_seconds}); give at least {}",
            cluster.lease_seconds,
            least.ceil(),
        );
        report.error(&section.path_of("lease_seconds"), problem);
    }
    if cluster.enabled && matches!(backend, Backend::Kubernetes | Backend::External) {
        let problem = format!(
            "true is not allowed with backend \"{backend}\", whose one manager scales the workers of all nodes; give false"
        );
        report.error(&section.path_of("enabled"), problem);
    }
    cluster
}
