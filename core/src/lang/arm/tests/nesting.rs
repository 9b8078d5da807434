//! Nested and linked deployments.

use super::*;

#[test]
fn an_outer_scope_sees_what_is_around_it_and_an_inner_scope_does_not() {
    let vault = kv(r#""variables": {"v": "inside"}"#, r#""[variables('v')]""#);
    let outside = r#""variables": {"v": "outside"}"#;
    let of = |properties: &str| {
        let nested = deployment(r#""name": "d""#, properties, &vault);
        shown(&x(&lower(&format!(r#"{outside}, "resources": [{nested}]"#)), "kv"))
    };
    assert_eq!(of(""), "'outside'");
    assert_eq!(of(INNER), "'inside'");
    assert_eq!(of(r#""expressionEvaluationOptions": {"scope": "Outer"},"#), "'outside'");
}

#[test]
fn parameters_are_passed_down_two_levels() {
    let vault = kv(
        r#""parameters": {"q": {"type": "string"}, "unset": {"type": "string", "defaultValue": "own"}}"#,
        r#""[concat(parameters('q'), parameters('unset'))]""#,
    );
    let middle = deployment(
        r#""name": "b""#,
        &format!(r#"{INNER} "parameters": {{"q": {{"value": "[parameters('p')]"}}}},"#),
        &vault,
    );
    let middle = format!(r#""parameters": {{"p": {{"type": "string"}}}}, "resources": [{middle}]"#);
    let top = deployment(
        r#""name": "a""#,
        &format!(r#"{INNER} "parameters": {{"p": {{"value": "[parameters('top')]"}}}},"#),
        &middle,
    );
    let members = format!(
        r#""parameters": {{"top": {{"type": "string", "defaultValue": "t"}}}}, "resources": [{top}]"#
    );
    assert_eq!(shown(&x(&lower(&members), "kv")), "'town' assuming top");
    assert_eq!(shown(&x(&Case::new(&members).parameter("top", "given").lower(), "kv")), "'givenown'");
}

#[test]
fn what_is_passed_may_be_null_a_loop_or_an_expression() {
    let vault = kv(
        r#""parameters": {"p": {"type": "array", "defaultValue": ["default"]}}"#,
        r#""[parameters('p')]""#,
    );
    let cases = [
        (r#"{"p": {"value": null}}"#, "['default']"),
        (r#"{"p": {"value": "[null()]"}}"#, "['default']"),
        (
            r#"{"p": {"value": "[if(parameters('on'), createArray('on'), null())]"}}"#,
            "if(parameters('on'), ['on'], ['default'])",
        ),
        (r#"{"p": {"copy": [{"name": "value", "count": 2, "input": "[copyIndex('value')]"}]}}"#, "[0, 1]"),
        (r#"{"p": "[createObject('value', createArray('whole'))]"}"#, "['whole']"),
        (r#""[createObject('p', createObject('value', createArray('all')))]""#, "['all']"),
        ("{}", "['default']"),
    ];
    for (parameters, expected) in cases {
        let nested = deployment(r#""name": "d""#, &format!(r#"{INNER} "parameters": {parameters},"#), &vault);
        let lowered =
            lower(&format!(r#""parameters": {{"on": {{"type": "bool"}}}}, "resources": [{nested}]"#));
        assert_eq!(shown(&x(&lowered, "kv")), expected, "{parameters}");
    }
}

#[test]
fn loops_around_a_deployment_bind_its_parameters() {
    let vault = kv(r#""parameters": {"i": {"type": "int"}}"#, r#""[parameters('i')]""#)
        .replace(r#""name": "kv""#, r#""name": "[format('kv{0}', parameters('i'))]""#);
    let head = r#""name": "[format('d{0}', copyIndex())]", "copy": {"name": "l", "count": 2}"#;
    let nested =
        deployment(head, &format!(r#"{INNER} "parameters": {{"i": {{"value": "[copyIndex()]"}}}},"#), &vault);
    let lowered = lower(&format!(r#""resources": [{nested}]"#));
    assert_eq!(names(&lowered), ["kv0", "kv1"]);
    let outer = deployment(
        head,
        "",
        r#""resources": [{"type": "Microsoft.KeyVault/vaults", "name": "[format('kv{0}', copyIndex('l'))]"}]"#,
    );
    assert_eq!(names(&lower(&format!(r#""resources": [{outer}]"#))), ["kv0", "kv1"]);
}

#[test]
fn a_deployment_knows_its_own_name() {
    let nested = |name: &str, properties| {
        deployment(&format!(r#""name": "{name}""#), properties, &kv("", r#""[deployment().name]""#))
    };
    let of = |nested: &str| {
        shown(&x(
            &lower(&format!(r#""parameters": {{"p": {{"type": "string"}}}}, "resources": [{nested}]"#)),
            "kv",
        ))
    };
    assert_eq!(of(&nested("inner", INNER)), "'inner'");
    assert_eq!(of(&nested("outer", "")), "deployment().name");
    assert_eq!(of(&nested("[concat(parameters('p'), '-x')]", INNER)), "${parameters('p')}-x");
}

#[test]
fn a_nested_deployment_that_reads_secrets_says_of_which_vault() {
    let vault = kv(
        r#""parameters": {"p": {"type": "securestring"}, "q": {"type": "string"}}"#,
        r#""[parameters('p')]""#,
    );
    let parameters = r#""parameters": {"q": {"value": "[resourceId('Microsoft.KeyVault/vaults', 'other')]"}, "p": {"reference": {"keyVault": {"id": "[resourceId('Microsoft.KeyVault/vaults', 'v')]"}, "secretName": "n"}}},"#;
    let nested = deployment(r#""name": "d""#, &format!("{INNER} {parameters}"), &vault);
    let lowered = lower(&format!(r#""resources": [{nested}]"#));
    assert_eq!(
        lowered.resources[0].body.get("properties").normal(),
        "{parameters: {p: {reference: {keyVault: {id: ${resourceGroup().id}/providers/Microsoft.KeyVault/vaults/v}, secretName: 'n'}}}}"
    );
    assert_eq!(shown(&x(&lowered, "kv")), "getSecret('p')");
}

fn linked(link: &str) -> String {
    format!(
        r#""parameters": {{
            "base": {{"type": "string", "defaultValue": "[deployment().properties.templateLink.uri]"}},
            "token": {{"type": "securestring", "defaultValue": ""}}
        }}, "resources": [{{"type": "Microsoft.Resources/deployments", "name": "l", "properties": {{
            "templateLink": {link}, "parameters": {{"p": {{"value": "passed"}}}}
        }}}}]"#
    )
}

#[test]
fn linked_templates_that_are_given_are_part_of_the_template() {
    let vault = kv(r#""parameters": {"p": {"type": "string"}}"#, r#""[parameters('p')]""#);
    for link in [
        r#"{"relativePath": "nested/kv.json"}"#,
        r#"{"uri": "[uri(deployment().properties.templateLink.uri, 'nested/kv.json')]"}"#,
        r#"{"uri": "[uri(parameters('base'), concat('nested/kv.json', parameters('token')))]"}"#,
        r#"{"uri": "[uri(parameters('base'), 'nested/kv.json?token=1')]"}"#,
        r#"{"uri": "https://raw.example.org/main/infra/nested/kv.json?token=1"}"#,
    ] {
        let lowered = Case::new(&linked(link)).file("nested/kv.json", &vault).lower();
        assert_eq!(shown(&x(&lowered, "kv")), "'passed'", "{link}");
        assert_eq!(lowered.used, ["nested/kv.json"], "{link}");
        assert_eq!(lowered.resources[1].place.file, FileId(1));
    }
}

#[test]
fn linked_templates_that_are_not_given_are_missing() {
    let lowered = lower(&linked(r#"{"relativePath": "nested/kv.json"}"#));
    assert_eq!(lowered.missing, ["nested/kv.json"]);
    assert_eq!(
        problems(&lowered),
        [
            "the linked template `nested/kv.json` is not among the checked files, so what it deploys is unknown"
        ]
    );
    // A host cannot pass what is elsewhere.
    for link in [
        r#"{"uri": "https://example.org/kv.json"}"#,
        r#"{"id": "[resourceId('Microsoft.Resources/templateSpecs/versions', 's', '1')]"}"#,
    ] {
        let elsewhere = lower(&linked(link));
        assert_eq!((elsewhere.missing.len(), elsewhere.problems.len()), (0, 0), "{link}");
    }
}

#[test]
fn a_template_that_links_to_itself_ends() {
    let case = Case::new(&linked(r#"{"relativePath": "main.json"}"#));
    let lowered = case.lower();
    assert_eq!(problems(&lowered), ["a template deploys itself, so that this never ends"]);
}

#[test]
fn what_another_engine_evaluates_is_left_alone() {
    let lowered = lower(
        r#""resources": [
            {"type": "Microsoft.Resources/templateSpecs/versions", "name": "s/1", "properties": {"mainTemplate": {"resources": [{"name": "[parameters('x')]"}]}}},
            {"type": "Microsoft.Resources/deploymentScripts", "name": "d", "properties": {"scriptContent": "[notOurs(]"}},
            {"type": "Microsoft.Authorization/policyDefinitions", "name": "p", "properties": {"policyRule": {"then": {"effect": "[[parameters('effect')]"}}}}
        ]"#,
    );
    assert_eq!(problems(&lowered), <[&str; 0]>::default());
    assert_eq!(names(&lowered), ["s/1", "d", "p"]);
}
