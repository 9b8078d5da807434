//! The engine's reports about files, without WebAssembly and JavaScript around it, as the command line prints it
//! with `--format json`: `report check|model|access FILE…`, `report explain|resolve FROM FILE…`.

use std::io::Write;
use vaultmoat_core::{Options, Project};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut project = Project::new(Options::default());
    let mut words = std::env::args().skip(1).peekable();
    let command = words.next().unwrap_or_default();
    let asks = matches!(command.as_str(), "explain" | "resolve");
    let from = words.next_if(|_| asks).unwrap_or_default();
    for path in words {
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        project.set(&path, &text);
    }
    // Files that those name, and what these name in turn.
    let mut tried = std::collections::BTreeSet::new();
    loop {
        let found: Vec<String> =
            project.check().missing.into_iter().filter(|path| tried.insert(path.clone())).collect();
        if found.is_empty() {
            break;
        }
        for path in found {
            for path in files(&path) {
                if let Ok(text) = std::fs::read_to_string(&path) {
                    project.set(&path, &text);
                }
            }
        }
    }
    let mut out = std::io::stdout().lock();
    match command.as_str() {
        "check" => serde_json::to_writer_pretty(&mut out, &project.check())?,
        "model" => serde_json::to_writer_pretty(&mut out, &project.model())?,
        "access" => serde_json::to_writer_pretty(&mut out, &project.access(None)?)?,
        "explain" => serde_json::to_writer_pretty(&mut out, &project.explain(None, &from)?)?,
        "resolve" => serde_json::to_writer_pretty(&mut out, &project.resolve(None, &from)?)?,
        _ => return Err("report check|model|access FILE…, report explain|resolve FROM FILE…".into()),
    }
    Ok(writeln!(out)?)
}

/// What is meant by a path that is missing: a file, or the modules in a directory.
fn files(path: &str) -> Vec<String> {
    if !path.ends_with('/') {
        return vec![path.to_owned()];
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let names = entries.map(|entry| format!("{path}{}", entry.file_name().to_string_lossy()));
    names
        .filter(|name| [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|end| name.ends_with(end)))
        .collect()
}
