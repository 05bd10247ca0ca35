//! Takes a file of records, gives any article of it at once, and lists of them by order and filter. Holds a line's place and what
//! articles are chosen by, some hundred bytes an article; the articles stay on the disk. Can be used while `reading` still fills it.

use super::Status;
use super::doubt::Doubt;
use crate::document::{self, Annotation};
use crate::write::back::{self, Annotated, RecordError};
use rayon::prelude::*;
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, PoisonError};

/// The articles of a file.
#[derive(Debug)]
pub struct Shelf {
    pub(super) file: Arc<File>,
    pub(super) entries: Vec<Entry>,
    pub(super) places: HashMap<Arc<str>, u32>,
    facets: Facets,
    /// Lines that are no records, and articles whose id an earlier one has.
    pub(super) refused: Vec<String>,
    /// Whether all of the file was read.
    pub(super) complete: bool,
    /// The order by doubt of so many articles.
    sorted: Vec<u32>,
    /// What was searched for last, and which of so many articles have it.
    found: Mutex<(Vec<String>, Arc<Vec<bool>>)>,
}

/// An article on the shelf.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id.
    pub id: Arc<str>,
    /// What became of it.
    pub status: Status,
    /// How many decisions on it stand.
    pub decisions: u32,
    /// How much it needs a reviewer, 0 to 1.
    pub doubt: f32,
    /// The least score of its roles; 2 without any.
    least: f32,
    /// Where its line stands, in bytes.
    at: u64,
    len: u32,
    /// Where its text stands in the line, as a JSON string; no length if that is not known.
    text: (u32, u32),
    facets: Box<[u16]>,
}

/// What articles are filtered by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Facet {
    /// The id of a role that somebody has.
    Role,
    /// The id of a rule that proves one.
    Rule,
    /// The code of a warning.
    Warning,
    /// Why it needs a reviewer.
    Why,
    /// A label.
    Label,
    /// The name of a relation.
    Relation,
}

/// Every name of every facet by a number.
#[derive(Debug, Default)]
struct Facets {
    numbers: HashMap<(Facet, String), u16>,
}

impl Facets {
    fn number(&mut self, facet: Facet, name: &str) -> u16 {
        let next = u16::try_from(self.numbers.len()).unwrap_or(u16::MAX);
        *self.numbers.entry((facet, name.to_owned())).or_insert(next)
    }
}

/// An order of articles.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Order {
    /// The more they need a reviewer, the earlier; skipped ones last.
    #[default]
    Doubt,
    /// As in the file.
    File,
}

/// Which articles are wanted.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Wanted {
    /// In which order.
    pub order: Order,
    /// Of what status; any if none is given.
    pub status: Option<Status>,
    /// With that in them.
    pub facets: Vec<(Facet, String)>,
    /// With a role whose score is below.
    pub below: Option<f32>,
    /// With each of these words in id or text, in whatever case.
    pub words: Vec<String>,
}

/// An article to put on the shelf, as it was read.
pub(super) struct Arrival {
    pub id: String,
    pub at: u64,
    pub len: u32,
    pub text: (u32, u32),
    pub doubt: Doubt,
    pub named: Vec<(Facet, String)>,
    pub status: Status,
    pub decisions: u32,
}

/// What an article can be filtered by.
pub(super) fn named(annotation: &Annotation, doubt: &Doubt) -> Vec<(Facet, String)> {
    let holds = |role: &&document::RoleGiven| role.status != document::Status::Rejected;
    let roles = || annotation.entities.iter().flat_map(|entity| &entity.roles).filter(holds);
    let mut named: Vec<(Facet, String)> = Vec::new();
    named.extend(roles().map(|role| (Facet::Role, role.role.clone())));
    named.extend(roles().flat_map(|role| &role.evidence).map(|evidence| (Facet::Rule, evidence.rule.clone())));
    named.extend(annotation.warnings.iter().map(|warning| (Facet::Warning, warning.code.to_string())));
    named.extend(doubt.why.iter().map(|why| (Facet::Why, why.clone())));
    named.extend(annotation.mentions.iter().map(|mention| (Facet::Label, mention.label.to_string())));
    named.extend(annotation.relations.iter().map(|relation| (Facet::Relation, relation.kind.to_string())));
    named.sort_unstable();
    named.dedup();
    named
}

/// Why an article can't be had.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// The file can't be read any more.
    #[error("the file can't be read: {0}")]
    Io(#[from] io::Error),
    /// It has other words now than when it was read first.
    #[error("the file was changed while it was open: {0}")]
    Changed(#[from] RecordError),
}

impl Shelf {
    pub(super) fn new(file: Arc<File>) -> Self {
        Self {
            file,
            entries: Vec::new(),
            places: HashMap::new(),
            facets: Facets::default(),
            refused: Vec::new(),
            complete: false,
            sorted: Vec::new(),
            found: Mutex::default(),
        }
    }

    /// Puts articles at its end.
    pub(super) fn put(&mut self, arrivals: Vec<Arrival>) {
        for arrival in arrivals {
            let Arrival { id, at, len, text, doubt, named, status, decisions } = arrival;
            let id: Arc<str> = id.into();
            let place = u32::try_from(self.entries.len()).expect("a file has fewer than four thousand million articles");
            if self.places.contains_key(&id) {
                self.refused.push(format!("the id '{id}' comes twice; only the first article of it counts"));
                continue;
            }
            self.places.insert(Arc::clone(&id), place);
            let facets = named.iter().map(|(facet, name)| self.facets.number(*facet, name)).collect();
            let least = doubt.least.unwrap_or(2.0);
            self.entries.push(Entry { id, status, decisions, doubt: doubt.degree, least, at, len, text, facets });
        }
    }

    /// The articles, in the order of the file.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether all of the file was read.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// What of the file is no article, a sentence each.
    #[must_use]
    pub fn refused(&self) -> &[String] {
        &self.refused
    }

    /// The place of the article of that id.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).map(|&place| place as usize)
    }

    /// The names of a facet that occur, sorted.
    #[must_use]
    pub fn names(&self, facet: Facet) -> Vec<&str> {
        let mut names: Vec<&str> = self.facets.numbers.keys().filter(|(of, _)| *of == facet).map(|(_, name)| &**name).collect();
        names.sort_unstable();
        names
    }

    /// The article at that place.
    ///
    /// # Errors
    /// When the file can't be read, or was changed.
    pub fn article(&self, place: usize) -> Result<Annotated, ShelfError> {
        let Entry { at, len, .. } = self.entries[place];
        Ok(back::read(&String::from_utf8_lossy(&self.bytes(at, len)?))?)
    }

    /// Says what became of an article.
    pub fn decided(&mut self, place: usize, status: Status, decisions: usize) {
        let entry = &mut self.entries[place];
        (entry.status, entry.decisions) = (status, u32::try_from(decisions).unwrap_or(u32::MAX));
    }

    fn bytes(&self, at: u64, len: u32) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; len as usize];
        self.file.read_exact_at(&mut bytes, at)?;
        Ok(bytes)
    }

    /// Brings the order by doubt up to date with what was read since.
    pub fn sort(&mut self) {
        if self.sorted.len() < self.entries.len() {
            let entries = &self.entries;
            self.sorted = (0..entries.len() as u32).collect();
            self.sorted.sort_by(|&a, &b| entries[b as usize].doubt.total_cmp(&entries[a as usize].doubt).then(a.cmp(&b)));
        }
    }

    /// The places of the articles that are wanted, in order; by doubt, of those that were there when it was last sorted.
    #[must_use]
    pub fn list(&self, wanted: &Wanted) -> Vec<usize> {
        let numbers = wanted.facets.iter().map(|named| self.facets.numbers.get(named).copied());
        let Some(numbers) = numbers.collect::<Option<Vec<u16>>>() else { return Vec::new() };
        let fits = |entry: &Entry| {
            wanted.status.is_none_or(|status| entry.status == status)
                && wanted.below.is_none_or(|below| entry.least < below)
                && numbers.iter().all(|number| entry.facets.contains(number))
        };
        let all: Vec<usize> = match wanted.order {
            Order::File => (0..self.entries.len()).collect(),
            Order::Doubt => self.sorted.iter().map(|&place| place as usize).collect(),
        };
        let found = self.having(&wanted.words);
        let mut list: Vec<usize> = all.into_iter().filter(|&place| fits(&self.entries[place])).collect();
        if let Some(found) = found {
            list.retain(|&place| found[place]);
        }
        if wanted.order == Order::Doubt {
            list.sort_by_key(|&place| self.entries[place].status == Status::Skipped);
        }
        list
    }

    /// Which articles have each of the words, in whatever case; none if there are no words. Texts are on the disk: each is read once,
    /// on all cores, and what was found is kept until other words are looked for.
    fn having(&self, words: &[String]) -> Option<Arc<Vec<bool>>> {
        if words.is_empty() {
            return None;
        }
        let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
        let mut kept = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != words {
            *kept = (words, Arc::default());
        }
        let (words, found) = &mut *kept;
        if found.len() < self.entries.len() {
            let rest = (found.len()..self.entries.len()).into_par_iter().map(|place| self.says(place, words));
            Arc::make_mut(found).par_extend(rest);
        }
        Some(Arc::clone(found))
    }

    /// Whether an article has each of the words, all in lower case. One that can't be read has none.
    fn says(&self, place: usize, words: &[String]) -> bool {
        let entry = &self.entries[place];
        let id = entry.id.to_lowercase();
        let rest: Vec<&String> = words.iter().filter(|word| !id.contains(&**word)).collect();
        if rest.is_empty() {
            return true;
        }
        let (from, len) = entry.text;
        let text = match len {
            0 => self.article(place).map(|article| article.document.text).ok(),
            _ => self.bytes(entry.at + u64::from(from), len).ok().and_then(|json| serde_json::from_slice::<String>(&json).ok()),
        };
        let text = text.unwrap_or_default().to_lowercase();
        rest.into_iter().all(|word| text.contains(&**word))
    }
}
