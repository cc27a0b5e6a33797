//! What several targets have in common.

mod decision;
mod mutation;

pub use decision::{check_decision, obeyed};
pub use mutation::mutate_json;
