//! What several rules ask or say.

use crate::eval::{Elements, Truth};
use crate::lang::Resource;
use crate::model::{AppAddresses, Consumer, Model, Vault, comes_with};

/// Whether there are both at a time.
pub(super) fn both_deployed(first: &Resource, second: &Resource) -> Truth {
    let (a, b) = (first.condition.normal(), second.condition.normal());
    if a == format!("not({b})") || b == format!("not({a})") {
        return Truth::of(false);
    }
    comes_with(first, second).and(comes_with(second, first))
}

/// How many entries a list has that is longer than `limit`.
pub(super) fn count(list: &Elements, limit: usize) -> String {
    let sure = list.sure().count();
    if sure > limit { sure.to_string() } else { format!("more than {limit}") }
}

/// What is wrong, and what to do, where the vault's IP rules are addresses of apps and do not let in this one.
pub(super) fn addresses_help(model: &Model, vault: &Vault, app: &Consumer) -> &'static str {
    match model.app_addresses(vault, app) {
        Some(AppAddresses::Own) => {
            "Azure resolves Key Vault references for the app, and not from the app's own addresses, which are all that the IP \
             rules name; give the app `virtualNetworkSubnetId`, and its network a private endpoint, or name its subnet in \
             the vault"
        }
        _ => {
            "the IP rules are the addresses of other apps, on other plans; name this app's addresses, too, or give it \
             `virtualNetworkSubnetId` and name its subnet in the vault"
        }
    }
}
