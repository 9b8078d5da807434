#![allow(clippy::string_slice, reason = "tests may panic: that is how they fail")]

use super::*;
use proptest::prelude::*;

fn printed(text: &str) -> String {
    match parse(text) {
        Ok(expr) => format!("[{expr}]"),
        Err(error) => panic!("{text}: {}", error.message),
    }
}

fn refused(text: &str) -> (String, String) {
    let error = parse(text).expect_err(text);
    let place =
        text.get(error.span.start as usize..error.span.end as usize).expect("a place inside the text");
    (place.to_owned(), error.message)
}

#[test]
fn expressions_are_told_from_literals() {
    assert!(is_expression("[parameters('x')]"));
    assert!(!is_expression("[[parameters('x')]"));
    assert!(!is_expression("[two]andthree"));
    assert!(!is_expression("plain"));
    assert_eq!(read("[[x]"), Ok(Some(Template::Literal("[x]".to_owned()))));
    assert_eq!(read("[[x"), Ok(None));
    assert_eq!(read("[x] y"), Ok(None));
    assert_eq!(read(""), Ok(None));
    assert_eq!(read("["), Ok(None));
}

#[test]
fn calls_strings_and_integers_are_read() {
    for text in [
        "[concat('kv-', parameters('name'), 12)]",
        "[sub(3, -5)]",
        "[null()]",
        "['it''s']",
        "[contoso.uniqueName('x')]",
        "[resourceGroup().location]",
        "[reference('x', '2020-01-01', 'Full').properties.a_b2]",
        "[parameters('list')[0].name]",
        "[parameters('o').?a.?b]",
        "[parameters('o')[?'a-b'][0]]",
        "[variables('map')[parameters('env')].sku]",
        "[if(equals(parameters('a'), ''), json('null'), createArray())]",
    ] {
        assert_eq!(printed(text), text);
    }
}

#[test]
fn blanks_and_line_ends_are_allowed_anywhere() {
    let text = "[ concat (\n  'a' ,\r\n\tparameters( 'x' ) . y [ 0 ]\n) ]";
    assert_eq!(printed(text), "[concat('a', parameters('x').y[0])]");
}

#[test]
fn places_are_offsets_into_the_string() {
    let text = "[concat('a', parameters('x').y )]";
    let ExprKind::Call { args, .. } = parse(text).expect("valid").kind else { panic!("no call") };
    let places: Vec<_> =
        args.iter().map(|arg| &text[arg.span.start as usize..arg.span.end as usize]).collect();
    assert_eq!(places, ["'a'", "parameters('x').y"]);
}

#[test]
fn errors_name_the_place_and_the_reason() {
    let expect = |text: &str, place: &str, reason: &str| {
        let (found, message) = refused(text);
        assert_eq!(found, place, "{text}: {message}");
        assert!(message.contains(reason), "{text}: {message}");
    };
    expect("[]", "[]", "empty");
    expect("[  ]", "[  ]", "empty");
    expect("[two]", "two", "parentheses");
    expect("[a.b]", "a.b", "parentheses");
    expect("[concat('a]", "'a", "never closed");
    expect("[concat('a']", "(", "never closed");
    expect("[concat('a' 'b')]", "'", "comma");
    expect("[concat('a',)]", ")", "value is missing");
    expect("[concat(\"a\")]", "\"", "single quotes");
    expect("[f(1.5)]", "1.5", "integer");
    expect("[f(99999999999999999999)]", "99999999999999999999", "64 bits");
    expect("[f().]", ".", "property name");
    expect("[f()] [g()]", "]", "ends before");
    expect("[f()[0]", "[", "never closed");
}

#[test]
fn depth_is_bounded() {
    let nested = |levels: usize| format!("[{}{}]", "f(".repeat(levels), ")".repeat(levels));
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    assert!(refused(&nested(MAX_DEPTH + 1)).1.contains("deep"));
    assert!(refused(&nested(8_000)).1.contains("deep"));
    assert!(refused(&format!("[f(){}]", ".a".repeat(10_000))).1.contains("deep"));
}

fn expr() -> impl Strategy<Value = Expr> {
    let at = |kind| Expr { span: Span::default(), kind };
    let name = "[a-zA-Z_][a-zA-Z0-9_]{0,6}".prop_map(Rc::<str>::from);
    let leaf = prop_oneof![
        any::<i64>().prop_map(move |value| at(ExprKind::Int(value))),
        "[^\u{0}]{0,6}".prop_map(move |text| at(ExprKind::Text(Rc::from(text)))),
    ];
    leaf.prop_recursive(5, 40, 4, move |inner| {
        prop_oneof![
            (
                proptest::option::of(name.clone()),
                name.clone(),
                proptest::collection::vec(inner.clone(), 0..4)
            )
                .prop_map(move |(namespace, name, args)| at(ExprKind::Call {
                    namespace,
                    name,
                    args
                })),
            (inner.clone(), name.clone(), any::<bool>())
                .prop_map(move |(of, name, safe)| at(ExprKind::Property { of: Box::new(of), name, safe })),
            (inner.clone(), inner, any::<bool>()).prop_map(move |(of, index, safe)| {
                at(ExprKind::Index { of: Box::new(of), index: Box::new(index), safe })
            }),
        ]
    })
}

/// The leftmost leaf of a chain may not be a number: `1.a` is a broken number.
fn starts_with_integer(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Property { of, .. } | ExprKind::Index { of, .. } => {
            matches!(of.kind, ExprKind::Int(_)) || starts_with_integer(of) || nested(expr)
        }
        _ => nested(expr),
    }
}

fn nested(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call { args, .. } => args.iter().any(starts_with_integer),
        ExprKind::Index { index, .. } => starts_with_integer(index),
        _ => false,
    }
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_the_same(expr in expr()) {
        prop_assume!(!starts_with_integer(&expr));
        let text = format!("[{expr}]");
        prop_assert_eq!(printed(&text), text);
    }

    #[test]
    fn any_text_is_read_or_refused_inside_its_bounds(text in "\\[?[a-z'.,?()\\[\\]0-9 \\-\"é\n]{0,60}\\]?") {
        if let Err(error) = parse(&text) {
            prop_assert!(error.span.end as usize <= text.len());
            prop_assert!(text.is_char_boundary(error.span.start as usize));
            prop_assert!(text.is_char_boundary(error.span.end as usize));
        }
        let _ = read(&text);
    }
}
