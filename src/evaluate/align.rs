//! Takes the entities of gold and those predicted, gives which of them are the same. Refuses nothing.

use super::entities::has_role;
use super::spans::{labelled, overlapping};
use crate::document::Annotation;
use std::collections::{BTreeMap, BTreeSet};

/// For each gold entity the predicted one that it is taken for, and the other way round.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alignment {
    /// By index of the gold entity.
    pub of_gold: Vec<Option<usize>>,
    /// By index of the predicted entity.
    pub of_predicted: Vec<Option<usize>>,
    /// All pairs of a gold and a predicted entity that share mentions, best first.
    candidates: Vec<(usize, usize)>,
}

impl Alignment {
    /// Aligns the entities of two annotations of one text, one to one.
    ///
    /// Two entities can be the same when a mention of one overlaps a mention of the other. Best first: those that share the
    /// most mentions; of these, those whose shared mentions are the greater part of their mentions; of these, those further
    /// left.
    #[must_use]
    pub fn new(gold: &Annotation, predicted: &Annotation) -> Self {
        let (gold_owner, predicted_owner) = (owners(gold), owners(predicted));
        let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for pair in overlapping(&labelled(&gold.mentions), &labelled(&predicted.mentions)) {
            if let (Some(g), Some(p)) = (gold_owner[pair.gold], predicted_owner[pair.predicted]) {
                *shared.entry((g, p)).or_default() += 1;
            }
        }
        let mut pairs: Vec<_> = shared.into_iter().collect();
        let size = |&(g, p): &(usize, usize)| gold.entities[g].mentions.len() + predicted.entities[p].mentions.len();
        // Of two pairs that share alike, the one of fewer mentions shares the greater part.
        pairs.sort_by_key(|(pair, shared)| (std::cmp::Reverse(*shared), size(pair), *pair));
        let candidates: Vec<(usize, usize)> = pairs.into_iter().map(|(pair, _)| pair).collect();
        let (mut of_gold, mut of_predicted) = (vec![None; gold.entities.len()], vec![None; predicted.entities.len()]);
        for (g, p) in one_to_one(candidates.iter().copied()) {
            of_gold[g] = Some(p);
            of_predicted[p] = Some(g);
        }
        Self { of_gold, of_predicted, candidates }
    }

    /// Pairs of a gold and a predicted entity that both have `role`, one to one, best first. They need not be aligned: of a
    /// person who was split in two, the half with the role is the one that counts for the role.
    pub(super) fn with_role(&self, gold: &Annotation, predicted: &Annotation, role: &str) -> Vec<(usize, usize)> {
        let have = |&(g, p): &(usize, usize)| has_role(&gold.entities[g], role) && has_role(&predicted.entities[p], role);
        one_to_one(self.candidates.iter().copied().filter(have))
    }
}

/// Of pairs in order, those whose ends are in no pair before them.
fn one_to_one(pairs: impl Iterator<Item = (usize, usize)>) -> Vec<(usize, usize)> {
    let (mut gold, mut predicted) = (BTreeSet::new(), BTreeSet::new());
    let free = |&(g, p): &(usize, usize)| {
        let free = !gold.contains(&g) && !predicted.contains(&p);
        if free {
            gold.insert(g);
            predicted.insert(p);
        }
        free
    };
    pairs.filter(free).collect()
}

/// The entity of each mention.
pub(super) fn owners(annotation: &Annotation) -> Vec<Option<usize>> {
    let mut owners = vec![None; annotation.mentions.len()];
    for (at, entity) in annotation.entities.iter().enumerate() {
        entity.mentions.iter().for_each(|&mention| owners[mention] = Some(at));
    }
    owners
}
