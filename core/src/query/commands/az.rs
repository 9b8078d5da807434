//! Azure CLI commands. A managed HSM has its own commands and options.

use super::one_line;
use crate::eval::Value;
use crate::model::Vault;
use crate::query::policies::Policy;
use crate::report::Known;
use crate::sim::plan::{Command, Instruction, Setting};
use std::fmt::Write;

/// An instruction as text: a sentence, or a command with a comment.
pub(crate) fn instruction(instruction: &Instruction, vault: &Vault) -> String {
    match instruction {
        Instruction::Text(text) => (*text).to_owned(),
        Instruction::Command(of, None) => command(of, vault),
        Instruction::Command(of, Some(comment)) => format!("{}  # {comment}", command(of, vault)),
    }
}

/// A command about a vault or a managed HSM.
pub(crate) fn command(command: &Command, vault: &Vault) -> String {
    let name = placed(&vault.resource.name, "VAULT");
    let service = vault.service;
    let (update, named) = (service.az_update, format!("{} {name}", service.az_name));
    let id = format!("$(az keyvault show {named} --query id -o tsv)");
    match command {
        Command::CreateEndpoint => format!(
            "az network private-endpoint create -g GROUP -n {0} --subnet SUBNET_ID --private-connection-resource-id {id} --group-id {1} --connection-name {0}",
            plain(&format!("pe-{}", vault.resource.label().plain())).unwrap_or_else(|| "ENDPOINT".to_owned()),
            service.group,
        ),
        Command::CreateZoneGroup { endpoint, zone } => format!(
            "az network private-endpoint dns-zone-group create -g GROUP --endpoint-name {} -n default --zone-name vault --private-dns-zone {zone}",
            placed(endpoint, "ENDPOINT"),
        ),
        Command::CreateZone(zone) => format!("az network private-dns zone create -g GROUP -n {zone}"),
        Command::LinkZone { zone, network } => format!(
            "az network private-dns link vnet create -g GROUP -z {zone} -n {0} -v {0} --registration-enabled false",
            placed(network, "VNET"),
        ),
        Command::AddAddress(address) => {
            let address = address.map_or("ADDRESS".to_owned(), |address| address.to_string());
            format!("az keyvault network-rule add {named} --ip-address {address}")
        }
        Command::AddSubnet(id) => {
            let id = id.as_text().and_then(plain_id).unwrap_or("SUBNET_ID");
            format!("az keyvault network-rule add {named} --subnet {id}")
        }
        Command::Update(settings) => {
            let mut text = format!("az keyvault {update} {named}");
            for setting in *settings {
                let (option, value) = match setting {
                    Setting::PublicNetworkAccess(value) => ("public-network-access", value),
                    Setting::DefaultAction(value) => ("default-action", value),
                    Setting::Bypass(value) => ("bypass", value),
                };
                let _ = write!(text, " --{option} {value}");
            }
            text
        }
        Command::ShowConnections => format!(
            "az network private-endpoint-connection list --id {id} --query \"[].properties.privateLinkServiceConnectionState.status\""
        ),
        Command::ShowRules => format!("az keyvault network-rule list {named}"),
        Command::ShowFirewall => format!("az keyvault show {named} --query properties.networkAcls"),
        Command::ShowPublicAccess => {
            format!("az keyvault show {named} --query properties.publicNetworkAccess")
        }
        Command::Resolve { domain } => format!("nslookup {name}.{domain}"),
        Command::Call { domain } => {
            format!("curl -sSo /dev/null -D - https://{name}.{domain}/healthstatus")
        }
    }
}

/// Assigns a policy, with exclusions for the scopes `left_out`.
pub(crate) fn assign(policy: &Policy, parameters: &[(String, Known)], left_out: &[String]) -> String {
    let fields: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("\"{name}\":{{\"value\":{}}}", super::written(value, '"')))
        .collect();
    let mut words = vec![
        "az policy assignment create".to_owned(),
        format!("--name {}", quoted(policy.assignment)),
        format!("--display-name {}", quoted(policy.name)),
        format!("--policy {}", quoted(policy.guid)),
        format!("--scope {}", quoted("<id of the subscription or resource group>")),
        format!("--params {}", quoted(&format!("{{{}}}", fields.join(",")))),
    ];
    if !left_out.is_empty() {
        let scopes: Vec<String> = left_out.iter().map(|scope| quoted(scope)).collect();
        words.push(format!("--not-scopes {}", scopes.join(" ")));
    }
    words.join(" \\\n  ")
}

/// A name as a word of a command; `placeholder` if the name is unknown, or a shell would interpret it.
fn placed(name: &Value, placeholder: &str) -> String {
    name.as_text().and_then(plain).unwrap_or_else(|| placeholder.to_owned())
}

fn plain(name: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_harmless = !name.is_empty() && !name.starts_with('-') && name.chars().all(is_plain);
    is_harmless.then(|| name.to_owned())
}

/// An id, if it contains nothing that a shell interprets.
fn plain_id(id: &str) -> Option<&str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    (id.starts_with('/') && id.chars().all(is_plain)).then_some(id)
}

/// A text as one quoted word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", one_line(text).replace('\'', "'\\''"))
}
