//! Turns broken JSON into valid JSON in which every kept byte keeps its offset: parts that cannot be parsed are
//! overwritten with blanks, a missing bracket or colon is written into the blanks before the token that needs it, and
//! brackets that are open at the end are closed.
//!
//! One pass, no recursion. Missing and trailing commas are reported and left as they are: the parser accepts them in a
//! repaired text.

use super::MAX_DEPTH;
use super::scan::{comment_end, is_blank, string_end};
use jsonc_parser::common::Range;

/// The maximum number of problems; in a broken text, further ones repeat the first.
const MAX_PROBLEMS: usize = 100;

/// The outcome of a repair.
pub(super) struct Repaired {
    /// The repaired text: as long as the original, plus closing brackets.
    pub(super) text: String,
    pub(super) problems: Vec<(Range, String)>,
    /// The ranges that were overwritten.
    pub(super) lost: Vec<Range>,
}

pub(super) fn repair(text: &str) -> Repaired {
    let mut repair = Repair {
        text,
        out: text.as_bytes().to_vec(),
        at: 0,
        indent: 0,
        gap: 0,
        wasted: 0,
        stack: Vec::new(),
        has_root: false,
        too_deep: false,
        problems: Vec::new(),
        lost: Vec::new(),
    };
    repair.run();
    Repaired {
        text: String::from_utf8(repair.out).unwrap_or_default(),
        problems: repair.problems,
        lost: repair.lost,
    }
}

#[derive(Clone)]
enum Kind {
    /// `{` or `[`
    Open(u8),
    /// The opening bracket that `}` or `]` belongs to.
    Close(u8),
    Comma,
    Colon,
    Text,
    /// A number, `true`, `false` or `null`.
    Scalar,
    /// Text that is not a JSON token, and why.
    Broken(String),
    End,
}

#[derive(Clone)]
struct Token {
    kind: Kind,
    start: usize,
    end: usize,
    /// The column in bytes, of the first token on a line.
    indent: Option<usize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Expect {
    Key,
    Colon,
    Value,
    Item,
    Comma,
}

/// An open bracket and the state of its content.
struct Frame {
    open: u8,
    at: usize,
    /// The column at which its line starts.
    indent: usize,
    expect: Expect,
    /// Start of the member being read.
    member: usize,
    /// The member being read is to be overwritten when it is complete.
    drop: bool,
    /// The comma before the member expected next.
    comma: Option<usize>,
    /// The last member was overwritten, so a missing or surplus comma is not reported.
    gone: bool,
}

enum Step {
    Next,
    /// Process the same token again.
    Again,
    Stop,
}

struct Repair<'t> {
    text: &'t str,
    out: Vec<u8>,
    at: usize,
    /// The column at which the current line starts.
    indent: usize,
    /// End of the last kept token; the blanks after it may be overwritten.
    gap: usize,
    /// Bytes scanned for closing quotes that were missing, which bounds the time.
    wasted: usize,
    stack: Vec<Frame>,
    has_root: bool,
    too_deep: bool,
    problems: Vec<(Range, String)>,
    lost: Vec<Range>,
}

fn closer(open: u8) -> u8 {
    if open == b'{' { b'}' } else { b']' }
}

fn first_expectation(open: u8) -> Expect {
    if open == b'{' { Expect::Key } else { Expect::Item }
}

impl Repair<'_> {
    fn run(&mut self) {
        loop {
            let token = self.next_token();
            loop {
                match self.step(&token) {
                    Step::Next => break,
                    Step::Again => {}
                    Step::Stop => return self.finish(),
                }
            }
        }
    }

    fn step(&mut self, token: &Token) -> Step {
        if self.is_outdented(token) && self.close_early(token.start) {
            let parent = self.stack.last().map_or(b'{', |frame| frame.open);
            self.expect(first_expectation(parent));
            return Step::Again;
        }
        let Some(frame) = self.stack.last() else { return self.step_root(token) };
        match (frame.open, frame.expect) {
            (_, Expect::Key) => self.step_key(token),
            (_, Expect::Colon) => self.step_colon(token),
            (_, Expect::Value) => self.step_value(token),
            (_, Expect::Item) => self.step_item(token),
            (b'{', Expect::Comma) => self.step_object_comma(token),
            (_, Expect::Comma) => self.step_array_comma(token),
        }
    }

    fn step_root(&mut self, token: &Token) -> Step {
        match &token.kind {
            Kind::End => return Step::Stop,
            Kind::Broken(why) if !self.has_root => self.refuse(token, why.clone()),
            Kind::Open(open) if !self.has_root => return self.open(*open, token),
            Kind::Text | Kind::Scalar if !self.has_root => self.complete(token.end),
            _ if self.has_root => {
                self.problem(token.start, token.end, "only one value is allowed, and it ended before this");
                self.lose(token.start, self.text.len());
                return Step::Stop;
            }
            _ => self.refuse_unexpected(token),
        }
        Step::Next
    }

    fn step_key(&mut self, token: &Token) -> Step {
        match &token.kind {
            Kind::Text => self.begin_member(token.start, Expect::Colon, false),
            Kind::Close(b'{') => self.close(token),
            Kind::Close(_) => return self.close_across(token),
            Kind::Comma => self.refuse_unexpected(token),
            Kind::Colon => {
                self.problem(token.start, token.end, "a property name is missing before this colon");
                self.begin_member(token.start, Expect::Value, true);
            }
            Kind::Scalar => {
                self.problem(token.start, token.end, "a property name must be a string in double quotes");
                self.begin_member(token.start, Expect::Colon, true);
            }
            Kind::Broken(why) => {
                self.problem(token.start, token.end, why.clone());
                self.begin_member(token.start, Expect::Colon, true);
            }
            Kind::Open(open) => return self.open_without_name(*open, token),
            Kind::End => return Step::Stop,
        }
        Step::Next
    }

    fn step_colon(&mut self, token: &Token) -> Step {
        match &token.kind {
            Kind::Colon => {
                self.expect(Expect::Value);
                self.gap = token.end;
            }
            Kind::Comma => self.drop_member_without_value(token.end),
            Kind::Close(_) => {
                self.drop_member_without_value(token.start);
                return Step::Again;
            }
            Kind::Text if self.is_on_new_line(token) => {
                self.drop_member_without_value(token.start);
                return Step::Again;
            }
            Kind::End => return Step::Stop,
            _ => {
                let name = self.member_name();
                if !self.drops_member() {
                    self.problem(self.gap, self.gap, format!("a colon is missing after {name}"));
                }
                let written = self.write(b':', token.start);
                if let Some(frame) = self.stack.last_mut() {
                    frame.drop |= !written;
                    frame.expect = Expect::Value;
                }
                return Step::Again;
            }
        }
        Step::Next
    }

    fn step_value(&mut self, token: &Token) -> Step {
        match &token.kind {
            Kind::Text if self.is_on_new_line(token) && self.next_byte(token.end) == Some(b':') => {
                self.drop_member_without_value(token.start);
                return Step::Again;
            }
            Kind::Text | Kind::Scalar => self.complete(token.end),
            Kind::Open(open) => return self.open(*open, token),
            Kind::Comma => self.drop_member_without_value(token.end),
            Kind::Close(_) => {
                self.drop_member_without_value(token.start);
                return Step::Again;
            }
            Kind::Colon => self.refuse_unexpected(token),
            Kind::Broken(why) => {
                self.problem(token.start, token.end, why.clone());
                if let Some(frame) = self.stack.last_mut() {
                    frame.drop = true;
                }
                self.complete(token.end);
            }
            Kind::End => return Step::Stop,
        }
        Step::Next
    }

    fn step_object_comma(&mut self, token: &Token) -> Step {
        match &token.kind {
            Kind::Comma => self.accept_comma(token, Expect::Key),
            Kind::Close(b'{') => self.close(token),
            Kind::Close(_) => return self.close_across(token),
            Kind::Text => {
                self.report_missing_comma();
                self.expect(Expect::Key);
                return Step::Again;
            }
            Kind::Broken(why) => {
                self.problem(token.start, token.end, why.clone());
                self.begin_member(token.start, Expect::Colon, true);
            }
            Kind::Open(open) => return self.open_without_name(*open, token),
            Kind::Scalar | Kind::Colon => self.refuse_unexpected(token),
            Kind::End => return Step::Stop,
        }
        Step::Next
    }

    fn step_item(&mut self, token: &Token) -> Step {
        match &token.kind {
            Kind::Text if self.is_member_of_outer_object(token) && self.close_early(token.start) => {
                self.expect(Expect::Key);
                return Step::Again;
            }
            Kind::Text | Kind::Scalar => self.complete(token.end),
            Kind::Open(open) => return self.open(*open, token),
            Kind::Close(b'[') => self.close(token),
            Kind::Close(_) => return self.close_across(token),
            Kind::Comma | Kind::Colon => self.refuse_unexpected(token),
            Kind::Broken(why) => {
                self.refuse(token, why.clone());
                self.expect(Expect::Comma);
            }
            Kind::End => return Step::Stop,
        }
        Step::Next
    }

    fn step_array_comma(&mut self, token: &Token) -> Step {
        match &token.kind {
            Kind::Comma => self.accept_comma(token, Expect::Item),
            Kind::Close(b'[') => self.close(token),
            Kind::Close(_) => return self.close_across(token),
            Kind::Text | Kind::Scalar | Kind::Open(_) => {
                if !self.is_member_of_outer_object(token) {
                    self.report_missing_comma();
                }
                self.expect(Expect::Item);
                return Step::Again;
            }
            Kind::Broken(why) => self.refuse(token, why.clone()),
            Kind::Colon => self.refuse_unexpected(token),
            Kind::End => return Step::Stop,
        }
        Step::Next
    }

    /// Closes the brackets that are open at the end of the text.
    fn finish(&mut self) {
        let end = self.text.len();
        if !self.stack.is_empty() {
            let missing: String =
                self.stack.iter().rev().take(12).map(|f| char::from(closer(f.open))).collect();
            self.problem(
                end,
                end,
                format!("the file ends before everything is closed: `{missing}` is missing"),
            );
            self.lost.push(Range::new(end, end));
        } else if !self.has_root && self.problems.is_empty() {
            self.problem(0, 0, "the file contains no JSON value");
        }
        // The text may end inside a line comment.
        if !self.stack.is_empty() {
            self.out.push(b'\n');
        }
        let mut is_innermost = true;
        while let Some(frame) = self.stack.last() {
            let closing = closer(frame.open);
            if is_innermost && matches!(frame.expect, Expect::Colon | Expect::Value) {
                self.lose(frame.member, self.out.len());
            }
            is_innermost = false;
            self.out.push(closing);
            self.stack.pop();
            self.complete(self.out.len());
        }
    }

    fn open(&mut self, open: u8, token: &Token) -> Step {
        let frame = Frame {
            open,
            at: token.start,
            indent: self.indent,
            expect: first_expectation(open),
            member: token.end,
            drop: false,
            comma: None,
            gone: false,
        };
        self.gap = token.end;
        if self.stack.len() < MAX_DEPTH {
            self.stack.push(frame);
            return Step::Next;
        }
        if !self.too_deep {
            self.too_deep = true;
            let message = format!("nested more than {MAX_DEPTH} deep; what lies deeper is not read");
            self.problem(token.start, token.end, message);
        }
        let mut depth = 1usize;
        loop {
            let inner = self.next_token();
            match inner.kind {
                Kind::Open(_) => depth += 1,
                Kind::Close(_) => depth -= 1,
                Kind::End => {
                    self.lose(token.end, self.text.len());
                    self.stack.push(frame);
                    return Step::Stop;
                }
                _ => {}
            }
            if depth == 0 {
                self.lose(token.end, inner.start);
                if let Some(byte) = self.out.get_mut(inner.start) {
                    *byte = closer(open);
                }
                self.complete(inner.end);
                return Step::Next;
            }
        }
    }

    /// An opening bracket where a property name belongs: inside an array, the object before it was most likely not
    /// closed; elsewhere the value has no name and is overwritten.
    fn open_without_name(&mut self, open: u8, token: &Token) -> Step {
        let in_array =
            self.stack.len().checked_sub(2).and_then(|at| self.stack.get(at)).is_some_and(|f| f.open == b'[');
        if open == b'{' && in_array && self.close_early(token.start) {
            self.expect(Expect::Item);
            return Step::Again;
        }
        self.problem(
            token.start,
            token.end,
            format!("a property name is missing before `{}`", char::from(open)),
        );
        self.begin_member(token.start, Expect::Value, true);
        Step::Again
    }

    fn close(&mut self, token: &Token) {
        if let Some(Frame { comma: Some(comma), gone: false, .. }) = self.stack.last() {
            self.problem(*comma, comma + 1, "trailing comma: nothing follows it");
        }
        self.stack.pop();
        self.complete(token.end);
    }

    /// A closing bracket of the other kind: the brackets in between were not closed.
    fn close_across(&mut self, token: &Token) -> Step {
        let Kind::Close(open) = token.kind else { return Step::Next };
        if !self.stack.iter().any(|frame| frame.open == open) {
            self.refuse_unexpected(token);
            return Step::Next;
        }
        if self.close_early(token.start) {
            return Step::Again;
        }
        // No room to write the missing bracket: keep the part before it.
        self.lose(token.start, self.text.len());
        Step::Stop
    }

    /// Whether a token starts a line further left than the content of the innermost bracket can, if that content is
    /// broken: its closing bracket was in the lost part.
    fn is_outdented(&self, token: &Token) -> bool {
        let [root, .., frame] = self.stack.as_slice() else { return false };
        let is_between_members = matches!(frame.expect, Expect::Key | Expect::Item | Expect::Comma);
        let is_out_of_place = match token.kind {
            Kind::Open(_) => frame.open == b'{',
            Kind::Text => self.lost.last().is_some_and(|lost| lost.start >= frame.at),
            _ => false,
        };
        is_between_members
            && is_out_of_place
            && token.indent.is_some_and(|indent| indent <= frame.indent && frame.indent > root.indent)
    }

    /// A name with a colon inside an array that is itself a member: the array was never closed.
    fn is_member_of_outer_object(&self, token: &Token) -> bool {
        let outer = self.stack.len().checked_sub(2).and_then(|at| self.stack.get(at));
        matches!(token.kind, Kind::Text)
            && outer.is_some_and(|frame| frame.open == b'{')
            && self.next_byte(token.end) == Some(b':')
    }

    /// Closes the innermost bracket before the token at `before`, if there is room.
    fn close_early(&mut self, before: usize) -> bool {
        let Some(frame) = self.stack.last() else { return false };
        let (open, at, comma) = (frame.open, frame.at, frame.comma);
        if let Some(comma) = comma {
            self.blank(comma, comma + 1);
            self.gap = comma;
        }
        self.problem(at, at + 1, format!("this `{}` is never closed", char::from(open)));
        if !self.write(closer(open), before) {
            return false;
        }
        self.stack.pop();
        let end = self.gap;
        self.complete(end);
        true
    }

    fn accept_comma(&mut self, token: &Token, next: Expect) {
        let Some(frame) = self.stack.last_mut() else { return };
        frame.expect = next;
        if frame.gone {
            frame.comma = None;
            self.blank(token.start, token.end);
        } else {
            frame.comma = Some(token.start);
            self.gap = token.end;
        }
    }

    fn report_missing_comma(&mut self) {
        if !self.stack.last().is_some_and(|frame| frame.gone) {
            self.problem(self.gap, self.gap, "a comma is missing here");
        }
    }

    fn begin_member(&mut self, start: usize, expect: Expect, drop: bool) {
        if let Some(frame) = self.stack.last_mut() {
            frame.member = start;
            frame.drop = drop;
            frame.expect = expect;
        }
        // The last token is the name, which must not be overwritten.
        self.gap = self.at;
    }

    fn drop_member_without_value(&mut self, end: usize) {
        if !self.drops_member() {
            let name = self.member_name();
            let member = self.stack.last().map_or(end, |frame| frame.member);
            self.problem(member, member + 1, format!("{name} has no value"));
        }
        if let Some(frame) = self.stack.last_mut() {
            let member = frame.member;
            frame.drop = false;
            frame.gone = true;
            frame.expect = Expect::Key;
            self.lose(member, end);
        }
    }

    /// A value ended here.
    fn complete(&mut self, end: usize) {
        self.gap = end;
        let Some(frame) = self.stack.last_mut() else {
            self.has_root = true;
            return;
        };
        frame.comma = None;
        frame.expect = Expect::Comma;
        frame.gone = frame.drop;
        if frame.drop {
            frame.drop = false;
            let member = frame.member;
            self.lose(member, end);
        }
    }

    fn refuse(&mut self, token: &Token, why: impl Into<String>) {
        self.problem(token.start, token.end, why);
        self.lose(token.start, token.end);
        if let Some(frame) = self.stack.last_mut() {
            frame.gone = true;
        }
    }

    fn refuse_unexpected(&mut self, token: &Token) {
        let what = self.text.get(token.start..token.end).unwrap_or_default();
        self.refuse(token, format!("unexpected `{}`", shorten(what)));
    }

    fn expect(&mut self, expect: Expect) {
        if let Some(frame) = self.stack.last_mut() {
            frame.expect = expect;
        }
    }

    fn drops_member(&self) -> bool {
        self.stack.last().is_some_and(|frame| frame.drop)
    }

    fn member_name(&self) -> String {
        let start = self.stack.last().map_or(0, |frame| frame.member);
        let end = string_end(self.text.as_bytes(), start).unwrap_or(start);
        let name = self.text.get(start + 1..end.saturating_sub(1)).unwrap_or_default();
        format!("`{}`", shorten(name))
    }

    fn problem(&mut self, start: usize, end: usize, message: impl Into<String>) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push((Range::new(start, end), message.into()));
        }
    }

    /// Overwrites with blanks and remembers that something is missing.
    fn lose(&mut self, start: usize, end: usize) {
        self.blank(start, end);
        // A bracket may have been written over the first byte of a character: the whole character is lost.
        let end = self.text.ceil_char_boundary(end);
        self.lost.push(Range::new(start, end));
        self.gap = start;
    }

    fn blank(&mut self, start: usize, end: usize) {
        if let Some(bytes) = self.out.get_mut(start..end) {
            bytes.fill(b' ');
        }
    }

    /// Writes one byte into the blanks after the last kept token.
    fn write(&mut self, byte: u8, before: usize) -> bool {
        if self.gap >= before {
            return false;
        }
        match self.out.get_mut(self.gap) {
            Some(blank) if is_blank(*blank) => {
                *blank = byte;
                self.gap += 1;
                true
            }
            _ => false,
        }
    }

    fn is_on_new_line(&self, token: &Token) -> bool {
        self.text.as_bytes().get(self.gap..token.start).is_some_and(|between| between.contains(&b'\n'))
    }

    /// The first byte at or behind `at` that is neither blank nor comment.
    fn next_byte(&self, at: usize) -> Option<u8> {
        let bytes = self.text.as_bytes();
        let at = skip_blanks(self.text, at);
        bytes.get(at).copied()
    }

    fn next_token(&mut self) -> Token {
        let bytes = self.text.as_bytes();
        let start = skip_blanks(self.text, self.at);
        let before = bytes.get(self.at..start).unwrap_or_default();
        let indent =
            before.iter().rposition(|byte| is_newline(*byte)).map(|newline| before.len() - newline - 1);
        self.indent = indent.unwrap_or(self.indent);
        let simple = |kind| (kind, start + 1);
        let (kind, end) = match bytes.get(start) {
            None => (Kind::End, start),
            Some(b'{') => simple(Kind::Open(b'{')),
            Some(b'[') => simple(Kind::Open(b'[')),
            Some(b'}') => simple(Kind::Close(b'{')),
            Some(b']') => simple(Kind::Close(b'[')),
            Some(b',') => simple(Kind::Comma),
            Some(b':') => simple(Kind::Colon),
            Some(b'"') => self.text_token(start),
            Some(b'\'') => self.single_quoted(start),
            Some(b'/') if comment_end(bytes, start).is_some() => {
                (Kind::Broken("this comment is never closed".to_owned()), bytes.len())
            }
            Some(_) => self.word(start),
        };
        self.at = end;
        Token { kind, start, end, indent }
    }

    fn text_token(&mut self, start: usize) -> (Kind, usize) {
        let bytes = self.text.as_bytes();
        if self.wasted > bytes.len().saturating_mul(4) {
            return (
                Kind::Broken("too many strings are never closed; the rest is not read".to_owned()),
                bytes.len(),
            );
        }
        let found = string_end(bytes, start);
        let limit = found.unwrap_or(bytes.len());
        let newline =
            bytes.get(start..limit).and_then(|string| string.iter().position(|byte| is_newline(*byte)));
        // A string over several lines is fine. One whose closing quote was forgotten looks the same until what
        // follows the next quote makes no sense; within a line, until that quote turns out to open a string.
        let end = found.filter(|end| match newline {
            Some(_) => matches!(self.next_byte(*end), None | Some(b',' | b':' | b'}' | b']' | b'"')),
            None => !bytes
                .get(*end)
                .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'[' | b'$')),
        });
        let Some(end) = end else {
            self.wasted += limit - start;
            return (Kind::Broken("a quote is missing here: this string is never closed".to_owned()), {
                let line_end = newline.map_or(found.map_or(limit, |end| end - 1), |at| start + at);
                self.end_of_unclosed(start, line_end)
            });
        };
        match self.text.get(start + 1..end - 1).and_then(bad_escape) {
            Some(why) => (Kind::Broken(why), end),
            None => (Kind::Text, end),
        }
    }

    /// Where a string that is never closed most likely should have ended: before the next comma or bracket.
    fn end_of_unclosed(&self, start: usize, limit: usize) -> usize {
        let is_name = self
            .stack
            .last()
            .is_some_and(|frame| frame.open == b'{' && matches!(frame.expect, Expect::Key | Expect::Comma));
        let content = self.text.as_bytes().get(start + 1..limit).unwrap_or_default();
        let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']') || (is_name && *byte == b':');
        content.iter().position(is_end).map_or(limit.max(start + 1), |at| start + 1 + at)
    }

    fn single_quoted(&self, start: usize) -> (Kind, usize) {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(start + 1..).unwrap_or_default();
        let end = match rest.iter().position(|byte| *byte == b'\'' || is_newline(*byte)) {
            Some(at) if rest.get(at) == Some(&b'\'') => start + at + 2,
            Some(at) => start + at + 1,
            None => bytes.len(),
        };
        (Kind::Broken("a string is written in double quotes".to_owned()), end)
    }

    fn word(&self, start: usize) -> (Kind, usize) {
        let rest = self.text.get(start..).unwrap_or_default();
        let is_end =
            |c: char| c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | '"' | '/');
        let length = match rest.find(is_end) {
            // A lone slash counts as a word.
            Some(0) => 1,
            Some(length) => length,
            None => rest.len(),
        };
        let word = rest.get(..length).unwrap_or_default();
        let kind = if matches!(word, "true" | "false" | "null") || is_number(word) {
            Kind::Scalar
        } else if word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
            Kind::Broken(format!("`{}` is not a JSON number", shorten(word)))
        } else {
            Kind::Broken(format!("unexpected `{}`; text is written in double quotes", shorten(word)))
        };
        (kind, start + length)
    }
}

fn is_newline(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// The offset after blanks and comments. A block comment that is not closed is not skipped.
fn skip_blanks(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        if is_blank(*byte) {
            at += 1;
        } else if *byte >= 0x80 {
            match text.get(at..).and_then(|rest| rest.chars().next()).filter(|c| c.is_whitespace()) {
                Some(c) => at += c.len_utf8(),
                None => break,
            }
        } else if let Some(end) = comment_end(bytes, at) {
            let is_line = bytes.get(at + 1) == Some(&b'/');
            let is_closed = end >= at + 4 && bytes.get(end - 2..end) == Some(b"*/");
            if !is_line && !is_closed {
                break;
            }
            at = end;
        } else {
            break;
        }
    }
    at
}

fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

/// Why the raw content of a string cannot be decoded.
fn bad_escape(raw: &str) -> Option<String> {
    let mut rest = raw;
    let unit = |text: &str| {
        let hex = text.strip_prefix("\\u")?.get(..4)?;
        if hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            u32::from_str_radix(hex, 16).ok()
        } else {
            None
        }
    };
    while let Some(at) = rest.find('\\') {
        rest = rest.get(at..)?;
        let length = match rest.as_bytes().get(1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') => match unit(rest) {
                None => return Some("`\\u` needs four hexadecimal digits".to_owned()),
                Some(0xd800..0xdc00) => match rest.get(6..).and_then(unit) {
                    Some(0xdc00..0xe000) => 12,
                    _ => return Some("half of a surrogate pair is not a character".to_owned()),
                },
                Some(0xdc00..0xe000) => {
                    return Some("half of a surrogate pair is not a character".to_owned());
                }
                Some(_) => 6,
            },
            _ => {
                let escape: String = rest.chars().take(2).collect();
                return Some(format!("`{escape}` is not an escape in JSON; a backslash is written `\\\\`"));
            }
        };
        rest = rest.get(length..)?;
    }
    None
}

fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= 40 {
        return line.to_owned();
    }
    line.chars().take(39).chain(['…']).collect()
}
