//! Takes a text and the place of a wordpiece, gives the casing of the word it stands in, as `token_type_ids` of kind `casing/1`:
//! how an uncased vocabulary still learns what was written with a capital. Refuses nothing.

/// No capital letter, or no word at all; also what special wordpieces and padding have.
pub(super) const LOWER: u8 = 0;
const TITLE: u8 = 1;
const UPPER: u8 = 2;
const MIXED: u8 = 3;

/// The casing of the longest run of alphanumeric characters around the character at byte `at`: 3 with a digit in it, 0 without
/// a capital, 1 for a single capital, 2 for capitals only, 1 for a capital and then small letters, else 3; and 0 where `at` is
/// not on an alphanumeric character.
pub(super) fn casing(text: &str, at: usize) -> u8 {
    if !text[at..].starts_with(char::is_alphanumeric) {
        return LOWER;
    }
    let start = text[..at].char_indices().rev().find(|(_, c)| !c.is_alphanumeric()).map_or(0, |(i, c)| i + c.len_utf8());
    let end = text[at..].find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |i| at + i);
    of_word(&text[start..end])
}

fn of_word(word: &str) -> u8 {
    let mut letters = word.chars();
    let first = letters.next().is_some_and(char::is_uppercase);
    let rest = letters.as_str();
    if word.contains(char::is_numeric) {
        MIXED
    } else if !word.contains(char::is_uppercase) {
        LOWER
    } else if rest.is_empty() {
        TITLE
    } else if word.chars().all(char::is_uppercase) {
        UPPER
    } else if first && rest.chars().all(char::is_lowercase) {
        TITLE
    } else {
        MIXED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_the_casing_of_the_notes() {
        for (word, expected) in [
            ("panel", 0),
            ("Panel", 1),
            ("A", 1),
            ("a", 0),
            ("PC", 2),
            ("DCs", 3),
            ("McAvoy", 3),
            ("7th", 3),
            ("É", 1),
            ("Édith", 1),
        ] {
            assert_eq!(casing(word, 0), expected, "{word}");
        }
    }

    #[test]
    fn the_run_goes_both_ways_and_stops_at_signs() {
        let text = "the O’Brien-SMITH case";
        let of = |part: &str| casing(text, text.find(part).unwrap());
        assert_eq!((of("rien"), of("O"), of("MITH"), of("-"), of("’"), of("case")), (TITLE, TITLE, UPPER, LOWER, LOWER, LOWER));
    }
}
