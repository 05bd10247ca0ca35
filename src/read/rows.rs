//! Takes what stands in one place of a file of many articles, gives what the reader needs of it, whatever the file's form: the
//! fields of an object and where they stand. Refuses a table whose columns can't be told apart, or that lacks one asked for.

use super::ReadOptions;
use super::refusal::{Code, Refusal, clipped};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// A file of many articles, on its way through: an article, or the refusal of one, after another; at its end the refusal of the
/// file, where it is damaged or holds nothing.
pub(super) type Rows = Box<dyn Iterator<Item = Result<Row, Refusal>> + Send>;

/// The fields of one article, not yet looked into.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) fields: Map<String, Value>,
    pub(super) place: Place,
}

/// Where an article stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    /// The file, as the user gave it or below what he gave; `-` for standard input.
    pub(super) path: String,
    pub(super) number: Number,
}

/// What is counted in a file, from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Number {
    Line(u64),
    Row(u64),
}

impl Place {
    /// What `meta` says of it.
    pub(super) fn source(&self) -> Value {
        match self.number {
            Number::Line(line) => json!({"path": self.path, "line": line}),
            Number::Row(row) => json!({"path": self.path, "row": row}),
        }
    }

    /// `refusal`, which is of what stands here.
    pub(super) fn of(&self, refusal: Refusal) -> Refusal {
        let refusal = refusal.at(&self.path);
        match self.number {
            Number::Line(line) => refusal.on_line(line),
            Number::Row(row) => refusal.in_row(row),
        }
    }
}

/// The most columns that a message names.
const SHOWN: usize = 12;

/// The columns of a table as fields: one without a name is called by its number, of two with one name the second gets a number.
/// `between` is what a message says of how the names were told apart.
///
/// Unlike a JSON line, which may do without, a table without the column of a title or date that was asked for is refused: a
/// whole file of articles would lack it.
pub(super) fn columns(names: Vec<String>, options: &ReadOptions, between: &str) -> Result<Vec<String>, Refusal> {
    let default = ReadOptions::default();
    let id = Some(&options.id_field).filter(|id| **id != default.id_field);
    let asked = [
        (Some(&options.text_field), "text", Code::NoText),
        (id, "id", Code::BadHeader),
        (options.title_field.as_ref(), "title", Code::BadHeader),
        (options.date_field.as_ref(), "date", Code::BadHeader),
    ];
    for (field, what, code) in asked {
        let Some(field) = field else { continue };
        if !names.contains(field) {
            let message = format!(
                "expected the {what} in a column '{}', found only {}{between}; name the column of the {what} with --{what}-field",
                clipped(field),
                shown(&names)
            );
            return Err(Refusal::new(code, message));
        }
    }
    let roles = asked.iter().filter_map(|(field, ..)| *field).chain([&options.id_field]);
    for field in roles {
        if names.iter().filter(|name| *name == field).count() > 1 {
            let message = format!("expected one column '{}', found several; rename all but one", clipped(field));
            return Err(Refusal::new(Code::BadHeader, message));
        }
    }
    Ok(apart(names))
}

/// The names, each given once.
fn apart(names: Vec<String>) -> Vec<String> {
    let mut taken: HashSet<String> = names.iter().cloned().collect();
    let mut repeats: HashMap<String, u64> = HashMap::new();
    let mut apart = Vec::with_capacity(names.len());
    for (index, name) in names.into_iter().enumerate() {
        let unnamed = name.is_empty();
        let base = if unnamed { format!("column_{}", index + 1) } else { name };
        let count = repeats.entry(base.clone()).or_insert(0);
        let mut candidate = base.clone();
        while *count > 0 || unnamed {
            if taken.insert(candidate.clone()) {
                break;
            }
            *count = (*count).max(1) + 1;
            candidate = format!("{base}_{count}");
        }
        *count = (*count).max(1);
        apart.push(candidate);
    }
    apart
}

fn shown(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("'{}'", clipped(name))).collect();
    if names.len() > SHOWN {
        shown.push(format!("and {} more", names.len() - SHOWN));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &[&str], options: &ReadOptions) -> Result<Vec<String>, Refusal> {
        columns(names.iter().map(|name| (*name).to_owned()).collect(), options, "")
    }

    #[test]
    fn each_column_has_a_name_of_its_own() {
        let options = ReadOptions::default();
        assert_eq!(read(&["", "text", "", "a", "a"], &options).unwrap(), ["column_1", "text", "column_3", "a", "a_2"]);
        assert_eq!(read(&["a", "a", "a_2", "text"], &options).unwrap(), ["a", "a_3", "a_2", "text"]);
        for names in [["text", "text"], ["id", "id"]] {
            let refusal = read(&[names[0], names[1], "text"], &options).unwrap_err();
            assert_eq!(refusal.code, Code::BadHeader, "{names:?}");
        }
    }

    #[test]
    fn a_column_that_was_asked_for_has_to_be_there() {
        let named = |field: &str| Some(field.to_owned());
        let options = ReadOptions { title_field: named("head"), date_field: named("day"), ..ReadOptions::default() };
        assert!(read(&["text", "head", "day"], &options).is_ok(), "the id may be missing");
        let message = |names: &[&str]| {
            let refusal = read(names, &options).unwrap_err();
            (refusal.code, refusal.message)
        };
        assert_eq!(
            message(&["body", "head"]),
            (
                Code::NoText,
                "expected the text in a column 'text', found only 'body', 'head'; name the column of the text with --text-field"
                    .to_owned()
            )
        );
        assert!(message(&["text", "day"]).1.ends_with("name the column of the title with --title-field"));
        assert_eq!(message(&["text", "head"]).0, Code::BadHeader);
        let own_id = ReadOptions { id_field: "url".into(), ..ReadOptions::default() };
        assert!(read(&["text", "id"], &own_id).unwrap_err().message.starts_with("expected the id in a column 'url'"));
    }

    #[test]
    fn messages_name_few_columns() {
        let names: Vec<String> = (0..300).map(|number| format!("{}{number}", "c".repeat(200))).collect();
        let message = columns(names, &ReadOptions::default(), "").unwrap_err().message;
        assert!(message.contains("and 288 more") && message.len() < 1000, "{}", message.len());
    }
}
