//! Of which resources the files hold all there are.

use crate::eval::Value;
use std::collections::HashSet;

/// What Azure listed as a whole: of such a type, or of such a type below one parent, what is not here does not exist.
///
/// A list shows everything of the types it holds. Of a type of which it holds nothing it may have been asked for
/// nothing: that is unknown, not absent. What was shown alone (`az … show`) or cut off (a further page) is not a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists(HashSet<String>);

impl Lists {
    /// Everything of an ARM type was listed: all there is, or, given a parent's id, all that is below it.
    pub fn add(&mut self, kind: &str, parent: Option<&Value>) {
        self.0.insert(key(kind, parent));
    }

    /// Adds what was listed elsewhere.
    pub fn extend(&mut self, other: Lists) {
        self.0.extend(other.0);
    }

    /// Whether everything of an ARM type was listed, or everything of it below that parent.
    pub fn hold_all(&self, kind: &str, parent: Option<&Value>) -> bool {
        self.0.contains(&key(kind, None)) || parent.is_some() && self.0.contains(&key(kind, parent))
    }
}

fn key(kind: &str, parent: Option<&Value>) -> String {
    let key = match parent {
        Some(parent) => format!("{kind}\n{}", parent.normal()),
        None => kind.to_owned(),
    };
    key.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_below_one_parent_says_nothing_of_another() {
        let zone = |name: &str| Value::text(format!("/subscriptions/s/Zones/{name}"));
        let mut lists = Lists::default();
        lists.add("Microsoft.Network/privateDnsZones/virtualNetworkLinks", Some(&zone("a")));
        let links = "microsoft.network/privatednszones/virtualnetworklinks";
        assert!(lists.hold_all(links, Some(&Value::text("/SUBSCRIPTIONS/s/zones/A"))));
        assert!(!lists.hold_all(links, Some(&zone("b"))));
        assert!(!lists.hold_all(links, None));
        lists.add(links, None);
        assert!(lists.hold_all(links, Some(&zone("b"))));
    }
}
