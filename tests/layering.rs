//! Who may know whom inside a crate. Between crates the compiler holds it: a lower one does not depend on a higher one, and
//! `src/core/clippy.toml` forbids the core what would make a decision depend on more than its arguments.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says so by panicking")]

use std::path::{Path, PathBuf};

/// The core's layers from the bottom up; one may use those of lower rows.
const LAYERS: [&[&str]; 3] = [&["calculators", "metrics", "config"], &["engine"], &["cluster"]];

/// What the core may depend on. Whatever else it needs may bring a clock, a file or a process with it.
const CORE_MAY_USE: [&str; 4] = ["serde", "serde_json", "strsim", "thiserror"];

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file below `folder`.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// The words of all paths that begin at the crate's root or at a module's parent, those in braces too.
fn imported(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code =
        lines.join(" ").split_whitespace().collect::<Vec<_>>().join(" ").replace(" ::", "::").replace(":: ", "::");
    let paths = ["crate::", "super::"].into_iter().flat_map(|root| code.split(root).skip(1));
    paths.flat_map(words_of_path).collect()
}

/// The words at the beginning of a text: of `{a, b::{c, d}}; …` all four, of `a::b(…` both.
fn words_of_path(text: &str) -> Vec<String> {
    let mut depth = 0;
    let mut path = String::new();
    for character in text.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        let goes_on = character.is_alphanumeric() || "_:{".contains(character) || depth > 0;
        if !goes_on || depth < 0 {
            break;
        }
        path.push(character);
    }
    path.split(|character: char| !character.is_alphanumeric() && character != '_').map(str::to_owned).collect()
}

#[test]
fn a_lower_layer_of_the_core_never_imports_a_higher_one() {
    for (height, row) in LAYERS.iter().enumerate() {
        let higher: Vec<&str> = LAYERS[height + 1..].iter().flat_map(|row| row.iter().copied()).collect();
        for layer in *row {
            for (path, text) in sources(&project().join("src/core").join(layer)) {
                let imported = imported(&text);
                for forbidden in &higher {
                    assert!(imported.iter().all(|name| name != forbidden), "{} knows {forbidden}", path.display());
                }
            }
        }
    }
}

#[test]
fn the_core_depends_on_nothing_that_knows_a_clock_a_file_or_a_process() {
    let manifest = std::fs::read_to_string(project().join("src/core/Cargo.toml")).unwrap();
    let dependencies = manifest.split("[dependencies]\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names: Vec<&str> = dependencies.lines().map(|line| line.split([' ', '.']).next().unwrap()).collect();
    assert_eq!(names, CORE_MAY_USE);
}

#[test]
fn no_way_to_write_an_import_is_overlooked() {
    for text in [
        "use crate::engine::Turn;",
        "use crate::{config::PoolId, engine::Turn};",
        "use crate::{\n    config::{PoolId, Sla},\n    engine,\n};",
        "#[cfg(test)]\nmod tests {}\nfn f() { super::super::engine::turn() }",
        "use crate ::engine;",
        "use super::super::{engine as e};",
    ] {
        assert!(imported(text).contains(&"engine".to_owned()), "{text}");
    }
    assert!(!imported("use crate::config::Sla; // engine\nlet engine = 1;").contains(&"engine".to_owned()));
}
