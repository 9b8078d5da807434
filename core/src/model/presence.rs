//! Whether resources are deployed.

use crate::eval::{Truth, Unknowns};
use crate::lang::Resource;

/// Whether a resource is deployed for sure whenever the whole is.
pub fn is_deployed(resource: &Resource) -> Truth {
    let deployed = resource.condition.is_true();
    if resource.repeated {
        deployed.and(Truth::Unknown(Unknowns::of(format!("the number of copies of `{}`", resource.address))))
    } else {
        deployed
    }
}

/// Whether `other` is deployed whenever `resource` is: always, or on the same condition.
pub fn comes_with(resource: &Resource, other: &Resource) -> Truth {
    let (ours, theirs) = (&resource.condition, &other.condition);
    let same_condition = ours.same(theirs) == Some(true) && ours.assumed == theirs.assumed;
    if same_condition && !other.repeated { Truth::of(true) } else { is_deployed(other) }
}
