//! What sets ARM templates in JSON apart from other languages.

use super::wrapped::{Wrapped, holds_templates, templates};
use super::{JsonTemplate, edit, is_parameters, is_template, links, parameters};
use crate::lang::deployment::{self, Anchor, Given, Notation, Run, Template, is_in_registry};
use crate::lang::documents::Documents;
use crate::lang::frontend::{self, Editor, Inputs, Language, Unit};
use crate::lang::{File, relative};
use crate::syntax::json::{self, Node};
use std::borrow::Cow;
use std::rc::Rc;

/// ARM templates and their parameter files.
pub struct Frontend;

impl frontend::Frontend for Frontend {
    fn by_content(&self, root: &Node) -> Option<Language> {
        match root {
            Node::Object(root) if is_template(root) => Some(Language::Arm),
            root if holds_templates(root) => Some(Language::Arm),
            Node::Object(root) if is_parameters(root) => Some(Language::ArmParameters),
            _ => None,
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &["microsoft.", "deploymenttemplate", "deploymentparameters", "contentversion"]
    }

    fn documents<'t>(&self, mut file: File<'t>) -> Vec<File<'t>> {
        if !file.parsed.root.as_ref().is_some_and(holds_templates) {
            return vec![file];
        }
        let (id, path) = (file.id, file.path.clone());
        let json::Parsed { text, shift, .. } = file.parsed;
        let lost = file.parsed.lost.clone();
        let wrapped = file.parsed.root.take().map(templates).unwrap_or_default();
        let problems = file.parsed.problems;
        let each = wrapped.into_iter().enumerate().map(|(at, Wrapped { template, passed, linked })| File {
            id,
            path: match linked {
                Some(linked) => Cow::Owned(relative(&path, &linked)),
                None if at == 0 => path.clone(),
                None => Cow::Owned(format!("{path}#{}", at + 1)),
            },
            parsed: json::Parsed {
                root: Some(template),
                problems: problems.clone(),
                lost: lost.clone(),
                text,
                shift,
            },
            passed,
        });
        each.collect()
    }

    fn links(&self, file: &File) -> Vec<String> {
        let Some(Node::Object(root)) = &file.parsed.root else { return Vec::new() };
        links(root).iter().map(|link| relative(&file.path, link)).collect()
    }

    /// A compiled module that the host found in a registry has its reference for a path.
    fn is_foreign(&self, path: &str) -> bool {
        is_in_registry(path)
    }

    fn units<'d>(&self, documents: &'d Documents, inputs: &'d Inputs) -> Vec<Unit<'d>> {
        let paths = documents.of(Language::Arm).map(|document| document.path);
        let templates = paths.chain(documents.further_templates()).filter(|path| !is_in_registry(path));
        templates.map(|path| deployment::unit(documents, inputs, path)).collect()
    }

    fn notation(&self) -> Option<&'static dyn Notation> {
        Some(&Self)
    }

    fn editor<'d>(&self, documents: &'d Documents) -> Editor<'d> {
        Box::new(|place, changes| edit::render(documents.get(place.file)?.json_around(place)?, changes))
    }
}

impl Notation for Frontend {
    fn template<'d>(
        &self,
        documents: &'d Documents,
        path: &str,
        at: Option<Anchor>,
    ) -> Option<Rc<dyn Template<'d> + 'd>> {
        let file = documents.json_at(path)?;
        // Only what comes from a registry is not among the author's files.
        let template = JsonTemplate::of(file, at.filter(|_| is_in_registry(path)))?;
        Some(Rc::new(template))
    }

    /// `main.parameters.json`, or the portal's `parameters.json` with its `template.json`.
    fn beside(&self, template: &str) -> Vec<String> {
        let stem = template.rsplit_once('.').map_or(template, |(stem, _)| stem);
        let mut paths = vec![format!("{stem}.parameters.json"), format!("{stem}.parameters.jsonc")];
        if let Some(folder) = template.strip_suffix("template.json")
            && (folder.is_empty() || folder.ends_with('/'))
        {
            paths.push(format!("{folder}parameters.json"));
        }
        paths
    }

    fn given(&self, path: &str, run: &mut Run) -> Vec<Rc<Given>> {
        let documents = run.files.documents;
        let file = documents.json_at(path).filter(|file| documents.is(file.id, Language::ArmParameters));
        file.map(|file| Rc::new(parameters(file))).into_iter().collect()
    }
}
