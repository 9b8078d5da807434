//! Results of the simulator as reports: `explain`, `access`, `resolve` and `plan`.

use super::commands::az;
use crate::eval::{Assumptions, Truth, Unknowns};
use crate::input::Environment;
use crate::lang::Documents;
use crate::model::{Model, Vault};
use crate::render::{Places, edits, in_own_words, resource_ref, shown};
use crate::report::{
    AccessReport, Action, Answer, AnswerKind, Applicability, Decision, Fix, Hop, Loss, Note, Outcome,
    Outside, Phase, Plan, Region, Resolution, Step, VERSION,
};
use crate::sim::plan::Instruction;
use crate::sim::{self, Caller};
use std::rc::Rc;

/// The maximum number of decisions in one table, which bounds time and output.
const MAX_DECISIONS: usize = 20_000;

/// A vault, which can be omitted if the files contain only one, and a caller.
pub(crate) struct Question<'q> {
    pub(crate) vault: Option<&'q str>,
    pub(crate) from: &'q str,
}

/// The decision about one request.
pub(crate) fn decision(
    documents: &Documents,
    environments: &[Rc<Environment>],
    question: &Question,
) -> Result<Decision, String> {
    let (model, vault) = find_vault(environments, question.vault)?;
    let caller = Caller::parse(model, question.from)?;
    let decision = sim::explain(model, vault, caller);
    Ok(Writer::new(documents, vault, &Places::new(documents)).decision(&decision))
}

/// The decisions about every caller in the files.
pub(crate) fn table(
    documents: &Documents,
    environments: &[Rc<Environment>],
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
                let decision = sim::explain(model, vault, caller);
                decisions.push(Writer::new(documents, vault, &places).decision(&decision));
            }
        }
    }
    Ok(AccessReport { version: VERSION, decisions, left_out })
}

/// Resolves the name of one vault.
pub(crate) fn resolution(
    documents: &Documents,
    environments: &[Rc<Environment>],
    question: &Question,
) -> Result<Resolution, String> {
    let (model, vault) = find_vault(environments, question.vault)?;
    let caller = Caller::parse(model, question.from)?;
    let places = Places::new(documents);
    let writer = Writer::new(documents, vault, &places);
    let mut views = caller.origins.iter();
    let Some(first) = views.next() else { return Err(format!("`{}` has no known origin", question.from)) };
    let mut whole = sim::resolve(model, vault, &first.what.view);
    for other in views {
        let more = sim::resolve(model, vault, &other.what.view);
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
    let depends = if kind == AnswerKind::Depends { whole.depends() } else { Unknowns::default() };
    let assumed = whole.cases.iter().fold(Assumptions::default(), |all, case| all.and(&case.assumed));
    let hop = |hop: &sim::ResolutionStep| Hop {
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
        steps: whole.steps.iter().map(|step| writer.step(step)).collect(),
        depends_on: names(&depends),
        assumed: assumed.names().map(str::to_owned).collect(),
    })
}

/// The vault with this name, address or id, or the only one, with its model. A declared vault is preferred to one that
/// is only referred to.
pub(crate) fn find_vault<'e>(
    environments: &'e [Rc<Environment>],
    wanted: Option<&str>,
) -> Result<(&'e Model, &'e Vault), String> {
    let mut found: Vec<(&Model, &Vault)> = Vec::new();
    for environment in environments {
        let model = &environment.model;
        let meant = |vault: &&Vault| wanted.is_none_or(|name| sim::is_named(&vault.resource, name));
        found.extend(model.vaults.iter().filter(meant).map(|vault| (model, vault)));
    }
    if found.len() > 1 && found.iter().any(|(_, vault)| !vault.resource.referenced) {
        found.retain(|(_, vault)| !vault.resource.referenced);
    }
    let all = |found: &[(&Model, &Vault)]| {
        let names = found.iter().take(8).map(|(_, vault)| format!("`{}`", vault.resource.address));
        names.collect::<Vec<_>>().join(", ")
    };
    match (found.as_slice(), wanted) {
        ([only], _) => Ok(*only),
        ([], None) => Err("no vault is in the files".to_owned()),
        ([], Some(name)) => Err(format!("no vault `{name}` is in the files")),
        (several, None) => Err(format!("several vaults are in the files: choose one, {}", all(several))),
        (several, Some(name)) => {
            Err(format!("several vaults are called `{name}`: choose one by its address, {}", all(several)))
        }
    }
}

fn names(depends: &Unknowns) -> Vec<String> {
    depends.names().map(|name| shown(name.to_owned())).collect()
}

fn outside(outside: &sim::OutsideResource) -> Outside {
    Outside { what: shown(outside.what.clone()), kind: outside.kind }
}

pub(crate) fn outcome(allowed: &Truth) -> Outcome {
    match allowed {
        Truth::True(_) => Outcome::Allowed,
        Truth::False(_) => Outcome::Denied,
        Truth::Unknown(_) => Outcome::Depends,
    }
}

/// The steps of one vault to private access.
pub(crate) fn plan(
    documents: &Documents,
    environments: &[Rc<Environment>],
    vault: Option<&str>,
) -> Result<Plan, String> {
    let (model, vault) = find_vault(environments, vault)?;
    let plan = sim::plan(model, vault);
    let places = Places::new(documents);
    let writer = Writer::new(documents, vault, &places);
    let region = |region: &sim::plan::EndpointRegion| Region {
        location: shown(region.location.clone()),
        endpoint: shown(region.endpoint.clone()),
        zones: region.zones.iter().cloned().map(shown).collect(),
    };
    Ok(Plan {
        version: VERSION,
        vault: resource_ref(&vault.resource),
        phases: plan.phases.iter().map(|phase| writer.phase(phase)).collect(),
        regions: plan.regions.iter().map(region).collect(),
        notes: plan.notes.iter().map(|note| writer.note(note)).collect(),
    })
}

/// Writes reports about a vault in the terms of the vault's language.
struct Writer<'w, 'd, 't> {
    documents: &'w Documents<'t>,
    vault: &'w Vault,
    places: &'w Places<'d>,
}

impl<'w, 'd, 't> Writer<'w, 'd, 't> {
    fn new(documents: &'w Documents<'t>, vault: &'w Vault, places: &'w Places<'d>) -> Self {
        Self { documents, vault, places }
    }

    fn text(&self, text: &str) -> String {
        in_own_words(text, &self.vault.resource, self.vault.resource.place, self.documents)
    }

    fn decision(&self, decision: &sim::RequestOutcome) -> Decision {
        Decision {
            version: VERSION,
            vault: resource_ref(&self.vault.resource),
            from: decision.caller.text.clone(),
            caller: shown(decision.caller.label.clone()),
            outcome: outcome(&decision.allowed),
            via: decision.via,
            error: decision.error.map(str::to_owned),
            steps: decision.steps.iter().map(|step| self.step(step)).collect(),
            depends_on: names(&decision.allowed.depends()),
            unless: decision.unless.iter().map(outside).collect(),
            assumed: decision.allowed.assumed().names().map(str::to_owned).collect(),
            fixes: decision.remedies.iter().filter_map(|remedy| self.remedy(remedy)).collect(),
        }
    }

    fn step(&self, step: &sim::GateResult) -> Step {
        Step {
            gate: step.gate,
            verdict: step.verdict,
            because: self.text(&step.because),
            facts: facts(step.facts),
            file: step.place.map(|place| self.places.path(place).to_owned()),
            range: step.place.map(|place| self.places.range(place)),
        }
    }

    fn remedy(&self, remedy: &sim::Remedy) -> Option<Fix> {
        let edits = edits(&remedy.changes, self.documents, self.places)?;
        Some(Fix { title: self.text(&remedy.title), applicability: Applicability::Unsafe, edits })
    }

    fn note(&self, note: &sim::plan::MigrationNote) -> Note {
        Note {
            text: self.text(&note.text),
            file: note.place.map(|place| self.places.path(place).to_owned()),
            range: note.place.map(|place| self.places.range(place)),
        }
    }

    fn phase(&self, phase: &sim::plan::MigrationPhase) -> Phase {
        let instruction = |instruction: &Instruction| az::instruction(instruction, self.vault);
        let action = |action: &sim::plan::MigrationAction| Action {
            title: self.text(&action.title),
            done: action.done,
            command: action.command.as_ref().map(|command| az::command(command, self.vault)),
            fix: action.remedy.as_ref().and_then(|remedy| self.remedy(remedy)),
        };
        let loss = |loss: &sim::plan::LostAccess| Loss {
            from: loss.from.clone(),
            caller: shown(loss.caller.clone()),
            before: outcome(&loss.before),
            after: outcome(&loss.after),
            because: self.text(&loss.because),
        };
        Phase {
            phase: phase.kind,
            state: phase.state,
            actions: phase.actions.iter().map(action).collect(),
            blockers: phase.blockers.iter().map(|note| self.note(note)).collect(),
            notes: phase.notes.iter().map(|note| self.note(note)).collect(),
            losses: phase.losses.iter().map(loss).collect(),
            verification: phase.verification.iter().map(instruction).collect(),
            rollback: phase.rollback.iter().map(instruction).collect(),
            facts: facts(phase.facts),
        }
    }
}

fn facts(numbers: &[&str]) -> Vec<String> {
    numbers.iter().map(|fact| (*fact).to_owned()).collect()
}
