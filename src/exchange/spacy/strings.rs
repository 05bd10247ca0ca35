//! Takes strings, gives their ids in spaCy's string store, and remembers them: MurmurHash64A (Austin Appleby, public domain) of the
//! UTF-8 with seed 1; nought for the empty string; for strings that are symbols of spaCy, the symbol's number. Refuses nothing.

use murmurhash64::murmur_hash64a;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// The seed of spaCy's `hash_string`.
const SEED: u64 = 1;

static SYMBOLS: LazyLock<HashMap<&str, u64>> = LazyLock::new(|| {
    let lines = include_str!("symbols.txt").lines().filter(|line| !line.starts_with('#'));
    let symbols = lines.filter_map(|line| {
        let (first, words) = line.split_once(' ')?;
        let first: u64 = first.parse().ok()?;
        Some(words.split(' ').zip(first..))
    });
    symbols.flatten().collect()
});

/// The strings that a file names.
#[derive(Default)]
pub(super) struct Strings(HashSet<String>);

impl Strings {
    /// The id of `string`, which is then one of them.
    pub(super) fn id(&mut self, string: &str) -> u64 {
        if !self.0.contains(string) {
            self.0.insert(string.to_owned());
        }
        match SYMBOLS.get(string) {
            Some(number) => *number,
            None if string.is_empty() => 0,
            None => murmur_hash64a(string.as_bytes(), SEED),
        }
    }

    /// All of them, in order.
    pub(super) fn sorted(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.0.iter().map(|string| &**string).collect();
        all.sort_unstable();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each as `spacy.strings.hash_string` of spaCy 3.8 gives it, by way of `nlp.vocab.strings`.
    #[test]
    fn ids_are_spacy_s() {
        for (string, id) in [
            ("", 0),
            ("a", 0xa52b_e5b3_f667_4b2a),
            ("Ada", 0xb49b_750a_4a38_34fc),
            ("PER", 0x3be9_85f9_7cc2_493e),
            ("roles", 0x93a3_a297_0a49_26b8),
            ("\n\n", 0x0c9b_6699_64b9_998e),
            ("…", 0xa702_dbae_15e4_8f7e),
            ("\u{1f46e}\u{1f3fd}\u{200d}\u{2640}\u{fe0f}", 0x03ee_ac5e_29f1_84b6),
            ("ORG", 383),
            ("LOC", 385),
            ("number", 432),
            ("_", 456),
        ] {
            assert_eq!(Strings::default().id(string), id, "{string:?}");
        }
    }

    #[test]
    fn there_are_456_symbols_and_each_number_once() {
        let mut numbers: Vec<u64> = SYMBOLS.values().copied().collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=456).collect::<Vec<_>>());
    }
}
