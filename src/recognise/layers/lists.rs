//! Takes the two data files of the layers, gives their word lists. Refuses nothing at run time: both are compiled in, and every
//! test of the layers reads them.

use crate::document::Label;
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

pub(super) static NAMES: LazyLock<Names> =
    LazyLock::new(|| toml::from_str(include_str!("names.toml")).expect("a test reads the built-in names"));
pub(super) static BODIES: LazyLock<Bodies> =
    LazyLock::new(|| toml::from_str(include_str!("bodies.toml")).expect("a test reads the built-in bodies"));

/// The words around and inside names. What each list is for stands in `names.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    pub(super) never: BTreeSet<String>,
    pub(super) glued: Vec<String>,
    pub(super) particles: BTreeSet<String>,
    pub(super) not_after_title: BTreeSet<String>,
    pub(super) generic: BTreeSet<String>,
    pub(super) numbered: BTreeSet<String>,
    pub(super) callings: BTreeSet<String>,
}

/// What is known of organisations, places and other names. What each list is for stands in `bodies.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bodies {
    pub(super) endings: Vec<String>,
    pub(super) whole_endings: Vec<String>,
    pub(super) place_endings: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) names_for: Vec<String>,
    pub(super) not_before: BTreeSet<String>,
    pub(super) before_places: BTreeSet<String>,
    pub(super) papers: BTreeSet<String>,
    pub(super) tied: BTreeSet<String>,
    pub(super) done_by_forces: BTreeSet<String>,
    pub(super) done_to_forces: BTreeSet<String>,
    pub(super) owned_by_places: BTreeSet<String>,
    pub(super) laws: BTreeSet<String>,
    pub(super) products: BTreeSet<String>,
    makes: BTreeSet<String>,
    openings: HashMap<String, BTreeSet<String>>,
    heads: HashMap<String, BTreeSet<String>>,
}

impl Bodies {
    /// What a name of several words is that ends in `last`, in any casing.
    pub(super) fn head(&self, last: &str) -> Option<Label> {
        among(&self.heads, last)
    }

    /// What a name of several words is that begins with `first`.
    pub(super) fn opening(&self, first: &str) -> Option<Label> {
        among(&self.openings, first)
    }

    /// Whether a name is a product's, or a make with its model ("Skoda Octavia").
    pub(super) fn is_product(&self, name: &str) -> bool {
        let make = self.makes.contains(name) || name.match_indices(' ').any(|(at, _)| self.makes.contains(&name[..at]));
        make || self.products.contains(name)
    }
}

/// The label under which `word` is listed, as it is or in capitals.
fn among(lists: &HashMap<String, BTreeSet<String>>, word: &str) -> Option<Label> {
    let shouted = word.chars().all(|c| !c.is_lowercase());
    let same = |listed: &String| listed == word || (shouted && listed.to_uppercase() == word);
    lists.iter().find(|(_, words)| words.iter().any(same)).map(|(label, _)| Label::from_record(label))
}
