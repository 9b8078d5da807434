//! What the files do not show and may be there all the same.
//!
//! A request is judged twice: first as if only what is in the files existed, which is the outcome; then, where that
//! refuses it, as if more may be there. What the second answer depends on is what could change the first.

use crate::eval::{Truth, Unknowns};
use serde::Serialize;
use std::cell::RefCell;

/// Something outside of the files that would change a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// What, in words.
    pub what: String,
    /// What kind of thing.
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
    /// Under which condition it lets a caller in, for the end of a sentence.
    pub const fn condition(self) -> &'static str {
        match self {
            Self::EndpointOutside => "an endpoint outside of these files leads there",
            Self::ZoneLinkOutside => "a zone or a record outside of these files leads there",
            Self::RuleOutside => "a rule outside of these files admits it",
            Self::PermissionOutside => "a permission outside of these files admits it",
        }
    }
}

/// Which things exist.
#[derive(Debug)]
pub(super) enum Inventory {
    /// Those in the files.
    Files,
    /// More, for all that is known; with those that somebody asked for.
    AtLarge(RefCell<Vec<Outside>>),
}

impl Inventory {
    pub(super) const fn at_large() -> Self {
        Self::AtLarge(RefCell::new(Vec::new()))
    }

    /// Whether there is something that the files do not show: not where only they count.
    pub(super) fn has(&self, kind: OutsideKind, there: Truth) -> Truth {
        match (self, there) {
            (Self::Files, Truth::Unknown(_)) => Truth::of(false),
            (Self::AtLarge(asked), Truth::Unknown(depends)) => {
                let mut asked = asked.borrow_mut();
                for what in depends.names() {
                    if asked.iter().all(|known| known.what != what) {
                        asked.push(Outside { what: what.to_owned(), kind });
                    }
                }
                Truth::Unknown(depends)
            }
            (_, decided) => decided,
        }
    }

    /// What was asked for that these unknowns name.
    pub(super) fn named_in(self, depends: &Unknowns) -> Vec<Outside> {
        let Self::AtLarge(asked) = self else { return Vec::new() };
        let mut asked = asked.into_inner();
        // A list of unknowns has an end, at which these may have been left out.
        if !depends.is_full() {
            asked.retain(|outside| depends.names().any(|name| name == outside.what));
        }
        asked
    }
}
