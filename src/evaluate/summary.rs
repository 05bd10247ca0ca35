//! Takes an evaluation, gives its [`Report`]; takes a judged article, gives its mistakes as lines. Refuses nothing.

use super::bootstrap::{Bootstrap, Figure, LEVEL, mean};
use super::measure::{Aspect, CORE, Measure, Reading, Scheme, Scores, Slice};
use super::mistakes::{Mistake, Side};
use super::report::{
    Articles, Averaged, Classes, Compared, Comparison, Counted, Figures, GroupFigures, Intervals, LinkFigures, MistakeLine,
    Outcomes, PlaceLine, Reliability, ReliabilityBin, Report, Resampled, RoleFigures, SideLine, VERSION,
};
use super::tally::Tally;
use super::{Change, Evaluation, Judged, Run};
use crate::span::Span;
use crate::write::offsets::{OffsetUnit, Offsets};
use std::collections::{BTreeMap, BTreeSet};

/// Characters of text on either side of a mistake.
const AROUND: usize = 160;

impl Report {
    /// The report of an evaluation of `articles`.
    #[must_use]
    pub fn new(evaluation: &Evaluation, articles: Articles) -> Self {
        let resampling = evaluation.resampling;
        let mut groups: BTreeMap<String, BTreeMap<String, GroupFigures>> = BTreeMap::new();
        for ((field, value), group) in &evaluation.groups {
            let figures = Teller { scores: &group.scores, bootstrap: None }.figures();
            let group = GroupFigures { articles: group.articles, figures };
            groups.entry(field.clone()).or_default().insert(value.clone(), group);
        }
        Self {
            schema: VERSION,
            articles,
            bootstrap: Resampled { resamples: resampling.resamples, seed: resampling.seed, level: LEVEL },
            // Of one article every resample gives the same figure: that is no interval.
            all: Teller {
                bootstrap: Some(&evaluation.run.bootstrap).filter(|_| evaluation.articles > 1),
                scores: &evaluation.run.scores,
            }
            .figures(),
            groups,
            calibration: reliability(&evaluation.run),
            comparison: evaluation.other.as_ref().map(|other| comparison(&evaluation.run, other, &evaluation.changes)),
        }
    }
}

/// Turns scores into figures.
struct Teller<'a> {
    scores: &'a Scores,
    bootstrap: Option<&'a Bootstrap>,
}

impl Teller<'_> {
    fn figures(&self) -> Figures {
        let schemes = Scheme::ALL.map(|scheme| (scheme.as_str(), self.schemes(scheme)));
        let readings = [("default", Reading::Default), ("strict", Reading::Strict)];
        Figures {
            mentions: schemes.into(),
            seqeval: readings.map(|(name, reading)| (name, self.classes(Aspect::Sequences(reading)))).into(),
            kinds: self.named(Aspect::Kinds),
            roles_by_entity: self.roles(Aspect::RolesByEntity),
            roles_by_mention: self.roles(Aspect::RolesByMention),
            b_cubed: self.links(Aspect::BCubed),
            exact_entities: self.links(Aspect::ExactEntities),
            relations: self.classes(Aspect::Relations),
        }
    }

    fn schemes(&self, scheme: Scheme) -> Classes {
        let aspect = Aspect::Mentions(scheme);
        let mut classes = self.classes(aspect);
        classes.micro.outcomes = Some(outcomes(&self.scores.get(aspect, Slice::All)));
        for (name, tally) in self.scores.named(aspect) {
            if let Some(counted) = classes.of.get_mut(name) {
                counted.outcomes = Some(outcomes(tally));
            }
        }
        classes
    }

    fn classes(&self, aspect: Aspect) -> Classes {
        let of = self.named(aspect);
        let measures: Vec<Measure> = of.keys().map(|name| (aspect, Slice::Of(name.clone()))).collect();
        Classes { micro: self.counted(aspect, Slice::All), averaged: self.averaged(&measures), weighted: weighted(&of), of }
    }

    fn named(&self, aspect: Aspect) -> BTreeMap<String, Counted> {
        let names = self.scores.named(aspect).map(|(name, _)| name.to_owned());
        names.map(|name| (name.clone(), self.counted(aspect, Slice::Of(name)))).collect()
    }

    fn roles(&self, aspect: Aspect) -> RoleFigures {
        let of = self.named(aspect);
        RoleFigures {
            core: self.counted(aspect, Slice::Core),
            core_macro: self.averaged(&core(aspect)),
            all: self.counted(aspect, Slice::All),
            all_macro: self.averaged(&of.keys().map(|name| (aspect, Slice::Of(name.clone()))).collect::<Vec<_>>()),
            of,
        }
    }

    fn links(&self, aspect: Aspect) -> LinkFigures {
        LinkFigures { all: self.counted(aspect, Slice::All), people: self.counted(aspect, Slice::People), of: self.named(aspect) }
    }

    fn counted(&self, aspect: Aspect, slice: Slice) -> Counted {
        let tally = self.scores.get(aspect, slice.clone());
        Counted {
            gold: tally.gold,
            predicted: tally.predicted,
            found: tally.found,
            sound: tally.sound,
            precision: tally.precision(),
            recall: tally.recall(),
            f1: tally.f1(),
            interval: self.interval(&[(aspect, slice)]),
            outcomes: None,
        }
    }

    fn averaged(&self, measures: &[Measure]) -> Averaged {
        let tallies: Vec<Tally> = measures.iter().map(|(aspect, slice)| self.scores.get(*aspect, slice.clone())).collect();
        let average = |figure: Figure| mean(tallies.iter().filter_map(|tally| figure.of(tally)));
        Averaged {
            precision: average(Figure::Precision),
            recall: average(Figure::Recall),
            f1: average(Figure::F1),
            classes: tallies.iter().filter_map(Tally::f1).count(),
            interval: self.interval(measures),
        }
    }

    fn interval(&self, measures: &[Measure]) -> Option<Intervals> {
        let bootstrap = self.bootstrap.filter(|bootstrap| bootstrap.resamples() > 0)?;
        let of = |figure| bootstrap.interval(measures, figure);
        Some(Intervals { precision: of(Figure::Precision), recall: of(Figure::Recall), f1: of(Figure::F1) })
    }
}

/// The measures of the core roles.
fn core(aspect: Aspect) -> Vec<Measure> {
    CORE.iter().map(|role| (aspect, Slice::Of((*role).to_owned()))).collect()
}

/// The mean over classes, each weighted by its share of gold.
fn weighted(of: &BTreeMap<String, Counted>) -> Averaged {
    let average = |figure: fn(&Counted) -> Option<f64>| {
        let defined = of.values().filter_map(|counted| Some((figure(counted)?, counted.gold as f64)));
        let (sum, weight) = defined.fold((0.0, 0.0), |(sum, all), (value, gold)| (sum + value * gold, all + gold));
        super::tally::ratio(sum, weight)
    };
    Averaged {
        precision: average(|counted| counted.precision),
        recall: average(|counted| counted.recall),
        f1: average(|counted| counted.f1),
        classes: of.values().filter(|counted| counted.f1.is_some()).count(),
        interval: None,
    }
}

fn outcomes(tally: &Tally) -> Outcomes {
    Outcomes {
        correct: tally.gold - tally.missed() - tally.partial - tally.incorrect,
        incorrect: tally.incorrect,
        partial: tally.partial,
        missed: tally.missed(),
        spurious: tally.spurious(),
    }
}

fn reliability(run: &Run) -> Reliability {
    let bin = |(above, up_to, bin): (f64, f64, &super::calibration::Bin)| ReliabilityBin {
        above,
        up_to,
        predicted: bin.predicted,
        right: bin.right,
        mean_score: bin.mean_score(),
        precision: bin.precision(),
    };
    Reliability { expected_error: run.calibration.expected_error(), bins: run.calibration.bins().map(bin).collect() }
}

/// The figures that a comparison is given for.
fn headlines(run: &Scores, other: &Scores) -> Vec<(String, Vec<Measure>)> {
    let one = |name: &str, aspect, slice| (name.to_owned(), vec![(aspect, slice)]);
    let mut all = vec![
        one("mentions, strict", Aspect::Mentions(Scheme::Strict), Slice::All),
        one("mentions, partial", Aspect::Mentions(Scheme::Partial), Slice::All),
        one("roles by entity, core", Aspect::RolesByEntity, Slice::Core),
        ("roles by entity, core, macro".to_owned(), core(Aspect::RolesByEntity)),
        one("roles by entity, all", Aspect::RolesByEntity, Slice::All),
        one("roles by mention, core", Aspect::RolesByMention, Slice::Core),
        one("links of people, B-cubed", Aspect::BCubed, Slice::People),
        one("exact entities, people", Aspect::ExactEntities, Slice::People),
        one("relations", Aspect::Relations, Slice::All),
    ];
    let roles = [run, other].into_iter().flat_map(|scores| scores.named(Aspect::RolesByEntity));
    let roles: BTreeSet<String> = roles.map(|(role, _)| role.to_owned()).collect();
    all.extend(roles.into_iter().map(|role| (role.clone(), vec![(Aspect::RolesByEntity, Slice::Of(role))])));
    all
}

fn comparison(run: &Run, other: &Run, changes: &BTreeMap<Change, u64>) -> Comparison {
    let f1 = |run: &Run, measures: &[Measure]| {
        mean(measures.iter().filter_map(|(aspect, slice)| run.scores.get(*aspect, slice.clone()).f1()))
    };
    let figures = headlines(&run.scores, &other.scores).into_iter().map(|(name, measures)| {
        let (own, others) = (f1(run, &measures), f1(other, &measures));
        let over_resamples = run.bootstrap.difference(&other.bootstrap, &measures, Figure::F1);
        Compared {
            name,
            f1: own,
            other: others,
            difference: own.zip(others).map(|(own, other)| own - other),
            interval: over_resamples.map(|difference| difference.interval),
            p_value: over_resamples.map(|difference| difference.p_value),
        }
    });
    let mistakes =
        [Change::New, Change::Fixed, Change::Same].map(|change| (change.as_str(), changes.get(&change).copied().unwrap_or(0)));
    Comparison { figures: figures.collect(), mistakes: mistakes.into() }
}

impl Judged {
    /// The mistakes as lines of `--errors`, in the order of the text.
    pub fn lines(&self) -> impl Iterator<Item = MistakeLine> {
        let places = Places { text: &self.document.text, offsets: Offsets::new(&self.document.text, OffsetUnit::Char) };
        self.mistakes.iter().map(move |(mistake, change)| MistakeLine {
            id: self.document.id.clone(),
            groups: self.groups.clone(),
            fault: mistake.fault.as_str(),
            change: change.map(Change::as_str),
            gold: mistake.gold.as_ref().map(|side| places.side(side)),
            predicted: mistake.predicted.as_ref().map(|side| places.side(side)),
            context: places.around(mistake),
        })
    }
}

/// A text with its offsets in characters.
struct Places<'a> {
    text: &'a str,
    offsets: Offsets<'a>,
}

impl Places<'_> {
    fn place(&self, span: Span) -> PlaceLine {
        PlaceLine { start: self.offsets.at(span.start()), end: self.offsets.at(span.end()), text: span.of(self.text).to_owned() }
    }

    fn side(&self, side: &Side) -> SideLine {
        SideLine {
            label: side.label.clone(),
            kind: side.kind,
            names: side.names.clone(),
            role: side.role.clone(),
            places: side.places.iter().map(|span| self.place(*span)).collect(),
            evidence: side.evidence.iter().map(|span| self.place(*span)).collect(),
            rules: side.rules.clone(),
            score: side.score.map(|thousandths| f64::from(thousandths) / 1000.0),
        }
    }

    /// The text around the first place of a mistake, to the next blanks.
    fn around(&self, mistake: &Mistake) -> PlaceLine {
        let sides = [&mistake.gold, &mistake.predicted].into_iter().flatten();
        let spans = sides.flat_map(|side| side.places.iter().chain(&side.evidence));
        let near = spans.filter(|span| span.start().abs_diff(mistake.at) <= AROUND);
        let (from, to) = near.fold((mistake.at, mistake.at), |(from, to), span| (from.min(span.start()), to.max(span.end())));
        let start = self.text[..from].char_indices().rev().take(AROUND).filter(|(_, c)| c.is_whitespace()).last();
        let end = self.text[to..].char_indices().take(AROUND).filter(|(_, c)| c.is_whitespace()).last();
        let short = self.text[..from].chars().nth(AROUND).is_none();
        let start = if short { 0 } else { start.map_or(from, |(at, blank)| at + blank.len_utf8()) };
        let short = self.text[to..].chars().nth(AROUND).is_none();
        let end = if short { self.text.len() } else { end.map_or(to, |(at, _)| to + at) };
        self.place(Span::new(self.text, start, end).expect("both lie between characters"))
    }
}
