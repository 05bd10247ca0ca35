//! Takes an annotated article and what is wanted of it, gives the article as exporters see it: a record without
//! the roles that are to be left out, with the owner of each mention. Gives none where nothing of it was seen by a reviewer and
//! that is asked for.

use super::draft::SAME;
use crate::document::{Origin, RoleGiven, Status};
use crate::segment::segment;
use crate::write::back::Annotated;
use crate::write::offsets::OffsetUnit;
use crate::write::record::{Entity, Mentioned, Record, Role};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

/// Which annotation is exported or imported.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Layer {
    /// The mentions, by their labels.
    Ner,
    /// The mentions of entities with a role, by their roles.
    Roles,
    /// Both.
    #[default]
    Both,
}

impl Layer {
    /// Whether mentions are wanted by their labels.
    #[must_use]
    pub fn ner(self) -> bool {
        self != Self::Roles
    }

    /// Whether roles are wanted.
    #[must_use]
    pub fn roles(self) -> bool {
        self != Self::Ner
    }
}

/// What is wanted of articles.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Choices {
    /// Which annotation.
    pub layer: Layer,
    /// Whether to leave out what no reviewer has seen: roles that are still predicted, and articles of which nothing was seen.
    pub only_accepted: bool,
    /// The least score of a role.
    pub min_score: f32,
    /// What offsets are to count.
    pub unit: OffsetUnit,
}

/// An article, ready to be exported.
#[derive(Clone, PartialEq, Debug)]
pub struct Article {
    /// The record, its offsets in the unit asked for. Rejected roles are left out.
    pub record: Record,
    /// What was asked for.
    pub layer: Layer,
    /// Whether an annotator or reviewer has seen it.
    pub reviewed: bool,
    /// Of each mention the place of its entity.
    owners: Vec<Option<usize>>,
}

impl Article {
    /// The article with what `choices` want of it; none if it is to be left out.
    #[must_use]
    pub fn new(annotated: Annotated, choices: &Choices) -> Option<Self> {
        let reviewed = reviewed(&annotated);
        if choices.only_accepted && !reviewed {
            return None;
        }
        let Annotated { document, mut annotation, made_by, .. } = annotated;
        annotation.segments = segment(&document.text);
        for entity in &mut annotation.entities {
            let mut seen = BTreeSet::new();
            entity.roles.retain(|role| wanted(role, choices) && seen.insert(role.role.clone()));
        }
        let record = Record::new(&document, &annotation, &made_by, choices.unit);
        let places: HashMap<&str, usize> = record.entities.iter().enumerate().map(|(at, entity)| (&*entity.id, at)).collect();
        let owners = record.spans.iter().map(|span| places.get(span.entity.as_deref()?).copied()).collect();
        Some(Self { layer: choices.layer, reviewed, owners, record })
    }

    /// The entity of the mention at place `span`.
    #[must_use]
    pub fn entity(&self, span: usize) -> Option<&Entity> {
        Some(&self.record.entities[self.owners[span]?])
    }

    /// The roles of that entity.
    #[must_use]
    pub fn roles(&self, span: usize) -> &[Role] {
        self.entity(span).map_or(&[], |entity| &entity.roles)
    }

    /// Every stretch that the layer marks, in order: a mention by its label, and the same again by each role of its entity.
    pub fn marks(&self) -> impl Iterator<Item = Mark<'_>> {
        self.record.spans.iter().enumerate().flat_map(|(at, mention)| {
            let label = self.layer.ner().then_some(Mark { mention, label: &mention.label, role: None });
            let roles = if self.layer.roles() { self.roles(at) } else { &[] };
            label.into_iter().chain(roles.iter().map(move |role| Mark { mention, label: &role.role, role: Some(role) }))
        })
    }

    /// What leads from mention to mention: [`SAME`] from a later mention of an entity to its first, and the relations, from first
    /// mention to first mention. Only between mentions that the layer marks.
    #[must_use]
    pub fn arrows(&self) -> Vec<(&str, &Mentioned, &Mentioned)> {
        let Record { spans, entities, relations, .. } = &self.record;
        let marked = |entity: &&Entity| self.layer.ner() || !entity.roles.is_empty();
        let mut first: HashMap<&str, &Mentioned> = HashMap::new();
        let marked: HashSet<&str> = entities.iter().filter(marked).map(|entity| &*entity.id).collect();
        let mut arrows = Vec::new();
        for span in spans {
            let Some(entity) = span.entity.as_deref().filter(|entity| marked.contains(entity)) else { continue };
            match first.get(entity) {
                Some(first) => arrows.push((SAME, span, *first)),
                None => {
                    first.insert(entity, span);
                }
            }
        }
        for relation in relations {
            if let (Some(from), Some(to)) = (first.get(&*relation.from), first.get(&*relation.to)) {
                arrows.push((&*relation.kind, *from, *to));
            }
        }
        arrows
    }

    /// The sentences, as ranges of tokens; none ends inside a mention.
    #[must_use]
    pub fn sentences(&self) -> Vec<Range<usize>> {
        let Record { tokens, spans, sentences, .. } = &self.record;
        let mut spans = spans.iter().peekable();
        let mut starts: Vec<usize> = Vec::with_capacity(sentences.len());
        for sentence in sentences {
            let start = tokens.partition_point(|token| token.start < sentence.start);
            while spans.next_if(|span| span.token_end < start).is_some() {}
            if spans.peek().is_none_or(|span| span.token_start >= start) {
                starts.push(start);
            }
        }
        let ends = starts.iter().skip(1).copied().chain([tokens.len()]);
        starts.iter().copied().zip(ends).map(|(start, end)| start..end).filter(|range| !range.is_empty()).collect()
    }
}

/// A stretch with a label: that of a mention, or a role of its entity.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// The mention.
    pub mention: &'a Mentioned,
    /// The label, or the id of the role.
    pub label: &'a str,
    /// The role, where it is one.
    pub role: Option<&'a Role>,
}

/// What `meta` has of an article that a reviewer has seen, where nothing else in it tells: true.
pub const REVIEWED: &str = "reviewed";

/// Whether an annotator marked the article, or a reviewer has decided on it.
#[must_use]
pub fn reviewed(annotated: &Annotated) -> bool {
    let annotation = &annotated.annotation;
    let mut roles = annotation.entities.iter().flat_map(|entity| &entity.roles);
    let nothing_found = annotation.mentions.is_empty() && annotated.made_by.model == "none";
    nothing_found
        || annotated.document.meta.get(REVIEWED) == Some(&Value::Bool(true))
        || annotation.mentions.iter().any(|mention| mention.origin == Origin::Annotator)
        || roles.any(|role| role.status != Status::Predicted)
}

fn wanted(role: &RoleGiven, choices: &Choices) -> bool {
    let status = match role.status {
        Status::Accepted | Status::Corrected => true,
        Status::Predicted => !choices.only_accepted,
        Status::Rejected => false,
    };
    status && role.score >= choices.min_score
}
