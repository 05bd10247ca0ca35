//! Takes an article as it was predicted and a reviewer's answers to it, in order, gives the article as the reviewer has it. What no
//! longer fits, since the text or the prediction is another than the one decided on, is left out and listed; nothing is refused.
//!
//! An accepted article stays as it was accepted whatever is predicted for the same text. In another text a stretch is looked
//! for by its words and those around it, and has to stand in one place alone.

use super::answer::{AROUND, Anchor, Answer, Verdict};
use super::decision::Decision;
use super::sheet::Sheet;
use super::{Fingerprints, Status};
use crate::document::Annotation;
use crate::span::Span;
use crate::write::offsets::{OffsetUnit, Offsets};

/// An article as a reviewer has it.
#[derive(Clone, PartialEq, Debug)]
pub struct Case {
    /// The annotation.
    pub sheet: Sheet,
    /// What was decided on the article as a whole.
    pub status: Status,
    /// The reviewer's note; empty if there is none.
    pub note: String,
    /// The decisions that no longer fit, a sentence each.
    pub unfit: Vec<String>,
    /// How many decisions stand.
    pub decisions: usize,
    /// The id and the words of the decision that would be undone.
    pub undo: Option<(String, String)>,
    /// The id and the words of the decision that would stand again.
    pub redo: Option<(String, String)>,
    /// What the reviewer has seen when this is shown: the last answer, and which text and prediction they were to.
    pub version: String,
}

/// What stands of some answers, and what was taken back, the last one last.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Standing<'a> {
    /// The decisions that stand, in order.
    pub made: Vec<&'a Answer>,
    /// Those that were taken back since.
    pub undone: Vec<&'a Answer>,
    /// Takings back of what was not the last decision.
    odd: usize,
}

impl<'a> Standing<'a> {
    /// Goes through the answers of one reviewer to one article.
    #[must_use]
    pub fn of(answers: &'a [Answer]) -> Self {
        let mut standing = Self::default();
        let named = |stack: &[&Answer], of: &Option<String>| stack.last().is_some_and(|last| Some(&last.id) == of.as_ref());
        for answer in answers {
            match &answer.decision {
                Decision::Undo { of } if named(&standing.made, of) => standing.undone.extend(standing.made.pop()),
                Decision::Redo { of } if named(&standing.undone, of) => standing.made.extend(standing.undone.pop()),
                Decision::Undo { .. } | Decision::Redo { .. } => standing.odd += 1,
                _ => {
                    standing.made.push(answer);
                    standing.undone.clear();
                }
            }
        }
        standing
    }

    /// The article as it was accepted, with its answer, if it is accepted still.
    #[must_use]
    pub fn accepted(&self) -> Option<(&'a Answer, &'a Verdict)> {
        let last = self.made.iter().rev().find(|answer| !matches!(answer.decision, Decision::Note { .. }))?;
        let result = last.result.as_ref().filter(|_| matches!(last.decision, Decision::Accept {}))?;
        Some((last, result))
    }
}

impl Case {
    /// The article after all `answers`.
    #[must_use]
    pub fn new(text: &str, annotation: &Annotation, now: &Fingerprints, answers: &[Answer]) -> Self {
        let standing = Standing::of(answers);
        let named = |answer: Option<&&Answer>| answer.map(|answer| (answer.id.clone(), answer.decision.in_words()));
        let mut case = Self {
            sheet: Sheet::new(annotation),
            status: Status::Undecided,
            note: String::new(),
            unfit: vec!["an undo or redo of something that was not the last decision".to_owned(); standing.odd],
            decisions: standing.made.len(),
            undo: named(standing.made.last()),
            redo: named(standing.undone.last()),
            version: version(answers, now),
        };
        let place = Place { text, offsets: Offsets::new(text, OffsetUnit::Char), now };
        standing.made.into_iter().for_each(|answer| case.take(&place, answer));
        case
    }

    fn take(&mut self, place: &Place<'_>, answer: &Answer) {
        let same_text = answer.text_hash == place.now.text;
        let same = same_text && answer.predicted == place.now.predicted;
        match &answer.decision {
            Decision::Accept {} | Decision::Reject {} if !same_text => self.status = Status::Stale,
            Decision::Accept {} => {
                if let Some(verdict) = answer.result.as_ref().filter(|_| !same) {
                    self.sheet.impose(place.text, verdict, |judged| place.exactly(judged.start, judged.end));
                }
                // Whatever did not fit before, this is what the reviewer wants of this very text.
                self.unfit.clear();
                self.sheet.accept();
                self.status = Status::Accepted;
            }
            Decision::Reject {} => {
                self.unfit.clear();
                self.status = Status::Rejected;
            }
            Decision::Skip {} => self.status = Status::Skipped,
            Decision::Reopen {} => self.status = Status::Undecided,
            Decision::Note { text } => self.note.clone_from(text),
            // Made together, but carried one by one.
            Decision::Several { decisions } => decisions.iter().for_each(|decision| self.carry(place, decision, same_text, same)),
            decision => self.carry(place, decision, same_text, same),
        }
    }

    /// Makes a decision on mentions or people, or lists it. `same_text` and `same` say whether it was made on this text, and on this
    /// prediction of it.
    fn carry(&mut self, place: &Place<'_>, decision: &Decision<Anchor>, same_text: bool, same: bool) {
        let lost = |words: String| format!("{words} is not in the text any more, or more than once");
        let made = decision.try_map(&mut |anchor| place.of(anchor, same_text)).map_err(lost);
        let made = made.and_then(|decision| match self.sheet.make(place.text, &decision) {
            Err(error) if same || !error.is_moot() => Err(error.to_string()),
            _ => Ok(()),
        });
        if let Err(why) = made {
            self.unfit.push(format!("{}: {why}", decision.in_words()));
        }
        if self.status != Status::Stale {
            self.status = Status::Undecided;
        }
    }
}

fn version(answers: &[Answer], now: &Fingerprints) -> String {
    let last = answers.last().map_or("none", |answer| &answer.id);
    format!("{last} {} {}", now.text, now.predicted)
}

/// The text that decisions are carried to.
struct Place<'a> {
    text: &'a str,
    offsets: Offsets<'a>,
    now: &'a Fingerprints,
}

impl Place<'_> {
    /// The span from character to character.
    fn exactly(&self, start: usize, end: usize) -> Option<Span> {
        Span::new(self.text, self.offsets.byte(start)?, self.offsets.byte(end)?).ok()
    }

    /// The span of an anchor; else its words, in quotation marks.
    fn of(&self, anchor: &Anchor, same_text: bool) -> Result<Span, String> {
        let span = match same_text {
            true => self.exactly(anchor.start, anchor.end).filter(|span| span.of(self.text) == anchor.text),
            false => self.search(anchor),
        };
        span.ok_or_else(|| format!("“{}”", anchor.text))
    }

    /// The one place where the words stand with the most of what was around them, and that on one side at least.
    fn search(&self, anchor: &Anchor) -> Option<Span> {
        if anchor.text.is_empty() {
            return None;
        }
        let mut best: (usize, Option<Span>) = (0, None);
        for (start, words) in self.text.match_indices(&*anchor.text) {
            let end = start + words.len();
            let (head, tail) = (&self.text[..start], &self.text[end..]);
            let sides = [
                beside(&anchor.before, head.is_empty(), |around| head.ends_with(around)),
                beside(&anchor.after, tail.is_empty(), |around| tail.starts_with(around)),
            ];
            let fits = sides.into_iter().filter(|fits| *fits).count();
            if fits > best.0 {
                best = (fits, Span::new(self.text, start, end).ok());
            } else if fits == best.0 {
                best.1 = None;
            }
        }
        best.1
    }
}

/// Whether what stood on one side of an anchor stands there; nothing did at an end of the text alone.
fn beside(around: &str, at_end: bool, stands: impl Fn(&str) -> bool) -> bool {
    if around.is_empty() { at_end } else { stands(around) }
}

/// The anchor of a span.
#[must_use]
pub fn anchor(text: &str, offsets: &Offsets<'_>, span: Span) -> Anchor {
    let (head, tail) = (&text[..span.start()], &text[span.end()..]);
    let before = head.char_indices().rev().nth(AROUND - 1).map_or(head, |(at, _)| &head[at..]);
    let after = tail.char_indices().nth(AROUND).map_or(tail, |(at, _)| &tail[..at]);
    Anchor {
        start: offsets.at(span.start()),
        end: offsets.at(span.end()),
        text: span.of(text).to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
    }
}
