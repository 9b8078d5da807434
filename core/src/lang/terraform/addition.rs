//! New resources in the text of a module, and references to those that are there.

use super::azurerm::{self, Child};
use super::config::Declared;
use super::edit::{Text, Writer, aligned_lines, quoted, token};
use crate::azure::names;
use crate::lang::{Literal, NewResource};
use crate::sorted::Set;
use crate::syntax::expression::{Expr, ExprKind};
use crate::syntax::hcl::{Block, symbols};
use crate::text::{Place, Span};

/// A resource or data source of the module that can be referred to.
struct Target<'m, 'a> {
    /// `type.name`, with an index where it is one of none or one.
    reference: String,
    /// `type.name`.
    address: &'m str,
    declared: &'m Declared<'a>,
    /// The count, as it is written.
    count: Option<&'a str>,
    /// A subnet that is written inside its network: its name.
    subnet: Option<&'a str>,
}

impl<'t> Writer<'_, 't> {
    /// A resource behind the one it belongs to, or a block in that.
    pub(super) fn add(&self, new: &NewResource, beside: Place) -> Option<Text> {
        let parent = self.target(new.parent?)?;
        if parent.subnet.is_some() {
            return None;
        }
        if new.kind == names::ZONE_GROUP {
            return self.add_zone_group(new, &parent);
        }
        let Child { kind, parts, by_name, by_id } = azurerm::child(new.kind)?;
        let mut named = vec![&parent];
        let mut places = Vec::new();
        places_in(&new.name, &mut places);
        new.properties.iter().for_each(|(_, value)| places_in(value, &mut places));
        let targets = places.into_iter().map(|place| self.target(place)).collect::<Option<Vec<_>>>()?;
        named.extend(&targets);
        let count = shared_count(&named)?;

        let mut lines = vec![("name", self.token_of(&new.name)?)];
        match (by_name, by_id) {
            (Some(name), id) if id.is_none() || !self.takes_id(&kind, name) => {
                // A resource of another provider does not say its group so.
                if !parent.address.trim_start_matches("data.").starts_with("azurerm_") {
                    return None;
                }
                lines.push(("resource_group_name", format!("{}.resource_group_name", parent.reference)));
                lines.push((name, format!("{}.name", parent.reference)));
            }
            (_, Some(id)) => lines.push((id, format!("{}.id", parent.reference))),
            _ => return None,
        }
        let mut values = Vec::new();
        for (key, value) in &new.properties {
            flatten(key, value, &mut values);
        }
        for (path, value) in values {
            let part = parts.iter().find(|part| part.to == path)?;
            let written = match value {
                Literal::Id(_) | Literal::Name(_) => self.token_of(value)?,
                value => token(&part.how, value)?,
            };
            lines.push((part.from.first()?, written));
        }

        let mut labels: Vec<&str> = named.iter().map(|target| target.declared.label(1)).collect();
        labels.dedup();
        let label = self.free_label(&kind, &labels.join("_"))?;
        let newline = self.newline();
        let mut text = format!("{newline}{newline}resource \"{kind}\" \"{label}\" {{{newline}");
        if let Some(count) = count {
            text.push_str(&format!("{}count = {count}{newline}{newline}", self.unit()));
        }
        for line in aligned_lines(&lines) {
            text.push_str(&format!("{}{line}{newline}", self.unit()));
        }
        text.push('}');
        let beside = self.body.blocks.iter().find(|block| block.span.contains(beside.span))?;
        let end = self.line_end(beside.span.end);
        Some((Span { start: end, end }, text))
    }

    /// The provider has the group of an endpoint's zones as a block of the endpoint.
    fn add_zone_group(&self, new: &NewResource, endpoint: &Target) -> Option<Text> {
        let (file, block) = endpoint.declared.first()?;
        let is_group =
            |inner: &Block| [Some(&*inner.kind), inner.label(0)].contains(&Some("private_dns_zone_group"));
        let is_plain = endpoint.address.starts_with("azurerm_private_endpoint.") && file.id == self.id;
        if !is_plain || endpoint.declared.bodies().any(|(_, body)| body.blocks.iter().any(is_group)) {
            return None;
        }
        let [(_, configs)] = new.properties.as_slice() else { return None };
        let mut places = Vec::new();
        places_in(configs, &mut places);
        let mut zones = Vec::new();
        for place in places {
            let zone = self.target(place)?;
            // It is there whenever the endpoint is.
            if (zone.count.is_some() && zone.count != endpoint.count) || self.reaches(&zone, endpoint.address)
            {
                return None;
            }
            zones.push(format!("{}.id", zone.reference));
        }
        let members = [
            ("name", self.token_of(&new.name)?),
            ("private_dns_zone_ids", format!("[{}]", zones.join(", "))),
        ];
        let indent = self.inner_indent(block);
        let mut lines = vec!["private_dns_zone_group {".to_owned()];
        lines.extend(aligned_lines(&members).into_iter().map(|line| format!("{}{line}", self.unit())));
        lines.push("}".to_owned());
        Some(self.put(block, &lines, &indent))
    }

    /// What refers to a resource, from the one whose block this is; nothing where that waits for it.
    pub(super) fn reference(&self, place: Place, from: &Block) -> Option<String> {
        let target = self.target(place)?;
        let own = match &*from.kind {
            "module" => format!("module.{}", from.label(0)?),
            _ => format!("{}.{}", from.label(0)?, from.label(1)?),
        };
        if target.count.is_some() || self.reaches(&target, &own) {
            return None;
        }
        Some(target.id())
    }

    /// The resource that is declared at a place, of this module, once at most.
    fn target(&self, place: Place) -> Option<Target<'_, 't>> {
        let (address, declared) = self.module().declared_at(place)?;
        let (_, block) = declared.first()?;
        if declared.attribute("for_each").is_some() {
            return None;
        }
        let count = match declared.attribute("count") {
            Some((of, count)) if is_one_or_none(&count.value) => {
                Some(of.text.get(count.value.span.start as usize..count.value.span.end as usize)?)
            }
            Some(_) => return None,
            None => None,
        };
        let subnet = match block.span == place.span {
            true => None,
            false => {
                let is_it = |inner: &&Block| &*inner.kind == "subnet" && inner.span == place.span;
                let inner = block.body.blocks.iter().find(is_it)?;
                match inner.body.value("name").map(|name| &name.kind) {
                    Some(ExprKind::Text(name)) => Some(&**name),
                    _ => return None,
                }
            }
        };
        let index = if count.is_some() { "[0]" } else { "" };
        Some(Target { reference: format!("{address}{index}"), address, declared, count, subnet })
    }

    /// A text, or what refers to something.
    fn token_of(&self, literal: &Literal) -> Option<String> {
        match literal {
            Literal::Text(text) => Some(quoted(text)),
            Literal::Id(place) => Some(self.target(*place)?.id()),
            Literal::Name(place) => {
                let target = self.target(*place)?;
                Some(target.subnet.map_or_else(|| format!("{}.name", target.reference), quoted))
            }
            _ => None,
        }
    }

    /// Whether a type names its parent by id: it does from version 5 of the provider on, so not where the module requires
    /// an older one, or writes the older way.
    fn takes_id(&self, kind: &str, by_name: &str) -> bool {
        let module = self.module();
        let is_older = |(address, declared): (&String, &Declared)| {
            address.starts_with(kind) && declared.attribute(by_name).is_some()
        };
        module.admits_five() != Some(false) && !module.resources.iter().any(is_older)
    }

    /// Whether what is declared refers to a resource, by whatever way within the module.
    fn reaches(&self, target: &Target, address: &str) -> bool {
        let module = self.module();
        let mut seen: Set<String> = Set::default();
        let mut next = vec![target.address.to_owned()];
        while let Some(symbol) = next.pop() {
            // An output of a call belongs to the call.
            if symbol.strip_prefix(address).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) {
                return true;
            }
            if !seen.insert(symbol.clone()) {
                continue;
            }
            let (root, rest) = symbol.split_once('.').unwrap_or((&symbol, ""));
            let name = rest.split('.').next().unwrap_or_default();
            let mut found = |name: &str| next.push(name.to_owned());
            match root {
                "local" => {
                    if let Some((_, local)) = module.locals.get(name) {
                        symbols(&local.value, &mut |name, _| found(name));
                    }
                }
                "module" => {
                    if let Some(call) = module.calls.get(name) {
                        call.symbols(&mut found);
                    }
                }
                _ => {
                    if let Some(declared) = module.resources.get(&symbol) {
                        declared.symbols(&mut found);
                    }
                }
            }
        }
        false
    }

    /// A label that no resource of the type has.
    fn free_label(&self, kind: &str, wanted: &str) -> Option<String> {
        let resources = &self.module().resources;
        let numbered = |number: usize| match number {
            1 => wanted.to_owned(),
            number => format!("{wanted}_{number}"),
        };
        (1..=resources.len() + 1)
            .map(numbered)
            .find(|label| !resources.contains_key(&format!("{kind}.{label}")))
    }
}

impl Target<'_, '_> {
    fn id(&self) -> String {
        match self.subnet {
            Some(subnet) => format!("\"${{{}.id}}/subnets/{subnet}\"", self.reference),
            None => format!("{}.id", self.reference),
        }
    }
}

/// The count that all have that have any: `None` where they have different ones.
fn shared_count<'a>(targets: &[&Target<'_, 'a>]) -> Option<Option<&'a str>> {
    let mut counts = targets.iter().filter_map(|target| target.count);
    let first = counts.next();
    counts.all(|count| Some(count) == first).then_some(first)
}

/// `condition ? 1 : 0`.
fn is_one_or_none(count: &Expr) -> bool {
    match &count.kind {
        ExprKind::Call { namespace: None, name, args } if &**name == "if" => matches!(
            args.as_slice(),
            [_, Expr { kind: ExprKind::Int(1), .. }, Expr { kind: ExprKind::Int(0), .. }]
        ),
        _ => false,
    }
}

fn places_in(value: &Literal, into: &mut Vec<Place>) {
    match value {
        Literal::Id(place) | Literal::Name(place) => into.push(*place),
        Literal::List(items) => items.iter().for_each(|item| places_in(item, into)),
        Literal::Object(fields) => fields.iter().for_each(|(_, value)| places_in(value, into)),
        _ => {}
    }
}

/// The values in an object by their paths, as the tables have them.
fn flatten<'l>(path: &str, value: &'l Literal, into: &mut Vec<(String, &'l Literal)>) {
    match value {
        Literal::Object(fields) => {
            fields.iter().for_each(|(key, value)| flatten(&format!("{path}.{key}"), value, into));
        }
        value => into.push((path.to_owned(), value)),
    }
}
