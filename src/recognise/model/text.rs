//! Takes a text and its segments, gives what the network and the decoder need of them: wordpieces, windows, words. Refuses a
//! text that the tokenizer refuses.
//!
//! A paragraph is encoded at once. Offsets then are exact for every kind of tokenizer, a byte-level one sees the space before a
//! word within a sentence as it did in training, and no white space between paragraphs becomes wordpieces.

use super::casing::{LOWER, casing};
use super::config::TokenTypes;
use super::decode::{Word, is_sign};
use super::tokenizer::{Pieces, TextEncoder};
use super::window::{Layout, Window, windows};
use crate::document::{Segments, Sentence};

/// A document, ready for the network. `ids` and `types` have an entry a wordpiece.
pub(super) struct EncodedText {
    pub ids: Vec<u32>,
    pub types: Vec<u8>,
    pub windows: Vec<Window>,
    pub words: Vec<Word>,
}

/// Encodes a document.
pub(super) fn encode(
    text: &str,
    segments: &Segments,
    encoder: &TextEncoder,
    token_types: TokenTypes,
    layout: Layout,
) -> Result<EncodedText, String> {
    let mut pieces = Pieces::default();
    for paragraph in segments.sentences.chunk_by(|a, b| a.paragraph == b.paragraph) {
        let (first, last) = (&paragraph[0], &paragraph[paragraph.len() - 1]);
        encoder.encode(text, (first.span.start(), last.span.end()), &mut pieces)?;
    }
    let windows = windows(&sentence_ends(&segments.sentences, &pieces), layout);
    let types = self::token_types(text, &pieces, token_types);
    Ok(EncodedText { words: words(text, segments, &pieces), types, windows, ids: pieces.ids })
}

/// The `token_type_ids` of wordpieces.
pub(super) fn token_types(text: &str, pieces: &Pieces, kind: TokenTypes) -> Vec<u8> {
    match kind {
        TokenTypes::Zeros => vec![LOWER; pieces.ids.len()],
        TokenTypes::Casing => pieces.spans.iter().map(|&(start, _)| casing(text, start)).collect(),
    }
}

/// The number of wordpieces that begin before the end of each sentence, ascending; for the last one, of all.
fn sentence_ends(sentences: &[Sentence], pieces: &Pieces) -> Vec<usize> {
    let mut end = 0;
    let mut ends: Vec<usize> = Vec::with_capacity(sentences.len());
    for next in sentences.iter().skip(1) {
        end += pieces.spans[end..].iter().take_while(|(start, _)| *start < next.span.start()).count();
        ends.push(end);
    }
    if !sentences.is_empty() {
        ends.push(pieces.ids.len());
    }
    ends
}

fn words(text: &str, segments: &Segments, pieces: &Pieces) -> Vec<Word> {
    let mut words = Vec::with_capacity(segments.tokens.len());
    let mut piece = 0;
    let mut end_before = None;
    for token in &segments.tokens {
        let (start, end) = (token.span.start(), token.span.end());
        while pieces.spans.get(piece).is_some_and(|&(from, to)| to <= start || from == to) {
            piece += 1;
        }
        let mut letters = token.span.of(text).chars();
        let (first, second) = (letters.next(), letters.next());
        words.push(Word {
            span: token.span,
            piece: pieces.spans.get(piece).filter(|&&(from, _)| from < end).map(|_| piece),
            sign: first.filter(|c| second.is_none() && is_sign(*c)),
            capital: first.is_some_and(char::is_uppercase),
            touches: end_before.replace(end) == Some(start),
            opens: false,
        });
    }
    for sentence in &segments.sentences {
        words[sentence.tokens.start].opens = true;
    }
    words
}
