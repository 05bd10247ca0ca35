//! The linker on texts with invented names and marks: a name stands in [square brackets], a body in {braces}.

use super::*;
use crate::document::{Kind, Origin};
use crate::recognise::pseudonyms;
use crate::segment::segment;
use crate::span::Span;

/// The entities of a marked text, each its mentions joined by " = " and the reasons for all but the first.
fn entities(marked: &str) -> Vec<(String, Vec<String>)> {
    let text: String = marked.chars().filter(|c| !"[]{}".contains(*c)).collect();
    let (mut mentions, mut open, mut at) = (Vec::new(), 0, 0);
    for c in marked.chars() {
        match c {
            '[' | '{' => open = at,
            ']' | '}' => {
                let span = Span::new(&text, open, at).unwrap();
                let label = if c == ']' { Label::Per } else { Label::Org };
                mentions.push(Mention { span, label, kind: Kind::Name, score: 0.9, origin: Origin::Model });
            }
            _ => at += c.len_utf8(),
        }
    }
    let segments = segment(&text);
    for p in pseudonyms::find(&text, &segments) {
        let (label, kind, origin) = (Label::Anon, Kind::Pseudonym, Origin::Pseudonym);
        mentions.push(Mention { span: p.span, label, kind, score: 1.0, origin });
    }
    mentions.sort_by_key(|m| m.span);
    let linked = link(&text, &segments, mentions);
    let surface = |m: &usize| linked.mentions[*m].span.of(&text);
    let of = |e: &Entity| {
        let why = e.links.iter().map(|l| l.why.to_string()).collect();
        (e.mentions.iter().map(surface).collect::<Vec<_>>().join(" = "), why)
    };
    linked.entities.iter().map(of).collect()
}

fn check(marked: &str, expected: &[&str]) {
    let found: Vec<String> = entities(marked).into_iter().map(|(mentions, _)| mentions).collect();
    assert_eq!(found, expected, "{marked}");
}

#[test]
fn two_people_with_one_surname_stay_apart() {
    check(
        "PC [Joe Marl] met Sgt [Ada Marl]. Mrs [Marl] lied. PC [Marl] left. Mr [Marl] too.",
        &["Joe Marl = Marl = Marl", "Ada Marl = Marl"],
    );
    check(
        "PC [Kit Marl] met Prof [Eve Marl]. [Marl] spoke. Prof [Marl] asked. PC [Marl] left.",
        &["Kit Marl = Marl", "Eve Marl = Marl = Marl"],
    );
    check("Sgt [Kit Marl] met PC [Jo Marl]. PC [Marl] ran and Sgt [Marl] fell.", &["Kit Marl = Marl", "Jo Marl = Marl"]);
    check("His grandfather, [Alf Marl], came with DC [Kit Marl]. Mr [Marl] senior left.", &["Alf Marl = Marl", "Kit Marl"]);
    check("DC [Kit Marl] met [Pat Marl]. [Marl] hurt her hand. Miss [Marl] sat.", &["Kit Marl", "Pat Marl = Marl = Marl"]);
}

#[test]
fn forms_of_one_name_are_joined_with_a_reason() {
    let reasons = |marked: &str| entities(marked).into_iter().next().map(|(_, why)| why.join(" "));
    for (marked, expected) in [
        ("Pc [Joe Marl] and [Marl]", "surname"),
        ("Pc [Joe Marl] and Mr [Marls] conduct", "lost_apostrophe"),
        ("[Ada Quill-Stroud] and Ms [Quill Stroud]", "surname"),
        ("[Gareth Reedham] and “[Gaz]” here", "nickname"),
        ("[Alan Reedham] and Mr [Readham]", "misspelt"),
        ("Mr [Quill]’s sister [Renata] came. Ms [Quill] wept.", ""),
    ] {
        assert_eq!(reasons(marked).as_deref(), Some(expected), "{marked}");
    }
    check("Mr [Quill]’s sister [Renata] came. Ms [Quill] wept.", &["Quill", "Renata = Quill"]);
}

#[test]
fn frequent_spellings_and_titled_short_names_are_people_of_their_own() {
    check(
        "[Marlow] or [Marlowe]? [Marlow] said so. [Marlowe] too. [Marlow] left. [Marlowe] left.",
        &["Marlow = Marlow = Marlow", "Marlowe = Marlowe = Marlowe"],
    );
    check("[Thomas Quill] met Mr [Tho].", &["Thomas Quill", "Tho"]);
}

#[test]
fn a_pseudonym_may_change_its_title_but_not_its_bearer() {
    check("PC X lied. He ran. Mr X left.", &["PC X = Mr X"]);
    check("Officer A said he saw it. Later Ms A wept.", &["Officer A", "Ms A"]);
    check("Officer A said she saw it. Later Ms A wept.", &["Officer A = Ms A"]);
    check("Officer A came. Female A spoke.", &["Officer A", "Female A"]);
    check("Then PS Four spoke. The note of PS 4 was read.", &["PS Four = PS 4"]);
    check("PC “A” took it from the teen known as “A”. Then he drove. Mr A resigned.", &["PC “A” = Mr A", "A"]);
    check("PC A said that A drove. He saw the teen known as “A”.", &["PC A = A", "A"]);
}

#[test]
fn bodies_are_joined_with_their_short_forms() {
    check("The {Independent Office for Police Conduct} and the {IOPC}.", &["Independent Office for Police Conduct = IOPC"]);
    check("{Weald Metropolitan Police}, or the {Met}.", &["Weald Metropolitan Police = Met"]);
    check("{Weald Police}, {Weald Crown Court}, {Weald}.", &["Weald Police = Weald", "Weald Crown Court"]);
    check("The {Weald Packet}. A {Packet} reader.", &["Weald Packet = Packet"]);
    check("{Weald Police} and {Tolland Police}, the {Police}.", &["Weald Police", "Tolland Police", "Police"]);
}
