//! Takes the scores of one article after another, gives confidence intervals over articles; for two runs on the same articles
//! also how sure their difference is. Refuses nothing.
//!
//! The bootstrap is the Poisson one (Hanley and MacGibbon 2006; Chamandy et al. 2012): in each resample an article counts as
//! often as a Poisson variable of mean 1 says. That needs no list of the articles, so memory stays flat; and because the
//! variables of an article depend on the seed and its id alone, neither the order of the articles nor the number of threads
//! changes a figure, and two runs are resampled alike.

use super::measure::{Measure, Scores};
use super::tally::{Tally, harmonic, ratio};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The share of resamples between the ends of an interval.
pub const LEVEL: f64 = 0.95;

/// How resamples are drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Resampling {
    /// How many; 0 for no intervals.
    pub resamples: usize,
    /// What they depend on.
    pub seed: u64,
}

impl Default for Resampling {
    fn default() -> Self {
        Self { resamples: 1000, seed: 1 }
    }
}

impl Resampling {
    /// How often the article of this id counts in each resample.
    #[must_use]
    pub fn weights(&self, id: &str) -> Vec<f64> {
        let digest = Sha256::new_with_prefix(self.seed.to_le_bytes()).chain_update(id.as_bytes()).finalize();
        let mut seed = [0; 32];
        seed.copy_from_slice(&digest);
        let mut random = Pcg64::from_seed(seed);
        (0..self.resamples).map(|_| poisson(random.next_u64())).collect()
    }
}

/// A Poisson variable of mean 1, by inversion of a uniform one.
fn poisson(uniform: u64) -> f64 {
    // 53 bits, as many as an f64 holds.
    let uniform = (uniform >> 11) as f64 / (1_u64 << 53) as f64;
    let (mut count, mut probability) = (0.0, (-1.0_f64).exp());
    let mut below = probability;
    while uniform >= below && count < 20.0 {
        count += 1.0;
        probability /= count;
        below += probability;
    }
    count
}

/// What of a tally is resampled.
const PARTS: [fn(&Tally) -> f64; 4] = [|of| of.gold as f64, |of| of.predicted as f64, |of| of.found, |of| of.sound];

/// Sums of one measure, a resample each.
#[derive(Clone, Debug)]
struct Sums([Vec<f64>; PARTS.len()]);

/// The scores of resamples.
#[derive(Clone, Debug)]
pub struct Bootstrap {
    resamples: usize,
    sums: BTreeMap<Measure, Sums>,
}

/// A figure of a tally.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Figure {
    /// [`Tally::precision`].
    Precision,
    /// [`Tally::recall`].
    Recall,
    /// [`Tally::f1`].
    F1,
}

impl Figure {
    /// The figure of a tally.
    #[must_use]
    pub fn of(self, tally: &Tally) -> Option<f64> {
        match self {
            Self::Precision => tally.precision(),
            Self::Recall => tally.recall(),
            Self::F1 => tally.f1(),
        }
    }
}

/// How a figure of one run differs from that of another, over resamples.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Difference {
    /// The ends of the interval of the difference.
    pub interval: (f64, f64),
    /// Twice the share of resamples in which the difference has not the sign of most of them, the one seen counted as one of
    /// them; at most 1. Not corrected for how many differences one looks at.
    pub p_value: f64,
}

impl Bootstrap {
    /// No article yet.
    #[must_use]
    pub fn new(resampling: Resampling) -> Self {
        Self { resamples: resampling.resamples, sums: BTreeMap::new() }
    }

    /// How many resamples.
    #[must_use]
    pub fn resamples(&self) -> usize {
        self.resamples
    }

    /// Counts articles, each in each resample as often as its weights say.
    ///
    /// Goes measure by measure, so that the sums of one stay near the processor while the articles pass.
    pub fn count(&mut self, articles: &[(Scores, Vec<f64>)]) {
        let mut of_measures: BTreeMap<&Measure, Vec<(&Tally, &[f64])>> = BTreeMap::new();
        for (scores, weights) in articles {
            for (measure, tally) in &scores.0 {
                of_measures.entry(measure).or_default().push((tally, weights));
            }
        }
        for (measure, tallies) in of_measures {
            let nought = || Sums(std::array::from_fn(|_| vec![0.0; self.resamples]));
            let Sums(sums) = self.sums.entry(measure.clone()).or_insert_with(nought);
            for (sum, part) in sums.iter_mut().zip(PARTS) {
                for (part, weights) in
                    tallies.iter().map(|(tally, weights)| (part(tally), weights)).filter(|(part, _)| *part != 0.0)
                {
                    sum.iter_mut().zip(*weights).for_each(|(sum, weight)| *sum += part * weight);
                }
            }
        }
    }

    /// Adds the resamples of other articles.
    pub fn add(&mut self, other: Self) {
        for (measure, more) in other.sums {
            match self.sums.get_mut(&measure) {
                None => {
                    self.sums.insert(measure, more);
                }
                Some(Sums(sums)) => {
                    for (sum, more) in sums.iter_mut().zip(more.0) {
                        sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
                    }
                }
            }
        }
    }

    /// The figure in each resample.
    fn figures(&self, measure: &Measure, figure: Figure) -> Vec<Option<f64>> {
        let Some(Sums([gold, predicted, found, sound])) = self.sums.get(measure) else {
            return vec![None; self.resamples];
        };
        let at = |at: usize| {
            let (precision, recall) = (ratio(sound[at], predicted[at]), ratio(found[at], gold[at]));
            match figure {
                Figure::Precision => precision,
                Figure::Recall => recall,
                Figure::F1 => harmonic(precision, recall),
            }
        };
        (0..self.resamples).map(at).collect()
    }

    /// The mean of the figure over `measures` in each resample, leaving out what is undefined.
    fn means(&self, measures: &[Measure], figure: Figure) -> Vec<Option<f64>> {
        let all: Vec<_> = measures.iter().map(|measure| self.figures(measure, figure)).collect();
        (0..self.resamples).map(|at| mean(all.iter().filter_map(|figures| figures[at]))).collect()
    }

    /// The interval of the mean of a figure over `measures` (over one: of the figure itself). None where it is undefined in
    /// every resample, or without resamples. Resamples in which it is undefined are left out.
    #[must_use]
    pub fn interval(&self, measures: &[Measure], figure: Figure) -> Option<(f64, f64)> {
        interval(self.means(measures, figure).into_iter().flatten().collect())
    }

    /// How this run's figure differs from `other`'s, as a mean over `measures`. None as for [`Bootstrap::interval`].
    #[must_use]
    pub fn difference(&self, other: &Self, measures: &[Measure], figure: Figure) -> Option<Difference> {
        let pairs = self.means(measures, figure).into_iter().zip(other.means(measures, figure));
        let differences: Vec<f64> = pairs.filter_map(|(own, other)| Some(own? - other?)).collect();
        // The difference seen counts as one more resample, so that p is never 0 (Davison and Hinkley 1997, section 4.2).
        let share = |holds: fn(&f64) -> bool| {
            (1 + differences.iter().filter(|d| holds(d)).count()) as f64 / (1 + differences.len()) as f64
        };
        let p_value = (2.0 * share(|d| *d <= 0.0).min(share(|d| *d >= 0.0))).min(1.0);
        let interval = interval(differences.clone())?;
        Some(Difference { interval, p_value })
    }
}

/// The mean of what is there; none of nothing.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    values.for_each(|value| {
        sum += value;
        count += 1.0;
    });
    ratio(sum, count)
}

/// The ends between which the middle [`LEVEL`] of the values lies (the percentile method).
fn interval(mut values: Vec<f64>) -> Option<(f64, f64)> {
    values.sort_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    let at = |share: f64| values[(share * last as f64).round() as usize];
    Some((at((1.0 - LEVEL) / 2.0), at((1.0 + LEVEL) / 2.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::measure::{Aspect, Slice};

    const MEASURE: Measure = (Aspect::Relations, Slice::All);

    fn scores(gold: u64, predicted: u64, hits: u64) -> Scores {
        Scores([(MEASURE, Tally::of_hits(gold, predicted, hits))].into())
    }

    fn run(articles: &[(&str, Scores)], resampling: Resampling) -> Bootstrap {
        let mut bootstrap = Bootstrap::new(resampling);
        articles.iter().for_each(|(id, scores)| bootstrap.count(&[(scores.clone(), resampling.weights(id))]));
        bootstrap
    }

    #[test]
    fn weights_are_poisson_and_depend_on_seed_and_id_alone() {
        let resampling = Resampling { resamples: 20_000, seed: 1 };
        let weights = resampling.weights("a");
        assert_eq!(weights, resampling.weights("a"));
        assert_ne!(weights, resampling.weights("b"));
        assert_ne!(weights, Resampling { seed: 2, ..resampling }.weights("a"));
        let share = |count: f64| weights.iter().filter(|&&weight| weight == count).count() as f64 / 20_000.0;
        for (count, expected) in [(0.0, 0.3679), (1.0, 0.3679), (2.0, 0.1839), (3.0, 0.0613)] {
            assert!((share(count) - expected).abs() < 0.015, "{count}: {}", share(count));
        }
    }

    #[test]
    fn the_order_of_the_articles_is_nothing_to_it() {
        let articles: Vec<(String, Scores)> = (0..9).map(|at| (format!("{at}"), scores(4, 5, at % 4))).collect();
        let forth: Vec<(&str, Scores)> = articles.iter().map(|(id, scores)| (&**id, scores.clone())).collect();
        let back: Vec<(&str, Scores)> = forth.iter().rev().cloned().collect();
        let resampling = Resampling::default();
        let interval = run(&forth, resampling).interval(&[MEASURE], Figure::F1);
        assert!(interval.is_some());
        assert_eq!(interval, run(&back, resampling).interval(&[MEASURE], Figure::F1));
        let (mut left, right) = (run(&forth[..3], resampling), run(&forth[3..], resampling));
        left.add(right);
        assert_eq!(interval, left.interval(&[MEASURE], Figure::F1));
    }

    #[test]
    fn the_interval_covers_as_often_as_it_says() {
        // Articles of one prediction each, right with probability 0.632: the interval of precision should hold 0.632 in some 95 of
        // a hundred corpora. Four standard deviations below lie 86.
        let mut held = 0;
        for corpus in 0..100 {
            let resampling = Resampling { resamples: 300, seed: corpus };
            let chance = Resampling { resamples: 60, seed: 1000 + corpus }.weights("right");
            // 0.632 is the chance of a weight above 0.
            let articles: Vec<(String, Scores)> =
                chance.iter().enumerate().map(|(at, w)| (format!("{at}"), scores(1, 1, u64::from(*w > 0.0)))).collect();
            let articles: Vec<(&str, Scores)> = articles.iter().map(|(id, scores)| (&**id, scores.clone())).collect();
            let (low, high) = run(&articles, resampling).interval(&[MEASURE], Figure::Precision).unwrap();
            held += usize::from(low <= 0.632 && 0.632 <= high);
        }
        assert!((86..=100).contains(&held), "{held} of 100");
    }

    #[test]
    fn two_runs_are_resampled_alike() {
        let articles = |hits: u64| -> Vec<(String, Scores)> {
            (0..40).map(|at| (format!("{at}"), scores(4, 4, (at % 3).max(hits)))).collect()
        };
        let of = |articles: &[(String, Scores)]| {
            let articles: Vec<(&str, Scores)> = articles.iter().map(|(id, scores)| (&**id, scores.clone())).collect();
            run(&articles, Resampling::default())
        };
        let (worse, better) = (of(&articles(0)), of(&articles(1)));
        let up = better.difference(&worse, &[MEASURE], Figure::F1).unwrap();
        assert!(up.interval.0 > 0.0 && up.p_value < 0.01, "{up:?}");
        let none = worse.difference(&worse, &[MEASURE], Figure::F1).unwrap();
        assert_eq!(none, Difference { interval: (0.0, 0.0), p_value: 1.0 });
    }

    #[test]
    fn what_is_never_defined_has_no_interval() {
        let empty = run(&[("a", scores(0, 0, 0))], Resampling::default());
        assert_eq!(empty.interval(&[MEASURE], Figure::F1), None);
        assert_eq!(empty.interval(&[], Figure::F1), None);
        assert_eq!(run(&[("a", scores(1, 1, 1))], Resampling { resamples: 0, seed: 1 }).interval(&[MEASURE], Figure::F1), None);
    }
}
