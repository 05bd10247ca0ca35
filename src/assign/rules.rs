//! Takes a rule file (TOML), gives checked rules, ready to run. Refuses a file that is no TOML, holds a key it should not, names a
//! role, list or feature that is nowhere defined, uses an id twice, or holds a pattern that can't be read; the message says where.
//!
//! The format is described at the top of `rules.toml`, the file that is built in; the patterns in [`super::pattern`].

use super::evidence::Index;
use super::pattern::{self, Lists, Pattern, PatternError};
use crate::document::Label;
use regex::Regex;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

const BUILTIN: &str = include_str!("rules.toml");

/// Why a rule file was refused.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// It can't be read.
    #[error("{}: can't be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// It is no TOML, or holds a key that is not known; the message has line and column.
    #[error("{origin}: {message}")]
    Form {
        /// The file, or `the built-in rules`.
        origin: String,
        /// What is wrong, with line and column.
        message: String,
    },
    /// A pattern can't be read.
    #[error("{origin}: rule {id}: pattern {pattern:?}: {reason}")]
    Pattern {
        /// The file, or `the built-in rules`.
        origin: String,
        /// The rule, feature or trait.
        id: String,
        /// The pattern as it is written.
        pattern: String,
        /// What is wrong with it.
        reason: PatternError,
    },
    /// An id is used twice, or names nothing.
    #[error("{origin}: {message}")]
    Reference {
        /// The file, or `the built-in rules`.
        origin: String,
        /// What is wrong.
        message: String,
    },
}

/// The rules of one file, compiled. A clone shares the compiled patterns.
#[derive(Clone)]
pub struct Rules {
    pub(super) roles: Vec<Role>,
    pub(super) rules: Vec<Rule>,
    pub(super) features: Vec<Feature>,
    pub(super) traits: Vec<TraitSpec>,
    pub(super) exclusive: Vec<Vec<String>>,
    pub(super) background: Vec<Pattern>,
    pub(super) derived: Vec<Derived>,
    pub(super) watched: BTreeSet<String>,
    pub(super) index: Index,
    hash: String,
}

/// What a person can be in a hearing.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub id: String,
    /// The log-odds of the role before anything speaks for it.
    pub bias: f32,
    /// The least score at which it is given.
    pub least: f32,
    /// Features that the article must have.
    #[serde(default)]
    pub needs: Vec<String>,
    /// A second holder needs at least this score, and is warned of.
    pub single: Option<f32>,
    /// Roles that its holder does not get, whatever their score.
    #[serde(default)]
    pub outranks: Vec<String>,
    /// Whom its holder represents where the words do not say it: the holder of this role …
    pub represents_role: Option<String>,
    /// … or what has the first of these traits that anything has.
    #[serde(default)]
    pub represents_trait: Vec<String>,
}

/// A rule, compiled.
#[derive(Clone)]
pub(super) struct Rule {
    pub id: String,
    pub role: String,
    pub weight: f32,
    pub fallback: bool,
    pub residual: bool,
    pub needs: Vec<String>,
    pub lacks: Vec<String>,
    pub patterns: Vec<Pattern>,
    pub earlier: Vec<Pattern>,
    pub unless_before: Vec<Regex>,
    pub unless_after: Vec<Regex>,
    pub relation: bool,
    #[cfg_attr(not(test), expect(dead_code, reason = "examples are the rules' tests"))]
    pub examples: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "examples are the rules' tests"))]
    pub counterexamples: Vec<String>,
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
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct TraitSpec {
    pub id: String,
    pub label: String,
    pub words: Vec<String>,
}

/// A role that follows from another one and a trait.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Derived {
    pub id: String,
    pub role: String,
    /// The role that it follows from.
    pub from: String,
    /// The trait that the entity must have.
    #[serde(rename = "trait")]
    pub needs: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    lists: Lists,
    role: Vec<Role>,
    #[serde(default)]
    feature: Vec<FeatureSpec>,
    #[serde(default, rename = "trait")]
    traits: Vec<TraitSpec>,
    #[serde(default)]
    exclusive: Vec<Vec<String>>,
    #[serde(default)]
    background: Vec<String>,
    #[serde(default)]
    derived: Vec<Derived>,
    rule: Vec<RuleSpec>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeatureSpec {
    id: String,
    bias: f32,
    #[serde(default)]
    length: f32,
    signs: Vec<SignsSpec>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignsSpec {
    weight: f32,
    patterns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleSpec {
    id: String,
    role: String,
    weight: f32,
    #[serde(default)]
    fallback: bool,
    #[serde(default)]
    residual: bool,
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    lacks: Vec<String>,
    patterns: Vec<String>,
    #[serde(default)]
    earlier: Vec<String>,
    #[serde(default)]
    unless_before: Vec<String>,
    #[serde(default)]
    unless_after: Vec<String>,
    #[serde(default)]
    relation: bool,
    #[serde(default)]
    examples: Vec<String>,
    #[serde(default)]
    counterexamples: Vec<String>,
}

impl Rules {
    /// The rules that are built in.
    ///
    /// # Panics
    /// Never: a test compiles them.
    #[must_use]
    pub fn builtin() -> Self {
        static RULES: LazyLock<Rules> =
            LazyLock::new(|| Rules::parse(BUILTIN, "the built-in rules").expect("a test compiles the built-in rules"));
        RULES.clone()
    }

    /// The rules of a file, instead of those built in.
    ///
    /// # Errors
    /// As [`RuleError`] says.
    pub fn load(path: &Path) -> Result<Self, RuleError> {
        let text = std::fs::read_to_string(path).map_err(|source| RuleError::Read { path: path.to_owned(), source })?;
        Self::parse(&text, &path.display().to_string())
    }

    /// `sha256:` and the hash of the rule file.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The ids of the roles, in the order of the file.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.roles.iter().map(|role| &*role.id)
    }

    pub(super) fn parse(text: &str, origin: &str) -> Result<Self, RuleError> {
        let file: File = toml::from_str(text)
            .map_err(|e| RuleError::Form { origin: origin.to_owned(), message: e.to_string().trim().to_owned() })?;
        let mut compiler = Compiler { origin, lists: &file.lists, watched: BTreeSet::new() };
        compiler.check(&file)?;
        let features = file.feature.iter().map(|f| compiler.feature(f)).collect::<Result<_, _>>()?;
        let rules: Vec<Rule> = file.rule.iter().map(|r| compiler.rule(r)).collect::<Result<_, _>>()?;
        let background = compiler.each("background", &file.background, |p, lists| pattern::compile(p, lists, false))?.concat();
        let hash = Sha256::digest(text.as_bytes()).iter().fold("sha256:".to_owned(), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        });
        Ok(Self {
            roles: file.role,
            features,
            traits: file.traits,
            exclusive: file.exclusive,
            background,
            derived: file.derived,
            watched: compiler.watched,
            index: Index::new(&rules),
            rules,
            hash,
        })
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

struct Compiler<'a> {
    origin: &'a str,
    lists: &'a Lists,
    watched: BTreeSet<String>,
}

impl Compiler<'_> {
    /// Every id once, every reference to something that is there.
    fn check(&self, file: &File) -> Result<(), RuleError> {
        let refuse = |message: String| Err(RuleError::Reference { origin: self.origin.to_owned(), message });
        let mut seen = BTreeMap::new();
        let ids = file.rule.iter().map(|r| ("rule", &r.id)).chain(file.role.iter().map(|r| ("role", &r.id)));
        let ids = ids.chain(file.feature.iter().map(|f| ("feature", &f.id))).chain(file.derived.iter().map(|d| ("rule", &d.id)));
        for (what, id) in ids {
            if seen.insert((what, id), ()).is_some() {
                return refuse(format!("the {what} id {id:?} is used twice"));
            }
        }
        let known = |what: &'static str, id: &String| seen.contains_key(&(what, id));
        for rule in &file.rule {
            if !known("role", &rule.role) {
                return refuse(format!("rule {}: there is no role {:?}", rule.id, rule.role));
            }
            if !(-10.0..=10.0).contains(&rule.weight) {
                return refuse(format!("rule {}: the weight {} does not lie between -10 and 10", rule.id, rule.weight));
            }
            if let Some(f) = rule.needs.iter().chain(&rule.lacks).find(|f| !known("feature", f)) {
                return refuse(format!("rule {}: there is no feature {f:?}", rule.id));
            }
        }
        for role in &file.role {
            if let Some(f) = role.needs.iter().find(|f| !known("feature", f)) {
                return refuse(format!("role {}: there is no feature {f:?}", role.id));
            }
        }
        let named = file.exclusive.iter().flatten().chain(file.role.iter().flat_map(|r| &r.outranks));
        let named = named.chain(file.role.iter().filter_map(|r| r.represents_role.as_ref()));
        let named = named.chain(file.derived.iter().flat_map(|d| [&d.role, &d.from]));
        match named.into_iter().find(|r| !known("role", r)) {
            Some(role) => refuse(format!("there is no role {role:?}")),
            None => Ok(()),
        }
    }

    fn feature(&mut self, spec: &FeatureSpec) -> Result<Feature, RuleError> {
        let mut signs = Vec::with_capacity(spec.signs.len());
        for group in &spec.signs {
            let patterns = self.each(&spec.id, &group.patterns, |p, lists| pattern::compile(p, lists, false))?.concat();
            signs.push(Signs { weight: group.weight, patterns });
        }
        Ok(Feature { id: spec.id.clone(), bias: spec.bias, length: spec.length, signs })
    }

    fn rule(&mut self, spec: &RuleSpec) -> Result<Rule, RuleError> {
        Ok(Rule {
            id: spec.id.clone(),
            role: spec.role.clone(),
            weight: spec.weight,
            fallback: spec.fallback,
            residual: spec.residual,
            needs: spec.needs.clone(),
            lacks: spec.lacks.clone(),
            patterns: self.each(&spec.id, &spec.patterns, |p, lists| pattern::compile(p, lists, true))?.concat(),
            earlier: self.each(&spec.id, &spec.earlier, |p, lists| pattern::compile(p, lists, false))?.concat(),
            unless_before: self.each(&spec.id, &spec.unless_before, |p, lists| pattern::compile_beside(p, lists, true))?,
            unless_after: self.each(&spec.id, &spec.unless_after, |p, lists| pattern::compile_beside(p, lists, false))?,
            relation: spec.relation,
            examples: spec.examples.clone(),
            counterexamples: spec.counterexamples.clone(),
        })
    }

    /// Compiles each pattern with `compile`, and remembers the traits that it forbids.
    fn each<T>(
        &mut self,
        id: &str,
        patterns: &[String],
        compile: impl Fn(&str, &Lists) -> Result<T, PatternError>,
    ) -> Result<Vec<T>, RuleError> {
        let all = patterns.iter().chain(self.lists.values().flatten());
        self.watched.extend(all.flat_map(|p| pattern::forbidden_traits(p)).map(str::to_owned));
        let refuse = |p: &String, reason| {
            let (origin, id, pattern) = (self.origin.to_owned(), id.to_owned(), p.clone());
            RuleError::Pattern { origin, id, pattern, reason }
        };
        patterns.iter().map(|p| compile(p, self.lists).map_err(|reason| refuse(p, reason))).collect()
    }
}
