//! Takes an example of a rule, gives the rules that fire for its bearer. Refuses an example in which nobody is marked, or whose
//! marks can't be read.
//!
//! In an example `{X Alan Reedham}` is the bearer; `{PER …}`, `{ANON …}`, `{ORG …}`, `{LOC …}`, `{MISC …}` are other mentions;
//! pseudonyms and descriptions are found by themselves.

use super::Rules;
use super::evidence::{self, Features};
use super::rules::Rule;
use crate::document::{Kind, Label, Mention, Origin};
use crate::link::{Linked, link};
use crate::recognise::layers::overlay;
use crate::segment::segment;
use crate::span::Span;
use std::collections::BTreeSet;

/// An example, read.
pub(super) struct Example {
    pub text: String,
    pub mentions: Vec<Mention>,
    bearer: Option<Span>,
}

/// What an example shows of the rules.
pub(super) struct Shown {
    /// The ids of the rules that fire for the bearer.
    pub fired: BTreeSet<String>,
    /// What the example is about.
    pub features: Features,
}

/// Why an example shows nothing.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum ExampleError {
    #[error("the mark {{{0}}} can't be read: expected X, PER, ANON, ORG, LOC or MISC, a space and words")]
    Mark(String),
    #[error("{{ without }}, or }} without {{")]
    Braces,
    #[error("nobody is marked as the bearer: {{X Alan Reedham}}")]
    NoBearer,
    #[error("the bearer {0:?} is taken for no person or party")]
    LostBearer(String),
}

impl Example {
    /// Reads a marked text.
    pub(super) fn read(marked: &str) -> Result<Self, ExampleError> {
        let (mut text, mut mentions, mut bearer) = (String::new(), Vec::new(), None);
        for (i, piece) in marked.split(['{', '}']).enumerate() {
            if i % 2 == 0 {
                text.push_str(piece);
                continue;
            }
            let wrong = || ExampleError::Mark(piece.to_owned());
            let (mark, words) = piece.split_once(' ').filter(|(_, words)| !words.trim().is_empty()).ok_or_else(wrong)?;
            let start = text.len();
            text.push_str(words);
            let span = Span::new(&text, start, text.len()).expect("what was added begins and ends at characters");
            let label = match mark {
                "X" => {
                    bearer = Some(span);
                    Label::Per
                }
                _ => Some(Label::from_record(mark)).filter(|label| !matches!(label, Label::Other(_))).ok_or_else(wrong)?,
            };
            mentions.push(Mention { span, label, kind: Kind::Name, score: 1.0, origin: Origin::Gazetteer });
        }
        let paired = marked.matches('{').count() == marked.matches('}').count();
        if paired { Ok(Self { text, mentions, bearer }) } else { Err(ExampleError::Braces) }
    }

    /// Runs the rules over it. A bearer who is only described is made a party as the flow does it.
    pub(super) fn run(mut self, rules: &Rules) -> Result<Shown, ExampleError> {
        let bearer = self.bearer.ok_or(ExampleError::NoBearer)?;
        let text = self.text.as_str();
        self.mentions.retain(|m| m.label != Label::Per || m.span.of(text).contains(char::is_uppercase));
        let segments = segment(text);
        let mut linked = link(text, &segments, overlay(text, &segments, self.mentions));
        let of_bearer = |linked: &Linked| {
            linked.entities.iter().position(|e| e.mentions.iter().any(|&m| linked.mentions[m].span.overlaps(bearer)))
        };
        if of_bearer(&linked).is_none() {
            rules.describe(text, &segments, &mut linked);
        }
        let entity = of_bearer(&linked).ok_or_else(|| ExampleError::LostBearer(bearer.of(text).to_owned()))?;
        let scenes = rules.scenes(text, &segments, &linked, &rules.traits(&linked));
        let features = evidence::features(&scenes[0], &rules.features);
        let allowed = |rule: &Rule| evidence::is_allowed(rules, rule, &features);
        let hits = evidence::collect(rules, text, &scenes, allowed, &mut ());
        let fired = hits.iter().filter(|hit| hit.entity == entity).map(|hit| rules.rules[hit.rule].id.clone()).collect();
        Ok(Shown { fired, features })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_can_t_be_read_are_refused() {
        let error = |marked| Example::read(marked).and_then(|example| example.run(&Rules::builtin())).err();
        assert_eq!(error("{X Una Marl} sat. {WHO Bo} stood."), Some(ExampleError::Mark("WHO Bo".into())));
        assert_eq!(error("{X}"), Some(ExampleError::Mark("X".into())));
        assert_eq!(error("{X Una Marl} sat. {"), Some(ExampleError::Mark(String::new())));
        assert_eq!(error("Una Marl} sat"), Some(ExampleError::Mark(" sat".into())));
        assert_eq!(error("{PER Una Marl} sat."), Some(ExampleError::NoBearer));
        assert_eq!(error("{X nobody} sat."), Some(ExampleError::LostBearer("nobody".into())));
        assert_eq!(error("{X Una Marl} sat."), None);
    }
}
