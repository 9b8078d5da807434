//! Changes to a model, in no language: what a fix wants to be written differently.

use super::Resource;
use crate::eval::Value;
use crate::text::Place;

/// A change to something in the model that was written in a file.
#[derive(Clone, Debug)]
pub enum Change {
    /// Write another literal where this value stands.
    Replace {
        /// Place of the value.
        value: Place,
        /// What to write.
        with: Literal,
    },
    /// Give an object a property it does not have.
    Insert {
        /// Place of the object.
        object: Place,
        /// Name of the property.
        key: &'static str,
        /// Its value.
        value: Literal,
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

/// A value to write into a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `true`, `false`.
    Bool(bool),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Literal>),
    /// An object.
    Object(Vec<(&'static str, Literal)>),
}

impl Change {
    /// Where something changes.
    pub fn place(&self) -> Place {
        match self {
            Self::Replace { value, .. } | Self::Remove { value } => *value,
            Self::Insert { object, .. } => *object,
            Self::Rename { file, .. } => *file,
        }
    }

    /// Gives `object` the property `key`, or replaces the one it has. Nothing when the object has no place.
    pub fn set(object: &Value, key: &'static str, value: Literal) -> Option<Self> {
        let present = object.get(key);
        match (present.is_null(), present.place, object.place) {
            (false, Some(place), _) => Some(Self::Replace { value: place, with: value }),
            (true, _, Some(place)) if object.as_object().is_some() => {
                Some(Self::Insert { object: place, key, value })
            }
            _ => None,
        }
    }

    /// Takes a value out of what holds it.
    pub fn remove(value: &Value) -> Option<Self> {
        value.place.map(|value| Self::Remove { value })
    }

    /// Writes another text where a value of a resource stands, unless it stands elsewhere, for others too.
    pub fn rewrite(resource: &Resource, value: &Value, with: &str) -> Option<Self> {
        if resource.holds(value) { Self::replace(value, Literal::Text(with.to_owned())) } else { None }
    }

    /// Writes another literal where a value stands.
    pub fn replace(value: &Value, with: Literal) -> Option<Self> {
        value.place.map(|value| Self::Replace { value, with })
    }
}
