//! Takes the first row of a CSV or TSV file, gives the delimiter, the columns, and the parser for the rows below. Refuses a header
//! that is not UTF-8, or has not the columns asked for.

use super::LineCount;
use crate::read::ReadOptions;
use crate::read::decode::Stream;
use crate::read::refusal::{Code, Refusal};
use crate::read::rows;
use crate::read::text::{MARK, not_utf8};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::io;

/// What separates fields, with its name for messages.
const DELIMITERS: [(u8, &str); 4] = [(b',', "comma"), (b';', "semicolon"), (b'\t', "tab"), (b'|', "vertical bar")];

pub(super) struct Header {
    pub(super) delimiter: u8,
    pub(super) columns: Vec<String>,
    /// It has read the header.
    pub(super) parser: Reader,
}

/// What a message calls `delimiter`.
pub(super) fn name(delimiter: u8) -> &'static str {
    DELIMITERS.iter().find(|(byte, _)| *byte == delimiter).map_or("delimiter", |(_, name)| name)
}

/// The largest header that is read, in bytes.
const LONGEST: usize = 1 << 20;

/// Takes the first row, without its end: whatever the delimiter, it ends with the line in which no quotation mark is open. A
/// header without end is cut off.
pub(super) fn take(stream: &mut Stream, lines: &mut LineCount) -> io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    let mut open = false;
    loop {
        let buffer = stream.fill_buf()?;
        let end = buffer.iter().position(|byte| {
            open ^= *byte == b'"';
            !open && matches!(byte, b'\r' | b'\n')
        });
        let taken = end.map_or(buffer.len(), |end| end + 1);
        raw.extend_from_slice(&buffer[..end.unwrap_or(taken)]);
        lines.count(&buffer[..taken]);
        stream.consume(taken);
        if end.is_some() || taken == 0 || raw.len() > LONGEST {
            return Ok(raw);
        }
    }
}

/// Finds the delimiter, and the columns with it.
pub(super) fn parse(raw: &[u8], default: u8, options: &ReadOptions) -> Result<Header, Refusal> {
    if raw.len() > LONGEST {
        let message = "expected a header with the names of the columns, found no end of it within 1 MiB; is this a table?";
        return Err(Refusal::new(Code::BadHeader, message));
    }
    let text = std::str::from_utf8(raw).map_err(|error| not_utf8(raw, error, "the header"))?;
    let text = text.strip_prefix(MARK).unwrap_or(text);
    let others = DELIMITERS.iter().map(|(delimiter, _)| *delimiter).filter(|delimiter| *delimiter != default);
    let candidates: Vec<_> =
        std::iter::once(default).chain(others).map(|delimiter| (delimiter, split(text, delimiter))).collect();
    let has_text = |(_, (names, _)): &&(u8, (Vec<String>, Reader))| names.contains(&options.text_field);
    // Without the text, the delimiter that gives most columns is likely the one; of several such the first.
    let most = candidates.iter().map(|(_, (names, _))| names.len()).max();
    let likely = candidates.iter().find(|(_, (names, _))| Some(names.len()) == most);
    let found = candidates.iter().find(has_text).or(likely).map(|(delimiter, _)| *delimiter).unwrap_or(default);
    let (names, parser) = split(text, found);
    if names.is_empty() {
        let message = "expected the quotation marks of the header to be closed, found one left open; close it, or put the name \
                       that it is part of in quotation marks and double it";
        return Err(Refusal::new(Code::BadHeader, message));
    }
    let between = match names.len() {
        1 => " (fields are separated by comma, semicolon, tab or vertical bar)".to_owned(),
        _ if found != default => format!(" (separated by {})", name(found)),
        _ => String::new(),
    };
    Ok(Header { delimiter: found, columns: rows::columns(names, options, &between)?, parser })
}

/// The fields of `text`, a header, and the parser that read them; none when it ends within a quotation mark, or goes on behind
/// the end of the row.
fn split(text: &str, delimiter: u8) -> (Vec<String>, Reader) {
    let mut parser = ReaderBuilder::new().delimiter(delimiter).build();
    // A field takes a byte at least, its delimiter, save the last.
    let mut cells = vec![0; text.len() + 2];
    let mut ends = vec![0; text.len() + 2];
    let (first, _, written, known) = parser.read_record(text.as_bytes(), &mut cells, &mut ends);
    let (second, _, _, ended) = parser.read_record(b"\n", &mut cells[written..], &mut ends[known..]);
    let is_one_row = first == ReadRecordResult::InputEmpty && second == ReadRecordResult::Record;
    let known = if is_one_row { known + ended } else { 0 };
    let mut start = 0;
    let names = ends[..known].iter().map(|end| {
        let name = String::from_utf8_lossy(&cells[std::mem::replace(&mut start, *end)..*end]);
        name.into_owned()
    });
    (names.collect(), parser)
}
