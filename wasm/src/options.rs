//! The options object of a project.

use js_sys::{Array, JSON, Object, Reflect, TypeError};
use vaultmoat_core::report::{Position, Range};
use vaultmoat_core::{Cloud, Ignore, Options, Profile, unknown_rule};
use wasm_bindgen::{JsCast, JsValue};

const KEYS: [&str; 7] = ["cloud", "profile", "complete", "together", "parameters", "parameter", "ignore"];
const IGNORE_KEYS: [&str; 4] = ["rule", "resource", "reason", "place"];

/// Options from a JavaScript object; `undefined` members, and `undefined` itself, mean the defaults.
pub(crate) fn decode(value: &JsValue) -> Result<Options, JsValue> {
    let mut options = Options::default();
    if value.is_undefined() {
        return Ok(options);
    }
    for (key, value) in members("options", value)? {
        match key.as_str() {
            _ if value.is_undefined() => {}
            "cloud" => options.cloud = one_of("cloud", &value, &Cloud::ALL, Cloud::name)?,
            "profile" => options.profile = one_of("profile", &value, &Profile::ALL, Profile::name)?,
            "complete" => options.complete = boolean("complete", &value)?,
            "together" => options.together = boolean("together", &value)?,
            "parameters" => options.parameters = strings("parameters", &value)?,
            "parameter" => options.parameter = texts("parameter", &value)?,
            "ignore" => options.ignore = entries("ignore", &value)?,
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

fn entries(key: &str, value: &JsValue) -> Result<Vec<Ignore>, JsValue> {
    let array = value.dyn_ref::<Array>().ok_or_else(|| mismatch(key, "an array of objects", value))?;
    array.iter().enumerate().map(|(at, entry)| ignore(&format!("{key}[{at}]"), &entry)).collect()
}

fn ignore(key: &str, value: &JsValue) -> Result<Ignore, JsValue> {
    let (mut rule, mut resource, mut reason) = (String::new(), String::new(), String::new());
    let mut written = None;
    for (name, value) in members(key, value)? {
        let key = format!("{key}.{name}");
        match name.as_str() {
            _ if value.is_undefined() => {}
            "rule" => rule = string(&key, &value)?,
            "resource" => resource = string(&key, &value)?,
            "reason" => reason = string(&key, &value)?,
            "place" => written = Some(place(&key, &value)?),
            _ => return Err(unknown(&key, &IGNORE_KEYS)),
        }
    }
    let entry = Ignore { rule, resource, reason, place: written };
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
