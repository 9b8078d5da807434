//! Rewrites Bicep files without changing their meaning.

use super::tokens::{Kind, Syntax, Token, before, behind, join, scan, starts_line, written};
use super::{Change, Files, Stays};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const CHANGES: &[Change] = &[
    Change { name: "bicep: fresh names", stays: Stays::AllButNames, apply: |files| renamed(files, &FRESH) },
    Change {
        name: "bicep: names of properties",
        stays: Stays::AllButNames,
        apply: |files| renamed(files, &ODD),
    },
    Change { name: "bicep: reversed", stays: Stays::AllButNames, apply: reversed },
    Change { name: "bicep: commented", stays: Stays::AllButNames, apply: commented },
    Change {
        name: "bicep: literals in variables",
        stays: Stays::AllButMessages,
        apply: |files| moved(files, "var {} = {}\n"),
    },
    Change {
        name: "bicep: literals in defaults",
        stays: Stays::AllButConfidence,
        apply: |files| moved(files, "param {} string = {}\n"),
    },
    Change {
        name: "bicep: literals through an object",
        stays: Stays::AllButMessages,
        apply: |files| moved(files, "var {}all = { value: [{}] }\nvar {} = {}all.value[0]\n"),
    },
    Change { name: "bicep: conditions that hold", stays: Stays::AllButMessages, apply: conditional },
    Change { name: "bicep: loops of one", stays: Stays::AllButNames, apply: looped },
    Change { name: "bicep: in a module", stays: Stays::AllButNames, apply: in_module },
];

/// Names that nothing else has.
const FRESH: [&str; 4] = ["zqOne", "zqTwo", "zqThree", "zqFour"];
/// Names that properties, keywords, functions of other languages and rules have.
const ODD: [&str; 12] = [
    "networkAcls",
    "properties",
    "ipRules",
    "id",
    "existing",
    "publicNetworkAccess",
    "value",
    "output",
    "subnet",
    "location",
    "vault",
    "defaultAction",
];

/// The file that is changed: the only one in Bicep that nobody passes parameters to.
fn main_of(files: &Files) -> Option<Vec<Token>> {
    let (path, text) = files.first()?;
    let is_main = path.ends_with(".bicep") && !text.contains("vaultmoat-ignore");
    is_main.then(|| scan(text, Syntax::Bicep))
}

fn with_main(files: &Files, text: String) -> Files {
    let mut files = files.clone();
    files[0].1 = text;
    files
}

/// What is declared at the top: the kind of each, and the place of its name.
fn declared(tokens: &[Token]) -> Vec<(&str, usize)> {
    let starts = (0..tokens.len()).filter(|at| tokens[*at].depth == 0 && starts_line(tokens, *at));
    starts
        .filter(|at| ["param", "var", "resource", "module"].contains(&tokens[*at].text.as_str()))
        .filter_map(|at| Some((tokens[at].text.as_str(), behind(tokens, at)?)))
        .filter(|(_, name)| tokens[*name].kind == Kind::Word)
        .collect()
}

/// Places of a name that is used as one: no property, no member, no new declaration of something else.
fn is_use(tokens: &[Token], at: usize) -> bool {
    if tokens[at].kind != Kind::Word {
        return false;
    }
    let (last, next) = (before(tokens, at), behind(tokens, at));
    let (last_text, next_text) = (written(tokens, last), written(tokens, next));
    if ["@", "output", "type", "func", "metadata"].contains(&last_text) && tokens[at].depth == 0 {
        return false;
    }
    let is_member = last_text == "."
        || (last_text == "?" && last.is_some_and(|last| written(tokens, before(tokens, last)) == "."))
        || (last_text == ":" && last.is_some_and(|last| written(tokens, before(tokens, last)) == ":"));
    let is_safe_member = at >= 2 && tokens[at - 1].text == "?" && tokens[at - 2].text == ".";
    let starts = starts_line(tokens, at) || ["{", ","].contains(&last_text);
    let is_key = next_text == ":" && next == Some(at + 1) && starts && last_text != "?";
    let is_call = next_text == "(" && next == Some(at + 1);
    !is_member && !is_safe_member && !is_key && !is_call
}

fn renamed(files: &Files, names: &[&str]) -> Option<Files> {
    let tokens = main_of(files)?;
    if files.iter().any(|(path, _)| path.ends_with(".bicepparam")) || files.len() > 1 {
        return None;
    }
    let words: BTreeSet<&str> =
        tokens.iter().filter(|token| token.kind == Kind::Word).map(|token| token.text.as_str()).collect();
    let text = join(&tokens);
    let is_local = |name: &str| {
        [
            format!("for {name} in"),
            format!("({name},"),
            format!(", {name})"),
            format!("{name} =>"),
            format!("({name}) =>"),
        ]
        .iter()
        .any(|form| text.contains(form))
    };
    // A name that is also a property's name cannot be distinguished from it everywhere.
    let mut spare = names.iter().filter(|name| !words.contains(**name) || tokens_as_keys_only(&tokens, name));
    let mut map = BTreeMap::new();
    for (_, at) in declared(&tokens) {
        let name = tokens[at].text.as_str();
        if !is_local(name) {
            map.insert(name.to_owned(), (*spare.next()?).to_owned());
        }
        if map.len() == names.len() {
            break;
        }
    }
    if map.is_empty() {
        return None;
    }
    let mut changed = tokens.clone();
    for at in 0..tokens.len() {
        if let Some(name) = map.get(&tokens[at].text)
            && is_use(&tokens, at)
        {
            changed[at].text.clone_from(name);
        }
    }
    Some(with_main(files, join(&changed)))
}

/// Whether a word is used only for properties.
fn tokens_as_keys_only(tokens: &[Token], name: &str) -> bool {
    (0..tokens.len()).filter(|at| tokens[*at].text == name).all(|at| !is_use(tokens, at))
}

/// The statements of a file, with what stands before each: decorators and comments.
fn statements(tokens: &[Token]) -> Vec<String> {
    const WORDS: [&str; 14] = [
        "param",
        "var",
        "resource",
        "module",
        "output",
        "targetScope",
        "type",
        "func",
        "metadata",
        "import",
        "extension",
        "provider",
        "using",
        "assert",
    ];
    let mut parts: Vec<String> = vec![String::new()];
    let mut is_pending = false;
    for at in 0..tokens.len() {
        let token = &tokens[at];
        if token.depth == 0 && starts_line(tokens, at) {
            let is_front = token.text == "@" || token.kind == Kind::Comment;
            if (is_front || WORDS.contains(&token.text.as_str())) && !is_pending {
                parts.push(String::new());
            }
            is_pending = is_front || (is_pending && token.kind == Kind::Space);
        }
        if let Some(last) = parts.last_mut() {
            last.push_str(&token.text);
        }
    }
    parts
}

fn reversed(files: &Files) -> Option<Files> {
    let tokens = main_of(files)?;
    let mut parts = statements(&tokens);
    if parts.len() < 3 {
        return None;
    }
    let ends: Vec<String> = parts.drain(..).rev().map(|part| format!("{}\n", part.trim_end())).collect();
    Some(with_main(files, ends.concat()))
}

fn commented(files: &Files) -> Option<Files> {
    let tokens = main_of(files)?;
    let mut text = String::from("// names, rules and defaultAction: 'Allow'\n");
    for token in &tokens {
        match token.kind {
            Kind::Space if token.text.contains('\n') => {
                text.push_str(" /* ipRules: [] */");
                text.push_str(&token.text.replacen(
                    '\n',
                    "\n// resource x 'Microsoft.KeyVault/vaults@2026-02-01' = {\n",
                    1,
                ));
            }
            _ => text.push_str(&token.text),
        }
    }
    Some(with_main(files, text))
}

/// Moves every text that is the value of a property of a resource; `{}` is its name and the literal, in turn.
fn moved(files: &Files, form: &str) -> Option<Files> {
    let tokens = main_of(files)?;
    let mut changed = tokens.clone();
    let (mut above, mut is_resource, mut count) = (String::new(), false, 0);
    for at in 0..tokens.len() {
        let token = &tokens[at];
        if token.depth == 0 && starts_line(&tokens, at) && token.kind == Kind::Word {
            is_resource = token.text == "resource";
        }
        let (last, next) = (before(&tokens, at), behind(&tokens, at));
        let is_value =
            written(&tokens, last) == ":" && last.is_some_and(|last| tokens[last].depth == token.depth);
        let ends = ["}", ","].contains(&written(&tokens, next))
            || next.is_some_and(|next| starts_line(&tokens, next));
        // A discriminator and the like must be literals; a key must not be a text.
        if is_resource && token.kind == Kind::Text && token.depth > 0 && is_value && ends {
            let name = format!("zqLiteral{count}");
            let mut parts = form.split("{}");
            above.push_str(parts.next().unwrap_or_default());
            let is_object = form.contains("all");
            let values: &[&str] =
                if is_object { &[&name, &token.text, &name, &name] } else { &[&name, &token.text] };
            for (value, part) in values.iter().zip(parts) {
                above.push_str(value);
                above.push_str(part);
            }
            changed[at].text = name;
            count += 1;
        }
    }
    (count > 0).then(|| with_main(files, format!("{}\n{above}", join(&changed).trim_end())))
}

/// The places of `=` of resources and their closing brackets: declared, not referenced, not in loops.
fn bodies(tokens: &[Token]) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::new();
    for (kind, name) in declared(tokens) {
        if kind != "resource" {
            continue;
        }
        let Some(equals) = (name..tokens.len()).find(|at| tokens[*at].text == "=" && tokens[*at].depth == 0)
        else {
            continue;
        };
        let is_referenced = tokens[name..equals].iter().any(|token| token.text == "existing");
        let Some(open) = behind(tokens, equals).filter(|at| tokens[*at].text == "{") else { continue };
        let close = (open + 1..tokens.len()).find(|at| tokens[*at].text == "}" && tokens[*at].depth == 0);
        if let Some(close) = close
            && !is_referenced
        {
            found.push((name, open, close));
        }
    }
    found
}

fn conditional(files: &Files) -> Option<Files> {
    let mut tokens = main_of(files)?;
    let bodies = bodies(&tokens);
    for (_, open, _) in &bodies {
        tokens[*open].text = "if (1 == 1) {".to_owned();
    }
    (!bodies.is_empty()).then(|| with_main(files, join(&tokens)))
}

fn looped(files: &Files) -> Option<Files> {
    let tokens = main_of(files)?;
    let mut changed = tokens.clone();
    let mut names = BTreeSet::new();
    for (name, open, close) in bodies(&tokens) {
        let has_children = tokens[open..close].iter().any(|token| token.text == "resource");
        let text = join(&tokens);
        if has_children || text.contains(&format!("{}::", tokens[name].text)) {
            continue;
        }
        names.insert(tokens[name].text.clone());
        changed[open].text = "[for zqIndex in range(0, 1): {".to_owned();
        changed[close].text = "}]".to_owned();
    }
    if names.is_empty() {
        return None;
    }
    let declared: BTreeSet<usize> = declared(&tokens).into_iter().map(|(_, at)| at).collect();
    for at in 0..tokens.len() {
        if names.contains(&tokens[at].text) && is_use(&tokens, at) && !declared.contains(&at) {
            changed[at].text.push_str("[0]");
        }
    }
    Some(with_main(files, join(&changed)))
}

fn in_module(files: &Files) -> Option<Files> {
    let tokens = main_of(files)?;
    let (path, text) = files.first()?;
    // A file that deploys itself would do so one level deeper.
    if files.iter().any(|(path, _)| path.ends_with(".bicepparam")) || text.contains(path.as_str()) {
        return None;
    }
    // What the module would take by default is decided by the same default here, so that it stays one.
    let (mut above, mut passed) = (String::new(), String::new());
    for part in statements(&tokens) {
        let tokens = scan(&part, Syntax::Bicep);
        let has_names = ["type ", "import ", "func "].iter().any(|word| part.trim_start().starts_with(word));
        if has_names || part.contains("@secure") {
            return None;
        }
        if part.contains("targetScope") {
            above.push_str(&part);
        }
        for (_, name) in declared(&tokens).into_iter().filter(|(kind, _)| *kind == "param") {
            above.push_str(&part);
            passed.push_str(&format!("    {0}: {0}\n", tokens[name].text));
        }
    }
    let main = format!(
        "{above}\nmodule zqWhole 'zqWhole.bicep' = {{\n  name: 'whole'\n  params: {{\n{passed}  }}\n}}\n"
    );
    let mut files = files.clone();
    let whole = std::mem::replace(&mut files[0].1, main);
    files.push(("zqWhole.bicep".to_owned(), whole));
    Some(files)
}
