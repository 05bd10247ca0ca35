//! Takes a text and its pseudonyms with heads, gives the codes that stand alone for a party: the teen known as "A", later A; the
//! officer known as W80. Refuses articles, grades, initials, and codes that nothing introduced.

use super::{DATA, HeadClass, Pseudonym, Reader, is_quote};
use crate::document::Segments;
use crate::span::Span;
use std::collections::BTreeSet;

/// Letters, and letters with a number, that stand alone and were introduced as a name ('known as "A"') or as part of one ("Mr A").
pub(super) fn letters(text: &str, segments: &Segments, headed: &[Pseudonym]) -> Vec<Pseudonym> {
    let mut letters: BTreeSet<String> =
        headed.iter().filter(|p| is_letter(&p.code) || is_numbered(&p.code)).map(|p| p.code.clone()).collect();
    for sentence in &segments.sentences {
        let reader = Reader { text, tokens: &segments.tokens[sentence.tokens.clone()] };
        letters.extend((0..reader.tokens.len()).filter_map(|i| introduced(&reader, i)));
    }
    letters.retain(|l| l != "I");
    let mut found = Vec::new();
    if letters.is_empty() {
        return found;
    }
    for sentence in &segments.sentences {
        let reader = Reader { text, tokens: &segments.tokens[sentence.tokens.clone()] };
        if headline(&reader) {
            continue;
        }
        for (i, token) in reader.tokens.iter().enumerate() {
            let word = reader.word(i);
            if letters.contains(word) && stands_for_a_party(&reader, i) && !inside(headed, token.span) {
                found.push(Pseudonym {
                    span: token.span,
                    head: String::new(),
                    class: HeadClass::Bare,
                    sex: None,
                    level: None,
                    code: word.to_owned(),
                    introduced: introduced(&reader, i).is_some(),
                });
            }
        }
    }
    found
}

/// Whether `span` lies in one of the pseudonyms, which are in order.
fn inside(headed: &[Pseudonym], span: Span) -> bool {
    headed.get(headed.partition_point(|p| p.span.end() <= span.start())).is_some_and(|p| p.span.overlaps(span))
}

/// The letter at `i` if the words before it introduce a pseudonym.
fn introduced(reader: &Reader, i: usize) -> Option<String> {
    let word = reader.word(i);
    if !is_letter(word) && !is_numbered(word) {
        return None;
    }
    let end = if i > 0 && is_quote(reader.word(i - 1)) { i - 1 } else { i };
    DATA.bare
        .introducing
        .iter()
        .any(|phrase| {
            let length = phrase.split(' ').count();
            end >= length && reader.reads(end - length, phrase)
        })
        .then(|| word.to_owned())
}

fn is_letter(word: &str) -> bool {
    word.len() == 1 && word.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Whether a word is one or two capitals with a number of up to three digits, as firearms officers are known: W80, NX121.
fn is_numbered(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
    (1..=2).contains(&(word.len() - digits.len()))
        && (1..=3).contains(&digits.len())
        && digits.chars().all(|c| c.is_ascii_digit())
}

/// Whether a lone code at `i` reads as a party and not as an article, a grade or an initial.
fn stands_for_a_party(reader: &Reader, i: usize) -> bool {
    let next = reader.word(i + 1);
    let mut before = i;
    while before > 0 && (is_quote(reader.word(before - 1)) || matches!(reader.word(before - 1), "[" | "(")) {
        before -= 1;
    }
    let quoted = before < i && (is_quote(next) || next == "]");
    if quoted {
        return true;
    }
    let previous = if before > 0 { reader.word(before - 1) } else { "" };
    if DATA.bare.never_after.contains(&previous.to_lowercase())
        || matches!(next, "-" | "&" | "/")
        || matches!(previous, "-" | "&" | "/")
    {
        return false;
    }
    if is_numbered(reader.word(i)) {
        return true;
    }
    if next.starts_with(char::is_uppercase) || (previous.starts_with(char::is_uppercase) && before > 1) {
        return false;
    }
    let opens = before == 0 || before < i || matches!(previous, ":" | "." | "!" | "?" | "…" | "-" | "–" | "—" | "•");
    !opens || (reader.word(i) != "A" && !next.is_empty()) || DATA.bare.verbs.iter().any(|v| v == next)
}

/// Whether most words of a sentence are capitalised, so that capitals say nothing.
pub(super) fn headline(reader: &Reader) -> bool {
    let words: Vec<&str> =
        (0..reader.tokens.len()).map(|i| reader.word(i)).filter(|w| w.len() > 1 && w.starts_with(char::is_alphabetic)).collect();
    words.len() > 3 && 10 * words.iter().filter(|w| w.starts_with(char::is_uppercase)).count() > 6 * words.len()
}
