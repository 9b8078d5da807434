//! A project of Terraform: a directory, a module of it, and values of variables.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    vaultmoat_fuzz::check(&["main.tf", "modules/kv/main.tf", "terraform.tfvars", "other.tf.json"], data);
});
