//! Who decides in a run, by the name that a user types.

use super::ExperimentError;
use crate::config::suggestion;
use crate::peers::Contestant;
use crate::peers::HorizonStrategy;

/// Who decides in a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strategy {
    name: &'static str,
    contestant: Contestant,
}

impl Strategy {
    /// The engine of production.
    pub const ENGINE: Self = Self { name: "queue-autoscale", contestant: Contestant::ENGINE };

    /// All there are.
    pub const ALL: [Self; 7] = [
        Self::ENGINE,
        Self { name: "fixed", contestant: Contestant::FixedInHindsight },
        Self { name: "horizon-time", contestant: Contestant::Horizon(HorizonStrategy::Time) },
        Self { name: "horizon-size", contestant: Contestant::Horizon(HorizonStrategy::Size) },
        Self { name: "backlog", contestant: Contestant::BacklogOverSla },
        Self { name: "queue-length", contestant: Contestant::QueueLengthTarget },
        Self { name: "first-sight", contestant: Contestant::EverythingAtFirstSight },
    ];

    /// The strategy of that name.
    ///
    /// # Errors
    ///
    /// Names those there are.
    pub fn named(name: &str) -> Result<Self, ExperimentError> {
        Self::ALL.into_iter().find(|strategy| strategy.name == name).ok_or_else(|| ExperimentError::Unknown {
            what: "strategy",
            name: name.to_owned(),
            suggestion: suggestion(name, &Self::ALL.map(|strategy| strategy.name)),
        })
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The one among those to compare with; `None` for the engine, which decides under the user's configuration.
    pub(super) fn peer(&self) -> Option<Contestant> {
        (*self != Self::ENGINE).then_some(self.contestant)
    }
}
