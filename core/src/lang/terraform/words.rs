//! Texts about a resource in the words of its provider.

use super::azurerm;
use super::convert::{How, Part};

/// A text about a resource that a provider calls `kind`: what names a property of ARM in backticks names the attribute
/// instead, and what names one of its two words then names a boolean. Only names with a capital are taken for properties:
/// attributes have none, and properties without are called alike or not at all. The subscription has no name in HCL.
pub(super) fn in_own_words(text: &str, kind: &str) -> String {
    let text = text.replace("${subscription().id}", "/subscriptions/…");
    if !azurerm::is_known(kind) {
        return text;
    }
    let mut meant: Option<&Part> = None;
    let own = |(at, piece)| {
        // What is between backticks is every other piece.
        if at % 2 == 0 {
            return piece;
        }
        if let Some(part) = property(piece, kind) {
            meant = Some(part);
        }
        match meant {
            Some(part) if part.is_called(piece) => part.attribute(),
            Some(Part { how: How::Words(on, _), .. }) if piece == *on => "true",
            Some(Part { how: How::Words(_, off), .. }) if piece == *off => "false",
            _ => piece,
        }
    };
    text.split('`').enumerate().map(own).collect::<Vec<&str>>().join("`")
}

/// What a property is made of: one of the resource itself, or of any other that a text about it may name.
fn property(name: &str, kind: &str) -> Option<&'static Part> {
    if !name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let own = azurerm::parts(kind).into_iter();
    own.chain(azurerm::all_parts()).find_map(|parts| within(parts, name))
}

fn within(parts: &'static [Part], name: &str) -> Option<&'static Part> {
    parts.iter().find_map(|part| match part.how {
        _ if part.is_called(name) => Some(part),
        How::Block(inner) | How::Blocks(inner) => within(inner, name),
        _ => None,
    })
}
