//! Text to tokens. Interpolated strings need a stack: the `}` that ends an interpolation continues the string.

use super::parse::is_keyword;
use super::{Problem, Token, TokenKind, list};
use crate::syntax::TOO_LARGE;
use crate::text::{Span, readable};

/// The maximum number of words and marks that are parsed: several times those of the largest template that Azure
/// accepts.
const MAX_MARKS: usize = 2_000_000;

/// The tokens of a text.
pub(super) struct Lexed {
    /// All tokens.
    pub(super) tokens: Vec<Token>,
    /// Significant tokens with their index. Line ends with only blanks and comments between them are one token.
    pub(super) meaningful: Vec<(TokenKind, u32)>,
    /// Errors inside tokens.
    pub(super) problems: Vec<Problem>,
    /// The starts of tokens with an error, without a limit.
    pub(super) broken: Vec<u32>,
    /// Whether every bracket is closed by the matching one.
    pub(super) balanced: bool,
}

pub(super) fn lex(text: &str) -> Lexed {
    let capacity = text.len().min(MAX_MARKS) / 4;
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: 0,
        holes: Vec::new(),
        brackets: Vec::new(),
        comments_close: true,
        texts_close: true,
        lexed: Lexed {
            tokens: Vec::with_capacity(capacity),
            meaningful: Vec::with_capacity(capacity / 2),
            problems: Vec::new(),
            broken: Vec::new(),
            balanced: true,
        },
    };
    if text.starts_with('\u{feff}') {
        lexer.at = 3;
        lexer.push(0, TokenKind::ByteOrderMark);
    }
    let end = readable(text, MAX_MARKS);
    while let Some(byte) = lexer.byte(0).filter(|_| lexer.at < end) {
        let start = lexer.at;
        let kind = lexer.token(byte);
        lexer.push(start, kind);
    }
    lexer.break_holes(false);
    if lexer.at < text.len() {
        lexer.problem(lexer.at, text.len(), TOO_LARGE);
        lexer.push(lexer.at, TokenKind::Unknown);
    }
    lexer.lexed.balanced &= lexer.brackets.is_empty();
    lexer.lexed
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// The enclosing strings.
    holes: Vec<Hole>,
    /// The closing brackets of the enclosing brackets.
    brackets: Vec<TokenKind>,
    /// Whether `*/` may still follow.
    comments_close: bool,
    /// Whether `'''` may still follow.
    texts_close: bool,
    lexed: Lexed,
}

/// A string that continues after an interpolation.
struct Hole {
    /// The number of `$` that open an interpolation; 0 for a string in one line, which needs one.
    dollars: usize,
    /// The number of open `{` in the interpolation.
    braces: usize,
}

impl Lexer<'_> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, start: usize, kind: TokenKind) {
        let start = Span::new(start, start).start;
        let index = Span::new(self.lexed.tokens.len(), 0).start;
        self.lexed.tokens.push(Token { start, kind });
        match kind {
            TokenKind::ByteOrderMark | TokenKind::Blank | TokenKind::Comment | TokenKind::Directive => return,
            TokenKind::Newline
                if self.lexed.meaningful.last().is_none_or(|(last, _)| *last == TokenKind::Newline) =>
            {
                return;
            }
            TokenKind::OpenBrace => self.brackets.push(TokenKind::CloseBrace),
            TokenKind::OpenParen => self.brackets.push(TokenKind::CloseParen),
            TokenKind::OpenSquare => self.brackets.push(TokenKind::CloseSquare),
            TokenKind::TextStart => self.brackets.push(TokenKind::TextEnd),
            TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseSquare | TokenKind::TextEnd => {
                self.lexed.balanced &= self.brackets.pop() == Some(kind);
            }
            TokenKind::TextBreak => self.lexed.balanced = false,
            _ => {}
        }
        self.lexed.meaningful.push((kind, index));
    }

    fn problem(&mut self, start: usize, end: usize, message: &str) {
        let span = Span::new(start, end);
        self.lexed.broken.push(span.start);
        list(&mut self.lexed.problems, span, message.to_owned());
    }

    /// Skips all bytes that pass.
    fn skip(&mut self, passes: impl Fn(u8) -> bool) {
        let rest = self.rest();
        self.at += rest.iter().position(|byte| !passes(*byte)).unwrap_or(rest.len());
    }

    /// Takes `length` bytes.
    fn take(&mut self, length: usize, kind: TokenKind) -> TokenKind {
        self.at += length;
        kind
    }

    fn token(&mut self, byte: u8) -> TokenKind {
        let next = self.byte(1);
        match byte {
            b' ' | b'\t' => {
                self.skip(|byte| matches!(byte, b' ' | b'\t'));
                TokenKind::Blank
            }
            b'\n' | b'\r' => {
                self.break_holes(true);
                self.skip(is_line_end);
                TokenKind::Newline
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                self.skip(is_name_part);
                TokenKind::Name
            }
            b'0'..=b'9' => {
                self.skip(|byte| byte.is_ascii_digit());
                TokenKind::Integer
            }
            b'\'' if next == Some(b'\'') && self.byte(2) == Some(b'\'') => {
                self.at += 3;
                self.lines(self.at - 3, 0, TokenKind::Text, TokenKind::TextStart)
            }
            b'\'' => {
                self.at += 1;
                self.line(TokenKind::Text, TokenKind::TextStart)
            }
            b'$' => {
                let start = self.at;
                self.skip(|byte| byte == b'$');
                let dollars = self.at - start;
                if !self.rest().starts_with(b"'''") {
                    return TokenKind::Unknown;
                }
                self.at += 3;
                self.lines(start, dollars, TokenKind::Text, TokenKind::TextStart)
            }
            b'/' if next == Some(b'/') => {
                self.skip(|byte| !is_line_end(byte));
                TokenKind::Comment
            }
            b'/' if next == Some(b'*') => self.block_comment(),
            b'#' if self.is_line_start() => self.directive(),
            b'{' => {
                if let Some(hole) = self.holes.last_mut() {
                    hole.braces += 1;
                }
                self.take(1, TokenKind::OpenBrace)
            }
            b'}' => self.close_brace(),
            b'(' => self.take(1, TokenKind::OpenParen),
            b')' => self.take(1, TokenKind::CloseParen),
            b'[' => self.take(1, TokenKind::OpenSquare),
            b']' => self.take(1, TokenKind::CloseSquare),
            b'@' => self.take(1, TokenKind::At),
            b',' => self.take(1, TokenKind::Comma),
            b'.' if self.rest().starts_with(b"...") => self.take(3, TokenKind::Ellipsis),
            b'.' => self.take(1, TokenKind::Dot),
            b'?' if next == Some(b'?') => self.take(2, TokenKind::Coalesce),
            b'?' => self.take(1, TokenKind::Question),
            b':' if next == Some(b':') => self.take(2, TokenKind::DoubleColon),
            b':' => self.take(1, TokenKind::Colon),
            b'=' => match next {
                Some(b'=') => self.take(2, TokenKind::Equal),
                Some(b'~') => self.take(2, TokenKind::EqualText),
                Some(b'>') => self.take(2, TokenKind::Arrow),
                _ => self.take(1, TokenKind::Assign),
            },
            b'!' => match next {
                Some(b'=') => self.take(2, TokenKind::NotEqual),
                Some(b'~') => self.take(2, TokenKind::NotEqualText),
                _ => self.take(1, TokenKind::Bang),
            },
            b'<' if next == Some(b'=') => self.take(2, TokenKind::LessOrEqual),
            b'<' => self.take(1, TokenKind::Less),
            b'>' if next == Some(b'=') => self.take(2, TokenKind::GreaterOrEqual),
            b'>' => self.take(1, TokenKind::Greater),
            b'&' if next == Some(b'&') => self.take(2, TokenKind::And),
            b'|' if next == Some(b'|') => self.take(2, TokenKind::Or),
            b'|' => self.take(1, TokenKind::Pipe),
            b'+' => self.take(1, TokenKind::Plus),
            b'-' => self.take(1, TokenKind::Minus),
            b'*' => self.take(1, TokenKind::Star),
            b'/' => self.take(1, TokenKind::Slash),
            b'%' => self.take(1, TokenKind::Percent),
            b'^' => self.take(1, TokenKind::Caret),
            b'"' => {
                self.at += 1;
                self.skip(|byte| byte != b'"' && !is_line_end(byte));
                self.at += usize::from(self.byte(0) == Some(b'"'));
                TokenKind::Unknown
            }
            b'\x80'.. => {
                self.skip(|byte| !byte.is_ascii());
                TokenKind::Unknown
            }
            _ => self.take(1, TokenKind::Unknown),
        }
    }

    /// Whether only blanks are before this in its line.
    fn is_line_start(&self) -> bool {
        let mut before = self.lexed.tokens.iter().rev();
        let last = before.find(|token| token.kind != TokenKind::Blank);
        last.is_none_or(|token| matches!(token.kind, TokenKind::Newline | TokenKind::ByteOrderMark))
    }

    /// A directive, without the comment after it.
    fn directive(&mut self) -> TokenKind {
        loop {
            self.skip(|byte| byte != b'/' && !is_line_end(byte));
            if self.byte(0) != Some(b'/') || matches!(self.byte(1), Some(b'/' | b'*')) {
                return TokenKind::Directive;
            }
            self.at += 1;
        }
    }

    fn block_comment(&mut self) -> TokenKind {
        let start = self.at;
        self.at += 2;
        let length = if self.comments_close { find(self.rest(), b"*/") } else { None };
        match length {
            Some(length) => self.at += length + 2,
            None => {
                self.comments_close = false;
                self.skip_to_declaration();
                self.problem(start, start + 2, "this comment is never closed: `*/` is missing");
            }
        }
        TokenKind::Comment
    }

    fn close_brace(&mut self) -> TokenKind {
        self.at += 1;
        match self.holes.last_mut() {
            None => TokenKind::CloseBrace,
            Some(hole) if hole.braces > 0 => {
                hole.braces -= 1;
                TokenKind::CloseBrace
            }
            Some(Hole { dollars, .. }) => {
                let dollars = *dollars;
                self.holes.pop();
                if dollars == 0 {
                    self.line(TokenKind::TextEnd, TokenKind::TextMiddle)
                } else {
                    self.lines(self.at - 1, dollars, TokenKind::TextEnd, TokenKind::TextMiddle)
                }
            }
        }
    }

    /// The rest of a string in one line, or of the part of it before the next hole.
    fn line(&mut self, end: TokenKind, hole: TokenKind) -> TokenKind {
        let start = self.at - 1;
        loop {
            self.skip(|byte| !matches!(byte, b'\'' | b'\\' | b'$' | b'\n' | b'\r'));
            match self.byte(0) {
                Some(b'\'') => return self.take(1, end),
                Some(b'$') if self.byte(1) == Some(b'{') => {
                    self.holes.push(Hole { dollars: 0, braces: 0 });
                    return self.take(2, hole);
                }
                Some(b'$') => self.at += 1,
                Some(b'\\') => {
                    let length = match escape(self.text.get(self.at..).unwrap_or_default()) {
                        Some((length, _)) => length,
                        None => {
                            let message = "this is not an escape; a backslash is written `\\\\`, and what follows \
                                one is `\\`, `'`, `n`, `r`, `t`, `$` or `u{…}`";
                            let length = self.text.get(self.at + 1..).and_then(|rest| rest.chars().next());
                            let length = length.filter(|c| !matches!(c, '\n' | '\r' | '\''));
                            let length = 1 + length.map_or(0, char::len_utf8);
                            self.problem(self.at, self.at + length, message);
                            length
                        }
                    };
                    self.at += length;
                }
                _ => {
                    let message = "this string is never closed: `'` is missing at the end of the line";
                    self.problem(start, self.at, message);
                    return end;
                }
            }
        }
    }

    /// The rest of a string over several lines, or of the part of it before the next hole.
    fn lines(&mut self, opener: usize, dollars: usize, end: TokenKind, hole: TokenKind) -> TokenKind {
        let start = self.at;
        while self.texts_close {
            self.skip(|byte| !matches!(byte, b'\'' | b'$'));
            let run = self.at;
            match self.byte(0) {
                Some(b'\'') => {
                    self.skip(|byte| byte == b'\'');
                    if self.at - run >= 3 {
                        return end;
                    }
                }
                Some(_) => {
                    self.skip(|byte| byte == b'$');
                    if dollars > 0 && self.at - run >= dollars && self.byte(0) == Some(b'{') {
                        self.holes.push(Hole { dollars, braces: 0 });
                        return self.take(1, hole);
                    }
                }
                None => self.texts_close = false,
            }
        }
        self.at = start;
        self.skip_to_declaration();
        self.problem(opener, start, "this string is never closed: `'''` is missing");
        end
    }

    /// Skips to the next line that looks like a declaration, so that an unclosed token does not swallow it.
    fn skip_to_declaration(&mut self) {
        loop {
            self.skip(|byte| !is_line_end(byte));
            let end = self.at;
            self.skip(is_line_end);
            let line = self.rest();
            let length = line.iter().position(|byte| !is_name_part(*byte)).unwrap_or(line.len());
            let word = self.text.get(self.at..self.at + length).unwrap_or_default();
            let is_declaration = is_keyword(word) && line.get(length) == Some(&b' ');
            if line.is_empty() || is_declaration || line.first() == Some(&b'@') {
                self.at = end;
                return;
            }
        }
    }

    /// Ends the strings whose interpolations may not continue: a string in one line has to end in it.
    fn break_holes(&mut self, at_line_end: bool) {
        while self.holes.last().is_some_and(|hole| !at_line_end || hole.dollars == 0) {
            let is_line = self.holes.pop().is_some_and(|hole| hole.dollars == 0);
            let message = if is_line {
                "the string ends with its line, before its `${` is closed: `}` is missing"
            } else {
                "the file ends before this `${` is closed: `}` is missing"
            };
            let at = self.at;
            self.push(at, TokenKind::TextBreak);
            // Strings in strings break at one place.
            if self.lexed.broken.last().is_none_or(|last| *last as usize != at) {
                self.problem(at, at, message);
            }
        }
    }
}

/// The length in the source and the character of the escape a text starts with.
pub(super) fn escape(text: &str) -> Option<(usize, char)> {
    let simple = |c| Some((2, c));
    match text.as_bytes().get(1)? {
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'\\' => simple('\\'),
        b'\'' => simple('\''),
        b'$' => simple('$'),
        b'u' => {
            let (length, code) = code_unit(text)?;
            if let Some(c) = char::from_u32(code) {
                return Some((length, c));
            }
            // A character may be written as a UTF-16 surrogate pair.
            let (more, low) = code_unit(text.get(length..)?)?;
            let halves = (0xD800..0xDC00).contains(&code) && (0xDC00..0xE000).contains(&low);
            let whole = halves.then(|| 0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00))?;
            Some((length + more, char::from_u32(whole)?))
        }
        _ => None,
    }
}

/// The length and the number of a `\\u{…}` that a text starts with.
fn code_unit(text: &str) -> Option<(usize, u32)> {
    let digits = text.strip_prefix("\\u{")?;
    let length = digits.bytes().position(|byte| !byte.is_ascii_hexdigit())?;
    let digits = digits.get(..length).filter(|_| digits.as_bytes().get(length) == Some(&b'}'))?;
    Some((length + 4, u32::from_str_radix(digits, 16).ok()?))
}

pub(super) fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn is_name_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
