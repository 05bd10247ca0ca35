//! Takes a stream of CSV or TSV with a header, gives the fields of a row at a time: all strings, by the names of the columns.
//! Never holds a row larger than the limit. Refuses the stream when its header has not the columns asked for; row by row, what
//! does not fit the header, is not UTF-8 or is too large; then, at its end, a quotation mark left open, damage, or no row at all.
//!
//! The form is that of RFC 4180: fields that hold a delimiter, a line break or a quotation mark stand in quotation marks, and
//! quotation marks in them are doubled. Lines end in LF, CRLF or CR.

mod header;

use super::ReadOptions;
use super::decode::{self, Stream};
use super::format::Compression;
use super::refusal::{Code, Refusal, clipped};
use super::rows::{Number, Place, Row};
use super::text::not_utf8;
use csv_core::ReadRecordResult;
use header::{Header, name};
use serde_json::{Map, Value};
use std::io;

/// A CSV or TSV file on its way through.
pub(super) struct Delimited {
    path: String,
    stream: Stream,
    compression: Compression,
    max_bytes: usize,
    delimiter: u8,
    parser: csv_core::Reader,
    columns: Vec<String>,
    lines: LineCount,
    /// The line that the row read last begins on.
    begin: u64,
    /// Its fields, one after the other, and where each ends.
    cells: Vec<u8>,
    ends: Vec<usize>,
    /// Whether there was a row.
    found: bool,
    ended: bool,
}

enum Taken {
    Row,
    OtherCount { fields: usize },
    TooLarge { bytes: u64 },
    OpenQuote,
    End,
}

impl Delimited {
    /// Reads the header of `stream`. `default` is the delimiter to be expected.
    ///
    /// The delimiter is that of comma, semicolon, tab and `|` with which the header has a column for the text, `default` first:
    /// spreadsheets write semicolons into `.csv` files where the comma stands in decimal numbers.
    pub(super) fn open(
        path: &str,
        mut stream: Stream,
        compression: Compression,
        default: u8,
        options: &ReadOptions,
    ) -> Result<Self, Refusal> {
        let mut lines = LineCount::default();
        let failed = |error: io::Error| decode::failure(&error, compression);
        lines.skip_ends(&mut stream).map_err(failed)?;
        let raw = header::take(&mut stream, &mut lines).map_err(failed)?;
        if raw.is_empty() {
            let message = "expected a header with the names of the columns, found nothing; fill or remove the file";
            return Err(Refusal::new(Code::EmptyFile, message));
        }
        let Header { delimiter, columns, parser } = header::parse(&raw, default, options)?;
        Ok(Self {
            path: path.to_owned(),
            stream,
            compression,
            max_bytes: options.max_bytes,
            delimiter,
            parser,
            ends: vec![0; columns.len() + 1],
            columns,
            lines,
            begin: 0,
            cells: vec![0; 1 << 10],
            found: false,
            ended: false,
        })
    }

    /// Takes one row from the stream. Of a row that is too large, only its length is kept.
    fn take_row(&mut self) -> io::Result<Taken> {
        self.lines.skip_ends(&mut self.stream)?;
        self.begin = self.lines.line;
        let (mut bytes, mut filled, mut fields, mut known) = (0, 0, 0, 0);
        loop {
            let input = self.stream.fill_buf()?;
            let at_end = input.is_empty();
            if at_end && bytes == 0 {
                return Ok(Taken::End);
            }
            // An end of line ends the last row as well, unless a quotation mark is open.
            let input = if at_end { b"\n" } else { input };
            let (result, taken, written, ended) =
                self.parser.read_record(input, &mut self.cells[filled..], &mut self.ends[known..]);
            (filled, fields, known) = (filled + written, fields + ended, known + ended);
            if !at_end {
                bytes += taken as u64;
                self.lines.count(&input[..taken]);
                self.stream.consume(taken);
            }
            match result {
                ReadRecordResult::InputEmpty if at_end => return Ok(Taken::OpenQuote),
                ReadRecordResult::InputEmpty => {}
                // Nothing of such rows is wanted: what comes next is written over it.
                ReadRecordResult::OutputFull if bytes > self.max_bytes as u64 + 1 => filled = 0,
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => known = 0,
                ReadRecordResult::Record | ReadRecordResult::End => {
                    let bytes = if at_end { bytes } else { bytes - 1 };
                    return Ok(match fields {
                        _ if bytes > self.max_bytes as u64 => Taken::TooLarge { bytes },
                        fields if fields == self.columns.len() => Taken::Row,
                        fields => Taken::OtherCount { fields },
                    });
                }
            }
        }
    }

    /// The fields of the row that was taken.
    fn fields(&self) -> Result<Map<String, Value>, Refusal> {
        let mut fields = Map::new();
        let mut start = 0;
        for (column, end) in self.columns.iter().zip(&self.ends) {
            let bytes = &self.cells[start..*end];
            let cell = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error, &format!("'{}'", clipped(column))))?;
            fields.insert(column.clone(), cell.into());
            start = *end;
        }
        Ok(fields)
    }

    /// Whether the row that was taken is nothing but delimiters, as spreadsheets write below the last row, or only white space.
    fn is_blank(&self, fields: usize) -> bool {
        let end = self.ends[fields.min(self.ends.len()) - 1];
        if fields > 1 { end == 0 } else { self.columns.len() > 1 && self.cells[..end].trim_ascii().is_empty() }
    }

    fn other_count(&self, fields: usize) -> Refusal {
        let until = if self.lines.line > self.begin + 1 {
            format!(" in a row that runs to line {}", self.lines.line - 1)
        } else {
            String::new()
        };
        let message = format!(
            "expected {}, as in the header, found {}{until}; put fields that hold a {} or a line break in quotation marks, and \
             double the quotation marks in them",
            counted(self.columns.len()),
            counted(fields),
            name(self.delimiter)
        );
        Refusal::new(Code::BadRow, message)
    }

    fn open_quote(&self) -> Refusal {
        let message = "expected the quotation mark that is open in this row to be closed, found the end of the file; close it, \
                       and double the quotation marks within a field";
        Refusal::new(Code::BadRow, message)
    }

    fn here(&self) -> Place {
        Place { path: self.path.clone(), number: Number::Line(self.begin) }
    }
}

fn counted(fields: usize) -> String {
    if fields == 1 { "1 field".to_owned() } else { format!("{fields} fields") }
}

impl Iterator for Delimited {
    type Item = Result<Row, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let result = match self.take_row() {
                Ok(Taken::End) => {
                    self.ended = true;
                    if self.found {
                        break;
                    }
                    let message = "expected rows below the header, found none; fill or remove the file";
                    return Some(Err(Refusal::new(Code::EmptyFile, message).at(&self.path)));
                }
                Ok(Taken::Row) if self.is_blank(self.columns.len()) => continue,
                Ok(Taken::OtherCount { fields }) if self.is_blank(fields) => continue,
                Ok(Taken::Row) => self.fields(),
                Ok(Taken::OtherCount { fields }) => Err(self.other_count(fields)),
                Ok(Taken::TooLarge { bytes }) => {
                    let found = format!("a row of {bytes} bytes, perhaps for want of a closing quotation mark");
                    Err(Refusal::too_large(&found, self.max_bytes))
                }
                Ok(Taken::OpenQuote) => {
                    self.ended = true;
                    Err(self.open_quote())
                }
                Err(error) => {
                    self.ended = true;
                    Err(decode::failure(&error, self.compression))
                }
            };
            self.found = true;
            let place = self.here();
            return Some(match result {
                Ok(fields) => Ok(Row { fields, place }),
                Err(refusal) => Err(place.of(refusal)),
            });
        }
        None
    }
}

/// The line that is being read, counted from 1; lines end in LF, CRLF or CR.
struct LineCount {
    line: u64,
    /// Whether the byte before is a CR, which a LF does not end a second line with.
    after_return: bool,
}

impl Default for LineCount {
    fn default() -> Self {
        Self { line: 1, after_return: false }
    }
}

impl LineCount {
    fn count(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.line += u64::from(*byte == b'\r' || (*byte == b'\n' && !self.after_return));
            self.after_return = *byte == b'\r';
        }
    }

    /// Passes over ends of lines, blank lines with them.
    fn skip_ends(&mut self, stream: &mut Stream) -> io::Result<()> {
        loop {
            let buffer = stream.fill_buf()?;
            let ends = buffer.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let all = ends == buffer.len();
            self.count(&buffer[..ends]);
            stream.consume(ends);
            if !all || ends == 0 {
                return Ok(());
            }
        }
    }
}
