//! Modules that come from a registry: as the host found them in Bicep's cache, or a built-in summary of them.

use super::source::Source;
use super::template::BicepTemplate;
use crate::lang::deployment::{Frame, Template};
use crate::text::Place;
use std::rc::Rc;

/// A module in a registry: `br:mcr.microsoft.com/bicep/avm/res/key-vault/vault:0.9.0`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference(String);

/// The public registry.
const PUBLIC: &str = "mcr.microsoft.com/bicep/";

/// What a module's path names, if that is in a registry or is a template spec.
pub(super) fn reference(path: &str) -> Option<Reference> {
    if let Some(public) = path.strip_prefix("br/public:") {
        return Some(Reference(format!("br:{PUBLIC}{public}")));
    }
    let is_remote = ["br:", "br/", "ts:", "ts/"].iter().any(|scheme| path.starts_with(scheme));
    is_remote.then(|| Reference(path.to_owned()))
}

/// Whether a path names a module in a registry, not a file.
pub fn is_in_registry(path: &str) -> bool {
    reference(path).is_some()
}

/// The template of such a module: the compiled one that was handed over under its reference, or a summary of it.
/// `place` is where the module is named, `module` its whole declaration.
pub(super) fn template<'t>(
    frame: &Frame<'_, 't>,
    reference: &Reference,
    place: Place,
    module: Place,
) -> Option<Rc<dyn Template<'t> + 't>> {
    if !frame.world.has(&reference.0)
        && let Some(summary) = summary(reference)
    {
        return Some(Rc::new(BicepTemplate::summary(&reference.0, Rc::new(Source::read(summary)), module)));
    }
    frame.world.linked(frame, &reference.0, place, "module")
}

fn summary(_: &Reference) -> Option<&'static str> {
    None
}
