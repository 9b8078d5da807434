//! The texts of a project, each read once.

use crate::lang::{Document, Documents, Kept};
use crate::sorted::Map;
use crate::text::FileId;
use std::cell::RefCell;

/// What was read of files that have not changed since, by path.
#[derive(Debug, Default)]
pub(crate) struct Parsed(RefCell<Map<String, Kept>>);

impl Parsed {
    /// A file has changed.
    pub(crate) fn forget(&mut self, path: &str) {
        self.0.get_mut().remove(path);
    }

    pub(crate) fn documents<'t>(&self, texts: &'t Map<String, String>) -> Documents<'t> {
        let mut known = self.0.borrow_mut();
        let read = |(index, (path, text)): (usize, &'t (String, String))| {
            let id = FileId(u32::try_from(index).unwrap_or(u32::MAX));
            let before = known.get(path).cloned();
            let is_new = before.is_none();
            let (document, kept) = Document::read(id, path, text, before);
            if is_new {
                known.insert(path.clone(), kept);
            }
            document
        };
        Documents::new(texts.iter().enumerate().map(read).collect())
    }
}
