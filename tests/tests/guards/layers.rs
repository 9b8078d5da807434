//! The layers of the engine: each imports only those below it. Read from the sources.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// From the top down.
const LAYERS: &[&str] = &[
    "lib", "project", "stream", "query", "check", "render", "input", "options", "report", "rules", "sim",
    "fixes", "model", "lang", "eval", "syntax", "azure", "net", "text", "sorted",
];
const LANGUAGES: &[&str] = &["arm", "bicep", "terraform", "azure_json"];

/// A source file: its path from `core/src`, and the paths in the crate it names outside of comments.
struct Source {
    path: String,
    layer: String,
    text: String,
    imports: Vec<String>,
}

fn sources() -> Vec<Source> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../core/src"));
    let mut files = BTreeMap::new();
    collect(&root, &root, &mut files);
    files
        .into_iter()
        .map(|(path, text)| {
            let layer = path.split(['/', '.']).next().unwrap_or_default().to_owned();
            Source { layer, imports: imports(&text), text, path }
        })
        .collect()
}

fn collect(root: &Path, folder: &Path, into: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
            into.insert(name, code(&std::fs::read_to_string(&path).expect("a readable source")));
        }
    }
}

/// The text without comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// What a text names behind `crate::`: `crate::{a, b::c}` gives `a` and `b::c`, `crate::a::{b, c}` gives `a::b`, `a::c`.
fn imports(text: &str) -> Vec<String> {
    text.match_indices("crate::").flat_map(|(at, start)| expand(&text[at + start.len()..])).collect()
}

fn expand(text: &str) -> Vec<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    let (prefix, rest) = text.split_at(end);
    let Some(group) = rest.strip_prefix('{').filter(|_| prefix.is_empty() || prefix.ends_with("::")) else {
        return vec![prefix.trim_end_matches("::").to_owned()];
    };
    let mut parts = vec![String::new()];
    let mut depth = 0usize;
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => parts.push(String::new()),
            _ => {
                depth = if c == '{' { depth + 1 } else { depth - usize::from(c == '}') };
                if let (Some(part), false) = (parts.last_mut(), c.is_whitespace()) {
                    part.push(c);
                }
            }
        }
    }
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts.flat_map(|part| expand(part)).map(|part| format!("{prefix}{part}")).collect()
}

fn height(layer: &str) -> Option<usize> {
    LAYERS.iter().rev().position(|name| *name == layer)
}

#[test]
fn groups_of_imports_are_taken_apart() {
    assert_eq!(imports("use crate::a::{b, c::{d, e}};"), ["a::b", "a::c::d", "a::c::e"]);
    assert_eq!(imports("fn f(x: crate::text::Span) -> crate::eval::Value"), ["text::Span", "eval::Value"]);
    assert_eq!(imports("use crate::{\n    net,\n    azure::Cloud,\n};"), ["net", "azure::Cloud"]);
}

#[test]
fn every_layer_imports_only_what_is_below() {
    let mut faults = Vec::new();
    for source in sources() {
        let Some(own) = height(&source.layer) else {
            faults.push(format!("{}: no layer is called `{}`", source.path, source.layer));
            continue;
        };
        for import in &source.imports {
            let layer = import.split("::").next().unwrap_or_default();
            if height(layer).is_some_and(|other| other > own) {
                faults.push(format!("{} imports `{import}`, which lies above it", source.path));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn languages_never_see_each_other() {
    for source in sources() {
        let Some(own) = LANGUAGES.iter().find(|name| source.path.starts_with(&format!("lang/{name}"))) else {
            continue;
        };
        for import in &source.imports {
            let other = LANGUAGES.iter().find(|name| import.starts_with(&format!("lang::{name}")));
            assert!(other.is_none_or(|other| other == own), "{} imports `{import}`", source.path);
        }
    }
}

#[test]
fn rules_fixes_model_and_simulator_never_see_a_syntax_tree() {
    for source in sources() {
        if ["rules", "sim", "fixes", "model"].contains(&source.layer.as_str()) {
            let tree = source.imports.iter().find(|import| {
                import.starts_with("syntax")
                    || LANGUAGES.iter().any(|name| import.starts_with(&format!("lang::{name}")))
            });
            assert!(tree.is_none(), "{} imports `{}`", source.path, tree.map_or("", String::as_str));
        }
    }
}

/// What two rules need is in `fixes` or in `rules/shared`, or a question to the model: a rule can be read, changed and taken out
/// by itself.
#[test]
fn no_rule_imports_another() {
    let sources = sources();
    let rules = sources.iter().filter_map(|source| source.path.strip_prefix("rules/")?.strip_suffix(".rs"));
    let rules: Vec<&str> = rules
        .filter(|name| {
            let is_rule = |source: &Source| source.text.contains("pub(super) const RULE: Rule");
            sources.iter().any(|source| source.path == format!("rules/{name}.rs") && is_rule(source))
        })
        .collect();
    assert!(rules.len() > 90, "rules are found: {}", rules.len());
    for source in sources.iter().filter(|source| source.layer == "rules" && source.path != "rules/mod.rs") {
        for other in &rules {
            let part = format!("{other}::");
            let is_it = |(at, _): (usize, &str)| {
                let before = &source.text[..at];
                !before.ends_with(|c: char| c.is_alphanumeric() || c == '_') && !before.ends_with("crate::")
            };
            let imports = source.text.match_indices(&part).any(is_it);
            assert!(!imports, "{} imports from rule `{other}`", source.path);
        }
    }
}

/// The lists of resources in the model: its public fields of type `Vec`.
fn lists_of_the_model(source: &str) -> Vec<String> {
    let fields = source.split("pub struct Model {").nth(1).and_then(|rest| rest.split("\n}").next());
    let fields = fields.unwrap_or_default().lines().filter_map(|line| line.trim().strip_prefix("pub "));
    fields.filter_map(|field| field.split_once(": Vec<")).map(|(name, _)| name.to_owned()).collect()
}

/// The lists that a text reads from a model by its fields, whatever lines it is written in.
fn lists_read<'l>(text: &str, lists: &'l [String]) -> Vec<&'l str> {
    let joined: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let goes_on = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '(');
    let reads = |list: &&String| {
        let field = format!("model.{list}");
        joined.match_indices(&field).any(|(at, _)| !goes_on(&joined[at + field.len()..]))
    };
    lists.iter().filter(reads).map(String::as_str).collect()
}

#[test]
fn lists_are_found_in_rules() {
    let lists = lists_of_the_model(
        "pub struct Model {\n    /// Doc.\n    pub zones: Vec<Zone>,\n    ids: Vec<u8>,\n}",
    );
    assert_eq!(lists, ["zones"]);
    assert_eq!(lists_read("cx\n    .model\n    .zones\n    .iter()", &lists), ["zones"]);
    assert_eq!(lists_read("for zone in &model.zones {", &lists), ["zones"]);
    assert_eq!(lists_read("model.zones_of(endpoint) + cx.zones() + model.zones()", &lists), [""; 0]);
}

/// A resource in a list of the model may be declared elsewhere, and may not be deployed. `Context` gives both with it.
#[test]
fn rules_read_no_list_of_the_model() {
    let sources = sources();
    let model = sources.iter().find(|source| source.path == "model/mod.rs").expect("the model");
    let lists = lists_of_the_model(&model.text);
    assert!(lists.len() > 10, "{lists:?}");
    for source in sources.iter().filter(|source| source.layer == "rules") {
        let read = lists_read(&source.text, &lists);
        let is_context = source.path == "rules/context.rs";
        assert!(is_context != read.is_empty(), "{} reads {read:?}: see `Context`", source.path);
        assert!(!source.text.contains("Model {"), "{} takes the model apart", source.path);
    }
}

/// `super::` stays within a layer: what crosses a border is named by `crate::`, where the test above sees it.
#[test]
fn nothing_leaves_its_layer_by_super() {
    for source in sources() {
        let parts = source.path.trim_end_matches(".rs").split('/').filter(|part| *part != "mod").count();
        // A module in the file is one level deeper.
        let has_module = source.text.lines().any(|line| {
            let line = line.trim_start().trim_start_matches("pub(super) ");
            line.starts_with("mod ") && line.ends_with('{')
        });
        let deepest = parts + usize::from(has_module);
        let climb = "super::".repeat(deepest);
        assert!(!source.text.contains(&climb), "{} leaves `{}` by `super::`", source.path, source.layer);
    }
}

/// `text` converts, `report` names the fields, `render` fills them; everything else counts bytes.
#[test]
fn only_reports_know_utf_16_positions() {
    for source in sources() {
        if !["text", "report", "render"].contains(&source.layer.as_str()) {
            for word in ["Utf16Position", "LineIndex"] {
                assert!(!source.text.contains(word), "{} knows of {word}", source.path);
            }
        }
    }
}

/// The standard library's B-trees and sorts are kilobytes of WebAssembly for each type; `sorted` does with one.
#[test]
fn only_one_module_brings_a_sort() {
    for source in sources() {
        if source.layer != "sorted" && !source.path.ends_with("tests.rs") && !source.path.contains("/tests/")
        {
            for word in ["BTreeMap", "BTreeSet", ".sort_", ".sort("] {
                assert!(!source.text.contains(word), "{} uses `{word}`: see `sorted`", source.path);
            }
        }
    }
}

/// The types that a text defines for other modules.
fn types(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().filter_map(|line| {
        let line = line.trim_start();
        let line = line.strip_prefix("pub ").or(line.strip_prefix("pub(crate) "))?;
        line.strip_prefix("struct ").or(line.strip_prefix("enum "))
    });
    lines.filter_map(|line| line.split(|c: char| !c.is_alphanumeric()).next())
}

/// The engine's own `Finding` becomes a report's `Diagnostic`: who reads one name knows on which side of `render` it is.
#[test]
fn types_of_reports_have_names_of_their_own() {
    let sources = sources();
    let report = sources.iter().find(|source| source.path == "report.rs").expect("the reports");
    let reported: Vec<&str> = types(&report.text).collect();
    assert!(reported.len() > 50, "{reported:?}");
    for source in sources.iter().filter(|source| source.path != "report.rs") {
        let twice = types(&source.text).find(|name| reported.contains(name));
        assert!(twice.is_none(), "{}: `{}` is a type of reports", source.path, twice.unwrap_or_default());
    }
}

/// Where ARM types may be written besides `azure/`, and why.
const TYPES_ELSEWHERE: &[(&str, &str)] = &[
    ("lang/terraform/azurerm.rs", "the table from resources of the provider to types"),
    ("lang/terraform/strangers.rs", "the table of the provider's other resources"),
    ("stream/facts.rs", "what the types of all policies begin with"),
];

/// The ARM types in string literals of a text, e.g. `Microsoft.Network/privateEndpoints`, up to its tests.
fn arm_types(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let lower = text.to_ascii_lowercase();
    let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '/');
    let literals = lower.match_indices("\"microsoft.").map(|(at, _)| &text[at + 1..]);
    let words = literals.map(|literal| literal.split(ends).next().unwrap_or_default());
    let is_type = |word: &&str| word.split_once('/').is_some_and(|(_, kind)| !kind.is_empty());
    words.filter(is_type).map(str::to_owned).collect()
}

#[test]
fn types_are_found_in_literals() {
    let text = r#"f("Microsoft.Web/sites", "microsoft.web/", "Microsoft.KeyVault"); // "x""#;
    assert_eq!(arm_types(text), ["Microsoft.Web/sites"]);
    assert_eq!(arm_types("#[cfg(test)]\nmod tests { \"Microsoft.Web/sites\" }"), [""; 0]);
}

#[test]
fn types_of_azure_are_written_in_azure() {
    let mut faults = Vec::new();
    let mut excused = Vec::new();
    for source in sources() {
        let is_test = source.path.split(['/', '.']).any(|part| part == "tests" || part.ends_with("_tests"));
        let types = arm_types(&source.text);
        if source.layer == "azure" || is_test || types.is_empty() {
            continue;
        }
        match TYPES_ELSEWHERE.iter().find(|(path, _)| *path == source.path) {
            Some((path, _)) => excused.push(*path),
            None => faults.push(format!(
                "{}: {}: use a constant of `azure::names`",
                source.path,
                types.join(", ")
            )),
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    for (path, why) in TYPES_ELSEWHERE {
        assert!(excused.contains(path), "{path} ({why}) names no type any more");
    }
}

/// Where managed HSMs are named besides `azure/`, and why; elsewhere a field of `azure::Service` says what differs.
const HSM_ELSEWHERE: &[(&str, &str)] = &[
    ("query/graph.rs", "`NodeKind` is part of the public format"),
    ("query/policies.rs", "each built-in policy is about one service"),
    ("model/cloud.rs", "the list of types that are in a region"),
    ("lang/azure_json/shape.rs", "the table of what Azure prints of a type"),
    ("lang/terraform/azurerm.rs", "the table from resources of the provider to types"),
];

#[test]
fn services_differ_by_their_descriptions() {
    for source in sources().iter().filter(|source| source.layer != "azure") {
        let is_excused = HSM_ELSEWHERE.iter().any(|(path, _)| *path == source.path);
        let names_one = source.text.contains("MANAGED_HSM");
        assert!(names_one == is_excused, "{}: names managed HSMs: {names_one}", source.path);
    }
}
