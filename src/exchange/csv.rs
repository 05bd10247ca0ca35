//! Takes articles, gives a table for spreadsheets: a row an entity and role, an entity without a role once, as comma-separated
//! values (RFC 4180) with a line of names. Refuses nothing.
//!
//! The columns: `document`, its id; `entity`, the id in the record; `label`; `name`; `anonymised`, true or false; `role`, `score`,
//! `status`; `evidence`, the words that prove the role, each once, parted by ` | `; `mentions`, how many there are.

use super::article::{Article, Layer};
use super::{Export, ExportError, Exporter, Format, Holds, no_hint, nothing_beside};
use crate::write::record::{Entity, Role};
use ::csv::Writer;

/// The format.
pub(super) const FORMAT: Format = Format {
    name: "csv",
    about: "a table for spreadsheets, a row an entity and role",
    holds: Holds { text: false, spans: false, entities: false, roles: true, relations: false, kinds: false, evidence: true },
    offsets: None,
    export: Some(Export { extension: "csv", open: |layer| Ok(Box::new(Table { layer })), beside: nothing_beside, hint: no_hint }),
    import: None,
};

const COLUMNS: [&str; 10] =
    ["document", "entity", "label", "name", "anonymised", "role", "score", "status", "evidence", "mentions"];

struct Table {
    layer: Layer,
}

impl Table {
    /// The columns, which are fewer without roles.
    fn row<'a>(&self, cells: [&'a str; 10]) -> Vec<&'a str> {
        let roles = 5..9;
        let wanted = |at: &usize| self.layer.roles() || !roles.contains(at);
        (0..cells.len()).filter(wanted).map(|at| cells[at]).collect()
    }

    fn write(&self, cells: [&str; 10], out: &mut Vec<u8>) {
        let mut writer = Writer::from_writer(&mut *out);
        writer.write_record(self.row(cells)).and_then(|()| Ok(writer.flush()?)).expect("memory can be written");
    }

    fn entity(&self, document: &str, entity: &Entity, role: Option<&Role>, out: &mut Vec<u8>) {
        let mut evidence: Vec<&str> = Vec::new();
        for words in role.iter().flat_map(|role| &role.evidence).map(|evidence| &*evidence.text) {
            if !evidence.contains(&words) {
                evidence.push(words);
            }
        }
        let cells = [
            document,
            &entity.id,
            &entity.label,
            &entity.name,
            if entity.anonymised { "true" } else { "false" },
            role.map_or("", |role| &role.role),
            &role.map_or(String::new(), |role| role.score.to_string()),
            role.map_or("", |role| role.status.as_str()),
            &evidence.join(" | "),
            &entity.mentions.len().to_string(),
        ];
        self.write(cells, out);
    }
}

impl Exporter for Table {
    fn begin(&mut self, out: &mut Vec<u8>) {
        self.write(COLUMNS, out);
    }

    fn article(&mut self, article: &Article, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let record = &article.record;
        for entity in &record.entities {
            if entity.roles.is_empty() || !self.layer.roles() {
                if self.layer.ner() {
                    self.entity(&record.id, entity, None, out);
                }
                continue;
            }
            entity.roles.iter().for_each(|role| self.entity(&record.id, entity, Some(role), out));
        }
        Ok(())
    }
}
