//! Private endpoints that ask for a part of a vault that it does not have.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::eval::{Kind, Value};
use crate::model::EndpointConnection;

pub(super) const RULE: Rule = Rule {
    slug: "wrong-group-id",
    group: Group::PrivateEndpoint,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A private endpoint for a vault with a group that the vault does not have.",
    facts: &["F4.1", "F7.10"],
    yields_to: &[],
    check: Check::Model(check),
};

const WHETHER: &str = "whether the private endpoint names the right group";

fn check(cx: &mut Context) {
    for link in cx.model.connections() {
        of_connection(cx, &link);
        of_addresses(cx, &link);
    }
}

fn of_connection<'m>(cx: &mut Context<'m>, link: &EndpointConnection<'m>) {
    let (endpoint, connection, group) = (&link.endpoint.resource, link.written, link.service.group);
    let groups = &connection.group_ids;
    let wrong = link.connects.clone().and(connection.has_group(group).negate());
    cx.when(endpoint, wrong, WHETHER, || {
        let list = groups.elements().items;
        let first = list.first().map(|item| &item.value);
        let said = match (first, &groups.kind) {
            (Some(first), _) => format!("asks for group `{}`", first.display()),
            (None, Kind::Null | Kind::Array(_)) => "names no group".to_owned(),
            (None, _) => "has no list of groups".to_owned(),
        };
        let finding = Finding::new(
            endpoint,
            first.unwrap_or(groups),
            format!("private endpoint `{}` {said}, and connects to {}", endpoint.label(), link.target()),
            format!("a {} has one group, `{group}`, and Azure refuses any other", link.service.noun),
        );
        let whole = || Literal::List(vec![Literal::Text(group.to_owned())]);
        let change = match (list.as_slice(), first) {
            ([_], Some(first)) if first.as_text().is_some() => Change::rewrite(endpoint, first, group),
            _ if groups.is_null() => Change::set(&connection.properties(), "groupIds", whole()),
            _ if groups.is_closed() && endpoint.holds(groups) => Change::replace(groups, whole()),
            _ => None,
        };
        finding.safe_fix(format!("ask for `{group}`"), change)
    });
}

fn of_addresses<'m>(cx: &mut Context<'m>, link: &EndpointConnection<'m>) {
    let (endpoint, group) = (&link.endpoint.resource, link.service.group);
    for address in link.endpoint.static_addresses() {
        let is_wrong = |name: &Value| name.is_set().and(name.is_word(group).negate());
        let wrong = link.connects.clone().and(address.present.clone()).and(is_wrong(&address.group));
        cx.when(endpoint, wrong, WHETHER, || {
            let finding = Finding::new(
                endpoint,
                &address.group,
                format!(
                    "a static address of private endpoint `{}` names group `{}`, and it connects to {}",
                    endpoint.label(),
                    address.group.display(),
                    link.target()
                ),
                format!("a {} has one group, `{group}`, and Azure refuses any other", link.service.noun),
            );
            finding.safe_fix(format!("name `{group}`"), Change::rewrite(endpoint, &address.group, group))
        });
    }
}
