//! Files that come, change and go, in every language.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    vaultmoat_fuzz::recheck(
        &["main.bicep", "m.bicep", "main.bicepparam", "main.json", "main.tf", "m/main.tf", "main.tfvars", "rows.json"],
        data,
    );
});
