//! One text as JSON, as one document and as several: what is wrong is in the text, and so are the comments.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vaultmoat_core::syntax::json::{comments, documents, parse};
use vaultmoat_fuzz::assert_in;

fuzz_target!(|text: &str| {
    let whole = parse(text);
    for parsed in documents(text, usize::MAX).iter().chain([&whole]) {
        parsed.problems.iter().for_each(|problem| assert_in(text, problem.span));
        parsed.lost.iter().for_each(|lost| assert_in(text, *lost));
        assert!(parsed.root.is_some() || !parsed.problems.is_empty());
    }
    comments(text).iter().for_each(|(span, _)| assert_in(text, *span));
});
