use super::*;

/// What is declared, with a `!` where something is read in part.
fn names(text: &str) -> Vec<String> {
    let tree = parse(text.into());
    assert_lossless(&tree);
    let name = |declaration: &Declaration| {
        let name = match &declaration.kind {
            DeclarationKind::Param { name, .. }
            | DeclarationKind::Var { name, .. }
            | DeclarationKind::Output { name, .. }
            | DeclarationKind::Type { name, .. }
            | DeclarationKind::Func { name, .. } => name,
            DeclarationKind::Resource(resource) => &resource.symbol,
            DeclarationKind::Module(module) => &module.symbol,
            _ => "?",
        };
        format!("{name}{}", if declaration.partially_parsed { "!" } else { "" })
    };
    file(&tree).declarations.iter().map(name).collect()
}

const AROUND: [&str; 2] = ["param before string\n", "\nresource behind 'A/b@1' = {\n  name: 'x'\n}\n"];

/// A broken declaration hides nothing but itself, and one or two problems say what is wrong.
fn assert_contained(broken: &str, message: &str) {
    let text = format!("{}{broken}{}", AROUND[0], AROUND[1]);
    let all = problems(&text);
    assert!((1..=2).contains(&all.len()), "{text}\n{all:#?}");
    assert!(all[0].1.contains(message) || all.last().unwrap().1.contains(message), "{text}\n{all:#?}");
    let names = names(&text);
    assert_eq!(names.first().map(String::as_str), Some("before"), "{text}\n{names:?}");
    assert_eq!(names.last().map(String::as_str), Some("behind"), "{text}\n{names:?}");
    assert_eq!(names.len(), 3, "{text}\n{names:?}");
}

#[test]
fn what_is_broken_hides_nothing_but_itself() {
    for (broken, message) in [
        ("resource a 'A/b@1' = {\n  name: 'a'\n", "`{` is never closed"),
        ("resource a 'A/b@1' = {\n  properties: {\n    x: 1\n}\n", "`{` is never closed"),
        ("resource a 'A/b@1' = {\n  name: [\n    1\n}\n", "`[` is never closed"),
        ("resource a 'A/b@1' = {\n  name: f(1\n  tags: {}\n}\n", "`(` is never closed"),
        ("resource a 'A/b@1' = {\n  name: f('x\n  tags: {}\n}\n", "string is never closed"),
        ("resource a 'A/b@1' = [for x in xs: {\n  name: x\n}\n", "`[` is never closed"),
        ("resource a 'A/b@1' = [for x xs: {\n  name: x\n}]\n", "`in` and what"),
        ("resource a 'A/b@1' = if c {\n  name: x\n}\n", "`(` and a condition"),
        ("resource a 'A/b@1' = {\n  name 'a'\n}\n", "`:` and a value"),
        ("resource a 'A/b@1' = {\n  name:\n}\n", "a value is missing at the end of this line"),
        ("resource a 'A/b@1' = {\n  name: 'a' 'b'\n}\n", "a comma or a new line"),
        ("resource a 'A/b@1' = {\n  : 'a'\n}\n", "a property's name"),
        ("resource a 'A/b@1'\n", "`=` and a body"),
        ("resource a 'A/b@1' =\n", "a body"),
        ("resource a = {\n  name: 'a'\n}\n", "type and API version"),
        ("resource 'A/b@1' = {\n  name: 'a'\n}\n", "symbolic name"),
        ("resource a 'A/b@1 = {\n  name: 'a'\n}\n", "string is never closed"),
        ("resourc a 'A/b@1' = {\n  name: 'a'\n}\n", "`resourc` starts no declaration"),
        ("module a 'x.bicep' = {\n  params: {\n    a: 'b\n  }\n}\n", "string is never closed"),
        ("var a = 'x${b\n", "`}` is missing"),
        ("var a = 'x${f(b}'\n", "`(` is never closed"),
        ("var a = '''x\n", "`'''` is missing"),
        ("var a = 1 +\n", "a value is missing"),
        ("var a = (1\n", "`(` is never closed"),
        ("var a = b ? 1\n", "`:` and the value"),
        ("var a = \"x\"\n", "single quotes"),
        ("var a = 1.5\n", "numbers are whole"),
        ("var a = 99999999999999999999\n", "64 bits"),
        ("var a = b.\n", "a property's name"),
        ("var a = b[]\n", "an index"),
        ("var a = 'x\\y'\n", "not an escape"),
        ("var a = '\\u{110000}'\n", "not an escape"),
        ("var a = (1, 2)\n", "parentheses hold one value"),
        ("var a = ()\n", "parentheses hold one value"),
        ("var a = [1 2]\n", "a comma or a new line"),
        ("var a = f(1 2)\n", "a comma or `)`"),
        ("var a = f(1,)\n", "a value is missing before this"),
        ("var a =\n", "a value is missing"),
        ("var a 1\n", "`=` and a value"),
        ("var = 1\n", "the variable's name"),
        ("var\n", "the variable's name"),
        ("var a = ;\n", "this means nothing"),
        ("var a = 1 }\n", "a new line is missing"),
        ("var a = [for (x) in xs: x]\n", "two variables"),
        ("param a\n", "a type is missing"),
        ("param a string =\n", "a value is missing"),
        ("param a 'x' |\n", "a type is missing"),
        ("param a { b: }\n", "a type is missing"),
        ("param a string[\n", "`[` is never closed"),
        ("param a foo<'x'\n", "`<` is never closed"),
        ("output a = 1\n", "a type is missing"),
        ("output a string\n", "`=` and a value"),
        ("type a\n", "`=` is missing"),
        ("func a(b) string => 1\n", "a type is missing"),
        ("func a(b string) => 1\n", "the type of the result"),
        ("func a(b string) string\n", "`=>` and the result"),
        ("import { a } 'x'\n", "`from` and the path"),
        ("import * from 'x'\n", "`as` and a name"),
        ("import a from 'x'\n", "what is imported"),
        ("using\n", "the path of a file or `none`"),
        ("@\nvar a = 1\n", "a decorator's name"),
        ("}\n", "starts no declaration"),
        ("<<<<<<< HEAD\n", "starts no declaration"),
        ("var a = 1 /* open\n", "`*/` is missing"),
    ] {
        assert_contained(broken, message);
    }
}

#[test]
fn the_rest_of_a_broken_body_is_read() {
    let text =
        "resource a 'A/b@1' = {\n  name: 'x'\n  what is this\n  sku: { name: }\n  tags: { a: 'b' }\n}\n";
    let tree = parse(text.into());
    let file = file(&tree);
    let body = resource(&file.declarations[0]).body.as_ref().unwrap().to_string();
    // What was lost comes first, as something unknown that is spread out.
    assert_eq!(
        body,
        "createObject(...?, null(), 'name', 'x', 'what', is, 'sku', createObject('name', ?), 'tags', \
         createObject('a', 'b'))"
    );
    assert!(file.declarations[0].partially_parsed);
    assert_eq!(tree.problems().len(), 2);
}

#[test]
fn what_lacks_a_separator_is_read_and_not_damaged() {
    for text in ["var a = [\n  1,\n  2\n]\n", "var a = {\n  b: 1,\n  c: 2\n}\n", "var a = { b: 1 c: 2 }\n"] {
        assert_eq!(problems(text).len(), 1, "{text}");
        assert_eq!(names(text), ["a"], "{text}");
    }
}

#[test]
fn a_declaration_in_a_body_that_is_not_indented_is_one_of_the_body() {
    let text = "resource a 'A/b@1' = {\nname: 'a'\n@batchSize(1)\nresource b 'c' = {\nname: 'b'\n}\n}\n";
    let declaration = one(text);
    assert_eq!(resource(&declaration).nested.len(), 1);
}

#[test]
fn many_problems_are_not_all_listed() {
    assert_eq!(problems(&"var x\n".repeat(1000)).len(), MAX_PROBLEMS);
    let text = format!("{}var a = 'b\nvar c = 1\n", "var x = '\n".repeat(1000));
    let names = names(&text);
    assert_eq!(names[999..], ["x!", "a!", "c"]);
}
