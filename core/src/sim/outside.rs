//! Resources that may exist outside of the files.
//!
//! A request is evaluated twice: first as if only the resources in the files existed, which is the outcome; then, if
//! the outcome is a refusal, as if others may exist. What the second result depends on could change the first.

use crate::eval::{Truth, Unknowns};
use serde::Serialize;
use std::cell::RefCell;

/// Something outside of the files that would turn a refusal into access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideResource {
    /// A noun phrase, e.g. `a private endpoint outside of the files at 10.0.0.4`.
    pub what: String,
    /// The kind, which determines [`OutsideKind::condition`].
    pub kind: OutsideKind,
}

/// Kinds of things outside of the files that can let a caller in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum OutsideKind {
    /// A private endpoint.
    EndpointOutside,
    /// A link of a private zone, or a record in it.
    ZoneLinkOutside,
    /// A rule of a firewall or a perimeter.
    RuleOutside,
    /// A role assignment or an access policy.
    PermissionOutside,
}

impl OutsideKind {
    /// The condition under which it lets a caller in, for the end of a sentence.
    pub const fn condition(self) -> &'static str {
        match self {
            Self::EndpointOutside => "an endpoint outside of these files leads there",
            Self::ZoneLinkOutside => "a zone or a record outside of these files leads there",
            Self::RuleOutside => "a rule outside of these files admits it",
            Self::PermissionOutside => "a permission outside of these files admits it",
        }
    }
}

/// Which resources are assumed to exist.
#[derive(Debug)]
pub(super) enum Inventory {
    /// Only those in the files.
    Files,
    /// Others may exist too. The list collects those that the evaluation had to take into account.
    AtLarge(RefCell<Vec<OutsideResource>>),
}

impl Inventory {
    pub(super) const fn at_large() -> Self {
        Self::AtLarge(RefCell::new(Vec::new()))
    }

    /// Whether a resource outside of the files exists: unknown values count as false if only the files are assumed.
    pub(super) fn has(&self, kind: OutsideKind, there: Truth) -> Truth {
        match (self, there) {
            (Self::Files, Truth::Unknown(_)) => Truth::of(false),
            (Self::AtLarge(asked), Truth::Unknown(depends)) => {
                let mut asked = asked.borrow_mut();
                for what in depends.names() {
                    if asked.iter().all(|known| known.what != what) {
                        asked.push(OutsideResource { what: what.to_owned(), kind });
                    }
                }
                Truth::Unknown(depends)
            }
            (_, decided) => decided,
        }
    }

    /// The collected resources that `depends` names.
    pub(super) fn named_in(self, depends: &Unknowns) -> Vec<OutsideResource> {
        let Self::AtLarge(asked) = self else { return Vec::new() };
        let mut asked = asked.into_inner();
        // `Unknowns` keeps a limited number of names; once it is full, any of these may be missing from it.
        if !depends.is_full() {
            asked.retain(|outside| depends.names().any(|name| name == outside.what));
        }
        asked
    }
}
