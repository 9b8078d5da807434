//! Bicep, read without its compiler.

mod edit;
#[cfg(test)]
mod edit_tests;
mod frontend;
mod layout;
mod names;
mod parameters;
mod registry;
mod source;
mod template;
#[cfg(test)]
mod tests;

pub use frontend::Frontend;
pub use source::Source;
pub use template::BicepTemplate;

use crate::text::FileId;
use std::rc::Rc;

/// One Bicep file of a project.
#[derive(Debug)]
pub struct File<'t> {
    /// The index of its file in the project.
    pub id: FileId,
    /// The path of its file as the host named it.
    pub path: &'t str,
    /// What it declares; kept between checks while the text stays the same.
    pub source: Rc<Source>,
}

impl File<'_> {
    /// The file as a template.
    pub fn template(&self) -> BicepTemplate {
        BicepTemplate::new(self.id, self.path, Rc::clone(&self.source))
    }
}
