//! What a value rests on.

use crate::sorted::Set;
use std::rc::Rc;

/// Parameters that a value is said to rest on the defaults of: a reader needs no more, and each value that is made of others
/// would have all of theirs.
pub const MAX_ASSUMED: usize = 64;

/// What a value rests on without that being certain: the defaults of parameters, and that a resource is created. Of the
/// names of more than [`MAX_ASSUMED`] parameters the first ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assumptions(Option<Rc<Set<Rc<str>>>>);

/// It is among the names of parameters, none of which is empty, and before them.
const CREATED: &str = "";

impl Assumptions {
    /// Rests on the resource being created: one that exists may have something else.
    pub fn created() -> Self {
        Self::parameter(CREATED)
    }

    /// Whether it rests on a resource being created.
    pub fn is_created(&self) -> bool {
        self.0.as_ref().is_some_and(|set| set.contains(CREATED))
    }

    /// Rests on the default of this parameter.
    pub fn parameter(name: &str) -> Self {
        Self(Some(Rc::new(Set::from(vec![Rc::from(name)]))))
    }

    /// Whether what has these holds for every input.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Without the assumption that the resource is created.
    #[must_use]
    pub fn without_created(&self) -> Self {
        let mut rest = self.clone();
        if let Some(set) = rest.0.as_mut().filter(|set| set.contains(CREATED)) {
            let names: Vec<Rc<str>> = set.iter().filter(|name| &***name != CREATED).cloned().collect();
            rest.0 = (!names.is_empty()).then(|| Rc::new(Set::from(names)));
        }
        rest
    }

    /// The number of different assumptions, with that of a resource being created.
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |set| set.len())
    }

    /// The assumptions of what rests on both.
    #[must_use]
    pub fn and(&self, other: &Assumptions) -> Self {
        match (&self.0, &other.0) {
            (None, _) => other.clone(),
            (_, None) => self.clone(),
            (Some(a), Some(b)) if Rc::ptr_eq(a, b) || a.is_superset(b) => self.clone(),
            (Some(a), Some(b)) => {
                let mut all = a.union(b);
                all.truncate(MAX_ASSUMED);
                if all == **a { self.clone() } else { Self(Some(Rc::new(all))) }
            }
        }
    }

    /// Rests on all of these. They are joined by halves: one after the other would copy what there is each time.
    pub fn all<'s>(sets: impl IntoIterator<Item = &'s Assumptions>) -> Self {
        let mut sets: Vec<Assumptions> = sets.into_iter().filter(|set| !set.is_empty()).cloned().collect();
        while sets.len() > 1 {
            let join = |pair: &[Assumptions]| pair.iter().fold(Self::default(), |all, set| all.and(set));
            sets = sets.chunks(2).map(join).collect();
        }
        sets.pop().unwrap_or_default()
    }

    /// The names of the parameters, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|set| set.iter().map(AsRef::as_ref)).filter(|name| *name != CREATED)
    }
}
