//! What templates lower to.

#![allow(clippy::string_slice, clippy::indexing_slicing, reason = "tests may panic: that is how they fail")]

mod expressions;
mod loops;
mod nesting;
mod parameters;
mod places;
mod references;
mod scopes;

use super::*;
use crate::azure::Cloud;
use crate::lang::deployment::{self, Anchor, Inputs, Template, Templates};
use crate::lang::{Lowered, Resource};
use crate::text::FileId;

/// Files that are lowered together; the first is the template.
struct Case<'a> {
    files: Vec<(&'a str, String)>,
    parameter_file: Option<&'a str>,
    parameters: Vec<(&'a str, &'a str)>,
    cloud: Cloud,
}

impl<'a> Case<'a> {
    /// A template of a resource group with these members.
    fn new(members: &str) -> Self {
        Self::text(&template("deploymentTemplate", members))
    }

    fn text(text: &str) -> Self {
        Self {
            files: vec![("main.json", text.to_owned())],
            parameter_file: None,
            parameters: Vec::new(),
            cloud: Cloud::Public,
        }
    }

    fn file(mut self, path: &'a str, members: &str) -> Self {
        self.files.push((path, template("deploymentTemplate", members)));
        self
    }

    fn parameter_file(mut self, entries: &'a str) -> Self {
        self.parameter_file = Some(entries);
        self
    }

    fn parameter(mut self, name: &'a str, value: &'a str) -> Self {
        self.parameters.push((name, value));
        self
    }

    fn lower(&self) -> Lowered {
        let given = self.parameter_file.map(|entries| format!(r#"{{"parameters": {{{entries}}}}}"#));
        let texts = self.files.iter().map(|(path, text)| (*path, text.as_str()));
        let texts = texts.chain(given.as_deref().map(|text| ("main.parameters.json", text)));
        let files: Vec<File> = (0u32..)
            .zip(texts)
            .map(|(id, (path, text))| File::new(FileId(id), path, json::parse(text)))
            .collect();
        let parameter =
            |(name, value): &(&str, &str)| ((*name).to_owned(), crate::eval::functions::parse_given(value));
        let inputs = Inputs {
            cloud: self.cloud,
            given: files.iter().skip(self.files.len()).map(|file| Rc::new(parameters(file))).collect(),
            parameters: self.parameters.iter().map(parameter).collect(),
        };
        let files = Files(&files);
        files
            .template("main.json", None)
            .map(|entry| deployment::lower(&files, entry, &inputs))
            .unwrap_or_default()
    }
}

/// Files of one project.
struct Files<'t>(&'t [File<'t>]);

impl<'t> Templates<'t> for Files<'t> {
    fn template(&self, path: &str, at: Option<Anchor>) -> Option<Rc<dyn Template<'t> + 't>> {
        let file = self.0.iter().find(|file| file.path == path)?;
        JsonTemplate::of(file, at).map(|template| Rc::new(template) as Rc<dyn Template<'t> + 't>)
    }

    fn text(&self, path: &str) -> Option<(FileId, &'t str)> {
        self.0.iter().find(|file| file.path == path).map(|file| (file.id, file.parsed.text))
    }
}

fn template(schema: &str, members: &str) -> String {
    format!(
        r#"{{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/{schema}.json#",
            "contentVersion": "1.0.0.0", {members}}}"#
    )
}

fn lower(members: &str) -> Lowered {
    Case::new(members).lower()
}

/// The value with the defaults it rests on.
fn shown(value: &Value) -> String {
    let assumed: Vec<&str> = value.assumed.names().collect();
    let assumed = if assumed.is_empty() { String::new() } else { format!(" assuming {}", assumed.join(" ")) };
    format!("{}{assumed}", value.normal())
}

/// `name: condition` of every resource that is not a deployment.
fn conditions(lowered: &Lowered) -> Vec<String> {
    let own = lowered.resources.iter().filter(|resource| !resource.kind.ends_with("deployments"));
    own.map(|resource| format!("{}: {}", resource.name.display(), shown(&resource.condition))).collect()
}

/// The names of the resources that are not deployments.
fn names(lowered: &Lowered) -> Vec<String> {
    let own = lowered.resources.iter().filter(|resource| !resource.kind.ends_with("deployments"));
    own.map(|resource| resource.name.display()).collect()
}

/// The ids of the resources without what they have in common.
fn ids(lowered: &Lowered) -> Vec<String> {
    let id = |resource: &Resource| {
        resource.id.normal().trim_matches('\'').replace("${resourceGroup().id}/providers/", "~/")
    };
    lowered.resources.iter().map(id).collect()
}

/// The property `x` of the resource of that name.
fn x(lowered: &Lowered, name: &str) -> Value {
    let found = lowered.resources.iter().find(|resource| resource.name.display() == name);
    let resource = found.unwrap_or_else(|| panic!("no `{name}` among {:?}", names(lowered)));
    resource.body.path(&["properties", "x"])
}

/// The messages about the text.
fn problems(lowered: &Lowered) -> Vec<&str> {
    lowered.problems.iter().map(|problem| problem.message.as_str()).collect()
}

/// One resource, `kv`, whose property `x` is `value` (JSON), in a template with these other members.
fn kv(members: &str, value: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    format!(
        r#"{members}{comma} "resources": [{{
            "type": "Microsoft.KeyVault/vaults", "name": "kv", "properties": {{"x": {value}}}
        }}]"#
    )
}

/// Members of a template, a value in it, and what that is.
fn check(cases: &[(&str, &str, &str)]) {
    for (members, value, expected) in cases {
        let lowered = lower(&kv(members, value));
        assert_eq!(shown(&x(&lowered, "kv")), *expected, "{members} {value}");
        assert_eq!(problems(&lowered), <[&str; 0]>::default(), "{members} {value}");
    }
}

/// A deployment resource with a template inside.
fn deployment(head: &str, properties: &str, members: &str) -> String {
    let template = template("deploymentTemplate", members);
    format!(
        r#"{{"type": "Microsoft.Resources/deployments", {head}, "properties": {{{properties} "template": {template}}}}}"#
    )
}

const INNER: &str = r#""expressionEvaluationOptions": {"scope": "inner"},"#;
