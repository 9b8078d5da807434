//! The languages: each lowers its syntax into resources with an ARM type, a name, an identity and a body in ARM's
//! shape. The network model sees nothing else of them.

pub mod arm;
pub mod azure_json;
pub mod bicep;
mod change;
pub mod deployment;
mod documents;
mod frontend;
mod lists;
mod notes;
mod once;
mod source;
pub mod terraform;

pub use change::{Change, Literal, NewResource};
pub use documents::{Document, Documents, Kept, identify, is_same_path};
pub use frontend::{Editors, Frontend, Inputs, Language, Reading, Unit, is_foreign, origins, units};
pub use lists::Lists;
pub use source::File;

use crate::azure::Cloud;
use crate::eval::{Assumptions, Value};
use crate::text::{Name, Place, shortened};
use std::rc::Rc;

/// One resource, as a template declares it or refers to it.
#[derive(Clone, Debug)]
pub struct Resource {
    /// ARM type as written, with its parents': `Microsoft.Network/virtualNetworks/subnets`.
    pub kind: Rc<str>,
    /// What its author calls it.
    pub address: String,
    /// Its name with its parents': `vnet/subnet`.
    pub name: Value,
    /// The resource id: text where all of its names are known, otherwise text with holes.
    pub id: Value,
    /// The API version it is written for; null where there is none.
    pub api_version: Value,
    /// The whole resource in ARM's shape.
    pub body: Value,
    /// Whether it is only referred to: known to exist, otherwise unknown.
    pub referenced: bool,
    /// Whether it is deployed.
    pub condition: Value,
    /// Set when this represents any number of copies.
    pub repeated: bool,
    /// Set when part of its text could not be read: what it seems to lack is unknown.
    pub partially_parsed: bool,
    /// Set when it is written only where it does not exist yet: one that exists stays as it is.
    pub only_created: bool,
    /// The body that it is made with, where requests that follow change it into `body`.
    pub made_as: Option<Box<Value>>,
    /// The whole resource in its file.
    pub place: Place,
    /// What a provider of Terraform does with it; `None` for what is deployed by Azure itself, or is Azure's word.
    pub provider: Option<Rc<Provider>>,
}

/// What rules need to know of a provider's resource beside the properties that Azure gets.
#[derive(Clone, Debug, Default)]
pub struct Provider {
    /// The type of the resource for it: `azurerm_key_vault`.
    pub kind: Rc<str>,
    /// Attributes whose changes it ignores.
    pub ignores: Vec<Rc<str>>,
    /// Whether that is all it ignores: a plan does not show what is ignored.
    pub shows_ignores: bool,
    /// Whether each copy of the block may have a configuration of the provider of its own, and so be in a subscription of
    /// its own (`provider = azurerm.all[each.key]`).
    pub chosen_by_copy: bool,
    /// The `contact` blocks of a vault, which the provider writes through the data plane.
    pub contact: Value,
    /// Whether it surely refuses them on a vault without public access.
    pub refuses_contact: bool,
    /// Arguments that a newer version of the provider, which the module admits, no longer has.
    pub removed: Vec<Removed>,
    /// Arguments that a newer version of the provider, which the module admits, wants written, with where they could be.
    pub wanted: Vec<(&'static str, Place)>,
    /// Of what is made through the data plane: addresses of the resources that are surely made before it, or `None` where
    /// that is not known.
    pub after: Option<Rc<[String]>>,
}

impl Provider {
    /// Whether it refuses by itself what it finds wrong: `azurerm` does, `azapi` hands on what is written.
    pub fn checks(&self) -> bool {
        !self.kind.starts_with("azapi_")
    }
}

/// An argument that a version of a provider no longer has.
#[derive(Clone, Debug)]
pub struct Removed {
    /// The attribute or block, without those around it.
    pub name: &'static str,
    /// Where it is written.
    pub place: Place,
    /// What is written instead.
    pub instead: &'static str,
}

/// Bytes of a name in a message; no name that Azure accepts is longer.
const MAX_LABEL: usize = 300;

impl Resource {
    /// Its name for a message: as it is where it is known, otherwise what its author calls it, or the expression it
    /// comes from.
    pub fn label(&self) -> Name {
        let is_symbolic = !self.address.is_empty() && !self.address.contains('/');
        match self.name.as_text() {
            None if is_symbolic => Name::new(shortened(self.address.clone(), MAX_LABEL)),
            _ => label(&self.name),
        }
    }

    /// Whether Azure shows it as it is, and not as an author wants it to be: Azure's own JSON names no version.
    pub fn is_shown(&self) -> bool {
        self.api_version.is_null() && self.provider.is_none()
    }

    /// The body that it is made with.
    pub fn as_made(&self) -> &Value {
        self.made_as.as_deref().unwrap_or(&self.body)
    }

    /// The body that a resource which exists as `before` has after this is deployed, where that is not [`Self::body`].
    pub fn kept_of(&self, before: &Resource) -> Option<Value> {
        match self.only_created {
            true => Some(before.body.clone()),
            false => terraform::keeping(self, before),
        }
    }

    /// Whether that is written in the resource itself, so that a change of it changes nothing else.
    pub fn holds(&self, value: &Value) -> bool {
        value.place.is_some_and(|place| {
            let (whole, part) = (self.place.span, place.span);
            place.file == self.place.file && whole.start <= part.start && part.end <= whole.end
        })
    }
}

/// A name for a message: as it is where it is known, otherwise the expression it comes from.
pub fn label(name: &Value) -> Name {
    match name.as_text() {
        Some(name) => Name::new(shortened(name.to_owned(), MAX_LABEL)),
        None if name.pieces().len() > 1 => Name::of_expression(shortened(name.normal(), MAX_LABEL)),
        None => Name::of_expression(shortened(format!("[{}]", name.normal()), MAX_LABEL)),
    }
}

/// What a language made of its files.
#[derive(Debug, Default)]
pub struct Lowered {
    /// The resources, in the order they are declared.
    pub resources: Vec<Resource>,
    /// What each deployment gives back, as a resource of its own that has the outputs for properties.
    pub outputs: Vec<Resource>,
    /// The parameters, or variables, that the whole takes from outside.
    pub parameters: Vec<Rc<str>>,
    /// What is wrong with the text itself.
    pub problems: Vec<Problem>,
    /// Set when part of the text could not be read: what seems to be missing may be there.
    pub partially_parsed: bool,
    /// Paths of files that are referred to and not among those of the project.
    pub missing: Vec<String>,
    /// Paths of files that the host did not pass and need not: a summary may replace them.
    pub summarized: Vec<String>,
    /// Deployments of which it is unknown what they deploy.
    pub unread: Vec<Unread>,
    /// Names of functions that are called and not known: what they give is open.
    pub unknown_functions: Vec<String>,
    /// Paths of files that were read as part of this one.
    pub used: Vec<String>,
    /// What was listed as a whole: more of it does not exist.
    pub lists: Lists,
    /// The clouds that providers are configured for, with the defaults that this rests on.
    pub clouds: Vec<(Cloud, Assumptions)>,
}

/// A deployment of which it is unknown what it deploys.
#[derive(Clone, Debug)]
pub struct Unread {
    /// As messages show it: the name of the deployment, or Terraform's address of the module.
    pub name: String,
    /// Everything that is passed to it.
    pub arguments: Value,
}

/// Something wrong with the text itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// What the finding underlines.
    pub place: Place,
    /// Decides which rule reports it.
    pub kind: ProblemKind,
    /// One line, as the message of the finding.
    pub message: String,
    /// The parameters whose defaults make it one.
    pub assumed: Assumptions,
    /// Another place that has part in it, and what is there.
    pub related: Option<(Place, &'static str)>,
}

impl Problem {
    /// One that is there whatever the parameters are.
    pub fn new(place: Place, kind: ProblemKind, message: impl Into<String>) -> Self {
        Self { place, kind, message: message.into(), assumed: Assumptions::default(), related: None }
    }

    /// An expression that asks an object for a property that it does not have.
    fn no_property(place: Place, message: String, object: Option<Place>, assumed: Assumptions) -> Self {
        let related = object.map(|object| (object, "the object is written here"));
        Self { assumed, related, ..Self::new(place, ProblemKind::InvalidExpression, message) }
    }
}

/// Problems in their order, of which those with another place are one for each place: a loop meets one with every element.
fn once_each(mut problems: Vec<Problem>) -> Vec<Problem> {
    crate::sorted::sort_by(&mut problems, |a, b| {
        (a.place, a.kind, a.assumed.len()).cmp(&(b.place, b.kind, b.assumed.len()))
    });
    problems.dedup_by(|b, a| {
        (a.place, a.kind) == (b.place, b.kind) && a.related.is_some() && b.related.is_some()
    });
    problems
}

/// Names that a message shows.
const MAX_NAMES: usize = 8;

/// What an object has instead of the property that it lacks.
fn in_its_place(known: &[Rc<str>]) -> String {
    if known.is_empty() {
        return ": it is empty".to_owned();
    }
    let mut names: Vec<String> = known.iter().take(MAX_NAMES).map(|name| format!("`{name}`")).collect();
    names.extend((known.len() > MAX_NAMES).then(|| "…".to_owned()));
    shortened(format!(", only {}", names.join(", ")), MAX_LABEL)
}

/// Kinds of problems; each has a rule of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The text breaks the language's grammar.
    Syntax,
    /// A name given twice in one object.
    DuplicateKey,
    /// A symbol that nothing declares.
    UnresolvedReference,
    /// A file that is not among those of the project.
    UnresolvedModule,
    /// A bound was met.
    EvaluationLimit,
    /// A call that Azure would refuse.
    InvalidExpression,
    /// Exports that show one resource differently.
    ConflictingExports,
    /// A suppression that suppresses nothing.
    UnusedSuppression,
    /// A suppression without a reason, or of a rule there is not.
    InvalidSuppression,
}

/// The directory of a path; empty for a file without one.
pub fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// The directory part of a path joined with a relative one; `.` and `..` are resolved, `\` counts as `/`.
pub fn relative(base: &str, path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    let rooted = path.starts_with('/');
    if !rooted {
        parts.extend(base.split('/'));
        parts.pop();
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| !matches!(*last, "" | "..")) => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if rooted { format!("/{joined}") } else { joined }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn relative_paths_start_at_the_file_that_names_them() {
        assert_eq!(relative("infra/main.json", "nested/kv.json"), "infra/nested/kv.json");
        assert_eq!(relative("infra/a/main.json", "../kv.json"), "infra/kv.json");
        assert_eq!(relative("main.json", "./kv.json"), "kv.json");
        assert_eq!(relative("main.json", "../kv.json"), "../kv.json");
        assert_eq!(relative("/x/main.json", "kv.json"), "/x/kv.json");
        assert_eq!(relative("a\\main.json", "kv.json"), "kv.json");
    }
}
