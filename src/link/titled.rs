//! Takes a text and its mentions, gives for each the titles that stand right before it and the letters right after it ("Chief
//! Constable Ada Quill KC"). Refuses nothing.

use crate::document::{Mention, Segments, Token};
use crate::segment::titles::{Class, Entry, Level, Sex, Titles};
use crate::span::Span;

/// The longest row of titles before a name that is followed, in tokens.
const REACH: usize = 10;

/// The titles around a mention.
#[derive(Clone, Debug)]
pub struct Titled {
    /// All titles before and after it, and inside it for a pseudonym.
    entries: Vec<&'static Entry>,
    /// The mention with the ranks and courtesy titles before it and the letters after it.
    whole: Span,
}

impl Titled {
    /// A mention without titles.
    pub(super) fn none(mention: Span) -> Self {
        Self { entries: Vec::new(), whole: mention }
    }

    /// The mention with ranks, courtesy titles and post-nominal letters; offices ("chair", "barrister") are left out, since they
    /// are what role rules look for.
    #[must_use]
    pub fn whole(&self, mention: Span) -> Span {
        self.whole.hull(mention)
    }

    /// The titles.
    pub fn entries(&self) -> impl Iterator<Item = &'static Entry> {
        self.entries.iter().copied()
    }

    /// The sex that the titles tell.
    #[must_use]
    pub fn sex(&self) -> Option<Sex> {
        self.entries.iter().find_map(|e| e.sex)
    }

    /// Whether a rank is among them.
    #[must_use]
    pub fn police(&self) -> bool {
        self.entries.iter().any(|e| e.police)
    }

    /// What the titles tell of their bearer, in the words that rules use: title ids, levels, `police`, `male`, `female`.
    pub fn traits(&self) -> impl Iterator<Item = String> {
        self.entries.iter().flat_map(|entry| {
            let police = entry.police.then(|| "police".to_owned());
            let level = entry.level.map(Level::as_str).map(str::to_owned);
            let sex = entry.sex.map(Sex::as_str).map(str::to_owned);
            [Some(entry.id.clone()), police, level, sex].into_iter().flatten()
        })
    }
}

/// The titles around each of `mentions`.
pub(super) fn around(text: &str, segments: &Segments, mentions: &[Mention]) -> Vec<Titled> {
    let tokens = &segments.tokens;
    mentions
        .iter()
        .enumerate()
        .map(|(m, mention)| {
            let first = tokens.partition_point(|t| t.span.end() <= mention.span.start());
            let end = tokens.partition_point(|t| t.span.start() < mention.span.end());
            let sentence = &segments.sentences[segments.sentences.partition_point(|s| s.tokens.end <= first)];
            let floor = if m == 0 { 0 } else { tokens.partition_point(|t| t.span.start() < mentions[m - 1].span.end()) };
            let floor = floor.max(sentence.tokens.start).max(first.saturating_sub(REACH));
            Row { text, tokens }.read(floor, first, end, sentence.tokens.end, mention.span)
        })
        .collect()
}

struct Row<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

impl Row<'_> {
    /// Reads the titles that end right before token `first`, not going back past `floor`, and those in and after the mention.
    fn read(&self, floor: usize, first: usize, end: usize, ceiling: usize, mention: Span) -> Titled {
        let mut entries = Vec::new();
        let mut whole = mention;
        let mut at = first;
        // "PC 1234 Marl": a collar number belongs to the rank before it.
        if at > floor + 1
            && self.word(at - 1).chars().all(|c| c.is_ascii_digit())
            && self.ending_at(floor, at - 1).is_some_and(|(_, e)| e.police)
        {
            at -= 1;
        }
        let mut joined = true;
        while let Some((start, entry)) = self.ending_at(floor, at) {
            entries.push(entry);
            joined &= entry.class != Class::Office;
            if joined {
                whole = whole.hull(self.tokens[start].span);
            }
            at = start;
        }
        if entries.is_empty() && first > floor + 1 && self.word(first - 1) == "," {
            entries.extend(self.in_apposition(floor, first - 1));
        }
        // The head of a pseudonym is a title inside the mention.
        if let Some(title) = Titles::get().longest_at(self.text, &self.tokens[..end], first) {
            entries.push(title.entry);
        }
        let mut after = end;
        loop {
            let next = after + usize::from(after < ceiling && self.word(after) == ",");
            match Titles::get().longest_at(self.text, &self.tokens[..ceiling], next) {
                Some(title) if title.entry.class == Class::Postnominal => {
                    entries.push(title.entry);
                    after = next + title.tokens;
                    whole = whole.hull(self.tokens[after - 1].span);
                }
                _ => break,
            }
        }
        Titled { entries, whole }
    }

    /// The rank of "Wealdshire's chief constable, Ada Quill" or "the chief constable of Wealdshire Police, Ada Quill", where the comma
    /// is token `comma`. It is known of its bearer, but stays a phrase of its own.
    fn in_apposition(&self, floor: usize, comma: usize) -> Option<&'static Entry> {
        let of =
            (floor..comma).rev().take_while(|&i| self.word(i).starts_with(char::is_alphabetic)).find(|&i| self.word(i) == "of");
        let end = of.unwrap_or(comma);
        self.ending_at(floor.max(end.saturating_sub(REACH)), end).map(|(_, entry)| entry).filter(|e| e.class == Class::Rank)
    }

    fn word(&self, i: usize) -> &str {
        self.tokens[i].span.of(self.text)
    }

    /// The longest title that ends right before token `at` and starts at `floor` or later.
    fn ending_at(&self, floor: usize, at: usize) -> Option<(usize, &'static Entry)> {
        (floor..at).find_map(|start| {
            let title = Titles::get().longest_at(self.text, &self.tokens[..at], start)?;
            let ends = start + title.tokens == at;
            (ends && title.entry.class != Class::Postnominal && !title.plural).then_some((start, title.entry))
        })
    }
}
