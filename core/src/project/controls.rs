//! Which built-in policies each vault satisfies: evidence that is read off the files. What they do not show is open, never
//! "not met".

use super::diagnose::{Places, in_own_words, resource_ref, shown};
use super::documents::Documents;
use super::environment::Environment;
use super::policies::{POLICIES, Policy, Subject, subjects};
use crate::eval::Truth;
use crate::model::Vault;
use crate::report::{Control, ControlState, ControlsReport, FrameworkRequirement, VERSION};
use crate::text::Place;
use std::rc::Rc;

#[cfg(test)]
mod tests;

/// Vaults of one report; each has half a dozen controls.
const MAX_VAULTS: usize = 200;

pub(super) fn report(documents: &Documents, environments: &[Rc<Environment>]) -> ControlsReport {
    let places = Places::new(documents);
    let subjects = subjects(environments.iter().map(|environment| &environment.model));
    let left_out = subjects.len().saturating_sub(MAX_VAULTS);
    let controls = subjects.iter().take(MAX_VAULTS).flat_map(|subject| {
        let of = |policy| control(policy, subject, documents, &places);
        POLICIES.iter().filter_map(of).collect::<Vec<_>>()
    });
    ControlsReport {
        version: VERSION,
        controls: controls.collect(),
        vaults_left_out: u32::try_from(left_out).unwrap_or(u32::MAX),
    }
}

fn control(policy: &Policy, subject: &Subject, documents: &Documents, places: &Places) -> Option<Control> {
    let vault = subject.decisive(policy).filter(|vault| vault.is_hsm == policy.for_hsm)?;
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

/// Where the property stands that a policy looks at; the vault where it is not written.
fn place(policy: &Policy, vault: &Vault) -> Place {
    let value = vault.property(policy.property);
    let written = if policy.property.is_empty() { None } else { value.place };
    written.unwrap_or(vault.resource.place)
}
