//! Takes articles, gives JSON lines for [doccano](https://doccano.github.io/doccano), in two forms: `{"text", "label": [[start, end,
//! "LABEL"], …]}` for sequence labelling, and `{"text", "entities": […], "relations": […]}` for projects with relations; takes both
//! back. With roles, a mention has a label for each role beside its own; a project must then allow overlapping spans, or doccano
//! drops them without a word.
//!
//! Its editor counts UTF-16 units, as JavaScript does, so these offsets do. Everything but ASCII is escaped, and so is `~`: doccano
//! guesses a file's encoding, and guesses wrong. Refuses articles without text, as doccano does; reading, lines that are neither form.

use super::article::{Article, Layer};
use super::draft::{Draft, Given, Place, Region, Words, part};
use super::values::{Values, id, parse};
use super::{Export, ExportError, Exporter, Format, Holds, Import, nothing_beside};
use crate::read::{Code, RawLine, Refusal};
use crate::write::offsets::OffsetUnit;
use serde::{Deserialize, Serialize};
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::io::{self, Write};

/// The form for sequence labelling.
pub(super) const FORMAT: Format = Format {
    name: "doccano",
    about: "lines for doccano's sequence labelling",
    holds: Holds { text: true, spans: true, entities: false, roles: true, relations: false, kinds: false, evidence: false },
    offsets: Some(OffsetUnit::Utf16),
    export: Some(Export { extension: "jsonl", open: |_| Ok(Box::new(Labels)), beside: nothing_beside, hint }),
    import: Some(IMPORT),
};

/// The form with relations.
pub(super) const WITH_RELATIONS: Format = Format {
    name: "doccano-relations",
    about: "lines for doccano's sequence labelling with relations",
    holds: Holds { text: true, spans: true, entities: true, roles: true, relations: true, kinds: false, evidence: false },
    offsets: Some(OffsetUnit::Utf16),
    export: Some(Export { extension: "jsonl", open: |_| Ok(Box::new(Related::default())), beside: nothing_beside, hint }),
    import: Some(IMPORT),
};

const IMPORT: Import =
    Import::Drafts { extensions: &["jsonl", "json"], read: |source| Box::new(Values::new(source).map(|line| draft(&line?))) };

fn hint(layer: Layer) -> Option<&'static str> {
    layer.roles().then_some("in doccano, let the project allow overlapping spans: it drops roles that lie on other spans, unsaid")
}

struct Labels;

/// A line for sequence labelling.
#[derive(Serialize)]
struct Labelled<'a> {
    id: &'a str,
    text: &'a str,
    label: Vec<(usize, usize, &'a str)>,
}

impl Exporter for Labels {
    fn article(&mut self, article: &Article, out: &mut Vec<u8>) -> Result<(), ExportError> {
        with_text(article)?;
        let label = article.marks().map(|mark| (mark.mention.start, mark.mention.end, mark.label)).collect();
        push(&Labelled { id: &article.record.id, text: &article.record.text, label }, out);
        Ok(())
    }
}

/// Numbers spans and relations, each once in a file.
#[derive(Default)]
struct Related {
    spans: u64,
    relations: u64,
}

/// A line with relations.
#[derive(Serialize)]
struct WithRelations<'a> {
    id: &'a str,
    text: &'a str,
    entities: Vec<Span<'a>>,
    relations: Vec<Relation<'a>>,
}

#[derive(Serialize)]
struct Span<'a> {
    id: u64,
    start_offset: usize,
    end_offset: usize,
    label: &'a str,
}

#[derive(Serialize)]
struct Relation<'a> {
    id: u64,
    from_id: u64,
    to_id: u64,
    #[serde(rename = "type")]
    kind: &'a str,
}

impl Exporter for Related {
    fn article(&mut self, article: &Article, out: &mut Vec<u8>) -> Result<(), ExportError> {
        with_text(article)?;
        let mut numbers: HashMap<&str, u64> = HashMap::new();
        let mut entities = Vec::new();
        for mark in article.marks() {
            self.spans += 1;
            numbers.entry(&mark.mention.id).or_insert(self.spans);
            let (start_offset, end_offset) = (mark.mention.start, mark.mention.end);
            entities.push(Span { id: self.spans, start_offset, end_offset, label: mark.label });
        }
        let mut relations = Vec::new();
        for (kind, from, to) in article.arrows() {
            if let (Some(&from_id), Some(&to_id)) = (numbers.get(&*from.id), numbers.get(&*to.id)) {
                self.relations += 1;
                relations.push(Relation { id: self.relations, from_id, to_id, kind });
            }
        }
        push(&WithRelations { id: &article.record.id, text: &article.record.text, entities, relations }, out);
        Ok(())
    }
}

/// Refuses what doccano would.
fn with_text(article: &Article) -> Result<(), ExportError> {
    if article.record.text.is_empty() {
        return Err(ExportError::Unfit("expected a text, found none; doccano takes no empty articles".to_owned()));
    }
    Ok(())
}

/// Appends a line in ASCII.
fn push(line: &impl Serialize, out: &mut Vec<u8>) {
    line.serialize(&mut Serializer::with_formatter(&mut *out, Ascii)).expect("a line has no key that is not a string");
    out.push(b'\n');
}

/// JSON without anything but ASCII, and without `~{`, which begins Chinese in HZ-GB-2312.
struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut units = [0; 2];
        for character in fragment.chars() {
            if character.is_ascii() && character != '~' {
                CompactFormatter.write_string_fragment(writer, character.encode_utf8(&mut [0; 4]))?;
                continue;
            }
            for unit in character.encode_utf16(&mut units) {
                write!(writer, "\\u{unit:04x}")?;
            }
        }
        Ok(())
    }
}

/// A line as it is read, of either form.
#[derive(Deserialize)]
struct Line {
    text: String,
    label: Option<Vec<(i64, i64, String)>>,
    entities: Option<Vec<Found>>,
    relations: Option<Vec<Arrow>>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Deserialize)]
struct Found {
    id: i64,
    start_offset: i64,
    end_offset: i64,
    label: String,
}

#[derive(Deserialize)]
struct Arrow {
    from_id: i64,
    to_id: i64,
    #[serde(rename = "type")]
    kind: String,
}

fn draft(line: &RawLine) -> Result<Draft, Refusal> {
    let refusal = |code, message: String| Refusal::new(code, message).at(&line.path).on_line(line.line);
    let mut read: Line = parse(line, "a line of doccano, with text and label or entities")?;
    let id = id(read.rest.shift_remove("id"));
    read.rest.shift_remove("Comments");
    let place = Place { path: line.path.clone(), line: line.line };
    let mut draft = Draft { id, meta: read.rest, ..Draft::new(place, Words::Text(read.text)) };
    let region = |start: i64, end: i64, label: &str| Region { at: start..end, ..Region::new(0..0, vec![Given::of(label)]) };
    match (read.label, read.entities) {
        (Some(label), None) => draft.regions = label.iter().map(|(start, end, label)| region(*start, *end, label)).collect(),
        (None, Some(found)) => {
            draft.regions = found.iter().map(|found| region(found.start_offset, found.end_offset, &found.label)).collect();
            let places: HashMap<i64, usize> = found.iter().enumerate().map(|(at, found)| (found.id, at)).collect();
            let arrows = read.relations.unwrap_or_default();
            let known = arrows.iter().map(|arrow| (&*arrow.kind, arrow.from_id, arrow.to_id));
            let (same, related, unknown) = part(known, &places);
            draft.unfit =
                unknown.iter().map(|id| format!("a relation leads to or from {id}, which is no entity; left out")).collect();
            draft.join(&same);
            draft.relations = Some(related);
        }
        (label, _) => {
            let found = if label.is_some() { "both" } else { "neither" };
            let message = format!("expected the spans in 'label' or in 'entities', found {found}");
            return Err(refusal(Code::BadRecord, message).of(draft.id));
        }
    }
    Ok(draft)
}
