//! Rewrites Terraform files without changing their meaning.

use super::tokens::{Kind, Syntax, Token, before, behind, join, scan, starts_line, written};
use super::{Change, Files, Stays};
use std::collections::BTreeMap;

pub(super) const CHANGES: &[Change] = &[
    Change {
        name: "terraform: fresh names",
        stays: Stays::AllButNames,
        apply: |files| renamed(files, &["zq_one", "zq_two", "zq_three"]),
    },
    Change {
        name: "terraform: names of attributes",
        stays: Stays::AllButNames,
        apply: |files| renamed(files, &ODD),
    },
    Change { name: "terraform: reversed", stays: Stays::AllButNames, apply: reversed },
    Change { name: "terraform: commented", stays: Stays::AllButNames, apply: commented },
    Change {
        name: "terraform: literals in locals",
        stays: Stays::AllButMessages,
        apply: |files| moved(files, false),
    },
    Change {
        name: "terraform: literals in defaults",
        stays: Stays::AllButConfidence,
        apply: |files| moved(files, true),
    },
    Change { name: "terraform: counts of one", stays: Stays::AllButNames, apply: counted },
    Change { name: "terraform: in a module", stays: Stays::AllButNames, apply: in_module },
];

const ODD: [&str; 8] =
    ["network_acls", "id", "name", "ip_rules", "null_", "default_action", "each_", "subnet"];

/// All files, in one directory, as one text, and its tokens.
fn root_of(files: &Files) -> Option<Vec<Token>> {
    let is_plain = files.iter().all(|(path, text)| {
        path.ends_with(".tf")
            && !path.contains('/')
            && !text.contains("vaultmoat-ignore")
            && !path.ends_with("override.tf")
    });
    let text: String = files.iter().map(|(_, text)| format!("{text}\n")).collect();
    let has_moves = ["moved {", "import {", "removed {"].iter().any(|word| text.contains(word));
    (is_plain && !files.is_empty() && !has_moves).then(|| scan(&text, Syntax::Hcl))
}

fn only(text: String) -> Files {
    vec![("main.tf".to_owned(), text)]
}

/// The blocks at the top: the place of the first word of each, and its labels.
fn blocks(tokens: &[Token]) -> Vec<(usize, Vec<usize>, usize)> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        if tokens[at].depth != 0 || tokens[at].kind != Kind::Word || !starts_line(tokens, at) {
            continue;
        }
        let mut labels = Vec::new();
        let mut next = behind(tokens, at);
        while let Some(label) = next.filter(|next| tokens[*next].kind == Kind::Text) {
            labels.push(label);
            next = behind(tokens, label);
        }
        if let Some(open) = next.filter(|next| tokens[*next].text == "{") {
            found.push((at, labels, open));
        }
    }
    found
}

fn unquoted(text: &str) -> &str {
    text.trim_matches('"')
}

/// Whether `words` joined by dots end in this token, and no longer path begins before them.
fn ends_path(tokens: &[Token], at: usize, words: &[&str]) -> bool {
    let mut place = at;
    for (index, word) in words.iter().rev().enumerate() {
        if tokens[place].text != *word {
            return false;
        }
        if index + 1 == words.len() {
            break;
        }
        if place < 2 || tokens[place - 1].text != "." {
            return false;
        }
        place -= 2;
    }
    place == 0 || tokens[place - 1].text != "."
}

fn renamed(files: &Files, names: &[&str]) -> Option<Files> {
    let tokens = root_of(files)?;
    let mut changed = tokens.clone();
    let mut map: BTreeMap<Vec<String>, String> = BTreeMap::new();
    let mut names = names.iter();
    for (at, labels, _) in blocks(&tokens) {
        let path = match (tokens[at].text.as_str(), labels.as_slice()) {
            ("resource", [kind, name]) => vec![unquoted(&tokens[*kind].text), unquoted(&tokens[*name].text)],
            ("data", [kind, name]) => {
                vec!["data", unquoted(&tokens[*kind].text), unquoted(&tokens[*name].text)]
            }
            ("variable", [name]) => vec!["var", unquoted(&tokens[*name].text)],
            _ => continue,
        };
        let Some(name) = names.next() else { break };
        map.insert(path.into_iter().map(str::to_owned).collect(), (*name).to_owned());
        if let Some(label) = labels.last() {
            changed[*label].text = format!("\"{name}\"");
        }
    }
    for (at, token) in changed.iter_mut().enumerate() {
        for (path, name) in &map {
            let words: Vec<&str> = path.iter().map(String::as_str).collect();
            if ends_path(&tokens, at, &words) {
                token.text.clone_from(name);
            }
        }
    }
    (!map.is_empty()).then(|| only(join(&changed)))
}

/// The blocks as texts, with the comments before each.
fn parts(tokens: &[Token]) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_pending = false;
    for at in 0..tokens.len() {
        let token = &tokens[at];
        if token.depth == 0 && starts_line(tokens, at) && token.kind != Kind::Space && token.text != "}" {
            if !is_pending {
                parts.push(String::new());
            }
            is_pending = token.kind == Kind::Comment;
        }
        if let Some(last) = parts.last_mut() {
            last.push_str(&token.text);
        }
    }
    parts
}

fn reversed(files: &Files) -> Option<Files> {
    let tokens = root_of(files)?;
    let parts = parts(&tokens);
    (parts.len() > 2).then(|| only(parts.iter().rev().map(|part| format!("{}\n", part.trim_end())).collect()))
}

fn commented(files: &Files) -> Option<Files> {
    let tokens = root_of(files)?;
    let mut text = String::from("# default_action = \"Allow\"\n");
    for token in &tokens {
        match token.kind {
            Kind::Space if token.text.contains('\n') => {
                text.push_str(" // ip_rules = []");
                text.push_str(&token.text.replacen('\n', "\n# resource \"azurerm_key_vault\" \"x\" {\n", 1));
            }
            _ => text.push_str(&token.text),
        }
    }
    // Behind a heredoc's word nothing may stand.
    (!text.contains("<<")).then(|| only(text))
}

fn moved(files: &Files, is_variable: bool) -> Option<Files> {
    let tokens = root_of(files)?;
    let mut changed = tokens.clone();
    let blocks = blocks(&tokens);
    let (mut above, mut count) = (String::new(), 0);
    for (at, _, open) in &blocks {
        if tokens[*at].text != "resource" {
            continue;
        }
        let close = (open + 1..tokens.len()).find(|at| tokens[*at].text == "}" && tokens[*at].depth == 0)?;
        for at in *open..close {
            let last = before(&tokens, at);
            let key = last.and_then(|last| before(&tokens, last));
            let is_value = written(&tokens, last) == "="
                && key.is_some_and(|key| starts_line(&tokens, key) && tokens[key].kind == Kind::Word);
            let ends =
                behind(&tokens, at).is_none_or(|next| starts_line(&tokens, next) || tokens[next].text == "}");
            if tokens[at].kind != Kind::Text || !is_value || !ends {
                continue;
            }
            let name = format!("zq_literal_{count}");
            count += 1;
            match is_variable {
                true => {
                    above.push_str(&format!(
                        "variable \"{name}\" {{\n  type    = string\n  default = {}\n}}\n",
                        tokens[at].text
                    ));
                    changed[at].text = format!("var.{name}");
                }
                false => {
                    above.push_str(&format!("locals {{\n  {name} = {}\n}}\n", tokens[at].text));
                    changed[at].text = format!("local.{name}");
                }
            }
        }
    }
    (count > 0).then(|| only(format!("{}\n{above}", join(&changed))))
}

fn counted(files: &Files) -> Option<Files> {
    let tokens = root_of(files)?;
    let mut changed = tokens.clone();
    let mut names = Vec::new();
    for (at, labels, open) in blocks(&tokens) {
        let ("resource", [kind, name]) = (tokens[at].text.as_str(), labels.as_slice()) else { continue };
        let close = (open + 1..tokens.len()).find(|at| tokens[*at].text == "}" && tokens[*at].depth == 0)?;
        let body = &tokens[open..close];
        if body.iter().any(|token| ["count", "for_each"].contains(&token.text.as_str())) {
            continue;
        }
        names.push((unquoted(&tokens[*kind].text).to_owned(), unquoted(&tokens[*name].text).to_owned()));
        changed[open].text = "{\n  count = 1".to_owned();
        if !written(&tokens, Some(open + 1)).contains('\n') {
            changed[open].text.push('\n');
        }
    }
    for (at, token) in changed.iter_mut().enumerate() {
        for (kind, name) in &names {
            if ends_path(&tokens, at, &[kind, name]) {
                token.text.push_str("[0]");
            }
        }
    }
    (!names.is_empty()).then(|| only(join(&changed)))
}

fn in_module(files: &Files) -> Option<Files> {
    let tokens = root_of(files)?;
    let (mut main, mut module, mut passed) = (String::new(), String::new(), String::new());
    for part in parts(&tokens) {
        let tokens = scan(&part, Syntax::Hcl);
        let block = blocks(&tokens).into_iter().next();
        let kind = block.as_ref().map_or("", |(at, _, _)| tokens[*at].text.as_str());
        match (kind, block.as_ref().map(|(_, labels, _)| labels.as_slice())) {
            ("provider" | "terraform", _) => main.push_str(&part),
            ("variable", Some([name])) => {
                let name = unquoted(&tokens[*name].text);
                main.push_str(&part);
                module.push_str(&part);
                passed.push_str(&format!("  {name} = var.{name}\n"));
            }
            ("module", _) => return None,
            _ => module.push_str(&part),
        }
    }
    main.push_str(&format!("\nmodule \"zq_whole\" {{\n  source = \"./zq_whole\"\n{passed}}}\n"));
    Some(vec![("main.tf".to_owned(), main), ("zq_whole/main.tf".to_owned(), module)])
}
