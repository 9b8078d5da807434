//! Where ids are: what an id may mean is found without looking at all of them.

use super::identity::{self, plain};
use crate::eval::Value;
use crate::sorted::sort;
use std::collections::HashMap;

/// Ids by what is known of them: two that are known are the same when they read alike, and two with different last names
/// are not.
#[derive(Debug, Default)]
pub struct Ids {
    /// Those that are known as a whole, and rest on no default.
    exact: HashMap<String, Vec<usize>>,
    /// Those whose last name is known.
    named: HashMap<String, Vec<usize>>,
    /// Those of them that are not known as a whole.
    vague: HashMap<String, Vec<usize>>,
    open: Vec<usize>,
    len: usize,
}

impl Ids {
    /// All of these, each the one id of something.
    pub fn new<'v>(ids: impl IntoIterator<Item = &'v Value>) -> Self {
        let mut index = Self::default();
        for (at, id) in ids.into_iter().enumerate() {
            index.add(at, id);
        }
        index
    }

    /// Adds an id of something; it may have several.
    pub fn add(&mut self, at: usize, id: &Value) {
        self.len = self.len.max(at + 1);
        let exact = plain(id);
        let Some(name) = identity::known_name(id).map(|name| name.to_ascii_lowercase()) else {
            return self.open.push(at);
        };
        match exact {
            Some(id) => self.exact.entry(id).or_default().push(at),
            None => self.vague.entry(name.clone()).or_default().push(at),
        }
        self.named.entry(name).or_default().push(at);
    }

    /// Adds the one id of what follows.
    pub fn push(&mut self, id: &Value) {
        self.add(self.len, id);
    }

    /// Adds something whose ids are open.
    pub(super) fn add_open(&mut self, at: usize) {
        self.len = self.len.max(at + 1);
        self.open.push(at);
    }

    /// How many of them have to be compared with this one: not those that are known as a whole where it is, too.
    pub(super) fn may_be(&self, id: &Value) -> usize {
        let Some(name) = identity::known_name(id).map(|name| name.to_ascii_lowercase()) else {
            return self.len;
        };
        let alike = if plain(id).is_some() { self.vague.get(&name) } else { self.named.get(&name) };
        alike.map_or(0, Vec::len).saturating_add(self.open.len())
    }

    /// Where an id may be that is the same as this one, in order.
    pub fn candidates(&self, id: &Value) -> Vec<usize> {
        let Some(name) = identity::known_name(id).map(|name| name.to_ascii_lowercase()) else {
            return (0..self.len).collect();
        };
        let known = match plain(id) {
            Some(id) => [self.exact.get(&id), self.vague.get(&name)],
            None => [self.named.get(&name), None],
        };
        let mut found: Vec<usize> =
            known.into_iter().flatten().flatten().chain(&self.open).copied().collect();
        sort(&mut found);
        found.dedup();
        found
    }
}

/// Things by texts that are compared; those with a text that is not plain may match any.
#[derive(Debug, Default)]
pub(super) struct ByText {
    known: HashMap<String, Vec<usize>>,
    open: Vec<usize>,
}

impl ByText {
    /// Adds a thing that matches what has one of these texts; `None` for one that may match anything.
    pub(super) fn add(&mut self, at: usize, texts: Option<Vec<String>>) {
        match texts {
            Some(texts) => texts.into_iter().for_each(|text| self.known.entry(text).or_default().push(at)),
            None => self.open.push(at),
        }
    }

    /// Which of the things before `len` may match, in order.
    pub(super) fn candidates(&self, texts: Option<&[String]>, len: usize) -> Vec<usize> {
        let Some(texts) = texts else { return (0..len).collect() };
        let known = texts.iter().filter_map(|text| self.known.get(text)).flatten();
        let mut found: Vec<usize> = known.chain(&self.open).copied().filter(|at| *at < len).collect();
        sort(&mut found);
        found.dedup();
        found
    }
}
