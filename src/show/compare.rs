//! Takes an annotation and the gold of the same text, gives what is right in it, what is spurious, what differs and what is
//! missed: mentions, and roles by entity, as [`evaluate`](crate::evaluate) finds them. Refuses nothing; roles that a reviewer
//! rejected do not hold, on either side.

use crate::document::{Annotation, Entity, Mention, RoleGiven, Status};
use crate::evaluate::align::Alignment;
use crate::evaluate::mistakes::{self, Fault, Mistake, Side};

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
    /// Which entities are the same.
    pub(super) entities: Alignment,
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
        let entities = Alignment::new(gold, predicted);
        let mut verdicts = vec![Verdict::Right; predicted.mentions.len()];
        let mut missed = Vec::new();
        for Mistake { fault, gold: wanted, predicted: made, .. } in mistakes::find(gold, predicted, &entities) {
            let (wanted, made) = (place(&gold.mentions, wanted.as_ref()), place(&predicted.mentions, made.as_ref()));
            match (fault, wanted, made) {
                (Fault::MissedMention, Some(wanted), _) => missed.push(wanted),
                (Fault::SpuriousMention, _, Some(made)) => verdicts[made] = Verdict::Spurious,
                (Fault::WrongLabel | Fault::WrongBoundary | Fault::WrongLabelAndBoundary, Some(wanted), Some(made)) => {
                    verdicts[made] = Verdict::Differs(wanted);
                }
                _ => {}
            }
        }
        Self { gold, verdicts, missed, entities, gold_owners: owners(gold) }
    }

    /// The entity of gold that is the predicted one of this number.
    pub(super) fn gold_entity(&self, predicted: usize) -> Option<&'a Entity> {
        self.entities.of_predicted[predicted].map(|number| &self.gold.entities[number])
    }

    /// The entities of gold that no predicted one is paired with, with their numbers.
    pub(super) fn missed_entities(&self) -> impl Iterator<Item = (usize, &'a Entity)> {
        let entities = self.gold.entities.iter().enumerate();
        entities.filter(|(number, _)| self.entities.of_gold[*number].is_none())
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

/// The mention that a side of a mistake is about.
fn place(mentions: &[Mention], side: Option<&Side>) -> Option<usize> {
    let span = side?.places.first()?;
    mentions.binary_search_by_key(span, |mention| mention.span).ok()
}

/// The entity that each mention belongs to.
pub(super) fn owners(annotation: &Annotation) -> Vec<Option<usize>> {
    let mut owners = vec![None; annotation.mentions.len()];
    for (number, entity) in annotation.entities.iter().enumerate() {
        entity.mentions.iter().for_each(|&mention| owners[mention] = Some(number));
    }
    owners
}

/// The roles of an entity that hold.
pub(super) fn roles(entity: &Entity) -> impl Iterator<Item = &RoleGiven> {
    entity.roles.iter().filter(|role| role.status != Status::Rejected)
}

/// Whether there is an entity, and it holds the role.
pub(super) fn has(entity: Option<&Entity>, role: &str) -> bool {
    entity.is_some_and(|entity| roles(entity).any(|held| held.role == role))
}
