//! Takes what the arguments stand for, gives documents and refusals in order, reading as they are asked for. Refuses files that
//! can't be opened, and text files as `text` does.

use super::ReadOptions;
use super::decode;
use super::format::Compression;
use super::ids::Ids;
use super::inputs::{Item, TextFile};
use super::lines::Lines;
use super::refusal::Refusal;
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
        loop {
            if let Some(lines) = &mut self.lines {
                if let Some(result) = lines.next(&self.options, &mut self.ids) {
                    return Some(result);
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
                    let result = self.text_file(file, compression);
                    self.finish_file();
                    return Some(result);
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
}

impl FusedIterator for Reader {}
