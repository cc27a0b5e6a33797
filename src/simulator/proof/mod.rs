//! All strategies on all scenarios, and the table of it.

mod conditions;
mod contestant;
mod table;
mod trial;

pub use conditions::Condition;
pub use contestant::Contestant;
pub use table::Table;
pub use trial::{Trial, Trials};
