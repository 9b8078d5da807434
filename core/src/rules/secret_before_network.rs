//! See `docs/secret-before-network.md`.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::Truth;
use crate::lang::Resource;
use crate::model::{EndpointConnection, Vault, is_made_before};

pub(super) const RULE: Rule = Rule {
    slug: "secret-before-network",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A secret, key or certificate that Terraform may write before it can reach the vault.",
    facts: &["F7.5", "F7.25", "F3.20", "F3.40", "F3.41"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let ways = ways_in(cx, vault);
        if ways.is_empty() {
            continue;
        }
        for (content, own, before) in cx.model.contents_of(vault) {
            for way in &ways {
                if is_made_before(way.made, before) {
                    continue;
                }
                let early = own.clone().and(way.is_needed.clone());
                let reason = format!("whether it is written before {} is there", way.what);
                let reported = cx.when(content, early, &reason, || {
                    Finding::new(
                        content,
                        &content.name,
                        format!(
                            "`{}` may be written before {} `{}` is there, and vault `{}` refuses every client without it",
                            content.address,
                            way.what.trim_start_matches("the "),
                            way.made.label(),
                            vault.resource.label()
                        ),
                        way.instead,
                    )
                    .related(Some(way.made.place), way.what)
                });
                if reported {
                    break;
                }
            }
        }
    }
}

/// What lets callers into a vault that is closed otherwise.
struct Way<'m> {
    made: &'m Resource,
    what: &'static str,
    /// Whether the vault refuses every client as long as it is not there.
    is_needed: Truth,
    instead: &'static str,
}

/// The endpoints of a vault; where it has none, its associations with a perimeter that has inbound rules.
fn ways_in<'m>(cx: &Context<'m>, vault: &'m Vault) -> Vec<Way<'m>> {
    let mut ways = Vec::new();
    let closed = vault.is_disabled();
    for EndpointConnection { endpoint, connects, .. } in cx.model.connections_of(vault) {
        ways.push(Way {
            made: &endpoint.resource,
            what: "the private endpoint",
            is_needed: closed.clone().and(connects),
            instead: "Terraform makes at the same time what does not depend on each other, and destroys in the reverse order: add `depends_on` with the endpoint \
                      and the link of its DNS zone, and run it inside the network",
        });
    }
    let closed = closed.or(vault.firewall.has_rules().negate()).and(vault.refuses_by_default());
    let closed = closed.and(cx.model.has_endpoint(vault).negate());
    for (association, is_its) in cx.model.associations_of(vault) {
        let admits = cx.model.inbound_rules(association);
        let admits = admits.fold(Truth::of(false), |any, (_, one)| any.or(one));
        ways.push(Way {
            made: &association.resource,
            what: "the association with a perimeter",
            is_needed: closed.clone().and(is_its).and(admits),
            instead: "Terraform makes at the same time what does not depend on each other: add `depends_on` with the \
                      association, and a wait until the perimeter is in force",
        });
    }
    ways.retain(|way| !way.made.referenced && way.made.provider.is_some() && !way.is_needed.is_false());
    ways
}
