//! Who has a permission on a vault calls it: the resources whose identity a role assignment or an access policy names.

use super::{Consumer, Model, identity, is_deployed, key, property};
use crate::azure::names;
use crate::eval::{Kind, TermKind, Truth, Value};
use crate::lang::Resource;
use crate::text::Place;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// A permission to use what is in a vault.
struct Grant {
    /// The id of an identity, or of the resource whose own identity it is.
    to: Rc<str>,
    /// Id of the vault, or of something in it.
    on: Value,
    present: Truth,
    /// Whether the identity is for nothing but vaults.
    is_for_vaults: bool,
}

/// The add-on of a cluster that mounts what is in vaults, with an identity of its own.
const SECRETS_PROVIDER: &str = ".azureKeyvaultSecretsProvider.";

/// Makes callers of those who have a permission, and has all of them name the vaults that they have it on.
pub(super) fn link(model: &mut Model, consumers: &mut Vec<Consumer>) {
    let (grants, bounded_at) = grants(model);
    model.bounded_at = model.bounded_at.or(bounded_at);
    if grants.is_empty() {
        return;
    }
    let wanted: HashSet<&str> = grants.iter().map(|grant| &*grant.to).collect();
    let is_meant = |resource: &Resource| {
        !resource.referenced && identities(resource).iter().any(|own| wanted.contains(&**own))
    };
    let (holders, others): (Vec<_>, Vec<_>) =
        std::mem::take(&mut model.others).into_iter().partition(is_meant);
    model.others = others;
    for holder in holders {
        match Consumer::read(&holder.kind.to_ascii_lowercase(), &holder) {
            Some(consumer) => consumers.push(consumer),
            None => model.others.push(holder),
        }
    }
    let mut owners: HashMap<Rc<str>, Vec<usize>> = HashMap::new();
    for (at, consumer) in consumers.iter().enumerate() {
        for own in identities(&consumer.resource) {
            owners.entry(own).or_default().push(at);
        }
    }
    for grant in &grants {
        for at in owners.get(&grant.to).into_iter().flatten() {
            if let Some(consumer) = consumers.get_mut(*at) {
                consumer.permit(&grant.on, &grant.present, !grant.is_for_vaults);
            }
        }
    }
}

/// Vaults that are looked at for roles on what is around them, all together.
const MAX_COVERED: usize = 50_000;

/// The permissions, and the first role for which there were too many vaults to look at.
fn grants(model: &Model) -> (Vec<Grant>, Option<Place>) {
    let mut found = Vec::new();
    let (mut left, mut bounded_at) = (MAX_COVERED, None);
    for assignment in &model.role_assignments {
        let for_data = assignment.grants(&|role| role.is_data_plane);
        let present = for_data.and(is_deployed(&assignment.resource));
        let (to, on) = (&assignment.principal, &assignment.scope);
        if !assignment.is_around() {
            found.extend(Grant::new(to, on, present));
            continue;
        }
        if identity_of(to).is_none() || present.is_false() {
            continue;
        }
        for vault in &model.vaults {
            if left == 0 {
                bounded_at = bounded_at.or(Some(assignment.resource.place));
                break;
            }
            left -= 1;
            let id = &vault.resource.id;
            // A role on a vault is meant for it; one on its group may be meant for others, and counts where the vault uses roles.
            let holds = present.clone().and(assignment.covers(id)).and(vault.uses_rbac());
            found.extend(Grant::new(to, id, holds));
        }
    }
    let own = model.vaults.iter().map(|vault| (&vault.resource, vault.resource.id.clone()));
    let beside = model.others.iter().filter(|other| adds_policies(other));
    let beside = beside.map(|other| (other, identity::parent(&other.id).unwrap_or_default()));
    for (holder, vault) in own.chain(beside) {
        for policy in property(holder, &["accessPolicies"]).elements().items {
            let present = policy.present.and(is_deployed(holder));
            found.extend(Grant::new(&policy.value.get("objectId"), &vault, present));
        }
    }
    (found, bounded_at)
}

fn adds_policies(resource: &Resource) -> bool {
    resource.kind.eq_ignore_ascii_case(names::VAULT_ACCESS_POLICIES)
        && !identity::known_name(&resource.id).is_some_and(|name| name.eq_ignore_ascii_case("remove"))
}

impl Grant {
    fn new(principal: &Value, on: &Value, present: Truth) -> Option<Self> {
        let to = key(identity_of(principal).filter(|_| !present.is_false())?);
        let is_for_vaults = principal.normal().contains(SECRETS_PROVIDER);
        Some(Self { to, on: on.clone(), present, is_for_vaults })
    }
}

/// Id of the identity that a principal is, or of the resource whose own identity it is.
fn identity_of(principal: &Value) -> Option<&Value> {
    let mut value = principal;
    loop {
        let Kind::Term(term) = &value.kind else { return None };
        match &term.kind {
            TermKind::Property { of, .. } | TermKind::Partial { of, .. } => value = of,
            TermKind::Call { name, args } if &**name == "reference" => return args.first(),
            _ => return None,
        }
    }
}

/// The keys of the ids of a resource's identities: its own, and those that are assigned to it.
fn identities(resource: &Resource) -> Vec<Rc<str>> {
    let mut found = vec![key(&resource.id)];
    let mut add = |identity: &Value| {
        let written = identity.get("userAssignedIdentities");
        match &written.kind {
            Kind::Object(ids) => {
                found.extend(ids.fields().iter().map(|id| key(&Value::text(Rc::clone(&id.key)))));
            }
            // An object with keys that are not known yet: keys and values by turns.
            Kind::Term(term) => match &term.kind {
                TermKind::Call { name, args } if &**name == "createObject" => {
                    found.extend(args.iter().step_by(2).map(key));
                }
                _ => {}
            },
            _ => {}
        }
        // As Terraform has it.
        found.extend(identity.get("identity_ids").elements().items.iter().map(|id| key(&id.value)));
    };
    for written in [resource.body.get("identity"), property(resource, &["identity"])] {
        match &written.kind {
            Kind::Array(blocks) => blocks.items().iter().for_each(&mut add),
            _ => add(&written),
        }
    }
    found
}
