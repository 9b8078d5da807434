//! Sorting, and sets and maps that are sorted vectors.
//!
//! The standard library's sort and B-trees add five to eight kilobytes of code for every type they are used with, which
//! every page has to load; these add a few hundred bytes. Inserting shifts all entries behind the new one: a collection
//! that may become long is built from a vector at once, or is a hash map.

use serde::{Serialize, Serializer};
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::ops::Deref;

/// Sorts; the sort is stable.
pub fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = order(items.len(), &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut unsorted: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|at| unsorted.get_mut(at)?.take()));
}

/// Sorts by `Ord`; the sort is stable.
pub fn sort<T: Ord>(items: &mut Vec<T>) {
    sort_by(items, Ord::cmp);
}

/// The sorted order as indices, so that the program contains a single instance of the standard library's sort.
fn order(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

/// A sorted set, which dereferences to a slice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Set<T>(Vec<T>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for Set<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Ord> Set<T> {
    /// Adds an entry; false if the set already had it.
    pub fn insert(&mut self, entry: T) -> bool {
        let place = self.0.binary_search(&entry);
        if let Err(at) = place {
            self.0.insert(at, entry);
        }
        place.is_err()
    }

    /// Removes an entry.
    pub fn remove(&mut self, entry: &T) {
        if let Ok(at) = self.0.binary_search(entry) {
            self.0.remove(at);
        }
    }

    /// Whether the set has an entry, found by binary search.
    pub fn contains<Q: Ord + ?Sized>(&self, entry: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.0.binary_search_by(|other| other.borrow().cmp(entry)).is_ok()
    }

    /// Whether this set contains every entry of the other one.
    pub fn is_superset(&self, other: &Self) -> bool {
        other.iter().all(|entry| self.0.binary_search(entry).is_ok())
    }

    /// Keeps the first `len` entries.
    pub fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }
}

impl<T: Ord + Clone> Set<T> {
    /// The entries of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut all = Vec::with_capacity(self.len() + other.len());
        let (mut left, mut right) = (self.iter().peekable(), other.iter().peekable());
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            let order = a.cmp(b);
            let next = if order.is_le() { left.next() } else { right.next() };
            if order.is_eq() {
                right.next();
            }
            all.extend(next.cloned());
        }
        all.extend(left.chain(right).cloned());
        Self(all)
    }
}

impl<T: Ord> From<Vec<T>> for Set<T> {
    fn from(mut entries: Vec<T>) -> Self {
        sort(&mut entries);
        entries.dedup();
        Self(entries)
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A map sorted by key, which dereferences to a slice of its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map<K, V>(Vec<(K, V)>);

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K, V> Deref for Map<K, V> {
    type Target = [(K, V)];

    fn deref(&self) -> &[(K, V)] {
        &self.0
    }
}

impl<K: Ord, V> Map<K, V> {
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(other, _)| other.borrow().cmp(key))
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.0.get(self.find(key).ok()?).map(|(_, value)| value)
    }

    /// Sets the value of a key.
    pub fn insert(&mut self, key: K, value: V) {
        let (Ok(at) | Err(at)) = self.find(&key);
        self.remove(&key);
        self.0.insert(at, (key, value));
    }

    /// Removes a key; false if the map did not have it.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        let place = self.find(key);
        if let Ok(at) = place {
            self.0.remove(at);
        }
        place.is_ok()
    }

    /// Removes the entries whose values `passes` rejects.
    pub fn retain(&mut self, passes: impl Fn(&V) -> bool) {
        self.0.retain(|(_, value)| passes(value));
    }
}

/// Of several values of a key, the last one is used.
impl<K: Ord, V> From<Vec<(K, V)>> for Map<K, V> {
    fn from(mut entries: Vec<(K, V)>) -> Self {
        entries.reverse();
        sort_by(&mut entries, |(a, _), (b, _)| a.cmp(b));
        entries.dedup_by(|(a, _), (b, _)| a == b);
        Self(entries)
    }
}

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// In TypeScript, a `Map` is an object, as any map is.
#[cfg(feature = "typescript")]
mod typescript {
    use super::Map;
    use std::collections::BTreeMap;
    use ts_rs::{Config, Dummy, TS, TypeVisitor};

    impl<K: TS, V: TS> TS for Map<K, V> {
        type WithoutGenerics = Map<Dummy, Dummy>;
        type OptionInnerType = Self;

        fn name(config: &Config) -> String {
            BTreeMap::<K, V>::name(config)
        }

        fn inline(config: &Config) -> String {
            BTreeMap::<K, V>::inline(config)
        }

        fn inline_flattened(config: &Config) -> String {
            BTreeMap::<K, V>::inline_flattened(config)
        }

        fn visit_dependencies(visitor: &mut impl TypeVisitor)
        where
            Self: 'static,
        {
            BTreeMap::<K, V>::visit_dependencies(visitor);
        }

        fn visit_generics(visitor: &mut impl TypeVisitor)
        where
            Self: 'static,
        {
            BTreeMap::<K, V>::visit_generics(visitor);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    proptest! {
        #[test]
        fn sorting_keeps_the_order_of_equals(mut items: Vec<(u8, u8)>) {
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            sort_by(&mut items, |a, b| a.0.cmp(&b.0));
            prop_assert_eq!(items, expected);
        }

        #[test]
        fn a_set_is_that_of_the_standard_library(first: Vec<u8>, second: Vec<u8>) {
            let (a, b) = (Set::from(first.clone()), Set::from(second.clone()));
            let of = |entries: &[u8]| entries.iter().copied().collect::<BTreeSet<u8>>();
            let (expected_a, expected_b) = (of(&first), of(&second));
            prop_assert!(a.iter().eq(&expected_a));
            prop_assert!(a.union(&b).iter().eq(expected_a.union(&expected_b)));
            prop_assert_eq!(a.is_superset(&b), expected_a.is_superset(&expected_b));
            let mut inserted = Set::default();
            first.iter().for_each(|entry| { inserted.insert(*entry); });
            prop_assert_eq!(inserted, a);
        }

        #[test]
        fn a_map_is_that_of_the_standard_library(entries: Vec<(u8, u8)>, removed: Vec<u8>) {
            let mut expected: BTreeMap<u8, u8> = entries.iter().copied().collect();
            let mut inserted = Map::default();
            entries.iter().for_each(|(key, value)| inserted.insert(*key, *value));
            let mut map = Map::from(entries);
            prop_assert_eq!(&inserted, &map);
            for key in removed {
                prop_assert_eq!(map.remove(&key), expected.remove(&key).is_some());
            }
            prop_assert!(map.iter().map(|(key, value)| (key, value)).eq(&expected));
            prop_assert!((0..=255).all(|key: u8| map.get(&key) == expected.get(&key)));
        }
    }
}
