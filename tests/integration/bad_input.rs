//! Input that can't be annotated, arguments that can't be used, ends that come early: what the program says, its exit code, and
//! what lies in the folder afterwards.

use crate::program::{Ended, Folder, articles, json_lines, lines, rolecall, root, run};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Annotates `inputs` with `--errors`; gives how it ended and the lines of the list.
fn refused(folder: &Folder, inputs: &[&str]) -> (Ended, Vec<Value>) {
    let errors = folder.path("errors.jsonl");
    let ended = run(rolecall(&["annotate", "--errors", &errors, "--progress", "none"]).args(inputs));
    let list = lines(&fs::read_to_string(&errors).unwrap());
    for refusal in &list {
        let keys: Vec<&str> = refusal.as_object().unwrap().keys().map(String::as_str).collect();
        let with_line = ["path", "line", "id", "code", "message"];
        let without = ["path", "id", "code", "message"];
        assert_eq!(keys, if refusal.get("line").is_some() { &with_line[..] } else { &without[..] });
    }
    // A line of the list, a line on standard error, and the closing line.
    let shown: Vec<&str> = ended.messages.lines().collect();
    assert_eq!(shown.len(), list.len() + 1, "{}", ended.messages);
    for (line, refusal) in shown.iter().zip(&list) {
        let place = refusal.get("line").map_or(String::new(), |line| format!("{line}:"));
        assert_eq!(*line, format!("{}:{place} {}", refusal["path"].as_str().unwrap(), refusal["message"].as_str().unwrap()));
        assert!(line.len() < 400, "{line}");
    }
    (ended, list)
}

/// `(path, line, id, code)` of each refusal.
fn places(list: &[Value]) -> Vec<Value> {
    list.iter().map(|refusal| json!([refusal["path"], refusal["line"], refusal["id"], refusal["code"]])).collect()
}

#[test]
fn every_bad_file_gets_one_message_and_the_others_go_on() {
    let folder = Folder::new();
    let empty = folder.write("empty.txt", "");
    let blank = folder.write("blank.txt", "\u{feff} \n");
    let latin = folder.write("latin.txt", b"Caf\xe9 owner told the panel");
    let nul = folder.write("nul.txt", "PC\0One");
    let hollow = folder.path("hollow");
    folder.write("hollow/notes.md", "no article");
    let link = folder.path("link.txt");
    symlink(folder.path("gone.txt"), &link).unwrap();
    // Readable by its mode, yet the system reads no byte of it, for root neither.
    let memory = folder.path("memory.txt");
    symlink("/proc/self/mem", &memory).unwrap();
    let pdf = folder.write("notice.pdf", "%PDF");
    let cut = folder.write("cut.txt.gz", &gzip(b"PC One was dismissed.")[..20]);
    let nothing = folder.write("nothing.jsonl", "\n\n");
    let good = folder.write("good.txt", "Panel chair Ivo Tarn said PC One had lied.");
    let inputs = [&empty, &blank, &latin, &good, &nul, &hollow, &link, &memory, &pdf, &cut, &nothing].map(String::as_str);

    let (ended, list) = refused(&folder, &inputs);
    assert_eq!(ended.code, 3);
    assert_eq!(ended.records().iter().map(|record| record["id"].clone()).collect::<Vec<_>>(), ["good.txt"]);
    let expected = [
        (&empty, json!("empty.txt"), "empty_file"),
        (&blank, json!("blank.txt"), "empty_file"),
        (&latin, json!("latin.txt"), "not_utf8"),
        (&nul, json!("nul.txt"), "nul_character"),
        (&hollow, json!(null), "no_articles"),
        (&link, json!(null), "dangling_link"),
        (&memory, json!("memory.txt"), "unreadable"),
        (&pdf, json!(null), "unknown_format"),
        (&cut, json!("cut.txt.gz"), "broken_compression"),
        (&nothing, json!(null), "empty_file"),
    ];
    assert_eq!(places(&list), expected.map(|(path, id, code)| json!([path, null, id, code])));
    let closing = ended.messages.lines().last().unwrap();
    assert!(closing.starts_with("1 article, ") && closing.ends_with("-> standard output; 10 documents refused"), "{closing}");
}

#[test]
fn a_file_that_may_not_be_read_is_refused() {
    let folder = Folder::new();
    let closed = folder.write("closed.txt", "PC One was dismissed.");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let (ended, list) = refused(&folder, &[&closed]);
    if File::open(&closed).is_ok() {
        assert_eq!((ended.code, list.len()), (0, 0), "root reads what it likes");
    } else {
        assert_eq!(ended.code, 3);
        assert_eq!(places(&list), [json!([closed, null, "closed.txt", "unreadable"])]);
    }
}

#[test]
fn every_bad_line_gets_one_message_and_the_others_go_on() {
    let folder = Folder::new();
    let long = format!("{{\"id\": \"long\", \"text\": \"{}\"}}\n", "PC One ".repeat(7_200_000));
    assert!(long.len() >= 50_000_000);
    let good = |id: &str| format!("{{\"id\": \"{id}\", \"text\": \"Ivo Tarn said so.\"}}\n");
    let mut bytes = good("a").into_bytes();
    bytes.extend(b"{\"id\": \"b\", \"text\": \"cut\n");
    bytes.extend(b"[\"no object\"]\n\n");
    bytes.extend(b"{\"id\": \"c\", \"body\": \"no text\"}\n");
    bytes.extend(b"{\"id\": \"d\", \"text\": 7}\n");
    bytes.extend(b"{\"id\": \"a\", \"text\": \"The id of the first.\"}\n");
    bytes.extend(b"{\"id\": \"e\", \"text\": \"a NUL\\u0000\"}\n");
    bytes.extend(b"{\"id\": \"f\", \"text\": \"caf\xe9\"}\n");
    bytes.extend(b"{\"id\": 1.5, \"text\": \"half an id\"}\n");
    bytes.extend(long.as_bytes());
    bytes.extend(good("z").into_bytes());
    let lines = folder.write("in.jsonl", &bytes);
    let packed = folder.write("packed.jsonl.gz", gzip((long + &good("y")).as_bytes()));

    let (ended, list) = refused(&folder, &[&lines, &packed]);
    assert_eq!(ended.code, 3);
    assert_eq!(ended.records().iter().map(|record| record["id"].clone()).collect::<Vec<_>>(), ["a", "z", "y"]);
    assert_eq!(
        places(&list),
        [
            json!([lines, 2, null, "bad_json"]),
            json!([lines, 3, null, "not_an_object"]),
            json!([lines, 5, "c", "no_text"]),
            json!([lines, 6, "d", "text_not_a_string"]),
            json!([lines, 7, "a", "duplicate_id"]),
            json!([lines, 8, "e", "nul_character"]),
            json!([lines, 9, null, "not_utf8"]),
            json!([lines, 10, null, "bad_id"]),
            json!([lines, 11, null, "too_large"]),
            json!([packed, 1, null, "too_large"]),
        ]
    );
}

#[test]
fn the_first_refusal_ends_the_run_with_fail_fast() {
    let folder = Folder::new();
    let input = folder.write("in.jsonl", json_lines(&articles(2)) + "{}\n" + "{\"text\": \"PC One.\"}\n");
    let ended = run(&mut rolecall(&["annotate", &input, "--fail-fast", "--progress", "none", "-o", &folder.path("out.jsonl")]));
    assert_eq!(ended.code, 1);
    assert!(ended.messages.contains("in.jsonl:3: expected the text in 'text'"), "{}", ended.messages);
    assert!(ended.messages.contains("out.jsonl.part keeps 2 articles"), "{}", ended.messages);
    assert_eq!(folder.names(), ["in.jsonl", "out.jsonl.part"]);
}

/// Wrong arguments end with 2, a model or rules that can't be loaded with 1; neither makes a file or replaces one.
#[test]
fn what_can_t_begin_makes_nothing() {
    let folder = Folder::new();
    let input = folder.write("in.txt", "Ivo Tarn chaired the panel.");
    let (out, errors) = (folder.write("out.jsonl", "earlier\n"), folder.write("errors.jsonl", "earlier\n"));
    let broken = folder.path("broken");
    fs::create_dir(&broken).unwrap();
    for file in fs::read_dir(root().join("tests/fixtures/models/bert-iob2")).unwrap().map(Result::unwrap) {
        fs::copy(file.path(), format!("{broken}/{}", file.file_name().to_str().unwrap())).unwrap();
    }
    folder.write("broken/model.safetensors", "not weights");
    let before = folder.names();
    let (gone, part) = (folder.path("gone.txt"), folder.path("out.jsonl.part"));
    let cases: [(i32, &[&str], &str); 10] = [
        (2, &[&input, &gone], "gone.txt'"),
        (2, &[&folder.path("*.html")], "no file matches '"),
        (2, &["-", "-"], "'-' given more than once"),
        (2, &[&input, "--workers", "0"], "--workers"),
        (2, &[&input, "--offsets", "word"], "possible values: char, byte, utf16"),
        (2, &[&input, "--errors", &part], "out.jsonl.part: is needed for --output"),
        (1, &[&input, "--model", &gone], "gone.txt"),
        (1, &[&input, "--model", &broken], "broken/model.safetensors"),
        (1, &[&input, "--rules", &input], "in.txt"),
        (1, &[&input, "--rules", &gone], "gone.txt"),
    ];
    for (code, args, message) in cases {
        let mut command = rolecall(&["annotate", "-o", &out]);
        if !args.contains(&"--errors") {
            command.args(["--errors", &errors]);
        }
        let ended = run(command.args(args));
        assert_eq!((ended.code, ended.output.as_str()), (code, ""), "{args:?}: {}", ended.messages);
        assert!(ended.messages.starts_with("error: ") && ended.messages.contains(message), "{args:?}: {}", ended.messages);
        assert_eq!(folder.names(), before, "{args:?} made something");
        assert_eq!(fs::read_to_string(&out).unwrap() + &fs::read_to_string(&errors).unwrap(), "earlier\nearlier\n", "{args:?}");
    }
}

/// A cause was once said twice: `can't be read: Not a directory (os error 20): Not a directory (os error 20)`.
#[test]
fn a_message_says_each_cause_once() {
    let folder = Folder::new();
    let input = folder.write("in.txt", "Ivo Tarn chaired the panel.");
    for option in ["--model", "--rules"] {
        let ended = run(&mut rolecall(&["annotate", &input, option, &format!("{input}/below")]));
        assert_eq!(ended.code, 1);
        assert_eq!(ended.messages.matches("os error").count(), 1, "{}", ended.messages);
    }
}

/// Starts the program with its standard output in a pipe.
fn start(args: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = Folder::new();
    let input = folder.write("in.jsonl", json_lines(&articles(100)));
    let errors = folder.path("errors.jsonl");
    let mut child = start(&["annotate", &input, "--progress", "none", "--errors", &errors]);
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(lines(&line)[0]["id"], "article-0");
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "", "nothing went wrong");

    for args in [&["schema"][..], &["completions", "bash"], &["man"]] {
        let mut child = start(args);
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{args:?}");
    }
}

#[test]
fn a_run_that_is_killed_leaves_the_beginning_of_its_result_in_the_part() {
    let folder = Folder::new();
    let input = folder.write("in.jsonl", json_lines(&articles(200)));
    let (out, part) = (folder.path("out.jsonl"), folder.path("out.jsonl.part"));
    let mut child = start(&["annotate", &input, "-q", "-o", &out]);
    let started = Instant::now();
    while !fs::metadata(&part).is_ok_and(|found| found.len() > 0) {
        assert!(started.elapsed() < Duration::from_secs(60) && child.try_wait().unwrap().is_none(), "no part came");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(folder.names(), ["in.jsonl", "out.jsonl.part"]);
    let left = fs::read(&part).unwrap();

    // The same run again replaces what was left, and ends as if nothing had been.
    let whole = run(&mut rolecall(&["annotate", &input, "-q", "-o", &out]));
    assert_eq!((whole.code, whole.messages.as_str()), (0, ""));
    assert_eq!(folder.names(), ["in.jsonl", "out.jsonl"]);
    let whole = fs::read(&out).unwrap();
    assert!(left.len() < whole.len() && whole.starts_with(&left), "the part is no beginning of the result");
    assert_eq!(lines(std::str::from_utf8(&whole).unwrap()).len(), 200);
}

#[test]
fn ids_and_meta_say_where_an_article_comes_from() {
    let folder = Folder::new();
    let text = "Ivo Tarn chaired the panel.";
    for name in ["alone.txt", "one/same.txt", "two/same.txt", "two/deep/er.txt", "glob/g2.txt", "glob/g1.txt"] {
        folder.write(name, text);
    }
    let json = "{\"id\": 9, \"text\": \"Bo Lisle.\", \"day\": 3, \"source\": \"wire\"}\n\n{\"text\": \"Bo Lisle.\"}\n{\"text\": \"Bo Lisle.\"}\n";
    folder.write("lines.jsonl", json);
    let args = ["alone.txt", "one/same.txt", "two", "glob/*.txt", "lines.jsonl"].map(|name| folder.path(name));
    let ended = run(rolecall(&["annotate", "-q"]).args(&args));
    assert_eq!((ended.code, ended.messages.as_str()), (0, ""));
    let found: Vec<Value> = ended.records().iter().map(|record| json!([record["id"], record["meta"]])).collect();
    let file = |id: &str, name: &str| json!([id, {"source": {"path": folder.path(name)}}]);
    let path = folder.path("lines.jsonl");
    // printf 'Bo Lisle.' | sha256sum
    let hash = "683834e2b91e0c3c";
    assert_eq!(
        found,
        [
            file("alone.txt", "alone.txt"),
            file("one/same.txt", "one/same.txt"),
            file("deep/er.txt", "two/deep/er.txt"),
            file("two/same.txt", "two/same.txt"),
            file("g1.txt", "glob/g1.txt"),
            file("g2.txt", "glob/g2.txt"),
            json!(["9", {"source": {"path": path, "line": 1}, "day": 3, "input_source": "wire"}]),
            json!([hash, {"source": {"path": path, "line": 3}}]),
            json!([format!("{hash}-2"), {"source": {"path": path, "line": 4}}]),
        ]
    );
}

#[test]
fn a_text_is_kept_as_it_is_but_for_the_byte_order_mark() {
    let folder = Folder::new();
    let text = "Panel chair Ivo Tarn\r\n\r\nsaid\u{a0}PC One – a “cafe\u{301}” owner 👮🏽‍♀️ –\tlied.\r\n";
    let marked = folder.write("marked.txt", format!("\u{feff}{text}"));
    let article = json!({"id": "m", "text": text}).to_string();
    let crlf = folder.write("crlf.jsonl", format!("\u{feff}{article}\r\n \r\n\n\u{feff}{{\"id\": \"n\", \"text\": \"\"}}\r\n"));
    for (unit, chair_ends) in [("char", 20), ("byte", 20), ("utf16", 20)] {
        let ended = run(&mut rolecall(&["annotate", &marked, &crlf, "-q", "--offsets", unit]));
        assert_eq!((ended.code, ended.messages.as_str()), (0, ""));
        let records = ended.records();
        assert_eq!(records.iter().map(|record| record["text"].as_str().unwrap()).collect::<Vec<_>>(), [text, text, ""]);
        assert_eq!(records[2]["meta"]["source"]["line"], 4);
        assert_eq!((&records[0]["spans"], &records[0]["offset_unit"]), (&records[1]["spans"], &json!(unit)));
        let spans = records[0]["spans"].as_array().unwrap();
        assert_eq!((&spans[0]["text"], &spans[0]["end"]), (&json!("Ivo Tarn"), &json!(chair_ends)));
        for token in records[0]["tokens"].as_array().unwrap() {
            let (start, end) = (token["start"].as_u64().unwrap() as usize, token["end"].as_u64().unwrap() as usize);
            assert_eq!(slice(text, unit, start, end), token["text"].as_str().unwrap());
        }
    }
}

/// `text[start..end]` as a reader that counts in `unit` has it.
fn slice(text: &str, unit: &str, start: usize, end: usize) -> String {
    match unit {
        "char" => text.chars().skip(start).take(end - start).collect(),
        "byte" => text[start..end].to_owned(),
        _ => String::from_utf16(&text.encode_utf16().collect::<Vec<u16>>()[start..end]).unwrap(),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
