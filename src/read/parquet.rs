//! Takes a Parquet file, gives the fields of a row at a time, in the types of JSON (see [`values`]). Holds a page of each column.
//! Refuses the file when it is none, or has not the columns asked for; row by row, strings that are not UTF-8, and what is too
//! large; and where a part is damaged, the rest of the row group that it lies in.

mod values;

use super::ReadOptions;
use super::decode;
use super::refusal::{Code, Refusal, clipped};
use super::rows::{self, Number, Place, Row};
use parquet::basic::{ConvertedType, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::record::Field;
use parquet::record::reader::{Reader as Tree, TreeBuilder};
use parquet::schema::types::{SchemaDescriptor, Type, TypePtr};
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many values of a column are decoded at a time. They keep the pages that they lie in, and pages may be large.
const BATCH: usize = 16;

/// What a Parquet file begins with.
const MAGIC: &[u8] = b"PAR1";

/// A Parquet file on its way through.
pub(super) struct Parquet {
    path: String,
    file: SerializedFileReader<File>,
    /// The columns' names as fields, and whether each is one that has to be a string.
    fields: Vec<(String, bool)>,
    max_bytes: usize,
    /// The row group to be read next.
    group: usize,
    /// The columns of the one being read, and the row after its last.
    columns: Vec<Column>,
    group_end: u64,
    /// The row read last, counted from 1.
    row: u64,
    rows: u64,
    found: bool,
    progress: Progress,
}

/// A column of a row group: its type, and its values one after another.
struct Column {
    kind: TypePtr,
    next: Box<dyn FnMut() -> Result<Cell, ParquetError> + Send>,
}

enum Cell {
    Value(Field),
    NotUtf8,
}

/// Counts the bytes of a file as taken by the share of its rows: they lie column by column.
struct Progress {
    consumed: Arc<AtomicU64>,
    before: u64,
    size: u64,
}

impl Parquet {
    /// Opens the file at `path`, of `size` bytes, which messages call `shown`.
    pub(super) fn open(
        path: &Path,
        shown: &str,
        size: u64,
        consumed: &Arc<AtomicU64>,
        options: &ReadOptions,
    ) -> Result<Self, Refusal> {
        let unreadable = |error: io::Error| decode::unreadable(&error);
        let mut magic = Vec::new();
        File::open(path).and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut magic)).map_err(unreadable)?;
        if magic.is_empty() {
            return Err(no_rows("nothing"));
        }
        if magic != MAGIC {
            return Err(damaged("one that does not begin as such", "if it is of another form, give it its extension"));
        }
        let file = File::open(path).map_err(unreadable)?;
        let file = caught(|| SerializedFileReader::new(file)).map_err(|found| damaged(&found, "write or fetch it again"))?;
        let metadata = file.metadata().file_metadata();
        let root = metadata.schema_descr().root_schema();
        let names = root.get_fields().iter().map(|field| field.name().to_owned()).collect();
        let names = rows::columns(names, options, "")?;
        for (name, kind) in names.iter().zip(root.get_fields()) {
            checked(name, kind, *name == options.text_field)?;
        }
        let roles =
            [Some(&options.text_field), Some(&options.id_field), options.title_field.as_ref(), options.date_field.as_ref()];
        let is_string = |name: &String| roles.contains(&Some(name));
        let rows = (0..file.num_row_groups()).map(|group| rows_of(&file, group)).fold(0, u64::saturating_add);
        Ok(Self {
            path: shown.to_owned(),
            fields: names.into_iter().map(|name| (name.clone(), is_string(&name))).collect(),
            file,
            max_bytes: options.max_bytes,
            group: 0,
            columns: Vec::new(),
            group_end: 0,
            row: 0,
            rows,
            found: false,
            progress: Progress { consumed: Arc::clone(consumed), before: consumed.load(Ordering::Relaxed), size },
        })
    }

    /// Goes on to the next row, opening the next row group where one is at its end; the row is refused by the outer error, the
    /// rest of its row group by the inner one.
    fn take_row(&mut self) -> Result<Result<Map<String, Value>, Refusal>, String> {
        if self.columns.is_empty() {
            let (file, group) = (&self.file, self.group - 1);
            self.columns = caught(|| columns(file, group))?;
        }
        let columns = &mut self.columns;
        let cells = caught(|| columns.iter_mut().map(|column| (column.next)()).collect::<Result<Vec<Cell>, _>>())?;
        let mut fields = Map::new();
        let mut bytes = 0;
        for ((cell, column), (name, is_string)) in cells.into_iter().zip(&self.columns).zip(&self.fields) {
            let value = match cell {
                Cell::Value(Field::Bytes(value)) if *is_string && !has_own_form(&column.kind) => {
                    std::str::from_utf8(value.data()).ok().map(Value::from)
                }
                Cell::Value(field) => Some(caught(|| Ok(values::json(field, Some(&column.kind))))?),
                Cell::NotUtf8 => None,
            };
            let Some(value) = value else { return Ok(Err(not_utf8(name))) };
            bytes += strings(&value);
            fields.insert(name.clone(), value);
        }
        if bytes > self.max_bytes {
            return Ok(Err(Refusal::too_large(&format!("a row with strings of {bytes} bytes"), self.max_bytes)));
        }
        Ok(Ok(fields))
    }

    /// The refusal for the rest of the row group, which is passed over.
    fn passed_over(&mut self, found: &str) -> Refusal {
        let first = self.row;
        self.row = self.group_end;
        self.columns.clear();
        let rest = if first < self.group_end { format!("rows {first} to {}", self.group_end) } else { format!("row {first}") };
        damaged(found, &format!("{rest} can't be read; write or fetch the file again"))
    }

    fn here(&self, row: u64) -> Place {
        Place { path: self.path.clone(), number: Number::Row(row) }
    }
}

impl Iterator for Parquet {
    type Item = Result<Row, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.row == self.group_end {
            if self.group == self.file.num_row_groups() {
                let empty = !std::mem::replace(&mut self.found, true);
                return empty.then(|| Err(no_rows("none").at(&self.path)));
            }
            self.columns.clear();
            self.group_end = self.group_end.saturating_add(rows_of(&self.file, self.group));
            self.group += 1;
        }
        self.found = true;
        self.row += 1;
        let place = self.here(self.row);
        let result = self.take_row().unwrap_or_else(|found| Err(self.passed_over(&found)));
        self.progress.count(self.row, self.rows);
        Some(match result {
            Ok(fields) => Ok(Row { fields, place }),
            Err(refusal) => Err(place.of(refusal)),
        })
    }
}

impl Progress {
    fn count(&self, row: u64, rows: u64) {
        let taken = u128::from(self.size) * u128::from(row) / u128::from(rows.max(1));
        self.consumed.fetch_max(self.before + u64::try_from(taken).unwrap_or(self.size), Ordering::Relaxed);
    }
}

fn rows_of(file: &SerializedFileReader<File>, group: usize) -> u64 {
    u64::try_from(file.metadata().row_group(group).num_rows()).unwrap_or(0)
}

/// The columns of a row group, before their first values.
fn columns(file: &SerializedFileReader<File>, group: usize) -> Result<Vec<Column>, ParquetError> {
    let reader = file.get_row_group(group)?;
    let kinds = file.metadata().file_metadata().schema_descr().root_schema().get_fields();
    kinds.iter().map(|kind| column(kind, &*reader)).collect()
}

/// A column that holds a value a row is read value by value, so that one string that is not UTF-8 does not end it; one of lists
/// or structs is put together by the library.
fn column(kind: &TypePtr, reader: &dyn RowGroupReader) -> Result<Column, ParquetError> {
    let alone = Type::group_type_builder("schema").with_fields(vec![Arc::clone(kind)]).build()?;
    let alone = Arc::new(SchemaDescriptor::new(Arc::new(alone)));
    let builder = TreeBuilder::new().with_batch_size(BATCH);
    let next: Box<dyn FnMut() -> Result<Cell, ParquetError> + Send> = match flat(builder.build(Arc::clone(&alone), reader)?) {
        Some(Tree::PrimitiveReader(_, mut values)) => Box::new(move || {
            if values.read_next()? { Ok(values.current_value().map_or(Cell::NotUtf8, Cell::Value)) } else { Err(too_short()) }
        }),
        _ => {
            let mut rows = builder.as_iter(alone, reader)?;
            Box::new(move || {
                let row = rows.next().ok_or_else(too_short)??;
                row.into_columns().pop().map(|(_, value)| Cell::Value(value)).ok_or_else(too_short)
            })
        }
    };
    Ok(Column { kind: Arc::clone(kind), next })
}

/// The reader of the values themselves, of a tree of one column that holds one a row.
fn flat(tree: Tree) -> Option<Tree> {
    let Tree::GroupReader(None, _, mut readers) = tree else { return None };
    match readers.pop()? {
        Tree::OptionReader(_, inner) => Some(*inner),
        reader => Some(reader),
    }
}

fn too_short() -> ParquetError {
    ParquetError::EOF("a column has fewer values than there are rows".to_owned())
}

/// Whether the bytes of a column mean something else than text: a UUID.
fn has_own_form(kind: &Type) -> bool {
    kind.is_primitive() && kind.get_physical_type() == Physical::FIXED_LEN_BYTE_ARRAY
}

/// Refuses columns that the library can't read, and a text column that holds no strings.
fn checked(name: &str, kind: &Type, is_text: bool) -> Result<(), Refusal> {
    if has_interval(kind) {
        let message =
            format!("expected columns of values, found intervals in '{}', which are not read; leave it out", clipped(name));
        return Err(Refusal::new(Code::BadParquet, message));
    }
    let found = if !kind.is_primitive() {
        "lists or structs".to_owned()
    } else if kind.get_physical_type() == Physical::BYTE_ARRAY && kind.get_basic_info().converted_type() != ConvertedType::DECIMAL
    {
        return Ok(());
    } else {
        format!("values of the type {}", kind.get_physical_type())
    };
    if is_text {
        let message = format!("expected strings in '{}', found {found}; write the text as a string", clipped(name));
        return Err(Refusal::new(Code::TextNotAString, message));
    }
    Ok(())
}

fn has_interval(kind: &Type) -> bool {
    let is_interval = kind.get_basic_info().converted_type() == ConvertedType::INTERVAL;
    is_interval || (!kind.is_primitive() && kind.get_fields().iter().any(|field| has_interval(field)))
}

/// What `work` gives, or what a message says of its error. The library panics at some of what a damaged file may hold.
fn caught<T>(work: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(|error| format!("damage: {}", clipped(&error.to_string()))),
        Err(_) => Err("damage".to_owned()),
    }
}

fn strings(value: &Value) -> usize {
    match value {
        Value::String(string) => string.len(),
        Value::Array(values) => values.iter().map(strings).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + strings(value)).sum(),
        _ => 0,
    }
}

fn damaged(found: &str, advice: &str) -> Refusal {
    Refusal::new(Code::BadParquet, format!("expected a whole Parquet file, found {found}; {advice}"))
}

fn not_utf8(name: &str) -> Refusal {
    let message = format!("expected UTF-8 in '{}', found other bytes; write the column as strings", clipped(name));
    Refusal::new(Code::NotUtf8, message)
}

fn no_rows(found: &str) -> Refusal {
    Refusal::new(Code::EmptyFile, format!("expected a Parquet file with rows, found {found}; fill or remove the file"))
}
