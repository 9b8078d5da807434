//! What sets Terraform apart from other languages.

use super::{File, Files, Inputs, Written, config, edit, expansion, json, plan, summary, words};
use crate::lang::documents::{Document, Documents, Parse, Tree, is_same_path};
use crate::lang::frontend::{self, Editor, Language, Reading, Unit};
use crate::lang::{Lowered, Problem, Resource, directory};
use crate::syntax::hcl;
use crate::syntax::json::{Node, comments};
use crate::text::{Place, Span};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Terraform's modules, values of variables and plans.
pub struct Frontend;

impl frontend::Frontend for Frontend {
    fn by_name(&self, path: &str) -> Option<(Language, Parse)> {
        let has_json_form =
            |path: &&str| [".tf", ".tofu", ".tfvars"].iter().any(|ending| path.ends_with(ending));
        let in_json = path.strip_suffix(".json").filter(has_json_form);
        let language = match in_json.unwrap_or(path).rsplit_once('.')?.1 {
            "tf" | "tofu" => Language::Terraform,
            "tfvars" => Language::TerraformVariables,
            _ => return None,
        };
        Some((language, |path, text| Tree::Hcl(Rc::new(read(path, text)))))
    }

    fn by_content(&self, root: &Node) -> Option<Language> {
        match root {
            Node::Object(root) if plan::is_plan(root) => Some(Language::TerraformPlan),
            _ => None,
        }
    }

    fn words(&self) -> &'static [&'static str] {
        &["terraform_version"]
    }

    fn is_foreign(&self, path: &str) -> bool {
        config::is_downloaded(path)
    }

    fn problems(&self, document: &Document) -> Vec<Problem> {
        document.terraform().map_or_else(|| document.json_problems(), File::problems)
    }

    fn comments<'d>(&self, document: &'d Document) -> Vec<(Span, &'d str)> {
        document.terraform().map_or_else(|| comments(document.text), File::comments)
    }

    fn units<'d>(&self, documents: &'d Documents, inputs: &'d frontend::Inputs) -> Vec<Unit<'d>> {
        let files = move || documents.terraform(Language::Terraform);
        let written = Rc::new(Written::new(files()));
        let summaries = Rc::new(summary::summaries(files()));
        let directories = written.entries().into_iter().map(|path| {
            let (written, summaries) = (Rc::clone(&written), Rc::clone(&summaries));
            let key = format!("directory {path}");
            let read = move || read_directory(documents, inputs, &written, &summaries, path);
            Unit { key, template: None, read: Box::new(read) }
        });
        let plans = documents.of(Language::TerraformPlan).map(|plan| {
            let read = move || Reading {
                lowered: plan.json().first().map(plan::lower_plan).into_iter().collect(),
                // Findings in a plan point into the files that it was made of.
                from: files().map(|file| file.path.clone()).chain([plan.path.to_owned()]).collect(),
            };
            Unit { key: format!("plan {}", plan.path), template: None, read: Box::new(read) }
        });
        directories.chain(plans).collect()
    }

    fn editor<'d>(&self, documents: &'d Documents) -> Editor<'d> {
        let modules = edit::Modules::new(documents.all().iter().filter_map(Document::terraform).collect());
        Box::new(move |place, changes| edit::render(&modules, place.file, changes))
    }

    fn in_own_words(&self, text: &str, resource: &Resource) -> String {
        match &resource.provider {
            Some(provider) => words::in_own_words(text, &provider.kind),
            None => text.to_owned(),
        }
    }

    fn origins<'d>(&self, documents: &'d Documents) -> Option<Box<dyn Fn(Place) -> Option<Place> + 'd>> {
        // Without plans nothing asks for the files.
        documents.of(Language::TerraformPlan).next()?;
        let origins = super::origin::Origins::new(Written::new(documents.terraform(Language::Terraform)));
        Some(Box::new(move |place| {
            let plan = documents.get(place.file).filter(|of| of.language == Some(Language::TerraformPlan))?;
            origins.of(plan.json().first()?, place)
        }))
    }
}

/// Reads a file, by the ending of its name.
pub(super) fn read(path: &str, text: &str) -> hcl::File {
    let name = path.to_ascii_lowercase();
    if name.ends_with(".json") { json::read(text, name.ends_with(".tfvars.json")) } else { hcl::parse(text) }
}

/// A directory with the modules that it calls, once for each file of values that was named.
fn read_directory(
    documents: &Documents,
    inputs: &frontend::Inputs,
    written: &Written,
    summaries: &HashMap<String, File>,
    path: &str,
) -> Reading {
    let asked = RefCell::<Vec<String>>::default();
    let text = |path: &str| {
        asked.borrow_mut().push(path.to_owned());
        documents.text(path).map(|(_, text)| text)
    };
    let files = Files::new(written, summaries, &text);
    let values = || documents.terraform(Language::TerraformVariables);
    let (plain, automatic): (Vec<_>, Vec<_>) = values()
        .filter(|file| directory(&file.path) == path && is_read_by_itself(&file.path))
        .partition(|file| !is_automatic(&file.path));
    let beside: Vec<&File> = plain.into_iter().chain(automatic).collect();
    let given = |named: Option<&File>| {
        let given = || beside.iter().copied().chain(named);
        Inputs {
            given: given().flat_map(expansion::literals).collect(),
            parameters: inputs.values.clone(),
            partially_parsed: given().any(|file| file.source.body.partially_parsed),
        }
    };
    let file = |path: &String| values().find(|file| is_same_path(&file.path, path));
    let named: Vec<&File> = inputs.files.iter().filter_map(file).collect();
    let runs = if named.is_empty() { vec![None] } else { named.into_iter().map(Some).collect() };
    let lower = |named| expansion::lower(&files, path, &given(named));
    let lowered: Vec<Lowered> = runs.into_iter().map(lower).collect();
    let mut from = asked.take();
    let directories = files.asked.take().into_iter().chain([path.to_owned()]);
    from.extend(directories.map(|path| format!("{path}/")));
    from.extend(inputs.files.iter().cloned());
    Reading { lowered, from }
}

/// Whether a file of values is read without being named: `terraform.tfvars`, or an automatic one.
fn is_read_by_itself(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    matches!(name, "terraform.tfvars" | "terraform.tfvars.json") || is_automatic(path)
}

/// Whether a file of values is called `….auto.tfvars`.
fn is_automatic(path: &str) -> bool {
    path.ends_with(".auto.tfvars") || path.ends_with(".auto.tfvars.json")
}
