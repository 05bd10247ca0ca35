//! Takes bytes, gives the text they hold. Refuses what is not UTF-8, what holds a NUL, and text files that are too large or
//! hold nothing.

use super::decode::{self, Stream};
use super::format::Compression;
use super::refusal::{Code, Refusal};
use std::io::Read;

/// The byte order mark, which is no part of a text.
pub(super) const MARK: char = '\u{feff}';

/// The text of a whole text file of at most `max_bytes`.
pub(super) fn whole(mut stream: Stream, compression: Compression, max_bytes: usize) -> Result<String, Refusal> {
    let mut bytes = Vec::new();
    let limit = (max_bytes as u64).saturating_add(1);
    stream.by_ref().take(limit).read_to_end(&mut bytes).map_err(|error| decode::failure(&error, compression))?;
    if bytes.len() > max_bytes {
        return Err(Refusal::too_large("a larger file", max_bytes));
    }
    let mut text = String::from_utf8(bytes).map_err(|error| not_utf8(error.as_bytes(), error.utf8_error(), "the file"))?;
    if text.starts_with(MARK) {
        text.drain(..MARK.len_utf8());
    }
    without_nul(&text)?;
    if text.trim().is_empty() {
        let found = if text.is_empty() { "none" } else { "only white space" };
        return Err(Refusal::new(
            Code::EmptyFile,
            format!("expected the text of an article, found {found}; fill or remove the file"),
        ));
    }
    Ok(text)
}

/// The refusal for `bytes` of `place` ("the file", "the line") that are not UTF-8.
pub(super) fn not_utf8(bytes: &[u8], error: std::str::Utf8Error, place: &str) -> Refusal {
    let at = error.valid_up_to();
    let found = bytes.get(at).map_or_else(String::new, |byte| format!("0x{byte:02X} "));
    let guess = if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") { "UTF-16" } else { "WINDOWS-1252" };
    let message = format!(
        "expected UTF-8, found {found}at byte {at} of {place}, counted from 0; convert it, for example with: iconv -f {guess} -t UTF-8"
    );
    Refusal::new(Code::NotUtf8, message)
}

/// Refuses `text` when it holds a NUL.
pub(super) fn without_nul(text: &str) -> Result<(), Refusal> {
    let Some(byte) = text.find('\0') else { return Ok(()) };
    let at = text[..byte].chars().count();
    let message = format!(
        "expected a text without NUL, found one at character {at} of the text, counted from 0; take it out, \
         or convert the text to UTF-8 if it is in UTF-16"
    );
    Err(Refusal::new(Code::NulCharacter, message))
}
