//! What the rows of CSV and TSV files are read as, and which are refused.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn options(text: &str) -> ReadOptions {
    ReadOptions { text_field: text.into(), ..ReadOptions::default() }
}

/// What becomes of each row of a file of that name: the text, or the refusal.
fn read_with(name: &str, bytes: &[u8], options: &ReadOptions) -> Vec<Item> {
    let folder = Folder::new(&[(name, bytes)]);
    folder.resolve(&[name], options).unwrap().read().collect()
}

fn texts(name: &str, bytes: &[u8]) -> Vec<String> {
    read_with(name, bytes, &ReadOptions::default()).into_iter().map(|item| item.unwrap().text).collect()
}

/// `+text`, or `code:line`.
fn outline(bytes: &[u8]) -> Vec<String> {
    outline_of(&read_with("in.csv", bytes, &ReadOptions::default()))
}

fn outline_of(items: &[Item]) -> Vec<String> {
    let line = |refusal: &Refusal| refusal.line.map_or(String::new(), |line| format!(":{line}"));
    let outline = |item: &Item| match item {
        Ok(document) => format!("+{}", document.text),
        Err(refusal) => format!("{}{}", refusal.code, line(refusal)),
    };
    items.iter().map(outline).collect()
}

/// The one refusal of the whole file.
fn refused(name: &str, bytes: &[u8]) -> Refusal {
    let mut items = read_with(name, bytes, &ReadOptions::default());
    assert_eq!(items.len(), 1, "{items:?}");
    let refusal = items.remove(0).unwrap_err();
    assert_eq!(refusal.line, None);
    refusal
}

#[test]
fn a_row_is_an_article_and_the_other_columns_are_meta() {
    let bytes = "id,text,desk,\n7,\"One, two.\nThree \"\"four\"\".\",North,x\n\n,Five.,,\n".as_bytes();
    let items = read_with("in.csv", bytes, &ReadOptions::default());
    let documents: Vec<&Document> = items.iter().flatten().collect();
    assert_eq!((&*documents[0].id, &*documents[0].text), ("7", "One, two.\nThree \"four\"."));
    let path = documents[0].meta["source"]["path"].clone();
    assert_eq!(json!(documents[0].meta), json!({"source": {"path": path, "line": 2}, "desk": "North", "column_4": "x"}));
    assert_eq!((documents[1].id.len(), &*documents[1].text), (16, "Five."));
    assert_eq!(json!(documents[1].meta), json!({"source": {"path": path, "line": 5}, "desk": "", "column_4": ""}));
}

#[test]
fn ids_titles_and_dates_come_from_their_columns() {
    let options = ReadOptions {
        text_field: "body".into(),
        id_field: "url".into(),
        title_field: Some("headline".into()),
        date_field: Some("day".into()),
        ..ReadOptions::default()
    };
    let bytes = b"headline\tbody\tday\turl\tid\nSergeant cleared\tA panel sat.\t3 May\tu/1\t9\n";
    let document = read_with("in.tsv", bytes, &options).remove(0).unwrap();
    assert_eq!((&*document.id, &*document.text), ("u/1", "Sergeant cleared\n\nA panel sat."));
    let path = document.meta["source"]["path"].clone();
    let meta = json!({"source": {"path": path, "line": 2}, "date": "3 May", "headline": "Sergeant cleared", "id": "9"});
    assert_eq!(json!(document.meta), meta);
}

#[test]
fn lines_end_in_lf_crlf_or_cr_and_a_mark_is_no_part_of_the_header() {
    for end in ["\n", "\r\n", "\r"] {
        let lines = ["\u{feff}text,id", "a,1", "\"b\nc\r\nd\re\",2", "", "\"f\",3"];
        let bytes = lines.join(end);
        for last in ["", end] {
            let items = read_with("in.csv", (bytes.clone() + last).as_bytes(), &ReadOptions::default());
            assert_eq!(outline_of(&items), ["+a", "+b\nc\r\nd\re", "+f"], "{end:?}");
            let places: Vec<Value> = items.into_iter().map(|item| item.unwrap().meta["source"]["line"].clone()).collect();
            assert_eq!(places, [2, 3, 8], "{end:?}");
        }
    }
}

#[test]
fn compressed_tables_are_read() {
    let bytes = b"text\na\n";
    assert_eq!(texts("in.csv.gz", &gzip(bytes)), ["a"]);
    assert_eq!(texts("in.tsv.zst", &zstandard(bytes)), ["a"]);
    let cut = &gzip("text\nrow after row\n".repeat(5000).as_bytes())[..200];
    let items = read_with("in.csv.gz", cut, &ReadOptions::default());
    assert!(items.len() > 10 && items.last().unwrap().as_ref().unwrap_err().code == Code::BrokenCompression);
}

#[test]
fn the_delimiter_is_that_with_which_there_is_a_text() {
    for name in ["in.csv", "in.tsv"] {
        for delimiter in [",", ";", "\t", "|"] {
            let bytes = ["\"text\"", "id\n\"a", "b\"", "1\n"].join(delimiter);
            assert_eq!(texts(name, bytes.as_bytes()), [format!("a{delimiter}b")], "{name} {delimiter:?}");
        }
    }
    assert_eq!(texts("in.csv", b"text\na;b\tc|d\n"), ["a;b\tc|d"], "one column");
}

#[test]
fn an_empty_text_is_read_and_a_row_of_nothing_passed_over() {
    assert_eq!(outline(b"id,text\n1,\n,,\n,\n  \n2,a\n,\n"), ["+", "+a"]);
    assert_eq!(outline(b"text\n\"\"\n\n"), ["+"], "the only column");
}

#[test]
fn a_bad_row_is_refused_and_the_next_read() {
    let bytes = b"id,text\n1,a,b\n\n2,\"c\nd\",e\nf\n3,caf\xe9\n4,a\0\n5,\"g\n\"\n1,\"x\"\n1,y";
    let expected = ["bad_row:2", "bad_row:4", "bad_row:6", "not_utf8:7", "nul_character:8", "+g\n", "+x", "duplicate_id:12"];
    assert_eq!(outline(bytes), expected);
    let message = |index: usize| {
        let item = read_with("in.csv", bytes, &ReadOptions::default()).remove(index);
        item.unwrap_err().message
    };
    let advice = "; put fields that hold a comma or a line break in quotation marks, and double the quotation marks in them";
    assert_eq!(message(0), format!("expected 2 fields, as in the header, found 3 fields{advice}"));
    assert_eq!(message(1), format!("expected 2 fields, as in the header, found 3 fields in a row that runs to line 5{advice}"));
    assert!(message(3).starts_with("expected UTF-8, found 0xE9 at byte 3 of 'text', counted from 0"), "{}", message(3));
}

#[test]
fn a_quotation_mark_left_open_is_said_and_nothing_taken_for_a_text() {
    assert_eq!(outline(b"id,text\n1,a\n2,\"b\n3,c\n"), ["+a", "bad_row:3"]);
    assert_eq!(outline(b"id,text\n2,\"b"), ["bad_row:2"]);
    assert_eq!(outline(b"id,text\n2,\"b\"\"\n"), ["bad_row:2"]);
    let options = ReadOptions { max_bytes: 100, ..ReadOptions::default() };
    let bytes = format!("id,text\n1,\"{}", "a\n".repeat(100_000));
    let refusal = read_with("in.csv", bytes.as_bytes(), &options).remove(0).unwrap_err();
    assert!(refusal.code == Code::TooLarge || refusal.code == Code::BadRow, "{refusal}");
}

#[test]
fn a_table_without_the_text_is_refused_once() {
    let refusal = refused("in.csv", b"id,body\n1,a\n2,b\n");
    let message = "expected the text in a column 'text', found only 'id', 'body'; name the column of the text with --text-field";
    assert_eq!((refusal.code, &*refusal.message), (Code::NoText, message));
    let refusal = refused("in.csv", b"id;body;day\n1;a;b\n");
    assert!(refusal.message.contains("found only 'id', 'body', 'day' (separated by semicolon); name"), "{refusal}");
    let refusal = refused("in.csv", b"id:body\n1:a\n");
    assert!(refusal.message.contains("'id:body' (fields are separated by comma, semicolon, tab or vertical bar)"), "{refusal}");
    let items = read_with("in.csv", b"text,title\na,b\n", &ReadOptions { title_field: Some("head".into()), ..options("text") });
    assert_eq!(outline_of(&items), ["bad_header"]);
    assert_eq!(refused("in.csv", b"text,text\na,b\n").code, Code::BadHeader);
}

#[test]
fn what_is_no_table_is_refused_once() {
    for bytes in [&b""[..], b"\n\r\n", b"text,id\n", b"text", b"text,id\n\n,\n"] {
        assert_eq!(refused("in.csv", bytes).code, Code::EmptyFile, "{bytes:?}");
    }
    let utf16: Vec<u8> = "\u{feff}text,id\na,1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let refusal = refused("in.csv", &utf16);
    assert!(refusal.code == Code::NotUtf8 && refusal.message.contains("iconv -f UTF-16"), "{refusal}");
    assert_eq!(refused("in.csv", b"PK\x03\x04\x14\0\x06\0\xff\xd8\n\0").code, Code::NotUtf8, "a zip file");
    assert_eq!(refused("in.csv", b"{\"text\": \"a\"}\n").code, Code::NoText, "JSON lines");
    assert_eq!(refused("in.csv", b"<!DOCTYPE html>\n<p>text\n").code, Code::NoText);
    assert_eq!(refused("in.csv", b"id,\"text\na,b\n").code, Code::BadHeader, "an open quotation mark");
    assert_eq!(refused("in.csv", b"5\" gun,text\na,b\n\"c\",d\n").code, Code::BadHeader, "a bare quotation mark");
    assert_eq!(refused("in.csv", &vec![b'a'; 3 << 20]).code, Code::BadHeader, "no end of line");
    assert_eq!(refused("in.csv.gz", b"text\na\n").code, Code::BrokenCompression);
}

#[test]
fn the_limit_is_exact_and_the_next_row_read() {
    let options = ReadOptions { max_bytes: 10, ..ReadOptions::default() };
    for end in ["\n", "\r\n", "\r"] {
        let rows = ["id,text", "1,12345678", "2,123456789", "3,\"123456\"", "4,\"1234567\"", "5,,,,,,,,,,,,,,", "6,"];
        for last in ["", end] {
            let bytes = rows.join(end) + last;
            let found = outline_of(&read_with("in.csv", bytes.as_bytes(), &options));
            assert_eq!(found, ["+12345678", "too_large:3", "+123456", "too_large:5", "too_large:6", "+"], "{end:?}");
        }
    }
    let bytes = [b"text,id\n\"", &vec![b'\n'; 20_000_000][..], b"\",1\na,2\n"].concat();
    let items = read_with("in.csv", &bytes, &ReadOptions::default());
    assert_eq!(outline_of(&items), ["too_large:2", "+a"]);
    assert_eq!(items[1].as_ref().unwrap().meta["source"]["line"], 20_000_003);
    let message = &items[0].as_ref().unwrap_err().message;
    assert!(message.contains("found a row of 20000004 bytes, perhaps for want of a closing quotation mark"), "{message}");
}

#[test]
fn consumed_bytes_are_those_on_disk() {
    let bytes = gzip("text\na\n".repeat(10_000).as_bytes());
    let folder = Folder::new(&[("a.csv.gz", &bytes), ("b.csv", b"no text\n"), ("c.tsv", b"text\na")]);
    let inputs = folder.resolve(&["a.csv.gz", "b.csv", "c.tsv"], &ReadOptions::default()).unwrap();
    let total = inputs.bytes().unwrap();
    let mut reader = inputs.read();
    let consumed = reader.consumed();
    assert_eq!(reader.by_ref().filter(Result::is_err).count(), 1);
    assert_eq!(consumed.load(Ordering::Relaxed), total);
}

#[test]
fn records_are_not_looked_for_in_tables() {
    let folder = Folder::new(&[("a.csv", b"text\na\n"), ("b.parquet", b"PAR1"), ("c.jsonl", b"{}\n"), ("d.parquet.gz", b"")]);
    let lines = folder.resolve(&["a.csv", "b.parquet", "c.jsonl", "d.parquet.gz"], &ReadOptions::default()).unwrap().lines();
    let outline: Vec<String> = lines.map(|item| item.map_or_else(|refusal| refusal.message, |line| line.text)).collect();
    let no_lines = |found| format!("expected JSON lines (.jsonl or .ndjson), found {found}");
    assert_eq!(outline[..3], [no_lines("a CSV file"), no_lines("a Parquet file"), "{}".to_owned()]);
    assert!(outline[3].starts_with("expected a .parquet file as it is, found one in a gzip file; unpack it"), "{}", outline[3]);
}

/// Texts with all that a CSV file has to quote, and what spreadsheets and programs stumble over.
fn awkward() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,12}",
        Just("\"".to_owned()),
        Just(",".to_owned()),
        Just(";".to_owned()),
        Just("\t".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\r".to_owned()),
        Just("=1+1".to_owned()),
        Just("\u{a0}".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("👩🏽‍⚖️".to_owned()),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_text_comes_back_unchanged(
        cells in prop::collection::vec((awkward(), awkward()), 1..6),
        delimiter in prop::sample::select(&b",;\t|"[..]),
        crlf in any::<bool>(),
        always in any::<bool>(),
    ) {
        let terminator = if crlf { ::csv::Terminator::CRLF } else { ::csv::Terminator::Any(b'\n') };
        let style = if always { ::csv::QuoteStyle::Always } else { ::csv::QuoteStyle::Necessary };
        let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).terminator(terminator).quote_style(style).from_writer(vec![]);
        writer.write_record(["id", "text", "desk"]).unwrap();
        for (index, (text, desk)) in cells.iter().enumerate() {
            writer.write_record([&index.to_string(), text, desk]).unwrap();
        }
        let items = read_with("in.csv", &writer.into_inner().unwrap(), &ReadOptions::default());
        prop_assert_eq!(items.len(), cells.len());
        for (item, (text, desk)) in items.into_iter().zip(&cells) {
            let document = item.unwrap();
            prop_assert_eq!(&document.text, text);
            prop_assert_eq!(document.meta["desk"].as_str(), Some(&**desk));
        }
    }

    #[test]
    fn any_bytes_give_documents_or_refusals(
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..256),
            prop::collection::vec(prop::sample::select(&b"\"\"\",,\n\r;a\xe9"[..]), 0..256),
        ],
        max_bytes in prop::sample::select(&[5, 1000][..]),
    ) {
        let bytes = [&b"text,id\n"[..], &bytes].concat();
        let folder = Folder::new(&[("a.csv", &bytes), ("b.csv", &bytes[8..])]);
        let options = ReadOptions { max_bytes, ..ReadOptions::default() };
        for item in folder.resolve(&["a.csv", "b.csv"], &options).unwrap().read() {
            match item {
                Ok(document) => prop_assert!(document.text.len() <= max_bytes && document.meta["source"]["line"].is_u64()),
                Err(refusal) => prop_assert!(refusal.message.starts_with("expected ") && refusal.message.len() < 1000),
            }
        }
    }
}
