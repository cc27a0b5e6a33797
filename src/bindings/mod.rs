//! The core for other languages. Nothing below this layer knows that it exists.

mod interface;
mod numbers;
mod panic;
mod pool_workers_row;
mod shapes;
mod simulator_traffic;

#[cfg(feature = "ffi")]
pub mod c;
#[cfg(feature = "extension")]
pub mod php;
