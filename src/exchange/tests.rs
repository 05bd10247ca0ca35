//! What the table in the README says of the formats, proved on every one: what a format holds comes back from it alone, what it does
//! not hold is missing in something, and with the records that were exported everything comes back.

use super::article::{Article, Choices, Layer};
use super::assemble::{How, assemble};
use super::draft::Draft;
use super::{FORMATS, Format, Holds, Import, format, marked};
use crate::assign::built_in_roles;
use crate::document::Annotation;
use crate::exchange::sources::Source;
use crate::read::Refusal;
use crate::segment::segment;
use crate::span::Span;
use crate::write::back::Annotated;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::io::Cursor;

/// Texts that exporters stumble over, marked.
const HARD: &[&str] = &[
    "{{👮🏽‍♀️ Ivo Tarn|PER a}}, e\u{301}té, {{אדה שטרן|PER b}}\u{202e} and {{PC One|ANON c}}.\r\n\r\nTab\there:\u{a0}{{Tarn|PER a}}{{Lisle|PER d}}\rlone  {{PC One|ANON c}}",
    "No names.\n",
    "{{Ivo\nTarn|PER a}} ~{{{the older constable|NOM b}}~} \"<script>\" & \u{2028}{{x|MISC c}}",
    "{{a|PER a}} {{the older constable|NOM b}} \u{200b}{{Fenwold Police|ORG c}} {{Fenwold|LOC d}} {{the older constable|NOM b}}\n\n",
    "   leading {{Bo Lisle|PER a}}, {{Ivo Tarn|PER b}}, {{Lisle|PER a}}   ",
];

/// An article from marks, the first party with two roles and a relation to the last.
fn article(id: &str, marks: &str) -> Annotated {
    let front = if marks.contains("{{") { "[party.a]\nwitness = 'PLACE'\nsubject_officer = 'PLACE'\n" } else { "" };
    let first = marks.split_once("{{").and_then(|(_, rest)| rest.split_once('|')).map_or("", |(words, _)| words);
    let other = if marks.contains("|PER b}}") { "represents.b = 'PLACE'\n" } else { "" };
    let proof = first.split_whitespace().last().unwrap_or_default();
    let source = format!("+++\n{}+++\n{marks}", format!("{front}{other}").replace("PLACE", proof));
    let roles = built_in_roles().collect();
    let mut compiled = marked::compile(id, &source, &roles).unwrap_or_else(|error| panic!("{error}: {source}")).annotated;
    compiled.annotation.segments = segment(&compiled.document.text);
    compiled
}

fn samples() -> Vec<Annotated> {
    HARD.iter().enumerate().map(|(at, marks)| article(&format!("hard-{at}"), marks)).collect()
}

/// The articles as the format writes them.
fn exported(format: &Format, articles: &[Annotated], layer: Layer) -> Vec<u8> {
    let export = format.export.unwrap();
    let mut exporter = (export.open)(layer).unwrap();
    let choices = Choices { layer, unit: format.offsets.unwrap_or_default(), ..Choices::default() };
    let mut out = Vec::new();
    exporter.begin(&mut out);
    for article in articles {
        let article = Article::new(article.clone(), &choices).unwrap();
        let mut bytes = Vec::new();
        exporter.article(&article, &mut bytes).unwrap();
        out.extend(bytes);
    }
    exporter.finish(&mut out).unwrap();
    out
}

fn drafts(format: &Format, bytes: Vec<u8>) -> Vec<Result<Draft, Refusal>> {
    let Some(Import::Drafts { read, .. }) = format.import else { panic!("{} has no drafts", format.name) };
    read(Source { path: "t".into(), stream: Box::new(Cursor::new(bytes)) }).collect()
}

/// The articles as they come back, beside the records or without them.
fn back(format: &Format, articles: &[Annotated], layer: Layer, beside: bool) -> Vec<Annotated> {
    let how = How { layer, unit: format.offsets.unwrap_or_default(), roles: built_in_roles().map(str::to_owned).collect() };
    let drafts = drafts(format, exported(format, articles, layer));
    assert_eq!(drafts.len(), articles.len(), "{}", format.name);
    let one = |(draft, article): (Result<Draft, Refusal>, &Annotated)| {
        let assembled = assemble(draft.unwrap(), beside.then(|| article.clone()), &how).unwrap();
        assert_eq!(assembled.unfit, [], "{}", format.name);
        assembled.annotated
    };
    drafts.into_iter().zip(articles).map(one).collect()
}

/// What of the annotation is the same.
fn same(a: &Annotated, b: &Annotated) -> Holds {
    let (x, y) = (&a.annotation, &b.annotation);
    // Of a text that did not come back, spans are told by their words.
    let text = a.document.text == b.document.text;
    let words = |of: &Annotated, span: Span| {
        (if text { span.start() } else { 0 }, span.of(&of.document.text).split_whitespace().collect::<String>())
    };
    let spans = |of: &Annotated| of.annotation.mentions.iter().map(|m| (words(of, m.span), m.label.clone())).collect::<Vec<_>>();
    let groups = |of: &Annotation| of.entities.iter().map(|e| e.mentions.clone()).collect::<Vec<_>>();
    // Of each mention, since some formats have roles on mentions alone; where these are joined anew, one may get more.
    let roles = |of: &Annotation| {
        let mut roles = vec![BTreeSet::new(); of.mentions.len()];
        for entity in &of.entities {
            let names = || entity.roles.iter().map(|role| role.role.clone());
            entity.mentions.iter().for_each(|&at| roles[at].extend(names()));
        }
        roles
    };
    let relations = |of: &Annotation| of.relations.iter().map(|r| (r.kind.to_string(), r.from, r.to)).collect::<Vec<_>>();
    let kinds = |of: &Annotation| of.mentions.iter().map(|m| (m.kind, m.score.to_bits(), m.origin)).collect::<Vec<_>>();
    let proofs = |of: &Annotated| {
        let roles = of.annotation.entities.iter().flat_map(|e| &e.roles);
        roles.map(|r| (r.score.to_bits(), r.evidence.iter().map(|e| words(of, e.span)).collect::<Vec<_>>())).collect::<Vec<_>>()
    };
    Holds {
        text,
        spans: spans(a) == spans(b),
        entities: groups(x) == groups(y),
        roles: match groups(x) == groups(y) {
            true => roles(x) == roles(y),
            false => x.mentions.len() == y.mentions.len() && roles(x).iter().zip(roles(y)).all(|(a, b)| a.is_superset(&b)),
        },
        relations: relations(x) == relations(y),
        kinds: kinds(x) == kinds(y),
        evidence: proofs(a) == proofs(b),
    }
}

fn all(each: impl Iterator<Item = Holds>) -> Holds {
    let and = |a: Holds, b: Holds| Holds {
        text: a.text && b.text,
        spans: a.spans && b.spans,
        entities: a.entities && b.entities,
        roles: a.roles && b.roles,
        relations: a.relations && b.relations,
        kinds: a.kinds && b.kinds,
        evidence: a.evidence && b.evidence,
    };
    each.fold(Holds::ALL, and)
}

fn both_ways() -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().filter(|format| format.export.is_some() && format.import.is_some())
}

#[test]
fn a_round_trip_keeps_what_the_table_says_and_loses_what_it_says() {
    // Entities that no linker finds, and scores and kinds that are not those of new mentions.
    let mut articles = samples();
    articles.push(article(
        "odd",
        "{{Ivo Tarn|PER a}} was {{Bo Lisle|PER a}}; {{Tarn|PER b}} sat. {{the officer|NOM c}} left {{Mr Z|NOM d}}.",
    ));
    articles.iter_mut().flat_map(|a| &mut a.annotation.mentions).for_each(|mention| mention.score = 0.5);
    articles.iter_mut().flat_map(|a| &mut a.annotation.entities).flat_map(|e| &mut e.roles).for_each(|role| role.score = 0.75);
    let mut formats = 0;
    for format in both_ways() {
        let found = all(back(format, &articles, Layer::Both, false).iter().zip(&articles).map(|(a, b)| same(a, b)));
        assert_eq!(found, format.holds, "{}", format.name);
        formats += 1;
    }
    assert_eq!(formats, 5);
}

#[test]
fn beside_its_records_a_round_trip_keeps_everything() {
    let articles = samples();
    for format in both_ways() {
        for layer in [Layer::Ner, Layer::Roles, Layer::Both] {
            for (found, article) in back(format, &articles, layer, true).iter().zip(&articles) {
                assert_eq!(found, article, "{} {layer:?}", format.name);
            }
        }
    }
}

#[test]
fn every_format_writes_the_hard_articles_and_nothing() {
    for format in FORMATS.iter().filter(|format| format.export.is_some()) {
        for layer in [Layer::Ner, Layer::Roles, Layer::Both] {
            assert!(!exported(format, &samples(), layer).is_empty(), "{}", format.name);
            exported(format, &[], layer);
        }
    }
    assert_eq!(exported(format("label-studio").unwrap(), &[], Layer::Both), b"[]\n");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Any text, cut into stretches of which some are mentions.
    #[test]
    fn any_text_comes_back_from_every_format_beside_its_record(
        stretches in prop::collection::vec(("[a-zA-Zé\u{301}👮\u{200d}אب\u{202e}~\"\\\\|&<-]{1,6}", "[ \t\r\n\u{a0}\u{2028}.]{0,3}", any::<bool>()), 1..8),
    ) {
        let marks: String = stretches.iter().enumerate().map(|(at, (words, gap, mention))| {
            let words = words.replace(['|', '{', '}'], "x");
            if *mention { format!("{{{{{words}|PER k{at}}}}}{gap}") } else { format!("{words}{gap}") }
        }).collect();
        let source = format!("+++\n+++\n{marks}");
        let Ok(compiled) = marked::compile("any", &source, &built_in_roles().collect()) else { return Ok(()) };
        let mut article = compiled.annotated;
        article.annotation.segments = segment(&article.document.text);
        for format in both_ways() {
            let found = back(format, std::slice::from_ref(&article), Layer::Both, true);
            prop_assert_eq!(&found[0], &article, "{}", format.name);
        }
    }
}
