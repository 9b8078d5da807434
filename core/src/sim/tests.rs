//! What the simulator says, fact by fact.
