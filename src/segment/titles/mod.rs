//! Takes the data of `titles.toml`, gives the lexicon of titles that segmentation, linking and role rules share: courtesy
//! titles, police ranks, offices, post-nominals and modifiers, in all their written forms. Refuses nothing at run time: the
//! data is compiled in, and a test holds it to its own rules.

use crate::document::Token;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

static TITLES: LazyLock<Titles> =
    LazyLock::new(|| Titles::parse(include_str!("titles.toml")).expect("titles.toml is valid, as a test proves"));

/// The longest chain of modifiers that is followed ("former temporary deputy …").
const MAX_MODIFIERS: usize = 3;

/// What sort of title an entry is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Mr, Ms, Dr, Sir …
    Courtesy,
    /// A police rank or grade, or "officer".
    Rank,
    /// A profession or an office: barrister, chair, commissioner.
    Office,
    /// Letters after a name: KC, QPM.
    Postnominal,
    /// What stands before a rank or an office: former, acting, trainee.
    Modifier,
}

/// The sex that a title tells of its bearer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Sex {
    Male,
    Female,
}

impl Sex {
    /// The word that rules use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }
}

/// How senior a police rank is, in rising order. Chief officers are commander, assistant chief constable and above.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the rank of its name, detective or not")]
pub enum Level {
    Constable,
    Sergeant,
    Inspector,
    ChiefInspector,
    Superintendent,
    ChiefSuperintendent,
    ChiefOfficer,
}

impl Level {
    /// The word that rules use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Constable => "constable",
            Self::Sergeant => "sergeant",
            Self::Inspector => "inspector",
            Self::ChiefInspector => "chief_inspector",
            Self::Superintendent => "superintendent",
            Self::ChiefSuperintendent => "chief_superintendent",
            Self::ChiefOfficer => "chief_officer",
        }
    }
}

/// One title with all that it tells of its bearer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Stable name, for example `detective_sergeant`.
    pub id: String,
    /// Its sort.
    pub class: Class,
    /// The sex it tells, if any.
    pub sex: Option<Sex>,
    /// Whether its bearer is a police officer or a member of police staff.
    pub police: bool,
    /// Its seniority, where that is clear.
    pub level: Option<Level>,
}

/// A title found in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Match<'t> {
    /// The title.
    pub entry: &'t Entry,
    /// How many tokens it takes, at least 1. Hyphens between its words count, as does one that ties a modifier to what follows
    /// ("ex-").
    pub tokens: usize,
    /// Whether it stands for several bearers: "PCs", "Officers".
    pub plural: bool,
}

/// Which casings of a form are that form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Casing {
    Any,
    Capitalised,
    Exact,
}

#[derive(Debug)]
struct Form {
    entry: usize,
    /// As in the data, without full stops, cut at spaces and hyphens; never empty.
    words: Vec<String>,
    casing: Casing,
    plural: bool,
}

/// The lexicon of titles.
#[derive(Debug)]
pub struct Titles {
    entries: Vec<Entry>,
    /// Forms by their first word in lower case, the longest first.
    forms: HashMap<String, Vec<Form>>,
    abbreviations: HashSet<String>,
    slash_prefixes: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    abbreviations: Vec<String>,
    slash_prefixes: Vec<String>,
    title: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    class: Class,
    sex: Option<Sex>,
    #[serde(default)]
    police: bool,
    level: Option<Level>,
    #[serde(default)]
    any: Vec<String>,
    #[serde(default)]
    capitalised: Vec<String>,
    #[serde(default)]
    exact: Vec<String>,
    #[serde(default)]
    plural: Vec<String>,
    #[serde(default)]
    plural_capitalised: Vec<String>,
    #[serde(default)]
    plural_exact: Vec<String>,
}

impl Row {
    /// Every written form, with the casings it accepts and whether it is a plural.
    fn forms(&self) -> impl Iterator<Item = (&String, Casing, bool)> {
        [
            (&self.exact, Casing::Exact, false),
            (&self.capitalised, Casing::Capitalised, false),
            (&self.any, Casing::Any, false),
            (&self.plural_exact, Casing::Exact, true),
            (&self.plural_capitalised, Casing::Capitalised, true),
            (&self.plural, Casing::Any, true),
        ]
        .into_iter()
        .flat_map(|(list, casing, plural)| list.iter().map(move |form| (form, casing, plural)))
    }
}

impl Titles {
    /// The lexicon that is compiled in.
    #[must_use]
    pub fn get() -> &'static Self {
        &TITLES
    }

    /// All titles.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn parse(data: &str) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(data)?;
        let mut titles = Self {
            entries: Vec::with_capacity(file.title.len()),
            forms: HashMap::new(),
            abbreviations: file.abbreviations.into_iter().collect(),
            slash_prefixes: file.slash_prefixes.into_iter().collect(),
        };
        for row in file.title {
            for (form, casing, plural) in row.forms() {
                let words: Vec<String> = form.split([' ', '-']).map(str::to_owned).collect();
                let form = Form { entry: titles.entries.len(), words, casing, plural };
                titles.forms.entry(form.words[0].to_lowercase()).or_default().push(form);
            }
            titles.entries.push(Entry { id: row.id, class: row.class, sex: row.sex, police: row.police, level: row.level });
        }
        for forms in titles.forms.values_mut() {
            forms.sort_by_key(|form| std::cmp::Reverse(form.words.len()));
        }
        Ok(titles)
    }

    /// The longest title whose words start at token `i`, or nothing. `tokens` may be the tokens of one sentence, which keeps a
    /// match inside it; `text` is the whole text that they are of.
    ///
    /// Full stops don't matter ("P.C.", "Det. Sgt."), nor what white space or single hyphen stands between the words; "T/DC" and
    /// "A/Sgt" match as the rank behind the slash. A modifier matches only where a rank or an office follows, perhaps after further
    /// modifiers.
    #[must_use]
    pub fn longest_at(&self, text: &str, tokens: &[Token], i: usize) -> Option<Match<'_>> {
        self.longest(text, tokens, i, MAX_MODIFIERS)
    }

    fn longest(&self, text: &str, tokens: &[Token], i: usize, modifiers: usize) -> Option<Match<'_>> {
        let first = tokens.get(i)?.span.of(text);
        self.candidates(first).find_map(|(form, first)| {
            let mut end = form.end(text, tokens, i, first)?;
            let entry = &self.entries[form.entry];
            if entry.class == Class::Modifier {
                end += usize::from(end > i && is_hyphen(text, tokens, end) && !tokens[end - 1].space_after);
                let next = self.longest(text, tokens, end, modifiers.checked_sub(1)?)?;
                if !matches!(next.entry.class, Class::Rank | Class::Office | Class::Modifier) {
                    return None;
                }
            }
            Some(Match { entry, tokens: end - i, plural: form.plural })
        })
    }

    /// The entry that has `word` alone as one of its forms.
    #[must_use]
    pub fn single(&self, word: &str) -> Option<&Entry> {
        self.candidates(word)
            .find(|(form, first)| form.words.len() == 1 && form.casing.accepts(&form.words[0], &without_stops(first)))
            .map(|(form, _)| &self.entries[form.entry])
    }

    /// Whether a full stop after `word` (given with it or without) belongs to the word: "Mr", "Det.", "Sgt". In lower case only
    /// where the word means nothing else.
    #[must_use]
    pub fn is_abbreviation(&self, word: &str) -> bool {
        let word = word.strip_suffix('.').unwrap_or(word);
        let word = self.behind_slash(word).unwrap_or(word);
        if self.abbreviations.contains(word) {
            return true;
        }
        let mut chars = word.chars();
        let Some(first) = chars.next() else { return false };
        let capitalised: String = first.to_uppercase().chain(chars.as_str().chars().flat_map(char::to_lowercase)).collect();
        self.abbreviations.contains(&capitalised)
            && (first.is_uppercase() || self.single(word).is_some_and(|entry| entry.class != Class::Modifier))
    }

    /// Whether `word` is a title written with a slash: "T/DC", "A/Sgt", "T/Det" of "T/Det Sgt".
    #[must_use]
    pub fn is_slashed(&self, word: &str) -> bool {
        word.contains('/') && self.candidates(word).next().is_some()
    }

    /// What stands behind the slash of "T/DC".
    fn behind_slash<'w>(&self, word: &'w str) -> Option<&'w str> {
        let (prefix, rank) = word.split_once('/')?;
        self.slash_prefixes.contains(prefix).then_some(rank)
    }

    /// The forms that may begin with `word`, the longest first, each with the word that must be its first.
    fn candidates<'s, 'w: 's>(&'s self, word: &'w str) -> impl Iterator<Item = (&'s Form, &'w str)> {
        let of = move |word| self.forms_of(word).iter().map(move |form| (form, word));
        let is_rank = |form: &Form| self.entries[form.entry].class == Class::Rank;
        of(word).chain(self.behind_slash(word).into_iter().flat_map(of).filter(move |(form, _)| is_rank(form)))
    }

    fn forms_of(&self, word: &str) -> &[Form] {
        self.forms.get(&without_stops(word).to_lowercase()).map_or(&[], Vec::as_slice)
    }
}

impl Form {
    /// The index after the last token of this form, if it starts at `i`, where `first` is the word that counts as its first.
    fn end(&self, text: &str, tokens: &[Token], i: usize, first: &str) -> Option<usize> {
        if !self.casing.accepts(&self.words[0], &without_stops(first)) {
            return None;
        }
        let mut end = i + 1;
        for word in &self.words[1..] {
            end += usize::from(is_hyphen(text, tokens, end));
            let token = tokens.get(end)?.span.of(text);
            if !self.casing.accepts(word, &without_stops(token)) {
                return None;
            }
            end += 1;
        }
        Some(end)
    }
}

impl Casing {
    /// Whether `word` is a permitted way to write `form`.
    fn accepts(self, form: &str, word: &str) -> bool {
        match self {
            Self::Exact => form == word,
            Self::Any => same_letters(form, word),
            Self::Capitalised => word.chars().next().is_some_and(char::is_uppercase) && same_letters(form, word),
        }
    }
}

fn same_letters(a: &str, b: &str) -> bool {
    a.chars().flat_map(char::to_lowercase).eq(b.chars().flat_map(char::to_lowercase))
}

/// The word without its full stops. A token that is only stops stays what it is.
fn without_stops(word: &str) -> std::borrow::Cow<'_, str> {
    if word.contains('.') && word.contains(char::is_alphanumeric) { word.replace('.', "").into() } else { word.into() }
}

fn is_hyphen(text: &str, tokens: &[Token], i: usize) -> bool {
    tokens.get(i).is_some_and(|token| matches!(token.span.of(text), "-" | "\u{2010}" | "\u{2011}"))
}

#[cfg(test)]
mod tests;
