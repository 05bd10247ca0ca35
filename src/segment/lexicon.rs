//! Takes the data of `lexicon.toml`, gives the words that decide where a word or a sentence ends: abbreviations by what may
//! follow them, words that open sentences, reporting verbs, bullets. Refuses nothing at run time: the data is compiled in.

use super::titles::{Class, Titles};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("lexicon.toml")).expect("lexicon.toml is valid, as a test proves"));

/// What may follow an abbreviation, and so whether its full stop can end a sentence.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Follows {
    /// A name: "St.", "Mr.".
    BeforeName,
    /// A number; it is an abbreviation only then: "No. 5".
    BeforeNumber,
    /// More of the sentence, always: "e.g.".
    Inside,
    /// More of the sentence or a new one: "Ltd.", "a.m.".
    Either,
}

/// The words of `lexicon.toml`.
pub(super) struct Lexicon {
    abbreviations: HashMap<String, Follows>,
    openers: HashSet<String>,
    reporting: HashSet<String>,
    pub(super) bullets: HashSet<String>,
    pub(super) line_bullets: HashSet<String>,
    contracted_with_s: HashSet<String>,
    pseudonym_heads: HashSet<String>,
    pub(super) top_domains: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    abbreviations: HashMap<Follows, Vec<String>>,
    sentences: Sentences,
    words: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentences {
    openers: HashSet<String>,
    reporting: HashSet<String>,
    bullets: HashSet<String>,
    line_bullets: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    contracted_with_s: HashSet<String>,
    pseudonym_heads: HashSet<String>,
    top_domains: Vec<String>,
}

impl Lexicon {
    /// The lexicon that is compiled in.
    pub(super) fn get() -> &'static Self {
        &LEXICON
    }

    fn parse(data: &str) -> Result<Self, toml::de::Error> {
        let File { abbreviations, sentences, words } = toml::from_str(data)?;
        let each = |(follows, list): (Follows, Vec<String>)| list.into_iter().map(move |word| (word, follows));
        Ok(Self {
            abbreviations: abbreviations.into_iter().flat_map(each).collect(),
            openers: sentences.openers,
            reporting: sentences.reporting,
            bullets: sentences.bullets,
            line_bullets: sentences.line_bullets,
            contracted_with_s: words.contracted_with_s,
            pseudonym_heads: words.pseudonym_heads,
            top_domains: words.top_domains,
        })
    }

    /// What may follow `word`, given without its last full stop, if it is an abbreviation, a title's included.
    pub(super) fn abbreviation(&self, word: &str) -> Option<Follows> {
        let title = || Titles::get().is_abbreviation(word).then_some(Follows::BeforeName);
        self.abbreviations.get(word).copied().or_else(title)
    }

    /// Whether `word` is capitalised and opens a sentence more often than it is a name.
    pub(super) fn is_opener(&self, word: &str) -> bool {
        word.starts_with(char::is_uppercase) && self.openers.contains(&word.to_lowercase())
    }

    /// Whether `word` can't be the name behind an initial: it opens a sentence, or a title stands between.
    pub(super) fn is_opener_or_title(&self, word: &str) -> bool {
        let title = |word| Titles::get().single(word).is_some_and(|entry| entry.class == Class::Courtesy || entry.police);
        word.starts_with(char::is_uppercase) && (self.is_opener(word) || title(word))
    }

    /// Whether a capital letter after `word` is a pseudonym rather than an initial.
    pub(super) fn heads_pseudonym(&self, word: &str) -> bool {
        let rank = |word: &str| Titles::get().single(word).is_some_and(|entry| entry.police);
        self.pseudonym_heads.contains(word) || (!word.ends_with('.') && rank(word))
    }

    /// Whether `word` is a verb that follows a quotation.
    pub(super) fn is_reporting(&self, word: &str) -> bool {
        self.reporting.contains(word)
    }

    /// Whether the 's of `word` is a contraction.
    pub(super) fn is_contracted_with_s(&self, word: &str) -> bool {
        self.contracted_with_s.contains(&word.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abbreviation_tells_what_follows() {
        let lexicon = Lexicon::get();
        let follows = |word| lexicon.abbreviation(word);
        assert_eq!(follows("St"), Some(Follows::BeforeName));
        assert_eq!(follows("Det"), Some(Follows::BeforeName));
        assert_eq!(follows("No"), Some(Follows::BeforeNumber));
        assert_eq!(follows("e.g"), Some(Follows::Inside));
        assert_eq!(follows("Ltd"), Some(Follows::Either));
        assert_eq!(follows("panel"), None);
    }

    #[test]
    fn a_word_is_listed_under_one_kind_of_abbreviation() {
        let file: File = toml::from_str(include_str!("lexicon.toml")).unwrap();
        let listed: usize = file.abbreviations.values().map(Vec::len).sum();
        assert_eq!(Lexicon::get().abbreviations.len(), listed);
    }

    #[test]
    fn a_rank_without_a_full_stop_heads_a_pseudonym() {
        let lexicon = Lexicon::get();
        assert!(lexicon.heads_pseudonym("PC") && lexicon.heads_pseudonym("Witness"));
        assert!(!lexicon.heads_pseudonym("Sgt.") && !lexicon.heads_pseudonym("Mr"));
    }
}
