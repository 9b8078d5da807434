//! The simulator against the facts, fact by fact, and against something slower and obviously right.

mod bicep;
mod edges;
mod facts;
mod fixes;
mod limits;
mod properties;
mod reference;
mod world;
