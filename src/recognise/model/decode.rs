//! Takes the words of a text, each with its label and how sure the model is of it, gives mentions. Refuses nothing: a sequence
//! that breaks the rules of its scheme (an I after another label) still has one reading.

use super::labels::{LabelSet, Part, Tag};
use crate::document::{Kind, Label, Mention, Origin};
use crate::span::Span;
use std::ops::Range;

/// A token as the decoder needs it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Word {
    pub span: Span,
    /// The first wordpiece that shares a character with it: where its label is read. A token of characters that the tokenizer
    /// drops has none.
    pub piece: Option<usize>,
    /// The character of a token that is a single quote mark, bracket or hyphen.
    pub sign: Option<char>,
    /// Whether it begins with a capital letter.
    pub capital: bool,
    /// Whether it touches the token before it, without white space.
    pub touches: bool,
    /// Whether it is the first of its sentence. A mention never goes from one sentence into the next.
    pub opens: bool,
}

/// A word's label, as an id of the label set, and the probability that the model gives to it.
pub(super) type Choice = (usize, f32);

/// Words that make one mention.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Run<'a> {
    words: Range<usize>,
    label: &'a Label,
}

/// The mentions that `choices` (a choice a wordpiece) say there are, in order.
///
/// A mention's score is the mean, over its words, of the probability of the label chosen for the word; a word that is in it in
/// spite of its own label (the hyphen of a double name) does not count.
pub(super) fn mentions(words: &[Word], choices: &[Choice], labels: &LabelSet) -> Vec<Mention> {
    let trimmed = runs(words, choices, labels).into_iter().filter_map(|run| Some(Run { words: trim(run.words, words)?, ..run }));
    let mention = |run: Run| Mention {
        span: words[run.words.start].span.hull(words[run.words.end - 1].span),
        label: run.label.clone(),
        kind: Kind::Name,
        score: score(&run, words, choices, labels),
        origin: Origin::Model,
    };
    trimmed.map(mention).collect()
}

fn runs<'a>(words: &[Word], choices: &[Choice], labels: &'a LabelSet) -> Vec<Run<'a>> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    let mut last_piece = None;
    for (index, word) in words.iter().enumerate() {
        open &= !word.opens;
        let tag = word.piece.map(|piece| labels.tag(choices[piece].0));
        let shared = word.piece.is_some() && word.piece == last_piece && !word.opens;
        last_piece = word.piece;
        let ends = |tag: &Tag| tag.as_ref().is_none_or(|(part, _)| matches!(part, Part::End | Part::Single));
        let hyphen = is_double_name(index, words, choices, labels);
        match (tag, runs.last_mut()) {
            (_, Some(run)) if hyphen || (index > 0 && is_double_name(index - 1, words, choices, labels)) => {
                run.words.end = index + 1;
                open = hyphen || !tag.is_some_and(ends);
            }
            (None, _) => {}
            (Some(None), _) => open = false,
            (Some(tag @ Some((part, label))), last) => {
                let goes_on = open && (shared || matches!(part, Part::Inside | Part::End));
                // The end of a mention, again: a second token in the same wordpiece.
                let again = |run: &Run| shared && run.words.end == index;
                match last {
                    Some(run) if run.label == label && (goes_on || again(run)) => run.words.end = index + 1,
                    _ => runs.push(Run { words: index..index + 1, label }),
                }
                open = !ends(tag);
            }
        }
    }
    runs
}

/// Whether the token at `index` is the hyphen of a person's double name: capitalised words on both sides, no white space, both
/// labelled as a person. What the hyphen itself is labelled does not count, nor whether the second word is said to begin a name.
fn is_double_name(index: usize, words: &[Word], choices: &[Choice], labels: &LabelSet) -> bool {
    let Some([before, hyphen, after]) = index.checked_sub(1).and_then(|first| words.get(first..=index + 1)) else { return false };
    let is_person = |word: &Word| {
        let tag = word.piece.and_then(|piece| labels.tag(choices[piece].0).as_ref());
        word.capital && tag.is_some_and(|(_, label)| *label == Label::Per)
    };
    let in_one = |word: &Word| word.touches && !word.opens;
    hyphen.sign.is_some_and(is_hyphen) && in_one(hyphen) && in_one(after) && is_person(before) && is_person(after)
}

/// A mention's words without the quote marks, brackets and hyphens around them; brackets and quotes that open and close within
/// stay: `Ash (North) Ltd`, `Hall (Annexe)`.
fn trim(mut run: Range<usize>, words: &[Word]) -> Option<Range<usize>> {
    let sign = |index: usize| words[index].sign;
    loop {
        let (first, last) = (run.start, run.end.checked_sub(1)?);
        let within = |needle: Option<char>| (first + 1..last).any(|index| needle.is_some() && sign(index) == needle);
        match (sign(first), sign(last)) {
            (Some(c), _) if is_hyphen(c) || partner_of_opening(c).is_none() => run.start += 1,
            (Some(c), end) if end == partner_of_opening(c) || !within(partner_of_opening(c)) => run.start += 1,
            (_, Some(c)) if is_hyphen(c) || !within(partner_of_closing(c)) => run.end -= 1,
            _ => return Some(run),
        }
        if run.is_empty() {
            return None;
        }
    }
}

fn score(run: &Run, words: &[Word], choices: &[Choice], labels: &LabelSet) -> f32 {
    let of_label = words[run.words.clone()].iter().filter_map(|word| word.piece).map(|piece| choices[piece]);
    let own = of_label.filter(|(id, _)| labels.tag(*id).as_ref().is_some_and(|(_, label)| label == run.label));
    let (sum, count) = own.fold((0.0, 0.0), |(sum, count), (_, probability)| (sum + probability, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// Quote marks that may open and their closing ones, then brackets.
const PAIRS: [(char, char); 11] = [
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('“', '”'),
    ('‘', '’'),
    ('«', '»'),
    ('‹', '›'),
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('<', '>'),
];

/// Whether the decoder has to know of a token that is this character.
pub(super) fn is_sign(c: char) -> bool {
    is_hyphen(c) || partner_of_opening(c).is_some() || partner_of_closing(c).is_some()
}

fn partner_of_opening(c: char) -> Option<char> {
    PAIRS.iter().find(|(opening, _)| *opening == c).map(|(_, closing)| *closing)
}

fn partner_of_closing(c: char) -> Option<char> {
    PAIRS.iter().find(|(_, closing)| *closing == c).map(|(opening, _)| *opening)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 6] = ["O", "B-PER", "I-PER", "B-ORG", "E-ORG", "S-ORG"];

    /// Words of `text`, cut at `|`, a wordpiece each, and the mentions under `labels` (separated by white space).
    fn decode(text: &str, labels: &str) -> Vec<(String, String)> {
        let plain = text.replace('|', "");
        let mut at = 0;
        let mut words = Vec::new();
        for part in text.split('|') {
            let word = part.trim();
            let start = at + part.find(word).unwrap();
            let sign = word.chars().next().filter(|c| word.chars().count() == 1 && is_sign(*c));
            words.push(Word {
                span: Span::new(&plain, start, start + word.len()).unwrap(),
                piece: Some(words.len()),
                sign,
                capital: word.starts_with(char::is_uppercase),
                touches: start > 0 && !plain[..start].ends_with(' '),
                opens: start == 0,
            });
            at += part.len();
        }
        let set = LabelSet::new(NAMES.iter().map(ToString::to_string).collect()).unwrap();
        let choices: Vec<Choice> =
            labels.split_whitespace().map(|l| (NAMES.iter().position(|n| *n == l).unwrap(), 0.5)).collect();
        assert_eq!(words.len(), choices.len());
        let found = mentions(&words, &choices, &set);
        found.iter().map(|m| (m.span.of(&plain).to_owned(), m.label.to_string())).collect()
    }

    fn expect(text: &str, labels: &str, expected: &[(&str, &str)]) {
        let expected: Vec<_> = expected.iter().map(|(t, l)| ((*t).to_owned(), (*l).to_owned())).collect();
        assert_eq!(decode(text, labels), expected, "{text}");
    }

    #[test]
    fn broken_sequences_have_one_reading() {
        expect("Ann| Bee| Cee", "I-PER I-PER B-PER", &[("Ann Bee", "PER"), ("Cee", "PER")]);
        expect(
            "Ann| Ash| Ltd| Elm",
            "B-PER E-ORG E-ORG S-ORG",
            &[("Ann", "PER"), ("Ash", "ORG"), ("Ltd", "ORG"), ("Elm", "ORG")],
        );
    }

    #[test]
    fn a_double_name_stays_one_person() {
        for labels in ["B-PER O B-PER", "B-PER I-PER I-PER", "B-PER O I-PER", "B-PER B-PER B-PER", "B-PER I-PER B-PER"] {
            expect("Orla Smith|-|Jones".replace("Orla ", "").as_str(), labels, &[("Smith-Jones", "PER")]);
        }
        expect("Smith| -| Jones", "B-PER O B-PER", &[("Smith", "PER"), ("Jones", "PER")]);
        expect("Ash|-|Elm", "S-ORG O S-ORG", &[("Ash", "ORG"), ("Elm", "ORG")]);
        expect("Smith|-|led", "B-PER I-PER O", &[("Smith", "PER")]);
    }

    #[test]
    fn surrounding_quotes_and_brackets_are_left_out() {
        expect("(|Ash|)", "B-PER I-PER I-PER", &[("Ash", "PER")]);
        expect("“|Ash| Elm", "B-PER I-PER I-PER", &[("Ash Elm", "PER")]);
        expect("Ash| (|Elm|)", "B-PER I-PER I-PER I-PER", &[("Ash (Elm)", "PER")]);
        expect("Ash| Elm|)", "B-PER I-PER I-PER", &[("Ash Elm", "PER")]);
        expect("“|)", "B-PER I-PER", &[]);
        expect("(|Ash|)| Elm", "B-PER I-PER I-PER I-PER", &[("(Ash) Elm", "PER")]);
        expect("Ash| ’", "B-PER I-PER", &[("Ash", "PER")]);
    }

    #[test]
    fn tokens_of_one_wordpiece_make_one_mention() {
        let text = "AB";
        let word = |start: usize, opens: bool| Word {
            span: Span::new(text, start, start + 1).unwrap(),
            piece: Some(0),
            sign: None,
            capital: true,
            touches: !opens,
            opens,
        };
        let set = LabelSet::new(NAMES.iter().map(ToString::to_string).collect()).unwrap();
        for label in [1, 5] {
            let found = mentions(&[word(0, true), word(1, false)], &[(label, 0.75)], &set);
            assert_eq!(found.iter().map(|m| (m.span.of(text), m.score)).collect::<Vec<_>>(), [("AB", 0.75)]);
        }
    }
}
