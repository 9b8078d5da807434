//! Input forms: templates in the wrappers of Azure's tools, exports that show only a part, and PowerShell's output.

use super::{check, found};
use vaultmoat_core::report::Outcome;
use vaultmoat_core::{Options, Project};
use vaultmoat_tests::fixture::{complete, load};

const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers";

/// A template with one vault that admits a private range.
const TEMPLATE: &str = r#"{
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "parameters": { "range": { "type": "string", "defaultValue": "10.0.0.0/24" } },
    "resources": [ {
      "type": "Microsoft.KeyVault/vaults", "apiVersion": "2026-02-01", "name": "kv-contoso", "location": "westeurope",
      "properties": {
        "networkAcls": { "bypass": "None", "defaultAction": "Deny", "ipRules": [
          { "value": "[parameters('range')]" },
          { "value": "10.0.0.0/24" }
        ] }
      }
    } ]
  }"#;

/// Findings of `private-ip-rule`: where and how sure.
fn private(text: &str) -> Vec<String> {
    found(&[("export.json", text)], "private-ip-rule")
}

#[test]
fn a_template_is_one_in_whatever_azure_wraps_around_it() {
    // The literal stands on the tenth line of each.
    let wrapped = [
        format!("{TEMPLATE}\n"),
        format!(r#"{{ "template": {TEMPLATE}, "templateLink": null }}"#),
        format!(
            r#"{{ "id": "{GROUP}/Microsoft.Resources/templateSpecs/kv/versions/1", "name": "1", "type": "Microsoft.Resources/templateSpecs/versions", "mainTemplate": {TEMPLATE} }}"#
        ),
        format!(
            r#"{{ "kind": "template", "name": "kv", "properties": {{ "template": {TEMPLATE}, "resourceGroup": "rg" }} }}"#
        ),
        format!(
            r#"{{ "location": "westeurope", "properties": {{ "mode": "Incremental", "template": {TEMPLATE} }} }}"#
        ),
        format!(r#"{{ "properties": {{ "mainTemplate": {TEMPLATE} }} }}"#),
        format!(r#"[ {{ "properties": {{ "template": {TEMPLATE} }} }} ]"#),
        format!(r#"{{ "value": [ {{ "mainTemplate": {TEMPLATE} }} ] }}"#),
    ];
    for text in wrapped {
        let all = private(&text);
        assert!(all.contains(&"export.json:10 certain".to_owned()), "{all:?} in {text}");
        assert_eq!(all.len(), 2, "{text}");
    }
    // A template link alone, and other JSON with such members, hold none.
    for text in [
        r#"{ "template": null, "templateLink": { "id": "x" } }"#,
        r#"{ "template": { "name": "a" } }"#,
        r#"{ "spec": { "template": { "resources": [] } } }"#,
    ] {
        assert_eq!(vaultmoat_core::identify("a.json", text), None, "{text}");
    }
}

#[test]
fn a_fix_edits_the_template_inside() {
    let text =
        format!("{{\n  \"template\": {},\n  \"templateLink\": null\n}}\n", TEMPLATE.replace("Deny", "Allow"));
    let project = load(Options::default(), [("export.json", &text)]);
    let edits = project.fix(&["public-vault".to_owned()], true);
    let fixed: Vec<_> = edits.iter().map(|file| file.text.as_str()).collect();
    assert_eq!(fixed, [text.replace("Allow", "Deny")]);
}

#[test]
fn parameters_beside_a_wrapped_template_are_its_values() {
    let body = |range: &str| {
        format!(
            r#"{{ "properties": {{ "template": {TEMPLATE}, "parameters": {{ "range": {{ "value": "{range}" }} }} }} }}"#
        )
    };
    assert_eq!(private(&body("203.0.113.0/24")).len(), 1);
    assert_eq!(private(&body("172.16.0.0/24")).len(), 2);
    // An expression there is for whoever deploys it.
    assert_eq!(private(&body("[parameters('range')]")).len(), 1);
}

#[test]
fn every_template_of_a_document_is_read_and_linked_ones_where_they_are_linked() {
    let second = TEMPLATE.replace("kv-contoso", "kv-second");
    let list = format!(
        r#"[ {{ "properties": {{ "template": {TEMPLATE} }} }}, {{ "properties": {{ "template": {second} }} }} ]"#
    );
    assert_eq!(check(&[("list.json", &list)]).summary.vaults, 2);

    let main = r#"{
      "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
      "resources": [ { "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "kv", "properties": {
        "mode": "Incremental", "templateLink": { "relativePath": "parts/kv.json" },
        "parameters": { "range": { "value": "192.168.0.0/24" } } } } ] }"#;
    let spec = format!(
        r#"{{ "mainTemplate": {main}, "linkedTemplates": [ {{ "path": "parts/kv.json", "template": {TEMPLATE} }} ] }}"#
    );
    let report = check(&[("ts/show.json", &spec)]);
    assert_eq!((report.summary.vaults, report.missing.len()), (1, 0));
    assert_eq!(private(&spec).len(), 2);

    // A changed file is read anew.
    let mut project = load(Options::default(), [("list.json", &list)]);
    assert_eq!(project.check().summary.vaults, 2);
    project.set("list.json", &list.replace("kv-second", "kv-third"));
    let names: Vec<String> = project.model().vaults.iter().map(|vault| format!("{:?}", vault.name)).collect();
    assert!(names.iter().any(|name| name.contains("kv-third")), "{names:?}");
}

fn endpoint(extra: &str) -> String {
    format!(
        r#"{{ "id": "{GROUP}/Microsoft.Network/privateEndpoints/pe", "name": "pe", "type": "Microsoft.Network/privateEndpoints",
          "privateLinkServiceConnections": [ {{ "name": "kv", "groupIds": ["vault"],
            "privateLinkServiceConnectionState": {{ "status": "Approved" }},
            "privateLinkServiceId": "{GROUP}/Microsoft.KeyVault/vaults/kv" }} ],
          "manualPrivateLinkServiceConnections": [],
          "subnet": {{ "id": "{GROUP}/Microsoft.Network/virtualNetworks/vnet/subnets/private" }}{extra} }}"#
    )
}

fn group(records: &str) -> String {
    format!(
        r#"[ {{ "id": "{GROUP}/Microsoft.Network/privateEndpoints/pe/privateDnsZoneGroups/default", "name": "default",
          "privateDnsZoneConfigs": [ {{ "name": "kv", "recordSets": [{records}],
            "privateDnsZoneId": "{GROUP}/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net" }} ],
          "provisioningState": "Succeeded" }} ]"#
    )
}

#[test]
fn what_an_export_does_not_show_is_not_absent() {
    let names = r#", "customDnsConfigs": [ { "fqdn": "kv.vault.azure.net", "ipAddresses": ["10.0.0.4"] } ]"#;
    for extra in ["", names, r#", "provisioningState": "Succeeded""#] {
        let report = check(&[("pe.json", &endpoint(extra))]);
        assert!(report.diagnostics.iter().all(|found| found.rule != "no-dns-registration"), "{extra}");
        assert!(report.undecided.iter().any(|open| open.rule == "no-dns-registration"), "{extra}");
    }
    // Where everything was given, it is.
    let project = load(complete(), [("pe.json", &endpoint(""))]);
    assert!(project.check().diagnostics.iter().any(|found| found.rule == "no-dns-registration"));
}

#[test]
fn a_zone_group_without_record_needs_no_endpoint_beside_it() {
    assert_eq!(found(&[("groups.json", &group(""))], "empty-dns-registration").len(), 1);
    let record = r#"{ "recordSetName": "kv", "recordType": "A", "ipAddresses": ["10.0.0.4"] }"#;
    assert!(found(&[("groups.json", &group(record))], "empty-dns-registration").is_empty());
}

#[test]
fn a_zone_is_known_by_its_links() {
    let links = |network: &str| {
        format!(
            r#"[ {{ "id": "{GROUP}/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net/virtualNetworkLinks/hub",
              "name": "hub", "registrationEnabled": false, "provisioningState": "Succeeded",
              "virtualNetwork": {{ "id": "{GROUP}/Microsoft.Network/virtualNetworks/{network}" }} }} ]"#
        )
    };
    let network = format!(
        r#"{{ "id": "{GROUP}/Microsoft.Network/virtualNetworks/vnet", "name": "vnet", "type": "Microsoft.Network/virtualNetworks",
          "addressSpace": {{ "addressPrefixes": ["10.0.0.0/16"] }}, "dhcpOptions": {{ "dnsServers": [] }},
          "subnets": [ {{ "id": "{GROUP}/Microsoft.Network/virtualNetworks/vnet/subnets/private", "name": "private",
            "addressPrefix": "10.0.0.0/24" }} ] }}"#
    );
    let record = r#"{ "recordSetName": "kv", "recordType": "A", "ipAddresses": ["10.0.0.4"] }"#;
    let (endpoint, group) = (endpoint(""), group(record));
    let with = |links: &str| {
        let files = [
            ("pe.json", endpoint.as_str()),
            ("groups.json", &group),
            ("links.json", links),
            ("vnet.json", &network),
        ];
        found(&files, "unlinked-dns-zone").len()
    };
    assert_eq!(with(&links("vnet-hub")), 1);
    assert_eq!(with(&links("vnet")), 0);
    // A link that was shown alone need not be the only one.
    assert_eq!(with(links("vnet-hub").trim_matches(['[', ']', ' '])), 0);
}

#[test]
fn a_zone_is_shown_with_the_number_of_its_links() {
    let zone = |number: usize| {
        format!(
            r#"{{ "id": "{GROUP}/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net", "name": "privatelink.vaultcore.azure.net",
              "type": "Microsoft.Network/privateDnsZones", "location": "global", "numberOfRecordSets": 2, "numberOfVirtualNetworkLinks": {number} }}"#
        )
    };
    let (endpoint, group) =
        (endpoint(""), group(r#"{ "recordSetName": "kv", "ipAddresses": ["10.0.0.4"] }"#));
    let with = |zone: &str| {
        let files = [("pe.json", endpoint.as_str()), ("groups.json", &group), ("zone.json", zone)];
        found(&files, "unlinked-dns-zone").len()
    };
    assert_eq!(with(&zone(0)), 1);
    assert_eq!(with(&zone(1)), 0, "the link is not among the files");
}

/// A network and a zone that is linked to it, as Azure shows them, with so many record sets.
fn asked_zone(servers: &str, record_sets: usize) -> [String; 3] {
    let id = format!("{GROUP}/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net");
    let network = format!(
        r#"{{ "id": "{GROUP}/Microsoft.Network/virtualNetworks/vnet", "name": "vnet", "type": "Microsoft.Network/virtualNetworks",
          "addressSpace": {{ "addressPrefixes": ["10.0.0.0/16"] }}, "dhcpOptions": {{ "dnsServers": [{servers}] }},
          "subnets": [ {{ "id": "{GROUP}/Microsoft.Network/virtualNetworks/vnet/subnets/private", "name": "private",
            "addressPrefix": "10.0.0.0/24" }} ] }}"#
    );
    let zone = format!(
        r#"{{ "id": "{id}", "name": "privatelink.vaultcore.azure.net", "type": "Microsoft.Network/privateDnsZones",
          "location": "global", "numberOfRecordSets": {record_sets}, "numberOfVirtualNetworkLinks": 1 }}"#
    );
    let link = format!(
        r#"{{ "id": "{id}/virtualNetworkLinks/own", "name": "own", "registrationEnabled": false, "provisioningState": "Succeeded",
          "virtualNetwork": {{ "id": "{GROUP}/Microsoft.Network/virtualNetworks/vnet" }} }}"#
    );
    [network, zone, link]
}

#[test]
fn a_zone_that_azure_shows_whole_has_no_record_that_it_does_not_show() {
    let vault = format!(
        r#"{{ "id": "{GROUP}/Microsoft.KeyVault/vaults/kv", "name": "kv", "type": "Microsoft.KeyVault/vaults", "location": "westeurope",
          "properties": {{ "publicNetworkAccess": "Disabled", "tenantId": "t", "vaultUri": "https://kv.vault.azure.net/", "sku": {{}} }} }}"#
    );
    let zone_id = format!("{GROUP}/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net");
    let record = |name: &str, address: &str| {
        format!(
            r#"{{ "id": "{zone_id}/A/{name}", "name": "{name}", "type": "Microsoft.Network/privateDnsZones/A", "ttl": 10,
              "aRecords": [ {{ "ipv4Address": "{address}" }} ] }}"#
        )
    };
    let own = format!(
        r#"{{ "id": "{zone_id}/SOA/@", "name": "@", "type": "Microsoft.Network/privateDnsZones/SOA", "ttl": 3600, "soaRecord": {{}} }}"#
    );
    let address =
        r#", "customDnsConfigs": [ { "fqdn": "kv.vault.azure.net", "ipAddresses": ["10.0.0.9"] } ]"#;
    let endpoint = endpoint(address);
    let with = |servers: &str, record_sets: usize, records: &str| {
        let [network, zone, link] = asked_zone(servers, record_sets);
        let files = [
            ("vault.json", vault.as_str()),
            ("pe.json", &endpoint),
            ("vnet.json", &network),
            ("zone.json", &zone),
            ("link.json", &link),
            ("records.json", records),
        ];
        let outcome =
            load(Options::default(), files).explain(None, "subnet:private").expect("a subnet").outcome;
        (found(&files, "no-dns-registration").len(), outcome)
    };
    assert_eq!(with("", 1, "[]"), (1, Outcome::Denied));
    // Where the zone has records of others, `check` leaves it open.
    assert_eq!(with("", 2, &format!("[{own}, {}]", record("other", "10.0.0.8"))), (0, Outcome::Denied));
    // A list of all types has all records of the zone, whatever number it had when it was shown.
    assert_eq!(with("", 3, &format!("[{own}]")), (0, Outcome::Denied));
    assert_eq!(with("", 2, &format!("[{own}, {}]", record("kv", "10.0.0.9"))), (0, Outcome::Allowed));
    // There are records that the files do not show.
    assert_eq!(with("", 3, "[]"), (0, Outcome::Depends));
    // The network does not ask the zone.
    assert_eq!(with("\"10.9.9.9\"", 1, "[]").0, 0);
}

#[test]
fn a_network_that_an_export_names_can_be_asked_about() {
    let vault = format!(
        r#"{{ "id": "{GROUP}/Microsoft.KeyVault/vaults/kv", "name": "kv", "type": "Microsoft.KeyVault/vaults", "location": "westeurope",
          "properties": {{ "publicNetworkAccess": "Disabled", "tenantId": "t", "vaultUri": "https://kv.vault.azure.net/", "sku": {{}},
            "privateEndpointConnections": [] }} }}"#
    );
    let project = load(Options::default(), [("vault.json", &vault), ("pe.json", &endpoint(""))]);
    for from in ["subnet:vnet/private", "subnet:private", "vnet:vnet"] {
        assert!(project.explain(None, from).is_ok(), "{from}: {:?}", project.explain(None, from).err());
        assert!(project.resolve(None, from).is_ok(), "{from}");
    }
    assert!(project.explain(None, "subnet:vnet/other").is_err());
    let named: Vec<bool> = project.model().subnets.iter().map(|subnet| subnet.declared).collect();
    assert_eq!(named, [false]);
}

#[test]
fn a_what_if_is_read_before_and_after() {
    let vault = |acls: &str| {
        format!(
            r#"{{ "id": "{GROUP}/Microsoft.KeyVault/vaults/kv", "name": "kv", "type": "Microsoft.KeyVault/vaults", "location": "westeurope",
              "properties": {{ "publicNetworkAccess": "Enabled", "tenantId": "t", "sku": {{}}{acls} }} }}"#
        )
    };
    let deny = r#", "networkAcls": { "bypass": "None", "defaultAction": "Deny", "ipRules": [], "virtualNetworkRules": [] }"#;
    let text = format!(
        r#"{{ "status": "Succeeded", "changes": [ {{ "changeType": "Modify", "resourceId": "{GROUP}/Microsoft.KeyVault/vaults/kv",
          "before": {}, "after": {} }} ] }}"#,
        vault(deny),
        vault("")
    );
    let side = |before: bool| load(Options { before, ..Options::default() }, [("what-if.json", &text)]);
    let public =
        |project: &Project| project.check().diagnostics.iter().any(|found| found.rule == "public-vault");
    assert!(!public(&side(true)));
    assert!(public(&side(false)));
    let changes = side(true).diff(&side(false)).changes;
    assert!(!changes.is_empty());
}

#[test]
fn what_powershell_prints_is_read_and_what_it_cuts_off_is_open() {
    let resource = |properties: &str| {
        format!(
            r#"{{ "Name": "kv", "ResourceGroupName": "rg", "ResourceType": "Microsoft.KeyVault/vaults", "Location": "westeurope",
              "ResourceId": "{GROUP}/Microsoft.KeyVault/vaults/kv",
              "Properties": {{ "Sku": {{ "Name": "standard" }}, "TenantId": "t", "VaultUri": "https://kv.vault.azure.net/",
                "PublicNetworkAccess": "Enabled", "NetworkAcls": {properties} }} }}"#
        )
    };
    let public = |text: &str| found(&[("kv.json", text)], "public-vault").len();
    let rules = |action: &str| {
        format!(
            r#"{{ "DefaultAction": "{action}", "Bypass": "None", "IpRules": [], "VirtualNetworkRules": [] }}"#
        )
    };
    assert_eq!(public(&resource(&rules("Allow"))), 1);
    assert_eq!(public(&resource(&rules("Deny"))), 0);
    let cut = resource(r#""@{Bypass=None; DefaultAction=Allow; IpRules=System.Object[]}""#);
    assert_eq!(public(&cut), 0);
    assert!(check(&[("kv.json", &cut)]).undecided.iter().any(|open| open.rule == "public-vault"));

    let vault = |acls: &str| {
        format!(
            r#"{{ "VaultName": "kv", "VaultUri": "https://kv.vault.azure.net/", "TenantId": "t", "Sku": "Standard",
              "PublicNetworkAccess": "Enabled", "NetworkAcls": {acls}, "ResourceId": "{GROUP}/Microsoft.KeyVault/vaults/kv" }}"#
        )
    };
    let rules = |action: &str| {
        format!(
            r#"{{ "DefaultAction": {action}, "Bypass": 0, "IpAddressRanges": ["10.1.0.0/24"], "VirtualNetworkResourceIds": [] }}"#
        )
    };
    for (action, is_public) in [("0", 1), ("1", 0), ("\"Allow\"", 1), ("\"Deny\"", 0)] {
        let text = vault(&rules(action));
        assert_eq!(public(&text), is_public, "{action}");
        assert_eq!(found(&[("kv.json", &text)], "private-ip-rule").len(), 1, "{action}");
    }
    assert_eq!(public(&vault(r#""Microsoft.Azure.Commands.KeyVault.Models.PSKeyVaultNetworkRuleSet""#)), 0);
}

#[test]
fn what_an_export_prints_as_false_is_false() {
    let said = |flags: &str, rule: &str| {
        let text = format!(
            r#"{{ "id": "{GROUP}/Microsoft.KeyVault/vaults/kv", "name": "kv", "type": "Microsoft.KeyVault/vaults", "location": "westeurope",
              "properties": {{ "publicNetworkAccess": "Disabled", "tenantId": "t", "vaultUri": "https://kv.vault.azure.net/", "sku": {{}}{flags} }} }}"#
        );
        found(&[("kv.json", &text)], rule).len()
    };
    for (flags, count) in
        [("", 1), (r#", "enablePurgeProtection": null"#, 1), (r#", "enablePurgeProtection": false"#, 1)]
    {
        assert_eq!(said(flags, "no-purge-protection"), count, "{flags}");
    }
    assert_eq!(said(r#", "enablePurgeProtection": true"#, "no-purge-protection"), 0);
    assert_eq!(
        said(r#", "enablePurgeProtection": false"#, "purge-protection-false"),
        0,
        "nobody asks for it"
    );
    for (flags, count) in
        [("", 0), (r#", "enableSoftDelete": true"#, 0), (r#", "enableSoftDelete": false"#, 1)]
    {
        assert_eq!(said(flags, "soft-delete-disabled"), count, "{flags}");
    }
}

#[test]
fn lists_in_every_wrapping_are_read() {
    let endpoint = endpoint("");
    for text in [
        format!(r#"{{ "value": [ {endpoint} ] }}"#),
        format!(r#"{{ "data": [ {endpoint} ], "count": 1, "total_records": 1 }}"#),
        format!("[ {endpoint} ]"),
    ] {
        assert_eq!(check(&[("list.json", &text)]).files[0].language, "azure-json", "{text}");
    }
    let stack = format!(
        r#"{{ "id": "{GROUP}/Microsoft.Resources/deploymentStacks/app", "name": "app", "type": "Microsoft.Resources/deploymentStacks",
          "resources": [ {{ "id": "{GROUP}/Microsoft.KeyVault/vaults/kv", "status": "managed" }} ] }}"#
    );
    let report = check(&[("stack.json", &stack)]);
    assert_eq!((report.summary.vaults, report.diagnostics.len()), (0, 0));
    assert_eq!(report.files[0].language, "azure-json");
}

/// What is said of the limits of a chain of so many parameter files, the first of which is for `main.bicep`.
fn extended(count: usize) -> Vec<String> {
    let last = count - 1;
    let file = |at: usize| match at {
        _ if at == last => "using none\nparam name = 'kv-contoso'\n".to_owned(),
        _ => format!("using 'main.bicep'\nextends 'a{}.bicepparam'\n", at + 1),
    };
    let mut project =
        Project::new(Options { parameters: vec!["a0.bicepparam".to_owned()], ..Options::default() });
    for at in 0..count {
        project.set(&format!("a{at}.bicepparam"), &file(at));
    }
    let vault = "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: name\n  properties: {}\n}\n";
    project.set("main.bicep", &format!("param name string\n{vault}"));
    let name = format!("{:?}", project.model().vaults[0].name);
    assert_eq!(name.contains("kv-contoso"), count <= 16, "{name}");
    let report = project.check();
    let limits = report.diagnostics.iter().filter(|found| found.rule == "evaluation-limit");
    limits.map(|found| format!("{}:{}: {}", found.file, found.range.start.line + 1, found.message)).collect()
}

#[test]
fn parameter_files_extend_one_another_so_far() {
    assert_eq!(extended(16), [""; 0]);
    let more = "a15.bicepparam:2: more than 16 parameter files extend one another, and what this one extends is not read";
    assert_eq!(extended(17), [more]);
    assert_eq!(extended(400), [more]);
}

#[test]
fn a_project_knows_what_its_texts_name_before_it_is_checked() {
    let link = |path: &str| {
        format!(
            r#"{{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": [
              {{ "type": "Microsoft.Resources/deployments", "name": "d", "properties": {{ "templateLink": {{ "relativePath": "{path}" }} }} }}
            ] }}"#
        )
    };
    let mut project = Project::new(Options::default());
    project.set(
        "app/main.bicep",
        "import { t } from 'types.bicep'\nimport * as used from '../used.bicep'\nimport { f } from 'f.bicep'\nparam p t\nvar v = used.v\nvar w = f(p)\nmodule m 'mod.bicep' = {\n  name: 'm'\n}\nmodule r 'br/public:avm/res/key-vault/vault:0.9.0' = {\n  name: 'r'\n}\n",
    );
    project.set("app/main.bicepparam", "using 'main.bicep'\nextends 'base.bicepparam'\n");
    project.set("main.json", &link("linked.json"));
    project.set("other.json", &link("[parameters('p')]"));
    let first = ["app/base.bicepparam", "app/f.bicep", "app/mod.bicep", "linked.json", "used.bicep"];
    assert_eq!(project.references(), first);
    // What is there may name more.
    project.set("app/mod.bicep", "module n 'deeper.bicep' = {\n  name: 'n'\n}\n");
    project.set("linked.json", &link("main.json"));
    assert_eq!(
        project.references(),
        ["app/base.bicepparam", "app/deeper.bicep", "app/f.bicep", "used.bicep"]
    );
}

#[test]
fn templates_that_link_to_each_other_are_checked_beside_others() {
    let template = |vault: &str, link: &str| {
        format!(
            r#"{{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": [
              {{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2026-02-01", "name": "{vault}", "properties": {{ "networkAcls": {{ "defaultAction": "Allow" }} }} }}{link}
            ] }}"#
        )
    };
    let link = |path: &str| {
        format!(
            r#", {{ "type": "Microsoft.Resources/deployments", "name": "d", "properties": {{ "templateLink": {{ "relativePath": "{path}" }} }} }}"#
        )
    };
    let (a, b) = (template("kv-a", &link("b.json")), template("kv-b", &link("a.json")));
    let (c, d) = (template("kv-c", &link("d.json")), template("kv-d", ""));
    let circle = [("a.json", a.as_str()), ("b.json", b.as_str())];
    let open = |files: &[(&str, &str)]| {
        let found = found(files, "public-vault");
        found
            .into_iter()
            .map(|line| line.split(':').next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(open(&circle), ["a.json", "b.json"]);
    let others = [("c.json", c.as_str()), ("d.json", d.as_str())];
    assert_eq!(open(&[circle, others].concat()), ["a.json", "b.json", "c.json", "d.json"]);
}
