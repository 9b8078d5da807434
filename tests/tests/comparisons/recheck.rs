//! A changed project has the same report as a new one with the same files.

use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use vaultmoat_core::{Options, Profile, Project};
use vaultmoat_tests::fixture::load;

/// The example templates by their paths, and some in the other languages.
fn files() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/templates");
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().display().to_string().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    for (path, text) in MORE {
        found.insert((*path).to_owned(), (*text).to_owned());
    }
    found
}

const MORE: &[(&str, &str)] = &[
    (
        "shop/main.tf",
        "module \"vault\" {\n  source = \"../vault\"\n  name = var.name\n  action = local.action\n}\nlocals {\n  action = file(\"action.txt\")\n}\n",
    ),
    ("shop/variables.tf", "variable \"name\" {\n  type = string\n}\n"),
    ("shop/terraform.tfvars", "name = \"kv-shop\"\n"),
    ("shop/action.txt", "Allow"),
    (
        "vault/main.tf",
        "variable \"name\" {}\nvariable \"action\" {}\nresource \"azurerm_key_vault\" \"this\" {\n  name = var.name\n  network_acls {\n    default_action = var.action\n    bypass = \"None\"\n  }\n}\n",
    ),
    ("other/main.tf", "resource \"azurerm_key_vault\" \"this\" {\n  name = \"kv-other\"\n}\n"),
    (
        "plan.json",
        r#"{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[{"address":"azurerm_key_vault.a","type":"azurerm_key_vault","name":"a","mode":"managed","values":{"name":"kv-plan"}}]}}}"#,
    ),
    (
        "endpoint.json",
        r#"{"id":"/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe","name":"pe","type":"Microsoft.Network/privateEndpoints","privateLinkServiceConnections":[],"manualPrivateLinkServiceConnections":[]}"#,
    ),
    ("base.bicepparam", "using none\nparam vaultName = 'kv-base'\n"),
];

/// What happens to a file.
#[derive(Clone, Debug)]
enum Change {
    Remove,
    /// It is as it was at first.
    Restore,
    /// A part of its text is missing.
    Cut(prop::sample::Index, usize),
    /// A word is another one.
    Word(prop::sample::Index),
    /// It has the text of another file.
    Copy(prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        1 => Just(Change::Remove),
        2 => Just(Change::Restore),
        2 => (any::<prop::sample::Index>(), 1usize..40).prop_map(|(at, length)| Change::Cut(at, length)),
        4 => any::<prop::sample::Index>().prop_map(Change::Word),
        1 => any::<prop::sample::Index>().prop_map(Change::Copy),
    ]
}

fn changed(text: &str, change: &Change) -> String {
    const WORDS: &[(&str, &str)] =
        &[("Allow", "Deny"), ("Deny", "Allow"), ("kv-", "kw-"), ("Enabled", "Disabled"), ("true", "false")];
    match change {
        Change::Cut(at, length) if !text.is_empty() => {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let start = *at.get(&places);
            let end = text[start..].char_indices().nth(*length).map_or(text.len(), |(at, _)| start + at);
            format!("{}{}", &text[..start], &text[end..])
        }
        Change::Word(which) => {
            let (from, to) = which.get(WORDS);
            text.replacen(from, to, 1)
        }
        _ => text.to_owned(),
    }
}

fn options(complete: bool) -> Options {
    Options {
        profile: Profile::Strict,
        complete,
        parameters: vec!["modules/main.bicepparam".to_owned(), "base.bicepparam".to_owned()],
        ..Options::default()
    }
}

fn said(project: &Project) -> [String; 3] {
    [
        serde_json::to_string_pretty(&project.check()).unwrap(),
        serde_json::to_string_pretty(&project.model()).unwrap(),
        serde_json::to_string_pretty(&project.graph()).unwrap(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 25, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_project_says_what_a_new_one_says(
        changes in prop::collection::vec((any::<prop::sample::Index>(), change()), 1..12),
        complete in any::<bool>(),
    ) {
        let original = files();
        let paths: Vec<&String> = original.keys().collect();
        let mut texts = original.clone();
        let mut project = load(options(complete), &texts);
        said(&project);
        for (which, change) in changes {
            let path = *which.get(&paths);
            match &change {
                Change::Remove => {
                    texts.remove(path);
                    project.remove(path);
                }
                Change::Restore => {
                    texts.insert(path.clone(), original[path].clone());
                    project.set(path, &original[path]);
                }
                Change::Copy(of) => {
                    let text = &original[*of.get(&paths)];
                    texts.insert(path.clone(), text.clone());
                    project.set(path, text);
                }
                _ => {
                    let text = changed(texts.get(path).unwrap_or(&original[path]), &change);
                    texts.insert(path.clone(), text.clone());
                    project.set(path, &text);
                }
            }
            let new = load(options(complete), &texts);
            let (changed, new) = (said(&project), said(&new));
            for (changed, new) in changed.iter().zip(&new) {
                prop_assert!(changed == new, "after {change:?} of {path}");
            }
        }
    }
}
