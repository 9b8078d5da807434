//! Messages to approvers that Azure does not take.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::limits::REQUEST_MESSAGE_LENGTH;
use crate::eval::{Truth, Value};

pub(super) const RULE: Rule = Rule {
    slug: "message-too-long",
    group: Group::PrivateEndpoint,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A private endpoint whose message to the approver is longer than Azure allows.",
    facts: &["F4.2", "F7.10"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for link in cx.model.connections() {
        let (endpoint, message) = (&link.endpoint.resource, &link.written.message);
        if message.is_null() {
            continue;
        }
        let too_long = link.connects.clone().and(is_too_long(message));
        cx.when(endpoint, too_long, "whether the request message is too long", || {
            let length = length(message);
            let at_least = if message.is_known() { "" } else { "at least " };
            Finding::new(
                endpoint,
                message,
                format!(
                    "the request message of private endpoint `{}` has {at_least}{length} characters",
                    endpoint.label()
                ),
                format!("Azure takes {REQUEST_MESSAGE_LENGTH}; say who asks and why in fewer words"),
            )
        });
    }
}

/// The known part of a text with holes may be too long already.
fn is_too_long(message: &Value) -> Truth {
    message.test(&|message| match length(message) > REQUEST_MESSAGE_LENGTH {
        true => Some(true),
        false => message.is_known().then_some(false),
    })
}

fn length(message: &Value) -> usize {
    message.pieces().iter().filter_map(Value::as_text).map(|text| text.chars().count()).sum()
}
