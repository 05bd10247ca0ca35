//! Takes entities and what the draft says of their mentions, gives their roles, relations and warnings. A role on one mention is the whole
//! entity's. One that the record has keeps score and proof; of one that it has not, the mention that it was given to is all the
//! proof there is, under the rule `imported`.

use super::super::draft::{Draft, Given};
use super::How;
use super::entities::owners;
use super::mentions::Placed;
use crate::document::{Annotation, Entity, Evidence, Relation, RoleGiven, Status, Warning};

/// What stands for a rule where a tool gave the role.
const RULE: &str = "imported";

/// Gives the entities their roles. Returns how many of the record's are gone.
pub(super) fn give(entities: &mut [Entity], placed: &[Placed], draft: &Draft, before: Option<&Annotation>, how: &How) -> usize {
    let mut gone = 0;
    for entity in entities {
        let known: Vec<&RoleGiven> = before.map(|before| counterparts(entity, placed, before)).unwrap_or_default();
        if !how.layer.roles() {
            entity.roles = distinct(known.into_iter().cloned());
            continue;
        }
        let given = entity.mentions.iter().flat_map(|&at| placed[at].roles.iter().map(move |role| (at, role)));
        let given: Vec<(usize, &Given)> = given.collect();
        let taken = |known: &RoleGiven| !given.iter().any(|(_, role)| role.name == known.role);
        let replaced = known.iter().filter(|known| known.status != Status::Rejected && taken(known)).count();
        gone += replaced;
        let role = |(at, given): (usize, &Given)| match known.iter().find(|known| known.role == given.name) {
            Some(known) => RoleGiven { status: seen(known.status, draft.reviewed), ..(*known).clone() },
            None => RoleGiven {
                role: given.name.clone(),
                score: given.score.unwrap_or(1.0),
                status: match draft.reviewed {
                    true if replaced > 0 => Status::Corrected,
                    true => Status::Accepted,
                    false => Status::Predicted,
                },
                evidence: vec![Evidence { rule: RULE.to_owned(), span: placed[at].mention.span }],
            },
        };
        let rejected =
            known.iter().filter(|known| known.status == Status::Rejected && taken(known)).map(|known| (*known).clone());
        entity.roles = distinct(given.iter().map(|&given| role(given)).chain(rejected));
    }
    gone
}

/// What has become of a role that a tool left as it was.
fn seen(status: Status, reviewed: bool) -> Status {
    match status {
        Status::Predicted | Status::Rejected if reviewed => Status::Accepted,
        Status::Rejected => Status::Predicted,
        status => status,
    }
}

/// The first of each role.
fn distinct(roles: impl Iterator<Item = RoleGiven>) -> Vec<RoleGiven> {
    let mut all: Vec<RoleGiven> = Vec::new();
    for role in roles {
        if !all.iter().any(|other| other.role == role.role) {
            all.push(role);
        }
    }
    all
}

/// The roles that the record gives the entities with which `entity` shares a mention.
fn counterparts<'a>(entity: &Entity, placed: &[Placed], before: &'a Annotation) -> Vec<&'a RoleGiven> {
    let owners = owners(before);
    let mut entities: Vec<usize> = entity.mentions.iter().filter_map(|&at| owners[placed[at].before?]).collect();
    entities.sort_unstable();
    entities.dedup();
    entities.into_iter().flat_map(|at| &before.entities[at].roles).collect()
}

/// The relations between the entities: the draft's, or the record's where the draft has none.
pub(super) fn relate(entities: &[Entity], placed: &[Placed], draft: &Draft, before: Option<&Annotation>) -> Vec<Relation> {
    let of_region = |region: usize| of_mention(entities, placed.iter().position(|placed| placed.regions.contains(&region))?);
    let moved = |relation: &Relation| {
        let entity = |entity| of_record(entities, placed, before?, entity);
        Some(Relation { from: entity(relation.from)?, to: entity(relation.to)?, ..relation.clone() })
    };
    let known: Vec<Relation> = before.map_or(&[][..], |before| &before.relations).iter().filter_map(moved).collect();
    let Some(related) = &draft.relations else { return known };
    let mut relations: Vec<Relation> = Vec::new();
    for related in related {
        let (Some(from), Some(to)) = (of_region(related.from), of_region(related.to)) else { continue };
        let same = |relation: &&Relation| relation.kind == related.kind && relation.from == from && relation.to == to;
        if from == to || relations.iter().any(|relation| same(&relation)) {
            continue;
        }
        relations.push(known.iter().find(same).cloned().unwrap_or_else(|| Relation {
            kind: related.kind.clone().into(),
            from,
            to,
            evidence: placed[entities[from].mentions[0]].mention.span,
        }));
    }
    relations.sort_by_key(|relation| (relation.from, relation.to));
    relations
}

/// The record's warnings, of entities that are there still. What a person has decided on needs none.
pub(super) fn warn(entities: &[Entity], placed: &[Placed], draft: &Draft, before: Option<&Annotation>) -> Vec<Warning> {
    let Some(before) = before.filter(|_| !draft.reviewed) else { return Vec::new() };
    let moved = |warning: &Warning| {
        let entities = warning.entities.iter().map(|&entity| of_record(entities, placed, before, entity));
        Some(Warning { entities: entities.collect::<Option<_>>()?, ..warning.clone() })
    };
    before.warnings.iter().filter_map(moved).collect()
}

/// The entity of a mention.
fn of_mention(entities: &[Entity], mention: usize) -> Option<usize> {
    entities.iter().position(|entity| entity.mentions.contains(&mention))
}

/// The entity that shares a mention with one of the record's.
fn of_record(entities: &[Entity], placed: &[Placed], before: &Annotation, entity: usize) -> Option<usize> {
    let mentions = &before.entities[entity].mentions;
    of_mention(entities, placed.iter().position(|placed| placed.before.is_some_and(|at| mentions.contains(&at)))?)
}
