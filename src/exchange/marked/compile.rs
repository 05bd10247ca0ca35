//! Takes a marked article that was taken apart, gives its annotation. Refuses roles and relations of nobody, words of proof that
//! the article does not hold, and a key that stands for two sorts of things.

use super::parse::{Mark, Parsed};
use super::{Compiled, Forgotten, MarkError};
use crate::document::{Annotation, Document, Entity, Evidence, Kind, Label, Mention, Origin, Relation, RoleGiven, Status};
use crate::segment::segment;
use crate::span::Span;
use crate::write::back::Annotated;
use crate::write::offsets::OffsetUnit;
use crate::write::record::Run;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};

/// The relation that there is.
const RELATION: &str = "represents";

/// The name of the rule in the evidence of gold.
const RULE: &str = "annotator";

pub(super) fn compile(id: &str, parsed: Parsed, roles: &BTreeSet<&str>) -> Result<Compiled, MarkError> {
    let (mut entities, keys) = entities(&parsed)?;
    let mut relations = Vec::new();
    for (key, party) in &parsed.parties {
        let fault = |what: String| MarkError { line: parsed.party_line(key), what: format!("[party.{key}]: {what}") };
        let &at = keys.get(&**key).ok_or_else(|| fault("expected a mark with this key in the article, found none".into()))?;
        let party = party.as_table().ok_or_else(|| fault("expected a table of roles and relations".into()))?;
        let proof = Proof { text: &parsed.text, marks: &parsed.marks, mentions: entities[at].mentions.clone() };
        for (name, value) in party {
            let fault = |what: String| fault(format!("{name}: {what}"));
            if let Some(others) = value.as_table() {
                if name != RELATION {
                    return Err(fault(format!(
                        "expected words of proof for a role, or '{RELATION}.KEY'; there is no other relation"
                    )));
                }
                for (other, words) in others {
                    let &to = keys
                        .get(&**other)
                        .filter(|to| **to != at)
                        .ok_or_else(|| fault(format!("expected the key of another entity of the article, found '{other}'")))?;
                    let evidence = proof.of(words).map_err(fault)?[0];
                    relations.push(Relation { kind: name.clone().into(), from: at, to, evidence });
                }
            } else if !roles.contains(&**name) {
                let known: Vec<&str> = roles.iter().copied().collect();
                return Err(fault(format!("expected a role, one of {}", known.join(", "))));
            } else if !matches!(entities[at].label, Label::Per | Label::Anon) {
                return Err(fault(format!("expected a person to have it, found {}", entities[at].label)));
            } else {
                let evidence = proof.of(value).map_err(fault)?.into_iter();
                let evidence = evidence.map(|span| Evidence { rule: RULE.to_owned(), span }).collect();
                entities[at].roles.push(RoleGiven { role: name.clone(), score: 1.0, status: Status::Accepted, evidence });
            }
        }
    }
    relations.sort_by_key(|relation| (relation.from, relation.to));
    let forgotten = forgotten(&parsed);
    let mentions = parsed.marks.iter().map(|mark| Mention {
        span: mark.span,
        label: mark.label.clone(),
        kind: mark.kind,
        score: 1.0,
        origin: Origin::Annotator,
    });
    let annotation =
        Annotation { segments: segment(&parsed.text), mentions: mentions.collect(), entities, relations, warnings: vec![] };
    let document = Document { id: id.to_owned(), text: parsed.text, meta: meta(parsed.meta)? };
    Ok(Compiled { annotated: Annotated { document, annotation, unit: OffsetUnit::Char, made_by: Run::by_hand() }, forgotten })
}

/// The entities in the order of their first mentions, and the place of each key's.
fn entities(parsed: &Parsed) -> Result<(Vec<Entity>, HashMap<&str, usize>), MarkError> {
    let mut keys: HashMap<&str, usize> = HashMap::new();
    let mut mentions: Vec<Vec<usize>> = Vec::new();
    for (at, mark) in parsed.marks.iter().enumerate() {
        let entity = *keys.entry(&mark.key).or_insert_with(|| {
            mentions.push(Vec::new());
            mentions.len() - 1
        });
        mentions[entity].push(at);
    }
    let entities = mentions.into_iter().map(|mentions| entity(parsed, mentions)).collect::<Result<_, _>>()?;
    Ok((entities, keys))
}

fn entity(parsed: &Parsed, mentions: Vec<usize>) -> Result<Entity, MarkError> {
    let marks = || mentions.iter().map(|&at| &parsed.marks[at]);
    let first = &parsed.marks[mentions[0]];
    if let Some(other) = marks().find(|mark| (mark.kind == Kind::Nominal) != (first.kind == Kind::Nominal)) {
        let what = format!("expected '{}' to be described everywhere or nowhere: who has a name is not marked NOM", other.key);
        return Err(MarkError { line: parsed.line(other.span.start()), what });
    }
    // A pseudonym whose bearer the article names is the name's.
    let named = marks().find(|mark| mark.label != Label::Anon);
    let label = named.unwrap_or(first).label.clone();
    if let Some(other) = marks().find(|mark| mark.label != label && mark.label != Label::Anon) {
        let what = format!("expected '{}' to be {label} as before, found {}: two things have two keys", other.key, other.label);
        return Err(MarkError { line: parsed.line(other.span.start()), what });
    }
    let words = |mark: &Mark| mark.span.of(&parsed.text).to_owned();
    let fullest = marks().filter(|mark| mark.label == label).rev().max_by_key(|mark| words(mark).chars().count());
    Ok(Entity {
        name: fullest.map(words).unwrap_or_default(),
        anonymised: label == Label::Anon,
        label,
        links: vec![],
        roles: vec![],
        mentions,
    })
}

/// What finds the words that prove something of one entity.
struct Proof<'a> {
    text: &'a str,
    marks: &'a [Mark],
    mentions: Vec<usize>,
}

impl Proof<'_> {
    /// The places of `words`, a string or a list of them; never empty.
    fn of(&self, words: &toml::Value) -> Result<Vec<Span>, String> {
        let wrong = || format!("expected the words that prove it, or a list of such, found {words}");
        let words: Vec<&str> = match words {
            toml::Value::String(words) => vec![words],
            toml::Value::Array(all) => all.iter().map(|words| words.as_str().ok_or_else(wrong)).collect::<Result<_, _>>()?,
            _ => return Err(wrong()),
        };
        if words.is_empty() || words.contains(&"") {
            return Err(wrong());
        }
        words.into_iter().map(|words| self.nearest(words)).collect()
    }

    /// The place of `words` that is nearest to a mention of the entity, the first of two.
    fn nearest(&self, words: &str) -> Result<Span, String> {
        let away = |start: usize| {
            let gap = |&at: &usize| {
                let mention = self.marks[at].span;
                mention.start().saturating_sub(start + words.len()).max(start.saturating_sub(mention.end()))
            };
            self.mentions.iter().map(gap).min()
        };
        let whole = |start: &usize| !inside_word(self.text, *start, *start + words.len());
        let starts = self.text.match_indices(words).map(|(start, _)| start).filter(whole);
        let start = starts.min_by_key(|&start| away(start)).ok_or_else(|| format!("the article does not hold {words:?}"))?;
        Ok(Span::new(self.text, start, start + words.len()).expect("a match lies between characters"))
    }
}

/// The names that are marked in one place and stand in another, as whole words, without a mark.
fn forgotten(parsed: &Parsed) -> Vec<Forgotten> {
    let text = &parsed.text;
    let names = parsed.marks.iter().filter(|mark| mark.kind != Kind::Nominal).map(|mark| mark.span.of(text));
    let names: BTreeSet<&str> = names.filter(|name| name.chars().nth(1).is_some()).collect();
    let mut found = Vec::new();
    for name in names {
        for (start, _) in text.match_indices(name) {
            let end = start + name.len();
            let next = parsed.marks.partition_point(|mark| mark.span.end() <= start);
            let marked = parsed.marks.get(next).is_some_and(|mark| mark.span.start() < end);
            if !inside_word(text, start, end) && !marked {
                found.push(Forgotten { words: name.to_owned(), line: parsed.line(start) });
            }
        }
    }
    found
}

/// Whether a stretch begins or ends inside a word.
fn inside_word(text: &str, start: usize, end: usize) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (before, after) = (text[..start].chars().next_back(), text[end..].chars().next());
    (word(before) && word(text[start..].chars().next())) || (word(after) && word(text[..end].chars().next_back()))
}

fn meta(front: toml::Table) -> Result<Map<String, Value>, MarkError> {
    let wrong = |name: &str| MarkError { line: 1, what: format!("'{name}': expected a value that JSON knows, found another") };
    front.into_iter().map(|(name, value)| json(value).map(|value| (name.clone(), value)).ok_or_else(|| wrong(&name))).collect()
}

/// A value of TOML in JSON: a date or time as it is written. None for a number that JSON has not.
fn json(value: toml::Value) -> Option<Value> {
    Some(match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => serde_json::Number::from_f64(number)?.into(),
        toml::Value::Boolean(truth) => truth.into(),
        toml::Value::Datetime(time) => time.to_string().into(),
        toml::Value::Array(values) => values.into_iter().map(json).collect::<Option<Vec<_>>>()?.into(),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(name, value)| Some((name, json(value)?))).collect::<Option<_>>()?)
        }
    })
}
