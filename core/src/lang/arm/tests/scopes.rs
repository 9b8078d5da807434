//! Names, ids, and where resources land.

use super::*;

#[test]
fn children_are_named_with_their_parents() {
    let lowered = lower(
        r#""resources": [
            {"type": "Microsoft.Network/virtualNetworks", "name": "v", "resources": [
                {"type": "subnets", "name": "relative"},
                {"type": "Microsoft.Network/virtualNetworks/subnets", "name": "v/full"},
                {"type": "Microsoft.Network/virtualNetworks/subnets", "name": "mixed"},
                {"type": "Microsoft.Network/networkSecurityGroups", "name": "other"}
            ]},
            {"type": "Microsoft.Network/virtualNetworks/subnets", "name": "[concat('v', '/', 'slash')]"},
            {"type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "name": "privatelink.vaultcore.azure.net/v"}
        ]"#,
    );
    assert_eq!(
        ids(&lowered),
        [
            "~/Microsoft.Network/virtualNetworks/v",
            "~/Microsoft.Network/virtualNetworks/v/subnets/relative",
            "~/Microsoft.Network/virtualNetworks/v/subnets/full",
            "~/Microsoft.Network/virtualNetworks/v/subnets/mixed",
            "~/Microsoft.Network/networkSecurityGroups/other",
            "~/Microsoft.Network/virtualNetworks/v/subnets/slash",
            "~/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net/virtualNetworkLinks/v",
        ]
    );
}

#[test]
fn symbolic_children_are_below_their_parents() {
    let lowered = lower(
        r#""languageVersion": "2.0", "resources": {"network": {"type": "Microsoft.Network/virtualNetworks", "name": "v",
            "resources": {"subnet": {"type": "subnets", "name": "s"}}}}"#,
    );
    let subnet = &lowered.resources[1];
    assert_eq!((&*subnet.address, &*subnet.kind), ("subnet", "Microsoft.Network/virtualNetworks/subnets"));
    assert_eq!(subnet.name.display(), "v/s");
}

#[test]
fn extension_resources_are_below_what_they_extend() {
    for (head, expected) in [
        (
            r#""scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv')]", "name": "d""#,
            "~/Microsoft.KeyVault/vaults/kv/providers/Microsoft.Insights/diagnosticSettings/d",
        ),
        (
            r#""scope": "Microsoft.KeyVault/vaults/kv", "name": "d""#,
            "~/Microsoft.KeyVault/vaults/kv/providers/Microsoft.Insights/diagnosticSettings/d",
        ),
        (
            r#""scope": "[format('Microsoft.KeyVault/vaults/{0}', 'kv')]", "name": "d""#,
            "~/Microsoft.KeyVault/vaults/kv/providers/Microsoft.Insights/diagnosticSettings/d",
        ),
    ] {
        let lowered =
            lower(&format!(r#""resources": [{{"type": "Microsoft.Insights/diagnosticSettings", {head}}}]"#));
        assert_eq!(ids(&lowered), [expected]);
    }
    let old = lower(
        r#""resources": [{"type": "Microsoft.KeyVault/vaults/providers/roleAssignments", "name": "kv/Microsoft.Authorization/r"}]"#,
    );
    assert_eq!(
        ids(&old),
        ["~/Microsoft.KeyVault/vaults/kv/providers/Microsoft.Authorization/roleAssignments/r"]
    );
}

#[test]
fn a_deployment_lands_where_it_says() {
    let vault = kv("", r#""[resourceId('Microsoft.KeyVault/vaults', 'z')]""#);
    let of = |head: &str, properties: &str| {
        let nested = deployment(&format!(r#""name": "d"{head}"#), properties, &vault);
        let lowered =
            lower(&format!(r#""parameters": {{"g": {{"type": "string"}}}}, "resources": [{nested}]"#));
        [ids(&lowered)[0].clone(), ids(&lowered)[1].clone(), shown(&x(&lowered, "kv"))]
    };
    let here = "${resourceGroup().id}/providers/Microsoft.KeyVault/vaults/z";
    assert_eq!(
        of(r#", "resourceGroup": "[parameters('g')]""#, INNER),
        [
            "${subscription().id}/resourceGroups/${parameters('g')}/providers/Microsoft.Resources/deployments/d",
            "${subscription().id}/resourceGroups/${parameters('g')}/providers/Microsoft.KeyVault/vaults/kv",
            "${subscription().id}/resourceGroups/${parameters('g')}/providers/Microsoft.KeyVault/vaults/z",
        ]
    );
    // With outer scope the functions are about the group around, the resources land in the one named.
    assert_eq!(
        of(r#", "resourceGroup": "hub", "subscriptionId": "s""#, ""),
        [
            "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Resources/deployments/d",
            "/subscriptions/s/resourceGroups/hub/providers/Microsoft.KeyVault/vaults/kv",
            here,
        ]
    );
    assert_eq!(of("", INNER)[1..], ["~/Microsoft.KeyVault/vaults/kv".to_owned(), here.to_owned()]);
    assert_eq!(
        of(r#", "scope": "/subscriptions/s/resourceGroups/g""#, "")[1],
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv"
    );
    assert_eq!(of(r#", "scope": "/""#, "")[0], "/providers/Microsoft.Resources/deployments/d");
    assert_eq!(
        of(r#", "scope": "Microsoft.Management/managementGroups/m""#, "")[0],
        "/providers/Microsoft.Management/managementGroups/m/providers/Microsoft.Resources/deployments/d"
    );
}

#[test]
fn existing_resources_may_live_elsewhere() {
    let of = |head: &str| {
        ids(&lower(&format!(r#""languageVersion": "2.0", "resources": {{"v": {{"existing": true, "type": "Microsoft.KeyVault/vaults", "name": "kv"{head}}}}}"#)))[0].clone()
    };
    assert_eq!(of(""), "~/Microsoft.KeyVault/vaults/kv");
    assert_eq!(
        of(r#", "resourceGroup": "hub""#),
        "${subscription().id}/resourceGroups/hub/providers/Microsoft.KeyVault/vaults/kv"
    );
    assert_eq!(
        of(r#", "resourceGroup": "hub", "subscriptionId": "s""#),
        "/subscriptions/s/resourceGroups/hub/providers/Microsoft.KeyVault/vaults/kv"
    );
    assert_eq!(
        of(r#", "scope": "/subscriptions/s/resourceGroups/hub""#),
        "/subscriptions/s/resourceGroups/hub/providers/Microsoft.KeyVault/vaults/kv"
    );
}

#[test]
fn templates_above_resource_groups() {
    let vault = kv("", r#""[resourceGroup().name]""#);
    let nested = deployment(r#""name": "d", "resourceGroup": "g""#, INNER, &vault);
    let group = r#"{"type": "Microsoft.Resources/resourceGroups", "name": "g"}"#;
    for (schema, expected) in [
        (
            "subscriptionDeploymentTemplate",
            [
                "${subscription().id}/resourceGroups/g",
                "${subscription().id}/providers/Microsoft.Authorization/locks/l",
            ],
        ),
        (
            "managementGroupDeploymentTemplate",
            [
                "",
                "/providers/Microsoft.Management/managementGroups/${managementGroup().name}/providers/Microsoft.Authorization/locks/l",
            ],
        ),
        ("tenantDeploymentTemplate", ["", "/providers/Microsoft.Authorization/locks/l"]),
    ] {
        let lock = r#"{"type": "Microsoft.Authorization/locks", "name": "l"}"#;
        let lowered = Case::text(&template(schema, &format!(r#""resources": [{group}, {lock}]"#))).lower();
        let ids = ids(&lowered);
        assert_eq!(ids[1], expected[1], "{schema}");
        assert!(expected[0].is_empty() || ids[0] == expected[0], "{schema}: {ids:?}");
    }
    let text = template("subscriptionDeploymentTemplate", &format!(r#""resources": [{group}, {nested}]"#));
    let lowered = Case::text(&text).lower();
    assert_eq!(
        ids(&lowered)[2],
        "${subscription().id}/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv"
    );
    assert_eq!(shown(&x(&lowered, "kv")), "'g'");
}

#[test]
fn the_environment_is_the_clouds() {
    let mut case = Case::new(&kv(
        "",
        r#""[concat('privatelink', replace(environment().suffixes.keyvaultDns, 'vault', 'vaultcore'))]""#,
    ));
    for (cloud, zone) in [
        (Cloud::Public, "'privatelink.vaultcore.azure.net'"),
        (Cloud::UsGov, "'privatelink.vaultcore.usgovcloudapi.net'"),
        (Cloud::China, "'privatelink.vaultcore.azure.cn'"),
    ] {
        case.cloud = cloud;
        assert_eq!(shown(&x(&case.lower(), "kv")), zone);
    }
}
