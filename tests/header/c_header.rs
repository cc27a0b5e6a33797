//! The C header is what the sources say.
#![allow(clippy::unwrap_used, reason = "a test that fails says so by panicking")]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// Set by `make header`.
const WRITE_VARIABLE: &str = "QUEUE_AUTOSCALE_WRITE_HEADER";

/// QA_ABI_VERSION, QA_ABI_REVISION and the fingerprint of what they stand for. Where the declarations have changed, raise the
/// revision if something was only added, the version otherwise, in src/bindings/interface.rs too, and write down the new fingerprint.
const RECORDED: (&str, &str, u64) = ("4", "2", 0x49f9_b20d_19b9_7118);

fn project() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
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
fn no_declaration_changes_under_the_same_numbers() {
    let header = generated();
    let number = |name: &str| {
        let line = header.lines().find_map(|line| line.strip_prefix(&format!("#define {name} ")));
        line.unwrap().to_owned()
    };
    let found = (number("QA_ABI_VERSION"), number("QA_ABI_REVISION"), fingerprint(&declarations(&header)));
    let recorded = (RECORDED.0.to_owned(), RECORDED.1.to_owned(), RECORDED.2);
    assert!(found == recorded, "the interface has changed: found {found:#x?}, recorded is {recorded:#x?}");
}

/// The header without comments and without layout.
fn declarations(header: &str) -> String {
    let mut rest = header;
    let mut words = Vec::new();
    while let Some((code, comment)) = rest.split_once("/*") {
        words.extend(code.split_whitespace());
        rest = comment.split_once("*/").unwrap().1;
    }
    words.extend(rest.split_whitespace());
    words.join(" ")
}

/// FNV-1a, which is the same on every machine.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
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
