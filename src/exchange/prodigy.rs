//! Takes articles, gives tasks for [Prodigy](https://prodi.gy/docs/api-interfaces), a JSON line each; takes what it gives back.
//!
//! With the layer `ner` a task opens in `ner.manual`, `spans.manual` and `rel.manual`: `spans` are the mentions, `relations` join the
//! later mentions of an entity to its first ("same") and say who represents whom. With `roles` and `both` a mention has a span for
//! each role as well, which only `spans.manual` takes, since they overlap. Spans have more keys than Prodigy knows, those of the
//! record; it keeps them. White space other than a blank between words is a token, as in spaCy. `head` and `child` of a relation are the last tokens of its spans, as Prodigy writes them. `answer` is there
//! where somebody has seen the article, `_task_hash` is a hash of text and spans.
//!
//! Refuses, reading, lines that are no tasks, and tasks that were answered with reject or ignore.

use super::article::{Article, Layer, Mark};
use super::draft::{Draft, Given, Groups, Place, Region, Related, SAME, Words};
use super::values::{Values, id, parse};
use super::words::{Word, words};
use super::{Export, ExportError, Exporter, Format, Holds, Import, nothing_beside};
use crate::read::{Code, RawLine, Refusal};
use crate::write::offsets::{OffsetUnit, Offsets};
use crate::write::record::{Mentioned, NamedKind, NamedOrigin, Token};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "prodigy",
    about: "tasks for Prodigy's ner.manual, spans.manual and rel.manual",
    holds: Holds { evidence: false, ..Holds::ALL },
    offsets: Some(OffsetUnit::Char),
    export: Some(Export { extension: "jsonl", open: |_| Ok(Box::new(Tasks)), beside: nothing_beside, hint }),
    import: Some(Import::Drafts {
        extensions: &["jsonl", "json"],
        read: |source| Box::new(Values::new(source).map(|line| draft(&line?))),
    }),
};

fn hint(layer: Layer) -> Option<&'static str> {
    layer.roles().then_some("open it in spans.manual: spans of roles overlap; for ner.manual and rel.manual export --layer ner")
}

struct Tasks;

/// A task as it is written.
#[derive(Serialize)]
struct Task<'a> {
    id: &'a str,
    text: &'a str,
    meta: &'a Map<String, Value>,
    tokens: Vec<Token>,
    spans: Vec<Mentioned>,
    relations: Vec<Relation<'a>>,
    #[serde(rename = "_input_hash")]
    input_hash: i32,
    #[serde(rename = "_task_hash")]
    task_hash: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'static str>,
}

/// A relation as it is written.
#[derive(Serialize)]
struct Relation<'a> {
    head: usize,
    child: usize,
    label: &'a str,
    head_span: End<'a>,
    child_span: End<'a>,
}

/// A span of a relation.
#[derive(Serialize)]
struct End<'a> {
    start: usize,
    end: usize,
    token_start: usize,
    token_end: usize,
    label: &'a str,
}

impl Exporter for Tasks {
    fn article(&mut self, article: &Article, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let record = &article.record;
        let (words, places) = words(article);
        // By its words, as Prodigy has them, the last of which a relation names.
        let place = |mention: &Mentioned| {
            let at = record.spans.partition_point(|other| other.start < mention.start);
            (places[at].start, places[at].end - 1)
        };
        let span = |mark: Mark<'_>| {
            let (token_start, token_end) = place(mark.mention);
            let score = mark.role.map_or(mark.mention.score, |role| role.score);
            Mentioned { label: mark.label.to_owned(), score, token_start, token_end, ..mark.mention.clone() }
        };
        let spans: Vec<Mentioned> = article.marks().map(span).collect();
        let end = |mention| {
            let (token_start, token_end) = place(mention);
            End { start: mention.start, end: mention.end, token_start, token_end, label: &mention.label }
        };
        let relation = |(label, head, child)| {
            let (head_span, child_span) = (end(head), end(child));
            Relation { head: head_span.token_end, child: child_span.token_end, label, head_span, child_span }
        };
        let task = Task {
            id: &record.id,
            text: &record.text,
            meta: &record.meta,
            tokens: tokens(article, &words),
            relations: article.arrows().into_iter().map(relation).collect(),
            input_hash: record.input_hash,
            task_hash: task_hash(&record.text, &spans),
            spans,
            answer: article.reviewed.then_some(ACCEPT),
        };
        serde_json::to_writer(&mut *out, &task).expect("a task has no key that is not a string");
        out.push(b'\n');
        Ok(())
    }
}

/// The answer of whoever agrees.
const ACCEPT: &str = "accept";

/// The words as Prodigy has them.
fn tokens(article: &Article, words: &[Word<'_>]) -> Vec<Token> {
    let offsets = Offsets::new(&article.record.text, article.record.offset_unit);
    let token = |(id, word): (usize, &Word<'_>)| Token {
        id,
        text: word.text.to_owned(),
        start: offsets.at(word.start),
        end: offsets.at(word.start + word.text.len()),
        ws: word.space,
    };
    words.iter().enumerate().map(token).collect()
}

/// The first four bytes of a SHA-256, as the record's `_input_hash` is.
fn task_hash(text: &str, spans: &[Mentioned]) -> i32 {
    let mut hash = Sha256::new();
    hash.update(text);
    for span in spans {
        hash.update(format!("\0{} {} {}", span.start, span.end, span.label));
    }
    let hash = hash.finalize();
    i32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

/// A task as it is read.
#[derive(Deserialize)]
struct Answered {
    id: Option<Value>,
    text: String,
    meta: Option<Map<String, Value>>,
    spans: Option<Vec<Span>>,
    relations: Option<Vec<Arrow>>,
    answer: Option<String>,
}

/// A span as it is read.
#[derive(Deserialize)]
struct Span {
    start: i64,
    end: i64,
    token_end: Option<i64>,
    label: String,
    text: Option<String>,
    score: Option<f32>,
    entity: Option<String>,
    kind: Option<NamedKind>,
    source: Option<NamedOrigin>,
}

/// A relation as it is read.
#[derive(Deserialize)]
struct Arrow {
    label: String,
    head: Option<i64>,
    child: Option<i64>,
    head_span: Option<Stretch>,
    child_span: Option<Stretch>,
}

/// Where a span of a relation stands.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Hash)]
struct Stretch {
    start: i64,
    end: i64,
}

fn draft(line: &RawLine) -> Result<Draft, Refusal> {
    let refusal = |code, message: String| Refusal::new(code, message).at(&line.path).on_line(line.line);
    let task: Answered = parse(line, "a task of Prodigy, with text and spans")?;
    let id = id(task.id);
    if let Some(answer) = task.answer.as_deref().filter(|answer| *answer != ACCEPT) {
        let message = format!("expected a task that was accepted, found one answered with {answer:?}; left out");
        return Err(refusal(Code::Unfit, message).of(id));
    }
    let place = Place { path: line.path.clone(), line: line.line };
    let (meta, spans) = (task.meta.unwrap_or_default(), task.spans.unwrap_or_default());
    let mut draft = Draft { id, meta, reviewed: task.answer.is_some(), ..Draft::new(place, Words::Text(task.text)) };
    draft.regions = spans.iter().map(region).collect();
    if let Some(arrows) = &task.relations {
        relate(&mut draft, &spans, arrows);
    }
    Ok(draft)
}

fn region(span: &Span) -> Region {
    Region {
        at: span.start..span.end,
        labels: vec![Given { name: span.label.clone(), score: span.score }],
        roles: Vec::new(),
        text: span.text.clone(),
        entity: span.entity.clone(),
        kind: span.kind.map(|kind| kind.0),
        origin: span.source.map(|source| source.0),
    }
}

/// Joins what the arrows join. A stretch that is no span any more still joins those that were joined to it; a span that no arrow
/// joins and that had an entity stands alone now.
fn relate(draft: &mut Draft, spans: &[Span], arrows: &[Arrow]) {
    let ends: Vec<Option<(Stretch, Stretch)>> = arrows.iter().map(|arrow| arrow.ends(spans)).collect();
    let mut numbers: HashMap<Stretch, usize> = HashMap::new();
    for stretch in spans.iter().map(Span::stretch).chain(ends.iter().flatten().flat_map(|&(head, child)| [head, child])) {
        let next = numbers.len();
        numbers.entry(stretch).or_insert(next);
    }
    let mut groups = Groups::new(numbers.len());
    let mut joined: HashSet<Stretch> = HashSet::new();
    for (arrow, ends) in arrows.iter().zip(&ends) {
        match ends {
            Some((head, child)) if arrow.label == SAME => {
                groups.join(numbers[head], numbers[child]);
                joined.extend([*head, *child]);
            }
            Some(_) => {}
            None => draft.unfit.push(format!("a relation '{}' leads to or from no span; left out", arrow.label)),
        }
    }
    let mut places: HashMap<usize, usize> = HashMap::new();
    for (at, span) in spans.iter().enumerate() {
        let group = groups.of(numbers[&span.stretch()]);
        places.entry(group).or_insert(at);
        if span.entity.is_some() || joined.contains(&span.stretch()) {
            draft.regions[at].entity = Some(group.to_string());
        }
    }
    let mut related = Vec::new();
    for (arrow, ends) in arrows.iter().zip(&ends).filter(|(arrow, _)| arrow.label != SAME) {
        let Some((head, child)) = ends else { continue };
        let [from, to] = [head, child].map(|end| places.get(&groups.of(numbers[end])).copied());
        related.extend(from.zip(to).map(|(from, to)| Related { kind: arrow.label.clone(), from, to }));
    }
    draft.relations = Some(related);
}

impl Span {
    fn stretch(&self) -> Stretch {
        Stretch { start: self.start, end: self.end }
    }
}

impl Arrow {
    /// The stretches that it leads from and to: as it says, or those of the spans that end in its tokens.
    fn ends(&self, spans: &[Span]) -> Option<(Stretch, Stretch)> {
        let of_token =
            |token: Option<i64>| spans.iter().find(|span| span.token_end.is_some() && span.token_end == token).map(Span::stretch);
        Some((self.head_span.or_else(|| of_token(self.head))?, self.child_span.or_else(|| of_token(self.child))?))
    }
}
