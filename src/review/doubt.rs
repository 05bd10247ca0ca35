//! Takes the annotation of an article, gives how much it needs a reviewer, and why. Refuses nothing.
//!
//! What comes first in the queue: what contradicts itself (warnings), then roles with a low score or close to another, then names
//! that stand alone, then the rest, the least sure mention first. Within each, the worse first.

use crate::document::{Annotation, Entity, Kind, Label, RoleGiven, Status};

/// A role with a lower score is doubtful.
pub const LOW: f32 = 0.7;

/// Two roles of one person are close if neither has this score,
const SURE: f32 = 0.9;

/// and no more than this is between them.
const CLOSE: f32 = 0.1;

/// Why an article needs a reviewer, where no warning says so: codes beside those of warnings.
pub const REASONS: [&str; 3] = ["low_score", "close_scores", "unlinked_name"];

/// How much an article needs a reviewer.
#[derive(Clone, PartialEq, Debug)]
pub struct Doubt {
    /// From 0, nothing to doubt, to 1.
    pub degree: f32,
    /// The codes of its warnings, and of [`REASONS`].
    pub why: Vec<String>,
    /// The least score of a role that holds; none without roles.
    pub least: Option<f32>,
}

impl Doubt {
    /// That of an article.
    #[must_use]
    pub fn of(annotation: &Annotation) -> Self {
        let [low_score, close_scores, unlinked_name] = REASONS;
        let mut why: Vec<String> = Vec::new();
        for warning in &annotation.warnings {
            if !why.iter().any(|code| *code == warning.code) {
                why.push(warning.code.to_string());
            }
        }
        let least = annotation.entities.iter().flat_map(open).map(|role| role.score).min_by(f32::total_cmp);
        let low = least.is_some_and(|score| score < LOW);
        let close = annotation.entities.iter().any(close);
        let alone = annotation.entities.iter().filter(|entity| alone(entity, annotation)).count() + nobodys(annotation);
        for (reason, holds) in [(low_score, low), (close_scores, close), (unlinked_name, alone > 0)] {
            if holds {
                why.push(reason.to_owned());
            }
        }
        let weakest = annotation.mentions.iter().map(|mention| mention.score).min_by(f32::total_cmp);
        let (quarter, within) = if !annotation.warnings.is_empty() {
            (0.75, share(annotation.warnings.len()))
        } else if low || close {
            (0.5, 1.0 - least.unwrap_or(1.0))
        } else if alone > 0 {
            (0.25, share(alone))
        } else {
            (0.0, 1.0 - weakest.unwrap_or(1.0))
        };
        Self { degree: quarter + within.clamp(0.0, 1.0) / 4.0, why, least }
    }
}

/// The more the closer to 1.
fn share(count: usize) -> f32 {
    1.0 - 1.0 / (1.0 + count as f32)
}

/// The roles that nobody has decided on.
fn open(entity: &Entity) -> impl Iterator<Item = &RoleGiven> {
    entity.roles.iter().filter(|role| role.status == Status::Predicted)
}

fn close(entity: &Entity) -> bool {
    let mut scores: Vec<f32> = open(entity).map(|role| role.score).filter(|score| *score < SURE).collect();
    scores.sort_by(f32::total_cmp);
    scores.windows(2).any(|pair| pair[1] - pair[0] <= CLOSE)
}

/// A person of whom there is one name, of one word.
fn alone(entity: &Entity, annotation: &Annotation) -> bool {
    let named = entity.label == Label::Per && !entity.name.contains(char::is_whitespace);
    named && entity.mentions.len() == 1 && annotation.mentions[entity.mentions[0]].kind == Kind::Name
}

/// How many names of people are of no entity.
fn nobodys(annotation: &Annotation) -> usize {
    let mut owned = vec![false; annotation.mentions.len()];
    annotation.entities.iter().flat_map(|entity| &entity.mentions).for_each(|&mention| owned[mention] = true);
    let names = annotation.mentions.iter().zip(owned);
    names.filter(|(mention, owned)| !owned && mention.label == Label::Per && mention.kind == Kind::Name).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Evidence, Mention, Origin, Warning};
    use crate::span::Span;

    /// People of these names, each with these scores of roles.
    fn article(people: &[(&str, &[f32])], warnings: usize) -> Annotation {
        let (mut text, mut annotation) = (String::new(), Annotation::default());
        for (at, (name, scores)) in people.iter().enumerate() {
            let start = text.len();
            text.push_str(name);
            let span = Span::new(&text, start, text.len()).unwrap();
            text.push(' ');
            annotation.mentions.push(Mention { span, label: Label::Per, kind: Kind::Name, score: 0.99, origin: Origin::Model });
            let role = |score: &f32| RoleGiven {
                role: format!("role {score}"),
                score: *score,
                status: Status::Predicted,
                evidence: vec![Evidence { rule: "r".to_owned(), span }],
            };
            let (name, roles) = ((*name).to_owned(), scores.iter().map(role).collect());
            let (label, links) = (Label::Per, Vec::new());
            annotation.entities.push(Entity { label, name, anonymised: false, mentions: vec![at], links, roles });
        }
        let warning = Warning { code: "several_holders".into(), message: String::new(), entities: vec![] };
        annotation.warnings = vec![warning; warnings];
        annotation
    }

    #[test]
    fn the_worse_comes_first() {
        let in_order = [
            (article(&[("Una Marl", &[0.99])], 3), vec!["several_holders"]),
            (article(&[("Marl", &[0.51])], 1), vec!["several_holders", "low_score", "unlinked_name"]),
            (article(&[("Una Marl", &[0.51])], 0), vec!["low_score"]),
            (article(&[("Una Marl", &[0.69, 0.95])], 0), vec!["low_score"]),
            (article(&[("Una Marl", &[0.75, 0.84])], 0), vec!["close_scores"]),
            (article(&[("Marl", &[0.99]), ("Lisle", &[])], 0), vec!["unlinked_name"]),
            (article(&[("Marl", &[0.99])], 0), vec!["unlinked_name"]),
            (article(&[("Una Marl", &[0.95, 0.99])], 0), vec![]),
            (article(&[], 0), vec![]),
        ];
        let doubts: Vec<Doubt> = in_order.iter().map(|(annotation, _)| Doubt::of(annotation)).collect();
        for (pair, (_, why)) in doubts.windows(2).zip(&in_order) {
            assert!(pair[0].degree > pair[1].degree, "{pair:?}");
            assert_eq!(pair[0].why, *why);
        }
        assert_eq!((doubts[8].degree, doubts[8].least), (0.0, None));
    }

    #[test]
    fn what_was_decided_on_is_not_doubted() {
        let mut annotation = article(&[("Una Marl", &[0.51, 0.52])], 0);
        annotation.entities[0].roles.iter_mut().for_each(|role| role.status = Status::Accepted);
        assert_eq!(Doubt::of(&annotation).why, [""; 0]);
    }
}
