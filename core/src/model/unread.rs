//! Deployments that cannot be read: they may add something to whatever is passed to them.

use super::identity;
use crate::eval::{Truth, Unknowns, Value};
use crate::lang;
use crate::sorted::Set;

/// More of them than this count as if everything were passed to them.
const MAX_PASSED: usize = 200;

/// What is passed to deployments that cannot be read.
#[derive(Clone, Debug, Default)]
pub struct Unread {
    /// The normal forms of what is passed, in lower case, with who it is passed to.
    passed: Vec<(String, String)>,
    /// What a deployment that may get everything makes, in words.
    of_everything: Option<String>,
}

impl Unread {
    /// Remembers what is passed to these.
    pub fn new(all: &[lang::Unread]) -> Self {
        let mut unread = Self::default();
        let mut known = Set::default();
        for one in all {
            match one.arguments.as_object() {
                _ if one.arguments.is_null() => {}
                Some(given) if given.fields().is_empty() => {}
                Some(_) if unread.passed.len() < MAX_PASSED => {
                    let passed = one.arguments.normal().to_ascii_lowercase();
                    if known.insert(passed.clone()) {
                        unread.passed.push((passed, one.name.clone()));
                    }
                }
                _ => unread.add_anything(&deployed_by(&one.name)),
            }
        }
        unread
    }

    /// Something that is not read may be about anything: what that is, in words.
    pub fn add_anything(&mut self, what: &str) {
        self.of_everything.get_or_insert_with(|| what.to_owned());
    }

    /// Whether one of them may deploy something about the resource of an id: false, or unknown.
    pub(super) fn may_be_about(&self, id: &Value) -> Truth {
        if self.passed.is_empty() && self.of_everything.is_none() {
            return Truth::of(false);
        }
        let name = identity::last(id).unwrap_or_else(|| id.clone());
        let name = name.as_text().map_or_else(|| name.normal(), str::to_owned).to_ascii_lowercase();
        let of_it =
            self.passed.iter().find(|(passed, _)| names(passed, &name)).map(|(_, who)| deployed_by(who));
        match of_it.or_else(|| self.of_everything.clone()) {
            Some(what) => Truth::Unknown(Unknowns::of(what)),
            None => Truth::of(false),
        }
    }
}

fn deployed_by(who: &str) -> String {
    format!("what `{who}` deploys")
}

/// Whether a text contains a name, not as a part of another one.
fn names(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let behind = text.get(at + name.len()..).and_then(|behind| behind.chars().next());
        !name.is_empty() && !before.is_some_and(is_part) && !behind.is_some_and(is_part)
    })
}
