//! Takes an annotation and the gold of the same text, gives what is right in it, what is spurious, what differs and what is
//! missed: mentions, and roles by entity. Refuses nothing; roles that a reviewer rejected do not hold, on either side.

use super::align;
use crate::document::{Annotation, Entity, RoleGiven, Status};

/// What gold says of a predicted mention.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// Of the same span and label.
    Right,
    /// Gold has another span or label here: the mention of gold.
    Differs(usize),
    /// Gold has none.
    Spurious,
}

/// An annotation beside its gold.
pub(super) struct Comparison<'a> {
    pub(super) gold: &'a Annotation,
    /// By predicted mention.
    pub(super) verdicts: Vec<Verdict>,
    /// The mentions of gold that no predicted one is paired with, in order.
    pub(super) missed: Vec<usize>,
    /// By predicted entity: that of gold.
    pub(super) gold_of: Vec<Option<usize>>,
    /// By gold entity: the predicted one.
    pub(super) predicted_of: Vec<Option<usize>>,
    /// By gold mention: its entity of gold.
    pub(super) gold_owners: Vec<Option<usize>>,
}

/// How often each verdict was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Tally {
    pub(super) right: usize,
    pub(super) differ: usize,
    pub(super) missed: usize,
    pub(super) spurious: usize,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(predicted: &Annotation, gold: &'a Annotation) -> Self {
        let mut verdicts = vec![Verdict::Spurious; predicted.mentions.len()];
        let mut found = vec![false; gold.mentions.len()];
        for (ours, theirs) in align::mentions(&predicted.mentions, &gold.mentions) {
            let (mention, other) = (&predicted.mentions[ours], &gold.mentions[theirs]);
            let same = mention.span == other.span && mention.label == other.label;
            verdicts[ours] = if same { Verdict::Right } else { Verdict::Differs(theirs) };
            found[theirs] = true;
        }
        let (mut gold_of, mut predicted_of) = (vec![None; predicted.entities.len()], vec![None; gold.entities.len()]);
        for (ours, theirs) in align::entities(predicted, gold) {
            (gold_of[ours], predicted_of[theirs]) = (Some(theirs), Some(ours));
        }
        let missed = (0..found.len()).filter(|&mention| !found[mention]).collect();
        Self { gold, verdicts, missed, gold_of, predicted_of, gold_owners: align::owners(gold) }
    }

    /// The entity of gold that is the predicted one of this number.
    pub(super) fn gold_entity(&self, predicted: usize) -> Option<&'a Entity> {
        self.gold_of[predicted].map(|number| &self.gold.entities[number])
    }

    /// The entities of gold that no predicted one is paired with, with their numbers.
    pub(super) fn missed_entities(&self) -> impl Iterator<Item = (usize, &'a Entity)> {
        let entities = self.gold.entities.iter().enumerate();
        entities.filter(|(number, _)| self.predicted_of[*number].is_none())
    }

    pub(super) fn mentions(&self) -> Tally {
        let mut tally = Tally { missed: self.missed.len(), ..Tally::default() };
        for verdict in &self.verdicts {
            match verdict {
                Verdict::Right => tally.right += 1,
                Verdict::Differs(_) => tally.differ += 1,
                Verdict::Spurious => tally.spurious += 1,
            }
        }
        tally
    }

    pub(super) fn roles(&self, predicted: &Annotation) -> Tally {
        let mut tally = Tally::default();
        for (number, entity) in predicted.entities.iter().enumerate() {
            let right = roles(entity).filter(|role| has(self.gold_entity(number), &role.role)).count();
            tally.right += right;
            tally.spurious += roles(entity).count() - right;
        }
        tally.missed = self.gold.entities.iter().map(|entity| roles(entity).count()).sum::<usize>() - tally.right;
        tally
    }
}

/// The roles of an entity that hold.
pub(super) fn roles(entity: &Entity) -> impl Iterator<Item = &RoleGiven> {
    entity.roles.iter().filter(|role| role.status != Status::Rejected)
}

/// Whether there is an entity, and it holds the role.
pub(super) fn has(entity: Option<&Entity>, role: &str) -> bool {
    entity.is_some_and(|entity| roles(entity).any(|held| held.role == role))
}
