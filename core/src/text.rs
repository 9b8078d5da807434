//! Byte spans, places in files, and the conversion of byte offsets to lines and UTF-16 offsets.
//!
//! Inside the engine every position is a byte offset into one file. Only [`crate::report`] and `render` use UTF-16.

/// A half-open byte range `start..end` in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
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

    /// Whether `other` is entirely inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

fn saturate(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// A file of a project: its index in the list of files, which is sorted by path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// A span in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// The index of the file.
    pub file: FileId,
    /// Byte offsets in the file's text.
    pub span: Span,
}

impl Place {
    /// Whether `other` is entirely inside this place.
    pub fn contains(self, other: Place) -> bool {
        self.file == other.file && self.span.contains(other.span)
    }
}

/// A name that a user chose, for a message. [`std::fmt::Display`] writes it between marks, so that a name such as
/// `ipRules` is not mistaken for the property; [`unmarked`] removes the marks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    text: String,
    is_expression: bool,
}

/// Unicode noncharacters, which do not occur in text that programs interchange.
const NAME_START: char = '\u{fdd0}';
const NAME_END: char = '\u{fdd1}';

impl Name {
    /// A name as written in the file.
    pub fn new(text: String) -> Self {
        Self { text: unmarked(text), is_expression: false }
    }

    /// An expression that yields a name; the report puts it into the terms of the language.
    pub fn of_expression(text: String) -> Self {
        Self { text: unmarked(text), is_expression: true }
    }

    /// The name without marks.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name without marks.
    pub fn plain(self) -> String {
        self.text
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.is_expression {
            true => f.write_str(&self.text),
            false => write!(f, "{NAME_START}{}{NAME_END}", self.text),
        }
    }
}

/// A text without the marks of names.
pub fn unmarked(text: String) -> String {
    if text.contains([NAME_START, NAME_END]) { text.replace([NAME_START, NAME_END], "") } else { text }
}

/// Applies `change` to a text in which a single character replaces each name, and puts the names back.
pub fn around_names(text: &str, change: impl FnOnce(&str) -> String) -> String {
    let mut names = Vec::new();
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(NAME_START) {
        let (name, behind) = behind.split_once(NAME_END).unwrap_or((behind, ""));
        names.push(name);
        masked.push_str(before);
        masked.push(NAME_START);
        rest = behind;
    }
    masked.push_str(rest);
    let mut names = names.into_iter();
    let mut changed = String::with_capacity(text.len());
    for (at, piece) in change(&masked).split(NAME_START).enumerate() {
        if at > 0 {
            changed.push_str(names.next().unwrap_or_default());
        }
        changed.push_str(piece);
    }
    changed
}

/// One replacement in one file; an empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace.
    pub place: Place,
    /// The new text.
    pub text: String,
}

/// The length in bytes of the beginning of a text that has at most `most` words and marks. It bounds what is parsed,
/// because a syntax tree is many times as large as its text. It depends on no language, and blanks do not count.
pub fn readable(text: &str, most: usize) -> usize {
    let mut room = most;
    let mut in_word = false;
    for (at, byte) in text.bytes().enumerate() {
        let is_blank = matches!(byte, b' ' | b'\t');
        let is_word = byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii();
        let is_free = is_blank || (is_word && in_word);
        if !is_free {
            let Some(left) = room.checked_sub(1) else { return at };
            room = left;
        }
        in_word = is_word;
    }
    text.len()
}

/// The first 16 KiB of a text: enough to detect the author's style of indentation and line ends, also in a large file.
pub fn beginning(text: &str) -> &str {
    const MOST: usize = 16 << 10;
    let end = (0..=MOST.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

/// A text of at most `most` bytes; a longer one is cut and ends with `…`.
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
    /// Byte offset of each line start.
    starts: Vec<u32>,
    /// UTF-16 offset of the start of each block, so that a long line is not counted again for each place in it. Empty
    /// for ASCII text, where it equals the byte offset.
    blocks: Vec<u32>,
}

/// Bytes of a block. A block whose start would be inside a character starts with that character.
const BLOCK: usize = 4096;
/// Bytes that are compared together, so that the compiler can use vector instructions.
const PART: usize = 32;

impl<'t> LineIndex<'t> {
    /// Reads the text once.
    pub fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let ends = |at: usize, byte: u8| {
            byte == b'\n' || (byte == b'\r' && bytes.get(at + 1).is_none_or(|next| *next != b'\n'))
        };
        let mut starts = vec![0];
        // Most parts contain no line end, and a whole part is tested at once.
        for (part, of) in bytes.chunks(PART).enumerate() {
            if of.iter().fold(0, |any, byte| any | u8::from(*byte == b'\n') | u8::from(*byte == b'\r')) != 0 {
                let behind = (part * PART..).zip(of).filter(|(at, byte)| ends(*at, **byte));
                starts.extend(behind.map(|(at, _)| saturate(at + 1)));
            }
        }
        let mut index = Self { text, starts, blocks: Vec::new() };
        if !text.is_ascii() {
            let mut utf16 = 0u32;
            for at in (0..text.len()).step_by(BLOCK) {
                index.blocks.push(utf16);
                let block = text.get(index.boundary(at)..index.boundary(at + BLOCK)).unwrap_or_default();
                utf16 = block.chars().map(utf16_len).fold(utf16, u32::saturating_add);
            }
        }
        index
    }

    /// The start of the character at a byte offset, or the end of the text.
    fn boundary(&self, byte: usize) -> usize {
        let mut at = byte.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// The UTF-16 offset of a byte offset that is a character boundary.
    fn offset(&self, at: usize) -> u32 {
        let Some(before) = self.blocks.get(at / BLOCK).or(self.blocks.last()) else { return saturate(at) };
        let block = (at / BLOCK).min(self.blocks.len() - 1);
        let rest = self.text.get(self.boundary(block * BLOCK)..at).unwrap_or_default();
        rest.chars().map(utf16_len).fold(*before, u32::saturating_add)
    }

    /// The position of a byte offset. An offset past the end or inside a character is moved back to a boundary.
    pub fn position(&self, byte: u32) -> Utf16Position {
        let line = self.starts.partition_point(|start| *start <= byte).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or_default();
        let offset = self.offset(self.boundary(byte as usize));
        let character = offset.saturating_sub(self.offset(start as usize));
        Utf16Position { line: saturate(line), character, offset }
    }
}

fn utf16_len(c: char) -> u32 {
    if c.len_utf16() == 2 { 2 } else { 1 }
}

/// The most similar of `names`, if it is similar enough to be what the user meant.
pub(crate) fn nearest<'n>(names: impl Iterator<Item = &'n str>, wrong: &str) -> Option<&'n str> {
    let distance =
        |name: &&str| strsim::damerau_levenshtein(&name.to_ascii_lowercase(), &wrong.to_ascii_lowercase());
    names.min_by_key(distance).filter(|name| distance(name) <= wrong.len().div_ceil(3))
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
    fn places_in_a_long_line_are_those_that_counting_gives() {
        for line in ["aé€😀".repeat(3000), "a".repeat(10_000)] {
            let text = format!("{line}\nx");
            let index = LineIndex::new(&text);
            let (mut character, mut all) = (0, 0);
            for (at, c) in text.char_indices() {
                let p = index.position(saturate(at));
                assert_eq!((p.character, p.offset), (character, all));
                all += utf16_len(c);
                character = if c == '\n' { 0 } else { character + utf16_len(c) };
            }
            assert_eq!(index.position(u32::MAX).offset, all);
        }
    }

    #[test]
    fn of_a_text_that_is_too_large_the_start_is_read() {
        assert_eq!(readable("ab cd\n  {é}", 6), 12);
        assert_eq!(readable("ab cd\n  {é}", 4), 9, "two words, a line end, a bracket");
        assert_eq!(readable("  ", 0), 2);
        assert_eq!(readable("  é", 0), 2);
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
