//! ARM templates: one, its parameters, one it links to, and another file.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    vaultmoat_fuzz::check(&["main.json", "main.parameters.json", "nested/kv.json", "other.json"], data);
});
