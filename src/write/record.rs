//! Takes a document with its annotation, gives its record: the wire format `rolecall/1`, one JSON object a line. The only
//! file that knows that format; [`SCHEMA`] says the same as a JSON Schema. Refuses nothing: an annotation that holds its own
//! invariants always has a record.
//!
//! All keys are always there, in the order of the fields; lists may be empty. Every `start` and `end` counts
//! [`Record::offset_unit`] from the start of [`Record::text`], half-open. Keys that Prodigy knows (`text`, `tokens`, `spans`,
//! `meta`, `_input_hash`) mean what they mean there.

use super::offsets::{OffsetUnit, Offsets};
use crate::document::{self, Annotation, Document, Kind, Mention, Origin, Segments, Status};
use crate::span::Span;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The version of the format: the value of [`Record::schema`].
pub const VERSION: &str = "rolecall/1";

/// The JSON Schema (draft 2020-12) of a record.
pub const SCHEMA: &str = include_str!("record.schema.json");

/// One annotated article. `T` and `S` are the lists of tokens and sentences; a reader that does not want them puts
/// [`serde::de::IgnoredAny`] in their place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Record<T = Vec<Token>, S = Vec<Stretch>> {
    /// [`VERSION`].
    pub schema: String,
    /// The article's stable name, unique within a run.
    pub id: String,
    /// The article, unchanged.
    pub text: String,
    /// The input's other fields, and under `source` where the article was read from.
    pub meta: serde_json::Map<String, serde_json::Value>,
    /// What every `start` and `end` of the record counts.
    pub offset_unit: OffsetUnit,
    /// The words and punctuation marks, in order. A span never begins or ends inside one.
    pub tokens: T,
    /// The sentences, headlines and captions, in order.
    pub sentences: S,
    /// The mentions, in order, never overlapping.
    pub spans: Vec<Mentioned>,
    /// The people, organisations and places, in the order of their first mentions, those without a role too.
    pub entities: Vec<Entity>,
    /// What holds between two entities.
    pub relations: Vec<Relation>,
    /// What a reviewer should look at.
    pub warnings: Vec<Warning>,
    /// The first four bytes of the SHA-256 of the text's UTF-8, big-endian, as a signed number.
    #[serde(rename = "_input_hash")]
    pub input_hash: i32,
    /// What made the record.
    pub run: Run,
}

/// A word, a number, or a punctuation mark.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Token {
    /// Its place in the list, from 0.
    pub id: usize,
    /// The slice of the text.
    pub text: String,
    /// Where it begins.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// Whether white space follows.
    pub ws: bool,
}

/// A stretch of the text.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Stretch {
    /// Where it begins.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
}

/// A mention: a stretch of text that names or describes an entity.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Mentioned {
    /// `m1`, `m2` … in order.
    pub id: String,
    /// Where it begins.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// The id of its first token.
    pub token_start: usize,
    /// The id of its last token, inclusive as in Prodigy.
    pub token_end: usize,
    /// PER, ORG, LOC, MISC, ANON, or a label of another model.
    pub label: String,
    /// The slice of the text.
    pub text: String,
    /// How it refers.
    #[serde(with = "WireKind")]
    pub kind: Kind,
    /// How sure the layer that found it is, 0 to 1, to three decimals.
    pub score: f64,
    /// The layer that found it.
    #[serde(with = "WireOrigin")]
    pub source: Origin,
    /// The id of its entity; null if it has none.
    pub entity: Option<String>,
}

/// The mentions of one person, organisation or place, and what it is in the hearing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Entity {
    /// `e1`, `e2` … in order.
    pub id: String,
    /// As [`Mentioned::label`].
    pub label: String,
    /// Its fullest mention, as it is written.
    pub name: String,
    /// Whether it is a party without a name.
    pub anonymised: bool,
    /// The ids of its mentions, in order; never empty.
    pub mentions: Vec<String>,
    /// What it is in the hearing; empty for most.
    pub roles: Vec<Role>,
    /// Why each mention but the first belongs to it.
    pub links: Vec<Link>,
}

/// A role given to an entity.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Role {
    /// The id of the role, for example `panel_chair`.
    pub role: String,
    /// How sure the rules are, 0 to 1, to three decimals.
    pub score: f64,
    /// What has become of it; from the pipeline always predicted.
    #[serde(with = "WireStatus")]
    pub status: Status,
    /// The words that prove it; never empty.
    pub evidence: Vec<Evidence>,
}

/// A rule that fired, and the words it fired on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// The id of the rule.
    pub rule: String,
    /// Where the words begin.
    pub start: usize,
    /// Where they end, exclusive.
    pub end: usize,
    /// The slice of the text.
    pub text: String,
}

/// Why a mention was joined to an entity.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Link {
    /// The id of the mention.
    pub mention: String,
    /// The reason, one of the linker's fixed words.
    pub why: String,
}

/// What holds between two entities.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Relation {
    /// What relation, for example `represents`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The id of an entity.
    pub from: String,
    /// The id of an entity.
    pub to: String,
    /// The words that prove it.
    pub evidence: Stretch,
}

/// Something that a reviewer should look at.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Warning {
    /// A fixed word, for example `two_chairs`.
    pub code: String,
    /// One sentence.
    pub message: String,
    /// The ids of the entities it is about.
    pub entities: Vec<String>,
}

/// What made a record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Run {
    /// Name and version of the program.
    pub tool: String,
    /// `sha256:` and the hash of the model's files, or another fixed name.
    pub model: String,
    /// `sha256:` and the hash of the rule file.
    pub rules: String,
    /// `bf16`, `f32`, or `none` without a model.
    pub precision: String,
}

impl Run {
    /// What made a record in which no model and no rule had a part: people.
    #[must_use]
    pub fn by_hand() -> Self {
        let none = || "none".to_owned();
        Self { tool: concat!("rolecall ", env!("CARGO_PKG_VERSION")).to_owned(), model: none(), rules: none(), precision: none() }
    }
}

/// The names of [`Kind`] in a record.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Kind", rename_all = "lowercase")]
enum WireKind {
    Name,
    Pseudonym,
    Nominal,
}

/// The names of [`Origin`] in a record.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Origin", rename_all = "lowercase")]
enum WireOrigin {
    Model,
    Gazetteer,
    Pseudonym,
    Description,
    Repeat,
    Annotator,
}

/// The names of [`Status`] in a record.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Status", rename_all = "lowercase")]
enum WireStatus {
    Predicted,
    Accepted,
    Corrected,
    Rejected,
}

/// A [`Kind`] by its name in a record.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct NamedKind(#[serde(with = "WireKind")] pub Kind);

/// An [`Origin`] by its name in a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NamedOrigin(#[serde(with = "WireOrigin")] pub Origin);

impl Record {
    /// The record of `document`, whose annotation is `annotation`, made by `run`, with its offsets in `unit`.
    ///
    /// Where a mention begins or ends inside a token (run-together words: "ChairAlan"), the record's token is cut there.
    ///
    /// # Panics
    /// When the annotation is that of another document.
    #[must_use]
    pub fn new(document: &Document, annotation: &Annotation, run: &Run, unit: OffsetUnit) -> Self {
        let view = View { text: &document.text, offsets: Offsets::new(&document.text, unit) };
        let pieces = cut(&annotation.segments, &annotation.mentions);
        Self {
            schema: VERSION.to_owned(),
            id: document.id.clone(),
            text: document.text.clone(),
            meta: document.meta.clone(),
            offset_unit: unit,
            sentences: annotation.segments.sentences.iter().map(|sentence| view.stretch(sentence.span)).collect(),
            spans: view.spans(annotation, &pieces),
            tokens: view.tokens(&pieces),
            entities: annotation.entities.iter().enumerate().map(|(at, entity)| view.entity(at, entity)).collect(),
            relations: annotation.relations.iter().map(|relation| view.relation(relation)).collect(),
            warnings: annotation.warnings.iter().map(warning).collect(),
            input_hash: input_hash(&document.text),
            run: run.clone(),
        }
    }
}

/// A token of the record, in bytes.
struct Piece {
    start: usize,
    end: usize,
    space_after: bool,
}

/// The tokens, cut wherever a mention begins or ends inside one.
fn cut(segments: &Segments, mentions: &[Mention]) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(segments.tokens.len());
    let mut cuts = mentions.iter().flat_map(|mention| [mention.span.start(), mention.span.end()]).peekable();
    for token in &segments.tokens {
        let (mut start, end) = (token.span.start(), token.span.end());
        while let Some(cut) = cuts.next_if(|&cut| cut < end) {
            if cut > start {
                pieces.push(Piece { start, end: cut, space_after: false });
                start = cut;
            }
        }
        pieces.push(Piece { start, end, space_after: token.space_after });
    }
    pieces
}

/// A text with its offsets.
struct View<'a> {
    text: &'a str,
    offsets: Offsets<'a>,
}

impl View<'_> {
    fn stretch(&self, span: Span) -> Stretch {
        Stretch { start: self.offsets.at(span.start()), end: self.offsets.at(span.end()) }
    }

    fn tokens(&self, pieces: &[Piece]) -> Vec<Token> {
        let token = |(id, piece): (usize, &Piece)| Token {
            id,
            text: self.text[piece.start..piece.end].to_owned(),
            start: self.offsets.at(piece.start),
            end: self.offsets.at(piece.end),
            ws: piece.space_after,
        };
        pieces.iter().enumerate().map(token).collect()
    }

    fn spans(&self, annotation: &Annotation, pieces: &[Piece]) -> Vec<Mentioned> {
        let mut owners = vec![None; annotation.mentions.len()];
        for (at, entity) in annotation.entities.iter().enumerate() {
            entity.mentions.iter().for_each(|&mention| owners[mention] = Some(entity_id(at)));
        }
        let spans = annotation.mentions.iter().zip(owners).enumerate();
        spans.map(|(at, (mention, owner))| self.mentioned(at, mention, owner, pieces)).collect()
    }

    fn mentioned(&self, at: usize, mention: &Mention, entity: Option<String>, pieces: &[Piece]) -> Mentioned {
        let Stretch { start, end } = self.stretch(mention.span);
        let token_start = pieces.partition_point(|piece| piece.end <= mention.span.start());
        let token_end = pieces.partition_point(|piece| piece.start < mention.span.end()).saturating_sub(1);
        Mentioned {
            id: mention_id(at),
            start,
            end,
            token_start,
            token_end,
            label: mention.label.to_string(),
            text: mention.span.of(self.text).to_owned(),
            kind: mention.kind,
            score: rounded(mention.score),
            source: mention.origin,
            entity,
        }
    }

    fn entity(&self, at: usize, entity: &document::Entity) -> Entity {
        let link = |link: &document::Link| Link { mention: mention_id(link.mention), why: link.why.to_string() };
        Entity {
            id: entity_id(at),
            label: entity.label.to_string(),
            name: entity.name.clone(),
            anonymised: entity.anonymised,
            mentions: entity.mentions.iter().copied().map(mention_id).collect(),
            roles: entity.roles.iter().map(|role| self.role(role)).collect(),
            links: entity.links.iter().map(link).collect(),
        }
    }

    fn role(&self, given: &document::RoleGiven) -> Role {
        let evidence = |evidence: &document::Evidence| {
            let Stretch { start, end } = self.stretch(evidence.span);
            Evidence { rule: evidence.rule.clone(), start, end, text: evidence.span.of(self.text).to_owned() }
        };
        Role {
            role: given.role.clone(),
            score: rounded(given.score),
            status: given.status,
            evidence: given.evidence.iter().map(evidence).collect(),
        }
    }

    fn relation(&self, relation: &document::Relation) -> Relation {
        Relation {
            kind: relation.kind.to_string(),
            from: entity_id(relation.from),
            to: entity_id(relation.to),
            evidence: self.stretch(relation.evidence),
        }
    }
}

fn warning(warning: &document::Warning) -> Warning {
    Warning {
        code: warning.code.to_string(),
        message: warning.message.clone(),
        entities: warning.entities.iter().copied().map(entity_id).collect(),
    }
}

fn mention_id(at: usize) -> String {
    format!("m{}", at + 1)
}

fn entity_id(at: usize) -> String {
    format!("e{}", at + 1)
}

/// Three decimals, in `f64`, so that it prints as 0.998 and not as the nearest `f32`.
fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1000.0).round() / 1000.0
}

fn input_hash(text: &str) -> i32 {
    let hash = Sha256::digest(text.as_bytes());
    i32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}
