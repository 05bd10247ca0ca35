//! Takes annotation in the forms that other tools write, gives it in the crate's own types; takes ours, gives it in theirs.
//! Refuses, one by one, what does not hold together, and what a form can't hold.
//!
//! ```text
//! records ──article (what is to be left out is)──> a file of FORMATS ──> bytes, for the tool that reads them
//! a tool's file ──a file of FORMATS──> drafts ──assemble (beside the records they came from)──> records
//! ```
//!
//! [`FORMATS`] is the list of all formats. A format is one file with a constant of its [`Format`], and one line in that list; the
//! command line, its help, the table in the README and the tests that prove it go by the list.

pub mod article;
pub mod assemble;
mod conll;
mod csv;
mod doccano;
pub mod draft;
mod hf;
mod label_studio;
pub mod marked;
pub mod originals;
mod prodigy;
pub mod records;
pub mod sources;
mod spacy;
pub mod split;
pub(crate) mod tags;
#[cfg(test)]
mod tests;
mod values;
mod words;

use crate::write::offsets::OffsetUnit;
use article::{Article, Layer};
use draft::Drafts;
use sources::Source;
use std::collections::BTreeSet;
use std::io::{self, Write};
pub use tags::joined as joined_roles;

/// All formats, in the order in which they are listed for users. A new one is a line here.
pub const FORMATS: &[Format] = &[
    records::FORMAT,
    marked::FORMAT,
    prodigy::FORMAT,
    label_studio::FORMAT,
    doccano::FORMAT,
    doccano::WITH_RELATIONS,
    conll::FORMAT,
    hf::FORMAT,
    spacy::FORMAT,
    csv::FORMAT,
];

/// A form that annotation can have in files.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is, for the help.
    pub about: &'static str,
    /// What of an article it can hold.
    pub holds: Holds,
    /// What its offsets count where nothing else is asked for: what the tool itself counts. None if they are not to be chosen.
    pub offsets: Option<OffsetUnit>,
    /// How it is written, if it is.
    pub export: Option<Export>,
    /// How it is read, if it is.
    pub import: Option<Import>,
}

/// What of an annotated article a format holds by itself, so that it comes back when what was exported is imported. What it does
/// not hold can come back from the records that were exported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Holds {
    /// The text, character for character.
    pub text: bool,
    /// The mentions, with their labels.
    pub spans: bool,
    /// Which mentions are of one entity.
    pub entities: bool,
    /// The roles of entities.
    pub roles: bool,
    /// What holds between entities.
    pub relations: bool,
    /// How mentions refer, and how sure the finder was of them.
    pub kinds: bool,
    /// The words that prove roles, and their scores.
    pub evidence: bool,
}

impl Holds {
    /// All of it.
    pub const ALL: Self =
        Self { text: true, spans: true, entities: true, roles: true, relations: true, kinds: true, evidence: true };
}

/// How a format is written.
#[derive(Clone, Copy, Debug)]
pub struct Export {
    /// What its files end in where rolecall names them, without a point.
    pub extension: &'static str,
    /// Makes what writes one file.
    pub open: fn(Layer) -> io::Result<Box<dyn Exporter>>,
    /// The files that belong beside what was written.
    pub beside: fn(&Written<'_>) -> Vec<Beside>,
    /// What whoever opens it should know, if anything.
    pub hint: fn(Layer) -> Option<&'static str>,
}

/// What writes one file of a format: [`begin`](Exporter::begin), one article after another, [`finish`](Exporter::finish).
pub trait Exporter {
    /// What stands before the first article.
    fn begin(&mut self, _out: &mut Vec<u8>) {}

    /// Appends an article to `out`.
    ///
    /// # Errors
    /// When the format can't hold it, with the reason: `out` may then hold a part of it, to be thrown away. When something that
    /// is kept until the end can't be written.
    fn article(&mut self, article: &Article, out: &mut Vec<u8>) -> Result<(), ExportError>;

    /// Writes what stands after the last article.
    ///
    /// # Errors
    /// When `out` can't be written, or what was kept can't be read.
    fn finish(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// Why an article could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The format can't hold it. Says what was expected and what was found.
    #[error("{0}")]
    Unfit(String),
    /// What the exporter keeps until the end can't be kept.
    #[error("what is kept until the end can't be written")]
    Kept(#[from] io::Error),
}

/// What was written, for the files beside it.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// What was asked for.
    pub layer: Layer,
    /// The labels of mentions that are no label of ours.
    pub labels: &'a BTreeSet<String>,
    /// The roles of one entity, as [`joined_roles`] joins them: `panel_chair`, `anonymised_officer|subject_officer`.
    pub roles: &'a BTreeSet<String>,
    /// What holds between entities.
    pub relations: &'a BTreeSet<String>,
    /// The parts that were written; none if it is one file.
    pub parts: &'a [Part<'a>],
}

/// A part of a split.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part<'a> {
    /// `train`, `dev` or `test`.
    pub name: &'a str,
    /// The file, without its folder.
    pub file: &'a str,
    /// How many articles it has.
    pub articles: u64,
}

/// A file that belongs beside an export.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Beside {
    /// What it is called in a folder of parts; beside a single file `out.json` it is `out.` and this.
    pub name: &'static str,
    /// What it holds.
    pub content: String,
    /// What every such file holds, so that no other is written over.
    pub mark: &'static str,
}

/// How a format is read.
#[derive(Clone, Copy, Debug)]
pub enum Import {
    /// By the reader of records.
    Records,
    /// By the compiler of marked articles.
    Marked,
    /// As drafts, which are then assembled.
    Drafts {
        /// What files in a folder end in to be read, without a point.
        extensions: &'static [&'static str],
        /// Reads one file.
        read: fn(Source) -> Drafts,
    },
}

/// The format called `name`.
#[must_use]
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// For formats that need no file beside.
fn nothing_beside(_: &Written<'_>) -> Vec<Beside> {
    Vec::new()
}

/// For formats of which there is nothing to say.
fn no_hint(_: Layer) -> Option<&'static str> {
    None
}
