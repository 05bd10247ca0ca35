//! Takes shares such as 80/10/10 and a seed, gives for one article after another the part it belongs to, so that every run of a
//! hundredth of the articles is shared as exactly as it can be. Articles of one text are of one part. Refuses shares that are no
//! two or three whole numbers.
//!
//! Stratified by blocks: of each block of as many articles as the shares add up to (in lowest terms), as many go to each part as
//! its share says, at places that the seed shuffles. So the parts are exact however few articles there are, follow the order of the
//! input (by date, by source) evenly, and stay what they were when articles are added at the end.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::str::FromStr;

/// The shares of the parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shares(Vec<u32>);

impl Shares {
    /// The names of the parts.
    #[must_use]
    pub fn names(&self) -> &'static [&'static str] {
        if self.0.len() == 2 { &["train", "test"] } else { &["train", "dev", "test"] }
    }
}

/// Why shares were refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected two or three shares such as 80/20 or 80/10/10, whole numbers from 1 to 1000")]
pub struct SharesError;

impl FromStr for Shares {
    type Err = SharesError;

    fn from_str(words: &str) -> Result<Self, SharesError> {
        let share = |word: &str| word.trim().parse().ok().filter(|share| (1..=1000).contains(share)).ok_or(SharesError);
        let shares: Vec<u32> = words.split('/').map(share).collect::<Result<_, _>>()?;
        let common = shares.iter().copied().fold(0, divisor);
        match shares.len() {
            2 | 3 => Ok(Self(shares.iter().map(|share| share / common).collect())),
            _ => Err(SharesError),
        }
    }
}

/// The greatest common divisor.
fn divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { divisor(b, a % b) }
}

/// Says which part each article belongs to.
pub struct Splitter {
    shares: Shares,
    random: Pcg64,
    /// The parts of the articles that are still to come of the block.
    block: Vec<usize>,
    /// The part of each text, by its hash.
    seen: HashMap<u64, usize>,
}

impl Splitter {
    /// Splits by `shares`; what is shuffled depends on `seed`.
    #[must_use]
    pub fn new(shares: Shares, seed: u64) -> Self {
        Self { shares, random: Pcg64::seed_from_u64(seed), block: Vec::new(), seen: HashMap::new() }
    }

    /// The number of the part that the next article, of this text, belongs to.
    pub fn part(&mut self, text: &str) -> usize {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let key = hasher.finish();
        if let Some(&part) = self.seen.get(&key) {
            return part;
        }
        if self.block.is_empty() {
            self.refill();
        }
        let part = self.block.pop().expect("a block has a place for each share, of which none is nought");
        self.seen.insert(key, part);
        part
    }

    /// The parts of a new block, shuffled (Fisher and Yates).
    fn refill(&mut self) {
        let parts = self.shares.0.iter().enumerate();
        self.block = parts.flat_map(|(part, &share)| std::iter::repeat_n(part, share as usize)).collect();
        for at in (1..self.block.len()).rev() {
            let other = self.random.next_u64() % (at as u64 + 1);
            self.block.swap(at, usize::try_from(other).unwrap_or(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(shares: &str, seed: u64, articles: usize) -> Vec<usize> {
        let mut splitter = Splitter::new(shares.parse().unwrap(), seed);
        (0..articles).map(|article| splitter.part(&article.to_string())).collect()
    }

    fn counts(parts: &[usize]) -> Vec<usize> {
        (0..3).map(|part| parts.iter().filter(|other| **other == part).count()).collect()
    }

    #[test]
    fn shares_are_exact_and_the_seed_decides_who() {
        assert_eq!(counts(&parts("80/10/10", 1, 266))[..], [213, 27, 26]);
        assert_eq!(counts(&parts("80/10/10", 1, 20))[..], [16, 2, 2]);
        assert_eq!(counts(&parts("3/1", 1, 40))[..], [30, 10, 0]);
        assert_eq!(parts("80/10/10", 1, 50), parts("8/1/1", 1, 50));
        assert_ne!(parts("80/10/10", 1, 50), parts("80/10/10", 2, 50));
        assert_eq!(
            parts("80/10/10", 1, 50)[..30],
            parts("80/10/10", 1, 30)[..],
            "what is added at the end changes nothing before"
        );
    }

    #[test]
    fn one_text_is_of_one_part() {
        let mut splitter = Splitter::new("50/50".parse().unwrap(), 3);
        let first = splitter.part("a");
        assert!((0..20).all(|_| splitter.part("a") == first));
    }

    #[test]
    fn other_shares_are_refused() {
        for wrong in ["80", "80/20/0", "a/b", "80/10/5/5", "", "-1/2", "80,20"] {
            assert_eq!(wrong.parse::<Shares>(), Err(SharesError), "{wrong}");
        }
    }
}
