//! Base64, URIs and JSON.

use super::collection::field;
use super::holes::call_of;
use super::{Context, Function, Outcome, Unevaluated, arg, known, mistyped, open, partial, text_arg, wrong};
use crate::eval::value::{Kind, MAX_DEPTH, MAX_TEXT, Value};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jsonc_parser::ast;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

pub(super) const FUNCTIONS: &[Function] = &[
    known("base64", (1, 1), |args, _| Ok(Value::text(BASE64_STANDARD.encode(text_arg(args, 0)?)))),
    known("base64ToJson", (1, 1), |args, _| parse(&decoded(text_arg(args, 0)?)?)),
    known("base64ToString", (1, 1), |args, _| Ok(Value::text(decoded(text_arg(args, 0)?)?))),
    known("dataUri", (1, 1), data_uri),
    known("dataUriToString", (1, 1), data_uri_to_string),
    partial("json", (1, 1), json),
    known("uri", (2, 2), uri),
    known("uriComponent", (1, 1), uri_component),
    known("uriComponentToString", (1, 1), uri_component_to_string),
];

/// What a URI component keeps as it is, besides letters and digits.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

fn decoded(text: &str) -> Result<String, Unevaluated> {
    let Ok(bytes) = BASE64_STANDARD.decode(text.trim()) else {
        return wrong("cannot decode its argument as base64");
    };
    String::from_utf8(bytes).or_else(|_| open())
}

fn data_uri(args: &[Value], _: &Context) -> Outcome {
    let text = BASE64_STANDARD.encode(text_arg(args, 0)?);
    Ok(Value::text(format!("data:text/plain;charset=utf8;base64,{text}")))
}

fn data_uri_to_string(args: &[Value], _: &Context) -> Outcome {
    let Some(data) = text_arg(args, 0)?.strip_prefix("data:") else {
        return wrong("takes a URI that begins with `data:`");
    };
    match data.split_once(',') {
        Some((kind, data)) if kind.ends_with(";base64") => Ok(Value::text(decoded(data)?)),
        Some((_, data)) => {
            percent_decode_str(data).decode_utf8().map_or_else(|_| open(), |text| Ok(Value::text(&*text)))
        }
        None => wrong("takes a data URI with a comma before its data"),
    }
}

fn uri_component(args: &[Value], _: &Context) -> Outcome {
    Ok(Value::text(utf8_percent_encode(text_arg(args, 0)?, ESCAPED).to_string()))
}

fn uri_component_to_string(args: &[Value], _: &Context) -> Outcome {
    percent_decode_str(text_arg(args, 0)?)
        .decode_utf8()
        .map_or_else(|_| open(), |text| Ok(Value::text(&*text)))
}

/// The relative reference, seen from the base (RFC 3986, 5.2), for the plain references that templates use.
fn uri(args: &[Value], _: &Context) -> Outcome {
    let (base, relative) = (text_arg(args, 0)?, text_arg(args, 1)?);
    if relative.contains("://") {
        return Ok(Value::text(relative));
    }
    let Some((scheme, rest)) = base.split_once("://") else { return open() };
    let unusual =
        |text: &str| text.contains(['?', '#', '%', ' ']) || text.split('/').any(|part| part.starts_with('.'));
    if unusual(base) || unusual(relative) || relative.is_empty() || relative.starts_with("//") {
        return open();
    }
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, relative) = (host.to_ascii_lowercase(), relative);
    Ok(Value::text(match (relative.strip_prefix('/'), path.rsplit_once('/')) {
        (Some(relative), _) => format!("{scheme}://{host}/{relative}"),
        (None, Some((folder, _))) => format!("{scheme}://{host}/{folder}/{relative}"),
        (None, None) => format!("{scheme}://{host}/{relative}"),
    }))
}

// ---- JSON

fn json(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    match &value.kind {
        Kind::Text(text) => Ok(parse(text)?.at(value.place)),
        _ => match call_of(value, "string") {
            Some([inner]) => Ok(inner.clone()),
            _ => mistyped(value, "text"),
        },
    }
}

/// JSON as Azure reads it: single quotes and comments are accepted.
fn parse(text: &str) -> Outcome {
    let options = ParseOptions { allow_missing_commas: false, ..ParseOptions::default() };
    read(text, &options).map_or_else(|| wrong("cannot read its argument as JSON"), Ok)
}

/// JSON and nothing else; `None` for what is not, and for nothing at all.
pub(super) fn strict_json(text: &str) -> Option<Value> {
    let options = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    if text.trim().is_empty() { None } else { read(text, &options) }
}

fn read(text: &str, options: &ParseOptions) -> Option<Value> {
    if text.len() > MAX_TEXT || nesting(text) > usize::from(MAX_DEPTH) {
        return Some(Value::limit("JSON too large"));
    }
    let parsed = parse_to_ast(text, &CollectOptions::default(), options).ok()?;
    Some(parsed.value.map_or_else(Value::null, |value| from_json(&value, 0)))
}

/// How deep the brackets go; those in strings do not count. Comments may mislead it, so depth is counted again later.
fn nesting(text: &str) -> usize {
    let (mut quote, mut escaped) = (None, false);
    let (mut open, mut deepest) = (0usize, 0usize);
    for byte in text.bytes() {
        match (quote, byte) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(end), _) if byte == end => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[' | b'{') => {
                open += 1;
                deepest = deepest.max(open);
            }
            (None, b']' | b'}') => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn from_json(value: &ast::Value<'_>, depth: u16) -> Value {
    if depth > MAX_DEPTH {
        return Value::limit("JSON too deep");
    }
    match value {
        ast::Value::NullKeyword(_) => Value::null(),
        ast::Value::BooleanLit(literal) => Value::bool(literal.value),
        ast::Value::NumberLit(literal) => match literal.value.parse() {
            Ok(number) => Value::int(number),
            Err(_) => Kind::Decimal(literal.value.into()).into(),
        },
        ast::Value::StringLit(literal) => Value::text(&*literal.value),
        ast::Value::Array(array) => {
            Value::array(array.elements.iter().map(|item| from_json(item, depth + 1)).collect())
        }
        ast::Value::Object(object) => {
            let fields = object.properties.iter();
            Value::object(
                fields
                    .map(|property| field(property.name.as_str(), from_json(&property.value, depth + 1)))
                    .collect(),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, eval};

    #[test]
    fn base64_and_data_uris() {
        check(&[
            ("base64('one, two, three')", "'b25lLCB0d28sIHRocmVl'"),
            ("base64ToString('b25lLCB0d28sIHRocmVl')", "'one, two, three'"),
            ("base64ToJson(base64('{\"one\": \"a\"}'))", "{one: 'a'}"),
            ("base64ToString('%')", "!base64"),
            ("dataUriToString(dataUri('Hello'))", "'Hello'"),
            ("dataUriToString('data:,a%20b')", "'a b'"),
            ("base64(x)", "base64(parameters('x'))"),
        ]);
    }

    #[test]
    fn uris_are_combined() {
        check(&[
            ("uri('http://contoso.org/firstpath', 'myscript.sh')", "'http://contoso.org/myscript.sh'"),
            (
                "uri('http://contoso.org/firstpath/', 'myscript.sh')",
                "'http://contoso.org/firstpath/myscript.sh'",
            ),
            ("uri('http://contoso.org', 'a/b')", "'http://contoso.org/a/b'"),
            ("uri('http://contoso.org/a/b', '/c')", "'http://contoso.org/c'"),
            ("uri('http://contoso.org/a', '../c')", "uri('http://contoso.org/a', '../c')"),
            ("uriComponent('http://contoso.com/a b')", "'http%3A%2F%2Fcontoso.com%2Fa%20b'"),
            ("uriComponentToString('http%3A%2F%2F')", "'http://'"),
        ]);
    }

    #[test]
    fn a_given_value_is_json_or_text() {
        let cases = [
            ("true", "true"),
            ("[1, \"a\"]", "[1, 'a']"),
            ("kv-1", "'kv-1'"),
            ("", "''"),
            ("NaN", "'NaN'"),
            ("007", "'007'"),
        ];
        for (text, expected) in cases {
            assert_eq!(super::super::parse_given(text).normal(), expected);
        }
    }

    #[test]
    fn json_is_read() {
        check(&[
            ("json('null')", "null"),
            ("json('')", "null"),
            ("json('{\"a\": [1, 2.5, true, \"b\"]}')", "{a: [1, 2.5, true, 'b']}"),
            ("json('{')", "!as JSON"),
            ("json(string(x))", "parameters('x')"),
            ("json(x)", "json(parameters('x'))"),
        ]);
        let deep = format!("json('{}')", "[".repeat(100_000));
        assert_eq!(eval(&deep).unwrap().normal(), "limit('JSON too large')");
    }
}
