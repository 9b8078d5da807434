//! A check of so many vaults takes as many times as long, not the square of it.

use std::time::{Duration, Instant};
use vaultmoat_core::{Options, Project};
use vaultmoat_tests::growth;

const FEW: usize = 50;
const MANY: usize = 800;
/// How many times as long `MANY` may take as `FEW`: 16 times in a straight line. Reading the module of Terraform again for each
/// fix takes more.
const MOST: u32 = 24;
/// The shortest of so many runs counts, because what else the machine does only ever adds.
const RUNS: usize = 5;

fn time(language: &str, vaults: usize) -> Duration {
    let (path, text) = growth::of(language, vaults).expect("a language");
    let mut project = Project::new(Options::default());
    project.set(path, &text);
    let started = Instant::now();
    let report = project.check();
    let took = started.elapsed();
    let fixes = report.diagnostics.iter().filter(|found| !found.fixes.is_empty()).count();
    assert!(fixes >= vaults / 2, "{language}: {fixes} fixes for {vaults} vaults");
    took
}

#[test]
fn vaults_on_defaults_take_as_long_each_as_one() {
    for language in ["arm", "bicep", "terraform"] {
        let few = (0..RUNS).map(|_| time(language, FEW)).min().unwrap_or_default();
        let is_straight = (0..RUNS).any(|_| time(language, MANY) < few * MOST);
        assert!(
            is_straight,
            "{language}: {MANY} vaults take more than {MOST} times as long as {FEW} ({few:?})"
        );
    }
}
