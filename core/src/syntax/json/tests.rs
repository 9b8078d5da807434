#![allow(clippy::string_slice, reason = "tests may panic: that is how they fail")]

use super::*;
use proptest::prelude::*;
use serde_json::Value;

fn value(node: &Node) -> Value {
    match node {
        Node::StringLit(string) => Value::String(string.value.to_string()),
        Node::NumberLit(number) => serde_json::from_str(number.value).expect("a number"),
        Node::BooleanLit(literal) => Value::Bool(literal.value),
        Node::NullKeyword(_) => Value::Null,
        Node::Array(array) => array.elements.iter().map(value).collect(),
        Node::Object(object) => object
            .properties
            .iter()
            .map(|property| (property.name.as_str().to_owned(), value(&property.value)))
            .collect(),
    }
}

fn tree(text: &str) -> String {
    parse(text).root.as_ref().map(value).unwrap_or_default().to_string()
}

/// The marked source of every problem with its message.
fn problems(text: &str) -> Vec<String> {
    parse(text).problems.into_iter().map(|problem| problem.message).collect()
}

fn problem(text: &str) -> String {
    let found = problems(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.into_iter().next().unwrap_or_default()
}

#[test]
fn comments_and_strings_over_lines_are_fine() {
    let text = "// first\r\n{ /* in */ \"a\": \"x\r\n  y\", \"b\": [1, 2] } // last";
    assert_eq!(problems(text), Vec::<String>::new());
    assert_eq!(tree(text), r#"{"a":"x\r\n  y","b":[1,2]}"#);
}

#[test]
fn comments_are_listed_with_their_words() {
    let text = "{ // one\n \"a\": \"// no\" /* two */ }";
    let words: Vec<_> = comments(text).into_iter().map(|(_, words)| words).collect();
    assert_eq!(words, [" one", " two "]);
    let (span, _) = comments(text)[1];
    assert_eq!(&text[span.start as usize..span.end as usize], "/* two */");
}

#[test]
fn a_byte_order_mark_shifts_every_place() {
    let text = "\u{feff}{\"a\": 1, \"b\" 2}";
    let parsed = parse(text);
    assert_eq!(parsed.shift, 3);
    let Some(Node::Object(object)) = &parsed.root else { panic!("no object") };
    let span = parsed.span(object.properties[0].name.range());
    assert_eq!(&text[span.start as usize..span.end as usize], "\"a\"");
    assert_eq!(parsed.problems[0].span.start, 15);
}

#[test]
fn what_only_other_dialects_allow_is_refused_and_the_rest_kept() {
    for (broken, reason) in [
        ("'x'", "double quotes"),
        ("Disabled", "double quotes"),
        ("0x1f", "not a JSON number"),
        ("+1", "not a JSON number"),
        (".5", "not a JSON number"),
        ("5.", "not a JSON number"),
        ("01", "not a JSON number"),
        ("NaN", "double quotes"),
        (r#""\d""#, "escape"),
        (r#""\ud800""#, "surrogate"),
    ] {
        let text = format!("{{\"a\": 1, \"b\": {broken}, \"c\": [2, {broken}, 3]}}");
        let found = problems(&text);
        assert_eq!(found.len(), 2, "{text}: {found:?}");
        assert!(found.iter().all(|message| message.contains(reason)), "{text}: {found:?}");
        assert_eq!(tree(&text), r#"{"a":1,"c":[2,3]}"#, "{text}");
    }
    assert_eq!(tree(r#"{b: 1, "c": 2}"#), r#"{"c":2}"#);
}

#[test]
fn commas_that_are_missing_or_too_many_cost_nothing() {
    assert!(problem(r#"{"a": 1,}"#).contains("trailing comma"));
    assert_eq!(tree(r#"{"a": 1,}"#), r#"{"a":1}"#);
    assert!(problem(r#"["a",]"#).contains("trailing comma"));
    assert!(problem("{\"a\": 1\n \"b\": 2}").contains("comma is missing"));
    assert_eq!(tree("{\"a\": [1 2]\n \"b\": 2}"), r#"{"a":[1,2],"b":2}"#);
    assert!(problem(r#"[1,,2]"#).contains("unexpected `,`"));
    assert_eq!(tree(r#"[1,,2]"#), "[1,2]");
}

#[test]
fn a_half_typed_member_goes_and_its_neighbours_stay() {
    for text in [
        "{\"a\": 1,\n \"pub\n \"b\": 2}",
        "{\"a\": 1,\n \"pub\"\n \"b\": 2}",
        "{\"a\": 1,\n \"pub\":\n \"b\": 2}",
        "{\"a\": 1,\n \"pub\": ,\n \"b\": 2}",
        "{\"a\": 1,\n pub\n \"b\": 2}",
        "{\"a\": 1,\n \"pub\": \"x\n \"b\": 2}",
        "{\"a\": 1,\n \"pub\": \"x,\n \"b\": 2}",
        "{\"a\": 1,\n \"pub\": dis,\n \"b\": 2}",
        "{\"pub\",\n \"a\": 1, \"b\": 2}",
        "{\"a\": 1, \"b\": 2,\n \"pub\" }",
        "{\"a\": 1, \"b\": 2,\n \"pub\": }",
    ] {
        assert_eq!(tree(text), r#"{"a":1,"b":2}"#, "{text}: {:?}", problems(text));
        assert!(!problems(text).is_empty(), "{text}");
        let parsed = parse(text);
        let root = parsed.root.as_ref().expect("a tree");
        assert!(parsed.is_partially_parsed(root.range()), "{text}");
    }
}

#[test]
fn a_missing_colon_or_bracket_is_put_in_place() {
    assert!(problem(r#"{"a" 1, "b": 2}"#).contains("colon is missing after `a`"));
    assert_eq!(tree(r#"{"a" 1, "b": 2}"#), r#"{"a":1,"b":2}"#);
    assert!(problem("{\"a\": [1, 2,\n \"b\": 3}").contains("`[` is never closed"));
    assert_eq!(tree("{\"a\": [1, 2\n \"b\": 3}"), r#"{"a":[1,2],"b":3}"#);
    assert!(problem("{\"a\": [ {\"x\": 1} \n}").contains("`[` is never closed"));
    assert_eq!(tree("{\"a\": [ {\"x\": 1} \n}"), r#"{"a":[{"x":1}]}"#);
    let unclosed_object = "[ {\"a\": 1,\n {\"b\": 2} ]";
    assert!(problem(unclosed_object).contains("`{` is never closed"));
    assert_eq!(tree(unclosed_object), r#"[{"a":1},{"b":2}]"#);
    assert!(problem("[1]]").contains("only one value"));
    assert_eq!(tree("[1}, 2]"), "[1,2]");
}

#[test]
fn later_elements_survive_a_local_error() {
    let text = r#"{"resources": [{"n": 1}, {"n": 2, "x": oops, "y": 3}, {"n": 4}], "z": 5}"#;
    assert_eq!(tree(text), r#"{"resources":[{"n":1},{"n":2,"y":3},{"n":4}],"z":5}"#);
}

#[test]
fn a_forgotten_quote_costs_its_member_only() {
    let text = r#"{"r": [{"acl": {"action": "Deny, "ip": [{"v": "1.2.3.4"}]}, "n": 1}, {"n": 2}], "z": 5}"#;
    assert!(problem(text).contains("quote is missing"));
    assert_eq!(tree(text), r#"{"r":[{"acl":{"ip":[{"v":"1.2.3.4"}]},"n":1},{"n":2}],"z":5}"#);
    let text = r#"{"r": [{"ip": [{"v": "1.2.3.4}]}, {"n": 2}], "z": 5}"#;
    assert!(problem(text).contains("quote is missing"));
    assert_eq!(tree(text), r#"{"r":[{"ip":[{}]},{"n":2}],"z":5}"#);
    let text = r#"{"a: "x", "b": 2}"#;
    assert!(problem(text).contains("quote is missing"));
    assert_eq!(tree(text), r#"{"b":2}"#);
}

#[test]
fn indentation_tells_where_a_broken_object_ends() {
    let text = "{\n  \"r\": [\n    {\n      \"p\": {\n        \"x\": oops\n      \"n\": 1\n    },\n    {\n      \"n\": 2\n    }\n  ],\n  \"z\": 5\n}";
    assert_eq!(tree(text), r#"{"r":[{"n":1,"p":{}},{"n":2}],"z":5}"#);
    let text = "{\n  \"r\": [\n    {\n      \"p\": {\n        \"x\": 1\n    },\n    {\n      \"n\": 2\n    }\n  ],\n  \"z\": 5\n}";
    assert_eq!(tree(text), r#"{"r":[{"p":{"x":1}},{"n":2}],"z":5}"#);
}

#[test]
fn an_empty_file_is_a_problem_with_a_place() {
    for text in ["", "  \n", "\u{feff}", "// only a comment"] {
        let parsed = parse(text);
        assert!(parsed.root.is_none());
        assert_eq!(parsed.problems.len(), 1, "{text:?}");
    }
    assert!(problem("/* never closed").contains("never closed"));
}

#[test]
fn deep_nesting_is_reported_and_cut() {
    for text in [
        "[".repeat(100_000),
        "{\"a\":".repeat(100_000),
        format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("{}1{}", "{\"a\":[".repeat(100_000), "]}".repeat(100_000)),
    ] {
        let parsed = parse(&text);
        assert!(parsed.problems.iter().any(|problem| problem.message.contains("deep")));
        assert!(parsed.root.is_some());
    }
    let fits = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert_eq!(problems(&fits), Vec::<String>::new());
    let objects = format!("{}1{}", "{\"a\":".repeat(MAX_DEPTH), "}".repeat(MAX_DEPTH));
    assert_eq!(problems(&objects), Vec::<String>::new());
    let beside = format!("{{\"deep\": {}{}, \"kept\": 1}}", "[".repeat(500), "]".repeat(500));
    assert!(tree(&beside).ends_with(r#","kept":1}"#), "{}", tree(&beside));
}

#[test]
fn hostile_texts_take_linear_time() {
    for unit in [
        "\\\"\n",
        "\"\n",
        "'\n",
        "/*",
        "\"a\"",
        "{]",
        "[}",
        ",",
        ":",
        "\"\\u",
        "/",
        "{\"a\":x,",
        "'a",
        "\"a\n",
        "x",
        "{\"a\":",
    ] {
        let text = unit.repeat(300_000 / unit.len());
        let parsed = parse(&text);
        assert!(!parsed.problems.is_empty(), "{unit}");
    }
}

#[test]
fn duplicate_names_are_found_with_both_places() {
    let text = r#"{"a": {"x": 1, "X": 2}, "b": [{"x": 1, "x": 2}]}"#;
    let root = parse(text).root.expect("a tree");
    let exact = duplicate_keys(&root, false);
    assert_eq!(exact.len(), 1);
    assert_eq!(exact[0].key, "x");
    assert!(exact[0].first < exact[0].second);
    assert_eq!(duplicate_keys(&root, true).len(), 2);
    let many: String = (0..40).map(|n| format!("\"k{n}\": 1, ")).collect();
    let text = format!("{{{many}\"K7\": 2}}");
    let root = parse(&text).root.expect("a tree");
    assert_eq!(duplicate_keys(&root, true)[0].key, "K7");
    assert!(duplicate_keys(&root, false).is_empty());
}

#[test]
fn properties_are_found_without_case() {
    let parsed = parse(r#"{"networkACLs": null, "A": true}"#);
    let Some(Node::Object(object)) = &parsed.root else { panic!("no object") };
    let found = get(object, "networkAcls").expect("found");
    assert_eq!(type_name(&found.value), "null");
    assert_eq!(type_name(&get(object, "a").expect("found").value), "boolean");
    assert!(get(object, "b").is_none());
}

#[test]
fn an_offset_in_a_value_is_found_in_the_source() {
    let text = r#"["plain", "a\u00e9\"b\ud83d\ude00c"]"#;
    let parsed = parse(text);
    let Some(Node::Array(array)) = &parsed.root else { panic!("no array") };
    for element in &array.elements {
        let string = element.as_string_lit().expect("a string");
        for (at, c) in string.value.char_indices() {
            let source = source_offset(text, string, at);
            let written = &text[source..];
            let matches = written.starts_with(c) || written.starts_with('\\');
            assert!(matches, "{c} at {at} → {written}");
        }
        assert_eq!(source_offset(text, string, string.value.len()), content(string).end);
    }
    let escaped = array.elements[1].as_string_lit().expect("a string");
    let span = parsed.span_in(escaped, 4, 5);
    assert_eq!(&text[span.start as usize..span.end as usize], "b");
}

#[test]
fn documents_one_per_line_are_read_apart() {
    let text = "\u{feff}{\"a\": 1}\n\n{\"a\": \n{\"a\": 3}\n";
    let found = documents(text, usize::MAX);
    assert_eq!(found.len(), 2, "a line that ends open joins the next one");
    let text = "{\"a\": 1}\r\n{\"a\": 2,\"b\"}\r\n[3]";
    let found = documents(text, usize::MAX);
    let trees: Vec<_> =
        found.iter().map(|d| d.root.as_ref().map(value).unwrap_or_default().to_string()).collect();
    assert_eq!(trees, [r#"{"a":1}"#, r#"{"a":2}"#, "[3]"]);
    assert_eq!(found[2].span(Range::new(0, 3)), Span::new(text.len() - 3, text.len()));
    let pretty = "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n";
    assert_eq!(documents(pretty, usize::MAX).len(), 2);
    assert_eq!(documents("[{\"a\":1},\n{\"a\":2}]", usize::MAX).len(), 1);
    assert!(documents(" \n ", usize::MAX).is_empty());
}

const TEMPLATE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": { "name": { "type": "string", "defaultValue": "kv-é" } }, // who
  "resources": [
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "first",
      "properties": { "networkAcls": { "defaultAction": "Deny", "ipRules": [ { "value": "203.0.113.7/32" } ] } }
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "name": "[concat('a', parameters('name'))]",
      "properties": { "publicNetworkAccess": "Disabled", "note": "two
lines \"quoted\"", "count": -1.5e3, "flag": true }
    }
  ],
  "outputs": { "uri": { "type": "string", "value": "x" } }
}
"#;

#[test]
fn a_template_cut_anywhere_keeps_what_was_whole() {
    let complete = value(parse(TEMPLATE).root.as_ref().expect("a tree"));
    let resources = complete["resources"].as_array().expect("resources");
    let ends: Vec<usize> =
        ["    },\n", "    }\n  ]"].iter().map(|end| TEMPLATE.find(end).expect("a resource") + 5).collect();
    for cut in (0..TEMPLATE.len()).filter(|cut| TEMPLATE.is_char_boundary(*cut)) {
        let text = &TEMPLATE[..cut];
        let parsed = parse(text);
        if cut <= TEMPLATE.rfind('}').expect("an end") {
            assert!(!parsed.problems.is_empty(), "{text}");
        }
        let tree = parsed.root.as_ref().map(value).unwrap_or_default();
        for (index, resource) in resources.iter().enumerate() {
            if cut >= ends[index] {
                assert_eq!(&tree["resources"][index], resource, "cut at {cut}");
            }
        }
        for problem in &parsed.problems {
            assert!(problem.span.end as usize <= cut);
        }
    }
}

#[test]
fn what_is_lost_ends_between_characters() {
    let text = "[{member\u{b}{т\u{c}]";
    let parsed = parse(text);
    assert!(!parsed.lost.is_empty());
    for lost in parsed.lost {
        assert!(text.get(lost.start as usize..lost.end as usize).is_some(), "{lost:?}");
    }
}

#[test]
fn a_template_with_one_byte_gone_still_has_most_of_its_resources() {
    let mut kept = 0;
    let mut cuts = 0;
    for at in
        (0..TEMPLATE.len()).filter(|at| TEMPLATE.is_char_boundary(*at) && TEMPLATE.is_char_boundary(at + 1))
    {
        let text = format!("{}{}", &TEMPLATE[..at], &TEMPLATE[at + 1..]);
        let tree = parse(&text).root.as_ref().map(value).unwrap_or_default();
        cuts += 1;
        kept += usize::from(tree["resources"].as_array().is_some_and(|resources| resources.len() == 2));
    }
    assert!(kept * 100 >= cuts * 96, "{kept} of {cuts}");
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e10..1e10f64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn valid_documents_mean_what_serde_reads(document in json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) }
            .expect("serializable");
        let parsed = parse(&text);
        prop_assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
        prop_assert_eq!(value(parsed.root.as_ref().expect("a tree")), document);
    }

    #[test]
    fn repair_never_changes_what_is_valid(document in json()) {
        let text = serde_json::to_string_pretty(&document).expect("serializable");
        let repaired = repair::repair(&text);
        prop_assert_eq!(repaired.text, text);
        prop_assert!(repaired.problems.is_empty());
    }

    #[test]
    fn broken_documents_keep_places_inside_the_text(
        document in json(), at in any::<prop::sample::Index>(), insert in "[{}\\[\\],:\"'a\\\\\n/*é 0]{0,4}", remove in 0..6usize,
    ) {
        let chars: Vec<char> = serde_json::to_string_pretty(&document).expect("serializable").chars().collect();
        let at = at.index(chars.len());
        let text: String =
            chars[..at].iter().copied().chain(insert.chars()).chain(chars[at..].iter().copied().skip(remove)).collect();
        check_places(&text);
    }

    #[test]
    fn any_text_at_all_is_survived(text in "[{}\\[\\],:\"'a\\\\\n/*é 0tnu\u{feff}\u{a0}-]{0,60}") {
        check_places(&text);
        documents(&text, usize::MAX);
        comments(&text);
    }
}

fn check_places(text: &str) {
    let parsed = parse(text);
    let invalid = serde_json::from_str::<Value>(text).is_err();
    if parsed.root.is_none() {
        assert!(invalid && !parsed.problems.is_empty(), "{text}");
    }
    for span in parsed.problems.iter().map(|problem| problem.span).chain(parsed.lost.iter().copied()) {
        assert!(span.start <= span.end && span.end as usize <= text.len(), "{text}");
        assert!(text.is_char_boundary(span.start as usize), "{text}");
    }
    if let Some(root) = &parsed.root {
        check_node(root, parsed.text);
        duplicate_keys(root, true);
    }
    // What was cut is only ever given up wholly when nothing of it could be a value.
    if parsed.root.is_none() {
        let starts_bracket = parsed.text.trim_start().starts_with(['{', '[']);
        assert!(!starts_bracket, "{text}");
    }
}

fn check_node(node: &Node, text: &str) {
    let range = node.range();
    assert!(range.start <= range.end && range.end <= text.len(), "{text}");
    match node {
        Node::StringLit(string) => assert!(text[range.start..range.end].starts_with('"'), "{string:?}"),
        Node::NumberLit(number) => assert_eq!(&text[range.start..range.end], number.value),
        Node::Array(array) => array.elements.iter().for_each(|element| check_node(element, text)),
        Node::Object(object) => {
            object.properties.iter().for_each(|property| check_node(&property.value, text))
        }
        _ => {}
    }
}

#[test]
fn what_stands_behind_the_last_of_several_documents_is_no_fault() {
    for text in ["{}\n{}", "{}\n{}\n", "{}\r\n\r\n{} \n\n"] {
        let read = documents(text, usize::MAX);
        assert_eq!(read.len(), 2);
        assert!(read.iter().all(|parsed| parsed.problems.is_empty()), "{text:?}");
    }
}
