//! Takes the tokens of an article, gives the names that a list knows whatever the model says: bodies by name or by their ending
//! ("Wealdshire Police Federation"), places of the same make, laws with their year, roads by number, products. Refuses nothing.

use super::lists::BODIES;
use super::{Layers, listed};
use crate::document::{Label, Mention};
use crate::segment::titles::{Class, Titles};

/// How sure a layer is of a name that it knows.
const KNOWN: f32 = 0.9;
/// The longest name of a law, in tokens, and of what stands before a body's ending.
const LONGEST_LAW: usize = 14;
const LONGEST_PREFIX: usize = 4;

impl Layers<'_> {
    /// All names of that sort, in order, not overlapping.
    pub(super) fn bodies(&self) -> Vec<Mention> {
        let mut found: Vec<Mention> = Vec::new();
        let mut i = 0;
        while i < self.tokens.len() {
            let Some((first, end, label)) = self.known_at(i) else {
                i += 1;
                continue;
            };
            let span = self.span(first, end);
            while found.last().is_some_and(|last| span.covers(last.span)) {
                found.pop();
            }
            if found.last().is_none_or(|last| last.span.end() <= span.start()) {
                found.push(listed(span, label, KNOWN));
            }
            i = end;
        }
        found
    }

    /// A known name whose ending, or which itself, stands at token `i`: its first token, the one after it, and its label.
    fn known_at(&self, i: usize) -> Option<(usize, usize, Label)> {
        if !self.capitalised(i) {
            return None;
        }
        if let Some(end) = self.case_at(i) {
            return Some((i, end, Label::Misc));
        }
        if let Some(end) = self.law_at(i) {
            return Some((i, end, Label::Misc));
        }
        let longest = |list: &[String]| list.iter().filter_map(|phrase| self.reads(i, phrase)).max().unwrap_or(0);
        let (own, of_place) = (longest(&BODIES.names), longest(&BODIES.names_for));
        let (ending, whole, place) = (longest(&BODIES.endings), longest(&BODIES.whole_endings), longest(&BODIES.place_endings));
        let most = [own, of_place, ending, whole, place].into_iter().max().filter(|&n| n > 0);
        let Some(most) = most else { return self.is_road(i).then_some((i, i + 1, Label::Loc)) };
        // "Met on an app, they …": a capital that only opens the sentence.
        let word = self.word(i);
        if most == 1 && self.opens(i) && word.chars().any(char::is_lowercase) && self.words.contains(word.to_lowercase().as_str())
        {
            return None;
        }
        let end = i + most;
        if of_place == most {
            return Some((i, self.after_for(end), Label::Org));
        }
        let prefix = self.prefix(i);
        match () {
            () if most == whole => Some((prefix, end, Label::Org)),
            () if most == own => Some((i, end, Label::Org)),
            // "Wealdshire Police and Crime Commissioner Ada Quill" names an office, not a body.
            () if prefix == i || self.longer_office(i, most) => None,
            () if most == place => Some((prefix, end, Label::Loc)),
            () => Some((prefix, end, Label::Org)),
        }
    }

    /// The first of the capitalised words before token `i` that belong to a name which goes on there.
    fn prefix(&self, i: usize) -> usize {
        let mut first = i;
        while first > 0 && i - first < LONGEST_PREFIX && self.in_body(first - 1) {
            first -= 1;
        }
        while first < i && matches!(self.word(first), "and" | "&" | "'" | "’" | "'s" | "’s" | "-") {
            first += 1;
        }
        first
    }

    /// Whether the token can belong to the name of a body that goes on after it.
    fn in_body(&self, i: usize) -> bool {
        let word = self.word(i);
        let joins = matches!(word, "and" | "&") && i > 0 && self.capitalised(i - 1) && self.capitalised(i + 1);
        let saint = matches!(word, "'s" | "’s") && i > 1 && self.word(i - 2) == "St";
        let hyphen = word == "-" && i > 0 && !self.tokens[i].space_after && !self.tokens[i - 1].space_after;
        let same_line = self.same_sentence(i, i + 1);
        let fits = self.capitalised(i) && !BODIES.not_before.contains(&word.to_lowercase());
        same_line && (joins || hyphen || saint || fits) && Titles::get().longest_at(self.text, self.tokens, i).is_none()
    }

    fn longer_office(&self, i: usize, tokens: usize) -> bool {
        let title = Titles::get().longest_at(self.text, self.tokens, i);
        title.is_some_and(|t| t.entry.class == Class::Office && t.tokens > tokens)
    }

    /// "… for Wealdshire": the token after the place.
    fn after_for(&self, end: usize) -> usize {
        if self.word(end) != "for" {
            return end;
        }
        let place = (end + 1..).take_while(|&i| self.capitalised(i) && self.same_sentence(end, i)).count();
        if place == 0 { end } else { end + 1 + place }
    }

    /// The token after the law whose name begins at token `i` ("Police (Conduct) Regulations 2020").
    fn law_at(&self, i: usize) -> Option<usize> {
        if BODIES.not_before.contains(&self.word(i).to_lowercase()) || BODIES.laws.contains(self.word(i)) {
            return None;
        }
        let joins = |word: &str| matches!(word, "(" | ")" | "," | "and" | "of" | "from" | "at" | "-");
        for at in i + 1..(i + LONGEST_LAW).min(self.tokens.len()) {
            let hyphened = self.word(at - 1) == "-";
            if !self.same_sentence(i, at) || !(joins(self.word(at)) || self.capitalised(at) || hyphened) {
                return None;
            }
            let year = self.word(at + 1);
            if BODIES.laws.contains(self.word(at)) && year.len() == 4 && year.chars().all(|c| c.is_ascii_digit()) {
                return Some(at + 2);
            }
        }
        None
    }

    /// The token after the case at token `i`: "SRA v Quill", one word a side, so that no match of football is one.
    fn case_at(&self, i: usize) -> Option<usize> {
        let alone = |j: usize| !self.capitalised(j) || !self.same_sentence(i, j);
        let party = |j: usize| self.capitalised(j) && self.same_sentence(i, j) && self.word(j).len() > 1;
        let case = matches!(self.word(i + 1), "v" | "v.") && party(i) && party(i + 2);
        (case && alone(i + 3) && (i == 0 || !self.capitalised(i - 1))).then_some(i + 3)
    }

    /// Products and platforms that the model missed, in order.
    pub(super) fn products(&self) -> Vec<Mention> {
        let known = |i: usize| BODIES.products.iter().filter_map(|name| self.reads(i, name)).max();
        let found = (0..self.tokens.len()).filter_map(|i| known(i).map(|n| self.span(i, i + n)));
        found.map(|span| listed(span, Label::Misc, KNOWN)).collect()
    }

    /// "A698", "M6", "B4231".
    fn is_road(&self, i: usize) -> bool {
        let word = self.word(i);
        let number = word.strip_prefix(['A', 'B', 'M']).unwrap_or_default();
        let digits = if word.starts_with('M') { 1..=3 } else { 2..=4 };
        digits.contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit())
    }
}
