//! What a check makes of each further vault, counted in bytes of values. The count does not depend on the machine or the
//! build, as time does, and needs no Valgrind, as instructions do.

use vaultmoat_core::eval::meter::made;
use vaultmoat_core::{Options, Project};
use vaultmoat_tests::growth;

/// Bytes of values that one more vault of `growth` costs, with what is around it.
const COSTS: &[(&str, u64)] = &[("arm", 20_267), ("bicep", 20_611), ("terraform", 29_390)];
/// Percent that a cost may differ from the one above.
const TOLERANCE: u64 = 5;

/// What a check of so many vaults makes.
fn cost(language: &str, vaults: usize) -> u64 {
    let (path, text) = growth::of(language, vaults).expect("a language");
    let mut project = Project::new(Options::default());
    project.set(path, &text);
    let before = made();
    project.check();
    made() - before
}

#[test]
fn a_vault_costs_what_the_table_says() {
    let mut wrong = Vec::new();
    for &(language, expected) in COSTS {
        let each = (cost(language, 200) - cost(language, 100)) / 100;
        if each.abs_diff(expected) * 100 > expected * TOLERANCE {
            wrong.push(format!("(\"{language}\", {each}) instead of {expected}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "a vault costs other numbers of bytes than `COSTS` says: {}. Where that is what a change is for, or a gain, write \
         the new number there; otherwise find what is made in vain",
        wrong.join(", ")
    );
}

#[test]
fn a_vault_among_many_costs_as_much_as_one_among_few() {
    for &(language, _) in COSTS {
        let few = cost(language, 200) - cost(language, 100);
        let many = cost(language, 800) - cost(language, 700);
        assert!(
            many * 100 <= few * (100 + TOLERANCE),
            "{language}: {many} among 700 vaults, {few} among 100"
        );
    }
}
