//! Small templates that once had a wrong report, each beside a similar template with the opposite result.

mod callers;
mod decisions;
mod dns_servers;
mod evaluation;
mod input;
mod permissions;
mod terraform;

use vaultmoat_core::Options;
use vaultmoat_core::report::{Diagnostic, Report};
use vaultmoat_tests::fixture::load;

/// What is said of these files.
fn check(files: &[(&str, &str)]) -> Report {
    let project = load(Options::default(), files.iter().map(|(path, text)| (path, text)));
    project.check()
}

/// The findings of a rule: where, how sure, and which places are shown beside it.
fn found(files: &[(&str, &str)], rule: &str) -> Vec<String> {
    let place = |file: &str, line: u32| format!("{file}:{}", line + 1);
    let line = |found: &Diagnostic| {
        let mut line = place(&found.file, found.range.start.line);
        line.push_str(&format!(" {:?}", found.confidence).to_lowercase());
        for related in &found.related {
            line.push_str(&format!(" {}", place(&related.file, related.range.start.line)));
        }
        line
    };
    check(files).diagnostics.iter().filter(|found| found.rule == rule).map(line).collect()
}
