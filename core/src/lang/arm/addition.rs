//! What is new in a template: values that refer to resources, and resources, as JSON with expressions.

use super::edit::{Path, Step};
use super::layout::{Written, quoted};
use super::{File, member, object, text};
use crate::azure::names;
use crate::lang::{Literal, NewResource};
use crate::syntax::expression::{self, Template};
use crate::syntax::json::{self, Node, Object};
use crate::text::Place;

/// Writes values into one file.
pub(super) struct Writer<'f, 'n, 't> {
    pub(super) file: &'f File<'t>,
    pub(super) root: &'n Node<'t>,
    /// Whether strings in brackets are expressions.
    pub(super) has_expressions: bool,
}

/// A text of a template: as it is, or the expression that gives it.
#[derive(Clone, PartialEq)]
enum Term {
    Text(String),
    Expression(String),
}

/// Where expressions mean the same: within one deployment, outside of loops.
struct Scope<'n, 't> {
    /// The template of the deployment.
    template: &'n Object<'t>,
    /// How many steps from the root it is away.
    depth: usize,
}

/// A resource that can be referred to.
struct Declared<'n, 't> {
    /// What deploys it: itself, or the network that a subnet is written in.
    node: &'n Object<'t>,
    /// The id of that, as an expression.
    deployed: String,
    /// ARM type with its parents'.
    kind: String,
    /// Its names, from the outermost parent's to its own.
    names: Vec<Term>,
    /// Its symbolic name, in a template in which resources have such.
    symbol: Option<&'n str>,
}

impl Term {
    /// What a string of a template is.
    fn of(node: &Node) -> Option<Self> {
        let written = text(node)?;
        Some(match expression::read(written).ok()? {
            None => Self::Text(written.to_owned()),
            Some(Template::Literal(text)) => Self::Text(text),
            Some(Template::Expression(_)) => {
                Self::Expression(written.strip_prefix('[')?.strip_suffix(']')?.trim().to_owned())
            }
        })
    }

    /// As a part of an expression.
    fn argument(&self) -> String {
        match self {
            Self::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Self::Expression(expression) => expression.clone(),
        }
    }

    /// As a string of a template.
    fn written(&self) -> Written {
        Written::Token(quoted(&match self {
            // Text in brackets would be an expression.
            Self::Text(text) if text.starts_with('[') && text.ends_with(']') => format!("[{text}"),
            Self::Text(text) => text.clone(),
            Self::Expression(expression) => format!("[{expression}]"),
        }))
    }
}

impl<'n, 't> Writer<'_, 'n, 't> {
    /// A value that is to be at, or in, what is there.
    pub(super) fn value(&self, literal: &Literal, at: &Path<'n, 't>) -> Option<Written> {
        Some(match literal {
            Literal::Bool(flag) => Written::Token(flag.to_string()),
            Literal::Text(text) if self.has_expressions => Term::Text(text.clone()).written(),
            Literal::Text(text) => Written::Token(quoted(text)),
            Literal::List(items) => {
                Written::List(items.iter().map(|item| self.value(item, at)).collect::<Option<_>>()?)
            }
            Literal::Object(fields) => Written::Object(self.fields(fields, at)?),
            Literal::Id(_) | Literal::Name(_) => self.reference(literal, at)?.written(),
        })
    }

    fn fields(
        &self,
        fields: &[(&'static str, Literal)],
        at: &Path<'n, 't>,
    ) -> Option<Vec<(String, Written)>> {
        let field =
            |(key, value): &(&'static str, Literal)| Some(((*key).to_owned(), self.value(value, at)?));
        fields.iter().map(field).collect()
    }

    /// A text of a new resource, or what refers to something.
    fn reference(&self, literal: &Literal, at: &Path<'n, 't>) -> Option<Term> {
        match literal {
            Literal::Text(text) => Some(Term::Text(text.clone())),
            Literal::Id(place) => Some(Term::Expression(self.declared(*place, at)?.id())),
            Literal::Name(place) => match self.declared(*place, at)?.names.as_slice() {
                [name] => Some(name.clone()),
                _ => None,
            },
            Literal::Bool(_) | Literal::List(_) | Literal::Object(_) => None,
        }
    }

    /// A resource beside one that is there: the holder of both, and what to write.
    pub(super) fn resource(
        &self,
        new: &NewResource,
        beside: &Path<'n, 't>,
    ) -> Option<(Path<'n, 't>, Written)> {
        let scope = self.scope(beside)?;
        let is_resources = |prop: &json::ObjectProp| prop.name.as_str().eq_ignore_ascii_case("resources");
        let index = scope.template.properties.iter().position(is_resources)?;
        let mut holder = Path { steps: beside.steps.clone(), node: beside.node };
        holder.steps.truncate(scope.depth + 1);
        holder.steps.last().filter(|step| step.index == index)?;
        holder.node = &scope.template.properties.get(index)?.value;

        let mut named = Vec::new();
        for (_, value) in &new.properties {
            collect_ids(value, &mut named);
        }
        let parent = match new.parent {
            Some(place) => Some(self.declared(place, beside)?),
            None => None,
        };
        let named =
            named.into_iter().map(|place| self.declared(place, beside)).collect::<Option<Vec<_>>>()?;
        let mut names = parent.as_ref().map(|parent| parent.names.clone()).unwrap_or_default();
        names.push(self.reference(&new.name, beside)?);
        if names.len() + 1 != new.kind.split('/').count() {
            return None;
        }
        let before: Vec<&Declared> = parent.iter().chain(&named).collect();
        let field = |key: &str, value: Written| (key.to_owned(), value);
        let plain = |text: &str| Term::Text(text.to_owned()).written();
        let mut fields = vec![
            field("type", plain(new.kind)),
            field("apiVersion", plain(&new.api_version)),
            field("name", joined(&names).written()),
        ];
        if let Some(condition) = condition(&before)? {
            fields.push(field("condition", condition.written()));
        }
        fields.extend(new.location.map(|location| field("location", plain(location))));
        fields.push(field("properties", Written::Object(self.fields(&new.properties, beside)?)));
        let is_symbolic = matches!(holder.node, Node::Object(_));
        let waits = waits_for(&before, is_symbolic)?;
        if !waits.is_empty() {
            fields.push(field("dependsOn", Written::List(waits)));
        }
        Some((holder, Written::Object(fields)))
    }

    /// The deployment that something is in; nothing in a loop, where it is any of several, and in a template whose
    /// expressions see another one.
    fn scope(&self, path: &Path<'n, 't>) -> Option<Scope<'n, 't>> {
        let mut scope = Scope { template: object(self.root).filter(|_| self.has_expressions)?, depth: 0 };
        let holders = path.steps.iter().map(|step| step.holder).chain([path.node]);
        for (depth, holder) in holders.enumerate() {
            let Node::Object(holder) = holder else { continue };
            if member(holder, "copy").is_some() {
                return None;
            }
            let key = |up: usize| depth.checked_sub(up).and_then(|at| path.steps.get(at)?.key());
            let is = |key: Option<&str>, word: &str| key.is_some_and(|key| key.eq_ignore_ascii_case(word));
            if is(key(1), "template") && is(key(2), "properties") {
                let Node::Object(properties) = path.steps.get(depth - 1)?.holder else { return None };
                let options = member(properties, "expressionEvaluationOptions").and_then(object)?;
                text(member(options, "scope")?).filter(|scope| scope.eq_ignore_ascii_case("inner"))?;
                scope = Scope { template: holder, depth };
            }
        }
        let schema = member(scope.template, "$schema").and_then(text);
        (!schema.is_some_and(is_above_groups)).then_some(scope)
    }

    /// The deployment that both are in.
    fn shared_scope(&self, path: &Path<'n, 't>, at: &Path<'n, 't>) -> Option<Scope<'n, 't>> {
        let (scope, other) = (self.scope(path)?, self.scope(at)?);
        (scope.template.range == other.template.range).then_some(scope)
    }

    /// The resource that is declared there, for use at another place.
    fn declared(&self, place: Place, at: &Path<'n, 't>) -> Option<Declared<'n, 't>> {
        let path = Path::to(self.file, self.root, place)?;
        let scope = self.shared_scope(&path, at)?;
        let (found, steps) = innermost(path.steps.get(scope.depth..)?)?;
        match steps {
            [] => Some(found),
            [properties, subnets, step]
                if properties.key()?.eq_ignore_ascii_case("properties")
                    && subnets.key()?.eq_ignore_ascii_case("subnets") =>
            {
                found.subnet(step.object()?)
            }
            _ => None,
        }
    }

    /// Which resource has to wait for what, now that this is written there. Nothing when that in turn waits for it.
    pub(super) fn waits(&self, literal: &Literal, at: &Path<'n, 't>) -> Option<Vec<Wait<'n, 't>>> {
        let mut ids = Vec::new();
        collect_ids(literal, &mut ids);
        let mut found = Vec::new();
        for place in ids {
            let target = self.declared(place, at)?;
            let (own, rest) = innermost(at.steps.get(self.scope(at)?.depth..)?)?;
            let mut holder = at.clone();
            holder.steps.truncate(at.steps.len() - rest.len());
            let step = *holder.steps.last()?;
            holder.node = step.node()?;
            if own.deployed == target.deployed || target.is_existing() || own.waits_for(&target) {
                continue;
            }
            if target.waits_for(&own) || target.is_below(&own) {
                return None;
            }
            found.push(Wait { holder, for_it: waits_for(&[&target], step.key().is_some())? });
        }
        Some(found)
    }
}

/// What a resource has to wait for.
pub(super) struct Wait<'n, 't> {
    /// The resource whose `dependsOn` grows.
    pub(super) holder: Path<'n, 't>,
    /// New elements of its `dependsOn`.
    pub(super) for_it: Vec<Written>,
}

impl<'n, 't> Declared<'n, 't> {
    /// A resource, written inside another one or at the top; nothing when it does not land with its deployment.
    fn below(parent: Option<Self>, node: &'n Object<'t>, symbol: Option<&'n str>) -> Option<Self> {
        if ["scope", "subscriptionId", "resourceGroup"].iter().any(|key| member(node, key).is_some()) {
            return None;
        }
        let Term::Text(written) = Term::of(member(node, "type")?)? else { return None };
        let own = Term::of(member(node, "name")?)?;
        let (kind, mut names) = match parent {
            Some(parent) if !written.contains('.') => (format!("{}/{written}", parent.kind), parent.names),
            _ => (written, Vec::new()),
        };
        match own {
            Term::Text(text) => names.extend(text.split('/').map(|name| Term::Text(name.to_owned()))),
            expression => names.push(expression),
        }
        // An expression may give the names of its parents too.
        let is_whole = names.len() + 1 == kind.split('/').count();
        is_whole.then(|| Self { node, deployed: id(&kind, &names), kind, names, symbol })
    }

    /// A subnet that is written inside its network.
    fn subnet(self, node: &Object) -> Option<Self> {
        let own = Term::of(member(node, "name")?)?;
        let is_network = self.kind.eq_ignore_ascii_case(names::VIRTUAL_NETWORK);
        let (kind, names) = (format!("{}/subnets", self.kind), [self.names, vec![own]].concat());
        is_network.then_some(Self { kind, names, ..self })
    }

    fn id(&self) -> String {
        id(&self.kind, &self.names)
    }

    /// Whether its `dependsOn` says that it comes after another one: by id, by name or by symbolic name.
    fn waits_for(&self, other: &Self) -> bool {
        let Some(Node::Array(list)) = member(self.node, "dependsOn") else { return false };
        let name = other.names.first();
        list.elements.iter().filter_map(Term::of).any(|term| match &term {
            Term::Expression(expression) => *expression == other.deployed || Some(&term) == name,
            Term::Text(text) => {
                Some(&term) == name || other.symbol.is_some_and(|symbol| symbol.eq_ignore_ascii_case(text))
            }
        })
    }

    /// Whether it is a part of another one.
    fn is_below(&self, other: &Self) -> bool {
        let rest = self.kind.strip_prefix(other.kind.as_str());
        rest.is_some_and(|rest| rest.starts_with('/')) && self.names.starts_with(&other.names)
    }

    fn is_existing(&self) -> bool {
        matches!(member(self.node, "existing"), Some(Node::BooleanLit(flag)) if flag.value)
    }
}

/// The innermost resource on the way from a template, and the steps on from there: `resources`, which one, `resources`,
/// which one…
fn innermost<'s, 'n, 't>(steps: &'s [Step<'n, 't>]) -> Option<(Declared<'n, 't>, &'s [Step<'n, 't>])> {
    let mut found = None;
    let mut rest = steps;
    while let [section, step, further @ ..] = rest
        && section.key().is_some_and(|key| key.eq_ignore_ascii_case("resources"))
    {
        found = Some(Declared::below(found, step.object()?, step.key())?);
        rest = further;
    }
    Some((found?, rest))
}

/// The id of a resource, as an expression.
fn id(kind: &str, names: &[Term]) -> String {
    let kind = Term::Text(kind.to_owned());
    let arguments: Vec<String> = std::iter::once(&kind).chain(names).map(Term::argument).collect();
    format!("resourceId({})", arguments.join(", "))
}

/// Names with slashes between them.
fn joined(names: &[Term]) -> Term {
    let texts: Option<Vec<&str>> = names
        .iter()
        .map(|name| match name {
            Term::Text(text) => Some(text.as_str()),
            Term::Expression(_) => None,
        })
        .collect();
    match (texts, names) {
        (Some(texts), _) => Term::Text(texts.join("/")),
        (None, [one]) => one.clone(),
        (None, names) => {
            let holes: Vec<String> = (0..names.len()).map(|at| format!("{{{at}}}")).collect();
            let arguments: Vec<String> = names.iter().map(Term::argument).collect();
            Term::Expression(format!("format('{}', {})", holes.join("/"), arguments.join(", ")))
        }
    }
}

/// When all of these are deployed: `Some(None)` when that is always, `None` when it cannot be said.
fn condition(of: &[&Declared]) -> Option<Option<Term>> {
    let mut all: Vec<String> = Vec::new();
    for written in of.iter().filter_map(|declared| member(declared.node, "condition")) {
        match written {
            Node::BooleanLit(flag) if flag.value => {}
            written => match Term::of(written)? {
                Term::Expression(expression) if all.contains(&expression) => {}
                Term::Expression(expression) => all.push(expression),
                Term::Text(_) => return None,
            },
        }
    }
    Some(match all.as_slice() {
        [] => None,
        [one] => Some(Term::Expression(one.clone())),
        all => Some(Term::Expression(format!("and({})", all.join(", ")))),
    })
}

/// What is to be deployed before; what only exists is not waited for.
fn waits_for(before: &[&Declared], is_symbolic: bool) -> Option<Vec<Written>> {
    let mut found: Vec<Term> = Vec::new();
    for declared in before.iter().filter(|declared| !declared.is_existing()) {
        let wait = match is_symbolic {
            true => Term::Text(declared.symbol?.to_owned()),
            false => Term::Expression(declared.deployed.clone()),
        };
        if !found.contains(&wait) {
            found.push(wait);
        }
    }
    Some(found.iter().map(Term::written).collect())
}

fn collect_ids(value: &Literal, into: &mut Vec<Place>) {
    match value {
        Literal::Id(place) => into.push(*place),
        Literal::List(items) => items.iter().for_each(|item| collect_ids(item, into)),
        Literal::Object(fields) => fields.iter().for_each(|(_, value)| collect_ids(value, into)),
        _ => {}
    }
}

/// Whether a schema is that of a template for a subscription or higher: `resourceId` means something else there.
fn is_above_groups(schema: &str) -> bool {
    !schema.to_ascii_lowercase().contains("/deploymenttemplate.json")
}
