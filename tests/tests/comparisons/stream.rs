//! An estate checked in batches has the same findings as one checked as a whole.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use vaultmoat_core::report::{Range, ResourceRef, StreamRecord};
use vaultmoat_core::{Level, Options, RuleSetting, Stream};
use vaultmoat_tests::fixture::{load, strict};
use vaultmoat_tests::page::Page;

/// Random numbers that depend only on the seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn some<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }

    /// The names are few, so that much is shared and much is missing.
    fn group(&mut self) -> String {
        format!(
            "/subscriptions/{}/resourceGroups/rg{}/providers",
            self.one(&["s1", "s2"]),
            self.one(&[1, 1, 1, 2])
        )
    }

    fn id(&mut self, kind: &str, names: &[&str]) -> String {
        let name = self.one(names);
        let id = format!("{}/{kind}/{name}", self.group());
        // Azure does not keep the case of ids.
        if self.chance(10) { id.to_ascii_lowercase() } else { id }
    }

    fn vault(&mut self) -> String {
        self.id("Microsoft.KeyVault/vaults", &["kv-a", "kv-b", "kv-c", "kv-d"])
    }

    fn endpoint(&mut self) -> String {
        self.id("Microsoft.Network/privateEndpoints", &["pe-a", "pe-b", "pe-c", "pe-d", "pe-e"])
    }

    fn zone(&mut self) -> String {
        let names = [
            "privatelink.vaultcore.azure.net",
            "privatelink.vaultcore.azure.net",
            "privatelink.vaultcore.azure.net",
            "vault.azure.net",
            "privatelink.vault.azure.net",
            "privatelink.vaultcore.usgovcloudapi.net",
            "privatelink.blob.core.windows.net",
        ];
        self.id("Microsoft.Network/privateDnsZones", &names)
    }

    fn network(&mut self) -> String {
        self.id("Microsoft.Network/virtualNetworks", &["hub", "spoke-a", "spoke-b"])
    }

    fn subnet(&mut self) -> String {
        format!("{}/subnets/{}", self.network(), self.one(&["pe", "apps"]))
    }

    fn app(&mut self) -> String {
        self.id("Microsoft.Web/sites", &["app-a", "app-b", "app-c"])
    }

    fn address(&mut self) -> &'static str {
        self.one(&["10.0.0.4", "10.0.0.5", "10.1.0.4", "20.50.7.41", "52.10.0.9"])
    }

    fn ip_rule(&mut self) -> &'static str {
        match self.below(3) {
            0 => self.one(&[
                "20.50.7.41/24",
                "20.50.7.0/24",
                "20.0.0.0/7",
                "10.0.0.1/24",
                "10.0.0.0/8",
                "2001:db8::/32",
            ]),
            1 => self.one(&["0.0.0.0/1", "128.0.0.0/1", "100.64.0.1/24", "100.64.0.0/10"]),
            _ => self.address(),
        }
    }

    fn location(&mut self, is_foreign: bool) -> &'static str {
        if is_foreign && self.chance(5) {
            self.one(&["usgovvirginia", "chinanorth"])
        } else {
            self.one(&["westeurope", "northeurope"])
        }
    }

    fn secret(&mut self) -> String {
        match self.below(3) {
            0 => self.vault(),
            1 => format!("https://{}.vault.azure.net/secrets/x", self.one(&["kv-a", "kv-b", "KV-C", "kv-z"])),
            _ => format!("@Microsoft.KeyVault(VaultName={};SecretName=x)", self.one(&["kv-a", "kv-d"])),
        }
    }
}

fn row(id: &str, properties: Value, more: Value) -> Value {
    let mut row = json!({ "id": id, "name": id.rsplit('/').next(), "properties": properties });
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

/// One resource of a random kind. `is_foreign`: regions of other clouds are about.
fn resource(random: &mut Random, is_foreign: bool) -> Value {
    let r = random;
    let location = json!({ "location": r.location(is_foreign) });
    let global = json!({ "location": r.one(&["global", "global", "westeurope"]) });
    let status = r.one(&["Approved", "Approved", "Pending", "Rejected"]);
    match r.below(26) {
        0..=3 => {
            let mut properties = json!({
                "sku": { "name": "standard" }, "tenantId": "t", "vaultUri": "u",
                "publicNetworkAccess": r.one(&["Enabled", "Disabled", "Disabled", "SecuredByPerimeter"]),
                "enableRbacAuthorization": r.chance(60), "enabledForDeployment": r.chance(10),
                "accessPolicies": r.some(1, |_| json!({ "objectId": "o" })),
                "networkAcls": {
                    "bypass": r.one(&["AzureServices", "None"]), "defaultAction": r.one(&["Allow", "Deny", "Deny"]),
                    "ipRules": r.some(3, |r| json!({ "value": r.ip_rule() })),
                    "virtualNetworkRules": r.some(2, |r| json!({ "id": r.subnet(), "ignoreMissingVnetServiceEndpoint": r.chance(30) })),
                },
            });
            if r.chance(70) {
                properties["privateEndpointConnections"] = json!(r.some(2, |r| json!({ "properties": {
                    "privateEndpoint": { "id": r.endpoint() }, "privateLinkServiceConnectionState": { "status": status } } })));
            }
            row(&r.vault(), properties, location)
        }
        4 => {
            let id = format!("{}/privateEndpointConnections/c{}", r.vault(), r.below(3));
            row(
                &id,
                json!({ "privateEndpoint": { "id": r.endpoint() }, "privateLinkServiceConnectionState": { "status": status } }),
                json!({}),
            )
        }
        5..=8 => {
            let target = if r.chance(90) {
                r.vault()
            } else {
                r.id("Microsoft.Storage/storageAccounts", &["kv-a", "st"])
            };
            let group = r.one(&["vault", "vault", "vault", "Vault", "blob"]);
            let key = r.one(&[
                "privateLinkServiceConnections",
                "privateLinkServiceConnections",
                "manualPrivateLinkServiceConnections",
            ]);
            let mut properties = json!({
                "provisioningState": "Succeeded", "privateLinkServiceConnections": [], "subnet": { "id": r.subnet() },
                "ipConfigurations": r.some(1, |r| json!({ "properties": { "groupId": "vault", "memberName": "default", "privateIPAddress": r.address() } })),
                "customDnsConfigs": r.some(1, |r| json!({ "fqdn": "x", "ipAddresses": [r.address()] })),
            });
            if r.chance(20) {
                properties.as_object_mut().unwrap().remove("provisioningState");
            }
            properties[key] = json!([{ "properties": { "privateLinkServiceId": target, "groupIds": [group],
                "privateLinkServiceConnectionState": { "status": status } } }]);
            row(&r.endpoint(), properties, location)
        }
        9..=11 => {
            let id =
                format!("{}/privateDnsZoneGroups/{}", r.endpoint(), r.one(&["default", "default", "second"]));
            let configs = r.some(2, |r| {
                json!({ "name": "c", "properties": { "privateDnsZoneId": r.zone(),
                "recordSets": if r.chance(20) { json!([]) } else { json!([{ "fqdn": "x" }]) } } })
            });
            row(&id, json!({ "privateDnsZoneConfigs": configs, "provisioningState": "Succeeded" }), json!({}))
        }
        12 => {
            let state = if r.chance(50) {
                json!({ "provisioningState": "Succeeded" })
            } else {
                json!({ "numberOfRecordSets": 1 })
            };
            row(&r.zone(), state, global)
        }
        13 | 14 => {
            let id = format!("{}/virtualNetworkLinks/l{}", r.zone(), r.below(4));
            let properties = json!({ "virtualNetwork": { "id": r.network() }, "registrationEnabled": r.chance(20), "provisioningState": "Succeeded" });
            row(&id, properties, global)
        }
        15 => {
            let id = format!("{}/A/{}", r.zone(), r.one(&["kv-a", "kv-b", "KV-A", "kv-z", "kv-a.vault"]));
            row(
                &id,
                json!({ "ttl": 10, "aRecords": r.some(2, |r| json!({ "ipv4Address": r.address() })) }),
                json!({}),
            )
        }
        16 | 17 => {
            let id = r.network();
            let mut subnets: Vec<Value> = ["pe", "apps"].iter().map(|name| subnet(r, name)).collect();
            subnets.retain(|_| r.chance(70));
            let properties = json!({
                "addressSpace": { "addressPrefixes": r.some(2, |r| r.one(&["10.0.0.0/16", "10.1.0.0/16", "20.50.0.0/16", "52.10.0.0/24"])) },
                "subnets": subnets, "dhcpOptions": { "dnsServers": r.some(2, |r| r.address()) }, "provisioningState": "Succeeded",
            });
            row(&id, properties, location)
        }
        18 => {
            let (id, name) = (r.subnet(), r.one(&["pe", "apps"]));
            let body = subnet(r, name);
            row(&id, body["properties"].clone(), json!({}))
        }
        19 => {
            let id = format!("{}/Microsoft.Network/networkSecurityPerimeters/p{}", r.group(), r.below(2));
            match r.below(3) {
                0 => row(&id, json!({ "provisioningState": "Succeeded" }), json!({})),
                1 => {
                    let id = format!("{id}/profiles/q{}/accessRules/r{}", r.below(2), r.below(3));
                    row(
                        &id,
                        json!({ "direction": r.one(&["Inbound", "Outbound"]), "addressPrefixes": ["20.0.0.0/8"] }),
                        json!({}),
                    )
                }
                _ => {
                    let profile = format!("{id}/profiles/q{}", r.below(2));
                    let mode = r.one(&["Learning", "Enforced", "Audit"]);
                    let properties = json!({ "privateLinkResource": { "id": r.vault() }, "profile": { "id": profile }, "accessMode": mode });
                    row(&format!("{id}/resourceAssociations/a{}", r.below(4)), properties, json!({}))
                }
            }
        }
        20 => {
            let scope = match r.below(4) {
                0 => "/subscriptions/s1".to_owned(),
                1 => format!("{}/secrets/x", r.vault()),
                _ => r.vault(),
            };
            let role = r.one(&[
                "00482a5a-887f-4fb3-b363-3b7fe8e74483",
                "4633458b-17de-408a-b874-0445c86b69e6",
                "b86a8fe4-44ce-4948-aee5-eccb2c155cd8",
            ]);
            let properties = json!({ "roleDefinitionId": format!("/subscriptions/s1/providers/Microsoft.Authorization/roleDefinitions/{role}"),
                "principalId": "p", "principalType": r.one(&["ServicePrincipal", "User"]) });
            row(
                &format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{}", r.below(9)),
                properties,
                json!({}),
            )
        }
        21 => {
            let logs = json!([{ "category": "AuditEvent", "enabled": r.chance(50), "retentionPolicy": { "enabled": r.chance(20), "days": 3 } }]);
            let id = format!("{}/providers/Microsoft.Insights/diagnosticSettings/d{}", r.vault(), r.below(2));
            row(&id, json!({ "workspaceId": "w", "logs": logs }), json!({}))
        }
        22 => match r.below(8) {
            5 => {
                let ip = json!({ "privateIpAddress": r.address(), "subnet": { "id": r.subnet() } });
                let id = format!(
                    "{}/Microsoft.Network/dnsResolvers/in/inboundEndpoints/i{}",
                    r.group(),
                    r.below(2)
                );
                row(&id, json!({ "ipConfigurations": [{ "properties": ip }] }), location)
            }
            6 => {
                let id = r.id("Microsoft.Network/dnsForwardingRulesets", &["f", "g"]);
                let properties = json!({ "virtualNetwork": { "id": r.network() } });
                row(&format!("{id}/virtualNetworkLinks/l{}", r.below(3)), properties, json!({}))
            }
            0 => row(
                &format!("{}/accessPolicies/add", r.vault()),
                json!({ "accessPolicies": [{ "objectId": "o" }] }),
                json!({}),
            ),
            1 => {
                let guid = r.one(&[
                    "ac673a9a-f77d-4846-b2d8-a57f8e1c01d4",
                    "951af2fa-529b-416e-ab6e-066fd85ac459",
                    "a6abeaec-4d90-4a02-805f-6b26c4d3fbe9",
                ]);
                let properties = json!({ "policyDefinitionId": format!("/providers/Microsoft.Authorization/policyDefinitions/{guid}"),
                    "parameters": { "effect": { "value": "Audit" } } });
                // Almost never: it settles much.
                let id = if r.chance(20) { r.below(9).to_string() } else { "other".to_owned() };
                let properties = if id == "other" {
                    json!({ "policyDefinitionId": "/providers/Microsoft.Authorization/policyDefinitions/x" })
                } else {
                    properties
                };
                row(
                    &format!("/subscriptions/s1/providers/Microsoft.Authorization/policyAssignments/{id}"),
                    properties,
                    json!({}),
                )
            }
            2 => row(
                &r.id("Microsoft.Network/dnsForwardingRulesets", &["f", "g"]),
                json!({ "provisioningState": "Succeeded" }),
                json!({}),
            ),
            _ => {
                let id = r.id("Microsoft.Network/dnsForwardingRulesets", &["f", "g"]);
                let domain = r.one(&[
                    "privatelink.vaultcore.azure.net.",
                    "vault.azure.net.",
                    "azure.net.",
                    "contoso.com.",
                ]);
                row(
                    &format!("{id}/forwardingRules/r{}", r.below(4)),
                    json!({ "domainName": domain, "forwardingRuleState": r.one(&["Enabled", "Disabled"]),
                        "targetDnsServers": [{ "ipAddress": r.address(), "port": 53 }] }),
                    json!({}),
                )
            }
        },
        23 => {
            let id = r.app();
            let secret = r.secret();
            match r.below(6) {
                0 => row(
                    &format!("{id}/networkConfig/virtualNetwork"),
                    json!({ "subnetResourceId": r.subnet() }),
                    json!({}),
                ),
                1 => row(
                    &format!("{id}/config/appsettings"),
                    json!({ "SECRET": secret, "WEBSITE_DNS_SERVER": "10.0.0.4", "WEBSITE_VNET_ROUTE_ALL": "1" }),
                    json!({}),
                ),
                2 => row(
                    &r.id("Microsoft.Web/serverFarms", &["plan"]),
                    json!({ "status": "Ready" }),
                    json!({ "sku": { "name": r.one(&["Y1", "FC1", "P1v3"]) } }),
                ),
                _ => {
                    let settings = r.some(2, |r| json!({ "name": "A", "value": r.secret() }));
                    let integration = if r.chance(60) { json!(r.subnet()) } else { Value::Null };
                    let properties = json!({ "virtualNetworkSubnetId": integration, "serverFarmId": r.id("Microsoft.Web/serverFarms", &["plan"]),
                        "siteConfig": { "appSettings": settings } });
                    row(&id, properties, json!({ "kind": "app", "location": "westeurope" }))
                }
            }
        }
        24 => match r.below(7) {
            0 => {
                let id = r.id("Microsoft.Network/networkInterfaces", &["nic"]);
                row(
                    &id,
                    json!({ "ipConfigurations": [{ "properties": { "subnet": { "id": r.subnet() } } }] }),
                    json!({}),
                )
            }
            1 => {
                let nic = r.id("Microsoft.Network/networkInterfaces", &["nic"]);
                let properties = json!({ "networkProfile": { "networkInterfaces": [{ "id": nic }] }, "osProfile": { "vault": r.secret() } });
                row(&r.id("Microsoft.Compute/virtualMachines", &["vm"]), properties, json!({}))
            }
            2 => {
                let properties = json!({ "agentPoolProfiles": [{ "vnetSubnetID": r.subnet() }], "addonProfiles": { "x": r.secret() },
                    "securityProfile": { "azureKeyVaultKms": { "enabled": true, "keyId": r.secret(), "keyVaultNetworkAccess": r.one(&["Public", "Private"]) } } });
                row(
                    &r.id("Microsoft.ContainerService/managedClusters", &["aks-a", "aks-b"]),
                    properties,
                    json!({}),
                )
            }
            3 => {
                let subnet = json!({ "infrastructureSubnetId": r.subnet() });
                let properties = json!({ "vnetConfiguration": subnet, "provisioningState": "Succeeded" });
                row(&r.id("Microsoft.App/managedEnvironments", &["env"]), properties, location)
            }
            4 => {
                let environment = r.id("Microsoft.App/managedEnvironments", &["env"]);
                let secrets = json!([{ "name": "s", "keyVaultUrl": r.secret() }]);
                let properties =
                    json!({ "environmentId": environment, "configuration": { "secrets": secrets } });
                row(&r.id("Microsoft.App/containerApps", &["ca-a", "ca-b"]), properties, location)
            }
            _ => {
                let properties = json!({ "gatewayIPConfigurations": [{ "properties": { "subnet": { "id": r.subnet() } } }], "sslCertificates": [{ "properties": { "keyVaultSecretId": r.secret() } }] });
                row(&r.id("Microsoft.Network/applicationGateways", &["agw"]), properties, json!({}))
            }
        },
        _ => match r.below(3) {
            0 => row(
                &r.id("Microsoft.Storage/storageAccounts", &["st"]),
                json!({ "encryption": { "keyvaultproperties": { "keyvaulturi": r.secret() } } }),
                json!({}),
            ),
            1 => row(
                &r.id("Microsoft.Compute/disks", &["d"]),
                json!({ "note": "https://kv-a.PRIVATELINK.vaultcore.azure.net/" }),
                json!({}),
            ),
            _ => row(&r.id("Microsoft.Compute/disks", &["e"]), json!({ "sizeGB": 3 }), json!({})),
        },
    }
}

fn subnet(r: &mut Random, name: &str) -> Value {
    json!({ "name": name, "properties": {
        "addressPrefix": r.one(&["10.0.0.0/24", "10.1.0.0/28", "10.0.0.4/32"]),
        "serviceEndpoints": r.some(1, |_| json!({ "service": "Microsoft.KeyVault" })),
        "delegations": r.some(1, |_| json!({ "properties": { "serviceName": "Microsoft.Web/serverFarms" } })),
        "privateEndpointNetworkPolicies": r.one(&["Disabled", "Enabled"]),
        "networkSecurityGroup": if r.chance(30) { json!({ "id": "/nsg" }) } else { Value::Null },
    } })
}

/// Two files of rows. Rows of one resource agree: batches take the first whole row of a resource, and a check of the whole
/// compares them (`conflicting-exports`).
fn estate(seed: u64, rows: usize) -> Vec<(&'static str, String)> {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let is_foreign = random.chance(30);
    let mut files = vec![("a.ndjson", String::new()), ("b.ndjson", String::new())];
    let mut known: HashMap<String, String> = HashMap::new();
    for _ in 0..rows {
        let row = resource(&mut random, is_foreign);
        let id = row["id"].as_str().unwrap_or_default().to_lowercase();
        let row = known.entry(id).or_insert_with(|| row.to_string());
        let (_, text) = &mut files[usize::from(random.chance(30))];
        text.push_str(row);
        text.push_str(random.one(&["\n", "\n", "\r\n", "\n\n"]));
    }
    files.retain(|(_, text)| !text.is_empty());
    files
}

/// What is said of a row, in the words of both.
type Findings = BTreeSet<String>;

/// File, line, start and end.
type Place<'p> = (&'p str, u32, u32, u32);

fn finding((file, line, start, end): Place, parts: &[&dyn std::fmt::Debug]) -> String {
    format!("{file}:{line}:{start}-{end} {parts:?}")
}

fn in_batches(files: &[(&str, String)], options: Options, rows: usize) -> (Findings, Findings) {
    let mut stream = Stream::new(options).batches_of(rows);
    for (path, text) in files {
        stream.file(path);
        let problems = stream.read(text.as_bytes());
        assert!(problems.is_empty(), "{problems:?}");
    }
    stream.finish().unwrap();
    let (mut findings, mut undecided) = (Findings::new(), Findings::new());
    let mut batches = 0;
    while let Some(parts) = stream.next_batch() {
        batches += 1;
        let text: Vec<u8> = parts
            .iter()
            .flat_map(|part| {
                let (start, text) = (part.offset as usize, &files[part.file as usize].1);
                text.as_bytes()[start..start + part.length as usize].to_vec()
            })
            .collect();
        for record in stream.check(&text) {
            match record {
                StreamRecord::Finding(found) => {
                    let related: Vec<_> = found
                        .related
                        .iter()
                        .map(|other| {
                            finding((&other.file, other.line, other.start, other.end), &[&other.message])
                        })
                        .collect();
                    let parts: [&dyn std::fmt::Debug; 7] = [
                        &found.rule,
                        &found.severity,
                        &found.confidence,
                        &found.resource,
                        &found.message,
                        &found.help,
                        &related,
                    ];
                    assert!(
                        findings.insert(finding((&found.file, found.line, found.start, found.end), &parts)),
                        "twice: {found:?}"
                    );
                }
                StreamRecord::Undecided(open) => {
                    undecided
                        .insert(format!("{:?}", (open.rule, open.resource, open.reason, open.depends_on)));
                }
                other => panic!("{other:?}"),
            }
        }
    }
    let StreamRecord::Summary(summary) = stream.summary() else { panic!("no summary") };
    assert_eq!((summary.errors + summary.warnings + summary.infos) as usize, findings.len());
    assert!(rows > 1 || batches > 1 || summary.resources < 5, "{batches} batches");
    (findings, undecided)
}

fn as_a_whole(files: &[(&str, String)], options: Options) -> (Findings, Findings) {
    let project = load(options, files.iter().map(|(path, text)| (path, text)));
    let report = project.check();
    fn place(file: &str, range: Range) -> Place<'_> {
        (file, range.start.line + 1, range.start.character, range.end.character)
    }
    let findings = report.diagnostics.iter().map(|found| {
        let related: Vec<_> = found
            .related
            .iter()
            .map(|other| finding(place(&other.file, other.range), &[&other.message]))
            .collect();
        let resource: ResourceRef = found.resource.clone().unwrap_or_else(|| panic!("{found:?}"));
        let parts: [&dyn std::fmt::Debug; 7] = [
            &found.rule,
            &found.severity,
            &found.confidence,
            &resource,
            &found.message,
            &found.help,
            &related,
        ];
        finding(place(&found.file, found.range), &parts)
    });
    let findings = findings.collect();
    let undecided = report.undecided.into_iter().map(|open| {
        format!("{:?}", (open.rule, open.resource.expect("about a resource"), open.reason, open.depends_on))
    });
    (findings, undecided.collect())
}

/// Where batches of these sizes and a check of the whole differ; and what the whole found.
fn differences(
    name: &str,
    files: &[(&str, String)],
    options: &dyn Fn() -> Options,
    batches: &[usize],
) -> (Findings, Vec<String>) {
    let whole = as_a_whole(files, options());
    let mut found = Vec::new();
    for batch in batches {
        let parts = in_batches(files, options(), *batch);
        for (which, whole, parts) in [("findings", &whole.0, &parts.0), ("undecided", &whole.1, &parts.1)] {
            let missing: Vec<_> = whole.difference(parts).collect();
            let added: Vec<_> = parts.difference(whole).collect();
            if !missing.is_empty() || !added.is_empty() {
                found.push(format!(
                    "{name}, batches of {batch}: {which}\nmissing {missing:#?}\nadded {added:#?}"
                ));
            }
        }
    }
    (whole.0, found)
}

/// `ESTATE_CASES` says how many estates are tried, and `ESTATE_SEED` after which one.
#[test]
fn batches_say_what_is_said_of_the_whole() {
    let number = |name: &str| std::env::var(name).ok().and_then(|number| number.parse::<u64>().ok());
    let (first, cases) = (number("ESTATE_SEED").unwrap_or(0), number("ESTATE_CASES").unwrap_or(60));
    let mut found = 0;
    let mut differing_all = Vec::new();
    for seed in first + 1..=first + cases {
        let rows = [6, 15, 40, 120, 300][seed as usize % 5];
        let options = || Options { complete: seed.is_multiple_of(3), ..strict() };
        let name = format!("seed {seed}, {rows} rows");
        let (of_case, differing) = differences(&name, &estate(seed, rows), &options, &[1, 20, 100_000]);
        found += of_case.len();
        differing_all.extend(differing);
    }
    differing_all.truncate(5);
    assert!(differing_all.is_empty(), "{}", differing_all.join("\n"));
    assert!(found > 10 * cases as usize, "{found} findings are too few to compare");
}

fn without(rule: &str, options: Options) -> Options {
    let mut rules = options.rules.clone();
    rules.insert(rule.to_owned(), RuleSetting { level: Some(Level::Off), ..RuleSetting::default() });
    Options { rules, ..options }
}

/// The rule of a finding, which is the first of its parts.
fn rule_of(finding: &str) -> &str {
    finding.split_once("[\"").and_then(|(_, rest)| rest.split_once('"')).map_or("", |(rule, _)| rule)
}

/// What replaces a finding is in the batch of that finding, and does not hide it where it is switched off.
#[test]
fn what_a_rule_replaces_comes_up_in_batches_when_it_is_off() {
    let yields: BTreeMap<String, Vec<String>> =
        vaultmoat_core::rules().into_iter().map(|rule| (rule.slug, rule.yields_to)).collect();
    let mut wanted: BTreeSet<(&str, &str)> =
        yields.iter().flat_map(|(rule, to)| to.iter().map(move |to| (rule.as_str(), to.as_str()))).collect();
    let mut differing = Vec::new();
    let random =
        (1..=120).map(|seed| (format!("seed {seed}"), estate(seed, [15, 40, 90][seed as usize % 3])));
    let all = [two_endpoints(), two_endpoints()].into_iter().chain(exports()).chain(random);
    for (at, (name, files)) in all.enumerate() {
        let base = || Options { complete: at.is_multiple_of(2), ..strict() };
        let all = as_a_whole(&files, base()).0;
        let found: BTreeSet<&str> = all.iter().map(|finding| rule_of(finding)).collect();
        for (rule, of) in &yields {
            for to in of.iter().filter(|to| found.contains(to.as_str())) {
                // All but one of those that replace a finding are off, so that the last one shows.
                let others = of.iter().filter(|other| *other != to);
                let only = || others.clone().fold(base(), |options, other| without(other, options));
                let none = || without(to, only());
                let count = |options| {
                    as_a_whole(&files, options).0.iter().filter(|finding| rule_of(finding) == rule).count()
                };
                let is_new = wanted.contains(&(rule.as_str(), to.as_str()));
                if !is_new || count(only()) >= count(none()) {
                    continue;
                }
                wanted.remove(&(rule.as_str(), to.as_str()));
                for (how, options) in [("only", &only as &dyn Fn() -> Options), ("without", &none)] {
                    let name = format!("{name}, {how} `{to}` of those that replace `{rule}`");
                    differing.extend(differences(&name, &files, options, &[1, 20]).1);
                }
            }
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert!(wanted.is_empty(), "no export has a finding that another one replaces: {wanted:?}");
}

/// Two endpoints of a vault that register in one zone, which is not linked to their network, with a client in it.
fn two_endpoints() -> (String, Vec<(&'static str, String)>) {
    let id = |way: &str| format!("{GROUP}/providers/{way}");
    let vault = id("Microsoft.KeyVault/vaults/kv-yield");
    let network = id("Microsoft.Network/virtualNetworks/hub");
    let zone = id("Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net");
    let endpoint = |name: &str| id(&format!("Microsoft.Network/privateEndpoints/{name}"));
    let approved = json!({ "status": "Approved" });
    let listed = ["pe-a", "pe-b"].map(|name| {
        json!({ "properties": { "privateEndpoint": { "id": endpoint(name) }, "privateLinkServiceConnectionState": approved } })
    });
    let global = json!({ "location": "global" });
    let mut rows = vec![
        row(
            &vault,
            json!({ "sku": { "name": "standard" }, "tenantId": "t", "vaultUri": "u", "publicNetworkAccess": "Disabled",
                "privateEndpointConnections": listed }),
            json!({}),
        ),
        row(&zone, json!({ "provisioningState": "Succeeded", "numberOfVirtualNetworkLinks": 0 }), global),
        row(
            &network,
            json!({ "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] }, "provisioningState": "Succeeded", "subnets": [
                { "name": "pe", "properties": { "addressPrefix": "10.0.1.0/24" } },
                { "name": "apps", "properties": { "addressPrefix": "10.0.2.0/24" } } ] }),
            json!({}),
        ),
        row(
            &id("Microsoft.Web/sites/app"),
            json!({ "virtualNetworkSubnetId": format!("{network}/subnets/apps"), "siteConfig": { "appSettings": [
                { "name": "A", "value": "@Microsoft.KeyVault(VaultName=kv-yield;SecretName=x)" }] } }),
            json!({ "kind": "app" }),
        ),
    ];
    for name in ["pe-a", "pe-b"] {
        let connection = json!({ "properties": { "privateLinkServiceId": vault, "groupIds": ["vault"],
            "privateLinkServiceConnectionState": approved } });
        let properties = json!({ "provisioningState": "Succeeded", "privateLinkServiceConnections": [connection],
            "subnet": { "id": format!("{network}/subnets/pe") } });
        rows.push(row(&endpoint(name), properties, json!({})));
        let registers = json!({ "name": "c", "properties": { "privateDnsZoneId": zone, "recordSets": [{ "fqdn": "x" }] } });
        let group = format!("{}/privateDnsZoneGroups/default", endpoint(name));
        let properties = json!({ "privateDnsZoneConfigs": [registers], "provisioningState": "Succeeded" });
        rows.push(row(&group, properties, json!({})));
    }
    let lines: Vec<String> = rows.iter().map(|row| format!("{row}\n")).collect();
    ("two endpoints".to_owned(), vec![("a.ndjson", lines.concat())])
}

/// The examples of the pages as exports: rows of Azure, and templates as if Azure had listed what they deploy.
fn exports() -> Vec<(String, Vec<(&'static str, String)>)> {
    let mut all = Vec::new();
    for folder in ["core/src/rules/docs", "tests/parity"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
        let entries = std::fs::read_dir(&folder).expect("the folder of pages");
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        for path in paths {
            let page = Page::read(&std::fs::read_to_string(&path).expect("a page"));
            for example in page.examples {
                let texts = example.files.iter().filter(|(path, _)| path.ends_with("json"));
                let mut rows: Vec<Value> = Vec::new();
                for (_, text) in texts {
                    rows_of(serde_json::from_str(text).unwrap_or_default(), &mut rows);
                }
                // Of rows of the same resource that differ, batches take the first.
                let mut seen = HashSet::new();
                rows.retain(|row| seen.insert(row["id"].to_string().to_lowercase()));
                // An id that is still an expression is none that Azure prints.
                rows.retain(|row| !row["id"].to_string().contains('['));
                let lines: Vec<String> = rows.iter().map(|row| format!("{row}\n")).collect();
                let files = vec![("a.ndjson", lines.concat())];
                let report = load(strict(), files.iter().map(|(path, text)| (path, text))).check();
                // A row with a template in it is read as the template.
                let is_read = report.diagnostics.iter().all(|found| found.resource.is_some())
                    && report.undecided.iter().all(|open| open.resource.is_some());
                if !rows.is_empty() && is_read {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    all.push((format!("{name}:{}", example.line), files));
                }
            }
        }
    }
    all
}

/// The rows of what a tool of Azure prints, or of the resources of a template.
fn rows_of(printed: Value, rows: &mut Vec<Value>) {
    match printed {
        Value::Array(all) => all.into_iter().for_each(|one| rows_of(one, rows)),
        Value::Object(ref of) if of.contains_key("$schema") => deployed(&printed, "", "", rows),
        Value::Object(ref of)
            if of.get("id").and_then(Value::as_str).is_some_and(|id| id.starts_with('/')) =>
        {
            rows.push(printed);
        }
        Value::Object(mut of) => {
            for list in ["value", "data"] {
                rows_of(of.remove(list).unwrap_or_default(), rows);
            }
        }
        _ => {}
    }
}

/// The resources of a template, and those inside of them, with ids; other expressions stay as texts.
fn deployed(of: &Value, kind: &str, name: &str, rows: &mut Vec<Value>) {
    let resources: Vec<&Value> = match &of["resources"] {
        Value::Array(all) => all.iter().collect(),
        Value::Object(all) => all.values().collect(),
        _ => return,
    };
    for resource in resources.into_iter().filter(|resource| resource["copy"].is_null()) {
        let under = |outer: &str, own: &Value| {
            let own = own.as_str().unwrap_or_default();
            if outer.is_empty() || kind.is_empty() { own.to_owned() } else { format!("{outer}/{own}") }
        };
        let (kind, name) = (under(kind, &resource["type"]), under(name, &resource["name"]));
        let mut row = resource.clone();
        let more = row.as_object_mut().expect("a resource");
        for key in ["resources", "dependsOn", "apiVersion", "scope"] {
            more.remove(key);
        }
        let scope = match resource["scope"].as_str().map(with_ids) {
            Some(scope) if scope.starts_with('/') => scope,
            Some(scope) => format!("{GROUP}/providers/{scope}"),
            None => GROUP.to_owned(),
        };
        more.insert("id".to_owned(), json!(format!("{scope}/providers/{}", way(&kind, &name))));
        more.insert("type".to_owned(), json!(kind));
        rows.push(serde_json::from_str(&with_ids(&row.to_string())).expect("a row"));
        deployed(resource, &kind, &name, rows);
    }
}

const GROUP: &str = "/subscriptions/s/resourceGroups/rg";

/// `Microsoft.Network/virtualNetworks/subnets` and `a/b` as the end of an id.
fn way(kind: &str, name: &str) -> String {
    let mut kinds = kind.split('/');
    let mut way = kinds.next().unwrap_or_default().to_owned();
    for (kind, name) in kinds.zip(name.split('/')) {
        way.push_str(&format!("/{kind}/{name}"));
    }
    way
}

/// A text with an id for each `[resourceId(…)]` of known names.
fn with_ids(text: &str) -> String {
    let mut text = text.to_owned();
    let mut from = 0;
    while let Some(at) = text[from..].find("[resourceId('") {
        let start = from + at;
        from = start + 1;
        let Some(length) = text[start..].find("')]") else { break };
        let parts: Vec<&str> = text[start + "[resourceId('".len()..start + length].split("', '").collect();
        if let ([kind, names @ ..], false) =
            (parts.as_slice(), parts.iter().any(|part| part.contains(['(', '\''])))
        {
            let id = format!("{GROUP}/providers/{}", way(kind, &names.join("/")));
            text.replace_range(start..start + length + "')]".len(), &id);
        }
    }
    text
}

#[test]
fn exports_of_the_pages_are_the_same_in_batches_and_as_a_whole() {
    let mut differing = Vec::new();
    let (mut count, mut found) = (0, BTreeSet::new());
    for (name, files) in exports() {
        for is_complete in [false, true] {
            let options = || Options { complete: is_complete, ..strict() };
            let (of_case, differences) = differences(&name, &files, &options, &[1, 20]);
            found.extend(of_case.iter().map(|finding| rule_of(finding).to_owned()));
            differing.extend(differences);
        }
        count += 1;
    }
    assert!(differing.is_empty(), "{} differ: {}", differing.len(), differing.join("\n"));
    assert!(count > 100 && found.len() > 60, "{count} exports with findings of {found:?}");
}

#[test]
fn what_too_many_decide_about_is_left_out_and_said_so() {
    let network = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v";
    let subnet = format!("{network}/subnets/apps");
    let properties =
        json!({ "subnets": [{ "name": "apps", "properties": { "addressPrefix": "10.0.0.0/8" } }] });
    let mut text = format!("{}\n", row(network, properties, json!({})));
    let app = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/app";
    text.push_str(&format!("{}\n", row(app, json!({ "virtualNetworkSubnetId": subnet }), json!({}))));
    for at in 0..20_000 {
        let id = format!(
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe-{at}"
        );
        let properties = json!({ "privateLinkServiceConnections": [], "subnet": { "id": subnet } });
        text.push_str(&format!("{}\n", row(&id, properties, json!({}))));
    }
    let mut stream = Stream::new(Options::default());
    stream.file("a.ndjson");
    assert!(stream.read(text.as_bytes()).is_empty());
    stream.finish().unwrap();
    let mut problems = Vec::new();
    while let Some(parts) = stream.next_batch() {
        assert!(parts.len() < 20_000);
        let rows = parts.iter().flat_map(|part| {
            let start = part.offset as usize;
            text.as_bytes()[start..start + part.length as usize].to_vec()
        });
        for record in stream.check(&rows.collect::<Vec<_>>()) {
            if let StreamRecord::Problem(problem) = record {
                problems.push((problem.line, problem.rule));
            }
        }
    }
    assert_eq!(problems, [(1, "evaluation-limit".to_owned())]);
}
