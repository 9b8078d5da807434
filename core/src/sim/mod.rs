//! The simulator: decides the outcome of one request to a vault, and what the vault's name resolves to.
//!
//! `caller` determines who sends the request and from where, `dns` what the vault's name resolves to there, `route`
//! whether the caller reaches a private address, `access` whether the vault's gates admit the request, and `remedy`
//! what would let the caller in.

pub mod access;
pub mod caller;
pub mod dns;
mod outside;
pub mod plan;
mod remedy;
mod route;

pub use access::{RequestOutcome, Via, explain, passes_public_gates};
pub(crate) use caller::is_named;
pub use caller::{Caller, NetworkView, Origin, Source, SubnetSource, View, callers};
pub use dns::{HopKind, NameAnswer, ResolutionStep, ResolvedName, resolve};
pub use outside::{OutsideKind, OutsideResource};
pub use plan::{Migration, plan};

use crate::eval::{Assumptions, Truth, Unknowns};
use crate::lang::Change;
use crate::text::Place;
use outside::Inventory;
use serde::Serialize;

/// The result of one gate. Steps are in the order in which Azure evaluates the gates.
#[derive(Clone, Debug)]
pub struct GateResult {
    /// The gate that was evaluated.
    pub gate: Gate,
    /// Its result.
    pub verdict: Verdict,
    /// The reason, in one line.
    pub because: String,
    /// Numbers of the facts about Azure that the step rests on.
    pub facts: &'static [&'static str],
    /// The value or resource in the files that decided.
    pub place: Option<Place>,
}

/// A check on the way of a request to a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// What the vault's name resolves to.
    NameResolution,
    /// Whether the network security group of the caller's subnet allows the outbound request.
    SourceSecurityGroup,
    /// Whether the caller's network reaches the endpoint's, and where the routes of the caller's subnet send the
    /// request.
    Route,
    /// Whether the firewall that the routes lead to allows the request.
    Firewall,
    /// Whether the private endpoint is connected to this vault, and the connection is approved.
    PrivateEndpoint,
    /// Whether the network security group of the endpoint's subnet allows the request.
    SecurityGroup,
    /// The access rules of a network security perimeter.
    Perimeter,
    /// `publicNetworkAccess`.
    PublicNetworkAccess,
    /// `networkAcls.bypass`.
    TrustedServices,
    /// `networkAcls.virtualNetworkRules`.
    VirtualNetworkRules,
    /// `networkAcls.ipRules`.
    IpRules,
    /// `networkAcls.defaultAction`.
    DefaultAction,
}

impl Gate {
    /// The name in reports, in kebab case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NameResolution => "name-resolution",
            Self::SourceSecurityGroup => "source-security-group",
            Self::Route => "route",
            Self::Firewall => "firewall",
            Self::PrivateEndpoint => "private-endpoint",
            Self::SecurityGroup => "security-group",
            Self::Perimeter => "perimeter",
            Self::PublicNetworkAccess => "public-network-access",
            Self::TrustedServices => "trusted-services",
            Self::VirtualNetworkRules => "virtual-network-rules",
            Self::IpRules => "ip-rules",
            Self::DefaultAction => "default-action",
        }
    }
}

/// The result of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The gate admits the request.
    Allows,
    /// The gate refuses the request.
    Denies,
    /// The next gate decides.
    Continues,
    /// The gate does not apply on this path.
    Skipped,
    /// The result depends on something that the files leave open.
    Open,
}

impl Verdict {
    /// `if_true` or `if_false` as `truth` is known, and [`Verdict::Open`] otherwise.
    fn of(truth: &Truth, if_true: Self, if_false: Self) -> Self {
        match truth {
            Truth::True(_) => if_true,
            Truth::False(_) => if_false,
            Truth::Unknown(_) => Self::Open,
        }
    }
}

/// A change that would let a caller in.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// What the change does, in the imperative.
    pub title: String,
    /// The changes, all of which are needed.
    pub changes: Vec<Change>,
}

/// One of several alternatives. Of a list of them, the first one whose condition holds applies.
#[derive(Clone, Debug)]
pub struct When<T> {
    /// The condition.
    pub holds: Truth,
    /// The defaults that the alternative rests on, also if the condition is unknown.
    pub assumed: Assumptions,
    /// What applies under the condition.
    pub what: T,
}

impl<T> When<T> {
    fn new(holds: Truth, what: T) -> Self {
        Self { assumed: holds.assumed(), holds, what }
    }
}

/// The maximum number of alternatives. Each open condition can double them; beyond this number they are merged.
const MAX_CASES: usize = 64;

/// Whether a statement holds in all of the alternatives, each given as (condition, statement). If they differ, the
/// result is unknown and depends on their conditions.
fn in_all(cases: impl IntoIterator<Item = (Truth, Truth)>) -> Truth {
    let mut all: Option<Truth> = None;
    let mut depends = Unknowns::default();
    for (is_so, holds) in cases {
        depends = depends.and(is_so.depends()).and(holds.depends());
        let holds = holds.assuming(&is_so.assumed());
        all = Some(match (all, holds) {
            (None, holds) => holds,
            (Some(Truth::True(a)), Truth::True(b)) => Truth::True(a.and(&b)),
            (Some(Truth::False(a)), Truth::False(b)) => Truth::False(a.and(&b)),
            _ => Truth::Unknown(Unknowns::default()),
        });
    }
    match all {
        Some(Truth::Unknown(_)) | None => Truth::Unknown(depends),
        Some(decided) => decided,
    }
}
