//! Takes an article as several raters have it, and who is the same in it, gives everything that they differ on, with what each said.
//! Refuses nothing.

use super::report::{Disagreement, Marked, Matter, Relating, Said, What};
use super::units::Unit;
use super::view::View;
use crate::review::answer::Judged;
use std::collections::{BTreeMap, BTreeSet};

/// An article that is looked through.
pub struct Differing<'a> {
    /// Its id.
    pub id: &'a str,
    /// The names of all raters.
    pub raters: &'a [String],
    /// Those who accepted it.
    pub views: &'a [&'a View<'a>],
    /// Who is the same to whom of them.
    pub units: &'a [Unit],
}

impl Differing<'_> {
    /// All disagreements: by matter, and then in the order of the text.
    #[must_use]
    pub fn find(&self) -> Vec<Disagreement> {
        let mut found = Vec::new();
        self.roles(&mut found);
        self.relations(&mut found);
        self.people(&mut found);
        self.mentions(&mut found);
        found
    }

    fn disagreement(&self, matter: Matter, at: &Judged, relation: Option<Relating>, said: Vec<What>) -> Disagreement {
        let said = self.views.iter().zip(said).map(|(view, what)| Said { rater: self.raters[view.rater].clone(), what });
        let Marked { start, end, text, .. } = marked(at);
        Disagreement { id: self.id.to_owned(), matter, start, end, text, relation, said: said.collect() }
    }

    /// Parties with different roles.
    fn roles(&self, found: &mut Vec<Disagreement>) {
        for unit in self.units.iter().filter(|unit| is_party(unit, self.views)) {
            let said = roles(unit, self.views);
            if said.iter().all(|roles| *roles == said[0]) {
                continue;
            }
            let name = |view: &View<'_>, person: usize| view.verdict.people[person].name.clone();
            let people = self.views.iter().zip(unit).map(|(view, person)| Some(name(view, (*person)?)));
            let what = |(person, roles): (_, BTreeSet<&str>)| What::Roles {
                person,
                roles: roles.into_iter().map(str::to_owned).collect(),
            };
            let what = people.zip(said).map(what).collect();
            found.push(self.disagreement(Matter::Role, self.first(unit), None, what));
        }
    }

    /// The first mention of a unit, as the first rater who has it gives it.
    fn first(&self, unit: &Unit) -> &Judged {
        let held = self.views.iter().zip(unit).find_map(|(view, person)| Some(view.first((*person)?)));
        held.expect("a unit is somebody of at least one rater")
    }

    fn name(&self, unit: &Unit) -> &str {
        let named = self.views.iter().zip(unit).find_map(|(view, person)| Some(&*view.verdict.people[(*person)?].name));
        named.unwrap_or_default()
    }

    /// Relations that not all have.
    fn relations(&self, found: &mut Vec<Disagreement>) {
        let mut relations: BTreeMap<(usize, usize, &str), Vec<bool>> = BTreeMap::new();
        for (at, view) in self.views.iter().enumerate() {
            let unit = |person: usize| self.units.iter().position(|unit| unit[at] == Some(person));
            for held in &view.verdict.relations {
                if let (Some(from), Some(to)) = (unit(held.from), unit(held.to)) {
                    let known = relations.entry((from, to, &held.kind)).or_insert_with(|| vec![false; self.views.len()]);
                    known[at] = true;
                }
            }
        }
        for ((from, to, kind), holds) in relations.into_iter().filter(|(_, holds)| holds.contains(&false)) {
            let name = |unit: usize| self.name(&self.units[unit]).to_owned();
            let relation = Relating { kind: kind.to_owned(), from: name(from), to: name(to) };
            let what = holds.into_iter().map(|holds| What::Holds { holds }).collect();
            found.push(self.disagreement(Matter::Relation, self.first(&self.units[from]), Some(relation), what));
        }
    }

    /// Mentions that all marked, and that one says are of one person and another of several.
    fn people(&self, found: &mut Vec<Disagreement>) {
        let Some((first, others)) = self.views.split_first() else { return };
        let marked_by_all = |mention: &&Judged| others.iter().all(|view| twin(view, mention).is_some());
        let mentions: Vec<&Judged> = first.verdict.mentions.iter().filter(marked_by_all).collect();
        // By view, whose each mention is; one of nobody's is of somebody of its own.
        let whose = |view: &&View<'_>| -> Vec<Result<usize, usize>> {
            let person = |mention: &&Judged| twin(view, mention).and_then(|twin| twin.person);
            mentions.iter().enumerate().map(|(at, mention)| person(mention).ok_or(at)).collect()
        };
        let whose: Vec<_> = self.views.iter().map(whose).collect();
        for group in joined_by_any(&whose, mentions.len()) {
            let parts = |whose: &Vec<Result<usize, usize>>| {
                let mut parts: Vec<(Result<usize, usize>, Vec<Marked>)> = Vec::new();
                for &at in &group {
                    match parts.iter_mut().find(|(person, _)| *person == whose[at]) {
                        Some((_, part)) => part.push(marked(mentions[at])),
                        None => parts.push((whose[at], vec![marked(mentions[at])])),
                    }
                }
                parts.into_iter().map(|(_, part)| part).collect::<Vec<_>>()
            };
            let said: Vec<Vec<Vec<Marked>>> = whose.iter().map(parts).collect();
            if said.iter().any(|people| people.len() > 1) {
                let what = said.into_iter().map(|people| What::People { people }).collect();
                found.push(self.disagreement(Matter::Person, mentions[group[0]], None, what));
            }
        }
    }

    /// Stretches where not all marked the same.
    fn mentions(&self, found: &mut Vec<Disagreement>) {
        let of_view = |(at, view): (usize, &&View<'_>)| {
            view.verdict.mentions.iter().map(move |mention| (mention.start, mention.end, at)).collect::<Vec<_>>()
        };
        let mut all: Vec<(usize, usize, usize)> = self.views.iter().enumerate().flat_map(of_view).collect();
        all.sort_unstable();
        let mut rest = &all[..];
        while let [(start, end, _), ..] = *rest {
            let mut end = end;
            let reached = rest.iter().take_while(|(from, to, _)| {
                let overlaps = *from < end;
                end = if overlaps { end.max(*to) } else { end };
                overlaps
            });
            rest = &rest[reached.count()..];
            let within = |mention: &&Judged| start <= mention.start && mention.end <= end;
            let said = |view: &&View<'_>| view.verdict.mentions.iter().filter(within).map(marked).collect::<Vec<_>>();
            let said: Vec<Vec<Marked>> = self.views.iter().map(said).collect();
            if said.iter().any(|mentions| *mentions != said[0]) {
                let at = self.views.iter().flat_map(|view| &view.verdict.mentions).find(within);
                let what = said.into_iter().map(|mentions| What::Mentions { mentions }).collect();
                found.push(self.disagreement(Matter::Mention, at.expect("a mention made the stretch"), None, what));
            }
        }
    }
}

/// Whether any rater has a unit as a person or party, or gives it a role.
pub fn is_party(unit: &Unit, views: &[&View<'_>]) -> bool {
    views.iter().zip(unit).any(|(view, person)| person.is_some_and(|person| view.is_party(person)))
}

/// The roles of a unit by view; none where that rater has nobody there.
pub fn roles<'a>(unit: &Unit, views: &[&View<'a>]) -> Vec<BTreeSet<&'a str>> {
    let of = |(view, person): (&&View<'a>, &Option<usize>)| {
        let verdict = view.verdict;
        person.iter().flat_map(|&person| &verdict.people[person].roles).map(String::as_str).collect()
    };
    views.iter().zip(unit).map(of).collect()
}

/// The mention of exactly the same ends.
fn twin<'a>(view: &View<'a>, mention: &Judged) -> Option<&'a Judged> {
    let mentions = &view.verdict.mentions;
    let at = mentions.binary_search_by_key(&(mention.start, mention.end), |other| (other.start, other.end)).ok()?;
    Some(&mentions[at])
}

/// Groups of the first `count` numbers: two are in one if any of `whose` has them as one's.
fn joined_by_any(whose: &[Vec<Result<usize, usize>>], count: usize) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..count).collect();
    for whose in whose {
        let mut of_person: BTreeMap<Result<usize, usize>, usize> = BTreeMap::new();
        for at in 0..count {
            let (known, own) = (*of_person.entry(whose[at]).or_insert(group[at]), group[at]);
            // The lower number stays, so that groups come in the order of their first mentions.
            let (kept, gone) = (known.min(own), known.max(own));
            if kept != gone {
                group.iter_mut().chain(of_person.values_mut()).filter(|of| **of == gone).for_each(|of| *of = kept);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    group.into_iter().enumerate().for_each(|(at, of)| groups.entry(of).or_default().push(at));
    groups.into_values().collect()
}

fn marked(mention: &Judged) -> Marked {
    let Judged { start, end, text, label, .. } = mention;
    Marked { start: *start, end: *end, text: text.clone(), label: label.clone() }
}
