//! The evaluation of Bicep and ARM templates: loops, conditions, functions, defaults.

use super::check;
use vaultmoat_core::report::Report;

/// `rule confidence address: message` of everything but information.
fn problems(report: &Report) -> Vec<String> {
    let all = report.diagnostics.iter().filter(|found| format!("{:?}", found.severity) != "Info");
    all.map(|found| {
        let address = found.resource.as_ref().map_or("-", |resource| &resource.address);
        let confidence = format!("{:?}", found.confidence).to_lowercase();
        format!("{} {confidence} {address}: {}", found.rule, found.message)
    })
    .collect()
}

fn of_rule(report: &Report, rule: &str) -> Vec<String> {
    let start = format!("{rule} ");
    problems(report).into_iter().filter(|found| found.starts_with(&start)).collect()
}

fn open(report: &Report, rule: &str) -> Vec<Vec<String>> {
    let open = report.undecided.iter().filter(|open| open.rule == rule);
    open.map(|open| open.depends_on.clone()).collect()
}

/// A vault with an endpoint in the network `hub`, its zone, and a second network.
const NETWORK: &str = "
resource hub 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-hub'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
    subnets: [{ name: 'endpoints', properties: { addressPrefix: '10.0.1.0/24' } }]
  }
}
resource spoke 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-spoke'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: ['10.1.0.0/16'] }
    subnets: [{ name: 'apps', properties: { addressPrefix: '10.1.1.0/24' } }]
  }
}
resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-loops'
  location: 'westeurope'
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enablePurgeProtection: true
    publicNetworkAccess: 'Disabled'
  }
}
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'
}
resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe-loops'
  location: 'westeurope'
  properties: {
    subnet: { id: hub.properties.subnets[0].id }
    privateLinkServiceConnections: [
      { name: 'c', properties: { privateLinkServiceId: vault.id, groupIds: ['vault'] } }
    ]
  }
}
resource group 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {
  parent: endpoint
  name: 'default'
  properties: { privateDnsZoneConfigs: [{ name: 'vault', properties: { privateDnsZoneId: zone.id } }] }
}
";

/// Links of the zone to the networks of `list`, of whose elements `id` is the network's id.
fn links(declarations: &str, list: &str, id: &str) -> Report {
    let loops = format!(
        "{declarations}\nresource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (item, i) in {list}: {{\n  \
         parent: zone\n  name: 'link-${{i}}'\n  location: 'global'\n  properties: {{\n    registrationEnabled: false\n    \
         virtualNetwork: {{ id: {id} }}\n  }}\n}}]\n"
    );
    check(&[("main.bicep", &format!("{NETWORK}{loops}"))])
}

#[test]
fn a_loop_may_run_over_ids_and_names_of_other_resources() {
    let by_name = "resourceId('Microsoft.Network/virtualNetworks', item)";
    let ways = [
        ("", "[NET.id]", "item"),
        ("var nets = [NET.id]", "nets", "item"),
        ("var nets = [NET.id]", "range(0, length(nets))", "nets[item]"),
        ("", "[{ id: NET.id }]", "item.id"),
        ("var nets = [{ of: { id: NET.id } }]", "nets", "item.of.id"),
        ("", "[NET.name]", by_name),
        ("", "filter([NET.id, ''], id => !empty(id))", "item"),
        ("", "map([NET.name], name => resourceId('Microsoft.Network/virtualNetworks', name))", "item"),
        ("", "union([NET.id], [NET.id])", "item"),
        ("", "concat([NET.id], [])", "item"),
        ("var nets = toObject([NET.id], id => last(split(id, '/')))", "items(nets)", "item.value"),
        ("var nets = { NET: NET.id }", "items(nets)", "item.value"),
        ("param extra array = []\nvar nets = [NET.id, ...extra]", "nets", "item"),
    ];
    for (declarations, list, id) in ways {
        for (network, findings) in [("spoke", 1), ("hub", 0)] {
            let with = |text: &str| text.replace("NET", network);
            let report = links(&with(declarations), &with(list), &with(id));
            let found = of_rule(&report, "unlinked-dns-zone");
            assert_eq!(found.len(), findings, "{declarations} {list} {network}: {found:?}");
            assert!(open(&report, "unlinked-dns-zone").is_empty(), "{declarations} {list}");
        }
    }
}

#[test]
fn a_loop_over_what_it_makes_itself_ends() {
    let report = links("", "[links[0].id]", "item");
    assert_eq!(of_rule(&report, "unlinked-dns-zone").len(), 0);
    assert!(open(&report, "unlinked-dns-zone").concat().iter().any(|of| of.contains("defined by itself")));
    // Each asks for the other.
    let circle = "var one = [two[0]]\nvar two = [one[0]]";
    assert_eq!(of_rule(&links(circle, "one", "item"), "unlinked-dns-zone").len(), 0);
}

#[test]
fn an_id_does_not_wait_for_the_properties_of_its_resource() {
    // The network's tags need the links, which need its id.
    let report = check(&[(
        "main.bicep",
        &format!(
            "{}\nresource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for id in [spoke.id]: {{\n  \
             parent: zone\n  name: 'one'\n  location: 'global'\n  properties: {{ virtualNetwork: {{ id: id }} }}\n}}]\n",
            NETWORK.replacen("name: 'vnet-spoke'", "name: 'vnet-spoke'\n  tags: { link: links[0].name }", 1)
        ),
    )]);
    assert_eq!(of_rule(&report, "unlinked-dns-zone").len(), 1, "{:?}", problems(&report));
}

#[test]
fn a_list_of_modules_gives_their_outputs() {
    let net = "param name string\nresource net 'Microsoft.Network/virtualNetworks@2024-05-01' = {\n  name: name\n  location: 'westeurope'\n}\noutput id string = net.id\n";
    let made = |name: &str, ids: &str| {
        format!(
            "{NETWORK}\nmodule nets 'net.bicep' = [for name in ['{name}']: {{\n  name: 'deploy-${{name}}'\n  params: {{ name: name }}\n}}]\n\
             module links 'links.bicep' = {{\n  name: 'links'\n  params: {{ ids: {ids} }}\n}}\n"
        )
    };
    let links = "param ids array\nresource zone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {\n  name: 'privatelink.vaultcore.azure.net'\n}\n\
         resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (id, i) in ids: {\n  parent: zone\n  \
         name: 'link-${i}'\n  location: 'global'\n  properties: { virtualNetwork: { id: id } }\n}]\n";
    for (name, findings) in [("vnet-other", 1), ("vnet-hub", 0)] {
        for ids in
            ["[nets[0].outputs.id]", "map(nets, net => net.outputs.id)", "[for net in nets: net.outputs.id]"]
        {
            let report =
                check(&[("main.bicep", &made(name, ids)), ("net.bicep", net), ("links.bicep", links)]);
            let found = of_rule(&report, "unlinked-dns-zone");
            assert_eq!(found.len(), findings, "{name} {ids}: {:?} {:?}", problems(&report), report.undecided);
        }
    }
}

#[test]
fn a_symbolic_name_of_a_template_in_json_may_be_looped_over() {
    for (net, findings) in [("spoke", 1), ("hub", 0)] {
        let template = format!(
            r#"{{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "languageVersion": "2.0", "contentVersion": "1.0.0.0",
  "variables": {{ "nets": ["[resourceInfo('{net}').id]"] }},
  "resources": {{
    "links": {{
      "type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "apiVersion": "2024-06-01",
      "copy": {{ "name": "links", "count": "[length(variables('nets'))]" }},
      "name": "[format('privatelink.vaultcore.azure.net/link-{{0}}', copyIndex())]", "location": "global",
      "properties": {{ "virtualNetwork": {{ "id": "[variables('nets')[copyIndex()]]" }} }}
    }},
    "hub": {{ "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2024-05-01", "name": "vnet-hub", "location": "westeurope",
      "properties": {{ "subnets": [{{ "name": "endpoints", "properties": {{ "addressPrefix": "10.0.1.0/24" }} }}] }} }},
    "spoke": {{ "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2024-05-01", "name": "vnet-spoke", "location": "westeurope" }},
    "vault": {{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2026-02-01", "name": "kv-loops", "location": "westeurope",
      "properties": {{ "publicNetworkAccess": "Disabled" }} }},
    "zone": {{ "type": "Microsoft.Network/privateDnsZones", "apiVersion": "2024-06-01", "name": "privatelink.vaultcore.azure.net", "location": "global" }},
    "endpoint": {{ "type": "Microsoft.Network/privateEndpoints", "apiVersion": "2024-05-01", "name": "pe-loops", "location": "westeurope",
      "properties": {{
        "subnet": {{ "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-hub', 'endpoints')]" }},
        "privateLinkServiceConnections": [{{ "name": "c", "properties": {{
          "privateLinkServiceId": "[resourceId('Microsoft.KeyVault/vaults', 'kv-loops')]", "groupIds": ["vault"] }} }}] }} }},
    "group": {{ "type": "Microsoft.Network/privateEndpoints/privateDnsZoneGroups", "apiVersion": "2024-05-01", "name": "pe-loops/default",
      "properties": {{ "privateDnsZoneConfigs": [{{ "name": "v", "properties": {{
        "privateDnsZoneId": "[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.vaultcore.azure.net')]" }} }}] }} }}
  }}
}}"#
        );
        let report = check(&[("main.json", &template)]);
        assert_eq!(of_rule(&report, "unlinked-dns-zone").len(), findings, "{net}: {:?}", problems(&report));
        assert!(open(&report, "unlinked-dns-zone").is_empty());
    }
}

const ZONE_MODULE: &str = "param network string
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'
}
resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: 'link'
  location: 'global'
  properties: { virtualNetwork: { id: network } }
}
output id string = zone.id
";

#[test]
fn a_module_in_a_resource_group_that_is_chosen_keeps_its_children() {
    let start = NETWORK.find("resource zone").unwrap();
    let end = NETWORK.find("resource endpoint").unwrap();
    let without_zone = format!("{}{}", &NETWORK[..start], &NETWORK[end..]);
    let scopes = [
        "resourceGroup(empty(other) ? 'rg-dns' : other)",
        "resourceGroup(subscription, empty(other) ? 'rg-dns' : other)",
        "empty(other) ? resourceGroup() : resourceGroup(other)",
        "empty(other) ? resourceGroup('rg-dns') : resourceGroup(subscription, other)",
        "resourceGroup(other ?? 'rg-dns')",
        "resourceGroup(!empty(other) ? (other == 'a' ? 'b' : other) : 'rg-dns')",
    ];
    for scope in scopes {
        for (network, findings) in [("hub", 0), ("spoke", 1)] {
            let main = format!(
                "param other string\nparam subscription string\n{}\nmodule names 'zone.bicep' = {{\n  name: 'names'\n  scope: {scope}\n  \
                 params: {{ network: {network}.id }}\n}}\n",
                without_zone.replace("zone.id", "names.outputs.id")
            );
            let report = check(&[("main.bicep", &main), ("zone.bicep", ZONE_MODULE)]);
            let found = of_rule(&report, "unlinked-dns-zone");
            assert_eq!(found.len(), findings, "{scope} {network}: {:?}", problems(&report));
        }
    }
}

fn switched(default: &str, condition: &str) -> Report {
    check(&[(
        "main.json",
        &format!(
            r#"{{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {{ "dns": {{ "type": "object", {default} }}, "open": {{ "type": "bool" }} }},
  "resources": [{{
    "condition": "{condition}",
    "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "part",
    "properties": {{
      "mode": "Incremental",
      "expressionEvaluationOptions": {{ "scope": "inner" }},
      "parameters": {{ "zones": {{ "value": "[parameters('dns').zones]" }}, "first": {{ "value": "[cidrHost('10.0.0.0/33', 0)]" }} }},
      "template": {{
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {{ "zones": {{ "type": "array" }}, "first": {{ "type": "string" }} }},
        "variables": {{ "count": "[length(parameters('zones'))]" }},
        "resources": [{{
          "type": "Microsoft.Network/privateDnsZones", "apiVersion": "2024-06-01", "location": "global",
          "name": "[concat(parameters('first'), variables('count'))]"
        }}]
      }}
    }}
  }}]
}}"#
        ),
    )])
}

#[test]
fn what_is_not_deployed_is_not_evaluated() {
    let of = |default, condition| of_rule(&switched(default, condition), "invalid-expression");
    assert_eq!(of(r#""nullable": true"#, "[not(empty(parameters('dns')))]"), Vec::<String>::new());
    assert_eq!(of(r#""defaultValue": { "zones": [] }"#, "[false()]"), Vec::<String>::new());
    let deployed = of(r#""nullable": true"#, "[true()]");
    assert!(
        deployed.iter().any(|found| found.contains("likely") && found.contains("parameter `dns`")),
        "{deployed:?}"
    );
    assert!(
        deployed.iter().any(|found| found.contains("certain") && found.contains("cidrHost")),
        "{deployed:?}"
    );
    assert_eq!(of(r#""nullable": true"#, "[parameters('open')]").len(), 2);
}

#[test]
fn properties_of_a_resource_that_is_not_deployed_are_not_evaluated() {
    let vault = |condition: &str| {
        format!(
            "param addresses array = []\nresource vault 'Microsoft.KeyVault/vaults@2026-02-01' = if ({condition}) {{\n  name: 'kv-off'\n  \
             location: 'westeurope'\n  properties: {{\n    networkAcls: {{ ipRules: [{{ value: cidrHost(addresses[0], 0) }}] }}\n    \
             createMode: cidrSubnet('10.0.0.0/16', 8, 0)\n  }}\n}}\n"
        )
    };
    let of = |condition| of_rule(&check(&[("main.bicep", &vault(condition))]), "invalid-expression").len();
    assert_eq!((of("!empty(addresses)"), of("false"), of("empty(addresses)")), (0, 0, 2));
}

#[test]
fn loops_that_only_a_default_makes_too_long_are_likely_refused() {
    let bicep = |text: &str| of_rule(&check(&[("main.bicep", text)]), "invalid-expression");
    let resource = |count: &str, default: &str| {
        bicep(&format!(
            "param tenants int{default}\nresource vault 'Microsoft.KeyVault/vaults@2026-02-01' = [for i in range(0, {count}): {{\n  \
             name: 'kv-${{i}}'\n  location: 'westeurope'\n}}]\n"
        ))
    };
    let likely = "invalid-expression likely -: a loop makes 0 to 800 copies, not 900 (with the default of parameter `tenants`)";
    assert_eq!(resource("tenants", " = 900"), [likely]);
    assert_eq!(resource("tenants", " = 800"), Vec::<String>::new());
    assert_eq!(resource("tenants", ""), Vec::<String>::new());
    assert_eq!(resource("801", "").len(), 1);
    let value = "param tenants int = 900\noutput all array = [for i in range(0, tenants): i]\n";
    assert_eq!(bicep(value), [likely]);
    for section in [
        r#""resources": [{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2026-02-01", "name": "[concat('kv-', copyIndex())]",
            "location": "westeurope", "copy": { "name": "each", "count": "[parameters('tenants')]" }, "properties": {} }]"#,
        r#""variables": { "copy": [{ "name": "all", "count": "[parameters('tenants')]", "input": "x" }] }, "resources": [],
           "outputs": { "all": { "type": "array", "value": "[variables('all')]" } }"#,
        r#""resources": [], "outputs": { "all": { "type": "array", "copy": { "count": "[parameters('tenants')]", "input": "x" } } }"#,
        r#""resources": [{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2026-02-01", "name": "kv-one", "location": "westeurope",
            "properties": { "copy": [{ "name": "accessPolicies", "count": "[parameters('tenants')]", "input": {} }] } }]"#,
    ] {
        let template = format!(
            r#"{{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
                 "parameters": {{ "tenants": {{ "type": "int", "defaultValue": 900 }} }}, {section} }}"#
        );
        assert_eq!(of_rule(&check(&[("main.json", &template)]), "invalid-expression"), [likely], "{section}");
    }
}

fn template(output: &str) -> Report {
    check(&[(
        "main.json",
        &format!(
            r#"{{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
                 "parameters": {{ "list": {{ "type": "array" }} }}, "resources": [], "outputs": {{ "o": {{ "type": "string", "value": "{output}" }} }} }}"#
        ),
    )])
}

#[test]
fn a_function_that_is_not_known_is_one_open_question() {
    let twice = "[concat(brandNew(parameters('list'), lambda('x', lambdaVariables('x'))), brandNew(1))]";
    let report = template(twice);
    assert_eq!(problems(&report), Vec::<String>::new());
    assert_eq!(open(&report, "unresolved-reference"), [["brandNew()"]]);
    let known = template("[string(distinct(parameters('list')))]");
    assert_eq!((problems(&known).len(), known.undecided.len()), (0, 0));
    let bicep = check(&[(
        "main.bicep",
        "param x string\noutput a string = brandNew(x, y => y)\noutput b string = sys.brandNew(x)\n",
    )]);
    assert_eq!(problems(&bicep), Vec::<String>::new());
    assert_eq!(open(&bicep, "unresolved-reference"), [["brandNew()"]]);
    // What a template would have to define itself is missing.
    assert_eq!(of_rule(&template("[contoso.name('x')]"), "unresolved-reference").len(), 1);
}

#[test]
fn a_long_expression_is_a_finding_of_its_own() {
    let of = |length: usize| {
        let report = template(&format!("[concat('{}')]", "a".repeat(length - "[concat('')]".len())));
        (of_rule(&report, "invalid-expression").len(), of_rule(&report, "syntax").len())
    };
    assert_eq!((of(24_576), of(24_577)), ((0, 0), (1, 0)));
}

#[test]
fn halves_of_a_character_are_read_as_one() {
    let of = |text: &str| {
        of_rule(&check(&[("main.bicep", &format!("output x string = '{text}'\n"))]), "syntax").len()
    };
    assert_eq!(of(r"\u{d83d}\u{de00} and \u{1f600}"), 0);
    assert_eq!((of(r"\u{d83d} alone"), of(r"\u{de00}\u{d83d}")), (1, 2));
}

#[test]
fn only_the_defaults_that_decide_are_named() {
    let of = |ledger: &str, cache: &str| {
        let endpoint = |name: &str, target: &str, group: &str, condition: &str| {
            format!(
                "resource pe{name} 'Microsoft.Network/privateEndpoints@2024-05-01' = {{\n  name: 'pe-{name}'\n  location: 'westeurope'\n  \
                 properties: {{\n    subnet: {{ id: subnetId }}\n    privateLinkServiceConnections: [{{ name: 'c', properties: {{ \
                 privateLinkServiceId: {target}.id, groupIds: ['{group}'] }} }}]\n  }}\n}}\n\
                 resource group{name} 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = if ({condition}) {{\n  \
                 parent: pe{name}\n  name: 'default'\n  properties: {{ privateDnsZoneConfigs: [{{ name: 'z', properties: {{ \
                 privateDnsZoneId: {name}Zone }} }}] }}\n}}\n"
            )
        };
        let main = format!(
            "param ledgerZone string = ''\nparam cacheZone string = ''\nparam subnetId string\n\
             resource ledger 'Microsoft.KeyVault/vaults@2026-02-01' = {{\n  name: 'kv-ledger'\n  location: 'westeurope'\n  \
             properties: {{ publicNetworkAccess: 'Disabled' }}\n}}\n\
             resource cache 'Microsoft.Cache/redis@2023-08-01' = {{\n  name: 'cache'\n  location: 'westeurope'\n}}\n{}{}",
            endpoint("ledger", "ledger", "vault", ledger),
            endpoint("cache", "cache", "redisCache", cache),
        );
        of_rule(&check(&[("main.bicep", &main)]), "no-dns-registration")
    };
    let found = of("!empty(ledgerZone)", "!empty(cacheZone)");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("(with the default of parameter `ledgerZone`)"), "{found:?}");
    let both = of("!empty(ledgerZone) || !empty(cacheZone)", "true");
    assert!(both[0].ends_with("(with the default of parameters `cacheZone`, `ledgerZone`)"), "{both:?}");
    assert_eq!(of("true", "!empty(cacheZone)"), Vec::<String>::new());
}

#[test]
fn the_parts_that_are_known_decide() {
    let of = |condition: &str| {
        let vault = format!(
            "param x string\nresource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {{\n  name: 'kv-known'\n  location: 'westeurope'\n  \
             properties: {{ networkAcls: {{ defaultAction: {condition} ? 'Allow' : 'Deny', ipRules: [{{ value: '20.50.1.1' }}] }} }}\n}}\n"
        );
        let report = check(&[("main.bicep", &vault)]);
        (of_rule(&report, "public-vault").len(), open(&report, "public-vault").len())
    };
    let id = "resourceId('Microsoft.Network/virtualNetworks/subnets', x, 'snet-a')";
    let (yes, no, unknown) = ((1, 0), (0, 0), (0, 1));
    for (condition, expected) in [
        (format!("contains({id}, '/subnets/')"), yes),
        (format!("contains({id}, '/privateEndpoints/')"), unknown),
        (format!("contains({id}, 'Microsoft.KeyVault/vaults')"), no),
        (format!("startsWith({id}, '/subscriptions/')"), yes),
        (format!("startsWith({id}, '/subscriptions/rg-')"), no),
        (format!("endsWith({id}, '/subnets/snet-b')"), no),
        (format!("endsWith({id}, '/snet-a')"), yes),
        (format!("indexOf({id}, '/vaults/kv') >= 0"), no),
        (format!("length({id}) > 0"), yes),
        (format!("empty({id})"), no),
        (format!("split({id}, '/')[6] == 'Microsoft.Network'"), yes),
        (format!("last(split({id}, '/')) == 'snet-b'"), no),
        (format!("{id} == '/subscriptions/a/b/c'"), no),
        ("contains(x, 'a')".to_owned(), unknown),
        ("contains('kv-${x}', 'kv-a')".to_owned(), unknown),
        ("contains(['a', x], 'a')".to_owned(), yes),
        ("replace('kv-a', '{place}', x) == 'kv-a'".to_owned(), yes),
    ] {
        assert_eq!(of(&condition), expected, "{condition}");
    }
}

#[test]
fn names_that_are_made_of_copies_of_copies_do_not_use_up_the_steps() {
    let names: Vec<String> =
        (0..300).map(|at| format!("\"privatelink.part{at}.{{place}}.example.net\"")).collect();
    let places: Vec<String> = (0..120).map(|at| format!("\"region{at}\": \"r{at}\"")).collect();
    let copy = |name: &str, of: &str, with: &str| {
        format!(
            r#"{{ "name": "{name}", "count": "[length(variables('{of}'))]", "input": "[replace(variables('{of}')[copyIndex('{name}')], {with})]" }}"#
        )
    };
    let text = format!(
        r#"{{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
  "parameters": {{ "location": {{ "type": "string", "defaultValue": "[resourceGroup().location]" }} }},
  "variables": {{
    "copy": [{}, {}],
    "names": [{}], "short": {{ {} }}, "location": "[toLower(parameters('location'))]",
    "key": "[if(contains(variables('location'), ' '), variables('short')[variables('location')], variables('location'))]"
  }},
  "resources": [{{
    "type": "Microsoft.Network/privateDnsZones", "apiVersion": "2024-06-01", "location": "global",
    "copy": {{ "name": "zones", "count": "[length(variables('second'))]" }}, "name": "[variables('second')[copyIndex()]]"
  }}]
}}"#,
        copy("first", "names", "'{geo}', variables('short')[variables('key')]"),
        copy("second", "first", "'{place}', variables('key')"),
        names.join(", "),
        places.join(", "),
    );
    let report = check(&[("main.json", &text)]);
    assert_eq!(problems(&report), Vec::<String>::new());
    assert_eq!(report.summary.resources, 300);
}

#[test]
fn what_a_default_leaves_out_of_a_list_is_never_certain() {
    let of = |rules: &str| {
        let vault = format!(
            "param strict bool = true\nresource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {{\n  name: 'kv-left-out'\n  \
             location: 'westeurope'\n  properties: {{ networkAcls: {{ defaultAction: 'Deny', bypass: 'AzureServices', ipRules: {rules} }} }}\n}}\n"
        );
        let report = check(&[("main.bicep", &vault)]);
        let found = report.diagnostics.iter().find(|found| found.rule == "locked-out-vault");
        found.map(|found| format!("{:?} {}", found.confidence, found.message.contains("`strict`")))
    };
    let all = "['20.50.1.1']";
    for rules in [
        format!("[for ip in {all}: if (!strict) {{ value: ip }}]"),
        format!("map(filter({all}, ip => !strict), ip => {{ value: ip }})"),
        "strict ? [] : [{ value: '20.50.1.1' }]".to_owned(),
    ] {
        assert_eq!(of(&rules).as_deref(), Some("Likely true"), "{rules}");
    }
    assert_eq!(of("[]").as_deref(), Some("Certain false"));
}

#[test]
fn what_bicep_brings_along_is_known_beside_extensions() {
    let main = "extension 'br:mcr.microsoft.com/bicep/extensions/microsoftgraph/v1.0:0.1.8-preview' as graph
import 'az@1.0.0' as azure
import 'sys@1.0.0' as tools
resource net 'Microsoft.Network/virtualNetworks@2024-05-01' existing = {
  scope: az.resourceGroup('rg-net')
  name: sys.toLower('VNET')
}
resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = if (!this.exists()) {
  name: tools.toLower('KV-THIS')
  location: azure.resourceGroup().location
  properties: {
    createMode: this.exists() ? 'default' : 'recover'
    publicNetworkAccess: this.existingResource().?properties.publicNetworkAccess ?? 'Disabled'
  }
}
output net string = net.id
";
    let report = check(&[("main.bicep", main)]);
    assert_eq!(of_rule(&report, "unresolved-reference"), Vec::<String>::new());
    assert_eq!(of_rule(&report, "syntax"), Vec::<String>::new());
    let vaults = report.diagnostics.iter().filter_map(|found| found.resource.as_ref());
    assert!(vaults.clone().all(|vault| vault.name == "kv-this"), "{:?}", vaults.collect::<Vec<_>>());
}

/// A vault with the rules of a list, as a module that is given the list.
fn vault_of_rules(value: &str) -> String {
    format!(
        "param rules array
resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {{
  name: 'kv-rules'
  location: 'westeurope'
  properties: {{
    tenantId: tenant().tenantId
    sku: {{ family: 'A', name: 'standard' }}
    networkAcls: {{ defaultAction: 'Deny', ipRules: [for rule in rules: {{ value: {value} }}] }}
  }}
}}"
    )
}

#[test]
fn a_property_that_an_object_lacks_is_said_where_it_is_read_and_once() {
    let caller = |rules: &str| {
        format!(
            "param open object\nparam given object = {{ a: 1 }}\nmodule vault 'vault.bicep' = {{\n  name: 'vault'\n  params: {{ rules: {rules} }}\n}}"
        )
    };
    let said = |rules: &str, value: &str| {
        super::found(
            &[("main.bicep", &caller(rules)), ("vault.bicep", &vault_of_rules(value))],
            "invalid-expression",
        )
    };
    for rules in
        ["[{ ip: '20.50.1.7' }]", "[{ ip: '20.50.1.7' }, { ip: '20.50.1.8' }, { value: '20.50.1.9' }]"]
    {
        for value in ["rule.value", "rule['value']"] {
            assert_eq!(said(rules, value), ["vault.bicep:8 certain main.bicep:5"], "{rules} {value}");
        }
    }
    assert_eq!(said("[given]", "rule.value"), ["vault.bicep:8 likely main.bicep:2"]);
    for (rules, value) in [
        ("[{ ip: '20.50.1.7' }]", "rule.?value"),
        ("[{ ip: '20.50.1.7' }]", "rule.value ?? '20.50.1.7'"),
        ("[{ ip: '20.50.1.7' }]", "contains(rule, 'value') ? rule.value : rule.ip"),
        ("[{ VALUE: '20.50.1.7' }]", "rule.value"),
        ("[open]", "rule.value"),
        ("open.rules", "rule.value"),
        ("[union(open, { ip: '20.50.1.7' })]", "rule.value"),
        ("[resourceGroup()]", "rule.tags.value"),
        ("map(['20.50.1.7'], ip => { value: ip })", "rule.value"),
        ("[]", "rule.value"),
    ] {
        assert_eq!(said(rules, value), [""; 0], "{rules} {value}");
    }
}

#[test]
fn what_several_ask_for_is_judged_whoever_asks_first() {
    let text = vault_of_rules("first").replace(
        "param rules array",
        "var object = { ip: '20.50.1.7' }\nvar first = object.value\nvar rules = [first ?? 'x', first]",
    );
    assert_eq!(
        super::found(&[("main.bicep", &text)], "invalid-expression"),
        ["main.bicep:2 certain main.bicep:1"]
    );
}

#[test]
fn each_loop_over_the_same_late_list_is_told() {
    let text = "resource net 'Microsoft.Network/virtualNetworks@2024-05-01' existing = {\n  name: 'vnet'\n}\nvar late = net.properties.subnets\nvar again = late\nvar a = [for x in late: x]\nvar b = [for x in again: x]\nvar c = [for x in again: x]\nvar d = [for x in ['a']: x]\n";
    let report = check(&[("main.bicep", text)]);
    let late = report.diagnostics.iter().filter(|found| found.message.contains("BCP178"));
    assert_eq!(late.map(|found| found.range.start.line + 1).collect::<Vec<_>>(), [6, 7, 8]);
}

#[test]
fn a_function_that_may_be_misspelled_is_a_question_with_a_hint() {
    let reasons = |call: &str| {
        let main = format!(
            "resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {{
  name: 'kv-names'
  location: 'westeurope'
  properties: {{ networkAcls: {{ defaultAction: 'Deny', virtualNetworkRules: [{{ id: {call} }}] }} }}
}}"
        );
        let report = check(&[("main.bicep", &main)]);
        assert_eq!(of_rule(&report, "unresolved-reference"), Vec::<String>::new(), "{call}");
        let open = report.undecided.into_iter().filter(|open| open.rule == "unresolved-reference");
        open.map(|open| open.reason).collect::<Vec<_>>()
    };
    let said = |name: &str, hint: &str| {
        vec![format!("the result of function `{name}`, which vaultmoat does not know{hint}")]
    };
    assert_eq!(reasons("resourceid2('a', 'b')"), said("resourceid2", "; did you mean `resourceId`?"));
    assert_eq!(reasons("refrence('a').b"), said("refrence", "; did you mean `reference`?"));
    assert_eq!(reasons("entirelyNew('a')"), said("entirelyNew", ""));
    assert_eq!(reasons("resourceId('a/b', 'b')"), Vec::<String>::new());
}

#[test]
fn a_namespace_may_be_imported_by_its_own_name() {
    for import in ["", "import 'az@1.0.0' as az", "extension az"] {
        let main = format!(
            "{import}
resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {{
  name: az.resourceGroup('kv-names').name
  location: 'westeurope'
}}"
        );
        let report = check(&[("main.bicep", &main)]);
        assert_eq!(of_rule(&report, "unresolved-reference"), Vec::<String>::new(), "{import}");
        let named = |found: &vaultmoat_core::report::Diagnostic| {
            found.resource.as_ref().is_some_and(|vault| vault.name == "kv-names")
        };
        assert!(report.diagnostics.iter().any(named), "{import}");
    }
}
