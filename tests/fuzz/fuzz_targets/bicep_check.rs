//! A project of Bicep: a file, what it deploys and imports, and a parameter file; parts are separated by NUL bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vaultmoat_core::{Options, Profile, Project};

fuzz_target!(|text: &str| {
    let mut project = Project::new(Options { profile: Profile::Strict, ..Options::default() });
    let paths = ["main.bicep", "module.bicep", "types.bicep", "main.bicepparam"];
    for (path, text) in paths.iter().zip(text.split('\0')) {
        project.set(path, text);
    }
    let report = project.check();
    project.model();
    for file in project.apply(&report, &[], true) {
        project.set(&file.file, &file.text);
    }
    project.check();
});
