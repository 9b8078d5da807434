//! The binding as JavaScript meets it; run in Node and in a browser.
#![cfg(target_arch = "wasm32")]

use js_sys::{JSON, Reflect};
use vaultmoat_wasm::{Project, identify, rules, version};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

fn parsed(json: &str) -> JsValue {
    JSON::parse(json).expect("the test's own JSON")
}

fn refusal(options: &JsValue) -> String {
    let error = Project::new(options.clone()).err().expect("the options are refused");
    Reflect::get(&error, &"message".into()).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn count(report: &JsValue, path: [&str; 2]) -> Option<f64> {
    let part = Reflect::get(report, &path[0].into()).ok()?;
    Reflect::get(&part, &path[1].into()).ok()?.as_f64()
}

#[wasm_bindgen_test]
fn options_may_be_left_out() {
    for options in [JsValue::UNDEFINED, parsed("{}")] {
        assert!(Project::new(options).is_ok());
    }
}

#[wasm_bindgen_test]
fn every_option_is_taken() {
    let options = r#"{
        "cloud": "usgov", "profile": "strict", "complete": true, "together": false,
        "parameters": ["a.parameters.json"],
        "parameter": { "name": "kv", "count": 3, "list": [1, { "a": null }] },
        "rules": { "public-vault": "off", "broad-ip-rule": { "severity": "warning", "prefix": 20 } },
        "environment": { "policyManagedDns": true, "dnsForwarders": ["10.0.0.4"], "onPremises": ["10.0.0.0/8"],
            "runnerAddresses": ["20.1.2.3"], "runnerSubnets": ["agents"] },
        "folder": "infra/",
        "ignore": [{ "rule": "public-vault", "resource": "*", "file": "apps/**", "reason": "a demo", "place": { "file": "vaultmoat.toml", "range":
            { "start": { "line": 0, "character": 0, "offset": 0 }, "end": { "line": 1, "character": 0, "offset": 9 } } } }]
    }"#;
    assert!(Project::new(parsed(options)).is_ok());
}

#[wasm_bindgen_test]
fn unknown_and_mistyped_options_are_refused_by_name() {
    for (options, message) in [
        (r#"{"clowd": "public"}"#, "unknown option `clowd`"),
        (r#"{"cloud": "mars"}"#, "option `cloud` is one of `public`, `usgov`, `china`, not `mars`"),
        (r#"{"profile": 7}"#, "option `profile` is one of `recommended`, `strict`, not number"),
        (r#"{"complete": "yes"}"#, "option `complete` takes true or false, not string"),
        (r#"{"parameters": "a.json"}"#, "option `parameters` takes an array of strings, not string"),
        (r#"{"parameters": [null]}"#, "option `parameters` takes an array of strings, not null"),
        (r#"{"parameter": []}"#, "option `parameter` takes an object, not an array"),
        (r#"{"ignore": {}}"#, "option `ignore` takes an array of objects, not object"),
        (r#"{"ignore": [7]}"#, "option `ignore[0]` takes an object, not number"),
        (r#"{"ignore": [{ "rule": 7 }]}"#, "option `ignore[0].rule` takes a string, not number"),
        (r#"{"ignore": [{ "rul": "x" }]}"#, "unknown option `ignore[0].rul`: the options are `rule`"),
        (
            r#"{"ignore": [{ "rule": "public-valt" }]}"#,
            "option `ignore[0].rule`: there is no rule `public-valt`; did you mean `public-vault`?",
        ),
        (
            r#"{"ignore": [{ "rule": "public-vault", "resource": "*" }]}"#,
            "option `ignore[0].reason`: a reason is needed",
        ),
        (
            r#"{"ignore": [{ "place": { "file": "a" } }]}"#,
            "option `ignore[0].place` takes a file and a range in it",
        ),
        (
            r#"{"rules": { "public-valt": "off" }}"#,
            "option `rules`: there is no rule `public-valt`; did you mean `public-vault`?",
        ),
        (
            r#"{"rules": { "public-vault": "on" }}"#,
            "option `rules.public-vault` is one of `off`, `info`, `warning`, `error`, not `on`",
        ),
        (
            r#"{"rules": { "public-vault": { "prefix": 7 } }}"#,
            "unknown option `rules.public-vault.prefix`: the options are `severity`",
        ),
        (
            r#"{"rules": { "broad-ip-rule": { "prefix": 33 } }}"#,
            "option `rules.broad-ip-rule.prefix` takes a whole number from 0 to 32",
        ),
        (
            r#"{"environment": { "onPremise": [] }}"#,
            "unknown option `environment.onPremise`: the options are `policyManagedDns`",
        ),
        (
            r#"{"environment": { "onPremises": ["10.0.0.0/33"] }}"#,
            "option `environment.onPremises[0]`: `10.0.0.0/33` ",
        ),
        (
            r#"{"environment": { "runnerAddresses": ["20.1.2.0/24"] }}"#,
            "option `environment.runnerAddresses[0]`: `20.1.2.0/24` is a range; one address is needed",
        ),
        (
            r#"{"environment": { "dnsForwarders": "10.0.0.4" }}"#,
            "option `environment.dnsForwarders` takes true, false or an array of addresses, not string",
        ),
        (
            r#"{"ignore": [{ "rule": "public-vault", "resource": "*", "file": "!x", "reason": "a demo" }]}"#,
            "option `ignore[0].file`: a pattern for paths is needed",
        ),
        ("[]", "option `options` takes an object, not an array"),
        ("null", "option `options` takes an object, not null"),
    ] {
        let refused = refusal(&parsed(options));
        assert!(refused.starts_with(message), "{options}: {refused}");
    }
}

#[wasm_bindgen_test]
fn reports_are_plain_objects_with_camel_case_names() {
    let project = Project::new(JsValue::UNDEFINED).expect("a project");
    let report = project.check().expect("a report");
    assert_eq!(count(&report, ["summary", "vaults"]), Some(0.0));
    let model = project.model().expect("a model");
    assert_eq!(count(&model, ["privateEndpoints", "length"]), Some(0.0));
}

fn template(location: &str) -> String {
    format!(
        r#"{{
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "resources": [{{
                "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "kv",
                "location": {location}, "properties": {{}}
            }}]
        }}"#
    )
}

#[wasm_bindgen_test]
fn integers_that_a_number_would_round_are_text() {
    for (written, shown) in [
        ("9007199254740991", "9007199254740991"),
        ("-9007199254740991", "-9007199254740991"),
        ("9007199254740993", r#""9007199254740993""#),
        ("-9223372036854775808", r#""-9223372036854775808""#),
    ] {
        let project = Project::new(JsValue::UNDEFINED).expect("a project");
        project.set("main.json", &template(written)).expect("set");
        let model = JSON::stringify(&project.model().expect("a model")).expect("plain data");
        assert!(String::from(model).contains(&format!(r#""location":{shown},"#)), "{written}");
    }
}

#[wasm_bindgen_test]
fn files_come_and_go() {
    let template = template(r#""westeurope""#);
    assert_eq!(identify("main.json", &template).as_deref(), Some("arm"));
    let project = Project::new(JsValue::UNDEFINED).expect("a project");
    project.set("main.json", &template).expect("set");
    assert_eq!(count(&project.check().expect("a report"), ["summary", "vaults"]), Some(1.0));
    project.remove("main.json").expect("remove");
    assert_eq!(count(&project.check().expect("a report"), ["summary", "files"]), Some(0.0));
}

#[wasm_bindgen_test]
fn fixes_are_edits_per_file_and_their_options_are_checked() {
    let project = Project::new(JsValue::UNDEFINED).expect("a project");
    project.set("main.json", &template("null")).expect("set");
    for options in [JsValue::UNDEFINED, parsed(r#"{"rules": ["public-vault"], "unsafe": true}"#)] {
        assert!(js_sys::Array::is_array(&project.fix(options).expect("fixes")));
    }
    for (options, message) in [
        (r#"{"rule": []}"#, "unknown option `rule`: the options are `rules`, `unsafe`"),
        (r#"{"rules": ["no-such-rule"]}"#, "option `rules`: there is no rule `no-such-rule`"),
        (r#"{"unsafe": 1}"#, "option `unsafe` takes true or false, not number"),
    ] {
        let error = project.fix(parsed(options)).expect_err("the options are refused");
        let refused = Reflect::get(&error, &"message".into()).ok().and_then(|text| text.as_string());
        assert_eq!(refused.as_deref(), Some(message));
    }
}

#[wasm_bindgen_test]
fn a_hundred_thousand_refusals_leak_nothing() {
    let options = parsed(r#"{"parameters": [{}]}"#);
    let pages = || core::arch::wasm32::memory_size(0);
    for _ in 0..1_000 {
        refusal(&options);
    }
    let before = pages();
    for _ in 0..100_000 {
        refusal(&options);
    }
    assert!(pages() <= before + 1, "{before} pages became {}", pages());
}

#[wasm_bindgen_test]
fn rules_and_version_answer() {
    assert!(js_sys::Array::is_array(&rules().expect("rules")));
    assert_eq!(version(), env!("CARGO_PKG_VERSION"));
}
