//! Takes an evaluation, gives what is printed of it: the report of `--json` and the lines of `--errors`. The only file that knows
//! these two formats. Refuses nothing.
//!
//! A figure that is undefined (the precision of nothing predicted) is null, never 0. Intervals are those of
//! [`bootstrap`](super::bootstrap). Offsets in mistakes are in characters, half-open.

use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the report; lines of `--errors` have the fields of [`MistakeLine`].
pub const VERSION: &str = "rolecall-evaluation/1";

/// The report of `--json`.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Report {
    /// [`VERSION`].
    pub schema: &'static str,
    /// Which articles were judged.
    pub articles: Articles,
    /// How intervals were made.
    pub bootstrap: Resampled,
    /// The figures of all articles.
    pub all: Figures,
    /// By field of `meta` and value.
    pub groups: BTreeMap<String, BTreeMap<String, GroupFigures>>,
    /// How far the scores of predicted roles can be believed.
    pub calibration: Reliability,
    /// How the run differs from another; null without `--compare`.
    pub comparison: Option<Comparison>,
}

/// Which articles were judged, and which were not.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Articles {
    /// Articles of which gold and every prediction have the same text.
    pub judged: u64,
    /// In gold, and missing from a prediction.
    pub missing: u64,
    /// In a prediction, and not in gold.
    pub extra: u64,
    /// In all, with texts that differ.
    pub different_text: u64,
    /// Lines that are no record, and ids that came twice.
    pub refused: u64,
}

/// How intervals were made.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Resampled {
    /// How many times the articles were drawn anew.
    pub resamples: usize,
    /// What the draws depend on.
    pub seed: u64,
    /// The share of draws between the ends of an interval.
    pub level: f64,
}

/// Counts and what follows from them.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Counted {
    /// Things in gold.
    pub gold: u64,
    /// Things predicted.
    pub predicted: u64,
    /// Credit of the things in gold: hits, but for partial matches (a half) and B-cubed.
    #[serde(serialize_with = "whole")]
    pub found: f64,
    /// Credit of the things predicted.
    #[serde(serialize_with = "whole")]
    pub sound: f64,
    /// `sound / predicted`.
    pub precision: Option<f64>,
    /// `found / gold`.
    pub recall: Option<f64>,
    /// Their harmonic mean.
    pub f1: Option<f64>,
    /// Between which ends the figures of the resamples lie; only for all articles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Intervals>,
    /// Of the span schemes: what became of each span.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<Outcomes>,
}

/// What became of each span, as nervaluate counts it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Outcomes {
    /// Pairs that are right.
    pub correct: u64,
    /// Pairs that overlap and count nothing.
    pub incorrect: u64,
    /// Pairs that overlap and count half.
    pub partial: u64,
    /// Gold spans in no pair.
    pub missed: u64,
    /// Predicted spans in no pair.
    pub spurious: u64,
}

/// The ends of three intervals; null where a figure is undefined in every resample.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Intervals {
    /// Of precision.
    pub precision: Option<(f64, f64)>,
    /// Of recall.
    pub recall: Option<(f64, f64)>,
    /// Of F1.
    pub f1: Option<(f64, f64)>,
}

/// A mean over classes, of what is defined.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Averaged {
    /// Mean precision, over the classes of which something was predicted.
    pub precision: Option<f64>,
    /// Mean recall, over the classes of which gold has something.
    pub recall: Option<f64>,
    /// Mean F1, over the classes of either.
    pub f1: Option<f64>,
    /// How many classes have an F1.
    pub classes: usize,
    /// As [`Counted::interval`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Intervals>,
}

/// The figures of one aspect with classes.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Classes {
    /// All classes together.
    pub micro: Counted,
    /// The mean over classes.
    #[serde(rename = "macro")]
    pub averaged: Averaged,
    /// The mean over classes, each weighted by its share of gold (seqeval's).
    pub weighted: Averaged,
    /// By class.
    pub of: BTreeMap<String, Counted>,
}

/// The figures of roles.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RoleFigures {
    /// The four roles of the core together.
    pub core: Counted,
    /// The mean over the four.
    pub core_macro: Averaged,
    /// All roles together.
    pub all: Counted,
    /// The mean over all roles.
    pub all_macro: Averaged,
    /// By role.
    pub of: BTreeMap<String, Counted>,
}

/// The figures of links.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct LinkFigures {
    /// Entities of every label.
    pub all: Counted,
    /// People and parties: PER and ANON.
    pub people: Counted,
    /// By label.
    pub of: BTreeMap<String, Counted>,
}

/// All figures.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Figures {
    /// Mentions in nervaluate's four schemes: strict, exact, partial, type; classes are labels.
    pub mentions: BTreeMap<&'static str, Classes>,
    /// Entities of tag sequences as seqeval reads them: default, strict. On records, whose spans make whole tags, both are the
    /// strict scheme of `mentions`.
    pub seqeval: BTreeMap<&'static str, Classes>,
    /// Mentions of the strict scheme by kind: name, pseudonym, nominal.
    pub kinds: BTreeMap<String, Counted>,
    /// Roles by entity: pairs of an entity and a role.
    pub roles_by_entity: RoleFigures,
    /// Roles by mention: pairs of a mention, by its span, and a role of its entity.
    pub roles_by_mention: RoleFigures,
    /// Links as B-cubed.
    pub b_cubed: LinkFigures,
    /// Entities of exactly the right mentions and label.
    pub exact_entities: LinkFigures,
    /// Relations; classes are types.
    pub relations: Classes,
}

/// The figures of a group.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct GroupFigures {
    /// How many articles.
    pub articles: u64,
    /// Their figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// How far scores can be believed.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Reliability {
    /// The mean gap between score and share right.
    pub expected_error: Option<f64>,
    /// Predictions by score.
    pub bins: Vec<ReliabilityBin>,
}

/// The predictions of one stretch of scores.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ReliabilityBin {
    /// Scores above this.
    pub above: f64,
    /// Scores up to this.
    pub up_to: f64,
    /// How many.
    pub predicted: u64,
    /// How many are right.
    pub right: u64,
    /// Their mean score.
    pub mean_score: Option<f64>,
    /// The share that is right.
    pub precision: Option<f64>,
}

/// How the run differs from another.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Comparison {
    /// The headline figures of both.
    pub figures: Vec<Compared>,
    /// Mistakes by what became of them: new, fixed, same.
    pub mistakes: BTreeMap<&'static str, u64>,
}

/// A figure of both runs.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Compared {
    /// What is measured.
    pub name: String,
    /// F1 of this run.
    pub f1: Option<f64>,
    /// F1 of the other.
    pub other: Option<f64>,
    /// This less the other.
    pub difference: Option<f64>,
    /// The interval of the difference, both runs being resampled alike (paired bootstrap).
    pub interval: Option<(f64, f64)>,
    /// Twice the share of resamples in which the difference has not the sign of most, at most 1.
    pub p_value: Option<f64>,
}

/// A mistake: a line of `--errors`.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MistakeLine {
    /// The article.
    pub id: String,
    /// The values that put it into groups, by field.
    pub groups: BTreeMap<String, String>,
    /// What is wrong: `missed_mention`, `wrong_role` …
    pub fault: &'static str,
    /// What became of it: new, fixed, same; null where no runs are compared.
    pub change: Option<&'static str>,
    /// What gold says; null for what is spurious.
    pub gold: Option<SideLine>,
    /// What was predicted; null for what was missed.
    pub predicted: Option<SideLine>,
    /// The text around it.
    pub context: PlaceLine,
}

impl MistakeLine {
    /// The mistake in a line of words: `new wrong_role in a.txt: Ivo Tarn (panel_chair) → Ivo Tarn (witness)`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let side = |side: &Option<SideLine>| match side {
            None => "nothing".to_owned(),
            Some(side) => {
                let texts = side.places.iter().map(|place| &*place.text).collect::<Vec<_>>().join(" | ");
                format!("{texts} ({})", side.role.as_ref().unwrap_or(&side.label))
            }
        };
        let change = self.change.map(|change| format!("{change} ")).unwrap_or_default();
        let (gold, predicted) = (side(&self.gold), side(&self.predicted));
        // Line breaks and other controls of an article do not reach a terminal.
        let words = format!("{change}{} in {}: {gold} → {predicted}", self.fault, self.id);
        words.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
    }
}

/// What gold or the prediction says.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SideLine {
    /// The label.
    pub label: String,
    /// name, pseudonym or nominal.
    pub kind: &'static str,
    /// The names of the entities concerned.
    pub names: Vec<String>,
    /// The role, or the type of a relation.
    pub role: Option<String>,
    /// The mentions concerned.
    pub places: Vec<PlaceLine>,
    /// The words taken for proof.
    pub evidence: Vec<PlaceLine>,
    /// The rules that fired, or the layer that found the mention.
    pub rules: Vec<String>,
    /// How sure, 0 to 1.
    pub score: Option<f64>,
}

/// A stretch of the text, in characters.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PlaceLine {
    /// Where it begins.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// The words.
    pub text: String,
}

/// Writes a whole number without a fraction.
fn whole<S: serde::Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.fract() == 0.0 { serializer.serialize_u64(*value as u64) } else { serializer.serialize_f64(*value) }
}
