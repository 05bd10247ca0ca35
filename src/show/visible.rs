//! Takes any text, gives what a terminal may be sent in its place: every character that would steer the terminal, or change the
//! order or place of others, becomes a visible stand-in. Refuses nothing.

use std::borrow::Cow;

/// `text` for one line of a terminal: line breaks and tabs are spaces, control characters, bidirectional controls and others that
/// leave no mark of their own are stand-ins.
///
/// ```
/// assert_eq!(rolecall::show::visible("\u{1b}[31mPC\tOne\u{202e}"), "␛[31mPC One⟨U+202E⟩");
/// ```
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| stand_in(c).is_none()) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match stand_in(c) {
            Some(stand_in) => shown.push_str(&stand_in),
            None => shown.push(c),
        }
    }
    shown.into()
}

/// What stands for a character that is not to reach the terminal; none for any other.
pub(super) fn stand_in(c: char) -> Option<Cow<'static, str>> {
    match c {
        '\t' | '\n' | '\r' => Some(" ".into()),
        // Unicode has a picture of each control character of ASCII.
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).map(|picture| picture.to_string().into()),
        '\x7f' => Some("␡".into()),
        _ if is_hidden(c) => Some(format!("⟨U+{:04X}⟩", u32::from(c)).into()),
        _ => None,
    }
}

/// Whether it is a C1 control, a line separator, or a format character that turns or hides what is beside it. Joiners and
/// variation selectors are not: emoji are made with them.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{9f}'
        | '\u{ad}' // soft hyphen: terminals don't agree on its width
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // bidirectional
        | '\u{2028}' | '\u{2029}'
        | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Whether it ends a line.
pub(super) fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The hard lines of `text`, as ranges of its bytes without what ends them.
pub(super) fn lines(text: &str) -> Vec<std::ops::Range<usize>> {
    let (mut lines, mut start) = (Vec::new(), 0);
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if !is_line_end(c) {
            continue;
        }
        lines.push(start..at);
        if c == '\r' {
            characters.next_if(|next| next.1 == '\n');
        }
        start = characters.peek().map_or(text.len(), |next| next.0);
    }
    lines.push(start..text.len());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        assert_eq!(visible("\u{9b}31m\u{7}\u{7f}"), "⟨U+009B⟩31m␇␡");
        assert_eq!(visible("a\u{2066}b\u{feff}\r"), "a⟨U+2066⟩b⟨U+FEFF⟩ ");
        assert!(matches!(visible("Zoë 👩\u{200d}🚒 e\u{301}"), Cow::Borrowed(_)));
    }

    #[test]
    fn all_kinds_of_line_breaks_end_a_line() {
        let text = "a\r\nb\rc\n\nd\u{2029}é";
        let found: Vec<&str> = lines(text).into_iter().map(|line| &text[line]).collect();
        assert_eq!(found, ["a", "b", "c", "", "d", "é"]);
        assert_eq!(lines("a\n"), [0..1, 2..2]);
        assert_eq!(lines("").len(), 1);
    }

    proptest! {
        #[test]
        fn what_is_visible_has_no_controls(text in any::<String>()) {
            prop_assert!(!visible(&text).chars().any(|c| c.is_control() || is_hidden(c)));
        }
    }
}
