//! Takes the files that a page for a browser is made of, and the JSON that is to stand in it; gives the page: one file that needs no
//! network and runs no script but its own. What pages share lies here: colours and type (`base.css`), elements and the theme
//! (`elements.js`), panels (`panels.js`), filters (`facets.js`). Refuses nothing.
//!
//! What articles say can't become markup or a script: it stands in a page as JSON, with every character that could end its
//! element escaped, the script shows it as text only, and the page's own policy lets no other script or style run, and nothing
//! be fetched.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// What goes into the places of a template: `("name", …)` into `{name}`. In one pass, so that what is filled in is never looked
/// through; other places are left.
#[must_use]
pub fn filled(template: &str, places: &[(&str, &str)]) -> String {
    let mut page = String::with_capacity(template.len() + places.iter().map(|(_, content)| content.len()).sum::<usize>());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        page.push_str(&rest[..at]);
        rest = &rest[at..];
        let place = places.iter().find(|(name, _)| rest[1..].strip_prefix(name).is_some_and(|after| after.starts_with('}')));
        let taken = if let Some((name, content)) = place {
            page.push_str(content);
            name.len() + 2
        } else {
            page.push('{');
            1
        };
        rest = &rest[taken..];
    }
    page.push_str(rest);
    page
}

/// JSON that can stand in an element of HTML: what could end the element, or begin a comment in it, only occurs within strings,
/// where it can be written as an escape. So can the line ends that JSON allows in strings and scripts once did not.
#[must_use]
pub fn escaped(json: &str) -> String {
    let mut safe = String::with_capacity(json.len() + json.len() / 8);
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => safe.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => safe.push(c),
        }
    }
    safe
}

/// How a content security policy names a script or style: by the SHA-256 of its bytes, in base 64.
#[must_use]
pub fn hash(content: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(content.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn escaped_json_means_the_same_and_holds_no_markup() {
        let text = "</script><!-- <script> & \u{2028}\u{2029} \"\\u003c\" \\ 🦊 \u{202e}";
        let safe = escaped(&json!({"text": text}).to_string());
        assert!(!safe.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{safe}");
        assert_eq!(serde_json::from_str::<Value>(&safe).unwrap(), json!({"text": text}));
    }

    #[test]
    fn what_is_filled_in_is_not_looked_through() {
        let places = [("a", "{b}{a}"), ("b", "1"), ("ab", "🦊")];
        assert_eq!(filled("{a} {b} {ab} {c} {{b} { } {", &places), "{b}{a} 1 🦊 {c} {1 { } {");
        assert_eq!(filled("", &places), "");
    }
}
