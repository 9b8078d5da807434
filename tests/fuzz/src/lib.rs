//! What the targets share.

use vaultmoat_core::{Options, Profile, Project};

/// Takes files through everything: parse, expand, model, rules, fixes, and again with what the fixes made of them. A NUL
/// byte ends a file; the files in order have these paths.
pub fn check(paths: &[&str], data: &[u8]) {
    let mut project = Project::new(Options { profile: Profile::Strict, ..Options::default() });
    for (path, text) in paths.iter().zip(data.split(|byte| *byte == 0)) {
        project.set(path, &String::from_utf8_lossy(text));
    }
    let before = project.check();
    project.model();
    let fixed = project.apply(&before, &[], true);
    for file in &fixed {
        project.set(&file.file, &file.text);
    }
    let after = project.check();
    let broken = |path: &str| {
        let of = |report: &vaultmoat_core::report::Report| {
            report.diagnostics.iter().filter(|found| found.rule == "syntax" && found.file == path).count()
        };
        of(&after) > of(&before)
    };
    for file in fixed {
        assert!(!broken(&file.file), "a fix breaks {}:\n{}", file.file, file.text);
    }
}
