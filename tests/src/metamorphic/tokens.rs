//! Bicep and HCL as tokens: just enough to rename declarations and to move literals.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or a keyword.
    Word,
    /// A text in quotes without an interpolation, on one line.
    Text,
    /// A comment.
    Comment,
    /// Spaces and line ends.
    Space,
    /// Anything else, pieces of interpolated texts included.
    Mark,
}

/// A piece of a text; the pieces make up the whole.
#[derive(Clone, Debug)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// How it is written.
    pub text: String,
    /// How many brackets are open around it.
    pub depth: usize,
}

/// The two languages that are read alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Bicep: texts in single quotes.
    Bicep,
    /// HCL: texts in double quotes, heredocs.
    Hcl,
}

/// Splits a text.
pub fn scan(text: &str, syntax: Syntax) -> Vec<Token> {
    let mut scanner = Scanner { rest: text, syntax, depth: 0, tokens: Vec::new() };
    scanner.run(false);
    scanner.tokens
}

/// Puts tokens together again.
pub fn join(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.text.as_str()).collect()
}

/// The place of the token before this one that is neither a space nor a comment.
pub fn before(tokens: &[Token], at: usize) -> Option<usize> {
    (0..at).rev().find(|at| !matches!(tokens[*at].kind, Kind::Space | Kind::Comment))
}

/// The place of the token behind this one that is neither a space nor a comment.
pub fn behind(tokens: &[Token], at: usize) -> Option<usize> {
    (at + 1..tokens.len()).find(|at| !matches!(tokens[*at].kind, Kind::Space | Kind::Comment))
}

/// How a token is written, or nothing where there is none.
pub fn written(tokens: &[Token], at: Option<usize>) -> &str {
    at.and_then(|at| tokens.get(at)).map_or("", |token| &token.text)
}

/// Whether a token is the first of its line.
pub fn starts_line(tokens: &[Token], at: usize) -> bool {
    at == 0 || (tokens[at - 1].kind == Kind::Space && tokens[at - 1].text.contains('\n'))
}

struct Scanner<'t> {
    rest: &'t str,
    syntax: Syntax,
    depth: usize,
    tokens: Vec<Token>,
}

impl Scanner<'_> {
    fn take(&mut self, kind: Kind, length: usize) {
        let (text, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        if !text.is_empty() {
            self.tokens.push(Token { kind, text: text.to_owned(), depth: self.depth });
        }
    }

    fn length(&self, keep: impl Fn(char) -> bool) -> usize {
        self.rest.find(|one: char| !keep(one)).unwrap_or(self.rest.len())
    }

    fn until(&self, from: usize, end: &str) -> usize {
        self.rest[from..].find(end).map_or(self.rest.len(), |at| from + at + end.len())
    }

    /// Reads up to the end, or up to the bracket that closes an interpolation.
    fn run(&mut self, is_inside: bool) {
        let outside = self.depth;
        while let Some(first) = self.rest.chars().next() {
            let (is_hcl, rest) = (self.syntax == Syntax::Hcl, self.rest);
            let line = rest.find('\n').unwrap_or(rest.len());
            match first {
                _ if rest.starts_with("//") || first == '#' => self.take(Kind::Comment, line),
                _ if rest.starts_with("/*") => self.take(Kind::Comment, self.until(2, "*/")),
                _ if is_hcl && rest.starts_with("<<") => self.heredoc(line),
                _ if !is_hcl && rest.starts_with("'''") => self.take(Kind::Mark, self.until(3, "'''")),
                '"' if is_hcl => self.quoted('"'),
                '\'' if !is_hcl => self.quoted('\''),
                _ if first.is_whitespace() => self.take(Kind::Space, self.length(char::is_whitespace)),
                _ if first.is_alphabetic() || first == '_' => {
                    let is_part = |one: char| one.is_alphanumeric() || one == '_' || (is_hcl && one == '-');
                    self.take(Kind::Word, self.length(is_part));
                }
                '{' | '[' | '(' => {
                    self.take(Kind::Mark, 1);
                    self.depth += 1;
                }
                '}' | ']' | ')' => {
                    if is_inside && self.depth == outside {
                        return;
                    }
                    self.depth = self.depth.saturating_sub(1);
                    self.take(Kind::Mark, 1);
                }
                _ => self.take(Kind::Mark, first.len_utf8()),
            }
        }
    }

    fn heredoc(&mut self, line: usize) {
        let word: String =
            self.rest[2..line].chars().filter(|one| one.is_alphanumeric() || *one == '_').collect();
        let mut length = line;
        for text in self.rest[line..].split_inclusive('\n').skip(1) {
            length += text.len();
            if text.trim() == word {
                length -= text.len() - text.trim_end().len();
                break;
            }
        }
        self.take(Kind::Mark, length + 1);
    }

    fn quoted(&mut self, quote: char) {
        let mut at = 1;
        let mut is_plain = true;
        loop {
            let rest = &self.rest[at..];
            let Some(first) = rest.chars().next() else { break };
            if rest.starts_with("$${") || rest.starts_with("%%{") {
                at += 3;
            } else if rest.starts_with("${") || (self.syntax == Syntax::Hcl && rest.starts_with("%{")) {
                is_plain = false;
                self.take(Kind::Mark, at + 2);
                self.depth += 1;
                self.run(true);
                self.depth -= 1;
                at = usize::from(!self.rest.is_empty());
            } else if first == '\\' {
                at += 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
            } else {
                at += first.len_utf8();
                if first == quote || first == '\n' {
                    break;
                }
            }
        }
        self.take(if is_plain { Kind::Text } else { Kind::Mark }, at);
    }
}
