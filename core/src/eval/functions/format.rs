//! `format`, with the placeholders of .NET.

use super::holes::{is_text, least_length, length};
use super::{Context, Function, MANY, Outcome, mistyped, open, partial, wrong};
use crate::eval::value::{Kind, MAX_ITEMS, MAX_TEXT, Value};

pub(super) const FUNCTIONS: &[Function] = &[partial("format", (1, MANY), format)];

fn format(args: &[Value], _: &Context) -> Outcome {
    let Some((template, args)) = args.split_first() else { return open() };
    let Some(text) = template.as_text() else { return mistyped(template, "text as its pattern") };
    let mut pieces: Vec<Value> = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        literal.push_str(before);
        let mut chars = after.chars();
        let (brace, next) = (chars.next(), chars.next());
        if brace == next {
            literal.extend(brace);
            rest = chars.as_str();
            continue;
        }
        let inside = after.strip_prefix('{').and_then(|after| after.split_once('}'));
        let Some((placeholder, after)) = inside else {
            return wrong("has a brace in its pattern that is neither doubled nor closed");
        };
        rest = after;
        if !literal.is_empty() {
            pieces.push(Value::text(std::mem::take(&mut literal)));
        }
        pieces.push(placed(placeholder, args)?);
        if pieces.len() > MAX_ITEMS {
            return open();
        }
    }
    literal.push_str(rest);
    pieces.push(Value::text(literal));
    Ok(Value::concat(&pieces))
}

/// What `{index,width:spec}` means.
fn placed(placeholder: &str, args: &[Value]) -> Outcome {
    let (head, spec) = placeholder.split_once(':').unwrap_or((placeholder, ""));
    let (index, width) = head.split_once(',').unwrap_or((head, "0"));
    let (Ok(index), Ok(width)) = (index.trim_end().parse::<usize>(), width.trim().parse::<i64>()) else {
        return wrong(format!("cannot read the placeholder `{{{placeholder}}}`"));
    };
    let Some(value) = args.get(index) else {
        return wrong(format!("has no argument for `{{{placeholder}}}`"));
    };
    let unknown =
        || Value::call("format", vec![Value::text(format!("{{0{}}}", rest_of(placeholder))), value.clone()]);
    let text = match &value.kind {
        Kind::Int(number) if !spec.is_empty() => match formatted(*number, spec) {
            Some(text) => Value::text(text),
            None => return Ok(unknown()),
        },
        Kind::Decimal(_) if !spec.is_empty() => return Ok(unknown()),
        // An unknown may be a number; text has no format of its own.
        Kind::Term(_) | Kind::Choice(_) if !spec.is_empty() && !is_text(value) => return Ok(unknown()),
        // JSON spread over several lines: no resource has such a name.
        Kind::Array(_) | Kind::Object(_) => return Ok(unknown()),
        _ => Value::concat(std::slice::from_ref(value)),
    };
    if width == 0 {
        return Ok(text);
    }
    let wide = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
    if least_length(&text) >= wide {
        return Ok(text);
    }
    let Some(length) = length(&text) else { return Ok(unknown()) };
    if wide > MAX_TEXT {
        return Ok(Value::limit("text too long"));
    }
    let padding = Value::text(" ".repeat(wide.saturating_sub(length)));
    Ok(if width > 0 { Value::concat(&[padding, text]) } else { Value::concat(&[text, padding]) })
}

/// A placeholder without its index.
fn rest_of(placeholder: &str) -> &str {
    placeholder.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start()
}

/// An integer in one of .NET's formats: `D3`, `X2`, `N0`, `000`.
fn formatted(number: i64, spec: &str) -> Option<String> {
    let sign = if number < 0 { "-" } else { "" };
    let digits = number.unsigned_abs().to_string();
    let mut chars = spec.chars();
    let (letter, precision) = (chars.next()?, chars.as_str());
    if spec.chars().all(|c| c == '0') {
        return (spec.len() < 100).then(|| format!("{sign}{digits:0>width$}", width = spec.len()));
    }
    let precision = if precision.is_empty() { None } else { Some(precision.parse::<usize>().ok()?) };
    if precision.is_some_and(|precision| precision >= 100) {
        return None;
    }
    let least = precision.unwrap_or(0);
    match letter {
        'D' | 'd' | 'G' | 'g' if letter.eq_ignore_ascii_case(&'d') || precision.is_none() => {
            Some(format!("{sign}{digits:0>least$}"))
        }
        'X' => Some(format!("{number:0>least$X}")),
        'x' => Some(format!("{number:0>least$x}")),
        'N' | 'n' => {
            let mut grouped = String::from(sign);
            for (at, digit) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at).is_multiple_of(3) {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            let decimals = precision.unwrap_or(2);
            if decimals > 0 {
                grouped.push('.');
                grouped.push_str(&"0".repeat(decimals));
            }
            Some(grouped)
        }
        'F' | 'f' => {
            let decimals = precision.unwrap_or(2);
            let fraction = if decimals > 0 { format!(".{}", "0".repeat(decimals)) } else { String::new() };
            Some(format!("{sign}{digits}{fraction}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn format_is_interpolation() {
        check(&[
            ("format('{0}, {1}. {{{2}}}', 'Hello', 'User', 1)", "'Hello, User. {1}'"),
            ("format('kv-{0}', x)", "kv-${parameters('x')}"),
            ("format('{0}', x)", "parameters('x')"),
            ("format('{0}/{1}', x, 'default')", "${parameters('x')}/default"),
            ("format('{0:N0}', 8175133)", "'8,175,133'"),
            ("format('{0:D3}-{1:000}-{2:X2}', 7, 8, 255)", "'007-008-FF'"),
            ("format('{0,5}|{0,-5}|', 'ab')", "'   ab|ab   |'"),
            ("format('a{0:D2}', x)", "a${format('{0:D2}', parameters('x'))}"),
            ("format('{0:D2}', 'text')", "'text'"),
            ("format('{1}', 'a')", "!no argument for `{1}`"),
            ("format('{0', 'a')", "!neither doubled nor closed"),
            ("format('}', 'a')", "!neither doubled nor closed"),
            ("format('{a}', 'a')", "!cannot read the placeholder"),
            ("format('{0,999999999}', 'a')", "limit('text too long')"),
            ("format('none')", "'none'"),
        ]);
    }
}
