//! Takes an article as several raters accepted it, gives annotations of one text, which can be compared. Refuses a verdict that
//! contradicts itself.
//!
//! Answers have no text, only places in it, and no comparison needs more than which place lies before which. So the places that
//! any of the raters names are numbered in their order, and the numbers stand for bytes of a text of as many blanks.

use crate::document::{Annotation, Document, Entity, Label, Mention, Origin, Relation, RoleGiven, Segments, Status};
use crate::evaluate::pairing::Entry;
use crate::review::answer::{Judged, Verdict};
use crate::span::Span;
use crate::write::back::Annotated;
use crate::write::offsets::OffsetUnit;
use crate::write::record::Run;

/// An article as a rater has it.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// Who: a place in the list of raters.
    pub rater: usize,
    /// What the rater accepted.
    pub verdict: &'a Verdict,
    /// The same as an annotation: mentions, people and relations have the same places.
    pub entry: Entry,
}

impl View<'_> {
    /// The annotation.
    pub fn annotation(&self) -> &Annotation {
        &self.entry.annotated.annotation
    }

    /// Whether somebody is a person or a party: is marked as one somewhere, or has a role.
    pub fn is_party(&self, person: usize) -> bool {
        let Entity { mentions, roles, .. } = &self.annotation().entities[person];
        let label = |&mention: &usize| &self.annotation().mentions[mention].label;
        !roles.is_empty() || mentions.iter().map(label).any(|label| matches!(label, Label::Per | Label::Anon))
    }

    /// The first mention of somebody.
    pub fn first(&self, person: usize) -> &Judged {
        &self.verdict.mentions[self.annotation().entities[person].mentions[0]]
    }
}

/// The article as the raters have it: all of one text, each verdict sound.
#[must_use]
pub fn views<'a>(verdicts: impl IntoIterator<Item = (usize, &'a Verdict)>) -> Vec<View<'a>> {
    let verdicts: Vec<(usize, &Verdict)> = verdicts.into_iter().collect();
    let ends = |(_, verdict): &(usize, &'a Verdict)| verdict.mentions.iter().flat_map(|mention| [mention.start, mention.end]);
    let mut places: Vec<usize> = verdicts.iter().flat_map(ends).collect();
    places.sort_unstable();
    places.dedup();
    let blanks = " ".repeat(places.len());
    let span = |mention: &Judged| {
        let place = |end: usize| places.partition_point(|place| *place < end);
        Span::new(&blanks, place(mention.start), place(mention.end)).expect("a mention that is sound ends after its start")
    };
    let view = |(rater, verdict)| View { rater, verdict, entry: entry(annotation(verdict, span)) };
    verdicts.into_iter().map(view).collect()
}

fn entry(annotation: Annotation) -> Entry {
    let document = Document { id: String::new(), text: String::new(), meta: serde_json::Map::new() };
    Annotated { document, annotation, unit: OffsetUnit::Char, made_by: Run::by_hand() }.into()
}

fn annotation(verdict: &Verdict, span: impl Fn(&Judged) -> Span) -> Annotation {
    let mention = |judged: &Judged| Mention {
        span: span(judged),
        label: Label::from_record(&judged.label),
        kind: judged.kind.0,
        score: 1.0,
        origin: Origin::Annotator,
    };
    let mentions: Vec<Mention> = verdict.mentions.iter().map(mention).collect();
    let given = |role: &String| RoleGiven { role: role.clone(), score: 1.0, status: Status::Accepted, evidence: vec![] };
    let mut owned: Vec<Vec<usize>> = vec![Vec::new(); verdict.people.len()];
    verdict
        .mentions
        .iter()
        .enumerate()
        .for_each(|(at, judged)| judged.person.into_iter().for_each(|person| owned[person].push(at)));
    let people = verdict.people.iter().zip(owned).map(|(party, own)| {
        let label = mentions[own[0]].label.clone();
        Entity {
            anonymised: label == Label::Anon,
            label,
            name: party.name.clone(),
            mentions: own,
            links: vec![],
            roles: party.roles.iter().map(given).collect(),
        }
    });
    let entities: Vec<Entity> = people.collect();
    let relation = |held: &crate::review::answer::Held| Relation {
        kind: held.kind.clone().into(),
        from: held.from,
        to: held.to,
        evidence: mentions[entities[held.from].mentions[0]].span,
    };
    let relations = verdict.relations.iter().map(relation).collect();
    Annotation { segments: Segments::default(), mentions, entities, relations, warnings: vec![] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Kind;
    use crate::review::answer::{Held, Party};
    use crate::write::record::NamedKind;

    fn mention(start: usize, text: &str, person: Option<usize>) -> Judged {
        let end = start + text.chars().count();
        Judged { start, end, text: text.into(), label: "PER".into(), kind: NamedKind(Kind::Name), person }
    }

    fn sound() -> Verdict {
        Verdict {
            mentions: vec![mention(4, "Zoë", Some(0)), mention(7, "Ivo", None)],
            people: vec![Party { name: "Zoë".into(), roles: vec![] }],
            relations: vec![],
        }
    }

    #[test]
    fn a_verdict_that_contradicts_itself_is_refused() {
        assert_eq!(sound().contradiction(), None);
        let spoil = |spoil: fn(&mut Verdict)| {
            let mut verdict = sound();
            spoil(&mut verdict);
            verdict.contradiction().is_some()
        };
        assert!(spoil(|verdict| verdict.mentions.reverse()));
        assert!(spoil(|verdict| verdict.mentions[1] = mention(6, "Ivo", None)));
        assert!(spoil(|verdict| verdict.mentions[1] = mention(7, "", None)));
        assert!(spoil(|verdict| verdict.mentions[0].end = usize::MAX));
        assert!(spoil(|verdict| verdict.mentions[1].person = Some(1)));
        assert!(spoil(|verdict| verdict.mentions[0].person = None));
        assert!(spoil(|verdict| verdict.relations.push(Held { kind: "represents".into(), from: 0, to: 1 })));
    }

    #[test]
    fn places_are_those_of_all_raters_in_order() {
        let (one, mut other) = (sound(), sound());
        other.mentions = vec![mention(3, " Zo", Some(0)), mention(1_000_000_000_000, "Bo", None)];
        let views = views([(0, &one), (2, &other)]);
        let spans =
            |view: &View<'_>| view.annotation().mentions.iter().map(|m| (m.span.start(), m.span.end())).collect::<Vec<_>>();
        // 3, 4, 6, 7, 10, 10¹², 10¹² + 2
        assert_eq!((spans(&views[0]), spans(&views[1])), (vec![(1, 3), (3, 4)], vec![(0, 2), (5, 6)]));
        assert_eq!(views[1].rater, 2);
    }
}
