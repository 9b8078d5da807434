//! What the engine says about files, without WebAssembly and JavaScript around it, as `check --format json`
//! prints it: `report FILE…`.

use std::io::Write;
use vaultmoat_core::{Options, Project};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut project = Project::new(Options::default());
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        project.set(&path, &text);
    }
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &project.check())?;
    Ok(writeln!(out)?)
}
