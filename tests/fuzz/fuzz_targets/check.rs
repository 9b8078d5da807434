//! Files through everything: parse, expand, model, rules, fixes. A NUL byte ends a file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vaultmoat_core::syntax::json;
use vaultmoat_core::{Options, Profile, Project};

const PATHS: [&str; 4] = ["main.json", "main.parameters.json", "nested/kv.json", "other.json"];

fuzz_target!(|data: &[u8]| {
    let mut project = Project::new(Options { profile: Profile::Strict, ..Options::default() });
    for (path, part) in PATHS.iter().zip(data.split(|byte| *byte == 0)) {
        project.set(path, &String::from_utf8_lossy(part));
    }
    let report = project.check();
    project.model();
    let _ = (project.access(None), project.explain(None, "internet"), project.resolve(None, "on-premises"));
    for file in project.apply(&report, &[], true) {
        let problems = json::parse(&file.text).problems;
        assert!(problems.is_empty(), "a fix breaks {}: {problems:?}\n{}", file.file, file.text);
    }
});
