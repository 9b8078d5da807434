//! What an incremental deployment keeps of an earlier one.

use super::{Model, key};
use crate::lang::Resource;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

impl Model {
    /// What this model becomes where everything of an earlier one that a deployment keeps is still there; nothing where it
    /// keeps nothing. An incremental deployment deletes nothing that the template no longer has.
    pub fn standing_on(&self, before: &Model) -> Option<Self> {
        let earlier: HashMap<Rc<str>, &Resource> = before
            .resources()
            .into_iter()
            .filter(|one| !one.referenced)
            .map(|one| (key(&one.id), one))
            .collect();
        let (mut all, mut keeps) = (Vec::new(), false);
        let mut seen: HashSet<Rc<str>> = HashSet::new();
        for resource in self.resources() {
            let id = key(&resource.id);
            let was = earlier
                .get(&id)
                .filter(|was| was.kind.eq_ignore_ascii_case(&resource.kind) && !resource.referenced);
            let body = was.and_then(|was| resource.kept_of(was));
            keeps |= body.is_some();
            all.push(Resource { body: body.unwrap_or_else(|| resource.body.clone()), ..resource.clone() });
            seen.insert(id);
        }
        let is_template = |one: &Resource| one.provider.is_none() && !one.is_shown() && !one.referenced;
        // Who says that nothing else exists says that it was deleted.
        if !self.complete && all.iter().any(is_template) {
            let is_network = |one: &Resource| {
                let callers = before.vaults.iter().map(|vault| &vault.resource);
                let mut callers = callers.chain(before.consumers.iter().map(|consumer| &consumer.resource));
                !callers.any(|caller| std::ptr::eq(caller, one))
            };
            let left = before
                .resources()
                .into_iter()
                .filter(|one| is_template(one) && !seen.contains(&key(&one.id)));
            let left: Vec<Resource> = left.filter(|one| is_network(one)).cloned().collect();
            keeps |= !left.is_empty();
            all.extend(left);
        }
        keeps.then(|| {
            let mut model = Self::new(all, self.lists.clone(), self.complete);
            model.left_out.clone_from(&self.left_out);
            model.site = self.site.clone();
            model.outputs.clone_from(&self.outputs);
            model.unread = self.unread.clone();
            model
        })
    }
}
