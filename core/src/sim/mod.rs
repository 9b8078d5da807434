//! The simulator: what becomes of one request, and of the name it begins with.
//!
//! `caller` says who asks and from where, `dns` what the vault's name is to them, `route` whether a private address can
//! be reached, `access` what the gates of the vault say, `remedy` what would let them in.

pub mod access;
pub mod additions;
pub mod caller;
pub mod dns;
mod outside;
pub mod plan;
mod remedy;
mod route;

pub use access::{Decision, Via, explain, passes_public_gates};
pub(crate) use caller::is_named;
pub use caller::{Caller, NetworkView, Origin, Source, SubnetSource, View, callers};
pub use dns::{Answer, Hop, HopKind, Resolution, resolve};
pub use outside::{Outside, OutsideKind};
pub use plan::{Plan, plan};

use crate::eval::{Assumptions, Truth, Unknowns};
use crate::lang::Change;
use crate::text::Place;
use outside::Inventory;
use serde::Serialize;

/// One thing that was asked on the way, in the order in which it is asked.
#[derive(Clone, Debug)]
pub struct Step {
    /// What was asked.
    pub gate: Gate,
    /// What came of it.
    pub verdict: Verdict,
    /// Why, in one line.
    pub because: String,
    /// The facts about Azure it rests on.
    pub facts: &'static [&'static str],
    /// What was written that decided it.
    pub place: Option<Place>,
}

/// What is asked on the way to a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// Where the name leads.
    NameResolution,
    /// Whether the security group of the caller's subnet lets the call out.
    SourceSecurityGroup,
    /// Whether the network of the endpoint can be reached, and where the routes of the caller's subnet take the call.
    Route,
    /// Whether the firewall that the routes lead to lets the call pass.
    Firewall,
    /// Whether the private endpoint carries traffic to this vault.
    PrivateEndpoint,
    /// Whether the security group of the endpoint's subnet lets it pass.
    SecurityGroup,
    /// The rules of a network security perimeter.
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
    /// Its name in reports.
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

/// What came of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It lets the request in.
    Allows,
    /// It refuses the request.
    Denies,
    /// It leaves the matter to the next one.
    Continues,
    /// It is not asked on this path.
    Skipped,
    /// It depends.
    Open,
}

impl Verdict {
    /// One of three, by what holds.
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
    /// What it does, as an order.
    pub title: String,
    /// The changes to the model.
    pub changes: Vec<Change>,
}

/// Something that is so in one of several possible situations: in the first of them whose condition holds.
#[derive(Clone, Debug)]
pub struct When<T> {
    /// Whether it is so.
    pub holds: Truth,
    /// The defaults that this rests on, also where it is open whether it is so.
    pub assumed: Assumptions,
    /// What.
    pub what: T,
}

impl<T> When<T> {
    fn new(holds: Truth, what: T) -> Self {
        Self { assumed: holds.assumed(), holds, what }
    }
}

/// More possible situations than these are not told apart.
const MAX_CASES: usize = 64;

/// What holds in all of these situations, of which one is given. Open where they differ, on what tells them apart.
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
