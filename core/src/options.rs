//! How a project is checked.

use crate::azure::Cloud;
use crate::model::Site;
use crate::report::Range;
use crate::rules::{Level, Profile, RULES, Rule, RuleSetting};
use crate::sorted::Map;
use crate::text::nearest;

/// How a project is checked.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which Azure. Default: what the files say, by the provider's `environment` or their regions, and public where they
    /// say nothing.
    pub cloud: Option<Cloud>,
    /// Which rules. Default: recommended.
    pub profile: Profile,
    /// What is not in the files does not exist.
    pub complete: bool,
    /// All files are one environment.
    pub together: bool,
    /// What a what-if shows is read as it is before the deployment, not after it.
    pub before: bool,
    /// Paths (as given to [`Project::set`]) of parameter files; each gives one run.
    pub parameters: Vec<String>,
    /// Values for parameters by name, as JSON text or plain text; they win over every file.
    pub parameter: Vec<(String, String)>,
    /// What is wanted of rules, by slug.
    pub rules: Map<String, RuleSetting>,
    /// What is around the files, as far as somebody says.
    pub environment: Site,
    /// Findings that are meant.
    pub ignore: Vec<Ignore>,
    /// What stands before every path where a pattern for paths is looked at: `infra/` for the files of that folder.
    pub folder: String,
}

impl Options {
    pub(crate) fn setting(&self, rule: &Rule) -> RuleSetting {
        self.rules.get(rule.slug).copied().unwrap_or_default()
    }

    /// Whether a rule runs: as its level says, or else as the profile does.
    pub(crate) fn runs(&self, rule: &Rule) -> bool {
        match self.setting(rule).level {
            Some(level) => level != Level::Off,
            None => rule.profile <= self.profile,
        }
    }
}

/// In [`Ignore::resource`]: every resource, and what is not about one.
pub(crate) const ANY: &str = "*";

/// Findings of one rule that are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    /// Slug of the rule.
    pub rule: String,
    /// Address of the resource as reports give it, without case; `*` for all.
    pub resource: String,
    /// The files they are in, as a line of `.gitignore` would say it; all when there is none.
    pub file: Option<String>,
    /// Why they are meant.
    pub reason: String,
    /// The file and the lines it is written in: an entry that finds nothing to suppress is reported there, and not at
    /// all without this.
    pub place: Option<(String, Range)>,
}

impl Ignore {
    /// The member that makes it useless, and why.
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

/// Why a text is no pattern for paths.
fn pattern_fault(pattern: &str) -> Option<String> {
    let is_one = !pattern.trim().trim_matches('/').is_empty() && !pattern.starts_with('!');
    (!is_one).then(|| "a pattern for paths is needed, as in `.gitignore` and without `!`".to_owned())
}

/// That there is no such rule, and which one may be meant; nothing when there is one.
pub fn unknown_rule(slug: &str) -> Option<String> {
    if RULES.iter().any(|rule| rule.slug == slug) {
        return None;
    }
    let hint = nearest(RULES.iter().map(|rule| rule.slug), slug)
        .map(|rule| format!("; did you mean `{rule}`?"))
        .unwrap_or_default();
    Some(format!("there is no rule `{slug}`{hint}"))
}
