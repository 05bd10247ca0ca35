//! Takes an annotation, gives one that can be changed decision by decision, and the annotation that comes of it. Refuses a decision
//! that makes no sense, and is then as it was before: a mention that is none, one that would overlap another, a role to take away
//! that nobody has.
//!
//! People are places in a list and keep them, however many mentions come and go; one without mentions is not there. `decide` says
//! what each decision does.

use super::answer::{Held, Judged, Party, Verdict};
use crate::document::{Annotation, Entity, Label, Link, Mention, Relation, RoleGiven, Segments, Status, Warning};
use crate::link;
use crate::span::Span;
use crate::write::offsets::Offsets;
use crate::write::record::NamedKind;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What stands for a rule where a reviewer gave the role, and for a reason where a reviewer joined a mention.
pub const REVIEWER: &str = "reviewer";

/// An annotation on its way to another.
#[derive(Clone, PartialEq, Debug)]
pub struct Sheet {
    pub(super) marks: BTreeMap<Span, Mark>,
    pub(super) people: Vec<Person>,
    /// From and to are places in `people`.
    pub(super) relations: Vec<Relation>,
    /// Their entities are places in `people`.
    warnings: Vec<Warning>,
}

/// A mention and whose it is.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Mark {
    pub mention: Mention,
    pub person: Option<usize>,
    pub why: Option<Cow<'static, str>>,
}

/// Somebody or something mentioned.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Person {
    pub roles: Vec<RoleGiven>,
    /// The ids of the roles that were predicted.
    predicted: Vec<String>,
    known: Option<Known>,
}

/// What somebody is called as long as nothing is changed about their mentions.
#[derive(Clone, PartialEq, Debug)]
struct Known {
    label: Label,
    name: String,
    mentions: Vec<(Span, Label)>,
}

impl Person {
    /// Whether that role was predicted.
    pub fn was_predicted(&self, role: &str) -> bool {
        self.predicted.iter().any(|predicted| predicted == role)
    }

    /// Keeps the roles of `other`, too. Of a role that both have, the one that somebody decided on counts.
    pub fn take(&mut self, other: Self) {
        self.predicted.extend(other.predicted);
        for role in other.roles {
            match self.roles.iter_mut().find(|own| own.role == role.role) {
                None => self.roles.push(role),
                Some(own) if own.status == Status::Predicted && role.status != Status::Predicted => *own = role,
                Some(_) => {}
            }
        }
    }
}

impl Sheet {
    /// The annotation, unchanged.
    #[must_use]
    pub fn new(annotation: &Annotation) -> Self {
        let mut marks: BTreeMap<Span, Mark> = BTreeMap::new();
        for mention in &annotation.mentions {
            marks.insert(mention.span, Mark { mention: mention.clone(), person: None, why: None });
        }
        let mut people = Vec::with_capacity(annotation.entities.len());
        for (at, entity) in annotation.entities.iter().enumerate() {
            for &mention in &entity.mentions {
                marks.entry(annotation.mentions[mention].span).and_modify(|mark| mark.person = Some(at));
            }
            for link in &entity.links {
                let span = annotation.mentions[link.mention].span;
                marks.entry(span).and_modify(|mark| mark.why = Some(link.why.clone()));
            }
            let mentions = entity.mentions.iter().map(|&mention| &annotation.mentions[mention]);
            let mentions = mentions.map(|mention| (mention.span, mention.label.clone())).collect();
            people.push(Person {
                roles: entity.roles.clone(),
                predicted: entity.roles.iter().map(|role| role.role.clone()).collect(),
                known: Some(Known { label: entity.label.clone(), name: entity.name.clone(), mentions }),
            });
        }
        Self { marks, people, relations: annotation.relations.clone(), warnings: annotation.warnings.clone() }
    }

    /// The places of a person's mentions, in order.
    pub(super) fn mentions_of(&self, person: usize) -> impl Iterator<Item = Span> {
        self.marks.iter().filter(move |(_, mark)| mark.person == Some(person)).map(|(span, _)| *span)
    }

    /// The annotation as it is now; its warnings are those of people that are there still.
    #[must_use]
    pub fn annotation(&self, text: &str, segments: Segments) -> Annotation {
        let places = self.places();
        let mut groups: Vec<Vec<usize>> = vec![Vec::new(); places.len()];
        for (at, mark) in self.marks.values().enumerate() {
            if let Some(place) = mark.person {
                groups[places[&place]].push(at);
            }
        }
        let marks: Vec<&Mark> = self.marks.values().collect();
        let order: BTreeMap<usize, usize> = places.iter().map(|(&person, &place)| (place, person)).collect();
        let people = order.values().zip(groups).map(|(&person, group)| self.entity(text, person, group, &marks));
        let relations = self.relations.iter().filter_map(|relation| {
            Some(Relation { from: *places.get(&relation.from)?, to: *places.get(&relation.to)?, ..relation.clone() })
        });
        let warnings = self.warnings.iter().filter_map(|warning| {
            let entities = warning.entities.iter().map(|entity| places.get(entity).copied()).collect::<Option<_>>()?;
            Some(Warning { entities, ..warning.clone() })
        });
        Annotation {
            segments,
            entities: people.collect(),
            relations: relations.collect(),
            warnings: warnings.collect(),
            mentions: marks.into_iter().map(|mark| mark.mention.clone()).collect(),
        }
    }

    /// The people that are there, each with its place in the order of first mentions.
    fn places(&self) -> HashMap<usize, usize> {
        let mut places = HashMap::new();
        for person in self.marks.values().filter_map(|mark| mark.person) {
            let next = places.len();
            places.entry(person).or_insert(next);
        }
        places
    }

    fn entity(&self, text: &str, person: usize, mentions: Vec<usize>, marks: &[&Mark]) -> Entity {
        let Person { roles, known, .. } = &self.people[person];
        let of = || mentions.iter().map(|&at| &marks[at].mention);
        let same = |known: &&Known| {
            of().map(|mention| (mention.span, &mention.label)).eq(known.mentions.iter().map(|(span, label)| (*span, label)))
        };
        let (label, name) = match known.as_ref().filter(same) {
            Some(known) => (known.label.clone(), known.name.clone()),
            None => link::label_and_name(text, of()),
        };
        let link = |&at: &usize| Some(Link { mention: at, why: marks[at].why.clone()? });
        Entity {
            anonymised: label == Label::Anon,
            label,
            name,
            links: mentions.iter().skip(1).filter_map(link).collect(),
            roles: roles.clone(),
            mentions,
        }
    }

    /// What holds, with offsets in the unit of `offsets`.
    #[must_use]
    pub fn verdict(&self, text: &str, offsets: &Offsets<'_>) -> Verdict {
        let Annotation { mentions, entities, relations, .. } = self.annotation(text, Segments::default());
        let mut owner = vec![None; mentions.len()];
        for (at, entity) in entities.iter().enumerate() {
            entity.mentions.iter().for_each(|&mention| owner[mention] = Some(at));
        }
        let judged = |(mention, person): (&Mention, Option<usize>)| Judged {
            start: offsets.at(mention.span.start()),
            end: offsets.at(mention.span.end()),
            text: mention.span.of(text).to_owned(),
            label: mention.label.to_string(),
            kind: NamedKind(mention.kind),
            person,
        };
        let held = |relation: &Relation| Held { kind: relation.kind.to_string(), from: relation.from, to: relation.to };
        let relations: BTreeSet<Held> = relations.iter().map(held).collect();
        Verdict {
            mentions: mentions.iter().zip(owner).map(judged).collect(),
            people: entities.into_iter().map(|entity| Party { roles: standing(&entity.roles), name: entity.name }).collect(),
            relations: relations.into_iter().collect(),
        }
    }

    /// Makes the sheet one that says what `verdict` says; of the roles and relations that it said before, proofs and scores stay.
    /// `span` gives the place of a mention of the verdict.
    pub fn impose(&mut self, text: &str, verdict: &Verdict, span: impl Fn(&Judged) -> Option<Span>) {
        let mut after = Self { marks: BTreeMap::new(), people: Vec::new(), relations: Vec::new(), warnings: Vec::new() };
        let mut became: Vec<Option<usize>> = vec![None; verdict.people.len()];
        let places: Vec<Option<Span>> = verdict.mentions.iter().map(span).collect();
        for (judged, &place) in verdict.mentions.iter().zip(&places) {
            let (Some(place), Some(person)) = (place, judged.person) else { continue };
            became[person] = became[person].or_else(|| self.marks.get(&place)?.person);
        }
        for (party, became) in verdict.people.iter().zip(&became) {
            let mut person = became.map_or_else(Person::default, |at| self.people[at].clone());
            let first = places.iter().zip(&verdict.mentions);
            let first = first.filter(|(_, judged)| judged.person == Some(after.people.len())).find_map(|(place, _)| *place);
            person.roles.iter_mut().for_each(|role| decide(role, party.roles.contains(&role.role)));
            for role in party.roles.iter().filter(|role| !person.roles.iter().any(|own| own.role == **role)).collect::<Vec<_>>() {
                if let Some(first) = first {
                    person.roles.push(given(role, &person.roles, first));
                }
            }
            after.people.push(person);
        }
        for (judged, place) in verdict.mentions.iter().zip(places) {
            let Some(place) = place else { continue };
            let known = self.marks.get(&place).cloned();
            let mut mark = known.unwrap_or_else(|| Mark::by_hand(place, Label::from_record(&judged.label), judged.kind.0));
            mark.mention.label = Label::from_record(&judged.label);
            mark.mention.kind = judged.kind.0;
            mark.person = judged.person;
            after.marks.insert(place, mark);
        }
        for (at, party) in verdict.people.iter().enumerate() {
            let mentions: Vec<&Mention> =
                after.marks.values().filter(|mark| mark.person == Some(at)).map(|mark| &mark.mention).collect();
            after.people[at].known = (!mentions.is_empty()).then(|| Known {
                label: link::label_and_name(text, mentions.iter().copied()).0,
                name: party.name.clone(),
                mentions: mentions.iter().map(|mention| (mention.span, mention.label.clone())).collect(),
            });
        }
        for held in &verdict.relations {
            let before = self.relations.iter().find(|relation| {
                relation.kind == held.kind && became[held.from] == Some(relation.from) && became[held.to] == Some(relation.to)
            });
            let evidence = before.map(|relation| relation.evidence).or_else(|| after.mentions_of(held.from).next());
            if let Some(evidence) = evidence {
                after.relations.push(Relation { kind: held.kind.clone().into(), from: held.from, to: held.to, evidence });
            }
        }
        *self = after;
    }

    /// Every role that nobody decided on is accepted; warnings have done their work.
    pub(super) fn accept(&mut self) {
        for role in self.people.iter_mut().flat_map(|person| &mut person.roles) {
            if role.status == Status::Predicted {
                role.status = Status::Accepted;
            }
        }
        self.warnings.clear();
    }
}

impl Mark {
    /// A mention that a reviewer found.
    pub fn by_hand(span: Span, label: Label, kind: crate::document::Kind) -> Self {
        let mention = Mention { span, label, kind, score: 1.0, origin: crate::document::Origin::Annotator };
        Self { mention, person: None, why: None }
    }
}

/// The ids of the roles that hold, sorted.
fn standing(roles: &[RoleGiven]) -> Vec<String> {
    let holds = roles.iter().filter(|role| role.status != Status::Rejected);
    let ids: BTreeSet<&str> = holds.map(|role| &*role.role).collect();
    ids.into_iter().map(str::to_owned).collect()
}

/// A reviewer says whether a role that was given holds.
pub(super) fn decide(role: &mut RoleGiven, holds: bool) {
    role.status = match (holds, role.status) {
        (true, Status::Corrected) => Status::Corrected,
        (true, _) => Status::Accepted,
        (false, _) => Status::Rejected,
    };
}

/// A role that a reviewer gives: corrected where it stands for one that was taken away. Its proof is the mention that it was given to.
pub(super) fn given(role: &str, others: &[RoleGiven], mention: Span) -> RoleGiven {
    let replaces = others.iter().any(|other| other.status == Status::Rejected);
    RoleGiven {
        role: role.to_owned(),
        score: 1.0,
        status: if replaces { Status::Corrected } else { Status::Accepted },
        evidence: vec![crate::document::Evidence { rule: REVIEWER.to_owned(), span: mention }],
    }
}
