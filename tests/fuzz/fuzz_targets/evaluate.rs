//! One expression, in Bicep and in Terraform, where it names a vault, is a list, and is gone through.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vaultmoat_core::{Options, Project};

const BICEP: &str = "param p string\nparam d string = 'a,b'\nparam b bool\nparam l array = [1, 'x', null]\nvar o = { a: l, b: p }\nfunc f(a string) string => '${a}-${a}'\n";
const TERRAFORM: &str = "variable \"p\" {}\nvariable \"d\" {\n  default = \"a,b\"\n}\nlocals {\n  l = [1, \"x\", null]\n  o = { a = local.l, b = var.p }\n}\n";

fuzz_target!(|expression: &str| {
    let bicep = format!(
        "{BICEP}var x = {expression}\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {{\n  name: x\n  properties: {{ networkAcls: {{ ipRules: x }} }}\n}}\nresource kvs 'Microsoft.KeyVault/vaults@2023-07-01' = [for y in x: {{\n  name: y\n}}]\n"
    );
    let terraform = format!(
        "{TERRAFORM}locals {{\n  x = {expression}\n}}\nresource \"azurerm_key_vault\" \"kv\" {{\n  name = local.x\n  network_acls {{\n    ip_rules = local.x\n  }}\n}}\nresource \"azurerm_key_vault\" \"kvs\" {{\n  for_each = local.x\n  name = each.key\n}}\n"
    );
    for (path, text) in [("main.bicep", bicep), ("main.tf", terraform)] {
        let mut project = Project::new(Options::default());
        project.set(path, &text);
        project.check();
        project.model();
    }
});
