//! One text as HCL: what is wrong is in the text, and so are the comments.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vaultmoat_core::syntax::hcl::parse;
use vaultmoat_fuzz::assert_in;

fuzz_target!(|text: &str| {
    let file = parse(text);
    file.problems.iter().for_each(|problem| assert_in(text, problem.span));
    file.comments.iter().for_each(|comment| assert_in(text, *comment));
});
