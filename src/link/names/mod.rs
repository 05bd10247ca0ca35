//! Takes the named persons among the mentions of one article, gives one cluster a person: full names first, then surnames with or
//! without title, halves of double surnames, first names and their short forms, misspelt names and names that lost an apostrophe.
//! Refuses to join where title, sex or first name speak against it; two people with one surname stay apart.
//!
//! Why a mention was joined: `same_name`, `full_name` (an initial, a short or misspelt first name), `surname`, `surname_part`,
//! `first_name`, `nickname`, `lost_apostrophe`, `misspelt`, `kin` (a first name and the surname of a relative).

mod likeness;
mod person;

use super::sexes::Cue;
use super::{Cluster, Titled};
use crate::document::{Label, Mention};
use likeness::Name;
use person::{Candidate, Person};
use std::collections::HashMap;

/// Above this many persons in one article only equal names are joined: comparing all with all would take too long.
const MANY: usize = 2_000;
/// A spelling that stands this often in an article is no slip.
const FREQUENT: usize = 3;

/// Joins persons.
pub(super) fn join(text: &str, mentions: &[Mention], titled: &[Titled], cues: &[Cue]) -> Vec<Cluster> {
    let persons = mentions.iter().enumerate().filter(|(_, mention)| mention.label == Label::Per);
    let names: Vec<(usize, Name)> = persons.map(|(m, mention)| (m, Name::new(mention.span.of(text)))).collect();
    let mut people = People::default();
    for (_, name) in &names {
        *people.spellings.entry(name.last().to_owned()).or_default() += 1;
    }
    let (full, single): (Vec<_>, Vec<_>) = names.iter().partition(|(_, name)| name.is_full());
    for (m, name) in full.into_iter().chain(single) {
        people.place(&Candidate { mention: *m, name, titled: &titled[*m], cue: cues[*m] });
    }
    people.join_kin();
    people.all.into_iter().map(|p| p.cluster).collect()
}

#[derive(Default)]
struct People {
    all: Vec<Person>,
    /// Who bears a form already met.
    bearers: HashMap<Name, Vec<usize>>,
    /// How often each last word of a name is written.
    spellings: HashMap<String, usize>,
}

impl People {
    /// Joins a mention to the person it fits best, or makes a new one. A name of one word goes to the nearest of those that fit
    /// equally.
    fn place(&mut self, candidate: &Candidate) {
        let name = candidate.name;
        let compared: Vec<usize> = if self.all.len() > MANY {
            self.bearers.get(name).cloned().unwrap_or_default()
        } else {
            (0..self.all.len()).collect()
        };
        let count = |name: &Name| self.spellings.get(name.last()).copied().unwrap_or(0);
        let both_frequent = |a: &Name, b: &Name| count(a) >= FREQUENT && count(b) >= FREQUENT;
        let fitting = compared.into_iter().filter_map(|p| {
            let (why, fit) = self.all[p].fits(candidate, both_frequent)?;
            let nearness = if name.is_full() { 0 } else { self.all[p].nearness(candidate.mention) };
            Some((fit, nearness, p, why))
        });
        let p = match fitting.max_by_key(|(fit, nearness, p, _)| (*fit, *nearness, std::cmp::Reverse(*p))) {
            Some((_, _, p, why)) => {
                self.all[p].cluster.join(candidate.mention, why);
                p
            }
            None => {
                self.all.push(Person::new(candidate.mention));
                self.all.len() - 1
            }
        };
        if !self.all[p].forms.contains(name) {
            self.bearers.entry(name.clone()).or_default().push(p);
        }
        self.all[p].learn(candidate);
    }

    /// "Mr Quill's sister Renata", later "Ms Quill": the only relative known by first name, and the only one known by a surname that
    /// somebody else of the other sex bears in full or alone.
    fn join_kin(&mut self) {
        let half = |p: &Person| p.is_half_named() && p.sex.is_some() && p.forms.len() == 1;
        let named: Vec<usize> = (0..self.all.len()).filter(|&p| half(&self.all[p]) && self.all[p].kin).collect();
        for first in named {
            let sex = self.all[first].sex;
            let surname_of = |p: &Person| p.forms[0].last().to_owned();
            let shared = |p: &Person| {
                let surname = surname_of(p);
                self.all.iter().any(|other| other.sex != sex && other.forms.iter().any(|form| form.last() == surname))
            };
            let start = self.all[first].cluster.seed;
            let fits = |p: &Person| half(p) && !p.kin && p.sex == sex && p.cluster.seed > start && shared(p);
            let mut fitting = (0..self.all.len()).filter(|&p| p != first && fits(&self.all[p]));
            let rivals = self.all.iter().filter(|p| half(p) && p.kin && p.sex == sex).count();
            if let (Some(p), None, 1) = (fitting.next(), fitting.next(), rivals) {
                let bearer = self.all.remove(p);
                let kept = if p < first { first - 1 } else { first };
                let cluster = &mut self.all[kept].cluster;
                cluster.join(bearer.cluster.seed, "kin");
                for link in bearer.cluster.links {
                    cluster.join(link.mention, "surname");
                }
                return;
            }
        }
    }
}
