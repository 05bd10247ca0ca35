//! Takes annotated articles, gives of each the line by which the page lists, filters and finds it: who is in it, as what, by which
//! rules. Words that come again and again are numbers in it, which [`Index::words`] explains. Refuses nothing.

use crate::document::{Entity, RoleGiven, Status};
use crate::write::back::Annotated;
use crate::write::record::Run;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The most characters of a name. What is longer is a mistake of a model; the article has it whole.
const NAME: usize = 120;

/// The most different runs that are told apart.
const RUNS: usize = 20;

/// The statuses of roles by their numbers.
const STATUSES: [Status; 4] = [Status::Predicted, Status::Accepted, Status::Corrected, Status::Rejected];

/// What was met so far.
#[derive(Default)]
pub(super) struct Index {
    labels: Words,
    roles: Words,
    rules: Words,
    warnings: Words,
    /// What made the records, and how many.
    runs: Vec<(Run, u64)>,
}

impl Index {
    /// `[id, characters, mentions, entities, warnings]`. An entity is `[name, label, mentions]`, and one with roles has a list of them
    /// besides: `[role, score in thousandths, status, rules]`.
    pub fn line(&mut self, annotated: &Annotated) -> Value {
        let Annotated { document, annotation, made_by, .. } = annotated;
        self.count(made_by);
        let entities: Vec<Value> = annotation.entities.iter().map(|entity| self.entity(entity)).collect();
        let warnings: Vec<usize> = annotation.warnings.iter().map(|warning| self.warnings.number(&warning.code)).collect();
        json!([document.id, document.text.chars().count(), annotation.mentions.len(), entities, warnings])
    }

    /// What the numbers mean: lists of words.
    pub fn words(&self) -> Value {
        json!({
            "labels": self.labels.list, "roles": self.roles.list, "rules": self.rules.list, "warnings": self.warnings.list,
            "statuses": STATUSES.map(Status::as_str),
        })
    }

    /// What made the records, the first ones of many.
    pub fn runs(&self) -> Value {
        let run = |(run, articles): &(Run, u64)| json!({"tool": run.tool, "model": run.model, "rules": run.rules, "precision": run.precision, "articles": articles});
        self.runs.iter().map(run).collect()
    }

    fn count(&mut self, run: &Run) {
        if let Some((_, articles)) = self.runs.iter_mut().find(|(known, _)| known == run) {
            *articles += 1;
        } else if self.runs.len() < RUNS {
            self.runs.push((run.clone(), 1));
        }
    }

    fn entity(&mut self, entity: &Entity) -> Value {
        let name: String = entity.name.chars().take(NAME).collect();
        let mut values = vec![json!(name), json!(self.labels.number(entity.label.as_str())), json!(entity.mentions.len())];
        if !entity.roles.is_empty() {
            values.push(entity.roles.iter().map(|role| self.role(role)).collect());
        }
        Value::Array(values)
    }

    fn role(&mut self, given: &RoleGiven) -> Value {
        let mut rules: Vec<usize> = given.evidence.iter().map(|evidence| self.rules.number(&evidence.rule)).collect();
        rules.sort_unstable();
        rules.dedup();
        let status = STATUSES.iter().position(|status| *status == given.status);
        json!([self.roles.number(&given.role), (given.score * 1000.0).round() as i64, status, rules])
    }
}

/// Words, each with the number of its place.
#[derive(Default)]
struct Words {
    list: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Words {
    fn number(&mut self, word: &str) -> usize {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        self.numbers.insert(word.to_owned(), self.list.len());
        self.list.push(word.to_owned());
        self.list.len() - 1
    }
}
