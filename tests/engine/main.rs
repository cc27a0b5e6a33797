//! The engine, seen from outside: turns in, decisions out.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says so by panicking")]

mod decisions;
mod lies;
mod noise;
mod properties;
mod support;
