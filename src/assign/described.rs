//! Takes a text, its segments and its named and pseudonymous mentions, gives the parties that are only described: "the female
//! officer", "a member of the public". Refuses to guess: plural descriptions are nobody, and where a description fits two
//! parties it is left out.
//!
//! What is found here are candidates. They take part in the rules like any other party, and those who get no role are dropped.
//! The nouns and what may stand before them are in `described.toml`.

use crate::document::{Kind, Label, Mention, Origin, Segments};
use crate::span::Span;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The most words between article and head.
const MOST_MODIFIERS: usize = 6;
/// How sure the layer is that a phrase it lists is a description.
const LISTED: f32 = 0.7;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    determiners: Vec<String>,
    female: Vec<String>,
    male: Vec<String>,
    after_bare_sex: Vec<String>,
    top: usize,
    opening: usize,
    description: Vec<Description>,
}

/// A sort of party that can be described.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Description {
    /// What slots know it as.
    pub class: String,
    /// The only role it can get.
    pub role: String,
    /// Traits that, all of a group together, speak against looking for it where a named person without a role has them.
    pub blocked_by: Vec<Vec<String>>,
    /// The feature of an article in which only those count who are much mentioned.
    pub unless_feature: String,
    /// Whether phrases that tell different ranks are different parties.
    one_rank: bool,
    nouns: Vec<String>,
    modifiers: BTreeSet<String>,
    elsewhere: BTreeSet<String>,
}

static DATA: LazyLock<Data> =
    LazyLock::new(|| toml::from_str(include_str!("described.toml")).expect("a test reads the built-in descriptions"));

/// The sorts of party that can be described.
pub(super) fn sorts() -> &'static [Description] {
    &DATA.description
}

/// A party that is only described.
pub(super) struct Candidate {
    /// Its mentions, in order; never empty.
    pub mentions: Vec<Mention>,
    /// Its class and, where told, its sex.
    pub traits: BTreeSet<String>,
}

/// One description.
struct Phrase {
    span: Span,
    noun: String,
    sex: Option<&'static str>,
    definite: bool,
    sentence: usize,
}

/// The parties of one sort that the text describes, apart from what `mentions`, in any order, hold.
pub(super) fn candidates(text: &str, segments: &Segments, mentions: &[Mention], sort: &Description) -> Vec<Candidate> {
    let mut phrases = Vec::new();
    for (number, sentence) in segments.sentences.iter().enumerate() {
        let words: Vec<(Span, String)> =
            segments.tokens[sentence.tokens.clone()].iter().map(|t| (t.span, t.span.of(text).to_lowercase())).collect();
        Row { text, words: &words, sort, sentence: number }.read(&mut phrases);
    }
    let mut taken: Vec<Span> = mentions.iter().map(|m| m.span).collect();
    taken.sort_unstable();
    phrases.retain(|p| taken.get(taken.partition_point(|t| t.end() <= p.span.start())).is_none_or(|t| !t.overlaps(p.span)));
    parties(phrases, sort)
}

/// One sentence in lower case.
struct Row<'a> {
    text: &'a str,
    words: &'a [(Span, String)],
    sort: &'a Description,
    sentence: usize,
}

impl Row<'_> {
    fn read(&self, phrases: &mut Vec<Phrase>) {
        let mut i = 0;
        while i < self.words.len() {
            i = self.pair(i, phrases).or_else(|| self.phrase(i, phrases)).unwrap_or(i + 1);
        }
    }

    fn word(&self, i: usize) -> &str {
        self.words.get(i).map_or("", |(_, w)| w.as_str())
    }

    fn span(&self, first: usize, end: usize) -> Span {
        self.words[first].0.hull(self.words[end - 1].0)
    }

    /// "The male and female constables": two parties in one phrase. Gives the word to go on from.
    fn pair(&self, i: usize, phrases: &mut Vec<Phrase>) -> Option<usize> {
        let (first, second) = (sex_of(self.word(i + 1))?, sex_of(self.word(i + 3))?);
        if !DATA.determiners.iter().any(|d| d == self.word(i)) || self.word(i + 2) != "and" || first == second {
            return None;
        }
        let (noun, length) = self.noun(i + 4, true)?;
        let end = i + 4 + length;
        let mut push = |span, sex| {
            phrases.push(Phrase { span, noun: noun.clone(), sex: Some(sex), definite: true, sentence: self.sentence });
        };
        push(self.span(i, i + 2), first);
        push(self.span(i + 3, end), second);
        Some(end)
    }

    fn phrase(&self, i: usize, phrases: &mut Vec<Phrase>) -> Option<usize> {
        if !DATA.determiners.iter().any(|d| d == self.word(i)) {
            return None;
        }
        let mut at = i + 1;
        let mut sex = None;
        while at < self.words.len() && at - i <= MOST_MODIFIERS {
            if let Some((noun, length)) = self.noun(at, false) {
                let end = at + length;
                let sex = sex.or_else(|| noun.split(' ').find_map(sex_of));
                phrases.push(Phrase {
                    span: self.span(i, end),
                    noun,
                    sex,
                    definite: self.word(i) == "the",
                    sentence: self.sentence,
                });
                return Some(end);
            }
            let word = self.word(at);
            let number = word.chars().all(|c| c.is_ascii_digit());
            // The name of a force or a town: "a Wealdshire Police officer".
            let name = self.words[at].0.of(self.text).starts_with(char::is_uppercase);
            if self.sort.elsewhere.contains(word) || !(self.sort.modifiers.contains(word) || number || name) {
                break;
            }
            sex = sex.or_else(|| sex_of(word));
            at += 1;
        }
        // "The female was dismissed".
        let bare = at == i + 2 && self.word(i) == "the" && DATA.after_bare_sex.iter().any(|w| w == self.word(at));
        if let (true, Some(sex)) = (bare, sex) {
            phrases.push(Phrase {
                span: self.span(i, at),
                noun: String::new(),
                sex: Some(sex),
                definite: true,
                sentence: self.sentence,
            });
            return Some(at);
        }
        None
    }

    /// The longest noun at `i`; its plural where `plural` is asked for. A noun that another one follows is part of a longer one.
    fn noun(&self, i: usize, plural: bool) -> Option<(String, usize)> {
        let fits = |noun: &&String| {
            let length = noun.split(' ').count();
            noun.split(' ').enumerate().all(|(k, w)| {
                let word = self.word(i + k);
                if plural && k + 1 == length { word.strip_suffix('s') == Some(w) } else { word == w }
            })
        };
        let noun = self.sort.nouns.iter().filter(fits).max_by_key(|n| n.split(' ').count())?;
        let length = noun.split(' ').count();
        let compound = matches!(self.word(i + length), "-" | "'") || self.sort.nouns.iter().any(|n| n == self.word(i + length));
        (!compound).then(|| (noun.clone(), length))
    }
}

fn sex_of(word: &str) -> Option<&'static str> {
    if DATA.female.iter().any(|w| w == word) {
        Some("female")
    } else if DATA.male.iter().any(|w| w == word) {
        Some("male")
    } else {
        None
    }
}

/// Phrases as parties: one for each sex where both are met, with the phrases that tell none left out; else one.
fn parties(phrases: Vec<Phrase>, sort: &Description) -> Vec<Candidate> {
    let counts = |sex| phrases.iter().filter(|p| p.sex == Some(sex)).count();
    let both = counts("female") > 0 && counts("male") > 0;
    let mut groups: BTreeMap<Option<&'static str>, Vec<Phrase>> = BTreeMap::new();
    let only = if counts("female") > 0 { Some("female") } else { Some("male").filter(|_| counts("male") > 0) };
    for phrase in phrases {
        match phrase.sex {
            None if both => {}
            sex => groups.entry(if both { sex } else { only }).or_default().push(phrase),
        }
    }
    groups.into_iter().filter_map(|(sex, group)| party(group, sex, sort)).collect()
}

/// One party: every definite phrase, and the first one if it is indefinite and stands near the top; it has to open the article where
/// no definite one follows. Where the phrases tell two ranks, those of the rank met
/// more often count, with those that tell none.
fn party(group: Vec<Phrase>, sex: Option<&'static str>, sort: &Description) -> Option<Candidate> {
    let plain = &sort.nouns[0];
    let core = |noun: &str| noun.rsplit(' ').next().unwrap_or(noun).to_owned();
    let ranked = |p: &&Phrase| core(&p.noun) != *plain && !p.noun.is_empty();
    let of = |rank: &str| group.iter().filter(ranked).filter(|p| core(&p.noun) == rank).count();
    // The rank met most often; of several, the one met first.
    let rank = group.iter().filter(ranked).map(|p| core(&p.noun)).rev().max_by_key(|rank| of(rank));
    let of_rank = |p: &&Phrase| !sort.one_rank || !ranked(p) || rank.as_ref().is_none_or(|r| core(&p.noun) == *r);
    let first = group.first().map(|p| p.span);
    let top = if group.iter().any(|p| p.definite) { DATA.top } else { DATA.opening };
    let counts = |p: &&Phrase| p.definite || (p.sentence < top && Some(p.span) == first);
    let mentions: Vec<Mention> = group
        .iter()
        .filter(of_rank)
        .filter(counts)
        .map(|p| Mention { span: p.span, label: Label::Anon, kind: Kind::Nominal, score: LISTED, origin: Origin::Description })
        .collect();
    let traits =
        [Some("nominal"), Some("person"), Some(sort.class.as_str()), sex].into_iter().flatten().map(str::to_owned).collect();
    (!mentions.is_empty()).then_some(Candidate { mentions, traits })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_both_may_stand_and_makes_it_somebody_else() {
        for sort in sorts() {
            let both: Vec<_> = sort.modifiers.intersection(&sort.elsewhere).collect();
            assert!(both.is_empty(), "{}: {both:?}", sort.class);
        }
    }
}
