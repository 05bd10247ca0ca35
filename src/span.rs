//! Takes two byte offsets into a text, gives the one span type of the crate: half-open, in UTF-8 bytes of the original text.
//! Refuses offsets that are out of order, past the end, or inside a character, so that slicing by a span never panics.

use std::fmt;

/// A half-open range of UTF-8 bytes, `start..end`, of one particular text.
///
/// A span does not remember its text; using it on another one is a mistake that [`Span::of`] can only catch by panicking.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Span {
    start: usize,
    end: usize,
}

/// Why two offsets are no span of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("bytes {start}..{end} are no span of a text of {len} bytes: {reason}")]
pub struct SpanError {
    /// The first offset, in bytes.
    pub start: usize,
    /// The second offset, in bytes.
    pub end: usize,
    /// The length of the text, in bytes.
    pub len: usize,
    reason: &'static str,
}

impl Span {
    /// The span `start..end` of `text`, in bytes.
    ///
    /// # Errors
    /// When `start > end`, when `end` lies past the text, or when either lies inside a character.
    pub fn new(text: &str, start: usize, end: usize) -> Result<Self, SpanError> {
        let refuse = |reason| Err(SpanError { start, end, len: text.len(), reason });
        if start > end {
            refuse("the end lies before the start")
        } else if end > text.len() {
            refuse("the end lies past the text")
        } else if !text.is_char_boundary(start) || !text.is_char_boundary(end) {
            refuse("an end lies inside a character")
        } else {
            Ok(Self { start, end })
        }
    }

    /// The span of the whole of `text`.
    #[must_use]
    pub fn whole(text: &str) -> Self {
        Self { start: 0, end: text.len() }
    }

    /// The first byte.
    #[must_use]
    pub fn start(self) -> usize {
        self.start
    }

    /// The byte after the last one.
    #[must_use]
    pub fn end(self) -> usize {
        self.end
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it holds no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The slice of `text` that the span stands for.
    ///
    /// # Panics
    /// When `text` is not the text that the span was made for and is too short or cut elsewhere.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// Whether the two share at least one byte. Touching spans do not.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether every byte of `other` lies in this span.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both; both must be of one text.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The span without the white space at either end, empty at its start if there is nothing else.
    ///
    /// # Panics
    /// As [`Span::of`].
    #[must_use]
    pub fn trim(self, text: &str) -> Self {
        let slice = self.of(text);
        let start = self.start + (slice.len() - slice.trim_start().len());
        let trimmed = slice.trim();
        if trimmed.is_empty() { Self { start: self.start, end: self.start } } else { Self { start, end: start + trimmed.len() } }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_end_inside_a_character_is_refused() {
        assert!(Span::new("£5", 1, 3).is_err());
        assert_eq!(Span::new("£5", 2, 3).map(|s| s.of("£5")), Ok("5"));
    }

    #[test]
    fn touching_spans_do_not_overlap() {
        let text = "Panel chair";
        let (a, b) = (Span::new(text, 0, 5).unwrap(), Span::new(text, 5, 11).unwrap());
        assert!(!a.overlaps(b));
        assert_eq!(a.hull(b), Span::whole(text));
    }

    proptest! {
        #[test]
        fn what_is_accepted_can_be_sliced(text in "\\PC{0,24}", start in 0usize..80, end in 0usize..80) {
            match Span::new(&text, start, end) {
                Ok(span) => prop_assert_eq!(span.of(&text), &text[start..end]),
                Err(_) => prop_assert!(text.get(start..end).is_none()),
            }
        }

        #[test]
        fn trimming_only_takes_white_space(text in "[ \\t\u{a0}a-c]{0,12}") {
            prop_assert_eq!(Span::whole(&text).trim(&text).of(&text), text.trim());
        }
    }
}
