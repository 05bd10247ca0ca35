//! Takes an article as several raters have it, gives who is the same to whom of them. Refuses nothing.

use super::view::View;
use crate::document::Mention;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Somebody of an article: by view, the place in its people; none where that rater has nobody there.
pub type Unit = Vec<Option<usize>>;

/// Everybody in any of the views, each once, in the order of first mentions.
///
/// Two can be the same when a mention of one overlaps a mention of the other. Best first: those that share the most mentions; of
/// these, those of the fewest mentions in all, which share the greater part; of these, those further left. Nobody is the same as two
/// people of one rater. For two raters that is how [`Alignment`](crate::evaluate::align::Alignment) has it.
#[must_use]
pub fn units(views: &[&View<'_>]) -> Vec<Unit> {
    let mut groups: Vec<Unit> = Vec::new();
    let mut group_of: Vec<Vec<usize>> = Vec::new();
    for (at, view) in views.iter().enumerate() {
        let people = view.annotation().entities.len();
        group_of.push((groups.len()..groups.len() + people).collect());
        groups.extend((0..people).map(|person| (0..views.len()).map(|view| (view == at).then_some(person)).collect()));
    }
    for ([a, b], [person, other]) in candidates(views) {
        let (one, two) = (group_of[a][person], group_of[b][other]);
        let apart = groups[one].iter().zip(&groups[two]).all(|(one, two)| one.is_none() || two.is_none());
        if one == two || !apart {
            continue;
        }
        for (view, moved) in std::mem::take(&mut groups[two]).into_iter().enumerate() {
            if let Some(person) = moved {
                groups[one][view] = moved;
                group_of[view][person] = one;
            }
        }
    }
    groups.retain(|group| !group.is_empty());
    groups.sort_by_key(|group| first(group, views));
    groups
}

/// The place of the first mention in any view.
fn first(unit: &Unit, views: &[&View<'_>]) -> Option<usize> {
    let held = views.iter().zip(unit).filter_map(|(view, person)| Some(view.first((*person)?).start));
    held.min()
}

/// All that can be the same, best first: two views, and the places in their people.
fn candidates(views: &[&View<'_>]) -> Vec<([usize; 2], [usize; 2])> {
    let mut candidates = Vec::new();
    for (a, one) in views.iter().enumerate() {
        for (b, other) in views.iter().enumerate().skip(a + 1) {
            let size = |person: usize, same: usize| {
                one.annotation().entities[person].mentions.len() + other.annotation().entities[same].mentions.len()
            };
            let shared = shared(one, other);
            candidates.extend(shared.into_iter().map(|([p, q], shared)| (Reverse(shared), size(p, q), [p, q], [a, b])));
        }
    }
    candidates.sort_unstable();
    candidates.into_iter().map(|(.., people, views)| (views, people)).collect()
}

/// How many mentions each two of the people of two views share.
fn shared(one: &View<'_>, other: &View<'_>) -> BTreeMap<[usize; 2], usize> {
    let mut shared = BTreeMap::new();
    let (mentions, others) = (&one.annotation().mentions, &other.annotation().mentions);
    for (at, with) in overlapping(mentions, others) {
        if let (Some(person), Some(same)) = (one.verdict.mentions[at].person, other.verdict.mentions[with].person) {
            *shared.entry([person, same]).or_default() += 1;
        }
    }
    shared
}

/// The places of any two mentions that overlap.
fn overlapping(one: &[Mention], other: &[Mention]) -> Vec<(usize, usize)> {
    let (mut pairs, mut from) = (Vec::new(), 0);
    for (at, mention) in one.iter().enumerate() {
        from += other[from..].iter().take_while(|other| other.span.end() <= mention.span.start()).count();
        let reached = other[from..].iter().take_while(|other| other.span.start() < mention.span.end()).count();
        pairs.extend((from..from + reached).map(|with| (at, with)));
    }
    pairs
}
