//! How long hostile inputs take and how much memory, each in a process of its own, because a process has one peak.
//! `hostile` measures all, `hostile WORD` those whose name has that word; fails when one is over the bounds.
//! `hostile write NAME DIR` writes the files of one, to try it in another host.

use std::process::{Command, ExitCode};
use std::time::Duration;
use vaultmoat_core::{Options, Profile, Project};
use vaultmoat_tests::hostile::{inputs, spent, spent_by_main};

const MOST_TIME: Duration = Duration::from_secs(2);
const GIVEN_UP: Duration = Duration::from_secs(12);
const MOST_MEGABYTES: usize = 500;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    match (words.next().as_deref(), words.next()) {
        (Some("one"), Some(name)) => {
            one(&name);
            ExitCode::SUCCESS
        }
        (Some("write"), Some(name)) => {
            write(&name, &words.next().expect("a folder"));
            ExitCode::SUCCESS
        }
        (word, _) => all(word.unwrap_or_default()),
    }
}

fn all(word: &str) -> ExitCode {
    let program = std::env::current_exe().unwrap();
    let mut failed = 0;
    println!("{:>8} {:>8} {:>6}  input", "check ms", "rest ms", "MB");
    for input in inputs().iter().filter(|input| input.name.contains(word)) {
        let output = Command::new(&program).args(["one", &input.name]).output().unwrap();
        print!("{}", String::from_utf8_lossy(&output.stdout));
        if !output.status.success() {
            println!("  {}: {}, {}", input.name, output.status, String::from_utf8_lossy(&output.stderr));
            failed += 1;
        }
    }
    println!("{failed} over {MOST_TIME:?} or {MOST_MEGABYTES} MB");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn write(name: &str, folder: &str) {
    let input = inputs().into_iter().find(|input| input.name == name).unwrap();
    for (path, text) in input.files() {
        let path = std::path::Path::new(folder).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

fn one(name: &str) {
    let input = inputs().into_iter().find(|input| input.name == name).unwrap();
    let mut project = Project::new(Options { profile: Profile::Strict, ..Options::default() });
    for (path, text) in input.files() {
        project.set(&path, &text);
    }
    // What making the texts took does not count.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let given_up = spent_by_main() + GIVEN_UP;
    std::thread::spawn(move || {
        while spent_by_main() < given_up {
            std::thread::sleep(Duration::from_millis(100));
        }
        eprintln!("not done after {GIVEN_UP:?}");
        std::process::exit(1);
    });
    let started = spent();
    let report = project.check();
    let check = spent().saturating_sub(started);
    let started = spent();
    project.model();
    project.graph();
    project.apply(&report, &[], true);
    let rest = spent().saturating_sub(started);
    let megabytes = peak().div_ceil(1024);
    let mut said: Vec<String> =
        report.diagnostics.iter().map(|found| format!("{}: {}", found.rule, found.message)).collect();
    said.sort_by_key(|said| !said.starts_with("evaluation-limit") && !said.starts_with("syntax"));
    println!(
        "{:>8} {:>8} {:>6}  {name}: {}",
        check.as_millis(),
        rest.as_millis(),
        megabytes,
        said.iter()
            .take(2)
            .map(|said| said.chars().take(150).collect::<String>())
            .collect::<Vec<_>>()
            .join(" | ")
    );
    let is_said = serde_json::to_string(&report).unwrap().contains(input.says);
    assert!(is_said, "`{}` is not said", input.says);
    assert!(check <= MOST_TIME && rest <= MOST_TIME && megabytes <= MOST_MEGABYTES, "over the bounds");
}

/// The most memory that this process had at once, in kilobytes, where the system tells.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or_default()
}
