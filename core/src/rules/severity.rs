//! How a finding is graded, and which rules run.

use serde::Serialize;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Exposed, unreachable or dead configuration.
    Warning,
    /// Azure refuses the deployment, or the thing can never work.
    Error,
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Who the vault's firewall lets in.
    Firewall,
    /// The connection from a network to the vault.
    PrivateEndpoint,
    /// How the vault's name resolves.
    Dns,
    /// Resources that use the vault, their permissions, and how the vault is operated.
    Callers,
    /// The files themselves.
    Input,
}

impl Group {
    /// Its name in lists of rules.
    pub const fn name(self) -> &'static str {
        match self {
            Group::Firewall => "firewall",
            Group::PrivateEndpoint => "private endpoint",
            Group::Dns => "DNS",
            Group::Callers => "callers and operations",
            Group::Input => "files",
        }
    }
}

/// Whether a fix keeps what the template means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// The meaning is kept.
    Safe,
    /// Reachability changes; a person decides.
    Unsafe,
}

/// Which rules run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Profile {
    /// What everyone should see.
    #[default]
    Recommended,
    /// Everything.
    Strict,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Profile; 2] = [Profile::Recommended, Profile::Strict];

    /// Its name in options.
    pub const fn name(self) -> &'static str {
        match self {
            Profile::Recommended => "recommended",
            Profile::Strict => "strict",
        }
    }
}

/// How findings of a rule are graded, other than the rule does itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It does not run.
    Off,
    /// All of them alike; it runs in every profile.
    As(Severity),
}

impl Level {
    /// Every level.
    pub const ALL: [Level; 4] =
        [Level::Off, Level::As(Severity::Info), Level::As(Severity::Warning), Level::As(Severity::Error)];

    /// Its name in options.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::As(Severity::Info) => "info",
            Level::As(Severity::Warning) => "warning",
            Level::As(Severity::Error) => "error",
        }
    }
}

/// What a project wants of a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleSetting {
    /// How its findings are graded.
    pub level: Option<Level>,
    /// The shortest prefix that it lets pass; only `broad-ip-rule` has one.
    pub prefix: Option<u8>,
}
