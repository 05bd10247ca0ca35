//! Takes mentions, gives entities: those of one key are one; where the draft has no keys, those that the record has together; the
//! rest is joined as the linker joins it, descriptions in the same words. Says where the mentions of one entity have labels of two sorts.

use super::mentions::Placed;
use crate::document::{Annotation, Entity, Label, Link, Mention, Segments};
use crate::link;
use std::collections::{HashMap, HashSet};

/// The entities, in the order of their first mentions, without roles.
pub(super) fn join(
    text: &str,
    segments: &Segments,
    placed: &[Placed],
    before: Option<&Annotation>,
    fault: &mut impl FnMut(String),
) -> Vec<Entity> {
    let owners = before.map(owners).unwrap_or_default();
    let key = |placed: &Placed| match (&placed.key, placed.before) {
        (Some(key), _) => Some(format!("draft {key}")),
        (None, Some(at)) => Some(format!("record {}", owners.get(at).copied().flatten()?)),
        (None, None) => None,
    };
    let mut keys: Vec<Option<String>> = placed.iter().map(key).collect();
    headless(&mut keys, placed, before, &owners);
    let mut whys: Vec<Option<Link>> = vec![None; placed.len()];
    if keys.iter().any(Option::is_none) {
        let mentions: Vec<Mention> = placed.iter().map(|placed| placed.mention.clone()).collect();
        for (at, entity) in link::link(text, segments, mentions).entities.into_iter().enumerate() {
            // A group with a mention whose entity is known belongs to that one.
            let known = entity.mentions.iter().find_map(|&mention| keys[mention].clone());
            let key = known.unwrap_or_else(|| format!("linker {at}"));
            for &mention in &entity.mentions {
                keys[mention].get_or_insert_with(|| key.clone());
            }
            entity.links.into_iter().for_each(|link| {
                let mention = link.mention;
                whys[mention] = Some(link);
            });
        }
    }
    // The linker leaves descriptions alone; those in the same words are one.
    for (key, placed) in keys.iter_mut().zip(placed) {
        key.get_or_insert_with(|| format!("words {}", placed.mention.span.of(text).to_lowercase()));
    }
    let mut order: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, key) in keys.iter().enumerate() {
        let key = key.as_deref().expect("every mention has a key by now");
        let group = *order.entry(key).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(at);
    }
    let record_links = before.into_iter().flat_map(|before| &before.entities).flat_map(|entity| &entity.links);
    let links = record_links.map(|link| (link.mention, link)).collect();
    let reasons = Reasons { before, owners: &owners, links, placed, linker: &whys };
    groups.into_iter().map(|mentions| entity(text, placed, mentions, &reasons, fault)).collect()
}

/// Where a draft has keys, and the record's first mention of an entity is gone, to which a tool joins all others: what the record has
/// together stays so.
fn headless(keys: &mut [Option<String>], placed: &[Placed], before: Option<&Annotation>, owners: &[Option<usize>]) {
    let there: HashSet<usize> = placed.iter().filter_map(|placed| placed.before).collect();
    let mut kept: HashMap<usize, String> = HashMap::new();
    for (key, placed) in keys.iter_mut().zip(placed).filter(|(_, placed)| placed.key.is_some()) {
        let (Some(annotation), Some(owner)) = (before, placed.before.and_then(|at| owners[at])) else { continue };
        if there.contains(&annotation.entities[owner].mentions[0]) {
            continue;
        }
        let first = kept.entry(owner).or_insert_with(|| key.clone().unwrap_or_default());
        *key = Some(first.clone());
    }
}

/// The place of each mention's entity.
pub(super) fn owners(annotation: &Annotation) -> Vec<Option<usize>> {
    let mut owners = vec![None; annotation.mentions.len()];
    for (at, entity) in annotation.entities.iter().enumerate() {
        entity.mentions.iter().for_each(|&mention| owners[mention] = Some(at));
    }
    owners
}

/// Why mentions were joined.
struct Reasons<'a> {
    before: Option<&'a Annotation>,
    owners: &'a [Option<usize>],
    /// The record's links, by their mentions.
    links: HashMap<usize, &'a Link>,
    placed: &'a [Placed],
    linker: &'a [Option<Link>],
}

impl Reasons<'_> {
    /// Of a mention that the record has: the record's reason; of another, the linker's.
    fn of(&self, mention: usize) -> Option<Link> {
        let why = match self.placed[mention].before {
            Some(before) => self.links.get(&before)?.why.clone(),
            None => self.linker[mention].as_ref()?.why.clone(),
        };
        Some(Link { mention, why })
    }
}

fn entity(text: &str, placed: &[Placed], mentions: Vec<usize>, reasons: &Reasons<'_>, fault: &mut impl FnMut(String)) -> Entity {
    let of = |at: usize| &placed[at].mention;
    let (label, name) = link::label_and_name(text, mentions.iter().map(|&at| of(at)));
    if let Some(other) = mentions.iter().map(|&at| of(at)).find(|mention| mention.label != label && mention.label != Label::Anon)
    {
        let words = other.span.of(text);
        fault(format!("{words:?} is {} and of an entity that is {label}; both are kept: mend one of them", other.label));
    }
    Entity {
        name: reasons.name(&mentions).unwrap_or(name),
        anonymised: label == Label::Anon,
        label,
        links: mentions.iter().skip(1).filter_map(|&mention| reasons.of(mention)).collect(),
        roles: Vec::new(),
        mentions,
    }
}

impl Reasons<'_> {
    /// The name that the record has for an entity of the very same mentions.
    fn name(&self, mentions: &[usize]) -> Option<String> {
        let before: Option<Vec<usize>> = mentions.iter().map(|&at| self.placed[at].before).collect();
        let (before, annotation) = (before?, self.before?);
        let entity = &annotation.entities[self.owners[*before.first()?]?];
        (entity.mentions == before).then(|| entity.name.clone())
    }
}
