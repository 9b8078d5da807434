//! The interface of a template in any language: its declarations, and the values that are written in them.

use super::deployment_scope::Level;
use super::instance::Instance;
use super::scope::Frame;
use crate::eval::{Field, Locals, Value};
use crate::text::{FileId, Place};
use std::collections::HashMap;
use std::rc::Rc;

/// Finds the other files that a template names.
pub trait Templates<'t> {
    /// The template in a file, if there is one. In a file that its author does not have, everything has the place `at`.
    fn template(&self, path: &str, at: Option<Anchor>) -> Option<Rc<dyn Template<'t> + 't>>;
    /// A file as text, whatever it is.
    fn text(&self, path: &str) -> Option<(FileId, &'t str)>;
}

/// The place of everything in a template that is not among its author's files, such as a module from a registry: the
/// declaration that names it. No edit can be made at either place.
#[derive(Clone, Copy, Debug)]
pub struct Anchor {
    /// The whole declaration, which is the place of resources.
    pub declaration: Place,
    /// Its name, where all else does.
    pub name: Place,
}

/// One template: a JSON object, or a Bicep file.
pub trait Template<'t> {
    /// Its file, and in it the whole template.
    fn place(&self) -> Place;
    /// The path of its file.
    fn path(&self) -> &str;
    /// At which level it deploys.
    fn level(&self) -> Level;
    /// Whether part of its file could not be read.
    fn is_partially_parsed(&self) -> bool;
    /// The names of its parameters.
    fn parameters(&self) -> Vec<Rc<str>>;
    /// What it declares of a parameter.
    fn parameter(&self, name: &str) -> Option<Parameter>;
    /// The default of a parameter.
    fn default(&self, name: &str, frame: &Frame<'_, 't>) -> Option<Value>;
    /// The only values a parameter may have; empty when it may be anything.
    fn allowed(&self, name: &str, frame: &Frame<'_, 't>) -> Vec<Value>;
    /// The value of a variable.
    fn variable(&self, name: &str, frame: &Frame<'_, 't>) -> Option<Value>;
    /// The result of a function that the template defines.
    fn function(
        &self,
        namespace: Option<&str>,
        name: &str,
        args: &[Value],
        frame: &Frame<'_, 't>,
    ) -> Option<Value>;
    /// The names of its outputs with their places; those that are secret are not among them.
    fn outputs(&self) -> Vec<(Rc<str>, Place)>;
    /// The value of an output.
    fn output(&self, name: &str, frame: &Frame<'_, 't>) -> Option<Value>;
    /// Its resources, in the order they are declared.
    fn resources(&self) -> Vec<Rc<dyn Declaration<'t> + 't>>;
    /// The parameters that are passed to it in its own file.
    fn passed(&self) -> Option<Given> {
        None
    }
}

/// The declaration of a parameter, without its default.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name as declared.
    pub name: Rc<str>,
    /// Where the name is.
    pub place: Option<Place>,
    /// Whether it may be left out without a default.
    pub nullable: bool,
    /// Whether its value is secret.
    pub secure: bool,
}

/// One resource as it is declared, its loops not expanded. A frame binds the loops' indices.
pub trait Declaration<'t> {
    /// Where it is declared.
    fn place(&self) -> Place;
    /// Its symbolic name, if it has one.
    fn symbol(&self) -> Option<&str>;
    /// Its ARM type; a type without a dot continues the type of the resource around it.
    fn kind(&self, frame: &Frame<'_, 't>) -> Value;
    /// Its name as written: beside a parent the last part, otherwise all parts.
    fn name(&self, frame: &Frame<'_, 't>) -> Value;
    /// The API version; null where there is none.
    fn api_version(&self, frame: &Frame<'_, 't>) -> Value;
    /// Whether it is only referred to.
    fn is_existing(&self) -> bool;
    /// Whether part of its text could not be read.
    fn is_partially_parsed(&self) -> bool;
    /// Whether one that exists is left as it is.
    fn is_only_created(&self) -> bool;
    /// Whether this is deployed, without the conditions of what it is written in; `None` where it has no `condition`.
    fn condition(&self, frame: &Frame<'_, 't>) -> Option<Value>;
    /// Its loop, evaluated around the resource.
    fn looped(&self, frame: &Frame<'_, 't>) -> Option<Loop<'t>>;
    /// The resource it names as its parent; one that is written around it need not be named.
    fn parent(&self, frame: &Frame<'_, 't>) -> Option<Rc<Instance<'t>>>;
    /// Where it says it lands, or for an extension what it extends.
    fn target(&self, frame: &Frame<'_, 't>) -> Target;
    /// Everything it declares, without what has a method of its own here.
    fn body(&self, frame: &Frame<'_, 't>) -> Value;
    /// The resources written inside it.
    fn children(&self) -> Vec<Rc<dyn Declaration<'t> + 't>>;
    /// The template that it deploys, if it is a deployment.
    fn nested(&self, frame: &Frame<'_, 't>) -> Option<Nested<'t>>;
    /// Everything it passes to that template, but for secrets: who reads one from a vault does not learn the vault's name.
    fn arguments(&self, frame: &Frame<'_, 't>) -> Value;
    /// What it passes for a parameter of that template.
    fn argument(&self, name: &str, frame: &Frame<'_, 't>) -> Option<Value>;
}

/// A loop over a resource.
pub struct Loop<'t> {
    /// How many turns it makes.
    pub count: Value,
    /// What names its index.
    pub name: Option<Rc<str>>,
    /// Binds what a turn may name, for the index it is given.
    pub bind: Bind<'t>,
    /// Where the count is.
    pub place: Place,
}

/// The names that a turn of a loop adds to those around it, for the index it is given.
pub type Bind<'t> = Rc<dyn Fn(&Locals, Value) -> Locals + 't>;

/// Where a declaration says that it lands; unset parts are as around it.
#[derive(Default)]
pub struct Target {
    /// An id, or what a `scope` may say instead of one.
    pub scope: Option<Value>,
    /// The id of a subscription.
    pub subscription: Option<Value>,
    /// The name of a resource group.
    pub resource_group: Option<Value>,
}

/// The template of a deployment resource.
pub struct Nested<'t> {
    /// Expanded in the deployment's own scope, with the parameters that the resource passes.
    pub template: Rc<dyn Template<'t> + 't>,
    /// Whether its expressions see the parameters and variables of the template around it, not its own.
    pub outer_scope: bool,
}

/// Parameters that a file gives.
#[derive(Debug, Default)]
pub struct Given {
    /// Their values, by name in lower case.
    pub(in crate::lang) values: HashMap<String, Value>,
    /// Those that are read from a vault: `{"reference": …}` by name.
    pub secrets: Vec<Field>,
    /// Whether part of the file could not be read.
    pub partially_parsed: bool,
}

impl Given {
    /// The value it gives a parameter.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(&name.to_ascii_lowercase())
    }

    /// Gives a parameter a value; of two the first counts.
    pub fn give(&mut self, name: &str, value: Value) {
        self.values.entry(name.to_ascii_lowercase()).or_insert(value);
    }
}
