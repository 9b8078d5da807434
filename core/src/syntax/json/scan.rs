//! Byte-level scanning shared by the depth check, the repair and the list of comments.

use crate::text::Span;
use std::ops::Range;

/// Whether a byte is blank between tokens.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// The offset behind the string that starts at `start`, or `None` when it is never closed.
pub(super) fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        let rest = bytes.get(at..)?;
        at += rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        match bytes.get(at) {
            Some(b'"') => return Some(at + 1),
            _ => at += 2,
        }
    }
}

/// The offset behind the comment that starts at `start` (at the end of the text when it is never closed);
/// `None` when none starts there.
pub(super) fn comment_end(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = bytes.get(start..)?;
    let length = match rest {
        [b'/', b'/', line @ ..] => {
            2 + line.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(line.len())
        }
        [b'/', b'*', block @ ..] => match block.windows(2).position(|pair| pair == b"*/") {
            Some(at) => at + 4,
            None => rest.len(),
        },
        _ => return None,
    };
    Some(start + length)
}

/// Whether brackets nest deeper than `limit` anywhere.
pub(super) fn is_deeper_than(text: &str, limit: usize) -> bool {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            // A string that is never closed is an error; its repair counts again.
            b'"' => match string_end(bytes, at) {
                Some(end) => {
                    at = end;
                    continue;
                }
                None => return false,
            },
            b'/' => {
                if let Some(end) = comment_end(bytes, at) {
                    at = end;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    false
}

/// The ranges of the documents in a text: its lines when every line starts a value of its own, else its
/// top-level values as their brackets balance.
pub(super) fn documents(text: &str) -> Vec<Range<usize>> {
    let lines = lines(text);
    if lines.len() > 1 && lines.iter().all(|line| starts_value(text, line)) {
        return lines;
    }
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = document_end(bytes, at);
        let has_content = bytes.get(at..end).is_some_and(|part| !part.iter().all(|b| is_blank(*b)));
        if has_content {
            found.push(at..end);
        }
        at = end;
    }
    found
}

/// The lines of a text that are not blank.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    text.split_inclusive('\n')
        .filter_map(|line| {
            let range = start..start + line.len();
            start = range.end;
            (!line.trim().is_empty()).then_some(range)
        })
        .collect()
}

/// Whether a line looks like a document of its own: it opens a bracket and does not end in the middle of one.
fn starts_value(text: &str, line: &Range<usize>) -> bool {
    let line = text.get(line.clone()).unwrap_or_default().trim();
    line.starts_with(['{', '[']) && !line.ends_with(['{', '[', ',', ':'])
}

fn document_end(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0usize;
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            b'"' => {
                at = string_end(bytes, at).unwrap_or(bytes.len());
                continue;
            }
            b'/' => {
                if let Some(end) = comment_end(bytes, at) {
                    at = end;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Every comment without its markers.
pub(super) fn comments(text: &str) -> Vec<(Span, &str)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = string_end(bytes, at).unwrap_or(bytes.len()),
            b'/' => match comment_end(bytes, at) {
                Some(end) => {
                    let words = text.get(at + 2..end).unwrap_or_default();
                    let is_block = bytes.get(at + 1) == Some(&b'*');
                    let words = if is_block { words.strip_suffix("*/").unwrap_or(words) } else { words };
                    found.push((Span::new(at, end), words));
                    at = end;
                }
                None => at += 1,
            },
            _ => at += 1,
        }
    }
    found
}

/// Length in the source and in the value of the first character of a string's raw content.
pub(super) fn character(raw: &str) -> (usize, usize) {
    let unit = |escape: &str| u32::from_str_radix(escape.get(2..6)?, 16).ok();
    if raw.starts_with("\\u") {
        let first = unit(raw).unwrap_or_default();
        if (0xd800..0xdc00).contains(&first) {
            return (12.min(raw.len()), 4);
        }
        return (6.min(raw.len()), char::from_u32(first).map_or(3, char::len_utf8));
    }
    if raw.starts_with('\\') {
        return (2.min(raw.len()), 1);
    }
    let length = raw.chars().next().map_or(1, char::len_utf8);
    (length, length)
}
