//! A check of so many vaults takes as many times as many instructions, not the square of it.
//!
//! Instructions are counted by Valgrind, because time depends on what else a machine does. Without Valgrind, nothing is
//! compared.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use vaultmoat_core::{Options, Project};
use vaultmoat_tests::growth;

const FEW: usize = 100;
const MANY: usize = 800;
/// How many times the instructions of `FEW` `MANY` may take: 8 times in a straight line, 64 times where every vault is
/// compared with every other.
const MOST: u64 = 12;

/// The instructions of a check from start to end, the start of the process included.
fn instructions(language: &str, vaults: usize) -> u64 {
    let (path, text) = growth::of(language, vaults).expect("a language");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("growth-{vaults}"));
    std::fs::create_dir_all(&folder).expect("a folder for the template");
    std::fs::write(folder.join(path), text).expect("the template is written");
    let output = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .args([env!("CARGO_BIN_EXE_report"), "check", path])
        .current_dir(folder)
        .stdout(Stdio::null())
        .output()
        .expect("valgrind runs");
    let log = String::from_utf8_lossy(&output.stderr);
    // The line is `==12== I refs:  1,234,567`, with a space before the colon in some versions.
    log.lines()
        .find(|line| line.contains(" I ") && line.contains("refs"))
        .and_then(|line| line.rsplit(':').next()?.replace(',', "").trim().parse().ok())
        .unwrap_or_else(|| panic!("{language}: no count of instructions in\n{log}"))
}

#[test]
fn half_of_the_vaults_have_a_fix() {
    for language in ["arm", "bicep", "terraform"] {
        let (path, text) = growth::of(language, FEW).expect("a language");
        let mut project = Project::new(Options::default());
        project.set(path, &text);
        let found = project.check().diagnostics;
        let fixes = found.iter().filter(|found| !found.fixes.is_empty()).count();
        assert!(fixes >= FEW / 2, "{language}: {fixes} fixes for {FEW} vaults");
    }
}

#[test]
fn vaults_on_defaults_cost_as_much_each_as_one() {
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        return println!("valgrind is not installed, so no instructions are counted");
    }
    for language in ["arm", "bicep", "terraform"] {
        let (few, many) = (instructions(language, FEW), instructions(language, MANY));
        assert!(
            many < few * MOST,
            "{language}: {MANY} vaults take {many} instructions, more than {MOST} times the {few} of {FEW}"
        );
        println!("{language}: {few} for {FEW}, {many} for {MANY}");
    }
}
