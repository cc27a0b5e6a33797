//! How the library is linked.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // The supervisor's signal handlers and Rust's thread-local destructors live in the library. PHP unloads what FFI and
    // `extension=` have loaded before the process ends, and a signal that comes after that must still find its handler.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
