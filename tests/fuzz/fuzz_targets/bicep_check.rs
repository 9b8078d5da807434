//! A project of Bicep: a file, what it deploys and imports, and a parameter file.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    vaultmoat_fuzz::check(&["main.bicep", "module.bicep", "types.bicep", "main.bicepparam"], data);
});
