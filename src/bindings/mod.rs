//! The core for other languages. Nothing below this layer knows that it exists.

mod panic;
mod pool_workers_row;
#[cfg(feature = "ffi")]
mod shapes;

#[cfg(feature = "ffi")]
pub mod c;
#[cfg(feature = "extension")]
pub mod php;
