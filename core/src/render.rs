//! Turns the engine's results into texts, ranges and edits: the only module, beside `report`, that knows UTF-16 and the
//! words of each language.

use crate::lang::{Change, Documents, Editors, Resource};
use crate::report::{Position, Range, Related, ResourceRef, TextEdit};
use crate::sorted::sort_by;
use crate::text::{LineIndex, Place, Span, Utf16Position, around_names, shortened, unmarked};
use std::cell::OnceCell;

/// Turns places into paths and ranges. A file's lines are indexed on first use.
pub(crate) struct Places<'d> {
    /// Path, text and lines.
    files: Vec<(&'d str, &'d str, OnceCell<LineIndex<'d>>)>,
    editors: Editors<'d>,
}

impl<'d> Places<'d> {
    pub(crate) fn new(documents: &'d Documents) -> Self {
        let files = documents.all().iter().map(|file| (file.path, file.text, OnceCell::new())).collect();
        Self { files, editors: Editors::new(documents) }
    }

    pub(crate) fn path(&self, place: Place) -> &'d str {
        self.files.get(place.file.0 as usize).map_or("", |(path, ..)| path)
    }

    pub(crate) fn range(&self, place: Place) -> Range {
        let file = self.files.get(place.file.0 as usize);
        let position = |byte| {
            let found = match file {
                Some((_, text, lines)) => lines.get_or_init(|| LineIndex::new(text)).position(byte),
                None => Utf16Position::default(),
            };
            Position { line: found.line, character: found.character, offset: found.offset }
        };
        Range { start: position(place.span.start), end: position(place.span.end) }
    }
}

/// The start and end of a span of one line, in UTF-16 code units.
pub(crate) fn characters(line: &str, span: Span) -> (u32, u32) {
    let index = LineIndex::new(line);
    (index.position(span.start).character, index.position(span.end).character)
}

/// A message about a resource with its property names as in the resource's provider, or in the language of `place`.
pub(crate) fn in_own_words(text: &str, resource: &Resource, place: Place, documents: &Documents) -> String {
    // A message about what a provider makes is in its terms, wherever the value is written.
    let place = if resource.provider.is_some() { resource.place } else { place };
    let Some(language) = documents.language(place.file) else { return shown(text.to_owned()) };
    shown(around_names(text, |text| language.frontend().in_own_words(text, resource)))
}

pub(crate) fn related(place: Place, message: String, places: &Places) -> Related {
    Related { message, file: places.path(place).to_owned(), range: places.range(place) }
}

/// The maximum length of a text in a report, in bytes. A text may quote a value from a file, which can be of any size.
const MAX_SHOWN: usize = 2000;

pub(crate) fn shown(text: String) -> String {
    shortened(unmarked(text), MAX_SHOWN)
}

/// The text edits that make `changes`; `None` if the language cannot write one of them.
pub(crate) fn edits(changes: &[Change], documents: &Documents, places: &Places) -> Option<Vec<TextEdit>> {
    let mut changes: Vec<&Change> = changes.iter().collect();
    sort_by(&mut changes, |a, b| a.place().file.cmp(&b.place().file));
    let mut edits = Vec::new();
    for changes in changes.chunk_by(|a, b| a.place().file == b.place().file) {
        let place = changes.first()?.place();
        let rendered = places.editors.edits(documents.language(place.file)?, place, changes)?;
        edits.extend(rendered.into_iter().map(|edit| TextEdit {
            file: places.path(edit.place).to_owned(),
            range: places.range(edit.place),
            text: edit.text,
        }));
    }
    (!edits.is_empty()).then_some(edits)
}

pub(crate) fn resource_ref(resource: &Resource) -> ResourceRef {
    ResourceRef {
        kind: resource.kind.to_string(),
        name: shown(resource.name.display()),
        address: resource.address.clone(),
    }
}
