//! Takes what the model found, gives the final mentions of an article: pseudonyms overrule the model, names lose titles and page
//! noise, names and bodies that the model missed are added where their surroundings leave no doubt. Refuses nothing: whatever
//! comes in, mentions come out in order and do not overlap.
//!
//! [`overlay`] states the order. `bodies` and `persons` find what the model misses, `corrections` mends what it found one by one,
//! `agreement` holds the mentions of one article against each other; the word lists are `names.toml` and `bodies.toml`.

mod agreement;
mod bodies;
mod corrections;
mod lists;
mod persons;
#[cfg(test)]
mod tests;

use super::pseudonyms;
use crate::document::{Kind, Label, Mention, Origin, Segments, Token};
use crate::segment::titles::{Class, Titles};
use crate::span::Span;
use lists::NAMES;
use std::collections::HashSet;

/// The final mentions of an article.
#[must_use]
pub fn overlay(text: &str, segments: &Segments, found: Vec<Mention>) -> Vec<Mention> {
    let words = segments.tokens.iter().map(|t| t.span.of(text)).collect();
    let layers = Layers { text, tokens: &segments.tokens, segments, words };
    let mut kept: Vec<Mention> = layers.pseudonyms();
    add(&mut kept, layers.bodies());
    add(&mut kept, layers.nicknamed(&found));
    let free = found.into_iter().filter(|m| !taken(&kept, m.span)).collect();
    let mended = layers.joined(free).into_iter().filter_map(|m| layers.corrected(m)).collect();
    add(&mut kept, layers.without_furniture(mended));
    add(&mut kept, layers.products());
    layers.widen(&mut kept);
    let titled = layers.after_titles(&kept);
    // What stands after a rank is a person, whatever else the model took a part of it for.
    kept.retain(|k| matches!(k.label, Label::Per | Label::Anon) || !taken(&titled, k.span));
    add(&mut kept, titled);
    layers.agree(&mut kept);
    let repeated = layers.repeats(&kept);
    add(&mut kept, repeated);
    kept
}

/// Adds what overlaps nothing that is there, and keeps the order. `more` is in order.
fn add(kept: &mut Vec<Mention>, more: impl IntoIterator<Item = Mention>) {
    let mut added: Vec<Mention> = Vec::new();
    for mention in more {
        let clear = added.last().is_none_or(|last| last.span.end() <= mention.span.start());
        if !mention.span.is_empty() && clear && !taken(kept, mention.span) {
            added.push(mention);
        }
    }
    kept.append(&mut added);
    kept.sort_by_key(|mention| mention.span);
}

/// Those of the mentions, which are in order and apart, that share a byte with `span`.
fn overlapped(kept: &[Mention], span: Span) -> &[Mention] {
    &kept[kept.partition_point(|k| k.span.end() <= span.start())..kept.partition_point(|k| k.span.start() < span.end())]
}

/// Whether there are such.
fn taken(kept: &[Mention], span: Span) -> bool {
    !overlapped(kept, span).is_empty()
}

/// A name that a layer found by a list or by its surroundings.
fn listed(span: Span, label: Label, score: f32) -> Mention {
    Mention { span, label, kind: Kind::Name, score, origin: Origin::Gazetteer }
}

struct Layers<'a> {
    text: &'a str,
    tokens: &'a [Token],
    segments: &'a Segments,
    /// All words of the text.
    words: HashSet<&'a str>,
}

impl<'a> Layers<'a> {
    fn word(&self, i: usize) -> &'a str {
        self.tokens.get(i).map_or("", |t| t.span.of(self.text))
    }

    /// The token at a byte, or the first one after it.
    fn index_at(&self, byte: usize) -> usize {
        self.tokens.partition_point(|t| t.span.end() <= byte)
    }

    /// The tokens of a span that is not empty: the first one, and the one after the last.
    fn range(&self, span: Span) -> (usize, usize) {
        (self.index_at(span.start()), self.index_at(span.end().saturating_sub(1)) + 1)
    }

    fn span(&self, first: usize, end: usize) -> Span {
        self.tokens[first].span.hull(self.tokens[end - 1].span)
    }

    fn pseudonyms(&self) -> Vec<Mention> {
        let mention = |p: pseudonyms::Pseudonym| Mention {
            span: p.span,
            label: Label::Anon,
            kind: Kind::Pseudonym,
            score: 1.0,
            origin: Origin::Pseudonym,
        };
        pseudonyms::find(self.text, self.segments).into_iter().map(mention).collect()
    }

    fn reads(&self, i: usize, phrase: &str) -> Option<usize> {
        // The tokenizer cuts "Magistrates' Court" and "Chiefs'," before the apostrophe, and "King's" before the 's.
        let mut at = i;
        for word in phrase.split(' ') {
            let whole = self.word(at);
            if whole == word {
                at += 1;
            } else if !whole.is_empty() && word.starts_with(whole) && word[whole.len()..] == *self.word(at + 1) {
                at += 2;
            } else {
                return None;
            }
        }
        Some(at - i)
    }

    fn capitalised(&self, i: usize) -> bool {
        self.word(i).starts_with(char::is_uppercase)
    }

    fn sentence(&self, i: usize) -> usize {
        self.segments.sentences.partition_point(|s| s.tokens.end <= i)
    }

    fn same_sentence(&self, a: usize, b: usize) -> bool {
        b < self.tokens.len() && self.sentence(a) == self.sentence(b)
    }

    /// Whether the token is the first word of its sentence or of a quotation in it, so that its capital says nothing.
    fn opens(&self, i: usize) -> bool {
        i == 0 || !self.same_sentence(i - 1, i) || !self.word(i - 1).contains(|c: char| c.is_alphanumeric() || c == ',')
    }

    /// Whether the token can be a word of a person's name.
    fn name_word(&self, i: usize) -> bool {
        let word = self.word(i);
        self.capitalised(i)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '.'))
            && !NAMES.not_after_title.contains(&word.to_lowercase())
            && Titles::get().longest_at(self.text, self.tokens, i).is_none()
    }

    /// Whether a rank or a courtesy title ends right before token `i`.
    fn title_ends_at(&self, i: usize) -> bool {
        (i.saturating_sub(4)..i).any(|from| {
            Titles::get()
                .longest_at(self.text, &self.tokens[..i], from)
                .is_some_and(|t| from + t.tokens == i && !t.plural && matches!(t.entry.class, Class::Courtesy | Class::Rank))
        }) && self.same_sentence(i - 1, i)
    }
}
