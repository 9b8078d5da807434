//! A name that Azure refuses for a vault.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::limits::VAULT_NAME_LENGTH;
use crate::eval::{Truth, Value};

pub(super) const RULE: Rule = Rule {
    slug: "invalid-vault-name",
    group: Group::Firewall,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A name that Azure refuses for a vault.",
    facts: &["F1.40", "F1.41"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let name = &vault.resource.name;
        let (mut invalid, mut it) = (Truth::of(false), "");
        for (fault, what) in FAULTS {
            let truth = name.test(fault);
            if truth.is_true() {
                (invalid, it) = (truth, what);
                break;
            }
            invalid = invalid.or(truth);
        }
        cx.when(&vault.resource, invalid, "whether the name is valid", || {
            let kind = vault.service.noun;
            Finding::new(
                &vault.resource,
                name,
                format!("Azure refuses `{}` as the name of a {kind}: it {it}", name.display()),
                "a name has 3 to 24 letters, digits and hyphens, starts with a letter, ends with a letter or \
                 digit, and has no two hyphens in a row",
            )
        });
    }
}

type Fault = fn(&Value) -> Option<bool>;

/// What may be wrong with a name; each says `None` while open parts decide it.
const FAULTS: &[(&Fault, &str)] = &[
    (&(has_foreign_character as Fault), "has a character that is not a letter, digit or hyphen"),
    (&(starts_without_letter as Fault), "does not start with a letter"),
    (&(has_double_hyphen as Fault), "has two hyphens in a row"),
    (&(is_too_long as Fault), "has more than 24 characters"),
    (&(is_too_short as Fault), "has fewer than 3 characters"),
    (&(ends_with_hyphen as Fault), "ends with a hyphen"),
];

fn has_foreign_character(name: &Value) -> Option<bool> {
    any_piece(name, |text| text.chars().any(|c| !c.is_ascii_alphanumeric() && c != '-'))
}

fn has_double_hyphen(name: &Value) -> Option<bool> {
    any_piece(name, |text| text.contains("--"))
}

/// Whether a known piece has it; open while there are others.
fn any_piece(name: &Value, has: impl Fn(&str) -> bool) -> Option<bool> {
    let pieces = name.pieces();
    if pieces.iter().filter_map(Value::as_text).any(has) {
        return Some(true);
    }
    let others = pieces.iter().any(|piece| piece.as_text().is_none() && piece.generated_length().is_none());
    if others { None } else { Some(false) }
}

fn starts_without_letter(name: &Value) -> Option<bool> {
    let first = name.pieces().first().and_then(Value::as_text).and_then(|text| text.chars().next());
    match first {
        Some(first) => Some(!first.is_ascii_alphabetic()),
        // Too short is another fault.
        None => name.as_text().map(|_| false),
    }
}

fn ends_with_hyphen(name: &Value) -> Option<bool> {
    let pieces = name.pieces();
    let last = pieces.last()?;
    match (last.as_text(), last.generated_length()) {
        (Some(text), _) => Some(text.ends_with('-')),
        (None, Some(_)) => Some(false),
        (None, None) => None,
    }
}

fn is_too_long(name: &Value) -> Option<bool> {
    let (least, whole) = length(name);
    if least > VAULT_NAME_LENGTH.1 { Some(true) } else { whole.then_some(false) }
}

fn is_too_short(name: &Value) -> Option<bool> {
    let (least, whole) = length(name);
    if least >= VAULT_NAME_LENGTH.0 { Some(false) } else { whole.then_some(true) }
}

/// The least length a name can have, and whether it is its length.
fn length(name: &Value) -> (usize, bool) {
    name.pieces().iter().fold((0, true), |(least, whole), piece| {
        match piece.as_text().map(|text| text.chars().count()).or_else(|| piece.generated_length()) {
            Some(length) => (least + length, whole),
            None => (least, false),
        }
    })
}
