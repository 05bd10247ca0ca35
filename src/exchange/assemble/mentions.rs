//! Takes the regions of a draft, gives mentions: regions on one stretch are one, with a label and any number of roles. Leaves out,
//! and says so, what is off the text, has other words than stand there, gives a stretch a second label, or overlaps another.

use super::super::article::Layer;
use super::super::draft::{Draft, Given, Region, Words};
use super::How;
use crate::document::{Annotation, Kind, Label, Mention, Origin, Segments};
use crate::read::Refusal;
use crate::recognise::pseudonyms;
use crate::span::Span;
use crate::write::offsets::{OffsetUnit, Offsets};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the article.
pub(super) struct Article<'a> {
    pub draft: &'a Draft,
    pub text: &'a str,
    pub segments: &'a Segments,
    /// Of a draft of tokens: where they stand.
    pub tokens: Vec<Span>,
    /// The annotation of the record.
    pub before: Option<&'a Annotation>,
    pub how: &'a How,
}

/// A mention and what the draft says of it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Placed {
    pub mention: Mention,
    /// The regions that it comes from; none if it comes from the record.
    pub regions: Vec<usize>,
    /// The roles that it was given.
    pub roles: Vec<Given>,
    /// The key of its entity, if the draft has one.
    pub key: Option<String>,
    /// The mention of the record on the same stretch.
    pub before: Option<usize>,
}

/// What the regions of one stretch say together.
#[derive(Default)]
struct Stretch {
    regions: Vec<usize>,
    label: Option<Given>,
    roles: Vec<Given>,
    key: Option<String>,
    kind: Option<Kind>,
    origin: Option<Origin>,
}

/// The mentions of the draft, in order, not overlapping.
pub(super) fn place(article: &Article<'_>, unfit: &mut Vec<Refusal>) -> Vec<Placed> {
    let mut fault = |message: String| unfit.push(super::refusal(article.draft, message));
    let mut stretches: BTreeMap<Span, Stretch> = BTreeMap::new();
    let offsets = Offsets::new(article.text, article.how.unit);
    for (at, region) in article.draft.regions.iter().enumerate() {
        let span = article.span(region, &offsets).and_then(|span| article.same_words(region, span));
        match span {
            Ok(span) => {
                let words = span.trim(article.text);
                if words != span {
                    fault(format!(
                        "{}: {:?} begins or ends with white space, which was left out",
                        named(region),
                        span.of(article.text)
                    ));
                }
                stretches.entry(words).or_default().add(at, region, article.how, &mut fault);
            }
            Err(message) => fault(format!("{}: {message}; left out", named(region))),
        }
    }
    let before = article.before.map_or(&[][..], |before| &before.mentions);
    let places: BTreeMap<Span, usize> = before.iter().enumerate().map(|(at, mention)| (mention.span, at)).collect();
    if article.how.layer == Layer::Roles {
        // The file says nothing of the other mentions.
        places.keys().for_each(|span| {
            stretches.entry(*span).or_default();
        });
    }
    let pseudonyms: BTreeSet<Span> =
        pseudonyms::find(article.text, article.segments).into_iter().map(|found| found.span).collect();
    let mut placed: Vec<Placed> = Vec::new();
    for (span, stretch) in stretches {
        let known = places.get(&span).copied();
        if stretch.label.is_none() && stretch.roles.is_empty() && known.is_none() {
            // All that it was called was refused.
            continue;
        }
        if let Some(last) = placed.last().filter(|last| last.mention.span.overlaps(span)) {
            let (words, other) = (span.of(article.text), last.mention.span.of(article.text));
            fault(format!("{words:?} overlaps {other:?}, and mentions never overlap; left out"));
            continue;
        }
        let mention = stretch.mention(span, known.map(|at| &before[at]), pseudonyms.contains(&span), article.draft.reviewed);
        let Stretch { regions, roles, key, .. } = stretch;
        placed.push(Placed { mention, regions, roles, key, before: known });
    }
    placed
}

/// How messages name a region.
fn named(region: &Region) -> String {
    let labels: Vec<&str> = region.labels.iter().chain(&region.roles).map(|given| &*given.name).collect();
    format!("{} from {} to {}", labels.join(" and "), region.at.start, region.at.end)
}

impl Article<'_> {
    /// Where a region stands.
    fn span(&self, region: &Region, offsets: &Offsets<'_>) -> Result<Span, String> {
        let (start, end) = (usize::try_from(region.at.start), usize::try_from(region.at.end));
        let off = || {
            let (unit, length) = match self.draft.words {
                Words::Text(_) => match self.how.unit {
                    OffsetUnit::Char => ("characters", offsets.at(self.text.len())),
                    OffsetUnit::Byte => ("bytes", self.text.len()),
                    OffsetUnit::Utf16 => ("UTF-16 units", offsets.at(self.text.len())),
                },
                Words::Tokens(_) => ("tokens", self.tokens.len()),
            };
            format!("expected a stretch of the text, which has {length} {unit}")
        };
        let (Ok(start), Ok(end)) = (start, end) else { return Err(off()) };
        if start >= end {
            return Err("expected a stretch that begins before it ends".to_owned());
        }
        let (start, end) = match self.draft.words {
            Words::Text(_) => (offsets.byte(start), offsets.byte(end)),
            Words::Tokens(_) => (self.tokens.get(start).map(|t| t.start()), self.tokens.get(end - 1).map(|t| t.end())),
        };
        let (Some(start), Some(end)) = (start, end) else { return Err(off()) };
        Span::new(self.text, start, end).map_err(|_| off())
    }

    /// The span, if the region's own words stand there: but for how white space is written, which tools change.
    fn same_words(&self, region: &Region, span: Span) -> Result<Span, String> {
        let expected = span.of(self.text);
        match &region.text {
            Some(found) if plain(found) != plain(expected) => Err(format!(
                "expected the words that stand there, {expected:?}, found {found:?}: were its offsets counted in another unit?"
            )),
            _ if expected.trim().is_empty() => Err("expected words, found white space".to_owned()),
            _ => Ok(span),
        }
    }
}

/// Words with one blank between them. Label Studio writes a line break as `\n`.
fn plain(words: &str) -> String {
    words.replace("\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Stretch {
    /// Adds what `region` says.
    fn add(&mut self, at: usize, region: &Region, how: &How, fault: &mut impl FnMut(String)) {
        for given in region.labels.iter().chain(&region.roles) {
            if given.name.is_empty() {
                fault(format!("{}: expected a label, found an empty one; left out", named(region)));
                continue;
            }
            let given = &Given { name: given.name.clone(), score: given.score.filter(|score| (0.0..=1.0).contains(score)) };
            if how.roles.contains(&given.name) {
                if how.layer.roles() && !self.roles.iter().any(|role| role.name == given.name) {
                    self.roles.push(given.clone());
                }
            } else if !how.layer.ner() && Label::OURS.contains(&Label::from_record(&given.name)) {
                // Label Studio has roles on regions with a label.
            } else if !how.layer.ner() || region.roles.iter().any(|role| role.name == given.name) {
                let known: Vec<&str> = how.roles.iter().map(|role| &**role).collect();
                fault(format!(
                    "{}: expected a role, one of {}, found '{}'; left out",
                    named(region),
                    known.join(", "),
                    given.name
                ));
            } else if let Some(other) = self.label.as_ref().filter(|label| label.name != given.name) {
                fault(format!("{}: expected one label for a stretch, which is {} already; left out", named(region), other.name));
            } else {
                self.label = Some(given.clone());
            }
        }
        self.regions.push(at);
        self.key = self.key.take().or_else(|| region.entity.clone());
        self.kind = self.kind.or(region.kind);
        self.origin = self.origin.or(region.origin);
    }

    /// The mention on `span`, of which the record has `known`.
    fn mention(&self, span: Span, known: Option<&Mention>, pseudonym: bool, reviewed: bool) -> Mention {
        let label = match (&self.label, known) {
            (Some(given), _) => Label::from_record(&given.name),
            (None, Some(known)) => known.label.clone(),
            // Roles are of parties, and who is anonymous can be told.
            (None, None) if pseudonym || self.roles.iter().any(|role| role.name == ANONYMOUS) => Label::Anon,
            (None, None) => Label::Per,
        };
        if let Some(known) = known.filter(|known| known.label == label) {
            return Mention { kind: self.kind.unwrap_or(known.kind), ..known.clone() };
        }
        let kind = match label {
            Label::Anon if pseudonym => Kind::Pseudonym,
            Label::Anon => Kind::Nominal,
            _ => Kind::Name,
        };
        let score = self.label.as_ref().and_then(|label| label.score).unwrap_or(1.0);
        let origin = self.origin.unwrap_or(if reviewed { Origin::Annotator } else { Origin::Model });
        Mention { span, label, kind: self.kind.unwrap_or(kind), score, origin }
    }
}

/// The role of whoever has no name.
const ANONYMOUS: &str = "anonymised_officer";
