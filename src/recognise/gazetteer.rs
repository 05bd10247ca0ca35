//! Takes a list of names and their labels, gives a [`Recogniser`] that finds them letter by letter: deterministic, without a
//! model, for tests of everything else. Refuses an empty name.

use super::{Identity, RecogniseError, Recogniser};
use crate::document::{Kind, Label, Mention, Origin, Segments};
use crate::span::Span;
use aho_corasick::{AhoCorasick, BuildError};
use std::cmp::Reverse;

/// Finds the names of a list where they stand as whole words, the leftmost and longest of those that overlap.
pub struct Gazetteer {
    automaton: AhoCorasick,
    labels: Vec<Label>,
}

/// Why a list makes no gazetteer.
#[derive(Debug, thiserror::Error)]
pub enum GazetteerError {
    /// A name without a letter.
    #[error("name {index} of the list is empty")]
    Empty {
        /// Its place in the list, from 0.
        index: usize,
    },
    /// The list is too long.
    #[error("the list of names is too long: {0}")]
    TooLong(#[from] BuildError),
}

impl Gazetteer {
    /// A recogniser of `names`. Of two equal names the first one counts.
    ///
    /// # Errors
    /// When a name is empty, or the list is too long for its automaton (gigabytes).
    pub fn new<N: AsRef<str>>(names: impl IntoIterator<Item = (N, Label)>) -> Result<Self, GazetteerError> {
        let (names, labels): (Vec<N>, Vec<Label>) = names.into_iter().unzip();
        if let Some(index) = names.iter().position(|name| name.as_ref().trim().is_empty()) {
            return Err(GazetteerError::Empty { index });
        }
        let patterns = names.iter().map(AsRef::as_ref);
        Ok(Self { automaton: AhoCorasick::new(patterns)?, labels })
    }

    fn find(&self, text: &str) -> Vec<Mention> {
        let all = self.automaton.find_overlapping_iter(text);
        let mut whole: Vec<(Span, usize)> = all
            .map(|found| {
                let span = Span::new(text, found.start(), found.end()).expect("a name found in a text ends at its characters");
                (span, found.pattern().as_usize())
            })
            .filter(|(span, _)| is_whole(text, *span))
            .collect();
        whole.sort_by_key(|(span, name)| (span.start(), Reverse(span.end()), *name));
        let mut mentions: Vec<Mention> = Vec::new();
        for (span, name) in whole {
            if mentions.last().is_none_or(|last| last.span.end() <= span.start()) {
                let label = self.labels[name].clone();
                mentions.push(Mention { span, label, kind: Kind::Name, score: 1.0, origin: Origin::Gazetteer });
            }
        }
        mentions
    }
}

/// Whether a span cuts no word.
fn is_whole(text: &str, span: Span) -> bool {
    let cuts = |at: usize| {
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        inside(text[..at].chars().next_back()) && inside(text[at..].chars().next())
    };
    !cuts(span.start()) && !cuts(span.end())
}

impl Recogniser for Gazetteer {
    type Encoded = Vec<Mention>;
    type Worker = ();

    fn identity(&self) -> Identity {
        Identity { model: "gazetteer".to_owned(), precision: "none".to_owned() }
    }

    fn encode(&self, text: &str, _: &Segments) -> Vec<Mention> {
        self.find(text)
    }

    fn worker(&self) -> Result<(), RecogniseError> {
        Ok(())
    }

    fn run(&self, (): &mut (), mentions: Vec<Mention>) -> Result<Vec<Mention>, RecogniseError> {
        Ok(mentions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(names: &[&str], text: &str) -> Vec<String> {
        let gazetteer = Gazetteer::new(names.iter().map(|name| (*name, Label::Per))).unwrap();
        let mentions = gazetteer.run(&mut (), gazetteer.encode(text, &Segments::default())).unwrap();
        mentions.iter().map(|mention| mention.span.of(text).to_owned()).collect()
    }

    #[test]
    fn the_leftmost_longest_whole_words_are_found() {
        let names = ["Ann", "Ann Ash", "Ash"];
        assert_eq!(find(&names, "Ann Ash met Ash, Anna and “Ann”."), ["Ann Ash", "Ash", "Ann"]);
        assert_eq!(find(&names, "Ann Ashe"), ["Ann"]);
        assert_eq!(find(&["Élan"], "Élan, Élané"), ["Élan"]);
    }

    #[test]
    fn an_empty_name_is_refused() {
        assert!(matches!(Gazetteer::new([("Ann", Label::Per), (" ", Label::Org)]), Err(GazetteerError::Empty { index: 1 })));
    }
}
