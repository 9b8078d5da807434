//! Functions whose result only Azure knows. The call itself is the identity of the result: two calls with equal
//! arguments are the same value.

use super::{Context, Function, MANY, Outcome, open, partial};
use crate::eval::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    partial("buildUri", (1, 1), unknown),
    partial("guid", (1, MANY), unknown),
    partial("newGuid", (0, 0), unknown),
    partial("parseUri", (1, 1), unknown),
    partial("pickZones", (3, 5), unknown),
    partial("providers", (1, 2), unknown),
    partial("roleDefinitions", (1, 1), unknown),
    partial("toLogicalZone", (3, 3), unknown),
    partial("toLogicalZones", (3, 3), unknown),
    partial("toPhysicalZone", (3, 3), unknown),
    partial("toPhysicalZones", (3, 3), unknown),
    partial("uniqueString", (1, MANY), unknown),
    partial("utcNow", (0, 1), unknown),
];

fn unknown(_: &[Value], _: &Context) -> Outcome {
    open()
}
