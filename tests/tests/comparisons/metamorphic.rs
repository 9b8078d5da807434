//! A template and its rewritten form with the same meaning have the same findings.
//!
//! `METAMORPHIC_CASES=N` tries that many (all there are: 0), `METAMORPHIC_FOLDER` takes the templates in a folder as well,
//! `METAMORPHIC_ONLY` those whose name holds it, and `METAMORPHIC_TEXTS=1` prints what was written.

use std::path::Path;
use vaultmoat_tests::metamorphic::{Subject, changes, fault, network};

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn another_way_to_write_it_changes_no_finding() {
    let most = match number("METAMORPHIC_CASES", 1_000) {
        0 => usize::MAX,
        most => usize::try_from(most).expect("a number of cases"),
    };
    let mut subjects = Subject::all();
    if let Some(folder) = std::env::var_os("METAMORPHIC_FOLDER") {
        subjects.extend(Subject::in_folder(Path::new(&folder)));
    }
    subjects.extend((0..number("METAMORPHIC_NETWORKS", 200)).map(network));
    if let Ok(only) = std::env::var("METAMORPHIC_ONLY") {
        subjects.retain(|subject| subject.name.contains(&only));
    }
    // A sample takes one change of each subject in turn.
    let changes: Vec<_> = changes().collect();
    let (mut tried, mut faults) = (0, Vec::new());
    let mut by_change = vec![(0, 0); changes.len()];
    for turn in 0..changes.len() {
        for (at, subject) in subjects.iter().enumerate() {
            if tried >= most {
                break;
            }
            let place = (at + turn) % changes.len();
            let Some(change) = changes.get(place) else { continue };
            let before = subject.check(&subject.files);
            let (is_made, found) = fault(subject, &before, change);
            tried += usize::from(is_made);
            by_change[place].0 += usize::from(is_made);
            by_change[place].1 += usize::from(found.is_some());
            faults.extend(found);
        }
    }
    for ((tried, wrong), change) in by_change.iter().zip(&changes) {
        println!("{:40} {tried:6} {wrong:5}", change.name);
    }
    println!("{tried} cases of {} subjects, {} differ", subjects.len(), faults.len());
    assert!(tried > 0, "no case was tried");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
