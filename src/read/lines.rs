//! Takes a stream of JSON lines, gives a line or a refusal at a time, and the document in a line; blank lines are counted and passed over. Never holds a
//! line larger than the limit. Refuses, line by line, what `json` and `text` refuse, what is too large, and ids seen before;
//! then, at its end, a damaged or empty file.

use super::ReadOptions;
use super::decode::{self, Stream};
use super::format::Compression;
use super::ids::Ids;
use super::json;
use super::refusal::{Code, Refusal};
use super::text::{MARK, not_utf8};
use crate::document::Document;
use serde_json::json;
use std::io::{self, BufRead, Read};

/// A JSON lines file, or standard input, on its way through.
pub(super) struct Lines {
    path: String,
    stream: Stream,
    compression: Compression,
    /// Whether this is standard input: it may be empty, since an engine that runs us as a filter has empty partitions, and it
    /// may be endless, so the ids of its lines are not remembered.
    filter: bool,
    /// The line read last, counted from 1.
    number: u64,
    line: Vec<u8>,
    /// Whether there was anything but blank lines.
    found: bool,
    ended: bool,
}

enum Taken {
    Line,
    TooLarge { bytes: u64 },
    End,
}

impl Lines {
    pub(super) fn of_file(path: String, stream: Stream, compression: Compression) -> Self {
        Self { path, stream, compression, filter: false, number: 0, line: Vec::new(), found: false, ended: false }
    }

    pub(super) fn of_stdin(stream: Stream) -> Self {
        Self { filter: true, ..Self::of_file("-".to_owned(), stream, Compression::None) }
    }

    /// Goes on to the next line that is not blank, for [`Lines::line`]; none at the end.
    pub(super) fn advance(&mut self, max_bytes: usize) -> Option<Result<(), Refusal>> {
        while !self.ended {
            self.number += 1;
            let result = match self.take_line(max_bytes) {
                Ok(Taken::End) => {
                    self.ended = true;
                    if self.found || self.filter {
                        break;
                    }
                    let refusal = Refusal::new(Code::EmptyFile, "expected JSON lines, found none; fill or remove the file");
                    return Some(Err(refusal.at(&self.path)));
                }
                Ok(Taken::TooLarge { bytes }) => Err(Refusal::too_large(&format!("a line of {bytes} bytes"), max_bytes)),
                Ok(Taken::Line) => match std::str::from_utf8(&self.line) {
                    Ok(line) if trimmed(line).is_empty() => continue,
                    Ok(_) => Ok(()),
                    Err(error) => Err(not_utf8(&self.line, error, "the line")),
                },
                Err(error) => {
                    self.ended = true;
                    Err(decode::failure(&error, self.compression))
                }
            };
            self.found = true;
            return Some(result.map_err(|refusal| self.here(refusal)));
        }
        None
    }

    /// The line that [`Lines::advance`] went on to.
    pub(super) fn line(&self) -> &str {
        trimmed(std::str::from_utf8(&self.line).expect("advance refuses what is not UTF-8"))
    }

    /// Where that line stands: the path, and the number counted from 1.
    pub(super) fn place(&self) -> (&str, u64) {
        (&self.path, self.number)
    }

    /// The document in that line.
    pub(super) fn document(&self, options: &ReadOptions, ids: &mut Ids) -> Result<Document, Refusal> {
        let (path, line) = self.place();
        let article = json::article(self.line(), json!({"path": path, "line": line}), options).map_err(|r| self.here(r))?;
        let id = match article.id {
            Some(id) if self.filter || ids.claim(&id) => id,
            Some(id) => return Err(self.here(Refusal::duplicate_id(id))),
            None => ids.of_text(&article.text),
        };
        Ok(Document { id, text: article.text, meta: article.meta })
    }

    fn here(&self, refusal: Refusal) -> Refusal {
        refusal.at(&self.path).on_line(self.number)
    }

    /// Takes one line from the stream, without its end (`\n` or `\r\n`). Of a line that is too large, only its length is kept.
    fn take_line(&mut self, max_bytes: usize) -> io::Result<Taken> {
        self.line.clear();
        let limit = (max_bytes as u64).saturating_add(2);
        let taken = self.stream.by_ref().take(limit).read_until(b'\n', &mut self.line)? as u64;
        if taken == 0 {
            return Ok(Taken::End);
        }
        let whole = self.line.pop_if(|byte| *byte == b'\n').is_some();
        let skipped = if whole || taken < limit { 0 } else { self.stream.skip_until(b'\n')? as u64 };
        if whole {
            self.line.pop_if(|byte| *byte == b'\r');
        }
        if self.line.len() > max_bytes {
            return Ok(Taken::TooLarge { bytes: self.line.len() as u64 + skipped });
        }
        Ok(Taken::Line)
    }
}

/// The line without a byte order mark, which can stand on any line of a file put together with cat, and without white space
/// around it.
fn trimmed(line: &str) -> &str {
    line.strip_prefix(MARK).unwrap_or(line).trim_ascii()
}
