//! The C header is what the sources say.
#![allow(clippy::unwrap_used, reason = "a test that fails says so by panicking")]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// Set by `make header`.
const WRITE_VARIABLE: &str = "QUEUE_AUTOSCALE_WRITE_HEADER";

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn generated() -> String {
    let configuration = cbindgen::Config::from_file(project().join("cbindgen.toml")).unwrap();
    let builder = cbindgen::Builder::new().with_config(configuration).with_src(project().join("src/bindings/c/mod.rs"));
    let mut header = Vec::new();
    builder.generate().unwrap().write(&mut header);
    String::from_utf8(header).unwrap()
}

#[test]
fn the_header_is_what_the_sources_say() {
    let path = project().join("include/queue_autoscale.h");
    if env::var_os(WRITE_VARIABLE).is_some() {
        fs::write(&path, generated()).unwrap();
    }
    let header = fs::read_to_string(&path).unwrap_or_default();
    assert!(header == generated(), "include/queue_autoscale.h is out of date; run make header");
}

#[test]
fn the_header_needs_nothing_before_it() {
    let compiler = env::var_os("CC").unwrap_or_else(|| "cc".into());
    for (language, standard) in [("c", "c99"), ("c++", "c++11")] {
        let status = Command::new(&compiler)
            .args(["-x", language, "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
            .arg(format!("-std={standard}"))
            .arg(project().join("include/queue_autoscale.h"))
            .status()
            .unwrap();
        assert!(status.success(), "{standard}");
    }
}
