//! The library from C: programs that are compiled against the header and linked with the library.
#![cfg(feature = "ffi")]
#![allow(clippy::unwrap_used, reason = "a test that fails says so by panicking")]

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where cargo puts the library that it builds for this very test.
fn library_folder() -> PathBuf {
    let test = env::current_exe().unwrap();
    test.parent().unwrap().to_owned()
}

/// Compiles tests/c/NAME.c and runs it.
fn run(name: &str, arguments: &[PathBuf]) -> Output {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let folder = library_folder();
    let status = Command::new(env::var_os("CC").unwrap_or_else(|| "cc".into()))
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g", "-o"])
        .arg(&program)
        .arg(project().join(format!("tests/c/{name}.c")))
        .arg(format!("-I{}", project().join("include").display()))
        .arg(format!("-L{}", folder.display()))
        .arg(format!("-Wl,-rpath,{}", folder.display()))
        .arg("-lqueue_autoscale")
        .status()
        .unwrap();
    assert!(status.success(), "tests/c/{name}.c does not compile");
    // Cargo's own path leads to a library of an earlier `cargo build` first.
    Command::new(program).args(arguments).env("LD_LIBRARY_PATH", folder).output().unwrap()
}

#[test]
fn a_c_program_runs_one_turn() {
    let output = run("turn", &[project().join("tests/fixtures/03-backlog-500-no-workers.json")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let evaluation: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(evaluation["errors"], serde_json::json!([]));
    let decisions = &evaluation["decisions"];
    let column =
        |name: &str| decisions["columns"].as_array().unwrap().iter().position(|column| column == name).unwrap();
    let decision = &decisions["rows"][0];
    assert_eq!(decision[column("target_workers")], 5, "{decisions}");
    assert_eq!(decision[column("constraints")][0]["kind"], "max_workers", "{decisions}");
}

#[test]
fn a_c_program_runs_many_turns() {
    let metrics = project().join("tests/fixtures/08-several-queues-three-connections.json");
    let output = run("turns", &[metrics, PathBuf::from("20")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_c_program_asks_what_would_come_of_traffic() {
    let output = run("simulate", &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let outcome: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let (engine, own) = (&outcome["results"][0], &outcome["results"][1]);
    assert_eq!((&engine["name"], &engine["turn_seconds"]), (&"engine".into(), &2.0.into()), "{outcome}");
    assert!(engine["within_sla_percent"].as_f64().unwrap() > 99.0, "{outcome}");
    assert_eq!((&own["name"], &own["pools"][0]["peak_workers"]), (&"own".into(), &1.into()), "{outcome}");
}

#[test]
fn wrong_use_is_refused_and_harms_nothing() {
    let output = run("misuse", &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
