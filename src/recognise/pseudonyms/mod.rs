//! Takes a text and its tokens, gives its pseudonyms: "PC One", "Officer ‘A’", "Mr A", "PCs One and Two" (two mentions), the bare
//! letter of 'the teen known as "A"'. Refuses a collar number with a name ("PC 1234 Marl") and an initial with a surname.
//!
//! No model learns these: a letter says nothing in itself. What heads and codes there are stands in `pseudonyms.toml` and in the
//! lexicon of titles.

mod bare;

use crate::document::{Segments, Token};
use crate::segment::titles::{Class, Level, Titles};
use crate::span::Span;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A party named by a code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pseudonym {
    /// Head and code, or the code alone where the head stands with an earlier one or nowhere.
    pub span: Span,
    /// What stands before the code, in lower case and in the singular; empty for a bare letter.
    pub head: String,
    /// Who usually bears such a head.
    pub class: HeadClass,
    /// The sex that the head tells: `male`, `female`.
    pub sex: Option<&'static str>,
    /// The seniority that the head tells.
    pub level: Option<Level>,
    /// The code in capitals, number words as numbers: "A", "AB", "2", "BRAVO".
    pub code: String,
    /// Whether it is a bare letter that a phrase introduces as a name: the teen known as "A".
    pub introduced: bool,
}

/// Who usually bears a pseudonym with a given head.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadClass {
    /// Police officers and staff.
    Officer,
    /// Anybody: courtesy titles, "Colleague".
    Open,
    /// Hardly ever an officer: "Witness", "Child", "Female".
    Civilian,
    /// No head: a bare letter.
    Bare,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    head: Vec<Head>,
    codes: Codes,
    bare: Bare,
    sex: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    class: HeadClass,
    forms: Vec<String>,
    plurals: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Codes {
    words: Vec<String>,
    names: Vec<String>,
    links: Vec<String>,
    never: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bare {
    introducing: Vec<String>,
    never_after: Vec<String>,
    verbs: Vec<String>,
}

static DATA: LazyLock<Data> =
    LazyLock::new(|| toml::from_str(include_str!("pseudonyms.toml")).expect("a test reads the built-in pseudonyms"));

/// All pseudonyms of a text, in order, not overlapping.
#[must_use]
pub fn find(text: &str, segments: &Segments) -> Vec<Pseudonym> {
    let mut found = Vec::new();
    for sentence in &segments.sentences {
        let reader = Reader { text, tokens: &segments.tokens[sentence.tokens.clone()] };
        let mut i = 0;
        while i < reader.tokens.len() {
            i = reader.headed(i, &mut found).unwrap_or(i + 1);
        }
    }
    let bare = bare::letters(text, segments, &found);
    found.extend(bare);
    found.sort_by_key(|p| p.span);
    found
}

/// One sentence.
struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

/// A head as it was matched.
struct MatchedHead {
    name: String,
    class: HeadClass,
    sex: Option<&'static str>,
    level: Option<Level>,
    tokens: usize,
    plural: bool,
    courtesy: bool,
}

/// A code as it was matched: its text in capitals, and its tokens with and without quotation marks.
struct Code {
    text: String,
    first: usize,
    last: usize,
    /// The token after it and its closing quotation mark.
    next: usize,
}

impl<'a> Reader<'a> {
    fn word(&self, i: usize) -> &'a str {
        self.tokens.get(i).map_or("", |t| t.span.of(self.text))
    }

    /// Reads a head at token `i` with the code or codes after it. Gives the token to go on from.
    fn headed(&self, i: usize, found: &mut Vec<Pseudonym>) -> Option<usize> {
        let head = self.head(i)?;
        let mut at = i + head.tokens;
        if DATA.codes.links.contains(&self.word(at).to_lowercase()) {
            at += 1;
        }
        let lower = self.word(i).starts_with(char::is_lowercase);
        let code = self.code(at, &head, lower)?;
        let first = self.tokens[i].span.hull(self.tokens[code.last].span);
        let make = |span: Span, code: &Code| Pseudonym {
            span: self.without_stop(span, code),
            head: head.name.clone(),
            class: head.class,
            sex: head.sex,
            level: head.level,
            code: code.text.clone(),
            introduced: false,
        };
        found.push(make(first, &code));
        let mut next = code.next;
        while let Some(more) = self.another(next, &head, lower) {
            found.push(make(self.tokens[more.first].span.hull(self.tokens[more.last].span), &more));
            next = more.next;
        }
        Some(next)
    }

    /// "PC A." at the end of a sentence: the full stop is not part of the code.
    fn without_stop(&self, span: Span, code: &Code) -> Span {
        let last = self.tokens[code.last].span;
        let letters = self.word(code.last).trim_end_matches('.').len();
        Span::new(self.text, span.start(), last.start() + letters).unwrap_or(span)
    }

    /// After "PCs A": ", B", "and C", "to D", "-3".
    fn another(&self, at: usize, head: &MatchedHead, lower: bool) -> Option<Code> {
        let joint = self.word(at).to_lowercase();
        let joins =
            matches!(joint.as_str(), "and" | "&" | "or") || (head.plural && matches!(joint.as_str(), "," | "to" | "-" | "–"));
        if !joins {
            return None;
        }
        let after = if joint == "," && matches!(self.word(at + 1), "and" | "&") { at + 2 } else { at + 1 };
        let code = self.code(after, head, lower)?;
        // "Officer 1 and DC Z": a title of two letters is no code.
        if Titles::get().longest_at(self.text, self.tokens, after).is_some() && code.text.len() > 1 {
            return None;
        }
        // "PC A and I": with a single head only a code that could not be another word goes on.
        (head.plural || code.text != "I").then_some(code)
    }

    fn head(&self, i: usize) -> Option<MatchedHead> {
        let title = Titles::get().longest_at(self.text, self.tokens, i).and_then(|found| {
            let courtesy = match found.entry.class {
                Class::Courtesy => true,
                Class::Rank => false,
                _ => return None,
            };
            let class = if courtesy { HeadClass::Open } else { HeadClass::Officer };
            let sex = found.entry.sex.map(crate::segment::titles::Sex::as_str);
            let (name, level) = (found.entry.id.clone(), found.entry.level);
            Some(MatchedHead { name, class, sex, level, tokens: found.tokens, plural: found.plural, courtesy })
        });
        let listed = DATA.head.iter().find_map(|head| {
            let words = |form: &&String| form.split(' ').count();
            let single = head.forms.iter().filter(|form| self.reads(i, form)).max_by_key(words).map(|form| (form, form, false));
            let several = || head.plurals.iter().find(|(form, _)| self.reads(i, form)).map(|(form, name)| (form, name, true));
            let (form, name, plural) = single.or_else(several)?;
            let sex = ["female", "male"].into_iter().find(|sex| DATA.sex.get(*sex).is_some_and(|words| words.contains(form)));
            Some(MatchedHead {
                name: name.clone(),
                class: head.class,
                sex,
                level: None,
                tokens: form.split(' ').count(),
                plural,
                courtesy: false,
            })
        });
        match (title, listed) {
            (Some(title), Some(listed)) => Some(if listed.tokens > title.tokens { listed } else { title }),
            (title, listed) => title.or(listed),
        }
    }

    /// Whether the words of `form`, which are in lower case, stand at `i` in any casing.
    fn reads(&self, i: usize, form: &str) -> bool {
        form.split(' ').enumerate().all(|(k, word)| self.word(i + k).to_lowercase() == word)
    }

    fn code(&self, at: usize, head: &MatchedHead, lower: bool) -> Option<Code> {
        let quoted = is_quote(self.word(at));
        let first = if quoted { at + 1 } else { at };
        let raw = self.word(first);
        let word = raw.trim_end_matches('.');
        if word.is_empty() {
            return None;
        }
        let closed = quoted && is_quote(self.word(first + 1));
        if quoted && !closed {
            return None;
        }
        let next = first + if closed { 2 } else { 1 };
        let text = code_text(word, head, lower)?;
        // "The sergeant I know" says nothing of a Sergeant I.
        if text == "I" && lower && !quoted {
            return None;
        }
        // "JUNIOR OFFICER AT PARTY": where everything is in capitals two of them are a word.
        if text.len() == 2 && text.chars().all(|c| c.is_ascii_uppercase()) && !quoted && bare::headline(self) {
            return None;
        }
        let follower = self.word(next);
        let named = follower.starts_with(char::is_uppercase)
            && follower.chars().nth(1).is_some_and(|c| c.is_lowercase() || c == '\'' || c == '’')
            && !is_quote(raw);
        // "PC J. R. Marl" and "PC 12 Marl" are a name with an initial or a collar number.
        let initial = raw.ends_with('.') && follower.starts_with(char::is_uppercase);
        if (named || initial) && !closed {
            return None;
        }
        // The span of a quoted code keeps both quotation marks inside it.
        let last = if closed { first + 1 } else { first };
        Some(Code { text, first: at, last, next })
    }
}

/// The code in capitals, if `word` is one that may follow this head.
fn code_text(word: &str, head: &MatchedHead, lower: bool) -> Option<String> {
    let letters = word.chars().all(|c| c.is_ascii_uppercase());
    if letters && word.len() == 1 {
        return Some(word.to_owned());
    }
    if head.courtesy {
        return None;
    }
    let digits = word.chars().all(|c| c.is_ascii_digit()) && word.len() <= 2;
    let letter_and_digits = word.len() <= 3
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word[1..].chars().all(|c| c.is_ascii_digit())
        && word.len() > 1;
    let doubled = letters && word.len() == 2 && !DATA.codes.never.iter().any(|n| n == word);
    if digits || letter_and_digits || doubled {
        return Some(word.to_owned());
    }
    let same = |w: &String| w == word || (lower && w.to_lowercase() == word);
    let number = DATA.codes.words.iter().position(same);
    let named = number.is_some() || DATA.codes.names.iter().any(same);
    let numbered = named && (head.class != HeadClass::Civilian || word.starts_with(char::is_uppercase));
    // "PS Four" is "PS 4".
    numbered.then(|| number.map_or_else(|| word.to_uppercase(), |n| (n + 1).to_string()))
}

fn is_quote(word: &str) -> bool {
    matches!(word, "\"" | "'" | "“" | "”" | "‘" | "’" | "''" | "``")
}

#[cfg(test)]
mod tests;
