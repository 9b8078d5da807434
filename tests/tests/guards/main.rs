//! What must stay true of the project as a whole: layers, facts, pages, words, examples, and bounds on hostile input.

mod costs;
mod examples;
mod facts;
mod growth;
mod hostile;
mod layers;
mod rule_pages;
mod words;
