//! Which callers gain or lose access between two sets of files. It compares access, not text.

use super::access::outcome;
use crate::input::Environment;
use crate::lang::Documents;
use crate::model::{Model, Vault};
use crate::net::{Ipv4Net, Ipv4Set};
use crate::render::{in_own_words, resource_ref, shown};
use crate::report::{AccessChange, AccessState, ChangeKind, DiffReport, Outcome, VERSION};
use crate::sim::{self, Caller, RequestOutcome, Via};
use crate::sorted::sort_by;
use std::rc::Rc;

/// The maximum number of address ranges that are compared; each costs two simulations.
const MAX_RANGES: usize = 100;

/// The vaults of one set of files, each with its model.
struct Side<'m> {
    vaults: Vec<(&'m Model, &'m Vault)>,
}

impl<'m> Side<'m> {
    fn new(environments: &'m [Rc<Environment>]) -> Self {
        let models = environments.iter().map(|environment| &environment.model);
        let all = models.flat_map(|model| model.vaults.iter().map(move |vault| (model, vault)));
        Self { vaults: all.filter(|(_, vault)| !vault.resource.referenced).collect() }
    }
}

/// What the files of one side are, and the environments that they form.
pub(crate) type Read<'r> = (&'r Documents<'r>, &'r [Rc<Environment>]);

/// Compares the access of every caller to every vault.
pub(crate) fn report(before: Read<'_>, after: Read<'_>) -> DiffReport {
    let (old, new) = (Side::new(before.1), Side::new(after.1));
    let documents = (before.0, after.0);
    let (pairs, removed, added) = pair(&old, &new);
    let (mut changes, mut when_created, mut unchanged) = (Vec::new(), Vec::new(), 0u32);
    let mut standing = Standing::default();
    for (was, is) in pairs {
        let anew = of_vault(was, is, documents);
        let found = match standing.vault(was, is) {
            Some(kept) => {
                let found = of_vault(was, kept, documents);
                let only_anew = anew
                    .into_iter()
                    .flatten()
                    .filter(|change| !found.iter().flatten().any(|of| of == change));
                when_created.extend(only_anew);
                found
            }
            None => anew,
        };
        for change in found {
            match change {
                Some(change) => changes.push(change),
                None => unchanged = unchanged.saturating_add(1),
            }
        }
    }
    let reference = |(_, vault): &(&Model, &Vault)| resource_ref(&vault.resource);
    DiffReport {
        version: VERSION,
        changes,
        when_created,
        unchanged,
        added: added.iter().map(reference).collect(),
        removed: removed.iter().map(reference).collect(),
    }
}

type Found<'m> = (&'m Model, &'m Vault);
/// Models of the new files deployed onto the resources of the old ones, by the two models.
#[derive(Default)]
struct Standing(Vec<(*const Model, *const Model, Option<Model>)>);

impl Standing {
    /// A vault as deployed onto the existing one. `None` if the existing one makes no difference, or is another vault.
    fn vault(&mut self, was: Found, is: Found) -> Option<(&Model, &Vault)> {
        let (old, new) = (&was.1.resource.id, &is.1.resource.id);
        if !old.is_alike(new) {
            return None;
        }
        let (before, after) = (std::ptr::from_ref(was.0), std::ptr::from_ref(is.0));
        let known = self.0.iter().position(|(old, new, _)| (*old, *new) == (before, after));
        let at = known.unwrap_or(self.0.len());
        if known.is_none() {
            self.0.push((before, after, is.0.standing_on(was.0)));
        }
        let model = self.0.get(at)?.2.as_ref()?;
        let vault = model.vaults.iter().find(|vault| vault.resource.id.is_alike(new))?;
        Some((model, vault))
    }
}

type Same<'s> = &'s dyn Fn(&Vault, &Vault) -> bool;

/// Matches the vaults of both sides: by name, by address, or because each side has only one.
fn pair<'m>(old: &Side<'m>, new: &Side<'m>) -> (Vec<(Found<'m>, Found<'m>)>, Vec<Found<'m>>, Vec<Found<'m>>) {
    let (mut left, mut right) = (old.vaults.clone(), new.vaults.clone());
    let mut pairs = Vec::new();
    let ways: [Same; 3] = [
        &|a, b| match (a.resource.name.as_text(), b.resource.name.as_text()) {
            (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
            _ => a.resource.name.key() == b.resource.name.key(),
        },
        &|a, b| a.resource.address == b.resource.address,
        &|_, _| old.vaults.len() == 1 && new.vaults.len() == 1,
    ];
    for is_same in ways {
        left.retain(|was| {
            let found = right.iter().position(|is| was.1.service == is.1.service && is_same(was.1, is.1));
            let Some(at) = found else { return true };
            pairs.push((*was, right.remove(at)));
            false
        });
    }
    (pairs, left, right)
}

/// The change for each caller; `None` if there is none.
fn of_vault<'m>(
    was: Found<'m>,
    is: Found<'m>,
    documents: (&Documents, &Documents),
) -> Vec<Option<AccessChange>> {
    let mut callers: Vec<(String, Option<Caller>, Option<Caller>)> = Vec::new();
    for caller in sim::callers(was.0) {
        callers.push((key(&caller), Some(caller), None));
    }
    for caller in sim::callers(is.0) {
        let key = key(&caller);
        match callers.iter_mut().find(|(known, ..)| *known == key) {
            Some((_, _, after)) => *after = Some(caller),
            None => callers.push((key, None, Some(caller))),
        }
    }
    for net in ranges(was.1, is.1) {
        callers.push((format!("ip:{net}"), Some(address(was.0, &net)), Some(address(is.0, &net))));
    }
    let mut found = Vec::with_capacity(callers.len());
    for (_, before, after) in callers {
        let before = before.map(|caller| (sim::explain(was.0, was.1, caller), documents.0));
        let after = after.map(|caller| (sim::explain(is.0, is.1, caller), documents.1));
        found.push(change(before.as_ref(), after.as_ref(), is.1));
    }
    sort_by(&mut found, |a, b| rank(a.as_ref()).cmp(&rank(b.as_ref())));
    found
}

fn rank(change: Option<&AccessChange>) -> Option<ChangeKind> {
    change.map(|change| change.kind)
}

/// The identity of a caller on both sides.
fn key(caller: &Caller) -> String {
    match caller.resource {
        Some(resource) => format!("{} {}", resource.kind, resource.label().as_str()).to_ascii_lowercase(),
        None => caller.text.clone(),
    }
}

/// The address ranges that the rules of only one of the vaults let in.
fn ranges(before: &Vault, after: &Vault) -> Vec<Ipv4Net> {
    let set =
        |vault: &Vault| -> Ipv4Set { vault.firewall.sure_nets().iter().map(|sure| sure.net.net).collect() };
    let (was, is) = (set(before), set(after));
    let mut found = is.difference(&was).nets();
    found.extend(was.difference(&is).nets());
    found.truncate(MAX_RANGES);
    found
}

fn address<'m>(model: &'m Model, net: &Ipv4Net) -> Caller<'m> {
    let caller = Caller::at(model, &format!("ip:{}", net.network()), net.network().into());
    let label = if net.prefix_len() == 32 { caller.label } else { format!("clients in `{net}`") };
    Caller { label, ..caller }
}

/// What a caller gets, and the files that the vault is in.
type Asked<'m, 'd, 't> = (RequestOutcome<'m>, &'d Documents<'t>);

fn change(before: Option<&Asked>, after: Option<&Asked>, vault: &Vault) -> Option<AccessChange> {
    let result = |(decision, _): &Asked| (outcome(&decision.allowed), decision.via);
    let kind = match (before.map(result), after.map(result)) {
        (None, None) => return None,
        (None, Some(_)) => ChangeKind::Appeared,
        (Some(_), None) => ChangeKind::Gone,
        (Some((was, by)), Some((is, through))) => kind(was, by, is, through)?,
    };
    let state = |(decision, documents): &Asked| {
        let vault = &decision.vault.resource;
        AccessState {
            outcome: outcome(&decision.allowed),
            via: decision.via,
            because: in_own_words(&decision.because(), vault, vault.place, documents),
        }
    };
    let caller =
        after.map(|(decision, _)| &decision.caller).or(before.map(|(decision, _)| &decision.caller))?;
    Some(AccessChange {
        vault: resource_ref(&vault.resource),
        from: caller.text.clone(),
        caller: shown(caller.label.clone()),
        kind,
        before: before.map(state),
        after: after.map(state),
    })
}

fn kind(was: Outcome, by: Via, is: Outcome, through: Via) -> Option<ChangeKind> {
    match (was, is) {
        (Outcome::Allowed, Outcome::Allowed) => (by != through).then_some(ChangeKind::OtherPath),
        (was, is) if was == is => None,
        (_, Outcome::Allowed) => Some(ChangeKind::NewlyAllowed),
        (_, Outcome::Denied) => Some(ChangeKind::NewlyDenied),
        (_, Outcome::Depends) => Some(ChangeKind::NewlyUndecided),
    }
}
