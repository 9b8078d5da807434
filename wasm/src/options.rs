//! The options object of a project.

use js_sys::{Array, JSON, Object, Reflect, TypeError};
use vaultmoat_core::report::{Position, Range};
use vaultmoat_core::{
    Cloud, DnsForwarders, Ignore, Level, Options, Profile, RuleSetting, Site, unknown_rule,
};
use wasm_bindgen::{JsCast, JsValue};

const KEYS: [&str; 11] = [
    "cloud",
    "profile",
    "complete",
    "together",
    "before",
    "parameters",
    "parameter",
    "rules",
    "environment",
    "ignore",
    "folder",
];
const IGNORE_KEYS: [&str; 5] = ["rule", "resource", "file", "reason", "place"];
const ENVIRONMENT_KEYS: [&str; 5] =
    ["policyManagedDns", "dnsForwarders", "onPremises", "runnerAddresses", "runnerSubnets"];
/// The rule that takes a prefix.
const WITH_PREFIX: &str = "broad-ip-rule";

/// Options from a JavaScript object; `undefined` members, and `undefined` itself, mean the defaults.
pub(crate) fn decode(value: &JsValue) -> Result<Options, JsValue> {
    let mut options = Options::default();
    if value.is_undefined() {
        return Ok(options);
    }
    for (key, value) in members("options", value)? {
        match key.as_str() {
            _ if value.is_undefined() => {}
            "cloud" => options.cloud = Some(one_of("cloud", &value, &Cloud::ALL, Cloud::name)?),
            "profile" => options.profile = one_of("profile", &value, &Profile::ALL, Profile::name)?,
            "complete" => options.complete = boolean("complete", &value)?,
            "together" => options.together = boolean("together", &value)?,
            "before" => options.before = boolean("before", &value)?,
            "parameters" => options.parameters = strings("parameters", &value)?,
            "parameter" => options.parameter = texts("parameter", &value)?,
            "rules" => options.rules = settings("rules", &value)?.into(),
            "environment" => options.environment = site("environment", &value)?,
            "ignore" => options.ignore = entries("ignore", &value)?,
            "folder" => options.folder = string("folder", &value)?,
            _ => return Err(unknown(&key, &KEYS)),
        }
    }
    Ok(options)
}

/// Which rules are fixed, by slug (none: every rule), and whether by unsafe fixes too.
pub(crate) fn decode_fix(value: &JsValue) -> Result<(Vec<String>, bool), JsValue> {
    let (mut rules, mut unsafe_fixes) = (Vec::new(), false);
    if value.is_undefined() {
        return Ok((rules, unsafe_fixes));
    }
    for (key, value) in members("options", value)? {
        match key.as_str() {
            _ if value.is_undefined() => {}
            "rules" => rules = strings("rules", &value)?,
            "unsafe" => unsafe_fixes = boolean("unsafe", &value)?,
            _ => return Err(unknown(&key, &["rules", "unsafe"])),
        }
    }
    match rules.iter().find_map(|slug| unknown_rule(slug)) {
        Some(unknown) => Err(refuse(&format!("option `rules`: {unknown}"))),
        None => Ok((rules, unsafe_fixes)),
    }
}

fn one_of<T: Copy>(
    key: &str,
    value: &JsValue,
    choices: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, JsValue> {
    let given = value.as_string();
    let chosen = choices.iter().find(|choice| Some(name(**choice)) == given.as_deref());
    chosen.copied().ok_or_else(|| {
        let given = given.map_or_else(|| kind(value), |text| format!("`{text}`"));
        let names = listed(choices.iter().map(|choice| name(*choice)));
        refuse(&format!("option `{key}` is one of {names}, not {given}"))
    })
}

fn unknown(key: &str, known: &[&str]) -> JsValue {
    refuse(&format!("unknown option `{key}`: the options are {}", listed(known.iter().copied())))
}

fn boolean(key: &str, value: &JsValue) -> Result<bool, JsValue> {
    value.as_bool().ok_or_else(|| mismatch(key, "true or false", value))
}

fn strings(key: &str, value: &JsValue) -> Result<Vec<String>, JsValue> {
    let expected = "an array of strings";
    let array = value.dyn_ref::<Array>().ok_or_else(|| mismatch(key, expected, value))?;
    array.iter().map(|item| item.as_string().ok_or_else(|| mismatch(key, expected, &item))).collect()
}

/// Strings as they are, everything else as its JSON text.
fn texts(key: &str, value: &JsValue) -> Result<Vec<(String, String)>, JsValue> {
    let text = |name: &str, value: &JsValue| {
        let text = match value.as_string() {
            Some(text) => Some(text),
            None => JSON::stringify(value)?.as_string(),
        };
        text.ok_or_else(|| mismatch(&format!("{key}.{name}"), "a JSON value", value))
    };
    members(key, value)?
        .into_iter()
        .map(|(name, value)| text(&name, &value).map(|text| (name, text)))
        .collect()
}

/// Levels by rule, or objects of `{ severity, prefix }`.
fn settings(key: &str, value: &JsValue) -> Result<Vec<(String, RuleSetting)>, JsValue> {
    let mut found = Vec::new();
    for (slug, value) in members(key, value)? {
        if value.is_undefined() {
            continue;
        }
        if let Some(unknown) = unknown_rule(&slug) {
            return Err(refuse(&format!("option `{key}`: {unknown}")));
        }
        let setting = setting(&format!("{key}.{slug}"), &value, slug == WITH_PREFIX)?;
        found.push((slug, setting));
    }
    Ok(found)
}

fn setting(key: &str, value: &JsValue, has_prefix: bool) -> Result<RuleSetting, JsValue> {
    let level = |key: &str, value: &JsValue| one_of(key, value, &Level::ALL, Level::name).map(Some);
    let mut setting = RuleSetting::default();
    if !value.is_object() {
        return Ok(RuleSetting { level: level(key, value)?, ..setting });
    }
    for (name, value) in members(key, value)? {
        let key = format!("{key}.{name}");
        match name.as_str() {
            _ if value.is_undefined() => {}
            "severity" => setting.level = level(&key, &value)?,
            "prefix" if has_prefix => setting.prefix = Some(prefix(&key, &value)?),
            _ if has_prefix => return Err(unknown(&key, &["severity", "prefix"])),
            _ => return Err(unknown(&key, &["severity"])),
        }
    }
    Ok(setting)
}

fn prefix(key: &str, value: &JsValue) -> Result<u8, JsValue> {
    let mut known = 0..=32u8;
    let given = value.as_f64();
    known
        .find(|prefix| given == Some(f64::from(*prefix)))
        .ok_or_else(|| refuse(&format!("option `{key}` takes a whole number from 0 to 32")))
}

fn site(key: &str, value: &JsValue) -> Result<Site, JsValue> {
    let mut found = Site::default();
    for (name, value) in members(key, value)? {
        let key = format!("{key}.{name}");
        match name.as_str() {
            _ if value.is_undefined() => {}
            "policyManagedDns" => found.policy_managed_dns = boolean(&key, &value)?,
            "dnsForwarders" => {
                found.dns_forwarders = match value.as_bool() {
                    Some(true) => DnsForwarders::All,
                    Some(false) => DnsForwarders::Unknown,
                    None if Array::is_array(&value) => {
                        DnsForwarders::These(parsed(&key, &value, Site::address)?)
                    }
                    None => return Err(mismatch(&key, "true, false or an array of addresses", &value)),
                }
            }
            "onPremises" => found.on_premises = parsed(&key, &value, Site::net)?,
            "runnerAddresses" => found.runner_addresses = parsed(&key, &value, Site::address)?,
            "runnerSubnets" => found.runner_subnets = strings(&key, &value)?,
            _ => return Err(unknown(&key, &ENVIRONMENT_KEYS)),
        }
    }
    Ok(found)
}

/// What the texts of an array mean.
fn parsed<T>(key: &str, value: &JsValue, parse: fn(&str) -> Result<T, String>) -> Result<Vec<T>, JsValue> {
    let texts = strings(key, value)?.into_iter().enumerate();
    let parse = |(at, text): (usize, String)| {
        parse(&text).map_err(|why| refuse(&format!("option `{key}[{at}]`: `{text}` {why}")))
    };
    texts.map(parse).collect()
}

fn entries(key: &str, value: &JsValue) -> Result<Vec<Ignore>, JsValue> {
    let array = value.dyn_ref::<Array>().ok_or_else(|| mismatch(key, "an array of objects", value))?;
    array.iter().enumerate().map(|(at, entry)| ignore(&format!("{key}[{at}]"), &entry)).collect()
}

fn ignore(key: &str, value: &JsValue) -> Result<Ignore, JsValue> {
    let (mut rule, mut resource, mut reason) = (String::new(), String::new(), String::new());
    let (mut file, mut written) = (None, None);
    for (name, value) in members(key, value)? {
        let key = format!("{key}.{name}");
        match name.as_str() {
            _ if value.is_undefined() => {}
            "rule" => rule = string(&key, &value)?,
            "resource" => resource = string(&key, &value)?,
            "file" => file = Some(string(&key, &value)?),
            "reason" => reason = string(&key, &value)?,
            "place" => written = Some(place(&key, &value)?),
            _ => return Err(unknown(&key, &IGNORE_KEYS)),
        }
    }
    let entry = Ignore { rule, resource, file, reason, place: written };
    match entry.fault() {
        Some((name, why)) => Err(refuse(&format!("option `{key}.{name}`: {why}"))),
        None => Ok(entry),
    }
}

/// `{ file, range }`, as in reports.
fn place(key: &str, value: &JsValue) -> Result<(String, Range), JsValue> {
    let part = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let position = |value: JsValue| {
        let number = |name: &str| {
            let given =
                part(&value, name).as_f64().filter(|number| (0.0..=f64::from(u32::MAX)).contains(number));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was looked at")]
            given.map(|number| number as u32)
        };
        Some(Position { line: number("line")?, character: number("character")?, offset: number("offset")? })
    };
    let range = part(value, "range");
    let (file, start, end) =
        (part(value, "file").as_string(), position(part(&range, "start")), position(part(&range, "end")));
    match (file, start, end) {
        (Some(file), Some(start), Some(end)) => Ok((file, Range { start, end })),
        _ => Err(mismatch(key, "a file and a range in it, as reports give them", value)),
    }
}

fn string(key: &str, value: &JsValue) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| mismatch(key, "a string", value))
}

fn members(key: &str, value: &JsValue) -> Result<Vec<(String, JsValue)>, JsValue> {
    let object = value.dyn_ref::<Object>().filter(|object| !Array::is_array(object) && !object.is_function());
    let object = object.ok_or_else(|| mismatch(key, "an object", value))?;
    let member = |entry: JsValue| {
        let entry: Array = entry.unchecked_into();
        (entry.get(0).as_string().unwrap_or_default(), entry.get(1))
    };
    Ok(Object::entries(object).iter().map(member).collect())
}

fn mismatch(key: &str, expected: &str, value: &JsValue) -> JsValue {
    refuse(&format!("option `{key}` takes {expected}, not {}", kind(value)))
}

fn refuse(message: &str) -> JsValue {
    TypeError::new(message).into()
}

fn kind(value: &JsValue) -> String {
    if value.is_null() {
        return "null".to_owned();
    }
    if Array::is_array(value) {
        return "an array".to_owned();
    }
    value.js_typeof().as_string().unwrap_or_default()
}

fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
