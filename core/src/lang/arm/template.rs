//! A template in JSON, as what it declares.

use super::node::Reader;
use super::{File, Text, member, object, text};
use crate::azure::names;
use crate::eval::evaluator::{function_parameter, loop_index};
use crate::eval::{Field, Kind, Locals, TermKind, Value};
use crate::lang::deployment::{
    Anchor, Declaration, Frame, Given, Instance, Level, Loop, Nested, Parameter, Target, Template,
    secret_properties,
};
use crate::syntax::json::{self, Node, Object, ObjectProp, Ranged};
use crate::text::Place;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

/// A template: the whole of a file, or one written inside a deployment resource.
#[derive(Debug)]
pub struct JsonTemplate<'t> {
    file: Text<'t>,
    root: &'t Object<'t>,
    parameters: Names,
    variables: Names,
    /// Variables that loops make.
    copies: Names,
    outputs: Names,
}

/// Where the names of a section are, from when the first is asked for.
#[derive(Debug, Default)]
struct Names(OnceCell<HashMap<String, usize>>);

impl Names {
    /// The property of that name, compared without case; the last one when there are several.
    fn get<'t>(&self, section: &'t Object<'t>, name: &str) -> Option<&'t ObjectProp<'t>> {
        let names = section.properties.iter().map(|property| property.name.as_str());
        section.properties.get(self.find(names, name)?)
    }

    /// Where a name is among these, compared without case; the last one when there are several.
    fn find<'n>(&self, names: impl Iterator<Item = &'n str>, name: &str) -> Option<usize> {
        let names = self.0.get_or_init(|| names.map(str::to_ascii_lowercase).zip(0..).collect());
        names.get(&name.to_ascii_lowercase()).copied()
    }
}

impl<'t> JsonTemplate<'t> {
    /// The template that a file is; `None` when it is not an object. What is in a file that its author does not have has
    /// the place `at`.
    pub fn of(file: &'t File<'t>, at: Option<Anchor>) -> Option<Self> {
        Some(Self::new(Text { file, at }, file.parsed.root.as_ref().and_then(object)?))
    }

    fn new(file: Text<'t>, root: &'t Object<'t>) -> Self {
        let (parameters, variables, copies, outputs) = Default::default();
        Self { file, root, parameters, variables, copies, outputs }
    }

    fn section(&self, name: &str) -> Option<&'t Object<'t>> {
        member(self.root, name).and_then(object)
    }

    fn read<'f, 'w>(&self, frame: &'f Frame<'w, 't>) -> Reader<'f, 'w, 't> {
        Reader { frame, file: self.file }
    }

    fn declared(&self, parameter: &str) -> Option<Declared<'t>> {
        self.parameters.get(self.section("parameters")?, parameter).map(|prop| Declared::read(self, prop))
    }

    fn resource(&self, node: &'t Object<'t>, symbol: Option<&'t str>) -> Rc<dyn Declaration<'t> + 't> {
        Rc::new(Resource { file: self.file, node, symbol })
    }
}

impl<'t> Template<'t> for JsonTemplate<'t> {
    fn place(&self) -> Place {
        self.file.declaration(self.root)
    }

    fn path(&self) -> &str {
        &self.file.path
    }

    fn level(&self) -> Level {
        let schema = member(self.root, "$schema").and_then(text).unwrap_or_default().to_ascii_lowercase();
        if schema.contains("/subscriptiondeploymenttemplate") {
            Level::Subscription
        } else if schema.contains("/managementgroupdeploymenttemplate") {
            Level::ManagementGroup
        } else if schema.contains("/tenantdeploymenttemplate") {
            Level::Tenant
        } else {
            Level::ResourceGroup
        }
    }

    fn is_partially_parsed(&self) -> bool {
        !self.file.parsed.lost.is_empty()
    }

    fn parameters(&self) -> Vec<Rc<str>> {
        let declared = self.section("parameters").into_iter().flat_map(|section| &section.properties);
        declared.map(|property| Rc::from(property.name.as_str())).collect()
    }

    fn parameter(&self, name: &str) -> Option<Parameter> {
        let Declared { name, nullable, secure, .. } = self.declared(name)?;
        let place = Some(self.file.place(name));
        Some(Parameter { name: Rc::from(name.as_str()), place, nullable, secure })
    }

    fn default(&self, name: &str, frame: &Frame<'_, 't>) -> Option<Value> {
        Some(self.read(frame).value(self.declared(name)?.default?))
    }

    fn allowed(&self, name: &str, frame: &Frame<'_, 't>) -> Vec<Value> {
        match self.declared(name).and_then(|declared| declared.allowed) {
            Some(Node::Array(allowed)) => {
                allowed.elements.iter().map(|node| self.read(frame).value(node)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn variable(&self, name: &str, frame: &Frame<'_, 't>) -> Option<Value> {
        let declared = self.section("variables")?;
        if let Some(prop) = self.variables.get(declared, name) {
            return Some(self.read(frame).value(&prop.value));
        }
        let Some(Node::Array(copies)) = member(declared, "copy") else { return None };
        let names = copies.elements.iter().map(|copy| {
            object(copy).and_then(|copy| member(copy, "name")).and_then(text).unwrap_or_default()
        });
        let copy = copies.elements.get(self.copies.find(names, name)?).and_then(object)?;
        Some(self.read(frame).copied(copy, Some(name)))
    }

    fn function(
        &self,
        namespace: Option<&str>,
        name: &str,
        args: &[Value],
        frame: &Frame<'_, 't>,
    ) -> Option<Value> {
        let namespace = namespace?;
        let Some(Node::Array(namespaces)) = member(self.root, "functions") else { return None };
        frame.expansion.budget().look_through(namespaces.elements.len());
        let same = |given: &str, wanted: &str| given.eq_ignore_ascii_case(wanted);
        let declared =
            namespaces.elements.iter().filter_map(object).find(|entry| {
                member(entry, "namespace").and_then(text).is_some_and(|n| same(n, namespace))
            })?;
        let members = member(declared, "members").and_then(object)?;
        frame.expansion.budget().look_through(members.properties.len());
        let body = member(members, name).and_then(object)?;
        let mut inner = frame.clone();
        if let Some(Node::Array(parameters)) = member(body, "parameters") {
            for (parameter, value) in parameters.elements.iter().filter_map(object).zip(args) {
                if let Some(name) = member(parameter, "name").and_then(text) {
                    inner = inner.with(&function_parameter(name), value.clone());
                }
            }
        }
        let output = member(member(body, "output").and_then(object)?, "value")?;
        Some(self.read(&inner).value(output))
    }

    fn outputs(&self) -> Vec<(Rc<str>, Place)> {
        let Some(outputs) = self.section("outputs") else { return Vec::new() };
        let shown = outputs.properties.iter().filter(|prop| {
            let kind = object(&prop.value).map(|declared| member(declared, "type").and_then(text));
            kind.is_some_and(|kind| !kind.is_some_and(is_secure))
        });
        shown.map(|prop| (Rc::from(prop.name.as_str()), self.file.place(&prop.name))).collect()
    }

    fn output(&self, name: &str, frame: &Frame<'_, 't>) -> Option<Value> {
        let declared = object(&self.outputs.get(self.section("outputs")?, name)?.value)?;
        let read = self.read(frame);
        let value = match member(declared, "value") {
            Some(node) => read.value(node),
            None => {
                let copy = member(declared, "copy").and_then(object);
                copy.map_or_else(Value::null, |copy| read.copied(copy, None))
            }
        };
        Some(match member(declared, "condition") {
            Some(condition) => {
                let place = value.place;
                Value::choice(read.value(condition), value, Value::null()).or_at(place)
            }
            None => value,
        })
    }

    fn resources(&self) -> Vec<Rc<dyn Declaration<'t> + 't>> {
        self.all_resources(self.root)
    }

    fn passed(&self) -> Option<Given> {
        super::passed(&self.file)
    }
}

impl<'t> JsonTemplate<'t> {
    /// What is under `resources`: a list, or an object by symbolic name.
    fn all_resources(&self, holder: &'t Object<'t>) -> Vec<Rc<dyn Declaration<'t> + 't>> {
        match member(holder, "resources") {
            Some(Node::Array(resources)) => {
                resources.elements.iter().filter_map(object).map(|node| self.resource(node, None)).collect()
            }
            Some(Node::Object(resources)) => resources
                .properties
                .iter()
                .filter_map(|prop| Some(self.resource(object(&prop.value)?, Some(prop.name.as_str()))))
                .collect(),
            _ => Vec::new(),
        }
    }
}

fn is_secure(kind: &str) -> bool {
    kind.eq_ignore_ascii_case("securestring") || kind.eq_ignore_ascii_case("secureobject")
}

/// What a parameter's declaration says, through `$ref` into `definitions`.
struct Declared<'t> {
    name: &'t json::ObjectPropName<'t>,
    default: Option<&'t Node<'t>>,
    allowed: Option<&'t Node<'t>>,
    nullable: bool,
    secure: bool,
}

impl<'t> Declared<'t> {
    fn read(template: &JsonTemplate<'t>, prop: &'t ObjectProp<'t>) -> Self {
        let mut read =
            Self { name: &prop.name, default: None, allowed: None, nullable: false, secure: false };
        let mut next = object(&prop.value);
        // A type may refer to a type; a chain this long refers to itself.
        for _ in 0..16 {
            let Some(declaration) = next else { break };
            read.default = read.default.or_else(|| member(declaration, "defaultValue"));
            read.allowed = read.allowed.or_else(|| member(declaration, "allowedValues"));
            read.nullable |= matches!(member(declaration, "nullable"), Some(Node::BooleanLit(b)) if b.value);
            read.secure |= member(declaration, "type").and_then(text).is_some_and(is_secure);
            let target = member(declaration, "$ref").and_then(text);
            next = target
                .and_then(|target| target.strip_prefix("#/definitions/"))
                .and_then(|name| member(template.section("definitions")?, name).and_then(object));
        }
        read
    }
}

/// A resource as it is declared.
struct Resource<'t> {
    file: Text<'t>,
    node: &'t Object<'t>,
    symbol: Option<&'t str>,
}

impl<'t> Resource<'t> {
    fn read<'f, 'w>(&self, frame: &'f Frame<'w, 't>) -> Reader<'f, 'w, 't> {
        Reader { frame, file: self.file }
    }

    fn member(&self, key: &str, frame: &Frame<'_, 't>) -> Option<Value> {
        member(self.node, key).map(|node| self.read(frame).value(node))
    }

    fn properties(&self) -> Option<&'t Object<'t>> {
        member(self.node, "properties").and_then(object)
    }
}

impl<'t> Declaration<'t> for Resource<'t> {
    fn place(&self) -> Place {
        self.file.declaration(self.node)
    }

    fn symbol(&self) -> Option<&str> {
        self.symbol
    }

    fn kind(&self, frame: &Frame<'_, 't>) -> Value {
        self.member("type", frame).unwrap_or_default()
    }

    fn name(&self, frame: &Frame<'_, 't>) -> Value {
        self.member("name", frame).unwrap_or_default()
    }

    fn api_version(&self, frame: &Frame<'_, 't>) -> Value {
        self.member("apiVersion", frame).unwrap_or_default()
    }

    fn is_existing(&self) -> bool {
        matches!(member(self.node, "existing"), Some(Node::BooleanLit(flag)) if flag.value)
    }

    fn is_partially_parsed(&self) -> bool {
        self.file.parsed.is_partially_parsed(self.node.range)
    }

    fn is_only_created(&self) -> bool {
        let options = member(self.node, "@options").and_then(object);
        let flag = options.and_then(|options| member(options, "onlyIfNotExists"));
        matches!(flag, Some(Node::BooleanLit(flag)) if flag.value)
    }

    fn condition(&self, frame: &Frame<'_, 't>) -> Option<Value> {
        self.member("condition", frame)
    }

    fn looped(&self, frame: &Frame<'_, 't>) -> Option<Loop<'t>> {
        let copy = member(self.node, "copy").and_then(object)?;
        let count = member(copy, "count");
        let name: Option<Rc<str>> = member(copy, "name").and_then(text).map(Rc::from);
        let bound = name.clone();
        Some(Loop {
            count: count.map_or_else(Value::null, |node| self.read(frame).value(node)),
            name,
            bind: Rc::new(move |locals: &Locals, index: Value| {
                let locals = locals.with(&loop_index(None), index.clone());
                bound
                    .as_ref()
                    .map_or_else(|| locals.clone(), |name| locals.with(&loop_index(Some(name)), index))
            }),
            place: count.map_or_else(|| self.file.place(copy), |count| self.file.place(count)),
        })
    }

    fn parent(&self, _: &Frame<'_, 't>) -> Option<Rc<Instance<'t>>> {
        None
    }

    fn target(&self, frame: &Frame<'_, 't>) -> Target {
        let at = |key: &str| self.member(key, frame).filter(|value| !value.is_null());
        Target { scope: at("scope"), subscription: at("subscriptionId"), resource_group: at("resourceGroup") }
    }

    fn body(&self, frame: &Frame<'_, 't>) -> Value {
        let read = self.read(frame);
        // What another template engine evaluates, and what is read elsewhere, is left alone.
        let kind = self.kind(frame).display().to_ascii_lowercase();
        let opaque = kind.starts_with("microsoft.resources/");
        // What it waits for says nothing of what it is.
        let mut fields: Vec<Field> = self
            .node
            .properties
            .iter()
            .filter(|prop| {
                let key = prop.name.as_str();
                let apart = ["resources", "copy", "dependsOn"].iter().chain(opaque.then_some(&"properties"));
                apart.into_iter().all(|part| !key.eq_ignore_ascii_case(part))
            })
            .map(|prop| read.field(prop))
            .collect();
        if kind == names::lower::DEPLOYMENT {
            fields.extend(self.secrets(&read));
        }
        let anchor = json::get(self.node, "name").and_then(|prop| read.place(prop.value.range()));
        Value { anchor, ..Value::object(fields).at(Some(self.file.place(self.node))) }
    }

    fn children(&self) -> Vec<Rc<dyn Declaration<'t> + 't>> {
        JsonTemplate::new(self.file, self.node).all_resources(self.node)
    }

    fn nested(&self, frame: &Frame<'_, 't>) -> Option<Nested<'t>> {
        let properties = self.properties()?;
        if let Some(root) = member(properties, "template").and_then(object) {
            let inner = member(properties, "expressionEvaluationOptions")
                .and_then(object)
                .and_then(|options| member(options, "scope"))
                .and_then(text)
                .is_some_and(|scope| scope.eq_ignore_ascii_case("inner"));
            let template = Rc::new(JsonTemplate::new(self.file, root));
            return Some(Nested { template, outer_scope: !inner });
        }
        let link = member(properties, "templateLink").and_then(object)?;
        Some(Nested { template: self.linked(frame, link)?, outer_scope: false })
    }

    fn arguments(&self, frame: &Frame<'_, 't>) -> Value {
        let read = self.read(frame);
        match self.properties().and_then(|properties| member(properties, "parameters")) {
            Some(Node::Object(given)) => {
                let is_passed = |prop: &&ObjectProp| {
                    object(&prop.value).is_none_or(|entry| member(entry, "reference").is_none())
                };
                let passed = given.properties.iter().filter(is_passed);
                Value::object(passed.map(|prop| read.field(prop)).collect())
            }
            Some(given) => read.value(given),
            None => Value::null(),
        }
    }

    fn argument(&self, name: &str, frame: &Frame<'_, 't>) -> Option<Value> {
        let read = self.read(frame);
        match member(self.properties()?, "parameters")? {
            Node::Object(given) => {
                frame.expansion.budget().look_through(given.properties.len());
                let entry = member(given, name)?;
                match entry {
                    // A loop that makes the value: `{"copy": [{"name": "value", …}]}`.
                    Node::Object(looped) if member(looped, "copy").is_some() => {
                        Some(read.value(entry).get("value"))
                    }
                    Node::Object(entry) => passed(entry, name, &|node| read.value(node)),
                    // The whole entry may be an expression that gives `{"value": …}`.
                    entry => Some(read.value(entry).get("value")),
                }
            }
            all => {
                let entry = read.value(all).get(name);
                if entry.is_null() { None } else { Some(entry.get("value")) }
            }
        }
    }
}

impl<'t> Resource<'t> {
    /// The secrets that a deployment resource reads for its parameters. The rest of its properties is its template's
    /// own.
    fn secrets(&self, read: &Reader<'_, '_, 't>) -> Option<Field> {
        let parameters = member(self.properties()?, "parameters").and_then(object)?;
        let references = parameters.properties.iter().filter_map(|prop| {
            let reference = json::get(object(&prop.value)?, "reference")?;
            let value = Value::object(vec![read.field(reference)]).at(read.place(prop.value.range()));
            Some(Field { key: Rc::from(prop.name.as_str()), key_place: read.place(prop.name.range()), value })
        });
        secret_properties(references.collect())
    }

    /// The file a template link names, if it is named relative to this one.
    fn linked(&self, frame: &Frame<'_, 't>, link: &'t Object<'t>) -> Option<Rc<dyn Template<'t> + 't>> {
        let expansion = frame.expansion;
        let node = member(link, "relativePath").or_else(|| member(link, "uri"))?;
        let value = self.read(frame).value(node);
        let is_path = member(link, "relativePath").is_some();
        let relative = if is_path { value.as_text().map(str::to_owned) } else { relative_uri(&value) };
        let beside = |path: &str| crate::lang::relative(&self.file.path, path);
        let path = match (relative, value.as_text()) {
            (Some(relative), _) => beside(&relative),
            // Published beside this file, and named by where it is published.
            (None, Some(url)) => {
                let (_, published) = url.split_once("://")?;
                let published = published.split(['?', '#']).next().unwrap_or_default();
                let tails = published.match_indices('/').filter_map(|(at, _)| published.get(at + 1..));
                let here = tails.filter(|tail| !tail.is_empty()).map(beside);
                here.into_iter().find(|path| expansion.has(path))?
            }
            (None, None) => return None,
        };
        expansion.linked(frame, &path, self.file.place(node), "linked template", self.file.at)
    }
}

/// `uri(deployment().properties.templateLink.uri, 'nested/kv.json')` names a file beside this one; what follows a `?`,
/// or an access token put behind the name, does not count.
fn relative_uri(value: &Value) -> Option<String> {
    let Kind::Term(term) = &value.kind else { return None };
    let TermKind::Call { name, args } = &term.kind else { return None };
    let [base, relative] = args.as_slice() else { return None };
    if !name.eq_ignore_ascii_case("uri")
        || !base.normal().to_ascii_lowercase().ends_with(".properties.templatelink.uri")
    {
        return None;
    }
    let pieces = relative.pieces();
    let path = pieces.first()?.as_text()?.split('?').next()?;
    path.rsplit('/').next().is_some_and(|file| file.contains('.')).then(|| path.to_owned())
}

/// The value of one entry of a `parameters` object: a value, or a reference to a secret, which stays unknown.
pub(super) fn passed<'t>(
    entry: &'t Object<'t>,
    name: &str,
    value: &dyn Fn(&'t Node<'t>) -> Value,
) -> Option<Value> {
    if let Some(node) = member(entry, "value") {
        return Some(value(node));
    }
    member(entry, "reference").map(|_| Value::call("getSecret", vec![Value::text(name)]))
}
