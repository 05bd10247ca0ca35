//! Takes the arguments of a run (files, folders, globs, `-`), gives one [`Document`](crate::document::Document) after another,
//! in a fixed order and in bounded memory. What it refuses comes out of the same iterator as a [`Refusal`], in its place among
//! the documents; only an argument that names nothing at all ends the run, as a [`UsageError`], before anything is read.
//!
//! ```text
//! arguments ──inputs──> files, with the ids of text files ──reader──> documents and refusals
//!            (format, names)                               (decode, text, lines, json, ids)
//! ```
//!
//! | input | articles | id |
//! |---|---|---|
//! | `.txt` | one, the whole file | its name when given itself, its path below the folder when a folder was |
//! | `.jsonl`, `.ndjson` | one a line: an object with the text | the object's own, else a hash of the text |
//! | either with `.gz`, `.zst` | the same | the same; for text files the extension stays in the id |
//! | `-` | JSON lines on standard input | as in a file |
//!
//! Texts are UTF-8 and are not changed, except that a byte order mark at the start of a file is no part of them.
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

mod decode;
mod format;
mod ids;
mod inputs;
mod json;
mod lines;
mod names;
mod reader;
mod refusal;
mod text;

#[cfg(test)]
mod tests;

pub use inputs::{Fault, Inputs, UsageError};
pub use reader::{RawLine, RawLines, Reader};
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
    /// The field of a JSON line that holds the text.
    pub text_field: String,
    /// The field of a JSON line that holds the id: a string or an integer. A line where it is missing, null or "" gets a hash of
    /// its text.
    pub id_field: String,
    /// The field of a JSON line that holds a title. Where it is a non-empty string, the document's text is the title, an empty
    /// line and the text; the field stays in `meta` as well.
    pub title_field: Option<String>,
    /// The largest article that is read, in bytes: of a text file after decompression, of a JSON line as it stands in the file.
    /// Memory used for reading is bounded by a multiple of it, whatever the input's size.
    pub max_bytes: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { text_field: "text".into(), id_field: "id".into(), title_field: None, max_bytes: 16 << 20 }
    }
}
