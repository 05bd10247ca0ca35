//! Takes annotated articles, gives how much of what is in them: words, mentions, entities, roles, rules, and the same by the
//! values of fields of `meta`. Articles are segmented on all cores, a bounded number at a time. Refuses nothing itself; what the
//! reader refused is handed on. `table` makes Markdown of it.
//!
//! [`Stats`] is what `rolecall stats --json` prints: its fields are the keys. Objects by label, role and the like have their
//! keys sorted, hold only what occurs, and may be empty.

mod table;

use crate::document::{Annotation, Kind, RoleGiven, Status};
use crate::read::Refusal;
use crate::segment;
use crate::write::back::Annotated;
use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The value under which articles are counted that lack the field of a group.
pub const NONE: &str = "(none)";

/// Bytes of text that are counted together: enough to keep the cores busy.
const BATCH: usize = 4 << 20;

/// Counts by name.
pub type Counts = BTreeMap<String, u64>;

/// What is in a number of articles. All figures are counts.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Stats {
    /// Articles.
    pub articles: u64,
    /// Tokens of their texts that hold a letter or a digit.
    pub words: u64,
    /// Sentences of their texts.
    pub sentences: u64,
    /// Mentions.
    pub mentions: Mentions,
    /// Entities.
    pub entities: Entities,
    /// By role, those that are only rejected too.
    pub roles: BTreeMap<String, Role>,
    /// Relations by type.
    pub relations: Counts,
    /// Pieces of evidence for roles that hold, by the rule that gave them.
    pub rules: Counts,
    /// Warnings by code.
    pub warnings: Counts,
    /// By field of `meta`, then by its value. A field that no article has is left out.
    pub groups: BTreeMap<String, BTreeMap<String, Group>>,
}

/// Counts of mentions.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Mentions {
    /// All of them.
    pub total: u64,
    /// By label.
    pub by_label: Counts,
    /// By the way they refer: name, pseudonym, nominal.
    pub by_kind: Counts,
}

/// Counts of entities.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Entities {
    /// All of them.
    pub total: u64,
    /// Those that are parties without a name.
    pub anonymised: u64,
    /// By label.
    pub by_label: Counts,
}

/// Counts of one role.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Role {
    /// Entities that hold it.
    pub entities: u64,
    /// Articles in which an entity holds it.
    pub articles: u64,
    /// Entities that it was given to and that nobody has reviewed.
    pub predicted: u64,
    /// Entities for which a reviewer or annotator accepted it.
    pub accepted: u64,
    /// Entities to which a reviewer gave it in place of another.
    pub corrected: u64,
    /// Entities for which a reviewer rejected it: they do not hold it.
    pub rejected: u64,
}

/// Counts of the articles that have one value of a field.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Group {
    /// Articles.
    pub articles: u64,
    /// Words.
    pub words: u64,
    /// Mentions.
    pub mentions: u64,
    /// Entities.
    pub entities: u64,
    /// Entities that hold each role.
    pub roles: Counts,
}

impl Stats {
    /// Counts `articles`, and the same by each of the fields `by` of `meta`; hands what was refused to `refused`.
    pub fn count<I>(articles: I, by: &[String], mut refused: impl FnMut(&Refusal)) -> Self
    where
        I: IntoIterator<Item = Result<Annotated, Refusal>>,
    {
        let (mut stats, mut articles) = (Self::default(), articles.into_iter());
        loop {
            let (mut batch, mut size) = (Vec::new(), 0);
            while size < BATCH {
                match articles.next() {
                    Some(Ok(article)) => {
                        size += article.document.text.len();
                        batch.push(article);
                    }
                    Some(Err(refusal)) => refused(&refusal),
                    None => break,
                }
            }
            if batch.is_empty() {
                break;
            }
            let counted = batch.par_iter().fold(Self::default, |stats, article| stats.and(Self::of(article, by)));
            stats = stats.and(counted.reduce(Self::default, Self::and));
        }
        stats.groups.retain(|_, values| values.keys().any(|value| value != NONE));
        stats
    }

    /// What is in one article. A field that it lacks has the value [`NONE`].
    fn of(article: &Annotated, by: &[String]) -> Self {
        let Annotated { document, annotation, .. } = article;
        let segments = segment::segment(&document.text);
        let wordy = |text: &str| text.chars().any(char::is_alphanumeric);
        let mut stats = Self {
            articles: 1,
            words: segments.tokens.iter().filter(|token| wordy(token.span.of(&document.text))).count() as u64,
            sentences: segments.sentences.len() as u64,
            mentions: Mentions::of(annotation),
            entities: Entities::of(annotation),
            roles: roles(annotation),
            relations: tally(annotation.relations.iter().map(|relation| &*relation.kind)),
            rules: tally(held(annotation).flat_map(|(_, role)| &role.evidence).map(|evidence| &*evidence.rule)),
            warnings: tally(annotation.warnings.iter().map(|warning| &*warning.code)),
            groups: BTreeMap::new(),
        };
        let group = stats.group();
        for field in by {
            let value = match document.meta.get(field) {
                None | Some(Value::Null) => NONE.to_owned(),
                Some(Value::String(value)) => value.clone(),
                Some(other) => other.to_string(),
            };
            stats.groups.insert(field.clone(), BTreeMap::from([(value, group.clone())]));
        }
        stats
    }

    fn group(&self) -> Group {
        let holders = self.roles.iter().filter(|(_, role)| role.entities > 0);
        Group {
            articles: self.articles,
            words: self.words,
            mentions: self.mentions.total,
            entities: self.entities.total,
            roles: holders.map(|(name, role)| (name.clone(), role.entities)).collect(),
        }
    }

    /// The counts of both together.
    #[must_use]
    fn and(mut self, other: Self) -> Self {
        self.articles += other.articles;
        self.words += other.words;
        self.sentences += other.sentences;
        self.mentions.total += other.mentions.total;
        add(&mut self.mentions.by_label, other.mentions.by_label);
        add(&mut self.mentions.by_kind, other.mentions.by_kind);
        self.entities.total += other.entities.total;
        self.entities.anonymised += other.entities.anonymised;
        add(&mut self.entities.by_label, other.entities.by_label);
        for (name, role) in other.roles {
            self.roles.entry(name).or_default().add(&role);
        }
        add(&mut self.relations, other.relations);
        add(&mut self.rules, other.rules);
        add(&mut self.warnings, other.warnings);
        for (field, values) in other.groups {
            let known = self.groups.entry(field).or_default();
            for (value, group) in values {
                known.entry(value).or_default().add(group);
            }
        }
        self
    }

    /// Tables in Markdown, aligned, with an empty line between two; groups in the order of `by`.
    #[must_use]
    pub fn tables(&self, by: &[String]) -> String {
        table::tables(self, by)
    }
}

impl Mentions {
    fn of(annotation: &Annotation) -> Self {
        let kind = |kind| match kind {
            Kind::Name => "name",
            Kind::Pseudonym => "pseudonym",
            Kind::Nominal => "nominal",
        };
        Self {
            total: annotation.mentions.len() as u64,
            by_label: tally(annotation.mentions.iter().map(|mention| mention.label.as_str())),
            by_kind: tally(annotation.mentions.iter().map(|mention| kind(mention.kind))),
        }
    }
}

impl Entities {
    fn of(annotation: &Annotation) -> Self {
        Self {
            total: annotation.entities.len() as u64,
            anonymised: annotation.entities.iter().filter(|entity| entity.anonymised).count() as u64,
            by_label: tally(annotation.entities.iter().map(|entity| entity.label.as_str())),
        }
    }
}

impl Role {
    fn add(&mut self, other: &Self) {
        self.entities += other.entities;
        self.articles += other.articles;
        self.predicted += other.predicted;
        self.accepted += other.accepted;
        self.corrected += other.corrected;
        self.rejected += other.rejected;
    }
}

impl Group {
    fn add(&mut self, other: Self) {
        self.articles += other.articles;
        self.words += other.words;
        self.mentions += other.mentions;
        self.entities += other.entities;
        add(&mut self.roles, other.roles);
    }
}

/// The roles of one article. An entity that is listed with a role twice counts as one that holds it.
fn roles(annotation: &Annotation) -> BTreeMap<String, Role> {
    let mut roles: BTreeMap<String, Role> = BTreeMap::new();
    for role in annotation.entities.iter().flat_map(|entity| &entity.roles) {
        let counts = roles.entry(role.role.clone()).or_default();
        match role.status {
            Status::Predicted => counts.predicted += 1,
            Status::Accepted => counts.accepted += 1,
            Status::Corrected => counts.corrected += 1,
            Status::Rejected => counts.rejected += 1,
        }
    }
    let holders: BTreeSet<(&str, usize)> = held(annotation).map(|(number, role)| (&*role.role, number)).collect();
    for (role, _) in holders {
        let counts = roles.entry(role.to_owned()).or_default();
        counts.entities += 1;
        counts.articles = 1;
    }
    roles
}

/// The roles that hold, each with the number of its entity.
fn held(annotation: &Annotation) -> impl Iterator<Item = (usize, &RoleGiven)> {
    let entities = annotation.entities.iter().enumerate();
    let roles = entities.flat_map(|(number, entity)| entity.roles.iter().map(move |role| (number, role)));
    roles.filter(|(_, role)| role.status != Status::Rejected)
}

fn tally<'a>(names: impl Iterator<Item = &'a str>) -> Counts {
    let mut counts = Counts::new();
    for name in names {
        match counts.get_mut(name) {
            Some(count) => *count += 1,
            None => drop(counts.insert(name.to_owned(), 1)),
        }
    }
    counts
}

fn add(counts: &mut Counts, more: Counts) {
    for (name, count) in more {
        *counts.entry(name).or_default() += count;
    }
}

#[cfg(test)]
mod tests;
