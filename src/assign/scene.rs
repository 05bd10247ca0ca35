//! Takes a text with its segments, mentions and entities, gives one line of plain words in which every mention is a slot such as
//! `<P3||female|police>`, so that role patterns can be regular expressions. Knows which stretch of the text each word came from.
//! Refuses nothing.
//!
//! A "he" or "she" that goes on from the sentence before, where only one party can be meant, is a slot of that party.
//! Titles before a name and letters after it are part of the slot ("Chief Constable Ada Quill KC" is one slot) and show as
//! its traits; so are the traits of the entity's other mentions. What patterns should not have to think about is levelled:
//! case, quotation marks, square brackets and hyphens; round brackets and dashes read as commas.

use super::pattern::{OWNER, PARAGRAPH, SLOT_CLOSE, SLOT_OPEN};
use crate::document::{Label, Mention, Segments};
use crate::link::{self, Linked};
use crate::span::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// An article as patterns see it.
///
/// It is laid out twice: once with every mention as a slot, and once with persons alone, so that "the Police Federation's chairman"
/// can be met both as an organisation's and by its words.
pub(crate) struct Scene {
    line: String,
    words: Vec<Word>,
}

struct Word {
    /// Where it stands in the line.
    at: usize,
    /// The stretch of text it stands for; empty for the marks that no text stands for.
    span: Span,
    /// The mention, if it is a slot.
    mention: Option<usize>,
}

/// A stretch of a scene's line that a pattern matched.
pub(crate) struct Found {
    /// The words, as a range.
    words: Range<usize>,
}

/// What each entity is known to be, by words such as `police`, `female`, `judge`.
pub(crate) type Traits = Vec<BTreeSet<String>>;

impl Scene {
    /// Lays out the article, with the mentions that `shown` lets through as slots and all others as the words they are. `traits`
    /// are those of each entity, `watched` the traits that some pattern forbids: their absence is
    /// written out as `!trait`.
    pub(crate) fn new(
        text: &str,
        segments: &Segments,
        linked: &Linked,
        traits: &Traits,
        watched: &BTreeSet<String>,
        shown: impl Fn(&Label) -> bool,
    ) -> Self {
        let mut slots = Vec::with_capacity(linked.mentions.len());
        for (entity, known) in linked.entities.iter().enumerate().filter(|(_, e)| shown(&e.label)) {
            let earliest = known.mentions.iter().min_by_key(|&&m| linked.mentions[m].span);
            for &mention in &known.mentions {
                let Mention { span, label, .. } = &linked.mentions[mention];
                let own = if earliest == Some(&mention) { "first" } else { "again" };
                slots.push(Slot { mention, span: linked.titled[mention].whole(*span), entity, own, letter: letter(label) });
            }
        }
        slots.sort_by_key(|slot| slot.span);
        let scene = Self { line: String::new(), words: Vec::new() };
        let mut layout = Layout { text, traits, watched, scene, focus: Focus::default() };
        layout.fill(segments, &slots);
        layout.scene
    }

    /// The paragraph that holds byte `at` of the line, in bytes of the line.
    pub(crate) fn paragraph(&self, at: usize) -> Range<usize> {
        let start = self.line[..at].rfind(PARAGRAPH).map_or(0, |i| i + PARAGRAPH.len());
        let end = self.line[at..].find(PARAGRAPH).map_or(self.line.len(), |i| at + i);
        start..end
    }

    /// The sentences that hold a person or a pseudonym as a slot, in bytes of the line, each with the mark before it and the one
    /// after it. What rules look for never reaches over a mark.
    pub(crate) fn sentences_with_parties(&self) -> Vec<Range<usize>> {
        let mut sentences = Vec::new();
        let (mut start, mut party) = (0, false);
        for (i, word) in self.words.iter().enumerate() {
            let end = self.words.get(i + 1).map_or(self.line.len(), |next| next.at);
            let slot = &self.line[word.at..end];
            party |= slot.starts_with("<P") || slot.starts_with("<A");
            if slot == ". " {
                if party {
                    sentences.push(start..end);
                }
                (start, party) = (word.at, false);
            }
        }
        if party {
            sentences.push(start..self.line.len());
        }
        sentences
    }

    /// Marks the last word, if it is a slot, as that of a possessor.
    fn own(&mut self) {
        if let Some(Word { at, mention: Some(_), .. }) = self.words.last()
            && let Some(bar) = self.line[*at..].find('|')
        {
            self.line.insert(at + bar, OWNER);
        }
    }

    /// How many words, slots and marks the line has.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// The line that patterns run on.
    pub(crate) fn line(&self) -> &str {
        &self.line
    }

    /// The words of a stretch of the line, in bytes of the line.
    pub(crate) fn found(&self, range: Range<usize>) -> Found {
        let start = self.words.partition_point(|w| w.at < range.start);
        let end = self.words.partition_point(|w| w.at < range.end);
        Found { words: start..end.max(start) }
    }

    /// The mention whose slot covers byte `at` of the line.
    pub(crate) fn mention_at(&self, at: usize) -> Option<usize> {
        let index = self.words.partition_point(|w| w.at <= at).checked_sub(1)?;
        self.words[index].mention
    }

    /// The stretch of text that the word at byte `at` of the line stands for.
    pub(crate) fn span_at(&self, at: usize) -> Span {
        let index = self.words.partition_point(|w| w.at <= at);
        self.words[index.saturating_sub(1)].span
    }

    /// The byte of the line at which the word after the one at `at` starts.
    pub(crate) fn next_word(&self, at: usize) -> usize {
        let index = self.words.partition_point(|w| w.at <= at);
        self.words.get(index).map_or(self.line.len(), |w| w.at)
    }

    /// The words that prove a role: the match without the bearer's own name at its ends, without punctuation at its ends. A
    /// name in the middle stays. Falls back to the name with its titles when nothing else is left; nothing where all words are marks that
    /// no text stands for.
    pub(crate) fn evidence(&self, found: &Found, bearer: usize, text: &str) -> Option<Span> {
        let words = &self.words[found.words.clone()];
        let mut cue = words;
        let idle = |w: &Word| w.mention == Some(bearer) || !w.span.of(text).chars().any(char::is_alphanumeric);
        while let Some((_, rest)) = cue.split_first().filter(|(w, _)| idle(w)) {
            cue = rest;
        }
        while let Some((_, rest)) = cue.split_last().filter(|(w, _)| idle(w)) {
            cue = rest;
        }
        let hull = |words: &[Word]| words.iter().filter(|w| !w.span.is_empty()).map(|w| w.span).reduce(Span::hull);
        hull(cue).or_else(|| hull(words))
    }
}

#[derive(Clone, Copy)]
struct Slot {
    mention: usize,
    /// The mention with its titles.
    span: Span,
    entity: usize,
    /// What is said of this mention alone: `first`, `again`, or `pronoun`.
    own: &'static str,
    letter: char,
}

struct Layout<'a> {
    text: &'a str,
    traits: &'a Traits,
    watched: &'a BTreeSet<String>,
    scene: Scene,
    focus: Focus,
}

/// Whom "he" or "she" at the start of a sentence can mean.
#[derive(Default)]
struct Focus {
    /// The last mention of each party of the last sentence that had any.
    before: BTreeMap<usize, Slot>,
    /// Those of this sentence.
    here: BTreeMap<usize, Slot>,
    /// How many sentences without a party came in between.
    idle: usize,
    /// Whether somebody is being quoted, who may speak of anybody.
    quoted: bool,
}

/// After more sentences than this without a party a pronoun is nobody's.
const MOST_IDLE: usize = 2;

impl Focus {
    fn next_sentence(&mut self) {
        if self.here.is_empty() {
            self.idle += 1;
        } else {
            self.before = std::mem::take(&mut self.here);
            self.idle = 0;
        }
    }

    fn see_quotation_mark(&mut self, word: &str) {
        self.quoted = match word {
            "“" => true,
            "”" | PARAGRAPH => false,
            "\"" => !self.quoted,
            _ => self.quoted,
        };
    }

    /// The one party of the last sentence that a pronoun of this sex can mean: there is no other, or no other of whom the sex is known.
    fn meant(&self, sex: &str, traits: &Traits) -> Option<&Slot> {
        if self.quoted || !self.here.is_empty() || self.idle > MOST_IDLE {
            return None;
        }
        let other = if sex == "male" { "female" } else { "male" };
        let of_sex = |sex: &str| self.before.values().filter(|slot| traits[slot.entity].contains(sex)).count();
        let mut can_be = self.before.values().filter(|slot| !traits[slot.entity].contains(other));
        match can_be.clone().count() {
            1 => can_be.next(),
            _ if of_sex(sex) == 1 => self.before.values().find(|slot| traits[slot.entity].contains(sex)),
            _ => None,
        }
    }
}

impl Layout<'_> {
    fn fill(&mut self, segments: &Segments, slots: &[Slot]) {
        let mut next = 0;
        let mut paragraph = 0;
        for sentence in &segments.sentences {
            if sentence.paragraph != paragraph {
                paragraph = sentence.paragraph;
                self.mark(PARAGRAPH, sentence.span);
                self.focus.see_quotation_mark(PARAGRAPH);
            }
            for token in &segments.tokens[sentence.tokens.clone()] {
                while next < slots.len() && slots[next].span.end() <= token.span.start() {
                    next += 1;
                }
                match slots.get(next) {
                    Some(slot) if slot.span.overlaps(token.span) => {
                        if slot.span.start() >= token.span.start()
                            || self.scene.words.last().is_none_or(|w| w.mention != Some(slot.mention))
                        {
                            self.slot(slot);
                        }
                        // Words run together ("Quillsaid"): what follows the name is a word of its own.
                        if slot.span.end() < token.span.end()
                            && let Ok(rest) = Span::new(self.text, slot.span.end(), token.span.end())
                        {
                            self.word(rest);
                        }
                    }
                    _ => self.word(token.span),
                }
            }
            self.mark(".", sentence.span);
            self.focus.next_sentence();
        }
    }

    fn slot(&mut self, slot: &Slot) {
        let traits = &self.traits[slot.entity];
        let own = slot.own;
        if matches!(slot.letter, 'P' | 'A') {
            self.focus.here.insert(slot.entity, *slot);
        }
        let absent = self.watched.iter().filter(|t| !traits.contains(*t) && own != t.as_str()).map(|t| format!("!{t}"));
        let mut all: Vec<String> = absent.chain(traits.iter().cloned()).chain(std::iter::once(own.to_owned())).collect();
        all.sort_unstable();
        let list: String = all.iter().map(|t| format!("|{t}")).collect();
        let word = format!("{SLOT_OPEN}{}{}|{list}{SLOT_CLOSE}", slot.letter, slot.entity);
        self.push(&word, slot.span, Some(slot.mention));
    }

    fn word(&mut self, span: Span) {
        let raw = span.of(self.text);
        self.focus.see_quotation_mark(raw);
        match raw {
            "(" | ")" | "–" | "—" | "--" | "," => self.push(",", span, None),
            "!" | "?" | "…" | "..." | "." => self.push(".", span, None),
            ":" | ";" | "%" | "&" | "/" | "#" | "=" => self.push(raw, span, None),
            _ => {
                let clean: String = raw
                    .chars()
                    .filter(|c| c.is_alphanumeric() || matches!(c, '\'' | '’' | '.' | '/' | '£' | '@'))
                    .map(|c| if c == '’' { '\'' } else { c })
                    .flat_map(char::to_lowercase)
                    .collect();
                let clean = clean.trim_end_matches('.');
                // A lone apostrophe is a word where it ends a plural ("the officers'"), else a quotation mark.
                if let Some(meant) = link::of_subject(clean).and_then(|sex| self.focus.meant(sex, self.traits)) {
                    let slot = Slot { span, own: "pronoun", ..*meant };
                    return self.slot(&slot);
                }
                let joined = self.scene.words.last().is_some_and(|w| w.span.end() == span.start());
                let possessive = clean == "'s" || (clean == "'" && joined && self.text[..span.start()].ends_with('s'));
                if possessive {
                    self.scene.own();
                }
                if clean.chars().any(char::is_alphanumeric) || possessive {
                    self.push(clean, span, None);
                }
            }
        }
    }

    /// A mark that no text stands for. A second full stop in a row adds nothing.
    fn mark(&mut self, mark: &str, near: Span) {
        if mark == "." && self.scene.line.ends_with(" . ") {
            return;
        }
        let here = Span::new(self.text, near.start(), near.start()).expect("a sentence starts at a character");
        self.push(mark, here, None);
    }

    fn push(&mut self, word: &str, span: Span, mention: Option<usize>) {
        self.scene.words.push(Word { at: self.scene.line.len(), span, mention });
        self.scene.line.push_str(word);
        self.scene.line.push(' ');
    }
}

fn letter(label: &Label) -> char {
    match label {
        Label::Per => 'P',
        Label::Anon => 'A',
        Label::Org => 'O',
        Label::Loc => 'L',
        Label::Misc => 'M',
        Label::Other(_) => 'Z',
    }
}
