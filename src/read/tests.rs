//! Whole runs of the reader, from arguments to documents and refusals, over files made for the test.

use super::*;
use crate::document::Document;
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::Ordering;
use tempfile::TempDir;

mod bytes;
mod delimited;
mod files;
mod parquet;

type Item = Result<Document, Refusal>;

/// A folder of files, with the paths below it as arguments.
struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, bytes) in files {
            let path = folder.path(name);
            fs::create_dir_all(Path::new(&path).parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn resolve(&self, names: &[&str], options: &ReadOptions) -> Result<Inputs, UsageError> {
        let args: Vec<String> = names.iter().map(|name| if *name == "-" { "-".into() } else { self.path(name) }).collect();
        Inputs::resolve(&args, options.clone())
    }

    fn read(&self, names: &[&str]) -> Vec<Item> {
        self.resolve(names, &ReadOptions::default()).unwrap().read_with(std::io::empty()).collect()
    }

    /// What became of each: `+id`, or `code path:line` with the path below this folder.
    fn outline(&self, names: &[&str]) -> Vec<String> {
        self.read(names).iter().map(|item| self.outline_of(item)).collect()
    }

    fn outline_of(&self, item: &Item) -> String {
        match item {
            Ok(document) => format!("+{}", document.id),
            Err(refusal) => {
                let path = refusal.path.as_deref().expect("every refusal has a path");
                let path = path.strip_prefix(&self.path("")).unwrap_or(path);
                refusal.line.map_or_else(|| format!("{} {path}", refusal.code), |line| format!("{} {path}:{line}", refusal.code))
            }
        }
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

fn stdin(input: &'static [u8]) -> Vec<Item> {
    Inputs::resolve(&["-".into()], ReadOptions::default()).unwrap().read_with(input).collect()
}

#[test]
fn documents_say_where_they_come_from() {
    let folder = Folder::new(&[("a.txt", b"One."), ("b.jsonl", b"\n{\"id\": 7, \"text\": \"Two.\", \"day\": 3}\n")]);
    let documents: Vec<Document> = folder.read(&["a.txt", "b.jsonl"]).into_iter().map(Result::unwrap).collect();
    assert_eq!((&*documents[0].id, &*documents[0].text), ("a.txt", "One."));
    assert_eq!(serde_json::json!(documents[0].meta), serde_json::json!({"source": {"path": folder.path("a.txt")}}));
    assert_eq!((&*documents[1].id, &*documents[1].text), ("7", "Two."));
    let meta = serde_json::json!({"source": {"path": folder.path("b.jsonl"), "line": 2}, "day": 3});
    assert_eq!(serde_json::json!(documents[1].meta), meta);
}

#[test]
fn an_id_seen_twice_is_refused_and_the_first_kept() {
    let folder = Folder::new(&[
        ("m.jsonl", b"{\"id\": 1, \"text\": \"a\"}\n{\"id\": \"1\", \"text\": \"b\"}\n{\"id\": \"x.txt\", \"text\": \"c\"}\n"),
        ("n.jsonl", b"{\"id\": 1, \"text\": \"d\"}"),
        ("x.txt", b"e"),
    ]);
    let outline = folder.outline(&["m.jsonl", "n.jsonl", "x.txt"]);
    assert_eq!(outline, ["+1", "duplicate_id m.jsonl:2", "+x.txt", "duplicate_id n.jsonl:1", "duplicate_id x.txt"]);
    let refusal = folder.read(&["m.jsonl"]).remove(1).unwrap_err();
    assert_eq!(refusal.id.as_deref(), Some("1"));
}

#[test]
fn a_refused_line_takes_no_id() {
    let folder = Folder::new(&[("m.jsonl", b"{\"id\": 1, \"text\": 2}\n{\"id\": 1, \"text\": \"a\"}\n")]);
    assert_eq!(folder.outline(&["m.jsonl"]), ["text_not_a_string m.jsonl:1", "+1"]);
}

#[test]
fn lines_without_an_id_get_a_hash_and_a_count() {
    let folder = Folder::new(&[
        ("m.jsonl", b"{\"text\": \"abc\"}\n{\"text\": \"\"}\n{\"id\": null, \"text\": \"abc\"}\n"),
        ("n.jsonl", b"{\"text\": \"abc\"}\n"),
    ]);
    let ids = ["+ba7816bf8f01cfea", "+e3b0c44298fc1c14", "+ba7816bf8f01cfea-2", "+ba7816bf8f01cfea-3"];
    assert_eq!(folder.outline(&["m.jsonl", "n.jsonl"]), ids);
}

#[test]
fn standard_input_is_json_lines() {
    let items =
        stdin(b"{\"id\": 1, \"text\": \"a\"}\n\n{\"id\": 1, \"text\": \"b\"}\n{\"text\": \"abc\"}\n{\"text\": \"abc\"}\n{}");
    let documents: Vec<&Document> = items.iter().flatten().collect();
    let ids: Vec<&str> = documents.iter().map(|document| &*document.id).collect();
    assert_eq!(ids, ["1", "1", "ba7816bf8f01cfea", "ba7816bf8f01cfea-2"], "ids of a stream are not remembered");
    assert_eq!(documents[1].meta["source"], serde_json::json!({"path": "-", "line": 3}));
    let refusal = items.last().unwrap().as_ref().unwrap_err();
    assert_eq!((refusal.code, refusal.path.as_deref(), refusal.line), (Code::NoText, Some("-"), Some(6)));
}

#[test]
fn an_empty_standard_input_is_no_fault() {
    assert_eq!(stdin(b""), []);
    assert_eq!(stdin(b"\n\n"), []);
}

#[test]
fn standard_input_stands_where_it_was_named() {
    let folder = Folder::new(&[("a.txt", b"a"), ("b.txt", b"b")]);
    let inputs = folder.resolve(&["b.txt", "-", "a.txt"], &ReadOptions::default()).unwrap();
    assert_eq!(inputs.bytes(), None);
    let reader = inputs.read_with(&b"{\"id\": \"s\", \"text\": \"s\"}"[..]);
    let ids: Vec<String> = reader.map(|item| item.unwrap().id).collect();
    assert_eq!(ids, ["b.txt", "s", "a.txt"]);
}

#[test]
fn consumed_bytes_are_those_on_disk() {
    let lines = gzip("{\"text\": \"a\"}\n".repeat(1000).as_bytes());
    let large = vec![b'x'; 300_000];
    let folder =
        Folder::new(&[("a.txt", b"a"), ("b.jsonl.gz", &lines), ("c.txt", &large), ("d.html", b"d"), ("e.txt.zst", b"?")]);
    let options = ReadOptions { max_bytes: 1000, ..ReadOptions::default() };
    let inputs = folder.resolve(&["a.txt", "b.jsonl.gz", "c.txt", "d.html", "e.txt.zst"], &options).unwrap();
    let total = inputs.bytes().unwrap();
    assert_eq!(total, 1 + lines.len() as u64 + 300_000 + 1);
    let mut reader = inputs.read();
    let consumed = reader.consumed();
    assert_eq!(consumed.load(Ordering::Relaxed), 0);
    assert!(reader.next().unwrap().is_ok());
    assert_eq!(consumed.load(Ordering::Relaxed), 1);
    assert_eq!(reader.by_ref().filter(Result::is_ok).count(), 1000);
    assert_eq!(consumed.load(Ordering::Relaxed), total);
    assert!(reader.next().is_none() && reader.next().is_none());
}

#[test]
fn a_reader_can_go_to_another_thread() {
    let folder = Folder::new(&[("a.txt", b"a")]);
    let reader = folder.resolve(&["a.txt", "-"], &ReadOptions::default()).unwrap().read_with(std::io::empty());
    assert_eq!(std::thread::spawn(move || reader.count()).join().unwrap(), 1);
}
