//! Takes the text of a rule file, gives its TOML as tables whose every key and value knows where it stands, and reads them as what
//! a rule file needs. Refuses, fault by fault, what is no TOML, a value of the wrong kind, a key that is missing, and one that
//! nobody asks for.

use super::fault::{At, Faults, Layer, Place, suggestion};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Keys with their values.
pub(super) type Table = BTreeMap<String, Field>;

/// What stands under a key.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// Where the key stands.
    pub key: Place,
    pub value: At<Value>,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Number(f64),
    Flag(bool),
    List(Vec<At<Value>>),
    Table(Table),
    /// A date, which no rule file holds.
    Date,
}

impl Value {
    /// What it is called in messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Date => "a date",
        }
    }
}

/// The table of a whole file; empty where the file is no TOML.
pub(super) fn read(text: &str, layer: Layer, faults: &mut Faults<'_>) -> Table {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        faults.add(Place { layer, at }, format!("this is no TOML: {}", error.message()));
    }
    if errors.is_empty() { self::table(table.into_inner(), layer) } else { Table::new() }
}

fn table(table: DeTable<'_>, layer: Layer) -> Table {
    let place = |span: Range<usize>| Place { layer, at: span.start };
    let field = |(key, value): (Spanned<_>, _)| Field { key: place(key.span()), value: self::value(value, layer) };
    table.into_iter().map(|(key, value)| (key.get_ref().to_string(), field((key, value)))).collect()
}

fn value(value: Spanned<DeValue<'_>>, layer: Layer) -> At<Value> {
    let place = Place { layer, at: value.span().start };
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => {
            let whole = i64::from_str_radix(number.as_str(), number.radix());
            // A number too large for 64 bits is too large for whatever asks for it.
            Value::Number(whole.map_or(f64::INFINITY, |whole| whole as f64))
        }
        DeValue::Float(number) => Value::Number(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Value::Flag(flag),
        DeValue::Datetime(_) => Value::Date,
        DeValue::Array(values) => Value::List(values.into_iter().map(|v| self::value(v, layer)).collect()),
        DeValue::Table(table) => Value::Table(self::table(table, layer)),
    };
    At { value, place }
}

/// A table on its way to become what it stands for.
pub(super) struct Entry<'t, 'f, 's> {
    /// What it is called in messages: `rule chair.before`.
    what: String,
    table: &'t Table,
    place: Place,
    asked: Vec<&'t str>,
    faults: &'f mut Faults<'s>,
}

impl<'t, 'f, 's> Entry<'t, 'f, 's> {
    pub(super) fn new(what: String, table: &'t Table, place: Place, faults: &'f mut Faults<'s>) -> Self {
        Self { what, table, place, asked: Vec::new(), faults }
    }

    /// Says that there may be such keys, which others read.
    pub(super) fn knows(&mut self, keys: &[&'t str]) {
        self.asked.extend(keys);
    }

    /// Says that something is wrong with it.
    pub(super) fn fault(&mut self, place: Place, message: &str) {
        self.faults.add(place, format!("{}: {message}", self.what));
    }

    /// What `read` reads under a key that has to be there.
    pub(super) fn required<T>(&mut self, key: &'t str, read: impl FnOnce(&mut Self, &'t str) -> Option<T>) -> Option<T> {
        if !self.table.contains_key(key) {
            self.asked.push(key);
            self.fault(self.place, &format!("'{key}' is missing"));
            return None;
        }
        read(self, key)
    }

    pub(super) fn text(&mut self, key: &'t str) -> Option<At<String>> {
        self.field(key, "a text", |value| match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        })
    }

    pub(super) fn number(&mut self, key: &'t str) -> Option<At<f32>> {
        self.field(key, "a number", |value| match value {
            Value::Number(number) => Some(*number as f32),
            _ => None,
        })
    }

    /// A number of a range, its ends included.
    pub(super) fn number_within(&mut self, key: &'t str, least: f32, most: f32) -> Option<f32> {
        let At { value, place } = self.number(key)?;
        if !(least..=most).contains(&value) {
            self.fault(place, &format!("'{key}' lies between {least} and {most}, found {value}"));
            return None;
        }
        Some(value)
    }

    /// Whether it says `key = true`.
    pub(super) fn flag(&mut self, key: &'t str) -> bool {
        let flag = |value: &Value| match value {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        };
        self.field(key, "true or false", flag).is_some_and(|flag| flag.value)
    }

    /// The texts of a list; none where there is no such key.
    pub(super) fn texts(&mut self, key: &'t str) -> Vec<At<String>> {
        let values = self.list(key);
        values.iter().filter_map(|value| self.as_text(key, value)).collect()
    }

    /// The lists of texts in a list; none where there is no such key.
    pub(super) fn groups(&mut self, key: &'t str) -> Vec<Vec<At<String>>> {
        let mut groups = Vec::new();
        for value in self.list(key) {
            match &value.value {
                Value::List(values) => groups.push(values.iter().filter_map(|value| self.as_text(key, value)).collect()),
                other => self.fault(value.place, &format!("'{key}' holds lists of texts, found {}", other.kind())),
            }
        }
        groups
    }

    /// The tables of a list; none where there is no such key.
    pub(super) fn tables(&mut self, key: &'t str) -> Vec<(&'t Table, Place)> {
        let mut tables = Vec::new();
        for value in self.list(key) {
            match &value.value {
                Value::Table(table) => tables.push((table, value.place)),
                other => self.fault(value.place, &format!("'{key}' holds tables, found {}", other.kind())),
            }
        }
        tables
    }

    /// A table that it holds, called as it is.
    pub(super) fn below(&mut self, table: &'t Table, place: Place) -> Entry<'t, '_, 's> {
        Entry::new(self.what.clone(), table, place, self.faults)
    }

    /// Says of each key that nobody asked for that it is not known.
    pub(super) fn end(self) {
        for (key, field) in self.table.iter().filter(|(key, _)| !self.asked.contains(&key.as_str())) {
            let hint = suggestion(key, self.asked.iter().copied());
            self.faults.add(field.key, format!("{}: there is no key '{key}'{hint}", self.what));
        }
    }

    fn find(&mut self, key: &'t str) -> Option<&'t Field> {
        self.asked.push(key);
        self.table.get(key)
    }

    fn field<T>(&mut self, key: &'t str, expected: &str, read: impl Fn(&Value) -> Option<T>) -> Option<At<T>> {
        let At { value, place } = &self.find(key)?.value;
        let read = read(value);
        if read.is_none() {
            self.fault(*place, &format!("'{key}' is {expected}, found {}", value.kind()));
        }
        read.map(|value| At { value, place: *place })
    }

    fn list(&mut self, key: &'t str) -> &'t [At<Value>] {
        let Some(At { value, place }) = self.find(key).map(|field| &field.value) else { return &[] };
        match value {
            Value::List(values) => values,
            other => {
                self.fault(*place, &format!("'{key}' is a list, found {}", other.kind()));
                &[]
            }
        }
    }

    fn as_text(&mut self, key: &str, value: &At<Value>) -> Option<At<String>> {
        if let Value::Text(text) = &value.value {
            return Some(At { value: text.clone(), place: value.place });
        }
        self.fault(value.place, &format!("'{key}' holds texts, found {}", value.value.kind()));
        None
    }
}
