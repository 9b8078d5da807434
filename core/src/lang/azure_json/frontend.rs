//! What sets Azure's own JSON apart from other languages.

use super::{MAX_ROWS, lower, rows};
use crate::lang::documents::{Document, Documents};
use crate::lang::frontend::{self, Inputs, Language, Reading, Unit};
use crate::syntax::json::Node;

/// [`Language::AzureJson`], read as one unit.
pub struct Frontend;

impl frontend::Frontend for Frontend {
    fn by_content(&self, root: &Node) -> Option<Language> {
        rows::is_azure(root).then_some(Language::AzureJson)
    }

    fn words(&self) -> &'static [&'static str] {
        &[
            "microsoft.",
            "defaultaction",
            "privatednszone",
            "provisioningstate",
            "arecords",
            "vaulturi",
            "hsmuri",
            "numberofrecordsets",
            "/subscriptions/",
            "total_records",
            "resulttruncated",
        ]
    }

    fn max_rows(&self) -> Option<usize> {
        Some(MAX_ROWS)
    }

    fn units<'d>(&self, documents: &'d Documents, inputs: &'d Inputs) -> Vec<Unit<'d>> {
        let exports = || documents.of(Language::AzureJson);
        let paths: Vec<String> = exports().map(|document| document.path.to_owned()).collect();
        if paths.is_empty() {
            return Vec::new();
        }
        let key = format!("export {}", paths.join("\n"));
        let read = move || Reading {
            lowered: vec![lower(exports().flat_map(Document::json), inputs.before)],
            from: paths.clone(),
        };
        vec![Unit { key, template: None, read: Box::new(read) }]
    }
}
