//! Takes counts, gives precision, recall and F1. Stores counts only, so that tallies add up; what is undefined is none.

use std::ops::AddAssign;

/// What was to be found, what was found, and how much of it is right.
///
/// For most measures [`Tally::found`] and [`Tally::sound`] are the same number of hits. They differ for B-cubed, where every
/// mention has a credit between 0 and 1 that depends on the side from which one looks.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Tally {
    /// Things in gold.
    pub gold: u64,
    /// Things predicted.
    pub predicted: u64,
    /// Credit of the things in gold, at most one each.
    pub found: f64,
    /// Credit of the things predicted, at most one each.
    pub sound: f64,
    /// Of the span schemes: pairs of a gold and a predicted span that count half.
    pub partial: u64,
    /// Of the span schemes: pairs that count nothing, though their spans overlap.
    pub incorrect: u64,
}

impl Tally {
    /// A tally of things that are right or wrong: `hits` of them in both.
    #[must_use]
    pub fn of_hits(gold: u64, predicted: u64, hits: u64) -> Self {
        Self { gold, predicted, found: hits as f64, sound: hits as f64, ..Self::default() }
    }

    /// The share of what was predicted that is right; none when nothing was predicted.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        ratio(self.sound, self.predicted as f64)
    }

    /// The share of what is in gold that was found; none when nothing is in gold.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        ratio(self.found, self.gold as f64)
    }

    /// The harmonic mean of precision and recall; none when nothing is in gold and nothing was predicted. Where only one of the
    /// two is undefined it is 0 if the other is; else none.
    #[must_use]
    pub fn f1(&self) -> Option<f64> {
        harmonic(self.precision(), self.recall())
    }

    /// Spans of gold that no predicted span overlaps. Of the span schemes only.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.gold - self.matched()
    }

    /// Predicted spans that overlap none of gold. Of the span schemes only.
    #[must_use]
    pub fn spurious(&self) -> u64 {
        self.predicted - self.matched()
    }

    fn matched(&self) -> u64 {
        let correct = self.found - self.partial as f64 / 2.0;
        correct as u64 + self.partial + self.incorrect
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.gold += other.gold;
        self.predicted += other.predicted;
        self.found += other.found;
        self.sound += other.sound;
        self.partial += other.partial;
        self.incorrect += other.incorrect;
    }
}

/// `part / of`; none when `of` is 0.
pub(super) fn ratio(part: f64, of: f64) -> Option<f64> {
    (of > 0.0).then(|| part / of)
}

/// F1 of a precision and a recall, as [`Tally::f1`] says.
pub(super) fn harmonic(precision: Option<f64>, recall: Option<f64>) -> Option<f64> {
    match (precision, recall) {
        (Some(p), Some(r)) if p + r > 0.0 => Some(2.0 * p * r / (p + r)),
        (Some(_), Some(_)) | (Some(0.0), None) | (None, Some(0.0)) => Some(0.0),
        // Of links by label: gold and prediction give a mention different labels, and each has credit on its side alone.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_is_none_and_never_nought() {
        let nothing = Tally::default();
        assert_eq!((nothing.precision(), nothing.recall(), nothing.f1()), (None, None, None));
        let missed = Tally::of_hits(3, 0, 0);
        assert_eq!((missed.precision(), missed.recall(), missed.f1()), (None, Some(0.0), Some(0.0)));
        let spurious = Tally::of_hits(0, 3, 0);
        assert_eq!((spurious.precision(), spurious.recall(), spurious.f1()), (Some(0.0), None, Some(0.0)));
        let half = Tally::of_hits(4, 2, 2);
        assert_eq!((half.precision(), half.recall(), half.f1()), (Some(1.0), Some(0.5), Some(2.0 / 3.0)));
        let one_sided = Tally { gold: 1, found: 1.0, ..Tally::default() };
        assert_eq!((one_sided.precision(), one_sided.recall(), one_sided.f1()), (None, Some(1.0), None));
    }

    #[test]
    fn spans_of_a_scheme_are_correct_partial_incorrect_missed_or_spurious() {
        let tally = Tally { gold: 7, predicted: 6, found: 3.5, sound: 3.5, partial: 1, incorrect: 2 };
        assert_eq!((tally.missed(), tally.spurious()), (1, 0));
    }
}
