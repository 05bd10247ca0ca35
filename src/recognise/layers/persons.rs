//! Takes the mentions so far, gives the names of persons that surround or extend them: words that belong to a name on either side,
//! names after titles, names with a bracket or a nickname inside, further places of a known surname. Refuses what could be
//! something else than a name: the model's silence counts.

use super::lists::{BODIES, NAMES};
use super::{Layers, listed, overlapped, taken};
use crate::document::{Kind, Label, Mention, Origin};
use crate::segment::titles::{Class, Titles};
use crate::span::Span;
use std::collections::BTreeSet;

/// How sure a layer is of a name that follows a title.
const AFTER_TITLE: f32 = 0.8;
/// How sure a layer is of a name that stands elsewhere in full.
const REPEATED: f32 = 0.9;

impl Layers<'_> {
    /// A person's name without the titles before it, the letters after it, a possessive, and words that run into it; nothing if
    /// no name is left.
    pub(super) fn trimmed(&self, mention: Mention) -> Option<Mention> {
        let (mut first, mut end) = self.range(mention.span);
        let begin = first;
        // No name goes across a gap of several spaces or a line's end.
        let apart = |i: usize| self.tokens[i].span.start() - self.tokens[i - 1].span.end() > 2;
        end = (first + 1..end).find(|&i| apart(i)).unwrap_or(end);
        while first < end {
            match Titles::get().longest_at(self.text, &self.tokens[..end], first) {
                Some(title) if title.entry.class != Class::Postnominal && first + title.tokens < end => first += title.tokens,
                _ => break,
            }
        }
        let collar = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_digit());
        while first + 1 < end && (collar(self.word(first)) || self.is_calling(first, end)) {
            first += 1;
        }
        while first < end {
            let last = self.word(end - 1);
            let postnominal = end - first > 1 && Titles::get().single(last).is_some_and(|e| e.class == Class::Postnominal);
            let lower = end - first > 1 && last.starts_with(char::is_lowercase);
            if postnominal || lower || matches!(last, "'s" | "’s" | "'" | "’" | "," | "." | "\"" | "”" | "“" | ")" | "(")
            {
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
        let no_name = NAMES.never.contains(&surface.to_lowercase())
            || surface.chars().filter(|c| c.is_alphabetic()).count() < 2
            || !surface.chars().any(char::is_uppercase)
            || (a_title && begin > 0);
        (!no_name).then_some(Mention { span, ..mention })
    }

    /// "Farmer Doreen Quill", "lock Joe Marl": the word says what somebody is and belongs to no name.
    fn is_calling(&self, first: usize, end: usize) -> bool {
        let word = self.word(first);
        let lower = word.starts_with(char::is_lowercase) && !NAMES.particles.contains(word);
        lower || (end - first > 2 && NAMES.callings.contains(&word.to_lowercase()))
    }

    /// "Quillsaid" is cut to "Quill" where "Quill" stands elsewhere as a word, "Quill14" before the number.
    fn unglued(&self, span: Span) -> Span {
        let surface = span.of(self.text);
        let cut = |length: usize| Span::new(self.text, span.start(), span.start() + length).unwrap_or(span);
        let letters = surface.trim_end_matches(|c: char| c.is_ascii_digit());
        if letters.ends_with(char::is_alphabetic) && letters.len() < surface.len() {
            return cut(letters.len());
        }
        for word in &NAMES.glued {
            let Some(rest) = surface.strip_suffix(word.as_str()) else { continue };
            let name = rest.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or(rest);
            if name.len() > 2 && self.words.contains(name) {
                return cut(rest.len());
            }
        }
        span
    }

    /// Words that belong to a name on either side, which models miss: after a title every capitalised word before it ("PC Kwabena
    /// [Mensah]"), in a sentence the one before a lone surname ("by Kwabena [Mensah]"), after it a surname in capitals
    /// ("[Lorna] BAINES") and the other half of a double one.
    pub(super) fn widen(&self, kept: &mut Vec<Mention>) {
        let mut reached = 0;
        for m in 0..kept.len() {
            if kept[m].label != Label::Per || kept[m].span.start() < reached {
                continue;
            }
            let first = self.index_at(kept[m].span.start());
            let mut start = first;
            while start > 0 && first - start < 3 && self.goes_before(start - 1, first) {
                start -= 1;
            }
            let clear = m == 0 || kept[m - 1].span.end().max(reached) <= self.tokens[start].span.start();
            let one_word = kept[m].span.len() == self.tokens[first].span.len() && start + 1 == first;
            let inside =
                start > 0 && self.same_sentence(start - 1, start) && self.word(start - 1).starts_with(char::is_lowercase);
            if start < first && clear && (self.title_ends_at(start) || (one_word && inside)) {
                kept[m].span = kept[m].span.hull(self.tokens[start].span);
            }
            let last = self.index_at(kept[m].span.end().saturating_sub(1)) + 1;
            let end = self.rest_of_name(last);
            if end > last {
                kept[m].span = kept[m].span.hull(self.tokens[end - 1].span);
            }
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

    /// Whether token `i` can belong to the name that goes on at `first`: a capitalised word, or after a title a particle ("Mr ap
    /// Huw").
    fn goes_before(&self, i: usize, first: usize) -> bool {
        let particle = NAMES.particles.contains(self.word(i)) && i > 0 && self.title_ends_at(i);
        (self.name_word(i) || particle) && self.same_sentence(i, first)
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

    /// Names with a first name in brackets after a title ("Pc (Joe) Marl"), or with a nickname inside ("Joe (Jo) Marl", "Joe “Jo”
    /// Marl"), where the model saw a person in one of the words.
    pub(super) fn nicknamed(&self, found: &[Mention]) -> Vec<Mention> {
        let person = |i: usize| overlapped(found, self.tokens[i].span).iter().any(|m| m.label == Label::Per);
        let mut names = Vec::new();
        for open in 0..self.tokens.len().saturating_sub(3) {
            let close = open + 2;
            let paired =
                matches!((self.word(open), self.word(close)), ("(", ")") | ("\"", "\"") | ("“", "”") | ("‘", "’") | ("'", "'"));
            if !paired || !self.name_word(open + 1) || !self.name_word(close + 1) || !self.same_sentence(open, close + 1) {
                continue;
            }
            let titled = self.word(open) == "(" && open > 0 && self.title_ends_at(open);
            let first_name = open > 0 && self.name_word(open - 1) && self.same_sentence(open - 1, open);
            let bracketed = titled && (person(open + 1) || person(close + 1));
            let inside = first_name && (person(open - 1) || person(close + 1));
            if !bracketed && !inside {
                continue;
            }
            let mut end = close + 2;
            while end < self.tokens.len() && self.name_word(end) && self.same_sentence(open, end) && person(end) {
                end += 1;
            }
            let span = self.span(if bracketed { open } else { open - 1 }, self.rest_of_name(end));
            names.push(listed(span, Label::Per, REPEATED));
        }
        names
    }

    /// Names after titles that the model missed, or took for something else than a person.
    pub(super) fn after_titles(&self, kept: &[Mention]) -> Vec<Mention> {
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
            let span = (end > first).then(|| self.span(first, end));
            let free =
                |s: Span| overlapped(kept, s).iter().all(|k| !matches!(k.label, Label::Per | Label::Anon) && s.covers(k.span));
            // "Lady Quill Infirmary" is a hospital.
            let a_body = |s: Span| end - first > 1 && BODIES.head(self.word(end - 1)) == Some(Label::Org) && taken(kept, s);
            if let Some(span) = span.filter(|s| s.len() > 2 && free(*s) && !a_body(*s) && self.same_sentence(i, first)) {
                found.push(listed(span, Label::Per, AFTER_TITLE));
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
        self.name_word(end) || (inside && (word == "-" || NAMES.particles.contains(word)))
    }

    /// Further places where the last word of a full name stands, capitalised and alone, and the model saw nothing.
    pub(super) fn repeats(&self, kept: &[Mention]) -> Vec<Mention> {
        let surnames: BTreeSet<&str> = kept
            .iter()
            .filter(|m| m.label == Label::Per && m.span.of(self.text).contains(char::is_whitespace))
            .flat_map(|m| {
                let name = m.span.of(self.text);
                let nickname = name.split(['(', '"', '“', '‘']).nth(1).and_then(|rest| rest.split([')', '"', '”', '’']).next());
                [name.split([' ', '\u{a0}', '-']).next_back(), nickname]
            })
            .flatten()
            .filter(|name| name.chars().count() > 2 && name.starts_with(char::is_uppercase))
            .collect();
        let mut found = Vec::new();
        for (i, token) in self.tokens.iter().enumerate() {
            if !surnames.contains(self.word(i)) || taken(kept, token.span) {
                continue;
            }
            let neighbour = |j: usize| self.capitalised(j) && j < self.tokens.len() && self.same_sentence(i.min(j), i.max(j));
            let party = |j: usize| {
                j < self.tokens.len()
                    && kept.iter().any(|k| k.span.start() == self.tokens[j].span.start() && k.label == Label::Anon)
            };
            let opens = i == 0 || !self.same_sentence(i - 1, i);
            let clear_left = opens || !neighbour(i - 1) || self.title_ends_at(i);
            if clear_left && (!neighbour(i + 1) || party(i + 1)) {
                let (label, kind) = (Label::Per, Kind::Name);
                found.push(Mention { span: token.span, label, kind, score: REPEATED, origin: Origin::Repeat });
            }
        }
        found
    }
}
