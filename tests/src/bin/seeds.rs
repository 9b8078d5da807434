//! Writes the initial corpora of the fuzz targets into `tests/fuzz/corpus`: the examples of the rule pages and the templates
//! in `examples/templates`, each as the target of its language takes it.

use std::fs;
use std::path::Path;
use vaultmoat_tests::page::Page;

/// The targets that take several files, the paths that they give them, and the steps of `recheck` that set those.
const CHECKS: &[(&str, &[&str])] = &[
    ("bicep_check", &[".bicep", ".bicep", ".bicep", ".bicepparam"]),
    ("terraform_check", &[".tf", ".tf", ".tfvars", ".tf.json"]),
    ("check", &[".json", ".json", ".json", ".json"]),
    ("rows_check", &[".json", ".json"]),
];

/// The targets that take one text, and which.
const PARSERS: &[(&str, &str)] = &[("json", ".json"), ("bicep", ".bicep"), ("hcl", ".tf")];

/// What `recheck` calls a file of this ending, as the first byte of a step.
const STEPS: &[(&str, u8)] =
    &[(".bicep", 1), (".bicepparam", 9), (".tf.json", 17), (".json", 13), (".tfvars", 25), (".tf", 17)];

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut projects: Vec<Vec<(String, String)>> = Vec::new();
    for entry in fs::read_dir(root.join("../core/src/rules/docs")).unwrap() {
        let page = Page::read(&fs::read_to_string(entry.unwrap().path()).unwrap());
        projects.extend(page.examples.into_iter().map(|example| example.files));
    }
    let mut folders = vec![root.join("../examples/templates")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                projects.push(vec![(path.display().to_string(), fs::read_to_string(&path).unwrap())]);
            }
        }
    }
    let corpus = root.join("fuzz/corpus");
    let write = |target: &str, at: usize, data: &[u8]| {
        fs::create_dir_all(corpus.join(target)).unwrap();
        fs::write(corpus.join(target).join(format!("seed-{at}")), data).unwrap();
    };
    for (at, files) in projects.iter().enumerate() {
        for (target, endings) in CHECKS {
            let mut rest: Vec<&(String, String)> = files.iter().collect();
            let mut take = |ending: &&str| {
                let found = rest.iter().position(|(path, _)| path.ends_with(ending))?;
                Some(rest.remove(found).1.as_str())
            };
            let texts: Vec<&str> = endings.iter().map(|ending| take(ending).unwrap_or_default()).collect();
            if texts.iter().any(|text| !text.is_empty()) {
                write(target, at, texts.join("\0").as_bytes());
            }
        }
        for (path, text) in files {
            for (target, _) in PARSERS.iter().filter(|(_, ending)| path.ends_with(ending)) {
                write(target, at, text.as_bytes());
            }
        }
        let steps = files.iter().filter_map(|(path, text)| {
            let (_, what) = STEPS.iter().find(|(ending, _)| path.ends_with(ending))?;
            Some([&[*what], text.as_bytes()].concat())
        });
        write("recheck", at, &steps.collect::<Vec<_>>().join(&0));
    }
}
