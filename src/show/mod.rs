//! Takes an annotated article, alone or with its gold, gives it as text for a terminal: the article with its mentions marked, its
//! people with what proves their roles, and the warnings. Refuses nothing. Nothing of the input reaches the terminal but through
//! [`visible`], and whatever colour says is said without it as well.
//!
//! `body` is the text, `people` the list; `compare` says how an annotation differs from gold. `paragraph` wraps,
//! `style` knows colours and signs.

mod body;
mod compare;
mod explanation;
mod paragraph;
mod people;
mod style;
mod visible;

pub use explanation::explanation;
pub use visible::visible;

use crate::document::{Annotation, Document, Label};
use crate::write::back::Annotated;
use anstyle::Style;
use compare::Comparison;
use paragraph::Paragraph;
use people::People;
use unicode_width::UnicodeWidthStr;

/// What the terminal can do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    /// Columns.
    pub width: usize,
    /// Whether it takes the escape sequences of colour.
    pub coloured: bool,
}

/// What an article is compared with.
#[derive(Clone, Copy, Debug)]
pub enum Against<'a> {
    /// No gold was given.
    Nothing,
    /// Gold was given, and has no such article.
    NotInGold,
    /// The article of the same id in gold.
    Gold(&'a Annotated),
}

/// The article, from its header to its warnings; ends with an empty line.
#[must_use]
pub fn article(article: &Annotated, against: Against<'_>, look: Look) -> String {
    let Annotated { document, annotation, .. } = article;
    let mut out = String::new();
    header(&mut out, document, look);
    let comparison = match against {
        Against::Nothing => None,
        Against::NotInGold => {
            remark(&mut out, "Gold has no article of this id, so no differences are marked.", look);
            None
        }
        Against::Gold(gold) if gold.document.text != document.text => {
            remark(&mut out, "Gold has another text under this id, so no differences are marked.", look);
            None
        }
        Against::Gold(gold) => Some(Comparison::new(annotation, &gold.annotation)),
    };
    out.push('\n');
    body::write(&mut out, &document.text, annotation, comparison.as_ref(), look);
    People { text: &document.text, annotation, against: comparison.as_ref(), look }.write(&mut out);
    warnings(&mut out, annotation, look);
    if let Some(comparison) = &comparison {
        summary(&mut out, annotation, comparison, look);
    }
    out.push('\n');
    out
}

/// What the signs and colours mean: lines to be put before the first article. Empty where everything explains itself.
#[must_use]
pub fn legend(with_gold: bool, look: Look) -> String {
    let (mut out, mut line) = (String::new(), Paragraph::default());
    let (open, close) = if look.coloured { ("", "") } else { style::BRACKETS };
    if look.coloured {
        for label in [Label::Per, Label::Anon, Label::Org, Label::Loc, Label::Misc] {
            line.text(label.as_str(), style::label(&label)).text("  ", Style::new());
        }
        line.text("bold", Style::new().bold()).text(" has a role", Style::new());
        line.write(&mut out, look.width, 0, look.coloured);
    }
    if with_gold {
        let mut line = Paragraph::default();
        let meanings = [
            (style::MISSED, "missed, only in gold"),
            (style::SPURIOUS, "spurious, not in gold"),
            (style::DIFFERS, "other label or boundary {gold …}"),
        ];
        for (sign, meaning) in meanings {
            let look = style::verdict(sign);
            line.open(open, look).open(sign, look).text("words", look).close(close, look);
            line.text(&format!(" {meaning}   "), Style::new());
        }
        line.text(style::RIGHT, style::verdict(style::RIGHT)).text(" right role", Style::new());
        line.write(&mut out, look.width, 0, look.coloured);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// The line with the article's id and where it was read from, or a line for each where one is too narrow.
fn header(out: &mut String, document: &Document, look: Look) {
    let id = visible(&document.id);
    let source = source(document);
    let source = visible(&source);
    let rule = |columns: usize| "─".repeat(columns);
    let taken = 3 + id.width() + 1 + if source.is_empty() { 0 } else { 1 + source.width() };
    let mut line = Paragraph::default();
    line.text("── ", style::faint()).text(&id, style::strong());
    if taken + 3 <= look.width {
        line.text(" ", Style::new()).text(&rule(look.width - taken), style::faint());
        if !source.is_empty() {
            line.text(" ", Style::new()).text(&source, style::faint());
        }
        line.write(out, look.width, 3, look.coloured);
    } else {
        line.write(out, look.width, 3, look.coloured);
        if !source.is_empty() {
            let mut line = Paragraph::default();
            line.text("   ", Style::new()).text(&source, style::faint());
            line.write(out, look.width, 3, look.coloured);
        }
    }
}

/// `path` or `path:line` of where the article was read from; empty where the record does not say.
fn source(document: &Document) -> String {
    let source = document.meta.get("source");
    let path = source.and_then(|source| source.get("path")).and_then(serde_json::Value::as_str).unwrap_or_default();
    match source.and_then(|source| source.get("line")).and_then(serde_json::Value::as_u64) {
        Some(line) => format!("{path}:{line}"),
        None => path.to_owned(),
    }
}

fn remark(out: &mut String, words: &str, look: Look) {
    let mut line = Paragraph::default();
    line.text("! ", style::strong()).text(words, Style::new());
    line.write(out, look.width, 2, look.coloured);
}

fn heading(out: &mut String, words: &str, look: Look) {
    out.push('\n');
    let mut line = Paragraph::default();
    line.text(words, style::strong());
    line.write(out, look.width, 0, look.coloured);
}

fn warnings(out: &mut String, annotation: &Annotation, look: Look) {
    if annotation.warnings.is_empty() {
        return;
    }
    heading(out, "Warnings", look);
    for warning in &annotation.warnings {
        let entities: Vec<String> = warning.entities.iter().map(|&number| style::superscript(number)).collect();
        let mut line = Paragraph::default();
        line.text(" ! ", style::strong()).text(&warning.code, style::strong());
        line.text(&format!(": {} {}", warning.message, entities.join(" ")), Style::new());
        line.write(out, look.width, 3, look.coloured);
    }
}

/// How many mentions and roles are right.
fn summary(out: &mut String, annotation: &Annotation, comparison: &Comparison<'_>, look: Look) {
    heading(out, "Against gold", look);
    for (what, tally) in [("mentions", comparison.mentions()), ("roles", comparison.roles(annotation))] {
        let mut line = Paragraph::default();
        line.text(&format!("   {what:<9} {} right", tally.right), Style::new());
        if what == "mentions" {
            line.text(&format!(", {} {} differ", style::DIFFERS, tally.differ), Style::new());
        }
        line.text(&format!(", {} {} missed", style::MISSED, tally.missed), Style::new());
        line.text(&format!(", {} {} spurious", style::SPURIOUS, tally.spurious), Style::new());
        line.write(out, look.width, 3, look.coloured);
    }
}

#[cfg(test)]
mod tests;
