use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

const SNIPPETS: &[&str] = &[
    "param p string = 'a${b}c'\n",
    "@allowed([\n  'a'\n  'b'\n])\nparam p 'a' | 'b'\n",
    "resource r 'A/b@1' existing = {\n  name: 'x'\n  resource c 'd' = if (a) {\n    name: x.?y[?0]!.z\n  }\n}\n",
    "resource r 'A/b@1' = [for (x, i) in xs: if (x != i) {\n  name: '${x}-${i}'\n}]\n",
    "module m 'br:a/b:c' = {\n  params: { ...o, a: -1 }\n}\n",
    "type t = {\n  @secure()\n  a: string?\n  *: (int | null)[]\n}\n",
    "func f(a string, b int) string => a ? '''\nx\n''' : $'''y${b}'''\n",
    "import { a, b as c } from 'x.bicep'\nimport * as d from 'y'\n",
    "extension k with { a: 1 } as l\nusing none\n",
    "var v = map(xs, (x, y) => x::y.f(1) ?? [ ]) // end\n/* c */",
    "output o array = [for x in xs: {\n  a: x ? 1 : 2\n}]\n#disable-next-line a\n",
];

fn check(text: &str) -> Tree {
    let tree = parse(text.into());
    assert_lossless(&tree);
    let file = file(&tree);
    let mut highest = 0;
    for declaration in &file.declarations {
        match &declaration.kind {
            DeclarationKind::Var { value: Some(value), .. } => highest = highest.max(height(value)),
            DeclarationKind::Resource(resource) => {
                highest = highest.max(resource.body.as_ref().map(height).unwrap_or_default());
            }
            _ => {}
        }
    }
    assert!(highest <= 2 * MAX_DEPTH, "{highest}");
    comments(&tree);
    tree
}

proptest! {
    #[test]
    fn any_text_is_printed_back(text in "\\PC{0,60}") {
        check(&text);
    }

    #[test]
    fn anything_made_of_tokens_is_printed_back(
        parts in proptest::collection::vec(prop::sample::select(vec![
            "param", "var", "resource", "module", "output", "type", "func", "import", "using", "for", "in", "if",
            "existing", "as", "from", "with", "a", "b", "1", "'x'", "'", "'''", "$'''", "${", "}", "{", "(", ")", "[",
            "]", "=", "=>", "?", ":", "::", ".", ",", "@", "!", "-", "+", "*", "|", "<", ">", "...", "^", "\n", "\n",
            " ", "//", "/*", "*/", "#d", "\\", "\"", "é", "\u{feff}", "\r", "'a${", "}b'", "??", "==",
        ]), 0..60),
        spaced: bool,
    ) {
        check(&parts.join(if spaced { " " } else { "" }));
    }

    #[test]
    fn snippets_that_are_cut_and_mixed_are_printed_back(
        pieces in proptest::collection::vec((prop::sample::select(SNIPPETS), any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..5),
    ) {
        let mut text = String::new();
        for (snippet, from, to) in pieces {
            let (from, to) = (from.index(snippet.len() + 1), to.index(snippet.len() + 1));
            text.push_str(&snippet[from.min(to)..from.max(to)]);
        }
        check(&text);
    }
}

#[test]
fn snippets_that_are_cut_anywhere_are_printed_back() {
    let all = SNIPPETS.concat();
    for (at, _) in all.char_indices() {
        check(&all[..at]);
        check(&format!("{}{}", &all[..at], &all[at + 1..]));
    }
    assert_eq!(check(&all).problems(), []);
}

#[test]
fn depth_is_bounded() {
    let nested = |open: &str, close: &str, levels: usize| {
        problems(&format!("var a = {}1{}\n", open.repeat(levels), close.repeat(levels)))
    };
    for (open, close, levels) in [
        ("(", ")", MAX_DEPTH - 1),
        ("[", "]", MAX_DEPTH - 1),
        ("f(", ")", MAX_DEPTH - 1),
        ("{a: ", "}", MAX_DEPTH - 1),
        ("!", "", MAX_DEPTH - 1),
        ("'${", "}'", MAX_DEPTH - 1),
    ] {
        assert_eq!(nested(open, close, levels), [], "{open}");
        for more in [1, 2, 1000] {
            let found = nested(open, close, levels + more);
            assert_eq!(found.len(), 1, "{open} {found:?}");
            assert!(found[0].1.contains("deep"), "{found:?}");
        }
    }
    for chain in [".a", "[0]", "!", "::a", ".f()", " + 1", " ?? b", "[?0]"] {
        let text = format!("var a = b{}\nvar c = 1\n", chain.repeat(500));
        let found = problems(&text);
        assert_eq!(found.len(), 1, "{chain} {found:?}");
        assert!(found[0].1.contains("deep"), "{found:?}");
        assert_eq!(file(&check(&text)).declarations.len(), 2);
    }
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a test may look at the clock")]
fn hostile_texts_take_no_time() {
    let size = 300_000;
    for part in [
        "(",
        "[",
        "{",
        "<",
        "'${",
        "$'''${",
        "!",
        "-",
        "a.",
        "a.a",
        "a ? b : ",
        "a ? ",
        "'",
        "'''",
        "$'''",
        "$",
        "\"",
        "/*",
        "//",
        "@",
        "@a\n",
        "a\n",
        "}",
        ")",
        "]",
        "}\n",
        "var a = {\n",
        "var a = 'x\n",
        "var a = '''\n",
        "/*\nvar a\n",
        "resource a 'b' = {\n",
        "a: {\n",
        "f(",
        "f(\n",
        "x => ",
        "(a, ",
        "a + ",
        "a ?? b ?? ",
        "param a ",
        "param a b | ",
        "param a b[]",
        "a[",
        "\n",
        "\r",
        " ",
        "\\",
        "'\\",
        "'\\u{",
        "#a\n",
        "[for x in ",
        "[for x in y: ",
        "if (",
        "...",
        "= ",
        "type a = {\n*: ",
        "import {a\n",
        "é",
        "\u{feff}",
        "{ resource a 'b' = ",
        "a::",
        "a!",
        "a[?",
        "a\n.",
        "a\n? ",
        "a\n&& ",
        ",",
        ":",
        "a:",
        "?",
        "|",
        "| 'a'\n",
        "func f(",
        "}'",
        "${",
        "a\n\n",
    ] {
        for prefix in ["", "var a = ", "param a "] {
            let text = format!("{prefix}{}", part.repeat(size / part.len()));
            let start = Instant::now();
            let tree = parse(text.as_str().into());
            let read = file(&tree);
            drop(read);
            assert_eq!(tree.root().span().end as usize, text.len());
            assert!(start.elapsed() < Duration::from_secs(5), "{prefix}{part:?}: {:?}", start.elapsed());
        }
    }
    for (first, second) in
        [("$'''${", "}\nvar a\n"), ("'${", "}"), ("$'''${", "}'''"), ("(", ")"), ("[", "\n]"), ("'${", "}'")]
    {
        let half = size / 2;
        let text =
            format!("var a = {}{}", first.repeat(half / first.len()), second.repeat(half / second.len()));
        let start = Instant::now();
        let tree = parse(text.as_str().into());
        file(&tree);
        assert!(start.elapsed() < Duration::from_secs(5), "{first:?} {second:?}: {:?}", start.elapsed());
    }
}
