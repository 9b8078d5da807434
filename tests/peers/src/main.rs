//! How fast files are read here and by others, in one run over the same files: `peers FILE…`. Bicep is compared with
//! tree-sitter-bicep, Terraform with hcl-edit.

use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};
use vaultmoat_core::syntax::{bicep, hcl};
use vaultmoat_core::{Options, Project};

const RUNS: usize = 15;

/// The median: one run in a busy moment says nothing.
fn median(mut run: impl FnMut()) -> Duration {
    let timed = || {
        let started = Instant::now();
        run();
        started.elapsed()
    };
    let mut times: Vec<Duration> = std::iter::repeat_with(timed).take(RUNS).collect();
    times.sort();
    times[RUNS / 2]
}

struct Text {
    path: String,
    text: Rc<str>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut texts = Vec::new();
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        texts.push(Text { path, text: Rc::from(text) });
    }
    let (terraform, texts): (Vec<Text>, Vec<Text>) =
        texts.into_iter().partition(|text| text.path.ends_with(".tf"));
    if !texts.is_empty() {
        compare_bicep(&texts)?;
    }
    if !terraform.is_empty() {
        compare_terraform(&terraform);
    }
    Ok(())
}

/// Prints how long each took, and how often the first fits into it.
fn print(texts: &[Text], times: &[(&str, Duration)]) {
    let size: f64 = texts.iter().map(|text| text.text.len() as f64 / 1e6).sum();
    println!("{} files, {size:.2} MB", texts.len());
    let theirs = times.first().map_or(0.0, |(_, time)| time.as_secs_f64());
    for (what, time) in times {
        let time = time.as_secs_f64();
        println!("{what:<24} {:7.1} MB/s {:6.2} times the time", size / time, time / theirs);
    }
}

fn compare_bicep(texts: &[Text]) -> Result<(), tree_sitter::LanguageError> {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_bicep::LANGUAGE.into())?;
    let theirs = median(|| {
        for text in texts {
            black_box(parser.parse(&*text.text, None));
        }
    });
    let tree = median(|| {
        for text in texts {
            black_box(bicep::parse(Rc::clone(&text.text)));
        }
    });
    let declarations = median(|| {
        for text in texts {
            black_box(bicep::ast::file(&bicep::parse(Rc::clone(&text.text))));
        }
    });
    print(
        texts,
        &[("tree-sitter-bicep", theirs), ("our tree", tree), ("with its declarations", declarations)],
    );
    Ok(())
}

fn compare_terraform(texts: &[Text]) {
    for text in texts {
        if let Err(error) = hcl_edit::parser::parse_body(&text.text) {
            println!("{}: hcl-edit stops: {error}", text.path);
        }
    }
    let theirs = median(|| {
        for text in texts {
            let _ = black_box(hcl_edit::parser::parse_body(&text.text));
        }
    });
    let tree = median(|| {
        for text in texts {
            black_box(hcl::parse(&text.text));
        }
    });
    let check = median(|| {
        let mut project = Project::new(Options::default());
        for text in texts {
            project.set(&text.path, &text.text);
        }
        black_box(project.check());
    });
    print(texts, &[("hcl-edit", theirs), ("our tree", tree), ("our whole check", check)]);
}
