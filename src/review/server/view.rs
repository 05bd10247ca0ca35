//! Takes what is on the desk, gives the JSON that the page is drawn from. Every offset counts UTF-16 units, as strings in a
//! browser do; half-open. Refuses nothing. The page's own files say what they do with it.

use crate::document::{Annotation, Entity, Mention, RoleGiven};
use crate::review::Status;
use crate::review::desk::{Desk, Open};
use crate::review::shelf::{Entry, Facet};
use crate::span::Span;
use crate::write::offsets::{OffsetUnit, Offsets};
use crate::write::record::{NamedKind, NamedOrigin};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;

/// The session: who reviews what, and how far it is.
#[derive(Serialize)]
pub(super) struct Session {
    reviewer: String,
    file: String,
    answers: String,
    /// How many articles were read so far.
    articles: usize,
    /// Whether more are being read.
    reading: bool,
    refused: usize,
    tally: BTreeMap<Status, usize>,
    /// Lines of the answers file that are no answers.
    unread: usize,
    /// Articles that were decided on and are not in the file.
    lost: usize,
    roles: Vec<String>,
    labels: Vec<String>,
    relations: Vec<String>,
    rules: Vec<String>,
    warnings: Vec<String>,
    reasons: Vec<String>,
}

/// A relation that can always be set.
const REPRESENTS: &str = "represents";

impl Session {
    pub(super) fn of(desk: &Desk) -> Self {
        let (unread, lost) = desk.unread_and_lost();
        let (roles, labels) = (desk.roles(), desk.labels());
        let shelf = desk.shelf();
        let all = [Status::Undecided, Status::Accepted, Status::Rejected, Status::Skipped, Status::Stale];
        let mut tally: BTreeMap<Status, usize> = all.into_iter().map(|status| (status, 0)).collect();
        shelf.entries().iter().for_each(|entry| *tally.entry(entry.status).or_default() += 1);
        let names = |facet| shelf.names(facet).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let mut relations = names(Facet::Relation);
        if !relations.iter().any(|relation| relation == REPRESENTS) {
            relations.insert(0, REPRESENTS.to_owned());
        }
        Self {
            reviewer: desk.reviewer.clone(),
            file: name(&desk.file),
            answers: name(&desk.answers),
            articles: shelf.entries().len(),
            reading: !shelf.is_complete(),
            refused: shelf.refused().len(),
            tally,
            unread,
            lost,
            roles,
            labels,
            relations,
            rules: names(Facet::Rule),
            warnings: names(Facet::Warning),
            reasons: names(Facet::Why),
        }
    }
}

/// A file without its folder.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// An article in the queue.
#[derive(Serialize)]
pub(super) struct Item {
    number: usize,
    id: String,
    status: Status,
    doubt: f32,
    decisions: u32,
    why: Vec<String>,
    people: usize,
    names: Vec<String>,
}

/// How many names stand for an article in the queue.
const NAMES: usize = 4;

impl Item {
    /// The article at `place`; what its line says of people is read anew, since the shelf does not hold it.
    pub(super) fn of(desk: &Desk, place: usize) -> Self {
        let shelf = desk.shelf();
        let Entry { id, status, doubt, decisions, .. } = &shelf.entries()[place];
        let annotation = shelf.article(place).map(|article| article.annotation).unwrap_or_default();
        let people: Vec<&Entity> = annotation.entities.iter().filter(|entity| !entity.roles.is_empty()).collect();
        Self {
            number: place,
            id: id.to_string(),
            status: *status,
            doubt: *doubt,
            decisions: *decisions,
            why: crate::review::doubt::Doubt::of(&annotation).why,
            people: people.len(),
            names: people.iter().take(NAMES).map(|entity| entity.name.clone()).collect(),
        }
    }
}

/// A list of the queue, or a part of it.
#[derive(Serialize)]
pub(super) struct Queue {
    pub(super) total: usize,
    pub(super) from: usize,
    pub(super) items: Vec<Item>,
}

/// The next article of the queue.
#[derive(Serialize)]
pub(super) struct Step {
    pub(super) number: Option<usize>,
    /// Its place in the queue, from 1; 0 if there is none.
    pub(super) position: usize,
    pub(super) total: usize,
}

/// An article as the reviewer has it.
#[derive(Serialize)]
pub(super) struct Article {
    number: usize,
    id: String,
    version: String,
    status: Status,
    text: String,
    /// The ends of every token, start and end by turns.
    tokens: Vec<usize>,
    sentences: Vec<usize>,
    meta: Map<String, Value>,
    mentions: Vec<Mentioned>,
    people: Vec<Person>,
    relations: Vec<Relation>,
    warnings: Vec<Warning>,
    why: Vec<String>,
    notes: Vec<Note>,
    undo: Option<String>,
    redo: Option<String>,
    unfit: Vec<String>,
}

#[derive(Serialize)]
struct Mentioned {
    start: usize,
    end: usize,
    label: String,
    kind: NamedKind,
    score: f32,
    source: NamedOrigin,
    person: Option<usize>,
}

#[derive(Serialize)]
struct Person {
    label: String,
    name: String,
    anonymised: bool,
    mentions: Vec<usize>,
    roles: Vec<Role>,
    links: Vec<Link>,
}

#[derive(Serialize)]
struct Role {
    role: String,
    score: f32,
    status: &'static str,
    evidence: Vec<Evidence>,
}

#[derive(Serialize)]
struct Evidence {
    rule: String,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct Link {
    mention: usize,
    why: String,
}

#[derive(Serialize)]
struct Relation {
    #[serde(rename = "type")]
    kind: String,
    from: usize,
    to: usize,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct Warning {
    code: String,
    message: String,
    people: Vec<usize>,
}

#[derive(Serialize)]
struct Note {
    text: String,
}

/// What is wrong, and how the article is now where that helps.
#[derive(Serialize)]
pub(super) struct Refused {
    pub(super) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) article: Option<Box<Article>>,
}

impl Article {
    pub(super) fn of(open: Open) -> Self {
        let Open { place, document, annotation, case } = open;
        let why = crate::review::doubt::Doubt::of(&annotation).why;
        let Annotation { segments, mentions, entities, relations, warnings } = annotation;
        let view = View { offsets: Offsets::new(&document.text, OffsetUnit::Utf16) };
        let mut owners = vec![None; mentions.len()];
        for (at, entity) in entities.iter().enumerate() {
            entity.mentions.iter().for_each(|&mention| owners[mention] = Some(at));
        }
        Self {
            number: place,
            id: document.id,
            version: case.version,
            status: case.status,
            tokens: view.flat(segments.tokens.iter().map(|token| token.span)),
            sentences: view.flat(segments.sentences.iter().map(|sentence| sentence.span)),
            meta: document.meta,
            mentions: mentions.iter().zip(owners).map(|(mention, owner)| view.mention(mention, owner)).collect(),
            people: entities.iter().map(|entity| view.person(entity)).collect(),
            relations: relations.iter().map(|relation| view.relation(relation)).collect(),
            warnings: warnings.into_iter().map(warning).collect(),
            why,
            notes: Some(case.note).filter(|note| !note.is_empty()).into_iter().map(|text| Note { text }).collect(),
            undo: case.undo.map(|(_, words)| words),
            redo: case.redo.map(|(_, words)| words),
            unfit: case.unfit,
            text: document.text.clone(),
        }
    }
}

struct View<'a> {
    offsets: Offsets<'a>,
}

impl View<'_> {
    fn flat(&self, spans: impl Iterator<Item = Span>) -> Vec<usize> {
        spans.flat_map(|span| [self.offsets.at(span.start()), self.offsets.at(span.end())]).collect()
    }

    fn mention(&self, mention: &Mention, person: Option<usize>) -> Mentioned {
        Mentioned {
            start: self.offsets.at(mention.span.start()),
            end: self.offsets.at(mention.span.end()),
            label: mention.label.to_string(),
            kind: NamedKind(mention.kind),
            score: mention.score,
            source: NamedOrigin(mention.origin),
            person,
        }
    }

    fn person(&self, entity: &Entity) -> Person {
        Person {
            label: entity.label.to_string(),
            name: entity.name.clone(),
            anonymised: entity.anonymised,
            mentions: entity.mentions.clone(),
            roles: entity.roles.iter().map(|role| self.role(role)).collect(),
            links: entity.links.iter().map(|link| Link { mention: link.mention, why: link.why.to_string() }).collect(),
        }
    }

    fn role(&self, given: &RoleGiven) -> Role {
        let evidence = given.evidence.iter().map(|evidence| Evidence {
            rule: evidence.rule.clone(),
            start: self.offsets.at(evidence.span.start()),
            end: self.offsets.at(evidence.span.end()),
        });
        Role { role: given.role.clone(), score: given.score, status: given.status.as_str(), evidence: evidence.collect() }
    }

    fn relation(&self, relation: &crate::document::Relation) -> Relation {
        Relation {
            kind: relation.kind.to_string(),
            from: relation.from,
            to: relation.to,
            start: self.offsets.at(relation.evidence.start()),
            end: self.offsets.at(relation.evidence.end()),
        }
    }
}

fn warning(warning: crate::document::Warning) -> Warning {
    Warning { code: warning.code.into_owned(), message: warning.message, people: warning.entities }
}
