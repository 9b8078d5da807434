//! See `docs/runner-blocked.md`.

use super::{Check, Context, Finding, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "runner-blocked",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A secret, key or certificate that Terraform reads from outside a vault that lets nobody in from there.",
    facts: &["F3.29", "F7.4"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let contents = cx.model.contents_of(vault);
        let Some((first, ..)) = contents.first() else { continue };
        let written = contents.iter().fold(crate::eval::Truth::of(false), |any, (_, own, _)| any.or(own.clone()));
        let closed = vault.is_disabled().or(vault.firewall.has_rules().negate()).and(vault.refuses_by_default());
        let blocked = written.and(closed).and(cx.model.is_in_perimeter(vault).negate());
        let reason = "whether it lets in who runs Terraform";
        let Some(assumed) = cx.decide(&vault.resource, blocked, reason) else { continue };
        let others = match contents.len() {
            1 => String::new(),
            2 => " and one other".to_owned(),
            more => format!(" and {} others", more - 1),
        };
        // Where there is an endpoint, the runner may well be in its network.
        let is_reachable = !cx.model.has_endpoint(vault).is_false();
        let severity = if is_reachable { Severity::Info } else { Severity::Warning };
        cx.report(
            Finding::new(
                first,
                &first.name,
                assumed,
                format!(
                    "`{}`{others} can only be planned from inside the network of vault `{}`, which lets nobody else in",
                    first.address,
                    vault.resource.label()
                ),
                "every plan reads it through the data plane, and a hosted agent gets 403; run Terraform in the network, or write \
                 the secret through the control plane: `azapi_resource` of type `Microsoft.KeyVault/vaults/secrets`",
            )
            .severity(severity)
            .related(Some(vault.resource.place), "the vault"),
        );
    }
}
