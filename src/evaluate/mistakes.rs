//! Takes two annotations of one text, gives what is wrong with the second, mistake by mistake, each with where it stands and what
//! made it. Refuses nothing.

use super::align::{Alignment, owners};
use super::entities::{right_roles, roles};
use super::measure::kind_name;
use super::spans::{Pair, labelled, overlapping, paired};
use crate::document::{Annotation, Entity, Mention, Origin, RoleGiven};
use crate::span::Span;
use std::collections::BTreeSet;

/// What is wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Fault {
    /// A mention of gold that no predicted mention overlaps.
    MissedMention,
    /// A predicted mention that overlaps none of gold.
    SpuriousMention,
    /// A mention with the right ends and another label.
    WrongLabel,
    /// A mention with the right label that overlaps, with other ends.
    WrongBoundary,
    /// A mention that overlaps, with another label and other ends.
    WrongLabelAndBoundary,
    /// A role of gold that its person was not given, nor another instead.
    MissedRole,
    /// A role given to someone who has none in gold beyond what he was rightly given.
    SpuriousRole,
    /// Another role than gold's, given to the same person.
    WrongRole,
    /// A gold entity whose mentions lie in several predicted entities.
    SplitEntity,
    /// A predicted entity with the mentions of several gold entities.
    MergedEntity,
    /// A relation of gold that was not found.
    MissedRelation,
    /// A relation that gold has not.
    SpuriousRelation,
}

impl Fault {
    /// Its name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MissedMention => "missed_mention",
            Self::SpuriousMention => "spurious_mention",
            Self::WrongLabel => "wrong_label",
            Self::WrongBoundary => "wrong_boundary",
            Self::WrongLabelAndBoundary => "wrong_label_and_boundary",
            Self::MissedRole => "missed_role",
            Self::SpuriousRole => "spurious_role",
            Self::WrongRole => "wrong_role",
            Self::SplitEntity => "split_entity",
            Self::MergedEntity => "merged_entity",
            Self::MissedRelation => "missed_relation",
            Self::SpuriousRelation => "spurious_relation",
        }
    }
}

/// What gold or the prediction says where a mistake is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Side {
    /// The label of the mention or entity.
    pub label: String,
    /// How the first mention refers.
    pub kind: &'static str,
    /// The names of the entities concerned: one, but for split and merged ones; of a relation from whom to whom.
    pub names: Vec<String>,
    /// The role, or the type of the relation.
    pub role: Option<String>,
    /// The mentions concerned, to be shown: the mention itself; of a role the one nearest to the proof; of an entity one of each
    /// part; of a relation the first of either end.
    pub places: Vec<Span>,
    /// What it is about, whatever a run made it of: the mention; of a role the entity's first mention; else as `places`.
    pub of: Vec<Span>,
    /// The words that were taken for proof.
    pub evidence: Vec<Span>,
    /// What made it: the rules of a role, the layer that found a mention. Empty in gold.
    pub rules: Vec<String>,
    /// How sure the prediction was, in thousandths; none in gold.
    pub score: Option<u32>,
}

/// Something that the prediction has wrong.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Mistake {
    /// Where it stands: the first byte.
    pub at: usize,
    /// What is wrong.
    pub fault: Fault,
    /// What gold says; none for what is spurious.
    pub gold: Option<Side>,
    /// What was predicted; none for what was missed.
    pub predicted: Option<Side>,
}

impl Mistake {
    fn new(fault: Fault, gold: Option<Side>, predicted: Option<Side>) -> Self {
        let sides = [&gold, &predicted].into_iter().flatten();
        let at = sides.flat_map(|side| &side.places).map(|place| place.start()).min().unwrap_or(0);
        Self { at, fault, gold, predicted }
    }

    /// What makes it the same mistake in two runs: what is wrong with which mentions, entities and roles, and not what made it,
    /// how sure it was, or what a run took for the name.
    #[must_use]
    pub fn identity(&self) -> Identity {
        let key = |side: &Side| (side.label.clone(), side.role.clone(), side.of.clone());
        (self.fault, self.gold.as_ref().map(key), self.predicted.as_ref().map(key))
    }
}

/// Of a side: its label, its role, and the first mentions of the entities concerned, or the mention itself.
type Key = (String, Option<String>, Vec<Span>);

/// What makes two mistakes the same.
pub type Identity = (Fault, Option<Key>, Option<Key>);

/// Finds the mistakes of `predicted`, in the order of the text.
#[must_use]
pub fn find(gold: &Annotation, predicted: &Annotation, alignment: &Alignment) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    mentions(gold, predicted, &mut mistakes);
    entities(gold, predicted, &mut mistakes);
    people(gold, predicted, alignment, &mut mistakes);
    relations(gold, predicted, alignment, &mut mistakes);
    mistakes.sort();
    mistakes
}

fn mentions(gold: &Annotation, predicted: &Annotation, mistakes: &mut Vec<Mistake>) {
    let (golds, made) = (labelled(&gold.mentions), labelled(&predicted.mentions));
    let rank = |Pair { gold: g, predicted: p }| {
        Some(match (golds[g].0 == made[p].0, golds[g].1 == made[p].1) {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        })
    };
    let (mut missed, mut spurious): (BTreeSet<usize>, BTreeSet<usize>) = ((0..golds.len()).collect(), (0..made.len()).collect());
    for (pair, rank) in paired(&overlapping(&golds, &made), rank) {
        missed.remove(&pair.gold);
        spurious.remove(&pair.predicted);
        let fault = match rank {
            0 => continue,
            1 => Fault::WrongLabel,
            2 => Fault::WrongBoundary,
            _ => Fault::WrongLabelAndBoundary,
        };
        let sides = (mention_side(gold, pair.gold, false), mention_side(predicted, pair.predicted, true));
        mistakes.push(Mistake::new(fault, Some(sides.0), Some(sides.1)));
    }
    mistakes.extend(missed.iter().map(|&g| Mistake::new(Fault::MissedMention, Some(mention_side(gold, g, false)), None)));
    mistakes.extend(spurious.iter().map(|&p| Mistake::new(Fault::SpuriousMention, None, Some(mention_side(predicted, p, true)))));
}

fn mention_side(annotation: &Annotation, at: usize, predicted: bool) -> Side {
    let mention = &annotation.mentions[at];
    let owner = annotation.entities.iter().find(|entity| entity.mentions.contains(&at));
    Side {
        label: mention.label.to_string(),
        kind: kind_name(mention.kind),
        names: owner.map(|entity| entity.name.clone()).into_iter().collect(),
        places: vec![mention.span],
        of: vec![mention.span],
        rules: if predicted { vec![layer(mention).to_owned()] } else { vec![] },
        score: predicted.then(|| thousandths(mention.score)),
        ..Side::default()
    }
}

/// The layer that found a mention, as records name it.
fn layer(mention: &Mention) -> &'static str {
    match mention.origin {
        Origin::Model => "model",
        Origin::Gazetteer => "gazetteer",
        Origin::Pseudonym => "pseudonym",
        Origin::Description => "description",
        Origin::Repeat => "repeat",
        Origin::Annotator => "annotator",
    }
}

fn thousandths(score: f32) -> u32 {
    (score * 1000.0).round() as u32
}

/// Split and merged entities, by the mentions that both sides have.
fn entities(gold: &Annotation, predicted: &Annotation, mistakes: &mut Vec<Mistake>) {
    let mut found = |fault, from: &Annotation, to: &Annotation| {
        let owner = owners(to);
        for entity in &from.entities {
            let twins = entity.mentions.iter().filter_map(|&m| twin(&to.mentions, from.mentions[m].span));
            let mut parts: Vec<(usize, usize)> = Vec::new();
            for (mention, part) in twins.filter_map(|mention| Some((mention, owner[mention]?))) {
                if parts.iter().all(|(_, other)| *other != part) {
                    parts.push((mention, part));
                }
            }
            if parts.len() < 2 {
                continue;
            }
            let side = |annotation: &Annotation, entities: &[&Entity]| Side {
                label: entities[0].label.to_string(),
                kind: kind_name(annotation.mentions[entities[0].mentions[0]].kind),
                names: entities.iter().map(|entity| entity.name.clone()).collect(),
                places: parts.iter().map(|&(mention, _)| to.mentions[mention].span).collect(),
                of: parts.iter().map(|&(mention, _)| to.mentions[mention].span).collect(),
                ..Side::default()
            };
            let others: Vec<&Entity> = parts.iter().map(|&(_, part)| &to.entities[part]).collect();
            let (one, several) = (side(from, &[entity]), side(to, &others));
            let (gold, predicted) = if fault == Fault::SplitEntity { (one, several) } else { (several, one) };
            mistakes.push(Mistake::new(fault, Some(gold), Some(predicted)));
        }
    };
    found(Fault::SplitEntity, gold, predicted);
    found(Fault::MergedEntity, predicted, gold);
}

/// The mention of exactly this span.
fn twin(mentions: &[Mention], span: Span) -> Option<usize> {
    mentions.binary_search_by_key(&span, |mention| mention.span).ok()
}

/// Missed, spurious and wrong roles.
fn people(gold: &Annotation, predicted: &Annotation, alignment: &Alignment, mistakes: &mut Vec<Mistake>) {
    let right = &right_roles(gold, predicted, alignment);
    let missed_of = |at: usize| {
        let found = move |role: &&RoleGiven| right.iter().any(|(of, g, _)| (*of, *g) == (&*role.role, at));
        roles(&gold.entities[at]).filter(move |role| !found(role))
    };
    let spurious_of = |at: usize| {
        let sound = move |role: &&RoleGiven| right.iter().any(|(of, _, p)| (*of, *p) == (&*role.role, at));
        roles(&predicted.entities[at]).filter(move |role| !sound(role))
    };
    for (g, same) in alignment.of_gold.iter().enumerate() {
        let (entity, same) = (&gold.entities[g], same.map(|p| (p, &predicted.entities[p])));
        let missed: Vec<_> = missed_of(g).collect();
        let spurious: Vec<_> = same.map(|(p, _)| spurious_of(p).collect()).unwrap_or_default();
        for at in 0..missed.len().max(spurious.len()) {
            let wanted = missed.get(at).map(|role| role_side(gold, entity, role, false));
            let given = spurious.get(at).and_then(|role| Some(role_side(predicted, same?.1, role, true)));
            let fault = match (&wanted, &given) {
                (Some(_), Some(_)) => Fault::WrongRole,
                (Some(_), None) => Fault::MissedRole,
                _ => Fault::SpuriousRole,
            };
            mistakes.push(Mistake::new(fault, wanted, given));
        }
    }
    for (p, entity) in predicted.entities.iter().enumerate().filter(|(p, _)| alignment.of_predicted[*p].is_none()) {
        let sides = spurious_of(p).map(|role| role_side(predicted, entity, role, true));
        mistakes.extend(sides.map(|side| Mistake::new(Fault::SpuriousRole, None, Some(side))));
    }
}

fn role_side(annotation: &Annotation, entity: &Entity, role: &RoleGiven, predicted: bool) -> Side {
    let first = &annotation.mentions[entity.mentions[0]];
    let evidence: Vec<Span> = role.evidence.iter().map(|evidence| evidence.span).collect();
    // The mention beside the proof says more than the first one of the article.
    let near = |mention: &Mention| evidence.first().map_or(0, |span| gap(*span, mention.span));
    let place = entity.mentions.iter().map(|&at| &annotation.mentions[at]).min_by_key(|mention| near(mention));
    Side {
        label: entity.label.to_string(),
        kind: kind_name(first.kind),
        names: vec![entity.name.clone()],
        role: Some(role.role.clone()),
        places: place.map(|mention| mention.span).into_iter().collect(),
        of: vec![first.span],
        rules: if predicted { role.evidence.iter().map(|evidence| evidence.rule.clone()).collect() } else { vec![] },
        evidence,
        score: predicted.then(|| thousandths(role.score)),
    }
}

/// The bytes between two spans; 0 when they touch or overlap.
fn gap(a: Span, b: Span) -> usize {
    b.start().saturating_sub(a.end()).max(a.start().saturating_sub(b.end()))
}

fn relations(gold: &Annotation, predicted: &Annotation, alignment: &Alignment, mistakes: &mut Vec<Mistake>) {
    let key = |annotation: &Annotation| -> BTreeSet<(String, usize, usize)> {
        annotation.relations.iter().map(|relation| (relation.kind.to_string(), relation.from, relation.to)).collect()
    };
    let (wanted, made) = (key(gold), key(predicted));
    let side = |annotation: &Annotation, (kind, from, to): &(String, usize, usize)| {
        let ends = [&annotation.entities[*from], &annotation.entities[*to]];
        let evidence = annotation.relations.iter().filter(|r| (&*r.kind, r.from, r.to) == (&**kind, *from, *to));
        Side {
            label: ends[0].label.to_string(),
            kind: kind_name(annotation.mentions[ends[0].mentions[0]].kind),
            names: ends.iter().map(|entity| entity.name.clone()).collect(),
            role: Some(kind.clone()),
            places: ends.iter().map(|entity| annotation.mentions[entity.mentions[0]].span).collect(),
            of: ends.iter().map(|entity| annotation.mentions[entity.mentions[0]].span).collect(),
            evidence: evidence.map(|relation| relation.evidence).collect(),
            ..Side::default()
        }
    };
    let image = |to: &[Option<usize>], (kind, a, b): &(String, usize, usize)| Some((kind.clone(), to[*a]?, to[*b]?));
    for relation in &wanted {
        if image(&alignment.of_gold, relation).is_none_or(|same| !made.contains(&same)) {
            mistakes.push(Mistake::new(Fault::MissedRelation, Some(side(gold, relation)), None));
        }
    }
    for relation in &made {
        if image(&alignment.of_predicted, relation).is_none_or(|same| !wanted.contains(&same)) {
            mistakes.push(Mistake::new(Fault::SpuriousRelation, None, Some(side(predicted, relation))));
        }
    }
}
