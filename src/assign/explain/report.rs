//! The form of an explanation, as it is printed and, as JSON, read by programs. Offsets count characters, as in records.

use crate::span::Span;
use serde::{Serialize, Serializer};

/// How the roles of an article came about.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Explanation {
    /// What the article is taken to be about.
    pub features: Vec<FeatureFound>,
    /// The parties that were asked for, in the order of their first mentions.
    pub parties: Vec<Party>,
    /// The names of all parties.
    #[serde(skip)]
    pub names: Vec<String>,
}

/// A feature of the rule file, as an article has it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FeatureFound {
    /// Its id.
    pub id: String,
    /// Whether the article has it.
    pub there: bool,
    /// What bias, length and signs add up to; it is there from 0.
    #[serde(serialize_with = "rounded")]
    pub sum: f32,
    /// How many signs speak for it.
    pub signs_for: usize,
    /// How many signs speak against it.
    pub signs_against: usize,
}

/// An entity with what speaks for its roles.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Party {
    /// Its name.
    pub name: String,
    /// PER, ANON …
    pub label: String,
    /// What it is known as in slots.
    pub traits: Vec<String>,
    /// The roles for which there is evidence, or nearly.
    pub roles: Vec<RoleExplained>,
}

/// A role that a party has, could have had, or nearly had evidence for.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RoleExplained {
    /// Its id.
    pub role: String,
    /// What came of it.
    pub outcome: Outcome,
    /// What bias and the rules that fired add up to, as a share from 0 to 1.
    #[serde(serialize_with = "rounded")]
    pub score: f32,
    /// The log-odds of the role before anything speaks for it.
    #[serde(serialize_with = "rounded")]
    pub bias: f32,
    /// The least score at which it is given.
    #[serde(serialize_with = "rounded")]
    pub least: f32,
    /// The rules that fired, those that count most first, contrary ones last.
    pub fired: Vec<Fired>,
    /// The rules that nearly fired, or fired and do not count.
    pub near: Vec<Near>,
}

/// What came of the evidence for a role.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Outcome {
    /// It is given.
    Given,
    /// It is given, since it follows from another one.
    Follows {
        /// The derived rule.
        rule: String,
        /// The role that it follows from.
        from: String,
        /// The trait that it asks for.
        because: String,
    },
    /// No rule fired that counts.
    NoEvidence,
    /// The score is too low.
    BelowLeast,
    /// The article lacks features that the role needs.
    LacksFeatures {
        /// The features.
        features: Vec<String>,
    },
    /// The party has a role whose holder does not get this one.
    Outranked {
        /// That role.
        by: String,
    },
    /// The party has another role that nobody holds together with this one, and more evidence for it.
    Excluded {
        /// That role.
        by: String,
    },
    /// Somebody else has it, and a second holder needs a higher score.
    SecondHolder {
        /// The name of the first holder.
        first: String,
        /// The score that a second one needs.
        #[serde(serialize_with = "rounded")]
        needs: f32,
    },
}

/// A rule that fired.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Fired {
    /// Its id.
    pub rule: String,
    /// Its weight, in log-odds.
    #[serde(serialize_with = "rounded")]
    pub weight: f32,
    /// What it counts: its weight, or less where everything that it fired on lies in the background.
    #[serde(serialize_with = "rounded")]
    pub counts: f32,
    /// What it fired on.
    pub quotes: Vec<Quote>,
}

/// A rule that nearly fired, or fired and does not count.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Near {
    /// Its id.
    pub rule: String,
    /// Its weight.
    #[serde(serialize_with = "rounded")]
    pub weight: f32,
    /// What it would have fired on.
    pub quote: Quote,
    /// What is missing, or in the way.
    #[serde(flatten)]
    pub why: Why,
}

/// Why a rule did not fire, or does not count.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// Something stands beside the match that forbids it.
    Forbidden {
        /// The words.
        words: Quote,
    },
    /// The article is about something else.
    Features {
        /// Features that the rule needs and the article lacks.
        lacking: Vec<String>,
        /// Features that it must lack and the article has.
        unwanted: Vec<String>,
    },
    /// The party is not known as what the pattern asks for.
    Traits {
        /// The traits that it lacks.
        lacking: Vec<String>,
        /// The traits that it has and must not have.
        unwanted: Vec<String>,
    },
    /// It counts only where no other rule gave anybody the role.
    Fallback,
}

/// Words of the article and where they stand.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Quote {
    /// The words.
    pub text: String,
    /// Where they begin, in characters.
    pub start: usize,
    /// Where they end, in characters.
    pub end: usize,
    /// The line they begin on, from 1.
    pub line: usize,
    /// The character of that line, from 1.
    pub column: usize,
    /// Whether something else is spoken of there than the hearing reported.
    pub background: bool,
}

impl Quote {
    pub(super) fn new(text: &str, span: Span, background: bool) -> Self {
        let before = &text[..span.start()];
        let start = before.chars().count();
        Self {
            text: span.of(text).to_owned(),
            start,
            end: start + span.of(text).chars().count(),
            line: before.matches('\n').count() + 1,
            column: before[before.rfind('\n').map_or(0, |end| end + 1)..].chars().count() + 1,
            background,
        }
    }
}

/// A number to three places, as records have scores.
fn rounded<S: Serializer>(number: &f32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((f64::from(*number) * 1000.0).round() / 1000.0)
}
