//! Turns the compiled binding into what the npm package ships: one module, its JavaScript glue, and its types.
//!
//! `vaultmoat-pack BINDING.wasm FOLDER`. wasm-bindgen runs as a library of the version that the binding was
//! compiled against (both are pinned in the workspace), so the two cannot drift.

use std::error::Error;
use std::path::PathBuf;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(binding), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: vaultmoat-pack BINDING.wasm FOLDER".into());
    };
    Bindgen::new()
        .input_path(binding)
        .out_name("vaultmoat")
        // One flavour for all hosts: the package's own entries bring the bytes.
        .web(true)?
        .typescript(true)
        .omit_default_module_path(true)
        // Brings the instance back after a trap.
        .reset_state_function(true)
        .demangle(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)?;
    Ok(())
}
