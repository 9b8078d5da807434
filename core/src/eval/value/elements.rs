//! Lists, of which it may be open what is in them.

use super::{Assumptions, Kind, MAX_DEPTH, MAX_ELEMENTS, TermKind, Value};
use crate::eval::meter;
use crate::eval::truth::{Truth, Unknowns};

/// A list, seen through choices and joins.
#[derive(Clone, Debug, Default)]
pub struct Elements {
    /// The elements that can be seen.
    pub items: Vec<Element>,
    /// Set when there may be others, with what that depends on.
    pub open: Option<Unknowns>,
    /// The defaults that the list rests on.
    pub assumed: Assumptions,
}

/// One element of a list.
#[derive(Clone, Debug)]
pub struct Element {
    /// What the element is, if it is in the list.
    pub value: Value,
    /// Whether it is in the list.
    pub present: Truth,
}

impl Value {
    /// The elements of this as a list, with what may or may not be among them.
    pub fn elements(&self) -> Elements {
        let mut elements = Elements::default();
        self.collect_elements(&Truth::of(true), &mut elements, 0);
        elements
    }

    /// Whether this is a list of more than `limit` elements.
    pub fn is_longer_than(&self, limit: usize) -> Truth {
        let longer = self.test(&|list| {
            let elements = list.elements();
            if elements.sure().count() > limit {
                Some(true)
            } else if elements.open.is_none() && elements.items.len() <= limit {
                Some(false)
            } else {
                None
            }
        });
        self.elements().sure().fold(longer, |longer, assumed| longer.assuming(assumed))
    }

    fn collect_elements(&self, present: &Truth, into: &mut Elements, depth: u16) {
        let present = &present.clone().assuming(&self.assumed);
        into.assumed = into.assumed.and(&self.assumed);
        if depth > MAX_DEPTH {
            into.open_on(Unknowns::of("list too large"));
            return;
        }
        match &self.kind {
            Kind::Array(array) => {
                let room = MAX_ELEMENTS.saturating_sub(into.items.len());
                if array.items.len() > room {
                    into.open_on(Unknowns::of("list too large"));
                }
                meter::count(array.items.len().min(room) * meter::ELEMENT);
                for item in array.items.iter().take(room) {
                    let value = item.clone().part_of(self, None);
                    let value = if value.place.is_none() { value.standing(self) } else { value };
                    into.items.push(Element { value, present: present.clone() });
                }
            }
            Kind::Choice(choice) => {
                let when = Truth::Unknown(choice.condition.depends());
                let when = present.clone().and(when);
                choice.then.collect_elements(&when, into, depth + 1);
                choice.otherwise.collect_elements(&when, into, depth + 1);
            }
            Kind::Term(term) => match &term.kind {
                TermKind::Call { name, args } if matches!(&**name, "concat" | "union") => {
                    for arg in args {
                        arg.collect_elements(present, into, depth + 1);
                    }
                }
                _ => into.open_on(self.depends()),
            },
            _ => {}
        }
    }
}

impl Elements {
    fn open_on(&mut self, depends: Unknowns) {
        self.open = Some(self.open.take().unwrap_or_default().and(depends));
    }

    /// What each element that is surely in the list rests on.
    pub fn sure(&self) -> impl Iterator<Item = &Assumptions> {
        self.items.iter().filter_map(|item| match &item.present {
            Truth::True(assumed) => Some(assumed),
            _ => None,
        })
    }

    /// Whether there is at least one element.
    pub fn any(&self) -> Truth {
        self.any_is(&|_| Truth::of(true))
    }

    /// Whether there is an element of which this holds. That there is none rests on what the list rests on.
    pub fn any_is(&self, holds: &dyn Fn(&Value) -> Truth) -> Truth {
        let mut any = Truth::of(false).assuming(&self.assumed);
        for item in &self.items {
            any = any.or(item.present.clone().and(holds(&item.value)));
        }
        match &self.open {
            Some(depends) => any.or(Truth::Unknown(depends.clone())),
            None => any,
        }
    }
}
