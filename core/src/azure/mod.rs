//! What Azure fixes: names, limits, versions, ranges, roles. Constants only, each with the number of the fact
//! it rests on.

pub mod access;
pub mod callers;
pub mod cloud;
pub mod guid;
pub mod limits;
pub mod names;
pub mod policies;
pub mod private_link;
pub mod ranges;
pub mod services;
#[cfg(test)]
mod tests;
pub mod versions;

pub use cloud::Cloud;
pub use private_link::{PRIVATE_LINK_RESOURCES, PrivateLinkResource};
pub use versions::ApiVersion;
