//! Pure arithmetic, one file a calculator.

mod capacity;

pub use capacity::HostCapacity;
