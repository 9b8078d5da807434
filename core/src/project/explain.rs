//! Decisions of the simulator as reports.

use super::Options;
use super::diagnose::{Places, of_changes, resource_ref, shown};
use super::documents::Documents;
use super::environment::Environment;
use crate::eval::{Assumed, Depends, Truth};
use crate::model::{Model, Vault};
use crate::report::{
    AccessReport, Answer, AnswerKind, Applicability, Decision, Fix, Hop, Outcome, Resolution, Step, VERSION,
};
use crate::sim::{self, Caller};
use crate::text::Place;

/// More decisions than these are not shown in one table.
const MAX_DECISIONS: usize = 20_000;

/// What is asked: one vault, where there are several, and one caller.
pub(super) struct Question<'q> {
    pub(super) vault: Option<&'q str>,
    pub(super) from: &'q str,
}

/// Decides about one request.
pub(super) fn decision(
    documents: &Documents,
    environments: &[Environment],
    options: &Options,
    question: &Question,
) -> Result<Decision, String> {
    let (model, vault) = find_vault(environments, question.vault)?;
    let caller = Caller::parse(model, question.from)?;
    let decision = sim::explain(model, options.cloud, vault, caller);
    Ok(of_decision(&decision, documents, &Places::new(documents)))
}

/// Decides about every caller in the files.
pub(super) fn table(
    documents: &Documents,
    environments: &[Environment],
    options: &Options,
    vault: Option<&str>,
) -> Result<AccessReport, String> {
    let places = Places::new(documents);
    let (mut decisions, mut left_out) = (Vec::new(), false);
    let only = vault.map(|name| find_vault(environments, Some(name))).transpose()?;
    for environment in environments {
        let model = &environment.model;
        let meant = |vault: &&Vault| only.is_none_or(|(_, only)| std::ptr::eq(only, *vault));
        for vault in model.vaults.iter().filter(meant) {
            if left_out {
                break;
            }
            let callers = sim::callers(model);
            let room = MAX_DECISIONS.saturating_sub(decisions.len());
            left_out = callers.len() > room;
            for caller in callers.into_iter().take(room) {
                let decision = sim::explain(model, options.cloud, vault, caller);
                decisions.push(of_decision(&decision, documents, &places));
            }
        }
    }
    Ok(AccessReport { version: VERSION, decisions, left_out })
}

/// Resolves the name of one vault.
pub(super) fn resolution(
    documents: &Documents,
    environments: &[Environment],
    options: &Options,
    question: &Question,
) -> Result<Resolution, String> {
    let (model, vault) = find_vault(environments, question.vault)?;
    let caller = Caller::parse(model, question.from)?;
    let places = Places::new(documents);
    let mut views = caller.origins.iter();
    let Some(first) = views.next() else { return Err(format!("`{}` calls from nowhere", question.from)) };
    let mut whole = sim::resolve(model, options.cloud, vault, &first.what.view);
    for other in views {
        let more = sim::resolve(model, options.cloud, vault, &other.what.view);
        whole.steps.extend(
            more.steps
                .into_iter()
                .filter(|step| !whole.steps.iter().any(|known| known.because == step.because))
                .collect::<Vec<_>>(),
        );
        whole.cases.extend(more.cases);
    }
    let kind = match whole.kind() {
        Some("private") => AnswerKind::Private,
        Some("public") => AnswerKind::Public,
        Some("nxdomain") => AnswerKind::NxDomain,
        _ => AnswerKind::Depends,
    };
    let address = whole.address();
    let depends = if kind == AnswerKind::Depends { whole.depends() } else { Depends::default() };
    let assumed = whole.cases.iter().fold(Assumed::default(), |all, case| all.and(&case.assumed));
    let hop = |hop: &sim::Hop| Hop {
        name: shown(hop.name.clone()),
        kind: hop.kind,
        value: shown(hop.value.clone()),
        zone: hop.zone.clone(),
        file: hop.place.map(|place| places.path(place).to_owned()),
        range: hop.place.map(|place| places.range(place)),
    };
    Ok(Resolution {
        version: VERSION,
        vault: resource_ref(&vault.resource),
        from: question.from.to_owned(),
        chain: whole.hops.iter().map(hop).collect(),
        name: shown(whole.name),
        answer: Answer { kind, address },
        steps: whole.steps.iter().map(|step| of_step(step, &places)).collect(),
        depends_on: names(&depends),
        assumed: assumed.names().map(str::to_owned).collect(),
    })
}

/// The vault that is meant, with what it stands in.
pub(super) fn find_vault<'e>(
    environments: &'e [Environment],
    wanted: Option<&str>,
) -> Result<(&'e Model, &'e Vault), String> {
    let mut found: Vec<(&Model, &Vault)> = Vec::new();
    for environment in environments {
        let model = &environment.model;
        let meant = |vault: &&Vault| wanted.is_none_or(|name| sim::is_named(&vault.resource, name));
        found.extend(model.vaults.iter().filter(meant).map(|vault| (model, vault)));
    }
    if found.len() > 1 && found.iter().any(|(_, vault)| !vault.resource.existing) {
        found.retain(|(_, vault)| !vault.resource.existing);
    }
    let all = |found: &[(&Model, &Vault)]| {
        let names = found.iter().take(8).map(|(_, vault)| format!("`{}`", vault.resource.address));
        names.collect::<Vec<_>>().join(", ")
    };
    match (found.as_slice(), wanted) {
        ([only], _) => Ok(*only),
        ([], None) => Err("no vault is in the files".to_owned()),
        ([], Some(name)) => Err(format!("no vault `{name}` is in the files")),
        (several, None) => Err(format!("several vaults are in the files: say which, {}", all(several))),
        (several, Some(name)) => {
            Err(format!("several vaults are called `{name}`: say which by its address, {}", all(several)))
        }
    }
}

fn names(depends: &Depends) -> Vec<String> {
    depends.names().map(|name| shown(name.to_owned())).collect()
}

pub(super) fn of_step(step: &sim::Step, places: &Places) -> Step {
    Step {
        gate: step.gate,
        verdict: step.verdict,
        because: shown(step.because.clone()),
        facts: step.facts.iter().map(|fact| (*fact).to_owned()).collect(),
        file: step.place.map(|place: Place| places.path(place).to_owned()),
        range: step.place.map(|place| places.range(place)),
    }
}

pub(super) fn outcome(allowed: &Truth) -> Outcome {
    match allowed {
        Truth::True(_) => Outcome::Allowed,
        Truth::False(_) => Outcome::Denied,
        Truth::Unknown(_) => Outcome::Depends,
    }
}

fn of_decision(decision: &sim::Decision, documents: &Documents, places: &Places) -> Decision {
    let fix = |remedy: &sim::Remedy| Fix {
        title: remedy.title.clone(),
        applicability: Applicability::Unsafe,
        edits: of_changes(&remedy.changes, documents, places).unwrap_or_default(),
    };
    Decision {
        version: VERSION,
        vault: resource_ref(&decision.vault.resource),
        from: decision.caller.text.clone(),
        caller: shown(decision.caller.label.clone()),
        outcome: outcome(&decision.allowed),
        via: decision.via,
        error: decision.error.map(str::to_owned),
        steps: decision.steps.iter().map(|step| of_step(step, places)).collect(),
        depends_on: names(&decision.allowed.depends()),
        assumed: decision.allowed.assumed().names().map(str::to_owned).collect(),
        fixes: decision.remedies.iter().map(fix).filter(|fix| !fix.edits.is_empty()).collect(),
    }
}
