//! The rules: one file each, named like its slug and its page in `docs/`; [`RULES`] lists them.
//!
//! A rule sees the network model and never a syntax tree. It is three-valued: what holds for every possible value is
//! certain, what holds under parameter defaults is likely, and what depends on something open is recorded as
//! undecided and not reported.

mod access_policies_ignored;
mod access_policies_wiped;
mod app_outside_network;
mod broad_ip_rule;
mod broad_vault_role;
mod bypass_conflict;
mod conflicting_exports;
mod conflicting_zone_links;
mod consumption_plan_integration;
mod contact_without_public_access;
mod context;
mod create_mode_recover;
mod custom_dns_bypasses_zone;
mod diagnostic_retention;
mod dns_auto_registration;
mod dns_record_mismatch;
mod dns_server_override;
mod dns_zone_cloud_mismatch;
mod dns_zone_not_global;
mod duplicate_key;
mod duplicate_private_endpoint;
mod duplicate_resource;
mod empty_dns_registration;
mod empty_zone_id;
mod endpoint_awaits_approval;
mod endpoint_in_delegated_subnet;
mod endpoint_location_mismatch;
mod endpoint_not_connected;
mod endpoint_subnet_rule;
mod endpoint_target_mismatch;
mod evaluation_limit;
mod forwarding_loop;
mod ignored_by_api_version;
mod ignored_service_endpoint_check;
mod implicit_default_action;
mod ineffective_firewall_rule;
mod integration_subnet_not_delegated;
mod invalid_expression;
mod invalid_ip_rule;
mod invalid_network_setting;
mod invalid_suppression;
mod invalid_vault_name;
mod ip_rule_host_bits;
mod ip_rules_cover_internet;
mod ipv6_ip_rule;
mod kms_firewall_unsupported;
mod legacy_route_all;
mod locked_out_vault;
mod malformed_subnet_id;
mod manual_without_message;
mod message_too_long;
mod missing_service_endpoint;
mod no_audit_log;
mod no_dns_registration;
mod no_private_endpoint;
mod no_purge_protection;
mod nxdomain_for_foreign_vaults;
mod open_despite_private_endpoint;
mod overridden_public_zone;
mod overwritten_dns_record;
mod perimeter_lockdown;
mod perimeter_opens_vault;
mod policy_will_deny;
mod policy_zone_group_removed;
mod private_ip_rule;
mod privatelink_host_in_url;
mod public_endpoint_enabled;
mod public_vault;
mod purge_protection_false;
mod rbac_disabled;
mod redundant_ip_rule;
mod redundant_vnet_rule;
mod reference_in_other_group;
mod removed_argument;
mod reserved_static_ip;
mod resolution_policy_without_private_link;
mod retiring_api_version;
mod role_without_rbac;
mod runner_blocked;
mod second_zone_group;
mod secret_before_network;
mod service_endpoint_hides_ip;
mod severity;
mod shared;
mod shared_integration_subnet;
mod soft_delete_disabled;
mod static_ip_outside_subnet;
mod syntax;
mod template_secret_blocked;
mod too_many_ip_rules;
mod too_many_vnet_rules;
mod too_many_zone_configs;
mod trusted_service_blocked;
mod unenforced_network_policy;
mod unknown_role;
mod unknown_subnet;
mod unlinked_client_network;
mod unlinked_dns_zone;
mod unresolved_module;
mod unresolved_reference;
mod unroutable_ip_rule;
mod untrusted_service_assumed;
mod unused_suppression;
mod vault_policy_parameter_ignored;
mod wrong_dns_zone;
mod wrong_forwarding_rule;
mod wrong_group_id;
mod wrong_member_name;
mod wrong_reference_type;

pub use crate::lang::{Change, Literal, NewResource};
pub use context::{Context, Finding, MAX_FINDINGS, OfferedFix, OpenQuestion, RuleResult};
pub use severity::{Applicability, Group, Level, Profile, RuleSetting, Severity};

use crate::lang::ProblemKind;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Names the bad pattern, so that `allow` of a rule allows what its name says.
    pub slug: &'static str,
    /// What it is about.
    pub group: Group,
    /// The worst severity it reports.
    pub severity: Severity,
    /// The smallest profile that runs it.
    pub profile: Profile,
    /// Whether it may offer a fix.
    pub fixable: bool,
    /// What it finds, in one line: the first paragraph of its page.
    pub summary: &'static str,
    /// Numbers of the facts about Azure it rests on.
    pub facts: &'static [&'static str],
    /// Slugs of the rules whose finding about the same thing replaces one of this rule ([`Finding::about`]). It takes
    /// effect only where the other rule reports, so that a rule that is switched off silences nothing.
    pub yields_to: &'static [&'static str],
    /// How it is decided.
    pub check: Check,
}

/// Rules about a text that is wrong wherever it is used: they point at it, and at its use beside it.
const ABOUT_TEXT: &[&str] = &[
    "broad-ip-rule",
    "dns-zone-cloud-mismatch",
    "invalid-ip-rule",
    "invalid-vault-name",
    "ip-rule-host-bits",
    "ip-rules-cover-internet",
    "ipv6-ip-rule",
    "malformed-subnet-id",
    "message-too-long",
    "private-ip-rule",
    "privatelink-host-in-url",
    "redundant-ip-rule",
    "unknown-role",
    "unroutable-ip-rule",
    "wrong-dns-zone",
];

impl Rule {
    /// Whether what it finds is a text that is wrong by itself, and not what the text does where it is used.
    pub fn is_about_text(&self) -> bool {
        ABOUT_TEXT.contains(&self.slug)
    }
}

/// How a rule is decided.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// It reads the model.
    Model(fn(&mut Context<'_>)),
    /// A language finds it while it reads the text; with the help of its findings.
    Text(ProblemKind, &'static str),
}

/// Every rule, by group.
pub const RULES: &[&Rule] = &[
    // Firewall.
    &public_vault::RULE,
    &public_endpoint_enabled::RULE,
    &ineffective_firewall_rule::RULE,
    &invalid_ip_rule::RULE,
    &ipv6_ip_rule::RULE,
    &private_ip_rule::RULE,
    &unroutable_ip_rule::RULE,
    &ip_rule_host_bits::RULE,
    &ip_rules_cover_internet::RULE,
    &broad_ip_rule::RULE,
    &redundant_ip_rule::RULE,
    &too_many_ip_rules::RULE,
    &too_many_vnet_rules::RULE,
    &invalid_network_setting::RULE,
    &implicit_default_action::RULE,
    &malformed_subnet_id::RULE,
    &unknown_subnet::RULE,
    &missing_service_endpoint::RULE,
    &ignored_service_endpoint_check::RULE,
    &redundant_vnet_rule::RULE,
    &endpoint_subnet_rule::RULE,
    &service_endpoint_hides_ip::RULE,
    &locked_out_vault::RULE,
    &bypass_conflict::RULE,
    &trusted_service_blocked::RULE,
    &untrusted_service_assumed::RULE,
    &ignored_by_api_version::RULE,
    &retiring_api_version::RULE,
    &perimeter_lockdown::RULE,
    &perimeter_opens_vault::RULE,
    &invalid_vault_name::RULE,
    // Private endpoint.
    &no_private_endpoint::RULE,
    &open_despite_private_endpoint::RULE,
    &wrong_group_id::RULE,
    &wrong_member_name::RULE,
    &endpoint_awaits_approval::RULE,
    &endpoint_not_connected::RULE,
    &endpoint_location_mismatch::RULE,
    &static_ip_outside_subnet::RULE,
    &reserved_static_ip::RULE,
    &endpoint_in_delegated_subnet::RULE,
    &unenforced_network_policy::RULE,
    &duplicate_private_endpoint::RULE,
    &endpoint_target_mismatch::RULE,
    &manual_without_message::RULE,
    &message_too_long::RULE,
    &wrong_reference_type::RULE,
    &reference_in_other_group::RULE,
    &duplicate_resource::RULE,
    // DNS.
    &wrong_dns_zone::RULE,
    &dns_zone_cloud_mismatch::RULE,
    &overridden_public_zone::RULE,
    &dns_zone_not_global::RULE,
    &no_dns_registration::RULE,
    &unlinked_dns_zone::RULE,
    &unlinked_client_network::RULE,
    &overwritten_dns_record::RULE,
    &conflicting_zone_links::RULE,
    &dns_auto_registration::RULE,
    &dns_record_mismatch::RULE,
    &empty_dns_registration::RULE,
    &empty_zone_id::RULE,
    &policy_zone_group_removed::RULE,
    &resolution_policy_without_private_link::RULE,
    &custom_dns_bypasses_zone::RULE,
    &wrong_forwarding_rule::RULE,
    &forwarding_loop::RULE,
    &nxdomain_for_foreign_vaults::RULE,
    &privatelink_host_in_url::RULE,
    &too_many_zone_configs::RULE,
    &second_zone_group::RULE,
    // Callers and operations.
    &app_outside_network::RULE,
    &integration_subnet_not_delegated::RULE,
    &shared_integration_subnet::RULE,
    &consumption_plan_integration::RULE,
    &dns_server_override::RULE,
    &legacy_route_all::RULE,
    &kms_firewall_unsupported::RULE,
    &access_policies_ignored::RULE,
    &access_policies_wiped::RULE,
    &role_without_rbac::RULE,
    &rbac_disabled::RULE,
    &broad_vault_role::RULE,
    &unknown_role::RULE,
    &no_audit_log::RULE,
    &diagnostic_retention::RULE,
    &purge_protection_false::RULE,
    &no_purge_protection::RULE,
    &soft_delete_disabled::RULE,
    &create_mode_recover::RULE,
    &template_secret_blocked::RULE,
    &runner_blocked::RULE,
    &contact_without_public_access::RULE,
    &secret_before_network::RULE,
    &removed_argument::RULE,
    &vault_policy_parameter_ignored::RULE,
    &policy_will_deny::RULE,
    // Files.
    &syntax::RULE,
    &duplicate_key::RULE,
    &unresolved_reference::RULE,
    &unresolved_module::RULE,
    &evaluation_limit::RULE,
    &invalid_expression::RULE,
    &conflicting_exports::RULE,
    &unused_suppression::RULE,
    &invalid_suppression::RULE,
];

/// Where the page of a rule can be read.
pub fn url(slug: &str) -> String {
    format!("https://github.com/vaultmoat/vaultmoat/blob/main/core/src/rules/docs/{slug}.md")
}
