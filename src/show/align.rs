//! Takes two annotations of one text, gives which mention of the one is which of the other, and which entity is which: one to
//! one, and independent of the order in which either is given. Refuses nothing.

use crate::document::{Annotation, Mention};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Pairs of mentions of the two lists that share text: those of one span first, then those that share most bytes, then those of
/// one label, then the first. Neither list overlaps itself.
pub(super) fn mentions(left: &[Mention], right: &[Mention]) -> Vec<(usize, usize)> {
    let mut pairs = overlaps(left, right);
    pairs.sort_by_key(|&(a, b)| {
        let (l, r) = (&left[a], &right[b]);
        let shared = l.span.end().min(r.span.end()) - l.span.start().max(r.span.start());
        (l.span != r.span, Reverse(shared), l.label != r.label, a, b)
    });
    one_to_one(pairs, left.len(), right.len())
}

/// Pairs of entities, those first that share most overlapping mentions, then the first.
pub(super) fn entities(left: &Annotation, right: &Annotation) -> Vec<(usize, usize)> {
    let (owners, others) = (owners(left), owners(right));
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (a, b) in overlaps(&left.mentions, &right.mentions) {
        if let (Some(a), Some(b)) = (owners[a], others[b]) {
            *shared.entry((a, b)).or_default() += 1;
        }
    }
    let mut pairs: Vec<_> = shared.into_iter().collect();
    pairs.sort_by_key(|&(pair, count)| (Reverse(count), pair));
    one_to_one(pairs.into_iter().map(|(pair, _)| pair), left.entities.len(), right.entities.len())
}

/// The entity that each mention belongs to.
pub(super) fn owners(annotation: &Annotation) -> Vec<Option<usize>> {
    let mut owners = vec![None; annotation.mentions.len()];
    for (number, entity) in annotation.entities.iter().enumerate() {
        for &mention in &entity.mentions {
            owners[mention] = Some(number);
        }
    }
    owners
}

/// All pairs that share text, in order.
fn overlaps(left: &[Mention], right: &[Mention]) -> Vec<(usize, usize)> {
    let (mut pairs, mut first) = (Vec::new(), 0);
    for (a, mention) in left.iter().enumerate() {
        first += right[first..].iter().take_while(|other| other.span.end() <= mention.span.start()).count();
        let near = right[first..].iter().take_while(|other| other.span.start() < mention.span.end());
        pairs.extend(near.enumerate().filter(|(_, other)| other.span.overlaps(mention.span)).map(|(n, _)| (a, first + n)));
    }
    pairs
}

/// The pairs whose members no pair before them has.
fn one_to_one(pairs: impl IntoIterator<Item = (usize, usize)>, left: usize, right: usize) -> Vec<(usize, usize)> {
    let (mut left, mut right) = (vec![false; left], vec![false; right]);
    let free = |&(a, b): &(usize, usize)| {
        let free = !left[a] && !right[b];
        if free {
            (left[a], right[b]) = (true, true);
        }
        free
    };
    pairs.into_iter().filter(free).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Entity, Kind, Label, Origin};
    use crate::span::Span;

    const TEXT: &str = "Ivo Tarn and Bo Lisle met PC One.";

    fn mention(words: &str) -> Mention {
        let start = TEXT.find(words).unwrap();
        let span = Span::new(TEXT, start, start + words.len()).unwrap();
        Mention { span, label: Label::Per, kind: Kind::Name, score: 1.0, origin: Origin::Model }
    }

    fn list(words: &[&str]) -> Vec<Mention> {
        words.iter().map(|words| mention(words)).collect()
    }

    #[test]
    fn an_overlap_does_not_use_up_what_another_matches_exactly() {
        assert_eq!(mentions(&list(&["Ivo", "Tarn"]), &list(&["Tarn"])), [(1, 0)]);
        assert_eq!(mentions(&list(&["Ivo Tarn and", "Bo"]), &list(&["Tarn", "and Bo Lisle"])), [(0, 0), (1, 1)]);
        assert_eq!(mentions(&list(&["Ivo Tarn", "PC One"]), &list(&["Bo Lisle"])), []);
    }

    #[test]
    fn entities_pair_by_the_mentions_they_share() {
        let annotation = |mentions: &[&str], groups: &[&[usize]]| Annotation {
            mentions: list(mentions),
            entities: groups
                .iter()
                .map(|group| Entity {
                    label: Label::Per,
                    name: String::new(),
                    anonymised: false,
                    mentions: group.to_vec(),
                    links: vec![],
                    roles: vec![],
                })
                .collect(),
            ..Annotation::default()
        };
        let left = annotation(&["Ivo Tarn", "Lisle", "PC One"], &[&[0], &[1, 2]]);
        let right = annotation(&["Tarn", "Bo Lisle", "PC One"], &[&[0, 1, 2]]);
        assert_eq!(entities(&left, &right), [(1, 0)]);
        assert_eq!(entities(&right, &left), [(0, 1)]);
    }
}
