//! Checks an export that is too large for one environment: each row is checked together with the rows that affect its
//! findings, so that the result is the same as for all rows at once.
//!
//! A first pass keeps a few hashes of each row ([`facts`]). Then each row belongs to one batch, which is checked as an
//! environment of its own rows and their neighbours ([`neighbours`]). Only findings about the batch's own rows are
//! reported. rows is result.

mod facts;
mod neighbours;

use crate::check::{self, ReportedFinding, Results};
use crate::input;
use crate::lang::azure_json::{self, Shown};
use crate::lang::{Document, Documents, File};
use crate::options::Options;
use crate::render::characters;
use crate::report::{
    Diagnostic, Range, STREAM_VERSION, Severity, StreamFinding, StreamProblem, StreamRecord, StreamRelated,
    StreamSummary, StreamUndecided, Undecided,
};
use crate::sorted::{Set, sort};
use crate::syntax::json;
use crate::text::{FileId, Place};
use facts::{About, Everywhere, Kind, Text};
use neighbours::{Index, Neighbours};
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hasher};
use std::rc::Rc;

/// The number of rows, with neighbours, after which a batch takes no more rows.
const ROWS_OF_A_BATCH: usize = 500;
/// The bytes of text after which a batch takes no more rows.
const BYTES_OF_A_BATCH: u64 = 8 << 20;
/// The maximum number of incomplete rows. They are part of every batch, because any row may depend on them.
const MAX_EVERYWHERE: usize = 200;
/// The maximum number of neighbours of one row; beyond it the row is not checked.
const MAX_NEIGHBOURS: usize = 20_000;

/// A stream of exported rows: read file by file, then checked batch by batch.
#[derive(Debug, Default)]
pub struct Stream {
    options: Options,
    rows_of_a_batch: usize,
    paths: Vec<String>,
    rows: Vec<Row>,
    index: Index,
    /// The start of the next line.
    at: Position,
    /// The rows to check, in order, and how many of them are checked.
    order: Vec<u32>,
    checked: usize,
    batch: Batch,
    /// Hashes of reported open questions about rows of other batches, so that each is reported once.
    repeated: HashSet<u64>,
    summary: StreamSummary,
}

#[derive(Clone, Copy, Debug, Default)]
struct Position {
    offset: u64,
    line: u32,
    number: u32,
}

/// The position of a row, and what the first pass needs to know about it.
#[derive(Clone, Copy, Debug)]
struct Row {
    offset: u64,
    length: u32,
    line: u32,
    /// The number of the row in its file, not counting empty lines.
    number: u32,
    file: u32,
    whole: bool,
    /// Whether it is only there for other rows: `metadata.vaultmoat.neighbour`.
    is_neighbour: bool,
}

#[derive(Debug, Default)]
struct Batch {
    rows: Vec<u32>,
    own: Set<u32>,
    /// A row with more than [`MAX_NEIGHBOURS`] neighbours.
    too_large: Option<u32>,
}

/// The position of a row's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The number of the file, in reading order, from 0.
    pub file: u32,
    /// Bytes from the start of the file.
    pub offset: u64,
    /// Bytes of the row.
    pub length: u32,
}

impl Stream {
    /// A stream without files.
    pub fn new(mut options: Options) -> Self {
        // An entry is known to be unused only after the last batch, where no code could report it.
        options.ignore.iter_mut().for_each(|entry| entry.place = None);
        Self { options, rows_of_a_batch: ROWS_OF_A_BATCH, ..Self::default() }
    }

    /// Sets the number of rows of a batch, with neighbours. The result does not depend on it.
    #[must_use]
    pub fn batches_of(self, rows: usize) -> Self {
        Self { rows_of_a_batch: rows, ..self }
    }

    /// Starts the next file. Files have to come in the order of their paths.
    pub fn file(&mut self, path: &str) {
        self.paths.push(path.to_owned());
        self.at = Position::default();
        self.summary.files += 1;
    }

    /// Reads whole lines of the file; returns problems for lines that do not contain a resource.
    pub fn read(&mut self, text: &[u8]) -> Vec<StreamRecord> {
        let mut problems = Vec::new();
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            self.at.line += 1;
            if !line.trim_ascii().is_empty() {
                self.at.number += 1;
                self.summary.lines += 1;
                problems.extend(self.line(line));
            }
            self.at.offset += line.len() as u64;
        }
        problems
    }

    fn line(&mut self, line: &[u8]) -> Vec<StreamRecord> {
        let file = u32::try_from(self.paths.len()).unwrap_or_default().saturating_sub(1);
        let Ok(text) = std::str::from_utf8(line) else {
            return vec![self.problem((0, 0), "the line is not UTF-8".to_owned())];
        };
        let path = self.paths.last().map_or("", String::as_str);
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let file_of_row = File::new(FileId(file), path, json::parse(text));
        let Some(Shown { resource, whole, is_neighbour }) = azure_json::row(&file_of_row) else {
            let problems = file_of_row.parsed.problems.iter();
            let mut found: Vec<_> =
                problems.map(|problem| (characters(text, problem.span), problem.message.clone())).collect();
            if found.is_empty() {
                found.push((
                    (0, 0),
                    "the line is not an Azure resource: an object with an `id` is expected".to_owned(),
                ));
            }
            return found.into_iter().map(|(at, message)| self.problem(at, message)).collect();
        };
        let mentions = |word: &str| {
            let mut windows = text.as_bytes().windows(word.len());
            windows.any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
        };
        let result = facts::read(resource, whole, &mentions);
        self.index.add(result.kind, &result.facts, result.everywhere);
        self.rows.push(Row {
            offset: self.at.offset,
            length: u32::try_from(line.len()).unwrap_or(u32::MAX),
            line: self.at.line,
            number: self.at.number,
            file,
            whole,
            is_neighbour,
        });
        Vec::new()
    }

    fn problem(&mut self, (start, end): (u32, u32), message: String) -> StreamRecord {
        let file = self.paths.last().cloned().unwrap_or_default();
        let line = self.at.line;
        let (rule, severity) = ("syntax".to_owned(), Severity::Error);
        self.summary.count(severity);
        self.summary.problems += 1;
        StreamRecord::Problem(StreamProblem {
            record: "problem",
            version: STREAM_VERSION,
            file,
            line,
            start,
            end,
            rule,
            severity,
            message,
        })
    }

    /// Ends the first pass. After it, [`Stream::next_batch`] returns batches.
    ///
    /// # Errors
    ///
    /// One line if too many rows are incomplete.
    pub fn finish(&mut self) -> Result<(), String> {
        let counted = self.shown_once();
        let counts = |row: u32| counted.get(row as usize).is_some_and(|counts| *counts);
        self.index.finish(&counts);
        let unclear = self.index.everywhere().iter().filter(|(why, _)| *why == Everywhere::Unclear);
        let unclear: Vec<u32> = unclear.map(|(_, row)| *row).collect();
        if unclear.len() > MAX_EVERYWHERE {
            let first = unclear.first().and_then(|row| self.rows.get(*row as usize));
            let (path, line) = first.map_or(("", 0), |row| (self.path(row.file), row.line));
            return Err(format!(
                "more than {MAX_EVERYWHERE} rows are broken or show only a part of their resource, the first in {path}, \
                 line {line}: the rows that they depend on cannot be determined; export whole rows, with `properties`"
            ));
        }
        let mut order: Vec<(u32, u32)> = Vec::new();
        for row in 0..self.index.len() {
            let is_neighbour = self.rows.get(row as usize).is_some_and(|row| row.is_neighbour);
            if counts(row) && !is_neighbour {
                self.summary.resources += 1;
                self.summary.vaults += u32::from(self.index.kind(row) == Kind::Vault);
                if self.index.kind(row) != Kind::Silent {
                    order.push((self.index.home(row), row));
                }
            }
        }
        sort(&mut order);
        self.order = order.into_iter().map(|(_, row)| row).collect();
        Ok(())
    }

    /// Which rows count: of rows with the same id, the first complete one, or else the first.
    /// first.
    fn shown_once(&self) -> Vec<bool> {
        let mut first: HashMap<Text, u32> = HashMap::new();
        let mut counted = vec![true; self.index.len() as usize];
        let mut drop = |row: u32| {
            if let Some(counts) = counted.get_mut(row as usize) {
                *counts = false;
            }
        };
        let whole = |row: u32| self.rows.get(row as usize).is_some_and(|row| row.whole);
        for row in 0..self.index.len() {
            let Some(id) = self.index.texts(row, About::Id).next() else { continue };
            match first.get(&id).copied() {
                Some(before) if whole(before) || !whole(row) => drop(row),
                before => {
                    before.into_iter().for_each(&mut drop);
                    first.insert(id, row);
                }
            }
        }
        counted
    }

    fn path(&self, file: u32) -> &str {
        self.paths.get(file as usize).map_or("", String::as_str)
    }

    /// The rows of the next batch; [`Stream::check`] expects their texts in this order. `None` after the last batch.
    pub fn next_batch(&mut self) -> Option<Vec<Part>> {
        let left = self.order.get(self.checked..).filter(|left| !left.is_empty())?;
        let mut neighbours = Neighbours::new(&self.index);
        let mut own = Vec::new();
        let mut too_large = None;
        let mut bytes = 0;
        for row in left {
            let before = neighbours.len();
            if !own.is_empty() && (before >= self.rows_of_a_batch || bytes >= BYTES_OF_A_BATCH) {
                break;
            }
            neighbours.own(*row);
            if neighbours.len() - before > MAX_NEIGHBOURS {
                neighbours.truncate(before);
                too_large = Some(*row);
                break;
            }
            own.push(*row);
            let length = self.rows.get(*row as usize).map_or(0, |row| u64::from(row.length));
            bytes += length * (neighbours.len() - before).max(1) as u64;
        }
        self.checked += own.len() + usize::from(too_large.is_some());
        let rows = neighbours.into_rows();
        let part = |row: &u32| {
            let Row { file, offset, length, .. } = *self.rows.get(*row as usize)?;
            Some(Part { file, offset, length })
        };
        let parts = rows.iter().filter_map(part).collect();
        self.batch = Batch { rows, own: Set::from(own), too_large };
        Some(parts)
    }

    /// Checks the batch from the last call of [`Stream::next_batch`]; `text` is the concatenated text of its rows.
    pub fn check(&mut self, text: &[u8]) -> Vec<StreamRecord> {
        let batch = std::mem::take(&mut self.batch);
        let (mut records, undecided) = self.results(&batch, text);
        records.extend(batch.too_large.map(|row| self.too_large(row)));
        for record in &records {
            match record {
                StreamRecord::Finding(finding) => self.summary.count(finding.severity),
                StreamRecord::Problem(problem) => {
                    self.summary.problems += 1;
                    self.summary.count(problem.severity);
                }
                StreamRecord::Undecided(_) | StreamRecord::Summary(_) => {}
            }
        }
        for (is_own, open) in undecided {
            // A question about another batch's resource can come up in several batches.
            if is_own || self.repeated.insert(hash(&format!("{open:?}"))) {
                self.summary.undecided += 1;
                records.push(StreamRecord::Undecided(open));
            }
        }
        records
    }

    fn too_large(&self, row: u32) -> StreamRecord {
        let (file, line) = self.line_of(row);
        let (rule, severity) = ("evaluation-limit".to_owned(), Severity::Warning);
        let message = format!(
            "more than {MAX_NEIGHBOURS} resources affect the findings of this one, so it was not checked"
        );
        let (record, version) = ("problem", STREAM_VERSION);
        StreamRecord::Problem(StreamProblem {
            record,
            version,
            file,
            line,
            start: 0,
            end: 0,
            rule,
            severity,
            message,
        })
    }

    /// The findings and problems of a batch, and its open questions, each with whether it is about a row of the batch.
    fn results(&self, batch: &Batch, text: &[u8]) -> (Vec<StreamRecord>, Vec<(bool, StreamUndecided)>) {
        let version = STREAM_VERSION;
        let texts = self.texts(&batch.rows, text);
        let documents = documents(&texts);
        let number = |row: &u32| self.rows.get(*row as usize).map_or(1, |row| row.number as usize);
        let lowered = azure_json::lower_rows(
            documents.all().iter().flat_map(Document::json).zip(batch.rows.iter().map(number)),
        );
        let environments = [Rc::new(input::environment(lowered, &self.options))];
        let row_at = |place: Place| texts.get(place.file.0 as usize)?.row_at(place);
        let owns = |place: Place| row_at(place).is_some_and(|row| batch.own.contains(&row));
        let result = check::evaluate(&documents, &environments, &self.options, &Results::default(), &owns);

        let mut records = Vec::new();
        for ReportedFinding { diagnostic, resource } in result.findings {
            let range = diagnostic.range;
            let Some(row) = row_in(&texts, &diagnostic.file, range) else { continue };
            let (file, line) = self.line_of(row);
            let (start, end) = (range.start.character, range.end.character);
            let Diagnostic { rule, severity, confidence, message, help, .. } = diagnostic;
            match (resource, diagnostic.resource) {
                (Some(of), Some(resource)) => {
                    let related = diagnostic.related.into_iter().filter_map(|related| {
                        let (file, line) = self.line_of(row_in(&texts, &related.file, related.range)?);
                        let (start, end) = (related.range.start.character, related.range.end.character);
                        Some(StreamRelated { message: related.message, file, line, start, end })
                    });
                    let (related, id) = (related.collect(), of.id.display());
                    records.push(StreamRecord::Finding(StreamFinding {
                        record: "finding",
                        version,
                        file,
                        line,
                        start,
                        end,
                        rule,
                        severity,
                        confidence,
                        resource,
                        id,
                        message,
                        help,
                        related,
                    }));
                }
                _ if batch.own.contains(&row) => {
                    let record = "problem";
                    let problem =
                        StreamProblem { record, version, file, line, start, end, rule, severity, message };
                    records.push(StreamRecord::Problem(problem));
                }
                _ => {}
            }
        }
        let found = result.undecided.into_iter();
        let open = found.filter_map(|(open, of)| Some((row_at(of.place)?, open, of.id.display())));
        let open = Set::from(open.collect::<Vec<_>>()).into_iter().filter_map(|(row, open, id)| {
            let (file, line) = self.line_of(row);
            let Undecided { rule, resource: Some(resource), reason, depends_on } = open else { return None };
            let open = StreamUndecided {
                record: "undecided",
                version,
                file,
                line,
                rule,
                resource,
                id,
                reason,
                depends_on,
            };
            Some((batch.own.contains(&row), open))
        });
        (records, open.collect())
    }

    /// The counts so far.
    pub fn summary(&self) -> StreamRecord {
        StreamRecord::Summary(StreamSummary { record: "summary", version: STREAM_VERSION, ..self.summary })
    }

    /// The rows as one text for each file; `text` is the concatenated text of all rows.
    fn texts(&self, rows: &[u32], text: &[u8]) -> Vec<RowsOfFile<'_>> {
        let mut texts: Vec<RowsOfFile> = Vec::new();
        let mut rest = text;
        for row in rows {
            let Some(Row { length, file, .. }) = self.rows.get(*row as usize) else { continue };
            let (line, behind) = rest.split_at_checked(*length as usize).unwrap_or((rest, &[]));
            rest = behind;
            let line = String::from_utf8_lossy(line.trim_ascii_end());
            // Each row has to be one line, whatever white space it contains.
            let line = if line.contains('\r') { line.replace('\r', " ").into() } else { line };
            let path = self.path(*file);
            if texts.last().is_none_or(|last| last.file != *file) {
                texts.push(RowsOfFile { file: *file, path, text: String::new(), rows: Vec::new() });
            }
            if let Some(last) = texts.last_mut() {
                last.rows.push((u32::try_from(last.text.len()).unwrap_or(u32::MAX), *row));
                last.text.push_str(line.strip_prefix('\u{feff}').unwrap_or(&line));
                last.text.push('\n');
            }
        }
        texts
    }

    fn line_of(&self, row: u32) -> (String, u32) {
        let row = self.rows.get(row as usize);
        row.map_or_else(Default::default, |row| (self.path(row.file).to_owned(), row.line))
    }
}

/// The row of a range in a batch.
fn row_in(texts: &[RowsOfFile], path: &str, range: Range) -> Option<u32> {
    let text = texts.iter().find(|text| text.path == path)?;
    text.rows.get(range.start.line as usize).map(|(_, row)| *row)
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

impl StreamSummary {
    fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
    }
}

/// The rows of one file in a batch.
struct RowsOfFile<'p> {
    file: u32,
    path: &'p str,
    /// The rows, one line each.
    text: String,
    /// The offset of each row in `text`, and its number.
    rows: Vec<(u32, u32)>,
}

impl RowsOfFile<'_> {
    fn row_at(&self, place: Place) -> Option<u32> {
        let behind = self.rows.partition_point(|(start, _)| *start <= place.span.start);
        self.rows.get(behind.checked_sub(1)?).map(|(_, row)| *row)
    }
}

fn documents<'t>(texts: &'t [RowsOfFile]) -> Documents<'t> {
    let read = |(id, of): (FileId, &'t RowsOfFile)| {
        let rows = of.text.lines().zip(&of.rows);
        let parsed = rows.map(|(line, (start, _))| json::document(line, *start as usize)).collect();
        Document::of_rows(id, of.path, &of.text, parsed)
    };
    Documents::new((0..).map(FileId).zip(texts).map(read).collect())
}
