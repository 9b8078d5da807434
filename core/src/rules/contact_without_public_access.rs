//! Contacts of a vault that Terraform cannot write.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "contact-without-public-access",
    group: Group::Callers,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A `contact` block of a vault without public access, which the provider refuses.",
    facts: &["F7.3", "F12.6"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.templated_vaults() {
        let Some(provider) = vault.resource.provider.as_ref().filter(|provider| !provider.contact.is_null())
        else {
            continue;
        };
        let refused = provider.contact.elements().any().and(vault.is_disabled());
        let reason = "whether it has contacts and no public access";
        cx.when(&vault.resource, refused, reason, || {
            // Where an older version is admitted the call to the data plane may go through, from inside the network.
            let severity = if provider.refuses_contact { Severity::Error } else { Severity::Warning };
            Finding::new(
                &vault.resource,
                &provider.contact,
                format!("vault `{}` has a `contact` block and no public access", vault.resource.label()),
                "version 3.93 of `azurerm` and later refuse the plan, since contacts are written through the \
                 data plane; write them as `azurerm_key_vault_certificate_contacts`, and apply that inside \
                 the network",
            )
            .severity(severity)
            .related(vault.public_network_access.place, "public access is off")
        });
    }
}
