//! Takes articles as several raters accepted them, one by one, gives how far the raters agree, and what they differ on. Refuses to
//! compare articles of different texts, and annotation that contradicts itself; both are said.
//!
//! ```text
//! answers files, records ──raters──> verdicts ──view──> annotations ──units──> who is who ──> differences
//!                                                           └──evaluate──> F1 of pairs      └──> roles ──kappa
//! ```
//!
//! Roles are units in categories, so that chance can be taken off: each party of an article is a unit, and one that a rater has not
//! has no role there. Mentions are no units, since nobody can say how many stretches of a text are none; of these F1 is given, which
//! is what kappa comes to where the number of such stretches is large (Hripcsak and Rothschild 2005, see [`kappa`]).

mod differences;
pub mod kappa;
pub mod raters;
pub mod report;
pub mod tables;
#[cfg(test)]
mod tests;
mod units;
mod view;

use super::answer::Verdict;
use crate::evaluate::judge;
use crate::evaluate::measure::{Aspect, Scheme, Scores, Slice};
use crate::evaluate::tally::Tally;
use differences::{Differing, is_party, roles};
use kappa::{Agreed, Profiles, alike_where_given};
use report::{Alike, Articles, Disagreement, Matter, Mentions, Pair, Rater, Report, Role, Roles, VERSION};
use std::collections::{BTreeMap, BTreeSet};
use units::units;
use view::{View, views};

/// The sets of roles that raters give to parties.
type Given = Profiles<BTreeSet<String>>;

/// How far raters agree, over the articles so far.
#[derive(Clone, Debug)]
pub struct Agreement {
    raters: Vec<Rater>,
    articles: Articles,
    /// Of articles that all raters accepted.
    given: Given,
    pairs: BTreeMap<[usize; 2], Pairwise>,
    disagreements: BTreeMap<Matter, u64>,
}

/// How far two raters agree.
#[derive(Clone, Debug, Default)]
struct Pairwise {
    articles: u64,
    given: Given,
    scores: Scores,
}

/// What came of an article.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Compared {
    /// What the raters differ on.
    pub disagreements: Vec<Disagreement>,
    /// Whether raters accepted different texts.
    pub different_text: bool,
    /// Raters whose annotation contradicts itself, so that it is left out, and how.
    pub unsound: Vec<(usize, &'static str)>,
}

impl Agreement {
    /// That of these raters: their names.
    #[must_use]
    pub fn new(raters: impl IntoIterator<Item = String>) -> Self {
        let raters: Vec<Rater> = raters.into_iter().map(|name| Rater { name, accepted: 0 }).collect();
        let pairs = (0..raters.len()).flat_map(|a| (a + 1..raters.len()).map(move |b| ([a, b], Pairwise::default())));
        Self {
            pairs: pairs.collect(),
            articles: Articles::default(),
            given: Given::new(),
            disagreements: Matter::ALL.map(|matter| (matter, 0)).into(),
            raters,
        }
    }

    /// Takes an article as each rater accepted it, with the fingerprint of its text; none where a rater did not.
    ///
    /// # Panics
    /// When there are fewer or more than the raters.
    pub fn take(&mut self, id: &str, verdicts: &[Option<(String, Verdict)>]) -> Compared {
        assert_eq!(verdicts.len(), self.raters.len(), "an article is given as each rater has it");
        let mut compared = Compared::default();
        let mut by_text: BTreeMap<&str, Vec<(usize, &Verdict)>> = BTreeMap::new();
        for (rater, (text, verdict)) in
            verdicts.iter().enumerate().filter_map(|(rater, verdict)| Some((rater, verdict.as_ref()?)))
        {
            match verdict.contradiction() {
                None => by_text.entry(text).or_default().push((rater, verdict)),
                Some(how) => compared.unsound.push((rater, how)),
            }
        }
        by_text.values().flatten().for_each(|(rater, _)| self.raters[*rater].accepted += 1);
        compared.different_text = by_text.len() > 1;
        self.articles.different_text += u64::from(compared.different_text);
        let several: Vec<_> = by_text.into_values().filter(|group| group.len() > 1).collect();
        match several.is_empty() {
            false => self.articles.compared += 1,
            true if !compared.different_text && verdicts.iter().flatten().count() > compared.unsound.len() => {
                self.articles.by_one += 1
            }
            true => {}
        }
        for group in several {
            compared.disagreements.extend(self.compare(id, &views(group)));
        }
        compared
    }

    /// Compares views of one text.
    fn compare(&mut self, id: &str, views: &[View<'_>]) -> Vec<Disagreement> {
        for (at, one) in views.iter().enumerate() {
            for other in &views[at + 1..] {
                self.pairs.entry([one.rater, other.rater]).or_default().take([one, other]);
            }
        }
        let views: Vec<&View<'_>> = views.iter().collect();
        let units = units(&views);
        if views.len() == self.raters.len() {
            self.articles.by_all += 1;
            give(&mut self.given, &units, &views);
        }
        let names: Vec<String> = self.raters.iter().map(|rater| rater.name.clone()).collect();
        let found = Differing { id, raters: &names, views: &views, units: &units }.find();
        found.iter().for_each(|found| *self.disagreements.entry(found.matter).or_default() += 1);
        found
    }

    /// Which articles were compared so far.
    #[must_use]
    pub fn articles(&self) -> &Articles {
        &self.articles
    }

    /// The figures.
    #[must_use]
    pub fn report(&self) -> Report {
        Report {
            schema: VERSION,
            raters: self.raters.clone(),
            articles: self.articles.clone(),
            roles: agreed_roles(&self.given, self.raters.len()),
            pairs: self
                .pairs
                .iter()
                .map(|(pair, pairwise)| pairwise.report(pair.map(|rater| self.raters[rater].name.clone())))
                .collect(),
            disagreements: self.disagreements.clone(),
        }
    }
}

impl Pairwise {
    fn take(&mut self, views: [&View<'_>; 2]) {
        self.articles += 1;
        self.scores.add(&judge(&views[0].entry, &views[1].entry).scores);
        give(&mut self.given, &units(&views), &views);
    }

    fn report(&self, raters: [String; 2]) -> Pair {
        let strict = Aspect::Mentions(Scheme::Strict);
        let of = |aspect, slice| alike(&self.scores.get(aspect, slice));
        let links = self.scores.get(Aspect::BCubed, Slice::People);
        Pair {
            raters,
            articles: self.articles,
            roles: agreed_roles(&self.given, 2),
            mentions: Mentions {
                strict: of(strict, Slice::All),
                ends: of(Aspect::Mentions(Scheme::Exact), Slice::All),
                of: self.scores.named(strict).map(|(label, tally)| (label.to_owned(), alike(tally))).collect(),
            },
            links: Alike { counts: [links.gold, links.predicted], same: None, f1: links.f1() },
            relations: of(Aspect::Relations, Slice::All),
        }
    }
}

/// Neither of the two is right: F1 is the share of what both have, whichever is taken for gold.
fn alike(tally: &Tally) -> Alike {
    let (counts, same) = ([tally.gold, tally.predicted], tally.found as u64);
    let all = tally.gold + tally.predicted;
    Alike { counts, same: Some(same), f1: (all > 0).then(|| (2 * same) as f64 / all as f64) }
}

/// Counts the roles of parties.
fn give(given: &mut Given, units: &[units::Unit], views: &[&View<'_>]) {
    for unit in units.iter().filter(|unit| is_party(unit, views)) {
        let said = roles(unit, views).into_iter().map(|roles| roles.into_iter().map(str::to_owned).collect()).collect();
        *given.entry(said).or_default() += 1;
    }
}

fn agreed_roles(given: &Given, raters: usize) -> Roles {
    let of = names(given).collect::<BTreeSet<_>>().into_iter().map(|role| (role.clone(), one_role(given, raters, role)));
    Roles { statistic: if raters == 2 { "cohen" } else { "fleiss" }, all: all_roles(given, raters), of: of.collect() }
}

/// The roles that anybody gives.
fn names(given: &Given) -> impl Iterator<Item = &String> {
    given.keys().flatten().flatten()
}

/// Whole sets of roles as categories.
fn all_roles(given: &Given, raters: usize) -> Role {
    let (by_rater, by_number) = spread(given, raters, |roles| !roles.is_empty());
    // Of every role, how many raters give it: added up, that is the agreement on pairs of a party and a role.
    let mut of_each = vec![0; raters + 1];
    for role in names(given).collect::<BTreeSet<_>>() {
        let (_, by_number) = spread(given, raters, |roles| roles.contains(role));
        of_each.iter_mut().zip(by_number).for_each(|(sum, units)| *sum += units);
    }
    Role::new(Agreed::new(raters, given), by_rater, by_number, alike_where_given(&of_each))
}

/// Having a role and not having it as categories.
fn one_role(given: &Given, raters: usize, role: &String) -> Role {
    let mut held: Profiles<bool> = Profiles::new();
    for (said, units) in given {
        *held.entry(said.iter().map(|roles| roles.contains(role)).collect()).or_default() += units;
    }
    let (by_rater, by_number) = spread(given, raters, |roles| roles.contains(role));
    let f1 = alike_where_given(&by_number);
    Role::new(Agreed::new(raters, &held), by_rater, by_number, f1)
}

/// Units of whose roles `holds`: by rater, and by the number of raters.
fn spread(given: &Given, raters: usize, holds: impl Fn(&BTreeSet<String>) -> bool) -> (Vec<u64>, Vec<u64>) {
    let (mut by_rater, mut by_number) = (vec![0; raters], vec![0; raters + 1]);
    for (said, units) in given {
        let mut number = 0;
        for (rater, _) in said.iter().enumerate().filter(|(_, roles)| holds(roles)) {
            by_rater[rater] += units;
            number += 1;
        }
        by_number[number] += units;
    }
    (by_rater, by_number)
}
