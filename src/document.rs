//! The domain types that flow from stage to stage: a document as it was read, its segments, its mentions, its entities with
//! their roles. Takes nothing from outside, gives plain data, knows no wire format: every span is in bytes of `Document::text`.

use crate::span::Span;
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// One article as it was read. The text is the input's, unchanged.
#[derive(Clone, PartialEq, Debug)]
pub struct Document {
    /// Stable name of the article, unique within a run.
    pub id: String,
    /// The whole text.
    pub text: String,
    /// The input's other fields, and under `source` where the article was read from.
    pub meta: serde_json::Map<String, serde_json::Value>,
}

/// A word, a number, or a punctuation mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// Where it stands; never empty, never holds white space.
    pub span: Span,
    /// Whether white space follows.
    pub space_after: bool,
}

/// A sentence, headline, caption or list item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sentence {
    /// From the first byte of its first token to the last of its last.
    pub span: Span,
    /// Its tokens, as a range of [`Segments::tokens`]; never empty.
    pub tokens: Range<usize>,
    /// The number of the paragraph it stands in, counted from 0. Sentences of one paragraph follow each other.
    pub paragraph: usize,
}

/// What the segmenter says of one text.
///
/// Tokens are in order and do not overlap; every character that is not white space lies in exactly one; every token lies in
/// exactly one sentence.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Segments {
    /// All tokens, in order.
    pub tokens: Vec<Token>,
    /// All sentences, in order.
    pub sentences: Vec<Sentence>,
}

/// What a mention is called.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Label {
    /// A person, by name.
    Per,
    /// An organisation.
    Org,
    /// A place.
    Loc,
    /// Any other name (CoNLL-2003's MISC).
    Misc,
    /// A party without a name: by pseudonym or description.
    Anon,
    /// A label of a model that knows others than these.
    Other(String),
}

impl Label {
    /// Those that are no other model's.
    pub const OURS: [Self; 5] = [Self::Per, Self::Org, Self::Loc, Self::Misc, Self::Anon];

    /// The label that a model's name for it stands for: the four of CoNLL-2003 under the names that common checkpoints use,
    /// and any other as it is.
    #[must_use]
    pub fn from_model(name: &str) -> Self {
        match name.to_ascii_uppercase().as_str() {
            "PER" | "PERSON" => Self::Per,
            "ORG" | "ORGANIZATION" | "ORGANISATION" => Self::Org,
            "LOC" | "LOCATION" | "GPE" => Self::Loc,
            "MISC" => Self::Misc,
            "ANON" => Self::Anon,
            _ => Self::Other(name.to_owned()),
        }
    }

    /// The label that a record names: the five of ours by their names alone, and any other as it is.
    #[must_use]
    pub fn from_record(name: &str) -> Self {
        match name {
            "PER" | "ORG" | "LOC" | "MISC" => Self::from_model(name),
            "ANON" => Self::Anon,
            _ => Self::Other(name.to_owned()),
        }
    }

    /// Its name in records.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Per => "PER",
            Self::Org => "ORG",
            Self::Loc => "LOC",
            Self::Misc => "MISC",
            Self::Anon => "ANON",
            Self::Other(name) => name,
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a mention refers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// By name.
    Name,
    /// By a pseudonym ("PC One").
    Pseudonym,
    /// By a description ("the female officer").
    Nominal,
}

/// Which layer found a mention.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Origin {
    /// The token-classification model.
    Model,
    /// A list: of names, of bodies, of titles before names.
    Gazetteer,
    /// The pseudonym layer.
    Pseudonym,
    /// The layer of described parties.
    Description,
    /// Another mention of the same name, found by its letters after the model missed it here.
    Repeat,
    /// A person who annotated the text: gold.
    Annotator,
}

/// A stretch of text that names or describes somebody or something. Mentions of one text never overlap.
#[derive(Clone, PartialEq, Debug)]
pub struct Mention {
    /// Where it stands.
    pub span: Span,
    /// What it is called.
    pub label: Label,
    /// How it refers.
    pub kind: Kind,
    /// How sure the layer that found it is, 0 to 1. For the model: the mean, over the mention's words, of the probability of the
    /// label chosen for the word.
    pub score: f32,
    /// Who found it.
    pub origin: Origin,
}

/// Why a mention was joined to an entity that was there before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The mention, as an index into [`Annotation::mentions`].
    pub mention: usize,
    /// The reason; from the linker one of its fixed words.
    pub why: Cow<'static, str>,
}

/// The mentions of one person, organisation or place in one article, and what it is in the hearing.
#[derive(Clone, PartialEq, Debug)]
pub struct Entity {
    /// PER, ANON, ORG …
    pub label: Label,
    /// Its fullest mention, as it is written.
    pub name: String,
    /// Whether it is a party without a name.
    pub anonymised: bool,
    /// Its mentions in order, as indices into [`Annotation::mentions`]; never empty.
    pub mentions: Vec<usize>,
    /// Why each mention but the first belongs to it.
    pub links: Vec<Link>,
    /// What it is in the hearing; empty for most.
    pub roles: Vec<RoleGiven>,
}

/// What has become of a role since it was predicted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Status {
    /// Nobody has looked at it yet.
    #[default]
    Predicted,
    /// A reviewer agreed, or an annotator gave it.
    Accepted,
    /// A reviewer gave it in place of another.
    Corrected,
    /// A reviewer refused it: it no longer holds.
    Rejected,
}

impl Status {
    /// Its name in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Predicted => "predicted",
            Self::Accepted => "accepted",
            Self::Corrected => "corrected",
            Self::Rejected => "rejected",
        }
    }
}

/// A role given to an entity.
#[derive(Clone, PartialEq, Debug)]
pub struct RoleGiven {
    /// The id of the role in the rule file, for example `panel_chair`.
    pub role: String,
    /// How sure the rules are, 0 to 1.
    pub score: f32,
    /// What has become of it.
    pub status: Status,
    /// The words that prove it; never empty.
    pub evidence: Vec<Evidence>,
}

/// A rule that fired, and the words it fired on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence {
    /// The id of the rule.
    pub rule: String,
    /// The words.
    pub span: Span,
}

/// A relation between two entities.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Relation {
    /// What relation, for example `represents`.
    pub kind: Cow<'static, str>,
    /// Index into [`Annotation::entities`].
    pub from: usize,
    /// Index into [`Annotation::entities`].
    pub to: usize,
    /// The words that prove it.
    pub evidence: Span,
}

/// Something that a reviewer should look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    /// A fixed word, for example `several_holders`.
    pub code: Cow<'static, str>,
    /// One sentence.
    pub message: String,
    /// Indices into [`Annotation::entities`].
    pub entities: Vec<usize>,
}

/// All that is said of one document.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Annotation {
    /// Tokens and sentences.
    pub segments: Segments,
    /// All mentions, in order, not overlapping.
    pub mentions: Vec<Mention>,
    /// All entities, in the order of their first mentions.
    pub entities: Vec<Entity>,
    /// Relations between entities.
    pub relations: Vec<Relation>,
    /// What a reviewer should look at.
    pub warnings: Vec<Warning>,
}
