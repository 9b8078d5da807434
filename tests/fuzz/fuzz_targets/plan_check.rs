//! A plan or a state of Terraform, and the files it was made of.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    vaultmoat_fuzz::check(&["plan.json", "main.tf", "modules/kv/main.tf"], data);
});
