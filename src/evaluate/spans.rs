//! Takes the mentions of gold and those predicted, gives pairs of them and tallies by scheme. Refuses nothing; neither list may
//! hold mentions that overlap each other, which no record does.
//!
//! A pair is one to one, and does not depend on the order of the lists. Where nervaluate pairs a predicted span with the first
//! gold span that it overlaps, and so can use up one that another predicted span fits better, here the fitting pairs are made
//! first. Among pairs that fit alike, those further left come first, which on spans that do not overlap each other makes as
//! many pairs as can be made.

use super::measure::{Aspect, Counts, Reading, Scheme, Scores, Slice, kind_name};
use super::tally::Tally;
use crate::document::{Label, Mention};
use crate::span::Span;
use std::collections::BTreeSet;

/// A gold and a predicted mention that share text, as indices into their lists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pair {
    /// Index of the gold mention.
    pub gold: usize,
    /// Index of the predicted mention.
    pub predicted: usize,
}

/// A span with its label.
pub(super) type Labelled<'a> = (Span, &'a Label);

pub(super) fn labelled(mentions: &[Mention]) -> Vec<Labelled<'_>> {
    mentions.iter().map(|mention| (mention.span, &mention.label)).collect()
}

/// All gold and predicted spans that share at least one character, in order.
pub(super) fn overlapping(gold: &[Labelled<'_>], predicted: &[Labelled<'_>]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut first = 0;
    for (p, (span, _)) in predicted.iter().enumerate() {
        while first < gold.len() && gold[first].0.end() <= span.start() {
            first += 1;
        }
        let reached = gold[first..].iter().take_while(|(other, _)| other.start() < span.end()).count();
        pairs.extend((first..first + reached).map(|g| Pair { gold: g, predicted: p }));
    }
    pairs
}

/// Pairs of spans, one to one: those of the lowest rank first, and of one rank those further left first. A pair without a rank
/// is not made.
pub(super) fn paired(pairs: &[Pair], rank: impl Fn(Pair) -> Option<u8>) -> Vec<(Pair, u8)> {
    let mut ranked: Vec<(u8, Pair)> = pairs.iter().filter_map(|&pair| Some((rank(pair)?, pair))).collect();
    ranked.sort_by_key(|&(rank, pair)| (rank, pair.predicted, pair.gold));
    let size = |index: fn(&Pair) -> usize| pairs.iter().map(|pair| index(pair) + 1).max().unwrap_or(0);
    let (mut gold, mut predicted) = (vec![true; size(|pair| pair.gold)], vec![true; size(|pair| pair.predicted)]);
    ranked.retain(|(_, pair)| {
        let free = gold[pair.gold] && predicted[pair.predicted];
        if free {
            (gold[pair.gold], predicted[pair.predicted]) = (false, false);
        }
        free
    });
    ranked.into_iter().map(|(rank, pair)| (pair, rank)).collect()
}

/// The tally of `scheme` (source: SemEval-2013 task 9, as nervaluate documents it).
fn tally(gold: &[Labelled<'_>], predicted: &[Labelled<'_>], overlaps: &[Pair], scheme: Scheme) -> Tally {
    let same_ends = |pair: Pair| gold[pair.gold].0 == predicted[pair.predicted].0;
    let same_label = |pair: Pair| gold[pair.gold].1 == predicted[pair.predicted].1;
    let right = |pair: Pair| match scheme {
        Scheme::Strict => same_ends(pair) && same_label(pair),
        Scheme::Exact | Scheme::Partial => same_ends(pair),
        Scheme::Type => same_label(pair),
    };
    let pairs = paired(overlaps, |pair| Some(u8::from(!right(pair))));
    let right = pairs.iter().filter(|(_, rank)| *rank == 0).count() as u64;
    let rest = pairs.len() as u64 - right;
    let (partial, incorrect) = if scheme == Scheme::Partial { (rest, 0) } else { (0, rest) };
    let credit = right as f64 + partial as f64 / 2.0;
    Tally { gold: gold.len() as u64, predicted: predicted.len() as u64, found: credit, sound: credit, partial, incorrect }
}

/// Counts mentions in all schemes, together and label by label. As nervaluate does, a label's figures look at the spans of that
/// label alone.
pub(super) fn count(scores: &mut Scores, gold: &[Mention], predicted: &[Mention]) {
    let (gold_spans, predicted_spans) = (labelled(gold), labelled(predicted));
    let mut in_schemes = |gold: &[Labelled<'_>], predicted: &[Labelled<'_>], slice: &Slice| {
        let overlaps = overlapping(gold, predicted);
        for scheme in Scheme::ALL {
            scores.count(Aspect::Mentions(scheme), slice.clone(), tally(gold, predicted, &overlaps, scheme));
        }
    };
    in_schemes(&gold_spans, &predicted_spans, &Slice::All);
    let labels: BTreeSet<&Label> = gold_spans.iter().chain(&predicted_spans).map(|(_, label)| *label).collect();
    for label in labels {
        let (gold, predicted) = (with_label(&gold_spans, label), with_label(&predicted_spans, label));
        in_schemes(&gold, &predicted, &Slice::Of(label.to_string()));
    }
    count_kinds(scores, gold, predicted);
}

fn with_label<'a>(spans: &[Labelled<'a>], label: &Label) -> Vec<Labelled<'a>> {
    spans.iter().copied().filter(|(_, other)| *other == label).collect()
}

/// Counts entities of tag sequences: spans that are the same with the same label, in all and label by label.
pub(super) fn count_sequences(scores: &mut Scores, reading: Reading, gold: &[Labelled<'_>], predicted: &[Labelled<'_>]) {
    let in_gold: BTreeSet<Labelled<'_>> = gold.iter().copied().collect();
    let wanted = gold.iter().map(|(_, label)| (*label, Tally::of_hits(1, 0, 0)));
    let made = predicted.iter().map(|span| (span.1, Tally::of_hits(0, 1, u64::from(in_gold.contains(span)))));
    let mut counts = Counts::new();
    wanted.chain(made).for_each(|(label, tally)| counts.count(label, false, tally));
    counts.add_to(scores, Aspect::Sequences(reading), None);
}

/// Counts mentions that are strictly right by kind: recall by gold's, precision by the predicted one's.
fn count_kinds(scores: &mut Scores, gold: &[Mention], predicted: &[Mention]) {
    let in_gold: BTreeSet<Labelled<'_>> = labelled(gold).into_iter().collect();
    let in_predicted: BTreeSet<Labelled<'_>> = labelled(predicted).into_iter().collect();
    let mut counts = Counts::new();
    for mention in gold {
        let found = if in_predicted.contains(&(mention.span, &mention.label)) { 1.0 } else { 0.0 };
        counts.count(kind_name(mention.kind), false, Tally { gold: 1, found, ..Tally::default() });
    }
    for mention in predicted {
        let sound = if in_gold.contains(&(mention.span, &mention.label)) { 1.0 } else { 0.0 };
        counts.count(kind_name(mention.kind), false, Tally { predicted: 1, sound, ..Tally::default() });
    }
    counts.add_to(scores, Aspect::Kinds, None);
}
