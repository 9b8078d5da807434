use super::File;
use super::edit::render;
use crate::lang::{Change, Literal, NewResource};
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
    let file = File::new(FileId(0), "main.json", json::parse(text));
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
    let file = File::new(FileId(0), "main.json", json::parse("{ \"a\": 1, \"b\": }"));
    let change = Change::Remove { value: place(&file, "a") };
    assert_eq!(render(&file, &[&change]), None);
}

/// A zone and a network, and what else is given.
fn zone_and_network(zone: &str, network: &str, more: &str) -> String {
    format!(
        r#"{{
  "contentVersion": "1.0.0.0",
  "resources": [
    {{
      "type": "Microsoft.Network/privateDnsZones",
      "name": "privatelink.vaultcore.azure.net"{zone}
    }},
    {{
      "type": "Microsoft.Network/virtualNetworks",
      "name": "hub"{network}
    }} // the last{more}
  ]
}}"#
    )
}

/// A link of the first resource to the second.
fn link(at: &dyn Fn(&str) -> Place) -> Vec<Change> {
    link_of(at("resources/0"), at("resources/1"))
}

fn link_of(zone: Place, network: Place) -> Vec<Change> {
    let resource = NewResource {
        kind: "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
        api_version: "2024-06-01".to_owned(),
        parent: Some(zone),
        name: Literal::Name(network),
        location: Some("global"),
        properties: vec![("virtualNetwork", Literal::Object(vec![("id", Literal::Id(network))]))],
    };
    vec![Change::Add { beside: zone, resource }]
}

/// What is new in a text with the link in it, behind the comment of the last resource.
fn linked(text: &str) -> Option<String> {
    let with = edited(text, &link)?;
    Some(with.split_once("// the last\n")?.1.trim_end_matches(['}', ']', ' ', '\n']).to_owned())
}

#[test]
fn a_new_resource_is_the_last_one_and_waits_for_what_it_names() {
    assert_eq!(
        edited(&zone_and_network("", "", ""), &link).as_deref(),
        Some(
            r#"{
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.Network/privateDnsZones",
      "name": "privatelink.vaultcore.azure.net"
    },
    {
      "type": "Microsoft.Network/virtualNetworks",
      "name": "hub"
    }, // the last
    {
      "type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
      "apiVersion": "2024-06-01",
      "name": "privatelink.vaultcore.azure.net/hub",
      "location": "global",
      "properties": {
        "virtualNetwork": {
          "id": "[resourceId('Microsoft.Network/virtualNetworks', 'hub')]"
        }
      },
      "dependsOn": [
        "[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.vaultcore.azure.net')]",
        "[resourceId('Microsoft.Network/virtualNetworks', 'hub')]"
      ]
    }
  ]
}"#
        )
    );
}

#[test]
fn a_new_resource_names_others_as_they_are_named() {
    let text = zone_and_network("", "", "").replace("\"hub\"", "\"[concat(parameters('x'), '-it''s')]\"");
    let new = linked(&text).unwrap();
    let name =
        "\"[format('{0}/{1}', 'privatelink.vaultcore.azure.net', concat(parameters('x'), '-it''s'))]\"";
    assert!(new.contains(&format!("\"name\": {name}")), "{new}");
    let id = "\"[resourceId('Microsoft.Network/virtualNetworks', concat(parameters('x'), '-it''s'))]\"";
    assert!(new.contains(&format!("\"id\": {id}")), "{new}");
}

#[test]
fn a_new_resource_is_deployed_when_what_it_names_is() {
    let on = |parameter: &str| format!(",\n      \"condition\": \"[parameters('{parameter}')]\"");
    let condition = |zone: &str, network: &str| {
        let new = linked(&zone_and_network(zone, network, "")).unwrap();
        new.lines().find_map(|line| line.trim().strip_prefix("\"condition\": ").map(str::to_owned))
    };
    assert_eq!(condition("", ",\n      \"condition\": true"), None);
    assert_eq!(condition("", &on("a")).as_deref(), Some("\"[parameters('a')]\","));
    assert_eq!(condition(&on("a"), &on("a")).as_deref(), Some("\"[parameters('a')]\","));
    assert_eq!(
        condition(&on("a"), &on("b")).as_deref(),
        Some("\"[and(parameters('a'), parameters('b'))]\",")
    );
    assert_eq!(linked(&zone_and_network("", ",\n \"condition\": \"yes\"", "")), None);
}

#[test]
fn a_resource_without_one_name_here_is_not_referred_to() {
    for more in [
        ", \"copy\": { \"name\": \"loop\", \"count\": 2 }",
        ", \"scope\": \"/subscriptions/x\"",
        ", \"resourceGroup\": \"other\"",
    ] {
        assert_eq!(linked(&zone_and_network("", more, "")), None, "{more}");
        assert_eq!(linked(&zone_and_network(more, "", "")), None, "{more}");
    }
    let computed = zone_and_network("", "", "").replace("\"Microsoft.Network/virtual", "\"[variables('t')]x");
    assert_eq!(linked(&computed), None, "a type that is computed");
    let names = zone_and_network("", "", "").replace("\"hub\"", "\"hub/spoke\"");
    assert_eq!(linked(&names), None, "more names than types");
    let above = zone_and_network("", "", "").replace(
        "\"contentVersion\"",
        "\"$schema\": \"https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#\", \"contentVersion\"",
    );
    assert_eq!(linked(&above), None, "a template of a subscription");
}

/// A zone, and a deployment with a network in it.
fn nested(scope: &str) -> String {
    let inner = r#"{ "resources": [
        { "type": "Microsoft.Network/virtualNetworks", "name": "hub" },
        { "type": "Microsoft.Network/privateDnsZones", "name": "inner" } ] }"#;
    zone_and_network("", "", &format!(
        ", {{ \"type\": \"Microsoft.Resources/deployments\", \"properties\": {{{scope} \"template\": {inner} }} }}"
    ))
    .replace("// the last", "")
}

#[test]
fn resources_of_two_deployments_do_not_refer_to_each_other() {
    let inner = "\"expressionEvaluationOptions\": { \"scope\": \"inner\" },";
    let at = |index: usize| format!("resources/2/properties/template/resources/{index}");
    let across = |scope: &str| edited(&nested(scope), &|place| link_of(place("resources/0"), place(&at(0))));
    assert_eq!(across(inner), None);
    let within = |scope: &str| edited(&nested(scope), &|place| link_of(place(&at(1)), place(&at(0))));
    let text = within(inner).unwrap();
    let (outer, template) = text.split_once("\"template\"").unwrap();
    assert!(template.contains("\"inner/hub\"") && !outer.contains("Links"), "{text}");
    assert_eq!(within(""), None, "expressions that are evaluated outside name what is outside");
}

#[test]
fn resources_with_symbolic_names_get_and_use_them() {
    let text = r#"{ "contentVersion": "1.0.0.0", "languageVersion": "2.0", "resources": {
  "zone": { "type": "Microsoft.Network/privateDnsZones", "name": "z" },
  "net": { "existing": true, "type": "Microsoft.Network/virtualNetworks", "name": "hub" },
  "virtualNetworkLinks": { "type": "Microsoft.Network/networkSecurityGroups", "name": "x" }
} }"#;
    let with = edited(text, &|at| link_of(at("resources/zone"), at("resources/net"))).unwrap();
    let new = with.split_once("\"virtualNetworkLinks2\": {").unwrap().1;
    assert!(new.contains("\"name\": \"z/hub\""), "{new}");
    let waits = new.split_once("\"dependsOn\": [").unwrap().1;
    assert_eq!(waits.split(']').next().map(str::trim), Some("\"zone\""), "what exists is not waited for");
}

#[test]
fn a_child_is_named_with_its_parents() {
    let text = r#"{ "contentVersion": "1.0.0.0", "resources": [
  { "type": "Microsoft.Network/virtualNetworks", "name": "[parameters('hub')]", "resources": [
    { "type": "subnets", "name": "apps", "properties": {} } ] } ] }"#;
    let path = "resources/0/resources/0";
    let with = edited(text, &|at| {
        vec![Change::Insert {
            object: at(&format!("{path}/properties")),
            key: "k",
            value: Literal::Id(at(path)),
        }]
    });
    let id = "[resourceId('Microsoft.Network/virtualNetworks/subnets', parameters('hub'), 'apps')]";
    assert_eq!(
        with,
        Some(text.replace("\"properties\": {}", &format!("\"properties\": {{ \"k\": \"{id}\" }}")))
    );
}

/// A network with a subnet, and a vault with an empty list.
const VAULT: &str = r#"{ "contentVersion": "1.0.0.0", "resources": [
  { "type": "Microsoft.Network/virtualNetworks", "name": "hub", "properties": { "subnets": [ { "name": "apps" } ] } },
  { "type": "Microsoft.KeyVault/vaults", "name": "kv", "properties": { "list": [ ] } } ] }"#;

/// The vault of the text with the id of the subnet in its list.
fn vault_with_subnet(text: &str) -> Option<String> {
    let subnet = "resources/0/properties/subnets/0";
    let changes = |at: &dyn Fn(&str) -> Place| {
        let list = at("resources/1/properties/list");
        vec![Change::Append { list, value: Literal::Id(at(subnet)) }]
    };
    Some(edited(text, &changes)?.split_once("vaults\", ")?.1.to_owned())
}

#[test]
fn a_subnet_is_named_with_its_network_and_waited_for() {
    let id = "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'hub', 'apps')]";
    let network = "[resourceId('Microsoft.Network/virtualNetworks', 'hub')]";
    assert_eq!(
        vault_with_subnet(VAULT),
        Some(format!(
            r#""name": "kv", "properties": {{ "list": [ "{id}" ] }}, "dependsOn": ["{network}"] }} ] }}"#
        ))
    );
}

#[test]
fn what_is_waited_for_already_is_not_named_again() {
    let waits = |for_it: &str| VAULT.replace("\"kv\"", &format!("\"kv\", \"dependsOn\": [ {for_it} ]"));
    let count = |for_it: &str| vault_with_subnet(&waits(for_it)).unwrap().matches("'hub')").count();
    assert_eq!(count("\"hub\""), 0);
    assert_eq!(count("\"[resourceId('Microsoft.Network/virtualNetworks', 'hub')]\""), 1);
    assert_eq!(count("\"other\""), 1);
}

#[test]
fn nothing_waits_for_what_waits_for_it() {
    let both = VAULT.replace("\"hub\"", "\"hub\", \"dependsOn\": [ \"kv\" ]");
    assert_eq!(vault_with_subnet(&both), None);
}

#[test]
fn a_list_gets_elements_behind_those_it_has() {
    let append = |text: &str, expected: &str| {
        check(text, &|at| vec![Change::Append { list: at(""), value: word("v") }], expected);
    };
    append("[\n  1 // one\n]", "[\n  1, // one\n  \"v\"\n]");
    append("[1, 2]", "[1, 2, \"v\"]");
    append("[]", "[\n  \"v\"\n]");
    let swap = |at: &dyn Fn(&str) -> Place| {
        vec![Change::Remove { value: at("0") }, Change::Append { list: at(""), value: word("v") }]
    };
    check("[1, 2]", &swap, "[\"v\", 2]");
}
