//! Takes counts, gives them as tables in Markdown: what there is most of first, groups by their values and those without last.
//! Refuses nothing; what a table can't hold as it is (control characters, the bar) is escaped.

use super::{Counts, Group, NONE, Role, Stats};
use crate::show::visible;
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// All tables, those that would be empty left out.
pub(super) fn tables(stats: &Stats, by: &[String]) -> String {
    let mut tables = vec![totals(stats), labels(stats)];
    tables.push(counts(["kind", "mentions"], &stats.mentions.by_kind));
    tables.push(roles(&stats.roles));
    tables.push(counts(["relation", "relations"], &stats.relations));
    tables.push(counts(["rule", "evidence"], &stats.rules));
    tables.push(counts(["warning", "warnings"], &stats.warnings));
    let mut fields: Vec<&String> = Vec::new();
    for field in by.iter().filter(|field| stats.groups.contains_key(*field)) {
        if !fields.contains(&field) {
            fields.push(field);
            tables.push(group(field, &stats.groups[field], &stats.roles));
        }
    }
    let tables: Vec<String> = tables.iter().filter(|table| table.row_count() > 0).map(Table::trim_fmt).collect();
    tables.join("\n\n") + "\n"
}

fn totals(stats: &Stats) -> Table {
    let totals = [
        ("articles", stats.articles),
        ("words", stats.words),
        ("sentences", stats.sentences),
        ("mentions", stats.mentions.total),
        ("entities", stats.entities.total),
        ("anonymised entities", stats.entities.anonymised),
    ];
    table(&["all", "count"], totals.map(|(what, count)| row(what, [count])))
}

fn labels(stats: &Stats) -> Table {
    let mut labels: Counts = stats.mentions.by_label.clone();
    for label in stats.entities.by_label.keys() {
        labels.entry(label.clone()).or_default();
    }
    let entities = |label| stats.entities.by_label.get(label).copied().unwrap_or_default();
    table(&["label", "mentions", "entities"], most_first(&labels).map(|(label, count)| row(label, [count, entities(label)])))
}

fn roles(roles: &BTreeMap<String, Role>) -> Table {
    let columns = ["role", "entities", "articles", "predicted", "accepted", "corrected", "rejected"];
    let row = |name| {
        let Role { entities, articles, predicted, accepted, corrected, rejected } = roles[name];
        row(name, [entities, articles, predicted, accepted, corrected, rejected])
    };
    table(&columns, in_order(roles).into_iter().map(row))
}

/// The roles, those that most entities hold first.
fn in_order(roles: &BTreeMap<String, Role>) -> Vec<&str> {
    let mut names: Vec<&str> = roles.keys().map(String::as_str).collect();
    names.sort_by_key(|name| Reverse(roles[*name].entities));
    names
}

fn counts(columns: [&str; 2], counts: &Counts) -> Table {
    table(&columns, most_first(counts).map(|(name, count)| row(name, [count])))
}

fn group(field: &str, values: &BTreeMap<String, Group>, all: &BTreeMap<String, Role>) -> Table {
    let roles: Vec<&str> = in_order(all).into_iter().filter(|role| all[*role].entities > 0).collect();
    let columns: Vec<&str> =
        [field, "articles", "words", "mentions", "entities"].into_iter().chain(roles.iter().copied()).collect();
    let cells = |group: &Group| {
        let of = |role: &&str| group.roles.get(*role).copied().unwrap_or_default();
        let first = [group.articles, group.words, group.mentions, group.entities];
        first.into_iter().chain(roles.iter().map(of)).collect::<Vec<u64>>()
    };
    let mut values: Vec<(&String, &Group)> = values.iter().collect();
    values.sort_by_key(|(value, _)| *value == NONE);
    table(&columns, values.into_iter().map(|(value, group)| row(value, cells(group))))
}

fn most_first(counts: &Counts) -> impl Iterator<Item = (&str, u64)> {
    let mut counts: Vec<(&str, u64)> = counts.iter().map(|(name, count)| (&**name, *count)).collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    counts.into_iter()
}

fn row(name: &str, counts: impl IntoIterator<Item = u64>) -> Vec<String> {
    std::iter::once(cell(name)).chain(counts.into_iter().map(grouped)).collect()
}

fn table(columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(columns.iter().map(|column| cell(column)).collect::<Vec<_>>()).add_rows(rows);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// Any text as a cell of a Markdown table.
fn cell(text: &str) -> String {
    visible(text).replace('\\', "\\\\").replace('|', "\\|")
}

/// A number with commas at its thousands.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
