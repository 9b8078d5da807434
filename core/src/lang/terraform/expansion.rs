//! One expansion: modules with their calls, resources with their copies, everything computed when it is first asked for.

use super::config::{self, Declared, Module};
use super::convert::like;
use super::scope::{Frame, Literals};
use super::{File, Files, Inputs, azapi, azurerm, body, kept, origin, overlay, strangers, summary, types};
use crate::azure::Cloud;
use crate::eval::functions::{self, Context};
use crate::eval::{Assumptions, Budget, Field, Kind, TermKind, Value};
use crate::lang::deployment::both;
use crate::lang::notes::{MAX_LISTED, Notes};
use crate::lang::once::{Memo, Once};
use crate::lang::{Lowered, Problem, ProblemKind, Provider, Resource, Unread};
use crate::sorted::{Set, sort_by};
use crate::syntax::expression::Expr;
use crate::syntax::hcl::symbols;
use crate::text::{FileId, Place, Span};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::ops::Deref;
use std::rc::Rc;

/// Modules call one another at most this deep.
const MAX_CALLS: usize = 16;
/// More resources than this are not expanded.
const MAX_RESOURCES: usize = 20_000;
/// More copies of one resource or module than this are not expanded.
const MAX_COPIES: i64 = 1_000;
/// Modules in one expansion.
const MAX_UNITS: usize = 2_000;
const TOO_MANY_UNITS: &str = "there are too many modules";
/// Steps that a copy of a resource, a module or a block costs before anything of it is evaluated: it takes memory of its
/// own.
pub(super) const COPY_STEPS: u64 = 10;
/// Steps that an element of a resource costs that is not written for it: to evaluate a list that many share costs nothing,
/// but each of them has its own properties and is looked at by every rule.
const ELEMENT_STEPS: u64 = 24;
/// Elements that a resource has in any case.
const FREE_ELEMENTS: usize = 64;
/// Bytes of text in which an element is written.
const WRITTEN_BYTES: usize = 16;

pub(super) fn lower(files: &Files, path: &str, inputs: &Inputs) -> Lowered {
    let expansion = Expansion::new(files, inputs);
    let mut resources = Vec::new();
    let mut place = Place::default();
    let mut parameters = Vec::new();
    if let Some(module) = expansion.module(path) {
        place = module.place;
        parameters.extend(module.variables.keys().map(|name| Rc::from(*name)));
        let root = Unit { id: 0, partially_parsed: module.partially_parsed, module, ..Unit::default() };
        expansion.units.borrow_mut().push(Rc::new(root));
        expansion.collect(0, &mut resources);
    }
    overlay::apply(&mut resources, &expansion.budget);
    let outputs = expansion.given_back();
    let clouds = expansion.clouds();
    Lowered { resources, outputs, parameters, clouds, ..expansion.finish(place) }
}

/// The values that a file of variables gives.
pub(super) fn literals(file: &File) -> Vec<(Rc<str>, Value)> {
    // As much as literals of that length need: nothing in such a file repeats itself.
    let scope = Literals::new(file, Budget::of(file.text.len() as u64 * 2 + 1_000));
    let attributes = file.source.body.attributes.iter();
    attributes.map(|attribute| (Rc::clone(&attribute.name), scope.evaluate(&attribute.value))).collect()
}

/// The cloud that `environment` of a provider names, with the defaults that this rests on.
pub(super) fn cloud_of_provider(environment: &Value) -> Option<(Cloud, Assumptions)> {
    Some((Cloud::of_provider(environment.as_text()?)?, environment.assumed.clone()))
}

/// Everything one expansion shares.
pub(super) struct Expansion<'w, 'a> {
    pub(super) files: &'w Files<'a>,
    pub(super) inputs: &'w Inputs,
    pub(super) budget: Budget,
    pub(super) context: Context,
    modules: RefCell<HashMap<String, Option<Rc<Module<'a>>>>>,
    /// They refer to one another by index, so that nothing keeps itself alive.
    units: RefCell<Vec<Rc<Unit<'a>>>>,
    problems: RefCell<Set<Problem>>,
    pub(super) notes: Notes,
    /// Set where a module from elsewhere is not here, so that what it declares is unknown.
    hides: Cell<bool>,
    /// The directories of the modules that were downloaded, by the names of the calls that lead to them.
    downloads: OnceCell<HashMap<String, String>>,
    /// How often a function was called that never gives the same twice.
    calls: Cell<i64>,
    /// Defaults of variables by the directory of their module and their name, as their types have them.
    defaults: RefCell<HashMap<(String, String), Value>>,
    /// The resources of which a copy was evaluated, by where they are declared.
    begun: RefCell<HashSet<(FileId, u32)>>,
}

/// A module as one call of it sees it.
#[derive(Default)]
pub(super) struct Unit<'a> {
    pub(super) id: usize,
    pub(super) module: Rc<Module<'a>>,
    caller: Option<Caller<'a>>,
    /// What is before the addresses in it: `module.kv["a"].`.
    pub(super) prefix: String,
    /// Whether it is there.
    present: Value,
    repeated: bool,
    pub(super) partially_parsed: bool,
    variables: Memo,
    locals: Memo,
    outputs: Memo,
    copies: RefCell<HashMap<String, Rc<Copies<Rc<Copy<'a>>>>>>,
    calls: RefCell<HashMap<String, Rc<Copies<Called>>>>,
    /// Values that many expressions share, by what they are of: all copies of a resource or module as one, the outputs of
    /// one copy, an argument that all copies of a module are given.
    shared: RefCell<HashMap<String, Value>>,
    /// What is made before a resource, by its address.
    before: RefCell<HashMap<String, Rc<[String]>>>,
    /// Whether a resource that no table reads may call a vault, by its address.
    calling: RefCell<HashMap<String, bool>>,
}

impl Unit<'_> {
    /// Whether it is there; a root is.
    fn presence(&self) -> Value {
        if self.caller.is_none() { Value::bool(true) } else { self.present.clone() }
    }
}

struct Caller<'a> {
    unit: usize,
    call: Declared<'a>,
    turn: Turn,
}

/// All copies of a resource or a module.
pub(super) struct Copies<T> {
    all: Vec<T>,
    keys: Keys,
}

impl<T> Default for Copies<T> {
    fn default() -> Self {
        Self { all: Vec::new(), keys: Keys::default() }
    }
}

impl<T> Deref for Copies<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.all
    }
}

/// One copy of a module that is called.
#[derive(Clone)]
struct Called {
    turn: Turn,
    /// As Terraform prints it, with the modules around it and its key: `module.hub[0].module.vault`.
    address: String,
    /// The module, if it is here.
    unit: Option<usize>,
}

/// One copy of a resource.
pub(super) struct Copy<'a> {
    pub(super) unit: usize,
    pub(super) declared: Declared<'a>,
    /// `type.name` or `data.type.name`.
    local: String,
    /// With the path of modules and the key.
    pub(super) address: String,
    pub(super) turn: Turn,
    value: Once<Value>,
    seen: Once<Value>,
}

impl Copy<'_> {
    /// The provider's type: `azurerm_key_vault`.
    pub(super) fn kind(&self) -> &str {
        self.declared.label(0)
    }

    pub(super) fn is_data(&self) -> bool {
        self.local.starts_with("data.")
    }
}

/// One turn of `count` or `for_each`, or the only one.
#[derive(Clone, Default)]
pub(super) struct Turn {
    /// `count.index` or `each.key`; nothing without a loop.
    pub(super) key: Option<Value>,
    /// `each.value`.
    pub(super) value: Value,
    /// Whether it is made.
    pub(super) present: Value,
    /// Set when this represents any number of turns.
    pub(super) repeated: bool,
}

impl Turn {
    fn index(&self) -> String {
        match &self.key {
            None => String::new(),
            Some(_) if self.repeated => "[*]".to_owned(),
            Some(key) => match key.as_text() {
                Some(text) => format!("[\"{text}\"]"),
                None => format!("[{}]", key.normal()),
            },
        }
    }
}

impl<'w, 'a> Expansion<'w, 'a> {
    fn new(files: &'w Files<'a>, inputs: &'w Inputs) -> Self {
        let subscription = Value::property(Value::call("subscription", Vec::new()), "subscriptionId");
        Self {
            files,
            inputs,
            budget: Budget::default(),
            context: Context { subscription, resource_group: Value::null() },
            modules: RefCell::default(),
            units: RefCell::default(),
            problems: RefCell::default(),
            notes: Notes::default(),
            hides: Cell::default(),
            downloads: OnceCell::default(),
            calls: Cell::default(),
            defaults: RefCell::default(),
            begun: RefCell::default(),
        }
    }

    fn finish(self, place: Place) -> Lowered {
        let is_partially_parsed = self.units.borrow().iter().any(|unit| unit.partially_parsed);
        let partially_parsed = self.inputs.partially_parsed || self.hides.get() || is_partially_parsed;
        let problems = self.problems.into_inner().into_iter().collect();
        Lowered { partially_parsed, ..self.notes.finish(problems, &self.budget, place, "module") }
    }

    pub(super) fn problem(&self, place: Place, kind: ProblemKind, message: String) {
        self.note(Problem::new(place, kind, message));
    }

    pub(super) fn note(&self, problem: Problem) {
        let mut problems = self.problems.borrow_mut();
        if problems.len() < MAX_LISTED {
            problems.insert(problem);
        }
    }

    /// The directory that Terraform runs in.
    pub(super) fn root(&self) -> String {
        self.unit(0).map(|root| root.module.path.clone()).unwrap_or_default()
    }

    /// A number that no other call has.
    pub(super) fn next_call(&self) -> i64 {
        self.calls.set(self.calls.get().saturating_add(1));
        self.calls.get()
    }

    fn module(&self, path: &str) -> Option<Rc<Module<'a>>> {
        if let Some(known) = self.modules.borrow().get(path) {
            return known.clone();
        }
        let mut problems = Vec::new();
        let module = config::module(self.files, path, &mut problems).map(Rc::new);
        for problem in problems {
            self.problem(problem.place, problem.kind, problem.message);
        }
        if let Some(module) = &module {
            module.unresolved(&mut |place, message| {
                self.problem(place, ProblemKind::UnresolvedReference, message);
            });
        }
        self.modules.borrow_mut().insert(path.to_owned(), module.clone());
        module
    }

    fn unit(&self, id: usize) -> Option<Rc<Unit<'a>>> {
        self.units.borrow().get(id).cloned()
    }

    fn frame(&'w self, unit: &Rc<Unit<'a>>, file: &'a File<'a>) -> Frame<'w, 'a> {
        Frame::new(self, Rc::clone(unit), file)
    }

    /// The clouds that the providers of the root module are configured for.
    fn clouds(&'w self) -> Vec<(Cloud, Assumptions)> {
        let Some(root) = self.unit(0) else { return Vec::new() };
        let environments = root.module.providers.iter().filter_map(|(file, block)| {
            Some(self.frame(&root, file).evaluate(block.body.value("environment")?))
        });
        environments.filter_map(|value| cloud_of_provider(&value)).collect()
    }

    // ---- values

    /// A variable as the expressions of a module see it; `None` when nothing declares it.
    pub(super) fn variable(&'w self, unit: &Rc<Unit<'a>>, name: &str) -> Option<Value> {
        let declared = unit.module.variables.get(name)?;
        unit.variables.get(name, &self.budget, || {
            Some(self.read_variable(unit, declared, name).or_at(Some(declared.head())))
        })
    }

    fn read_variable(&'w self, unit: &Rc<Unit<'a>>, declared: &Declared<'a>, name: &str) -> Value {
        let open = || Value::named(&format!("{}var.{name}", unit.prefix));
        let converted = |value: Value| match declared.attribute("type") {
            Some((file, ty)) => types::convert(&value, &ty.value, &self.frame(unit, file)),
            None => value,
        };
        let is_nullable = declared.attribute("nullable").is_none_or(|(_, nullable)| {
            !matches!(nullable.value.kind, crate::syntax::expression::ExprKind::Bool(false))
        });
        let is_taken = |value: &Value| is_nullable || !value.is_null();
        let default = || declared.attribute("default");
        let Some(caller) = &unit.caller else {
            let default = || {
                let (file, default) = default()?;
                Some(self.frame(unit, file).evaluate(&default.value).assuming(&Assumptions::parameter(name)))
            };
            return self.given(name).filter(is_taken).or_else(default).map_or_else(open, converted);
        };
        if let Some(value) = self.passed(caller, name, &is_taken, &converted) {
            return value;
        }
        // What is not passed surely has its default, which is the same in every copy.
        let Some((file, default)) = default() else { return open() };
        let key = (unit.module.path.clone(), name.to_owned());
        if let Some(known) = self.defaults.borrow().get(&key) {
            return known.clone();
        }
        let value = converted(self.frame(unit, file).evaluate(&default.value));
        if self.is_same_everywhere(&default.value, &|_| false) {
            self.defaults.borrow_mut().insert(key, value.clone());
        }
        value
    }

    /// What a call passes for a variable, as its type has it; nothing where it is not passed. All copies of a module share
    /// what does not tell them apart.
    fn passed(
        &'w self,
        caller: &Caller<'a>,
        name: &str,
        is_taken: &dyn Fn(&Value) -> bool,
        converted: &dyn Fn(Value) -> Value,
    ) -> Option<Value> {
        let (file, argument) = caller.call.attribute(name)?;
        let unit = self.unit(caller.unit)?;
        let key = format!("{}={name}", caller.call.label(0));
        if let Some(known) = unit.shared.borrow().get(&key) {
            return Some(known.clone());
        }
        let calls = self.calls.get();
        let value = self.frame(&unit, file).in_turn(&caller.turn).evaluate(&argument.value).passed();
        if !is_taken(&value) {
            return None;
        }
        let value = converted(value);
        let is_of_turn = |symbol: &str| matches!(symbol.split('.').next(), Some("each" | "count"));
        let is_shared = calls == self.calls.get()
            && self.is_same_everywhere(&argument.value, &|symbol| !is_of_turn(symbol));
        if is_shared {
            unit.shared.borrow_mut().insert(key, value.clone());
        }
        Some(value)
    }

    /// Whether an expression names only what is the same in every copy.
    fn is_same_everywhere(&self, expr: &Expr, is_same: &dyn Fn(&str) -> bool) -> bool {
        let mut all = true;
        symbols(expr, &mut |symbol, _| all &= is_same(symbol));
        all
    }

    fn given(&self, name: &str) -> Option<Value> {
        let single = self.inputs.parameters.iter().rev().find(|(given, _)| given == name);
        let from_file = || self.inputs.given.iter().rev().find(|(given, _)| &**given == name);
        single.map(|(_, value)| value.clone()).or_else(|| from_file().map(|(_, value)| value.clone()))
    }

    /// A local value; `None` when nothing declares it.
    pub(super) fn local(&'w self, unit: &Rc<Unit<'a>>, name: &str) -> Option<Value> {
        let (file, attribute) = unit.module.locals.get(name)?;
        unit.locals.get(name, &self.budget, || Some(self.frame(unit, file).evaluate(&attribute.value)))
    }

    fn output(&'w self, id: usize, name: &str) -> Option<Value> {
        let unit = self.unit(id)?;
        let (file, value) = unit.module.outputs.get(name)?.attribute("value")?;
        unit.outputs
            .get(name, &self.budget, || Some(self.frame(&unit, file).evaluate(&value.value).given_back()))
    }

    /// What the modules that are written here give back, each output as a resource of its own.
    fn given_back(&'w self) -> Vec<Resource> {
        let units: Vec<Rc<Unit>> = self.units.borrow().clone();
        let mut all = Vec::new();
        for unit in &units {
            for name in &unit.module.output_names {
                let Some(declared) = unit.module.outputs.get(name) else { continue };
                let is_foreign = |(file, _): (&File, _)| {
                    config::is_downloaded(&file.path) || summary::is_summary(&file.path)
                };
                if declared.first().is_none_or(is_foreign) {
                    continue;
                }
                if !self.budget.spend(1) || all.len() >= MAX_RESOURCES {
                    self.budget.give_up("the module gives back too much");
                    return all;
                }
                let address = format!("{}output.{name}", unit.prefix);
                all.push(Resource {
                    kind: Rc::from("output"),
                    name: Value::text(*name),
                    id: Value::text(&*address),
                    address,
                    api_version: Value::null(),
                    body: self.output(unit.id, name).unwrap_or_default(),
                    referenced: false,
                    condition: unit.presence(),
                    repeated: unit.repeated,
                    partially_parsed: declared.is_partially_parsed(),
                    only_created: false,
                    made_as: None,
                    place: declared.place(),
                    provider: Some(Rc::default()),
                });
            }
        }
        all
    }

    // ---- loops

    /// The turns that `count` or `for_each` makes.
    fn turns(&'w self, unit: &Rc<Unit<'a>>, declared: &Declared<'a>) -> Vec<Turn> {
        if let Some((file, count)) = declared.attribute("count") {
            let count = self.frame(unit, file).evaluate(&count.value);
            return self.counted(&functions::terraform::terraform("tonumber", vec![count]));
        }
        if let Some((file, each)) = declared.attribute("for_each") {
            return self.each(&self.frame(unit, file).evaluate(&each.value));
        }
        vec![Turn { present: Value::bool(true), ..Turn::default() }]
    }

    fn counted(&self, count: &Value) -> Vec<Turn> {
        let any = |present: Value| Turn {
            key: Some(Value::call("count.index", vec![count.clone()])),
            value: Value::null(),
            present,
            repeated: true,
        };
        match most(count) {
            // None by default: it is there when the variable says so.
            Some(0) if !count.assumed.is_empty() => {
                let present = Value::bool(false).assuming(&count.assumed);
                vec![Turn { key: Some(Value::int(0)), ..any(present) }]
            }
            Some(most) if most <= MAX_COPIES => {
                let turn = |at| Turn {
                    key: Some(Value::int(at)),
                    value: Value::null(),
                    present: functions::library("greater", vec![count.clone(), Value::int(at)]),
                    repeated: false,
                };
                let steps = 1 + count.size() as u64 / 64;
                (0..most).take_while(|_| self.budget.spend(steps)).map(turn).collect()
            }
            Some(_) => {
                self.budget.give_up("a resource has too many copies");
                vec![any(Value::bool(true))]
            }
            None => vec![any(Value::bool(true))],
        }
    }

    /// The turns of `for_each` over a map or a set; a `dynamic` block makes the same.
    pub(super) fn each(&self, list: &Value) -> Vec<Turn> {
        let mut entries = Entries::default();
        let present = Value::bool(true).assuming(&list.assumed);
        entries.add_all(list, &present, 0);
        let mut turns = entries.turns;
        if turns.len() > MAX_COPIES as usize {
            self.budget.give_up("a resource has too many copies");
            turns.truncate(MAX_COPIES as usize);
        }
        if turns.is_empty() && !list.assumed.is_empty() {
            turns.push(any_of(list, Value::bool(false).assuming(&list.assumed)));
        }
        if !self.budget.spend(turns.len() as u64) {
            turns.clear();
        }
        turns
    }

    // ---- resources

    /// The copies of a resource; `None` when nothing declares it.
    pub(super) fn copies(&'w self, unit: &Rc<Unit<'a>>, address: &str) -> Option<Rc<Copies<Rc<Copy<'a>>>>> {
        if let Some(known) = unit.copies.borrow().get(address) {
            return Some(Rc::clone(known));
        }
        let declared = unit.module.resources.get(address)?;
        // A loop over itself sees nothing.
        unit.copies.borrow_mut().insert(address.to_owned(), Rc::default());
        let turns = self.turns(unit, declared);
        let keys = Keys::new(&turns);
        let mut all = Vec::with_capacity(turns.len());
        for turn in turns {
            let own = format!("{}{address}{}", unit.prefix, turn.index());
            if !self.budget.spend(COPY_STEPS + own.len() as u64 / 64) {
                break;
            }
            all.push(Rc::new(Copy {
                unit: unit.id,
                declared: declared.clone(),
                local: address.to_owned(),
                address: own,
                turn,
                value: Once::default(),
                seen: Once::default(),
            }));
        }
        let copies = Rc::new(Copies { all, keys });
        unit.copies.borrow_mut().insert(address.to_owned(), Rc::clone(&copies));
        Some(copies)
    }

    /// The value of a copy of a resource in expressions elsewhere. Its id and its name have the place of their use: an edit
    /// there does not rename the resource.
    fn seen(&'w self, copy: &Copy<'a>) -> Value {
        copy.seen.get(Value::limit("defined by itself"), || {
            let value = self.value(copy);
            let Kind::Term(term) = &value.kind else { return value };
            let TermKind::Partial { of, declared } = &term.kind else { return value };
            let Some(object) = declared.as_object() else { return value };
            let fields = object.fields().iter().map(|field| match &*field.key {
                "id" | "name" => {
                    Field { value: Value { place: None, ..field.value.clone() }, ..field.clone() }
                }
                _ if copy.kind().starts_with("azapi_") => field.clone(),
                kind => {
                    let blocks = body::completed(&field.value, &format!("{}.{kind}", copy.address));
                    let is_set = azurerm::is_set(copy.kind(), kind);
                    Field { value: if is_set { blocks.as_set() } else { blocks }, ..field.clone() }
                }
            });
            let declared = self.budget.make(like(declared, fields.collect()));
            Value { place: value.place, ..Value::partial(of.clone(), declared) }
        })
    }

    /// A value that many expressions share, made when it is first asked for. What is asked for while it is being made is
    /// not the whole of it, and is replaced.
    fn shared(&self, unit: &Unit<'a>, key: &str, make: impl FnOnce() -> Value) -> Value {
        if let Some(known) = unit.shared.borrow().get(key) {
            return known.clone();
        }
        let value = self.budget.make(make());
        unit.shared.borrow_mut().insert(key.to_owned(), value.clone());
        value
    }

    /// What a copy of a resource is: what is written, its id, and the rest generated.
    pub(super) fn value(&'w self, copy: &Copy<'a>) -> Value {
        copy.value.get(Value::limit("defined by itself"), || {
            let value = self.budget.nested(|| {
                let of = Value::named(&copy.address);
                let Some(unit) = self.unit(copy.unit) else { return of };
                let mut fields: Vec<Field> = Vec::new();
                for (file, body) in copy.declared.bodies() {
                    let frame = self.frame(&unit, file).in_turn(&copy.turn);
                    fields.extend(body::fields(body, &frame));
                }
                // What an override file says comes last, and counts.
                let mut seen = HashSet::new();
                fields.reverse();
                fields
                    .retain(|field| !body::META.contains(&&*field.key) && seen.insert(Rc::clone(&field.key)));
                fields.reverse();
                let written = Value {
                    anchor: Some(copy.declared.head()),
                    ..Value::object(fields).at(Some(copy.declared.place()))
                };
                match copy.kind() {
                    kind if kind.starts_with("azapi_") => azapi::completed(kind, of, written),
                    kind => azurerm::completed(kind, of, written, copy.is_data(), &self.context),
                }
            });
            let elements = body::elements(&value).saturating_sub(self.free_elements(&copy.declared));
            self.budget.spend(elements as u64 * ELEMENT_STEPS);
            self.budget.keep(value)
        })
    }

    /// The elements that a copy has without paying: what its block writes out counts for the first copy.
    fn free_elements(&self, declared: &Declared<'a>) -> usize {
        let place = declared.place();
        let is_first = self.begun.borrow_mut().insert((place.file, place.span.start));
        let written = (place.span.end - place.span.start) as usize / WRITTEN_BYTES;
        if is_first { FREE_ELEMENTS + written } else { FREE_ELEMENTS }
    }

    /// A resource without an index: one object, a list or a map of them.
    pub(super) fn whole(&'w self, unit: &Rc<Unit<'a>>, address: &str) -> Option<Value> {
        let copies = self.copies(unit, address)?;
        let open = || Value::named(&format!("{}{address}", unit.prefix));
        if copies.is_empty() {
            return Some(gathered(Vec::new(), open));
        }
        Some(self.shared(unit, address, || {
            gathered(copies.iter().map(|copy| (copy.turn.clone(), self.seen(copy))).collect(), open)
        }))
    }

    /// The copy of a resource with an index; null when there is none.
    pub(super) fn indexed(&'w self, unit: &Rc<Unit<'a>>, address: &str, index: &Value) -> Option<Value> {
        let copies = self.copies(unit, address)?;
        Some(match copies.keys.chosen(index) {
            Chosen::One(at) => copies.get(at).map_or_else(Value::null, |copy| self.seen(copy)),
            Chosen::Nothing => Value::null(),
            Chosen::Open => {
                Value::call("index", vec![Value::named(&format!("{}{address}", unit.prefix)), index.clone()])
            }
        })
    }

    // ---- modules

    fn called(&'w self, unit: &Rc<Unit<'a>>, name: &str) -> Option<Rc<Copies<Called>>> {
        if let Some(known) = unit.calls.borrow().get(name) {
            return Some(Rc::clone(known));
        }
        let call = unit.module.calls.get(name)?;
        unit.calls.borrow_mut().insert(name.to_owned(), Rc::default());
        let module = self.called_module(unit, call, name);
        let mut turns = self.turns(unit, call);
        if module.is_some() && self.has_all_units() && turns.len() > 1 {
            self.budget.give_up(TOO_MANY_UNITS);
            let any = Turn {
                key: Some(Value::call("count.index", Vec::new())),
                present: Value::bool(true),
                repeated: true,
                ..Turn::default()
            };
            turns = vec![any];
        }
        let keys = Keys::new(&turns);
        let mut all = Vec::with_capacity(turns.len());
        for turn in turns {
            let address = format!("{}module.{name}{}", unit.prefix, turn.index());
            if !self.budget.spend(COPY_STEPS + address.len() as u64 / 64) {
                break;
            }
            let made = module.as_ref().and_then(|module| self.add(unit, call, module, &address, &turn));
            all.push(Called { turn, address, unit: made });
        }
        let called = Rc::new(Copies { all, keys });
        unit.calls.borrow_mut().insert(name.to_owned(), Rc::clone(&called));
        Some(called)
    }

    fn has_all_units(&self) -> bool {
        self.units.borrow().len() >= MAX_UNITS
    }

    fn add(
        &self,
        unit: &Rc<Unit<'a>>,
        call: &Declared<'a>,
        module: &Rc<Module<'a>>,
        address: &str,
        turn: &Turn,
    ) -> Option<usize> {
        let mut units = self.units.borrow_mut();
        if units.len() >= MAX_UNITS {
            self.budget.give_up(TOO_MANY_UNITS);
            return None;
        }
        let id = units.len();
        let present = if unit.caller.is_none() { Value::bool(true) } else { unit.present.clone() };
        units.push(Rc::new(Unit {
            id,
            module: Rc::clone(module),
            caller: Some(Caller { unit: unit.id, call: call.clone(), turn: turn.clone() }),
            prefix: format!("{address}."),
            present: both(present, turn.present.clone()),
            repeated: unit.repeated || turn.repeated,
            partially_parsed: module.partially_parsed,
            ..Unit::default()
        }));
        Some(id)
    }

    /// The module that a call means, if it is here.
    fn called_module(&self, unit: &Rc<Unit<'a>>, call: &Declared<'a>, name: &str) -> Option<Rc<Module<'a>>> {
        let (file, source) = call.attribute("source")?;
        let place = file.place(source.value.span);
        let written = config::source(&source.value)?;
        let local = config::local_source(&unit.module.path, written);
        let path = match &local {
            Some(path) => path.clone(),
            None => self.elsewhere(unit, call, name)?,
        };
        let mut depth = 0;
        let mut above = Some(unit.id);
        while let Some(next) = above.and_then(|id| self.unit(id)) {
            depth += 1;
            if next.module.path == path {
                let message = format!("module `{written}` is called from inside itself");
                self.problem(place, ProblemKind::InvalidExpression, message);
                return None;
            }
            above = next.caller.as_ref().map(|caller| caller.unit);
        }
        if depth > MAX_CALLS {
            self.budget.give_up("modules are nested too deeply");
            return None;
        }
        let module = self.module(&path);
        match &module {
            Some(_) => self.notes.read(&path),
            None if local.is_some() => {
                // An empty path is the folder that all of them are in, not the root of the machine.
                let folder = if path.is_empty() { "." } else { path.as_str() };
                self.notes.miss(&format!("{folder}/"));
                let message = format!(
                    "the module `{folder}` is not among the checked files, so what it declares is unknown"
                );
                self.problem(place, ProblemKind::UnresolvedModule, message);
            }
            None => {}
        }
        module
    }

    /// The directory of a module from a registry or a repository: where `terraform init` put it, or the one that is
    /// in for it.
    fn elsewhere(&self, unit: &Rc<Unit<'a>>, call: &Declared<'a>, name: &str) -> Option<String> {
        let downloaded = self.downloaded(unit, name);
        if let Some(path) = &downloaded
            && self.files.directory(path).is_some()
        {
            return downloaded;
        }
        let wanted = match downloaded {
            Some(path) => Some(format!("{path}/")),
            None => self.list().filter(|list| (self.files.text)(list).is_none()),
        };
        if let Some(wanted) = wanted {
            self.notes.summarize(&wanted);
        }
        let summary = call.first().map(|(file, block)| summary::path(file.id, block.head));
        let summary = summary.filter(|path| self.files.directory(path).is_some());
        if summary.is_none() {
            self.hides.set(true);
        }
        summary
    }

    /// The list that `terraform init` writes of what it downloads.
    fn list(&self) -> Option<String> {
        Some(config::below(&self.unit(0)?.module.path, ".terraform/modules/modules.json"))
    }

    /// Where `terraform init` put a module from elsewhere, if its list (`modules.json`) is among the files.
    fn downloaded(&self, unit: &Rc<Unit<'a>>, name: &str) -> Option<String> {
        let list = self.downloads.get_or_init(|| {
            let text = self.list().and_then(|list| (self.files.text)(&list));
            let read = |text| functions::library("json", vec![Value::text(text)]).get("Modules");
            let pair = |module: &Value| {
                let (key, path) = (module.get("Key"), module.get("Dir"));
                Some((key.as_text()?.to_owned(), path.as_text()?.to_owned()))
            };
            let modules = text.map(read).unwrap_or_default();
            modules.as_array().unwrap_or_default().iter().filter_map(pair).collect()
        });
        let mut key = vec![name.to_owned()];
        let mut above = unit.caller.as_ref();
        let mut of;
        while let Some(caller) = above {
            key.push(caller.call.label(0).to_owned());
            of = self.unit(caller.unit)?;
            above = of.caller.as_ref();
        }
        key.reverse();
        let path = list.get(&key.join("."))?;
        Some(config::below(&self.unit(0)?.module.path, path))
    }

    /// `module.name`, or one of its outputs: with an index, or of the only copy. Nothing where an index is not for a copy.
    pub(super) fn module_value(
        &'w self,
        unit: &Rc<Unit<'a>>,
        name: &str,
        output: Option<&str>,
        index: Option<&Value>,
    ) -> Option<Value> {
        let is_loop = |call: &Declared| ["count", "for_each"].iter().any(|key| call.attribute(key).is_some());
        if index.is_some() && !unit.module.calls.get(name).is_some_and(is_loop) {
            return None;
        }
        let called = self.called(unit, name)?;
        let of = |called: &Called| {
            let whole = Value::named(&called.address);
            match (output, called.unit) {
                (Some(output), Some(id)) => self.output(id, output).unwrap_or_else(|| whole.get(output)),
                (Some(output), None) => whole.get(output),
                (None, Some(id)) => self.shared(unit, &called.address, || {
                    let Some(inner) = self.unit(id) else { return whole };
                    let names = inner.module.output_names.iter();
                    let outputs = names.filter_map(|name| Some((*name, self.output(id, name)?)));
                    Value::partial(whole, self.budget.make(Value::record(outputs)))
                }),
                (None, None) => whole,
            }
        };
        let all = || Value::named(&format!("{}module.{name}", unit.prefix));
        if let Some(index) = index {
            return Some(match called.keys.chosen(index) {
                Chosen::One(at) => called.get(at).map_or_else(Value::null, of),
                Chosen::Nothing => Value::null(),
                Chosen::Open => {
                    let of = Value::call("index", vec![all(), index.clone()]);
                    output.map_or_else(|| of.clone(), |output| of.get(output))
                }
            });
        }
        let open = || output.map_or_else(all, |output| all().get(output));
        if called.is_empty() {
            return Some(gathered(Vec::new(), open));
        }
        let key = format!("module.{name}.{}", output.unwrap_or_default());
        Some(self.shared(unit, &key, || {
            gathered(called.iter().map(|called| (called.turn.clone(), of(called))).collect(), open)
        }))
    }

    // ---- everything

    /// The resources of a module and of those it calls.
    fn collect(&'w self, id: usize, into: &mut Vec<Resource>) {
        let Some(unit) = self.unit(id) else { return };
        for address in &unit.module.addresses {
            let Some(copies) = self.copies(&unit, address) else { continue };
            for copy in copies.iter() {
                if !self.budget.spend(1) || into.len() > MAX_RESOURCES {
                    self.budget.give_up("the module expands to too many resources");
                    return;
                }
                self.push(&unit, copy, into);
            }
        }
        for name in &unit.module.call_names {
            let Some(called) = self.called(&unit, name) else { continue };
            for called in called.iter() {
                match called.unit {
                    Some(id) => self.collect(id, into),
                    None => self.leave_unread(&unit, name, called),
                }
            }
        }
    }

    /// Whether a block of the root module imports what exists under an address.
    fn is_imported(&self, address: &str) -> bool {
        let Some(root) = self.unit(0) else { return false };
        let imports = &root.module.imports;
        let names = || origin::names(address).into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        !imports.is_empty() && imports.contains(&names().join("."))
    }

    /// A module that is not here may add something to what is passed to it.
    fn leave_unread(&'w self, unit: &Rc<Unit<'a>>, name: &str, called: &Called) {
        let Some(call) = unit.module.calls.get(name) else { return };
        let mut fields: Vec<Field> = Vec::new();
        for (file, body) in call.bodies() {
            let frame = self.frame(unit, file).in_turn(&called.turn);
            fields.extend(body::fields(body, &frame));
        }
        fields.retain(|field| !matches!(&*field.key, "source" | "version"));
        let arguments = Value::object(fields);
        self.notes.leave_unread(Unread { name: called.address.clone(), arguments });
    }

    /// A list that each copy has for itself; nothing where the steps do not suffice.
    fn paid<T>(&self, list: Vec<T>) -> Vec<T> {
        if self.budget.spend(list.len() as u64) { list } else { Vec::new() }
    }

    fn push(&'w self, unit: &Rc<Unit<'a>>, copy: &Copy<'a>, into: &mut Vec<Resource>) {
        let kind = copy.kind();
        let around = self.around(unit);
        let admits_five = config::all_admit_five(around.iter().map(|module| &**module)) && !copy.is_data();
        let wanted = if admits_five { azurerm::wanted(kind, &self.value(copy)) } else { Vec::new() };
        let lowered = if kind.starts_with("azapi_") {
            azapi::lower(kind, &self.value(copy))
        } else if azurerm::is_known(kind) {
            let mut value = self.value(copy);
            // What that version refuses has no default.
            if around.iter().any(|module| module.requires((5, 0))) {
                value = wanted.iter().fold(value, |value, (name, _)| azurerm::with_open(&value, name));
            }
            azurerm::lower(kind, &value, copy.is_data())
        } else if self.may_call_vault(unit, copy) {
            strangers::lower(kind, &self.value(copy)).into_iter().collect()
        } else {
            return;
        };
        let condition = both(unit.presence(), copy.turn.present.clone());
        let is_vault = kind == "azurerm_key_vault" && !copy.is_data();
        let provider = Rc::new(Provider {
            kind: Rc::from(kind),
            ignores: self.paid(copy.declared.ignores()),
            shows_ignores: true,
            chosen_by_copy: copy.declared.attribute("provider").is_some_and(|(file, chosen)| {
                let span = chosen.value.span;
                file.text.get(span.start as usize..span.end as usize).is_some_and(|text| text.contains('['))
            }),
            contact: if is_vault {
                azurerm::written(&self.value(copy)).get("contact")
            } else {
                Value::null()
            },
            refuses_contact: is_vault && around.iter().any(|module| module.requires(REFUSES_CONTACT)),
            removed: if admits_five { azurerm::removed(kind, &self.value(copy)) } else { Vec::new() },
            wanted,
            after: azurerm::is_in_vault(kind).then(|| self.made_before(unit, copy)),
        });
        let exists = self.is_imported(&copy.address);
        for arm in lowered {
            let body = if copy.is_data() { arm.body } else { kept::marked(kind, arm.body, &arm.id, exists) };
            into.push(Resource {
                kind: arm.kind,
                address: copy.address.clone(),
                name: arm.name,
                id: arm.id,
                api_version: arm.api_version,
                body,
                referenced: copy.is_data(),
                condition: both(condition.clone(), arm.condition),
                repeated: unit.repeated || copy.turn.repeated,
                partially_parsed: copy.declared.is_partially_parsed(),
                only_created: false,
                made_as: None,
                place: arm.place.unwrap_or_else(|| copy.declared.place()),
                provider: Some(Rc::clone(&provider)),
            });
        }
    }
}

/// The version of `azurerm` from which a vault without public access may have no `contact` (F12.6).
const REFUSES_CONTACT: (u32, u32) = (3, 93);

// ---- what may call a vault

impl<'w, 'a> Expansion<'w, 'a> {
    /// Whether a resource that no table reads may call a vault: its text has to do with one, or what it refers to has.
    fn may_call_vault(&'w self, unit: &Rc<Unit<'a>>, copy: &Copy<'a>) -> bool {
        if copy.local.split('.').count() > 2 || !strangers::may_call(copy.kind()) {
            return false;
        }
        if let Some(known) = unit.calling.borrow().get(&copy.local) {
            return *known;
        }
        let may_call = self.leads_to_vault(unit, copy);
        unit.calling.borrow_mut().insert(copy.local.clone(), may_call);
        may_call
    }

    /// Whether its text, or that of what it refers to, has to do with a vault.
    fn leads_to_vault(&'w self, unit: &Rc<Unit<'a>>, copy: &Copy<'a>) -> bool {
        let is_about = |file: &File, span: Span| {
            let text = file.text.get(span.start as usize..span.end as usize);
            text.is_some_and(strangers::is_about_vaults)
        };
        let mut seen: Set<(usize, String)> = Set::default();
        let mut next: Vec<(usize, String)> = Vec::new();
        let mut layers = copy.declared.layers.iter();
        if layers.clone().any(|(file, block)| is_about(file, block.span))
            || strangers::may_be_permitted(copy.kind())
                && layers.any(|(_, block)| block.body.blocks("identity").next().is_some())
        {
            return true;
        }
        copy.declared.symbols(&mut |symbol| next.push((unit.id, symbol.to_owned())));
        while let Some((id, symbol)) = next.pop() {
            if seen.len() > MAX_FOLLOWED || !self.budget.spend(1) || strangers::is_about_vaults(&symbol) {
                return true;
            }
            let Some(unit) = self.unit(id).filter(|_| seen.insert((id, symbol.clone()))) else { continue };
            let mut parts = symbol.split('.');
            let (root, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let found = match root {
                "local" => unit.module.locals.get(name).map(|(file, local)| (id, *file, *local)),
                "var" => match &unit.caller {
                    Some(caller) => {
                        caller.call.attribute(name).map(|(file, passed)| (caller.unit, file, passed))
                    }
                    // What is given from outside may say anything.
                    None => {
                        let value = self.variable(&unit, name).unwrap_or_default();
                        if strangers::is_about_vaults(&value.key()) {
                            return true;
                        }
                        None
                    }
                },
                "module" => {
                    let called = self.called(&unit, name).unwrap_or_default();
                    for (id, inner) in
                        called.iter().filter_map(|called| Some((called.unit?, self.unit(called.unit?)?)))
                    {
                        let output = parts.clone().next().and_then(|output| inner.module.outputs.get(output));
                        if let Some(output) = output {
                            output.symbols(&mut |name| next.push((id, name.to_owned())));
                        }
                    }
                    None
                }
                _ => None,
            };
            if let Some((id, file, attribute)) = found {
                if is_about(file, attribute.value.span) {
                    return true;
                }
                symbols(&attribute.value, &mut |name, _| next.push((id, name.to_owned())));
            }
        }
        false
    }
}

// ---- what is made when

/// Symbols that are followed to find what is made before a resource.
const MAX_FOLLOWED: usize = 5_000;

impl<'a> Expansion<'_, 'a> {
    /// The addresses of what is made before a resource: what it refers to, and what that refers to. A module that is not
    /// here is meant by the beginning of an address.
    fn made_before(&self, unit: &Rc<Unit<'a>>, copy: &Copy<'a>) -> Rc<[String]> {
        if let Some(known) = unit.before.borrow().get(&copy.local) {
            return Rc::clone(known);
        }
        let made: Rc<[String]> = self.find_made_before(unit, copy).into();
        unit.before.borrow_mut().insert(copy.local.clone(), Rc::clone(&made));
        made
    }

    fn find_made_before(&self, unit: &Rc<Unit<'a>>, copy: &Copy<'a>) -> Vec<String> {
        let mut seen: Set<(usize, String)> = Set::default();
        let mut made = Vec::new();
        let mut next: Vec<(usize, String)> = Vec::new();
        copy.declared.symbols(&mut |symbol| next.push((unit.id, symbol.to_owned())));
        self.follow_callers(unit, &mut next);
        while let Some((id, symbol)) = next.pop() {
            if seen.len() > MAX_FOLLOWED || !self.budget.spend(1) || !seen.insert((id, symbol.clone())) {
                continue;
            }
            let Some(unit) = self.unit(id) else { continue };
            let (root, rest) = symbol.split_once('.').unwrap_or((&symbol, ""));
            match root {
                "local" => {
                    if let Some((_, attribute)) = unit.module.locals.get(rest) {
                        symbols(&attribute.value, &mut |name, _| next.push((id, name.to_owned())));
                    }
                }
                "var" => {
                    let passed = unit
                        .caller
                        .as_ref()
                        .and_then(|caller| Some((caller.unit, caller.call.attribute(rest)?.1)));
                    if let Some((caller, argument)) = passed {
                        symbols(&argument.value, &mut |name, _| next.push((caller, name.to_owned())));
                    }
                }
                "module" => {
                    let (name, output) = rest.split_once('.').unwrap_or((rest, ""));
                    let called = unit.calls.borrow().get(name).cloned().unwrap_or_default();
                    for called in called.iter() {
                        let inner = called.unit.and_then(|id| Some((id, self.unit(id)?)));
                        let output = inner
                            .as_ref()
                            .and_then(|(id, inner)| Some((*id, inner.module.outputs.get(output)?)));
                        match output {
                            Some((id, output)) => {
                                output.symbols(&mut |name| next.push((id, name.to_owned())))
                            }
                            None if self.budget.spend(1) => made.push(format!("{}.", called.address)),
                            None => {}
                        }
                    }
                }
                _ => {
                    if let Some(declared) = unit.module.resources.get(&symbol) {
                        made.push(format!("{}{symbol}", unit.prefix));
                        declared.symbols(&mut |name| next.push((id, name.to_owned())));
                    }
                }
            }
        }
        made
    }

    /// What a call comes after, all that is in the module comes after.
    fn follow_callers(&self, unit: &Rc<Unit<'a>>, next: &mut Vec<(usize, String)>) {
        let mut above = Some(Rc::clone(unit));
        while let Some(unit) = above.take() {
            let Some(caller) = &unit.caller else { return };
            if let Some((_, after)) = caller.call.attribute("depends_on") {
                symbols(&after.value, &mut |name, _| next.push((caller.unit, name.to_owned())));
            }
            above = self.unit(caller.unit);
        }
    }

    /// A module and those that call it.
    fn around(&self, unit: &Rc<Unit<'a>>) -> Vec<Rc<Module<'a>>> {
        let mut around = vec![Rc::clone(&unit.module)];
        let mut above = unit.caller.as_ref().map(|caller| caller.unit);
        while let Some(next) = above.and_then(|id| self.unit(id)) {
            around.push(Rc::clone(&next.module));
            above = next.caller.as_ref().map(|caller| caller.unit);
        }
        around
    }
}

/// The largest number of copies, where every possible number is known.
fn most(count: &Value) -> Option<i64> {
    match &count.kind {
        Kind::Int(count) => Some((*count).max(0)),
        Kind::Bool(_) | Kind::Null => Some(0),
        Kind::Choice(choice) => Some(most(&choice.then)?.max(most(&choice.otherwise)?)),
        _ => None,
    }
}

/// A turn that represents any number of them.
fn any_of(list: &Value, present: Value) -> Turn {
    Turn {
        key: Some(Value::call("each.key", vec![list.clone()])),
        value: Value::call("each.value", vec![list.clone()]),
        present,
        repeated: true,
    }
}

/// The entries of a map or a set, each with whether it is there; a few more than may be used at most.
#[derive(Default)]
struct Entries {
    turns: Vec<Turn>,
    /// Where those with a known text for a key are.
    known: HashMap<Rc<str>, usize>,
    /// Where the others are.
    open: Vec<usize>,
}

impl Entries {
    fn is_full(&self) -> bool {
        self.turns.len() > MAX_COPIES as usize
    }

    fn add(&mut self, key: Value, value: Value, present: &Value) {
        let place = match &key.kind {
            Kind::Text(text) => self.known.get(text).copied(),
            _ => self.open.iter().copied().find(|at| {
                let known = self.turns.get(*at).and_then(|turn| turn.key.as_ref());
                known.is_some_and(|known| known.same(&key) == Some(true))
            }),
        };
        match place.and_then(|at| self.turns.get_mut(at)) {
            // It is in both branches of a condition: with the one value or the other.
            Some(turn) => {
                turn.value = Value::choice(present.clone(), value, turn.value.clone());
                turn.present = functions::library("or", vec![turn.present.clone(), present.clone()]);
            }
            None => {
                match &key.kind {
                    Kind::Text(text) => drop(self.known.insert(Rc::clone(text), self.turns.len())),
                    _ => self.open.push(self.turns.len()),
                }
                self.turns.push(Turn { key: Some(key), value, present: present.clone(), repeated: false });
            }
        }
    }

    fn add_all(&mut self, list: &Value, present: &Value, depth: u16) {
        if depth > crate::eval::value::MAX_DEPTH || self.is_full() {
            return;
        }
        match &list.kind {
            Kind::Object(object) => {
                let mut fields: Vec<&Field> = object.fields().iter().collect();
                sort_by(&mut fields, |a, b| a.key.cmp(&b.key));
                for field in fields {
                    if self.is_full() {
                        return;
                    }
                    let key = Value::text(Rc::clone(&field.key)).at(field.key_place);
                    let value = field.value.clone().or_at(field.key_place).part_of(list, field.key_place);
                    self.add(key, value, present);
                }
            }
            Kind::Array(array) => {
                for item in array.items() {
                    if self.is_full() {
                        return;
                    }
                    let item = item.clone().part_of(list, None).assuming(&list.assumed);
                    self.add(item.clone(), item, present);
                }
            }
            Kind::Choice(choice) => {
                let not = functions::library("not", vec![choice.condition.clone()]);
                let (then, otherwise) =
                    (both(present.clone(), choice.condition.clone()), both(present.clone(), not));
                self.add_all(&choice.then, &then, depth + 1);
                self.add_all(&choice.otherwise, &otherwise, depth + 1);
            }
            Kind::Term(term) => match &term.kind {
                TermKind::Call { name, args } if matches!(&**name, "concat" | "union" | "shallowMerge") => {
                    args.iter().for_each(|arg| self.add_all(arg, present, depth + 1));
                }
                _ => {
                    self.open.push(self.turns.len());
                    self.turns.push(any_of(list, present.clone()));
                }
            },
            _ => {}
        }
    }
}

/// Copies as one value: the only one, a list by `count`, a map by `for_each`.
fn gathered(parts: Vec<(Turn, Value)>, open: impl Fn() -> Value) -> Value {
    let is_sure = |turn: &Turn| turn.present.is_true().is_true() && !turn.repeated;
    match parts.as_slice() {
        [] => return Value::array(Vec::new()),
        [(Turn { key: None, .. }, only)] => return only.clone(),
        // None by default.
        [(turn, _)] if turn.present.as_bool() == Some(false) => {
            return Value::array(Vec::new()).assuming(&turn.present.assumed);
        }
        _ => {}
    }
    let whole = |parts: &[(Turn, Value)]| {
        let is_list =
            parts.iter().all(|(turn, _)| turn.key.as_ref().is_some_and(|key| key.as_int().is_some()));
        if is_list {
            return Some(Value::array(parts.iter().map(|(_, value)| value.clone()).collect()));
        }
        let fields = parts.iter().map(|(turn, value)| {
            let key = turn.key.as_ref()?;
            Some(Field { key: Rc::from(key.as_text()?), key_place: None, value: value.clone() })
        });
        fields.collect::<Option<Vec<_>>>().map(Value::object)
    };
    if parts.iter().all(|(turn, _)| is_sure(turn)) {
        let assumed =
            parts.iter().fold(Assumptions::default(), |all, (turn, _)| all.and(&turn.present.assumed));
        return whole(&parts).unwrap_or_else(open).assuming(&assumed);
    }
    // All on one condition.
    match parts.first() {
        Some((first, _))
            if parts
                .iter()
                .all(|(turn, _)| !turn.repeated && turn.present.same(&first.present) == Some(true)) =>
        {
            let none = || Value::array(Vec::new());
            whole(&parts).map_or_else(open, |whole| Value::choice(first.present.clone(), whole, none()))
        }
        _ => open(),
    }
}

enum Chosen {
    One(usize),
    Nothing,
    Open,
}

/// The keys of copies, to find the one that an index means.
#[derive(Default)]
struct Keys {
    known: HashMap<Rc<str>, usize>,
    /// Those that are not known texts, with their places.
    open: Vec<(usize, Value)>,
    /// Set where one copy represents any number of them.
    is_any: bool,
}

impl Keys {
    fn new(turns: &[Turn]) -> Self {
        let is_any = matches!(turns, [turn] if turn.repeated);
        let mut keys = Self { is_any, ..Self::default() };
        for (at, turn) in turns.iter().enumerate() {
            let Some(key) = turn.key.as_ref().map(functions::terraform::to_text) else { continue };
            match &key.kind {
                Kind::Text(text) => {
                    keys.known.entry(Rc::clone(text)).or_insert(at);
                }
                _ => keys.open.push((at, key)),
            }
        }
        keys
    }

    fn chosen(&self, index: &Value) -> Chosen {
        let index = functions::terraform::to_text(index);
        if let Some(at) = index.as_text().and_then(|text| self.known.get(text)) {
            return Chosen::One(*at);
        }
        let mut may_be_one = !index.is_known() && !self.known.is_empty();
        for (at, key) in &self.open {
            match key.same(&index) {
                Some(true) => return Chosen::One(*at),
                Some(false) => {}
                None => may_be_one = true,
            }
        }
        match (may_be_one, self.is_any) {
            (false, _) => Chosen::Nothing,
            (true, true) => Chosen::One(0),
            (true, false) => Chosen::Open,
        }
    }
}
