//! Takes a scene and the rules, gives what fired: which rule, for whom, on which words. Refuses nothing.

use super::pattern::Pattern;
use super::rules::{Feature, Rule, Rules};
use super::scene::Scene;
use super::trace::{Forbidden, Trace};
use crate::span::Span;
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

/// One rule that fired once.
#[derive(Clone)]
pub(super) struct Hit {
    /// Index into the rules.
    pub rule: usize,
    /// The entity that the rule is about.
    pub entity: usize,
    /// The words that fired.
    pub span: Span,
    /// The entity that the rule's Y stands for.
    pub other: Option<usize>,
    /// Whether the paragraph speaks of something else than the hearing reported.
    pub aside: bool,
    /// Where the mention of the entity begins that it fired at, in bytes of the text.
    pub at: usize,
}

/// The features that the article has.
pub(super) type Features = BTreeSet<String>;

/// What an article is about, by its wording. A feature is there when its signs outweigh what speaks against it: each group of signs
/// adds its weight times the binary logarithm of one more than their number, so that the tenth sign says less than the first.
/// The form is that of logistic regression (Cox 1958), by which the weights of the feature `hearing` were fitted.
pub(super) fn features(scene: &Scene, features: &[Feature]) -> Features {
    features.iter().zip(signs(scene, features)).filter(|(_, signs)| signs.sum >= 0.0).map(|(f, _)| f.id.clone()).collect()
}

/// The signs of a feature that an article has.
pub(super) struct SignsFound {
    /// How many of each group.
    pub counts: Vec<usize>,
    /// What they, the bias and the length of the article add up to; the feature is there from nought.
    pub sum: f32,
}

/// The signs of each feature.
pub(super) fn signs(scene: &Scene, features: &[Feature]) -> Vec<SignsFound> {
    let words: HashSet<&str> = scene.line().split(' ').collect();
    let worth = |p: &&Pattern| p.triggers().is_none_or(|triggers| triggers.iter().any(|t| words.contains(t.as_str())));
    let count = |patterns: &[Pattern]| apart(patterns.iter().filter(worth).flat_map(|p| p.ranges(scene.line())).collect());
    let found = |feature: &Feature| {
        let counts: Vec<usize> = feature.signs.iter().map(|group| count(&group.patterns)).collect();
        let signs = feature.signs.iter().zip(&counts).map(|(group, count)| group.weight * (1.0 + *count as f32).log2());
        let sum = feature.bias + feature.length * (scene.len() as f32 / 200.0).log2() + signs.sum::<f32>();
        SignsFound { counts, sum }
    };
    features.iter().map(found).collect()
}

/// How many stretches there are when those that overlap count as one.
fn apart(mut ranges: Vec<Range<usize>>) -> usize {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut end = 0;
    ranges.retain(|range| {
        let apart = range.start >= end;
        end = end.max(range.end);
        apart
    });
    ranges.len()
}

/// Which patterns are worth trying where: those without trigger words everywhere, the others in sentences that hold one.
#[derive(Clone, Default)]
pub(super) struct Index {
    /// Rule and pattern, by trigger word.
    triggered: HashMap<String, Vec<(usize, usize)>>,
    always: Vec<(usize, usize)>,
}

impl Index {
    pub(super) fn new(rules: &[Rule]) -> Self {
        let mut index = Self::default();
        for (r, rule) in rules.iter().enumerate() {
            for (p, pattern) in rule.patterns.iter().enumerate() {
                match pattern.triggers() {
                    Some(words) => words.iter().for_each(|w| index.triggered.entry(w.clone()).or_default().push((r, p))),
                    None => index.always.push((r, p)),
                }
            }
        }
        index
    }

    /// The patterns worth trying in a sentence, in the order of the rules.
    fn worth(&self, sentence: &str) -> BTreeSet<(usize, usize)> {
        let by_word = sentence.split(' ').filter_map(|word| self.triggered.get(word)).flatten();
        by_word.chain(&self.always).copied().collect()
    }
}

/// Runs every rule that is `allowed` over each scene of an article. What fires in several is told once.
pub(super) fn collect(
    rules: &Rules,
    text: &str,
    scenes: &[Scene],
    allowed: impl Fn(&Rule) -> bool,
    trace: &mut impl Trace,
) -> Vec<Hit> {
    let allowed: Vec<bool> = rules.rules.iter().map(allowed).collect();
    let mut hits = Vec::new();
    let background = scenes.first().map(|scene| background(rules, scene)).unwrap_or_default();
    for scene in scenes {
        let earlier = vec![OnceCell::new(); rules.rules.len()];
        let run = Run { rules, text, scene, background: &background, earlier };
        for sentence in scene.sentences_with_parties() {
            for (r, p) in rules.index.worth(&scene.line()[sentence.clone()]) {
                if allowed[r] {
                    run.pattern(r, p, sentence.clone(), &mut hits, trace);
                }
            }
        }
    }
    keep_nearest(rules, &mut hits);
    hits.sort_by_key(|hit| (hit.rule, hit.entity, hit.span, hit.other.is_none()));
    hits.dedup_by_key(|hit| (hit.rule, hit.entity, hit.span));
    hits
}

/// What was said before speaks of the first party to whom the pattern fits after it: drops what such rules found further on.
fn keep_nearest(rules: &Rules, hits: &mut Vec<Hit>) {
    let goes_on = |hit: &Hit| !rules.rules[hit.rule].earlier.is_empty();
    let mut nearest: HashMap<(usize, Span), usize> = HashMap::new();
    for hit in hits.iter().filter(|hit| goes_on(hit)) {
        let at = nearest.entry((hit.rule, hit.span)).or_insert(hit.at);
        *at = hit.at.min(*at);
    }
    hits.retain(|hit| nearest.get(&(hit.rule, hit.span)).is_none_or(|at| *at == hit.at));
}

/// Whether a rule may fire in an article with these features.
pub(super) fn is_allowed(rules: &Rules, rule: &Rule, features: &Features) -> bool {
    let role = rules.roles.iter().find(|role| role.id == rule.role).expect("rules name roles that are there");
    rule.needs.iter().chain(&role.needs).all(|f| features.contains(f)) && !rule.lacks.iter().any(|f| features.contains(f))
}

/// The stretches, in bytes of the text, in order and apart, that speak of something else than the hearing reported: from the sign
/// that says so to the end of its paragraph.
fn background(rules: &Rules, scene: &Scene) -> Vec<Range<usize>> {
    let line = scene.line();
    let mut found = Vec::new();
    for pattern in &rules.background {
        let mut from = 0;
        while let Some(sign) = pattern.find_at(line, from) {
            let paragraph = scene.paragraph(sign.range.start);
            from = scene.next_word(paragraph.end.max(sign.range.start + 1) - 1);
            // What stands before the sign may still be about the hearing: "his barrister, N, said he was acquitted at a trial".
            found.push(scene.span_at(sign.range.start).start()..scene.span_at(paragraph.end.saturating_sub(1)).end());
        }
    }
    found.sort_unstable_by_key(|paragraph| paragraph.start);
    found.dedup_by(|next, last| {
        let joined = next.start < last.end;
        last.end = if joined { last.end.max(next.end) } else { last.end };
        joined
    });
    found
}

/// One scene, to be run over.
struct Run<'a> {
    rules: &'a Rules,
    text: &'a str,
    scene: &'a Scene,
    background: &'a [Range<usize>],
    /// For each rule what it goes on from, in the order of the ends; looked for when it is first needed.
    earlier: Vec<OnceCell<Vec<Range<usize>>>>,
}

impl Run<'_> {
    /// Whether a stretch of the text lies where something else is spoken of.
    fn is_aside(&self, span: Span) -> bool {
        let next = self.background.partition_point(|paragraph| paragraph.end <= span.start());
        self.background.get(next).is_some_and(|paragraph| paragraph.start <= span.start())
    }

    /// Runs one pattern of a rule over a sentence of the line.
    fn pattern(&self, r: usize, p: usize, sentence: Range<usize>, hits: &mut Vec<Hit>, trace: &mut impl Trace) {
        let (rule, line) = (&self.rules.rules[r], self.scene.line());
        let slice = &line[sentence.clone()];
        let mut from = 0;
        while let Some(found) = rule.patterns[p].find_at(slice, from) {
            let range = sentence.start + found.range.start..sentence.start + found.range.end;
            // The next search starts one word on, so that matches that overlap are all seen.
            from = (self.scene.next_word(range.start) - sentence.start).min(slice.len());
            let Some((slot, entity)) = found.subject else { continue };
            if let Some(words) = self.forbidding(rule, &range) {
                trace.forbidden(|| Forbidden { rule: r, entity, span: self.span_of(range), words: self.span_of(words) });
                continue;
            }
            let slot = sentence.start + slot;
            let Some(mention) = self.scene.mention_at(slot) else { continue };
            let aside = self.is_aside(self.scene.span_at(slot));
            let Some(cue) = self.cue(r, range) else { continue };
            let words = self.scene.evidence(&self.scene.found(cue), mention, self.text);
            let span = words.unwrap_or_else(|| self.scene.span_at(slot));
            let at = self.scene.span_at(slot).start();
            hits.push(Hit { rule: r, entity, span, other: found.other, aside, at });
        }
    }
}

impl Run<'_> {
    /// The stretch of the line beside a match that forbids the rule to fire.
    fn forbidding(&self, rule: &Rule, found: &Range<usize>) -> Option<Range<usize>> {
        let (before, after) = (tail(&self.scene.line()[..found.start]), head(&self.scene.line()[found.end..]));
        let stands_before = rule.unless_before.iter().find_map(|p| p.find(before));
        if let Some(words) = stands_before {
            let space = usize::from(words.as_str().starts_with(' '));
            return Some(found.start - before.len() + words.start() + space..found.start);
        }
        let follows = rule.unless_after.iter().find_map(|p| p.find(after))?;
        Some(found.end..found.end + follows.end())
    }

    /// The text that a stretch of the line stands for.
    fn span_of(&self, range: Range<usize>) -> Span {
        self.scene.span_at(range.start).hull(self.scene.span_at(range.end.saturating_sub(1)))
    }

    /// The stretch of the line that proves what a match of `rule` says: the match itself, or, for a rule that goes on from something
    /// said before, the last such stretch before the match; nothing if there is none.
    fn cue(&self, r: usize, found: Range<usize>) -> Option<Range<usize>> {
        let patterns = &self.rules.rules[r].earlier;
        if patterns.is_empty() {
            return Some(found);
        }
        let all = self.earlier[r].get_or_init(|| {
            let mut all: Vec<Range<usize>> = patterns.iter().flat_map(|p| p.ranges(self.scene.line())).collect();
            all.sort_by_key(|range| range.end);
            all
        });
        all[..all.partition_point(|range| range.end <= found.start)].last().cloned()
    }
}

/// Enough of what stands before a match for a condition on it.
fn tail(before: &str) -> &str {
    let mut start = before.len().saturating_sub(400);
    while !before.is_char_boundary(start) {
        start += 1;
    }
    &before[start..]
}

/// Enough of what stands after a match for a condition on it.
fn head(after: &str) -> &str {
    let mut end = after.len().min(400);
    while !after.is_char_boundary(end) {
        end -= 1;
    }
    &after[..end]
}
