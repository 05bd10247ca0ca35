//! `rolecall evaluate --html`: the page is one file that needs nothing else, holds the mistakes as they are, and lets no text of an
//! article become markup or a script.

use crate::evaluate::{evaluate, records};
use crate::program::{Folder, lines};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use regex::Regex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// An article that tries all it can: the end of an element, a script, a comment, entities, line ends of scripts, text from right
/// to left with a character that turns it, characters of several code points.
const HOSTILE: &str = "+++
manner = '<i>&amp;'
[party.a]
witness = 'saw'
+++
</script><script>alert(1)</script><!-- {{Ivo Tarn|PER a}} saw &lt; {{Leeds|LOC b}}.\u{2028}\u{2029}\
{{إيفو تارن|PER a}} \u{202e}said 👩\u{200d}🚒 of {{Bo <b>Lisle</b>|PER c}} ]]> {report} {script}.\n";

/// An end tag of HTML, as a browser would read it.
const END: &str = "</script>";

/// What stands between the tag that begins so and its end.
fn held<'a>(page: &'a str, tag: &str, end: &str) -> &'a str {
    page.split_once(tag).and_then(|(_, rest)| rest.split_once(end)).unwrap_or_else(|| panic!("no {tag}")).0
}

fn parsed(page: &str, id: &str) -> Value {
    serde_json::from_str(held(page, &format!("<script type=\"application/json\" id=\"{id}\">"), END)).unwrap()
}

/// The page of a run, and its mistakes as `--errors` lists them.
fn page(folder: &Folder, gold: &str, pred: &str, more: &[&str]) -> (String, Vec<Value>) {
    let (html, errors) = (folder.path("page.html"), folder.path("errors.jsonl"));
    let ended = evaluate(gold, pred, &[&["--resamples", "20", "--html", &html, "--errors", &errors], more].concat());
    assert_eq!(ended.code, 0, "{}", ended.messages);
    assert!(ended.output.contains("## Mentions"), "the figures are printed as ever");
    let read = |path: &str| std::fs::read_to_string(path).unwrap();
    (read(&html), lines(&read(&errors)))
}

#[test]
fn the_mistakes_in_the_page_are_those_of_the_list() {
    let folder = Folder::new();
    let gold = records(&folder, "gold", &[("a", HOSTILE), ("b", HOSTILE)]);
    let worse = HOSTILE.replace("|LOC b}}", "|ORG b}}").replace("{{Bo <b>Lisle</b>|PER c}}", "Bo <b>Lisle</b>");
    let pred = records(&folder, "pred", &[("a", &worse), ("b", &worse)]);
    let (page, errors) = page(&folder, &gold, &pred, &[]);
    assert_eq!(parsed(&page, "mistakes"), json!(errors));
    assert_eq!(errors.len(), 4, "{errors:?}");
    let said: Vec<&str> = errors.iter().filter_map(|mistake| mistake["context"]["text"].as_str()).collect();
    for hostile in ["</script><script>alert(1)</script><!-- Ivo", "\u{2028}\u{2029}إيفو", "👩\u{200d}🚒", "]]> {report} {script}"]
    {
        assert!(said.iter().any(|text| text.contains(hostile)), "{hostile:?} is not in the text around: {said:?}");
    }

    let about = parsed(&page, "report");
    assert_eq!(about["names"], json!({"gold": gold, "predicted": pred, "other": null}));
    assert_eq!(about["left_out"], 0);
    assert_eq!(about["report"]["articles"]["judged"], 2);
    assert_eq!(about["report"]["groups"]["manner"]["<i>&amp;"]["articles"], 2);
    let leftovers: Vec<String> = folder.names().into_iter().filter(|name| name.ends_with(".part")).collect();
    assert_eq!(leftovers, [""; 0]);
}

#[test]
fn two_runs_compared_are_told_apart() {
    let folder = Folder::new();
    let gold = records(&folder, "gold", &[("a", HOSTILE)]);
    let pred = records(&folder, "pred", &[("a", &HOSTILE.replace("|LOC b}}", "|ORG b}}"))]);
    let other = records(&folder, "other", &[("a", &HOSTILE.replace("{{Bo <b>Lisle</b>|PER c}}", "Bo <b>Lisle</b>"))]);
    let (page, errors) = page(&folder, &gold, &pred, &["--compare", &other]);
    let mistakes = parsed(&page, "mistakes");
    assert_eq!(mistakes, json!(errors));
    let changes: Vec<(&Value, &Value)> =
        mistakes.as_array().unwrap().iter().map(|mistake| (&mistake["fault"], &mistake["change"])).collect();
    assert_eq!(changes, [(&json!("wrong_label"), &json!("new")), (&json!("missed_mention"), &json!("fixed"))]);
    let about = parsed(&page, "report");
    assert_eq!(about["names"]["other"], json!(other));
    assert_eq!(about["report"]["comparison"]["mistakes"], json!({"new": 1, "fixed": 1, "same": 0}));
}

#[test]
fn the_page_needs_nothing_else_and_runs_only_its_own_script() {
    let folder = Folder::new();
    let gold = records(&folder, "gold", &[("a", HOSTILE)]);
    let pred = records(&folder, "pred", &[("a", &HOSTILE.replace("|LOC b}}", "|ORG b}}"))]);
    let (page, _) = page(&folder, &gold, &pred, &[]);

    let policy = held(&page, "<meta http-equiv=\"Content-Security-Policy\" content=\"", "\">");
    let hash = |content: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(content)));
    let (style, script) = (hash(held(&page, "<style>", "</style>")), hash(held(&page, "<script>", END)));
    let expected = format!("default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'");
    assert_eq!(policy, expected);

    let counted = |what: &str| Regex::new(what).unwrap().find_iter(&page).count();
    assert_eq!((counted("(?i)<script"), counted("(?i)</script"), counted("(?i)<style")), (3, 3, 1), "an article added markup");
    assert_eq!(counted("alert"), 1, "the article's script stands in its text, and nowhere else");
    let elsewhere =
        Regex::new(r#"(?i)\w+://|\b(src|srcset|action)=|url\(|@import|\bimport\s*[({]|\bfetch\(|XMLHttp|href="[^#]"#).unwrap();
    assert_eq!(elsewhere.find(&page).map(|found| found.as_str()), None);
}

#[test]
fn a_page_that_has_no_place_is_refused_before_any_work() {
    let folder = Folder::new();
    let gold = records(&folder, "gold", &[("a", HOSTILE)]);
    let before = folder.names();
    let same = folder.path("same");
    let cases: [(&[&str], &str); 4] = [
        (&["--html", &folder.path("none/page.html")], "does not exist"),
        (&["--html", &gold], "among the input"),
        (&["--html", "-"], "standard output is where the figures go"),
        (&["--html", &same, "--errors", &same], "name the same file"),
    ];
    for (args, said) in cases {
        let ended = evaluate(&gold, &gold, args);
        assert_eq!((ended.code, &*ended.output), (2, ""), "{args:?}");
        assert!(ended.messages.contains(said), "{args:?}: {}", ended.messages);
    }
    assert_eq!(folder.names(), before, "something was made");
}
