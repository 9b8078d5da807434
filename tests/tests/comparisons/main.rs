//! The same question answered in two ways: in several languages, before and after a rewriting, in parts and as a whole, by
//! the simulator and by a slow and simple evaluator.

mod deciding_values;
mod fixes;
mod four_languages;
mod languages_agree;
mod metamorphic;
mod parity_languages;
mod recheck;
mod simulator;
mod stream;
mod yielding;
