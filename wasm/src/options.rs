//! The options object of a project.

use js_sys::{Array, JSON, Object, Reflect, TypeError};
use std::net::Ipv4Addr;
use vaultmoat_core::net::Ipv4Net;
use vaultmoat_core::report::{Position, Range};
use vaultmoat_core::sorted::Map;
use vaultmoat_core::{
    Cloud, DnsForwarders, Ignore, Level, Options, Profile, RuleSetting, Site, unknown_rule,
};
use wasm_bindgen::{JsCast, JsValue};

const IGNORE_KEYS: [&str; 5] = ["rule", "resource", "file", "reason", "place"];
/// The rule that takes a prefix.
const WITH_PREFIX: &str = "broad-ip-rule";

/// The functions that read an object with a member for each row of a table.
macro_rules! reader {
    ($name:ident($of:ty): $(
        $(#[$doc:meta])* $field:ident: $kind:ident $(, configuration $($default:literal)?)?
        $(, argument $($word:literal)?)?;)*) => {
        fn $name(key: &str, value: &JsValue) -> Result<$of, JsValue> {
            let mut found = <$of>::default();
            for (name, value) in members(key, value)? {
                let key = if key == OPTIONS { name.clone() } else { format!("{key}.{name}") };
                match name {
                    _ if value.is_undefined() => {}
                    $(_ if name == camel(stringify!($field)) => found.$field = $kind(&key, &value)?,)*
                    _ => return Err(unknown(&key, &[$(&camel(stringify!($field))),*])),
                }
            }
            Ok(found)
        }
    };
}

macro_rules! project_reader {
    ($($row:tt)*) => { reader! { project(Options): $($row)* } };
}

macro_rules! site_reader {
    ($($row:tt)*) => { reader! { site(Site): $($row)* } };
}

vaultmoat_core::options!(project_reader);
vaultmoat_core::environment_options!(site_reader);

/// What the outermost object is called in errors.
const OPTIONS: &str = "options";

/// Options from a JavaScript object; `undefined` members, and `undefined` itself, mean the defaults.
pub(crate) fn decode(value: &JsValue) -> Result<Options, JsValue> {
    if value.is_undefined() { Ok(Options::default()) } else { project(OPTIONS, value) }
}

/// `dns_forwarders` as `dnsForwarders`.
fn camel(name: &str) -> String {
    let mut camel = String::new();
    for (at, part) in name.split('_').enumerate() {
        let mut letters = part.chars();
        camel.extend(letters.next().map(|letter| if at == 0 { letter } else { letter.to_ascii_uppercase() }));
        camel.extend(letters);
    }
    camel
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
            "rules" => rules = texts("rules", &value)?,
            "unsafe" => unsafe_fixes = flag("unsafe", &value)?,
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

fn flag(key: &str, value: &JsValue) -> Result<bool, JsValue> {
    value.as_bool().ok_or_else(|| mismatch(key, "true or false", value))
}

fn texts(key: &str, value: &JsValue) -> Result<Vec<String>, JsValue> {
    let expected = "an array of strings";
    let array = value.dyn_ref::<Array>().ok_or_else(|| mismatch(key, expected, value))?;
    array.iter().map(|item| item.as_string().ok_or_else(|| mismatch(key, expected, &item))).collect()
}

/// Strings as they are, everything else as its JSON text.
fn values(key: &str, value: &JsValue) -> Result<Vec<(String, String)>, JsValue> {
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
fn levels(key: &str, value: &JsValue) -> Result<Map<String, RuleSetting>, JsValue> {
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
    Ok(found.into())
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

fn cloud(key: &str, value: &JsValue) -> Result<Option<Cloud>, JsValue> {
    one_of(key, value, &Cloud::ALL, Cloud::name).map(Some)
}

fn profile(key: &str, value: &JsValue) -> Result<Profile, JsValue> {
    one_of(key, value, &Profile::ALL, Profile::name)
}

fn paths(key: &str, value: &JsValue) -> Result<Vec<String>, JsValue> {
    texts(key, value)
}

fn forwarders(key: &str, value: &JsValue) -> Result<DnsForwarders, JsValue> {
    match value.as_bool() {
        Some(true) => Ok(DnsForwarders::All),
        Some(false) => Ok(DnsForwarders::Unknown),
        None if Array::is_array(value) => addresses(key, value).map(DnsForwarders::These),
        None => Err(mismatch(key, "true, false or an array of addresses", value)),
    }
}

fn addresses(key: &str, value: &JsValue) -> Result<Vec<Ipv4Addr>, JsValue> {
    parsed(key, value, Site::address)
}

fn networks(key: &str, value: &JsValue) -> Result<Vec<Ipv4Net>, JsValue> {
    parsed(key, value, Site::net)
}

/// What the texts of an array mean.
fn parsed<T>(key: &str, value: &JsValue, parse: fn(&str) -> Result<T, String>) -> Result<Vec<T>, JsValue> {
    let texts = texts(key, value)?.into_iter().enumerate();
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
            "rule" => rule = text(&key, &value)?,
            "resource" => resource = text(&key, &value)?,
            "file" => file = Some(text(&key, &value)?),
            "reason" => reason = text(&key, &value)?,
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

fn text(key: &str, value: &JsValue) -> Result<String, JsValue> {
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
