//! Takes what the model found, gives the final mentions of an article: pseudonyms overrule the model, names lose titles and page
//! noise, names and bodies that the model missed are added where their surroundings leave no doubt. Refuses nothing: whatever
//! comes in, mentions come out in order and do not overlap.

use super::pseudonyms;
use crate::document::{Kind, Label, Mention, Origin, Segments, Token};
use crate::segment::titles::{Class, Match, Titles};
use crate::span::Span;
use serde::Deserialize;
use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

/// How sure a layer is of a name that follows a title.
const AFTER_TITLE: f32 = 0.8;
/// How sure a layer is of a name that stands elsewhere in full.
const REPEATED: f32 = 0.9;
/// How sure a layer is of a body that it knows by its ending.
const KNOWN_BODY: f32 = 0.9;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    never: BTreeSet<String>,
    glued: Vec<String>,
    particles: BTreeSet<String>,
    not_after_title: BTreeSet<String>,
    generic: BTreeSet<String>,
    bodies: Bodies,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bodies {
    endings: Vec<String>,
    names: Vec<String>,
    not_before: BTreeSet<String>,
}

static DATA: LazyLock<Data> =
    LazyLock::new(|| toml::from_str(include_str!("names.toml")).expect("a test reads the built-in names"));

/// The final mentions of an article.
#[must_use]
pub fn overlay(text: &str, segments: &Segments, found: Vec<Mention>) -> Vec<Mention> {
    let words = segments.tokens.iter().map(|t| t.span.of(text)).collect();
    let layers = Layers { text, tokens: &segments.tokens, segments, words };
    let mut kept: Vec<Mention> = layers.pseudonyms();
    add(&mut kept, layers.bodies());
    add(&mut kept, found.into_iter().filter_map(|m| layers.corrected(m)));
    layers.widen(&mut kept);
    let titled = layers.after_titles(&kept);
    // What stands after a rank is a person, whatever else the model took a part of it for.
    kept.retain(|k| matches!(k.label, Label::Per | Label::Anon) || !taken(&titled, k.span));
    add(&mut kept, titled);
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

    fn index_at(&self, byte: usize) -> usize {
        self.tokens.partition_point(|t| t.span.end() <= byte)
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

    /// What the model found, put right: a rank or a courtesy title makes its bearer a person, whatever the model said, and the words
    /// for those who take part in a hearing name nobody.
    fn corrected(&self, mention: Mention) -> Option<Mention> {
        if mention.label == Label::Per {
            return self.trimmed(mention);
        }
        if DATA.generic.contains(&mention.span.of(self.text).to_lowercase()) {
            return None;
        }
        let first = self.index_at(mention.span.start());
        let title = Titles::get().longest_at(self.text, self.tokens, first);
        // "General Medical Council", "Lord Mayor": only ranks of the police and plain courtesy titles are proof of a person.
        let proof = |t: &Match| !t.plural && (t.entry.police || (t.entry.class == Class::Courtesy && t.entry.sex.is_some()));
        match title.filter(proof) {
            Some(title)
                if self.name_word(first + title.tokens) && self.tokens[first + title.tokens].span.end() <= mention.span.end() =>
            {
                self.trimmed(Mention { label: Label::Per, ..mention })
            }
            _ => Some(mention),
        }
    }

    /// A person's name without the titles before it, the letters after it, a possessive, and words that run into it; nothing if
    /// no name is left.
    fn trimmed(&self, mention: Mention) -> Option<Mention> {
        let mut first = self.index_at(mention.span.start());
        let mut end = self.index_at(mention.span.end().saturating_sub(1)) + 1;
        while first < end {
            match Titles::get().longest_at(self.text, &self.tokens[..end], first) {
                Some(title) if title.entry.class != Class::Postnominal && first + title.tokens < end => first += title.tokens,
                _ => break,
            }
        }
        while first < end {
            let last = self.word(end - 1);
            let postnominal = end - first > 1 && Titles::get().single(last).is_some_and(|e| e.class == Class::Postnominal);
            if postnominal || matches!(last, "'s" | "’s" | "'" | "’" | "," | "." | "\"" | "”" | "“" | ")" | "(") {
                end -= 1;
            } else {
                break;
            }
        }
        if first >= end {
            return None;
        }
        let start = self.tokens[first].span.start().max(mention.span.start());
        let stop = self.tokens[end - 1].span.end().min(mention.span.end().max(self.tokens[end - 1].span.start()));
        let span = self.unglued(Span::new(self.text, start, stop).ok()?);
        let surface = span.of(self.text);
        let a_title = Titles::get().longest_at(self.text, &self.tokens[first..end], 0).is_some_and(|t| t.tokens == end - first);
        let no_name = DATA.never.contains(&surface.to_lowercase())
            || surface.chars().filter(|c| c.is_alphabetic()).count() < 2
            || !surface.chars().any(char::is_uppercase)
            || (a_title && first > 0);
        (!no_name).then_some(Mention { span, ..mention })
    }

    /// "Quillsaid" is cut to "Quill" where "Quill" stands elsewhere as a word.
    fn unglued(&self, span: Span) -> Span {
        let surface = span.of(self.text);
        for word in &DATA.glued {
            let Some(rest) = surface.strip_suffix(word.as_str()) else { continue };
            let name = rest.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or(rest);
            if name.len() > 2 && self.words.contains(name) {
                return Span::new(self.text, span.start(), span.start() + rest.len()).unwrap_or(span);
            }
        }
        span
    }

    /// Bodies known by name or by their ending ("Wealdshire Police").
    fn bodies(&self) -> Vec<Mention> {
        let mut found = Vec::new();
        for i in 0..self.tokens.len() {
            if let Some(length) = DATA.bodies.names.iter().filter_map(|name| self.reads(i, name)).max() {
                found.push(self.body(i, i + length));
            } else if let Some(length) = DATA.bodies.endings.iter().filter_map(|ending| self.reads(i, ending)).max() {
                let mut first = i;
                while first > 0 && i - first < 4 && self.in_body(first - 1) {
                    first -= 1;
                }
                while first < i && self.word(first) == "and" {
                    first += 1;
                }
                if first < i {
                    found.push(self.body(first, i + length));
                }
            }
        }
        found
    }

    /// Whether the token can belong to the name of a body that goes on after it.
    fn in_body(&self, i: usize) -> bool {
        let word = self.word(i);
        let joins = word == "and" && i > 0 && self.capitalised(i - 1) && self.capitalised(i + 1);
        let same_line = self.same_sentence(i, i + 1);
        let fits = self.capitalised(i) && !DATA.bodies.not_before.contains(&word.to_lowercase());
        same_line && (joins || fits) && Titles::get().longest_at(self.text, self.tokens, i).is_none()
    }

    fn body(&self, first: usize, end: usize) -> Mention {
        let span = self.tokens[first].span.hull(self.tokens[end - 1].span);
        Mention { span, label: Label::Org, kind: Kind::Name, score: KNOWN_BODY, origin: Origin::Gazetteer }
    }

    fn reads(&self, i: usize, phrase: &str) -> Option<usize> {
        let words = phrase.split(' ').count();
        phrase.split(' ').enumerate().all(|(k, w)| self.word(i + k) == w).then_some(words)
    }

    fn capitalised(&self, i: usize) -> bool {
        self.word(i).starts_with(char::is_uppercase)
    }

    fn same_sentence(&self, a: usize, b: usize) -> bool {
        let sentence = |i: usize| self.segments.sentences.partition_point(|s| s.tokens.end <= i);
        b < self.tokens.len() && sentence(a) == sentence(b)
    }

    /// Words that belong to a name on either side, which models miss: after a title every capitalised word before it ("PC Kwabena
    /// [Mensah]"), in a sentence the one before a lone surname ("by Kwabena [Mensah]"), after it a surname in capitals ("[Lorna] BAINES") and the other half of a double one.
    fn widen(&self, kept: &mut Vec<Mention>) {
        let mut reached = 0;
        for m in 0..kept.len() {
            if kept[m].label != Label::Per || kept[m].span.start() < reached {
                continue;
            }
            let first = self.index_at(kept[m].span.start());
            let mut start = first;
            while start > 0 && first - start < 3 && self.name_word(start - 1) && self.same_sentence(start - 1, first) {
                start -= 1;
            }
            let clear = m == 0 || kept[m - 1].span.end().max(reached) <= self.tokens[start].span.start();
            let one_word = kept[m].span.len() == self.tokens[first].span.len() && start + 1 == first;
            let inside =
                start > 0 && self.same_sentence(start - 1, start) && self.word(start - 1).starts_with(char::is_lowercase);
            if start < first && clear && (self.title_ends_at(start) || (one_word && inside)) {
                kept[m].span = kept[m].span.hull(self.tokens[start].span);
            }
            let end = self.rest_of_name(self.index_at(kept[m].span.end().saturating_sub(1)) + 1);
            kept[m].span = kept[m].span.hull(self.tokens[end - 1].span);
            reached = kept[m].span.end();
        }
        // What the model made of the words that were taken in goes.
        let mut end = 0;
        kept.retain(|mention| {
            let apart = mention.span.start() >= end;
            end = end.max(mention.span.end());
            apart
        });
    }

    /// The token after the name of which the tokens before `end` are the beginning.
    fn rest_of_name(&self, mut end: usize) -> usize {
        loop {
            let joined = |i: usize| !self.tokens[i - 1].space_after;
            let half =
                self.word(end) == "-" && joined(end) && end + 1 < self.tokens.len() && joined(end + 1) && self.name_word(end + 1);
            let shouted = self.word(end).chars().count() > 2
                && self.word(end).chars().all(|c| c.is_uppercase() || matches!(c, '\'' | '’'))
                && self.same_sentence(end - 1, end)
                && self.word(end - 1).chars().any(char::is_lowercase)
                && self.name_word(end);
            match (half, shouted) {
                (true, _) => end += 2,
                (_, true) => end += 1,
                _ => return end,
            }
        }
    }

    fn name_word(&self, i: usize) -> bool {
        let word = self.word(i);
        self.capitalised(i)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '.'))
            && !DATA.not_after_title.contains(&word.to_lowercase())
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

    /// Names after titles that the model missed, or took for something else than a person.
    fn after_titles(&self, kept: &[Mention]) -> Vec<Mention> {
        let mut found = Vec::new();
        let mut i = 0;
        while i < self.tokens.len() {
            let title = Titles::get().longest_at(self.text, self.tokens, i);
            let Some(title) = title.filter(|t| !t.plural && matches!(t.entry.class, Class::Courtesy | Class::Rank)) else {
                i += 1;
                continue;
            };
            let mut first = i + title.tokens;
            // A collar number stands between rank and name.
            if title.entry.police && self.word(first).len() > 2 && self.word(first).chars().all(|c| c.is_ascii_digit()) {
                first += 1;
            }
            let mut end = first;
            while end < self.tokens.len() && end - first < 5 && self.continues(first, end) {
                end += 1;
            }
            while end > first && !self.name_word(end - 1) {
                end -= 1;
            }
            let span = (end > first).then(|| self.tokens[first].span.hull(self.tokens[end - 1].span));
            let free =
                |s: Span| overlapped(kept, s).iter().all(|k| !matches!(k.label, Label::Per | Label::Anon) && s.covers(k.span));
            if let Some(span) = span.filter(|s| s.len() > 2 && free(*s) && self.same_sentence(i, first)) {
                let label = Label::Per;
                found.push(Mention { span, label, kind: Kind::Name, score: AFTER_TITLE, origin: Origin::Gazetteer });
            }
            i += title.tokens;
        }
        found
    }

    /// Whether token `end` goes on with a name that starts at `first`.
    fn continues(&self, first: usize, end: usize) -> bool {
        if end > first && !self.same_sentence(first, end) {
            return false;
        }
        let inside = end > first && self.name_word(end + 1);
        let word = self.word(end);
        self.name_word(end) || (inside && (word == "-" || DATA.particles.contains(word)))
    }

    /// Further places where the last word of a full name stands, capitalised and alone, and the model saw nothing.
    fn repeats(&self, kept: &[Mention]) -> Vec<Mention> {
        let surnames: BTreeSet<&str> = kept
            .iter()
            .filter(|m| m.label == Label::Per && m.span.of(self.text).contains(char::is_whitespace))
            .filter_map(|m| m.span.of(self.text).split([' ', '\u{a0}', '-']).next_back())
            .filter(|name| name.chars().count() > 3 && name.starts_with(char::is_uppercase))
            .collect();
        let mut found = Vec::new();
        for (i, token) in self.tokens.iter().enumerate() {
            if !surnames.contains(self.word(i)) || taken(kept, token.span) {
                continue;
            }
            let neighbour = |j: usize| self.capitalised(j) && j < self.tokens.len() && self.same_sentence(i.min(j), i.max(j));
            let opens = i == 0 || !self.same_sentence(i - 1, i);
            let clear_left = opens || !neighbour(i - 1) || self.title_ends_at(i);
            if clear_left && !neighbour(i + 1) {
                let (label, kind) = (Label::Per, Kind::Name);
                found.push(Mention { span: token.span, label, kind, score: REPEATED, origin: Origin::Repeat });
            }
        }
        found
    }
}
