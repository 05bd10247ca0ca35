//! Takes a stream of JSON, either a value a line or one array over however many lines, gives the values in it one by one, each with
//! the line where it begins. Never holds more than one. Refuses lines that are not UTF-8, an array that does not end, and what
//! stands after one.

use super::sources::Source;
use crate::read::{Code, RawLine, Refusal};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io::{self, BufRead, Read};

/// The longest value that is read, in bytes.
const LONGEST: usize = 256 << 20;

/// The values of a file.
pub(super) struct Values {
    source: Source,
    /// The line being read, counted from 1.
    line: u64,
    form: Form,
}

enum Form {
    Unknown,
    Lines,
    Array,
    Ended,
}

impl Values {
    pub(super) fn new(source: Source) -> Self {
        Self { source, line: 1, form: Form::Unknown }
    }

    /// The next value; none at the end.
    fn value(&mut self) -> Result<Option<RawLine>, Refusal> {
        if let Form::Unknown = self.form {
            self.form = match self.skip(|byte| byte.is_ascii_whitespace() || [0xEF, 0xBB, 0xBF].contains(&byte)) {
                Ok(Some(b'[')) => {
                    self.source.stream.consume(1);
                    Form::Array
                }
                Ok(_) => Form::Lines,
                Err(error) => return Err(self.unreadable(&error)),
            };
        }
        let (line, bytes) = match self.form {
            Form::Lines => match self.whole_line() {
                Ok(Some(found)) => found,
                Ok(None) => return Ok(None),
                Err(error) => return Err(self.unreadable(&error)),
            },
            Form::Array => match self.element()? {
                Some(found) => found,
                None => return Ok(None),
            },
            Form::Unknown | Form::Ended => return Ok(None),
        };
        let path = self.source.path.clone();
        let refusal = |code, message: String| Refusal::new(code, message).at(&path).on_line(line);
        if bytes.len() > LONGEST {
            return Err(refusal(Code::TooLarge, format!("expected an article of at most {} MiB", LONGEST >> 20)));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(RawLine { path, line, text })),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                Err(refusal(Code::NotUtf8, format!("expected UTF-8, found another byte at {at} of the article, counted from 0")))
            }
        }
    }

    /// The next line that is not blank, and its number.
    fn whole_line(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        loop {
            let mut bytes = Vec::new();
            let limit = LONGEST as u64 + 2;
            if self.source.stream.by_ref().take(limit).read_until(b'\n', &mut bytes)? == 0 {
                self.form = Form::Ended;
                return Ok(None);
            }
            if bytes.last() != Some(&b'\n') && bytes.len() as u64 == limit {
                self.source.stream.skip_until(b'\n')?;
            }
            self.line += 1;
            if !bytes.trim_ascii().is_empty() {
                return Ok(Some((self.line - 1, bytes)));
            }
        }
    }

    /// The next element of the array, and the line where it begins.
    fn element(&mut self) -> Result<Option<(u64, Vec<u8>)>, Refusal> {
        let between = |byte: u8| byte.is_ascii_whitespace() || byte == b',';
        match self.skip(between) {
            Err(error) => Err(self.unreadable(&error)),
            Ok(None) => Err(self.end("expected ']' at the end of the array, found the end of the file: is it whole?")),
            Ok(Some(b']')) => {
                self.source.stream.consume(1);
                match self.skip(|byte| byte.is_ascii_whitespace()) {
                    Ok(None) => {
                        self.form = Form::Ended;
                        Ok(None)
                    }
                    Ok(Some(_)) => {
                        Err(self.end("expected nothing after the array, found more; put each array into a file of its own"))
                    }
                    Err(error) => Err(self.unreadable(&error)),
                }
            }
            Ok(Some(_)) => {
                let line = self.line;
                match self.balanced() {
                    Ok(Some(bytes)) => Ok(Some((line, bytes))),
                    Ok(None) => {
                        Err(self.end("expected the end of an element of the array, found the end of the file: is it whole?"))
                    }
                    Err(error) => Err(self.unreadable(&error)),
                }
            }
        }
    }

    /// The bytes up to where a comma or bracket ends the element; none when the stream ends before.
    fn balanced(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut element = Vec::new();
        let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
        loop {
            let buffer = self.source.stream.fill_buf()?;
            if buffer.is_empty() {
                // What is whole is given; that the array does not end is said next.
                return Ok(Some(element).filter(|_| depth == 0 && !quoted));
            }
            let mut taken = 0;
            let mut complete = false;
            for &byte in buffer {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if quoted => escaped = true,
                    b'"' => quoted = !quoted,
                    _ if quoted => {}
                    b'{' | b'[' => depth += 1,
                    b',' | b']' if depth == 0 => complete = true,
                    b'}' | b']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                if complete {
                    break;
                }
                self.line += u64::from(byte == b'\n');
                taken += 1;
            }
            // Past the limit only its length matters.
            let room = (LONGEST + 1).saturating_sub(element.len());
            element.extend_from_slice(&buffer[..taken.min(room)]);
            self.source.stream.consume(taken);
            if complete {
                return Ok(Some(element));
            }
        }
    }

    /// Passes over bytes, counting lines; gives the first byte that is something else, without taking it.
    fn skip(&mut self, over: impl Fn(u8) -> bool) -> io::Result<Option<u8>> {
        loop {
            let Some(&byte) = self.source.stream.fill_buf()?.first() else { return Ok(None) };
            if !over(byte) {
                return Ok(Some(byte));
            }
            self.line += u64::from(byte == b'\n');
            self.source.stream.consume(1);
        }
    }

    /// The refusal after which nothing more is read.
    fn end(&mut self, message: &str) -> Refusal {
        self.form = Form::Ended;
        Refusal::new(Code::BadJson, message).at(&self.source.path).on_line(self.line)
    }

    fn unreadable(&mut self, error: &io::Error) -> Refusal {
        self.form = Form::Ended;
        Refusal::new(Code::Unreadable, format!("expected to read it, but the system says: {error}")).at(&self.source.path)
    }
}

impl Iterator for Values {
    type Item = Result<RawLine, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        self.value().transpose()
    }
}

/// What `line` holds, which is `expected` to be something: "a task of Prodigy".
pub(super) fn parse<T: DeserializeOwned>(line: &RawLine, expected: &str) -> Result<T, Refusal> {
    serde_json::from_str(&line.text).map_err(|error| {
        // Without the place in the value: the message has the line of the file.
        let error = error.to_string();
        let reason = error.split(" at line ").next().unwrap_or_default();
        let message = format!("expected {expected}, found something else ({reason})");
        Refusal::new(Code::BadRecord, message).at(&line.path).on_line(line.line)
    })
}

/// The id in a field that may hold one.
pub(super) fn id(field: Option<Value>) -> Option<String> {
    match field {
        Some(Value::String(id)) => Some(id),
        Some(Value::Number(id)) => Some(id.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<Result<(u64, String), String>> {
        // A small buffer, so that values lie across its ends.
        let stream = Box::new(io::BufReader::with_capacity(3, io::Cursor::new(text.to_owned().into_bytes())));
        let values = Values::new(Source { path: "a.json".into(), stream });
        values
            .map(|value| value.map(|line| (line.line, line.text.trim().to_owned())).map_err(|refusal| refusal.to_string()))
            .collect()
    }

    fn good(text: &str) -> Vec<(u64, String)> {
        values(text).into_iter().map(Result::unwrap).collect()
    }

    #[test]
    fn lines_and_arrays_give_the_same_values() {
        let expected =
            |lines: [u64; 2]| vec![(lines[0], r#"{"a": "]},\"["}"#.to_owned()), (lines[1], r#"{"b": [1, {}]}"#.to_owned())];
        assert_eq!(good("{\"a\": \"]},\\\"[\"}\n\n{\"b\": [1, {}]}\n"), expected([1, 3]));
        assert_eq!(good("\n[{\"a\": \"]},\\\"[\"},\n{\"b\": [1, {}]}]\n"), expected([2, 3]));
        assert_eq!(good(" [] "), []);
        assert_eq!(good(""), []);
    }

    #[test]
    fn an_array_over_lines_counts_them() {
        let found = good("\u{feff}[\n  {\n    \"a\": \"é\"\n  },\n  {\n    \"b\": 2\n  }\n]");
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 5]);
        assert!(found[1].1.starts_with('{') && found[1].1.ends_with('}'));
    }

    #[test]
    fn what_is_cut_off_or_goes_on_is_said() {
        for (text, line, what) in [
            ("[{\"a\": 1},\n{\"b\": ", 2, "the end of an element"),
            ("[{\"a\": 1}\n", 2, "']' at the end"),
            ("[{\"a\": 1}]\n[", 2, "nothing after the array"),
        ] {
            let all = values(text);
            assert_eq!(all.len(), 2, "{all:?}");
            let message = all[1].clone().unwrap_err();
            assert!(message.starts_with(&format!("a.json:{line}: ")) && message.contains(what), "{message}");
        }
    }
}
