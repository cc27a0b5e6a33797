//! Collects what is wrong, so that a user sees all of it at once.

use crate::config::InvalidConfiguration;

/// The errors and warnings found so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    errors: Vec<String>,
    warnings: Vec<String>,
}

impl Report {
    /// Notes that what stands at `path` cannot be used; `problem` says why and what to do.
    pub(super) fn error(&mut self, path: &str, problem: impl AsRef<str>) {
        self.errors.push(on_one_line(&format!("{path}: {}", problem.as_ref())));
    }

    /// Notes that what stands at `path` will hardly do what the user expects.
    pub(super) fn warning(&mut self, path: &str, problem: impl AsRef<str>) {
        self.warnings.push(on_one_line(&format!("{path}: {}", problem.as_ref())));
    }

    /// The warnings, or the errors where there is one.
    pub(super) fn finish(mut self) -> Result<Vec<String>, InvalidConfiguration> {
        if self.errors.is_empty() {
            return Ok(self.warnings);
        }
        self.errors.sort();
        self.errors.dedup();
        Err(InvalidConfiguration { errors: self.errors })
    }
}

/// The text with its control characters escaped: a name from the configuration may hold any.
fn on_one_line(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut line, character| {
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
        line
    })
}
