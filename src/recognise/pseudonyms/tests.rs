//! The pseudonym layer on texts with invented parties.

use super::*;
use crate::segment::segment;

fn surfaces(text: &str) -> Vec<String> {
    find(text, &segment(text)).iter().map(|p| p.span.of(text).to_owned()).collect()
}

#[test]
fn heads_with_codes() {
    for (text, expected) in [
        ("It heard PC One and PS Four lied.", &["PC One", "PS Four"][..]),
        ("They spoke to PCs One and Two yesterday.", &["PCs One", "Two"]),
        ("The case of Officers A, B and C goes on.", &["Officers A", "B", "C"]),
        ("A former Officer ‘A’ resigned.", &["Officer ‘A’"]),
        ("“[PC Two] pulled her,” said Ms B.", &["PC Two", "Ms B"]),
        ("He met Witness C, Child D and officer 1.", &["Witness C", "Child D", "officer 1"]),
        ("The hearing was told of PC AB.", &["PC AB"]),
        ("Ms B's house is near PC A’s.", &["Ms B", "PC A"]),
        ("It was PC A.", &["PC A"]),
        ("OFFICERS A TO C", &["OFFICERS A", "C"]),
        ("Here Officer 1 and DC Z do work.", &["Officer 1", "DC Z"]),
        ("It was told of PCs 1-3 and PCs 4 and 5.", &["PCs 1", "3", "PCs 4", "5"]),
        (
            "Parent A, Dental Nurse 2, Dr B, Registrant C, Colleague Y.",
            &["Parent A", "Dental Nurse 2", "Dr B", "Registrant C", "Colleague Y"],
        ),
    ] {
        assert_eq!(surfaces(text), expected, "{text}");
    }
}

#[test]
fn names_with_initials_and_collar_numbers_are_none() {
    for text in [
        "PC 12 Marl spoke.",
        "PC J. R. Marl spoke.",
        "PC 1234 JOE MARL spoke.",
        "Class A drugs were found by Mr Marl.",
        "PC 1234 was there.",
        "To the sergeant I say this.",
        "He is the best teacher I have known.",
        "Both officers were there.",
        "INSPECTOR WHO TOUCHED OFFICER AT LEAVING PARTY SACKED",
    ] {
        assert_eq!(surfaces(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_letter_that_was_introduced_stands_alone() {
    let text = "He sent it to the teen known as \"A\".\nHe didn't challenge A on this. A friend came. A was 18.";
    assert_eq!(surfaces(text), ["A", "A", "A"]);
}

#[test]
fn a_letter_with_a_number_that_was_introduced_stands_alone() {
    let text = "The marksman, known only as W80, fired once. W80 took the A12 home with NX121.";
    assert_eq!(surfaces(text), ["W80", "W80"]);
}

#[test]
fn number_words_and_numbers_are_one_code() {
    let text = "He saw PS Four. The account of PS 4 was read.";
    let codes: Vec<String> = find(text, &segment(text)).into_iter().map(|p| p.code).collect();
    assert_eq!(codes, ["4", "4"]);
}
