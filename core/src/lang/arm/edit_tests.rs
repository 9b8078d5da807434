use super::{File, render};
use crate::lang::{Change, Literal};
use crate::syntax::json::{self, Node, Ranged};
use crate::text::{FileId, Place};

/// The place of the value at a path of names and indices.
fn place(file: &File, path: &str) -> Place {
    let mut node = file.parsed.root.as_ref().unwrap();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        node = match node {
            Node::Object(object) => &json::get(object, part).unwrap().value,
            Node::Array(array) => &array.elements[part.parse::<usize>().unwrap()],
            _ => panic!("nothing in {part}"),
        };
    }
    Place { file: file.id, span: file.parsed.span(node.range()) }
}

/// Makes changes, given where things are.
type Changes<'c> = &'c dyn Fn(&dyn Fn(&str) -> Place) -> Vec<Change>;

fn edited(text: &str, changes: Changes) -> Option<String> {
    let file = File { id: FileId(0), path: "main.json", parsed: json::parse(text) };
    let changes = changes(&|path| place(&file, path));
    let edits = render(&file, &changes.iter().collect::<Vec<_>>())?;
    let mut result = text.to_owned();
    for edit in edits.iter().rev() {
        let span = edit.place.span;
        result.replace_range(span.start as usize..span.end as usize, &edit.text);
    }
    assert_eq!(json::parse(&result).problems, [], "{result}");
    Some(result)
}

fn check(text: &str, changes: Changes, expected: &str) {
    assert_eq!(edited(text, changes).as_deref(), Some(expected));
}

fn word(text: &str) -> Literal {
    Literal::Text(text.to_owned())
}

fn insert(text: &str, path: &str, expected: &str) {
    check(text, &|at| vec![Change::Insert { object: at(path), key: "k", value: word("v") }], expected);
}

fn remove(text: &str, paths: &[&str], expected: &str) {
    let changes = |at: &dyn Fn(&str) -> Place| {
        paths.iter().map(|path| Change::Remove { value: at(path) }).collect::<Vec<_>>()
    };
    check(text, &changes, expected);
}

#[test]
fn a_new_property_follows_the_last_one_in_its_indentation() {
    insert("{\n\t\"a\": 1\n}\n", "", "{\n\t\"a\": 1,\n\t\"k\": \"v\"\n}\n");
    insert("{\r\n    \"a\": {\r\n    }\r\n}", "", "{\r\n    \"a\": {\r\n    },\r\n    \"k\": \"v\"\r\n}");
    insert("\u{feff}{\n  \"a\": 1\n}", "", "\u{feff}{\n  \"a\": 1,\n  \"k\": \"v\"\n}");
}

#[test]
fn an_object_on_one_line_stays_on_it() {
    insert("{ \"o\": { \"a\": 1 } }", "o", "{ \"o\": { \"a\": 1, \"k\": \"v\" } }");
    insert("{\"o\":{\"a\":1}}", "o", "{\"o\":{\"a\":1,\"k\":\"v\"}}");
    insert("[{ \"o\": {} }]", "0/o", "[{ \"o\": { \"k\": \"v\" } }]");
}

#[test]
fn an_empty_object_with_a_line_of_its_own_is_opened() {
    insert("{\n  \"o\": {}\n}", "o", "{\n  \"o\": {\n    \"k\": \"v\"\n  }\n}");
    insert("{\n\t\"o\": { }\n}", "o", "{\n\t\"o\": {\n\t\t\"k\": \"v\"\n\t}\n}");
    insert("{}", "", "{\n  \"k\": \"v\"\n}");
}

#[test]
fn comments_stay_with_the_property_they_are_about() {
    insert("{\n  \"a\": 1 // one, two\n}", "", "{\n  \"a\": 1, // one, two\n  \"k\": \"v\"\n}");
    insert("{\n  \"a\": 1 /* x */ // y\n}", "", "{\n  \"a\": 1, /* x */ // y\n  \"k\": \"v\"\n}");
    insert("{\n  \"a\": 1\n  // below\n}", "", "{\n  \"a\": 1,\n  \"k\": \"v\"\n  // below\n}");
    insert("{\n  \"o\": {\n    // none\n  }\n}", "o", "{\n  \"o\": {\n    // none\n    \"k\": \"v\"\n  }\n}");
    insert("[{ \"o\": { /* none */ } }]", "0/o", "[{ \"o\": { /* none */ \"k\": \"v\" } }]");
}

#[test]
fn several_new_properties_keep_their_order() {
    let both = |at: &dyn Fn(&str) -> Place| {
        let insert = |key, value| Change::Insert { object: at("o"), key, value };
        vec![insert("b", Literal::Bool(true)), insert("c", Literal::List(vec![word("x")]))]
    };
    check(
        "{\n  \"o\": {}\n}",
        &both,
        "{\n  \"o\": {\n    \"b\": true,\n    \"c\": [\n      \"x\"\n    ]\n  }\n}",
    );
    check("[{ \"o\": { } }]".trim_matches(['[', ']']), &both, "{ \"o\": { \"b\": true, \"c\": [\"x\"] } }");
}

#[test]
fn a_null_property_is_replaced_and_not_given_twice() {
    insert("{\n  \"K\": null\n}", "", "{\n  \"K\": \"v\"\n}");
}

#[test]
fn a_removed_element_takes_its_line_and_its_comma() {
    remove("[\n  1,\n  2,\n  3\n]", &["0"], "[\n  2,\n  3\n]");
    remove("[\n  1,\n  2,\n  3\n]", &["1"], "[\n  1,\n  3\n]");
    remove("[\n  1,\n  2,\n  3\n]", &["2"], "[\n  1,\n  2\n]");
    remove("[\r\n  1,\r\n  {\r\n    \"a\": 2\r\n  }\r\n]", &["1"], "[\r\n  1\r\n]");
    remove("{ \"a\": 1, \"b\": 2 }", &["a"], "{ \"b\": 2 }");
    remove("{ \"a\": 1, \"b\": 2 }", &["b"], "{ \"a\": 1 }");
    remove("[1,2,3]", &["1"], "[1,3]");
}

#[test]
fn several_removed_elements_leave_no_comma_behind() {
    remove("[\n  1,\n  2,\n  3\n]", &["0", "2"], "[\n  2\n]");
    remove("[\n  1,\n  2,\n  3\n]", &["1", "2"], "[\n  1\n]");
    remove("[1, 2, 3]", &["0", "1"], "[3]");
}

#[test]
fn a_list_that_loses_everything_is_empty() {
    remove("{\n  \"a\": [\n    1,\n    2\n  ]\n}", &["a/0", "a/1"], "{\n  \"a\": []\n}");
    remove("{ \"a\": [ 1 ] }", &["a/0"], "{ \"a\": [] }");
    remove("[\n  // the office\n  1\n]", &["0"], "[\n  // the office\n]");
}

#[test]
fn comments_outlive_what_is_removed_beside_them() {
    remove("[\n  1, // one\n  2 // two\n]", &["1"], "[\n  1 // one\n  // two\n]");
    remove("[\n  1, // one\n  2 // two\n]", &["0"], "[\n  // one\n  2 // two\n]");
    remove("[\n  1 /* a, b */, 2\n]", &["0"], "[\n  /* a, b */ 2\n]");
}

#[test]
fn a_property_can_make_room_for_another() {
    let rename = |at: &dyn Fn(&str) -> Place| {
        vec![Change::Remove { value: at("a") }, Change::Insert { object: at(""), key: "k", value: word("v") }]
    };
    check("{\n  \"a\": 1 // one\n}", &rename, "{\n  \"k\": \"v\" // one\n}");
}

#[test]
fn a_replaced_value_is_indented_like_its_line() {
    let object = Literal::Object(vec![("x", word("a\"b")), ("y", Literal::List(Vec::new()))]);
    check(
        "{\n  \"o\": [\n    1\n  ]\n}",
        &|at| vec![Change::Replace { value: at("o"), with: object.clone() }],
        "{\n  \"o\": {\n    \"x\": \"a\\\"b\",\n    \"y\": []\n  }\n}",
    );
    check(
        "{ \"o\": 1 }",
        &|at| vec![Change::Replace { value: at("o"), with: object.clone() }],
        "{ \"o\": { \"x\": \"a\\\"b\", \"y\": [] } }",
    );
}

const TEMPLATE: &str = r#"{
  "contentVersion": "1.0.0.0",
  "variables": { "rules": [ { "value": "10.0.0.1" } ], "acls": { "bypass": "None" } },
  "resources": [ { "name": "[variables('x')]", "other": "[[x]" } ]
}"#;

#[test]
fn what_an_expression_computes_is_not_replaced() {
    let replace = |path: &'static str| {
        edited(TEMPLATE, &|at| vec![Change::Replace { value: at(path), with: word("[x]") }])
    };
    assert_eq!(replace("resources/0/name"), None);
    assert_eq!(
        replace("resources/0/other"),
        Some(TEMPLATE.to_owned()),
        "an escaped bracket is text, before and after"
    );
}

#[test]
fn what_may_be_named_elsewhere_is_not_removed() {
    let remove = |path: &'static str| edited(TEMPLATE, &|at| vec![Change::Remove { value: at(path) }]);
    assert_eq!(remove("variables/rules"), None);
    assert_eq!(remove("variables/acls/bypass"), None);
    assert_eq!(remove("variables/rules/0"), Some(TEMPLATE.replace("[ { \"value\": \"10.0.0.1\" } ]", "[]")));
}

#[test]
fn changes_that_write_over_each_other_are_not_made() {
    let both = |at: &dyn Fn(&str) -> Place| {
        vec![
            Change::Remove { value: at("o") },
            Change::Insert { object: at("o"), key: "k", value: word("v") },
        ]
    };
    assert_eq!(edited("{ \"o\": { \"a\": 1 } }", &both), None);
}

#[test]
fn a_broken_text_is_not_edited() {
    let file = File { id: FileId(0), path: "main.json", parsed: json::parse("{ \"a\": 1, \"b\": }") };
    let change = Change::Remove { value: place(&file, "a") };
    assert_eq!(render(&file, &[&change]), None);
}
