//! A Bicep file as a template.

use super::registry;
use super::source::{self, Resource, Source};
use crate::azure::names;
use crate::azure::versions::NEWEST_VAULT;
use crate::eval::evaluator::{element, loop_index};
use crate::eval::functions;
use crate::eval::value::{MAX_TEXT, distribute};
use crate::eval::{Field, Locals, Value};
use crate::lang::deployment::{
    Anchor, Declaration, Frame, Instance, Level, Loop, Nested, Parameter, Target, Template, Where,
    secret_properties,
};
use crate::syntax::bicep::ast::{Type, TypeKind};
use crate::syntax::expression::{Expr, ExprKind};
use crate::text::{FileId, Place, Span};
use std::rc::Rc;

/// Types refer to types at most this far; a longer chain refers to itself.
const MAX_TYPES: usize = 16;

/// A Bicep file as a template.
#[derive(Clone)]
pub struct BicepTemplate {
    file: FileId,
    path: Rc<str>,
    source: Rc<Source>,
    /// Set for what its author does not have, as a built-in summary.
    at: Option<Anchor>,
}

impl BicepTemplate {
    /// The template that a file is.
    pub fn new(file: FileId, path: &str, source: Rc<Source>) -> Self {
        Self { file, path: Rc::from(path), source, at: None }
    }

    /// A template that replaces a module that cannot be read.
    pub(super) fn summary(path: &str, source: Rc<Source>, at: Anchor) -> Self {
        Self { at: Some(at), ..Self::new(at.name.file, path, source) }
    }

    fn place_of(&self, span: Span) -> Place {
        self.at.map_or(Place { file: self.file, span }, |at| at.name)
    }

    /// Where a resource or the whole template is.
    fn declaration(&self, span: Span) -> Place {
        self.at.map_or(Place { file: self.file, span }, |at| at.declaration)
    }

    /// Evaluates an expression of the file; a loop in it is named.
    fn value(&self, expr: &Expr, name: Option<&str>, frame: &Frame<'_, '_>) -> Value {
        let locate = |span| self.place_of(span);
        let partially_parsed = !self.source.tree.problems().is_empty();
        frame.evaluate(expr, name, &Where { locate: &locate, exact: true, partially_parsed })
    }

    /// The path of another file as this one names it.
    fn beside(&self, path: &str) -> String {
        crate::lang::relative(&self.path, path)
    }

    /// The value that a parameter file gives.
    pub(super) fn given(&self, parameter: &source::Parameter, frame: &Frame<'_, '_>) -> Option<Value> {
        Some(self.value(parameter.default.as_ref()?, Some(&parameter.name), frame))
    }

    /// The literals that a type allows; empty when it allows more.
    fn literals(&self, ty: &Type, frame: &Frame<'_, '_>, depth: usize) -> Vec<Value> {
        if depth > MAX_TYPES {
            return Vec::new();
        }
        match &ty.kind {
            TypeKind::Literals(literals) => {
                literals.iter().map(|literal| self.value(literal, None, frame)).collect()
            }
            TypeKind::Named(path) => match path.as_slice() {
                [name] => self
                    .source
                    .types
                    .get(name)
                    .map_or_else(Vec::new, |ty| self.literals(ty, frame, depth + 1)),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn is_nullable(&self, ty: &Type, depth: usize) -> bool {
        match &ty.kind {
            TypeKind::Nullable(_) => true,
            TypeKind::Named(path) if depth < MAX_TYPES => match path.as_slice() {
                [name] => self.source.types.get(name).is_some_and(|ty| self.is_nullable(ty, depth + 1)),
                _ => false,
            },
            _ => false,
        }
    }

    fn resource<'t>(&self, resource: &Rc<Resource>) -> Rc<dyn Declaration<'t> + 't> {
        Rc::new(BicepResource { template: self.clone(), resource: Rc::clone(resource) })
    }

    /// What a name means that is imported.
    fn imported<'w, 't>(&self, name: &str, frame: &Frame<'w, 't>) -> Option<(Frame<'w, 't>, Rc<str>)> {
        let (path, original, span) = match name.split_once('.') {
            Some((library, name)) => {
                let (path, span) = self.source.libraries.get(library)?;
                (path, Rc::from(name), span)
            }
            None => {
                let (path, original, span) = self.source.imports.get(name)?;
                (path, Rc::clone(original), span)
            }
        };
        let path = registry::reference(frame, &self.path, path).unwrap_or_else(|| self.beside(path));
        let library = frame.expansion.library(frame, &path, self.place_of(*span))?;
        Some((library, original))
    }

    /// A function that a parameter file may call for what only the deployment knows.
    fn outside(&self, name: &str, args: &[Value]) -> Option<Value> {
        self.path.ends_with(".bicepparam").then_some(())?;
        let known = ["readEnvironmentVariable", "externalInput"];
        let name = known.into_iter().find(|known| *known == name)?;
        Some(Value::call(name, args.to_vec()))
    }

    /// The result of a function that reads a file.
    fn load(&self, name: &str, args: &[Value], frame: &Frame<'_, '_>) -> Option<Value> {
        let known = [
            "loadTextContent",
            "loadJsonContent",
            "loadYamlContent",
            "loadFileAsBase64",
            "loadDirectoryFileInfo",
        ];
        let name = known.into_iter().find(|known| *known == name)?;
        let open = || Value::call(name, args.to_vec());
        if name == "loadDirectoryFileInfo" {
            return Some(open());
        }
        let Some(path) = args.first().and_then(Value::as_text) else { return Some(open()) };
        let Some((_, text)) = frame.expansion.text(&self.beside(path)) else { return Some(open()) };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let budget = frame.expansion.budget();
        if text.len() > MAX_TEXT || !budget.copy(text.len()) {
            return Some(Value::limit("text too long"));
        }
        let json = || budget.make(functions::library("json", vec![Value::text(text)]));
        Some(match (name, args.get(1)) {
            ("loadTextContent", _) => Value::text(text),
            ("loadJsonContent", None) => json(),
            ("loadJsonContent", Some(inside)) => {
                let whole = json();
                inside.as_text().and_then(|inside| part(whole, inside)).unwrap_or_else(open)
            }
            _ => open(),
        })
    }
}

impl<'t> Template<'t> for BicepTemplate {
    fn place(&self) -> Place {
        self.declaration(self.source.tree.root().span())
    }

    fn path(&self) -> &str {
        &self.path
    }

    fn level(&self) -> Level {
        match self.source.scope.as_deref() {
            Some("subscription") => Level::Subscription,
            Some("managementGroup") => Level::ManagementGroup,
            Some("tenant") => Level::Tenant,
            _ => Level::ResourceGroup,
        }
    }

    fn is_partially_parsed(&self) -> bool {
        !self.source.tree.problems().is_empty()
    }

    fn parameters(&self) -> Vec<Rc<str>> {
        self.source.parameters.values().map(|declared| Rc::clone(&declared.name)).collect()
    }

    fn parameter(&self, name: &str) -> Option<Parameter> {
        let declared = self.source.parameter(name)?;
        Some(Parameter {
            name: Rc::clone(&declared.name),
            place: Some(self.place_of(declared.span)),
            nullable: declared.ty.as_ref().is_some_and(|ty| self.is_nullable(ty, 0)),
            secure: declared.secure,
        })
    }

    fn default(&self, name: &str, frame: &Frame<'_, 't>) -> Option<Value> {
        let declared = self.source.parameter(name)?;
        Some(self.value(declared.default.as_ref()?, Some(name), frame))
    }

    fn allowed(&self, name: &str, frame: &Frame<'_, 't>) -> Vec<Value> {
        let Some(declared) = self.source.parameter(name) else { return Vec::new() };
        match &declared.ty {
            Some(ty) if declared.allowed.is_empty() => self.literals(ty, frame, 0),
            _ => declared.allowed.iter().map(|value| self.value(value, None, frame)).collect(),
        }
    }

    fn variable(&self, name: &str, frame: &Frame<'_, 't>) -> Option<Value> {
        if let Some(value) = self.source.variables.get(name) {
            return Some(self.value(value, Some(name), frame));
        }
        let is_imported = self.source.imports.contains_key(name) || name.contains('.');
        let value = self.imported(name, frame).and_then(|(library, name)| library.variable(&name));
        value.or_else(|| is_imported.then(|| Value::call("import", vec![Value::text(name)])))
    }

    fn function(
        &self,
        namespace: Option<&str>,
        name: &str,
        args: &[Value],
        frame: &Frame<'_, 't>,
    ) -> Option<Value> {
        if let Some(library) = namespace {
            self.source.libraries.get(library)?;
            let open = || Value::call(&format!("{library}.{name}"), args.to_vec());
            let found = self.imported(&format!("{library}.{name}"), frame);
            return found
                .and_then(|(library, name)| library.function(None, &name, args))
                .or_else(|| Some(open()));
        }
        if let Some(function) = self.source.functions.get(name) {
            let mut inner = frame.clone();
            for (name, value) in function.parameters.iter().zip(args) {
                inner = inner.with(name, value.clone());
            }
            return Some(self.value(&function.body, None, &inner));
        }
        if self.source.imports.contains_key(name) {
            let found = self.imported(name, frame);
            let value = found.and_then(|(library, name)| library.function(None, &name, args));
            return value.or_else(|| Some(Value::call(name, args.to_vec())));
        }
        self.outside(name, args).or_else(|| self.load(name, args, frame))
    }

    fn outputs(&self) -> Vec<(Rc<str>, Place)> {
        let shown = self.source.outputs.iter().filter(|output| !output.secure);
        shown.map(|output| (Rc::clone(&output.name), self.place_of(output.span))).collect()
    }

    fn output(&self, name: &str, frame: &Frame<'_, 't>) -> Option<Value> {
        let output = self.source.outputs.get(*self.source.output_places.get(name)?)?;
        Some(self.value(&output.value, None, frame))
    }

    fn resources(&self) -> Vec<Rc<dyn Declaration<'t> + 't>> {
        self.source.resources.iter().map(|resource| self.resource(resource)).collect()
    }
}

/// The part of a JSON document that `$.a.b[0]` names; `None` for a path that means more than that.
fn part(mut value: Value, path: &str) -> Option<Value> {
    for step in path.strip_prefix('$').unwrap_or(path).split(['.', '[']).filter(|step| !step.is_empty()) {
        value = match step.strip_suffix(']').map(str::parse::<usize>) {
            Some(at) => value.as_array()?.get(at.ok()?)?.clone(),
            None if step.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) => {
                value.as_object().is_some().then(|| value.get(step))?
            }
            None => return None,
        };
    }
    Some(value)
}

/// A resource or module of a Bicep file.
struct BicepResource {
    template: BicepTemplate,
    resource: Rc<Resource>,
}

impl BicepResource {
    fn value(&self, expr: &Expr, frame: &Frame<'_, '_>) -> Value {
        self.template.value(expr, None, frame)
    }

    /// What a module is given as its parameters.
    fn arguments(&self) -> Option<&Expr> {
        let ExprKind::Object(members) = &self.resource.body.kind else { return None };
        members.iter().rev().find(|(key, _)| is_text(key, "params")).map(|(_, value)| value)
    }

    /// The secrets that a module reads for its parameters, as ARM writes them.
    fn secrets(&self, frame: &Frame<'_, '_>) -> Option<Field> {
        let ExprKind::Object(members) = &BicepResource::arguments(self)?.kind else { return None };
        let secrets = members.iter().filter_map(|(key, value)| {
            let ExprKind::Text(name) = &key.kind else { return None };
            let ExprKind::Method { of, args, .. } = secret(value)? else { return None };
            let vault = Value::record([("id", self.value(of, frame).get("id"))]);
            let named = args.first().map_or_else(Value::null, |name| self.value(name, frame));
            let place = Some(self.template.place_of(value.span));
            let reference = Value::record([("keyVault", vault), ("secretName", named)]).at(place);
            let value = Value::record([("reference", reference)]).at(place);
            let key_place = Some(self.template.place_of(key.span));
            Some(Field { key: Rc::clone(name), key_place, value })
        });
        secret_properties(secrets.collect())
    }
}

fn is_text(expr: &Expr, text: &str) -> bool {
    matches!(&expr.kind, ExprKind::Text(key) if &**key == text)
}

/// The reading of a secret that an expression is, maybe on a condition.
fn secret(expr: &Expr) -> Option<&ExprKind> {
    match &expr.kind {
        kind @ ExprKind::Method { name, .. } if &**name == "getSecret" => Some(kind),
        ExprKind::Call { name, args, .. } if &**name == "if" => args.iter().skip(1).find_map(secret),
        _ => None,
    }
}

impl<'t> Declaration<'t> for BicepResource {
    fn place(&self) -> Place {
        self.template.declaration(self.resource.span)
    }

    fn symbol(&self) -> Option<&str> {
        Some(&self.resource.symbol)
    }

    fn kind(&self, _: &Frame<'_, 't>) -> Value {
        Value::text(Rc::clone(&self.resource.kind))
    }

    fn name(&self, frame: &Frame<'_, 't>) -> Value {
        match &self.resource.name {
            Some(name) => self.value(name, frame),
            // A module without a name gets one that is made of this and of the deployment's own.
            None if self.resource.module.is_some() => {
                let made =
                    [Value::text(Rc::clone(&self.resource.symbol)), Value::call("deployment", Vec::new())];
                Value::call("moduleName", made.to_vec())
            }
            None => Value::null(),
        }
    }

    fn api_version(&self, _: &Frame<'_, 't>) -> Value {
        match &self.resource.module {
            Some(_) => Value::null(),
            // A summary represents several versions of a module, which use different ones; it names the oldest.
            None if self.template.at.is_some() => {
                let open = Value::call("apiVersion", vec![Value::text(Rc::clone(&self.resource.kind))]);
                if !self.resource.kind.eq_ignore_ascii_case(names::VAULT) {
                    return open;
                }
                let (oldest, newest) = (Rc::clone(&self.resource.version), NEWEST_VAULT.to_string());
                Value::choice(open, Value::text(oldest), Value::text(newest))
            }
            None => {
                let place = self.resource.version_span.map(|span| self.template.place_of(span));
                Value::text(Rc::clone(&self.resource.version)).at(place)
            }
        }
    }

    fn is_existing(&self) -> bool {
        self.resource.existing
    }

    fn is_partially_parsed(&self) -> bool {
        self.resource.partially_parsed
    }

    fn is_only_created(&self) -> bool {
        self.resource.only_created
    }

    fn condition(&self, frame: &Frame<'_, 't>) -> Option<Value> {
        let conditions = self.resource.conditions.iter().map(|condition| self.value(condition, frame));
        conditions.reduce(crate::lang::deployment::both)
    }

    fn looped(&self, frame: &Frame<'_, 't>) -> Option<Loop<'t>> {
        let looped = self.resource.looped.as_ref()?;
        let list = self.value(&looped.list, frame);
        let count = functions::library("length", vec![list.clone()]);
        let (item, index, symbol) =
            (Rc::clone(&looped.item), looped.index.clone(), Rc::clone(&self.resource.symbol));
        Some(Loop {
            count: count.assuming(&list.assumed),
            name: Some(Rc::clone(&symbol)),
            bind: Rc::new(move |locals: &Locals, at: Value| {
                let element = distribute(&[list.clone(), at.clone()], &|args| match args {
                    [list, at] => element(list, at),
                    _ => Value::null(),
                });
                let locals = locals.with(&loop_index(Some(&symbol)), at.clone()).with(&item, element);
                index.as_ref().map_or_else(|| locals.clone(), |index| locals.with(index, at))
            }),
            place: self.template.place_of(looped.list.span),
        })
    }

    fn parent(&self, frame: &Frame<'_, 't>) -> Option<Rc<Instance<'t>>> {
        match &self.resource.parent.as_ref()?.kind {
            ExprKind::Symbol(symbol) => frame.resource(symbol, None).ok(),
            ExprKind::Index { of, index, .. } => match &of.kind {
                ExprKind::Symbol(symbol) => frame.resource(symbol, Some(&self.value(index, frame))).ok(),
                _ => None,
            },
            _ => None,
        }
    }

    fn target(&self, frame: &Frame<'_, 't>) -> Target {
        let scope = self.resource.scope.as_ref().map(|scope| {
            let scope = self.value(scope, frame);
            match scope.normal().as_str() {
                "tenant()" => Value::text("/"),
                _ => scope.get("id"),
            }
        });
        Target { scope, ..Target::default() }
    }

    fn body(&self, frame: &Frame<'_, 't>) -> Value {
        let place = Some(self.template.place_of(self.resource.span));
        let body = match self.resource.module {
            Some(_) => Value::object(self.secrets(frame).into_iter().collect()),
            None => self.value(&self.resource.body, frame),
        };
        let named = self.resource.name.as_ref().map_or(self.resource.symbol_span, |name| name.span);
        let anchor = Some(self.template.place_of(named));
        Value { anchor, ..body.or_at(place) }
    }

    fn children(&self) -> Vec<Rc<dyn Declaration<'t> + 't>> {
        self.resource.nested.iter().map(|resource| self.template.resource(resource)).collect()
    }

    fn nested(&self, frame: &Frame<'_, 't>) -> Option<Nested<'t>> {
        let (path, span) = self.resource.module.as_ref()?;
        let (template, resource) = (&self.template, &self.resource);
        let place = template.place_of(*span);
        let template = match registry::reference(frame, &template.path, path) {
            Some(reference) => {
                let anchor = Anchor {
                    declaration: template.declaration(resource.span),
                    name: template.place_of(resource.symbol_span),
                };
                let in_summary = template.at.is_some();
                registry::template(frame, &reference, &resource.summary, place, anchor, in_summary)?
            }
            None => frame.expansion.linked(frame, &template.beside(path), place, "module", template.at)?,
        };
        Some(Nested { template, outer_scope: false })
    }

    fn arguments(&self, frame: &Frame<'_, 't>) -> Value {
        let Some(given) = BicepResource::arguments(self) else { return Value::null() };
        let ExprKind::Object(members) = &given.kind else { return self.value(given, frame) };
        let mut fields = Vec::with_capacity(members.len());
        for (key, value) in members.iter().filter(|(_, value)| secret(value).is_none()) {
            let ExprKind::Text(name) = &key.kind else { return self.value(given, frame) };
            fields.push(Field { key: Rc::clone(name), key_place: None, value: self.value(value, frame) });
        }
        Value::object(fields)
    }

    fn argument(&self, name: &str, frame: &Frame<'_, 't>) -> Option<Value> {
        let given = BicepResource::arguments(self)?;
        let value = match &given.kind {
            ExprKind::Object(members)
                if members.iter().all(|(key, _)| matches!(key.kind, ExprKind::Text(_))) =>
            {
                frame.expansion.budget().look_through(members.len());
                let same =
                    |key: &Expr| matches!(&key.kind, ExprKind::Text(key) if key.eq_ignore_ascii_case(name));
                let (_, value) = members.iter().rev().find(|(key, _)| same(key))?;
                if matches!(&value.kind, ExprKind::Method { name, .. } if &**name == "getSecret") {
                    return Some(Value::call("getSecret", vec![Value::text(name)]));
                }
                self.template.value(value, Some("value"), frame)
            }
            _ => {
                let value = self.value(given, frame).get(name);
                if value.is_null() {
                    return None;
                }
                value
            }
        };
        Some(value)
    }
}
