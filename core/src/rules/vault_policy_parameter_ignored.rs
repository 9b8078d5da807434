//! A policy about vaults whose assignment has no effect: the policy ignores the parameter, or the id is wrong.

use super::{Applicability, Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::azure::{names, policies};
use crate::eval::Value;
use crate::lang::Resource;
use crate::model::{identity, property};

pub(super) const RULE: Rule = Rule {
    slug: "vault-policy-parameter-ignored",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A policy about vaults that is assigned with a parameter it ignores, or with a wrong id.",
    facts: &["F6.20", "F6.21", "F6.22"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for (other, _) in cx.all_others() {
        if other.kind.eq_ignore_ascii_case(names::POLICY_ASSIGNMENT) {
            let (id, parameters) =
                (property(other, &["policyDefinitionId"]), property(other, &["parameters"]));
            judge(cx, other, &id, &parameters);
        } else if other.kind.eq_ignore_ascii_case(names::POLICY_SET) {
            for item in property(other, &["policyDefinitions"]).elements().items {
                judge(cx, other, &item.value.get("policyDefinitionId"), &item.value.get("parameters"));
            }
        }
    }
}

/// Judges one use of a policy.
fn judge<'m>(cx: &mut Context<'m>, resource: &'m Resource, id: &Value, parameters: &Value) {
    let misses = identity::has_name(id, &|name| policies::nearest(name).is_some());
    if misses.is_true() {
        let written = identity::known_name(id).unwrap_or_default();
        let Some(meant) = policies::nearest(&written) else { return };
        let message = format!("`{written}` is not a built-in policy; `{meant}` is one about vaults");
        let reason = "whether there is such a policy";
        let help = "Azure refuses an assignment of a policy it does not have, or assigns another one; copy the id again";
        cx.when(resource, misses, reason, || Finding::new(resource, id, message, help));
        return;
    }
    let effect = parameters.get("effect");
    let is_named = identity::has_name(id, &|name| name.eq_ignore_ascii_case(policies::USE_PRIVATE_LINK));
    let reason = "whether it sets the parameter that the policy ignores";
    cx.when(resource, is_named.and(effect.is_set()), reason, || {
        let mut finding = Finding::new(
            resource,
            &effect,
            "policy `a6abeaec` (vaults should use private link) ignores `effect`: its effect is \
             `audit_effect`",
            "the policy audits whatever is written here; set `audit_effect` to `Audit` or `Disabled`",
        );
        if let Some((applicability, changes)) = rename(parameters, &effect) {
            let title = "set `audit_effect` instead";
            finding = match applicability {
                Applicability::Safe => finding.safe_fix(title, changes),
                Applicability::Unsafe => finding.unsafe_fix(title, changes),
            };
        }
        finding
    });
}

/// Writes the effect under its right name: `Audit` is what the policy does anyhow.
fn rename(parameters: &Value, effect: &Value) -> Option<(Applicability, Vec<Change>)> {
    let mut changes = vec![Change::remove(effect)?];
    let value = effect.get("value");
    let word = value.as_text()?;
    let is_audit = word.eq_ignore_ascii_case("Audit");
    if parameters.get("audit_effect").is_null() {
        if !is_audit && !word.eq_ignore_ascii_case("Disabled") {
            return None;
        }
        let written = Literal::Object(vec![("value", Literal::Text(word.to_owned()))]);
        changes.push(Change::set(parameters, "audit_effect", written)?);
    }
    Some((if is_audit { Applicability::Safe } else { Applicability::Unsafe }, changes))
}
