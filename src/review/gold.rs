//! Takes an article as it was predicted and the answers of every reviewer to it, gives gold: the article as it was accepted. Where
//! several reviewers accepted it and differ, it is left out and what they differ in listed, or the majority decides. Refuses
//! nothing: an article that nobody accepted is none, and why is said.

use super::answer::{Answer, Held, Judged, Party, Verdict};
use super::history::Case;
use super::sheet::Sheet;
use super::{Fingerprints, Status};
use crate::document::Document;
use crate::exchange::article::REVIEWED;
use crate::segment::segment;
use crate::span::Span;
use crate::write::back::Annotated;
use crate::write::offsets::{OffsetUnit, Offsets};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::Hash;

/// What becomes of articles that reviewers differ in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Differing {
    /// They are listed and left out.
    List,
    /// Each mention, link, role and relation holds that more than half of the reviewers have.
    Majority,
}

/// What has become of an article.
#[derive(Clone, PartialEq, Debug)]
pub struct Outcome {
    /// Gold; none if it was left out.
    pub gold: Option<Annotated>,
    /// What became of it with each reviewer who decided anything.
    pub statuses: Vec<Status>,
    /// What reviewers differ in, a sentence each.
    pub differences: Vec<String>,
    /// Decisions that no longer fit, and articles whose text is another than the one decided on, a sentence each.
    pub unfit: Vec<String>,
}

/// The field of `meta` that names whose decisions made the gold.
const REVIEWERS: &str = "reviewers";

/// Makes gold of an article.
#[must_use]
pub fn gold(article: Annotated, answers: &[(String, Vec<Answer>)], differing: Differing) -> Outcome {
    let text = &article.document.text;
    let now = Fingerprints::of(&article.document, &article.annotation);
    let offsets = Offsets::new(text, OffsetUnit::Char);
    let mut outcome = Outcome { gold: None, statuses: Vec::new(), differences: Vec::new(), unfit: Vec::new() };
    let mut accepted: Vec<(&str, Sheet, Verdict)> = Vec::new();
    let mut rejected: Vec<&str> = Vec::new();
    for (name, answers) in answers.iter().filter(|(_, answers)| !answers.is_empty()) {
        let case = Case::new(text, &article.annotation, &now, answers);
        outcome.statuses.push(case.status);
        outcome.unfit.extend(case.unfit.iter().map(|unfit| format!("{name}: {unfit}")));
        match case.status {
            Status::Stale => outcome.unfit.push(format!("{name}: decided on another text; look at it again")),
            Status::Rejected => rejected.push(name),
            Status::Accepted => {
                let verdict = case.sheet.verdict(text, &offsets);
                accepted.push((name, case.sheet, verdict));
            }
            Status::Undecided | Status::Skipped => {}
        }
    }
    let Some((_, first, verdict)) = accepted.first() else { return outcome };
    let sheet = if rejected.is_empty() && accepted.iter().all(|(_, _, other)| other == verdict) {
        first.clone()
    } else {
        outcome.differences = differences(&accepted, &rejected);
        let heads = accepted.len() + rejected.len();
        if differing == Differing::List || 2 * accepted.len() <= heads {
            return outcome;
        }
        let verdicts: Vec<&Verdict> = accepted.iter().map(|(_, _, verdict)| verdict).collect();
        let mut sheet = Sheet::new(&article.annotation);
        let span = |judged: &Judged| Span::new(text, offsets.byte(judged.start)?, offsets.byte(judged.end)?).ok();
        sheet.impose(text, &majority(&verdicts), span);
        sheet.accept();
        sheet
    };
    let reviewers: Vec<serde_json::Value> = accepted.iter().map(|(name, ..)| (*name).into()).collect();
    let annotation = sheet.annotation(text, segment(text));
    let Document { id, text, mut meta } = article.document;
    meta.insert(REVIEWED.to_owned(), true.into());
    meta.insert(REVIEWERS.to_owned(), reviewers.into());
    outcome.gold = Some(Annotated { document: Document { id, text, meta }, annotation, ..article });
    outcome
}

/// Something that a reviewer says of an article.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Statement {
    Mention { start: usize, words: String, label: String, kind: &'static str },
    Whose { start: usize, words: String, name: String },
    Role { name: String, role: String },
    Relation { from: String, kind: String, to: String },
    Useless,
}

impl Statement {
    fn in_words(&self) -> String {
        match self {
            Self::Mention { words, label, kind, .. } => format!("“{words}” is a mention, {label} {kind}"),
            Self::Whose { words, name, .. } => format!("“{words}” is “{name}”"),
            Self::Role { name, role } => format!("“{name}” is {}", role.replace('_', " ")),
            Self::Relation { from, kind, to } => format!("“{from}” {kind} “{to}”"),
            Self::Useless => "the article is of no use".to_owned(),
        }
    }
}

/// All that a verdict says; whose a mention is only where it has more than one.
fn statements(verdict: &Verdict) -> Vec<Statement> {
    let mut counts = vec![0; verdict.people.len()];
    verdict.mentions.iter().filter_map(|judged| judged.person).for_each(|person| counts[person] += 1);
    let namesakes = |person: usize| verdict.people.iter().filter(|other| other.name == verdict.people[person].name).count() > 1;
    // Two people of one name are told apart by where they first stand.
    let name = |person: usize| match verdict.mentions.iter().find(|judged| judged.person == Some(person)) {
        Some(first) if namesakes(person) => format!("{} at character {}", verdict.people[person].name, first.start),
        _ => verdict.people[person].name.clone(),
    };
    let mut all = Vec::new();
    for judged in &verdict.mentions {
        let (start, words) = (judged.start, judged.text.clone());
        all.push(Statement::Mention { start, words: words.clone(), label: judged.label.clone(), kind: judged.kind.in_words() });
        if let Some(person) = judged.person.filter(|&person| counts[person] > 1 || namesakes(person)) {
            all.push(Statement::Whose { start, words, name: name(person) });
        }
    }
    for (person, party) in verdict.people.iter().enumerate() {
        all.extend(party.roles.iter().map(|role| Statement::Role { name: name(person), role: role.clone() }));
    }
    for Held { kind, from, to } in &verdict.relations {
        all.push(Statement::Relation { from: name(*from), kind: kind.clone(), to: name(*to) });
    }
    all
}

/// What not all reviewers say, with those who do, in the order of the text.
fn differences(accepted: &[(&str, Sheet, Verdict)], rejected: &[&str]) -> Vec<String> {
    let mut said: BTreeMap<Statement, Vec<&str>> = BTreeMap::new();
    for (name, _, verdict) in accepted {
        let all: BTreeSet<Statement> = statements(verdict).into_iter().collect();
        all.into_iter().for_each(|statement| said.entry(statement).or_default().push(name));
    }
    if !rejected.is_empty() {
        said.insert(Statement::Useless, rejected.to_vec());
    }
    let differing = said.into_iter().filter(|(_, names)| names.len() < accepted.len() || !rejected.is_empty());
    let differing = differing.filter(|(statement, _)| rejected.is_empty() || *statement == Statement::Useless);
    let listed: Vec<String> =
        differing.map(|(statement, names)| format!("{}: {}", statement.in_words(), names.join(", "))).collect();
    // What is in no statement: a mention of nobody's, with one, and of somebody without another, with another.
    if listed.is_empty() { vec!["whether a mention that stands alone is somebody's".to_owned()] } else { listed }
}

/// What more than half of the verdicts say. Two mentions are one person's if more than half say so; a person has the roles that more
/// than half give to whoever has most of the person's mentions.
fn majority(verdicts: &[&Verdict]) -> Verdict {
    let most = |votes: usize| 2 * votes > verdicts.len();
    let places: Vec<HashMap<(usize, usize), &Judged>> = verdicts
        .iter()
        .map(|verdict| verdict.mentions.iter().map(|judged| ((judged.start, judged.end), judged)).collect())
        .collect();
    let mut votes: BTreeMap<(usize, usize), Vec<&Judged>> = BTreeMap::new();
    for verdict in verdicts {
        verdict.mentions.iter().for_each(|judged| votes.entry((judged.start, judged.end)).or_default().push(judged));
    }
    // Of those who mark a stretch, the label and the kind that most give it.
    let mut mentions: Vec<Judged> = Vec::new();
    for judged in votes.into_values() {
        let label = favourite(judged.iter().map(|judged| &judged.label));
        let kinds = judged.iter().filter(|judged| Some(&judged.label) == label).map(|judged| judged.kind);
        let kind = favourite(kinds);
        if let (true, Some(label), Some(kind)) = (most(judged.len()), label, kind) {
            mentions.push(Judged { label: label.clone(), kind, person: None, ..judged[0].clone() });
        }
    }
    let whose = |rater: usize, judged: &Judged| places[rater].get(&(judged.start, judged.end)).and_then(|own| own.person);
    let groups = together(&mentions, verdicts.len(), &whose, &most);
    for (judged, group) in mentions.iter_mut().zip(&groups) {
        judged.person = *group;
    }
    let count = groups.iter().flatten().max().map_or(0, |most| most + 1);
    // Whom each rater means by a person.
    let meant = |rater: usize, group: usize| {
        let own = mentions.iter().filter(|judged| judged.person == Some(group)).filter_map(|judged| whose(rater, judged));
        favourite(own)
    };
    let meant: Vec<Vec<Option<usize>>> =
        (0..verdicts.len()).map(|rater| (0..count).map(|group| meant(rater, group)).collect()).collect();
    let mut people = Vec::with_capacity(count);
    for group in 0..count {
        let mut roles: BTreeMap<&String, usize> = BTreeMap::new();
        let mut names = Vec::new();
        for (verdict, meant) in verdicts.iter().zip(&meant) {
            let Some(party) = meant[group].map(|person| &verdict.people[person]) else { continue };
            names.push(&party.name);
            party.roles.iter().for_each(|role| *roles.entry(role).or_default() += 1);
        }
        let roles = roles.into_iter().filter(|(_, votes)| most(*votes)).map(|(role, _)| role.clone()).collect();
        people.push(Party { name: favourite(names.into_iter()).cloned().unwrap_or_default(), roles });
    }
    let mut relations: BTreeMap<Held, usize> = BTreeMap::new();
    for (verdict, meant) in verdicts.iter().zip(&meant) {
        let group = |person: usize| meant.iter().position(|own| *own == Some(person));
        let held = verdict
            .relations
            .iter()
            .filter_map(|held| Some(Held { kind: held.kind.clone(), from: group(held.from)?, to: group(held.to)? }));
        held.collect::<BTreeSet<_>>().into_iter().for_each(|held| *relations.entry(held).or_default() += 1);
    }
    let relations = relations.into_iter().filter(|(_, votes)| most(*votes)).map(|(held, _)| held).collect();
    Verdict { mentions, people, relations }
}

/// The person of each mention, numbered by first mentions: two mentions, one the next of the other with some rater, are one person's
/// where most raters say so. None for a mention that most say is nobody's.
fn together(
    mentions: &[Judged],
    raters: usize,
    whose: &impl Fn(usize, &Judged) -> Option<usize>,
    most: &impl Fn(usize) -> bool,
) -> Vec<Option<usize>> {
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    for rater in 0..raters {
        let mut last: HashMap<usize, usize> = HashMap::new();
        for (at, judged) in mentions.iter().enumerate() {
            if let Some(person) = whose(rater, judged)
                && let Some(before) = last.insert(person, at)
            {
                pairs.insert((before, at));
            }
        }
    }
    let one = |&(a, b): &(usize, usize)| {
        let says = |rater: &usize| whose(*rater, &mentions[a]).is_some_and(|person| whose(*rater, &mentions[b]) == Some(person));
        most((0..raters).filter(says).count())
    };
    // Pairs come in the order of their second mention, so that the first of a group is known when it is joined.
    let mut first: Vec<usize> = (0..mentions.len()).collect();
    let mut joined: Vec<(usize, usize)> = pairs.into_iter().filter(one).collect();
    joined.sort_by_key(|&(a, b)| (b, a));
    for (a, b) in joined {
        let (from, to) = (first[a].max(first[b]), first[a].min(first[b]));
        first.iter_mut().filter(|at| **at == from).for_each(|at| *at = to);
    }
    let mut numbers: HashMap<usize, usize> = HashMap::new();
    let mut of = Vec::with_capacity(mentions.len());
    for (at, judged) in mentions.iter().enumerate() {
        let nobodys = (0..raters).filter(|&rater| whose(rater, judged).is_none()).count();
        let next = numbers.len();
        of.push((first[at] != at || !most(nobodys)).then(|| *numbers.entry(first[at]).or_insert(next)));
    }
    of
}

/// What comes most often, and of that the first.
fn favourite<T: Eq + Hash + Clone>(all: impl Iterator<Item = T> + Clone) -> Option<T> {
    let mut counts: HashMap<T, usize> = HashMap::new();
    all.clone().for_each(|one| *counts.entry(one).or_default() += 1);
    let most = counts.values().max().copied()?;
    let mut seen = HashSet::new();
    all.filter(|one| seen.insert(one.clone())).find(|one| counts[one] == most)
}
