//! Takes an article's text and its annotation, alone or beside gold, gives the text in lines with every mention marked: with the
//! number of its entity, at the entity's first mention with its roles, and with what gold says of it. Refuses nothing; a mention
//! of nothing but white space can't be seen and has no mark.

use super::Look;
use super::compare::{Comparison, Verdict, owners, roles};
use super::paragraph::Paragraph;
use super::style::{self, BRACKETS, DIFFERS, MISSED, SPURIOUS};
use super::visible::lines;
use crate::document::{Annotation, Label, Mention};
use crate::span::Span;
use anstyle::Style;

/// A mention as it is marked in the text. Marks of one text do not overlap.
struct Mark {
    span: Span,
    style: Style,
    /// What it is beside gold; empty where it is right, or where there is no gold.
    sign: &'static str,
    /// The number of its entity, and more about it: text and style.
    tags: Vec<(String, Style)>,
    /// What gold says.
    note: String,
}

/// Writes the text of an article to `out`.
pub(super) fn write(out: &mut String, text: &str, annotation: &Annotation, against: Option<&Comparison<'_>>, look: Look) {
    let mut marks = predicted(annotation);
    if let Some(comparison) = against {
        compare(&mut marks, text, annotation, comparison);
    }
    for mark in &mut marks {
        mark.span = mark.span.trim(text);
    }
    marks.retain(|mark| !mark.span.is_empty());
    marks.sort_by_key(|mark| mark.span);
    let whole = text.trim_end();
    let mut rest = &marks[..];
    for line in lines(whole) {
        rest = &rest[rest.iter().take_while(|mark| mark.span.end() <= line.start).count()..];
        paragraph(whole, line, rest, look.coloured).write(out, look.width, 0, look.coloured);
    }
}

/// A hard line of the text; `marks` are those that may stand in it and all that come later.
fn paragraph(text: &str, line: std::ops::Range<usize>, marks: &[Mark], coloured: bool) -> Paragraph {
    let mut paragraph = Paragraph::default();
    let mut at = line.start;
    for mark in marks.iter().take_while(|mark| mark.span.start() < line.end) {
        let (start, end) = (mark.span.start().max(line.start), mark.span.end().min(line.end));
        paragraph.text(&text[at..start], Style::new());
        if start == mark.span.start() {
            paragraph.open(if coloured { "" } else { BRACKETS.0 }, mark.style).open(mark.sign, mark.style);
        }
        paragraph.text(&text[start..end], mark.style);
        if end == mark.span.end() {
            paragraph.close(if coloured { "" } else { BRACKETS.1 }, mark.style);
            for (tag, style) in &mark.tags {
                paragraph.close(tag, *style);
            }
            if !mark.note.is_empty() {
                paragraph.text(" ", Style::new()).text(&mark.note, style::verdict(mark.sign));
            }
        }
        at = end;
    }
    paragraph.text(&text[at..line.end], Style::new());
    paragraph
}

/// The marks of all mentions, in order, as if there were no gold.
fn predicted(annotation: &Annotation) -> Vec<Mark> {
    let owners = owners(annotation);
    let mark = |(index, mention): (usize, &Mention)| {
        let (mut tags, mut look) = (Vec::new(), style::label(&mention.label));
        let owner = owners[index].map(|number| (number, &annotation.entities[number]));
        if owner.is_none_or(|(_, entity)| entity.label != mention.label) {
            tags.push(label_tag(&mention.label));
        }
        if let Some((number, entity)) = owner {
            let first_role = roles(entity).next().map(|role| &*role.role);
            tags.insert(0, (style::superscript(number), first_role.map_or(style::number(&mention.label), style::role)));
            look = if first_role.is_some() { look.bold() } else { look };
            if entity.mentions.first() == Some(&index) {
                tags.extend(roles(entity).map(|role| (format!("·{}", role.role), style::role(&role.role))));
            }
        }
        Mark { span: mention.span, style: look, sign: "", tags, note: String::new() }
    };
    annotation.mentions.iter().enumerate().map(mark).collect()
}

/// A label that can't be told from the entity's entry in the lists.
fn label_tag(label: &Label) -> (String, Style) {
    (format!("·{label}"), style::number(label))
}

/// Adds what gold says: to the marks of the predicted mentions, and, where none stands, as marks of missed ones.
fn compare(marks: &mut Vec<Mark>, text: &str, annotation: &Annotation, comparison: &Comparison<'_>) {
    for (index, verdict) in comparison.verdicts.iter().enumerate() {
        let (sign, note) = match *verdict {
            Verdict::Right => continue,
            Verdict::Spurious => (SPURIOUS, String::new()),
            Verdict::Differs(gold) => (DIFFERS, difference(&annotation.mentions[index], &comparison.gold.mentions[gold], text)),
        };
        let mark = &mut marks[index];
        (mark.sign, mark.style, mark.note) = (sign, style::verdict(sign), note);
    }
    for &missed in &comparison.missed {
        let mention = &comparison.gold.mentions[missed];
        match marks.iter_mut().find(|mark| mark.span.overlaps(mention.span)) {
            Some(mark) => {
                let note = format!("{{{MISSED} gold {} “{}”}}", mention.label, mention.span.of(text));
                mark.note = [&*mark.note, &*note].join(if mark.note.is_empty() { "" } else { " " });
            }
            None => marks.push(Mark {
                span: mention.span,
                style: style::verdict(MISSED),
                sign: MISSED,
                tags: vec![(number_of_missed(missed, comparison), style::verdict(MISSED)), label_tag(&mention.label)],
                note: String::new(),
            }),
        }
    }
}

/// What gold has where a predicted mention differs from it.
fn difference(mention: &Mention, gold: &Mention, text: &str) -> String {
    let labels = if mention.label == gold.label { String::new() } else { format!("{} → ", mention.label) };
    let label = if mention.label == gold.label { "" } else { gold.label.as_str() };
    let words = if mention.span == gold.span { String::new() } else { format!(" “{}”", gold.span.of(text)) };
    format!("{{{labels}gold {}}}", format!("{label}{words}").trim_start())
}

/// The number of the predicted entity that the missed mention would belong to, else that of its entity in gold.
fn number_of_missed(mention: usize, comparison: &Comparison<'_>) -> String {
    let Some(entity) = comparison.gold_owners[mention] else { return String::new() };
    comparison.entities.of_gold[entity].map_or_else(|| style::superscript_of_gold(entity), style::superscript)
}
