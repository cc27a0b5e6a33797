//! From what another language names to the traffic of an experiment.

use crate::config::Configuration;
use crate::simulator::experiment::{Experiment, ExperimentError};
use serde::Deserialize;
use std::fs::File;
use std::io::BufReader;

/// Where traffic comes from.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Traffic {
    /// The scenario of that name.
    Scenario(String),
    /// What a manager recorded into the file.
    Recording(String),
    /// The list of arrivals in the file.
    Arrivals(String),
}

impl Traffic {
    /// The experiment with this traffic.
    ///
    /// # Errors
    /// As the experiment's; a file's name stands before what is wrong with it.
    pub(super) fn open(&self, configuration: &Configuration, seed: u64) -> Result<Experiment, TrafficError> {
        match self {
            Self::Scenario(name) => Ok(Experiment::of_scenario(name, configuration, seed)?),
            Self::Recording(path) => with_file(path, |file| Experiment::of_recording(file, configuration, seed)),
            Self::Arrivals(path) => with_file(path, |file| Experiment::of_arrivals(file, configuration, seed)),
        }
    }
}

/// Why there is no traffic.
#[derive(Debug, thiserror::Error)]
pub(super) enum TrafficError {
    /// The file cannot be read.
    #[error("the traffic in {path}: {problem}")]
    File {
        /// Its name.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// Anything else.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
}

fn with_file(
    path: &str,
    read: impl FnOnce(BufReader<File>) -> Result<Experiment, ExperimentError>,
) -> Result<Experiment, TrafficError> {
    let refuse = |problem: String| TrafficError::File { path: path.to_owned(), problem };
    let file = File::open(path).map_err(|error| refuse(error.to_string()))?;
    read(BufReader::new(file)).map_err(|error| refuse(error.to_string()))
}
