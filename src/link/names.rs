//! Takes the named persons among the mentions of one article, gives one cluster a person: full names first, then surnames with or
//! without title, halves of double surnames, first names, misspelt names and names that lost an apostrophe. Refuses to join where
//! title or first name speak against it; two people with one surname stay apart.

use super::{Cluster, Titled};
use crate::document::{Label, Mention};
use crate::segment::titles::Sex;
use std::collections::{BTreeSet, HashMap};
use strsim::damerau_levenshtein;

/// Above this many persons in one article only equal names are joined: comparing all with all would take too long.
const MANY: usize = 2_000;
/// Longer words are not compared by their spelling.
const LONGEST: usize = 40;

/// Joins persons.
pub(super) fn join(text: &str, mentions: &[Mention], titled: &[Titled]) -> Vec<Cluster> {
    let names: Vec<(usize, Name)> = mentions
        .iter()
        .enumerate()
        .filter(|(_, mention)| mention.label == Label::Per)
        .map(|(m, mention)| (m, Name::new(mention.span.of(text))))
        .collect();
    let mut people = People::default();
    for (m, name) in names.iter().filter(|(_, name)| name.words.len() > 1) {
        people.place(*m, name, &titled[*m], None);
    }
    for (m, name) in names.iter().filter(|(_, name)| name.words.len() == 1) {
        people.place(*m, name, &titled[*m], Some(*m));
    }
    people.all.into_iter().map(|p| p.cluster).collect()
}

/// A name in words, lower case.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Name {
    words: Vec<String>,
}

impl Name {
    fn new(surface: &str) -> Self {
        let clean = |w: &str| w.trim_matches(['.', ',', '"', '“', '”', '(', ')']).replace('’', "'").to_lowercase();
        let words: Vec<String> = surface.split_whitespace().map(clean).filter(|w| !w.is_empty()).collect();
        Self { words: if words.is_empty() { vec![surface.to_lowercase()] } else { words } }
    }

    fn last(&self) -> &str {
        self.words.last().expect("a name has words")
    }

    fn first(&self) -> &str {
        &self.words[0]
    }

    fn is_full(&self) -> bool {
        self.words.len() > 1
    }
}

#[derive(Default)]
struct People {
    all: Vec<Person>,
    /// Who bears a form already met.
    bearers: HashMap<Name, Vec<usize>>,
}

struct Person {
    cluster: Cluster,
    forms: Vec<Name>,
    /// Its mentions by full name, in order, and the last by a single word.
    full: Vec<usize>,
    last_single: Option<usize>,
    sex: Option<Sex>,
    police: bool,
    titles: BTreeSet<&'static str>,
}

impl People {
    /// Joins mention `m` to the person it fits best, or makes a new one. `near` is given for a name of one word, which goes to the
    /// nearest of those that fit equally.
    fn place(&mut self, m: usize, name: &Name, titled: &Titled, near: Option<usize>) {
        let compared: Vec<usize> = if self.all.len() > MANY {
            self.bearers.get(name).cloned().unwrap_or_default()
        } else {
            (0..self.all.len()).collect()
        };
        let fitting = compared.into_iter().filter_map(|p| {
            let person = &self.all[p];
            let (why, strength) = person.fits(name)?;
            Some((person.agrees(titled)? + strength, person.nearness(near), p, why))
        });
        let best = fitting.max_by_key(|(fit, nearness, p, _)| (*fit, *nearness, std::cmp::Reverse(*p)));
        let p = match best {
            Some((_, _, p, why)) => {
                self.all[p].cluster.join(m, why);
                p
            }
            None => {
                let (sex, police, titles) = (None, false, BTreeSet::new());
                let (full, last_single) = (Vec::new(), None);
                self.all.push(Person { cluster: Cluster::of(m), forms: Vec::new(), full, last_single, sex, police, titles });
                self.all.len() - 1
            }
        };
        let person = &mut self.all[p];
        if !person.forms.contains(name) {
            person.forms.push(name.clone());
            self.bearers.entry(name.clone()).or_default().push(p);
        }
        if name.is_full() {
            person.full.push(m);
        } else {
            person.last_single = Some(m);
        }
        person.sex = person.sex.or(titled.sex());
        person.police |= titled.police();
        person.titles.extend(titled.entries().map(|e| e.id.as_str()));
    }
}

impl Person {
    /// Why a name can be this person's, and how strong a reason that is.
    fn fits(&self, name: &Name) -> Option<(&'static str, i32)> {
        let reasons = self.forms.iter().filter_map(|form| {
            if *form == *name {
                return Some(("same_name", 100));
            }
            match (form.is_full(), name.is_full()) {
                (true, true) => full_names(form, name),
                (true, false) => part_of(form, name.first()),
                (false, true) => part_of(name, form.first()),
                (false, false) => surnames(form.first(), name.first()).filter(|(_, strength)| *strength < 90),
            }
        });
        reasons.max_by_key(|(_, strength)| *strength)
    }

    /// How well the titles agree; nothing where they contradict each other.
    fn agrees(&self, titled: &Titled) -> Option<i32> {
        if let (Some(a), Some(b)) = (self.sex, titled.sex())
            && a != b
        {
            return None;
        }
        let same_title = titled.entries().any(|e| self.titles.contains(e.id.as_str()));
        let same_sex = self.sex.is_some() && self.sex == titled.sex();
        let both_police = self.police && titled.police();
        // A rank for somebody whose titles so far are others' speaks against him a little.
        let rank_is_new = titled.police() && !self.police && !self.titles.is_empty();
        Some(6 * i32::from(same_title) + 4 * i32::from(same_sex) + 3 * i32::from(both_police) - 3 * i32::from(rank_is_new))
    }

    /// The nearer the last mention before `m`, the higher; those after it come last.
    fn nearness(&self, m: Option<usize>) -> i64 {
        let Some(m) = m else { return 0 };
        let place = |m: usize| i64::try_from(m).unwrap_or(i64::MAX);
        let by_full = self.full.partition_point(|&x| x < m).checked_sub(1).map(|i| self.full[i]);
        match by_full.max(self.last_single) {
            Some(before) => place(before) - place(m),
            None => i64::MIN / 2 - place(self.full.first().copied().unwrap_or(0)),
        }
    }
}

/// Two full names of one person: the surnames and the first names each fit.
fn full_names(a: &Name, b: &Name) -> Option<(&'static str, i32)> {
    let (why, strength) = surnames(a.last(), b.last())?;
    let firsts = first_names(a.first(), b.first())?;
    // Both parts misspelt at once is another person rather.
    (strength >= 60 || firsts >= 20).then_some((if why == "surname" { "full_name" } else { why }, strength.min(95) + firsts / 10))
}

/// A name of one word against a full name: its surname, a half of it, its first name, or a misspelt form.
fn part_of(full: &Name, word: &str) -> Option<(&'static str, i32)> {
    let first = (full.first() == word).then_some(("first_name", 50));
    let inner = full.words[1..full.words.len() - 1].iter().any(|w| w == word).then_some(("surname_part", 60));
    let short = shortened(full.first(), word).then_some(("first_name", 30));
    [surnames(full.last(), word), first, inner, short].into_iter().flatten().max_by_key(|(_, strength)| *strength)
}

/// Two forms of a surname: equal, one a half of the other, with a lost apostrophe, or misspelt.
fn surnames(a: &str, b: &str) -> Option<(&'static str, i32)> {
    if a == b {
        return Some(("surname", 90));
    }
    let half = |whole: &str, part: &str| whole.contains('-') && whole.split('-').any(|p| p == part);
    if half(a, b) || half(b, a) {
        return Some(("surname_part", 70));
    }
    let lost = |long: &str, short: &str| long.strip_suffix('s') == Some(short) && short.len() > 2;
    if lost(a, b) || lost(b, a) {
        return Some(("lost_apostrophe", 60));
    }
    misspelt(a, b).then_some(("misspelt", 40))
}

/// How well two first names fit: equal, an initial, a short form, or misspelt.
fn first_names(a: &str, b: &str) -> Option<i32> {
    let initial = |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
    if a == b {
        Some(40)
    } else if initial(a, b) || initial(b, a) || shortened(a, b) || shortened(b, a) {
        Some(30)
    } else {
        // Beside a surname that fits, one edit in four letters is enough.
        let lengths = [a.chars().count(), b.chars().count()];
        let near = lengths.iter().all(|l| (4..LONGEST).contains(l)) && damerau_levenshtein(a, b) <= 1;
        (near || misspelt(a, b)).then_some(10)
    }
}

/// Whether `short` is the beginning of `long` ("Parm" of "Parminder").
fn shortened(long: &str, short: &str) -> bool {
    short.chars().count() >= 3 && long.chars().count() > short.chars().count() && long.starts_with(short)
}

/// Whether two words are spellings of one name: the same first letter, and one edit in five letters or two in eight. Short names
/// are too close to each other to judge.
fn misspelt(a: &str, b: &str) -> bool {
    let length = a.chars().count().min(b.chars().count());
    if a.chars().count().max(b.chars().count()) > LONGEST {
        return false;
    }
    let allowed = match length {
        0..5 => return false,
        5..8 => 1,
        _ => 2,
    };
    a.chars().next() == b.chars().next()
        && a.chars().count().abs_diff(b.chars().count()) <= allowed
        && damerau_levenshtein(a, b) <= allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(a: &str, b: &str) -> Option<&'static str> {
        let (a, b) = (Name::new(a), Name::new(b));
        let (full, last_single, titles) = (vec![0], None, BTreeSet::new());
        let person = Person { cluster: Cluster::of(0), forms: vec![a], full, last_single, sex: None, police: false, titles };
        person.fits(&b).map(|(why, _)| why)
    }

    #[test]
    fn what_joins_and_why() {
        for (a, b, expected) in [
            ("Alan Reedham", "Reedham", Some("surname")),
            ("Alan Reedham", "Reedhams", Some("lost_apostrophe")),
            ("Alan Reedham", "Readham", Some("misspelt")),
            ("Alan Reedham", "A. Reedham", Some("full_name")),
            ("Allan Reedham", "Alan Reedham", Some("full_name")),
            ("Ada Quill-Stroud", "Stroud", Some("surname_part")),
            ("Parminder Marl", "Parm", Some("first_name")),
            ("Joe Marl", "Ada Marl", None),
            ("Joe Marl", "Mark", None),
            ("Alan Reedham", "Stroud", None),
        ] {
            assert_eq!(why(a, b), expected, "{a} / {b}");
        }
    }
}
