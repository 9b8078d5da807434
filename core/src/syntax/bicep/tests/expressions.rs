use super::*;
use crate::syntax::expression::ExprKind;

fn value(text: &str) -> Expr {
    let DeclarationKind::Var { value, .. } = one(&format!("var x = {text}\n")).kind else { panic!("{text}") };
    value.expect(text)
}

fn printed(text: &str) -> String {
    value(text).to_string()
}

#[test]
fn operators_are_the_calls_that_arm_has_for_them() {
    for (text, expected) in [
        ("1 + 2 * 3", "add(1, mul(2, 3))"),
        ("(1 + 2) * 3", "mul(add(1, 2), 3)"),
        ("1 - 2 - 3", "sub(sub(1, 2), 3)"),
        ("8 / 4 % 3", "mod(div(8, 4), 3)"),
        ("-5", "-5"),
        ("-a", "sub(0, a)"),
        ("-a.b", "sub(0, a.b)"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("!a", "not(a)"),
        ("!a.b", "not(a.b)"),
        ("a == b", "equals(a, b)"),
        ("a != b", "not(equals(a, b))"),
        ("a =~ b", "equals(toLower(a), toLower(b))"),
        ("a !~ b", "not(equals(toLower(a), toLower(b)))"),
        ("a < b", "less(a, b)"),
        ("a <= b", "lessOrEquals(a, b)"),
        ("a > b", "greater(a, b)"),
        ("a >= b", "greaterOrEquals(a, b)"),
        ("a || b && c", "or(a, and(b, c))"),
        ("a && b == c + 1", "and(a, equals(b, add(c, 1)))"),
        ("a ?? b || c", "coalesce(a, or(b, c))"),
        ("a ?? b ?? c", "coalesce(coalesce(a, b), c)"),
        ("a < b == c", "equals(less(a, b), c)"),
        ("a ? b : c", "if(a, b, c)"),
        ("a ? b : c ? d : e", "if(a, b, if(c, d, e))"),
        ("a ? b ? 1 : 2 : 3", "if(a, if(b, 1, 2), 3)"),
        ("a == 'x' ? [1] : {}", "if(equals(a, 'x'), createArray(1), createObject())"),
        ("a!", "a"),
        ("a!.b", "a.b"),
        ("((a))", "a"),
    ] {
        assert_eq!(printed(text), expected, "{text}");
    }
}

#[test]
fn accesses_and_calls_are_read() {
    for (text, expected) in [
        ("a.b.c", "a.b.c"),
        ("a.?b", "a.?b"),
        ("a[0]", "a[0]"),
        ("a[?0].b", "a[?0].b"),
        ("a[?'k']", "a[?'k']"),
        ("a[^1]", "indexFromEnd(a, 1)"),
        ("a[?^1]", "tryIndexFromEnd(a, 1)"),
        ("a::b.id", "a::b.id"),
        ("f()", "f()"),
        ("f(1, 'x')", "f(1, 'x')"),
        ("sys.concat('a', 'b')", "sys.concat('a', 'b')"),
        ("az.resourceGroup().location", "az.resourceGroup().location"),
        ("kv.getSecret('x')", "kv.getSecret('x')"),
        ("map(xs, x => x.id)", "map(xs, lambda('x', x.id))"),
        ("reduce(xs, 0, (a, b) => a + b)", "reduce(xs, 0, lambda('a', 'b', add(a, b)))"),
        ("f(() => 1)", "f(lambda(1))"),
        ("null", "null()"),
        ("true", "true()"),
        ("param", "param"),
        ("if && for", "and(if, for)"),
        ("a.resource.null", "a.resource.null"),
        ("[...xs, 1]", "createArray(...xs, 1)"),
        ("{ ...o }", "createObject(...o, null())"),
        ("{ a: 1, 'b-c': 2, '${d}': 3 }", "createObject('a', 1, 'b-c', 2, concat(d), 3)"),
        ("[for x in xs: x]", "[for x in xs: x]"),
        ("[for (x, i) in xs: { n: i }]", "[for (x, i) in xs: createObject('n', i)]"),
        ("[for x in a ? b : c: x]", "[for x in if(a, b, c): x]"),
        ("[for x in xs: [for y in x: y]]", "[for x in xs: [for y in x: y]]"),
        ("[for x in xs: if (x.on) { a: 1 }]", "[for x in xs: if (x.on) createObject('a', 1)]"),
        ("[for]", "createArray(for)"),
        (
            "{ for: 1, if: 2, resource: 3, true: 4 }",
            "createObject('for', 1, 'if', 2, 'resource', 3, 'true', 4)",
        ),
    ] {
        assert_eq!(printed(text), expected, "{text}");
    }
}

#[test]
fn lines_break_where_bicep_lets_them() {
    for (text, expected) in [
        ("a\n  ? b\n  : c", "if(a, b, c)"),
        ("f(\n  1,\n  2\n)", "f(1, 2)"),
        ("f(1,\n  2)", "f(1, 2)"),
        ("(\n  a ||\n  b\n)", "or(a, b)"),
        ("(\n  a\n  && b\n)", "and(a, b)"),
        ("[\n  1\n\n  // two\n  -2\n]", "createArray(1, -2)"),
        ("[1, 2,]", "createArray(1, 2)"),
        ("[\n  1, 2\n  3\n]", "createArray(1, 2, 3)"),
        ("{\n  a: 1\n  b: 2, c: 3\n}", "createObject('a', 1, 'b', 2, 'c', 3)"),
        ("map(xs, x =>\n  x)", "map(xs, lambda('x', x))"),
        ("[\n  for x in xs: x\n]", "[for x in xs: x]"),
        ("[\n  // why\n  for x in xs: {\n    a: x\n  }\n]", "[for x in xs: createObject('a', x)]"),
        ("{\r\n  a: 1\r\n}", "createObject('a', 1)"),
        ("a // comment\n", "a"),
        ("f(/* none */)", "f()"),
    ] {
        assert_eq!(printed(text), expected, "{text}");
    }
}

#[test]
fn strings_are_unescaped() {
    for (text, expected) in [
        ("''", ""),
        ("'it\\'s'", "it's"),
        (r"'a\\b\n\r\t\${c}'", "a\\b\n\r\t${c}"),
        (r"'\u{41}\u{1F600}'", "A😀"),
        ("'$5 {x} $'", "$5 {x} $"),
        ("'''a'''", "a"),
        ("'''\na\n  b'''", "a\n  b"),
        ("'''\r\na\r\n'''", "a\r\n"),
        ("'''\n\na'''", "\na"),
        ("''''''", ""),
        ("''''a''''", "'a'"),
        (r"'''\n ${x}'''", r"\n ${x}"),
        ("$'''plain'''", "plain"),
        ("$$'''\n${x} $'''", "${x} $"),
    ] {
        assert_eq!(value(text).kind, ExprKind::Text(expected.into()), "{text}");
    }
}

#[test]
fn holes_are_between_what_is_written_around_them() {
    for (text, expected) in [
        ("'${a}'", "concat(a)"),
        ("'a${b}c${d}'", "concat('a', b, 'c', d)"),
        ("'${a ? 'x${b}' : '}'}y'", "concat(if(a, concat('x', b), '}'), 'y')"),
        ("'${ { a: { b: 1 } }.a }'", "concat(createObject('a', createObject('b', 1)).a)"),
        ("$'''\na ${b}'s\n'''", "concat('a ', b, '''s\n')"),
        ("$$'''$$${b} ${c}'''", "concat('$', b, ' ${c}')"),
        ("$'''${\n  a\n}'''", "concat(a)"),
    ] {
        assert_eq!(printed(text), expected, "{text}");
    }
}

#[test]
fn places_are_those_in_the_file() {
    let text = "var x = f(a.b, 'c${d}e', {\n  k: 1 == 2\n})";
    let tree = parse(text.into());
    let DeclarationKind::Var { value: Some(value), .. } = &file(&tree).declarations[0].kind else { panic!() };
    let ExprKind::Call { args, .. } = &value.kind else { panic!() };
    let at = |expr: &Expr| &text[expr.span.start as usize..expr.span.end as usize];
    assert_eq!(args.iter().map(at).collect::<Vec<_>>(), ["a.b", "'c${d}e'", "{\n  k: 1 == 2\n}"]);
    let ExprKind::Interpolation(pieces) = &args[1].kind else { panic!() };
    assert_eq!(pieces.iter().map(at).collect::<Vec<_>>(), ["c", "d", "e"]);
    let ExprKind::Object(members) = &args[2].kind else { panic!() };
    assert_eq!((at(&members[0].0), at(&members[0].1)), ("k", "1 == 2"));
}
