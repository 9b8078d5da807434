//! Changes to a model, in no language: what a fix wants to be written differently.

use super::Resource;
use crate::eval::Value;
use crate::text::Place;

/// A change to something in the model that was written in a file.
#[derive(Clone, Debug)]
pub enum Change {
    /// Write another literal where this value is.
    Replace {
        /// Place of the value.
        value: Place,
        /// The literal that takes its place, with whatever the value was written as.
        with: Literal,
    },
    /// Give an object a property it does not have.
    Insert {
        /// Place of the object.
        object: Place,
        /// Name of the property, in ARM's spelling.
        key: &'static str,
        /// What the property is set to.
        value: Literal,
    },
    /// Give a list another element, behind those it has.
    Append {
        /// Place of the list.
        list: Place,
        /// What is written behind the last element.
        value: Literal,
    },
    /// Declare another resource, in the file and the deployment of one that is there.
    Add {
        /// Place of the resource that is there.
        beside: Place,
        /// What is declared; it may refer to others by their places.
        resource: NewResource,
    },
    /// Take this element out of its list, or this property out of its object.
    Remove {
        /// Place of the value.
        value: Place,
    },
    /// Write another DNS name wherever a text of the file names this one, alone or as a part of a path.
    Rename {
        /// A place in the file.
        file: Place,
        /// The name as it is.
        from: String,
        /// The name as it is to be.
        to: &'static str,
    },
}

/// A resource to declare. Those it is a part of and those it names are deployed before it, and where one of them is
/// deployed on a condition, so is this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewResource {
    /// ARM type with its parents'.
    pub kind: &'static str,
    /// The API version to write it for.
    pub api_version: String,
    /// Place of the resource it is a part of, for a type that has parents.
    pub parent: Option<Place>,
    /// Its name, without its parents'.
    pub name: Literal,
    /// Its location, where the type has one.
    pub location: Option<&'static str>,
    /// The members of `properties` in ARM's names, written in this order.
    pub properties: Vec<(&'static str, Literal)>,
}

/// A value to write into a template. What refers to a resource is written as the language refers to it; the change
/// cannot be made where it has no way to, as between deployments or into a loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `true`, `false`.
    Bool(bool),
    /// Without quotes or escapes; each language adds its own.
    Text(String),
    /// The elements, in order.
    List(Vec<Literal>),
    /// The members, in order, with ARM's names.
    Object(Vec<(&'static str, Literal)>),
    /// The id of the resource that is declared at this place. What it is written into is deployed after that.
    Id(Place),
    /// The name of the resource that is declared at this place.
    Name(Place),
}

impl Change {
    /// A place in the file that changes: of the value, or of what it is added to.
    pub fn place(&self) -> Place {
        match self {
            Self::Replace { value, .. } | Self::Remove { value } => *value,
            Self::Insert { object, .. } => *object,
            Self::Append { list, .. } => *list,
            Self::Add { beside, .. } => *beside,
            Self::Rename { file, .. } => *file,
        }
    }

    /// Gives `object` the property `key`, or replaces the one it has. Nothing when the object has no place.
    pub fn set(object: &Value, key: &'static str, value: Literal) -> Option<Self> {
        let present = object.get(key);
        // A default has no place of its own: it is reported where it could be written.
        let is_written = !present.is_null()
            && !present.place.is_some_and(|at| object.place == Some(at) || object.anchor == Some(at));
        match (is_written, present.place, object.place) {
            (true, Some(place), _) => Some(Self::Replace { value: place, with: value }),
            (false, _, Some(place)) if object.as_object().is_some() => {
                Some(Self::Insert { object: place, key, value })
            }
            _ => None,
        }
    }

    /// Gives the list `key` of `object` another element; the object gets the list where it has none. Nothing when
    /// either has no place, or the list is made by an expression.
    pub fn append(object: &Value, key: &'static str, value: Literal) -> Option<Self> {
        let list = object.get(key);
        let is_default = list.place.is_some_and(|at| object.place == Some(at) || object.anchor == Some(at));
        if list.is_null() || (is_default && list.as_array().is_some_and(<[Value]>::is_empty)) {
            return Self::set(object, key, Literal::List(vec![value]));
        }
        match (list.as_array(), list.place) {
            (Some(_), Some(list)) => Some(Self::Append { list, value }),
            _ => None,
        }
    }

    /// Takes a value out of what holds it.
    pub fn remove(value: &Value) -> Option<Self> {
        value.place.map(|value| Self::Remove { value })
    }

    /// Writes another text where a value of a resource is, unless it is elsewhere, for others too.
    pub fn rewrite(resource: &Resource, value: &Value, with: &str) -> Option<Self> {
        if resource.holds(value) { Self::replace(value, Literal::Text(with.to_owned())) } else { None }
    }

    /// Writes another literal where a value is.
    pub fn replace(value: &Value, with: Literal) -> Option<Self> {
        value.place.map(|value| Self::Replace { value, with })
    }
}
