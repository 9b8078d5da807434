//! Sets of IPv4 addresses as sorted ranges.

use super::Ipv4Net;
use crate::sorted::sort;
use std::net::Ipv4Addr;

/// A set of IPv4 addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ipv4Set {
    /// First and last address of each range: sorted, disjoint, with a gap between any two.
    ranges: Vec<(u32, u32)>,
}

impl FromIterator<Ipv4Net> for Ipv4Set {
    fn from_iter<I: IntoIterator<Item = Ipv4Net>>(nets: I) -> Self {
        Self::from_ranges(nets.into_iter().map(|net| bounds(&net)).collect())
    }
}

impl From<Ipv4Net> for Ipv4Set {
    fn from(net: Ipv4Net) -> Self {
        Self { ranges: vec![bounds(&net)] }
    }
}

impl Ipv4Set {
    /// All of IPv4.
    pub fn everything() -> Self {
        Self { ranges: vec![(0, u32::MAX)] }
    }

    fn from_ranges(mut ranges: Vec<(u32, u32)>) -> Self {
        sort(&mut ranges);
        let mut joined: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match joined.last_mut() {
                Some(previous) if first <= previous.1.saturating_add(1) => previous.1 = previous.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        Self { ranges: joined }
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The number of addresses.
    pub fn size(&self) -> u64 {
        self.ranges.iter().map(|(first, last)| u64::from(last - first) + 1).sum()
    }

    /// The range that contains `address`, or the next one.
    fn from(&self, address: u32) -> Option<(u32, u32)> {
        let at = self.ranges.partition_point(|(_, last)| *last < address);
        self.ranges.get(at).copied()
    }

    /// Whether the set contains an address.
    pub fn contains(&self, address: Ipv4Addr) -> bool {
        let address = address.to_bits();
        self.from(address).is_some_and(|(first, _)| first <= address)
    }

    /// Whether the set contains every address of a network.
    pub fn covers(&self, net: &Ipv4Net) -> bool {
        let (first, last) = bounds(net);
        self.from(first).is_some_and(|range| range.0 <= first && last <= range.1)
    }

    /// Whether the set contains any address of a network.
    pub fn overlaps(&self, net: &Ipv4Net) -> bool {
        let (first, last) = bounds(net);
        self.from(first).is_some_and(|range| range.0 <= last)
    }

    /// The addresses of either set.
    pub fn union(&self, other: &Self) -> Self {
        Self::from_ranges(self.ranges.iter().chain(&other.ranges).copied().collect())
    }

    /// The addresses of both sets.
    pub fn intersection(&self, other: &Self) -> Self {
        let mut ranges = Vec::new();
        let (mut left, mut right) = (self.ranges.iter().peekable(), other.ranges.iter().peekable());
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            let (first, last) = (a.0.max(b.0), a.1.min(b.1));
            if first <= last {
                ranges.push((first, last));
            }
            if a.1 < b.1 {
                left.next()
            } else {
                right.next()
            };
        }
        Self { ranges }
    }

    /// The addresses of this set that are not in the other.
    pub fn difference(&self, other: &Self) -> Self {
        self.intersection(&other.complement())
    }

    fn complement(&self) -> Self {
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        let mut next = Some(0u32);
        for (first, last) in &self.ranges {
            if let Some(start) = next.filter(|start| start < first) {
                ranges.push((start, first - 1));
            }
            next = last.checked_add(1);
        }
        if let Some(start) = next {
            ranges.push((start, u32::MAX));
        }
        Self { ranges }
    }

    /// The smallest list of networks that makes up this set, in order.
    pub fn nets(&self) -> Vec<Ipv4Net> {
        let mut nets = Vec::new();
        for (first, last) in &self.ranges {
            let mut start = u64::from(*first);
            let end = u64::from(*last) + 1;
            while start < end {
                // The largest block that starts here, limited by alignment and by the rest of the range.
                let aligned = start.trailing_zeros().min(32);
                let fits = (end - start).ilog2();
                let bits = aligned.min(fits);
                let address = Ipv4Addr::from_bits(u32::try_from(start).unwrap_or(u32::MAX));
                nets.extend(
                    u8::try_from(32 - bits).ok().and_then(|prefix| Ipv4Net::new(address, prefix).ok()),
                );
                start += 1 << bits;
            }
        }
        nets
    }
}

fn bounds(net: &Ipv4Net) -> (u32, u32) {
    (net.network().to_bits(), net.broadcast().to_bits())
}

/// For each net, another one of the list that makes it redundant: the widest net that contains it, or the
/// first of its equals.
pub fn covering(nets: &[Ipv4Net]) -> Vec<Option<usize>> {
    let mut order: Vec<(u32, u8, usize)> = nets
        .iter()
        .enumerate()
        .map(|(index, net)| (net.network().to_bits(), net.prefix_len(), index))
        .collect();
    sort(&mut order);
    let mut found = vec![None; nets.len()];
    // Networks never overlap partially, so one that starts inside the last widest network is contained in it.
    let mut widest: Option<(u32, usize)> = None;
    for (first, _, index) in order {
        let Some(last) = nets.get(index).map(|net| net.broadcast().to_bits()) else { continue };
        match widest {
            Some((end, by)) if first <= end => {
                if let Some(slot) = found.get_mut(index) {
                    *slot = Some(by);
                }
            }
            _ => widest = Some((last, index)),
        }
    }
    found
}

/// Several networks that together are exactly one wider network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The wider net.
    pub into: Ipv4Net,
    /// The nets it replaces: indices into the list, redundant ones left out.
    pub nets: Vec<usize>,
}

/// Networks of the list that can be replaced by fewer ones without admitting another address.
pub fn mergeable(nets: &[Ipv4Net]) -> Vec<Merge> {
    let fewest = nets.iter().copied().collect::<Ipv4Set>().nets();
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); fewest.len()];
    for (index, (net, by)) in nets.iter().zip(covering(nets)).enumerate() {
        if by.is_some() {
            continue;
        }
        let at = fewest.partition_point(|wide| wide.network() <= net.network()).saturating_sub(1);
        if let Some(group) = groups.get_mut(at) {
            group.push(index);
        }
    }
    fewest
        .into_iter()
        .zip(groups)
        .filter(|(_, nets)| nets.len() > 1)
        .map(|(into, nets)| Merge { into, nets })
        .collect()
}
