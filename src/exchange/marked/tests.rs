//! Marked articles that are compiled, and ones that are refused with their line.

use super::*;
use crate::document::{Kind, Label, Status};

const ROLES: [&str; 3] = ["panel_chair", "subject_officer", "representative"];

fn compiled(source: &str) -> Result<Compiled, MarkError> {
    compile("a.txt", source, &ROLES.into())
}

fn refused(source: &str) -> (usize, String) {
    let error = compiled(source).unwrap_err();
    (error.line, error.what)
}

const ARTICLE: &str = "+++
manner = \"brief\"
year = 2025

[party.chair]
panel_chair = [\"chair\", \"ruled\"]

[party.one]
subject_officer = 'accused'

[party.lawyer]
representative = \"for PC One\"
represents.one = \"for PC One\"
+++
The chair of a club spoke to {{Élan Ivory|PER chair}}.
The chair of the panel, {{Ivory|PER chair}}, ruled.
{{Bo Lisle|PER lawyer}}, for {{PC One|ANON one}}, accused, met Lisle's
{{Lisle Street|LOC street}} {{twin\u{a0}👮|NOM twin}}.
";

#[test]
fn an_article_without_its_marks_is_the_text_and_each_mention_is_its_words() {
    let annotated = compiled(ARTICLE).unwrap().annotated;
    let text = &annotated.document.text;
    assert!(text.starts_with("The chair of a club spoke to Élan Ivory.\n") && text.ends_with("twin\u{a0}👮.\n"));
    let mentions = annotated.annotation.mentions.iter().map(|m| (m.span.of(text), m.label.as_str(), m.kind)).collect::<Vec<_>>();
    assert_eq!(
        mentions,
        [
            ("Élan Ivory", "PER", Kind::Name),
            ("Ivory", "PER", Kind::Name),
            ("Bo Lisle", "PER", Kind::Name),
            ("PC One", "ANON", Kind::Pseudonym),
            ("Lisle Street", "LOC", Kind::Name),
            ("twin\u{a0}👮", "ANON", Kind::Nominal),
        ]
    );
    assert_eq!(annotated.document.meta["manner"], "brief");
    assert_eq!(annotated.document.meta["year"], 2025);
    assert_eq!(annotated.document.meta.len(), 2);
}

#[test]
fn roles_are_accepted_and_proved_by_the_words_nearest_to_the_party() {
    let annotated = compiled(ARTICLE).unwrap().annotated;
    let (text, entities) = (&annotated.document.text, &annotated.annotation.entities);
    let names: Vec<&str> = entities.iter().map(|entity| &*entity.name).collect();
    assert_eq!(names, ["Élan Ivory", "Bo Lisle", "PC One", "Lisle Street", "twin\u{a0}👮"]);
    assert_eq!((&entities[0].mentions[..], &entities[0].label), (&[0, 1][..], &Label::Per));
    let role = &entities[0].roles[0];
    assert_eq!((&*role.role, role.status), ("panel_chair", Status::Accepted));
    let evidence: Vec<_> = role.evidence.iter().map(|e| (e.span.of(text), e.span.start())).collect();
    assert_eq!(evidence, [("chair", text.rfind("chair").unwrap()), ("ruled", text.find("ruled").unwrap())]);
    assert!(entities[2].anonymised && entities[4].anonymised && !entities[0].anonymised);
    let relation = &annotated.annotation.relations[0];
    assert_eq!((&*relation.kind, relation.from, relation.to, relation.evidence.of(text)), ("represents", 1, 2, "for PC One"));
}

#[test]
fn a_name_without_its_mark_is_pointed_at() {
    // "Lisle" in "Lisle's" is no whole mention's words, but "Bo Lisle" would be.
    assert_eq!(compiled(ARTICLE).unwrap().forgotten, []);
    let source = ARTICLE.replace("met Lisle's", "met Ivory, Ivorys and Bo Lisle's");
    let forgotten = compiled(&source).unwrap().forgotten;
    let found: Vec<_> = forgotten.iter().map(|f| (&*f.words, f.line)).collect();
    assert_eq!(found, [("Bo Lisle", 17), ("Ivory", 17)]);
}

#[test]
fn faults_are_named_with_their_line() {
    assert!(refused("No front matter").1.contains("front matter"));
    assert_eq!(refused("+++\nmanner = 1\nmanner = 2\n+++\n").0, 3);
    for (wrong, line, what) in [
        ("{{Tarn|PERS a}}", 5, "expected a mark"),
        ("\n{{Tarn|PER}}", 6, "expected a mark"),
        ("{{Tarn|PER a}", 5, "expected a mark"),
        ("x }} y", 5, "expected a mark"),
        ("\n\n{{Tarn |PER a}}", 7, "white space"),
        ("{{Tarn|PER a}}\n{{Tarn|ORG a}}", 6, "two keys"),
        ("{{Tarn|PER a}}\n{{the man|NOM a}}", 6, "NOM"),
    ] {
        let (found, message) = refused(&format!("+++\n[party]\nx = 1\n+++\n{wrong}\n").replace("[party]\nx = 1", "a = 1\nb = 2"));
        assert_eq!(found, line, "{wrong}: {message}");
        assert!(message.contains(what), "{wrong}: {message}");
    }
}

#[test]
fn a_party_must_be_there_with_a_known_role_and_words_of_the_article() {
    let with = |party: &str| refused(&format!("+++\n{party}\n+++\n{{{{Tarn|PER a}}}} sat in {{{{Bow|LOC b}}}}.\n")).1;
    assert!(with("party = 3").contains("tables"));
    assert!(with("[party.c]\npanel_chair = 'sat'").contains("[party.c]: expected a mark"));
    assert!(with("[party.a]\nchairman = 'sat'").contains("expected a role, one of panel_chair, "));
    assert!(with("[party.a]\npanel_chair = 'stood'").contains("does not hold \"stood\""));
    assert!(with("[party.a]\npanel_chair = 3").contains("words that prove it"));
    assert!(with("[party.a]\npanel_chair = []").contains("words that prove it"));
    assert!(with("[party.b]\npanel_chair = 'sat'").contains("expected a person"));
    let far = refused("+++\na = 1\n\n[party.a]\npanel_chair = 'stood'\n+++\n{{Tarn|PER a}} sat.\n");
    assert_eq!(far.0, 4, "the line of the party");
    assert!(with("[party.a]\npanel_chair = 'sa'").contains("does not hold \"sa\""), "proof is whole words");
    assert!(with("[party.a]\nrepresnts.b = 'sat'").contains("no other relation"));
    assert!(with("[party.a]\nrepresents.a = 'sat'").contains("another entity"));
    assert!(with("n = nan").contains("'n': expected a value that JSON knows"));
    assert!(refused("+++\r\na = 1\r\n+++\r\n").1.contains("Windows line ends"));
    let dated = compiled("+++\nday = 2024-01-02\n+++\nNobody.\n").unwrap().annotated.document;
    assert_eq!(dated.meta["day"], "2024-01-02");
    assert!(with("[party.a]\nrepresents.c = 'sat'").contains("found 'c'"));
}
