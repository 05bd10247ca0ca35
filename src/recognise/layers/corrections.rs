//! Takes what the model found, gives it put right, one mention at a time or two that touch: a name that was cut in pieces is whole
//! again, its last word tells what it names, titles with nothing behind them and words of page and procedure go. Refuses nothing.

use super::Layers;
use super::lists::{BODIES, NAMES};
use crate::document::{Label, Mention};
use crate::segment::titles::{Class, Match, Titles};
use crate::span::Span;
use std::collections::{BTreeSet, HashSet};

impl Layers<'_> {
    /// Mentions that are the pieces of one name, joined: "Moorland" and "Gate Hotel", "Hallam & Dray", "Joe" and "Marl".
    pub(super) fn joined(&self, found: Vec<Mention>) -> Vec<Mention> {
        let mut whole: Vec<Mention> = Vec::new();
        for mention in found {
            let label = whole.last().and_then(|last| self.one_name(last, &mention));
            match (whole.last_mut(), label) {
                (Some(last), Some(label)) => {
                    let parts = [last.span.len(), mention.span.len()].map(|n| n as f32);
                    last.score = (last.score * parts[0] + mention.score * parts[1]) / (parts[0] + parts[1]);
                    last.span = last.span.hull(mention.span);
                    last.label = label;
                }
                _ => whole.push(mention),
            }
        }
        whole
    }

    /// The label of the name of which `a` and `b`, which follows it, are pieces; nothing where they are two names.
    fn one_name(&self, a: &Mention, b: &Mention) -> Option<Label> {
        let gap = self.text.get(a.span.end()..b.span.start())?;
        let (first, end) = (self.index_at(a.span.start()), self.range(b.span).1);
        let (left, right) = (self.word(self.range(a.span).1 - 1), self.word(self.index_at(b.span.start())));
        let product = |m: &Mention| BODIES.is_product(m.span.of(self.text));
        let a_name = right.starts_with(char::is_uppercase) || right == "&";
        if !self.same_sentence(first, end - 1) || !a_name || product(a) || product(b) {
            return None;
        }
        let sure = if a.score * a.span.len() as f32 >= b.score * b.span.len() as f32 { &a.label } else { &b.label };
        let head = BODIES.head(self.word(end - 1)).filter(|_| end - first > 1);
        let persons = a.label == Label::Per && b.label == Label::Per;
        match gap {
            " " if persons => Some(Label::Per),
            // "Joe" a person, "Marl" something else: the surname was missed.
            " " if a.label == Label::Per && a.span.of(self.text) == left && b.span.of(self.text) == right => {
                Some(head.unwrap_or(Label::Per))
            }
            " " if right == "&" => Some(Label::Org),
            // "QUILL, Ada", as notices have it.
            ", " if b.label == Label::Per && a.span.of(self.text) == left && is_shouted(left) && self.opens(first) => {
                Some(Label::Per)
            }
            " " if a.label == Label::Per || b.label == Label::Per => head.filter(|head| *head != Label::Misc),
            " " => Some(head.unwrap_or_else(|| sure.clone())),
            "-" => Some(sure.clone()),
            " & " => Some(Label::Org),
            " and " if b.label == Label::Org && a.label == Label::Org && head.is_some() => {
                let many = left.ends_with('s') || matches!(left, "'" | "’");
                (many && BODIES.head(left).is_none()).then_some(Label::Org)
            }
            "' and " | "’ and " if head.is_some() => Some(Label::Org),
            _ => None,
        }
    }

    /// What the model found, put right: a rank or a courtesy title makes its bearer a person, whatever the model said, and the words
    /// for those who take part in a hearing name nobody.
    pub(super) fn corrected(&self, mention: Mention) -> Option<Mention> {
        let (first, _) = self.range(mention.span);
        if mention.label == Label::Per {
            let mention = self.trimmed(mention)?;
            return Some(self.by_head(mention));
        }
        let title = Titles::get().longest_at(self.text, self.tokens, first);
        // "General Medical Council", "Lord Mayor": only ranks of the police and plain courtesy titles are proof of a person.
        let proof = |t: &Match| !t.plural && (t.entry.police || (t.entry.class == Class::Courtesy && t.entry.sex.is_some()));
        if let Some(title) = title.filter(proof) {
            let after = first + title.tokens;
            let digits = |i: usize| !self.word(i).is_empty() && self.word(i).chars().all(|c| c.is_ascii_digit());
            let name = after + usize::from(title.entry.police && digits(after));
            let within = |i: usize| i < self.tokens.len() && self.tokens[i].span.end() <= mention.span.end();
            if !within(name) {
                // "DCC" alone, "PC 3390": the name comes after it.
                return None;
            }
            if self.name_word(name) {
                return self.trimmed(Mention { label: Label::Per, ..mention });
            }
        }
        let mention = self.bounded(mention)?;
        (!self.is_no_name(&mention)).then(|| self.by_head(mention))
    }

    /// A name without the words in lower case before and after it ("Channelshire force"), and with the capital "The" of a paper.
    fn bounded(&self, mention: Mention) -> Option<Mention> {
        let (mut first, mut end) = self.range(mention.span);
        let lower = |i: usize| {
            let word = self.word(i);
            let plain = !word.chars().any(|c| c.is_uppercase() || c.is_ascii_digit());
            plain && !BODIES.products.contains(word)
        };
        while first < end && lower(first) {
            first += 1;
        }
        if end - first > 2 && self.word(first + 1) == "-" && BODIES.tied.contains(&self.word(first).to_lowercase()) {
            first += 2;
        }
        let saint = self.word(first) == "St";
        let rank = |i: usize| Titles::get().longest_at(self.text, self.tokens, i).is_some_and(|t| t.entry.class == Class::Rank);
        while first < end {
            let last = self.word(end - 1);
            let closes = matches!(last, ")" | "'" | "’" | "\"" | "!") || (saint && matches!(last, "'s" | "’s"));
            let outside = (lower(end - 1) && !closes) || (end - first > 1 && rank(end - 1));
            if !outside {
                break;
            }
            end -= 1;
        }
        if saint && matches!(self.word(end), "'s" | "’s") {
            end += 1;
        }
        if first >= end {
            return None;
        }
        let the = first > 0 && self.word(first - 1) == "The" && self.same_sentence(first - 1, first);
        if the && (BODIES.papers.contains(self.word(end - 1)) || !self.opens(first - 1)) {
            first -= 1;
        }
        let span = self.span(first, end);
        // Where the model cut inside a token, its own end holds.
        let (start, stop) = (self.range(mention.span).0, self.range(mention.span).1);
        let from = if start == first { span.start().max(mention.span.start()) } else { span.start() };
        let to = if stop == end { span.end().min(mention.span.end()) } else { span.end() };
        let span = Span::new(self.text, from, to).ok()?;
        Some(Mention { span, ..mention })
    }

    /// A name of several words whose last word tells what it names.
    fn by_head(&self, mention: Mention) -> Mention {
        let (first, end) = self.range(mention.span);
        if BODIES.is_product(mention.span.of(self.text)) {
            return Mention { label: Label::Misc, ..mention };
        }
        if end - first < 2 {
            return mention;
        }
        let head = BODIES.head(self.word(end - 1)).or_else(|| BODIES.opening(self.word(first)));
        // "Joe Hall" and "Ada Street" are people if the model says so; nobody is called Gazette.
        let surname = mention.label == Label::Per && head != Some(Label::Org);
        match head {
            Some(label) if !surname && !self.title_ends_at(first) => Mention { label, ..mention },
            _ => mention,
        }
    }

    /// What is no name: words of procedure and of the page, bare numbers, addresses of mail, "Regulation 63", "Room 2".
    fn is_no_name(&self, mention: &Mention) -> bool {
        let surface = mention.span.of(self.text);
        let lower = surface.to_lowercase();
        let letters = surface.chars().filter(|c| c.is_alphabetic()).count();
        let unnumbered = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
        let lettered = lower.rsplit_once(' ').filter(|(_, last)| last.len() == 1).map_or(lower.as_str(), |(words, _)| words);
        let numbered = [unnumbered, lettered].iter().any(|words| words.len() < lower.len() && NAMES.numbered.contains(*words));
        let glued = mention.label == Label::Misc && surface.starts_with(|c: char| c.is_ascii_digit());
        NAMES.generic.contains(&lower) || letters < 2 || surface.contains('@') || numbered || glued
    }

    /// Without the words that only their place made look like names: one that opens a sentence and stands elsewhere in lower case, and
    /// in a line of capitals whatever does not stand elsewhere as a name.
    pub(super) fn without_furniture(&self, found: Vec<Mention>) -> Vec<Mention> {
        let several = |m: &&Mention| self.range(m.span).1 - self.range(m.span).0 > 1;
        let words = |m: &Mention| m.span.of(self.text).split([' ', '-', '\u{a0}']).map(str::to_lowercase).collect::<Vec<_>>();
        let plain = |m: &&Mention| m.span.of(self.text).chars().any(char::is_lowercase);
        let inner = |m: &&Mention| several(m) || !self.opens(self.index_at(m.span.start()));
        let of_names: BTreeSet<String> = found.iter().filter(several).filter(plain).flat_map(words).collect();
        let parts: BTreeSet<String> = found.iter().filter(inner).filter(plain).flat_map(words).collect();
        let lower: HashSet<&str> = self.words.iter().copied().filter(|w| w.starts_with(char::is_lowercase)).collect();
        found
            .into_iter()
            .filter(|m| {
                let (first, end) = self.range(m.span);
                let surface = m.span.of(self.text).to_lowercase();
                let alone = end - first == 1;
                let generic = NAMES.generic.contains(&surface) || NAMES.callings.contains(&surface);
                if self.title_ends_at(first) {
                    return true;
                }
                if alone && generic && !of_names.contains(&surface) {
                    return false;
                }
                let known = words(m).iter().any(|word| parts.contains(word));
                if known || BODIES.head(self.word(end - 1)).is_some() {
                    return true;
                }
                if is_shouted(m.span.of(self.text)) {
                    let byline = first > 0 && self.word(first - 1).eq_ignore_ascii_case("by");
                    let nothing = match m.label {
                        Label::Per => alone || self.in_capitals(first, end),
                        Label::Loc => self.in_capitals(first, end),
                        Label::Misc => true,
                        _ => false,
                    };
                    return byline || !nothing;
                }
                let common = lower.contains(surface.as_str()) && self.opens(first);
                !(alone && common)
            })
            .collect()
    }

    /// Whether the words around the tokens `first..end` are in capitals too, so that capitals say nothing.
    fn in_capitals(&self, first: usize, end: usize) -> bool {
        let sentence = &self.segments.sentences[self.sentence(first).min(self.segments.sentences.len() - 1)].tokens;
        let around = (first.saturating_sub(2)..first).chain(end..end + 2).filter(|i| sentence.contains(i));
        around.map(|i| self.word(i)).any(|w| w.chars().count() > 2 && is_shouted(w))
    }
}

/// Whether a word or name has no letter in lower case.
fn is_shouted(name: &str) -> bool {
    name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_lowercase)
}
