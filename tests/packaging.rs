//! What users download: Composer's archive, and the package for PIE.
#![allow(clippy::unwrap_used, reason = "a test that fails says so by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Everything that Composer's archive is to have at its root; whatever else comes along is a forgotten line in
/// .gitattributes.
const COMPOSER_ARCHIVE: [&str; 18] = [
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "UPGRADE.md",
    "benches",
    "bin",
    "build.rs",
    "composer.json",
    "deploy",
    "docs",
    "examples",
    "include",
    "php",
    "src",
    "tests",
];

/// Half as much again as the sources have now.
const MOST_ZIP_BYTES: usize = 800 * 1024;

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// What is committed, as Composer gets it. Sources without their history have nothing to make an archive of.
fn composer_archive(format: &str) -> Option<Vec<u8>> {
    let git = || {
        let mut git = Command::new("git");
        git.arg("-C").arg(project());
        git
    };
    let is_checkout = git().args(["rev-parse", "HEAD"]).output().is_ok_and(|output| output.status.success());
    is_checkout.then(|| run(git().args(["archive", "--worktree-attributes", "--format", format, "HEAD"])))
}

fn unpack(archive: &Path, folder: &Path) {
    run(Command::new("tar").arg("-xf").arg(archive).arg("-C").arg(folder));
}

fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Cargo looks for the file of every target that Cargo.toml names before it builds any.
fn assert_cargo_finds_its_files(package: &Path) {
    let manifest = package.join("Cargo.toml");
    let command = ["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path"];
    let metadata = run(Command::new(env!("CARGO")).args(command).arg(&manifest));
    let metadata: serde_json::Value = serde_json::from_slice(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    for target in packages.flat_map(|package| package["targets"].as_array().unwrap()) {
        let source = target["src_path"].as_str().unwrap();
        assert!(Path::new(source).is_file(), "{source} is missing");
    }
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn composers_archive_has_what_is_used_and_nothing_else() {
    let Some(archive) = composer_archive("tar") else { return };
    let folder = folder("composer");
    let file = folder.with_extension("tar");
    fs::write(&file, archive).unwrap();
    unpack(&file, &folder);
    assert_eq!(entries(&folder), COMPOSER_ARCHIVE);
    assert!(folder.join("bin/queue-autoscale-build").is_file());
    assert_cargo_finds_its_files(&folder);
}

#[test]
fn composers_archive_is_small() {
    let Some(archive) = composer_archive("zip") else { return };
    assert!(archive.len() <= MOST_ZIP_BYTES, "{} bytes", archive.len());
}

#[test]
fn the_package_for_pie_has_what_its_build_asks_for() {
    if composer_archive("tar").is_none() {
        return;
    }
    run(&mut Command::new(project().join("scripts/pie-package")));
    let name = format!("build/php_queue_autoscale-{}-src.tgz", env!("CARGO_PKG_VERSION"));
    let folder = folder("pie");
    unpack(&project().join(name), &folder);
    assert_cargo_finds_its_files(&folder);

    let package = json(&folder.join("composer.json"));
    assert_eq!(package["type"], "php-ext");
    assert_ne!(package["name"], json(&project().join("composer.json"))["name"]);
    assert_eq!(package["php-ext"]["extension-name"], env!("CARGO_PKG_NAME").replace('-', "_"));
    // PIE looks for a downloaded binary in the build path, and archives of binaries have no folders.
    assert!(package["php-ext"].get("build-path").is_none());
    assert_eq!(package["php-ext"]["download-url-method"][0], "pre-packaged-binary");
    let configure = fs::read_to_string(folder.join("config.m4")).unwrap();
    for option in package["php-ext"]["configure-options"].as_array().unwrap() {
        let option = option["name"].as_str().unwrap();
        assert!(configure.contains(&format!("--{option}=")), "config.m4 does not know --{option}");
    }
    let makefile = fs::read_to_string(folder.join("Makefile.frag")).unwrap();
    let (_, manifest) = makefile.split_once("--manifest-path \"$(srcdir)/").unwrap();
    let manifest = folder.join(manifest.split_once('"').unwrap().0);
    assert!(manifest.is_file(), "the Makefile calls for {}", manifest.display());
}
