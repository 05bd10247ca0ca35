//! Takes a stream of JSON lines, gives a line or a refusal at a time, or the fields of the object in it; blank lines are counted
//! and passed over. Never holds a line larger than the limit. Refuses, line by line, what `json` refuses, what is not UTF-8 and
//! what is too large; then, at its end, a damaged or empty file.

use super::decode::{self, Stream};
use super::format::Compression;
use super::json;
use super::refusal::{Code, Refusal};
use super::rows::{Number, Place, Row};
use super::text::{MARK, not_utf8};
use std::io::{self, BufRead, Read};

/// A JSON lines file, or standard input, on its way through.
pub(super) struct Lines {
    path: String,
    stream: Stream,
    compression: Compression,
    max_bytes: usize,
    /// Whether this is standard input, which may be empty, since an engine that runs us as a filter has empty partitions.
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
    pub(super) fn of_file(path: String, stream: Stream, compression: Compression, max_bytes: usize) -> Self {
        Self { path, stream, compression, max_bytes, filter: false, number: 0, line: Vec::new(), found: false, ended: false }
    }

    pub(super) fn of_stdin(stream: Stream, max_bytes: usize) -> Self {
        Self { filter: true, ..Self::of_file("-".to_owned(), stream, Compression::None, max_bytes) }
    }

    /// Goes on to the next line that is not blank, for [`Lines::line`]; none at the end.
    pub(super) fn advance(&mut self) -> Option<Result<(), Refusal>> {
        while !self.ended {
            self.number += 1;
            let result = match self.take_line() {
                Ok(Taken::End) => {
                    self.ended = true;
                    if self.found || self.filter {
                        break;
                    }
                    let refusal = Refusal::new(Code::EmptyFile, "expected JSON lines, found none; fill or remove the file");
                    return Some(Err(refusal.at(&self.path)));
                }
                Ok(Taken::TooLarge { bytes }) => Err(Refusal::too_large(&format!("a line of {bytes} bytes"), self.max_bytes)),
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
            return Some(result.map_err(|refusal| self.place().of(refusal)));
        }
        None
    }

    /// The line that [`Lines::advance`] went on to.
    pub(super) fn line(&self) -> &str {
        trimmed(std::str::from_utf8(&self.line).expect("advance refuses what is not UTF-8"))
    }

    /// Where that line stands.
    pub(super) fn place(&self) -> Place {
        Place { path: self.path.clone(), number: Number::Line(self.number) }
    }

    /// Takes one line from the stream, without its end (`\n` or `\r\n`). Of a line that is too large, only its length is kept.
    fn take_line(&mut self) -> io::Result<Taken> {
        self.line.clear();
        let limit = (self.max_bytes as u64).saturating_add(2);
        let taken = self.stream.by_ref().take(limit).read_until(b'\n', &mut self.line)? as u64;
        if taken == 0 {
            return Ok(Taken::End);
        }
        let whole = self.line.pop_if(|byte| *byte == b'\n').is_some();
        let skipped = if whole || taken < limit { 0 } else { self.stream.skip_until(b'\n')? as u64 };
        if whole {
            self.line.pop_if(|byte| *byte == b'\r');
        }
        if self.line.len() > self.max_bytes {
            return Ok(Taken::TooLarge { bytes: self.line.len() as u64 + skipped });
        }
        Ok(Taken::Line)
    }
}

impl Iterator for Lines {
    type Item = Result<Row, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        let advanced = self.advance()?;
        Some(advanced.and_then(|()| {
            let place = self.place();
            match json::object(self.line()) {
                Ok(fields) => Ok(Row { fields, place }),
                Err(refusal) => Err(place.of(refusal)),
            }
        }))
    }
}

/// The line without a byte order mark, which can stand on any line of a file put together with cat, and without white space
/// around it.
fn trimmed(line: &str) -> &str {
    line.strip_prefix(MARK).unwrap_or(line).trim_ascii()
}
