//! Takes gold and predicted annotation of the same articles, gives how good the prediction is, and what is wrong with it. Refuses
//! to compare annotations of different texts; articles that one side lacks are said, and not scored.
//!
//! ```text
//! gold, predictions ──pairing──> articles ──judge──> scores, mistakes ──Evaluation──> report ──> tables, JSON, page
//!   (records, tags)                        (spans, align, entities, mistakes)  (bootstrap, calibration)
//! ```
//!
//! [`measure`] names what is measured, [`tally`] turns counts into figures.

pub mod align;
pub mod bootstrap;
pub mod calibration;
mod entities;
pub mod measure;
pub mod mistakes;
pub mod page;
pub mod pairing;
pub mod report;
mod spans;
mod summary;
pub mod tables;
pub mod tags;
pub mod tally;

#[cfg(test)]
mod tests;

use crate::document::Document;
use align::Alignment;
use bootstrap::{Bootstrap, Resampling};
use calibration::Calibration;
use measure::{Aspect, Reading, Scores};
use mistakes::{Identity, Mistake};
use pairing::Entry;
use rayon::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What is said of the prediction for one article.
#[derive(Clone, PartialEq, Debug)]
pub struct Judgement {
    /// Every tally.
    pub scores: Scores,
    /// How sure each predicted role was, and whether it is right.
    pub sure: Vec<(f32, bool)>,
    /// What is wrong, in the order of the text.
    pub mistakes: Vec<Mistake>,
}

/// Judges a prediction by gold.
///
/// # Panics
/// May panic when the two are not of one text.
#[must_use]
pub fn judge(gold: &Entry, predicted: &Entry) -> Judgement {
    let (golden, made) = (&gold.annotated.annotation, &predicted.annotated.annotation);
    let mut scores = Scores::default();
    spans::count(&mut scores, &golden.mentions, &made.mentions);
    let default = (spans::labelled(&golden.mentions), spans::labelled(&made.mentions));
    spans::count_sequences(&mut scores, Reading::Default, &default.0, &default.1);
    // Spans that do not overlap, written as IOB2, are read alike in both ways.
    let strict_gold = gold.strict.as_ref().map_or(default.0, |spans| spans.iter().map(|(span, label)| (*span, label)).collect());
    let strict_made =
        predicted.strict.as_ref().map_or(default.1, |spans| spans.iter().map(|(span, label)| (*span, label)).collect());
    spans::count_sequences(&mut scores, Reading::Strict, &strict_gold, &strict_made);
    let alignment = Alignment::new(golden, made);
    let sure = entities::count_roles(&mut scores, golden, made, &alignment);
    entities::count_roles_by_mention(&mut scores, golden, made);
    entities::count_links(&mut scores, golden, made);
    entities::count_exact_entities(&mut scores, golden, made);
    entities::count_relations(&mut scores, golden, made, &alignment);
    if gold.strict.is_some() {
        // A sequence of tags says nothing of entities and kinds, so there is nothing to be right about.
        scores.0.retain(|(aspect, _), _| matches!(aspect, Aspect::Mentions(_) | Aspect::Sequences(_)));
    }
    Judgement { scores, sure, mistakes: mistakes::find(golden, made, &alignment) }
}

/// What became of a mistake from one run to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Change {
    /// Only this run makes it.
    New,
    /// Only the other run makes it.
    Fixed,
    /// Both make it.
    Same,
}

impl Change {
    /// Its name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Fixed => "fixed",
            Self::Same => "same",
        }
    }
}

/// The scores of a run over many articles.
#[derive(Clone, Debug)]
pub struct Run {
    /// Of all articles.
    pub scores: Scores,
    /// How far its role scores can be believed.
    pub calibration: Calibration,
    /// Its resamples.
    pub bootstrap: Bootstrap,
}

impl Run {
    fn new(resampling: Resampling) -> Self {
        Self { scores: Scores::default(), calibration: Calibration::default(), bootstrap: Bootstrap::new(resampling) }
    }

    fn count(&mut self, judgement: &Judgement) {
        self.scores.add(&judgement.scores);
        judgement.sure.iter().for_each(|&(score, right)| self.calibration.count(score, right));
    }

    fn add(&mut self, other: Self) {
        self.scores.add(&other.scores);
        self.calibration.add(&other.calibration);
        self.bootstrap.add(other.bootstrap);
    }
}

/// The articles of one kind: of a split, of a manner.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Group {
    /// How many.
    pub articles: u64,
    /// Their scores.
    pub scores: Scores,
}

/// An article that was judged, for the lists of mistakes.
#[derive(Debug)]
pub struct Judged {
    /// The article.
    pub document: Document,
    /// The values that put it into groups, by field.
    pub groups: BTreeMap<String, String>,
    /// Its mistakes, in the order of the text; with what became of them where two runs are compared.
    pub mistakes: Vec<(Mistake, Option<Change>)>,
}

/// Judges article after article and adds up.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// How intervals are made.
    pub resampling: Resampling,
    /// The fields of `meta` by whose values articles are put into groups.
    pub fields: Vec<String>,
    /// Articles judged.
    pub articles: u64,
    /// The run that is evaluated.
    pub run: Run,
    /// The run that it is compared with.
    pub other: Option<Run>,
    /// By field and value.
    pub groups: BTreeMap<(String, String), Group>,
    /// Mistakes by what became of them.
    pub changes: BTreeMap<Change, u64>,
}

/// The scores of articles with how often each counts in each resample; empty without resamples.
#[derive(Default)]
struct Resamples {
    own: Vec<(Scores, Vec<f64>)>,
    other: Vec<(Scores, Vec<f64>)>,
}

/// Articles whose sums are made apart and then added, in order, so that sums of fractions do not depend on threads.
const PIECE: usize = 32;

impl Evaluation {
    /// Nothing judged yet; `compared` says whether there will be two predictions for each article.
    #[must_use]
    pub fn new(resampling: Resampling, fields: Vec<String>, compared: bool) -> Self {
        Self {
            resampling,
            fields,
            articles: 0,
            run: Run::new(resampling),
            other: compared.then(|| Run::new(resampling)),
            groups: BTreeMap::new(),
            changes: BTreeMap::new(),
        }
    }

    /// Judges articles on all cores: of each gold, the prediction, and the other run's where two are compared.
    ///
    /// # Panics
    /// When an article has not as many annotations.
    pub fn judge(&mut self, articles: Vec<Vec<Entry>>) -> Vec<Judged> {
        let blank = Self::new(self.resampling, self.fields.clone(), self.other.is_some());
        let mut pieces: Vec<Vec<Vec<Entry>>> = Vec::new();
        let mut articles = articles.into_iter().peekable();
        while articles.peek().is_some() {
            pieces.push(articles.by_ref().take(PIECE).collect());
        }
        let judged = pieces.into_par_iter().map(|piece| {
            let mut sum = blank.clone();
            let mut resampled = Resamples::default();
            let judged: Vec<Judged> = piece.into_iter().map(|entries| sum.article(entries, &mut resampled)).collect();
            sum.run.bootstrap.count(&resampled.own);
            if let Some(other) = &mut sum.other {
                other.bootstrap.count(&resampled.other);
            }
            (sum, judged)
        });
        let mut all = Vec::new();
        for (sum, judged) in judged.collect::<Vec<_>>() {
            self.add(sum);
            all.extend(judged);
        }
        all
    }

    fn article(&mut self, entries: Vec<Entry>, resampled: &mut Resamples) -> Judged {
        let [gold, predictions @ ..] = &entries[..] else { unreachable!("every article has gold") };
        let weights = (self.resampling.resamples > 0).then(|| self.resampling.weights(&gold.annotated.document.id));
        let judgement = judge(gold, &predictions[0]);
        self.run.count(&judgement);
        let groups = self.group(&gold.annotated.document, &judgement.scores);
        let mistakes = match &mut self.other {
            None => judgement.mistakes.into_iter().map(|mistake| (mistake, None)).collect(),
            Some(run) => {
                let other = judge(gold, &predictions[1]);
                run.count(&other);
                resampled.other.extend(weights.clone().map(|weights| (other.scores, weights)));
                compared(judgement.mistakes, other.mistakes)
            }
        };
        resampled.own.extend(weights.map(|weights| (judgement.scores, weights)));
        for change in mistakes.iter().filter_map(|(_, change)| *change) {
            *self.changes.entry(change).or_default() += 1;
        }
        self.articles += 1;
        let document = entries.into_iter().next().expect("every article has gold").annotated.document;
        Judged { document, groups, mistakes }
    }

    fn group(&mut self, document: &Document, scores: &Scores) -> BTreeMap<String, String> {
        let value = |field: &String| {
            let value = match document.meta.get(field)? {
                Value::String(value) => value.clone(),
                value @ (Value::Number(_) | Value::Bool(_)) => value.to_string(),
                _ => return None,
            };
            Some((field.clone(), value))
        };
        let groups: BTreeMap<String, String> = self.fields.iter().filter_map(value).collect();
        for (field, value) in &groups {
            let group = self.groups.entry((field.clone(), value.clone())).or_default();
            group.articles += 1;
            group.scores.add(scores);
        }
        groups
    }

    fn add(&mut self, other: Self) {
        self.articles += other.articles;
        self.run.add(other.run);
        if let (Some(own), Some(more)) = (&mut self.other, other.other) {
            own.add(more);
        }
        for (key, more) in other.groups {
            let group = self.groups.entry(key).or_default();
            group.articles += more.articles;
            group.scores.add(&more.scores);
        }
        for (change, more) in other.changes {
            *self.changes.entry(change).or_default() += more;
        }
    }
}

/// The mistakes of both runs, each with what became of it, in the order of the text.
fn compared(own: Vec<Mistake>, other: Vec<Mistake>) -> Vec<(Mistake, Option<Change>)> {
    let identities = |mistakes: &[Mistake]| -> BTreeSet<Identity> { mistakes.iter().map(Mistake::identity).collect() };
    let (before, after) = (identities(&other), identities(&own));
    let fixed = other.into_iter().filter(|mistake| !after.contains(&mistake.identity()));
    let mut all: Vec<(Mistake, Option<Change>)> = fixed.map(|mistake| (mistake, Some(Change::Fixed))).collect();
    all.extend(own.into_iter().map(|mistake| {
        let change = if before.contains(&mistake.identity()) { Change::Same } else { Change::New };
        (mistake, Some(change))
    }));
    all.sort();
    all
}
