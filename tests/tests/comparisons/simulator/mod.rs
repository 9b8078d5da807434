//! The simulator against the facts, fact by fact, and against something slower and obviously right.

mod bicep;
mod callers;
mod edges;
mod facts;
mod fixes;
mod limits;
mod properties;
mod reference;
mod words;
mod world;
