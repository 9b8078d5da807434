//! The options of a project.

use crate::azure::Cloud;
use crate::model::Site;
use crate::report::Range;
use crate::rules::{Level, Profile, RULES, Rule, RuleSetting};
use crate::sorted::Map;
use crate::text::nearest;

/// Every option of a project. The decoder of the binding, and the TypeScript of the library, the configuration and the
/// command line come from these rows: `then` is the macro that takes them.
///
/// In a row: the field of [`Options`], what its value is, whether the configuration has it, with its default there, and
/// whether the command line has it, with the word for its value in the help. The sentence above describes it to users.
#[macro_export]
macro_rules! options {
    ($then:ident) => {
        $then! {
            /// The rules to run; `strict` runs every rule
            profile: profile, configuration "recommended", argument "NAME";

            /// The Azure cloud of the files; by default, the one of their providers and regions, then `public`
            cloud: cloud, configuration, argument "NAME";

            /// Parameter files, by their paths; the templates are checked once with each
            parameters: paths, argument "FILE";

            /// Values of template parameters; they override parameter files
            parameter: values, argument "NAME=VALUE";

            /// Treat the files as complete: assume that no other resources exist
            complete: flag, configuration "false", argument;

            /// Treat all files as one environment
            together: flag, configuration "false", argument;

            /// Read a what-if as the state before the deployment instead of the state after it
            before: flag;

            /// The network around the files, which the files do not describe
            environment: site, configuration;

            /// Severities by rule; `off` disables a rule, any other value enables it in every profile
            rules: levels, configuration;

            /// Intentional findings to suppress
            ignore: entries, configuration;

            /// A prefix that paths get before they are matched with `file` of an `ignore` entry, such as `infra/`
            folder: text;
        }
    };
}

/// The members of the option `environment`: the field of [`Site`] and what its value is.
#[macro_export]
macro_rules! environment_options {
    ($then:ident) => {
        $then! {
            /// An Azure Policy assignment creates the zone groups of private endpoints
            policy_managed_dns: flag;

            /// Addresses of DNS servers that forward the names of vaults to Azure; `true` for all DNS servers of the networks
            dns_forwarders: forwarders;

            /// Address ranges on premises
            on_premises: networks;

            /// Public IP addresses of pipeline agents
            runner_addresses: addresses;

            /// Subnets of pipeline agents: names, addresses or ids
            runner_subnets: texts;
        }
    };
}

/// The options of a project.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The cloud. `None` derives it from the files: from the provider's `environment`, or else from the resources'
    /// regions, or else the public cloud.
    pub cloud: Option<Cloud>,
    /// The set of rules that run; [`Profile::default`] is the recommended one.
    pub profile: Profile,
    /// Treat the files as complete: assume that no other resources exist.
    pub complete: bool,
    /// Check all files together, as one environment.
    pub together: bool,
    /// Read the result of a what-if as the state before the deployment instead of the state after it.
    pub before: bool,
    /// Paths, as passed to [`Project::set`], of parameter files; the template is checked once with each.
    pub parameters: Vec<String>,
    /// Values of parameters by name, as JSON or plain text. They take precedence over every file.
    pub parameter: Vec<(String, String)>,
    /// Levels and options of rules, by slug.
    pub rules: Map<String, RuleSetting>,
    /// What the user states about the network around the files.
    pub environment: Site,
    /// Findings that are intentional, and therefore not reported.
    pub ignore: Vec<Ignore>,
    /// The prefix that is removed from a path before a pattern is matched with it, e.g. `infra/`.
    pub folder: String,
}

impl Options {
    pub(crate) fn setting(&self, rule: &Rule) -> RuleSetting {
        self.rules.get(rule.slug).copied().unwrap_or_default()
    }

    /// Whether a rule runs: its own level decides, or else the profile.
    pub(crate) fn runs(&self, rule: &Rule) -> bool {
        match self.setting(rule).level {
            Some(level) => level != Level::Off,
            None => rule.profile <= self.profile,
        }
    }
}

/// In [`Ignore::resource`]: matches every resource, and findings that are not about a resource.
pub(crate) const ANY: &str = "*";

/// An entry of the configuration that suppresses intentional findings of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    /// The rule's slug.
    pub rule: String,
    /// The address of the resource as in reports, compared without case; `*` for all.
    pub resource: String,
    /// A pattern in the syntax of `.gitignore` for the files of the findings; `None` matches all.
    pub file: Option<String>,
    /// Why the findings are intentional.
    pub reason: String,
    /// The configuration file and the range of this entry. An entry that suppresses nothing is reported there; without
    /// a place it is not reported.
    pub place: Option<(String, Range)>,
}

impl Ignore {
    /// The first member that is invalid, and why.
    pub fn fault(&self) -> Option<(&'static str, String)> {
        let is_empty = |text: &str| text.trim().is_empty();
        if is_empty(&self.rule) {
            Some(("rule", "the name of a rule is needed".to_owned()))
        } else if let Some(unknown) = unknown_rule(&self.rule) {
            Some(("rule", unknown))
        } else if is_empty(&self.resource) {
            Some(("resource", "the address of a resource is needed, or `*` for all".to_owned()))
        } else if is_empty(&self.reason) {
            Some(("reason", "a reason is needed".to_owned()))
        } else {
            self.file.as_deref().and_then(pattern_fault).map(|why| ("file", why))
        }
    }
}

/// Why a text is not a pattern for paths.
fn pattern_fault(pattern: &str) -> Option<String> {
    let is_one = !pattern.trim().trim_matches('/').is_empty() && !pattern.starts_with('!');
    (!is_one).then(|| "a pattern for paths is needed, as in `.gitignore` and without `!`".to_owned())
}

/// An error message for a slug that does not exist, with the most similar slug; `None` for the slug of a rule.
pub fn unknown_rule(slug: &str) -> Option<String> {
    if RULES.iter().any(|rule| rule.slug == slug) {
        return None;
    }
    let hint = nearest(RULES.iter().map(|rule| rule.slug), slug)
        .map(|rule| format!("; did you mean `{rule}`?"))
        .unwrap_or_default();
    Some(format!("there is no rule `{slug}`{hint}"))
}
