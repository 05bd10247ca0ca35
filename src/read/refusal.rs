//! What is said of a document that was refused. Takes a code and a message, gives plain data that serialises as a line of
//! `--errors`; refuses nothing itself.

use serde::{Serialize, Serializer};
use serde_json::Value;
use std::fmt;

/// A document, line, file or folder that was refused.
///
/// Serialises as `{"path", "line", "row", "id", "code", "message"}`; `line` and `row` only where there is one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Refusal {
    /// Where it stands: as the user gave it, or found below what he gave; `-` for standard input.
    pub path: Option<String>,
    /// The line of a JSON lines, CSV or TSV file, counted from 1; where a row takes several, the first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The row of a Parquet file, which has no lines, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The document's id, where it is known.
    pub id: Option<String>,
    /// The kind of fault.
    pub code: Code,
    /// What was expected, what was found, and what to do.
    pub message: String,
}

/// Why something was refused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Code {
    /// A file without an article: no byte, only a byte order mark, or only white space.
    EmptyFile,
    /// Bytes that are not UTF-8: of a text file, of one JSON line, of one row or of a header.
    NotUtf8,
    /// A symbolic link that leads nowhere.
    DanglingLink,
    /// A file or folder that the system does not let us read, or that is a pipe, socket or device.
    Unreadable,
    /// A folder that holds no file with an extension of ours.
    NoArticles,
    /// A file, given by name, whose extension is none of ours.
    UnknownFormat,
    /// A gzip or Zstandard file that is damaged or ends too early. What came before the damage has been given.
    BrokenCompression,
    /// A line that is not JSON.
    BadJson,
    /// A line of JSON that is not an object.
    NotAnObject,
    /// An object without the text's field, or a table without its column.
    NoText,
    /// A text that is null, a number or anything else but a string; a Parquet column of such.
    TextNotAString,
    /// An id that is neither a string nor an integer.
    BadId,
    /// An id that an earlier document of the run has.
    DuplicateId,
    /// A text with a NUL character (U+0000).
    NulCharacter,
    /// A text file, line or row larger than [`ReadOptions::max_bytes`](super::ReadOptions::max_bytes).
    TooLarge,
    /// A table without a column that was named, or with two of its name.
    BadHeader,
    /// A row with another number of fields than the header, or with a quotation mark that is never closed.
    BadRow,
    /// A Parquet file, or a part of one, that is damaged, cut off, or of a kind that is not read.
    BadParquet,
    /// A line that is no record, or a record that contradicts itself.
    BadRecord,
    /// A marked article that can't be compiled to a record.
    BadMarks,
    /// A part of what is imported or exported that does not fit: a span off the text, an article that a format can't hold.
    Unfit,
    /// A document on which the model failed. Given by the pipeline, not by the reader.
    RecogniseFailed,
}

impl Code {
    /// Its name in `--errors`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EmptyFile => "empty_file",
            Self::NotUtf8 => "not_utf8",
            Self::DanglingLink => "dangling_link",
            Self::Unreadable => "unreadable",
            Self::NoArticles => "no_articles",
            Self::UnknownFormat => "unknown_format",
            Self::BrokenCompression => "broken_compression",
            Self::BadJson => "bad_json",
            Self::NotAnObject => "not_an_object",
            Self::NoText => "no_text",
            Self::TextNotAString => "text_not_a_string",
            Self::BadId => "bad_id",
            Self::DuplicateId => "duplicate_id",
            Self::NulCharacter => "nul_character",
            Self::TooLarge => "too_large",
            Self::BadHeader => "bad_header",
            Self::BadRow => "bad_row",
            Self::BadParquet => "bad_parquet",
            Self::BadRecord => "bad_record",
            Self::BadMarks => "bad_marks",
            Self::Unfit => "unfit",
            Self::RecogniseFailed => "recognise_failed",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Refusal {
    /// A refusal of which only the fault is known so far.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { path: None, line: None, row: None, id: None, code, message: message.into() }
    }

    /// The same, with the path where it stands.
    #[must_use]
    pub fn at(self, path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..self }
    }

    /// The same, with the line where it stands, counted from 1.
    #[must_use]
    pub fn on_line(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }

    /// The same, with the row where it stands, counted from 1.
    #[must_use]
    pub fn in_row(self, row: u64) -> Self {
        Self { row: Some(row), ..self }
    }

    /// The same, with the id of the document it speaks of.
    #[must_use]
    pub fn of(self, id: Option<String>) -> Self {
        Self { id, ..self }
    }

    pub(super) fn too_large(found: &str, max_bytes: usize) -> Self {
        let limit = if max_bytes >= 1 << 20 && max_bytes.is_multiple_of(1 << 20) {
            format!("{} MiB", max_bytes >> 20)
        } else {
            format!("{max_bytes} bytes")
        };
        Self::new(Code::TooLarge, format!("expected an article of at most {limit}, found {found}; split it into single articles"))
    }

    pub(super) fn duplicate_id(id: String) -> Self {
        let message = format!(
            "expected an id of its own for each article, found '{}' a second time; the first article with it is kept: rename this one",
            clipped(&id)
        );
        Self::new(Code::DuplicateId, message).of(Some(id))
    }
}

/// `path:line: message`, as compilers write it; `path, row 7: message` where there are no lines.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            match (self.line, self.row) {
                (Some(line), _) => write!(f, "{path}:{line}: ")?,
                (None, Some(row)) => write!(f, "{path}, row {row}: ")?,
                (None, None) => write!(f, "{path}: ")?,
            }
        }
        f.write_str(&self.message)
    }
}

/// What a message quotes of the input: never more than 60 characters, and no control characters.
pub(super) fn clipped(words: &str) -> String {
    let mut characters = words.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c });
    let mut clip: String = characters.by_ref().take(60).collect();
    if characters.next().is_some() {
        clip.push('…');
    }
    clip
}

/// What a message calls a JSON value.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_a_line_only_where_there_is_one() {
        let refusal = Refusal::new(Code::NoText, "no text").at("a/m.jsonl");
        let json = |refusal: &Refusal| serde_json::to_string(refusal).unwrap();
        assert_eq!(json(&refusal), r#"{"path":"a/m.jsonl","id":null,"code":"no_text","message":"no text"}"#);
        assert_eq!(refusal.to_string(), "a/m.jsonl: no text");
        let row = refusal.clone().in_row(3);
        assert_eq!(json(&row), r#"{"path":"a/m.jsonl","row":3,"id":null,"code":"no_text","message":"no text"}"#);
        assert_eq!(row.to_string(), "a/m.jsonl, row 3: no text");
        let refusal = refusal.on_line(3).of(Some("x".into()));
        assert_eq!(json(&refusal), r#"{"path":"a/m.jsonl","line":3,"id":"x","code":"no_text","message":"no text"}"#);
        assert_eq!(refusal.to_string(), "a/m.jsonl:3: no text");
    }

    #[test]
    fn messages_quote_little() {
        assert_eq!(clipped("one\ntwo"), "one\u{fffd}two");
        assert_eq!(clipped(&"é".repeat(5000)).chars().count(), 61);
    }
}
