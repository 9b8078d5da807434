//! Text to tree: error-tolerant, depth-capped, every node with its place. Knows no Azure words.

pub mod bicep;
pub mod expression;
pub mod hcl;
pub mod json;
