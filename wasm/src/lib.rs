//! The vaultmoat engine in JavaScript: decode, call the engine, encode. Nothing here knows about Azure.
//!
//! Everything takes `&self`: wasm-bindgen locks an object for good when a `&mut self` call panics.

mod options;

use js_sys::{Error, Float64Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::cell::Cell;
use vaultmoat_core as core;
use wasm_bindgen::prelude::*;

/// Files and options; checking is a pure function of the two.
#[wasm_bindgen]
pub struct Project {
    /// Empty only while a call runs, and after one that panicked.
    project: Cell<Option<core::Project>>,
    /// The last text has the word that stops the engine.
    #[cfg(feature = "trap")]
    traps: Cell<bool>,
}

#[wasm_bindgen]
impl Project {
    /// An empty project. Options with unknown keys or values are refused.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<Project, JsValue> {
        let options = options::decode(&options)?;
        Ok(Project {
            project: Cell::new(Some(core::Project::new(options))),
            #[cfg(feature = "trap")]
            traps: Cell::default(),
        })
    }

    /// Adds or replaces a file.
    pub fn set(&self, path: &str, text: &str) -> Result<(), JsValue> {
        #[cfg(feature = "trap")]
        self.traps.set(text.contains("TRAP"));
        self.run(|project| project.set(path, text))
    }

    /// Forgets a file.
    pub fn remove(&self, path: &str) -> Result<(), JsValue> {
        self.run(|project| project.remove(path))
    }

    /// Paths of the files that the texts name as part of them, and that are not here.
    pub fn references(&self) -> Result<Vec<String>, JsValue> {
        self.run(|project| project.references())
    }

    /// Answers a question.
    fn ask<T>(&self, question: impl FnOnce(&mut core::Project) -> T) -> Result<T, JsValue> {
        self.run(|project| {
            #[cfg(feature = "trap")]
            trap(self.traps.get());
            question(project)
        })
    }

    fn run<T>(&self, call: impl FnOnce(&mut core::Project) -> T) -> Result<T, JsValue> {
        let Some(mut project) = self.project.take() else {
            return Err(Error::new("an earlier call on this project crashed: make a new one").into());
        };
        let result = call(&mut project);
        self.project.set(Some(project));
        Ok(result)
    }
}

/// A function for each question, and not one for all: a page leaves out those that it does not call.
macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident $arguments:tt -> $report:ty
        $(= $answer:path)? $(, $command:ident $($line:literal)?)?;)*) => {
        $(function! { $(#[$doc])* $name $arguments })*
    };
}

macro_rules! function {
    ($(#[$doc:meta])* $name:ident()) => {
        #[wasm_bindgen]
        impl Project {
            $(#[$doc])*
            pub fn $name(&self) -> Result<JsValue, JsValue> {
                encode(&self.ask(|project| project.$name())?)
            }
        }
    };
    ($(#[$doc:meta])* $name:ident(vault)) => {
        #[wasm_bindgen]
        impl Project {
            $(#[$doc])*
            pub fn $name(&self, vault: Option<String>) -> Result<JsValue, JsValue> {
                encode_answer(self.ask(|project| project.$name(vault.as_deref()))?)
            }
        }
    };
    ($(#[$doc:meta])* $name:ident(vault, from)) => {
        #[wasm_bindgen]
        impl Project {
            $(#[$doc])*
            pub fn $name(&self, vault: Option<String>, from: &str) -> Result<JsValue, JsValue> {
                encode_answer(self.ask(|project| project.$name(vault.as_deref(), from))?)
            }
        }
    };
    ($(#[$doc:meta])* $name:ident(options)) => {
        #[wasm_bindgen]
        impl Project {
            $(#[$doc])*
            pub fn $name(&self, options: JsValue) -> Result<JsValue, JsValue> {
                let (rules, unsafe_fixes) = options::decode_fix(&options)?;
                encode(&self.ask(|project| project.$name(&rules, unsafe_fixes))?)
            }
        }
    };
    ($(#[$doc:meta])* $name:ident(after)) => {
        #[wasm_bindgen]
        impl Project {
            $(#[$doc])*
            pub fn $name(&self, after: &Project) -> Result<JsValue, JsValue> {
                encode(&self.ask(|before| after.run(|after| before.$name(after)))??)
            }
        }
    };
}

core::questions!(functions);

/// Exports of any size, read line by line and checked batch by batch.
#[wasm_bindgen]
pub struct Stream {
    /// As in [`Project`].
    stream: Cell<Option<core::Stream>>,
}

#[wasm_bindgen]
impl Stream {
    /// An empty one. Options with unknown keys or values are refused.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<Stream, JsValue> {
        let options = options::decode(&options)?;
        Ok(Stream { stream: Cell::new(Some(core::Stream::new(options))) })
    }

    /// The next file begins.
    pub fn file(&self, path: &str) -> Result<(), JsValue> {
        self.run(|stream| stream.file(path))
    }

    /// Reads whole lines of it.
    pub fn read(&self, text: &[u8]) -> Result<JsValue, JsValue> {
        encode(&self.run(|stream| stream.read(text))?)
    }

    /// Every file was read.
    pub fn finish(&self) -> Result<(), JsValue> {
        self.run(core::Stream::finish)?.map_err(|why| Error::new(&why).into())
    }

    /// The rows of the next batch: of each the number of its file, where it starts and how long it is.
    pub fn next(&self) -> Result<Option<Float64Array>, JsValue> {
        let parts = self.run(core::Stream::next_batch)?;
        Ok(parts.map(|parts| {
            let numbers: Vec<f64> = parts
                .iter()
                .flat_map(|part| [part.file.into(), part.offset as f64, part.length.into()])
                .collect();
            Float64Array::from(numbers.as_slice())
        }))
    }

    /// Checks that batch, given what its rows say.
    pub fn check(&self, text: &[u8]) -> Result<JsValue, JsValue> {
        encode(&self.run(|stream| stream.check(text))?)
    }

    /// What was read and said so far.
    pub fn summary(&self) -> Result<JsValue, JsValue> {
        encode(&self.run(|stream| stream.summary())?)
    }

    fn run<T>(&self, call: impl FnOnce(&mut core::Stream) -> T) -> Result<T, JsValue> {
        let Some(mut stream) = self.stream.take() else {
            return Err(Error::new("an earlier call on this stream crashed: make a new one").into());
        };
        let result = call(&mut stream);
        self.stream.set(Some(stream));
        Ok(result)
    }
}

/// Every rule, in catalogue order.
#[wasm_bindgen]
pub fn rules() -> Result<JsValue, JsValue> {
    encode(&core::rules())
}

/// What a text is, by its content; undefined for a text that vaultmoat does not read.
#[wasm_bindgen]
pub fn identify(path: &str, text: &str) -> Option<String> {
    core::identify(path, text).map(|language| language.name().to_owned())
}

/// Whether a text in no language that is read names a vault, its resources or the commands for them.
#[wasm_bindgen]
pub fn names_vault(path: &str, text: &str) -> bool {
    core::names_vault(path, text)
}

/// The version of the package.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// A defect on purpose, for the tests of what hosts do then: it panics in the middle of a call.
#[cfg(feature = "trap")]
#[allow(clippy::panic, reason = "so that the tests of the hosts have a crash")]
fn trap(wanted: bool) {
    if wanted {
        panic!("a text says `TRAP`");
    }
}

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// The answer to a question, or why it cannot be asked.
fn encode_answer<T: Serialize>(answer: Result<T, String>) -> Result<JsValue, JsValue> {
    encode(&answer.map_err(|why| Error::new(&why))?)
}

/// Plain objects and arrays, `null` where a value is missing: what JSON would say.
fn encode(result: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(result.serialize(&Serializer::json_compatible())?)
}
