//! The layers on texts with invented names: what the model would have found is given, what becomes of it is compared.

use super::*;
use crate::segment::segment;

/// What the model found: the words, which of their occurrences, the label.
type Found<'a> = &'a [(&'a str, usize, Label)];

/// The mentions of `text` as "LABEL words", where the model found `found`: each the words, which number of their occurrences from 0,
/// and a label.
fn overlaid(text: &str, found: Found) -> Vec<String> {
    let mention = |(words, nth, label): &(&str, usize, Label)| {
        let start = text.match_indices(words).nth(*nth).expect("the words stand in the text").0;
        let span = Span::new(text, start, start + words.len()).unwrap();
        Mention { span, label: label.clone(), kind: Kind::Name, score: 0.9, origin: Origin::Model }
    };
    let mut mentions: Vec<Mention> = found.iter().map(mention).collect();
    mentions.sort_by_key(|m| m.span);
    let out = overlay(text, &segment(text), mentions);
    assert!(out.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start()), "{text}");
    out.iter().map(|m| format!("{} {}", m.label, m.span.of(text))).collect()
}

fn check(cases: &[(&str, Found, &[&str])]) {
    for (text, found, expected) in cases {
        assert_eq!(overlaid(text, found), *expected, "{text}");
    }
}

use Label::{Loc, Misc, Org, Per};

#[test]
fn bodies_keep_the_words_before_their_ending() {
    check(&[
        ("He left the Wealdshire Metropolitan Police.", &[], &["ORG Wealdshire Metropolitan Police"]),
        ("It says the Wealdshire Police Federation.", &[("Wealdshire", 0, Loc)], &["ORG Wealdshire Police Federation"]),
        ("He sat at Tolland Magistrates' Court.", &[("Tolland", 0, Loc)], &["ORG Tolland Magistrates' Court"]),
        ("The desk at Tolland Police Station shut.", &[], &["LOC Tolland Police Station"]),
        ("The nurses of St Quill's Hospice came.", &[("Quill", 0, Per)], &["ORG St Quill's Hospice"]),
        ("A Federation representative came.", &[], &["ORG Federation"]),
        (
            "The Office of the Police and Crime Commissioner for West Weald said so.",
            &[("West Weald", 0, Loc)],
            &["ORG Office of the Police and Crime Commissioner for West Weald"],
        ),
        ("Wealdshire Police and Crime Commissioner Ada Quill spoke.", &[("Ada Quill", 0, Per)], &["PER Ada Quill"]),
    ]);
}

#[test]
fn laws_cases_roads_and_products_are_known() {
    check(&[
        ("Regulation 63 of the Police (Conduct) Regulations 2020 says so.", &[], &["MISC Police (Conduct) Regulations 2020"]),
        ("It was taped under the Contempt of Court Act 1981.", &[], &["MISC Contempt of Court Act 1981"]),
        ("It relied on SRA v Quill, which was old.", &[("SRA", 0, Org), ("Quill", 0, Per)], &["MISC SRA v Quill"]),
        ("He drove on the A698 to Tolland.", &[("A698", 0, Misc), ("Tolland", 0, Loc)], &["LOC A698", "LOC Tolland"]),
        ("A video on Facebook shows his Skoda Octavia.", &[("Skoda Octavia", 0, Org)], &["MISC Facebook", "MISC Skoda Octavia"]),
    ]);
}

#[test]
fn pieces_of_one_name_are_joined_and_labelled_by_their_head() {
    check(&[
        ("He went to the Weald Gate Hotel.", &[("Weald", 0, Loc), ("Gate Hotel", 0, Org)], &["LOC Weald Gate Hotel"]),
        ("It was Quill & Stroud that paid.", &[("Quill", 0, Org), ("Stroud", 0, Per)], &["ORG Quill & Stroud"]),
        ("The adviser was Joe Marl there.", &[("Joe", 0, Per), ("Marl", 0, Org)], &["PER Joe Marl"]),
        ("Picture: Ada Quill/Weald Courier.", &[("Weald Courier", 0, Per)], &["ORG Weald Courier"]),
        ("The RNLI, Ada Rose said.", &[("RNLI", 0, Org), ("Ada Rose", 0, Per)], &["ORG RNLI", "PER Ada Rose"]),
        ("Respondent: x\nQUILL, Ada Rose", &[("QUILL", 0, Org), ("Ada Rose", 0, Per)], &["PER QUILL, Ada Rose"]),
    ]);
}

#[test]
fn words_of_page_and_procedure_are_no_names() {
    check(&[
        ("It was DCC Ada Quill who spoke.", &[("DCC", 0, Org), ("Ada Quill", 0, Per)], &["PER Ada Quill"]),
        ("It was PC 3390 Joe Marl who spoke.", &[("PC 3390", 0, Misc)], &["PER Joe Marl"]),
        ("It was PC 3390 Joe Marl who spoke.", &[("PC 3390 Joe Marl", 0, Misc)], &["PER Joe Marl"]),
        ("A breach of Regulation 63 was found in Room 2.", &[("Regulation 63", 0, Misc), ("Room 2", 0, Loc)], &[]),
        ("At Christmas they wrote to news@weald.example.", &[("Christmas", 0, Misc), ("news@weald.example", 0, Misc)], &[]),
        ("COPPER IN BARN SHAME\nHe hid in a barn.", &[("COPPER", 0, Per), ("BARN", 0, Loc)], &[]),
        ("Hot tub cops\nThey sat in a hot tub.", &[("Hot", 0, Misc)], &[]),
        ("The Wealdshire force paid.", &[("Wealdshire force", 0, Org)], &["ORG Wealdshire"]),
        ("An Ex-Tolland officer spoke.", &[("Ex-Tolland", 0, Loc)], &["LOC Tolland"]),
        ("He read The Weald Gazette.", &[("Weald Gazette", 0, Misc)], &["ORG The Weald Gazette"]),
    ]);
}

#[test]
fn names_of_persons_are_whole() {
    check(&[
        ("It read: Pc (Joe) Marl called.", &[("Joe", 0, Per), ("Marl", 0, Per)], &["PER (Joe) Marl"]),
        ("Sgt Alan (Ally) Reedham came. “Thanks, Ally.”", &[("Alan", 0, Per)], &["PER Alan (Ally) Reedham", "PER Ally"]),
        ("The prop Joe \"Tractor\" Marl and Tractor's dog.", &[("Joe", 0, Per)], &["PER Joe \"Tractor\" Marl", "PER Tractor"]),
        ("Mr Marlsaid so. Then Marl left.", &[("Marlsaid", 0, Per), ("Marl", 1, Per)], &["PER Marl", "PER Marl"]),
        ("By Ada Quill14 May 2025", &[("Ada Quill14", 0, Per)], &["PER Ada Quill"]),
        ("It was Ada Quill of Tolland.", &[("Ada Quill of", 0, Per), ("Tolland", 0, Loc)], &["PER Ada Quill", "LOC Tolland"]),
        ("Campaigner Ada Quill was there.", &[("Campaigner Ada Quill", 0, Per)], &["PER Ada Quill"]),
        ("“I am,” said Mr ap Huw.", &[("Huw", 0, Per)], &["PER ap Huw"]),
        ("The Lady Quill Infirmary closed.", &[("Quill Infirmary", 0, Org)], &["ORG Quill Infirmary"]),
    ]);
}

#[test]
fn labels_of_one_article_agree() {
    check(&[
        (
            "Joe Marl spoke. But Marl lied. Marl left.",
            &[("Joe Marl", 0, Per), ("Marl", 1, Org), ("Marl", 2, Loc)],
            &["PER Joe Marl", "PER Marl", "PER Marl"],
        ),
        ("By Ada Quill\nIt was said.", &[("Ada Quill", 0, Org)], &["PER Ada Quill"]),
        ("The Tolland Police paid. It was Tolland's shame.", &[("Tolland", 1, Per)], &["ORG Tolland Police", "LOC Tolland"]),
        ("The Tolland Police paid. Now Tolland has said so.", &[("Tolland", 1, Loc)], &["ORG Tolland Police", "ORG Tolland"]),
        ("He met her in Tolland.", &[("Tolland", 0, Per)], &["LOC Tolland"]),
        (
            "He worked for Weald Ferries. Then Weald sacked him.",
            &[("Weald Ferries", 0, Org), ("Weald", 1, Per)],
            &["ORG Weald Ferries", "ORG Weald"],
        ),
    ]);
}
