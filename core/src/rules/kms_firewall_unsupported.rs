//! A cluster that encrypts its secrets with a key it cannot reach.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::names;
use crate::eval::Value;
use crate::model::{comes_with, property};

pub(super) const RULE: Rule = Rule {
    slug: "kms-firewall-unsupported",
    group: Group::Callers,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A cluster that encrypts its secrets with a key that it cannot reach.",
    facts: &["F5.12"],
    yields_to: &[],
    check: Check::Model(check),
};

const HELP: &str = "the key management of a cluster reaches a vault either in public, and then any address must be let in, or \
                    through the API server, and then that must be in a network; a vault that admits chosen networks is not \
                    supported";

fn check(cx: &mut Context) {
    for (consumer, _) in cx.consumers() {
        let cluster = &consumer.resource;
        if !cluster.kind.eq_ignore_ascii_case(names::MANAGED_CLUSTER) {
            continue;
        }
        let kms = property(cluster, &["securityProfile", "azureKeyVaultKms"]);
        let uses_kms = kms.get("enabled").is_true();
        if uses_kms.is_false() {
            continue;
        }
        let access = kms.get("keyVaultNetworkAccess");
        let is_private = access.is_word("Private");
        let api_server = property(cluster, &["apiServerAccessProfile", "enableVnetIntegration"]);
        let label = cluster.label();
        for (lacks, what) in [
            (kms.get("keyVaultResourceId").is_set().negate(), "`keyVaultResourceId` is missing"),
            (
                api_server.is_true().negate(),
                "its API server is in no network: `enableVnetIntegration` is not true",
            ),
        ] {
            let wrong = uses_kms.clone().and(is_private.clone()).and(lacks);
            let reason = "whether it can reach its vault in private";
            cx.when(cluster, wrong, reason, || {
                let message = format!("cluster `{label}` reaches its vault in private, but {what}");
                Finding::new(cluster, &access, message, HELP)
            });
        }
        for vault in cx.vaults() {
            let refused = uses_kms
                .clone()
                .and(is_private.clone().negate())
                .and(consumer.uses(vault))
                .and(comes_with(cluster, &vault.resource))
                .and(vault.refuses_by_default());
            let reason = format!("whether vault `{}` lets it in", vault.resource.label());
            cx.when(cluster, refused, &reason, || {
                let place: &Value = if access.is_null() { &kms } else { &access };
                let message = format!(
                    "cluster `{label}` reaches vault `{}` in public, and the vault does not let everyone in",
                    vault.resource.label()
                );
                Finding::new(cluster, place, message, HELP).related(Some(vault.resource.place), "the vault")
            });
        }
    }
}
