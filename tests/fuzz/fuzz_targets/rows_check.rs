//! Azure's own JSON, in two files.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    vaultmoat_fuzz::check(&["rows.json", "other.json"], data);
});
