//! A project of Terraform: a directory, a module of it, and values of variables; parts are separated by NUL bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vaultmoat_core::{Options, Profile, Project};

fuzz_target!(|text: &str| {
    let mut project = Project::new(Options { profile: Profile::Strict, ..Options::default() });
    let paths = ["main.tf", "modules/kv/main.tf", "terraform.tfvars", "other.tf.json"];
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
