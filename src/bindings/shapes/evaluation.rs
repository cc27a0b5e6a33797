//! What one turn led to.

use super::table::Table;
use crate::engine::{Evaluation, ScalingDecision};
use crate::metrics::InvalidMetrics;
use serde::{Serialize, Serializer};

/// Decisions in the order of their pools, and a sentence for each row that could not be used.
#[derive(Debug, Serialize)]
pub(in crate::bindings) struct EvaluationShape<'a> {
    decisions: Table<std::slice::Iter<'a, ScalingDecision>>,
    #[serde(serialize_with = "as_sentences")]
    errors: &'a [InvalidMetrics],
}

impl<'a> From<&'a Evaluation> for EvaluationShape<'a> {
    fn from(evaluation: &'a Evaluation) -> Self {
        Self { decisions: Table(evaluation.decisions.iter()), errors: &evaluation.errors }
    }
}

fn as_sentences<S: Serializer>(errors: &&[InvalidMetrics], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(errors.iter().map(ToString::to_string))
}
