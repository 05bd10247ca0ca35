//! Takes an agreement, gives what is printed of it: the report of `--json` and the lines of disagreements. The only file that knows
//! these two formats. Refuses nothing.
//!
//! A figure that is undefined is null, never 0. Offsets are in characters, half-open.

use super::kappa::Agreed;
use crate::show::visible;
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the report; disagreements are lines with the fields of [`Disagreement`].
pub const VERSION: &str = "rolecall-agreement/1";

/// The report of `--json`.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Report {
    /// [`VERSION`].
    pub schema: &'static str,
    /// Who is compared.
    pub raters: Vec<Rater>,
    /// Which articles are compared.
    pub articles: Articles,
    /// The roles of parties, by the articles that all raters accepted.
    pub roles: Roles,
    /// Every two raters, by the articles that both accepted.
    pub pairs: Vec<Pair>,
    /// Disagreements by what they are about.
    pub disagreements: BTreeMap<Matter, u64>,
}

/// Somebody who accepted articles.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Rater {
    /// The name.
    pub name: String,
    /// How many articles.
    pub accepted: u64,
}

/// Which articles are compared, and which are not.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Articles {
    /// Accepted by two raters or more, in one text.
    pub compared: u64,
    /// Of these, accepted by all raters in one text.
    pub by_all: u64,
    /// Accepted by one rater alone.
    pub by_one: u64,
    /// Accepted by several in texts that differ; those that have one text are compared.
    pub different_text: u64,
}

/// How far roles are agreed on.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Roles {
    /// `cohen` for two raters, `fleiss` for more.
    pub statistic: &'static str,
    /// The set of a party's roles, none among them, as one category; F1 over all pairs of a party and a role.
    pub all: Role,
    /// Whether a party has the role.
    pub of: BTreeMap<String, Role>,
}

/// How far a role is agreed on.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Role {
    /// Parties.
    pub units: u64,
    /// How many of them each rater gives the role to; of all roles, any.
    pub by_rater: Vec<u64>,
    /// How many parties are given the role, or any, by none of the raters, by one, by two …
    pub by_number: Vec<u64>,
    /// The share of pairs of raters that say the same.
    pub observed: Option<f64>,
    /// The share that chance would give.
    pub expected: Option<f64>,
    /// Cohen's or Fleiss' kappa.
    pub kappa: Option<f64>,
    /// Agreement where anybody gives the role: F1, for more than two raters of all pairs together.
    pub f1: Option<f64>,
}

impl Role {
    /// A row of these figures.
    #[must_use]
    pub fn new(agreed: Agreed, by_rater: Vec<u64>, by_number: Vec<u64>, f1: Option<f64>) -> Self {
        let Agreed { units, observed, expected, kappa } = agreed;
        Self { units, by_rater, by_number, observed, expected, kappa, f1 }
    }
}

/// Two raters.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Pair {
    /// Who.
    pub raters: [String; 2],
    /// How many articles both accepted.
    pub articles: u64,
    /// The roles of parties, by Cohen's kappa.
    pub roles: Roles,
    /// Mentions.
    pub mentions: Mentions,
    /// Links of people, as B-cubed.
    pub links: Alike,
    /// Relations: the same type between the same two.
    pub relations: Alike,
}

/// Mentions of two raters.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Mentions {
    /// Of the same ends and label.
    pub strict: Alike,
    /// Of the same ends.
    pub ends: Alike,
    /// Those of the same ends and label, by label.
    pub of: BTreeMap<String, Alike>,
}

/// What two raters have, and how much of it is the same.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Alike {
    /// How many the two have.
    pub counts: [u64; 2],
    /// How many of these are the same; null for B-cubed, which has no such number.
    pub same: Option<u64>,
    /// F1, which is the same whichever of the two is taken for right.
    pub f1: Option<f64>,
}

/// What a disagreement is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Matter {
    /// The roles of a party.
    Role,
    /// Whether a relation holds.
    Relation,
    /// Whether mentions are of one person.
    Person,
    /// What is marked.
    Mention,
}

impl Matter {
    /// All four, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Role, Self::Relation, Self::Person, Self::Mention];

    /// Its name above a list.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Role => "roles",
            Self::Relation => "relations",
            Self::Person => "who is who",
            Self::Mention => "mentions",
        }
    }
}

/// Something that raters differ on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Disagreement {
    /// The article.
    pub id: String,
    /// What it is about.
    #[serde(rename = "about")]
    pub matter: Matter,
    /// Where the first mention that it is about begins.
    pub start: usize,
    /// Where that ends, exclusive.
    pub end: usize,
    /// Its words.
    pub text: String,
    /// The relation that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relating>,
    /// What each rater who accepted the article says.
    pub said: Vec<Said>,
}

/// A relation between two people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Relating {
    /// Which.
    #[serde(rename = "type")]
    pub kind: String,
    /// The one.
    pub from: String,
    /// The other.
    pub to: String,
}

/// What a rater says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Said {
    /// Who.
    pub rater: String,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What a rater says of something that not all say the same of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub enum What {
    /// Of a party.
    Roles {
        /// Its name; null where the rater has nobody there.
        person: Option<String>,
        /// Its roles, sorted.
        roles: Vec<String>,
    },
    /// Of a relation.
    Holds {
        /// Whether it holds.
        holds: bool,
    },
    /// Of mentions that all have.
    People {
        /// The mentions of each person.
        people: Vec<Vec<Marked>>,
    },
    /// Of a stretch of text.
    Mentions {
        /// What is marked there.
        mentions: Vec<Marked>,
    },
}

/// A mention.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Marked {
    /// Where it begins.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// Its words.
    pub text: String,
    /// Its label.
    pub label: String,
}

/// Different words of a person that are shown; the others are counted.
const SHOWN: usize = 4;

impl Disagreement {
    /// The disagreement in a line of words that a terminal can be sent:
    /// `a.txt at 12: Ivo Tarn: anna panel_chair; ben witness`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let named = self.said.iter().find_map(|said| match &said.what {
            What::Roles { person, .. } => person.as_ref(),
            _ => None,
        });
        let about = match &self.relation {
            Some(Relating { kind, from, to }) => format!("{from} {kind} {to}"),
            None => named.unwrap_or(&self.text).clone(),
        };
        let said = self.said.iter().map(|said| format!("{} {}", said.rater, said.what.in_words())).collect::<Vec<_>>();
        visible(&format!("{} at {}: {about}: {}", self.id, self.start, said.join("; "))).into_owned()
    }
}

impl What {
    fn in_words(&self) -> String {
        match self {
            Self::Roles { person: None, .. } => "nobody".to_owned(),
            Self::Roles { roles, .. } if roles.is_empty() => "no role".to_owned(),
            Self::Roles { roles, .. } => roles.join(" + "),
            Self::Holds { holds: true } => "yes".to_owned(),
            Self::Holds { holds: false } => "no".to_owned(),
            Self::People { people } => people.iter().map(|mentions| person(mentions)).collect::<Vec<_>>().join(" | "),
            Self::Mentions { mentions } if mentions.is_empty() => "nothing".to_owned(),
            Self::Mentions { mentions } => {
                mentions.iter().map(|mention| format!("“{}” {}", mention.text, mention.label)).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// The mentions of a person, each word once.
fn person(mentions: &[Marked]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for mention in mentions {
        if !words.contains(&&*mention.text) {
            words.push(&mention.text);
        }
    }
    let shown = words.iter().take(SHOWN).map(|words| format!("“{words}”")).collect::<Vec<_>>().join(", ");
    match words.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
