//! Takes the JSON of a record, gives the article and its annotation in the crate's own types, in bytes. Refuses what is no
//! record of this format, and a record that contradicts itself: a span off a character boundary, out of order, overlapping
//! another, or with other words than the text has there; an id that stands for nothing or for two things.
//!
//! Tokens and sentences are passed over: they follow from the text, and [`segment`](crate::segment) gives them.

use super::offsets::{OffsetUnit, Offsets};
use super::record::{self, Record, Run, VERSION};
use crate::document::{Annotation, Document, Entity, Evidence, Label, Link, Mention, Relation, RoleGiven, Segments, Warning};
use crate::span::Span;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::HashMap;

/// An article with what was said of it. The annotation has no segments.
#[derive(Clone, PartialEq, Debug)]
pub struct Annotated {
    /// The article.
    pub document: Document,
    /// Its mentions, entities, relations and warnings.
    pub annotation: Annotation,
    /// What the record's offsets counted.
    pub unit: OffsetUnit,
    /// What made it.
    pub made_by: Run,
}

/// Why a record was refused.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Not JSON, or not the fields of a record.
    #[error("expected a record of the format {VERSION}, found something else ({0}); see `rolecall schema`")]
    Json(#[from] serde_json::Error),
    /// A record of another format or version.
    #[error("expected a record of the format {VERSION}, found {}", found.as_ref().map_or("none".to_owned(), |found| format!("{found:?}")))]
    Version {
        /// The value of its `schema`; none when it has none.
        found: Option<String>,
    },
    /// A stretch that is none of the text.
    #[error("expected a stretch of the text at {what}, found {start} to {end} ({unit:?}), which is none: {reason}")]
    Stretch {
        /// What the stretch belongs to.
        what: String,
        /// Where it is said to begin.
        start: usize,
        /// Where it is said to end.
        end: usize,
        /// What the two count.
        unit: OffsetUnit,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Other words than the text has there.
    #[error("expected the words of the text at {what}, {expected:?}, found {found:?}; were the offsets counted in another unit?")]
    Words {
        /// What the words belong to.
        what: String,
        /// The words that stand there.
        expected: String,
        /// The words that the record has.
        found: String,
    },
    /// Two mentions that share text, or that are not in order.
    #[error("expected mentions in order that do not overlap, found {second} to begin before {first} ends")]
    Overlap {
        /// The id of a mention.
        first: String,
        /// The id of the next.
        second: String,
    },
    /// An id that two things have.
    #[error("expected an id of its own for each mention and entity, found '{0}' twice")]
    Repeated(String),
    /// An id that nothing has.
    #[error("{by} names '{id}', which is not in the record")]
    Unknown {
        /// What names it.
        by: String,
        /// The id.
        id: String,
    },
    /// A mention that says another entity than the one that lists it.
    #[error("mention '{mention}' says it is of {}, but is listed by {}", entity_or_none(says), entity_or_none(listed))]
    Owner {
        /// The id of the mention.
        mention: String,
        /// The entity that the mention names.
        says: Option<String>,
        /// The entity that lists the mention.
        listed: Option<String>,
    },
    /// A mention of nothing but white space, or without a label.
    #[error("expected mentions with words and a label, found '{mention}' without a {lacks}")]
    Lacks {
        /// The id of the mention.
        mention: String,
        /// What it is without.
        lacks: &'static str,
    },
    /// An entity without mentions.
    #[error("entity '{0}' has no mention")]
    Empty(String),
}

/// How a message names an entity.
fn entity_or_none(id: &Option<String>) -> String {
    id.as_ref().map_or("no entity".to_owned(), |id| format!("entity '{id}'"))
}

/// The record without what its text gives.
type Lean = Record<IgnoredAny, IgnoredAny>;

/// What of a line says which format it has.
#[derive(Deserialize)]
struct Header {
    schema: Option<String>,
}

/// Reads a record back.
///
/// # Errors
/// When `json` is no record, or one that contradicts itself.
pub fn read(json: &str) -> Result<Annotated, RecordError> {
    let record: Lean = match serde_json::from_str(json) {
        Ok(record) => record,
        Err(error) => {
            return Err(match serde_json::from_str(json) {
                Ok(Header { schema }) if schema.as_deref() != Some(VERSION) => RecordError::Version { found: schema },
                _ => error.into(),
            });
        }
    };
    if record.schema != VERSION {
        return Err(RecordError::Version { found: Some(record.schema) });
    }
    let annotation = Back::new(&record)?.annotation()?;
    let Record { id, text, meta, offset_unit, run, .. } = record;
    Ok(Annotated { document: Document { id, text, meta }, annotation, unit: offset_unit, made_by: run })
}

/// A record on its way back.
struct Back<'a> {
    record: &'a Lean,
    offsets: Offsets<'a>,
    /// Where the mention or entity of an id stands in its list.
    mentions: HashMap<&'a str, usize>,
    entities: HashMap<&'a str, usize>,
}

impl<'a> Back<'a> {
    fn new(record: &'a Lean) -> Result<Self, RecordError> {
        let offsets = Offsets::new(&record.text, record.offset_unit);
        let mentions = places(record.spans.iter().map(|mention| &*mention.id))?;
        let entities = places(record.entities.iter().map(|entity| &*entity.id))?;
        Ok(Self { record, offsets, mentions, entities })
    }

    fn annotation(&self) -> Result<Annotation, RecordError> {
        let mentions = self.record.spans.iter().map(|mention| self.mention(mention)).collect::<Result<Vec<_>, _>>()?;
        for (pair, ids) in mentions.windows(2).zip(self.record.spans.windows(2)) {
            if pair[1].span.start() < pair[0].span.end() {
                return Err(RecordError::Overlap { first: ids[0].id.clone(), second: ids[1].id.clone() });
            }
        }
        let entities = self.record.entities.iter().map(|entity| self.entity(entity)).collect::<Result<Vec<_>, _>>()?;
        self.check_owners(&entities)?;
        Ok(Annotation {
            segments: Segments::default(),
            mentions,
            entities,
            relations: self.record.relations.iter().map(|relation| self.relation(relation)).collect::<Result<_, _>>()?,
            warnings: self.record.warnings.iter().map(|warning| self.warning(warning)).collect::<Result<_, _>>()?,
        })
    }

    fn mention(&self, mention: &record::Mentioned) -> Result<Mention, RecordError> {
        let what = || format!("mention '{}'", mention.id);
        let span = self.words(mention.start, mention.end, &mention.text, what)?;
        if mention.text.trim().is_empty() || mention.label.is_empty() {
            let lacks = if mention.label.is_empty() { "label" } else { "word" };
            return Err(RecordError::Lacks { mention: mention.id.clone(), lacks });
        }
        Ok(Mention {
            span,
            label: Label::from_record(&mention.label),
            kind: mention.kind,
            score: mention.score as f32,
            origin: mention.source,
        })
    }

    fn entity(&self, entity: &record::Entity) -> Result<Entity, RecordError> {
        let by = || format!("entity '{}'", entity.id);
        let mut mentions = entity.mentions.iter().map(|id| place(&self.mentions, id, by)).collect::<Result<Vec<_>, _>>()?;
        mentions.sort_unstable();
        if mentions.is_empty() {
            return Err(RecordError::Empty(entity.id.clone()));
        }
        let link =
            |link: &record::Link| Ok(Link { mention: place(&self.mentions, &link.mention, by)?, why: link.why.clone().into() });
        Ok(Entity {
            label: Label::from_record(&entity.label),
            name: entity.name.clone(),
            anonymised: entity.anonymised,
            mentions,
            links: entity.links.iter().map(link).collect::<Result<_, RecordError>>()?,
            roles: entity.roles.iter().map(|role| self.role(role, &entity.id)).collect::<Result<_, _>>()?,
        })
    }

    fn role(&self, role: &record::Role, entity: &str) -> Result<RoleGiven, RecordError> {
        let evidence = |evidence: &record::Evidence| {
            let what = || format!("the evidence for role '{}' of entity '{entity}'", role.role);
            let span = self.words(evidence.start, evidence.end, &evidence.text, what)?;
            Ok(Evidence { rule: evidence.rule.clone(), span })
        };
        Ok(RoleGiven {
            role: role.role.clone(),
            score: role.score as f32,
            status: role.status,
            evidence: role.evidence.iter().map(evidence).collect::<Result<_, RecordError>>()?,
        })
    }

    fn relation(&self, relation: &record::Relation) -> Result<Relation, RecordError> {
        let by = || format!("relation '{}'", relation.kind);
        Ok(Relation {
            kind: relation.kind.clone().into(),
            from: place(&self.entities, &relation.from, by)?,
            to: place(&self.entities, &relation.to, by)?,
            evidence: self.stretch(relation.evidence.start, relation.evidence.end, by)?,
        })
    }

    fn warning(&self, warning: &record::Warning) -> Result<Warning, RecordError> {
        let by = || format!("warning '{}'", warning.code);
        Ok(Warning {
            code: warning.code.clone().into(),
            message: warning.message.clone(),
            entities: warning.entities.iter().map(|id| place(&self.entities, id, by)).collect::<Result<_, _>>()?,
        })
    }

    /// Every mention is listed by the one entity that it names, or by none.
    fn check_owners(&self, entities: &[Entity]) -> Result<(), RecordError> {
        let mut owners: Vec<Option<&str>> = vec![None; self.record.spans.len()];
        for (entity, listed) in self.record.entities.iter().zip(entities) {
            for &mention in &listed.mentions {
                if owners[mention].replace(&entity.id).is_some() {
                    return Err(RecordError::Repeated(self.record.spans[mention].id.clone()));
                }
            }
        }
        match self.record.spans.iter().zip(owners).find(|(mention, owner)| mention.entity.as_deref() != *owner) {
            None => Ok(()),
            Some((mention, owner)) => Err(RecordError::Owner {
                mention: mention.id.clone(),
                says: mention.entity.clone(),
                listed: owner.map(str::to_owned),
            }),
        }
    }

    /// The span from `start` to `end`, which holds `words`.
    fn words(&self, start: usize, end: usize, words: &str, what: impl Fn() -> String) -> Result<Span, RecordError> {
        let span = self.stretch(start, end, &what)?;
        let expected = span.of(&self.record.text);
        if expected != words {
            return Err(RecordError::Words { what: what(), expected: expected.to_owned(), found: words.to_owned() });
        }
        Ok(span)
    }

    fn stretch(&self, start: usize, end: usize, what: impl Fn() -> String) -> Result<Span, RecordError> {
        let wrong = |reason| RecordError::Stretch { what: what(), start, end, unit: self.record.offset_unit, reason };
        let at = |units| self.offsets.byte(units).ok_or_else(|| wrong("an end lies past the text or inside a character"));
        if start >= end {
            return Err(wrong("it holds nothing"));
        }
        let (start, end) = (at(start)?, at(end)?);
        Ok(Span::new(&self.record.text, start, end).expect("both ends are boundaries of the text, in order"))
    }
}

/// Each id's place in the list.
fn places<'a>(ids: impl Iterator<Item = &'a str>) -> Result<HashMap<&'a str, usize>, RecordError> {
    let mut places = HashMap::new();
    for (at, id) in ids.enumerate() {
        if places.insert(id, at).is_some() {
            return Err(RecordError::Repeated(id.to_owned()));
        }
    }
    Ok(places)
}

fn place(places: &HashMap<&str, usize>, id: &str, by: impl Fn() -> String) -> Result<usize, RecordError> {
    places.get(id).copied().ok_or_else(|| RecordError::Unknown { by: by(), id: id.to_owned() })
}
