//! Three-valued truth with reasons: what holds, under which assumed defaults, or on what it depends.

use super::value::Assumptions;
use crate::sorted::Set;
use std::rc::Rc;

/// More unknowns than this are not listed, because no reader needs them.
const MAX_DEPENDS: usize = 16;

/// The unknowns an open question depends on, by normal form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unknowns(Option<Rc<Set<String>>>);

impl Unknowns {
    /// This one alone, by its normal form.
    pub fn of(unknown: impl Into<String>) -> Self {
        Self(Some(Rc::new(Set::from(vec![unknown.into()]))))
    }

    /// Adds one by its normal form, unless there are [`MAX_DEPENDS`] already.
    pub fn add(&mut self, unknown: String) {
        if !self.is_full() {
            Rc::make_mut(self.0.get_or_insert_default()).insert(unknown);
        }
    }

    /// Whether the list is as long as it gets.
    pub fn is_full(&self) -> bool {
        self.0.as_ref().is_some_and(|set| set.len() >= MAX_DEPENDS)
    }

    /// Those of both, the first [`MAX_DEPENDS`] in order.
    #[must_use]
    pub fn and(self, other: Unknowns) -> Self {
        match (&self.0, &other.0) {
            (None, _) => other,
            (_, None) => self,
            // Most questions that are put together depend on the same, and there are many.
            (Some(a), Some(b)) if Rc::ptr_eq(a, b) || a.is_superset(b) => self,
            (Some(a), Some(b)) => {
                let mut all = a.union(b);
                all.truncate(MAX_DEPENDS);
                Self(Some(Rc::new(all)))
            }
        }
    }

    /// The normal forms, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|set| set.iter().map(String::as_str))
    }
}

/// Whether a statement about a template holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds, under these assumptions.
    True(Assumptions),
    /// It does not hold, under these assumptions.
    False(Assumptions),
    /// Open: it depends on these.
    Unknown(Unknowns),
}

impl Truth {
    /// True or false for every input.
    pub fn of(value: bool) -> Self {
        if value { Self::True(Assumptions::default()) } else { Self::False(Assumptions::default()) }
    }

    /// Whether it holds, under assumptions or without.
    pub fn is_true(&self) -> bool {
        matches!(self, Self::True(_))
    }

    /// Whether it does not hold, under assumptions or without.
    pub fn is_false(&self) -> bool {
        matches!(self, Self::False(_))
    }

    /// Whether the files leave it open.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Both hold. What is false under fewer assumptions is the reason.
    #[must_use]
    pub fn and(self, other: Truth) -> Truth {
        use Truth::{False, True, Unknown};
        match (self, other) {
            (False(a), False(b)) => False(fewer(a, b)),
            (False(a), _) | (_, False(a)) => False(a),
            (True(a), True(b)) => True(a.and(&b)),
            (Unknown(a), Unknown(b)) => Unknown(a.and(b)),
            (Unknown(a), True(_)) | (True(_), Unknown(a)) => Unknown(a),
        }
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Truth) -> Truth {
        self.negate().and(other.negate()).negate()
    }

    /// It does not hold.
    #[must_use]
    pub fn negate(self) -> Truth {
        match self {
            Self::True(assumed) => Self::False(assumed),
            Self::False(assumed) => Self::True(assumed),
            unknown @ Self::Unknown(_) => unknown,
        }
    }

    /// The same, resting on more assumptions.
    #[must_use]
    pub fn assuming(self, more: &Assumptions) -> Truth {
        if more.is_empty() {
            return self;
        }
        match self {
            Self::True(assumed) => Self::True(assumed.and(more)),
            Self::False(assumed) => Self::False(assumed.and(more)),
            unknown @ Self::Unknown(_) => unknown,
        }
    }

    /// What holds when `then` is so under this, and `otherwise` without it: also decided where this is open and both
    /// agree.
    #[must_use]
    pub fn choose(self, then: Truth, otherwise: Truth) -> Truth {
        match (self, then, otherwise) {
            (Self::True(assumed), then, _) => then.assuming(&assumed),
            (Self::False(assumed), _, otherwise) => otherwise.assuming(&assumed),
            (Self::Unknown(_), Self::True(a), Self::True(b)) => Self::True(a.and(&b)),
            (Self::Unknown(_), Self::False(a), Self::False(b)) => Self::False(a.and(&b)),
            (Self::Unknown(depends), then, otherwise) => {
                Self::Unknown(depends.and(then.depends()).and(otherwise.depends()))
            }
        }
    }

    /// The same without the assumption that the resource is created, for questions where an existing resource has the same answer.
    #[must_use]
    pub fn of_any_age(self) -> Truth {
        match self {
            Self::True(assumed) => Self::True(assumed.without_created()),
            Self::False(assumed) => Self::False(assumed.without_created()),
            unknown @ Self::Unknown(_) => unknown,
        }
    }

    /// The defaults a decided statement rests on.
    pub fn assumed(&self) -> Assumptions {
        match self {
            Self::True(assumed) | Self::False(assumed) => assumed.clone(),
            Self::Unknown(_) => Assumptions::default(),
        }
    }

    /// What an open statement depends on; nothing for one that is decided.
    pub fn depends(&self) -> Unknowns {
        match self {
            Self::Unknown(depends) => depends.clone(),
            _ => Unknowns::default(),
        }
    }
}

fn fewer(a: Assumptions, b: Assumptions) -> Assumptions {
    if b.len() < a.len() { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::super::value::MAX_ASSUMED;
    use super::*;

    fn all() -> [Truth; 3] {
        [Truth::of(true), Truth::of(false), Truth::Unknown(Unknowns::of("x"))]
    }

    #[test]
    fn conjunction_is_decided_by_one_false_side() {
        for t in all() {
            assert!(t.clone().and(Truth::of(false)).is_false());
            assert_eq!(t.clone().and(Truth::of(true)), t);
            assert!(t.clone().or(Truth::of(true)).is_true());
            assert_eq!(t.clone().or(Truth::of(false)), t);
        }
    }

    #[test]
    fn the_side_with_fewer_assumptions_is_the_reason() {
        let assumed = Truth::True(Assumptions::parameter("p"));
        assert_eq!(assumed.clone().or(Truth::of(true)), Truth::of(true));
        assert_eq!(assumed.clone().and(Truth::of(true)), assumed);
    }

    #[test]
    fn of_many_defaults_the_first_names_are_kept() {
        let of = |count: usize| {
            let each = (0..count).map(|at| Assumptions::parameter(&format!("p{at:05}")));
            each.rev().fold(Assumptions::created(), |all, one| all.and(&one))
        };
        assert_eq!(of(10).names().count(), 10);
        let many = of(20_000);
        assert!(many.is_created());
        assert_eq!(many.len(), MAX_ASSUMED);
        assert!(many.names().eq((0..MAX_ASSUMED - 1).map(|at| format!("p{at:05}"))));
        // More of them make no new list.
        assert_eq!(many.and(&Assumptions::parameter("q")), many);
    }
}
