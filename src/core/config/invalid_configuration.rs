//! Everything that is wrong with a configuration.

/// All errors of a configuration at once, each with the key's full path, the value and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.errors.join("\n"))]
pub struct InvalidConfiguration {
    /// One sentence an error, in the order of the paths; never empty.
    pub errors: Vec<String>,
}
