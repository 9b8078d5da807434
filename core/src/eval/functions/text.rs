//! Functions on text. Positions and lengths count UTF-16 code units, as in Azure.

use super::holes::{
    self, Side, as_call, as_pieces, folded, is_resource_id, is_text, least_length, length, lower,
    may_contain, may_hold, slice, upper,
};
use super::{
    Context, Function, Outcome, Unevaluated, arg, int_arg, mistyped, open, partial, text_arg, verdict, wrong,
};
use crate::eval::value::{Kind, MAX_ITEMS, MAX_TEXT, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    partial("endsWith", (2, 2), ends_with),
    partial("join", (2, 2), join),
    partial("padLeft", (2, 3), pad_left),
    partial("like", (2, 2), like),
    partial("replace", (3, 3), replace),
    partial("split", (2, 2), split),
    partial("startsWith", (2, 2), starts_with),
    partial("string", (1, 1), string),
    partial("substring", (2, 3), substring),
    partial("toLower", (1, 1), to_lower),
    partial("toUpper", (1, 1), to_upper),
    partial("trim", (1, 1), trim),
];

// ---- case

fn to_lower(args: &[Value], _: &Context) -> Outcome {
    each_piece(arg(args, 0)?, &|text| text.chars().map(lower).collect(), &|hole| match as_call(hole) {
        Some(("toLower" | "uniqueString" | "guid" | "newGuid", _)) => hole.clone(),
        Some(("toUpper", [inner])) => Value::call("toLower", vec![inner.clone()]),
        _ => Value::call("toLower", vec![hole.clone()]),
    })
}

fn to_upper(args: &[Value], _: &Context) -> Outcome {
    each_piece(arg(args, 0)?, &|text| text.chars().map(upper).collect(), &|hole| match as_call(hole) {
        Some(("toUpper", _)) => hole.clone(),
        Some(("toLower", [inner])) => Value::call("toUpper", vec![inner.clone()]),
        _ => Value::call("toUpper", vec![hole.clone()]),
    })
}

/// Applies a function that works on each piece of a text by itself.
fn each_piece(value: &Value, known: &dyn Fn(&str) -> String, hole: &dyn Fn(&Value) -> Value) -> Outcome {
    let whole = std::slice::from_ref(value);
    let pieces = match &value.kind {
        Kind::Text(text) => return Ok(Value::text(known(text)).at(value.place)),
        Kind::Term(_) => as_pieces(value).unwrap_or(whole),
        _ => return mistyped(value, "text"),
    };
    let mapped = pieces.iter().map(|piece| match piece.as_text() {
        Some(text) => Value::text(known(text)),
        None => hole(piece),
    });
    Ok(Value::concat(&mapped.collect::<Vec<_>>()))
}

// ---- looking

fn starts_with(args: &[Value], _: &Context) -> Outcome {
    let text = arg(args, 0)?;
    affixed(text, arg(args, 1)?, &|text, affix| text.starts_with(affix), Side::Start)
}

fn ends_with(args: &[Value], _: &Context) -> Outcome {
    let text = arg(args, 0)?;
    affixed(text, arg(args, 1)?, &|text, affix| text.ends_with(affix), Side::End)
}

/// Without case. The known end of text with holes decides when it is long enough, or differs already.
fn affixed(text: &Value, affix: &Value, holds: &dyn Fn(&str, &str) -> bool, side: Side) -> Outcome {
    if let (false, true) = (matches!(text.kind, Kind::Term(_)), text.as_text().is_none()) {
        return mistyped(text, "text");
    }
    let Some(affix) = affix.as_text() else { return mistyped(affix, "text") };
    if affix.is_empty() {
        return Ok(Value::bool(true));
    }
    let affix = folded(affix);
    if let Some(text) = text.as_text() {
        return Ok(Value::bool(holds(&folded(text), &affix)));
    }
    let Some(pieces) = as_pieces(text) else { return open() };
    let end = if side == Side::Start { pieces.first() } else { pieces.last() };
    let known = end.and_then(Value::as_text).map(folded);
    if known.is_some_and(|known| holds(&known, &affix)) {
        return Ok(Value::bool(true));
    }
    // `kv-` followed by anything may start with `kv-a`, but not with `vault`.
    verdict((!may_hold(pieces, &affix, side)).then_some(false))
}

// ---- cutting

fn substring(args: &[Value], _: &Context) -> Outcome {
    let text = arg(args, 0)?;
    if text.is_known() && text.as_text().is_none() {
        return mistyped(text, "text");
    }
    let start = int_arg(args, 1)?;
    let count = if args.len() > 2 { Some(int_arg(args, 2)?) } else { None };
    let wanted = (usize::try_from(start), count.map(usize::try_from).transpose());
    let (Ok(start), Ok(count)) = wanted else {
        return wrong("counts from 0: neither its start nor its length can be negative");
    };
    if let Some(length) = length(text) {
        let end = start.saturating_add(count.unwrap_or(0));
        if end > length {
            return wrong(format!("reads {end} characters of a text that has {length}"));
        }
    }
    if as_pieces(text).is_none() && text.as_text().is_none() {
        return open();
    }
    slice(text, start, count, cut).ok_or(Unevaluated::Open)
}

fn cut(hole: &Value, skip: usize, take: Option<usize>) -> Value {
    let number = |count: usize| Value::int(i64::try_from(count).unwrap_or(i64::MAX));
    let mut args = vec![hole.clone(), number(skip)];
    args.extend(take.map(number));
    Value::call("substring", args)
}

fn trim(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    if let Some(text) = value.as_text() {
        return Ok(Value::text(text.trim()).at(value.place));
    }
    let Some(pieces) = as_pieces(value) else { return mistyped(value, "text") };
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return open() };
    let trimmed = |piece: &Value, cut: fn(&str) -> &str| match piece.as_text().map(cut) {
        // The white space may go on in the hole.
        Some("") => None,
        Some(text) => Some(Value::text(text)),
        None => (!may_contain(piece, ' ')).then(|| piece.clone()),
    };
    let (Some(first), Some(last)) = (trimmed(first, str::trim_start), trimmed(last, str::trim_end)) else {
        return open();
    };
    let mut pieces = pieces.to_vec();
    if let Some(piece) = pieces.first_mut() {
        *piece = first;
    }
    if let Some(piece) = pieces.last_mut() {
        *piece = last;
    }
    Ok(Value::concat(&pieces))
}

// ---- taking apart and joining

fn split(args: &[Value], _: &Context) -> Outcome {
    let (value, delimiter) = (arg(args, 0)?, arg(args, 1)?);
    let delimiters: Vec<&str> = match &delimiter.kind {
        Kind::Text(text) => vec![text],
        Kind::Array(array) => match array.items().iter().map(Value::as_text).collect() {
            Some(texts) => texts,
            None => return open(),
        },
        _ => return mistyped(delimiter, "text or an array of text as its delimiter"),
    };
    let delimiters: Vec<&str> = delimiters.into_iter().filter(|text| !text.is_empty()).collect();
    if let Some(text) = value.as_text() {
        let parts = split_text(text, &delimiters)?;
        return Ok(Value::array(parts.into_iter().map(Value::text).collect()).at(value.place));
    }
    let whole = std::slice::from_ref(value);
    let pieces = match &value.kind {
        Kind::Term(_) => as_pieces(value).unwrap_or(whole),
        _ => return mistyped(value, "text"),
    };
    // A name in a resource id is one segment; other holes may hold a delimiter unless their alphabet lacks it.
    let by_segment = delimiters == ["/"] && is_resource_id(pieces);
    let single = delimiters.iter().all(|delimiter| delimiter.chars().nth(1).is_none());
    let lacks = |hole: &Value| {
        delimiters.iter().flat_map(|delimiter| delimiter.chars()).all(|c| !may_contain(hole, c))
    };
    let by_alphabet = single && pieces.iter().all(|piece| piece.as_text().is_some() || lacks(piece));
    if !by_segment && !by_alphabet {
        return open();
    }
    Ok(Value::array(split_pieces(pieces, &delimiters)?).at(value.place))
}

/// Splits the known pieces of a text; its holes have no delimiter in them.
pub(super) fn split_pieces(pieces: &[Value], delimiters: &[&str]) -> Result<Vec<Value>, Unevaluated> {
    let mut parts: Vec<Vec<Value>> = vec![Vec::new()];
    for piece in pieces {
        let texts = match piece.as_text() {
            Some(text) => split_text(text, delimiters)?.into_iter().map(Value::text).collect(),
            None => vec![piece.clone()],
        };
        for (at, text) in texts.into_iter().enumerate() {
            match parts.last_mut().filter(|_| at == 0) {
                Some(part) => part.push(text),
                None => parts.push(vec![text]),
            }
        }
    }
    Ok(parts.iter().map(|part| Value::concat(part)).collect())
}

fn split_text<'t>(text: &'t str, delimiters: &[&str]) -> Result<Vec<&'t str>, Unevaluated> {
    let mut parts = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some(tail) = rest.get(from..).filter(|tail| !tail.is_empty()) {
        if let Some(delimiter) = delimiters.iter().find(|delimiter| tail.starts_with(**delimiter)) {
            parts.push(rest.get(..from).unwrap_or_default());
            rest = tail.get(delimiter.len()..).unwrap_or_default();
            from = 0;
            if parts.len() > MAX_ITEMS {
                return open();
            }
        } else {
            from += tail.chars().next().map_or(1, char::len_utf8);
        }
    }
    parts.push(rest);
    Ok(parts)
}

fn join(args: &[Value], _: &Context) -> Outcome {
    let (list, delimiter) = (arg(args, 0)?, arg(args, 1)?);
    let Some(items) = list.as_array() else { return mistyped(list, "an array") };
    if delimiter.is_known() && delimiter.as_text().is_none() {
        return mistyped(delimiter, "text as its delimiter");
    }
    if items.iter().any(|item| matches!(item.kind, Kind::Array(_) | Kind::Object(_))) {
        return open();
    }
    let mut pieces = Vec::new();
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            pieces.push(delimiter.clone());
        }
        pieces.push(item.clone());
    }
    Ok(Value::concat(&pieces))
}

fn replace(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    if value.is_known() && value.as_text().is_none() {
        return mistyped(value, "text");
    }
    let old = text_arg(args, 1)?;
    if old.is_empty() {
        return wrong("cannot replace empty text");
    }
    // What does not occur is replaced by nothing, whatever that would be.
    if lacks(value, old) {
        return Ok(value.clone());
    }
    let new = text_arg(args, 2)?;
    if let Some(text) = value.as_text() {
        return Ok(replaced(text, old, new).at(value.place));
    }
    let whole = std::slice::from_ref(value);
    let pieces = as_pieces(value).unwrap_or(whole);
    if pieces.len() > 1 && !stays_inside(pieces, old) {
        return open();
    }
    let mapped = pieces.iter().map(|piece| match piece.as_text() {
        Some(text) => replaced(text, old, new),
        None if old.chars().any(|c| !may_contain(piece, c)) => piece.clone(),
        None => Value::call("replace", vec![piece.clone(), Value::text(old), Value::text(new)]),
    });
    Ok(Value::concat(&mapped.collect::<Vec<_>>()))
}

/// Whether no match can begin in one piece and end in another.
fn stays_inside(pieces: &[Value], old: &str) -> bool {
    if old.chars().nth(1).is_none() {
        return true;
    }
    let inner = || old.char_indices().skip(1).map(|(at, _)| at);
    let cut = |at| (old.get(..at).unwrap_or_default(), old.get(at..).unwrap_or_default());
    let apart = |text: &str| {
        !old.contains(text)
            && inner().map(cut).all(|(head, tail)| !text.ends_with(head) && !text.starts_with(tail))
    };
    let mut after_hole = false;
    pieces.iter().all(|piece| match piece.as_text() {
        Some(text) => {
            after_hole = false;
            apart(text)
        }
        None => !std::mem::replace(&mut after_hole, true),
    })
}

/// Whether this is text that surely does not have the other in it.
fn lacks(value: &Value, other: &str) -> bool {
    match (value.as_text(), as_pieces(value)) {
        (Some(text), _) => !text.contains(other),
        (None, Some(pieces)) => !may_hold(pieces, other, Side::Anywhere),
        (None, None) => false,
    }
}

/// Whether a text is one that a pattern with `*` for any text describes. Where case or other signs of the pattern could
/// decide it is open.
fn like(args: &[Value], _: &Context) -> Outcome {
    let (text, pattern) = (text_arg(args, 0)?, text_arg(args, 1)?);
    if pattern.contains(['?', '[', '\\', '%', '_']) {
        return open();
    }
    let pieces: Vec<&str> = pattern.split('*').collect();
    let matches = |text: &str, pieces: &[&str]| {
        let ([first, inner @ .., last], true) = (pieces, pieces.len() > 1) else {
            return pieces.first().is_some_and(|only| *only == text);
        };
        let rest = text.strip_prefix(first).and_then(|rest| rest.strip_suffix(last));
        let step = |rest: &'_ str, piece: &&str| rest.split_once(piece).map(|(_, behind)| behind.to_owned());
        rest.is_some_and(|rest| {
            inner.iter().try_fold(rest.to_owned(), |rest, piece| step(&rest, piece)).is_some()
        })
    };
    let lower: Vec<String> = pieces.iter().map(|piece| folded(piece)).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let (exact, without_case) = (matches(text, &pieces), matches(&folded(text), &lower));
    verdict((exact == without_case).then_some(exact))
}

fn replaced(text: &str, old: &str, new: &str) -> Value {
    let grown = new.len().saturating_sub(old.len());
    if grown > 0 && text.len().saturating_add(text.matches(old).count().saturating_mul(grown)) > MAX_TEXT {
        return Value::limit("text too long");
    }
    Value::text(text.replace(old, new))
}

// ---- turning into text

fn string(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    match &value.kind {
        Kind::Text(_) => Ok(value.clone()),
        Kind::Bool(_) | Kind::Int(_) | Kind::Decimal(_) => {
            Ok(Value::concat(std::slice::from_ref(value)).at(value.place))
        }
        Kind::Array(_) | Kind::Object(_) if value.is_closed() => {
            let mut json = String::new();
            write_json(value, &mut json);
            Ok(Value::text(json).at(value.place).assuming(&holes::assumptions(value)))
        }
        _ if is_text(value) => Ok(value.clone()),
        _ => open(),
    }
}

/// Compact JSON of a closed value.
fn write_json(value: &Value, out: &mut String) {
    // Past the cap of texts the rest is not looked at.
    if out.len() > MAX_TEXT {
        return;
    }
    match &value.kind {
        Kind::Array(array) => {
            out.push('[');
            for (at, item) in array.items().iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_json(item, out);
            }
            out.push(']');
        }
        Kind::Object(object) => {
            out.push('{');
            for (at, field) in object.fields().iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_json_text(&field.key, out);
                out.push(':');
                write_json(&field.value, out);
            }
            out.push('}');
        }
        Kind::Text(text) => write_json_text(text, out),
        _ => out.push_str(&value.normal()),
    }
}

fn write_json_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

fn pad_left(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    let total = match usize::try_from(int_arg(args, 1)?) {
        Ok(total) => total,
        Err(_) => return wrong("cannot pad to a negative length"),
    };
    let filler = match args.get(2) {
        Some(_) => {
            let mut chars = text_arg(args, 2)?.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => c,
                _ => return wrong("pads with a single character"),
            }
        }
        None => ' ',
    };
    if !matches!(value.kind, Kind::Text(_) | Kind::Int(_) | Kind::Term(_)) {
        return mistyped(value, "text or an integer");
    }
    if least_length(value) >= total {
        return Ok(value.clone());
    }
    let text = Value::concat(std::slice::from_ref(value));
    let Some(length) = length(&text) else { return open() };
    let missing = total.saturating_sub(length);
    if missing > MAX_TEXT {
        return Ok(Value::limit("text too long"));
    }
    Ok(Value::concat(&[Value::text(String::from(filler).repeat(missing)), text]))
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn patterns_match_where_case_does_not_decide() {
        check(&[
            ("like('live-eu', 'live*')", "true"),
            ("like('test-live', 'live*')", "false"),
            ("like('a-b-c', '*-b-*')", "true"),
            ("like('a-c-b', '*b-*c')", "false"),
            ("like('live', 'live')", "true"),
            ("like('Live', 'live*')", "like('Live', 'live*')"),
            ("like('live', 'li?e')", "like('live', 'li?e')"),
            ("like(x, 'live*')", "like(parameters('x'), 'live*')"),
        ]);
    }

    #[test]
    fn what_no_filling_of_the_holes_makes_is_false() {
        check(&[
            ("startsWith(concat('kv-', x), 'vault')", "false"),
            ("startsWith(concat('kv-', x), 'kv-a')", "startsWith(kv-${parameters('x')}, 'kv-a')"),
            (
                "endsWith(concat(uniqueString(x), '-kv'), 'ABC-kv')",
                "endsWith(${uniqueString(parameters('x'))}-kv, 'ABC-kv')",
            ),
            ("endsWith(concat(uniqueString(x), '-kv'), '_-kv')", "false"),
            ("contains(concat('a', uniqueString(x), 'b'), 'a-')", "false"),
            (
                "contains(concat('a', uniqueString(x), 'b'), 'ac')",
                "contains(a${uniqueString(parameters('x'))}b, 'ac')",
            ),
            ("indexOf(concat('kv', uniqueString(x)), '_')", "-1"),
            ("replace('kv-a', '{x}', x)", "'kv-a'"),
            ("replace('kv-{x}', '{x}', x)", "replace('kv-{x}', '{x}', parameters('x'))"),
            ("greater(length(concat('kv', x)), 1)", "true"),
            ("greater(length(concat('kv', x)), 2)", "greater(length(kv${parameters('x')}), 2)"),
            ("less(length(concat('kv', x)), 2)", "false"),
        ]);
    }

    #[test]
    fn case_goes_into_the_holes() {
        check(&[
            ("toLower('ÀB')", "'àb'"),
            ("toUpper('ß')", "'ß'"),
            ("toLower(concat('KV-', x))", "kv-${toLower(parameters('x'))}"),
            ("toLower(toLower(x))", "toLower(parameters('x'))"),
            ("toLower(concat('KV', uniqueString(x)))", "kv${uniqueString(parameters('x'))}"),
            ("toUpper(toLower(x))", "toUpper(parameters('x'))"),
            ("toLower(1)", "!not an integer"),
        ]);
    }

    #[test]
    fn affixes_compare_without_case() {
        check(&[
            ("startsWith('abcdef', 'AB')", "true"),
            ("endsWith('abcdef', 'e')", "false"),
            ("startsWith(concat('kv-', x), 'KV')", "true"),
            ("startsWith(concat('kv-', x), 'vault')", "false"),
            ("startsWith(concat('kv-', x), 'kv-a')", "startsWith(kv-${parameters('x')}, 'kv-a')"),
            ("endsWith(concat(x, '.net'), '.NET')", "true"),
            ("endsWith(x, '')", "true"),
        ]);
    }

    #[test]
    fn substrings() {
        check(&[
            ("substring('one two three', 4, 3)", "'two'"),
            ("substring('one', 1)", "'ne'"),
            ("substring('one', 3)", "''"),
            ("substring('1234567890', 0, 11)", "!reads 11 characters of a text that has 10"),
            ("substring('one', -1)", "!negative"),
            ("substring('one', 0, -1)", "!negative"),
            ("substring(concat('kv-', x), 0, 3)", "'kv-'"),
            ("substring(uniqueString(x), 0, 5)", "substring(uniqueString(parameters('x')), 0, 5)"),
            ("length(concat('kv', substring(uniqueString(x), 0, 5)))", "7"),
            ("substring(x, 0, 3)", "substring(parameters('x'), 0, 3)"),
        ]);
    }

    #[test]
    fn trimming() {
        check(&[
            ("trim('  a b  ')", "'a b'"),
            ("trim(concat(' kv-', uniqueString(x)))", "kv-${uniqueString(parameters('x'))}"),
            ("trim(concat('kv-', x))", "trim(kv-${parameters('x')})"),
            ("trim(concat(' a', x, 'b '))", "a${parameters('x')}b"),
        ]);
    }

    #[test]
    fn ids_are_split_into_segments_even_when_names_are_unknown() {
        let id = "resourceId('Microsoft.Network/virtualNetworks', concat('vnet-', x))";
        check(&[
            (&format!("last(split({id}, '/'))"), "vnet-${parameters('x')}"),
            (&format!("length(split({id}, '/'))"), "9"),
            ("last(split(resourceId('Microsoft.KeyVault/vaults', x), '/'))", "parameters('x')"),
            (&format!("take(split({id}, '/'), 3)"), "['', 'subscriptions', subscription().subscriptionId]"),
        ]);
    }

    #[test]
    fn text_is_split() {
        check(&[
            ("split('one,two,,three', ',')", "['one', 'two', '', 'three']"),
            ("split('one;two,three', [',', ';'])", "['one', 'two', 'three']"),
            ("split('', ',')", "['']"),
            ("split('abc', '')", "['abc']"),
            ("split(concat('a-', x), '-')", "split(a-${parameters('x')}, '-')"),
            ("split(concat('a-', uniqueString(x)), '-')", "['a', uniqueString(parameters('x'))]"),
            ("split([], ',')", "!not an array"),
        ]);
    }

    #[test]
    fn lists_are_joined() {
        check(&[
            ("join(['a', 'b', 1], ', ')", "'a, b, 1'"),
            ("join([], ',')", "''"),
            ("join(['kv', x], '-')", "kv-${parameters('x')}"),
            ("join(x, '-')", "join(parameters('x'), '-')"),
        ]);
    }

    #[test]
    fn text_is_replaced_where_no_match_can_cross_a_hole() {
        check(&[
            ("replace('.vault.azure.net', 'vault', 'vaultcore')", "'.vaultcore.azure.net'"),
            ("replace('Vault', 'vault', '')", "'Vault'"),
            ("replace(concat('kv-', x), '-', '')", "kv${replace(parameters('x'), '-', '')}"),
            ("replace(concat('kv-', uniqueString(x)), '-', '')", "kv${uniqueString(parameters('x'))}"),
            ("replace(concat('a-', x), 'zz', 'y')", "a-${replace(parameters('x'), 'zz', 'y')}"),
            ("replace(concat('az', x), 'zz', 'y')", "replace(az${parameters('x')}, 'zz', 'y')"),
            ("replace(concat('az', x), x, 'y')", "replace(az${parameters('x')}, parameters('x'), 'y')"),
            ("replace('a', '', 'b')", "!empty"),
        ]);
    }

    #[test]
    fn values_become_text() {
        check(&[
            (
                "string({a: 10, b: 'Example Text', c: [true(), null()]})",
                "'{\"a\":10,\"b\":\"Example Text\",\"c\":[true,null]}'",
            ),
            ("string('a')", "'a'"),
            ("string(5)", "'5'"),
            ("string(true())", "'True'"),
            ("string(concat('a', x))", "a${parameters('x')}"),
            ("string([x])", "string([parameters('x')])"),
            ("string(json('[\"q\\\"\\\\\\n\"]'))", "'[\"q\\\"\\\\\\n\"]'"),
        ]);
    }

    #[test]
    fn text_is_padded() {
        check(&[
            ("padLeft('123', 10, '0')", "'0000000123'"),
            ("padLeft(5, 3, '0')", "'005'"),
            ("padLeft('abc', 2)", "'abc'"),
            ("padLeft('a', 999999999)", "limit('text too long')"),
            ("padLeft('a', -1)", "!negative"),
            ("padLeft('a', 3, 'ab')", "!single character"),
            ("padLeft(concat('abc', x), 3)", "abc${parameters('x')}"),
            ("padLeft(x, 3)", "padLeft(parameters('x'), 3)"),
        ]);
    }
}
