//! What the rows of Parquet files are read as, and which are refused. The files are written here.

use super::*;
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType, Int32Type,
    Int64Type,
};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::parser::parse_message_type;
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;

/// A file of row groups, each written by `write`, which is told its number.
fn file(
    schema: &str,
    compression: Compression,
    groups: usize,
    mut write: impl FnMut(usize, &mut SerializedRowGroupWriter<'_, Vec<u8>>),
) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    for number in 0..groups {
        let mut group = writer.next_row_group().unwrap();
        write(number, &mut group);
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

/// Writes the next column; of a column that may be null, or is a list, with its levels.
fn column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    values: &[T::T],
    definitions: Option<&[i16]>,
    repetitions: Option<&[i16]>,
) {
    let mut writer = group.next_column().unwrap().unwrap();
    writer.typed::<T>().write_batch(values, definitions, repetitions).unwrap();
    writer.close().unwrap();
}

fn strings(values: &[&str]) -> Vec<ByteArray> {
    values.iter().map(|value| ByteArray::from(*value)).collect()
}

/// A file of texts, with their numbers for ids.
fn articles(texts: &[&[&str]]) -> Vec<u8> {
    let schema = "message m { required int64 id; required binary text (STRING); }";
    let mut id = 0;
    file(schema, Compression::SNAPPY, texts.len(), |number, group| {
        let ids: Vec<i64> = texts[number]
            .iter()
            .map(|_| {
                id += 1;
                id
            })
            .collect();
        column::<Int64Type>(group, &ids, None, None);
        column::<ByteArrayType>(group, &strings(texts[number]), None, None);
    })
}

fn read_with(bytes: &[u8], options: &ReadOptions) -> Vec<Item> {
    let folder = Folder::new(&[("in.parquet", bytes)]);
    folder.resolve(&["in.parquet"], options).unwrap().read().collect()
}

/// `+text`, or `code:row`.
fn outline(bytes: &[u8]) -> Vec<String> {
    outline_of(&read_with(bytes, &ReadOptions::default()))
}

fn outline_of(items: &[Item]) -> Vec<String> {
    let row = |refusal: &Refusal| refusal.row.map_or(String::new(), |row| format!(":{row}"));
    let outline = |item: &Item| match item {
        Ok(document) => format!("+{}", document.text),
        Err(refusal) => format!("{}{}", refusal.code, row(refusal)),
    };
    items.iter().map(outline).collect()
}

const TYPED: &str = "message m {
    required binary body (STRING);
    optional int64 number;
    optional int64 published (TIMESTAMP(MILLIS, true));
    required int64 seen (TIMESTAMP(NANOS, false));
    required int32 day (DATE);
    required int32 clock (TIME(MILLIS, true));
    required int32 price (DECIMAL(9, 2));
    required float share;
    required double ratio;
    required boolean printed;
    required binary raw;
    required fixed_len_byte_array(16) key (UUID);
    optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
    required group place { required binary town (STRING); optional int64 since (TIMESTAMP(MICROS, false)); }
}";

fn typed(compression: Compression) -> Vec<u8> {
    let key = FixedLenByteArray::from((0..16).collect::<Vec<u8>>());
    file(TYPED, compression, 1, |_, group| {
        column::<ByteArrayType>(group, &strings(&["One.", "Two."]), None, None);
        column::<Int64Type>(group, &[i64::MAX], Some(&[1, 0]), None);
        column::<Int64Type>(group, &[1_714_728_600_250], Some(&[1, 0]), None);
        column::<Int64Type>(group, &[1_714_728_600_000_000_001, -1], None, None);
        column::<Int32Type>(group, &[19_846, -1], None, None);
        column::<Int32Type>(group, &[34_200_000, 1], None, None);
        column::<Int32Type>(group, &[-1_05, 200], None, None);
        column::<FloatType>(group, &[0.1, f32::NAN], None, None);
        column::<DoubleType>(group, &[0.25, -1e300], None, None);
        column::<BoolType>(group, &[true, false], None, None);
        column::<ByteArrayType>(group, &[ByteArray::from(vec![0, 255]), ByteArray::from(vec![])], None, None);
        column::<FixedLenByteArrayType>(group, &[key.clone(), key.clone()], None, None);
        column::<ByteArrayType>(group, &strings(&["a", "b"]), Some(&[3, 2, 3, 0]), Some(&[0, 1, 1, 0]));
        column::<ByteArrayType>(group, &strings(&["Holm", "Ness"]), None, None);
        column::<Int64Type>(group, &[1_714_728_600_000_000], Some(&[1, 0]), None);
    })
}

#[test]
fn columns_keep_their_types() {
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(ZstdLevel::default()),
        Compression::GZIP(Default::default()),
        Compression::LZ4_RAW,
        Compression::BROTLI(Default::default()),
    ];
    let options = ReadOptions { text_field: "body".into(), date_field: Some("published".into()), ..ReadOptions::default() };
    for codec in codecs {
        let items = read_with(&typed(codec), &options);
        let mut documents: Vec<Document> = items.into_iter().map(Result::unwrap).collect();
        for document in &mut documents {
            document.meta["source"].as_object_mut().unwrap().remove("path");
        }
        assert_eq!((&*documents[0].text, documents[0].id.len()), ("One.", 16), "{codec}");
        let key = "00010203-0405-0607-0809-0a0b0c0d0e0f";
        let meta = json!({
            "source": {"row": 1}, "date": "2024-05-03T09:30:00.250Z", "number": i64::MAX,
            "seen": "2024-05-03T09:30:00.000000001", "day": "2024-05-03", "clock": "09:30:00", "price": "-1.05", "share": 0.1,
            "ratio": 0.25, "printed": true, "raw": "AP8=", "key": key, "tags": ["a", null, "b"],
            "place": {"town": "Holm", "since": "2024-05-03T09:30:00"},
        });
        assert_eq!(json!(documents[0].meta), meta, "{codec}");
        let meta = json!({
            "source": {"row": 2}, "number": null, "published": null, "seen": "1969-12-31T23:59:59.999999999", "day": "1969-12-31",
            "clock": "00:00:00.001", "price": "2.00", "share": null, "ratio": -1e300, "printed": false, "raw": "", "key": key,
            "tags": null, "place": {"town": "Ness", "since": null},
        });
        assert_eq!(json!(documents[1].meta), meta, "{codec}");
    }
}

#[test]
fn rows_are_numbered_through_all_row_groups() {
    let folder = Folder::new(&[("in.parquet", &articles(&[&["a", "b"], &[], &["c"], &["d\u{0}", "e"]]))]);
    let items = folder.read(&["in.parquet"]);
    assert_eq!(outline_of(&items), ["+a", "+b", "+c", "nul_character:4", "+e"]);
    assert_eq!(items[4].as_ref().unwrap().id, "5");
    assert_eq!(items[2].as_ref().unwrap().meta["source"], json!({"path": folder.path("in.parquet"), "row": 3}));
    let refusal = items[3].as_ref().unwrap_err();
    assert_eq!((refusal.line, refusal.id.as_deref()), (None, Some("4")));
    assert!(refusal.to_string().contains("in.parquet, row 4: expected a text without NUL"), "{refusal}");
}

#[test]
fn a_text_that_is_none_is_refused_as_in_json_lines() {
    let schema = "message m { optional binary text (STRING); optional binary id (STRING); }";
    let bytes = file(schema, Compression::SNAPPY, 1, |_, group| {
        column::<ByteArrayType>(group, &strings(&["a", "", "b"]), Some(&[1, 0, 1, 1]), None);
        column::<ByteArrayType>(group, &strings(&["x", "", "x"]), Some(&[1, 1, 0, 1]), None);
    });
    assert_eq!(outline(&bytes), ["+a", "text_not_a_string:2", "+", "duplicate_id:4"]);
}

#[test]
fn bytes_that_are_to_be_a_text_are_read_as_utf8() {
    for kind in ["", "(STRING)"] {
        let schema = format!("message m {{ required binary text {kind}; required binary other {kind}; }}");
        let bytes = file(&schema, Compression::SNAPPY, 1, |_, group| {
            let texts = [ByteArray::from("é"), ByteArray::from(vec![b'a', 0xe9]), ByteArray::from("b")];
            column::<ByteArrayType>(group, &texts, None, None);
            column::<ByteArrayType>(group, &strings(&["x", "y", "z"]), None, None);
        });
        let items = read_with(&bytes, &ReadOptions::default());
        assert_eq!(outline_of(&items), ["+é", "not_utf8:2", "+b"]);
        assert_eq!(items[2].as_ref().unwrap().meta["other"], if kind.is_empty() { "eg==" } else { "z" });
    }
}

#[test]
fn a_file_without_the_columns_asked_for_is_refused_once() {
    let refused = |bytes: &[u8], options: &ReadOptions| {
        let items = read_with(bytes, options);
        assert_eq!(items.len(), 1);
        let refusal = items.into_iter().next().unwrap().unwrap_err();
        assert_eq!(refusal.row, None);
        (refusal.code, refusal.message)
    };
    let (code, message) = refused(&typed(Compression::SNAPPY), &ReadOptions::default());
    assert_eq!(code, Code::NoText);
    let start = "expected the text in a column 'text', found only 'body', 'number', 'published', 'seen',";
    assert!(
        message.starts_with(start)
            && message.ends_with("'raw', 'key', and 2 more; name the column of the text with --text-field"),
        "{message}"
    );
    for (field, found) in [("number", "values of the type INT64"), ("tags", "lists or structs")] {
        let (code, message) =
            refused(&typed(Compression::SNAPPY), &ReadOptions { text_field: field.into(), ..ReadOptions::default() });
        assert_eq!(code, Code::TextNotAString);
        assert_eq!(message, format!("expected strings in '{field}', found {found}; write the text as a string"));
    }
    let schema = "message m { required binary text (STRING); required fixed_len_byte_array(12) gap (INTERVAL); }";
    assert_eq!(refused(&file(schema, Compression::SNAPPY, 0, |_, _| {}), &ReadOptions::default()).0, Code::BadParquet);
}

#[test]
fn what_is_no_parquet_file_is_refused_once() {
    let whole = articles(&[&["a", "b"]]);
    for bytes in [&whole[..whole.len() - 1], &whole[..whole.len() / 2], &whole[..4], b"PAR1 and more", b"text\na\n", b"PAR"] {
        assert_eq!(outline(bytes), ["bad_parquet"], "{}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(outline(b""), ["empty_file"]);
    assert_eq!(outline(&articles(&[])), ["empty_file"]);
    assert_eq!(outline(&articles(&[&[], &[]])), ["empty_file"]);
}

#[test]
fn of_a_damaged_row_group_the_rows_are_passed_over_and_the_next_read() {
    let long = "a text that takes its room ".repeat(50);
    let mut bytes = articles(&[&["a"], &[&long, &long, "c"], &["d"]]);
    let at = bytes.windows(12).position(|window| window == b"takes its ro").unwrap();
    bytes[at - 40..at + 8].fill(0xff);
    assert_eq!(outline(&bytes), ["+a", "bad_parquet:2", "+d"]);
    let message = read_with(&bytes, &ReadOptions::default()).remove(1).unwrap_err().message;
    assert!(message.contains("rows 2 to 4 can't be read; write or fetch the file again"), "{message}");
}

#[test]
fn a_row_that_is_too_large_is_refused() {
    let options = ReadOptions { max_bytes: 10, ..ReadOptions::default() };
    let items = read_with(&articles(&[&["0123456789", "0123456789a", "b"]]), &options);
    assert_eq!(outline_of(&items), ["+0123456789", "too_large:2", "+b"]);
}

#[test]
fn consumed_bytes_grow_with_the_rows() {
    let bytes = articles(&[&["a", "b"], &["c", "d"]]);
    let folder = Folder::new(&[("a.txt", b"a"), ("in.parquet", &bytes), ("z.parquet", b"PAR1")]);
    let inputs = folder.resolve(&["a.txt", "in.parquet", "z.parquet"], &ReadOptions::default()).unwrap();
    let total = inputs.bytes().unwrap();
    let mut reader = inputs.read();
    let consumed = reader.consumed();
    assert_eq!(reader.by_ref().take(2).filter(Result::is_ok).count(), 2);
    assert_eq!(consumed.load(Ordering::Relaxed), 1 + bytes.len() as u64 / 4);
    assert_eq!(reader.by_ref().take(3).filter(Result::is_ok).count(), 3);
    assert_eq!(consumed.load(Ordering::Relaxed), 1 + bytes.len() as u64);
    assert_eq!(reader.count(), 1);
    assert_eq!(consumed.load(Ordering::Relaxed), total);
}

#[test]
fn a_packed_parquet_file_is_refused_with_a_sentence() {
    let folder = Folder::new(&[("in/a.parquet.gz", b"x")]);
    for name in ["in", "in/a.parquet.gz"] {
        let refusal = folder.read(&[name]).remove(0).unwrap_err();
        assert_eq!(refusal.code, Code::UnknownFormat);
        assert!(refusal.message.starts_with("expected a .parquet file as it is, found one in a gzip file"), "{refusal}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_text_comes_back_unchanged(texts in prop::collection::vec("[^\0]{0,20}", 1..40)) {
        let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
        let (one, other) = texts.split_at(texts.len() / 2);
        let read: Vec<String> = read_with(&articles(&[one, other]), &ReadOptions::default()).into_iter().map(|item| item.unwrap().text).collect();
        prop_assert_eq!(read, texts);
    }
    #[test]
    fn a_damaged_file_gives_documents_or_refusals(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        in_the_end in any::<bool>(),
    ) {
        let mut bytes = typed(Compression::SNAPPY);
        let start = if in_the_end { bytes.len() * 2 / 3 } else { 0 };
        for (at, byte) in flips {
            let at = start + at.index(bytes.len() - start);
            bytes[at] = byte;
        }
        for item in read_with(&bytes, &ReadOptions { text_field: "body".into(), ..ReadOptions::default() }) {
            if let Err(refusal) = item {
                prop_assert!(refusal.message.starts_with("expected ") && refusal.message.len() < 1500, "{}", refusal);
            }
        }
    }
}
