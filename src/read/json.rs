//! Takes one JSON line, gives the fields of the object in it. Refuses what is not JSON or no object.

use super::refusal::{Code, Refusal, kind};
use serde_json::{Map, Value};

/// The fields of the object in `line`.
pub(super) fn object(line: &str) -> Result<Map<String, Value>, Refusal> {
    match serde_json::from_str(line) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(other) => {
            let message =
                format!("expected an object with the article's fields, found {}; write one object a line", kind(&other));
            Err(Refusal::new(Code::NotAnObject, message))
        }
        Err(error) => Err(bad_json(line, &error)),
    }
}

fn bad_json(line: &str, error: &serde_json::Error) -> Refusal {
    if let Some(at) = line.find('\0') {
        let message =
            format!("expected JSON, found a NUL at byte {at} of the line, counted from 0; take it out, or write it \\u0000");
        return Refusal::new(Code::NulCharacter, message);
    }
    let reason = error.to_string();
    let reason = reason.split(" at line ").next().unwrap_or_default();
    let column = error.column();
    let advice = if error.is_eof() { "write each object on one line of its own, as jq -c does" } else { "mend the line" };
    Refusal::new(
        Code::BadJson,
        format!("expected a JSON object, found broken JSON at byte {column} of the line ({reason}); {advice}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(line: &str) -> Refusal {
        object(line).unwrap_err()
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for (line, code) in [
            ("{", Code::BadJson),
            ("{} {}", Code::BadJson),
            (r#"{"text": "\ud800"}"#, Code::BadJson),
            (r#"{"text": NaN}"#, Code::BadJson),
            ("[]", Code::NotAnObject),
            ("\"text\"", Code::NotAnObject),
            ("{\"text\": \"a\0\"}", Code::NulCharacter),
        ] {
            assert_eq!(refused(line).code, code, "{line}");
        }
        assert_eq!(refused(&"[".repeat(1 << 20)).code, Code::BadJson, "nesting without end");
    }

    #[test]
    fn messages_say_where_the_fault_is_and_what_to_do() {
        assert_eq!(
            refused(r#"{"text": "a",}"#).message,
            "expected a JSON object, found broken JSON at byte 14 of the line (trailing comma); mend the line"
        );
        assert!(refused("{").message.ends_with("write each object on one line of its own, as jq -c does"));
    }
}
