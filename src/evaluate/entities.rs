//! Takes two annotations of one text, gives tallies of roles, links and relations, and how sure each predicted role was. Refuses
//! nothing. Roles that a reviewer rejected do not hold.

use super::align::{Alignment, owners};
use super::measure::{Aspect, CORE, Counts, Scores, Slice, is_person};
use super::tally::Tally;
use crate::document::{Annotation, Entity, Label, RoleGiven, Status};
use crate::span::Span;
use std::collections::{BTreeSet, HashMap};

/// The roles of an entity that hold.
pub(super) fn roles(entity: &Entity) -> impl Iterator<Item = &RoleGiven> {
    entity.roles.iter().filter(|role| role.status != Status::Rejected)
}

/// Whether an entity has a role.
pub(super) fn has_role(entity: &Entity, role: &str) -> bool {
    roles(entity).any(|given| given.role == role)
}

fn is_core(role: &str) -> bool {
    CORE.contains(&role)
}

/// Counts roles by entity; gives each predicted role's score and whether it is right.
///
/// A predicted role is right when a gold entity has it with which its entity shares a mention: pairs of the two one to one,
/// those that share the most mentions first.
pub(super) fn count_roles(
    scores: &mut Scores,
    gold: &Annotation,
    predicted: &Annotation,
    alignment: &Alignment,
) -> Vec<(f32, bool)> {
    let mut counts = Counts::new();
    for role in gold.entities.iter().flat_map(roles) {
        counts.count(&*role.role, is_core(&role.role), Tally::of_hits(1, 0, 0));
    }
    let mut sure = Vec::new();
    let right = right_roles(gold, predicted, alignment);
    for (p, entity) in predicted.entities.iter().enumerate() {
        for role in roles(entity) {
            let right = right.iter().any(|(of, _, other)| (*of, *other) == (&*role.role, p));
            counts.count(&*role.role, is_core(&role.role), Tally::of_hits(0, 1, u64::from(right)));
            sure.push((role.score, right));
        }
    }
    counts.add_to(scores, Aspect::RolesByEntity, Some(Slice::Core));
    sure
}

/// Every role that is right: the role, the gold entity and the predicted one.
pub(super) fn right_roles<'a>(
    gold: &'a Annotation,
    predicted: &Annotation,
    alignment: &Alignment,
) -> Vec<(&'a str, usize, usize)> {
    let names: BTreeSet<&str> = gold.entities.iter().flat_map(roles).map(|role| &*role.role).collect();
    let pairs = |role| alignment.with_role(gold, predicted, role).into_iter().map(move |(g, p)| (role, g, p));
    names.into_iter().flat_map(pairs).collect()
}

/// Counts roles by mention: a mention has the roles of its entity, and is the same as one of the same span.
pub(super) fn count_roles_by_mention(scores: &mut Scores, gold: &Annotation, predicted: &Annotation) {
    let (gold, predicted) = (roles_of_mentions(gold), roles_of_mentions(predicted));
    let mut counts = Counts::new();
    for (_, role) in &gold {
        counts.count(*role, is_core(role), Tally::of_hits(1, 0, 0));
    }
    for pair in &predicted {
        counts.count(pair.1, is_core(pair.1), Tally::of_hits(0, 1, u64::from(gold.contains(pair))));
    }
    counts.add_to(scores, Aspect::RolesByMention, Some(Slice::Core));
}

fn roles_of_mentions(annotation: &Annotation) -> BTreeSet<(Span, &str)> {
    let of_entity =
        |entity| roles(entity).flat_map(move |role| entity.mentions.iter().map(move |&mention| (mention, &*role.role)));
    let places = annotation.entities.iter().flat_map(of_entity);
    places.map(|(mention, role)| (annotation.mentions[mention].span, role)).collect()
}

/// Counts links as B-cubed (Bagga and Baldwin 1998), with mentions that only one side has, as the CoNLL scorer treats them
/// (Pradhan et al. 2014): they get no credit and enlarge their entities. A mention is the same as one of the same span; one
/// without an entity is an entity of its own.
pub(super) fn count_links(scores: &mut Scores, gold: &Annotation, predicted: &Annotation) {
    let clusters = |annotation: &Annotation| -> Vec<usize> {
        let alone = annotation.entities.len();
        owners(annotation).into_iter().enumerate().map(|(at, owner)| owner.unwrap_or(alone + at)).collect()
    };
    let (gold_cluster, predicted_cluster) = (clusters(gold), clusters(predicted));
    let places: HashMap<Span, usize> = predicted.mentions.iter().enumerate().map(|(at, m)| (m.span, at)).collect();
    let twins: Vec<Option<usize>> = gold.mentions.iter().map(|mention| places.get(&mention.span).copied()).collect();
    let mut shared: HashMap<(usize, usize), u32> = HashMap::new();
    for (g, p) in twins.iter().enumerate().filter_map(|(g, p)| Some((g, (*p)?))) {
        *shared.entry((gold_cluster[g], predicted_cluster[p])).or_default() += 1;
    }
    let (gold_size, predicted_size) = (sizes(&gold_cluster), sizes(&predicted_cluster));
    let mut credit_of_predicted = vec![0.0; predicted.mentions.len()];
    let mut counts = Counts::new();
    for (g, twin) in twins.iter().enumerate() {
        let mut found = 0.0;
        if let Some(p) = *twin {
            let (k, r) = (gold_cluster[g], predicted_cluster[p]);
            let both = f64::from(shared[&(k, r)]);
            found = both / f64::from(gold_size[&k]);
            credit_of_predicted[p] = both / f64::from(predicted_size[&r]);
        }
        let label = &gold.mentions[g].label;
        counts.count(label, is_person(label), Tally { gold: 1, found, ..Tally::default() });
    }
    for (mention, sound) in predicted.mentions.iter().zip(credit_of_predicted) {
        counts.count(&mention.label, is_person(&mention.label), Tally { predicted: 1, sound, ..Tally::default() });
    }
    counts.add_to(scores, Aspect::BCubed, Some(Slice::People));
}

fn sizes(clusters: &[usize]) -> HashMap<usize, u32> {
    let mut sizes = HashMap::new();
    clusters.iter().for_each(|&cluster| *sizes.entry(cluster).or_default() += 1);
    sizes
}

/// Counts entities of which every mention was found and joined, and no other, under the same label.
pub(super) fn count_exact_entities(scores: &mut Scores, gold: &Annotation, predicted: &Annotation) {
    let (gold, predicted) = (spans_of_entities(gold), spans_of_entities(predicted));
    let mut counts = Counts::new();
    for (_, label) in &gold {
        counts.count(*label, is_person(label), Tally::of_hits(1, 0, 0));
    }
    for entity in &predicted {
        counts.count(entity.1, is_person(entity.1), Tally::of_hits(0, 1, u64::from(gold.contains(entity))));
    }
    counts.add_to(scores, Aspect::ExactEntities, Some(Slice::People));
}

fn spans_of_entities(annotation: &Annotation) -> BTreeSet<(Vec<Span>, &Label)> {
    let spans = |entity: &Entity| entity.mentions.iter().map(|&mention| annotation.mentions[mention].span).collect();
    annotation.entities.iter().map(|entity| (spans(entity), &entity.label)).collect()
}

/// Counts relations: right when gold has one of the same type between the entities that its two are aligned with.
pub(super) fn count_relations(scores: &mut Scores, gold: &Annotation, predicted: &Annotation, alignment: &Alignment) {
    let wanted: BTreeSet<(&str, usize, usize)> = gold.relations.iter().map(|r| (&*r.kind, r.from, r.to)).collect();
    let made: BTreeSet<(&str, usize, usize)> = predicted.relations.iter().map(|r| (&*r.kind, r.from, r.to)).collect();
    let mut counts = Counts::new();
    for (kind, ..) in &wanted {
        counts.count(*kind, false, Tally::of_hits(1, 0, 0));
    }
    for (kind, from, to) in &made {
        let same = alignment.of_predicted[*from].zip(alignment.of_predicted[*to]);
        let right = same.is_some_and(|(from, to)| wanted.contains(&(kind, from, to)));
        counts.count(*kind, false, Tally::of_hits(0, 1, u64::from(right)));
    }
    counts.add_to(scores, Aspect::Relations, None);
}
