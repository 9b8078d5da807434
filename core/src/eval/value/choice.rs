//! Values that depend on a condition: what holds in each of their branches.

use super::{Assumptions, Field, Kind, MAX_CASES, Object, Value};
use std::rc::Rc;

/// Applies a function to arguments of which some are choices: once per combination of branches, up to a bound;
/// beyond it the choices stay arguments.
pub fn distribute(args: &[Value], apply: &dyn Fn(&[Value]) -> Value) -> Value {
    let assumed = args.iter().fold(Assumptions::default(), |all, arg| all.and(&arg.assumed));
    let branches = args.iter().fold(1usize, |n, arg| n.saturating_mul(arg.branches()));
    let result = if branches == 1 || branches > MAX_CASES { apply(args) } else { split(args, apply) };
    result.assuming(&assumed)
}

fn split(args: &[Value], apply: &dyn Fn(&[Value]) -> Value) -> Value {
    let Some(at) = args.iter().position(|arg| matches!(arg.kind, Kind::Choice(_))) else {
        return apply(args);
    };
    let Some(Kind::Choice(choice)) = args.get(at).map(|arg| arg.kind.clone()) else {
        return apply(args);
    };
    // One condition decides all its uses: the other arguments follow it.
    let with = |branch: &Value, holds: bool| {
        let follow = |(other, arg): (usize, &Value)| match other == at {
            true => branch.under(&choice.condition, holds),
            false => arg.under(&choice.condition, holds),
        };
        let args: Vec<Value> = args.iter().enumerate().map(follow).collect();
        split(&args, apply).assuming(&branch.assumed)
    };
    let then = with(&choice.then, true);
    let otherwise = with(&choice.otherwise, false);
    Value::choice(choice.condition.clone(), then, otherwise)
}

impl Value {
    /// What decides between the branches of this.
    pub fn condition(&self) -> Option<&Value> {
        match &self.kind {
            Kind::Choice(choice) => Some(&choice.condition),
            _ => None,
        }
    }

    pub(super) fn branches(&self) -> usize {
        match &self.kind {
            Kind::Choice(choice) => choice.then.branches().saturating_add(choice.otherwise.branches()),
            _ => 1,
        }
    }

    /// The value where a condition is known to hold, or not to.
    pub(super) fn under(&self, condition: &Value, holds: bool) -> Value {
        let Kind::Choice(choice) = &self.kind else { return self.clone() };
        let chosen =
            |branch: &Value| branch.under(condition, holds).assuming(&self.assumed).or_at(self.place);
        if choice.condition.same(condition) == Some(true) {
            return chosen(if holds { &choice.then } else { &choice.otherwise });
        }
        let (then, otherwise) =
            (choice.then.under(condition, holds), choice.otherwise.under(condition, holds));
        let value = Value::choice(choice.condition.clone(), then, otherwise);
        Value { anchor: self.anchor, ..value.assuming(&self.assumed).or_at(self.place) }
    }

    /// This where a condition holds, or where it does not: in every choice that it decides.
    #[must_use]
    pub fn given(&self, condition: &Value, holds: bool) -> Value {
        let given = |value: &Value| value.given(condition, holds);
        let kind = match &self.kind {
            Kind::Choice(choice) => {
                let (then, otherwise) = (given(&choice.then), given(&choice.otherwise));
                let made = match choice.condition.is_alike(condition) {
                    true if holds => then,
                    true => otherwise,
                    false => Value::choice(choice.condition.clone(), then, otherwise),
                };
                return made.or_at(self.place).assuming(&self.assumed);
            }
            Kind::Array(array) if !self.is_closed() => {
                Value::array(array.items.iter().map(given).collect()).kind
            }
            Kind::Object(object) if !self.is_closed() => {
                let fields = object.fields.iter();
                let fields = fields.map(|field| Field { value: given(&field.value), ..field.clone() });
                match Value::object(fields.collect()).kind {
                    Kind::Object(made) if object.completed.is_some() => {
                        let Object { depth, size, .. } = *made;
                        let fields = made.fields.clone();
                        let completed = object.completed.clone();
                        Kind::Object(Rc::new(Object::new(fields, depth, size, completed)))
                    }
                    kind => kind,
                }
            }
            _ => return self.clone(),
        };
        Value { kind, ..self.clone() }
    }
}
