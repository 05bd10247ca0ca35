//! Takes a rule file (TOML), gives checked rules, ready to run: those built in with the changes that the file makes. Refuses, with
//! line and column of every fault, a file that is no TOML, holds a key or value that it should not, names a role, list, feature or
//! trait that is nowhere defined, uses an id twice, or holds a pattern that can't be read.
//!
//! `form` reads the TOML, `merge` makes the changes, `compile` checks what refers to what and compiles patterns, `traits` knows what
//! slots can be known as, `fault` says what is wrong where. The format is described at the top of `rules.toml`, the file that is
//! built in; the patterns in [`super::pattern`].

mod compile;
mod fault;
mod form;
mod merge;
mod traits;

pub use fault::{Fault, RuleError};
pub use merge::Changes;

use super::evidence::Index;
use super::pattern::Pattern;
use crate::document::Label;
pub(super) use fault::{At, Faults, Place};
use fault::{Layer, Source};
use form::Table;
use merge::{ChangesBySection, File};
use regex::Regex;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;
pub(super) use traits::OF_PLACE;

/// What messages call the file that is built in.
pub const BUILT_IN: &str = "built-in rules";

/// How alike two names must be for one to be suggested for the other (Jaro and Winkler's measure, 0 to 1).
const SUGGESTED: f64 = 0.8;

const BUILT_IN_TEXT: &str = include_str!("../rules.toml");

/// The ids of the roles that are built in, in the order of the rule file.
pub fn built_in_roles() -> impl Iterator<Item = &'static str> {
    #[derive(serde::Deserialize)]
    struct File {
        role: Vec<Id>,
    }
    #[derive(serde::Deserialize)]
    struct Id {
        id: String,
    }
    static FILE: LazyLock<File> = LazyLock::new(|| toml::from_str(BUILT_IN_TEXT).expect("a test reads the built-in rules"));
    FILE.role.iter().map(|role| &*role.id)
}

/// The rules of one run, compiled. A clone shares the compiled patterns.
#[derive(Clone)]
pub struct Rules {
    pub(super) roles: Vec<Role>,
    pub(super) rules: Vec<Rule>,
    pub(super) features: Vec<Feature>,
    pub(super) traits: Vec<TraitByName>,
    pub(super) exclusive: Vec<Vec<String>>,
    pub(super) background: Vec<Pattern>,
    /// What share of its weight a rule counts where something else is spoken of.
    pub(super) background_counts: f32,
    pub(super) derived: Vec<Derived>,
    /// The traits that some pattern forbids.
    pub(super) watched: BTreeSet<String>,
    /// The traits that some pattern asks for or forbids.
    pub(super) asked: BTreeSet<String>,
    pub(super) index: Index,
    hash: String,
}

/// What a person can be in a hearing.
#[derive(Clone, Debug)]
pub(super) struct Role {
    pub id: String,
    /// The log-odds of the role before anything speaks for it.
    pub bias: f32,
    /// The least score at which it is given.
    pub least: f32,
    /// Features that the article must have.
    pub needs: Vec<String>,
    /// A second holder needs at least this score, and is warned of.
    pub single: Option<f32>,
    /// Roles that its holder does not get, whatever their score.
    pub outranks: Vec<String>,
    /// Whom its holder represents where the words do not say it: the holder of this role …
    pub represents_role: Option<String>,
    /// … or what has the first of these traits that anything has.
    pub represents_trait: Vec<String>,
}

/// A rule, compiled.
#[derive(Clone)]
pub(super) struct Rule {
    pub id: String,
    /// Where its id stands; of a rule that a file changes, in that file.
    pub place: Place,
    pub role: String,
    pub weight: f32,
    pub fallback: bool,
    pub needs: Vec<String>,
    pub lacks: Vec<String>,
    pub patterns: Vec<Pattern>,
    pub earlier: Vec<Pattern>,
    pub unless_before: Vec<Regex>,
    pub unless_after: Vec<Regex>,
    pub relation: bool,
    pub examples: Vec<At<String>>,
    pub counterexamples: Vec<At<String>>,
}

/// Something that an article has or has not, by its wording.
#[derive(Clone)]
pub(super) struct Feature {
    pub id: String,
    /// What the weights of the signs add up to must be more than this falls short of nought.
    pub bias: f32,
    /// What each doubling of the length beyond 200 words adds.
    pub length: f32,
    pub signs: Vec<Signs>,
}

/// Words that speak for a feature, or against it.
#[derive(Clone)]
pub(super) struct Signs {
    pub weight: f32,
    pub patterns: Vec<Pattern>,
}

/// A trait that entities of a label get by the words in their names.
#[derive(Clone, Debug)]
pub(super) struct TraitByName {
    pub id: String,
    pub label: String,
    pub words: Vec<String>,
}

/// A role that follows from another one and a trait.
#[derive(Clone, Debug)]
pub(super) struct Derived {
    pub id: String,
    pub role: String,
    /// The role that it follows from.
    pub from: String,
    /// The trait that the entity must have.
    pub needs: String,
}

/// Rules as they were read, with what is wrong with them: where something is, they are not complete.
pub(super) struct Reading<'a> {
    pub rules: Rules,
    /// What the file changes of the built-in rules.
    pub changes: ChangesBySection,
    pub faults: Faults<'a>,
}

impl Rules {
    /// The rules that are built in.
    ///
    /// # Panics
    /// Never: a test compiles them.
    #[must_use]
    pub fn builtin() -> Self {
        static RULES: LazyLock<Rules> =
            LazyLock::new(|| Reading::of(None).complete().expect("a test compiles the built-in rules"));
        RULES.clone()
    }

    /// The rules that are built in with the changes that a file makes; its rules alone where it says `extends = "nothing"`.
    ///
    /// # Errors
    /// As [`RuleError`] says.
    pub fn load(path: &Path) -> Result<Self, RuleError> {
        Reading::of(Some((&path.display().to_string(), &text(path)?))).complete()
    }

    /// `sha256:` and the hash of all rule files that the rules come from.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The ids of the roles, in the order of the file.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.roles.iter().map(|role| &*role.id)
    }

    /// The traits that the words of a name give, by the `[[trait]]` entries.
    pub(super) fn traits_of(&self, label: &Label, name: &str) -> impl Iterator<Item = &str> {
        let name = format!(" {} ", name.to_lowercase());
        let label = label.as_str().to_owned();
        self.traits
            .iter()
            .filter(move |t| t.label == label && t.words.iter().any(|w| name.contains(&format!(" {w} "))))
            .map(|t| t.id.as_str())
    }
}

/// The text of a rule file.
pub(super) fn text(path: &Path) -> Result<String, RuleError> {
    std::fs::read_to_string(path).map_err(|source| RuleError::Read { path: path.to_owned(), source })
}

impl<'a> Reading<'a> {
    /// Reads a rule file, of which its name and its text are given, or only what is built in.
    pub(super) fn of(own: Option<(&'a str, &'a str)>) -> Self {
        let built_in = Source { origin: BUILT_IN, text: BUILT_IN_TEXT };
        let own = own.map(|(origin, text)| Source { origin, text });
        let mut faults = Faults::new(built_in, own.unwrap_or(built_in));
        let own_table = own.map(|own| form::read(own.text, Layer::Own, &mut faults)).unwrap_or_default();
        let alone = extends_nothing(&own_table, &mut faults);
        let mut file = File::default();
        let mut hash = Sha256::new();
        if !alone {
            let built_in_table = form::read(built_in.text, Layer::BuiltIn, &mut faults);
            let built_in_file = File::new(built_in_table, &mut faults);
            file.lay_over(built_in_file, &mut faults);
            hash.update(built_in.text);
        }
        let own_file = File::new(own_table, &mut faults);
        let changes = file.lay_over(own_file, &mut faults);
        hash.update(own.map_or("", |own| own.text));
        let mut rules = compile::compile(&file, &changes, &mut faults);
        rules.hash = hash.finalize().iter().fold("sha256:".to_owned(), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        });
        Self { rules, changes, faults }
    }

    /// The rules, if nothing is wrong with them.
    fn complete(self) -> Result<Rules, RuleError> {
        if self.faults.is_empty() { Ok(self.rules) } else { Err(RuleError::Faults(self.faults.into_sorted())) }
    }
}

/// Whether a file says that it stands alone: `extends` is "built-in", which it is where nothing is said, or "nothing".
fn extends_nothing(file: &Table, faults: &mut Faults<'_>) -> bool {
    match file.get("extends").map(|field| &field.value) {
        Some(At { value: form::Value::Text(text), .. }) if text == "nothing" => true,
        Some(At { value: form::Value::Text(text), .. }) if text == "built-in" => false,
        Some(other) => {
            faults.add(other.place, "'extends' is \"built-in\" or \"nothing\"");
            false
        }
        None => false,
    }
}

#[cfg(test)]
mod tests;
