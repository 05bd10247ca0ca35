//! Takes an article, gives its words as spaCy and Prodigy have them, so that they make up the text exactly: of white space between two of our
//! tokens, one blank belongs to the word before it, and whatever else there is is a word of its own. Refuses nothing.

use super::article::Article;
use crate::write::offsets::Offsets;
use std::collections::HashSet;
use std::ops::Range;

/// A word, or white space.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Word<'a> {
    pub text: &'a str,
    /// The byte where it begins.
    pub start: usize,
    /// Whether a blank follows that is no word.
    pub space: bool,
    pub starts_sentence: bool,
    pub mention: Option<InMention<'a>>,
}

/// The mention that a word lies in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct InMention<'a> {
    pub label: &'a str,
    pub entity: Option<&'a str>,
    pub begins: bool,
}

/// The words, and which of them each mention is.
pub(super) fn words(article: &Article) -> (Vec<Word<'_>>, Vec<Range<usize>>) {
    let record = &article.record;
    let offsets = Offsets::new(&record.text, record.offset_unit);
    let byte = |units: usize| offsets.byte(units).expect("the record's offsets are of its text");
    let starts: HashSet<usize> = article.sentences().iter().map(|sentence| sentence.start).collect();
    let mut words: Vec<Word<'_>> = Vec::with_capacity(record.tokens.len());
    // Of each token its word.
    let mut places = Vec::with_capacity(record.tokens.len());
    let mut end = 0;
    for (at, token) in record.tokens.iter().enumerate() {
        let start = byte(token.start);
        gap(&record.text, end..start, &mut words);
        end = byte(token.end);
        places.push(words.len());
        // The first word of all starts a sentence, even if it is white space.
        let starts_sentence = words.is_empty() || (at > 0 && starts.contains(&at));
        words.push(Word { text: &record.text[start..end], start, space: false, starts_sentence, mention: None });
    }
    gap(&record.text, end..record.text.len(), &mut words);
    let mut mentions = Vec::with_capacity(record.spans.len());
    for span in &record.spans {
        let (first, last) = (places[span.token_start], places[span.token_end]);
        let (label, entity) = (&*span.label, span.entity.as_deref());
        for (at, word) in words[first..=last].iter_mut().enumerate() {
            word.mention = Some(InMention { label, entity, begins: at == 0 });
        }
        mentions.push(first..last + 1);
    }
    (words, mentions)
}

/// Adds the white space that stands `at` between two tokens.
fn gap<'a>(text: &'a str, mut at: Range<usize>, words: &mut Vec<Word<'a>>) {
    if let (true, Some(last)) = (text[at.clone()].starts_with(' '), words.last_mut()) {
        last.space = true;
        at.start += 1;
    }
    if !at.is_empty() {
        let starts_sentence = words.is_empty();
        words.push(Word { text: &text[at.clone()], start: at.start, space: false, starts_sentence, mention: None });
    }
}
