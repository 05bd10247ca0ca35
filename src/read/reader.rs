//! Takes the files of a run, gives documents and refusals in order, reading as they are asked for. Refuses files that can't be
//! opened, text files as `text` does, what files of many articles refuse themselves, and ids seen before.

use super::ReadOptions;
use super::article::article;
use super::decode;
use super::delimited::Delimited;
use super::files::{Files, Next};
use super::format::{Compression, Layout};
use super::ids::Ids;
use super::inputs::{ArticlesFile, TextFile};
use super::lines::Lines;
use super::parquet::Parquet;
use super::refusal::Refusal;
use super::rows::{Row, Rows};
use super::text;
use crate::document::Document;
use serde_json::{Map, json};
use std::iter::FusedIterator;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// Reads the input: an iterator over documents and refusals that holds one article at a time.
pub struct Reader {
    files: Files,
    /// The file of many articles being read.
    rows: Option<Rows>,
    /// Whether that is standard input, which may be endless: the ids of its articles are not remembered.
    endless: bool,
    options: ReadOptions,
    ids: Ids,
}

impl Reader {
    pub(super) fn new(files: Files, options: ReadOptions) -> Self {
        Self { files, rows: None, endless: false, options, ids: Ids::default() }
    }

    /// The bytes of input taken so far, as they are on disk; at the end [`Inputs::bytes`](super::Inputs::bytes), where that is known.
    #[must_use]
    pub fn consumed(&self) -> Arc<AtomicU64> {
        Arc::clone(self.files.consumed())
    }

    fn text_file(&mut self, file: TextFile, compression: Compression) -> Result<Document, Refusal> {
        let TextFile { path, id } = file;
        let text = decode::open(&path, compression, self.files.consumed())
            .map_err(|error| decode::unreadable(&error))
            .and_then(|stream| text::whole(stream, compression, self.options.max_bytes));
        let path = path.to_string_lossy();
        match text {
            Err(refusal) => Err(refusal.at(path).of(Some(id))),
            Ok(_) if !self.ids.claim(&id) => Err(Refusal::duplicate_id(id).at(path)),
            Ok(text) => Ok(Document { id, text, meta: Map::from_iter([("source".to_owned(), json!({"path": path}))]) }),
        }
    }

    fn articles_file(&self, file: ArticlesFile, size: u64) -> Result<Rows, Refusal> {
        let ArticlesFile { path, layout, compression } = file;
        let (consumed, options) = (self.files.consumed(), &self.options);
        let shown = path.to_string_lossy().into_owned();
        let stream = || decode::open(&path, compression, consumed).map_err(|error| decode::unreadable(&error));
        let opened: Result<Rows, Refusal> = match layout {
            Layout::JsonLines => {
                stream().map(|stream| Box::new(Lines::of_file(shown.clone(), stream, compression, options.max_bytes)) as Rows)
            }
            Layout::Csv => {
                stream().and_then(|stream| Ok(Box::new(Delimited::open(&shown, stream, compression, b',', options)?) as Rows))
            }
            Layout::Tsv => {
                stream().and_then(|stream| Ok(Box::new(Delimited::open(&shown, stream, compression, b'\t', options)?) as Rows))
            }
            Layout::Parquet => Parquet::open(&path, &shown, size, consumed, options).map(|parquet| Box::new(parquet) as Rows),
        };
        opened.map_err(|refusal| refusal.at(shown))
    }

    fn document(&mut self, row: Row) -> Result<Document, Refusal> {
        let Row { fields, place } = row;
        let article = article(fields, place.source(), &self.options).map_err(|refusal| place.of(refusal))?;
        let id = match article.id {
            Some(id) if self.endless || self.ids.claim(&id) => id,
            Some(id) => return Err(place.of(Refusal::duplicate_id(id))),
            None => self.ids.of_text(&article.text),
        };
        Ok(Document { id, text: article.text, meta: article.meta })
    }

    /// A text file is the document that is next; of a file of many articles that is now `rows`, there is none yet.
    fn open(&mut self, next: Next) -> Result<Option<Document>, Refusal> {
        match next {
            Next::Text(file, compression) => return self.text_file(file, compression).map(Some),
            Next::Stdin(stream) => self.rows = Some(Box::new(Lines::of_stdin(stream, self.options.max_bytes))),
            Next::Articles(file, size) => self.rows = Some(self.articles_file(file, size)?),
        }
        Ok(None)
    }
}

impl Iterator for Reader {
    type Item = Result<Document, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(rows) = &mut self.rows {
                if let Some(row) = rows.next() {
                    return Some(row.and_then(|row| self.document(row)));
                }
                self.rows = None;
            }
            let next = self.files.next()?;
            self.endless = matches!(next, Ok(Next::Stdin(_)));
            if let Some(item) = next.and_then(|next| self.open(next)).transpose() {
                self.files.finish();
                return Some(item);
            }
        }
    }
}

impl FusedIterator for Reader {}
