//! Modules from registries: reports with built-in summaries, with compiled templates, and without either.

use serde_json::Value;
use vaultmoat_core::report::{Diagnostic, Report};
use vaultmoat_core::{Options, Project};
use vaultmoat_tests::fixture::load;

fn project(files: &[(&str, &str)], options: Options) -> Project {
    load(options, files.iter().map(|(path, text)| (path, text)))
}

fn check(text: &str) -> Report {
    project(&[("main.bicep", text)], Options::default()).check()
}

fn of<'r>(report: &'r Report, rule: &str) -> Vec<&'r Diagnostic> {
    report.diagnostics.iter().filter(|found| found.rule == rule).collect()
}

/// What a finding marks.
fn marked(text: &str, found: &Diagnostic) -> String {
    let (start, end) = (found.range.start.offset as usize, found.range.end.offset as usize);
    text[start..end].to_owned()
}

/// The model without what depends on where and how something is written.
fn model(text: &str) -> Value {
    let project = project(&[("main.bicep", text)], Options::default());
    let syntax: Vec<_> =
        project.check().diagnostics.into_iter().filter(|found| found.rule == "syntax").collect();
    assert!(syntax.is_empty(), "{syntax:?}");
    let mut model = serde_json::to_value(project.model()).expect("a model");
    strip(&mut model);
    model
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for key in ["address", "file", "range", "apiVersion", "links", "outputs"] {
                fields.remove(key);
            }
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

const VAULT: &str = "br/public:avm/res/key-vault/vault";

/// A vault as the module writes it, but for these properties.
fn plain_vault(properties: &str) -> String {
    format!(
        "resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {{
          name: 'kv-contoso'
          location: resourceGroup().location
          properties: {{
            tenantId: subscription().tenantId
            sku: {{ family: 'A', name: 'premium' }}
            enabledForDeployment: true
            enabledForTemplateDeployment: true
            enabledForDiskEncryption: true
            enableRbacAuthorization: true
            {properties}
          }}
        }}"
    )
}

#[test]
fn a_module_is_the_same_network_as_its_resources_written_out() {
    let endpoint = "resource pe 'Microsoft.Network/privateEndpoints@2024-10-01' = {
          name: 'pe-kv'
          location: 'westeurope'
          properties: {
            subnet: { id: subnetId }
            privateLinkServiceConnections: [{ name: 'kv', properties: { privateLinkServiceId: vault.id, groupIds: ['vault'] } }]
          }
          resource group 'privateDnsZoneGroups' = {
            name: 'default'
            properties: { privateDnsZoneConfigs: [{ name: 'z', properties: { privateDnsZoneId: zoneId } }] }
          }
        }";
    let cases = [
        (
            "a vault with nothing set",
            format!("module vault '{VAULT}:0.13.0' = {{ params: {{ name: 'kv-contoso' }} }}"),
            plain_vault(""),
        ),
        (
            "an empty word for public access",
            format!("module vault '{VAULT}:0.9.0' = {{ params: {{ name: 'kv-contoso', publicNetworkAccess: '' }} }}"),
            plain_vault(""),
        ),
        (
            "rules of its firewall",
            format!(
                "module vault '{VAULT}:0.6.1' = {{ params: {{ name: 'kv-contoso', networkAcls: {{
                   defaultAction: 'Deny', ipRules: [{{ value: '20.1.2.3' }}], virtualNetworkRules: [{{ id: subnetId }}] }} }} }}"
            ),
            plain_vault(
                "networkAcls: { defaultAction: 'Deny', ipRules: [{ value: '20.1.2.3' }], virtualNetworkRules: [{ id: subnetId }] }",
            ),
        ),
        (
            "an endpoint with a zone group, in the newer way",
            format!(
                "module vault '{VAULT}:0.13.0' = {{ params: {{ name: 'kv-contoso', privateEndpoints: [{{
                   name: 'pe-kv', location: 'westeurope', subnetResourceId: subnetId, privateDnsZoneGroup: {{
                     privateDnsZoneGroupConfigs: [{{ privateDnsZoneResourceId: zoneId }}] }} }}] }} }}"
            ),
            format!("{}\n{endpoint}", plain_vault("publicNetworkAccess: 'Disabled'")),
        ),
        (
            "an endpoint with a zone group, in the older way, beside a firewall",
            format!(
                "module vault '{VAULT}:0.4.0' = {{ params: {{ name: 'kv-contoso', networkAcls: {{ defaultAction: 'Deny' }}
                   privateEndpoints: [{{ name: 'pe-kv', location: 'westeurope', service: 'vault'
                     subnetResourceId: subnetId, privateDnsZoneResourceIds: [zoneId] }}] }} }}"
            ),
            format!("{}\n{endpoint}", plain_vault("networkAcls: { defaultAction: 'Deny' }")),
        ),
        (
            "an endpoint by its own module",
            format!(
                "{}\nmodule pe 'br/public:avm/res/network/private-endpoint:0.11.0' = {{ params: {{
                   name: 'pe-kv', location: 'westeurope', subnetResourceId: subnetId
                   privateLinkServiceConnections: [{{ name: 'kv', properties: {{ privateLinkServiceId: vault.id, groupIds: ['vault'] }} }}]
                   privateDnsZoneGroup: {{ privateDnsZoneGroupConfigs: [{{ privateDnsZoneResourceId: zoneId }}] }} }} }}",
                plain_vault("publicNetworkAccess: 'Disabled'")
            ),
            format!("{}\n{endpoint}", plain_vault("publicNetworkAccess: 'Disabled'")),
        ),
        (
            "a zone with a link and a record",
            "module zone 'br:mcr.microsoft.com/bicep/avm/res/network/private-dns-zone:0.7.1' = { params: {
               name: 'privatelink.vaultcore.azure.net'
               virtualNetworkLinks: [{ virtualNetworkResourceId: networkId, name: 'to-hub', resolutionPolicy: 'NxDomainRedirect' }]
               a: [{ name: 'kv-contoso', aRecords: [{ ipv4Address: '10.0.0.4' }] }] } }"
                .to_owned(),
            "resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
               name: 'privatelink.vaultcore.azure.net'
               location: 'global'
               resource link 'virtualNetworkLinks' = {
                 name: 'to-hub'
                 location: 'global'
                 properties: { registrationEnabled: false, resolutionPolicy: 'NxDomainRedirect', virtualNetwork: { id: networkId } }
               }
               resource record 'A' = {
                 name: 'kv-contoso'
                 properties: { ttl: 3600, aRecords: [{ ipv4Address: '10.0.0.4' }] }
               }
             }"
            .to_owned(),
        ),
    ];
    let network = "resource vnet 'Microsoft.Network/virtualNetworks@2025-01-01' = {
           name: 'vnet-app'
           location: resourceGroup().location
           properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] }, dhcpOptions: { dnsServers: ['10.0.0.5'] } }
           resource web 'subnets' = {
             name: 'web'
             properties: {
               addressPrefix: '10.0.1.0/24'
               delegations: [{ name: 'd', properties: { serviceName: 'Microsoft.Web/serverFarms' } }]
               serviceEndpoints: [{ service: 'Microsoft.KeyVault' }]
             }
           }
         }";
    let subnets = [
        (
            "a network with subnets as first written",
            "0.1.8",
            "['10.0.0.0/16']",
            "addressPrefix: '10.0.1.0/24', serviceEndpoints: [{ service: 'Microsoft.KeyVault' }]
             delegations: [{ name: 'd', properties: { serviceName: 'Microsoft.Web/serverFarms' } }]",
        ),
        (
            "a network with subnets by names",
            "0.5.1",
            "['10.0.0.0/16']",
            "addressPrefix: '10.0.1.0/24', serviceEndpoints: ['Microsoft.KeyVault'], delegation: 'Microsoft.Web/serverFarms'",
        ),
        (
            "a network whose address space says how it is given",
            "0.8.0",
            "{ by: 'addressPrefixes', addressPrefixes: ['10.0.0.0/16'] }",
            "addressSpace: { by: 'addressPrefix', addressPrefix: '10.0.1.0/24' }
             serviceEndpoints: ['Microsoft.KeyVault'], delegation: 'Microsoft.Web/serverFarms'",
        ),
    ];
    let networks = subnets.map(|(what, version, space, subnet)| {
        let module = format!(
            "module vnet 'br/public:avm/res/network/virtual-network:{version}' = {{ params: {{ name: 'vnet-app'
               addressPrefixes: {space}, dnsServers: ['10.0.0.5'], subnets: [{{ name: 'web', {subnet} }}] }} }}"
        );
        (what, module, network.to_owned())
    });
    let given = "param subnetId string\nparam zoneId string\nparam networkId string\n";
    for (what, module, plain) in cases.into_iter().chain(networks) {
        let (module, plain) = (model(&format!("{given}{module}\n")), model(&format!("{given}{plain}\n")));
        assert_eq!(module, plain, "{what}");
    }
}

#[test]
fn outputs_of_modules_lead_from_one_to_the_next() {
    let text = "
module vnet 'br/public:avm/res/network/virtual-network:0.5.1' = {
  params: {
    name: 'vnet-app'
    addressPrefixes: ['10.0.0.0/16']
    subnets: [{ name: 'endpoints', addressPrefix: '10.0.0.0/24' }]
  }
}
module zone 'br/public:avm/res/network/private-dns-zone:0.7.0' = {
  params: {
    name: 'privatelink.vaultcore.azure.net'
    virtualNetworkLinks: [{ virtualNetworkResourceId: vnet.outputs.resourceId, resolutionPolicy: 'NxDomainRedirect' }]
  }
}
module vault 'br/public:avm/res/key-vault/vault:0.13.0' = {
  params: {
    name: 'kv-contoso'
    diagnosticSettings: [{ workspaceResourceId: '/subscriptions/0/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/log' }]
    privateEndpoints: [
      {
        subnetResourceId: vnet.outputs.subnetResourceIds[0]
        privateDnsZoneGroup: { privateDnsZoneGroupConfigs: [{ privateDnsZoneResourceId: zone.outputs.resourceId }] }
      }
    ]
  }
}
";
    let report = check(text);
    assert!(report.diagnostics.is_empty(), "{:#?}", report.diagnostics);
    let links = project(&[("main.bicep", text)], Options::default()).model().links;
    let links: Vec<_> = links.iter().map(|link| (link.kind.as_str(), link.proof)).collect();
    assert!(links.iter().all(|(_, proof)| *proof == vaultmoat_core::report::Proof::Proved), "{links:?}");
    assert!(links.len() >= 4, "{links:?}");
}

#[test]
fn findings_stand_where_the_module_is_named_or_at_what_it_is_given() {
    let text = format!(
        "module vault '{VAULT}:0.13.0' = {{
  params: {{
    name: 'kv-contoso'
    networkAcls: {{
      defaultAction: 'Allow'
      ipRules: [{{ value: '10.1.2.3' }}]
    }}
  }}
}}
"
    );
    let report = check(&text);
    let place = |rule| of(&report, rule).iter().map(|found| marked(&text, found)).collect::<Vec<_>>();
    assert_eq!(place("public-vault"), ["'Allow'"]);
    assert_eq!(place("private-ip-rule"), ["'10.1.2.3'"]);
    assert_eq!(place("no-audit-log"), ["'kv-contoso'"]);
    let fixes = &of(&report, "public-vault")[0].fixes;
    assert!(fixes.iter().any(|fix| fix.edits.iter().any(|edit| edit.text.contains("'Deny'"))), "{fixes:?}");

    let text = format!("module vault '{VAULT}:0.13.0' = {{\n  params: {{ name: any('kv-contoso') }}\n}}\n");
    let report = check(&text);
    let [found] = of(&report, "public-vault")[..] else { panic!("{:#?}", report.diagnostics) };
    assert_eq!((marked(&text, found).as_str(), found.fixes.len()), ("vault", 1));
}

#[test]
fn what_a_module_takes_from_its_callers_parameters_is_likely_or_undecided() {
    let of_parameter = |parameter: &str| {
        check(&format!(
            "{parameter}\nmodule vault '{VAULT}:0.13.0' = {{ params: {{ name: 'kv-contoso', publicNetworkAccess: access }} }}"
        ))
    };
    let likely = of_parameter("param access string = 'Enabled'");
    assert!(of(&likely, "public-vault")[0].message.contains("`access`"));
    let open = of_parameter("param access string");
    assert!(of(&open, "public-vault").is_empty());
    assert!(open.undecided.iter().any(|open| open.rule == "public-vault"));
}

#[test]
fn what_only_some_versions_have_is_open_where_the_version_is_old() {
    let rbac = |version: &str| {
        let text = format!("module vault '{VAULT}:{version}' = {{ params: {{ name: 'kv-contoso' }} }}");
        serde_json::to_value(&project(&[("main.bicep", &text)], Options::default()).model().vaults[0])
            .expect("a vault")["rbac"]
            .clone()
    };
    assert_eq!(rbac("0.13.0"), Value::Bool(true));
    assert_eq!(rbac("1.2.0"), Value::Bool(true));
    assert!(rbac("0.1.0").get("unknown").is_some(), "{}", rbac("0.1.0"));
}

#[test]
fn a_summarized_module_is_asked_for_without_a_word_and_hides_nothing() {
    let text = format!("module vault '{VAULT}:0.13.0' = {{ params: {{ name: 'kv-contoso' }} }}");
    let complete = Options { complete: true, ..Options::default() };
    let report = project(&[("main.bicep", &text)], complete).check();
    assert_eq!(report.missing, ["br:mcr.microsoft.com/bicep/avm/res/key-vault/vault:0.13.0"]);
    assert!(of(&report, "unresolved-module").is_empty());
    assert_eq!(of(&report, "no-private-endpoint").len(), 1);
}

const OWN_VAULT: &str = "
resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-contoso'
  location: 'westeurope'
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    publicNetworkAccess: 'Disabled'
  }
}
";

#[test]
fn a_module_that_cannot_be_read_may_hold_what_it_is_told_of() {
    let rules = ["no-audit-log", "no-private-endpoint", "locked-out-vault"];
    let told = [
        "{ vaultName: vault.name }",
        "{ targets: [{ id: vault.id }] }",
        "{ name: 'kv-contoso' }",
        "{ uri: 'https://kv-contoso.vault.azure.net/' }",
        "settings",
    ];
    for arguments in told {
        for complete in [false, true] {
            let text = format!(
                "param settings object\n{OWN_VAULT}module more 'br:contoso.azurecr.io/bicep/more:v1' = {{ params: {arguments} }}"
            );
            let report =
                project(&[("main.bicep", &text)], Options { complete, ..Options::default() }).check();
            for rule in rules {
                assert!(of(&report, rule).is_empty(), "{arguments}: {:#?}", report.diagnostics);
            }
            assert!(report.undecided.iter().any(|open| open.rule == "no-audit-log"), "{arguments}");
            let [found] = of(&report, "unresolved-module")[..] else { panic!("{:#?}", report.diagnostics) };
            assert_eq!(marked(&text, found), "'br:contoso.azurecr.io/bicep/more:v1'");
            assert_eq!(report.missing, ["br:contoso.azurecr.io/bicep/more:v1"]);
        }
    }
    // One that knows nothing of the vault, or no more than a secret in it, says nothing of it.
    let text = format!(
        "{OWN_VAULT}module other 'br:contoso.azurecr.io/bicep/other:v1' = {{ params: {{ key: vault.getSecret('key') }} }}"
    );
    assert_eq!(of(&check(&text), "no-audit-log").len(), 1);
    let text = format!(
        "{OWN_VAULT}module other 'br:contoso.azurecr.io/bicep/other:v1' = {{ params: {{ name: 'st-contoso' }} }}"
    );
    assert_eq!(of(&check(&text), "no-audit-log").len(), 1);
    assert_eq!(of(&check(&text), "locked-out-vault").len(), 1);
}

#[test]
fn a_module_that_cannot_be_read_may_add_subnets_links_and_records() {
    let text = |module: &str| {
        format!(
            "
resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {{
  name: 'vnet-app'
  location: 'westeurope'
  properties: {{
    addressSpace: {{ addressPrefixes: ['10.0.0.0/16'] }}
    subnets: [{{ name: 'endpoints', properties: {{ addressPrefix: '10.0.0.0/24' }} }}]
  }}
}}
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {{
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'
}}
resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {{
  name: 'pe-contoso'
  location: 'westeurope'
  properties: {{
    subnet: {{ id: '${{network.id}}/subnets/endpoints' }}
    privateLinkServiceConnections: [{{ name: 'kv', properties: {{ privateLinkServiceId: vault.id, groupIds: ['vault'] }} }}]
  }}
}}
resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {{
  name: 'kv-contoso'
  location: 'westeurope'
  properties: {{
    tenantId: tenant().tenantId
    sku: {{ family: 'A', name: 'standard' }}
    networkAcls: {{ defaultAction: 'Deny', virtualNetworkRules: [{{ id: '${{network.id}}/subnets/apps' }}] }}
  }}
}}
module more 'br:contoso.azurecr.io/bicep/more:v1' = {{ params: {{ {module} }} }}
"
        )
    };
    for (rule, told) in
        [("unknown-subnet", "network: network.name"), ("no-dns-registration", "endpoint: endpoint.name")]
    {
        assert!(of(&check(&text(told)), rule).is_empty(), "{rule}");
        assert_eq!(of(&check(&text("name: 'other'")), rule).len(), 1, "{rule}");
    }
    let registered = |told: &str| {
        let group = "resource group 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {
             parent: endpoint
             name: 'default'
             properties: { privateDnsZoneConfigs: [{ name: 'z', properties: { privateDnsZoneId: zone.id } }] }
           }";
        check(&format!("{}{group}", text(told)))
    };
    assert!(of(&registered("zones: [zone.id]"), "unlinked-dns-zone").is_empty());
    assert!(of(&registered("network: network.id"), "unlinked-dns-zone").is_empty());
    assert_eq!(of(&registered("name: 'other'"), "unlinked-dns-zone").len(), 1);
}

#[test]
fn outputs_of_a_module_that_cannot_be_read_decide_nothing() {
    let text = "
module names 'br:contoso.azurecr.io/bicep/names:v1' = { params: { app: 'shop' } }
resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: names.outputs.vault
  location: 'westeurope'
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    publicNetworkAccess: names.outputs.access
  }
}
";
    let report = check(text);
    assert!(of(&report, "public-vault").is_empty());
    assert!(report.undecided.iter().any(|open| open.rule == "public-vault"), "{:#?}", report.undecided);
}

const COMPILED: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {
    "name": { "type": "string" },
    "acls": { "type": "object", "defaultValue": { "defaultAction": "Allow", "ipRules": [{ "value": "10.1.2.3" }] } }
  },
  "resources": [
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2026-02-01",
      "name": "[parameters('name')]",
      "location": "westeurope",
      "properties": {
        "tenantId": "[tenant().tenantId]",
        "sku": { "family": "A", "name": "standard" },
        "networkAcls": "[parameters('acls')]"
      }
    }
  ],
  "outputs": { "resourceId": { "type": "string", "value": "[resourceId('Microsoft.KeyVault/vaults', parameters('name'))]" } }
}"#;

#[test]
fn findings_in_a_compiled_module_stand_where_the_author_names_it() {
    let cases = [
        ("br:contoso.azurecr.io/bicep/vault:v1", "br:contoso.azurecr.io/bicep/vault:v1", ""),
        (
            "br/ours:vault:v1",
            "br:contoso.azurecr.io/bicep/vault:v1",
            r#"{ "moduleAliases": { "br": { "ours": { "registry": "contoso.azurecr.io", "modulePath": "bicep" } } } }"#,
        ),
        (
            "ts/ours:vault:1.0",
            "ts:11111111-0000-0000-0000-000000000000/specs/vault:1.0",
            r#"{ // with a comment
                 "moduleAliases": { "ts": { "ours": { "subscription": "11111111-0000-0000-0000-000000000000", "resourceGroup": "specs" } } } }"#,
        ),
        (&format!("{VAULT}:0.13.0"), "br:mcr.microsoft.com/bicep/avm/res/key-vault/vault:0.13.0", ""),
    ];
    for (named, reference, config) in cases {
        let text = format!("module vault '{named}' = {{\n  params: {{\n    name: 'kv-contoso'\n  }}\n}}\n");
        let mut files = vec![("infra/main.bicep", text.as_str()), (reference, COMPILED)];
        if !config.is_empty() {
            files.push(("bicepconfig.json", config));
        }
        let report = project(&files, Options::default()).check();
        assert!(report.missing.is_empty(), "{named}: {:?}", report.missing);
        assert_eq!(report.summary.vaults, 1, "{named}");
        for (rule, place) in
            [("public-vault", "vault"), ("private-ip-rule", "vault"), ("no-audit-log", "'kv-contoso'")]
        {
            let [found] = of(&report, rule)[..] else { panic!("{named} {rule}: {:#?}", report.diagnostics) };
            assert_eq!(
                (found.file.as_str(), marked(&text, found).as_str()),
                ("infra/main.bicep", place),
                "{rule}"
            );
            assert!(found.fixes.is_empty(), "{:?}", found.fixes);
        }
        let related = report.diagnostics.iter().flat_map(|found| &found.related);
        assert!(related.into_iter().all(|related| related.file == "infra/main.bicep"));
    }
}

#[test]
fn a_folder_may_be_called_like_a_registry() {
    let files = [("main.bicep", "module vault 'br/vault.bicep' = {}"), ("br/vault.bicep", OWN_VAULT)];
    let report = project(&files, Options::default()).check();
    assert_eq!((report.missing.len(), report.summary.vaults), (0, 1));
    assert_eq!(of(&report, "no-audit-log")[0].file, "br/vault.bicep");
}

#[test]
fn an_alias_that_nothing_defines_is_asked_for() {
    let text = "module vault 'br/ours:vault:v1' = { params: { name: 'kv-contoso' } }";
    let report = project(&[("infra/main.bicep", text)], Options::default()).check();
    assert_eq!(report.missing, ["br/ours:vault:v1", "infra/bicepconfig.json"]);
    assert_eq!(of(&report, "unresolved-module").len(), 1);
}

#[test]
fn a_parameter_file_that_is_named_asks_for_its_template() {
    let options = Options { parameters: vec!["env/prod.bicepparam".to_owned()], ..Options::default() };
    let given = "using '../main.bicep'\nparam access = 'Enabled'\n";
    let mut project = project(&[("env/prod.bicepparam", given)], options);
    assert_eq!(project.check().missing, ["main.bicep"]);
    project.set(
        "main.bicep",
        &format!("param access string = 'Disabled'\n{}", OWN_VAULT.replace("'Disabled'", "access")),
    );
    let report = project.check();
    assert!(report.missing.is_empty());
    assert_eq!(of(&report, "public-vault").len(), 1);
    assert!(!of(&report, "public-vault")[0].message.contains("default of"), "the file gives the value");
}

#[test]
fn files_that_a_template_reads_are_asked_for_and_used() {
    let text = OWN_VAULT.replace(
        "publicNetworkAccess: 'Disabled'",
        "publicNetworkAccess: loadJsonContent('vault.json', '$.network.access[1]')",
    );
    let mut project = project(&[("main.bicep", &text)], Options::default());
    assert_eq!(project.check().missing, ["vault.json"]);
    project.set("vault.json", r#"{ "network": { "access": ["Disabled", "Enabled"] } }"#);
    let report = project.check();
    assert!(report.missing.is_empty());
    assert_eq!(of(&report, "public-vault").len(), 1);
}

/// A vault that admits one subnet, and a module that runs a script which calls the vault.
fn with_script(module: &str) -> String {
    format!(
        "resource hub 'Microsoft.Network/virtualNetworks@2025-01-01' = {{
           name: 'hub'
           location: 'westeurope'
           properties: {{
             addressSpace: {{ addressPrefixes: ['10.0.0.0/16'] }}
             subnets: [{{ name: 'scripts', properties: {{ addressPrefix: '10.0.0.0/24', serviceEndpoints: [{{ service: 'Microsoft.KeyVault' }}] }} }}]
           }}
         }}
         {}
         {module}",
        plain_vault(
            "networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', virtualNetworkRules: [{ id: hub.properties.subnets[0].id }] }"
        )
    )
}

#[test]
fn a_module_that_runs_a_script_is_a_caller_of_the_vault_that_it_is_given() {
    let run = |more: &str| {
        format!(
            "module run 'br/public:avm/res/resources/deployment-script:0.5.1' = {{ params: {{
               name: 'run', kind: 'AzureCLI', scriptContent: 'az keyvault secret list --vault-name \"$NAME\"'
               environmentVariables: [{{ name: 'NAME', value: vault.name }}]{more} }} }}"
        )
    };
    let refused = |module: &str| {
        let report = check(&with_script(module));
        assert!(of(&report, "unresolved-module").is_empty(), "{module}");
        of(&report, "untrusted-service-assumed").len()
    };
    assert_eq!(refused(&run("")), 1);
    assert_eq!(refused(&run("\n subnetResourceIds: [hub.properties.subnets[0].id]")), 0);
    for module in [
        "br/public:deployment-scripts/create-kv-certificate:3.4.2' = { params: { certificateNames: ['a', 'b']",
        "br/public:deployment-scripts/create-kv-certificate:1.1.1' = { params: { certificateName: 'a'",
    ] {
        let certificates =
            format!("module cert '{module}, akvName: vault.name, location: 'westeurope' }} }}");
        assert!(refused(&certificates) > 0, "{module}");
    }
}
