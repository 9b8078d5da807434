//! Arithmetic on integers.

use super::{Context, Function, MANY, Outcome, Unevaluated, arg, int_arg, known, mistyped, open, wrong};
use crate::eval::value::{Kind, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    known("add", (2, 2), |args, _| arithmetic(args, i64::checked_add)),
    known("div", (2, 2), |args, _| division(args, i64::checked_div)),
    known("float", (1, 1), float),
    known("int", (1, 1), int),
    known("max", (1, MANY), |args, _| extreme(args, Iterator::max)),
    known("min", (1, MANY), |args, _| extreme(args, Iterator::min)),
    known("mod", (2, 2), |args, _| division(args, i64::checked_rem)),
    known("mul", (2, 2), |args, _| arithmetic(args, i64::checked_mul)),
    known("sub", (2, 2), |args, _| arithmetic(args, i64::checked_sub)),
];

type Operation = fn(i64, i64) -> Option<i64>;

fn arithmetic(args: &[Value], operation: Operation) -> Outcome {
    match operation(int_arg(args, 0)?, int_arg(args, 1)?) {
        Some(number) => Ok(Value::int(number)),
        None => wrong("makes a number that is too large"),
    }
}

fn division(args: &[Value], operation: Operation) -> Outcome {
    if int_arg(args, 1)? == 0 {
        return wrong("cannot divide by 0");
    }
    arithmetic(args, operation)
}

fn int(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    match &value.kind {
        Kind::Int(_) => Ok(value.clone()),
        Kind::Text(text) => match text.trim().parse() {
            Ok(number) => Ok(Value::int(number).at(value.place)),
            Err(_) => wrong(format!("cannot read `{text}` as an integer")),
        },
        Kind::Decimal(_) | Kind::Bool(_) => open(),
        _ => mistyped(value, "text or a number"),
    }
}

fn float(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    match &value.kind {
        Kind::Int(_) | Kind::Decimal(_) => Ok(value.clone()),
        Kind::Text(text) => match text.parse() {
            Ok(number) => Ok(Value::int(number)),
            Err(_) if is_decimal(text) => Ok(Kind::Decimal(text.clone()).into()),
            Err(_) => wrong(format!("cannot read `{text}` as a number")),
        },
        _ => mistyped(value, "text or a number"),
    }
}

/// Whether a text is a number with a fraction or an exponent. No rule needs its value, and the standard library's
/// parser would be a twentieth of the WebAssembly module.
fn is_decimal(text: &str) -> bool {
    let unsigned = |text| str::strip_prefix(text, ['+', '-']).unwrap_or(text);
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = unsigned(mantissa).split_once('.').unwrap_or((unsigned(mantissa), ""));
    let has_digits = |text: &str| !text.is_empty() && are_digits(text);
    are_digits(whole)
        && are_digits(fraction)
        && (has_digits(whole) || has_digits(fraction))
        && has_digits(unsigned(exponent))
}

fn extreme(args: &[Value], pick: fn(std::vec::IntoIter<i64>) -> Option<i64>) -> Outcome {
    let items = match args {
        [only] => only.as_array().unwrap_or(args),
        _ => args,
    };
    let numbers: Vec<i64> =
        (0..items.len()).map(|at| int_arg(items, at)).collect::<Result<_, Unevaluated>>()?;
    pick(numbers.into_iter())
        .map_or_else(|| wrong("takes at least one integer"), |number| Ok(Value::int(number)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::is_decimal;

    #[test]
    fn decimals_are_what_the_standard_library_reads_as_finite_ones() {
        for text in ["0.5", ".5", "5.", "+1.5", "-1.5e10", "1E-3", "1e+3", "12"] {
            assert!(is_decimal(text) && text.parse::<f64>().is_ok(), "{text}");
        }
        for text in ["", ".", "-", "e5", "1e", "1e+", "1.5.2", "1,5", "--1", "1 ", "0x1", "½"] {
            assert!(!is_decimal(text) && text.parse::<f64>().is_err(), "{text}");
        }
        assert!(!is_decimal("inf") && !is_decimal("NaN"));
    }

    #[test]
    fn arithmetic_is_checked() {
        check(&[
            ("add(5, 3)", "8"),
            ("sub(5, 7)", "-2"),
            ("mul(5, 3)", "15"),
            ("div(8, 3)", "2"),
            ("mod(-7, 3)", "-1"),
            ("div(1, 0)", "!cannot divide by 0"),
            ("mod(1, 0)", "!cannot divide by 0"),
            ("add(9223372036854775807, 1)", "!too large"),
            ("div(-9223372036854775808, -1)", "!too large"),
            ("add(x, 1)", "add(parameters('x'), 1)"),
            ("add('1', 1)", "!not text"),
        ]);
    }

    #[test]
    fn numbers_are_read_and_compared() {
        check(&[
            ("int('4')", "4"),
            ("int('a')", "!cannot read `a`"),
            ("float('1.5')", "1.5"),
            ("min([3, 1, 2])", "1"),
            ("max(3, 1, 2)", "3"),
            ("max([3, x])", "max([3, parameters('x')])"),
            ("max([])", "!at least one"),
        ]);
    }
}
