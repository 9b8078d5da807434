//! Where values come from, and what texts are read.

use super::*;

/// The source of the value at a path of the first resource.
fn source(text: &str, path: &[&str]) -> String {
    let lowered = Case::text(text).lower();
    let place = lowered.resources[0].body.path(path).place.expect("a place");
    text[place.span.start as usize..place.span.end as usize].to_owned()
}

fn text() -> String {
    template(
        "deploymentTemplate",
        r#""parameters": {"p": {"type": "string", "defaultValue": "Deny"}}, "variables": {"acls": {"bypass": "None"}},
        "resources": [{"type": "Microsoft.KeyVault/vaults", "name": "kv", "properties": {
            "publicNetworkAccess": "[concat('Ena', 'bled')]", "empty": {}, "nothing": "[json('null')]",
            "networkAcls": {"defaultAction": "[parameters('p')]", "ipRules": [{"value": "1.2.3.4"}]}, "shared": "[variables('acls')]"
        }}]"#,
    )
}

#[test]
fn a_value_stands_where_it_is_written() {
    let text = text();
    assert_eq!(source(&text, &["properties", "publicNetworkAccess"]), r#""[concat('Ena', 'bled')]""#);
    assert_eq!(source(&text, &["properties", "networkAcls", "defaultAction"]), r#""Deny""#);
    assert_eq!(source(&text, &["properties", "shared", "bypass"]), r#""None""#);
    let rules = Case::text(&text).lower().resources[0].body.path(&["properties", "networkAcls", "ipRules"]);
    let place = rules.as_array().unwrap()[0].get("value").place.unwrap();
    assert_eq!(&text[place.span.start as usize..place.span.end as usize], r#""1.2.3.4""#);
}

#[test]
fn what_is_missing_is_missing_from_its_parents_key() {
    let text = text();
    assert_eq!(source(&text, &["properties", "networkAcls", "bypass"]), r#""networkAcls""#);
    assert_eq!(source(&text, &["properties", "empty", "bypass"]), r#""empty""#);
    assert_eq!(source(&text, &["properties", "tenantId"]), r#""properties""#);
    assert_eq!(source(&text, &["properties", "nothing"]), r#""[json('null')]""#);
    assert_eq!(source(&text, &["location"]), r#""kv""#);
}

#[test]
fn null_in_every_form_means_unset() {
    check(&[
        ("", "null", "null"),
        ("", r#""[json('null')]""#, "null"),
        ("", r#""[null()]""#, "null"),
        ("", r#""[tryGet(createObject(), 'a')]""#, "null"),
        (
            r#""parameters": {"p": {"type": "object", "defaultValue": {}}}"#,
            r#""[parameters('p').?missing]""#,
            "null assuming p",
        ),
    ]);
}

#[test]
fn texts_as_people_write_them() {
    let plain = template("deploymentTemplate", &kv(r#""variables": {"v": "a"}"#, r#""[variables('v')]""#));
    let commented = plain.replace("\"variables\"", "// why\n/* and how */ \"variables\"");
    let long = plain.replace("[variables('v')]", "[concat(\n   variables('v'),\n   ''\n)]");
    for text in [plain.clone(), format!("\u{feff}{plain}"), plain.replace('\n', "\r\n"), commented, long] {
        let lowered = Case::text(&text).lower();
        assert_eq!(shown(&x(&lowered, "kv")), "'a'", "{text}");
        let resource = &lowered.resources[0];
        let source = &text[resource.place.span.start as usize..resource.place.span.end as usize];
        assert!(source.starts_with('{') && source.ends_with('}'), "{source}");
    }
}

#[test]
fn the_last_of_two_names_wins() {
    let members = kv("", r#"{"a": 1, "A": 2}"#);
    assert_eq!(shown(&x(&lower(&members), "kv").get("a")), "2");
}

#[test]
fn names_of_properties_may_be_expressions() {
    check(&[(
        r#""parameters": {"p": {"type": "string", "defaultValue": "k"}}"#,
        r#"{"[concat(parameters('p'), '1')]": 1, "[[literal]": 2}"#,
        "{k1: 1, [literal]: 2}",
    )]);
}

#[test]
fn a_resource_that_lost_part_of_its_text_is_damaged() {
    let broken = template(
        "deploymentTemplate",
        r#""resources": [{"type": "Microsoft.KeyVault/vaults", "name": "a", "properties": {"x": }},
            {"type": "Microsoft.KeyVault/vaults", "name": "b", "properties": {"x": 1}}]"#,
    );
    let lowered = Case::text(&broken).lower();
    let partially_parsed: Vec<_> = lowered
        .resources
        .iter()
        .map(|resource| (resource.name.display(), resource.partially_parsed))
        .collect();
    assert_eq!(partially_parsed, [("a".to_owned(), true), ("b".to_owned(), false)]);
    assert!(lowered.partially_parsed);
}

#[test]
fn what_a_resource_waits_for_is_no_part_of_it() {
    let lowered = lower(
        r#""resources": [{"type": "Microsoft.KeyVault/vaults", "name": "kv", "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults', 'other')]"]}]"#,
    );
    assert_eq!(lowered.resources[0].body.normal(), "{type: 'Microsoft.KeyVault/vaults', name: 'kv'}");
}
