//! Takes the text of an article, gives its tokens and sentences with exact offsets. Refuses nothing and changes nothing: any
//! text is segmented, an empty one into nothing.
//!
//! 1. `words`: tokens. White space separates; punctuation marks stand alone. Kept together: numbers ("1,200", "9.30", "4x4"),
//!    abbreviations and initials with their full stops ("Det.", "a.m.", "J."), "O'Brien" and "didn't", ranks with a slash ("T/DC"),
//!    web and e-mail addresses, @handles, ellipses. Split: possessive 's, hyphenated words, "2023The", "ended.The".
//! 2. `lines`: paragraphs, by hard line breaks.
//! 3. `sentences`: sentences in each paragraph.
//!
//! [`titles`] is the lexicon of titles and ranks that later stages share.

mod addresses;
mod lexicon;
mod lines;
mod pieces;
mod sentences;
pub mod titles;
mod words;

use crate::document::Segments;

/// Segments `text`. Spans are in bytes of it. Runs in time proportional to its length, whatever it holds.
///
/// ```
/// let text = "Det. Sgt. Quill told the panel: “[PC One] left.” She agreed.";
/// let segments = rolecall::segment::segment(text);
/// assert_eq!(segments.tokens[0].span.of(text), "Det.");
/// assert_eq!(segments.sentences[1].span.of(text), "She agreed.");
/// ```
#[must_use]
pub fn segment(text: &str) -> Segments {
    let tokens = words::words(text);
    let paragraphs = lines::paragraphs(text, &tokens);
    let sentences = sentences::sentences(text, &tokens, &paragraphs);
    Segments { tokens, sentences }
}

#[cfg(test)]
mod tests;
