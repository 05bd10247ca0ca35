//! Takes nothing, gives what a reviewer can decide: one enumeration, whether mentions are pointed at by the page (UTF-16), in an
//! answers file ([`Anchor`](super::answer::Anchor)) or in the text itself ([`Span`](crate::span::Span)). Refuses, on the way in, what is no decision.

use crate::document::Kind;
use crate::write::record::NamedKind;
use serde::{Deserialize, Serialize};

/// A decision on one article. `P` points at a stretch of its text: a mention, or a person by any mention of theirs.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "lowercase", deny_unknown_fields)]
pub enum Decision<P> {
    /// All that the article says now is right.
    Accept {},
    /// The article is of no use: it stays out of gold.
    Reject {},
    /// Not now.
    Skip {},
    /// Whatever was decided on the article as a whole no longer holds.
    Reopen {},
    /// The last decision that stands is taken back.
    Undo {
        /// The id of its answer. The page leaves it out; the answers file has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<String>,
    },
    /// The last decision that was taken back stands again.
    Redo {
        /// The id of its answer, as in [`Decision::Undo`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<String>,
    },
    /// A stretch is a mention.
    Add {
        /// The stretch.
        span: P,
        /// Its label.
        label: String,
        /// How it refers. The page leaves it out; the answers file has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<WireKind>,
        /// Whose mention it is; without, one of somebody new.
        #[serde(default = "none", skip_serializing_if = "Option::is_none")]
        person: Option<P>,
    },
    /// A mention is none.
    Delete {
        /// The mention.
        mention: P,
    },
    /// A mention has other ends.
    Move {
        /// The mention.
        mention: P,
        /// Where it stands.
        to: P,
    },
    /// A person has another label, and with them all mentions that had the same as this one.
    Label {
        /// The mention.
        mention: P,
        /// The label.
        label: String,
    },
    /// A mention refers in another way: a description or pseudonym is ANON, and a name is not.
    Kind {
        /// The mention.
        mention: P,
        /// The way.
        kind: WireKind,
    },
    /// A mention is one of that person.
    Join {
        /// The mention.
        mention: P,
        /// The person.
        person: P,
    },
    /// A mention is of somebody of their own.
    Split {
        /// The mention.
        mention: P,
    },
    /// Two people are one.
    Merge {
        /// The one.
        person: P,
        /// The other, who keeps their place.
        into: P,
    },
    /// A person has a role, or has it not.
    Role {
        /// The person.
        person: P,
        /// The id of the role.
        role: String,
        /// Which of the two.
        holds: bool,
    },
    /// A relation holds between two people, or does not.
    Relate {
        /// Which relation, for example `represents`.
        #[serde(rename = "type")]
        kind: String,
        /// The one.
        from: P,
        /// The other.
        to: P,
        /// Which of the two.
        holds: bool,
    },
    /// Several decisions on mentions and people, made and taken back together.
    Several {
        /// They, in order.
        decisions: Vec<Self>,
    },
    /// What the reviewer wants to say; empty for nothing. The last one counts.
    Note {
        /// The words.
        text: String,
    },
}

fn none<P>() -> Option<P> {
    None
}

/// A [`Kind`] by its name in records.
pub type WireKind = NamedKind;

impl<P> Decision<P> {
    /// The same decision with other pointers.
    ///
    /// # Errors
    /// The first that `point` gives.
    pub fn try_map<Q, E>(&self, point: &mut dyn FnMut(&P) -> Result<Q, E>) -> Result<Decision<Q>, E> {
        Ok(match self {
            Self::Accept {} => Decision::Accept {},
            Self::Reject {} => Decision::Reject {},
            Self::Skip {} => Decision::Skip {},
            Self::Reopen {} => Decision::Reopen {},
            Self::Undo { of } => Decision::Undo { of: of.clone() },
            Self::Redo { of } => Decision::Redo { of: of.clone() },
            Self::Add { span, label, kind, person } => Decision::Add {
                span: point(span)?,
                label: label.clone(),
                kind: *kind,
                person: person.as_ref().map(&mut *point).transpose()?,
            },
            Self::Delete { mention } => Decision::Delete { mention: point(mention)? },
            Self::Move { mention, to } => Decision::Move { mention: point(mention)?, to: point(to)? },
            Self::Label { mention, label } => Decision::Label { mention: point(mention)?, label: label.clone() },
            Self::Kind { mention, kind } => Decision::Kind { mention: point(mention)?, kind: *kind },
            Self::Join { mention, person } => Decision::Join { mention: point(mention)?, person: point(person)? },
            Self::Split { mention } => Decision::Split { mention: point(mention)? },
            Self::Merge { person, into } => Decision::Merge { person: point(person)?, into: point(into)? },
            Self::Role { person, role, holds } => Decision::Role { person: point(person)?, role: role.clone(), holds: *holds },
            Self::Relate { kind, from, to, holds } => {
                Decision::Relate { kind: kind.clone(), from: point(from)?, to: point(to)?, holds: *holds }
            }
            Self::Several { decisions } => Decision::Several {
                decisions: decisions.iter().map(|decision| decision.try_map(point)).collect::<Result<_, E>>()?,
            },
            Self::Note { text } => Decision::Note { text: text.clone() },
        })
    }
}

impl<P> Decision<P> {
    /// Whether it is on a mention or a person, and not on the article, on another decision, or on several.
    #[must_use]
    pub fn is_of_parts(&self) -> bool {
        let of_article = matches!(self, Self::Accept {} | Self::Reject {} | Self::Skip {} | Self::Reopen {} | Self::Note { .. });
        !of_article && !matches!(self, Self::Undo { .. } | Self::Redo { .. } | Self::Several { .. })
    }
}

impl<P: Words> Decision<P> {
    /// The decision in words, for undo and for what no longer fits.
    #[must_use]
    pub fn in_words(&self) -> String {
        let not = |holds: &bool| if *holds { "" } else { "not " };
        match self {
            Self::Accept {} => "accept the article".to_owned(),
            Self::Reject {} => "reject the article".to_owned(),
            Self::Skip {} => "skip the article".to_owned(),
            Self::Reopen {} => "reopen the article".to_owned(),
            Self::Undo { .. } => "undo".to_owned(),
            Self::Redo { .. } => "redo".to_owned(),
            Self::Add { span, label, .. } => format!("mark {} as {label}", span.words()),
            Self::Delete { mention } => format!("delete {}", mention.words()),
            Self::Move { mention, to } => format!("make {} of {}", to.words(), mention.words()),
            Self::Label { mention, label } => format!("label {} {label}", mention.words()),
            Self::Kind { mention, kind } => format!("{} is a {}", mention.words(), kind.in_words()),
            Self::Join { mention, person } => format!("join {} to {}", mention.words(), person.words()),
            Self::Split { mention } => format!("split {} off", mention.words()),
            Self::Merge { person, into } => format!("{} is {}", person.words(), into.words()),
            Self::Role { person, role, holds } => format!("{} is {}{}", person.words(), not(holds), role.replace('_', " ")),
            Self::Relate { kind, from, to, holds } => format!("{}: {}{kind} {}", from.words(), not(holds), to.words()),
            Self::Several { decisions } => match &decisions[..] {
                [] => "nothing".to_owned(),
                [one] => one.in_words(),
                [first, rest @ ..] => format!("{}, and {} more", first.in_words(), rest.len()),
            },
            Self::Note { text } if text.is_empty() => "remove the note".to_owned(),
            Self::Note { .. } => "change the note".to_owned(),
        }
    }
}

impl NamedKind {
    /// What a mention of that kind is.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self.0 {
            Kind::Name => "name",
            Kind::Pseudonym => "pseudonym",
            Kind::Nominal => "description",
        }
    }
}

/// A pointer that knows the words it points at.
pub trait Words {
    /// The words, in quotation marks.
    fn words(&self) -> String;
}
