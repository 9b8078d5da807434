//! What is computed when it is first asked for. Asking for it while it is being computed is a cycle.

use crate::eval::{Budget, Value};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;

/// A value that is computed at most once.
pub(in crate::lang) struct Once<T> {
    value: OnceCell<T>,
    busy: Cell<bool>,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { value: OnceCell::new(), busy: Cell::new(false) }
    }
}

impl<T: Clone> Once<T> {
    pub(in crate::lang) fn get(&self, on_cycle: T, compute: impl FnOnce() -> T) -> T {
        if let Some(known) = self.value.get() {
            return known.clone();
        }
        if self.busy.replace(true) {
            return on_cycle;
        }
        let value = compute();
        self.busy.set(false);
        self.value.get_or_init(|| value).clone()
    }
}

/// Values by name, with case.
#[derive(Default)]
pub(in crate::lang) struct Memo(RefCell<HashMap<String, Entry>>);

enum Entry {
    Pending,
    Done(Option<Value>),
}

impl Memo {
    /// The value of a name; `None` when nothing declares it.
    pub(in crate::lang) fn get(
        &self,
        name: &str,
        budget: &Budget,
        compute: impl FnOnce() -> Option<Value>,
    ) -> Option<Value> {
        match self.0.borrow().get(name) {
            Some(Entry::Done(value)) => return value.clone(),
            Some(Entry::Pending) => return Some(Value::limit("defined by itself")),
            None => {}
        }
        self.0.borrow_mut().insert(name.to_owned(), Entry::Pending);
        let mut found = true;
        let value = budget.nested(|| {
            budget.tolerating(false, compute).unwrap_or_else(|| {
                found = false;
                Value::null()
            })
        });
        let value = found.then_some(value);
        self.0.borrow_mut().insert(name.to_owned(), Entry::Done(value.clone()));
        value
    }
}
