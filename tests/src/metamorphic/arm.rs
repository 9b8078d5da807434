//! Rewrites ARM templates without changing their meaning.

use super::{Change, Files, Stays};
use serde_json::{Map, Value, json};

pub(super) const CHANGES: &[Change] = &[
    Change {
        name: "arm: keys sorted",
        stays: Stays::Everything,
        apply: |files| changed(files, |_| Some(())),
    },
    Change {
        name: "arm: resources reversed",
        stays: Stays::AllButNames,
        apply: |files| changed(files, reverse),
    },
    Change { name: "arm: commented", stays: Stays::Everything, apply: commented },
    Change {
        name: "arm: fresh names",
        stays: Stays::AllButNames,
        apply: |files| changed(files, |template| rename(template, &["zqOne", "zqTwo", "zqThree"])),
    },
    Change {
        name: "arm: names of properties",
        stays: Stays::AllButNames,
        apply: |files| {
            changed(files, |template| {
                rename(template, &["networkAcls", "resourceId", "it's ipRules", "null"])
            })
        },
    },
    Change {
        name: "arm: literals in variables",
        stays: Stays::AllButMessages,
        apply: |files| changed(files, |template| literals(template, "variables")),
    },
    Change {
        name: "arm: literals in defaults",
        stays: Stays::AllButConfidence,
        apply: |files| changed(files, |template| literals(template, "parameters")),
    },
    Change {
        name: "arm: conditions that hold",
        stays: Stays::AllButMessages,
        apply: |files| changed(files, conditional),
    },
    Change { name: "arm: loops of one", stays: Stays::AllButNames, apply: |files| changed(files, looped) },
    Change {
        name: "arm: in a nested deployment",
        stays: Stays::AllButNames,
        apply: |files| changed(files, nested),
    },
];

fn template_of(files: &Files) -> Option<Value> {
    let [(path, text)] = files.as_slice() else { return None };
    let is_template = path.ends_with(".json") && text.to_lowercase().contains("deploymenttemplate.json#");
    let template: Value = serde_json::from_str(text).ok().filter(|_| is_template)?;
    let has_own = text.contains("\"vaultmoat\"") || template.get("resources").is_none();
    (!has_own).then_some(template)
}

fn changed(files: &Files, change: impl Fn(&mut Value) -> Option<()>) -> Option<Files> {
    let mut template = template_of(files)?;
    change(&mut template)?;
    let text = serde_json::to_string_pretty(&template).ok()?;
    Some(vec![(files.first()?.0.clone(), text)])
}

fn reverse(template: &mut Value) -> Option<()> {
    let resources = template.get_mut("resources")?.as_array_mut().filter(|all| all.len() > 1)?;
    resources.reverse();
    Some(())
}

fn commented(files: &Files) -> Option<Files> {
    let template = template_of(files)?;
    let text = serde_json::to_string_pretty(&template).ok()?;
    let text = text.replace('\n', " // \"defaultAction\": \"Allow\"\n/* { */ ");
    Some(vec![(files.first()?.0.clone(), text)])
}

/// The resources of the template itself: with their children, without what nested deployments hold.
fn each_resource(resources: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    let all: Vec<&mut Value> = match resources {
        Value::Array(all) => all.iter_mut().collect(),
        Value::Object(all) => all.values_mut().collect(),
        _ => return,
    };
    for resource in all {
        let Some(resource) = resource.as_object_mut() else { continue };
        change(resource);
        if let Some(children) = resource.get_mut("resources") {
            each_resource(children, change);
        }
    }
}

fn has_nested(template: &Value) -> bool {
    template.to_string().to_lowercase().contains("microsoft.resources/deployments")
}

/// Every text in a value.
fn each_text(value: &mut Value, change: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(all) => all.iter_mut().for_each(|one| each_text(one, change)),
        Value::Object(all) => all.values_mut().for_each(|one| each_text(one, change)),
        _ => {}
    }
}

/// Changes the keys that are expressions.
fn each_key(value: &mut Value, change: &mut impl FnMut(&mut String)) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(|one| each_key(one, change)),
        Value::Object(all) => {
            for (mut key, mut value) in std::mem::take(all) {
                change(&mut key);
                each_key(&mut value, change);
                all.insert(key, value);
            }
        }
        _ => {}
    }
}

fn rename(template: &mut Value, names: &[&str]) -> Option<()> {
    if has_nested(template) {
        return None;
    }
    let mut count = 0;
    for kind in ["parameters", "variables"] {
        let Some(declared) = template.get_mut(kind).and_then(Value::as_object_mut) else { continue };
        // Copies of variables have names of their own.
        if declared.contains_key("copy") {
            continue;
        }
        let old: Vec<String> = declared.keys().cloned().collect();
        let pairs: Vec<(String, &str)> = old.into_iter().zip(names.iter().copied()).collect();
        for (old, new) in &pairs {
            let value = declared.remove(old)?;
            declared.insert((*new).to_owned(), value);
        }
        count += pairs.len();
        let mut change = |text: &mut String| {
            if !text.starts_with('[') {
                return;
            }
            for (at, (old, _)) in pairs.iter().enumerate() {
                *text = replace_in_any_case(text, &format!("{kind}('{old}')"), &format!("{kind}('#{at}')"));
            }
            for (at, (_, new)) in pairs.iter().enumerate() {
                *text = text
                    .replace(&format!("{kind}('#{at}')"), &format!("{kind}('{}')", new.replace('\'', "''")));
            }
        };
        each_text(template, &mut change);
        each_key(template, &mut change);
    }
    (count > 0).then_some(())
}

fn literals(template: &mut Value, kind: &str) -> Option<()> {
    if has_nested(template) || template.get(kind).is_some_and(|all| all.get("copy").is_some()) {
        return None;
    }
    let mut moved = Map::new();
    each_resource(template.get_mut("resources")?, &mut |resource| {
        // What a loop over properties is called must be a literal.
        let properties = resource.get_mut("properties").filter(|all| !all.to_string().contains("\"copy\""));
        let Some(properties) = properties else { return };
        each_text(properties, &mut |text| {
            if text.starts_with('[') {
                return;
            }
            let name = format!("zqLiteral{}", moved.len());
            let value = match kind {
                "parameters" => json!({ "type": "string", "defaultValue": text }),
                _ => json!(text),
            };
            moved.insert(name.clone(), value);
            *text = format!("[{kind}('{name}')]");
        });
    });
    if moved.is_empty() || (kind == "parameters" && moved.len() > 200) {
        return None;
    }
    let all = template.as_object_mut()?.entry(kind).or_insert_with(|| json!({}));
    all.as_object_mut()?.extend(moved);
    Some(())
}

fn conditional(template: &mut Value) -> Option<()> {
    each_resource(template.get_mut("resources")?, &mut |resource| {
        if resource.get("existing").is_none() {
            resource.entry("condition").or_insert_with(|| json!("[equals(1, 1)]"));
        }
    });
    Some(())
}

fn looped(template: &mut Value) -> Option<()> {
    // A symbol of a loop names a list.
    let resources = template.get_mut("resources")?.as_array_mut()?;
    let mut count = 0;
    for resource in resources {
        let Some(resource) = resource.as_object_mut() else { continue };
        let has_own = resource.contains_key("copy") || resource.contains_key("resources");
        if !has_own {
            resource.insert("copy".to_owned(), json!({ "name": format!("zq{count}"), "count": 1 }));
            count += 1;
        }
    }
    (count > 0).then_some(())
}

fn nested(template: &mut Value) -> Option<()> {
    let text = template.to_string();
    let has_own =
        has_nested(template) || text.contains("deployment(") || text.contains("subscriptionDeployment");
    if has_own || text.contains("ManagementGroupDeployment") || text.contains("tenantDeployment") {
        return None;
    }
    let whole = template.clone();
    let mut passed = Map::new();
    let mut declared = Map::new();
    for (name, parameter) in whole.get("parameters").and_then(Value::as_object).into_iter().flatten() {
        passed.insert(name.clone(), json!({ "value": format!("[parameters('{name}')]") }));
        declared.insert(name.clone(), parameter.clone());
    }
    *template = json!({
        "$schema": whole.get("$schema")?,
        "contentVersion": "1.0.0.0",
        "parameters": declared,
        "resources": [{
            "type": "Microsoft.Resources/deployments",
            "apiVersion": "2025-04-01",
            "name": "whole",
            "properties": {
                "mode": "Incremental",
                "expressionEvaluationOptions": { "scope": "inner" },
                "parameters": passed,
                "template": whole,
            },
        }],
    });
    Some(())
}

/// ARM compares names without case.
fn replace_in_any_case(text: &str, old: &str, new: &str) -> String {
    let (lower, old) = (text.to_ascii_lowercase(), old.to_ascii_lowercase());
    let mut out = String::new();
    let mut from = 0;
    while let Some(at) = lower[from..].find(&old) {
        out.push_str(&text[from..from + at]);
        out.push_str(new);
        from += at + old.len();
    }
    out.push_str(&text[from..]);
    out
}
