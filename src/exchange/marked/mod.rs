//! Takes a marked article, gives the article and its annotation as gold: every role accepted, with the words that prove it.
//! Refuses marks and a front matter that do not hold together, with the line where it is wrong.
//!
//! A marked article is the article itself, in which each mention stands between braces with its label and its entity, after a
//! front matter in [TOML](https://toml.io) between two lines `+++`:
//!
//! ```text
//! +++
//! manner = "tabloid"
//!
//! [party.reedham]
//! panel_chair = "Panel chair"
//!
//! [party.quill]
//! presenting_officer = ["representing the force", "her opening"]
//! represents.wealdshire = "representing the force"
//! +++
//! {{Wealdshire Police|ORG wealdshire}}: Panel chair {{Alan Reedham|PER reedham}} thanked {{Eve Quill|PER quill}},
//! representing the force, for her opening. She named {{PC One|ANON one}} and {{the older constable|NOM older}}.
//! ```
//!
//! - `{{words|LABEL key}}`: a mention. LABEL is PER, ORG, LOC, MISC, ANON for a pseudonym, or NOM for a party that is only
//!   described. Mentions of one referent have one key: a lower-case letter, then lower-case letters, digits, `_` and `-`.
//!   Without the marks, the rest after the front matter is the article, to the last line break.
//! - `[party.KEY]`: the roles of an entity, each with the words of the article that prove it, or a list of such; of words that
//!   stand there more than once, those nearest to a mention of the entity. `represents.OTHER` is the relation to another entity.
//! - Everything else in the front matter becomes `meta`.

mod compile;
mod parse;

use super::{Format, Holds, Import};
use crate::write::back::Annotated;
use std::collections::BTreeSet;

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "marked",
    about: "articles with marks in the text, {{words|LABEL key}}: gold that people write",
    holds: Holds::ALL,
    offsets: None,
    export: None,
    import: Some(Import::Marked),
};

/// Why a marked article was refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{what}")]
pub struct MarkError {
    /// The line of the marked file, counted from 1.
    pub line: usize,
    /// What was expected, and what was found.
    pub what: String,
}

/// A marked article that was compiled.
#[derive(Clone, PartialEq, Debug)]
pub struct Compiled {
    /// The article with its annotation, segments and all.
    pub annotated: Annotated,
    /// Names marked in one place and not in another, which an annotator should look at.
    pub forgotten: Vec<Forgotten>,
}

/// A place where the words of a mention stand without a mark.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Forgotten {
    /// The words.
    pub words: String,
    /// The line of the marked file, counted from 1.
    pub line: usize,
}

/// Compiles the marked article `source` to one of the id `id`. Only `roles` are known as roles.
///
/// # Errors
/// When it does not have the form above: the first fault, with its line.
///
/// ```
/// use rolecall::exchange::marked;
///
/// let source = "+++\n[party.chair]\npanel_chair = 'chaired'\n+++\n{{Ivo Tarn|PER chair}} chaired the panel.\n";
/// let compiled = marked::compile("a.txt", source, &["panel_chair"].into())?;
/// assert_eq!(compiled.annotated.document.text, "Ivo Tarn chaired the panel.\n");
/// assert_eq!(compiled.annotated.annotation.entities[0].roles[0].role, "panel_chair");
/// # Ok::<(), marked::MarkError>(())
/// ```
pub fn compile(id: &str, source: &str, roles: &BTreeSet<&str>) -> Result<Compiled, MarkError> {
    let parsed = parse::parse(source)?;
    compile::compile(id, parsed, roles)
}

#[cfg(test)]
mod tests;
