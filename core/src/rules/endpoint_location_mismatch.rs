//! Private endpoints in another region than their network.

use super::{Change, Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::{Kind, Truth, Value};

pub(super) const RULE: Rule = Rule {
    slug: "endpoint-location-mismatch",
    group: Group::PrivateEndpoint,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A private endpoint in another region than its virtual network.",
    facts: &["F4.5"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for link in cx.model.connections() {
        let endpoint = &link.endpoint.resource;
        let Some((network, is_there)) = cx.model.network_of(link.endpoint) else { continue };
        let (here, there) = (endpoint.body.get("location"), network.resource.body.get("location"));
        if here.is_null() || there.is_null() {
            continue;
        }
        let differs = same_location(&here, &there).negate();
        let differs = link.connects.clone().and(is_there).and(differs);
        let reason = "whether the private endpoint is in the region of its network";
        cx.when(endpoint, differs, reason, || {
            let (is, other) = (here.display(), there.display());
            let finding = Finding::new(
                endpoint,
                &here,
                format!(
                    "private endpoint `{}` is in `{is}` and its network `{}` in `{other}`",
                    endpoint.label(),
                    network.resource.label()
                ),
                "an endpoint lives in the region of its network; the vault may be in any",
            )
            .related(there.place, "the region of the network");
            let change = there.as_text().and_then(|there| Change::rewrite(endpoint, &here, there));
            finding.safe_fix(format!("move it to `{other}`"), change)
        });
    }
}

/// Whether two locations are the same: `West Europe` is `westeurope`. Open ones are when they come from the same expression.
fn same_location(a: &Value, b: &Value) -> Truth {
    let both = a.assumed.and(&b.assumed);
    if a.same(b) == Some(true) {
        return Truth::of(true).assuming(&both);
    }
    let same = a.test(&|a| match b.test(&|b| same_name(a, b)) {
        Truth::True(_) => Some(true),
        Truth::False(_) => Some(false),
        Truth::Unknown(_) => None,
    });
    match same {
        Truth::Unknown(_) => Truth::Unknown(a.depends().and(b.depends())),
        same => same.assuming(&both),
    }
}

fn same_name(a: &Value, b: &Value) -> Option<bool> {
    match (&a.kind, &b.kind) {
        (Kind::Text(a), Kind::Text(b)) => {
            let plain = |text: &str| text.replace(' ', "").to_ascii_lowercase();
            Some(plain(a) == plain(b))
        }
        _ => None,
    }
}
