//! Whether what is not here does not exist.

use super::{Model, dns, identity};
use crate::azure::names;
use crate::eval::{Truth, Value};
use crate::lang::Resource;

/// How often what parameter defaults leave out is compared with an id.
const MAX_COMPARED: u32 = 200_000;

impl Model {
    /// Whether everything of an ARM type is here (of a child type: everything of it below the parent with that id), so
    /// that what is not here does not exist. That is so when the whole environment was given, and for what Azure listed.
    pub fn knows(&self, kind: &str, parent: Option<&Value>) -> bool {
        self.bounded_at.is_none() && (self.complete || self.lists.hold_all(kind, parent))
    }

    /// That nothing of this type is here about the resource of an id: unknown where a deployment that cannot be read is
    /// given it.
    pub fn nothing_about(&self, id: &Value, kind: &str) -> Truth {
        self.nothing(&[id], kind).or(self.unread.may_be_about(id))
    }

    /// The same for something that is about two resources at once, as a link is about its zone and its network.
    pub fn nothing_between(&self, one: &Value, other: &Value, kind: &str) -> Truth {
        let unread = self.unread.may_be_about(one).or(self.unread.may_be_about(other));
        self.nothing(&[one, other], kind).or(unread)
    }

    /// That nothing of this type is here about all of these resources: false, under the defaults that leave some out.
    fn nothing(&self, ids: &[&Value], kind: &str) -> Truth {
        let of_kind = self.left_out.iter().filter(|resource| resource.kind.eq_ignore_ascii_case(kind));
        let left_out = of_kind.filter(|resource| self.may_concern(resource, ids));
        left_out.fold(Truth::of(false), |none, resource| none.assuming(&resource.condition.assumed))
    }

    /// Whether something that is left out may be about all of these: a record or a zone is when it is one for vaults,
    /// anything else when it is a part of them or refers to them. Past a bound everything may be.
    fn may_concern(&self, resource: &Resource, ids: &[&Value]) -> bool {
        let is_of_vaults = |zone: &Value| !dns::is_private_zone(zone).is_false();
        if resource.kind.eq_ignore_ascii_case(names::PRIVATE_DNS_ZONE) {
            return is_of_vaults(&resource.name);
        }
        if resource.kind.eq_ignore_ascii_case(names::A_RECORD) {
            let zone = identity::parent(&resource.id).map(|zone| identity::last_name(&zone));
            return zone.is_none_or(|zone| is_of_vaults(&zone));
        }
        let compared = self.compared.get().saturating_add(1);
        self.compared.set(compared);
        compared > MAX_COMPARED || ids.iter().all(|id| identity::concerns(resource, id))
    }
}
