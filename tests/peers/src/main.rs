//! How fast Bicep files are parsed here and by tree-sitter-bicep, in one run over the same files: `peers FILE…`.

use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};
use vaultmoat_core::syntax::bicep;

const RUNS: usize = 15;

/// The shortest: whatever else the machine does only ever adds.
fn best(mut run: impl FnMut()) -> Duration {
    let timed = || {
        let started = Instant::now();
        run();
        started.elapsed()
    };
    std::iter::repeat_with(timed).take(RUNS).min().unwrap_or_default()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut texts = Vec::new();
    for path in std::env::args().skip(1) {
        texts.push(std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?);
    }
    let size: usize = texts.iter().map(String::len).sum();
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_bicep::LANGUAGE.into())?;
    let theirs = best(|| {
        for text in &texts {
            black_box(parser.parse(text, None));
        }
    });
    let kept: Vec<Rc<str>> = texts.iter().map(|text| Rc::from(text.as_str())).collect();
    let tree = best(|| {
        for text in &kept {
            black_box(bicep::parse(Rc::clone(text)));
        }
    });
    let declarations = best(|| {
        for text in &kept {
            black_box(bicep::ast::file(&bicep::parse(Rc::clone(text))));
        }
    });
    let rate = |time: Duration| size as f64 / 1e6 / time.as_secs_f64();
    println!("{} files, {:.2} MB", texts.len(), size as f64 / 1e6);
    println!("tree-sitter-bicep    {:7.1} MB/s", rate(theirs));
    for (what, time) in [("tree", tree), ("with its declarations", declarations)] {
        println!("{what:<20} {:7.1} MB/s, {:.1} times as fast", rate(time), rate(time) / rate(theirs));
    }
    Ok(())
}
