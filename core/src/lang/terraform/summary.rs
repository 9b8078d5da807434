//! Modules of the registry that are known by what they declare, not by their source: Azure Verified Modules, and those
//! that make nothing.

use super::File;
use super::config;
use crate::syntax::hcl::{self, Block, Body, move_to};
use crate::text::{FileId, Span};
use std::collections::HashMap;
use std::rc::Rc;

/// The modules by their source.
const SUMMARIES: &[(&str, &str)] = &[
    ("azure/avm-res-keyvault-vault/azurerm", include_str!("summaries/avm-res-keyvault-vault.tf")),
    (
        "azure/avm-res-keyvault-vault/azurerm//modules/key",
        include_str!("summaries/avm-res-keyvault-vault-key.tf"),
    ),
    (
        "azure/avm-res-keyvault-vault/azurerm//modules/secret",
        include_str!("summaries/avm-res-keyvault-vault-secret.tf"),
    ),
    (
        "azure/avm-res-network-privatednszone/azurerm",
        include_str!("summaries/avm-res-network-privatednszone.tf"),
    ),
    (
        "azure/avm-res-network-privateendpoint/azurerm",
        include_str!("summaries/avm-res-network-privateendpoint.tf"),
    ),
    (
        "azure/avm-res-network-virtualnetwork/azurerm",
        include_str!("summaries/avm-res-network-virtualnetwork.tf"),
    ),
    (
        "azure/avm-res-network-virtualnetwork/azurerm//modules/subnet",
        include_str!("summaries/avm-res-network-virtualnetwork-subnet.tf"),
    ),
    // They make names and look up regions: nothing in Azure, and what they give back is open.
    ("azure/naming/azurerm", ""),
    ("azure/avm-utl-regions/azurerm", ""),
    ("azure/regions/azurerm", ""),
    ("claranet/regions/azurerm", ""),
    ("cloudposse/label/null", ""),
];

/// The directory of the module that replaces that of a call.
pub(super) fn path(file: FileId, call: Span) -> String {
    format!("\0summary/{}/{}", file.0, call.start)
}

/// Whether a path is of a summary.
pub(super) fn is_summary(path: &str) -> bool {
    path.starts_with('\0')
}

/// Summaries of the modules that these files call, by directory: everything in one has the place of its call.
pub(super) fn summaries<'f, 't: 'f>(files: impl Iterator<Item = &'f File<'t>>) -> HashMap<String, File<'t>> {
    let mut found = HashMap::new();
    for file in files {
        for call in file.source.body.blocks("module") {
            let Some(source) = call.body.value("source").and_then(config::source) else { continue };
            let Some(mut read) = read(source) else { continue };
            stand_at(&mut read.body, call.head);
            let directory = path(file.id, call.head);
            let path = format!("{directory}/main.tf");
            let source = Rc::new(hcl::File { body: read.body, ..hcl::File::default() });
            found.insert(directory, File { id: file.id, path, text: "", source });
        }
    }
    found
}

/// What is known of a module from elsewhere, by its source.
pub(super) fn read(source: &str) -> Option<hcl::File> {
    let source = source.to_ascii_lowercase();
    let source = source.strip_prefix("registry.terraform.io/").unwrap_or(&source);
    let (_, text) = SUMMARIES.iter().find(|(known, _)| *known == source)?;
    Some(hcl::parse(text))
}

fn stand_at(body: &mut Body, span: Span) {
    for attribute in &mut body.attributes {
        attribute.name_span = span;
        move_to(&mut attribute.value, span);
    }
    for block in &mut body.blocks {
        let Block { head, span: whole, .. } = block;
        (*head, *whole) = (span, span);
        stand_at(&mut block.body, span);
    }
}
