//! Takes articles, gives tasks for [Label Studio](https://labelstud.io/guide/task_format), one JSON array, and beside it the
//! labelling configuration; takes the array back that it exports as JSON.
//!
//! Mentions are regions with a label. The roles of an entity are choices of its first mention's region; its later mentions are joined
//! to that one by the relation "same", and "represents" leads from first mention to first mention. What nobody has seen yet is a
//! prediction, with the lowest score of its roles (of its mentions, if it has no role), so that a project sorted by score begins with
//! what is doubtful; what somebody has seen is an annotation.
//!
//! Reading, the annotation counts where there is one: of several the ground truth, else the one updated last, and that others were
//! passed over is said. Refuses tasks without a text, and those that were skipped.

use super::article::Article;
use super::draft::{Draft, Drafts, Given, Place, Region, SAME, Words, part};
use super::sources::Source;
use super::values::{Values, id, parse};
use super::{Beside, Export, ExportError, Exporter, Format, Holds, Import, Written, no_hint};
use crate::assign;
use crate::document::Label;
use crate::read::{Code, RawLine, Refusal};
use crate::write::offsets::OffsetUnit;
use crate::write::record::Mentioned;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::io::{self, Write};

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "label-studio",
    about: "tasks for Label Studio, with the labelling configuration",
    holds: Holds { kinds: false, evidence: false, ..Holds::ALL },
    offsets: Some(OffsetUnit::Char),
    export: Some(Export { extension: "json", open: |_| Ok(Box::new(Tasks { begun: false })), beside, hint: no_hint }),
    import: Some(Import::Drafts { extensions: &["json", "jsonl"], read }),
};

/// The names of the parts of the configuration.
const LABEL: &str = "label";
const ROLE: &str = "role";
const TEXT: &str = "text";

struct Tasks {
    begun: bool,
}

impl Exporter for Tasks {
    fn article(&mut self, article: &Article, out: &mut Vec<u8>) -> Result<(), ExportError> {
        out.extend_from_slice(if self.begun { b",\n" } else { b"[\n" });
        let record = &article.record;
        let result = result(article);
        let version = format!("{} {}", record.run.tool, record.run.model);
        let said = if article.reviewed {
            ("annotations", json!([{ "result": result }]))
        } else {
            ("predictions", json!([{ "model_version": version, "score": doubt(article), "result": result }]))
        };
        let task = json!({ "data": { TEXT: record.text, "id": record.id, "meta": record.meta }, said.0: said.1 });
        serde_json::to_writer(&mut *out, &task).expect("a task has no key that is not a string");
        self.begun = true;
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })
    }
}

/// What is said of the text: regions, choices, relations.
fn result(article: &Article) -> Vec<Value> {
    let mut result = Vec::new();
    let mut first_of: BTreeSet<&str> = BTreeSet::new();
    for (at, span) in article.record.spans.iter().enumerate() {
        let roles = if article.layer.roles() { article.roles(at) } else { &[] };
        if !article.layer.ner() && roles.is_empty() {
            continue;
        }
        let value = |name: &str, words: Value| json!({ "start": span.start, "end": span.end, "text": span.text, name: words });
        result.push(item(span, LABEL, "labels", value("labels", json!([span.label])), span.score));
        let first = article.entity(at).is_some_and(|entity| first_of.insert(&entity.id));
        if first && !roles.is_empty() {
            let names: Vec<&str> = roles.iter().map(|role| &*role.role).collect();
            let score = roles.iter().map(|role| role.score).fold(1.0, f64::min);
            result.push(item(span, ROLE, "choices", value("choices", json!(names)), score));
        }
    }
    for (kind, from, to) in article.arrows() {
        result.push(json!({ "type": "relation", "from_id": from.id, "to_id": to.id, "direction": "right", "labels": [kind] }));
    }
    result
}

fn item(span: &Mentioned, name: &str, kind: &str, value: Value, score: f64) -> Value {
    json!({ "id": span.id, "from_name": name, "to_name": TEXT, "type": kind, "value": value, "score": score })
}

/// How sure the least sure of it is.
fn doubt(article: &Article) -> f64 {
    let roles = article.record.entities.iter().flat_map(|entity| &entity.roles).map(|role| role.score);
    let mentions = article.record.spans.iter().map(|span| span.score);
    roles.reduce(f64::min).or(mentions.reduce(f64::min)).unwrap_or(1.0)
}

/// The relation that the rules give.
const REPRESENTS: &str = "represents";

/// The colours of labels and of all others, by their order.
const COLOURS: [&str; 6] = ["#1f77b4", "#2ca02c", "#b8860b", "#7f7f7f", "#c0392b", "#8e44ad"];

/// The labelling configuration.
fn beside(written: &Written<'_>) -> Vec<Beside> {
    let known = Label::OURS.iter().map(|label| label.as_str());
    let labels: Vec<&str> = with(known, written.labels.iter().map(|label| &**label));
    // Several roles of one entity are joined in what was written; here each is a choice.
    let roles = with(assign::built_in_roles(), written.roles.iter().flat_map(|joined| joined.split(super::tags::JOINT)));
    let mut xml = String::from("<View>\n  <Labels name=\"label\" toName=\"text\">\n");
    for (at, label) in labels.iter().enumerate() {
        let _ =
            writeln!(xml, "    <Label value=\"{}\" background=\"{}\"/>", attribute(label), COLOURS[at.min(COLOURS.len() - 1)]);
    }
    xml.push_str("  </Labels>\n  <Relations>\n");
    for relation in with([SAME, REPRESENTS].into_iter(), written.relations.iter().map(|relation| &**relation)) {
        let _ = writeln!(xml, "    <Relation value=\"{}\"/>", attribute(relation));
    }
    xml.push_str("  </Relations>\n");
    xml.push_str("  <Text name=\"text\" value=\"$text\" granularity=\"symbol\"/>\n");
    if written.layer.roles() {
        xml.push_str("  <Choices name=\"role\" toName=\"text\" perRegion=\"true\" choice=\"multiple\">\n");
        for role in roles {
            let _ = writeln!(xml, "    <Choice value=\"{}\"/>", attribute(role));
        }
        xml.push_str("  </Choices>\n");
    }
    xml.push_str("</View>\n");
    vec![Beside { name: "config.xml", content: xml, mark: "<Labels name=\"label\" toName=\"text\">" }]
}

/// Those that are known, then others, each once.
fn with<'a>(known: impl Iterator<Item = &'static str>, others: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    let known = known.map(|word| -> &'a str { word });
    known.chain(others).for_each(|word| {
        if !all.contains(&word) {
            all.push(word);
        }
    });
    all
}

/// A word as an attribute of XML holds it.
fn attribute(word: &str) -> String {
    word.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// A task as it is read.
#[derive(Deserialize)]
struct Task {
    data: Map<String, Value>,
    #[serde(default)]
    annotations: Vec<Said>,
    #[serde(default)]
    predictions: Vec<Value>,
}

/// An annotation or prediction.
#[derive(Deserialize)]
struct Said {
    result: Vec<Item>,
    #[serde(default)]
    was_cancelled: bool,
    #[serde(default)]
    ground_truth: bool,
    updated_at: Option<String>,
}

/// A part of a result: a region, a choice of one, or a relation.
#[derive(Deserialize)]
struct Item {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    value: Value,
    score: Option<f32>,
    #[serde(default)]
    from_id: String,
    #[serde(default)]
    to_id: String,
    direction: Option<String>,
    labels: Option<Vec<String>>,
}

fn read(source: Source) -> Drafts {
    Box::new(Values::new(source).map(|line| draft(&line?)))
}

fn draft(line: &RawLine) -> Result<Draft, Refusal> {
    let refusal = |code, message: String| Refusal::new(code, message).at(&line.path).on_line(line.line);
    let mut task: Task = parse(
        line,
        "a task of Label Studio, with data and annotations, as its export to JSON has them and that to JSON-MIN has not",
    )?;
    let id = id(task.data.shift_remove("id"));
    let Some(Value::String(text)) = task.data.shift_remove(TEXT) else {
        return Err(refusal(Code::NoText, format!("expected the text in data.{TEXT}, found none")).of(id));
    };
    let meta = match task.data.shift_remove("meta") {
        Some(Value::Object(meta)) => meta,
        _ => task.data,
    };
    let place = Place { path: line.path.clone(), line: line.line };
    let mut draft = Draft { id, meta, roles_on_first: true, ..Draft::new(place, Words::Text(text)) };
    let result = if task.annotations.is_empty() {
        // An export of Label Studio's has the numbers of predictions here, and annotations.
        draft.reviewed = false;
        let Some(said) = task.predictions.into_iter().rfind(Value::is_object) else {
            let message = "expected a task with an annotation or a prediction, found neither; left out".to_owned();
            return Err(refusal(Code::Unfit, message).of(draft.id));
        };
        let said: Said = serde_json::from_value(said).map_err(|error| {
            refusal(Code::BadRecord, format!("expected a prediction with a result ({error})")).of(draft.id.clone())
        })?;
        said.result
    } else {
        let mut said: Vec<Said> = task.annotations.into_iter().filter(|said| !said.was_cancelled).collect();
        // The last is the one that counts.
        said.sort_by_cached_key(|said| (said.ground_truth, said.updated_at.clone()));
        if said.len() > 1 {
            draft.unfit.push(format!(
                "expected one annotation, found {}; the ground truth counts, else the one updated last",
                said.len()
            ));
        }
        let Some(last) = said.pop() else {
            let message = "expected a task that was annotated, found one that was skipped; left out".to_owned();
            return Err(refusal(Code::Unfit, message).of(draft.id));
        };
        last.result
    };
    regions(&mut draft, &result);
    Ok(draft)
}

/// What a region says of where it stands.
#[derive(Deserialize)]
struct Stretch {
    start: i64,
    end: i64,
    text: Option<String>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    choices: Vec<String>,
}

fn regions(draft: &mut Draft, result: &[Item]) {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut arrows = Vec::new();
    for item in result {
        match &*item.kind {
            "relation" => {
                let (from, to) = match item.direction.as_deref() {
                    Some("left") => (&*item.to_id, &*item.from_id),
                    _ => (&*item.from_id, &*item.to_id),
                };
                let labels = item.labels.as_deref().unwrap_or_default();
                if labels.is_empty() {
                    draft.unfit.push(format!("a relation from '{from}' to '{to}' has no label; left out"));
                }
                arrows.extend(labels.iter().map(|label| (&**label, from, to)));
            }
            // A choice of the whole task, of another control.
            "choices" if item.value.get("start").is_none() => {}
            "labels" | "choices" => {
                let Ok(stretch) = Stretch::deserialize(&item.value) else {
                    let (id, value) = (&item.id, &item.value);
                    draft
                        .unfit
                        .push(format!("expected a region of the text at '{id}', with start and end, found {value}; left out"));
                    continue;
                };
                let given = |name: &String| Given { name: name.clone(), score: item.score };
                let at = *places.entry(&item.id).or_insert_with(|| {
                    let region = Region { at: stretch.start..stretch.end, ..Region::new(0..0, Vec::new()) };
                    draft.regions.push(Region { text: stretch.text.clone(), ..region });
                    draft.regions.len() - 1
                });
                draft.regions[at].labels.extend(stretch.labels.iter().map(given));
                draft.regions[at].roles.extend(stretch.choices.iter().map(given));
            }
            kind if kind.ends_with("labels") => {
                draft.unfit.push(format!(
                    "expected labels of a text, as the configuration of the export has them, found '{kind}'; left out"
                ));
            }
            // Notes and whatever else a project asks of annotators.
            _ => {}
        }
    }
    let (same, related, unknown) = part(arrows.into_iter(), &places);
    draft.unfit.extend(unknown.iter().map(|id| format!("a relation leads to or from '{id}', which is no region; left out")));
    draft.join(&same);
    draft.relations = Some(related);
}
