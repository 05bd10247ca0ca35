//! The lexicon on titles in all their written forms, with invented names.

use super::*;
use crate::segment::segment;

/// What the lexicon finds at the first word of `text`: id, the words matched, plural.
fn found(text: &str) -> Option<(&'static str, String, bool)> {
    let tokens = segment(text).tokens;
    let hit = Titles::get().longest_at(text, &tokens, 0)?;
    Some((hit.entry.id.as_str(), text[..tokens[hit.tokens - 1].span.end()].to_owned(), hit.plural))
}

fn check(cases: &[(&str, &str, &str)]) {
    for &(text, id, words) in cases {
        let hit = found(text).unwrap_or_else(|| panic!("nothing found in {text:?}"));
        assert_eq!((hit.0, hit.1.as_str()), (id, words), "in {text:?}");
    }
}

#[test]
fn ranks_match_in_every_written_form() {
    check(&[
        ("Pc Marl", "constable", "Pc"),
        ("P.C. Marl", "constable", "P.C."),
        ("T/DC Marl", "detective_constable", "T/DC"),
        ("trainee DC Marl", "trainee_detective_constable", "trainee DC"),
        ("A/Sgt Marl", "sergeant", "A/Sgt"),
        ("A/Sgt. Marl", "sergeant", "A/Sgt."),
        ("T/Det Ch Insp Marl", "detective_chief_inspector", "T/Det Ch Insp"),
        ("Det. Sgt. Quill", "detective_sergeant", "Det. Sgt."),
        ("Det\u{a0}Sgt Quill", "detective_sergeant", "Det\u{a0}Sgt"),
        ("Det.  Ch.\nSupt. Quill", "detective_chief_superintendent", "Det.  Ch.\nSupt."),
        ("T/ACC Quill", "assistant_chief_constable", "T/ACC"),
        ("a/sgt Marl", "sergeant", "a/sgt"),
        ("Chf Con Quill", "chief_constable", "Chf Con"),
        ("Det Supt Quill", "detective_superintendent", "Det Supt"),
        ("Det Ch Supt Quill", "detective_chief_superintendent", "Det Ch Supt"),
        ("Cdr Quill", "commander", "Cdr"),
        ("Cllr Quill", "councillor", "Cllr"),
        ("HH Judge Quill", "judge", "HH Judge"),
        ("Rev Quill", "reverend", "Rev"),
        ("Superintendant Quill", "superintendent", "Superintendant"),
        ("Detective-Sergeant Quill", "detective_sergeant", "Detective-Sergeant"),
        ("legally-qualified chair Quill", "chair", "legally-qualified chair"),
        ("K.C. said", "silk", "K.C."),
    ]);
}

#[test]
fn plurals_are_told_apart() {
    assert_eq!(found("PCs One and Two").map(|hit| hit.2), Some(true));
    assert_eq!(found("officers A and B").map(|hit| hit.2), Some(true));
    assert_eq!(found("officer A").map(|hit| hit.2), Some(false));
}

#[test]
fn ordinary_words_are_no_short_ranks() {
    for text in ["ds", "di", "ac", "ps", "cc", "miss the bus", "lady", "sc", "kc", "Di Marl", "cdr", "con"] {
        assert_eq!(found(text), None, "in {text:?}");
    }
}

#[test]
fn a_modifier_needs_a_rank_or_an_office_behind_it() {
    check(&[
        ("former PC Marl", "former", "former"),
        ("ex-PC Marl", "former", "ex-"),
        ("former acting Sgt Marl", "former", "former"),
        ("temporary Chief Supt Marl", "temporary", "temporary"),
        ("deputy chair Marl", "deputy", "deputy"),
    ]);
    for text in ["former wife", "acting alone", "student Joe", "ex-wife", "former Mr", "acting acting acting acting PC"] {
        assert_eq!(found(text), None, "in {text:?}");
    }
}

#[test]
fn abbreviations_keep_their_full_stop() {
    let titles = Titles::get();
    for word in ["Mr", "Mr.", "Det.", "sgt", "SUPT", "A/Sgt.", "T/Insp"] {
        assert!(titles.is_abbreviation(word), "{word}");
    }
    for word in ["PC", "Constable", "con", "act", "gen", "", ".", "Quill"] {
        assert!(!titles.is_abbreviation(word), "{word}");
    }
}

#[test]
fn levels_rise_with_seniority() {
    let level = |word| Titles::get().single(word).and_then(|entry| entry.level);
    assert!(level("Constable") < level("Sgt"));
    assert!(level("Supt") < level("ACC"));
    assert_eq!(level("Officer"), None);
}

#[test]
fn every_form_of_the_data_finds_its_own_entry() {
    let file: File = toml::from_str(include_str!("titles.toml")).unwrap();
    for row in &file.title {
        for (form, casing, plural) in row.forms() {
            let text = if row.class == Class::Modifier { format!("{form} PC") } else { form.clone() };
            let hit = found(&text).unwrap_or_else(|| panic!("{form:?} is not found"));
            assert_eq!((hit.0, hit.1.as_str(), hit.2), (row.id.as_str(), form.as_str(), plural), "{form:?} as {casing:?}");
        }
    }
}
