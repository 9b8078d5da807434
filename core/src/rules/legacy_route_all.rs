//! Routing of an app written in a way that has been replaced.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::azure::ApiVersion;
use crate::azure::versions::OUTBOUND_VNET_ROUTING;
use crate::eval::{Truth, Value};
use crate::model::{Consumer, property};

pub(super) const RULE: Rule = Rule {
    slug: "legacy-route-all",
    group: Group::Callers,
    severity: Severity::Info,
    profile: Profile::Recommended,
    fixable: true,
    summary: "An app's routing, written with settings that have been replaced.",
    facts: &["F5.3", "F5.5"],
    yields_to: &[],
    check: Check::Model(check),
};

/// Where the older settings are written, and their names in `outboundVnetRouting` (F5.3).
const FLAGS: [(&[&str], &str); 5] = [
    (&["vnetRouteAllEnabled"], "applicationTraffic"),
    (&["siteConfig", "vnetRouteAllEnabled"], "applicationTraffic"),
    (&["vnetImagePullEnabled"], "imagePullTraffic"),
    (&["vnetContentShareEnabled"], "contentShareTraffic"),
    (&["vnetBackupRestoreEnabled"], "backupRestoreTraffic"),
];

fn check(cx: &mut Context) {
    for app in cx.model.apps() {
        let has_routing = has_outbound_routing(app);
        for setting in cx.model.app_settings(app, "WEBSITE_VNET_ROUTE_ALL") {
            let reason = "whether it sets `WEBSITE_VNET_ROUTE_ALL`";
            cx.when(&app.resource, setting.present.clone(), reason, || {
                let is_new = has_routing.is_true();
                let instead = if is_new { "outboundVnetRouting" } else { "vnetRouteAllEnabled" };
                Finding::new(
                    &app.resource,
                    &setting.value,
                    format!(
                        "`WEBSITE_VNET_ROUTE_ALL` of `{}` is replaced by `{instead}`",
                        app.resource.label()
                    ),
                    "the setting is still honoured, but a reader of the app's properties does not see it",
                )
                .safe_fix(
                    format!("set `{instead}`"),
                    replace_setting(app, &setting.value, &setting.entry, is_new),
                )
            });
        }
        let set: Vec<(Value, &'static str)> =
            FLAGS.iter().map(|(path, name)| (property(&app.resource, path), *name)).collect();
        let any = set.iter().fold(Truth::of(false), |any, (flag, _)| any.or(flag.is_set()));
        let reason = "whether its routing is written in the older way";
        cx.when(&app.resource, has_routing.and(any), reason, || {
            let first =
                set.iter().map(|(flag, _)| flag).find(|flag| !flag.is_null()).cloned().unwrap_or_default();
            Finding::new(
                &app.resource,
                &first,
                format!(
                    "`{}` routes its traffic with settings that `outboundVnetRouting` replaces",
                    app.resource.label()
                ),
                format!(
                    "from API version {OUTBOUND_VNET_ROUTING} on, one object says which traffic goes through \
                     the network"
                ),
            )
            .safe_fix("write `outboundVnetRouting`", replace_flags(app, &set))
        });
    }
}

/// Whether the API version of an app knows `outboundVnetRouting`; a provider that chooses the version has no word for it.
fn has_outbound_routing(app: &Consumer) -> Truth {
    if app.resource.api_version.is_null() && !app.resource.is_shown() {
        return Truth::of(false);
    }
    app.resource
        .api_version
        .test(&|written| Some(ApiVersion::parse(written.as_text()?)? >= OUTBOUND_VNET_ROUTING))
}

/// The changes that say of an app what its setting says; none where that is said already.
fn replace_setting(app: &Consumer, value: &Value, entry: &Value, is_new: bool) -> Vec<Change> {
    let properties = app.resource.body.get("properties");
    let (holder, key, written) = if is_new {
        let routing = Literal::Object(vec![("applicationTraffic", Literal::Bool(true))]);
        (properties, "outboundVnetRouting", routing)
    } else {
        (properties.get("siteConfig"), "vnetRouteAllEnabled", Literal::Bool(true))
    };
    let is_on = value.display() == "1";
    let changes = if holder.get(key).is_null() && is_on {
        [Change::remove(entry), Change::set(&holder, key, written)]
    } else {
        return Vec::new();
    };
    changes.into_iter().collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// The changes that write these settings as one object; none where one of them is open, or there is such an object.
fn replace_flags(app: &Consumer, set: &[(Value, &'static str)]) -> Vec<Change> {
    let properties = app.resource.body.get("properties");
    let mut written: Vec<(&'static str, Literal)> = Vec::new();
    let mut changes = Vec::new();
    for (flag, name) in set.iter().filter(|(flag, _)| !flag.is_null()) {
        let (Some(is_on), Some(removed)) = (flag.as_bool(), Change::remove(flag)) else { return Vec::new() };
        if written.iter().any(|(known, _)| known == name) {
            return Vec::new();
        }
        written.push((name, Literal::Bool(is_on)));
        changes.push(removed);
    }
    if !properties.get("outboundVnetRouting").is_null() {
        return Vec::new();
    }
    changes.extend(Change::set(&properties, "outboundVnetRouting", Literal::Object(written)));
    changes
}
