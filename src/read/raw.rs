//! Takes the files of a run, gives their lines as they are, for records. Refuses files that can't be opened, and all that are
//! not JSON lines.

use super::decode;
use super::files::{Files, Next};
use super::format::Layout;
use super::lines::Lines;
use super::refusal::{Code, Refusal};
use super::rows::{Number, Place};
use std::iter::FusedIterator;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

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

/// Reads lines without looking into them; other files are refused.
pub struct RawLines {
    files: Files,
    lines: Option<Lines>,
    max_bytes: usize,
}

impl RawLines {
    pub(super) fn new(files: Files, max_bytes: usize) -> Self {
        Self { files, lines: None, max_bytes }
    }

    /// As [`Reader::consumed`](super::Reader::consumed).
    #[must_use]
    pub fn consumed(&self) -> Arc<AtomicU64> {
        Arc::clone(self.files.consumed())
    }

    fn open(&self, next: Next) -> Result<Lines, Refusal> {
        let file = match next {
            Next::Stdin(stream) => return Ok(Lines::of_stdin(stream, self.max_bytes)),
            Next::Articles(file, _) if file.layout == Layout::JsonLines => file,
            Next::Articles(file, _) => return Err(no_lines(file.layout.name(), &file.path)),
            Next::Text(file, _) => return Err(no_lines("a text file", &file.path)),
        };
        let shown = file.path.to_string_lossy().into_owned();
        match decode::open(&file.path, file.compression, self.files.consumed()) {
            Ok(stream) => Ok(Lines::of_file(shown, stream, file.compression, self.max_bytes)),
            Err(error) => Err(decode::unreadable(&error).at(shown)),
        }
    }
}

fn no_lines(found: &str, path: &Path) -> Refusal {
    let message = format!("expected JSON lines (.jsonl or .ndjson), found {found}");
    Refusal::new(Code::UnknownFormat, message).at(path.to_string_lossy())
}

impl Iterator for RawLines {
    type Item = Result<RawLine, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(lines) = &mut self.lines {
                if let Some(advanced) = lines.advance() {
                    let line = |Place { path, number: Number::Line(line) | Number::Row(line) }| RawLine {
                        path,
                        line,
                        text: lines.line().to_owned(),
                    };
                    return Some(advanced.map(|()| line(lines.place())));
                }
                self.lines = None;
            }
            match self.files.next()?.and_then(|next| self.open(next)) {
                Ok(lines) => self.lines = Some(lines),
                Err(refusal) => {
                    self.files.finish();
                    return Some(Err(refusal));
                }
            }
        }
    }
}

impl FusedIterator for RawLines {}
