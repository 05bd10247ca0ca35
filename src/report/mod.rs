//! Takes annotated articles, one by one; gives a page to look through them in a browser: one file that needs no network, with the
//! texts, who is in them, what each is and the words that prove it, filters and charts. Refuses nothing.
//!
//! Memory does not grow with the articles: they go into the file as they come, some together, packed. The page unpacks those that
//! are looked at, and finds them by an index, which goes into the file between them. What keeps the words of articles from
//! becoming markup is said in [`page`](crate::page); besides, packed articles stand there in base 64.
//!
//! ```text
//! page.html  chunk-0 chunk-1 … index-0 … chunk-n index-m  about  script
//! ```

mod index;

use crate::page::{escaped, filled, hash};
use crate::write::back::Annotated;
use crate::write::offsets::OffsetUnit;
use crate::write::output::{Destination, Output, OutputError};
use crate::write::record::Record;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use index::Index;
use serde_json::json;
use std::io::Write;

/// Bytes of JSON that are packed together: little enough to be unpacked at once when one of the articles is wanted.
const CHUNK: usize = 256 << 10;

/// As much of the index is held until it is packed.
const PIECE: usize = 1 << 20;

const MARKUP: &str = include_str!("page.html");
const STYLE: &str = concat!(
    include_str!("../page/base.css"),
    "\n",
    include_str!("page.css"),
    include_str!("article.css"),
    include_str!("narrow.css")
);
const SCRIPT: &str = concat!(
    "'use strict';\n{\n",
    include_str!("../page/elements.js"),
    include_str!("../page/panels.js"),
    include_str!("../page/facets.js"),
    include_str!("data.js"),
    include_str!("filter.js"),
    include_str!("texts.js"),
    include_str!("figures.js"),
    include_str!("text.js"),
    include_str!("people.js"),
    include_str!("article.js"),
    include_str!("list.js"),
    include_str!("page.js"),
    "}\n"
);

/// What the page says of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct About<'a> {
    /// Its title, if it is to have one of its own.
    pub title: Option<&'a str>,
    /// Where the articles were read from.
    pub files: &'a [String],
    /// Lines that were no records.
    pub refused: u64,
}

/// A page on its way.
pub struct Report {
    output: Output,
    articles: u64,
    /// The first article of each chunk that is written.
    chunks: Vec<u64>,
    chunk: Bundle,
    pieces: usize,
    piece: Bundle,
    index: Index,
}

impl Report {
    /// Begins a page.
    ///
    /// # Errors
    /// When it can't be made or written.
    pub fn open(destination: Destination) -> Result<Self, OutputError> {
        let mut output = destination.open()?;
        output.line(parts().0.as_bytes())?;
        Ok(Self {
            output,
            articles: 0,
            chunks: Vec::new(),
            chunk: Bundle::default(),
            pieces: 0,
            piece: Bundle::default(),
            index: Index::default(),
        })
    }

    /// Puts an article into it.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn article(&mut self, annotated: &Annotated) -> Result<(), OutputError> {
        let Annotated { document, annotation, made_by, .. } = annotated;
        // Strings of JavaScript count UTF-16; tokens follow from the text, and are not shown.
        let record = Record::new(document, annotation, made_by, OffsetUnit::Utf16);
        self.chunk.add(&serde_json::to_string(&record).expect("a record is made of texts, numbers and lists"));
        self.piece.add(&self.index.line(annotated).to_string());
        self.articles += 1;
        if self.chunk.json.len() >= CHUNK {
            self.end_chunk()?;
        }
        if self.piece.json.len() >= PIECE {
            self.end_piece()?;
        }
        Ok(())
    }

    /// Ends it.
    ///
    /// # Errors
    /// When it can't be written, or the file can't be given its name.
    pub fn finish(mut self, about: &About) -> Result<(), OutputError> {
        self.end_chunk()?;
        self.end_piece()?;
        let rest = json!({
            "title": about.title, "files": about.files, "refused": about.refused, "articles": self.articles,
            "chunks": self.chunks, "pieces": self.pieces, "words": self.index.words(), "runs": self.index.runs(),
            "program": concat!("rolecall ", env!("CARGO_PKG_VERSION")),
        });
        let hole = ("about", &*escaped(&rest.to_string()));
        self.output.line(filled(&parts().1, &[hole, ("script", SCRIPT)]).as_bytes())?;
        self.output.finish()
    }

    fn end_chunk(&mut self) -> Result<(), OutputError> {
        let Some((articles, packed)) = self.chunk.take() else { return Ok(()) };
        let element = element(&format!("chunk-{}", self.chunks.len()), &packed);
        self.chunks.push(self.articles - articles);
        self.output.line(element.as_bytes())
    }

    fn end_piece(&mut self) -> Result<(), OutputError> {
        let Some((_, packed)) = self.piece.take() else { return Ok(()) };
        let element = element(&format!("index-{}", self.pieces), &packed);
        self.pieces += 1;
        self.output.line(element.as_bytes())
    }
}

/// Values that are packed together: a list in JSON that is not ended.
#[derive(Default)]
struct Bundle {
    json: String,
    values: u64,
}

impl Bundle {
    fn add(&mut self, json: &str) {
        self.json.push(if self.values == 0 { '[' } else { ',' });
        self.json.push_str(json);
        self.values += 1;
    }

    /// How many there are, and the list of them, deflated, in base 64; then there are none.
    fn take(&mut self) -> Option<(u64, String)> {
        let Self { mut json, values } = std::mem::take(self);
        if values == 0 {
            return None;
        }
        json.push(']');
        let mut packed = DeflateEncoder::new(Vec::with_capacity(json.len() / 3), Compression::default());
        packed.write_all(json.as_bytes()).expect("memory can be written to");
        Some((values, STANDARD.encode(packed.finish().expect("memory can be written to"))))
    }
}

/// What holds packed values in the page. Of a type that no browser runs or shows.
fn element(id: &str, packed: &str) -> String {
    format!("<script type=\"text/plain\" id=\"{id}\">{packed}</script>")
}

/// The page before its articles, and after them: there the places of what it says of itself and of the script are left.
fn parts() -> (String, &'static str) {
    let (before, after) = MARKUP.split_once("{articles}\n").expect("the page has a place for articles");
    let hashes = [STYLE, SCRIPT].map(hash);
    let places = [("style", STYLE), ("style_hash", &*hashes[0]), ("script_hash", &hashes[1])];
    (filled(before.trim_end(), &places), after.trim_end())
}

#[cfg(test)]
mod tests;
