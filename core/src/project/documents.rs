//! The files of a project as documents: what language each is, and its tree.

use super::Language;
use crate::lang::arm;
use crate::syntax::json::{self, Node};
use crate::text::FileId;
use std::collections::BTreeMap;

/// The files of a project, parsed.
#[derive(Debug)]
pub(super) struct Documents<'t> {
    /// Every file, in path order; a [`FileId`] is an index into it.
    pub(super) files: Vec<Document<'t>>,
    /// The JSON files among them.
    pub(super) json: Vec<arm::File<'t>>,
}

/// One file.
#[derive(Debug)]
pub(super) struct Document<'t> {
    pub(super) path: &'t str,
    pub(super) text: &'t str,
    pub(super) language: Option<Language>,
}

impl<'t> Documents<'t> {
    pub(super) fn read(texts: &'t BTreeMap<String, String>) -> Self {
        let mut files = Vec::with_capacity(texts.len());
        let mut trees = Vec::new();
        for (index, (path, text)) in texts.iter().enumerate() {
            let id = FileId(u32::try_from(index).unwrap_or(u32::MAX));
            let parsed = json::parse(text);
            let language = language(path, &parsed);
            files.push(Document { path, text, language });
            if language.is_some() {
                trees.push(arm::File { id, path, parsed });
            }
        }
        Self { files, json: trees }
    }

    pub(super) fn get(&self, id: FileId) -> Option<&Document<'t>> {
        self.files.get(id.0 as usize)
    }

    pub(super) fn tree(&self, id: FileId) -> Option<&arm::File<'t>> {
        let at = self.json.binary_search_by_key(&id, |file| file.id).ok()?;
        self.json.get(at)
    }

    pub(super) fn language(&self, id: FileId) -> Option<Language> {
        self.get(id).and_then(|document| document.language)
    }
}

/// What a text is, by its content; `None` for JSON that is none of ours. Never fails: broken text that starts like a
/// template is one.
pub fn identify(path: &str, text: &str) -> Option<Language> {
    // Most JSON is none of ours, and says none of these words.
    let mentions = |word: &str| {
        let (word, text) = (word.as_bytes(), text.as_bytes());
        text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
    };
    if !["microsoft.", "deploymenttemplate", "deploymentparameters", "contentversion", "defaultaction"]
        .iter()
        .any(|word| mentions(word))
    {
        return None;
    }
    language(path, &json::parse(text))
}

fn language(_path: &str, parsed: &json::Parsed) -> Option<Language> {
    match parsed.root.as_ref()? {
        Node::Object(root) if arm::is_template(root) => Some(Language::Arm),
        Node::Object(root) if arm::is_parameters(root) => Some(Language::ArmParameters),
        _ => None,
    }
}
