//! Takes a line of an answers file, gives the answer in it, and back. The only file that knows that format, `rolecall-answer/1`:
//! one JSON object a line, a decision each, in the order in which they were made. Refuses what is no answer.
//!
//! Offsets are Unicode scalar values, half-open. Every stretch stands with its words and what is around them, so that it can be
//! found again in another version of the article; `text_hash` and `predicted` say which version was decided on.

use super::decision::{Decision, Words};
use crate::write::record::NamedKind;
use serde::{Deserialize, Serialize};

/// The version of the format: the value of [`Answer::schema`].
pub const VERSION: &str = "rolecall-answer/1";

/// A decision, who made it when, and on what.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// [`VERSION`].
    pub schema: String,
    /// A name of its own: 16 random hexadecimal digits.
    pub id: String,
    /// Who decided.
    pub reviewer: String,
    /// When, in UTC to the millisecond, as RFC 3339 writes it.
    pub time: String,
    /// The id of the article.
    pub article: String,
    /// The [fingerprint](super::Fingerprints) of the article's text.
    pub text_hash: String,
    /// The fingerprint of the annotation that was corrected.
    pub predicted: String,
    /// What was decided.
    pub decision: Decision<Anchor>,
    /// Of an article that was accepted: its annotation, as it then was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Verdict>,
}

/// A stretch of a text, and enough to find it in another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// Where it begins.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// Its words.
    pub text: String,
    /// The characters before it, at most [`AROUND`]; fewer at the beginning of the text alone.
    pub before: String,
    /// The characters after it, likewise.
    pub after: String,
}

/// How many characters an anchor has on either side.
pub const AROUND: usize = 24;

impl Words for Anchor {
    fn words(&self) -> String {
        format!("“{}”", self.text)
    }
}

/// The annotation of an article as a reviewer accepted it: what holds, and nothing of how sure or why.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Verdict {
    /// The mentions, in order, never overlapping.
    pub mentions: Vec<Judged>,
    /// The people, organisations and places, in the order of their first mentions.
    pub people: Vec<Party>,
    /// What holds between them.
    pub relations: Vec<Held>,
}

impl Verdict {
    /// What in it contradicts itself, if anything does: something else than a reviewer has written it then.
    #[must_use]
    pub fn contradiction(&self) -> Option<&'static str> {
        let people = self.people.len();
        let mut mentioned = vec![false; people];
        let mut end = 0;
        for mention in &self.mentions {
            if mention.start < end || mention.end <= mention.start {
                return Some("its mentions overlap, are out of order or hold nothing");
            }
            if mention.text.chars().count() != mention.end - mention.start {
                return Some("a mention has more or fewer characters than its words");
            }
            end = mention.end;
            match mention.person.map(|person| mentioned.get_mut(person)) {
                None => {}
                Some(Some(mentioned)) => *mentioned = true,
                Some(None) => return Some("a mention is of somebody who is not there"),
            }
        }
        if mentioned.contains(&false) {
            return Some("somebody in it is mentioned nowhere");
        }
        let stranger = self.relations.iter().any(|held| held.from >= people || held.to >= people);
        stranger.then_some("a relation is of somebody who is not there")
    }
}

/// A mention that holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Judged {
    /// Where it begins.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// Its words.
    pub text: String,
    /// Its label.
    pub label: String,
    /// How it refers.
    pub kind: NamedKind,
    /// Whose it is: a place in [`Verdict::people`]; none of nobody's.
    pub person: Option<usize>,
}

/// Somebody or something mentioned.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Party {
    /// The fullest mention.
    pub name: String,
    /// The ids of the roles that hold, sorted.
    pub roles: Vec<String>,
}

/// A relation that holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Held {
    /// Which, for example `represents`.
    #[serde(rename = "type")]
    pub kind: String,
    /// A place in [`Verdict::people`].
    pub from: usize,
    /// A place in [`Verdict::people`].
    pub to: usize,
}

/// Why a line is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// Not JSON, or not the fields of an answer.
    #[error("expected an answer of the format {VERSION}, found something else ({0})")]
    Json(#[from] serde_json::Error),
    /// Of another format or version.
    #[error("expected an answer of the format {VERSION}, found {}", found.as_ref().map_or("none".to_owned(), |found| format!("{found:?}")))]
    Version {
        /// The value of its `schema`; none when it has none.
        found: Option<String>,
    },
    /// An accepted article that can't have been one.
    #[error("what was accepted contradicts itself: {0}")]
    Contradiction(&'static str),
}

#[derive(Deserialize)]
struct Header {
    schema: Option<String>,
}

impl Answer {
    /// Reads a line.
    ///
    /// # Errors
    /// When it is no answer, one of another version, or one that contradicts itself.
    pub fn read(line: &str) -> Result<Self, AnswerError> {
        let Header { schema } = serde_json::from_str(line)?;
        if schema.as_deref() != Some(VERSION) {
            return Err(AnswerError::Version { found: schema });
        }
        let answer: Self = serde_json::from_str(line)?;
        match answer.result.as_ref().and_then(Verdict::contradiction) {
            Some(why) => Err(AnswerError::Contradiction(why)),
            None => Ok(answer),
        }
    }

    /// The line, with its end.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = serde_json::to_string(self).expect("an answer is made of texts, numbers and lists");
        line.push('\n');
        line
    }
}
