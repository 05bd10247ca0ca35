//! The report is held to what a browser makes of it: the articles that it unpacks, the index, and that no text becomes markup.

use super::*;
use crate::document::{Annotation, Document, Entity, Evidence, Kind, Label, Mention, Origin, RoleGiven, Status, Warning};
use crate::span::Span;
use crate::write::record::Run;
use flate2::read::DeflateDecoder;
use serde_json::{Map, Value};
use std::io::Read;
use std::path::Path;

#[test]
fn the_parts_leave_no_place_unfilled() {
    let (before, after) = parts();
    for place in ["{style", "{script_hash", "{articles"] {
        assert!(!before.contains(place) && !after.contains(place), "{place}");
    }
    assert_eq!((after.matches("{about}").count(), after.matches("{script}").count()), (1, 1));
    assert!(before.contains(&hash(SCRIPT)) && before.contains(&hash(STYLE)));
}

#[test]
fn nothing_in_the_page_can_turn_text_into_markup() {
    for way in ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function(", "DOMParser", "srcdoc"] {
        assert!(!SCRIPT.contains(way), "{way}");
    }
    assert!(!SCRIPT.contains("</") && !STYLE.contains("</"), "it would end its own element");
    let handler = regex::Regex::new(r"\s(on[a-z]+|style)=").unwrap();
    assert!(!handler.is_match(MARKUP), "the policy forbids handlers and styles in attributes");
}

const HOSTILE: &str = "👮 Ivo </script><img src=x onerror=alert(1)> {script} {about} \u{2028} said <b>so</b>.\n";

/// An article in which Ivo is chair because of what comes after him, and a person without a role has the same name.
fn article(id: &str, times: usize) -> Annotated {
    let text = HOSTILE.repeat(times);
    let at = |start: usize, end: usize| Span::new(&text, start, end).unwrap();
    let mention = |span| Mention { span, label: Label::Per, kind: Kind::Name, score: 0.5, origin: Origin::Model };
    let (first, last) = (at(5, 8), text.rfind("Ivo").unwrap());
    let proof = text.find("said").unwrap();
    let evidence = |rule: &str| Evidence { rule: rule.into(), span: at(proof, proof + 4) };
    let evidence = vec![evidence("chair.b"), evidence("chair.a"), evidence("chair.b")];
    let role = RoleGiven { role: "panel_chair".into(), score: 0.7314, status: Status::Corrected, evidence };
    let entity = |mentions, roles| Entity {
        label: Label::Per,
        name: "Ivo </script>".into(),
        anonymised: false,
        mentions,
        links: vec![],
        roles,
    };
    let mut mentions = vec![mention(first)];
    let mut entities = vec![entity(vec![0], vec![role])];
    if last > 5 {
        mentions.push(mention(at(last, last + 3)));
        entities.push(entity(vec![1], vec![]));
    }
    let warnings = vec![Warning { code: "two_chairs".into(), message: "<i>".into(), entities: vec![0] }];
    let annotation = Annotation { mentions, entities, warnings, ..Annotation::default() };
    let document = Document { id: id.into(), text, meta: Map::new() };
    Annotated { document, annotation, unit: OffsetUnit::Char, made_by: Run::by_hand() }
}

/// The page of some articles.
fn page(path: &Path, articles: &[Annotated]) -> String {
    let mut report = Report::open(Destination::new(Some(path), [""; 0]).unwrap()).unwrap();
    articles.iter().for_each(|article| report.article(article).unwrap());
    assert!(!path.exists(), "the page appeared before it was finished");
    let files = ["{script}".to_owned()];
    report.finish(&About { title: Some("<b>{about}</script>"), files: &files, refused: 3 }).unwrap();
    std::fs::read_to_string(path).unwrap()
}

fn held<'a>(page: &'a str, id: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("id=\"{id}\">")).unwrap_or_else(|| panic!("no {id}"));
    rest.split_once("</script>").unwrap().0
}

fn facts(page: &str) -> Value {
    serde_json::from_str(held(page, "facts")).unwrap()
}

/// What was packed into the element of this id.
fn unpacked(page: &str, id: &str) -> Vec<Value> {
    let mut json = String::new();
    DeflateDecoder::new(&*STANDARD.decode(held(page, id)).unwrap()).read_to_string(&mut json).unwrap();
    serde_json::from_str(&json).unwrap()
}

#[test]
fn chunks_unpack_to_the_very_records() {
    let folder = tempfile::tempdir().unwrap();
    // The third is longer than a chunk, and the last ones share one.
    let articles: Vec<Annotated> =
        [1, 2, 4000, 1, 3].iter().enumerate().map(|(at, times)| article(&format!("{at} & <"), *times)).collect();
    let page = page(&folder.path().join("page.html"), &articles);
    let facts = facts(&page);
    assert_eq!(facts["chunks"], json!([0, 3]), "where chunks begin");
    let records: Vec<Value> = (0..2).flat_map(|at| unpacked(&page, &format!("chunk-{at}"))).collect();
    assert_eq!(records.len(), articles.len());
    for (record, article) in records.iter().zip(&articles) {
        let back = crate::write::back::read(&record.to_string()).unwrap();
        // Scores are rounded in records.
        assert_eq!(back.document, article.document);
        assert_eq!((back.unit, &back.annotation.warnings), (OffsetUnit::Utf16, &article.annotation.warnings));
        let spans = |annotation: &Annotation| annotation.mentions.iter().map(|mention| mention.span).collect::<Vec<_>>();
        assert_eq!(spans(&back.annotation), spans(&article.annotation));
        assert_eq!(record["spans"][0]["start"], 3, "a police officer is two units of UTF-16");
    }
}

#[test]
fn the_index_says_who_is_in_an_article() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(&folder.path().join("page.html"), &[article("a", 1), article("b", 2)]);
    let facts = facts(&page);
    let words = json!({
        "labels": ["PER"], "roles": ["panel_chair"], "rules": ["chair.b", "chair.a"], "warnings": ["two_chairs"],
        "statuses": ["predicted", "accepted", "corrected", "rejected"],
    });
    assert_eq!(facts["words"], words);
    let characters = HOSTILE.chars().count();
    let chair = json!(["Ivo </script>", 0, 1, [[0, 731, 2, [0, 1]]]]);
    let lines =
        [json!(["a", characters, 1, [chair], [0]]), json!(["b", 2 * characters, 2, [chair, ["Ivo </script>", 0, 1]], [0]])];
    assert_eq!(unpacked(&page, "index-0"), lines);
    assert_eq!((&facts["articles"], &facts["refused"], &facts["pieces"]), (&json!(2), &json!(3), &json!(1)));
    assert_eq!(facts["runs"][0]["articles"], 2);
}

#[test]
fn no_text_becomes_markup_and_no_name_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(&folder.path().join("page.html"), &[article("</script><script>alert(2)</script>", 1)]);
    let facts = facts(&page);
    assert_eq!((&facts["title"], &facts["files"]), (&json!("<b>{about}</script>"), &json!(["{script}"])));
    for foreign in ["onerror=alert", "alert(2)", "<b>so", "<img"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    let elements = ["<script", "</script", "<style", "</style"].map(|tag| page.to_lowercase().matches(tag).count());
    assert_eq!(elements, [4, 4, 1, 1], "a chunk, a piece of the index, the facts, the script");
}

#[test]
fn a_page_can_be_without_articles() {
    let folder = tempfile::tempdir().unwrap();
    let facts = facts(&page(&folder.path().join("page.html"), &[]));
    assert_eq!((&facts["articles"], &facts["chunks"], &facts["pieces"]), (&json!(0), &json!([]), &json!(0)));
}

#[test]
fn memory_holds_no_more_than_a_chunk_of_articles() {
    let folder = tempfile::tempdir().unwrap();
    let mut report = Report::open(Destination::new(Some(&folder.path().join("page.html")), [""; 0]).unwrap()).unwrap();
    let one = article("a", 40);
    for _ in 0..200 {
        report.article(&one).unwrap();
        assert!(report.chunk.json.len() < CHUNK && report.piece.json.len() < PIECE);
    }
    assert!(report.chunks.len() > 2, "the articles were to fill some chunks");
}
