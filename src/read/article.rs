//! Takes the fields of an article (of a JSON object, of a row of a table), gives its id, text and `meta`. Refuses a text that is
//! missing, no string or holds a NUL, and an id that is neither string nor integer.

use super::ReadOptions;
use super::refusal::{Code, Refusal, clipped, kind};
use super::text::without_nul;
use serde_json::{Map, Value};

/// Where the date that was asked for goes in `meta`.
const DATE: &str = "date";

/// What its fields say of an article.
#[derive(Debug)]
pub(super) struct Article {
    /// Its own id, where it has one.
    pub(super) id: Option<String>,
    pub(super) text: String,
    /// `source`, the date that was asked for, the other fields, the entries of their `meta`.
    pub(super) meta: Map<String, Value>,
}

/// The article that `fields` are of; `source` is where they stand.
///
/// Of a record of our own (`"schema": "rolecall/…"`) only id, text and `meta` are taken, so that records can be annotated anew.
pub(super) fn article(mut fields: Map<String, Value>, source: Value, options: &ReadOptions) -> Result<Article, Refusal> {
    let record = fields.get("schema").and_then(Value::as_str).is_some_and(|schema| schema.starts_with("rolecall/"));
    let (text_field, id_field) = if record { ("text", "id") } else { (&*options.text_field, &*options.id_field) };
    let id = id(fields.shift_remove(id_field), id_field)?;
    let of_id = |refusal: Refusal| refusal.of(id.clone());
    let mut text = text(&mut fields, text_field).map_err(of_id)?;
    let title = options.title_field.as_deref().filter(|_| !record).and_then(|field| fields.get(field)?.as_str());
    if let Some(title) = title.filter(|title| !title.is_empty()) {
        text = format!("{title}\n\n{text}");
    }
    without_nul(&text).map_err(of_id)?;
    let meta = if record { record_meta(fields, source) } else { meta(fields, source, options.date_field.as_deref()) };
    Ok(Article { id, text, meta })
}

/// The id that `value` stands for. Null and "" are none: exports write them where there is no id.
fn id(value: Option<Value>, field: &str) -> Result<Option<String>, Refusal> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) => Ok(Some(id).filter(|id| !id.is_empty())),
        Some(Value::Number(id)) if id.is_i64() || id.is_u64() => Ok(Some(id.to_string())),
        Some(other) => {
            let found = match &other {
                Value::Number(id) => format!("the number {id}"),
                other => kind(other).to_owned(),
            };
            let field = clipped(field);
            let message = format!(
                "expected a string or an integer of at most 64 bits in '{field}', found {found}; write it as a string, or leave it out"
            );
            Err(Refusal::new(Code::BadId, message))
        }
    }
}

fn text(fields: &mut Map<String, Value>, field: &str) -> Result<String, Refusal> {
    match fields.shift_remove(field) {
        Some(Value::String(text)) => Ok(text),
        Some(other) => {
            let message =
                format!("expected a string in '{}', found {}; write the text as a string", clipped(field), kind(&other));
            Err(Refusal::new(Code::TextNotAString, message))
        }
        None => {
            let names: Vec<String> = fields.keys().take(8).map(|name| format!("'{}'", clipped(name))).collect();
            let found = if names.is_empty() { "no other field either".to_owned() } else { format!("only {}", names.join(", ")) };
            let field = clipped(field);
            let message = format!("expected the text in '{field}', found {found}; name the text's field with --text-field");
            Err(Refusal::new(Code::NoText, message))
        }
    }
}

/// `source`, the date, the other fields, the entries of their `meta`. Of two with one name the first wins, and the other gets
/// `input_` before its name: the input's own `source` is `input_source`.
///
/// `date` is what `date_field` holds, a string or a number. With a `date_field` of another name it is never anything else: the
/// input's own `date` is `input_date` even where the field is missing.
fn meta(mut fields: Map<String, Value>, source: Value, date_field: Option<&str>) -> Map<String, Value> {
    let mut meta = Map::from_iter([("source".to_owned(), source)]);
    if let Some(field) = date_field.filter(|field| matches!(fields.get(*field), Some(Value::String(_) | Value::Number(_)))) {
        meta.extend(fields.shift_remove(field).map(|date| (DATE.to_owned(), date)));
    }
    let inner = match fields.get("meta") {
        Some(Value::Object(_)) => fields.shift_remove("meta"),
        _ => None,
    };
    let inner = inner.and_then(|inner| if let Value::Object(inner) = inner { Some(inner) } else { None });
    let kept_free = date_field.filter(|field| *field != DATE).map(|_| DATE);
    for (mut name, value) in fields.into_iter().chain(inner.into_iter().flatten()) {
        while meta.contains_key(&name) || kept_free == Some(&*name) {
            name.insert_str(0, "input_");
        }
        meta.insert(name, value);
    }
    meta
}

/// The `meta` of a record of our own, its old `source` giving way to the new one.
fn record_meta(mut fields: Map<String, Value>, source: Value) -> Map<String, Value> {
    let mut meta = Map::from_iter([("source".to_owned(), source)]);
    if let Some(Value::Object(mut old)) = fields.shift_remove("meta") {
        old.shift_remove("source");
        meta.extend(old);
    }
    meta
}

#[cfg(test)]
mod tests {
    use super::super::json::object;
    use super::*;
    use serde_json::json;

    fn read(line: &str, options: &ReadOptions) -> Result<Article, Refusal> {
        article(object(line)?, json!({"path": "in.jsonl"}), options)
    }

    fn meta_of(line: &str) -> String {
        serde_json::to_string(&read(line, &ReadOptions::default()).unwrap().meta).unwrap()
    }

    fn refused(line: &str) -> Refusal {
        read(line, &ReadOptions::default()).unwrap_err()
    }

    #[test]
    fn ids_are_strings_or_integers() {
        let id = |line: &str| read(line, &ReadOptions::default()).unwrap().id;
        assert_eq!(id(r#"{"id": "a", "text": ""}"#).as_deref(), Some("a"));
        assert_eq!(id(r#"{"id": -7, "text": ""}"#).as_deref(), Some("-7"));
        assert_eq!(id(r#"{"id": 18446744073709551615, "text": ""}"#).as_deref(), Some("18446744073709551615"));
        for line in [r#"{"text": ""}"#, r#"{"id": null, "text": ""}"#, r#"{"id": "", "text": ""}"#] {
            assert_eq!(id(line), None, "{line}");
        }
        for bad in ["1.5", "1e3", "18446744073709551616", "true", "[1]", "{}"] {
            let refusal = refused(&format!(r#"{{"id": {bad}, "text": ""}}"#));
            assert_eq!((refusal.code, refusal.id), (Code::BadId, None), "{bad}");
        }
    }

    #[test]
    fn what_is_no_article_is_refused_with_its_id() {
        for (line, code) in [
            ("{}", Code::NoText),
            (r#"{"Text": "a"}"#, Code::NoText),
            (r#"{"text": null}"#, Code::TextNotAString),
            (r#"{"text": 3}"#, Code::TextNotAString),
            (r#"{"text": "a\u0000"}"#, Code::NulCharacter),
        ] {
            assert_eq!(refused(line).code, code, "{line}");
        }
        for line in [r#"{"id": 3}"#, r#"{"text": 5, "id": "3"}"#, r#"{"id": 3, "text": "\u0000"}"#] {
            assert_eq!(refused(line).id.as_deref(), Some("3"), "{line}");
        }
    }

    #[test]
    fn messages_say_what_was_expected_what_was_found_and_what_to_do() {
        assert_eq!(
            refused(r#"{"id": 1, "body": "a", "day": 2}"#).message,
            "expected the text in 'text', found only 'body', 'day'; name the text's field with --text-field"
        );
        assert!(refused(r#"{"text": "é\u0000"}"#).message.contains("at character 1 of the text"));
        assert!(refused(&format!(r#"{{"{}": 1}}"#, "k".repeat(100_000))).message.len() < 300);
    }

    #[test]
    fn meta_holds_the_other_fields_in_their_order() {
        let meta = meta_of(r#"{"z": 1, "id": 1, "a": null, "text": "x", "meta": {"y": [2], "b": 3}, "c": 1.5}"#);
        assert_eq!(meta, r#"{"source":{"path":"in.jsonl"},"z":1,"a":null,"c":1.5,"y":[2],"b":3}"#);
        assert_eq!(meta_of(r#"{"text": "x", "meta": "m"}"#), r#"{"source":{"path":"in.jsonl"},"meta":"m"}"#);
    }

    #[test]
    fn the_outer_field_wins_and_the_inner_is_kept() {
        let meta = meta_of(r#"{"meta": {"day": 1, "id": 9, "text": "t"}, "text": "x", "id": 2, "day": 3}"#);
        assert_eq!(meta, r#"{"source":{"path":"in.jsonl"},"day":3,"input_day":1,"id":9,"text":"t"}"#);
    }

    #[test]
    fn the_inputs_own_source_gives_way() {
        let outer = meta_of(r#"{"text": "x", "source": "wire"}"#);
        assert_eq!(outer, r#"{"source":{"path":"in.jsonl"},"input_source":"wire"}"#);
        let inner = meta_of(r#"{"text": "x", "meta": {"source": "wire"}}"#);
        assert_eq!(inner, outer);
        let both = meta_of(r#"{"meta": {"source": 1}, "text": "x", "source": 2, "input_source": 3}"#);
        assert_eq!(
            both,
            r#"{"source":{"path":"in.jsonl"},"input_source":2,"input_input_source":3,"input_input_input_source":1}"#
        );
    }

    #[test]
    fn of_a_record_only_id_text_and_meta_are_taken() {
        let line = r#"{"schema": "rolecall/1", "id": "a", "text": "x", "meta": {"source": {"path": "old"}, "day": 3},
                       "spans": [], "entities": [], "title": "T"}"#;
        let options = ReadOptions { text_field: "body".into(), title_field: Some("title".into()), ..ReadOptions::default() };
        let article = read(line, &options).unwrap();
        assert_eq!((article.id.as_deref(), &*article.text), (Some("a"), "x"));
        assert_eq!(Value::Object(article.meta), json!({"source": {"path": "in.jsonl"}, "day": 3}));
        let other = meta_of(r#"{"schema": "other/1", "text": "x"}"#);
        assert!(other.contains(r#""schema":"other/1""#));
    }

    #[test]
    fn a_title_goes_before_the_text() {
        let options = ReadOptions { title_field: Some("title".into()), ..ReadOptions::default() };
        let text = |line: &str| read(line, &options).unwrap().text;
        assert_eq!(text(r#"{"title": "Sergeant cleared", "text": "A panel sat."}"#), "Sergeant cleared\n\nA panel sat.");
        for line in [r#"{"title": "", "text": "x"}"#, r#"{"title": 3, "text": "x"}"#, r#"{"text": "x"}"#] {
            assert_eq!(text(line), "x", "{line}");
        }
    }

    #[test]
    fn the_date_goes_to_meta_under_one_name() {
        let meta_with = |field: &str, line: &str| {
            let options = ReadOptions { date_field: Some(field.into()), ..ReadOptions::default() };
            serde_json::to_string(&read(line, &options).unwrap().meta).unwrap()
        };
        let published = |line: &str| meta_with("published", line);
        let day = published(r#"{"desk": 1, "published": "3 May 2024", "text": "x"}"#);
        assert_eq!(day, r#"{"source":{"path":"in.jsonl"},"date":"3 May 2024","desk":1}"#);
        let number = published(r#"{"published": 1714694400, "text": "x", "date": "crawled"}"#);
        assert_eq!(number, r#"{"source":{"path":"in.jsonl"},"date":1714694400,"input_date":"crawled"}"#);
        let inner = published(r#"{"published": "", "text": "x", "meta": {"date": 1, "published": 2}}"#);
        assert_eq!(inner, r#"{"source":{"path":"in.jsonl"},"date":"","input_date":1,"published":2}"#);
        for (line, meta) in [
            (r#"{"text": "x", "date": "crawled"}"#, r#""input_date":"crawled""#),
            (r#"{"text": "x", "published": null}"#, r#""published":null"#),
            (r#"{"text": "x", "published": [2024, 5]}"#, r#""published":[2024,5]"#),
        ] {
            assert_eq!(published(line), format!(r#"{{"source":{{"path":"in.jsonl"}},{meta}}}"#), "no date that is another's");
        }
        let own = meta_with("date", r#"{"desk": 1, "date": "3 May", "text": "x", "meta": {"date": "4 May"}}"#);
        assert_eq!(own, r#"{"source":{"path":"in.jsonl"},"date":"3 May","desk":1,"input_date":"4 May"}"#);
        let record = r#"{"schema": "rolecall/1", "id": "a", "text": "x", "meta": {"published": 1, "date": 2}, "published": 3}"#;
        assert_eq!(published(record), r#"{"source":{"path":"in.jsonl"},"published":1,"date":2}"#);
    }

    #[test]
    fn fields_go_by_the_names_given() {
        let options = ReadOptions { text_field: "body".into(), id_field: "url".into(), ..ReadOptions::default() };
        let article = read(r#"{"url": "u", "body": "b", "text": "t", "id": 1}"#, &options).unwrap();
        assert_eq!((article.id.as_deref(), &*article.text), (Some("u"), "b"));
        assert_eq!(article.meta["text"], "t");
        assert_eq!(article.meta["id"], 1);
    }
}
