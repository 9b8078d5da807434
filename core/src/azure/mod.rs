//! What Azure fixes: names, limits, versions, ranges, roles. Constants only, each with the number of the fact
//! it rests on.

pub mod access;
pub mod cloud;
pub mod limits;
pub mod names;
pub mod policies;
pub mod ranges;
pub mod services;
#[cfg(test)]
mod tests;
pub mod versions;

pub use cloud::Cloud;
pub use versions::ApiVersion;
