//! Takes the arguments of a run (files, folders, globs, `-`), gives one [`Document`](crate::document::Document) after another,
//! in a fixed order and in bounded memory. What it refuses comes out of the same iterator as a [`Refusal`], in its place among
//! the documents; only an argument that names nothing at all ends the run, as a [`UsageError`], before anything is read.
//!
//! ```text
//! arguments ──inputs──> files, with the ids of text files ──reader──> documents and refusals
//!            (format, names)           (files, decode)  │         (text, article, ids)
//!                                                       └─lines, delimited, parquet──> rows: the fields of an article
//! ```
//!
//! | input | articles | id |
//! |---|---|---|
//! | `.txt` | one, the whole file | its name when given itself, its path below the folder when a folder was |
//! | `.jsonl`, `.ndjson` | one a line: an object with the text | the object's own, else a hash of the text |
//! | `.csv`, `.tsv` | one a row; the first row names the columns | as in a JSON line |
//! | any of these with `.gz`, `.zst` | the same | the same; for text files the extension stays in the id |
//! | `.parquet` | one a row | as in a JSON line |
//! | `-` | JSON lines on standard input | as in a file |
//!
//! A JSON line, a row of a CSV file and a row of a Parquet file are the same from their fields on: which of them is the text,
//! what becomes of the others. Texts are UTF-8 and are not changed, except that a byte order mark at the start of a file is no
//! part of them.
//!
//! ```
//! use rolecall::read::{Code, Inputs, ReadOptions};
//!
//! let lines = "{\"id\": 7, \"text\": \"A panel sat.\"}\n{\"id\": 8}\n".as_bytes();
//! let mut reader = Inputs::resolve(&["-".into()], ReadOptions::default())?.read_with(lines);
//! let document = reader.next().unwrap().unwrap();
//! assert_eq!((&*document.id, &*document.text), ("7", "A panel sat."));
//! let refusal = reader.next().unwrap().unwrap_err();
//! assert_eq!((refusal.code, refusal.line), (Code::NoText, Some(2)));
//! # Ok::<(), rolecall::read::UsageError>(())
//! ```

mod article;
mod decode;
mod delimited;
mod files;
mod format;
mod ids;
mod inputs;
mod json;
mod lines;
mod names;
mod parquet;
mod raw;
mod reader;
mod refusal;
mod rows;
mod text;

#[cfg(test)]
mod tests;

pub use inputs::{Fault, Inputs, UsageError};
pub use raw::{RawLine, RawLines};
pub use reader::Reader;
pub use refusal::{Code, Refusal};

use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

/// The content of the file at `path`, unpacked if it ends in .gz or .zst.
///
/// # Errors
/// When it can't be opened.
pub fn open(path: &Path) -> Result<Box<dyn BufRead + Send>, Refusal> {
    decode::open(path, format::compression(path), &Arc::default()).map_err(|error| decode::unreadable(&error))
}

/// How articles are found in the input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadOptions {
    /// The field of a JSON line, or column of a table, that holds the text.
    pub text_field: String,
    /// The field that holds the id: a string or an integer. An article where it is missing, null or "" gets a hash of its text.
    pub id_field: String,
    /// The field that holds a title. Where it is a non-empty string, the document's text is the title, an empty
    /// line and the text; the field stays in `meta` as well.
    pub title_field: Option<String>,
    /// The field that holds a date. Where it is a string or a number, it is `meta.date`, and does not stay in `meta` under its own
    /// name; what the input itself calls `date` is `input_date`.
    pub date_field: Option<String>,
    /// The largest article that is read, in bytes: of a text file after decompression, of a JSON line or a row of a CSV file as it
    /// stands in the file, of all the strings in a row of a Parquet file. Memory used for reading is bounded by a multiple of it,
    /// whatever the input's size; with Parquet, by a multiple of what its writer made the size of a page.
    pub max_bytes: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { text_field: "text".into(), id_field: "id".into(), title_field: None, date_field: None, max_bytes: 16 << 20 }
    }
}
