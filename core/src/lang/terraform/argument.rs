//! Arguments of calls of modules that are only known by a summary: what they give the module's resources, and the edits that
//! give or change them.

use super::azurerm;
use super::config::{self, address};
use super::convert::{How, Part};
use super::edit::{Text, Writer, aligned_lines, same, token};
use super::summary;
use crate::lang::Literal;
use crate::syntax::expression::{Expr, ExprKind};
use crate::syntax::hcl::{Block, Body};

/// What a module passes on to a property of its resources.
struct Passed {
    /// The variable.
    variable: String,
    /// The member of the variable's object, where it is not the whole.
    member: Option<String>,
    part: &'static Part,
    /// Whether the property is its opposite.
    negated: bool,
}

impl Passed {
    fn is_of(&self, key: &str) -> bool {
        self.part.to.trim_start_matches('/') == key
    }

    fn source(&self) -> (&str, Option<&str>) {
        (&self.variable, self.member.as_deref())
    }
}

/// The properties of a summary's resources that are arguments of the module, or members of such.
fn passed_on(module: &Body) -> Vec<Passed> {
    let mut found = Vec::new();
    for resource in module.blocks("resource") {
        let Some(parts) = resource.label(0).and_then(azurerm::parts) else { continue };
        for attribute in &resource.body.attributes {
            let Some(part) = named(parts, &attribute.name) else { continue };
            let (negated, value) = match &attribute.value.kind {
                ExprKind::Call { name, args, .. } if &**name == "not" => (true, args.first()),
                _ => (false, Some(&attribute.value)),
            };
            let variable = value.and_then(variable).map(str::to_owned);
            found.extend(variable.map(|variable| Passed { variable, member: None, part, negated }));
        }
        for block in resource.body.blocks("dynamic") {
            let (Some(label), Some(content)) = (block.label(0), block.body.blocks("content").next()) else {
                continue;
            };
            let Some(part) = named(parts, label) else { continue };
            let How::Block(inner) = &part.how else { continue };
            let Some(variable) = block.body.value("for_each").and_then(chosen) else { continue };
            let variable = variable.to_owned();
            for attribute in &content.body.attributes {
                let value = address(&attribute.value);
                let member =
                    value.as_deref().and_then(|value| value.strip_prefix(label)?.strip_prefix(".value."));
                let (Some(member), Some(part)) = (member, named(inner, &attribute.name)) else { continue };
                let (variable, member) = (variable.clone(), Some(member.to_owned()));
                found.push(Passed { variable, member, part, negated: false });
            }
            found.push(Passed { variable, member: None, part, negated: false });
        }
    }
    found
}

/// The part of a table that an attribute or a block is.
fn named(parts: &'static [Part], name: &str) -> Option<&'static Part> {
    parts.iter().find(|part| part.from.contains(&name))
}

/// The variable that an expression is, and nothing else.
pub(super) fn variable(value: &Expr) -> Option<&str> {
    match &value.kind {
        ExprKind::Symbol(name) => name.strip_prefix("var."),
        _ => None,
    }
}

/// The variable for which a block is written, if that is set: `var.x != null ? { this = var.x } : {}`.
fn chosen(value: &Expr) -> Option<&str> {
    let ExprKind::Call { name, args, .. } = &value.kind else { return None };
    match (&**name, args.as_slice()) {
        ("if", [_, Expr { kind: ExprKind::Object(members), .. }, _]) => {
            same(members.iter().map(|(_, value)| variable(value)))
        }
        _ => None,
    }
}

/// How a known module uses an argument, or a member of one, and whether it uses the opposite.
pub(super) fn use_of(call: &Block, argument: &str, member: Option<&str>) -> Option<(&'static How, bool)> {
    let summary = summary::read(call.body.value("source").and_then(config::source)?)?;
    let found = passed_on(&summary.body).into_iter().find(|passed| passed.source() == (argument, member))?;
    Some((&found.part.how, found.negated))
}

impl Writer<'_, '_> {
    /// Gives a property of what a known module makes another value, by the argument that it passes on as the property.
    pub(super) fn insert_argument(&self, call: &Block, key: &str, value: &Literal) -> Option<Text> {
        let summary = summary::read(call.body.value("source").and_then(config::source)?)?;
        let all = passed_on(&summary.body);
        let (name, member) = same(all.iter().filter(|passed| passed.is_of(key)).map(|of| Some(of.source())))?;
        let passed = all.iter().find(|passed| passed.is_of(key))?;
        let indent = self.inner_indent(call);
        let object = |members: &[(&str, String)]| {
            let lines: String = aligned_lines(members)
                .iter()
                .map(|line| format!("{indent}{}{line}{}", self.unit(), self.newline()))
                .collect();
            format!("{{{}{lines}{indent}}}", self.newline())
        };
        let value = match (&passed.part.how, value) {
            (How::Block(_), Literal::Object(fields)) => {
                let mut members = Vec::new();
                for (key, value) in fields {
                    let inner = all.iter().find(|inner| inner.variable == name && inner.is_of(key))?;
                    members.push((inner.member.as_deref()?, self.argument(inner, value, call)?));
                }
                object(&members)
            }
            (_, value) => self.argument(passed, value, call)?,
        };
        let given = call.body.attribute(name).map(|given| &given.value);
        match (given, member) {
            (None, _) => {
                let value = member.map_or(value.clone(), |member| object(&[(member, value)]));
                Some(self.put(call, &[format!("{} = {value}", self.aligned(call, name))], &indent))
            }
            (Some(given), None) if sets_nothing(given) => Some((given.span, value)),
            (Some(given), Some(member)) => {
                let ExprKind::Object(members) = &given.kind else { return None };
                let of_name = |key: &Expr| key.kind == ExprKind::Text(member.into());
                match members.iter().find(|(key, _)| of_name(key)) {
                    Some((_, held)) => sets_nothing(held).then_some((held.span, value)),
                    None if members.is_empty() => Some((given.span, object(&[(member, value)]))),
                    None => self.insert_text(given, member, &value),
                }
            }
            _ => None,
        }
    }

    /// A value as an argument has it.
    fn argument(&self, passed: &Passed, value: &Literal, call: &Block) -> Option<String> {
        match (&passed.part.how, value) {
            (_, Literal::Bool(flag)) if passed.negated => Some((!flag).to_string()),
            (How::Each(_), Literal::List(items)) => {
                let items: Option<Vec<String>> = items.iter().map(|item| self.item(item, call)).collect();
                Some(format!("[{}]", items?.join(", ")))
            }
            (how, value) => token(how, value),
        }
    }
}

/// Whether an argument is a literal that leaves a property as if it were not given, or a flag.
fn sets_nothing(given: &Expr) -> bool {
    match &given.kind {
        ExprKind::Null | ExprKind::Bool(_) => true,
        ExprKind::Object(members) => members.is_empty(),
        ExprKind::Array(items) => items.is_empty(),
        _ => false,
    }
}
