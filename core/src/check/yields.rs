//! Removes findings that the finding of another rule about the same subject replaces, as the rules declare.

use super::runner::{RenderedFinding, RenderedResult};
use crate::lang::Resource;
use crate::options::Options;
use crate::report::{Severity, Suppression, Undecided};
use crate::rules::{Level, RULES, Rule};
use crate::sorted::sort_by;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// A finding with its suppression and final severity.
pub(super) struct Reported<'f> {
    rule: &'static Rule,
    pub(super) found: &'f RenderedFinding,
    pub(super) suppression: Option<Suppression>,
    pub(super) severity: Severity,
    pub(super) is_replaced: bool,
}

impl<'f> Reported<'f> {
    pub(super) fn new(
        rule: &'static Rule,
        found: &'f RenderedFinding,
        suppression: Option<Suppression>,
    ) -> Self {
        Self { rule, found, suppression, severity: found.diagnostic.severity, is_replaced: false }
    }
}

/// Whether findings of a rule may replace those of another one.
pub(super) fn replaces(rule: &Rule) -> bool {
    RULES.iter().any(|other| other.yields_to.contains(&rule.slug))
}

/// The open questions that a rule shares with a rule that it yields to.
pub(super) fn opens_elsewhere<'r>(results: &'r [RenderedResult], rule: &Rule) -> HashSet<Question<'r>> {
    let others = results.iter().filter(|other| rule.yields_to.contains(&other.rule.slug));
    others.flat_map(|other| &other.undecided).map(question).collect()
}

/// What makes two open questions the same: the address and the id of the resource, and the reason. In an export, resources of
/// different groups have the same address.
type Question<'r> = (&'r str, Rc<str>, &'r str);

/// The identity of an open question.
pub(super) fn question((open, about): &(Undecided, Rc<Resource>)) -> Question<'_> {
    (&about.address, about.id.key(), &open.reason)
}

/// Marks findings that are replaced, and gives the finding that replaces one the higher severity of the two. Suppressed
/// and replaced findings do not replace others.
pub(super) fn settle(reported: &mut [Reported], options: &Options) {
    let mut yielding: Vec<usize> = Vec::new();
    let mut by_subject: HashMap<(&'static str, *const Resource, &str), Vec<usize>> = HashMap::new();
    for (at, one) in reported.iter().enumerate() {
        if !one.rule.yields_to.is_empty() {
            yielding.push(at);
        }
        if one.suppression.is_none() && replaces(one.rule) {
            for (resource, part) in &one.found.about {
                by_subject.entry((one.rule.slug, *resource, part)).or_default().push(at);
            }
        }
    }
    // A finding that may be replaced is decided before the findings that it may replace.
    let order = |at: &usize| reported.get(*at).map_or(0, |one| depth(one.rule));
    sort_by(&mut yielding, |a, b| order(a).cmp(&order(b)));
    for at in yielding {
        let Some(one) = reported.get(at) else { continue };
        let subjects = one.found.about.iter().flat_map(|(resource, part)| {
            one.rule.yields_to.iter().filter_map(|slug| by_subject.get(&(*slug, *resource, part.as_str())))
        });
        let by: Vec<usize> = subjects.flatten().copied().collect();
        let by: Vec<usize> =
            by.into_iter().filter(|by| reported.get(*by).is_some_and(|by| !by.is_replaced)).collect();
        let severity = match options.setting(one.rule).level {
            Some(Level::As(severity)) => severity,
            _ => one.severity,
        };
        let raises = one.suppression.is_none();
        for by in by.iter().filter(|_| raises) {
            if let Some(by) = reported.get_mut(*by) {
                by.severity = by.severity.max(severity);
            }
        }
        if let Some(one) = reported.get_mut(at) {
            one.is_replaced = !by.is_empty();
        }
    }
}

/// The length of the longest chain of `yields_to` that starts at a rule.
fn depth(rule: &Rule) -> usize {
    depth_within(rule, RULES.len())
}

fn depth_within(rule: &Rule, left: usize) -> usize {
    let others = RULES.iter().filter(|other| left > 0 && rule.yields_to.contains(&other.slug));
    others.map(|other| 1 + depth_within(other, left - 1)).max().unwrap_or(0)
}
