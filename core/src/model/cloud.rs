//! Which Azure the files are for.

use super::{Model, Vault};
use crate::azure::Cloud;
use crate::azure::names;
use crate::eval::Assumptions;
use crate::lang::Resource;

/// The clouds whose names are right in the files, and how that is known.
#[derive(Clone, Debug, Default)]
pub struct Clouds {
    /// Several only where resources are in regions of several clouds; empty where nothing is evident.
    found: Vec<Cloud>,
    /// The parameters by whose defaults the resources are in these regions.
    assumed: Assumptions,
}

impl Clouds {
    /// What is given decides, then what providers are configured for, then the regions of the resources.
    pub fn new<'r>(
        given: Option<Cloud>,
        configured: &[(Cloud, Assumptions)],
        resources: impl Iterator<Item = &'r Resource>,
    ) -> Self {
        if let Some(cloud) = given {
            return Self { found: vec![cloud], assumed: Assumptions::default() };
        }
        let configured = Self::all(configured.iter().cloned());
        if configured.is_evident() { configured } else { Self::all(resources.filter_map(region)) }
    }

    /// What is written decides, and defaults where nothing is.
    fn all(said: impl Iterator<Item = (Cloud, Assumptions)>) -> Self {
        let (mut written, mut defaults) = (Self::default(), Self::default());
        for (cloud, assumed) in said {
            let clouds = if assumed.is_empty() { &mut written } else { &mut defaults };
            clouds.add(cloud);
            clouds.assumed = clouds.assumed.and(&assumed);
        }
        if written.is_evident() { written } else { defaults }
    }

    fn add(&mut self, cloud: Cloud) {
        if !self.found.contains(&cloud) {
            self.found.push(cloud);
        }
    }

    /// The only one, where there is only one.
    pub fn only(&self) -> Option<Cloud> {
        self.found.first().copied().filter(|_| self.found.len() == 1)
    }

    /// Whether anything in the files, or an option, says which cloud it is.
    pub fn is_evident(&self) -> bool {
        !self.found.is_empty()
    }

    /// The defaults it rests on.
    pub fn assumed(&self) -> &Assumptions {
        &self.assumed
    }

    /// The cloud that the files are for: the public one where nothing says another.
    pub fn first(&self) -> Cloud {
        self.found.first().copied().unwrap_or_default()
    }

    /// Whether the names of a cloud are right somewhere in the files.
    pub fn may_be(&self, cloud: Cloud) -> bool {
        self.found.contains(&cloud) || (self.found.is_empty() && cloud == Cloud::default())
    }

    /// The clouds whose names are right nowhere in the files.
    pub fn others(&self) -> Vec<Cloud> {
        Cloud::ALL.into_iter().filter(|cloud| !self.may_be(*cloud)).collect()
    }
}

impl Model {
    /// The cloud of one vault: where the files are for several, that of its region.
    pub fn cloud_of(&self, vault: &Vault) -> Cloud {
        let own = || region(&vault.resource).map(|(cloud, _)| cloud);
        self.clouds.only().or_else(own).unwrap_or_else(|| self.clouds.first())
    }
}

/// What has to be in a region of the cloud that its vault is in.
const REGIONAL: &[&str] =
    &[names::VAULT, names::MANAGED_HSM, names::PRIVATE_ENDPOINT, names::VIRTUAL_NETWORK];

/// The cloud of the region that a vault, an endpoint or a network is in, with the defaults by which it is there.
pub fn region(resource: &Resource) -> Option<(Cloud, Assumptions)> {
    REGIONAL.iter().find(|kind| resource.kind.eq_ignore_ascii_case(kind))?;
    let location = resource.body.get("location");
    Some((Cloud::of_region(location.as_text()?)?, location.assumed.clone()))
}
