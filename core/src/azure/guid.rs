//! GUIDs that somebody copied with a fault.

/// Whether this text is a GUID.
pub fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// Whether a GUID is another one but shares its first or its last group: by chance that does not happen.
pub fn misses(guid: &str, other: &str) -> bool {
    let ends = |text: &str| {
        let text = text.to_ascii_lowercase();
        Some((text.split_once('-')?.0.to_owned(), text.rsplit_once('-')?.1.to_owned()))
    };
    let (Some(a), Some(b)) = (ends(guid), ends(other)) else { return false };
    is_guid(guid) && !guid.eq_ignore_ascii_case(other) && (a.0 == b.0 || a.1 == b.1)
}
