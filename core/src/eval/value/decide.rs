//! Statements about a value, and what the answer depends on.

use super::{Kind, MAX_CASES, TermKind, Value};
use crate::eval::truth::{Truth, Unknowns};
use std::collections::HashMap;
use std::rc::Rc;

impl Value {
    /// Whether two values are equal: `None` when that is open. Text compares with case, as ARM's `equals` does.
    pub fn same(&self, other: &Value) -> Option<bool> {
        match (&self.kind, &other.kind) {
            (Kind::Null, Kind::Null) => Some(true),
            (Kind::Bool(a), Kind::Bool(b)) => Some(a == b),
            (Kind::Int(a), Kind::Int(b)) => Some(a == b),
            (Kind::Decimal(a), Kind::Decimal(b)) | (Kind::Text(a), Kind::Text(b)) => Some(a == b),
            (Kind::Array(a), Kind::Array(b)) => {
                if Rc::ptr_eq(a, b) {
                    return Some(true);
                }
                if a.items.len() != b.items.len() {
                    return Some(false);
                }
                all_same(a.items.iter().zip(&b.items).map(|(a, b)| a.same(b)))
            }
            (Kind::Object(a), Kind::Object(b)) => {
                if Rc::ptr_eq(a, b) {
                    return Some(true);
                }
                if a.fields.len() != b.fields.len() {
                    return Some(false);
                }
                // Comparing every name with every other would take too long on large objects.
                let names: HashMap<String, &Value> =
                    b.fields.iter().map(|field| (field.key.to_ascii_lowercase(), &field.value)).collect();
                all_same(a.fields.iter().map(|field| match names.get(&field.key.to_ascii_lowercase()) {
                    Some(other) => field.value.same(other),
                    None => Some(false),
                }))
            }
            (Kind::Term(a), Kind::Term(b)) => {
                if Rc::ptr_eq(a, b) || (a.size == b.size && self.normal() == other.normal()) {
                    Some(true)
                } else {
                    None
                }
            }
            (Kind::Choice(a), Kind::Choice(b)) => {
                let equal = a.condition.same(&b.condition) == Some(true)
                    && a.then.same(&b.then) == Some(true)
                    && a.otherwise.same(&b.otherwise) == Some(true);
                equal.then_some(true)
            }
            (Kind::Term(_) | Kind::Choice(_), _) | (_, Kind::Term(_) | Kind::Choice(_)) => None,
            _ => Some(false),
        }
    }

    /// Three-valued test of a leaf predicate over every value this may have: branches of choices and allowed
    /// values of parameters. The predicate says `None` for what it cannot decide.
    pub fn test(&self, predicate: &dyn Fn(&Value) -> Option<bool>) -> Truth {
        let truth = match &self.kind {
            Kind::Choice(choice) => {
                if self.branches() > MAX_CASES {
                    return Truth::Unknown(self.depends());
                }
                let then = choice.then.test(predicate);
                let otherwise = choice.otherwise.test(predicate);
                match (&then, &otherwise) {
                    (Truth::True(a), Truth::True(b)) => Truth::True(a.and(b)),
                    (Truth::False(a), Truth::False(b)) => Truth::False(a.and(b)),
                    _ => Truth::Unknown(
                        choice.condition.depends().and(then.depends()).and(otherwise.depends()),
                    ),
                }
            }
            Kind::Term(term) => match predicate(self) {
                Some(decided) => Truth::of(decided),
                None => match &term.kind {
                    TermKind::Parameter { allowed, .. }
                        if !allowed.is_empty() && allowed.len() <= MAX_CASES =>
                    {
                        let mut verdicts = allowed.iter().map(predicate);
                        let first = verdicts.next().flatten();
                        match first {
                            Some(first) if verdicts.all(|verdict| verdict == Some(first)) => Truth::of(first),
                            _ => Truth::Unknown(self.depends()),
                        }
                    }
                    _ => Truth::Unknown(self.depends()),
                },
            },
            _ => predicate(self).map_or_else(|| Truth::Unknown(self.depends()), Truth::of),
        };
        truth.assuming(&self.assumed)
    }

    /// Whether this is set to something: not null. `{}` is something; see the model for where it is not.
    pub fn is_set(&self) -> Truth {
        self.test(&|value| match &value.kind {
            // Text with holes is text, whatever fills them.
            Kind::Term(term) => matches!(term.kind, TermKind::Text(_)).then_some(true),
            Kind::Choice(_) => None,
            _ => Some(!value.is_null()),
        })
    }

    /// Whether this is that word, without case: enums of the resource providers are compared so (F1.21).
    pub fn is_word(&self, word: &str) -> Truth {
        self.test(&|value| match &value.kind {
            Kind::Text(text) => Some(text.eq_ignore_ascii_case(word)),
            Kind::Term(_) => None,
            _ => Some(false),
        })
    }

    /// Whether this is that word, or not set.
    pub fn is_word_or_unset(&self, word: &str) -> Truth {
        self.test(&|value| match &value.kind {
            Kind::Null => Some(true),
            Kind::Text(text) => Some(text.eq_ignore_ascii_case(word)),
            Kind::Term(_) => None,
            _ => Some(false),
        })
    }

    /// Whether this is `true`.
    pub fn is_true(&self) -> Truth {
        self.test(&|value| match &value.kind {
            Kind::Bool(flag) => Some(*flag),
            Kind::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Kind::Term(_) => None,
            _ => Some(false),
        })
    }

    /// Whether this is set, and not `true`.
    pub fn is_false(&self) -> Truth {
        self.test(&|value| match &value.kind {
            Kind::Null => Some(false),
            Kind::Bool(flag) => Some(!flag),
            Kind::Text(text) => Some(!text.eq_ignore_ascii_case("true")),
            Kind::Term(_) => None,
            _ => Some(true),
        })
    }

    /// What an open value depends on: the unknowns it is made of.
    pub fn depends(&self) -> Unknowns {
        let mut found = Unknowns::default();
        self.collect_depends(&mut found);
        found
    }

    fn collect_depends(&self, found: &mut Unknowns) {
        if found.is_full() {
            return;
        }
        match &self.kind {
            Kind::Array(array) => array.items.iter().for_each(|item| item.collect_depends(found)),
            Kind::Object(object) => {
                object.fields.iter().for_each(|field| field.value.collect_depends(found));
            }
            Kind::Term(term) => match &term.kind {
                TermKind::Text(parts) => parts.iter().for_each(|part| part.collect_depends(found)),
                TermKind::Partial { of, .. } => of.collect_depends(found),
                // Which turn of a loop it is decides nothing; what is looped over does.
                TermKind::Local(_) => {}
                TermKind::Call { name, args }
                    if args.iter().any(|arg| !arg.is_closed()) && !is_generated(name) =>
                {
                    args.iter().for_each(|arg| arg.collect_depends(found));
                }
                TermKind::Property { of, .. } if matches!(&of.kind, Kind::Term(t) if matches!(t.kind, TermKind::Parameter { .. })) =>
                {
                    found.add(self.normal());
                }
                _ => found.add(self.normal()),
            },
            Kind::Choice(choice) => {
                choice.condition.collect_depends(found);
                choice.then.collect_depends(found);
                choice.otherwise.collect_depends(found);
            }
            _ => {}
        }
    }
}

/// Functions whose result Azure makes: an open argument is not what decides them.
fn is_generated(name: &str) -> bool {
    name.eq_ignore_ascii_case("reference")
        || name.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("list"))
}

fn all_same(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for verdict in verdicts {
        match verdict {
            Some(false) => return Some(false),
            None => all = None,
            Some(true) => {}
        }
    }
    all
}
