//! The page is held to what a browser makes of it.

use super::*;
use crate::document::Document;
use crate::evaluate::bootstrap::Resampling;
use crate::evaluate::mistakes::{Fault, Mistake, Side};
use crate::evaluate::report::Articles;
use crate::evaluate::{Evaluation, Judged};
use crate::span::Span;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn the_parts_leave_no_place_unfilled() {
    let (before, after) = parts();
    assert!(before.ends_with("id=\"mistakes\">["), "the mistakes would stand elsewhere");
    for place in ["{style", "{script", "{mistakes"] {
        assert!(!before.contains(place) && !after.contains(place), "{place}");
    }
    assert_eq!(after.matches("{report}").count(), 1);
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

/// A page of one article with so many missed mentions, of which at most so many are shown.
fn page(path: &Path, mistakes: usize, most: u64) -> String {
    let text = "Ivo Tarn of <b>Castlebridge</b>".to_owned();
    let side = Side { label: "PER".into(), kind: "name", places: vec![Span::new(&text, 0, 8).unwrap()], ..Side::default() };
    let mistake = Mistake { at: 0, fault: Fault::MissedMention, gold: Some(side), predicted: None };
    let document = Document { id: "a & b".into(), text, meta: serde_json::Map::new() };
    let judged = Judged { document, groups: BTreeMap::new(), mistakes: vec![(mistake, None); mistakes] };
    let evaluation = Evaluation::new(Resampling { resamples: 0, seed: 1 }, vec![], false);
    let mut page = Page::with_most(Destination::new(Some(path), [""; 0]).unwrap(), most).unwrap();
    page.article(&judged).unwrap();
    assert!(!path.exists(), "the page appeared before it was finished");
    let report = Report::new(&evaluation, Articles::default());
    page.finish(&Names { gold: "gold", predicted: "{script}", other: None }, &report).unwrap();
    std::fs::read_to_string(path).unwrap()
}

/// What the element of this id holds.
fn held(page: &str, id: &str) -> Value {
    let (_, rest) = page.split_once(&format!("id=\"{id}\">")).unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

#[test]
fn mistakes_past_the_limit_are_counted_and_left_out() {
    let folder = tempfile::tempdir().unwrap();
    for (made, shown, left_out) in [(0, 0, 0), (3, 3, 0), (4, 4, 0), (7, 4, 3)] {
        let page = page(&folder.path().join(format!("{made}.html")), made, 4);
        let mistakes = held(&page, "mistakes");
        assert_eq!(mistakes.as_array().unwrap().len(), shown);
        assert_eq!(held(&page, "report")["left_out"], left_out);
        if shown > 0 {
            assert_eq!(mistakes[0]["context"]["text"], "Ivo Tarn of <b>Castlebridge</b>");
        }
    }
}

#[test]
fn a_name_like_a_place_of_the_page_is_a_name() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(held(&page(&folder.path().join("page.html"), 1, 1), "report")["names"]["predicted"], "{script}");
}
