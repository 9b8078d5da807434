//! Byte spans, places, and the line index that turns a byte offset into what editors count.
//!
//! Inside the engine every position is a byte offset into one file. Only [`crate::report`] speaks UTF-16.

/// A half-open byte range `start..end` in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset just behind the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets; offsets beyond 4 GiB saturate.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: saturate(start), end: saturate(end) }
    }

    /// The same span, moved `by` bytes towards the end of the file.
    pub fn shifted(self, by: u32) -> Self {
        Self { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }

    /// Whether `other` lies wholly inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

fn saturate(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// Which file of a project: an index into its list of files, in path order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// A span in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes in it.
    pub span: Span,
}

/// One replacement in one file; an empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub place: Place,
    /// The text put there.
    pub text: String,
}

/// A text for a reader: cut, with a sign of it, behind `most` bytes.
pub fn shortened(mut text: String, most: usize) -> String {
    if text.len() > most {
        let mut end = most;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push('…');
    }
    text
}

/// A position as the Language Server Protocol counts it: 0-based line and UTF-16 code unit in that line,
/// and the 0-based UTF-16 offset from the start of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Utf16Position {
    /// 0-based line. `\n`, `\r\n` and a lone `\r` end a line.
    pub line: u32,
    /// 0-based UTF-16 code units from the start of the line.
    pub character: u32,
    /// 0-based UTF-16 code units from the start of the file.
    pub offset: u32,
}

/// The line starts of one text, for conversion from byte offsets.
#[derive(Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    /// Byte offset of each line start, and its UTF-16 offset.
    starts: Vec<(u32, u32)>,
}

impl<'t> LineIndex<'t> {
    /// Reads the text once.
    pub fn new(text: &'t str) -> Self {
        let mut starts = vec![(0, 0)];
        if text.is_ascii() {
            let bytes = text.as_bytes();
            for (at, byte) in bytes.iter().enumerate() {
                let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
                if ends {
                    let next = saturate(at + 1);
                    starts.push((next, next));
                }
            }
        } else {
            let mut utf16 = 0u32;
            let mut chars = text.char_indices().peekable();
            while let Some((at, c)) = chars.next() {
                utf16 = utf16.saturating_add(utf16_len(c));
                if c == '\n' || (c == '\r' && chars.peek().is_none_or(|(_, next)| *next != '\n')) {
                    starts.push((saturate(at + c.len_utf8()), utf16));
                }
            }
        }
        Self { text, starts }
    }

    /// The position of a byte offset; one past the end, or inside a character, is moved back to a boundary.
    pub fn position(&self, byte: u32) -> Utf16Position {
        let line = self.starts.partition_point(|(start, _)| *start <= byte).saturating_sub(1);
        let (start, utf16_start) = self.starts.get(line).copied().unwrap_or_default();
        let mut end = (byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = self.text.get(start as usize..end).unwrap_or_default();
        let character =
            if before.is_ascii() { saturate(before.len()) } else { before.chars().map(utf16_len).sum() };
        Utf16Position { line: saturate(line), character, offset: utf16_start.saturating_add(character) }
    }
}

fn utf16_len(c: char) -> u32 {
    if c.len_utf16() == 2 { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, byte: u32) -> (u32, u32, u32) {
        let p = LineIndex::new(text).position(byte);
        (p.line, p.character, p.offset)
    }

    #[test]
    fn every_kind_of_line_end_starts_a_line() {
        assert_eq!(at("a\nb\r\nc\rd", 8), (3, 1, 8));
        assert_eq!(at("a\r\nb", 2), (0, 2, 2));
    }

    #[test]
    fn characters_are_utf16_code_units() {
        let text = "é\n😀x";
        assert_eq!(at(text, 3), (1, 0, 2));
        assert_eq!(at(text, 7), (1, 2, 4));
        assert_eq!(at(text, 5), (1, 0, 2), "inside a character: its start");
        assert_eq!(at(text, 99), (1, 3, 5), "behind the end: the end");
    }
}
