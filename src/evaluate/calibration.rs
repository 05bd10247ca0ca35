//! Takes how sure each predicted role was and whether it is right, gives how far the scores can be believed: a reliability table
//! and the expected calibration error. Refuses nothing.

/// Scores are put into this many bins of equal width.
const BINS: usize = 10;

/// How far scores can be believed.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Calibration {
    bins: [Bin; BINS],
}

/// The predictions whose scores lie in one stretch. The first bin holds 0, and every bin its upper end.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Bin {
    /// How many.
    pub predicted: u64,
    /// How many of them are right.
    pub right: u64,
    /// The sum of their scores.
    pub sum: f64,
}

impl Bin {
    /// The mean score; none in an empty bin.
    #[must_use]
    pub fn mean_score(&self) -> Option<f64> {
        super::tally::ratio(self.sum, self.predicted as f64)
    }

    /// The share that is right; none in an empty bin.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        super::tally::ratio(self.right as f64, self.predicted as f64)
    }
}

impl Calibration {
    /// Counts a prediction of this score, from 0 to 1, to three decimals as records have it.
    pub fn count(&mut self, score: f32, right: bool) {
        let score = (f64::from(score).clamp(0.0, 1.0) * 1000.0).round() / 1000.0;
        let place = ((score * BINS as f64).ceil() as usize).saturating_sub(1);
        let bin = &mut self.bins[place];
        bin.predicted += 1;
        bin.right += u64::from(right);
        bin.sum += score;
    }

    /// Adds those of another article or run.
    pub fn add(&mut self, other: &Self) {
        for (bin, more) in self.bins.iter_mut().zip(&other.bins) {
            bin.predicted += more.predicted;
            bin.right += more.right;
            bin.sum += more.sum;
        }
    }

    /// The bins in order, each with the two ends of its stretch.
    pub fn bins(&self) -> impl Iterator<Item = (f64, f64, &Bin)> {
        let end = |at: usize| at as f64 / BINS as f64;
        self.bins.iter().enumerate().map(move |(at, bin)| (end(at), end(at + 1), bin))
    }

    /// The expected calibration error: the mean, over predictions, of how far their bin's share of right ones lies from its mean
    /// score (Naeini, Cooper and Hauskrecht 2015). None without predictions.
    #[must_use]
    pub fn expected_error(&self) -> Option<f64> {
        let predicted: u64 = self.bins.iter().map(|bin| bin.predicted).sum();
        let gaps: f64 = self.bins.iter().map(|bin| (bin.right as f64 - bin.sum).abs()).sum();
        super::tally::ratio(gaps, predicted as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_fall_into_ten_bins_that_hold_their_upper_ends() {
        let mut calibration = Calibration::default();
        for score in [0.0, 0.05, 0.1, 0.101, 0.9, 0.95, 1.0] {
            calibration.count(score, score > 0.5);
        }
        let counts: Vec<(u64, u64)> = calibration.bins().map(|(_, _, bin)| (bin.predicted, bin.right)).collect();
        assert_eq!(counts, [(3, 0), (1, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (1, 1), (2, 2)]);
        assert_eq!(calibration.bins().nth(2).unwrap().2.precision(), None);
    }

    #[test]
    fn a_score_counts_as_the_decimals_that_a_record_has() {
        let mut calibration = Calibration::default();
        calibration.count(0.97, true);
        assert_eq!(calibration.expected_error(), Some((1.0_f64 - 0.97).abs()));
    }

    #[test]
    fn the_error_is_the_mean_gap_of_the_predictions() {
        let mut calibration = Calibration::default();
        assert_eq!(calibration.expected_error(), None);
        // Four of score 0.75, one of them right: a gap of 0.5; one of score 0.25 that is right: a gap of 0.75.
        (0..4).for_each(|at| calibration.count(0.75, at == 0));
        calibration.count(0.25, true);
        assert!((calibration.expected_error().unwrap() - (4.0 * 0.5 + 0.75) / 5.0).abs() < 1e-12);
    }
}
