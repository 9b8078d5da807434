//! Automation accounts: what their parts say of vaults, and the machines that their runbooks are sent to.

use super::consumer::Interfaces;
use super::ids::Ids;
use super::{Consumer, identity, is_deployed, key, property};
use crate::azure::names::{JOB_SCHEDULE, WORKER, WORKER_GROUP, lower};
use crate::eval::{Truth, Unknowns, Value};
use crate::lang::Resource;
use std::collections::HashMap;
use std::rc::Rc;

/// Has accounts call what their variables and other parts name, from the machines of their worker groups where runbooks
/// run there.
pub(super) fn link(others: &mut Vec<Resource>, consumers: &mut Vec<Consumer>) {
    let is_account = |resource: &Resource| resource.kind.eq_ignore_ascii_case(lower::AUTOMATION_ACCOUNT);
    let is_part = |consumer: &Consumer| {
        let kind = consumer.resource.kind.to_ascii_lowercase();
        kind.strip_prefix(lower::AUTOMATION_ACCOUNT).is_some_and(|rest| rest.starts_with('/'))
    };
    let (parts, rest): (Vec<_>, Vec<_>) = std::mem::take(consumers).into_iter().partition(is_part);
    *consumers = rest;
    for part in parts {
        let whole = identity::top(&part.resource.id).map(|whole| key(&whole));
        let is_whole = |one: &Resource| is_account(one) && !one.referenced && Some(key(&one.id)) == whole;
        let silent = others.iter().position(is_whole).map(|at| others.remove(at));
        consumers.extend(silent.and_then(|account| Consumer::read(lower::AUTOMATION_ACCOUNT, &account)));
        match consumers.iter_mut().find(|consumer| is_whole(&consumer.resource)) {
            Some(account) => {
                others.push(part.resource.clone());
                account.absorb(part);
            }
            None => consumers.push(part),
        }
    }
    let is_part = |other: &&Resource| {
        [WORKER_GROUP, WORKER, JOB_SCHEDULE].iter().any(|kind| other.kind.eq_ignore_ascii_case(kind))
    };
    let parts: Vec<&Resource> = others.iter().filter(is_part).collect();
    if parts.is_empty() {
        return;
    }
    let machines: HashMap<Rc<str>, Vec<Value>> =
        consumers.iter().map(|machine| (key(&machine.resource.id), machine.subnets.clone())).collect();
    let owners: Vec<Value> = parts.iter().map(|part| identity::top(&part.id).unwrap_or_default()).collect();
    let ids = Ids::new(&owners);
    let interfaces = Interfaces::new(others);
    let by_id: HashMap<Rc<str>, &Resource> =
        others.iter().rev().map(|other| (key(&other.id), other)).collect();
    for account in consumers.iter_mut().filter(|consumer| is_account(&consumer.resource)) {
        let near = ids.candidates(&account.resource.id).into_iter();
        let own = near.filter(|at| {
            owners.get(*at).is_some_and(|owner| identity::same(owner, &account.resource.id).is_true())
        });
        let own: Vec<&Resource> = own.filter_map(|at| parts.get(at).copied()).collect();
        let of =
            |kind: &'static str| own.iter().copied().filter(move |part| part.kind.eq_ignore_ascii_case(kind));
        if of(WORKER_GROUP).next().is_none() {
            continue;
        }
        let mut subnets = Vec::new();
        for worker in of(WORKER) {
            let id = property(worker, &["vmResourceId"]);
            match (machines.get(&key(&id)), by_id.get(&key(&id))) {
                (Some(known), _) => subnets.extend(known.iter().cloned()),
                (None, Some(machine)) => subnets.extend(interfaces.subnets_of(machine)),
                (None, None) => {}
            }
        }
        let schedules = of(JOB_SCHEDULE).map(|one| property(one, &["runOn"]).is_set().and(is_deployed(one)));
        let open =
            Truth::Unknown(Unknowns::of(format!("where the runbooks of `{}` run", account.resource.label())));
        let all = schedules.reduce(Truth::and).filter(|all| !all.is_false()).unwrap_or(open);
        account.run_on_machines(all, subnets);
    }
}
