//! A setting of a vault's network access that has a value or a shape Azure does not know.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::azure::names::{BYPASSES, DEFAULT_ACTIONS, PUBLIC_NETWORK_ACCESS};
use crate::eval::{Element, Kind, TermKind, Truth, Value};
use crate::model::Vault;

pub(super) const RULE: Rule = Rule {
    slug: "invalid-network-setting",
    group: Group::Firewall,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A setting of a vault's network access with a value or structure that Azure does not know.",
    facts: &["F1.21", "F1.30", "F2.24"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let firewall = &vault.firewall;
        word(cx, vault, "publicNetworkAccess", &vault.public_network_access, PUBLIC_NETWORK_ACCESS);
        shape(cx, vault, "networkAcls", &firewall.value, "an object", |kind| matches!(kind, Kind::Object(_)));
        // What is open as a whole is said once.
        if matches!(firewall.value.kind, Kind::Term(_)) {
            continue;
        }
        word(cx, vault, "defaultAction", &firewall.default_action, DEFAULT_ACTIONS);
        word(cx, vault, "bypass", &firewall.bypass, BYPASSES);
        for (list, value, entries, key) in [
            ("ipRules", &firewall.ip_rules_value, &firewall.ip_rules, "value"),
            ("virtualNetworkRules", &firewall.vnet_rules_value, &firewall.vnet_rules, "id"),
        ] {
            // Of rules that are open, `invalid-ip-rule` says so; a text is neither a list nor an object, whatever it is.
            let is_text = |value: &Value| matches!(&value.kind, Kind::Term(term) if matches!(term.kind, TermKind::Text(_)));
            let is_open =
                |value: &Value| list == "ipRules" && matches!(value.kind, Kind::Term(_)) && !is_text(value);
            if !is_open(value) {
                shape(cx, vault, list, value, "a list", |kind| matches!(kind, Kind::Array(_)));
            }
            let entries: Vec<&Element> =
                entries.items.iter().filter(|entry| !is_open(&entry.value)).collect();
            rules(cx, vault, list, &entries, key);
        }
        for (key, instead) in [("ip", "ipRules"), ("vnet", "virtualNetworkRules")] {
            command_line_key(cx, vault, key, instead);
        }
    }
}

/// A setting that is one of a few words.
fn word<'m>(cx: &mut Context<'m>, vault: &'m Vault, setting: &str, value: &Value, words: &[&'static str]) {
    let wrong = value.test(&|value| match &value.kind {
        Kind::Null => Some(false),
        Kind::Text(text) => Some(!words.iter().any(|word| word.eq_ignore_ascii_case(text))),
        Kind::Term(_) => None,
        _ => Some(true),
    });
    let reason = format!("whether `{setting}` is a value that Azure knows");
    let is_certain = wrong == Truth::of(true);
    cx.when(&vault.resource, wrong, &reason, || {
        let known: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        let meant = if is_certain { meant(value, words) } else { None };
        let name = vault.resource.label();
        Finding::new(
            &vault.resource,
            value,
            format!("`{setting}` of vault `{name}` is `{}`, which Azure does not know", value.display()),
            format!(
                "the deployment is refused, or the setting does nothing; write one of {}",
                known.join(", ")
            ),
        )
        .safe_fix(
            format!("write `{}`", meant.unwrap_or_default()),
            meant.and_then(|word| Change::replace(value, Literal::Text(word.to_owned()))),
        )
    });
}

/// The word that was meant, if that is plain.
fn meant(value: &Value, words: &[&'static str]) -> Option<&'static str> {
    let written = match &value.kind {
        Kind::Bool(true) => "enabled".to_owned(),
        Kind::Bool(false) => "disabled".to_owned(),
        Kind::Text(text) => {
            text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase()
        }
        _ => return None,
    };
    let mut close = words.iter().filter(|word| {
        let word = word.to_ascii_lowercase();
        let longer = written.starts_with(&word) || (written.len() > 3 && word.starts_with(&written));
        longer || strsim::damerau_levenshtein(&written, &word) <= word.len() / 4
    });
    match (close.next(), close.next()) {
        (Some(word), None) => Some(word),
        _ => None,
    }
}

/// A setting that is an object, or a list.
fn shape<'m>(
    cx: &mut Context<'m>,
    vault: &'m Vault,
    setting: &str,
    value: &Value,
    wanted: &str,
    is_right: fn(&Kind) -> bool,
) {
    let wrong = value.test(&|value| match &value.kind {
        Kind::Term(term) => match term.kind {
            TermKind::Text(_) => Some(true),
            _ => None,
        },
        kind => Some(!value.is_null() && !is_right(kind)),
    });
    let reason = format!("whether `{setting}` is {wanted}");
    cx.when(&vault.resource, wrong, &reason, || {
        let name = vault.resource.label();
        Finding::new(
            &vault.resource,
            value,
            format!("`{setting}` of vault `{name}` is not {wanted}"),
            "Azure refuses a value of another type",
        )
    });
}

/// The entries of a list of rules: objects that have a text at `key`.
fn rules<'m>(cx: &mut Context<'m>, vault: &'m Vault, list: &str, entries: &[&Element], key: &'static str) {
    let is_wrong = |entry: &Element| {
        let wrong = entry.value.test(&|value| match &value.kind {
            Kind::Object(_) => {
                let inner = value.get(key);
                match &inner.kind {
                    Kind::Text(_) => Some(false),
                    Kind::Term(_) | Kind::Choice(_) => None,
                    _ => Some(true),
                }
            }
            Kind::Term(term) => match term.kind {
                TermKind::Text(_) => Some(true),
                _ => None,
            },
            _ => Some(true),
        });
        wrong.and(entry.present.clone())
    };
    let mut any = Truth::of(false);
    let mut wrong = Vec::new();
    for entry in entries {
        let truth = is_wrong(entry);
        if truth.is_true() {
            wrong.push(&entry.value);
        }
        // An open value in an object of the right shape is for other rules.
        if truth.is_true() || entry.value.as_object().is_none() {
            any = any.or(truth);
        }
    }
    let reason = format!("whether the entries of `{list}` are objects with `{key}`");
    let is_certain = any == Truth::of(true);
    cx.when(&vault.resource, any, &reason, || {
        let first = wrong.first().copied().cloned().unwrap_or_default();
        let name = vault.resource.label();
        let texts: Vec<Change> = wrong
            .iter()
            .filter_map(|value| {
                let text = Literal::Text(value.as_text()?.to_owned());
                Change::replace(value, Literal::Object(vec![(key, text)]))
            })
            .collect();
        let fix = if is_certain && texts.len() == wrong.len() { texts } else { Vec::new() };
        // The provider `azurerm` takes texts and makes the objects.
        let is_made = vault.resource.provider.as_ref().is_some_and(|provider| provider.checks());
        let (what, help) = if is_made && first.get(key).is_null() {
            let what = format!("an entry of `{list}` of vault `{name}` is null");
            (what, "the provider refuses the list; leave the entry out, by `compact` for one".to_owned())
        } else {
            let what = format!("an entry of `{list}` of vault `{name}` is not an object with `{key}`");
            (what, format!("Azure refuses the list; write each entry as `{{ \"{key}\": \"…\" }}`"))
        };
        Finding::new(&vault.resource, &first, what, help).safe_fix(format!("write objects with `{key}`"), fix)
    });
}

/// A key that the command line uses where templates have another (F2.24).
fn command_line_key<'m>(cx: &mut Context<'m>, vault: &'m Vault, key: &str, instead: &str) {
    let acls = &vault.firewall.value;
    let found = acls.get(key);
    // An object that is open as a whole may have any property.
    let has = acls.test(&|value| Some(value.as_object().is_some_and(|object| object.field(key).is_some())));
    cx.when(&vault.resource, has, "whether `networkAcls` is written as for the command line", || {
        let name = vault.resource.label();
        Finding::new(
            &vault.resource,
            &found,
            format!("`{key}` in `networkAcls` of vault `{name}` is a key of the command line"),
            format!("templates call it `{instead}`, and Azure knows no `{key}`"),
        )
    });
}
