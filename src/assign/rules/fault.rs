//! Takes what is wrong with a rule file and where, gives faults that say file, line and column, in the order of the file. Refuses
//! nothing.

use super::SUGGESTED;
use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

/// Something that is wrong with a rule file: `FILE:LINE:COLUMN: message`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fault {
    /// The file, or [`BUILT_IN`](super::BUILT_IN).
    pub origin: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// One sentence, without a full stop.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, line, column, message } = self;
        write!(f, "{origin}:{line}:{column}: {message}")
    }
}

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
    /// It is no TOML, or no rule file; a line for each fault.
    #[error("{}", .0.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n"))]
    Faults(Vec<Fault>),
}

/// Which of the two texts a value stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Layer {
    BuiltIn,
    Own,
}

/// Where a value begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::assign) struct Place {
    pub(super) layer: Layer,
    /// In bytes.
    pub(super) at: usize,
}

impl Place {
    /// Whether it is in the built-in file.
    pub(in crate::assign) fn is_built_in(self) -> bool {
        self.layer == Layer::BuiltIn
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(in crate::assign) struct At<T> {
    pub value: T,
    pub place: Place,
}

/// A text and what it is called in messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    pub origin: &'a str,
    pub text: &'a str,
}

/// Collects faults.
pub(in crate::assign) struct Faults<'a> {
    built_in: Source<'a>,
    own: Source<'a>,
    found: Vec<(Layer, Fault)>,
}

impl<'a> Faults<'a> {
    pub(super) fn new(built_in: Source<'a>, own: Source<'a>) -> Self {
        Self { built_in, own, found: Vec::new() }
    }

    pub(in crate::assign) fn add(&mut self, place: Place, message: impl Into<String>) {
        let Source { origin, text } = match place.layer {
            Layer::BuiltIn => self.built_in,
            Layer::Own => self.own,
        };
        let before = (0..=place.at).rev().find_map(|at| text.get(..at)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before[before.rfind('\n').map_or(0, |end| end + 1)..].chars().count() + 1;
        let fault = Fault { origin: origin.to_owned(), line, column, message: message.into() };
        self.found.push((place.layer, fault));
    }

    pub(in crate::assign) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// All faults in the order of the file. Where it has some itself, those of the built-in rules are left out: they follow from
    /// them.
    pub(in crate::assign) fn into_sorted(self) -> Vec<Fault> {
        let own = self.found.iter().any(|(layer, _)| *layer == Layer::Own);
        let kept = self.found.into_iter().filter(|(layer, _)| !own || *layer == Layer::Own);
        kept.map(|(_, fault)| fault).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// `; did you mean '…'?` where one of `known` is much like `word`, else nothing.
pub(super) fn suggestion<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let alike = known.into_iter().map(|other| (strsim::jaro_winkler(word, other), other));
    let best = alike.filter(|(alike, _)| *alike >= SUGGESTED).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, other)| format!("; did you mean '{other}'?")).unwrap_or_default()
}
