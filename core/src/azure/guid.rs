//! GUIDs that were copied with a mistake.

/// Whether this text is a GUID.
pub fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// Digits of a GUID that may be missing or wrong, for it to be meant.
const MAX_WRONG_DIGITS: usize = 2;

/// Whether a text is meant as a GUID and misses it: another one that shares its first or its last group, which does not
/// happen by chance, or its digits with a few faults in a text that is not a GUID at all.
pub fn misses(guid: &str, other: &str) -> bool {
    if !is_guid(guid) {
        let digits = |text: &str| -> String {
            text.chars().filter(char::is_ascii_alphanumeric).map(|digit| digit.to_ascii_lowercase()).collect()
        };
        let is_close = guid.len().abs_diff(other.len()) <= 2 * MAX_WRONG_DIGITS + 2;
        return is_close && strsim::damerau_levenshtein(&digits(guid), &digits(other)) <= MAX_WRONG_DIGITS;
    }
    let ends = |text: &str| {
        let text = text.to_ascii_lowercase();
        Some((text.split_once('-')?.0.to_owned(), text.rsplit_once('-')?.1.to_owned()))
    };
    let (Some(a), Some(b)) = (ends(guid), ends(other)) else { return false };
    !guid.eq_ignore_ascii_case(other) && (a.0 == b.0 || a.1 == b.1)
}
