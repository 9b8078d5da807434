//! Which built-in policies each vault satisfies, as evidence from the files. A setting that the files do not show is
//! undecided, never "not met".

use super::policies::{POLICIES, Policy, Subject, subjects};
use crate::eval::Truth;
use crate::input::Environment;
use crate::lang::Documents;
use crate::model::Vault;
use crate::render::{Places, in_own_words, resource_ref, shown};
use crate::report::{Control, ControlState, ControlsReport, FrameworkRequirement, Requirement, VERSION};
use crate::text::Place;
use std::rc::Rc;

#[cfg(test)]
mod tests;

/// The maximum number of vaults in one report. Each has half a dozen controls.
const MAX_VAULTS: usize = 200;

pub(crate) fn report(documents: &Documents, environments: &[Rc<Environment>]) -> ControlsReport {
    let places = Places::new(documents);
    let subjects = subjects(environments.iter().map(|environment| &environment.model));
    let left_out = subjects.len().saturating_sub(MAX_VAULTS);
    let (mut controls, mut requirements) = (Vec::new(), Vec::new());
    for subject in subjects.iter().take(MAX_VAULTS) {
        let of = |policy| control(policy, subject, documents, &places);
        let of_vault: Vec<Control> = POLICIES.iter().filter_map(of).collect();
        requirements.extend(requirements_of(&of_vault));
        controls.extend(of_vault);
    }
    ControlsReport {
        version: VERSION,
        controls,
        requirements,
        vaults_left_out: u32::try_from(left_out).unwrap_or(u32::MAX),
    }
}

fn control(policy: &Policy, subject: &Subject, documents: &Documents, places: &Places) -> Option<Control> {
    let vault = subject.decisive(policy).filter(|vault| vault.service == policy.service)?;
    let holds = subject.holds(policy);
    let (state, because) = match &holds {
        Truth::True(_) => (ControlState::Met, policy.keeps.to_owned()),
        Truth::False(_) => (ControlState::NotMet, (policy.lacks)(vault).to_owned()),
        Truth::Unknown(_) => {
            (ControlState::Undecided, format!("the files leave open whether {}", policy.keeps))
        }
    };
    let place = place(policy, vault);
    let requirement = |(framework, requirement): &(&str, &str)| FrameworkRequirement {
        framework: (*framework).to_owned(),
        requirement: (*requirement).to_owned(),
    };
    Some(Control {
        vault: resource_ref(&vault.resource),
        guid: policy.guid.to_owned(),
        name: policy.name.to_owned(),
        state,
        because: in_own_words(&because, &vault.resource, vault.resource.place, documents),
        depends_on: holds.depends().names().map(|name| shown(name.to_owned())).collect(),
        assumed: holds.assumed().names().map(str::to_owned).collect(),
        frameworks: policy.supports.iter().map(requirement).collect(),
        file: places.path(place).to_owned(),
        range: places.range(place),
    })
}

/// The requirements that the controls of one vault support, in the order in which the controls list them.
fn requirements_of(controls: &[Control]) -> Vec<Requirement> {
    let mut found: Vec<Requirement> = Vec::new();
    for control in controls {
        for FrameworkRequirement { framework, requirement } in &control.frameworks {
            let is_same =
                |of: &&mut Requirement| of.framework == *framework && of.requirement == *requirement;
            match found.iter_mut().find(is_same) {
                Some(same) => {
                    same.state = worst(same.state, control.state);
                    same.guids.push(control.guid.clone());
                }
                None => found.push(Requirement {
                    vault: control.vault.clone(),
                    framework: framework.clone(),
                    requirement: requirement.clone(),
                    state: control.state,
                    guids: vec![control.guid.clone()],
                }),
            }
        }
    }
    found
}

/// The state of a requirement with two controls: not met if either is not met, otherwise undecided if either is
/// undecided.
fn worst(a: ControlState, b: ControlState) -> ControlState {
    let is_one = |state| a == state || b == state;
    if is_one(ControlState::NotMet) {
        ControlState::NotMet
    } else if is_one(ControlState::Undecided) {
        ControlState::Undecided
    } else {
        ControlState::Met
    }
}

/// The place of the property that a policy reads, or the vault's if the property is not written.
fn place(policy: &Policy, vault: &Vault) -> Place {
    let value = vault.property(policy.property);
    let written = if policy.property.is_empty() { None } else { value.place };
    written.unwrap_or(vault.resource.place)
}
