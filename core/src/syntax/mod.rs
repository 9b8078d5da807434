//! Parsers: text to trees whose nodes have spans. They tolerate errors, bound their depth, and know nothing about
//! Azure.

pub mod bicep;
pub mod expression;
pub mod hcl;
pub mod json;

/// The problem at the part of a text beyond the size limit.
const TOO_LARGE: &str = "the file is too large: what follows is not read";
