//! Terraform: what expressions mean, and where findings are reported, in the other languages too.

use super::{check, found};
use vaultmoat_core::Options;
use vaultmoat_core::report::Outcome;
use vaultmoat_tests::fixture::load;

/// A vault whose firewall has these arguments.
fn vault(arguments: &str) -> String {
    format!(
        r#"resource "azurerm_key_vault" "kv" {{
  name                          = "kv-contoso"
  location                      = "westeurope"
  resource_group_name           = "rg"
  tenant_id                     = "00000000-0000-0000-0000-000000000000"
  sku_name                      = "standard"
  rbac_authorization_enabled    = true
  purge_protection_enabled      = true
  network_acls {{
    default_action = "Deny"
    bypass         = "AzureServices"
    {arguments}
  }}
}}
"#
    )
}

/// A network with subnets in it, each with the service endpoint of a service.
fn network(subnets: &[(&str, &str)]) -> String {
    let subnet = |(name, service): &(&str, &str)| {
        format!(
            "  subnet {{\n    name = \"{name}\"\n    address_prefixes = [\"10.0.0.0/24\"]\n    \
             service_endpoints = [\"{service}\"]\n  }}\n"
        )
    };
    let subnets: String = subnets.iter().map(subnet).collect();
    format!(
        "resource \"azurerm_virtual_network\" \"hub\" {{\n  name = \"hub\"\n  location = \"westeurope\"\n  \
         resource_group_name = \"rg\"\n  address_space = [\"10.0.0.0/16\"]\n{subnets}}}\n"
    )
}

/// The rules that fire on a file, without those about logs and endpoints.
fn rules(text: &str) -> Vec<String> {
    let report = check(&[("main.tf", text)]);
    let rules = report.diagnostics.into_iter().map(|found| found.rule);
    rules.filter(|rule| !["no-audit-log", "no-private-endpoint"].contains(&&**rule)).collect()
}

/// Ways to name the subnets that are written inside a network.
const INLINE: &[&str] = &[
    "azurerm_virtual_network.hub.subnet[*].id",
    "azurerm_virtual_network.hub.subnet.*.id",
    "[for s in azurerm_virtual_network.hub.subnet : s.id]",
    "[tolist(azurerm_virtual_network.hub.subnet)[0].id]",
    "[one(azurerm_virtual_network.hub.subnet).id]",
    "[one([for s in azurerm_virtual_network.hub.subnet : s.id if s.name == \"jobs\"])]",
    "[{ for s in azurerm_virtual_network.hub.subnet : s.name => s.id }[\"jobs\"]]",
    "values({ for s in azurerm_virtual_network.hub.subnet : s.name => s.id })",
    "[for s in azurerm_virtual_network.hub.subnet : try(s.id, \"\")]",
];

#[test]
fn the_id_of_a_block_that_is_a_resource_is_that_of_the_resource() {
    for list in INLINE {
        let rule = vault(&format!("virtual_network_subnet_ids = {list}"));
        let good = network(&[("jobs", "Microsoft.KeyVault")]) + &rule;
        assert_eq!(rules(&good), [""; 0], "{list}");
        let bad = network(&[("jobs", "Microsoft.Storage")]) + &rule;
        assert_eq!(rules(&bad), ["missing-service-endpoint"], "{list}");
    }
}

#[test]
fn which_block_of_a_set_comes_first_is_not_known() {
    let subnets = network(&[("jobs", "Microsoft.Storage"), ("apps", "Microsoft.KeyVault")]);
    for first in [
        "tolist(azurerm_virtual_network.hub.subnet)[0].id",
        "azurerm_virtual_network.hub.subnet.*.id[0]",
        "element(azurerm_virtual_network.hub.subnet[*].id, 1)",
    ] {
        let text = subnets.clone() + &vault(&format!("virtual_network_subnet_ids = [{first}]"));
        assert_eq!(rules(&text), [""; 0], "{first}");
    }
    let all = subnets + &vault("virtual_network_subnet_ids = azurerm_virtual_network.hub.subnet[*].id");
    assert_eq!(rules(&all), ["missing-service-endpoint"]);
}

#[test]
fn what_the_provider_computes_in_a_block_is_unknown_and_not_missing() {
    for list in [
        "azurerm_linux_web_app.app.site_config[*].subnet_id",
        "[for c in azurerm_linux_web_app.app.site_config : c.subnet_id]",
        "[azurerm_linux_web_app.app.site_config[0].subnet_id]",
        "[one(one(azurerm_linux_web_app.app.site_config).inner).subnet_id]",
        "compact([for c in azurerm_linux_web_app.app.site_config : c.subnet_id])",
    ] {
        let app = "resource \"azurerm_linux_web_app\" \"app\" {\n  name = \"app\"\n  site_config {\n    inner {\n      x = 1\n    }\n  }\n}\n";
        let text = app.to_owned() + &vault(&format!("virtual_network_subnet_ids = {list}"));
        assert_eq!(rules(&text), [""; 0], "{list}");
        let undecided = check(&[("main.tf", &text)]).undecided;
        assert!(undecided.iter().all(|open| !open.depends_on.is_empty()), "{list}");
        assert!(!undecided.is_empty(), "{list}");
    }
}

/// The line of `ip_rules` in [`vault`].
const RULES_AT: &str = "main.tf:12";

#[test]
fn what_a_function_makes_stands_where_its_attribute_does() {
    for made in [
        "split(\",\", \"20.50.1.7,169.254.10.1\")",
        "formatlist(\"%s.1\", [\"169.254.10\"])",
        "jsondecode(\"[\\\"169.254.10.1\\\"]\")",
        "keys({ \"169.254.10.1\" = 1 })",
        "[cidrhost(\"169.254.10.0/24\", 1)]",
        "[for last in range(1, 2) : \"169.254.10.${last}\"]",
        "concat(split(\",\", \"169.254.10.1\"), [\"20.50.1.7\"])",
        "compact(split(\",\", \"169.254.10.1,\"))",
        "toset([for ip in split(\",\", \"169.254.10.1\") : trimspace(ip)])",
        "regexall(\"[0-9.]+\", \"169.254.10.1\")",
        "slice(split(\",\", \"169.254.10.1,20.50.1.7\"), 0, 1)",
        "reverse(split(\",\", \"169.254.10.1\"))",
        "flatten([split(\",\", \"169.254.10.1\")])",
        "chunklist(split(\",\", \"169.254.10.1\"), 1)[0]",
        "setsubtract(split(\",\", \"169.254.10.1\"), [\"1.1.1.1\"])",
        "values({ a = format(\"%s.1\", \"169.254.10\") })",
    ] {
        let text = vault(&format!("ip_rules = {made}"));
        let places = found(&[("main.tf", &text)], "unroutable-ip-rule");
        if !made.starts_with("regexall") {
            assert_eq!(places, [format!("{RULES_AT} certain")], "{made}");
        }
    }
}

#[test]
fn a_text_that_is_wrong_by_itself_is_shown_with_its_use() {
    let text = "variable \"admitted\" {\n  default = [\"169.254.10.1\"]\n}\n".to_owned()
        + &vault("ip_rules = var.admitted");
    assert_eq!(found(&[("main.tf", &text)], "unroutable-ip-rule"), ["main.tf:2 likely main.tf:15"]);
    let split = text
        .replace("[\"169.254.10.1\"]", "\"169.254.10.1\"")
        .replace("= var.admitted", "= split(\",\", var.admitted)");
    let places = found(&[("main.tf", &split)], "unroutable-ip-rule");
    assert!(["main.tf:15 likely", "main.tf:2 likely main.tf:15"].contains(&&*places[0]), "{places:?}");
}

/// A zone whose location is this.
fn zone(location: &str) -> String {
    format!(
        "resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {{\n  \
         name: 'privatelink.vaultcore.azure.net'\n  location: {location}\n}}\n"
    )
}

#[test]
fn a_finding_is_at_what_its_reader_can_change_in_the_resource() {
    let rule = "dns-zone-not-global";
    let bicep =
        |head: &str, location: &str| found(&[("main.bicep", &(head.to_owned() + &zone(location)))], rule);
    assert_eq!(bicep("", "'westeurope'"), ["main.bicep:3 certain"]);
    for head in ["param region string = 'westeurope'\n", "param all object = { at: 'westeurope' }\n"] {
        let location = if head.contains("all") { "all.at" } else { "region" };
        assert_eq!(bicep(head, location), ["main.bicep:4 likely main.bicep:1"], "{head}");
    }
    assert_eq!(bicep("var region = 'westeurope'\n", "region"), ["main.bicep:4 certain main.bicep:1"]);
    assert_eq!(bicep("var at = ['westeurope']\n", "first(at)"), ["main.bicep:4 certain main.bicep:1"]);
    // What is passed to a module for this very resource is where it is passed.
    let module = "param region string\n".to_owned() + &zone("region");
    let passed = found(
        &[
            ("main.bicep", "module z 'zone.bicep' = {\n  params: {\n    region: 'westeurope'\n  }\n}\n"),
            ("zone.bicep", &module),
        ],
        rule,
    );
    assert_eq!(passed, ["main.bicep:3 certain zone.bicep:4"]);
    let shared = found(
        &[
            (
                "main.bicep",
                "param at string = 'westeurope'\nmodule z 'zone.bicep' = {\n  params: {\n    region: at\n  }\n}\n",
            ),
            ("zone.bicep", &module),
        ],
        rule,
    );
    assert_eq!(shared, ["main.bicep:4 likely main.bicep:1 zone.bicep:4"]);
}

#[test]
fn what_a_module_gives_back_is_reported_where_it_is_used() {
    let net = "resource \"azurerm_subnet\" \"jobs\" {\n  name = \"jobs\"\n  resource_group_name = \"rg\"\n  \
               virtual_network_name = \"hub\"\n  address_prefixes = [\"10.0.0.0/24\"]\n}\noutput \"id\" {\n  \
               value = azurerm_subnet.jobs.id\n}\n";
    let root = "module \"net\" {\n  source = \"./net\"\n}\n".to_owned()
        + &vault("virtual_network_subnet_ids = [module.net.id]");
    let files = [("main.tf", &*root), ("net/main.tf", net)];
    assert_eq!(found(&files, "missing-service-endpoint"), ["main.tf:15 certain net/main.tf:8 net/main.tf:1"]);
    // A comment answers it at either place.
    for (path, from) in [("main.tf", "    virtual_network_subnet_ids"), ("net/main.tf", "  value")] {
        let answered = files.map(|(of, text)| {
            let comment =
                format!("# vaultmoat-ignore missing-service-endpoint: the network team adds it\n{from}");
            (of, if of == path { text.replace(from, &comment) } else { text.to_owned() })
        });
        let answered: Vec<(&str, &str)> = answered.iter().map(|(path, text)| (*path, &**text)).collect();
        assert_eq!(found(&answered, "missing-service-endpoint"), [""; 0], "{path}");
    }
}

#[test]
fn a_subnet_that_is_not_known_has_no_name() {
    let text = "variable \"apps\" {\n  type = string\n}\n".to_owned()
        + &vault("virtual_network_subnet_ids = [var.apps]")
        + "resource \"azurerm_private_endpoint\" \"pe\" {\n  name = \"pe\"\n  location = \"westeurope\"\n  \
           resource_group_name = \"rg\"\n  subnet_id = var.apps\n  private_service_connection {\n    name = \"kv\"\n    \
           is_manual_connection = false\n    private_connection_resource_id = azurerm_key_vault.kv.id\n    \
           subresource_names = [\"vault\"]\n  }\n}\n";
    let report = check(&[("main.tf", &text)]);
    let finding = report.diagnostics.iter().find(|found| found.rule == "endpoint-subnet-rule");
    let finding = finding.map(|found| (found.range.start.line + 1, &*found.message));
    let message = "a virtual network rule of vault `kv-contoso` does nothing for private endpoint `pe` in subnet `var.apps`";
    assert_eq!(finding, Some((15, message)));
}

#[test]
fn what_is_null_by_default_is_never_certain() {
    let setting = |destination: &str| {
        vault("").replace("default_action = \"Deny\"", "default_action = \"Allow\"")
            + &format!(
                "resource \"azurerm_monitor_diagnostic_setting\" \"audit\" {{\n  name = \"audit\"\n  \
                 target_resource_id = azurerm_key_vault.kv.id\n  log_analytics_workspace_id = {destination}\n  \
                 enabled_log {{\n    category = \"AuditEvent\"\n  }}\n}}\nvariable \"workspace\" {{\n  default = \"\"\n}}\n\
                 variable \"none\" {{\n  default = null\n}}\nvariable \"wanted\" {{\n  type = string\n}}\n\
                 locals {{\n  target = var.workspace != \"\" ? var.workspace : null\n}}\n"
            )
    };
    for destination in
        ["local.target", "var.none", "var.workspace != \"\" ? var.workspace : null", "try(var.none, null)"]
    {
        let places = found(&[("main.tf", &setting(destination))], "no-audit-log");
        assert_eq!(places.len(), 1, "{destination}");
        assert!(places[0].starts_with("main.tf:18 likely"), "{destination}: {places:?}");
    }
    let message = check(&[("main.tf", &setting("local.target"))]).diagnostics;
    let message = message.iter().find(|found| found.rule == "no-audit-log").map(|found| &*found.message);
    assert_eq!(
        message,
        Some(
            "diagnostic setting `audit` has no destination, so that it does not keep the audit log of vault \
             `kv-contoso` (with the default of variable `workspace`)"
        )
    );
    assert_eq!(found(&[("main.tf", &setting("null"))], "no-audit-log"), ["main.tf:15 certain"]);
    assert_eq!(found(&[("main.tf", &setting("var.wanted"))], "no-audit-log"), [""; 0]);
    // Blocks that a default leaves out.
    let acls = vault("")
        .replace(
            "network_acls {",
            "dynamic \"network_acls\" {\n    for_each = var.acls == null ? [] : [var.acls]\n    content {",
        )
        .replace("  }\n}\n", "  }\n  }\n}\n")
        + "variable \"acls\" {\n  default = null\n}\n";
    let open = found(&[("main.tf", &acls)], "public-vault");
    assert!(open.iter().all(|found| found.contains("likely")) && !open.is_empty(), "{open:?}");
}

#[test]
fn ids_that_functions_of_providers_make_are_those_of_the_resources() {
    let group = "/subscriptions/s1/resourceGroups/rg";
    let hub = format!("{group}/providers/Microsoft.Network/virtualNetworks/hub");
    let subnet = |service: &str| {
        format!(
            "resource \"azurerm_subnet\" \"jobs\" {{\n  name = \"jobs\"\n  resource_group_name = \"rg\"\n  \
             virtual_network_name = \"hub\"\n  address_prefixes = [\"10.0.0.0/24\"]\n  \
             service_endpoints = [\"{service}\"]\n}}\ndata \"azurerm_client_config\" \"me\" {{}}\n"
        )
    };
    let id = "azurerm_subnet.jobs.id";
    let me = "data.azurerm_client_config.me.subscription_id";
    let parsed = format!("provider::azurerm::parse_resource_id({id})");
    for made in [
        format!("provider::azurerm::normalise_resource_id({id})"),
        format!(
            "provider::azapi::resource_group_resource_id({me}, \"rg\", \"Microsoft.Network/virtualNetworks/subnets\", [\"hub\", \"jobs\"])"
        ),
        format!(
            "provider::azapi::build_resource_id(provider::azapi::build_resource_id(\"/subscriptions/${{{me}}}/resourceGroups/rg\", \"Microsoft.Network/virtualNetworks\", \"hub\"), \"Microsoft.Network/virtualNetworks/subnets\", \"jobs\")"
        ),
        format!("provider::azapi::parse_resource_id(\"Microsoft.Network/virtualNetworks/subnets\", {id}).id"),
        format!(
            "\"${{provider::azapi::parse_resource_id(\"Microsoft.Network/virtualNetworks/subnets\", {id}).parent_id}}/subnets/jobs\""
        ),
        format!(
            "\"/subscriptions/${{{parsed}.subscription_id}}/resourceGroups/${{{parsed}.resource_group_name}}/providers/${{{parsed}.resource_provider}}/virtualNetworks/${{{parsed}.parent_resources.virtualNetworks}}/${{{parsed}.resource_type}}/${{{parsed}[\"resource_name\"]}}\""
        ),
    ] {
        let rule = vault(&format!("virtual_network_subnet_ids = [{made}]"));
        assert_eq!(rules(&(subnet("Microsoft.Storage") + &rule)), ["missing-service-endpoint"], "{made}");
        assert_eq!(rules(&(subnet("Microsoft.KeyVault") + &rule)), [""; 0], "{made}");
    }
    // A function that nobody knows gives something that nobody knows.
    let unknown = vault("virtual_network_subnet_ids = [provider::other::find(\"hub\")]");
    assert_eq!(rules(&unknown), [""; 0]);
    let open = check(&[("main.tf", &unknown)]).undecided;
    assert!(open.iter().any(|open| open.depends_on.iter().any(|on| on.contains("provider::other::find"))));
    assert!(hub.starts_with(group));
}

#[test]
fn a_file_of_opentofu_takes_the_place_of_the_one_of_the_same_name() {
    let bad = vault("ip_rules = [\"10.1.0.0/16\"]");
    let good = vault("ip_rules = [\"20.50.1.7\"]");
    let rule = "private-ip-rule";
    assert_eq!(found(&[("main.tofu", &bad)], rule).len(), 1);
    assert_eq!(found(&[("main.tofu", &bad), ("main.tf", &good)], rule).len(), 1);
    assert_eq!(found(&[("main.tofu", &good), ("main.tf", &bad)], rule).len(), 0);
    // Of another name, or in another syntax, it stands beside it.
    let duplicate = |files: &[(&str, &str)]| found(files, "duplicate-key").len();
    assert_eq!(duplicate(&[("main.tofu", &good), ("other.tf", &good)]), 1);
    let json = "{ \"resource\": { \"azurerm_key_vault\": { \"kv\": { \"name\": \"kv-contoso\" } } } }";
    assert_eq!(duplicate(&[("main.tofu", &good), ("main.tf.json", json)]), 1);
    assert_eq!(duplicate(&[("main.tofu.json", json), ("main.tf.json", json)]), 0);
    // It overrides what others declare, as files of Terraform do.
    let more = "resource \"azurerm_key_vault\" \"kv\" {\n  public_network_access_enabled = false\n}\n";
    let files = [("main.tf", &*good), ("main_override.tofu", more)];
    assert_eq!(found(&files, "ineffective-firewall-rule").len(), 1);
    // A module may be written in it, and variables beside it apply.
    let module = "variable \"ips\" {\n  type = list(string)\n}\n".to_owned() + &vault("ip_rules = var.ips");
    let call = "module \"kv\" {\n  source = \"./kv\"\n  ips = [\"10.1.0.0/16\"]\n}\n";
    assert_eq!(found(&[("main.tofu", call), ("kv/vault.tofu", &module)], rule).len(), 1);
    let values = "ips = [\"10.1.0.0/16\"]\n";
    assert_eq!(found(&[("main.tofu", &module), ("terraform.tfvars", values)], rule).len(), 1);
}

#[test]
fn an_example_calls_the_module_at_the_root_of_what_was_given() {
    let module = "variable \"n\" {}\nresource \"azurerm_key_vault\" \"kv\" {\n  name = var.n\n}\n";
    for (root, example, source) in [
        ("main.tf", "examples/pe/main.tf", "../.."),
        ("main.tf", "examples/pe/main.tf", "../../"),
        ("main.tf", "pe/main.tf", "./.."),
        ("/main.tf", "/examples/pe/main.tf", "../.."),
        ("a/main.tf", "a/b/main.tf", ".."),
    ] {
        let call = format!("module \"kv\" {{\n  source = \"{source}\"\n  n = \"kv-abc1\"\n}}\n");
        let report = check(&[(root, module), (example, &call)]);
        assert_eq!(report.missing, [""; 0], "{root}");
        assert_eq!(report.summary.vaults, 1, "{root}");
    }
    let call = "module \"kv\" {\n  source = \"../..\"\n}\n";
    assert_eq!(check(&[("examples/pe/main.tf", call)]).missing, ["./"]);
}

#[test]
fn json_has_ephemeral_blocks_and_its_values_have_any_name() {
    let hcl = vault("").replace("network_acls {", "public_network_access_enabled = false\n  network_acls {")
        + "ephemeral \"azurerm_key_vault_secret\" \"s\" {\n  name = \"s\"\n  key_vault_id = azurerm_key_vault.kv.id\n}\n";
    let blocked = |files: &[(&str, &str)]| found(files, "runner-blocked").len();
    assert_eq!(blocked(&[("main.tf", &hcl)]), 1);
    let (own, ephemeral) = hcl.split_at(hcl.find("ephemeral").unwrap());
    assert!(!ephemeral.is_empty());
    let json = r#"{ "ephemeral": { "azurerm_key_vault_secret": { "s": {
        "name": "s", "key_vault_id": "${azurerm_key_vault.kv.id}" } } } }"#;
    assert_eq!(blocked(&[("main.tf", own), ("secret.tf.json", json)]), 1);
    // A variable may be called like a block.
    let text = "variable \"data\" {\n  type = object({ ips = list(string) })\n}\n".to_owned()
        + &vault("ip_rules = var.data.ips");
    let values = r#"{ "data": { "ips": ["10.1.0.0/16"] } }"#;
    assert_eq!(found(&[("main.tf", &text), ("terraform.tfvars.json", values)], "private-ip-rule").len(), 1);
}

#[test]
fn what_an_override_file_adds_is_reported_there() {
    let more = "resource \"azurerm_key_vault\" \"kv\" {\n  network_acls {\n    default_action = \"Allow\"\n    \
                bypass = \"None\"\n  }\n}\n";
    let files = [("main.tf", &*vault("")), ("override.tf", more)];
    assert_eq!(found(&files, "public-vault"), ["override.tf:3 certain"]);
}

#[test]
fn an_attribute_that_an_object_lacks_is_said_once() {
    let said = |ip_rules: &str| {
        let text = format!(
            r#"variable "open" {{}}
variable "typed" {{
  type    = list(object({{ ip = string, value = optional(string) }}))
  default = [{{ ip = "20.50.1.7" }}]
}}
locals {{ list = [{{ ip = "20.50.1.7" }}, {{ ip = "20.50.1.8" }}] }}
resource "azurerm_linux_web_app" "app" {{
  name = "app"
  identity {{ type = "SystemAssigned" }}
}}
resource "azurerm_key_vault" "main" {{
  name = "kv-rules"
  network_acls {{
    bypass         = "None"
    default_action = "Deny"
    ip_rules       = {ip_rules}
  }}
}}"#
        );
        super::found(&[("main.tf", &text)], "invalid-expression")
    };
    for rules in
        ["[for rule in local.list : rule.value]", "local.list[*].value", r#"[local.list[0]["value"]]"#]
    {
        assert_eq!(said(rules), ["main.tf:16 certain main.tf:6"], "{rules}");
    }
    for rules in [
        "[for rule in local.list : rule.ip]",
        "[for rule in local.list : try(rule.value, rule.ip)]",
        "try([for rule in local.list : rule.value], [])",
        "[for rule in local.list : rule.value if can(rule.value)]",
        r#"[for rule in local.list : lookup(rule, "value", rule.ip)]"#,
        "[for rule in var.open : rule.value]",
        "[for rule in var.typed : rule.value]",
        "[azurerm_linux_web_app.app.identity[0].principal_id]",
    ] {
        assert_eq!(said(rules), [""; 0], "{rules}");
    }
}

/// Whatever a user calls a vault, its messages differ in the name alone.
#[test]
fn a_name_is_not_taken_for_a_property() {
    let messages = |name: &str| {
        let text = format!(
            "resource \"azurerm_key_vault\" \"kv\" {{
  name                = \"{name}\"
  location            = \"westeurope\"
  resource_group_name = \"rg\"
  tenant_id           = \"00000000-0000-0000-0000-000000000000\"
  sku_name            = \"standard\"
  network_acls {{
    bypass         = \"AzureServices\"
    default_action = \"Allow\"
    ip_rules       = [\"20.1.2.3\"]
  }}
}}
"
        );
        let project = load(Options::default(), [("main.tf", &text)]);
        let report = project.check();
        let own = report.diagnostics.into_iter().filter(|found| found.rule != "invalid-vault-name");
        own.map(|found| format!("{}: {} {}", found.rule, found.message, found.help)).collect::<Vec<_>>()
    };
    let plain = messages("kv-plain-name");
    assert!(plain.iter().any(|message| message.contains("`default_action` is `Allow`")), "{plain:?}");
    for name in
        ["ipRules", "defaultAction", "Enabled", "networkAcls", "publicNetworkAccess", "a`b", "\u{fdd0}x"]
    {
        let shown = name.trim_start_matches('\u{fdd0}');
        let expected: Vec<String> =
            plain.iter().map(|message| message.replace("kv-plain-name", shown)).collect();
        assert_eq!(messages(name), expected, "{name}");
    }
}

/// A network with a subnet, an endpoint and a zone, and what changes them: made or not, as the default has it.
fn changed_by(default: &str) -> String {
    let count = "count = var.on ? 1 : 0";
    format!(
        r#"
variable "on" {{
  default = {default}
}}
resource "azurerm_virtual_network" "n" {{
  name                = "vnet"
  location            = "westeurope"
  resource_group_name = "rg"
  address_space       = ["10.0.0.0/16"]
}}
resource "azurerm_subnet" "s" {{
  name                 = "app"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.n.name
  address_prefixes     = ["10.0.0.0/24"]
}}
resource "azurerm_key_vault" "v" {{
  name                          = "kv-changed-network"
  location                      = "westeurope"
  resource_group_name           = "rg"
  tenant_id                     = "00000000-0000-0000-0000-000000000000"
  sku_name                      = "standard"
  public_network_access_enabled = false
}}
resource "azurerm_private_endpoint" "e" {{
  name                = "pe"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = azurerm_subnet.s.id
  private_service_connection {{
    name                           = "v"
    private_connection_resource_id = azurerm_key_vault.v.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }}
  private_dns_zone_group {{
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.z.id]
  }}
}}
resource "azurerm_private_dns_zone" "z" {{
  name                = "privatelink.vaultcore.azure.net"
  resource_group_name = "rg"
}}
resource "azurerm_private_dns_zone_virtual_network_link" "l" {{
  name                  = "l"
  resource_group_name   = "rg"
  private_dns_zone_name = azurerm_private_dns_zone.z.name
  virtual_network_id    = azurerm_virtual_network.n.id
}}
resource "azurerm_virtual_network_dns_servers" "d" {{
  {count}
  virtual_network_id = azurerm_virtual_network.n.id
  dns_servers        = ["10.9.9.9"]
}}
resource "azurerm_subnet_network_security_group_association" "x" {{
  {count}
  subnet_id                 = azurerm_subnet.s.id
  network_security_group_id = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg"
}}
"#
    )
}

#[test]
fn what_defaults_do_not_change_rests_on_them() {
    let explained = |text: &str| {
        let project = load(Options::default(), [("main.tf", text)]);
        project.explain(None, "subnet:vnet/app").expect("a vault and a subnet")
    };
    // Allowed only as long as neither is made.
    let off = explained(&changed_by("false"));
    assert_eq!((off.outcome, off.assumed.as_slice()), (Outcome::Allowed, ["on".to_owned()].as_slice()));
    let on = explained(&changed_by("true"));
    assert_eq!(on.outcome, Outcome::Depends);
    // What nothing makes rests on nothing.
    let never = explained(&changed_by("false").replace("var.on ? 1 : 0", "0"));
    assert_eq!((never.outcome, never.assumed.len()), (Outcome::Allowed, 0));
}

#[test]
fn contacts_are_written_in_the_vault_by_a_known_module_too() {
    let blocked = |text: &str| {
        let report = check(&[("main.tf", text)]);
        let found = report.diagnostics.iter().filter(|found| found.rule == "runner-blocked");
        found.map(|found| found.resource.as_ref().unwrap().address.clone()).collect::<Vec<_>>()
    };
    let module = |contacts: &str| {
        format!(
            r#"module "kv" {{
  source                        = "Azure/avm-res-keyvault-vault/azurerm"
  name                          = "kv-contoso"
  location                      = "westeurope"
  resource_group_name           = "rg"
  tenant_id                     = "00000000-0000-0000-0000-000000000000"
  public_network_access_enabled = false
  contacts                      = {contacts}
}}"#
        )
    };
    let contacts = "azurerm_key_vault_certificate_contacts";
    let made = blocked(&module("{ one = { email = \"ops@contoso.com\" } }"));
    assert_eq!(made, [format!("module.kv.{contacts}.this[0]")]);
    assert_eq!(blocked(&module("{}")), [""; 0]);
    let own = |disabled: bool| {
        vault("").replacen(
            "sku_name",
            &format!("public_network_access_enabled = {}\n  sku_name", !disabled),
            1,
        ) + &format!("resource \"{contacts}\" \"c\" {{\n  key_vault_id = azurerm_key_vault.kv.id\n}}\n")
    };
    assert_eq!(blocked(&own(true)), [format!("{contacts}.c")]);
    let open = own(false).replace("default_action = \"Deny\"", "default_action = \"Allow\"");
    assert_eq!(blocked(&open), [""; 0]);
}

/// A vault with public access as given, a perimeter with a rule of this direction, and a secret.
fn vault_in_perimeter(public: &str, direction: &str, secret: &str) -> String {
    let part = |name: &str, kind: &str, parent: &str, body: &str| {
        format!(
            "resource \"azapi_resource\" \"{name}\" {{\n  type = \"Microsoft.Network/networkSecurityPerimeters{kind}@2024-07-01\"\n  \
             name = \"{name}\"\n  parent_id = {parent}\n  body = {{ {body} }}\n}}\n"
        )
    };
    let group = "\"/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg\"";
    let rule =
        format!("properties = {{ direction = \"{direction}\", addressPrefixes = [\"20.50.1.7/32\"] }}");
    let association = "properties = { accessMode = \"Enforced\", privateLinkResource = { id = azurerm_key_vault.kv.id }, \
                       profile = { id = azapi_resource.profile.id } }";
    let vault = vault("").replace(
        "  network_acls {",
        &format!("  public_network_access_enabled = {public}\n  network_acls {{"),
    );
    [
        vault,
        part("nsp", "", group, ""),
        part("profile", "/profiles", "azapi_resource.nsp.id", ""),
        part("rule", "/profiles/accessRules", "azapi_resource.profile.id", &rule),
        part("joined", "/resourceAssociations", "azapi_resource.nsp.id", association),
        format!(
            "resource \"time_sleep\" \"wait\" {{\n  create_duration = \"120s\"\n  depends_on = [azapi_resource.joined]\n}}\n\
             resource \"azurerm_key_vault_secret\" \"s\" {{\n  name = \"s\"\n  value = \"v\"\n  \
             key_vault_id = azurerm_key_vault.kv.id\n  {secret}\n}}\n"
        ),
    ]
    .concat()
}

#[test]
fn a_secret_waits_for_the_perimeter_that_lets_its_writer_in() {
    let early = |text: &str| {
        let found = check(&[("main.tf", text)]).diagnostics;
        found.iter().filter(|found| found.rule == "secret-before-network").count()
    };
    assert_eq!(early(&vault_in_perimeter("false", "Inbound", "")), 1);
    // Without rules the firewall lets nobody in either.
    assert_eq!(early(&vault_in_perimeter("true", "Inbound", "")), 1);
    assert_eq!(early(&vault_in_perimeter("false", "Inbound", "depends_on = [time_sleep.wait]")), 0);
    assert_eq!(early(&vault_in_perimeter("false", "Inbound", "depends_on = [azapi_resource.joined]")), 0);
    // No rule of the perimeter is for whom it could wait.
    assert_eq!(early(&vault_in_perimeter("false", "Outbound", "")), 0);
    let open = vault_in_perimeter("true", "Inbound", "").replace("\"Deny\"", "\"Allow\"");
    assert_eq!(early(&open), 0);
    let ruled = vault_in_perimeter("true", "Inbound", "")
        .replace("\"AzureServices\"", "\"AzureServices\"\n    ip_rules = [\"20.50.1.7\"]");
    assert_eq!(early(&ruled), 0);
}
