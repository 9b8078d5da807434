//! The rules: one file each, named like its slug and its page in `docs/`. This list is the catalogue.
//!
//! A rule sees the network model and never a syntax tree. It is three-valued: what holds for every possible value is
//! certain, what holds under parameter defaults is likely, and what depends on something open is recorded as
//! undecided and not reported.

mod context;
mod severity;

pub use crate::lang::{Change, Literal, NewResource};
pub use context::{Context, Finding, Fix, MAX_FINDINGS, Said, Undecided};
pub use severity::{Applicability, Level, Profile, RuleSetting, Severity};

use crate::lang::ProblemKind;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Names the bad pattern: what somebody who allows the rule allows.
    pub slug: &'static str,
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
    /// It looks at the model.
    Model(fn(&mut Context<'_>)),
    /// A language finds it while it reads the text; the help that goes with it.
    Text(ProblemKind, &'static str),
}

macro_rules! catalogue {
    ($($section:literal: $($rule:ident)*;)*) => {
        $($(mod $rule;)*)*

        /// Every rule, in catalogue order.
        pub const RULES: &[&Rule] = &[$($(&$rule::RULE,)*)*];
    };
}

catalogue! {
    "firewall":
        public_vault public_endpoint_enabled ineffective_firewall_rule invalid_ip_rule ipv6_ip_rule
        private_ip_rule unroutable_ip_rule ip_rule_host_bits ip_rules_cover_internet broad_ip_rule
        redundant_ip_rule too_many_ip_rules too_many_vnet_rules invalid_network_setting
        implicit_default_action malformed_subnet_id unknown_subnet missing_service_endpoint
        ignored_service_endpoint_check redundant_vnet_rule endpoint_subnet_rule service_endpoint_hides_ip
        locked_out_vault bypass_conflict trusted_service_blocked untrusted_service_assumed
        ignored_by_api_version retiring_api_version perimeter_lockdown perimeter_opens_vault
        invalid_vault_name;
    "private endpoint":
        no_private_endpoint open_despite_private_endpoint wrong_group_id wrong_member_name endpoint_awaits_approval
        endpoint_not_connected endpoint_location_mismatch static_ip_outside_subnet reserved_static_ip
        endpoint_in_delegated_subnet unenforced_network_policy duplicate_private_endpoint endpoint_target_mismatch
        manual_without_message message_too_long wrong_reference_type reference_in_other_group duplicate_resource;
    "DNS":
        wrong_dns_zone dns_zone_cloud_mismatch overridden_public_zone dns_zone_not_global no_dns_registration
        unlinked_dns_zone unlinked_client_network overwritten_dns_record conflicting_zone_links
        dns_auto_registration dns_record_mismatch empty_dns_registration empty_zone_id policy_zone_group_removed
        resolution_policy_without_private_link custom_dns_bypasses_zone wrong_forwarding_rule forwarding_loop
        nxdomain_for_foreign_vaults privatelink_host_in_url too_many_zone_configs second_zone_group;
    "consumers, identity, operations":
        app_outside_network integration_subnet_not_delegated shared_integration_subnet
        consumption_plan_integration dns_server_override legacy_route_all kms_firewall_unsupported
        access_policies_ignored access_policies_wiped role_without_rbac rbac_disabled broad_vault_role
        unknown_role no_audit_log diagnostic_retention purge_protection_false no_purge_protection
        soft_delete_disabled create_mode_recover template_secret_blocked runner_blocked contact_without_public_access
        secret_before_network removed_argument vault_policy_parameter_ignored policy_will_deny;
    "language and input":
        syntax duplicate_key unresolved_reference unresolved_module evaluation_limit invalid_expression
        unused_suppression invalid_suppression;
}

/// Where the page of a rule can be read.
pub fn url(slug: &str) -> String {
    format!("https://github.com/vaultmoat/vaultmoat/blob/main/core/src/rules/docs/{slug}.md")
}
