//! What a file of another tool says of one article, before it is held against the text. Takes and refuses nothing: plain data that
//! the readers of formats make, and [`assemble`](super::assemble::assemble) makes records of.

use crate::document::{Kind, Origin};
use crate::read::{Code, Refusal};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

/// The drafts in a file, and what was refused in it.
pub type Drafts = Box<dyn Iterator<Item = Result<Draft, Refusal>>>;

/// Where something stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The file as the user named it; `-` for standard input.
    pub path: String,
    /// The line, counted from 1.
    pub line: u64,
}

impl Place {
    /// The refusal of something of the article `id` here.
    #[must_use]
    pub fn refusal(&self, id: Option<&str>, message: impl Into<String>) -> Refusal {
        Refusal::new(Code::Unfit, message).at(&self.path).on_line(self.line).of(id.map(str::to_owned))
    }
}

/// The words of an article.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Words {
    /// The whole text.
    Text(String),
    /// Tokens, sentence by sentence, without what was between them.
    Tokens(Vec<Vec<String>>),
}

/// An article and what a tool says of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft {
    /// Where it stands.
    pub place: Place,
    /// Its id, if the tool kept one.
    pub id: Option<String>,
    /// Its words.
    pub words: Words,
    /// Everything else that the tool kept.
    pub meta: Map<String, Value>,
    /// Whether a person has decided on it; otherwise it is a prediction still.
    pub reviewed: bool,
    /// The stretches that were marked.
    pub regions: Vec<Region>,
    /// What holds between them; none if the tool does not say.
    pub relations: Option<Vec<Related>>,
    /// Whether the tool has the roles of an entity on its first mention alone.
    pub roles_on_first: bool,
    /// What did not fit already and was left out.
    pub unfit: Vec<String>,
}

impl Draft {
    /// A draft without regions, that a person has decided on.
    #[must_use]
    pub fn new(place: Place, words: Words) -> Self {
        Self {
            place,
            id: None,
            words,
            meta: Map::new(),
            reviewed: true,
            regions: Vec::new(),
            relations: None,
            roles_on_first: false,
            unfit: Vec::new(),
        }
    }

    /// Gives one key to the regions that `same` joins and to those on one stretch, and each other region one of its own.
    pub fn join(&mut self, same: &[(usize, usize)]) {
        let mut groups = Groups::new(self.regions.len());
        let mut first: HashMap<&Range<i64>, usize> = HashMap::new();
        for (at, region) in self.regions.iter().enumerate() {
            groups.join(*first.entry(&region.at).or_insert(at), at);
        }
        same.iter().for_each(|&(a, b)| groups.join(a, b));
        for (at, region) in self.regions.iter_mut().enumerate() {
            region.entity = Some(groups.of(at).to_string());
        }
    }
}

/// Things by their numbers, joined to groups (union by the lower number, with path halving).
pub(super) struct Groups(Vec<usize>);

impl Groups {
    /// So many things, each a group of its own.
    pub(super) fn new(things: usize) -> Self {
        Self((0..things).collect())
    }

    /// The first thing of the group of `at`.
    pub(super) fn of(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    /// Makes one group of those of `a` and `b`.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// A stretch that was marked.
#[derive(Clone, PartialEq, Debug)]
pub struct Region {
    /// Where it stands, in the tool's offsets of [`Words::Text`], in tokens of [`Words::Tokens`]; as the tool says it, unchecked.
    pub at: Range<i64>,
    /// What it is called: labels of mentions, ids of roles, or both, in tools that do not tell one from the other.
    pub labels: Vec<Given>,
    /// What it was given as a role.
    pub roles: Vec<Given>,
    /// The words that the tool has for it.
    pub text: Option<String>,
    /// A key that all regions of one entity have; none if the tool does not say.
    pub entity: Option<String>,
    /// How it refers, if the tool says so.
    pub kind: Option<Kind>,
    /// Who found it, if the tool says so.
    pub origin: Option<Origin>,
}

/// A label that was given to a region.
#[derive(Clone, PartialEq, Debug)]
pub struct Given {
    /// The label.
    pub name: String,
    /// How sure whoever gave it was, 0 to 1.
    pub score: Option<f32>,
}

impl Given {
    /// A label without a score.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self { name: name.to_owned(), score: None }
    }
}

impl Region {
    /// A region of which nothing else is known.
    #[must_use]
    pub fn new(at: Range<usize>, labels: Vec<Given>) -> Self {
        // No file is so long that the conversion fails; a number that does would be refused as off the text.
        let end = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
        Self { at: end(at.start)..end(at.end), labels, roles: Vec::new(), text: None, entity: None, kind: None, origin: None }
    }
}

/// Something that holds between the entities of two regions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Related {
    /// What, for example `represents`.
    pub kind: String,
    /// The place of a region.
    pub from: usize,
    /// The place of a region.
    pub to: usize,
}

/// The relation that joins mentions of one entity, in tools that have relations between mentions alone.
pub const SAME: &str = "same";

/// Parts `arrows` (what they say, from where, to where) into the pairs that [`SAME`] joins and all others. Where they lead from and
/// to is named by keys of `places`; the keys that are none come last.
pub fn part<'a, K: Copy + Eq + Hash>(
    arrows: impl Iterator<Item = (&'a str, K, K)>,
    places: &HashMap<K, usize>,
) -> (Vec<(usize, usize)>, Vec<Related>, Vec<K>) {
    let (mut same, mut related, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, from, to) in arrows {
        match (places.get(&from), places.get(&to)) {
            (Some(&from), Some(&to)) if kind == SAME => same.push((from, to)),
            (Some(&from), Some(&to)) => related.push(Related { kind: kind.to_owned(), from, to }),
            (Some(_), None) => unknown.push(to),
            (None, _) => unknown.push(from),
        }
    }
    (same, related, unknown)
}
