//! Takes the mentions of one article, gives its entities: the mentions of one person, organisation or place joined, each join
//! with the reason for it. Refuses nothing; every mention belongs to exactly one entity.
//!
//! `titled` finds the titles around each mention and `sexes` what else tells of its bearer; `names` joins persons, `codes`
//! pseudonyms, `bodies` organisations, places and the rest. A pseudonym never joins a name.

mod bodies;
mod codes;
mod names;
mod sexes;
#[cfg(test)]
mod tests;
mod titled;

pub(crate) use sexes::of_subject;
pub use titled::Titled;

use crate::document::{Entity, Kind, Label, Link, Mention, Segments, Warning};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Mentions joined to entities, with what the linker learned on the way.
pub struct Linked {
    /// All mentions, in order; described parties come after all others.
    pub mentions: Vec<Mention>,
    /// The titles around each mention.
    pub titled: Vec<Titled>,
    /// All entities, in the order of their first mentions; without roles.
    pub entities: Vec<Entity>,
    /// What is known of each entity: `police`, `female`, the ids and levels of its titles, the class of its pseudonym.
    pub traits: Vec<BTreeSet<String>>,
    /// What a reviewer should look at.
    pub warnings: Vec<Warning>,
}

impl Linked {
    /// Adds a party that is only described, after all entities that are there. Its mentions come after all mentions, which are
    /// then no longer in the order of the text.
    pub(crate) fn describe(&mut self, text: &str, mentions: Vec<Mention>, traits: BTreeSet<String>) {
        let first = self.mentions.len();
        self.titled.extend(mentions.iter().map(|m| Titled::none(m.span)));
        self.mentions.extend(mentions);
        let mut cluster = Cluster::of(first);
        (first + 1..self.mentions.len()).for_each(|m| cluster.join(m, "same_description"));
        self.entities.push(entity(text, &self.mentions, &cluster));
        self.traits.push(traits);
    }

    /// Drops the entities that do not stay, with their mentions.
    pub(crate) fn retain(&mut self, stays: &[bool]) {
        let mut gone = vec![false; self.mentions.len()];
        for (entity, _) in self.entities.iter().zip(stays).filter(|(_, stays)| !**stays) {
            entity.mentions.iter().for_each(|&m| gone[m] = true);
        }
        let remains: Vec<bool> = gone.iter().map(|gone| !gone).collect();
        let seat = seats(&remains);
        keep(&mut self.mentions, remains.iter().copied());
        keep(&mut self.titled, remains.iter().copied());
        keep(&mut self.entities, stays.iter().copied());
        keep(&mut self.traits, stays.iter().copied());
        for entity in &mut self.entities {
            entity.mentions.iter_mut().for_each(|m| *m = seat[*m]);
            entity.links.iter_mut().for_each(|link| link.mention = seat[link.mention]);
        }
    }
}

/// The new number of each item when those that do not stay are taken out; for one that goes, the number of the next that stays.
pub(crate) fn seats(stays: &[bool]) -> Vec<usize> {
    let seat = |next: &mut usize, &stays: &bool| {
        let seat = *next;
        *next += usize::from(stays);
        Some(seat)
    };
    stays.iter().scan(0, seat).collect()
}

/// Keeps the items for which `stays` says so, one for each.
fn keep<T>(items: &mut Vec<T>, mut stays: impl Iterator<Item = bool>) {
    items.retain(|_| stays.next().expect("one for each item"));
}

/// A group of mentions that refer to one, before it becomes an entity.
struct Cluster {
    /// The mention that it began with; not always the first in the text.
    seed: usize,
    mentions: Vec<usize>,
    links: Vec<Link>,
    traits: BTreeSet<String>,
}

impl Cluster {
    fn of(mention: usize) -> Self {
        Self { seed: mention, mentions: vec![mention], links: Vec::new(), traits: BTreeSet::new() }
    }

    fn join(&mut self, mention: usize, why: &'static str) {
        self.mentions.push(mention);
        self.links.push(Link { mention, why: why.into() });
    }
}

/// Joins the mentions of one article.
#[must_use]
pub fn link(text: &str, segments: &Segments, mentions: Vec<Mention>) -> Linked {
    let titled = titled::around(text, segments, &mentions);
    let mut warnings = Vec::new();
    let cues = sexes::cues(text, segments, &mentions, &titled);
    let mut clusters = names::join(text, &mentions, &titled, &cues);
    let (pseudonymous, odd) = codes::join(text, segments, &mentions, &cues);
    let named = clusters.len();
    clusters.extend(pseudonymous);
    clusters.extend(bodies::join(text, &mentions));

    let mut order: Vec<usize> = (0..clusters.len()).collect();
    for cluster in &mut clusters {
        cluster.mentions.sort_unstable();
        // The first mention in the text needs no reason: if it was joined to a later one, the reason holds for that one.
        let first = cluster.mentions[0];
        cluster.links.iter_mut().filter(|link| link.mention == first).for_each(|link| link.mention = cluster.seed);
        cluster.links.sort_unstable_by_key(|link| link.mention);
    }
    order.sort_by_key(|&c| clusters[c].mentions[0]);
    for (code, message, cluster) in odd {
        let place = order.iter().position(|&c| c == named + cluster).expect("every cluster has a place");
        warnings.push(Warning { code: code.into(), message, entities: vec![place] });
    }
    let (mut entities, mut traits) = (Vec::with_capacity(order.len()), Vec::with_capacity(order.len()));
    for c in order {
        let cluster = &clusters[c];
        entities.push(entity(text, &mentions, cluster));
        let mut known = cluster.traits.clone();
        if matches!(mentions[cluster.mentions[0]].label, Label::Per | Label::Anon) {
            known.insert("person".to_owned());
        }
        for &m in &cluster.mentions {
            known.extend(titled[m].traits());
        }
        traits.push(known);
    }
    prominence(&entities, &mut traits);
    Linked { mentions, titled, entities, traits, warnings }
}

/// Marks the parties that an article is about: `much_mentioned` whoever has at least three mentions and half as many as the party with
/// the most, `most_mentioned` that one, or those who share its number.
fn prominence(entities: &[Entity], traits: &mut [BTreeSet<String>]) {
    let party = |e: &Entity| matches!(e.label, Label::Per | Label::Anon);
    let counts = entities.iter().map(|e| if party(e) { e.mentions.len() } else { 0 });
    let most = counts.clone().max().unwrap_or(0);
    for (known, count) in traits.iter_mut().zip(counts) {
        if count >= 3 && 2 * count >= most {
            known.insert("much_mentioned".to_owned());
        }
        if count >= 3 && count == most {
            known.insert("most_mentioned".to_owned());
        }
    }
}

/// The label and the name of an entity with these mentions, in order: a pseudonym whose bearer the article names is the name's; a
/// name before a pseudonym before a description names it, and of those the fullest form (most words, then longest, then first).
///
/// # Panics
/// When there are no mentions.
#[must_use]
pub fn label_and_name<'a>(text: &str, mentions: impl Iterator<Item = &'a Mention> + Clone) -> (Label, String) {
    let named = mentions.clone().find(|mention| mention.label != Label::Anon).or_else(|| mentions.clone().next());
    let label = named.expect("an entity has a mention").label.clone();
    let words = |mention: &Mention| mention.span.of(text);
    let names = |mention: &Mention| match mention.kind {
        Kind::Name => 2,
        Kind::Pseudonym => 1,
        Kind::Nominal => 0,
    };
    let fullest = |mention: &&Mention| {
        (names(mention), words(mention).split_whitespace().count(), words(mention).len(), Reverse(mention.span))
    };
    let name = mentions.filter(|mention| mention.label == label).max_by_key(fullest).map(words).unwrap_or_default().to_owned();
    (label, name)
}

fn entity(text: &str, mentions: &[Mention], cluster: &Cluster) -> Entity {
    let surface = |&m: &usize| mentions[m].span.of(text);
    // The fullest form names the entity: most words, then longest, then first.
    let fullest = |m: &&usize| (surface(m).split_whitespace().count(), surface(m).len(), Reverse(**m));
    let name = cluster.mentions.iter().max_by_key(fullest).map(surface).unwrap_or_default().to_owned();
    let label = mentions[cluster.mentions[0]].label.clone();
    Entity {
        anonymised: label == Label::Anon,
        label,
        name,
        mentions: cluster.mentions.clone(),
        links: cluster.links.clone(),
        roles: Vec::new(),
    }
}
