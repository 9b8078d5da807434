//! What a `.bicepparam` file gives.

use super::File;
use crate::azure::Cloud;
use crate::azure::names;
use crate::eval::ids::resource_id;
use crate::eval::{Budget, Field, Kind, TermKind, Value};
use crate::lang::Lowered;
use crate::lang::deployment::{self, Given, Inputs, Templates};
use std::rc::Rc;

/// The parameters that a file gives, and what is wrong with how it makes them.
pub(super) fn given<'t>(
    templates: &dyn Templates<'t>,
    file: &File,
    cloud: Cloud,
    budget: &Budget,
) -> (Given, Lowered) {
    let inputs = Inputs { cloud, ..Inputs::default() };
    let template = Rc::new(file.template());
    let mut given = Given { partially_parsed: !file.source.tree().problems().is_empty(), ..Given::default() };
    let lowered = deployment::evaluate(templates, template, &inputs, budget, &mut |frame| {
        for parameter in file.source.parameters.values() {
            let Some(value) = file.template().given(parameter, frame) else { continue };
            let name = Rc::clone(&parameter.name);
            match secret(&value) {
                Some(reference) => {
                    let reference = reference.at(value.place);
                    let key_place = Some(crate::text::Place { file: file.id, span: parameter.span });
                    let entry = Value::record([("reference", reference)]).at(value.place);
                    given.secrets.push(Field { key: Rc::clone(&name), key_place, value: entry });
                    given.give(&name, Value::call("getSecret", vec![Value::text(Rc::clone(&name))]));
                }
                None => given.give(&name, value),
            }
        }
    });
    (given, lowered)
}

/// `getSecret(subscription, group, vault, name)` as the reference that ARM writes.
fn secret(value: &Value) -> Option<Value> {
    let Kind::Term(term) = &value.kind else { return None };
    let TermKind::Call { name, args } = &term.kind else { return None };
    let [subscription, group, vault, secret, ..] = args.as_slice() else { return None };
    if &**name != "getSecret" {
        return None;
    }
    let id = resource_id(subscription, group, names::VAULT, vault);
    let vault = Value::record([("id", id)]);
    Some(Value::record([("keyVault", vault), ("secretName", secret.clone())]))
}
