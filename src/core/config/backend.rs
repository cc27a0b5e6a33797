//! Who runs the workers.

use std::fmt;

/// Where the workers of a decision come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// Processes of this host, under the supervisor.
    #[default]
    Local,
    /// Pods of Kubernetes Deployments.
    Kubernetes,
    /// Somebody who reads the gauges and does what they say.
    External,
    /// What a PHP class of the user does.
    Class(String),
}

impl fmt::Display for Backend {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Local => "local",
            Self::Kubernetes => "kubernetes",
            Self::External => "external",
            Self::Class(name) => name,
        })
    }
}

/// How the Deployments of a Kubernetes cluster are found and spoken to.
#[derive(Clone, Debug, PartialEq)]
pub struct KubernetesSettings {
    /// The Deployments' namespace; `None` for the manager's own.
    pub namespace: Option<String>,
    /// The name of a pool's Deployment, with `{queue}` and perhaps `{connection}` in it.
    pub deployment: String,
    /// Longest wait for one answer of the API server, in seconds (> 0).
    pub timeout_seconds: f64,
    /// The folder with the service account's token, certificate authority and namespace.
    pub service_account_path: String,
}

impl Default for KubernetesSettings {
    fn default() -> Self {
        Self {
            namespace: None,
            deployment: "queue-worker-{queue}".to_owned(),
            timeout_seconds: 3.0,
            service_account_path: "/var/run/secrets/kubernetes.io/serviceaccount".to_owned(),
        }
    }
}
