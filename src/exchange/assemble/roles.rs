//! Takes entities and what the draft says of their mentions, gives their roles, relations and warnings. A role on one mention is the
//! whole entity's. One that the record has keeps score and proof; of one that it has not, the mention that it was given to is all the
//! proof there is, under the rule `imported`. One that a reviewer took away is rejected.

use super::super::draft::{Draft, Given};
use super::How;
use super::entities::owners;
use super::mentions::Placed;
use crate::document::{Annotation, Entity, Evidence, Relation, RoleGiven, Status, Warning};
use std::collections::HashMap;

/// What stands for a rule where a tool gave the role.
const RULE: &str = "imported";

/// The annotation of the record, and which of the new entities each of its entities has become.
pub(super) struct Before<'a> {
    annotation: &'a Annotation,
    /// Of each of its entities the new one that has most of its mentions, the first of those that have as many.
    became: Vec<Option<usize>>,
    /// Of each of its entities, whether its first mention is gone.
    headless: Vec<bool>,
}

impl<'a> Before<'a> {
    pub(super) fn new(annotation: &'a Annotation, entities: &[Entity], placed: &[Placed]) -> Self {
        let owners = owners(annotation);
        let mut shared: Vec<HashMap<usize, usize>> = vec![HashMap::new(); annotation.entities.len()];
        let mut there = vec![false; annotation.mentions.len()];
        for (at, entity) in entities.iter().enumerate() {
            for before in entity.mentions.iter().filter_map(|&mention| placed[mention].before) {
                there[before] = true;
                if let Some(owner) = owners[before] {
                    *shared[owner].entry(at).or_insert(0) += 1;
                }
            }
        }
        let most = |counts: &HashMap<usize, usize>| {
            counts.iter().max_by_key(|&(&at, &count)| (count, usize::MAX - at)).map(|(&at, _)| at)
        };
        let headless = annotation.entities.iter().map(|entity| !there[entity.mentions[0]]).collect();
        Self { annotation, became: shared.iter().map(most).collect(), headless }
    }

    /// The roles of the record's entities that have become the entity `at`, and whether one of them lost its first mention.
    fn roles_of(&self) -> Vec<(Vec<&'a RoleGiven>, bool)> {
        let entities = self.became.iter().flatten().max().map_or(0, |most| most + 1);
        let mut roles: Vec<(Vec<&RoleGiven>, bool)> = vec![(Vec::new(), false); entities];
        for (entity, (became, headless)) in self.annotation.entities.iter().zip(self.became.iter().zip(&self.headless)) {
            if let Some(at) = became {
                roles[*at].0.extend(&entity.roles);
                roles[*at].1 |= headless;
            }
        }
        roles
    }
}

/// Gives the entities their roles. Returns how many of the record's are gone or rejected now.
pub(super) fn give(entities: &mut [Entity], placed: &[Placed], draft: &Draft, before: Option<&Before<'_>>, how: &How) -> usize {
    let known_of = before.map(Before::roles_of).unwrap_or_default();
    let mut gone = before.map_or(0, |before| {
        let lost = before.annotation.entities.iter().zip(&before.became).filter(|(_, became)| became.is_none());
        lost.flat_map(|(entity, _)| &entity.roles).filter(|role| role.status != Status::Rejected).count()
    });
    for (at, entity) in entities.iter_mut().enumerate() {
        let (known, headless) = known_of.get(at).map_or((&[][..], false), |(known, headless)| (known, *headless));
        let given: Vec<(usize, &Given)> =
            entity.mentions.iter().flat_map(|&at| placed[at].roles.iter().map(move |role| (at, role))).collect();
        // Where a tool has roles on the first mention alone, they went with it, and nobody has decided on them.
        let unsaid = given.is_empty() && headless && draft.roles_on_first;
        if !how.layer.roles() || unsaid {
            entity.roles = distinct(known.iter().map(|&known| known.clone()));
            continue;
        }
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
        let refused = known.iter().filter(|known| taken(known) && (draft.reviewed || known.status == Status::Rejected));
        let refused = refused.map(|&known| RoleGiven { status: Status::Rejected, ..known.clone() });
        entity.roles = distinct(given.iter().map(|&given| role(given)).chain(refused));
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

/// The relations between the entities: the draft's, or the record's where the draft has none or can't have it any more, since a
/// first mention that it led to is gone.
pub(super) fn relate(entities: &[Entity], placed: &[Placed], draft: &Draft, before: Option<&Before<'_>>) -> Vec<Relation> {
    let mut known: Vec<(Relation, bool)> = Vec::new();
    for relation in before.iter().flat_map(|before| &before.annotation.relations) {
        let Some(before) = before else { continue };
        if let (Some(from), Some(to)) = (before.became[relation.from], before.became[relation.to]) {
            let unsaid = draft.relations.is_none() || before.headless[relation.from] || before.headless[relation.to];
            known.push((Relation { from, to, ..relation.clone() }, unsaid));
        }
    }
    let mut owner = vec![None; placed.len()];
    for (at, entity) in entities.iter().enumerate() {
        entity.mentions.iter().for_each(|&mention| owner[mention] = Some(at));
    }
    let mut of_region: HashMap<usize, usize> = HashMap::new();
    for (mention, placed) in placed.iter().enumerate() {
        of_region.extend(placed.regions.iter().filter_map(|&region| Some((region, owner[mention]?))));
    }
    let mut relations: Vec<Relation> = Vec::new();
    for related in draft.relations.iter().flatten() {
        let (Some(&from), Some(&to)) = (of_region.get(&related.from), of_region.get(&related.to)) else { continue };
        let same = |relation: &Relation| relation.kind == related.kind && relation.from == from && relation.to == to;
        if from == to || relations.iter().any(same) {
            continue;
        }
        let there = known.iter().find(|(relation, _)| same(relation)).map(|(relation, _)| relation.clone());
        relations.push(there.unwrap_or_else(|| Relation {
            kind: related.kind.clone().into(),
            from,
            to,
            evidence: placed[entities[from].mentions[0]].mention.span,
        }));
    }
    for (relation, unsaid) in known {
        if unsaid && relation.from != relation.to && !relations.contains(&relation) {
            relations.push(relation);
        }
    }
    relations.sort_by_key(|relation| (relation.from, relation.to));
    relations
}

/// The record's warnings, of entities that are there still. What a person has decided on needs none.
pub(super) fn warn(draft: &Draft, before: Option<&Before<'_>>) -> Vec<Warning> {
    let Some(before) = before.filter(|_| !draft.reviewed) else { return Vec::new() };
    let moved = |warning: &Warning| {
        let entities = warning.entities.iter().map(|&entity| before.became[entity]);
        Some(Warning { entities: entities.collect::<Option<_>>()?, ..warning.clone() })
    };
    before.annotation.warnings.iter().filter_map(moved).collect()
}
