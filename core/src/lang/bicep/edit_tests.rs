#![allow(clippy::string_slice, reason = "tests may panic: that is how they fail")]

use super::edit::render;
use super::{File, Source};
use crate::lang::{Change, Literal, NewResource};
use crate::syntax::bicep;
use crate::text::{FileId, Place, Span};
use std::rc::Rc;

/// Makes changes, given the place of a part of the text.
type Changes<'c> = &'c dyn Fn(&dyn Fn(&str) -> Place) -> Vec<Change>;

fn edited(text: &str, changes: Changes) -> Option<String> {
    let file = File { id: FileId(0), path: "main.bicep", source: Rc::new(Source::read(text)) };
    let at = |part: &str| {
        let start = text.find(part).unwrap_or_else(|| panic!("no `{part}`"));
        Place { file: file.id, span: Span::new(start, start + part.len()) }
    };
    let changes = changes(&at);
    let edits = render(&file, &changes.iter().collect::<Vec<_>>())?;
    let mut result = text.to_owned();
    for edit in edits.iter().rev() {
        let span = edit.place.span;
        result.replace_range(span.start as usize..span.end as usize, &edit.text);
    }
    assert_eq!(bicep::parse(Rc::from(&*result)).problems(), [], "{result}");
    Some(result)
}

fn check(text: &str, changes: Changes, expected: &str) {
    assert_eq!(edited(text, changes).as_deref(), Some(expected));
}

fn word(text: &str) -> Literal {
    Literal::Text(text.to_owned())
}

fn object() -> Literal {
    Literal::Object(vec![("a", Literal::Bool(true)), ("b", Literal::List(vec![word("x")]))])
}

fn insert(text: &str, holder: &str, value: &Literal, expected: &str) {
    let change = |at: &dyn Fn(&str) -> Place| {
        vec![Change::Insert { object: at(holder), key: "k", value: value.clone() }]
    };
    check(text, &change, expected);
}

fn append(text: &str, holder: &str, value: &Literal, expected: &str) {
    check(text, &|at| vec![Change::Append { list: at(holder), value: value.clone() }], expected);
}

fn remove(text: &str, parts: &[&str], expected: &str) {
    let changes = |at: &dyn Fn(&str) -> Place| {
        parts.iter().map(|part| Change::Remove { value: at(part) }).collect::<Vec<_>>()
    };
    check(text, &changes, expected);
}

#[test]
fn a_new_member_follows_the_last_one_in_its_indentation() {
    let text = "metadata x = {\n\ta: 1 // of a\n}\n";
    insert(text, "{\n\ta: 1 // of a\n}", &word("v"), "metadata x = {\n\ta: 1 // of a\n\tk: 'v'\n}\n");
    let text = "metadata x = {\r\n    a: 1\r\n}\r\n";
    insert(
        text,
        "{\r\n    a: 1\r\n}",
        &object(),
        "metadata x = {\r\n    a: 1\r\n    k: {\r\n        a: true\r\n        b: [\r\n            'x'\r\n        ]\r\n    }\r\n}\r\n",
    );
}

#[test]
fn what_stands_in_one_row_stays_there() {
    let text = "metadata x = { a: { b: 1 } }\n";
    insert(text, "{ b: 1 }", &object(), "metadata x = { a: { b: 1, k: { a: true, b: ['x'] } } }\n");
    append("metadata x = [[1]]\n", "[1]", &word("v"), "metadata x = [[1, 'v']]\n");
    let replace = |text: &str, part: &str, expected: &str| {
        check(text, &|at| vec![Change::Replace { value: at(part), with: object() }], expected);
    };
    replace("metadata x = [1, 2]\n", "2", "metadata x = [1, { a: true, b: ['x'] }]\n");
    replace(
        "metadata x = [\n  1\n]\n",
        "1",
        "metadata x = [\n  {\n    a: true\n    b: [\n      'x'\n    ]\n  }\n]\n",
    );
}

#[test]
fn what_is_empty_is_filled_like_what_is_around_it() {
    insert("metadata x = {}\n", "{}", &word("v"), "metadata x = {\n  k: 'v'\n}\n");
    insert("metadata x = { a: {} }\n", "{}", &word("v"), "metadata x = { a: { k: 'v' } }\n");
    append("metadata x = { a: [] }\n", "[]", &word("v"), "metadata x = { a: ['v'] }\n");
    append("metadata x = {\n  a: []\n}\n", "[]", &word("v"), "metadata x = {\n  a: [\n    'v'\n  ]\n}\n");
    let text = "metadata x = {\n  // nothing yet\n}\n";
    insert(text, "{\n  // nothing yet\n}", &word("v"), "metadata x = {\n  // nothing yet\n  k: 'v'\n}\n");
}

#[test]
fn members_of_a_body_stand_before_the_resources_in_it() {
    let text = "resource net 'a/b@1' = {\n  name: 'net'\n\n  resource sub 'c' existing = {\n    name: 'sub'\n  }\n}\n";
    let body = &text[text.find('{').unwrap()..text.len() - 1];
    insert(
        text,
        body,
        &word("v"),
        "resource net 'a/b@1' = {\n  name: 'net'\n  k: 'v'\n\n  resource sub 'c' existing = {\n    name: 'sub'\n  }\n}\n",
    );
}

#[test]
fn a_null_is_written_over() {
    insert("metadata x = {\n  k: null\n}\n", "{\n  k: null\n}", &word("v"), "metadata x = {\n  k: 'v'\n}\n");
}

#[test]
fn what_is_removed_takes_its_line_and_leaves_comments() {
    let text = "metadata x = {\n  // of a\n  a: 1\n  b: 2\n}\n";
    remove(text, &["2"], "metadata x = {\n  // of a\n  a: 1\n}\n");
    let text = "metadata x = [\r\n  'a' // of a\r\n  'b'\r\n  'c'\r\n]\r\n";
    remove(text, &["'b'"], "metadata x = [\r\n  'a' // of a\r\n  'c'\r\n]\r\n");
    remove(text, &["'a'"], "metadata x = [\r\n  // of a\r\n  'b'\r\n  'c'\r\n]\r\n");
    let text = "metadata x = {\n  a: {\n    b: 1\n  }\n  c: 2\n}\n";
    remove(text, &["{\n    b: 1\n  }"], "metadata x = {\n  c: 2\n}\n");
}

#[test]
fn what_is_removed_from_a_row_takes_its_comma() {
    let text = "metadata x = ['a', 'b', 'c']\n";
    remove(text, &["'a'"], "metadata x = ['b', 'c']\n");
    remove(text, &["'b'"], "metadata x = ['a', 'c']\n");
    remove(text, &["'c'"], "metadata x = ['a', 'b']\n");
    remove(text, &["'a'", "'b'"], "metadata x = ['c']\n");
    remove(text, &["'b'", "'c'"], "metadata x = ['a']\n");
    remove(text, &["'a'", "'b'", "'c'"], "metadata x = []\n");
    remove("metadata x = { a: 1 }\n", &["1"], "metadata x = {}\n");
    remove("metadata x = {\n  a: 1, b: 2\n  c: 3\n}\n", &["2", "3"], "metadata x = {\n  a: 1\n}\n");
}

#[test]
fn what_holds_nothing_afterwards_is_empty() {
    remove("metadata x = [\n  'a'\n  'b'\n]\n", &["'a'", "'b'"], "metadata x = []\n");
    let text = "metadata x = [\n  // of a\n  'a'\n]\n";
    remove(text, &["'a'"], "metadata x = [\n  // of a\n]\n");
}

#[test]
fn one_member_is_written_in_place_of_another() {
    let replace = |text: &str, holder: &str, expected: &str| {
        let changes = |at: &dyn Fn(&str) -> Place| {
            vec![
                Change::Remove { value: at("1") },
                Change::Insert { object: at(holder), key: "k", value: word("v") },
            ]
        };
        check(text, &changes, expected);
    };
    replace("metadata x = { a: 1 }\n", "{ a: 1 }", "metadata x = { k: 'v' }\n");
    replace("metadata x = {\n  a: 1\n}\n", "{\n  a: 1\n}", "metadata x = {\n  k: 'v'\n}\n");
    replace("metadata x = { b: 2, a: 1 }\n", "{ b: 2, a: 1 }", "metadata x = { b: 2, k: 'v' }\n");
    let text = "metadata x = {\n  b: 2\n  a: 1\n}\n";
    replace(text, "{\n  b: 2\n  a: 1\n}", "metadata x = {\n  b: 2\n  k: 'v'\n}\n");
    let text = "metadata x = {\n  // of a\n  a: 1\n}\n";
    replace(text, "{\n  // of a\n  a: 1\n}", "metadata x = {\n  // of a\n  k: 'v'\n}\n");
}

#[test]
fn an_api_version_is_written_in_its_type() {
    let change = |at: &dyn Fn(&str) -> Place| {
        vec![Change::Replace { value: at("2019-09-01"), with: word("2026-02-01") }]
    };
    let text = "resource kv 'Microsoft.KeyVault/vaults@2019-09-01' = {\n  name: 'kv'\n}\n";
    check(text, &change, &text.replace("2019-09-01", "2026-02-01"));
    assert_eq!(edited("output x string = 'a@2019-09-01'\n", &change), None);
}

#[test]
fn what_is_computed_or_shared_is_not_changed() {
    let replace = |text: &str, part: &str| {
        edited(text, &|at| vec![Change::Replace { value: at(part), with: word("v") }])
    };
    assert_eq!(replace("output x string = 'a${b}'\nvar b = 1\n", "'a${b}'"), None);
    assert_eq!(replace("output x string = toLower('a')\n", "toLower('a')"), None);
    let removed = |text: &str, part: &str| edited(text, &|at| vec![Change::Remove { value: at(part) }]);
    assert_eq!(removed("var x = ['a']\n", "'a'"), None);
    assert_eq!(removed("metadata x = [for i in [1]: 'a']\n", "'a'"), None);
}

const NETWORK: &str = "resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = if (private) {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'
} // the zone

resource hub 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'hub'
  properties: {
    subnets: [
      { name: 'apps' }
      { name: 'endpoints' }
    ]
  }

  resource apps 'subnets' existing = {
    name: 'apps'
  }
}

param private bool
";

fn declaration(symbol: &str) -> &'static str {
    let start = NETWORK.find(&format!("resource {symbol} ")).unwrap();
    let end = NETWORK[start..].find("\n}").unwrap();
    &NETWORK[start..start + end + 2]
}

#[test]
fn a_resource_is_added_behind_another_one_with_its_parent_and_condition() {
    let link = |at: &dyn Fn(&str) -> Place| {
        let id = Literal::Object(vec![("id", Literal::Id(at(declaration("hub"))))]);
        let resource = NewResource {
            kind: "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
            api_version: "2024-06-01".to_owned(),
            parent: Some(at(declaration("zone"))),
            name: Literal::Name(at(declaration("hub"))),
            location: Some("global"),
            properties: vec![("virtualNetwork", id)],
        };
        vec![Change::Add { beside: at(declaration("zone")), resource }]
    };
    let added = "\n\nresource virtualNetworkLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = if (private) {
  parent: zone
  name: hub.name
  location: 'global'
  properties: {
    virtualNetwork: {
      id: hub.id
    }
  }
}";
    check(NETWORK, &link, &NETWORK.replace(" // the zone", &format!(" // the zone{added}")));
}

#[test]
fn a_subnet_is_called_by_its_symbol_where_it_has_one() {
    let of = |subnet: &str| {
        let changes = |at: &dyn Fn(&str) -> Place| {
            vec![Change::Replace { value: at("'global'"), with: Literal::Id(at(subnet)) }]
        };
        edited(NETWORK, &changes)
    };
    let named = |id: &str| Some(NETWORK.replace("'global'", id));
    assert_eq!(of("{ name: 'apps' }"), named("hub::apps.id"));
    assert_eq!(of("{ name: 'endpoints' }"), named("'${hub.id}/subnets/endpoints'"));
}
