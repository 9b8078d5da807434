//! What `terraform show -json` prints of a plan or a state (F7.20), and the file of a state itself (F7.24). What is only known after an apply is what the
//! configuration beside it refers to, where that is a resource, and unknown otherwise.

use super::{azapi, azurerm, expansion, kept, origin, strangers};
use crate::eval::functions::Context;
use crate::eval::{Budget, Field, Kind, Value};
use crate::lang::source::{File, literal, member, object};
use crate::lang::{Lowered, Provider, Resource};
use crate::syntax::json::{Node, Object};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Modules nest, and references lead on, at most this deep.
const MAX_DEPTH: usize = 24;
/// More resources than this are not read.
const MAX_RESOURCES: usize = 20_000;

/// Whether a document is a plan or a state.
pub(super) fn is_plan(root: &Object) -> bool {
    let has = |key| member(root, key).is_some_and(|node| object(node).is_some());
    member(root, "terraform_version").is_some()
        && (is_state_file(root)
            || member(root, "format_version").is_some() && (has("planned_values") || has("values")))
}

/// Whether a document is the file that Terraform keeps a state in.
fn is_state_file(root: &Object) -> bool {
    let is_list = |key| matches!(member(root, key), Some(Node::Array(_)));
    let version = member(root, "version");
    matches!(version, Some(Node::NumberLit(number)) if number.value == "4") && is_list("resources")
}

/// The resources of a plan or a state.
pub(super) fn lower_plan(file: &File) -> Lowered {
    let mut lowered = Lowered { partially_parsed: !file.parsed.lost.is_empty(), ..Lowered::default() };
    let Some(root) = file.parsed.root.as_ref().and_then(object) else { return lowered };
    let part = |key: &str| member(root, key).map(|node| literal(file, node)).unwrap_or_default();
    let mut plan = Plan {
        configuration: part("configuration").get("root_module"),
        context: Context {
            subscription: Value::property(Value::call("subscription", Vec::new()), "subscriptionId"),
            resource_group: Value::null(),
        },
        planned: Vec::new(),
        places: HashMap::new(),
        known: RefCell::default(),
    };
    let mut unknown: HashMap<String, Unknown> = HashMap::new();
    for change in part("resource_changes").as_array().unwrap_or_default() {
        if let Some(address) = change.get("address").as_text() {
            let creates = change.path(&["change", "actions"]);
            let creates = creates.elements().any_is(&|action| action.is_word("create")).is_true();
            let after = change.path(&["change", "after_unknown"]);
            unknown.insert(address.to_owned(), Unknown { values: after, creates });
        }
    }
    // What was read before is listed with the state.
    plan.module(&part("prior_state").path(&["values", "root_module"]), &mut unknown, true, 0);
    for key in ["planned_values", "values"] {
        plan.module(&part(key).get("root_module"), &mut unknown, false, 0);
    }
    if is_state_file(root) {
        plan.state(&part("resources"));
    }
    for (at, planned) in plan.planned.iter().enumerate() {
        let is_known = azurerm::is_known(&planned.kind);
        let is_azapi = planned.kind.starts_with("azapi_") && !planned.is_data;
        if !is_known && !is_azapi && (planned.is_data || !strangers::may_call(&planned.kind)) {
            continue;
        }
        let value = plan.value(at, 0);
        let lowered_as = match is_known {
            true => azurerm::lower(&planned.kind, &value, planned.is_data),
            false if is_azapi => azapi::lower(&planned.kind, &value),
            false => strangers::lower(&planned.kind, &value)
                .into_iter()
                .filter(|arm| arm.is_about_vaults() || arm.has_identity(&planned.kind))
                .collect(),
        };
        for arm in lowered_as {
            let place = planned.values.place.unwrap_or_default();
            lowered.resources.push(Resource {
                kind: arm.kind,
                address: planned.address.clone(),
                name: arm.name,
                id: arm.id,
                api_version: arm.api_version,
                body: arm.body,
                referenced: planned.is_data,
                condition: arm.condition,
                repeated: false,
                partially_parsed: false,
                only_created: false,
                made_as: None,
                place: arm.place.unwrap_or(place),
                provider: Some(Rc::new(Provider {
                    kind: Rc::from(&*planned.kind),
                    // A plan does not print which configuration a copy has.
                    chosen_by_copy: true,
                    ..Provider::default()
                })),
            });
        }
    }
    let configured = part("configuration").get("provider_config");
    let providers = configured.as_object().map(|object| object.fields()).unwrap_or_default();
    let of_azure = providers.iter().filter(|field| {
        let name = field.value.get("name");
        ["azurerm", "azapi"].iter().any(|known| name.is_word(known).is_true())
    });
    let environment = |of: &Field| of.value.path(&["expressions", "environment", "constant_value"]);
    lowered.clouds = of_azure.filter_map(|field| expansion::cloud_of_provider(&environment(field))).collect();
    super::overlay::apply(&mut lowered.resources, &Budget::default());
    lowered
}

struct Planned {
    address: String,
    /// The path of modules before its own address: `module.a["x"].`.
    module: String,
    kind: String,
    /// `type.name`, or `data.type.name`.
    local: String,
    values: Value,
    unknown: Unknown,
    is_data: bool,
}

/// What a plan does not show of a resource.
#[derive(Default)]
struct Unknown {
    values: Value,
    /// Whether the plan creates it.
    creates: bool,
}

/// What references are read for: one copy of a resource, or of a call.
#[derive(Default)]
struct Copy {
    /// The path of the module that it is in.
    module: String,
    /// Its key as an address has it: `["a"]`, or nothing.
    key: String,
    /// What it is made for each of.
    each: Value,
}

struct Plan {
    configuration: Value,
    context: Context,
    planned: Vec<Planned>,
    /// By module path and local address, and by whole address.
    places: HashMap<String, usize>,
    known: RefCell<HashMap<usize, Value>>,
}

impl Plan {
    fn module(
        &mut self,
        module: &Value,
        unknown: &mut HashMap<String, Unknown>,
        only_data: bool,
        depth: usize,
    ) {
        if depth > MAX_DEPTH {
            return;
        }
        for resource in module.get("resources").as_array().unwrap_or_default() {
            let text = |key: &str| resource.get(key).as_text().unwrap_or_default().to_owned();
            let (address, kind, name) = (text("address"), text("type"), text("name"));
            let is_data = text("mode") == "data";
            if only_data && !is_data {
                continue;
            }
            let values = Value { anchor: resource.get("address").place, ..resource.get("values") };
            let unknown = unknown.remove(&address).unwrap_or_default();
            self.add(address, kind, &name, is_data, values, unknown);
        }
        for child in module.get("child_modules").as_array().unwrap_or_default() {
            self.module(child, unknown, only_data, depth + 1);
        }
    }

    fn add(
        &mut self,
        address: String,
        kind: String,
        name: &str,
        is_data: bool,
        values: Value,
        unknown: Unknown,
    ) {
        if self.planned.len() > MAX_RESOURCES || self.places.contains_key(&address) {
            return;
        }
        let local = origin::local(&kind, name, is_data);
        let (_, at) = origin::modules(&address);
        let module = address.get(..at).unwrap_or_default().to_owned();
        self.places.entry(format!("{module}{local}")).or_insert(self.planned.len());
        self.places.insert(address.clone(), self.planned.len());
        self.planned.push(Planned { address, module, kind, local, values, unknown, is_data });
    }

    /// The resources of a state's file: each with its copies, under the path of its module (F7.24).
    fn state(&mut self, resources: &Value) {
        for resource in resources.as_array().unwrap_or_default() {
            let text = |key: &str| resource.get(key).as_text().unwrap_or_default().to_owned();
            let (module, kind, name) = (text("module"), text("type"), text("name"));
            let is_data = text("mode") == "data";
            let local = origin::local(&kind, &name, is_data);
            let path = if module.is_empty() { local } else { format!("{module}.{local}") };
            let copies = resource.get("instances");
            // What is deposed is replaced already, and waits to be deleted.
            let current = |copy: &&Value| copy.get("deposed").is_null();
            for copy in copies.as_array().unwrap_or_default().iter().filter(current) {
                let key = copy.get("index_key");
                let key = match key.as_text() {
                    Some(key) => format!("[{key:?}]"),
                    None => key.as_int().map_or_else(String::new, |key| format!("[{key}]")),
                };
                let fields = copy.as_object().map(|object| object.fields()).unwrap_or_default();
                let Some(attributes) = fields.iter().find(|field| &*field.key == "attributes") else {
                    continue;
                };
                let values = Value { anchor: attributes.key_place, ..without_types(&attributes.value) };
                self.add(format!("{path}{key}"), kind.clone(), &name, is_data, values, Unknown::default());
            }
        }
    }

    /// A resource as references see it.
    fn value(&self, at: usize, depth: usize) -> Value {
        if let Some(known) = self.known.borrow().get(&at) {
            return known.clone();
        }
        let Some(planned) = self.planned.get(at) else { return Value::null() };
        let of = Value::named(&planned.address);
        if depth > MAX_DEPTH {
            return of;
        }
        let configured = self.configured(&planned.module).map_or_else(Value::null, |module| {
            let is_it = |resource: &&Value| {
                let address = resource.get("address");
                address.as_text() == Some(planned.local.as_str())
            };
            let resources = module.get("resources");
            resources.as_array().and_then(|all| all.iter().find(is_it).cloned()).unwrap_or_default()
        });
        let whole = Value::partial(of.clone(), Value::null());
        let own = planned.module.len() + planned.local.len();
        let copy = Copy {
            module: planned.module.clone(),
            key: planned.address.get(own..).unwrap_or_default().to_owned(),
            each: configured.get("for_each_expression"),
        };
        let expressions = configured.get("expressions");
        // What Azure fills in and no author writes is not there when the resource is created.
        let mut unknown = planned.unknown.values.clone();
        for argument in kept::absent_when_created(&planned.kind) {
            if planned.unknown.creates && expressions.get(argument).is_null() && !configured.is_null() {
                unknown = kept::with(&unknown, &[argument], Value::bool(false));
            }
        }
        let filled = self.filled(&planned.values, &unknown, &expressions, &copy, &whole, depth);
        let value = match planned.kind.starts_with("azapi_") {
            true => azapi::completed(&planned.kind, of, filled),
            false => azurerm::completed(&planned.kind, of, filled, planned.is_data, &self.context),
        };
        self.known.borrow_mut().insert(at, value.clone());
        value
    }

    /// Values with what is unknown among them as what it refers to.
    fn filled(
        &self,
        values: &Value,
        unknown: &Value,
        expression: &Value,
        copy: &Copy,
        of: &Value,
        depth: usize,
    ) -> Value {
        if depth > MAX_DEPTH {
            return values.clone();
        }
        match (&unknown.kind, &values.kind) {
            (Kind::Bool(true), _) => {
                self.referred(expression, (0, 1), copy, depth).unwrap_or_else(|| of.clone())
            }
            (Kind::Object(inner), Kind::Object(object)) => {
                let mut fields = object.fields().to_vec();
                for field in inner.fields() {
                    let key = &*field.key;
                    // An id is made of what is known of the resource.
                    if key == "id" || matches!(field.value.kind, Kind::Bool(false)) {
                        continue;
                    }
                    let old = values.get(key);
                    let of = Value::property(of.clone(), key);
                    let own = expression.get(key);
                    let ids = match (field.value.as_bool(), key) {
                        (Some(_), key) if key.ends_with("_ids") => self.all_referred(&own, copy, depth),
                        (Some(_), key) if key.ends_with("_id") => self.id_of_twin(&own, copy, depth),
                        _ => None,
                    };
                    let value = match ids {
                        Some(ids) => ids,
                        None => self.filled(&old, &field.value, &own, copy, &of, depth + 1),
                    };
                    let place = values.place;
                    fields.retain(|known| known.key != field.key);
                    fields.push(Field {
                        key: field.key.clone(),
                        key_place: old.place,
                        value: value.or_at(place),
                    });
                }
                fields.retain(|field| !(&*field.key == "id" && field.value.is_null()));
                Value { anchor: values.anchor, ..Value::object(fields).at(values.place) }
            }
            (Kind::Array(inner), _) => {
                let items = values.as_array().unwrap_or_default();
                let count = inner.items().len();
                let made = inner.items().iter().enumerate().map(|(at, unknown)| {
                    let old = items.get(at).cloned().unwrap_or_default();
                    let own = expression
                        .as_array()
                        .map(|all| all.get(at).or(all.first()).cloned().unwrap_or_default());
                    let of =
                        Value::call("index", vec![of.clone(), Value::int(i64::try_from(at).unwrap_or(0))]);
                    match (own, unknown.as_bool()) {
                        (None, Some(true)) => {
                            self.referred(expression, (at, count), copy, depth).unwrap_or_else(|| of.clone())
                        }
                        (own, _) => {
                            let own = own.unwrap_or_else(|| expression.clone());
                            self.filled(&old, unknown, &own, copy, &of, depth + 1)
                        }
                    }
                });
                Value { anchor: values.anchor, ..Value::array(made.collect()).at(values.place) }
            }
            _ => values.clone(),
        }
    }

    /// The list of all that an expression refers to, where those are ids: it has no other form in a plan.
    fn all_referred(&self, expression: &Value, copy: &Copy, depth: usize) -> Option<Value> {
        let references = expression.get("references");
        let ids = references.as_array()?.iter().filter_map(Value::as_text);
        let ids = ids.filter(|reference| reference.ends_with("id") && !reference.starts_with("each."));
        let ids: Option<Vec<Value>> = ids.map(|id| self.reference(id, copy, depth + 1)).collect();
        // One that is a list already stays one.
        let ids = ids.filter(|ids| !ids.is_empty() && ids.iter().all(|id| id.as_array().is_none()))?;
        Some(Value::array(ids))
    }

    /// What an expression leads to, by its references to something with a value of its own: the only one, or the one at a
    /// place of a list that has as many. Which of others is meant, a plan does not show.
    fn referred(
        &self,
        expression: &Value,
        (at, count): (usize, usize),
        copy: &Copy,
        depth: usize,
    ) -> Option<Value> {
        let references = expression.get("references");
        let references = longest(&references);
        let is_made = |reference: &&str| {
            !["var.", "local.", "each.", "count."].iter().any(|root| reference.starts_with(root))
        };
        let made: Vec<&str> = references.iter().copied().filter(is_made).collect();
        let of = if made.is_empty() { references.as_slice() } else { made.as_slice() };
        let reference = match of {
            [only] => only,
            all if all.len() == count => all.get(at)?,
            _ => return None,
        };
        self.reference(reference, copy, depth + 1)
    }

    /// The id of the copy of another resource with the same key.
    fn id_of_twin(&self, expression: &Value, copy: &Copy, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        let references = expression.get("references");
        match longest(&references).as_slice() {
            [whole, "each.key" | "count.index"] | ["each.key" | "count.index", whole] => {
                self.twin(whole, copy).map(|at| self.value(at, depth + 1).get("id"))
            }
            [only] => {
                let (caller, expression) = self.argument(only.strip_prefix("var.")?, copy)?;
                self.id_of_twin(&expression, &caller, depth + 1)
            }
            _ => None,
        }
    }

    /// What the call of a module gives a variable, and the copy of the call.
    fn argument(&self, variable: &str, copy: &Copy) -> Option<(Copy, Value)> {
        let (parent, call, key) = split_module(&copy.module)?;
        let call = self.configured(&parent)?.get("module_calls").get(&call);
        let expression = call.get("expressions").get(first_word(variable));
        Some((Copy { module: parent, key, each: call.get("for_each_expression") }, expression))
    }

    fn reference(&self, reference: &str, copy: &Copy, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        let module = &copy.module;
        if let Some(name) = reference.strip_prefix("var.") {
            let (caller, expression) = self.argument(name, copy)?;
            return self.referred(&expression, (0, 1), &caller, depth);
        }
        if let Some(attribute) = reference.strip_prefix("each.value.") {
            // The loop is over the copies of another resource.
            let references = copy.each.get("references");
            let [over] = references.as_array()? else { return None };
            return Some(self.value(self.twin(over.as_text()?, copy)?, depth).get(attribute));
        }
        if let Some(rest) = reference.strip_prefix("module.") {
            let (call, output) = rest.rsplit_once('.')?;
            let inner = format!("{module}module.{call}.");
            let outputs = self.configured(&inner)?.get("outputs");
            let expression = outputs.path(&[output, "expression"]);
            let inner = Copy { module: inner, ..Copy::default() };
            return self.referred(&expression, (0, 1), &inner, depth);
        }
        let (resource, attribute) = reference.rsplit_once('.')?;
        let at = self.places.get(&format!("{module}{resource}"))?;
        Some(self.value(*at, depth).get(attribute))
    }

    /// The copy of a resource that has the same key: what `[each.key]` and `[count.index]` behind it mean, of which a plan
    /// shows no more.
    fn twin(&self, resource: &str, copy: &Copy) -> Option<usize> {
        let is_copy = !copy.key.is_empty();
        self.places.get(&format!("{}{resource}{}", copy.module, copy.key)).copied().filter(|_| is_copy)
    }

    /// The configuration of the module with that path.
    fn configured(&self, module: &str) -> Option<Value> {
        let mut found = self.configuration.clone();
        for name in origin::modules(module).0 {
            found = found.path(&["module_calls", name, "module"]);
        }
        found.as_object().is_some().then_some(found)
    }
}

/// Attributes of any type, such as `body` of azapi, are written with their type (F7.24).
fn without_types(attributes: &Value) -> Value {
    let Some(object) = attributes.as_object() else { return attributes.clone() };
    let fields = object.fields().iter().map(|field| {
        let typed = field.value.as_object().map(|of| of.fields()).unwrap_or_default();
        let is_typed =
            typed.len() == 2 && ["value", "type"].iter().all(|key| typed.iter().any(|of| &*of.key == *key));
        let value = if is_typed { field.value.get("value") } else { field.value.clone() };
        Field { value, ..field.clone() }
    });
    Value::object(fields.collect()).at(attributes.place)
}

/// The references of an expression without the shorter one of its resource that is behind each.
fn longest(references: &Value) -> Vec<&str> {
    let all: Vec<&str> =
        references.as_array().unwrap_or_default().iter().filter_map(Value::as_text).collect();
    let is_longest = |of: &&str| !all.iter().any(|other| other.len() > of.len() && other.starts_with(*of));
    all.iter().copied().filter(is_longest).collect()
}

fn first_word(text: &str) -> &str {
    text.split(['.', '[']).next().unwrap_or_default()
}

/// The path of the calling module, and the name of the call with its key.
fn split_module(path: &str) -> Option<(String, String, String)> {
    let names = origin::names(path);
    let [.., (at, "module"), (start, name)] = names.as_slice() else { return None };
    let key = path.get(start + name.len()..)?.trim_end_matches('.');
    Some((path.get(..*at)?.to_owned(), (*name).to_owned(), key.to_owned()))
}
