//! Dates. Azure's own format only, `2026-01-31T12:00:00Z`; what has another stays open.

use super::{Context, Function, Outcome, int_arg, known, open, text_arg, wrong};
use crate::eval::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    known("dateTimeAdd", (2, 3), add),
    known("dateTimeFromEpoch", (1, 1), from_epoch),
    known("dateTimeToEpoch", (1, 1), to_epoch),
];

pub(super) const DAY: i64 = 86_400;
/// 9999-12-31T23:59:59Z, the last second .NET counts.
const LAST: i64 = 253_402_300_799;

fn from_epoch(args: &[Value], _: &Context) -> Outcome {
    date(int_arg(args, 0)?)
}

fn to_epoch(args: &[Value], _: &Context) -> Outcome {
    seconds(text_arg(args, 0)?).map_or_else(open, |seconds| Ok(Value::int(seconds)))
}

fn add(args: &[Value], _: &Context) -> Outcome {
    let (base, duration) = (text_arg(args, 0)?, text_arg(args, 1)?);
    if args.len() > 2 {
        return open();
    }
    let (Some(base), Some(duration)) = (seconds(base), duration_seconds(duration)) else { return open() };
    base.checked_add(duration).map_or_else(|| wrong("goes past the year 9999"), date)
}

/// A second since 1970 as text.
pub(super) fn date(seconds: i64) -> Outcome {
    if !(0..=LAST).contains(&seconds) {
        return open();
    }
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    let time = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    Ok(Value::text(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")))
}

/// The day of the Gregorian calendar that many days after 1970-01-01.
pub(super) fn civil(days: i64) -> (i64, i64, i64) {
    // Years begin in March here, so that the leap day comes last.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

/// The days from 1970-01-01 to a day of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year - 719_468
}

/// The second since 1970 that a text names.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let at = days(year, month, day);
    let valid = civil(at) == (year, month, day) && hour < 24 && minute < 60 && second < 60;
    valid.then_some(at * DAY + hour * 3600 + minute * 60 + second)
}

fn numbers(text: &str, separator: char, widths: [usize; 3]) -> Option<[i64; 3]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; 3];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next()?;
        if part.len() != width || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

/// An ISO 8601 duration; a year is 365 days and a month 30, as in .NET.
fn duration_seconds(text: &str) -> Option<i64> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text),
    };
    let text = text.strip_prefix('P')?;
    let (days, time) = text.split_once('T').unwrap_or((text, ""));
    let units = [('Y', 365 * DAY), ('M', 30 * DAY), ('W', 7 * DAY), ('D', DAY)];
    let total = sum(days, &units)?.checked_add(sum(time, &[('H', 3600), ('M', 60), ('S', 1)])?)?;
    total.checked_mul(sign)
}

fn sum(text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut total = 0i64;
    for part in text.split_inclusive(|c: char| c.is_ascii_alphabetic()) {
        let (unit, worth) = units.iter().find(|(unit, _)| part.ends_with(*unit))?;
        let count: i64 = part.strip_suffix(*unit)?.parse().ok()?;
        total = total.checked_add(count.checked_mul(*worth)?)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn seconds_and_dates() {
        check(&[
            ("dateTimeFromEpoch(1683040573)", "'2023-05-02T15:16:13Z'"),
            ("dateTimeToEpoch('2023-05-02T15:16:13Z')", "1683040573"),
            ("dateTimeToEpoch('2024-02-30T00:00:00Z')", "dateTimeToEpoch('2024-02-30T00:00:00Z')"),
            ("dateTimeAdd('2024-02-28T23:00:00Z', 'PT2H')", "'2024-02-29T01:00:00Z'"),
            ("dateTimeAdd('2024-01-01T00:00:00Z', '-P1D')", "'2023-12-31T00:00:00Z'"),
            ("dateTimeAdd(utcNow(), 'P1Y')", "dateTimeAdd(utcNow(), 'P1Y')"),
            (
                "dateTimeAdd('2024-01-01T00:00:00Z', 'P99999999999999999Y')",
                "dateTimeAdd('2024-01-01T00:00:00Z', 'P99999999999999999Y')",
            ),
        ]);
    }
}
