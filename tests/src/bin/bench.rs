//! How fast the engine is, as a ratio to `serde_json::from_str::<Value>` on the same bytes in the same run.
//! `bench` measures 1 to 16 MB; `bench once` checks 1 MB once, for a profiler; `bench template N` prints N MB,
//! `bench bicep N` a Bicep file of N lines.

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};
use vaultmoat_core::{Options, Project};

/// Vaults in a megabyte.
const VAULTS: usize = 500;
const RULES: usize = 20;
const RUNS: usize = 7;

/// A template of vaults with IP rules each, laid out as people write it; every tenth vault is open to everyone.
fn template(vaults: usize) -> String {
    let mut text = String::from(
        r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {
    "prefix": { "type": "string", "defaultValue": "contoso" },
    "location": { "type": "string", "defaultValue": "[resourceGroup().location]" }
  },
  "variables": { "tenantId": "[subscription().tenantId]" },
  "resources": ["#,
    );
    for vault in 0..vaults {
        let comma = if vault == 0 { "" } else { "," };
        let action = if vault % 10 == 0 { "Allow" } else { "Deny" };
        let _ = write!(
            text,
            r#"{comma}
    {{
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "[format('{{0}}-{vault}', parameters('prefix'))]",
      "location": "[parameters('location')]",
      "properties": {{
        "tenantId": "[variables('tenantId')]",
        "sku": {{ "family": "A", "name": "standard" }},
        "enableRbacAuthorization": true,
        "enablePurgeProtection": true,
        "publicNetworkAccess": "Enabled",
        "networkAcls": {{
          "bypass": "AzureServices",
          "defaultAction": "{action}",
          "virtualNetworkRules": [],
          "ipRules": ["#
        );
        for rule in 0..RULES {
            let comma = if rule == 0 { "" } else { "," };
            let (a, b, c) = (20 + vault / 65_536, vault / 256 % 256, vault % 256);
            let _ = write!(
                text,
                r#"{comma}
            {{
              "value": "{a}.{b}.{c}.{}/32"
            }}"#,
                rule * 2 + 1
            );
        }
        text.push_str("\n          ]\n        }\n      }\n    }");
    }
    text.push_str("\n  ]\n}\n");
    text
}

/// A Bicep file of about this many lines: vaults with rules, and each with an endpoint that is registered.
fn bicep(lines: usize) -> String {
    let mut text = String::from(
        r"@description('What all names start with.')
param prefix string = 'contoso'
param location string = resourceGroup().location
param allowed array

var zone = 'privatelink.vaultcore.azure.net'

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: '${prefix}-hub'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
    subnets: [{ name: 'endpoints', properties: { addressPrefix: '10.0.1.0/24' } }]
  }
}

resource dns 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: zone
  location: 'global'

  resource hub 'virtualNetworkLinks' = {
    name: 'hub'
    location: 'global'
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
}
",
    );
    let mut at = 0;
    while text.lines().count() < lines {
        let _ = write!(
            text,
            r"
// Vault number {at}.
resource vault{at} 'Microsoft.KeyVault/vaults@2026-02-01' = {{
  name: '${{prefix}}-kv-{at}'
  location: location
  properties: {{
    tenantId: subscription().tenantId
    sku: {{ family: 'A', name: 'standard' }}
    enableRbacAuthorization: true
    enablePurgeProtection: true
    publicNetworkAccess: length(allowed) > 0 ? 'Enabled' : 'Disabled'
    networkAcls: {{
      bypass: 'AzureServices'
      defaultAction: 'Deny'
      ipRules: [for address in allowed: {{ value: address }}]
    }}
  }}
}}

resource endpoint{at} 'Microsoft.Network/privateEndpoints@2024-05-01' = {{
  name: '${{vault{at}.name}}-pe'
  location: location
  properties: {{
    subnet: {{ id: '${{network.id}}/subnets/endpoints' }}
    privateLinkServiceConnections: [
      {{ name: 'vault', properties: {{ privateLinkServiceId: vault{at}.id, groupIds: ['vault'] }} }}
    ]
  }}

  resource zones 'privateDnsZoneGroups' = {{
    name: 'default'
    properties: {{ privateDnsZoneConfigs: [{{ name: 'vault', properties: {{ privateDnsZoneId: dns.id }} }}] }}
  }}
}}
"
        );
        at += 1;
    }
    text
}

/// The shortest: whatever else the machine does only ever adds.
fn best(measure: impl FnMut() -> Duration) -> Duration {
    std::iter::repeat_with(measure).take(RUNS).min().unwrap_or_default()
}

fn timed<T>(run: impl FnOnce() -> T) -> Duration {
    let started = Instant::now();
    let result = black_box(run());
    let took = started.elapsed();
    drop(result);
    took
}

fn main() -> std::io::Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["once"] => {
            let mut project = Project::new(Options::default());
            project.set("main.json", &template(VAULTS));
            let report = project.check();
            return writeln!(out, "{:?}", report.summary);
        }
        ["template", size] => {
            let megabytes: usize = size.parse().map_err(std::io::Error::other)?;
            return out.write_all(template(VAULTS * megabytes).as_bytes());
        }
        ["bicep", lines] => {
            return out.write_all(bicep(lines.parse().map_err(std::io::Error::other)?).as_bytes());
        }
        _ => {}
    }
    writeln!(out, "  size     vaults   findings    serde_json        check    ratio")?;
    for megabytes in [1, 2, 4, 8, 16] {
        let text = template(VAULTS * megabytes);
        let size = text.len() as f64 / 1e6;
        let mut project = Project::new(Options::default());
        project.set("main.json", &text);
        let summary = project.check().summary;
        let parse = best(|| {
            timed(|| serde_json::from_str::<serde_json::Value>(&text).map(|value| value.is_object()))
        });
        let check = best(|| timed(|| project.check()));
        let rate = |time: Duration| size / time.as_secs_f64();
        writeln!(
            out,
            "{size:5.1} MB {:8} {:10} {:8.1} MB/s {:7.1} MB/s {:8.3}",
            summary.vaults,
            summary.warnings,
            rate(parse),
            rate(check),
            rate(check) / rate(parse)
        )?;
    }
    Ok(())
}
