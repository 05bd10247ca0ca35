//! The writer is held to the record's schema, to a second declaration of the format, and to its promise on offsets.

use proptest::prelude::*;
use rolecall::document::{
    Annotation, Document, Entity, Evidence, Kind, Label, Link, Mention, Origin, Relation, RoleGiven, Segments, Sentence, Status,
    Token, Warning,
};
use rolecall::span::Span;
use rolecall::write::offsets::OffsetUnit;
use rolecall::write::record::{Record, Run, SCHEMA};
use serde_json::json;

const UNITS: [OffsetUnit; 3] = [OffsetUnit::Char, OffsetUnit::Byte, OffsetUnit::Utf16];

fn run() -> Run {
    Run { tool: "rolecall 0.1.0".into(), model: "sha256:0".into(), rules: "sha256:1".into(), precision: "bf16".into() }
}

/// The first place of `words` in `text`.
fn place(text: &str, words: &str) -> Span {
    let start = text.find(words).unwrap();
    Span::new(text, start, start + words.len()).unwrap()
}

/// Words as white space parts them, in one sentence: less than the segmenter does, but tokens that hold its invariants.
fn segments(text: &str) -> Segments {
    let tokens: Vec<Token> = text
        .split_whitespace()
        .map(|word| {
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            let end = start + word.len();
            Token { span: Span::new(text, start, end).unwrap(), space_after: text[end..].starts_with(char::is_whitespace) }
        })
        .collect();
    let whole = Span::whole(text).trim(text);
    let sentences =
        if tokens.is_empty() { vec![] } else { vec![Sentence { span: whole, tokens: 0..tokens.len(), paragraph: 0 }] };
    Segments { tokens, sentences }
}

fn mention(span: Span, label: Label, origin: Origin) -> Mention {
    Mention { span, label, kind: Kind::Name, score: 0.998_123, origin }
}

/// An article with one of everything that a record can hold, and a name run together with the word before it.
fn article() -> (Document, Annotation) {
    let text = "👮 Panel chairIvo Tarn heard the caf\u{e9} case.\r\nMr Bo Lisle, for PC\u{a0}One, told Tarn.".to_owned();
    let places = ["Ivo Tarn", "Bo Lisle", "PC\u{a0}One", "Tarn."].map(|words| place(&text, words));
    let last = Span::new(&text, places[3].start(), places[3].end() - 1).unwrap();
    let mut mentions = vec![
        mention(places[0], Label::Per, Origin::Model),
        mention(places[1], Label::Other("LAWYER".into()), Origin::Gazetteer),
        mention(places[2], Label::Anon, Origin::Pseudonym),
        mention(last, Label::Per, Origin::Repeat),
    ];
    mentions[2].kind = Kind::Pseudonym;
    let evidence = vec![Evidence { rule: "chair.title_before_name".into(), span: place(&text, "Panel chair") }];
    let entity = |label, name: &str, mentions| Entity {
        label,
        name: name.into(),
        anonymised: name.starts_with("PC"),
        mentions,
        links: vec![],
        roles: vec![],
    };
    let mut entities = vec![
        entity(Label::Per, "Ivo Tarn", vec![0, 3]),
        entity(Label::Other("LAWYER".into()), "Bo Lisle", vec![1]),
        entity(Label::Anon, "PC\u{a0}One", vec![2]),
    ];
    entities[0].roles = vec![RoleGiven { role: "panel_chair".into(), score: 0.97, status: Status::Predicted, evidence }];
    entities[0].links = vec![Link { mention: 3, why: "surname".into() }];
    let annotation = Annotation {
        segments: segments(&text),
        mentions,
        entities,
        relations: vec![Relation { kind: "represents".into(), from: 1, to: 2, evidence: place(&text, "for") }],
        warnings: vec![Warning { code: "two_chairs".into(), message: "Two people chair.".into(), entities: vec![0] }],
    };
    let meta = json!({"source": "a.txt"}).as_object().unwrap().clone();
    (Document { id: "a".into(), text, meta }, annotation)
}

#[test]
fn an_article_is_written_as_documented() {
    let (document, annotation) = article();
    let record = serde_json::to_value(Record::new(&document, &annotation, &run(), OffsetUnit::Char)).unwrap();
    assert_eq!(record["offset_unit"], "char");
    assert_eq!(
        record["spans"][0],
        json!({"id": "m1", "start": 13, "end": 21, "token_start": 3, "token_end": 4, "label": "PER", "text": "Ivo Tarn",
               "kind": "name", "score": 0.998, "source": "model", "entity": "e1"})
    );
    assert_eq!(record["tokens"][2], json!({"id": 2, "text": "chair", "start": 8, "end": 13, "ws": false}));
    assert_eq!(record["tokens"][3], json!({"id": 3, "text": "Ivo", "start": 13, "end": 16, "ws": true}));
    assert_eq!(
        record["entities"][0],
        json!({"id": "e1", "label": "PER", "name": "Ivo Tarn", "anonymised": false, "mentions": ["m1", "m4"],
               "roles": [{"role": "panel_chair", "score": 0.97, "status": "predicted", "evidence":
                          [{"rule": "chair.title_before_name", "start": 2, "end": 13, "text": "Panel chair"}]}],
               "links": [{"mention": "m4", "why": "surname"}]})
    );
    assert_eq!(record["entities"][1]["roles"], json!([]), "an entity without a role stands in the list");
    assert_eq!(
        record["relations"][0],
        json!({"type": "represents", "from": "e2", "to": "e3", "evidence": {"start": 57, "end": 60}})
    );
    assert_eq!(record["warnings"][0], json!({"code": "two_chairs", "message": "Two people chair.", "entities": ["e1"]}));
}

#[test]
fn the_hash_is_the_first_bytes_of_the_sha_256() {
    // SHA-256 of "abc" begins ba 78 16 bf (FIPS 180-2, B.1).
    let document = Document { id: "a".into(), text: "abc".into(), meta: serde_json::Map::new() };
    let record = Record::new(&document, &Annotation::default(), &run(), OffsetUnit::Char);
    assert_eq!(record.input_hash, 0xba78_16bf_u32.cast_signed());
}

#[test]
fn the_writer_holds_to_the_schema() {
    let validator = jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let (document, annotation) = article();
    let bare = Document { id: String::new(), text: String::new(), meta: serde_json::Map::new() };
    for unit in UNITS {
        for record in
            [Record::new(&document, &annotation, &run(), unit), Record::new(&bare, &Annotation::default(), &run(), unit)]
        {
            let mut value = serde_json::to_value(&record).unwrap();
            let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
            assert_eq!(errors, [""; 0]);
            value["spans"] = json!([{"id": "m1"}]);
            assert!(!validator.is_valid(&value), "the schema lets anything pass");
        }
    }
}

/// The format declared once more, closed, so that a key that comes, goes, moves or changes its type fails here.
mod declared {
    use serde::{Deserialize, Serialize};

    macro_rules! declare {
        ($($name:ident { $($(#[$meta:meta])? $key:ident: $kind:ty),* $(,)? })*) => {
            $(#[derive(Deserialize, Serialize)] #[serde(deny_unknown_fields)]
            pub struct $name { $($(#[$meta])? $key: $kind),* })*
        };
    }

    declare! {
        Record {
            schema: String, id: String, text: String, meta: serde_json::Map<String, serde_json::Value>, offset_unit: String,
            tokens: Vec<Token>, sentences: Vec<Stretch>, spans: Vec<Mention>, entities: Vec<Entity>,
            relations: Vec<Relation>, warnings: Vec<Warning>, _input_hash: i32, run: Run,
        }
        Token { id: u64, text: String, start: u64, end: u64, ws: bool }
        Stretch { start: u64, end: u64 }
        Mention {
            id: String, start: u64, end: u64, token_start: u64, token_end: u64, label: String, text: String, kind: String,
            score: f64, source: String, entity: Option<String>,
        }
        Entity {
            id: String, label: String, name: String, anonymised: bool, mentions: Vec<String>, roles: Vec<Role>, links: Vec<Link>,
        }
        Role { role: String, score: f64, status: String, evidence: Vec<Evidence> }
        Evidence { rule: String, start: u64, end: u64, text: String }
        Link { mention: String, why: String }
        Relation { #[serde(rename = "type")] kind: String, from: String, to: String, evidence: Stretch }
        Warning { code: String, message: String, entities: Vec<String> }
        Run { tool: String, model: String, rules: String, precision: String }
    }
}

#[test]
fn the_keys_are_those_declared_in_that_order() {
    let (document, annotation) = article();
    let line = serde_json::to_string(&Record::new(&document, &annotation, &run(), OffsetUnit::Utf16)).unwrap();
    let declared: declared::Record = serde_json::from_str(&line).unwrap();
    assert_eq!(serde_json::to_string(&declared).unwrap(), line);
    let read: Record = serde_json::from_str(&line).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), line, "a record does not survive being read");
}

/// A text of everything that has broken offsets somewhere, with mentions that begin and end at any two of its characters.
fn marked() -> impl Strategy<Value = (Document, Annotation)> {
    let text = "([A-Za-z'’£é\u{301}👮\u{1F468}\u{200D}]{1,6}|[ \u{a0}\t]|\r\n|\n){0,40}";
    (text, prop::collection::vec(any::<prop::sample::Index>(), 0..16)).prop_map(|(text, picks)| {
        let solid = |at: &usize| text[*at..].starts_with(|c: char| !c.is_whitespace());
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).filter(solid).collect();
        let mut picks: Vec<usize> =
            if starts.is_empty() { vec![] } else { picks.iter().map(|pick| pick.index(starts.len())).collect() };
        picks.sort_unstable();
        picks.dedup();
        let mentions = picks
            .chunks_exact(2)
            .map(|pair| {
                let last = starts[pair[1] - 1];
                let end = last + text[last..].chars().next().unwrap().len_utf8();
                mention(Span::new(&text, starts[pair[0]], end).unwrap(), Label::Per, Origin::Model)
            })
            .collect();
        let annotation = Annotation { segments: segments(&text), mentions, ..Annotation::default() };
        (Document { id: "a".into(), text, meta: serde_json::Map::new() }, annotation)
    })
}

/// `text[start..end]` as a reader that counts in `unit` has it.
fn slice(text: &str, unit: OffsetUnit, start: usize, end: usize) -> String {
    match unit {
        OffsetUnit::Char => text.chars().skip(start).take(end - start).collect(),
        OffsetUnit::Byte => text[start..end].to_owned(),
        OffsetUnit::Utf16 => String::from_utf16(&text.encode_utf16().collect::<Vec<u16>>()[start..end]).unwrap(),
    }
}

proptest! {
    #[test]
    fn every_span_and_token_is_its_slice_of_the_text((document, annotation) in marked()) {
        for unit in UNITS {
            let record = Record::new(&document, &annotation, &run(), unit);
            prop_assert_eq!(record.spans.len(), annotation.mentions.len());
            for (span, mention) in record.spans.iter().zip(&annotation.mentions) {
                prop_assert_eq!(slice(&record.text, unit, span.start, span.end), mention.span.of(&document.text));
                prop_assert_eq!(&span.text, mention.span.of(&document.text));
                prop_assert_eq!(record.tokens[span.token_start].start, span.start);
                prop_assert_eq!(record.tokens[span.token_end].end, span.end);
            }
            for (at, token) in record.tokens.iter().enumerate() {
                prop_assert_eq!(token.id, at);
                prop_assert_eq!(&slice(&record.text, unit, token.start, token.end), &token.text);
                let next = slice(&record.text, unit, token.end, unit_len(&record.text, unit));
                prop_assert_eq!(token.ws, next.starts_with(char::is_whitespace));
            }
            let letters: String = record.tokens.iter().map(|token| token.text.as_str()).collect();
            prop_assert_eq!(letters, record.text.split_whitespace().collect::<String>());
        }
    }
}

fn unit_len(text: &str, unit: OffsetUnit) -> usize {
    match unit {
        OffsetUnit::Char => text.chars().count(),
        OffsetUnit::Byte => text.len(),
        OffsetUnit::Utf16 => text.encode_utf16().count(),
    }
}
