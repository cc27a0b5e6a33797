//! All strategies on all scenarios, and the table of it.

mod conditions;
mod contestant;
mod limits;
mod table;
mod trial;

pub use conditions::Condition;
pub use contestant::Contestant;
pub use limits::Limits;
pub use table::Table;
pub use trial::{Trial, Trials};
