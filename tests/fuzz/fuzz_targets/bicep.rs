//! One Bicep file: every token is in the tree once, and its declarations can be read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::rc::Rc;
use vaultmoat_core::syntax::bicep::{Element, Node, ast, comments, parse};

fuzz_target!(|text: &str| {
    let tree = parse(Rc::from(text));
    let mut printed = String::new();
    print(tree.root(), text, &mut printed);
    assert_eq!(printed, text);
    ast::file(&tree);
    comments(&tree);
});

fn print(node: Node, text: &str, printed: &mut String) {
    for element in node.elements() {
        match element {
            Element::Node(child) => print(child, text, printed),
            Element::Token(_, span) => printed.push_str(&text[span.start as usize..span.end as usize]),
        }
    }
}
