//! Takes what the arguments stand for, gives documents and refusals in order, reading as they are asked for; or, for records,
//! lines as they are. Refuses files that can't be opened, and text files as `text` does.

use super::ReadOptions;
use super::decode;
use super::format::Compression;
use super::ids::Ids;
use super::inputs::{Item, TextFile};
use super::lines::Lines;
use super::refusal::{Code, Refusal};
use super::text;
use crate::document::Document;
use serde_json::{Map, json};
use std::io::Read;
use std::iter::FusedIterator;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Reads the input: an iterator over documents and refusals that holds one line or text file at a time.
pub struct Reader {
    items: std::vec::IntoIter<Item>,
    /// The JSON lines being read.
    lines: Option<Lines>,
    /// Standard input, until `-` comes.
    stdin: Option<Box<dyn Read + Send>>,
    options: ReadOptions,
    ids: Ids,
    consumed: Arc<AtomicU64>,
    /// What `consumed` is to be when the file being read is done with, however much of it was taken.
    done: u64,
}

/// What [`Reader::step`] went on to.
enum Step {
    /// A line of the lines being read.
    Line,
    /// A text file, not yet opened.
    Text(TextFile, Compression),
}

impl Reader {
    pub(super) fn new(items: Vec<Item>, stdin: Box<dyn Read + Send>, options: ReadOptions) -> Self {
        Self {
            items: items.into_iter(),
            lines: None,
            stdin: Some(stdin),
            options,
            ids: Ids::default(),
            consumed: Arc::default(),
            done: 0,
        }
    }

    /// The bytes of input taken so far, as they are on disk; at the end [`Inputs::bytes`](super::Inputs::bytes), where that is known.
    #[must_use]
    pub fn consumed(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.consumed)
    }

    fn text_file(&mut self, file: TextFile, compression: Compression) -> Result<Document, Refusal> {
        let TextFile { path, id } = file;
        let text = decode::open(&path, compression, &self.consumed)
            .map_err(|error| decode::unreadable(&error))
            .and_then(|stream| text::whole(stream, compression, self.options.max_bytes));
        let path = path.to_string_lossy();
        match text {
            Err(refusal) => Err(refusal.at(path).of(Some(id))),
            Ok(_) if !self.ids.claim(&id) => Err(Refusal::duplicate_id(id).at(path)),
            Ok(text) => Ok(Document { id, text, meta: Map::from_iter([("source".to_owned(), json!({"path": path}))]) }),
        }
    }

    /// Goes on to the next article.
    fn step(&mut self) -> Option<Result<Step, Refusal>> {
        loop {
            if let Some(lines) = &mut self.lines {
                if let Some(result) = lines.advance(self.options.max_bytes) {
                    return Some(result.map(|()| Step::Line));
                }
                self.lines = None;
                self.finish_file();
            }
            match self.items.next()? {
                Item::Refused(refusal) => return Some(Err(refusal)),
                Item::Stdin => {
                    let stdin = self.stdin.take();
                    self.done = 0;
                    self.lines = stdin.map(|stdin| Lines::of_stdin(Box::new(decode::buffered(stdin, &self.consumed))));
                }
                Item::Text { file, compression, size } => {
                    self.done = self.consumed.load(Ordering::Relaxed) + size;
                    return Some(Ok(Step::Text(file, compression)));
                }
                Item::Lines { path, compression, size } => {
                    self.done = self.consumed.load(Ordering::Relaxed) + size;
                    match self.lines_file(&path, compression) {
                        Ok(lines) => self.lines = Some(lines),
                        Err(refusal) => {
                            self.finish_file();
                            return Some(Err(refusal));
                        }
                    }
                }
            }
        }
    }

    fn lines_file(&mut self, path: &Path, compression: Compression) -> Result<Lines, Refusal> {
        let shown = path.to_string_lossy().into_owned();
        match decode::open(path, compression, &self.consumed) {
            Ok(stream) => Ok(Lines::of_file(shown, stream, compression)),
            Err(error) => Err(decode::unreadable(&error).at(shown)),
        }
    }

    fn finish_file(&mut self) {
        self.consumed.fetch_max(self.done, Ordering::Relaxed);
    }
}

impl Iterator for Reader {
    type Item = Result<Document, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step()?;
        Some(step.and_then(|step| match (step, &self.lines) {
            (Step::Line, Some(lines)) => lines.document(&self.options, &mut self.ids),
            (Step::Text(file, compression), _) => {
                let result = self.text_file(file, compression);
                self.finish_file();
                result
            }
            (Step::Line, None) => unreachable!("a line is a line of the lines being read"),
        }))
    }
}

impl FusedIterator for Reader {}

/// A line of JSON as it stands, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RawLine {
    /// The file, as the user gave it or below what he gave; `-` for standard input.
    pub path: String,
    /// Its number there, counted from 1.
    pub line: u64,
    /// The line, without its end.
    pub text: String,
}

/// Reads lines without looking into them; text files are refused.
pub struct RawLines(Reader);

impl RawLines {
    pub(super) fn new(reader: Reader) -> Self {
        Self(reader)
    }

    /// As [`Reader::consumed`].
    #[must_use]
    pub fn consumed(&self) -> Arc<AtomicU64> {
        self.0.consumed()
    }
}

impl Iterator for RawLines {
    type Item = Result<RawLine, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.0.step()?;
        Some(step.and_then(|step| match (step, &self.0.lines) {
            (Step::Line, Some(lines)) => {
                let (path, line) = lines.place();
                Ok(RawLine { path: path.to_owned(), line, text: lines.line().to_owned() })
            }
            (Step::Text(file, _), _) => {
                self.0.finish_file();
                let message = "expected JSON lines (.jsonl or .ndjson), found a text file";
                Err(Refusal::new(Code::UnknownFormat, message).at(file.path.to_string_lossy()))
            }
            (Step::Line, None) => unreachable!("a line is a line of the lines being read"),
        }))
    }
}

impl FusedIterator for RawLines {}
