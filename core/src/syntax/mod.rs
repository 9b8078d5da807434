//! Text to tree: error-tolerant, depth-capped, every node with its place. Knows no Azure words.

pub mod bicep;
pub mod expression;
pub mod hcl;
pub mod json;

/// What is said of the part of a text that is not read.
const TOO_LARGE: &str = "the file is too large: what follows is not read";
