//! Takes a text and its mentions, gives for each what its surroundings tell of its bearer: sex and generation, by the title, the word
//! of kinship before it ("his wife, Ada Quill"), the given name, or the pronoun that follows in the sentence. Refuses to tell
//! where nothing does: given names that either sex may bear are not listed.

use super::Titled;
use crate::document::{Label, Mention, Segments};
use crate::segment::titles::Sex;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// How far after a mention a pronoun still speaks of it, in tokens.
const REACH: usize = 14;

/// The older or the younger of two who share a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Generation {
    Elder,
    Younger,
}

/// What is told of the bearer of one mention.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Cue {
    /// By title, word of kinship or given name: sure enough to keep two people apart.
    pub(super) sex: Option<Sex>,
    /// By the pronoun that follows: a hint.
    pub(super) pronoun: Option<Sex>,
    /// By "senior" after it or "his father" before it.
    pub(super) generation: Option<Generation>,
    /// Whether a word of kinship stands before it.
    pub(super) kin: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    pronouns: BySex,
    subject: BySex,
    kin: Kin,
    generation: ByGeneration,
    given: BySex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BySex {
    male: BTreeSet<String>,
    female: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kin {
    male: BTreeSet<String>,
    female: BTreeSet<String>,
    elder: BTreeSet<String>,
    younger: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByGeneration {
    elder: BTreeSet<String>,
    younger: BTreeSet<String>,
}

static DATA: LazyLock<Data> =
    LazyLock::new(|| toml::from_str(include_str!("sexes.toml")).expect("a test reads the built-in sexes"));

/// The side on which a word is listed.
fn side<T>(word: &str, first: &BTreeSet<String>, second: &BTreeSet<String>, sides: [T; 2]) -> Option<T> {
    let [a, b] = sides;
    if first.contains(word) { Some(a) } else { second.contains(word).then_some(b) }
}

/// The sex that a given name tells; `name` is in lower case.
pub(super) fn of_given(name: &str) -> Option<Sex> {
    side(name, &DATA.given.male, &DATA.given.female, [Sex::Male, Sex::Female])
}

/// The sex that a pronoun tells which can be a subject, in the words of traits; `word` is in lower case.
pub(crate) fn of_subject(word: &str) -> Option<&'static str> {
    side(word, &DATA.subject.male, &DATA.subject.female, ["male", "female"])
}

/// What is told of each of `mentions`, which are in order.
pub(super) fn cues(text: &str, segments: &Segments, mentions: &[Mention], titled: &[Titled]) -> Vec<Cue> {
    let tokens = &segments.tokens;
    let word = |i: usize| tokens.get(i).map_or(String::new(), |t| t.span.of(text).to_lowercase());
    let party = |m: &Mention| matches!(m.label, Label::Per | Label::Anon);
    let mut cues = Vec::with_capacity(mentions.len());
    for (m, mention) in mentions.iter().enumerate() {
        if !party(mention) {
            cues.push(Cue::default());
            continue;
        }
        let first = tokens.partition_point(|t| t.span.end() <= mention.span.start());
        let end = tokens.partition_point(|t| t.span.start() < mention.span.end());
        let sentence = &segments.sentences[segments.sentences.partition_point(|s| s.tokens.end <= first)].tokens;
        let before = if first > sentence.start && word(first - 1) == "," { first - 1 } else { first };
        let kin = if before > sentence.start { word(before - 1) } else { String::new() };
        let kin_sex = side(&kin, &DATA.kin.male, &DATA.kin.female, [Sex::Male, Sex::Female]);
        let kin_generation = side(&kin, &DATA.kin.elder, &DATA.kin.younger, [Generation::Elder, Generation::Younger]);
        let after = word(end);
        let generation = side(&after, &DATA.generation.elder, &DATA.generation.younger, [Generation::Elder, Generation::Younger]);
        // The next party in the sentence may be who the pronoun means.
        let next = mentions[m + 1..].iter().find(|n| party(n)).map_or(usize::MAX, |n| n.span.start());
        let pronoun = (end..sentence.end.min(end + REACH))
            .take_while(|&i| tokens[i].span.start() < next)
            .find_map(|i| side(&word(i), &DATA.pronouns.male, &DATA.pronouns.female, [Sex::Male, Sex::Female]));
        let name = mention.span.of(text);
        let given = name.split_once([' ', '\u{a0}']).and_then(|(first, _)| of_given(&first.to_lowercase()));
        cues.push(Cue {
            sex: titled[m].sex().or(kin_sex).or(given.filter(|_| mention.label == Label::Per)),
            pronoun,
            generation: generation.or(kin_generation),
            kin: kin_sex.is_some(),
        });
    }
    cues
}
