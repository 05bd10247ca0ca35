//! Takes the entities of gold and those predicted, gives which of them are the same. Refuses nothing.

use super::spans::{labelled, overlapping};
use crate::document::Annotation;
use std::collections::BTreeMap;

/// For each gold entity the predicted one that it is taken for, and the other way round.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alignment {
    /// By index of the gold entity.
    pub of_gold: Vec<Option<usize>>,
    /// By index of the predicted entity.
    pub of_predicted: Vec<Option<usize>>,
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
        let mut of_gold = vec![None; gold.entities.len()];
        let mut of_predicted = vec![None; predicted.entities.len()];
        for ((g, p), _) in pairs {
            if of_gold[g].is_none() && of_predicted[p].is_none() {
                of_gold[g] = Some(p);
                of_predicted[p] = Some(g);
            }
        }
        Self { of_gold, of_predicted }
    }
}

/// The entity of each mention.
pub(super) fn owners(annotation: &Annotation) -> Vec<Option<usize>> {
    let mut owners = vec![None; annotation.mentions.len()];
    for (at, entity) in annotation.entities.iter().enumerate() {
        entity.mentions.iter().for_each(|&mention| owners[mention] = Some(at));
    }
    owners
}
