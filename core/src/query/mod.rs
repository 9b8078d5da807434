//! Questions about the network, each answered as a report.

pub(crate) mod access;
mod commands;
pub(crate) mod controls;
pub(crate) mod diff;
pub(crate) mod graph;
pub(crate) mod model;
pub(crate) mod monitor;
mod policies;
