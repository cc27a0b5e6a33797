//! Who may know whom: a lower layer never imports a higher one, and the pure layers touch no clock, file or process.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says so by panicking")]

use std::path::{Path, PathBuf};

/// The layers from the bottom up; one may use those of lower rows.
const LAYERS: [&[&str]; 4] =
    [&["calculators", "metrics", "config"], &["engine"], &["workers", "simulator", "host", "cluster"], &["bindings"]];

/// Layers whose results depend on nothing but their arguments.
const PURE: [&str; 5] = ["calculators", "metrics", "config", "engine", "cluster"];

/// What pure code has no use for.
const IMPURE: [&str; 10] = [
    "SystemTime",
    "Instant",
    "std::process",
    "std::fs",
    "std::env",
    "std::net",
    "std::thread",
    "std::io",
    "libc::",
    "nix::",
];

/// Every source file below `folder`, and its text without comments and without its unit tests.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let lines: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            found.push((path, lines.join("\n")));
        }
    }
    found
}

fn layer(name: &str) -> Vec<(PathBuf, String)> {
    let files = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(name));
    assert!(!files.is_empty() || name == "bindings", "src/{name} has no source");
    files
}

#[test]
fn a_lower_layer_never_imports_a_higher_one() {
    for (height, row) in LAYERS.iter().enumerate() {
        let higher: Vec<&str> = LAYERS[height + 1..].iter().flat_map(|row| row.iter().copied()).collect();
        for name in *row {
            for (path, code) in layer(name) {
                for forbidden in &higher {
                    assert!(!code.contains(&format!("crate::{forbidden}")), "{} knows {forbidden}", path.display());
                }
            }
        }
    }
}

#[test]
fn the_pure_layers_touch_no_clock_file_or_process() {
    for name in PURE {
        for (path, code) in layer(name) {
            for forbidden in IMPURE {
                assert!(!code.contains(forbidden), "{} uses {forbidden}", path.display());
            }
        }
    }
}
