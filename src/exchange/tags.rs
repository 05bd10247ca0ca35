//! Takes an article, gives a tag for each of its tokens, in IOB2: by the labels of mentions, or by the roles of their entities,
//! joined with `|` where there are several. Also reads tags, in whatever scheme they are.

use super::ExportError;
use super::article::Article;

/// What parts the roles of one entity in a tag.
pub(super) const JOINT: char = '|';

/// What the tag of a token outside says.
pub(super) const OUTSIDE: &str = "O";

/// A tag for each token, by the labels of mentions.
pub(super) fn of_labels(article: &Article) -> Vec<String> {
    tags(article, |at| Some(article.record.spans[at].label.clone()))
}

/// A tag for each token, by the roles of the mentions' entities.
///
/// # Errors
/// When a role could not be told from several that are joined.
pub(super) fn of_roles(article: &Article) -> Result<Vec<String>, ExportError> {
    let mut roles = article.record.entities.iter().flat_map(|entity| &entity.roles);
    match roles.find(|role| role.role.contains(JOINT)) {
        Some(role) => {
            Err(ExportError::Unfit(format!("expected roles without '{JOINT}', which joins them in tags, found '{}'", role.role)))
        }
        None => Ok(tags(article, |at| joined(article, at))),
    }
}

/// The roles of the entity of the mention at place `span`, joined with `|` as tags have them; none if it has none.
#[must_use]
pub fn joined(article: &Article, span: usize) -> Option<String> {
    let roles: Vec<&str> = article.roles(span).iter().map(|role| &*role.role).collect();
    (!roles.is_empty()).then(|| roles.join(&JOINT.to_string()))
}

fn tags(article: &Article, label: impl Fn(usize) -> Option<String>) -> Vec<String> {
    let mut tags = vec![OUTSIDE.to_owned(); article.record.tokens.len()];
    for (at, span) in article.record.spans.iter().enumerate() {
        let Some(label) = label(at) else { continue };
        for tag in &mut tags[span.token_start..=span.token_end] {
            *tag = format!("I-{label}");
        }
        tags[span.token_start] = format!("B-{label}");
    }
    tags
}

/// A tag taken apart: `B-PER` is `B` and `PER`, `O` is `O` and nothing.
pub(crate) type Tag<'a> = (char, &'a str);

/// Takes a tag apart; none if it is no tag of IOB1, IOB2 or BIOES.
pub(crate) fn read(word: &str) -> Option<Tag<'_>> {
    match word.split_once('-') {
        None if word == OUTSIDE => Some(('O', "")),
        Some((prefix, label)) if !label.is_empty() && matches!(prefix, "B" | "I" | "E" | "S") => {
            Some((prefix.chars().next()?, label))
        }
        _ => None,
    }
}

/// Whether an entity ends between two tags, as the CoNLL evaluation script has it.
pub(crate) fn ends_before(last: Tag<'_>, next: Tag<'_>) -> bool {
    matches!(last.0, 'E' | 'S') || matches!((last.0, next.0), ('B' | 'I', 'B' | 'S' | 'O')) || (last.0 != 'O' && last.1 != next.1)
}

/// Whether an entity begins with the second of two tags, as the CoNLL evaluation script has it.
pub(crate) fn begins_at(last: Tag<'_>, next: Tag<'_>) -> bool {
    matches!(next.0, 'B' | 'S') || matches!((last.0, next.0), ('E' | 'S' | 'O', 'E' | 'I')) || (next.0 != 'O' && last.1 != next.1)
}

/// The entities of a sequence: the label, the first token and the last, inclusive.
pub(crate) fn entities<'a>(tags: &[Tag<'a>]) -> Vec<(&'a str, usize, usize)> {
    let mut found: Vec<(&str, usize, usize)> = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut last: Tag<'_> = ('O', "");
    for (at, &tag) in tags.iter().chain([&('O', "")]).enumerate() {
        if ends_before(last, tag)
            && let Some((label, from)) = open.take()
        {
            found.push((label, from, at - 1));
        }
        if begins_at(last, tag) {
            open = Some((tag.1, at));
        }
        last = tag;
    }
    found
}
