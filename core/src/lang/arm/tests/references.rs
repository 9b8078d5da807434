//! References between resources and deployments.

use super::*;

/// A deployment `first` that declares a vault and gives out its id, and `second` that gets `value` as parameter `p`.
fn pair(head: &str, symbolic: bool, value: &str) -> Lowered {
    let vault = r#""resources": [{"type": "Microsoft.KeyVault/vaults", "name": "kv"}],
        "outputs": {"id": {"type": "string", "value": "[resourceId('Microsoft.KeyVault/vaults', 'kv')]"}, "hidden": {"type": "secureString", "value": "x"}}"#;
    let first = deployment(&format!(r#""name": "first"{head}"#), INNER, vault);
    let user = kv(r#""parameters": {"p": {"type": "string"}}"#, r#""[parameters('p')]""#)
        .replace(r#""name": "kv""#, r#""name": "user""#);
    let second = deployment(
        r#""name": "second""#,
        &format!(r#"{INNER} "parameters": {{"p": {{"value": "{value}"}}}},"#),
        &user,
    );
    // The order in which they are declared does not matter.
    lower(&if symbolic {
        format!(r#""languageVersion": "2.0", "resources": {{"b": {second}, "a": {first}}}"#)
    } else {
        format!(r#""resources": [{second}, {first}]"#)
    })
}

#[test]
fn outputs_of_a_deployment_in_every_form() {
    let id = "${resourceGroup().id}/providers/Microsoft.KeyVault/vaults/kv";
    for (head, symbolic, value) in [
        ("", false, "[reference('first').outputs.id.value]"),
        ("", false, "[reference('FIRST').outputs.ID.value]"),
        (
            "",
            false,
            "[reference(resourceId('Microsoft.Resources/deployments', 'first'), '2022-09-01').outputs.id.value]",
        ),
        (
            "",
            false,
            "[reference(resourceId('microsoft.resources/Deployments', 'first'), '2022-09-01', 'Full').properties.outputs.id.value]",
        ),
        (
            "",
            false,
            "[reference(concat(resourceGroup().id, '/providers/Microsoft.Resources/deployments/first')).outputs['id'].value]",
        ),
        ("", true, "[reference('a').outputs.id.value]"),
        ("", true, "[reference('first').outputs.id.value]"),
        (r#", "copy": {"name": "l", "count": 2}"#, true, "[reference('a[1]').outputs.id.value]"),
        (r#", "copy": {"name": "l", "count": 2}"#, true, "[references('a')[0].outputs.id.value]"),
        (
            r#", "copy": {"name": "l", "count": 2}"#,
            true,
            "[references('a', 'full')[0].properties.outputs.id.value]",
        ),
        (
            r#", "copy": {"name": "l", "count": 2}"#,
            true,
            "[first(map(references('a'), lambda('one', lambdaVariables('one').outputs.id.value)))]",
        ),
    ] {
        assert_eq!(shown(&x(&pair(head, symbolic, value), "user")), id, "{value}");
    }
}

#[test]
fn outputs_of_a_deployment_elsewhere() {
    let group = r#", "resourceGroup": "hub""#;
    let value = "[reference(resourceId('hub', 'Microsoft.Resources/deployments', 'first')).outputs.id.value]";
    assert_eq!(
        shown(&x(&pair(group, false, value), "user")),
        "${subscription().id}/resourceGroups/hub/providers/Microsoft.KeyVault/vaults/kv"
    );
    let subscription = r#", "subscriptionId": "11111111-2222-3333-4444-555555555555""#;
    let value = "[reference(subscriptionResourceId('11111111-2222-3333-4444-555555555555', 'Microsoft.Resources/deployments', 'first')).outputs.id.value]";
    assert_eq!(
        shown(&x(&pair(subscription, false, value), "user")),
        "'/subscriptions/11111111-2222-3333-4444-555555555555/providers/Microsoft.KeyVault/vaults/kv'"
    );
}

#[test]
fn outputs_that_are_not_declared_or_secret_are_unknown() {
    for name in ["hidden", "other"] {
        let value = x(&pair("", false, &format!("[reference('first').outputs.{name}.value]")), "user");
        assert!(!value.is_known(), "{name}: {}", shown(&value));
    }
}

#[test]
fn deployments_that_need_one_another_end() {
    let one = |name: &str, other: &str| {
        let members = r#""parameters": {"p": {"type": "string"}}, "resources": [{"type": "Microsoft.KeyVault/vaults", "name": "[parameters('p')]"}],
            "outputs": {"o": {"type": "string", "value": "[parameters('p')]"}}"#;
        let parameters = format!(
            r#"{INNER} "parameters": {{"p": {{"value": "[reference('{other}').outputs.o.value]"}}}},"#
        );
        deployment(&format!(r#""name": "{name}""#), &parameters, members)
    };
    let lowered = lower(&format!(r#""resources": [{}, {}]"#, one("a", "b"), one("b", "a")));
    assert_eq!(lowered.resources.len(), 4);
    assert!(names(&lowered).iter().all(|name| name.starts_with("limit(")), "{:?}", names(&lowered));
}

#[test]
fn output_loops_and_outputs_of_outer_scope() {
    let outputs = r#""resources": [], "outputs": {"list": {"type": "array", "copy": {"count": 2, "input": "[concat(variables('v'), copyIndex())]"}}}"#;
    let user = r#"{"type": "Microsoft.KeyVault/vaults", "name": "kv", "properties": {"x": "[reference('d').outputs.list.value[1]]"}}"#;
    let nested = deployment(r#""name": "d""#, "", outputs);
    let lowered = lower(&format!(r#""variables": {{"v": "a"}}, "resources": [{nested}, {user}]"#));
    assert_eq!(shown(&x(&lowered, "kv")), "'a1'");
}

#[test]
fn a_reference_knows_what_is_declared_and_leaves_the_rest_to_azure() {
    let of = |value: &str| {
        let user =
            format!(r#"{{"type": "Microsoft.Web/sites", "name": "user", "properties": {{"x": "{value}"}}}}"#);
        let vault = r#"{"type": "Microsoft.KeyVault/vaults", "name": "kv", "location": "here", "properties": {"tenantId": "t"}}"#;
        shown(&x(
            &lower(&format!(
                r#""parameters": {{"other": {{"type": "string"}}}}, "resources": [{user}, {vault}]"#
            )),
            "user",
        ))
    };
    assert_eq!(of("[reference('kv').tenantId]"), "'t'");
    assert_eq!(of("[reference('kv', '2023-07-01', 'Full').location]"), "'here'");
    assert_eq!(
        of("[reference(resourceId('Microsoft.KeyVault/vaults', 'kv')).vaultUri]"),
        "reference(${resourceGroup().id}/providers/Microsoft.KeyVault/vaults/kv).vaultUri"
    );
    assert_eq!(of("[reference(parameters('other')).x]"), "reference(parameters('other')).x");
    assert_eq!(of("[listKeys('kv', '2023-07-01').keys]"), "listKeys('kv', '2023-07-01').keys");
}

#[test]
fn of_two_with_one_id_the_one_that_is_deployed_is_meant() {
    let one = |condition: &str, x: &str| {
        format!(
            r#"{{"type": "Microsoft.KeyVault/vaults", "name": "kv", "condition": {condition}, "properties": {{"tenantId": "{x}"}}}}"#
        )
    };
    let user = r#"{"type": "Microsoft.Web/sites", "name": "user", "properties": {"x": "[reference('kv').tenantId]"}}"#;
    let lowered =
        lower(&format!(r#""resources": [{}, {}, {user}]"#, one("false", "old"), one("true", "new")));
    assert_eq!(shown(&x(&lowered, "user")), "'new'");
}

#[test]
fn symbolic_names_address_resources_and_loops() {
    let lowered = lower(
        r#""languageVersion": "2.0", "resources": {
            "vault": {"type": "Microsoft.KeyVault/vaults@2023-07-01", "name": "kv", "properties": {"tenantId": "t"}},
            "many": {"copy": {"name": "many", "count": 2}, "type": "Microsoft.KeyVault/vaults", "name": "[format('m{0}', copyIndex())]", "properties": {"i": "[copyIndex()]"}},
            "there": {"existing": true, "type": "Microsoft.KeyVault/vaults", "name": "old", "resourceGroup": "hub", "subscriptionId": "[parameters('s')]"},
            "user": {"type": "Microsoft.Web/sites", "name": "user", "properties": {"x": {
                "a": "[reference('vault').tenantId]", "b": "[reference('many[1]').i]", "c": "[length(references('many'))]",
                "d": "[resourceInfo('vault').name]", "e": "[resourceInfo('many[0]').id]", "f": "[reference('there').vaultUri]"
            }}}
        }, "parameters": {"s": {"type": "string"}}"#,
    );
    let addresses: Vec<_> =
        lowered.resources.iter().map(|resource| (&*resource.address, resource.referenced)).collect();
    assert_eq!(
        addresses,
        [("vault", false), ("many[0]", false), ("many[1]", false), ("there", true), ("user", false)]
    );
    let x = x(&lowered, "user");
    let of = |key| shown(&x.get(key));
    assert_eq!([of("a"), of("b"), of("c"), of("d")], ["'t'", "1", "2", "'kv'"]);
    assert_eq!(of("e"), "${resourceGroup().id}/providers/Microsoft.KeyVault/vaults/m0");
    assert_eq!(
        of("f"),
        "reference(/subscriptions/${parameters('s')}/resourceGroups/hub/providers/Microsoft.KeyVault/vaults/old).vaultUri"
    );
}

#[test]
fn resources_of_symbolic_deployments_are_addressed_through_them() {
    let inner = r#""languageVersion": "2.0", "resources": {"vault": {"type": "Microsoft.KeyVault/vaults", "name": "kv"}}"#;
    let outer = deployment(r#""name": "d""#, INNER, inner);
    let lowered = lower(&format!(r#""languageVersion": "2.0", "resources": {{"module": {outer}}}"#));
    assert_eq!(lowered.resources[1].address, "module.vault");
}
