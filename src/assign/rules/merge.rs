//! Takes the tables of rule files, gives those of the built-in file with the changes that another makes, and a list of these.
//! Refuses, fault by fault, an entry without id, an id used twice, one to be switched off that is not there, and an addition to
//! what is no list.
//!
//! An entry whose id is there already changes that entry: keys that it gives replace the other's, keys that it does not give stay.
//! A key with a plus sign, `"+patterns"`, adds to the list that is there. `off = true` takes the entry away.

use super::fault::{At, Faults, Place, suggestion};
use super::form::{Field, Table, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The sections whose entries have ids.
pub(super) const SECTIONS: [&str; 5] = ["role", "feature", "trait", "derived", "rule"];

/// A rule file, in its parts.
#[derive(Default)]
pub(super) struct File {
    /// The word lists.
    pub lists: Table,
    /// The entries of each of [`SECTIONS`], in order.
    entries: BTreeMap<&'static str, Vec<Item>>,
    /// All other keys of the file.
    pub top: Table,
}

/// An entry with an id.
pub(super) struct Item {
    pub id: String,
    /// Where the id stands; in a changed entry, where the change names it.
    pub place: Place,
    pub table: Table,
}

/// What a file does to the entries of a section, or to the word lists: their ids, or names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Changes {
    /// New.
    pub added: BTreeSet<String>,
    /// There before.
    pub changed: BTreeSet<String>,
    /// There before, and not any longer.
    pub off: BTreeSet<String>,
}

/// Changes by section: those of [`SECTIONS`], and `list`.
pub(super) type ChangesBySection = BTreeMap<&'static str, Changes>;

impl File {
    /// The parts of the table that a whole file is.
    pub(super) fn new(mut table: Table, faults: &mut Faults<'_>) -> Self {
        let mut file = Self::default();
        for section in SECTIONS {
            let found = table.remove(section).map(|field| items(field.value, section, faults));
            file.entries.insert(section, found.unwrap_or_default());
        }
        match table.remove("lists").map(|field| field.value) {
            Some(At { value: Value::Table(lists), .. }) => file.lists = lists,
            Some(At { place, value }) => faults.add(place, format!("'lists' is a table of lists, found {}", value.kind())),
            None => {}
        }
        file.top = table;
        file
    }

    pub(super) fn entries(&self, section: &str) -> &[Item] {
        self.entries.get(section).map_or(&[], Vec::as_slice)
    }

    /// Makes the changes that `own` asks for.
    pub(super) fn lay_over(&mut self, own: Self, faults: &mut Faults<'_>) -> ChangesBySection {
        let mut all = ChangesBySection::new();
        for (section, items) in own.entries {
            let known = self.entries.entry(section).or_default();
            all.insert(section, lay_entries(known, items, section, faults));
        }
        let mut lists = Changes::default();
        for (key, field) in &own.lists {
            let name = key.trim_start_matches('+');
            match self.lists.contains_key(name) {
                true => lists.changed.insert(name.to_owned()),
                false if key == name || own.lists.contains_key(name) => lists.added.insert(name.to_owned()),
                false => {
                    let hint = suggestion(name, self.lists.keys().map(String::as_str));
                    faults.add(field.key, format!("there is no list '{name}' to add to{hint}"));
                    false
                }
            };
        }
        all.insert("list", lists);
        lay_keys(&mut self.lists, own.lists, faults);
        lay_keys(&mut self.top, own.top, faults);
        all
    }
}

/// The entries of a section.
fn items(value: At<Value>, section: &str, faults: &mut Faults<'_>) -> Vec<Item> {
    let values = match value.value {
        Value::List(values) => values,
        // `[rule]` in place of `[[rule]]`.
        other => vec![At { value: other, place: value.place }],
    };
    let item = |At { value, place }: At<Value>| {
        let Value::Table(table) = value else {
            faults.add(place, format!("expected a [[{section}]], found {}", value.kind()));
            return None;
        };
        match table.get("id").map(|field| &field.value) {
            Some(At { value: Value::Text(id), place }) => Some(Item { id: id.clone(), place: *place, table }),
            other => {
                faults.add(other.map_or(place, |id| id.place), format!("a [[{section}]] needs an id, a text"));
                None
            }
        }
    };
    values.into_iter().filter_map(item).collect()
}

fn lay_entries(known: &mut Vec<Item>, items: Vec<Item>, section: &str, faults: &mut Faults<'_>) -> Changes {
    let (mut changes, mut seen) = (Changes::default(), BTreeSet::new());
    for mut item in items {
        if !seen.insert(item.id.clone()) {
            faults.add(item.place, format!("the {section} id '{}' is used twice", item.id));
            continue;
        }
        let off = match item.table.remove("off").map(|field| field.value) {
            Some(At { value: Value::Flag(off), .. }) => off,
            Some(At { place, value }) => {
                faults.add(place, format!("{section} {}: 'off' is true or false, found {}", item.id, value.kind()));
                continue;
            }
            None => false,
        };
        match known.iter().position(|other| other.id == item.id) {
            Some(at) if off => {
                known.remove(at);
                changes.off.insert(item.id);
            }
            Some(at) => {
                lay_keys(&mut known[at].table, item.table, faults);
                known[at].place = item.place;
                changes.changed.insert(item.id);
            }
            None if !off => {
                let mut table = Table::new();
                lay_keys(&mut table, item.table, faults);
                changes.added.insert(item.id.clone());
                known.push(Item { table, ..item });
            }
            // An entry of the file itself that is not wanted for now.
            None if item.table.len() > 1 => {}
            None => {
                let hint = suggestion(&item.id, known.iter().map(|other| other.id.as_str()));
                faults.add(item.place, format!("there is no {section} '{}' to switch off{hint}", item.id));
            }
        }
    }
    changes
}

/// Replaces the fields of `known` by those of `own`; those with a plus sign are added to the lists that are there.
fn lay_keys(known: &mut Table, own: Table, faults: &mut Faults<'_>) {
    let (more, given): (Vec<_>, Vec<_>) = own.into_iter().partition(|(key, _)| key.starts_with('+'));
    known.extend(given);
    for (key, Field { key: place, value }) in more {
        let name = &key[1..];
        match (known.get_mut(name).map(|field| &mut field.value.value), value) {
            (Some(Value::List(values)), At { value: Value::List(more), .. }) => values.extend(more),
            (None, value @ At { value: Value::List(_), .. }) => {
                known.insert(name.to_owned(), Field { key: place, value });
            }
            (Some(other), At { value: Value::List(_), .. }) => {
                faults.add(place, format!("'{name}' is {}, to which nothing can be added", other.kind()));
            }
            (_, At { value, place }) => faults.add(place, format!("'{key}' adds a list, found {}", value.kind())),
        }
    }
}
