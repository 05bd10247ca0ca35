//! Tables as input: the same articles as JSON lines, CSV, TSV and Parquet give the same records; what is refused of a table.

use crate::program::{Folder, articles, lines, rolecall, run};
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::sync::Arc;

const COLUMNS: [&str; 5] = ["url", "headline", "body", "published", "desk"];

/// Articles in the columns above.
fn rows() -> Vec<[String; 5]> {
    let row = |(n, (id, text)): (usize, (String, String))| {
        [format!("news/{id}"), format!("\"PC One\", dismissed; {n}"), text, format!("2024-05-0{n}"), "Crime, courts".to_owned()]
    };
    articles(4).into_iter().enumerate().map(row).collect()
}

fn json_lines() -> Vec<u8> {
    let object = |row: &[String; 5]| COLUMNS.into_iter().zip(row.clone()).map(|(name, cell)| (name.to_owned(), cell.into()));
    rows().iter().map(|row| Value::Object(object(row).collect()).to_string() + "\n").collect::<String>().into_bytes()
}

fn delimited(delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(vec![]);
    writer.write_record(COLUMNS).unwrap();
    for row in rows() {
        writer.write_record(&row).unwrap();
    }
    writer.into_inner().unwrap()
}

fn parquet(rows: &[[String; 5]]) -> Vec<u8> {
    let columns = COLUMNS.map(|name| format!("required binary {name} (STRING);")).concat();
    let schema = Arc::new(parse_message_type(&format!("message m {{ {columns} }}")).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_compression(Compression::SNAPPY).build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for index in 0..COLUMNS.len() {
        let mut column = group.next_column().unwrap().unwrap();
        let values: Vec<ByteArray> = rows.iter().map(|row| row[index].as_str().into()).collect();
        column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const FIELDS: [&str; 8] = ["--text-field", "body", "--id-field", "url", "--title-field", "headline", "--date-field", "published"];

/// The records of `input`, and where each article stood.
fn annotated(input: &str) -> (Vec<Value>, Vec<Value>) {
    let ended = run(rolecall(&["annotate", input, "--progress", "none", "--workers", "1"]).args(FIELDS));
    assert_eq!(ended.code, 0, "{}", ended.messages);
    let mut records = ended.records();
    let sources = records.iter_mut().map(|record| record["meta"]["source"].take()).collect();
    (records, sources)
}

#[test]
fn the_form_of_the_input_does_not_change_the_records() {
    let folder = Folder::new();
    let (expected, _) = annotated(&folder.write("in.jsonl", json_lines()));
    assert_eq!(expected.len(), 4);
    let (id, text) = (&expected[1]["id"], expected[1]["text"].as_str().unwrap());
    assert_eq!(id, "news/article-1");
    assert!(text.starts_with("\"PC One\", dismissed; 1\n\n"), "{text}");
    let meta = json!({"source": null, "date": "2024-05-01", "headline": "\"PC One\", dismissed; 1", "desk": "Crime, courts"});
    assert_eq!(expected[1]["meta"], meta);

    let files = [
        ("in.csv", delimited(b',')),
        ("european.csv", delimited(b';')),
        ("in.tsv.gz", gzip(&delimited(b'\t'))),
        ("in.parquet", parquet(&rows())),
    ];
    for (name, bytes) in files {
        let (records, sources) = annotated(&folder.write(name, bytes));
        assert_eq!(records, expected, "{name}");
        let place = if name == "in.parquet" { json!({"path": folder.path(name), "row": 2}) } else { sources[1].clone() };
        assert_eq!(sources[1], place, "{name}");
        assert_eq!(place["path"], folder.path(name));
    }
}

#[test]
fn a_folder_of_all_forms_is_read_and_what_is_bad_refused() {
    let folder = Folder::new();
    let path = |name: &str| folder.path(&format!("in/{name}"));
    folder.write("in/a.txt", "Ivo Tarn chaired the panel.");
    folder.write("in/b.csv", "id,text\nb1,Ivo Tarn said so.\nb2,caf,e\nb3,\"Bo Lisle\nsaid so.\"\nb4,\"open\n");
    folder.write("in/c.csv", "key;words\n1;a\n2;b\n");
    folder.write("in/d.parquet", parquet(&rows()));
    let whole = parquet(&rows());
    folder.write("in/e.parquet", &whole[..whole.len() - 20]);
    folder.write("in/f.parquet", "id,text\n1,a table by another name\n");
    folder.write("in/g.csv", &whole);
    folder.write("in/h.tsv", "id\ttext\nh1\t\"quoted\" Ivo Tarn\nb1\tan id seen before\n");
    let errors = folder.path("errors.jsonl");
    let ended = run(&mut rolecall(&["annotate", &folder.path("in"), "--errors", &errors, "--progress", "none"]));
    assert_eq!(ended.code, 3, "{}", ended.messages);
    let ids: Vec<Value> = ended.records().into_iter().map(|record| record["id"].clone()).collect();
    assert_eq!(ids, ["a.txt", "b1", "b3", "h1"]);
    let list = lines(&fs::read_to_string(&errors).unwrap());
    let places: Vec<Value> = list.iter().map(|refusal| json!([refusal["path"], refusal["line"], refusal["code"]])).collect();
    assert_eq!(
        places,
        [
            json!([path("b.csv"), 3, "bad_row"]),
            json!([path("b.csv"), 6, "bad_row"]),
            json!([path("c.csv"), null, "no_text"]),
            json!([path("d.parquet"), null, "no_text"]),
            json!([path("e.parquet"), null, "bad_parquet"]),
            json!([path("f.parquet"), null, "bad_parquet"]),
            json!([path("g.csv"), null, "not_utf8"]),
            json!([path("h.tsv"), 3, "duplicate_id"]),
        ]
    );
    assert!(ended.messages.contains("found only 'key', 'words' (separated by semicolon); name the column"), "{}", ended.messages);
    assert!(!ended.messages.contains("panicked"), "{}", ended.messages);
}

#[test]
fn a_refusal_in_a_parquet_file_names_its_row() {
    let folder = Folder::new();
    let mut rows = rows();
    rows[2][0] = rows[0][0].clone();
    let (input, errors) = (folder.write("in.parquet", parquet(&rows)), folder.path("errors.jsonl"));
    let ended = run(rolecall(&["annotate", &input, "--errors", &errors, "--progress", "none"]).args(FIELDS));
    assert_eq!((ended.code, ended.records().len()), (3, 3));
    let list = lines(&fs::read_to_string(&errors).unwrap());
    let keys: Vec<&str> = list[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["path", "row", "id", "code", "message"]);
    assert_eq!((&list[0]["row"], &list[0]["id"]), (&json!(3), &json!("news/article-0")));
    assert!(ended.messages.starts_with(&format!("{input}, row 3: expected an id of its own")), "{}", ended.messages);
}
