//! A check of so many vaults takes as many times as long, not the square of it.

use std::time::Duration;
use vaultmoat_core::{Options, Project};
use vaultmoat_tests::growth;
use vaultmoat_tests::hostile::spent;

const FEW: usize = 50;
const MANY: usize = 800;
/// How many times the processor time of `FEW` `MANY` may take: 16 times in a straight line, 256 times where all are compared
/// with all. The shortest of several short runs is lucky, so there is room for twice that.
const MOST: u32 = 32;
/// The shortest of so many runs counts, because what else the machine does only ever adds.
const RUNS: usize = 5;

fn time(language: &str, vaults: usize) -> Duration {
    let (path, text) = growth::of(language, vaults).expect("a language");
    let mut project = Project::new(Options::default());
    project.set(path, &text);
    let started = spent();
    let report = project.check();
    let took = spent().saturating_sub(started);
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
