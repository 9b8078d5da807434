//! What sets Bicep apart from other languages.

use super::{Source, edit, names, parameters};
use crate::lang::deployment::{self, Anchor, Given, Notation, Run, Template, is_in_registry};
use crate::lang::documents::{Document, Documents, Parse, Tree, is_same_path};
use crate::lang::frontend::{self, Editor, Inputs, Language, Reading, Unit};
use crate::lang::{Lowered, Problem, ProblemKind, Resource, relative};
use crate::sorted::Set;
use crate::syntax::bicep::comments;
use crate::text::{Place, Span};
use std::rc::Rc;

/// Bicep files and their parameter files.
pub struct Frontend;

/// Parameter files that extend one another, at most.
const MAX_EXTENDS: usize = 16;

impl frontend::Frontend for Frontend {
    fn by_name(&self, path: &str) -> Option<(Language, Parse)> {
        let read: Parse = |_, text| Tree::Bicep(Rc::new(Source::read(text)));
        match path.rsplit_once('.')?.1 {
            "bicep" => Some((Language::Bicep, read)),
            "bicepparam" => Some((Language::BicepParameters, read)),
            _ => None,
        }
    }

    fn references(&self, document: &Document) -> Vec<String> {
        let Some(file) = document.bicep() else { return Vec::new() };
        let source = &file.source;
        let all = source.modules().chain(source.imports()).chain(source.extends());
        let files = all.filter(|path| !is_in_registry(path));
        files.map(|path| relative(file.path, path)).collect()
    }

    fn problems(&self, document: &Document) -> Vec<Problem> {
        document.bicep().map(|file| file.source.problems(file.id)).unwrap_or_default()
    }

    fn comments<'d>(&self, document: &'d Document) -> Vec<(Span, &'d str)> {
        document.bicep().map(|file| comments(file.source.tree())).unwrap_or_default()
    }

    /// The files that no other one deploys as a module by its text; all of them when they deploy each other in a circle.
    fn units<'d>(&self, documents: &'d Documents, inputs: &'d Inputs) -> Vec<Unit<'d>> {
        let files = || documents.of(Language::Bicep).filter_map(Document::bicep);
        let modules = files().flat_map(|file| {
            file.source.modules().map(|path| relative(file.path, path)).filter(|path| path != file.path)
        });
        let modules = Set::from(modules.collect::<Vec<_>>());
        let all = || files().map(|file| file.path);
        let own: Vec<&str> =
            all().filter(|path| !modules.contains(path.replace('\\', "/").as_str())).collect();
        let entries = if own.is_empty() { all().collect() } else { own };
        let templates = entries.into_iter().map(|path| deployment::unit(documents, inputs, path));
        templates.chain(without_template(documents, inputs)).collect()
    }

    fn notation(&self) -> Option<&'static dyn Notation> {
        Some(&Self)
    }

    fn editor<'d>(&self, documents: &'d Documents) -> Editor<'d> {
        Box::new(|place, changes| edit::render(documents.get(place.file)?.bicep()?, changes))
    }

    fn in_own_words(&self, text: &str, _resource: &Resource) -> String {
        names::in_own_words(text)
    }
}

/// Templates that parameter files name which a user asked for, and that are not among the files.
fn without_template<'d>(documents: &'d Documents, inputs: &'d Inputs) -> Option<Unit<'d>> {
    let files = documents.all().iter().filter_map(Document::bicep);
    let named = files.filter(|file| inputs.files.iter().any(|path| path == file.path));
    let using = |file: &super::File| {
        let using = file.source.using().filter(|using| !is_in_registry(using))?;
        Some(relative(file.path, using)).filter(|path| documents.text(path).is_none())
    };
    let missing: Vec<String> = named.filter_map(using).collect();
    (!missing.is_empty()).then(|| Unit {
        key: format!("missing {}", missing.join("\n")),
        template: None,
        read: Box::new(move || Reading {
            from: missing.clone(),
            lowered: vec![Lowered { missing: missing.clone(), ..Lowered::default() }],
        }),
    })
}

impl Notation for Frontend {
    fn template<'d>(
        &self,
        documents: &'d Documents,
        path: &str,
        _at: Option<Anchor>,
    ) -> Option<Rc<dyn Template<'d> + 'd>> {
        let file = documents.find(path)?.bicep()?;
        Some(Rc::new(file.template()))
    }

    fn beside(&self, template: &str) -> Vec<String> {
        template.strip_suffix(".bicep").map(|stem| format!("{stem}.bicepparam")).into_iter().collect()
    }

    fn given(&self, path: &str, run: &mut Run) -> Vec<Rc<Given>> {
        let Run { files, template, inputs, budget, found } = run;
        let at = |path: &str| {
            files.ask(path);
            files
                .documents
                .find(path)
                .filter(|file| file.language == Some(Language::BicepParameters))?
                .bicep()
        };
        let Some(file) = at(path) else { return Vec::new() };
        let is_for =
            file.source.using().is_none_or(|using| is_same_path(template, &relative(file.path, using)));
        if !is_for {
            return Vec::new();
        }
        let mut chain = vec![file];
        let mut is_cut = false;
        while let Some((last, path)) = chain.last().and_then(|file| Some((*file, file.source.extends()?))) {
            let path = relative(last.path, path);
            if chain.len() == MAX_EXTENDS {
                let span = last.source.extends_at().unwrap_or_default();
                let message = format!(
                    "more than {MAX_EXTENDS} parameter files extend one another, and what this one extends is not read"
                );
                let place = Place { file: last.id, span };
                found.problems.push(Problem::new(place, ProblemKind::EvaluationLimit, message));
                is_cut = true;
                break;
            }
            match at(&path) {
                Some(next) if chain.iter().all(|file| file.id != next.id) => chain.push(next),
                Some(_) => break,
                None => {
                    files.ask(&path);
                    found.missing.extend(files.documents.text(&path).is_none().then_some(path));
                    break;
                }
            }
        }
        let read = chain.into_iter().rev().enumerate().map(|(at, file)| {
            let cloud = inputs.cloud.unwrap_or_default();
            let (mut given, mut lowered) = parameters::given(*files, file, cloud, budget);
            given.partially_parsed |= is_cut && at == 0;
            found.problems.append(&mut lowered.problems);
            found.missing.append(&mut lowered.missing);
            found.unknown_functions.append(&mut lowered.unknown_functions);
            Rc::new(given)
        });
        read.collect()
    }
}
