//! Takes the draft that a tool's file holds of an article, and the record that it was exported from if there is one, gives the
//! article with its annotation. What the tool says counts; what it can't say (kinds, proofs, scores, in some tools which mentions
//! are one) comes from the record where that has the same, else from the pipeline's own layers or as "not known" is written.
//!
//! Refuses an article whose text is not that of its record, or that holds a NUL. Of the rest it leaves out what does not fit, and
//! says so, each with its place: a span off the text or in place of other words, one that overlaps another. Nothing is moved.
//!
//! ```text
//! draft ──mentions (regions to spans)──> mentions ──entities (keys, the record's, the linker)──> entities ──roles──> annotation
//! ```

mod entities;
mod mentions;
mod roles;
#[cfg(test)]
mod tests;

use super::article::{self, Layer};
use super::draft::{Draft, Words};
use crate::document::{Annotation, Document};
use crate::read::Refusal;
use crate::segment::segment;
use crate::span::Span;
use crate::write::back::Annotated;
use crate::write::offsets::OffsetUnit;
use crate::write::record::Run;
use roles::Before;
use std::collections::BTreeSet;

/// How drafts are read.
#[derive(Clone, Debug)]
pub struct How {
    /// Which annotation the files hold; of the other the record's stays.
    pub layer: Layer,
    /// What offsets count.
    pub unit: OffsetUnit,
    /// The ids that are roles. Every other label is one of mentions.
    pub roles: BTreeSet<String>,
}

impl How {
    /// The same, where the roles of the record, which other rules may have made, are roles.
    fn with_roles_of(&self, original: Option<&Annotated>) -> Self {
        let mut how = self.clone();
        let roles = original.into_iter().flat_map(|original| &original.annotation.entities).flat_map(|entity| &entity.roles);
        how.roles.extend(roles.map(|role| role.role.clone()));
        how
    }
}

/// An article that was imported.
#[derive(Clone, PartialEq, Debug)]
pub struct Assembled {
    /// The article with its annotation, segments and all.
    pub annotated: Annotated,
    /// What did not fit and was left out.
    pub unfit: Vec<Refusal>,
    /// How many roles the draft has.
    pub given: usize,
    /// How many roles of the record are gone or rejected now.
    pub taken_away: usize,
}

/// Makes the article of a draft.
///
/// # Errors
/// When the article can't be imported at all.
pub fn assemble(mut draft: Draft, original: Option<Annotated>, how: &How) -> Result<Assembled, Refusal> {
    let how = &how.with_roles_of(original.as_ref());
    if how.layer == Layer::Roles && original.is_some() {
        // The file says what holds between those with a role alone; the record knows it of all.
        draft.relations = None;
        draft.regions.iter_mut().for_each(|region| region.entity = None);
    }
    let (text, tokens) = words(&draft, original.as_ref())?;
    let segments = segment(&text);
    let mut unfit: Vec<Refusal> = std::mem::take(&mut draft.unfit).into_iter().map(|what| refusal(&draft, what)).collect();
    let before = original.as_ref().map(|original| &original.annotation);
    let placed =
        mentions::place(&mentions::Article { draft: &draft, text: &text, segments: &segments, tokens, before, how }, &mut unfit);
    let mut entities = entities::join(&text, &segments, &placed, before, &mut |message| unfit.push(refusal(&draft, message)));
    let before = before.map(|before| Before::new(before, &entities, &placed));
    let taken_away = roles::give(&mut entities, &placed, &draft, before.as_ref(), how);
    let relations = roles::relate(&entities, &placed, &draft, before.as_ref());
    let warnings = roles::warn(&draft, before.as_ref());
    let given = placed.iter().map(|placed| placed.roles.len()).sum();
    let mentions = placed.into_iter().map(|placed| placed.mention).collect();
    let annotation = Annotation { segments, mentions, entities, relations, warnings };
    let Draft { place, id, meta, reviewed, .. } = draft;
    let (id, meta, made_by) = match original {
        Some(original) => (original.document.id, original.document.meta, original.made_by),
        None => {
            let model = if reviewed { "none" } else { "unknown" };
            let made_by = Run { model: model.to_owned(), ..Run::by_hand() };
            (id.unwrap_or_else(|| format!("{}:{}", place.path, place.line)), meta, made_by)
        }
    };
    let document = Document { id, text, meta };
    let mut annotated = Annotated { document, annotation, unit: OffsetUnit::Char, made_by };
    if reviewed && !article::reviewed(&annotated) {
        annotated.document.meta.insert(article::REVIEWED.to_owned(), true.into());
    }
    Ok(Assembled { annotated, unfit, given, taken_away })
}

fn refusal(draft: &Draft, message: String) -> Refusal {
    draft.place.refusal(draft.id.as_deref(), message)
}

/// The text, and where the tokens stand in it if the draft has tokens.
fn words(draft: &Draft, original: Option<&Annotated>) -> Result<(String, Vec<Span>), Refusal> {
    let fault = |message: String| refusal(draft, message);
    let expected = original.map(|original| &*original.document.text);
    let (text, tokens) = match (&draft.words, expected) {
        (Words::Text(text), None) => (text.clone(), Vec::new()),
        (Words::Text(text), Some(expected)) => match difference(expected, text) {
            None => (text.clone(), Vec::new()),
            Some(what) => {
                return Err(fault(format!(
                    "expected the text of its record, {what}; import it without --records, or with the records that were exported"
                )));
            }
        },
        (Words::Tokens(sentences), None) => joined(sentences),
        (Words::Tokens(sentences), Some(expected)) => (expected.to_owned(), aligned(sentences, expected).map_err(fault)?),
    };
    match text.chars().position(|c| c == '\0') {
        Some(at) => Err(fault(format!("expected a text without NUL, found one at character {at}, counted from 0; take it out"))),
        None => Ok((text, tokens)),
    }
}

/// Where two texts begin to differ, in words; none if they don't.
#[must_use]
pub fn difference(expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let same = expected.chars().zip(found.chars()).take_while(|(a, b)| a == b).count();
    let from = |text: &str| -> String { text.chars().skip(same).take(20).collect() };
    Some(format!("found {:?} in place of {:?} at character {same}", from(found), from(expected)))
}

/// Tokens with a blank between them, sentences with a line break.
fn joined(sentences: &[Vec<String>]) -> (String, Vec<Span>) {
    let (mut text, mut ends) = (String::new(), Vec::new());
    for (at, sentence) in sentences.iter().enumerate() {
        for (place, token) in sentence.iter().enumerate() {
            match (at, place) {
                (0, 0) => {}
                (_, 0) => text.push('\n'),
                _ => text.push(' '),
            }
            ends.push((text.len(), text.len() + token.len()));
            text.push_str(token);
        }
    }
    let spans = ends.into_iter().map(|(start, end)| Span::new(&text, start, end).expect("a token is whole characters")).collect();
    (text, spans)
}

/// Where the tokens stand in `text`, which holds them in order with nothing but white space between.
fn aligned(sentences: &[Vec<String>], text: &str) -> Result<Vec<Span>, String> {
    let mut spans = Vec::new();
    let mut at = 0;
    for token in sentences.iter().flatten() {
        at += text[at..].len() - text[at..].trim_start().len();
        if !text[at..].starts_with(&**token) {
            let found: String = text[at..].chars().take(20).collect();
            return Err(format!("expected the tokens of its record, found {token:?} where that has {found:?}"));
        }
        spans.push(Span::new(text, at, at + token.len()).expect("a token is whole characters"));
        at += token.len();
    }
    match text[at..].trim_start() {
        "" => Ok(spans),
        rest => Err(format!("expected all tokens of its record, found none for {:?}", rest.chars().take(20).collect::<String>())),
    }
}
