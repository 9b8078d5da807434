//! Where a value is written, and where it is used.

use super::{Assumptions, Used, Value};
use crate::text::Place;
use std::rc::Rc;

impl Value {
    /// The same value, written at `place`.
    #[must_use]
    pub fn at(mut self, place: Option<Place>) -> Self {
        if place.is_some() {
            (self.place, self.used) = (place, None);
        }
        self
    }

    /// The same value, written and used where another one is.
    #[must_use]
    pub fn standing(self, like: &Value) -> Self {
        Self { place: like.place.or(self.place), used: like.used.clone(), ..self }
    }

    /// The same value, used at `here`, where it is also written unless it is known where else.
    #[must_use]
    pub fn used_at(mut self, here: Option<Place>) -> Self {
        let Some(here) = here else { return self };
        match self.place {
            None => self.at(Some(here)),
            Some(place) if here.contains(place) => self,
            Some(_) => {
                if !self.used.as_ref().is_some_and(|used| here.contains(used.at)) {
                    let passed = self.used.as_ref().and_then(|used| used.passed);
                    self.used = Some(Rc::new(Used { at: here, passed }));
                }
                self
            }
        }
    }

    /// The same value as the argument of a module.
    #[must_use]
    pub fn passed(mut self) -> Self {
        let used = self.used.as_deref().copied();
        if let Some(at) = used.map(|used| used.at).or(self.place) {
            let passed = used.and_then(|used| used.passed).or(Some(at));
            self.used = Some(Rc::new(Used { at, passed }));
        }
        self
    }

    /// The same value as a module gives it back: its user is not the one who passed it.
    #[must_use]
    pub fn given_back(mut self) -> Self {
        if let Some(Used { at, passed: Some(_) }) = self.used.as_deref().copied() {
            self.used = Some(Rc::new(Used { at, passed: None }));
        }
        self
    }

    /// The same value as a part of another one, under a key that is at `key`: it is used where the whole is, unless
    /// it is written or used in there.
    #[must_use]
    pub fn part_of(self, whole: &Value, key: Option<Place>) -> Self {
        self.within(whole, || key)
    }

    pub(super) fn within(mut self, whole: &Value, key: impl FnOnce() -> Option<Place>) -> Self {
        let at = |value: &Value| value.used.as_ref().map(|used| used.at).or(value.place);
        let (Some(around), Some(inner)) = (at(whole), at(&self)) else { return self };
        let passed = whole.used.as_ref().and_then(|used| used.passed);
        if !around.contains(inner) {
            let at = key().filter(|key| around.contains(*key)).unwrap_or(around);
            let is_in = passed.zip(self.place).is_some_and(|(passed, place)| passed.contains(place));
            let passed = if is_in { self.place } else { passed };
            self.used = Some(Rc::new(Used { at, passed }));
        }
        self
    }

    /// The same value, written at `place` unless it already has one.
    #[must_use]
    pub fn or_at(self, place: Option<Place>) -> Self {
        if self.place.is_none() { self.at(place) } else { self }
    }

    /// The same value, resting on more assumptions.
    #[must_use]
    pub fn assuming(mut self, assumed: &Assumptions) -> Self {
        if !assumed.is_empty() {
            self.assumed = self.assumed.and(assumed);
        }
        self
    }
}
