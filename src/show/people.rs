//! Takes an article and its annotation, alone or beside gold, gives its people as a list, those with roles first: who each is,
//! what proves it, whom he represents; then the other entities, so that every number in the text is explained. Refuses nothing.

use super::compare::{Comparison, has, roles};
use super::paragraph::Paragraph;
use super::style::{self, MISSED, QUOTED, RIGHT, SPURIOUS};
use super::visible::is_line_end;
use super::{Look, heading};
use crate::document::{Annotation, Entity, Evidence, Kind, Label, RoleGiven, Status};
use crate::span::Span;
use anstyle::Style;
use std::collections::BTreeMap;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns before a role, and before the words that prove it.
const ROLE_INDENT: usize = 7;
const QUOTE_INDENT: usize = 9;

/// The least columns of context on either side of the words that prove something; four times as many are the most.
const ROOM: usize = 14;

/// The list of an article.
pub(super) struct People<'a> {
    pub(super) text: &'a str,
    pub(super) annotation: &'a Annotation,
    pub(super) against: Option<&'a Comparison<'a>>,
    pub(super) look: Look,
}

impl People<'_> {
    /// Writes the list to `out`.
    pub(super) fn write(&self, out: &mut String) {
        let entities = || self.annotation.entities.iter().enumerate();
        let mut people: Vec<(usize, &Entity)> = entities().filter(|(number, entity)| self.is_listed(*number, entity)).collect();
        people.sort_by_key(|(number, entity)| (roles(entity).next().is_none() && self.missed_roles(*number).is_empty(), *number));
        let missed: Vec<(usize, &Entity)> = self
            .against
            .into_iter()
            .flat_map(Comparison::missed_entities)
            .filter(|(_, entity)| is_person(entity) || roles(entity).next().is_some())
            .collect();
        if !people.is_empty() || !missed.is_empty() {
            heading(out, "People", self.look);
        }
        for (number, entity) in people {
            self.person(out, number, entity);
        }
        for (number, entity) in missed {
            self.missed_person(out, number, entity);
        }
        self.others(out);
    }

    /// Whether it has an entry of its own.
    fn is_listed(&self, number: usize, entity: &Entity) -> bool {
        is_person(entity) || roles(entity).next().is_some() || !self.missed_roles(number).is_empty()
    }

    /// The roles that gold has and the predicted entity of this number has not.
    fn missed_roles(&self, number: usize) -> Vec<&RoleGiven> {
        let entity = &self.annotation.entities[number];
        let gold = self.against.and_then(|comparison| comparison.gold_entity(number));
        gold.into_iter().flat_map(roles).filter(|role| !has(Some(entity), &role.role)).collect()
    }

    fn person(&self, out: &mut String, number: usize, entity: &Entity) {
        let gold = self.against.map(|comparison| comparison.gold_entity(number));
        let sign = if gold == Some(None) { SPURIOUS } else { "" };
        self.name(out, sign, &style::superscript(number), entity, self.annotation);
        for role in roles(entity) {
            let sign = gold.map_or("", |gold| if has(gold, &role.role) { RIGHT } else { SPURIOUS });
            self.role(out, sign, role);
        }
        for role in self.missed_roles(number) {
            self.role(out, MISSED, role);
        }
        self.relations(out, number);
    }

    fn missed_person(&self, out: &mut String, number: usize, entity: &Entity) {
        let Some(comparison) = self.against else { return };
        self.name(out, MISSED, &style::superscript_of_gold(number), entity, comparison.gold);
        for role in roles(entity) {
            self.role(out, MISSED, role);
        }
    }

    /// The line with the name: number, name, label, how it is referred to, how often.
    fn name(&self, out: &mut String, sign: &str, number: &str, entity: &Entity, annotation: &Annotation) {
        let mut line = Paragraph::default();
        let number_style = roles(entity).next().map_or(style::number(&entity.label), |role| style::role(&role.role));
        let padding = " ".repeat(4usize.saturating_sub(number.width()));
        line.text(if sign.is_empty() { " " } else { sign }, style::verdict(sign));
        line.text(&padding, Style::new()).text(number, number_style).text(" ", Style::new());
        line.text(&entity.name, style::label(&entity.label).bold());
        let count = entity.mentions.len();
        let mentions = format!("{count} mention{}", if count == 1 { "" } else { "s" });
        line.text(&format!("  {} {}, {mentions}", entity.label, kinds(entity, annotation)), style::faint());
        line.write(out, self.look.width, ROLE_INDENT, self.look.coloured);
    }

    /// The line with the role, and a quotation a piece of evidence.
    fn role(&self, out: &mut String, sign: &str, role: &RoleGiven) {
        let mut line = Paragraph::default();
        line.text(&" ".repeat(ROLE_INDENT - 2), Style::new());
        line.text(if sign.is_empty() { " " } else { sign }, style::verdict(sign)).text(" ", Style::new());
        line.text(&role.role, style::role(&role.role));
        let reviewed = match role.status {
            Status::Predicted | Status::Rejected => "",
            Status::Accepted => ", accepted",
            Status::Corrected => ", corrected",
        };
        if sign != MISSED {
            line.text(&format!(" {:.2}{reviewed}", role.score), Style::new());
        }
        line.write(out, self.look.width, QUOTE_INDENT, self.look.coloured);
        for (span, rules) in by_words(&role.evidence) {
            self.quote(out, "", span, &format!("  {}", rules.join(", ")));
        }
    }

    /// Whom the entity represents, and who represents it; or whatever else the relation says.
    fn relations(&self, out: &mut String, number: usize) {
        let named = |number: usize| format!("{} {}", style::superscript(number), self.annotation.entities[number].name);
        for relation in &self.annotation.relations {
            if relation.from == number {
                let begin = format!("{} → {}: ", relation.kind, named(relation.to));
                self.quote(out, &begin, relation.evidence, "");
            } else if relation.to == number {
                let mut line = Paragraph::default();
                line.text(&" ".repeat(ROLE_INDENT), Style::new());
                line.text(&format!("{} ← {}", relation.kind, named(relation.from)), Style::new());
                line.write(out, self.look.width, QUOTE_INDENT, self.look.coloured);
            }
        }
    }

    /// Words of the text in as much of their line as there is room for.
    fn quote(&self, out: &mut String, begin: &str, span: Span, end: &str) {
        let indent = if begin.is_empty() { QUOTE_INDENT } else { ROLE_INDENT };
        let taken = indent + begin.width() + span.of(self.text).width() + 6;
        // What stands at the end goes to a line of its own where too little context would be left beside it.
        let beside = self.look.width.saturating_sub(taken + end.width()) / 2;
        let room = if beside >= ROOM { beside } else { self.look.width.saturating_sub(taken) / 2 }.clamp(ROOM, 4 * ROOM);
        let (before, after) = (&self.text[..span.start()], &self.text[span.end()..]);
        let before = last_words(before.rsplit(is_line_end).next().unwrap_or(before), room);
        let after = first_words(after.split(is_line_end).next().unwrap_or(after), room);
        let mut quote = Paragraph::default();
        quote.text(&" ".repeat(indent), Style::new()).text(begin, Style::new()).open("“", style::faint());
        quote.text(&before, style::faint());
        if self.look.coloured {
            quote.text(span.of(self.text), style::evidence());
        } else {
            quote.open(QUOTED.0, Style::new()).text(span.of(self.text), Style::new()).close(QUOTED.1, Style::new());
        }
        quote.text(&after, style::faint()).close("”", style::faint()).text(end, style::faint());
        quote.write(out, self.look.width, QUOTE_INDENT + 1, self.look.coloured);
    }

    /// The entities that have no entry of their own, a line a label.
    fn others(&self, out: &mut String) {
        let mut labels: Vec<&Label> = Vec::new();
        let others: Vec<(usize, &Entity)> =
            self.annotation.entities.iter().enumerate().filter(|(number, entity)| !self.is_listed(*number, entity)).collect();
        for (_, entity) in &others {
            if !labels.contains(&&entity.label) {
                labels.push(&entity.label);
            }
        }
        labels.sort();
        for label in labels {
            heading(out, title(label), self.look);
            let mut line = Paragraph::default();
            line.text("   ", Style::new());
            for (place, (number, entity)) in others.iter().filter(|(_, entity)| entity.label == *label).enumerate() {
                let sign = if self.against.is_some_and(|comparison| comparison.entities.of_predicted[*number].is_none()) {
                    SPURIOUS
                } else {
                    ""
                };
                line.text(if place == 0 { "" } else { ", " }, Style::new());
                line.open(sign, style::verdict(sign)).open(&style::superscript(*number), style::number(label));
                line.text(&entity.name, Style::new());
            }
            line.write(out, self.look.width, 3, self.look.coloured);
        }
    }
}

fn is_person(entity: &Entity) -> bool {
    matches!(entity.label, Label::Per | Label::Anon)
}

fn title(label: &Label) -> &str {
    match label {
        Label::Org => "Organisations",
        Label::Loc => "Places",
        Label::Misc => "Other names",
        other => other.as_str(),
    }
}

/// How the entity is referred to: each kind once.
fn kinds(entity: &Entity, annotation: &Annotation) -> String {
    let mut kinds: Vec<&str> = Vec::new();
    for &mention in &entity.mentions {
        let kind = match annotation.mentions[mention].kind {
            Kind::Name => "name",
            Kind::Pseudonym => "pseudonym",
            Kind::Nominal => "description",
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds.join("/")
}

/// The words that prove a role, in the order of the text, each with the rules that fired on them.
fn by_words(evidence: &[Evidence]) -> BTreeMap<Span, Vec<&str>> {
    let mut by_words: BTreeMap<Span, Vec<&str>> = BTreeMap::new();
    for Evidence { rule, span } in evidence {
        by_words.entry(*span).or_default().push(rule);
    }
    by_words
}

/// The end of `text`, of at most `room` columns, cut between words.
fn last_words(text: &str, room: usize) -> String {
    let kept = fitting(text.split_word_bound_indices().rev().map(|(at, word)| (text.len() - at, word)), room);
    let (cut, tail) = text.split_at(text.len() - kept);
    // "-Singh" is what a word ends in.
    let broken = !cut.ends_with(char::is_whitespace) && !tail.starts_with(char::is_alphanumeric);
    let tail = if broken { tail.trim_start_matches(|c: char| !c.is_whitespace()) } else { tail };
    if cut.is_empty() { text.to_owned() } else { format!("…{}", tail.trim_start()) }
}

/// The beginning of `text`, of at most `room` columns, cut between words.
fn first_words(text: &str, room: usize) -> String {
    let kept = fitting(text.split_word_bound_indices().map(|(at, word)| (at + word.len(), word)), room);
    let (head, cut) = text.split_at(kept);
    let broken = !cut.starts_with(char::is_whitespace) && !head.ends_with(char::is_alphanumeric);
    let head = if broken { head.trim_end_matches(|c: char| !c.is_whitespace()) } else { head };
    if cut.is_empty() { text.to_owned() } else { format!("{}…", head.trim_end()) }
}

/// The bytes up to the last of the words that fit; each word comes with the bytes up to its far end.
fn fitting<'a>(words: impl Iterator<Item = (usize, &'a str)>, room: usize) -> usize {
    let mut used = 0;
    let fits = |(_, word): &(usize, &str)| {
        used += word.width();
        used <= room
    };
    words.take_while(fits).last().map_or(0, |(far, _)| far)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_are_cut_between_words() {
        assert_eq!(last_words("The hearing opened with the ", 12), "…with the ");
        assert_eq!(last_words("with the ", 12), "with the ");
        assert_eq!(first_words(", who chaired it.", 9), ", who…");
        assert_eq!(last_words("Ruaridh Balfour-Singh, a", 10), "…a");
        assert_eq!(first_words(" of Balfour-Singh", 12), " of…");
        assert_eq!(first_words(" of Balfour Singh", 12), " of Balfour…");
        assert_eq!(first_words("警察官", 4), "警察…");
        assert_eq!(first_words("Supercalifragilistic", 4), "…");
    }
}
