//! What Azure fixes: names, limits, versions, ranges, roles. Constants only, each with the number of the fact
//! it rests on.

pub mod access;
pub mod callers;
pub mod cloud;
pub mod guid;
pub mod limits;
pub mod names;
pub mod policies;
pub mod ranges;
pub mod service;
pub mod services;
#[cfg(test)]
mod tests;
pub mod versions;

pub use cloud::{Cloud, DnsNames};
pub use service::{Feature, SERVICES, Service};
pub use versions::ApiVersion;
