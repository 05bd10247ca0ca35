//! `rolecall report`: the page is one file that needs nothing else and runs only its own script, holds the articles as they are, and
//! appears whole or not at all.

use crate::program::{Folder, rolecall, run};
use crate::show::compiled;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use regex::Regex;
use rolecall::write::back;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::Read;

/// An article that tries all it can: the end of an element, a script, a comment, places of the page, text from right to left with a
/// character that turns it, characters of several code points.
const HOSTILE: &str = "+++
manner = '<i>&amp;'
[party.a]
panel_chair = 'said'
+++
</script><script>alert(1)</script><!-- {{Ivo Tarn|PER a}} said &lt;\u{2028}\
{{إيفو تارن|PER a}} \u{202e}of 👩\u{200d}🚒 ]]> {facts} {script} {articles}.\n";

/// What stands between the tag that begins so and its end.
fn held<'a>(page: &'a str, tag: &str, end: &str) -> &'a str {
    page.split_once(tag).and_then(|(_, rest)| rest.split_once(end)).unwrap_or_else(|| panic!("no {tag}")).0
}

fn facts(page: &str) -> Value {
    serde_json::from_str(held(page, "<script type=\"application/json\" id=\"facts\">", "</script>")).unwrap()
}

/// What was packed into the element of this id.
fn unpacked(page: &str, id: &str) -> Vec<Value> {
    let packed = STANDARD.decode(held(page, &format!("<script type=\"text/plain\" id=\"{id}\">"), "</script>")).unwrap();
    let mut json = String::new();
    DeflateDecoder::new(&*packed).read_to_string(&mut json).unwrap();
    serde_json::from_str(&json).unwrap()
}

#[test]
fn the_articles_in_the_page_are_those_of_the_files() {
    let folder = Folder::new();
    let lines = ["a", "</script>", "\u{202e}é", "a"].map(|id| compiled(id, HOSTILE));
    let (first, second) = (folder.write("1.jsonl", lines[..2].concat()), folder.write("2.jsonl", lines[2..].concat()));
    let page = folder.path("page.html");
    let ended = run(&mut rolecall(&["report", &first, &second, "-o", &page, "--title", "<b>{script}"]));
    assert_eq!((ended.code, &*ended.output), (0, ""), "{}", ended.messages);
    let page = std::fs::read_to_string(page).unwrap();
    let records = unpacked(&page, "chunk-0");
    assert_eq!(records.len(), lines.len());
    for (record, line) in records.iter().zip(&lines) {
        let (shown, given) = (back::read(&record.to_string()).unwrap(), back::read(line).unwrap());
        assert_eq!((shown.document, shown.annotation), (given.document, given.annotation));
    }
    let facts = facts(&page);
    assert_eq!(
        (&facts["title"], &facts["files"], &facts["articles"]),
        (&json!("<b>{script}"), &json!([first, second]), &json!(4))
    );
    let ids: Vec<Value> = unpacked(&page, "index-0").iter().map(|line| line[0].clone()).collect();
    assert_eq!(json!(ids), json!(["a", "</script>", "\u{202e}é", "a"]));
}

#[test]
fn the_page_needs_nothing_else_and_runs_only_its_own_script() {
    let ended = run(rolecall(&["report", "-", "-o", "-", "-q"]).write_stdin(compiled("</script><img src=x>", HOSTILE)));
    assert_eq!((ended.code, &*ended.messages), (0, ""));
    let page = ended.output;
    let policy = held(&page, "<meta http-equiv=\"Content-Security-Policy\" content=\"", "\">");
    let hash = |content: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(content)));
    let (style, script) = (hash(held(&page, "<style>", "</style>")), hash(held(&page, "<script>", "</script>")));
    let expected = format!("default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'");
    assert_eq!(policy, expected);

    let counted = |what: &str| Regex::new(what).unwrap().find_iter(&page).count();
    assert_eq!((counted("(?i)<script"), counted("(?i)</script"), counted("(?i)<style")), (4, 4, 1), "an article added markup");
    assert_eq!((counted("alert\\("), counted("(?i)<img")), (0, 0), "an article stands in the page as it is");
    let elsewhere =
        Regex::new(r#"(?i)\w+://|\b(src|srcset|action)=|url\(|@import|\bimport\s*[({]|\bfetch\(|XMLHttp|href="[^#]"#).unwrap();
    assert_eq!(elsewhere.find(&page).map(|found| found.as_str()), None);
}

#[test]
fn what_is_no_record_is_said_and_counted() {
    let folder = Folder::new();
    let file = folder.write("some.jsonl", format!("{{\"\u{1b}[2J\": 1}}\n{}", compiled("a", HOSTILE)));
    let page = folder.path("page.html");
    let ended = run(&mut rolecall(&["report", &file, "-o", &page]));
    assert_eq!(ended.code, 3);
    assert!(
        ended.messages.contains("some.jsonl:1: ") && ended.messages.ends_with("1 article, 1 line refused\n"),
        "{}",
        ended.messages
    );
    assert!(!ended.messages.contains('\u{1b}'), "the terminal is steered");
    let facts = facts(&std::fs::read_to_string(page).unwrap());
    assert_eq!((&facts["articles"], &facts["refused"]), (&json!(1), &json!(1)));
    assert_eq!(facts["files"], json!([file]));
}

#[test]
fn a_page_that_has_no_place_is_refused_before_any_work() {
    let folder = Folder::new();
    let file = folder.write("a.jsonl", compiled("a", HOSTILE));
    let before = folder.names();
    let cases =
        [(folder.path("none/page.html"), "does not exist"), (file.clone(), "among the input"), (folder.path(""), "is a folder")];
    for (place, said) in &cases {
        let ended = run(&mut rolecall(&["report", &file, "-o", place]));
        assert_eq!((ended.code, &*ended.output), (2, ""), "{place}");
        assert!(ended.messages.contains(said), "{place}: {}", ended.messages);
    }
    assert_eq!(folder.names(), before, "something was made");
}

#[test]
fn many_articles_are_many_chunks() {
    let folder = Folder::new();
    let file = folder.write("many.jsonl", compiled("a", HOSTILE).repeat(1500));
    let page = folder.path("page.html");
    let ended = run(&mut rolecall(&["report", &file, "-o", &page, "-q"]));
    assert_eq!((ended.code, &*ended.messages), (0, ""));
    let page = std::fs::read_to_string(page).unwrap();
    let facts = facts(&page);
    let starts: Vec<u64> = facts["chunks"].as_array().unwrap().iter().map(|start| start.as_u64().unwrap()).collect();
    assert!(starts.len() > 3 && starts[0] == 0 && starts.is_sorted(), "{starts:?}");
    let mut next = 0;
    for (at, start) in starts.iter().enumerate() {
        assert_eq!(*start, next, "chunk {at}");
        next += unpacked(&page, &format!("chunk-{at}")).len() as u64;
    }
    assert_eq!((next, &facts["articles"]), (1500, &json!(1500)));
}
