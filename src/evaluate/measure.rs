//! The names of what is measured. Takes nothing, refuses nothing.

use super::tally::Tally;
use crate::document::{Kind, Label};
use std::collections::BTreeMap;
use std::fmt::Display;

/// The roles that every figure is given for on their own, beside all ten (the annotation guidelines' core).
pub const CORE: [&str; 4] = ["panel_chair", "presenting_officer", "representative", "anonymised_officer"];

/// When a predicted span counts: the four schemes of SemEval-2013 task 9, as nervaluate has them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scheme {
    /// Same ends and same label.
    Strict,
    /// Same ends, whatever the label.
    Exact,
    /// Overlap, whatever the label: half unless the ends are the same.
    Partial,
    /// Overlap and same label.
    Type,
}

impl Scheme {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Strict, Self::Exact, Self::Partial, Self::Type];

    /// Its name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Exact => "exact",
            Self::Partial => "partial",
            Self::Type => "type",
        }
    }
}

/// How seqeval reads a sequence of tags.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reading {
    /// As the CoNLL script does: an `I-` can begin an entity.
    Default,
    /// IOB2 to the letter: an `I-` without its `B-` is nothing.
    Strict,
}

/// What a tally is of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Aspect {
    /// Mentions, by scheme.
    Mentions(Scheme),
    /// Entities of tag sequences, by reading.
    Sequences(Reading),
    /// Mentions by how they refer: name, pseudonym, nominal; the scheme is strict.
    Kinds,
    /// Pairs of an entity and a role.
    RolesByEntity,
    /// Pairs of a mention and a role of its entity.
    RolesByMention,
    /// Links, as B-cubed.
    BCubed,
    /// Entities all of whose mentions were found and joined, and no other, under the same label.
    ExactEntities,
    /// Relations between entities.
    Relations,
}

/// Which part of an aspect.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Slice {
    /// All of it.
    All,
    /// Of roles: the four of the core.
    Core,
    /// Of links: entities that are people or parties (PER and ANON).
    People,
    /// What has this label, role, kind or type.
    Of(String),
}

/// What is measured.
pub type Measure = (Aspect, Slice);

/// Tallies by what they are of.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scores(pub BTreeMap<Measure, Tally>);

impl Scores {
    /// The tally of `aspect` for `slice`; an empty one where nothing was counted.
    #[must_use]
    pub fn get(&self, aspect: Aspect, slice: Slice) -> Tally {
        self.0.get(&(aspect, slice)).copied().unwrap_or_default()
    }

    /// Counts `tally` to `aspect` for `slice`.
    pub(super) fn count(&mut self, aspect: Aspect, slice: Slice, tally: Tally) {
        *self.0.entry((aspect, slice)).or_default() += tally;
    }

    /// The names for which `aspect` has a tally of its own, with the tallies.
    pub fn named(&self, aspect: Aspect) -> impl Iterator<Item = (&str, &Tally)> {
        self.0.iter().filter_map(move |((of, slice), tally)| match slice {
            Slice::Of(name) if *of == aspect => Some((&**name, tally)),
            _ => None,
        })
    }

    /// Adds those of another article or run.
    pub fn add(&mut self, other: &Self) {
        for (measure, tally) in &other.0 {
            match self.0.get_mut(measure) {
                Some(sum) => *sum += *tally,
                None => {
                    self.0.insert(measure.clone(), *tally);
                }
            }
        }
    }
}

/// Tallies of one aspect of one article. A name is looked up among the few of its article, and is made a key but once.
#[derive(Clone, Debug)]
pub(super) struct Counts<'a, T: ?Sized> {
    all: Tally,
    part: Tally,
    of: Vec<(&'a T, Tally)>,
}

impl<'a, T: PartialEq + Display + ?Sized> Counts<'a, T> {
    /// Nothing counted yet.
    pub(super) fn new() -> Self {
        Self { all: Tally::default(), part: Tally::default(), of: Vec::new() }
    }

    /// Counts `tally` to all, to `name`, and, if it is `in_part`, to the part that [`Counts::add_to`] names.
    pub(super) fn count(&mut self, name: &'a T, in_part: bool, tally: Tally) {
        self.all += tally;
        if in_part {
            self.part += tally;
        }
        match self.of.iter_mut().find(|(other, _)| *other == name) {
            Some((_, sum)) => *sum += tally,
            None => self.of.push((name, tally)),
        }
    }

    /// Adds them to `scores`, those of the part to the slice `part`.
    pub(super) fn add_to(self, scores: &mut Scores, aspect: Aspect, part: Option<Slice>) {
        scores.count(aspect, Slice::All, self.all);
        if let Some(part) = part {
            scores.count(aspect, part, self.part);
        }
        for (name, tally) in self.of {
            scores.count(aspect, Slice::Of(name.to_string()), tally);
        }
    }
}

/// The name of a kind in reports.
pub(super) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Name => "name",
        Kind::Pseudonym => "pseudonym",
        Kind::Nominal => "nominal",
    }
}

/// Whether an entity of this label is a person or a party.
pub(super) fn is_person(label: &Label) -> bool {
    matches!(label, Label::Per | Label::Anon)
}
