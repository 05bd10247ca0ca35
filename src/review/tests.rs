//! Decisions are held to what they mean, to records that can be read back, and to being taken back.

use super::answer::{Answer, VERSION, Verdict};
use super::decision::Decision;
use super::gold::{Differing, gold};
use super::history::{Case, anchor};
use super::sheet::Sheet;
use super::{Fingerprints, Status};
use crate::document::{
    self, Annotation, Document, Entity, Evidence, Kind, Label, Mention, Origin, Relation, RoleGiven, Segments,
};
use crate::segment::segment;
use crate::span::Span;
use crate::write::back::{self, Annotated};
use crate::write::offsets::{OffsetUnit, Offsets};
use crate::write::record::{NamedKind, Record, Run};
use proptest::prelude::*;

const TEXT: &str = "Chair Una Marl 🦊 heard PC One. Marl said PC One lied. Bo Lisle spoke for the officer. Lisle left.";

/// The place of the `nth` time, from 0, that the words stand there.
fn at(text: &str, words: &str, nth: usize) -> Span {
    let (start, _) = text.match_indices(words).nth(nth).unwrap();
    Span::new(text, start, start + words.len()).unwrap()
}

fn role(id: &str, score: f32, proof: Span) -> RoleGiven {
    let evidence = vec![Evidence { rule: "some.rule".to_owned(), span: proof }];
    RoleGiven { role: id.to_owned(), score, status: document::Status::Predicted, evidence }
}

/// A person: name, label, mentions (words, and which time that they stand there), and a role.
type Cast = (&'static str, Label, &'static [(&'static str, usize)], Option<&'static str>);

/// Una Marl in the chair, PC One the officer, Bo Lisle nobody; “Lisle” was not joined to him.
fn article() -> Annotated {
    let people: [Cast; 4] = [
        ("Una Marl", Label::Per, &[("Una Marl", 0), ("Marl", 1)], Some("panel_chair")),
        ("PC One", Label::Anon, &[("PC One", 0), ("PC One", 1)], Some("subject_officer")),
        ("Bo Lisle", Label::Per, &[("Bo Lisle", 0)], None),
        ("Lisle", Label::Per, &[("Lisle", 1)], Some("witness")),
    ];
    let mut all: Vec<(Span, usize, Label)> = Vec::new();
    for (person, (_, label, mentions, _)) in people.iter().enumerate() {
        all.extend(mentions.iter().map(|(words, nth)| (at(TEXT, words, *nth), person, label.clone())));
    }
    all.sort_by_key(|(span, ..)| *span);
    let kind = |label: &Label| if *label == Label::Anon { Kind::Pseudonym } else { Kind::Name };
    let mention = |(span, _, label): &(Span, usize, Label)| Mention {
        span: *span,
        label: label.clone(),
        kind: kind(label),
        score: 0.9,
        origin: Origin::Model,
    };
    let entity = |(person, (name, label, _, given)): (usize, &Cast)| Entity {
        label: label.clone(),
        name: (*name).to_owned(),
        anonymised: *label == Label::Anon,
        mentions: (0..all.len()).filter(|&at| all[at].1 == person).collect(),
        links: Vec::new(),
        roles: given.iter().map(|id| role(id, 0.8, at(TEXT, "Chair", 0))).collect(),
    };
    let annotation = Annotation {
        segments: Segments::default(),
        mentions: all.iter().map(mention).collect(),
        entities: people.iter().enumerate().map(entity).collect(),
        relations: vec![Relation { kind: "represents".into(), from: 2, to: 1, evidence: at(TEXT, "spoke for", 0) }],
        warnings: Vec::new(),
    };
    let document = Document { id: "a".to_owned(), text: TEXT.to_owned(), meta: serde_json::Map::new() };
    Annotated { document, annotation, unit: OffsetUnit::Char, made_by: Run::by_hand() }
}

/// A reviewer's answers, made one by one on the article as it is then.
struct Reviewer {
    article: Annotated,
    answers: Vec<Answer>,
}

impl Reviewer {
    fn new() -> Self {
        Self { article: article(), answers: Vec::new() }
    }

    fn case(&self) -> Case {
        let Annotated { document, annotation, .. } = &self.article;
        Case::new(&document.text, annotation, &Fingerprints::of(document, annotation), &self.answers)
    }

    fn annotation(&self) -> Annotation {
        self.case().sheet.annotation(&self.article.document.text, Segments::default())
    }

    fn verdict(&self) -> Verdict {
        let text = &self.article.document.text;
        self.case().sheet.verdict(text, &Offsets::new(text, OffsetUnit::Char))
    }

    /// Decides, and says whether that made sense.
    fn decide(&mut self, decision: &Decision<Span>) -> bool {
        let (mut case, Annotated { document, annotation, .. }) = (self.case(), &self.article);
        let (text, now) = (&document.text, Fingerprints::of(document, annotation));
        let decision = match decision {
            Decision::Undo { .. } => Decision::Undo { of: case.undo.map(|(id, _)| id) },
            Decision::Redo { .. } => Decision::Redo { of: case.redo.map(|(id, _)| id) },
            decision if case.sheet.make(text, decision).is_err() => return false,
            decision => decision.clone(),
        };
        let offsets = Offsets::new(text, OffsetUnit::Char);
        let result = matches!(decision, Decision::Accept {}).then(|| self.verdict());
        self.answers.push(Answer {
            schema: VERSION.to_owned(),
            id: format!("{}", self.answers.len()),
            reviewer: "anna".to_owned(),
            time: String::new(),
            article: document.id.clone(),
            text_hash: now.text,
            predicted: now.predicted,
            decision: decision.try_map(&mut |span| Ok::<_, ()>(anchor(text, &offsets, *span))).unwrap(),
            result,
        });
        // As the file has it.
        let line = self.answers.pop().unwrap().line();
        self.answers.push(Answer::read(line.trim_end()).unwrap());
        true
    }

    fn person(&self, name: &str) -> Entity {
        self.annotation().entities.into_iter().find(|entity| entity.name == name).unwrap()
    }

    fn roles(&self, name: &str) -> Vec<(String, &'static str)> {
        self.person(name).roles.into_iter().map(|role| (role.role, role.status.as_str())).collect()
    }
}

fn give(words: Span, role: &str, holds: bool) -> Decision<Span> {
    Decision::Role { person: words, role: role.to_owned(), holds }
}

#[test]
fn nothing_decided_is_the_prediction() {
    let reviewer = Reviewer::new();
    assert_eq!(reviewer.annotation(), reviewer.article.annotation);
    assert_eq!(reviewer.case().status, Status::Undecided);
}

#[test]
fn roles_are_confirmed_taken_away_and_given() {
    let mut reviewer = Reviewer::new();
    let (marl, lisle) = (at(TEXT, "Marl", 1), at(TEXT, "Bo Lisle", 0));
    assert!(reviewer.decide(&give(marl, "panel_chair", true)));
    assert!(!reviewer.decide(&give(marl, "panel_chair", true)), "it is confirmed already");
    assert!(!reviewer.decide(&give(marl, "witness", false)), "there is none to take away");
    assert!(reviewer.decide(&give(lisle, "representative", true)));
    assert!(reviewer.decide(&give(at(TEXT, "Lisle", 1), "witness", false)));
    assert!(reviewer.decide(&give(at(TEXT, "Lisle", 1), "spokesperson", true)));
    assert_eq!(reviewer.roles("Una Marl"), [("panel_chair".to_owned(), "accepted")]);
    assert_eq!(reviewer.roles("Bo Lisle"), [("representative".to_owned(), "accepted")]);
    assert_eq!(reviewer.roles("Lisle"), [("witness".to_owned(), "rejected"), ("spokesperson".to_owned(), "corrected")]);
    assert_eq!(reviewer.person("Bo Lisle").roles[0].evidence[0].span, lisle);
    // What a reviewer gave, and takes away again, was never predicted, and leaves nothing.
    assert!(reviewer.decide(&give(lisle, "representative", false)));
    assert_eq!(reviewer.roles("Bo Lisle"), []);
}

#[test]
fn one_decision_mends_every_mention() {
    let mut reviewer = Reviewer::new();
    assert!(reviewer.decide(&Decision::Label { mention: at(TEXT, "PC One", 1), label: "PER".to_owned() }));
    let labels: Vec<Label> = reviewer.annotation().mentions.iter().map(|mention| mention.label.clone()).collect();
    assert!(labels.iter().all(|label| *label == Label::Per), "{labels:?}");
    assert!(!reviewer.person("PC One").anonymised);
    assert!(reviewer.decide(&Decision::Merge { person: at(TEXT, "Lisle", 1), into: at(TEXT, "Bo Lisle", 0) }));
    assert_eq!(reviewer.person("Bo Lisle").mentions.len(), 2);
    assert_eq!(reviewer.roles("Bo Lisle"), [("witness".to_owned(), "predicted")]);
    assert_eq!(reviewer.annotation().relations.len(), 1);
}

#[test]
fn mentions_come_go_move_and_change_hands() {
    let mut reviewer = Reviewer::new();
    let officer = at(TEXT, "the officer", 0);
    let add = |span, person| Decision::Add { span, label: "ANON".to_owned(), kind: Some(NamedKind(Kind::Nominal)), person };
    assert!(
        !reviewer.decide(&add(at(TEXT, "for the", 0).hull(at(TEXT, "spoke", 0)).hull(at(TEXT, "Lisle", 0)), None)),
        "it overlaps"
    );
    assert!(!reviewer.decide(&add(at(TEXT, " ", 0), None)), "it has no words");
    assert!(reviewer.decide(&add(officer, Some(at(TEXT, "PC One", 0)))));
    assert_eq!(reviewer.person("PC One").mentions.len(), 3);
    assert!(reviewer.decide(&Decision::Split { mention: officer }));
    assert!(!reviewer.decide(&Decision::Split { mention: officer }), "it is alone already");
    assert!(reviewer.decide(&Decision::Join { mention: officer, person: at(TEXT, "PC One", 1) }));
    assert!(reviewer.decide(&Decision::Move { mention: officer, to: at(TEXT, "officer", 0) }));
    assert!(!reviewer.decide(&Decision::Delete { mention: officer }), "it stands elsewhere now");
    assert!(reviewer.decide(&Decision::Delete { mention: at(TEXT, "officer", 0) }));
    assert!(reviewer.decide(&Decision::Delete { mention: at(TEXT, "Lisle", 1) }));
    assert_eq!(reviewer.annotation().entities.len(), 3, "who has no mention is not there");
    assert!(reviewer.decide(&Decision::Kind { mention: at(TEXT, "Bo Lisle", 0), kind: NamedKind(Kind::Nominal) }));
    assert!(reviewer.person("Bo Lisle").anonymised);
}

#[test]
fn joining_an_only_mention_takes_its_roles_along() {
    let mut reviewer = Reviewer::new();
    let (bo, lisle) = (at(TEXT, "Bo Lisle", 0), at(TEXT, "Lisle", 1));
    assert!(reviewer.decide(&Decision::Join { mention: lisle, person: bo }));
    assert_eq!(reviewer.roles("Bo Lisle"), [("witness".to_owned(), "predicted")]);
    // So does adding what another run has found meanwhile.
    let mut sheet = Sheet::new(&article().annotation);
    let add = Decision::Add { span: lisle, label: "PER".to_owned(), kind: None, person: Some(bo) };
    assert_eq!(sheet.make(TEXT, &add), Ok(()));
    assert_eq!(sheet.mentions_of(2).count(), 2);
}

#[test]
fn reviewers_differ_in_kinds_and_namesakes_too() {
    let differ = |one: &[Decision<Span>], other: &[Decision<Span>]| {
        let answers = [("anna", one), ("berta", other)].map(|(name, decisions)| {
            let mut reviewer = Reviewer::new();
            decisions.iter().chain([&Decision::Accept {}]).for_each(|decision| assert!(reviewer.decide(decision)));
            (name.to_owned(), reviewer.answers)
        });
        let outcome = gold(article(), &answers, Differing::List);
        assert!(outcome.gold.is_none());
        outcome.differences
    };
    let nominal = Decision::Kind { mention: at(TEXT, "PC One", 0), kind: NamedKind(Kind::Nominal) };
    let kinds = ["“PC One” is a mention, ANON description: anna", "“PC One” is a mention, ANON pseudonym: berta"];
    assert_eq!(differ(&[nominal], &[]), kinds);
    let (first, second) = (at(TEXT, "PC One", 0), at(TEXT, "PC One", 1));
    let split = Decision::Split { mention: second };
    let listed = differ(&[split.clone(), give(first, "witness", true)], &[split, give(second, "witness", true)]);
    assert_eq!(listed, ["“PC One at character 23” is witness: anna", "“PC One at character 41” is witness: berta"]);
}

#[test]
fn several_decisions_are_made_and_taken_back_together() {
    let mut reviewer = Reviewer::new();
    let (bo, lisle) = (at(TEXT, "Bo Lisle", 0), at(TEXT, "Lisle", 1));
    let merge = Decision::Merge { person: lisle, into: bo };
    let all = |decisions: &[&Decision<Span>]| Decision::Several { decisions: decisions.iter().map(|&one| one.clone()).collect() };
    assert!(!reviewer.decide(&all(&[&merge, &merge])), "the second makes no sense");
    assert_eq!(reviewer.annotation(), reviewer.article.annotation);
    assert!(!reviewer.decide(&all(&[&merge, &Decision::Accept {}])), "that is of the article");
    assert!(!reviewer.decide(&all(&[])));
    assert!(reviewer.decide(&all(&[&merge, &give(bo, "representative", true)])));
    assert_eq!((reviewer.person("Bo Lisle").roles.len(), reviewer.case().decisions), (2, 1));
    assert!(reviewer.decide(&Decision::Undo { of: None }));
    assert_eq!(reviewer.annotation(), reviewer.article.annotation);
}

#[test]
fn relations_go_with_their_people() {
    let mut reviewer = Reviewer::new();
    let (bo, one, lisle) = (at(TEXT, "Bo Lisle", 0), at(TEXT, "PC One", 1), at(TEXT, "Lisle", 1));
    let relate = |from, holds| Decision::Relate { kind: "represents".to_owned(), from, to: one, holds };
    assert!(!reviewer.decide(&relate(bo, true)), "it holds already");
    assert!(reviewer.decide(&relate(lisle, true)));
    assert!(reviewer.decide(&Decision::Merge { person: lisle, into: bo }));
    assert_eq!(reviewer.annotation().relations, reviewer.article.annotation.relations, "the two are one now");
    assert!(reviewer.decide(&relate(lisle, false)));
    assert!(!reviewer.decide(&relate(one, true)), "nobody represents themselves");
    assert_eq!(reviewer.annotation().relations, []);
}

#[test]
fn an_accepted_article_is_gold_whatever_is_predicted_later() {
    let mut reviewer = Reviewer::new();
    assert!(reviewer.decide(&give(at(TEXT, "Bo Lisle", 0), "representative", true)));
    assert!(reviewer.decide(&Decision::Merge { person: at(TEXT, "Lisle", 1), into: at(TEXT, "Bo Lisle", 0) }));
    assert!(reviewer.decide(&give(at(TEXT, "Lisle", 1), "witness", false)));
    assert!(reviewer.decide(&Decision::Accept {}));
    let verdict = reviewer.verdict();
    let made = gold(reviewer.article.clone(), &[("anna".to_owned(), reviewer.answers.clone())], Differing::List).gold.unwrap();
    let statuses =
        made.annotation.entities.iter().flat_map(|entity| &entity.roles).map(|role| (&*role.role, role.status.as_str()));
    let expected =
        [("panel_chair", "accepted"), ("subject_officer", "accepted"), ("representative", "accepted"), ("witness", "rejected")];
    assert_eq!(statuses.collect::<Vec<_>>(), expected);

    // Another run finds nothing, or everything in other people's hands.
    for annotation in [Annotation::default(), {
        let mut other = article().annotation;
        other.entities.rotate_left(1);
        other.entities[0].roles.clear();
        other
    }] {
        reviewer.article.annotation = annotation;
        assert_eq!((reviewer.case().status, reviewer.case().unfit), (Status::Accepted, vec![]));
        assert_eq!(reviewer.verdict(), verdict);
    }
    // Another text was never accepted.
    reviewer.article = article();
    reviewer.article.document.text.push_str(" More.");
    assert_eq!(reviewer.case().status, Status::Stale);
    let outcome = gold(reviewer.article.clone(), &[("anna".to_owned(), reviewer.answers.clone())], Differing::List);
    assert!(outcome.gold.is_none() && outcome.unfit[0].contains("another text"), "{:?}", outcome.unfit);
}

#[test]
fn decisions_are_carried_to_another_text_where_they_fit_and_listed_where_not() {
    let mut reviewer = Reviewer::new();
    assert!(reviewer.decide(&give(at(TEXT, "Bo Lisle", 0), "representative", true)));
    assert!(reviewer.decide(&give(at(TEXT, "Una Marl", 0), "witness", true)));
    assert!(reviewer.decide(&Decision::Delete { mention: at(TEXT, "Lisle", 1) }));
    // A sentence more before, and the chair under another name.
    let text = format!("An update 🦊. {}", TEXT.replace("Una Marl", "Ida Vane"));
    let shift = text.find("Chair").unwrap();
    let moved = |span: Span| Span::new(&text, span.start() + shift, span.end() + shift).unwrap();
    let Annotated { document, annotation, .. } = &mut reviewer.article;
    document.text.clone_from(&text);
    annotation.mentions.iter_mut().for_each(|mention| mention.span = moved(mention.span));
    annotation
        .entities
        .iter_mut()
        .flat_map(|entity| &mut entity.roles)
        .for_each(|role| role.evidence[0].span = moved(role.evidence[0].span));
    annotation.relations[0].evidence = moved(annotation.relations[0].evidence);
    annotation.entities[0].name = "Ida Vane".to_owned();
    let case = reviewer.case();
    assert_eq!(case.unfit.len(), 1, "{:?}", case.unfit);
    assert!(case.unfit[0].starts_with("“Una Marl” is witness: “Una Marl” is not in the text"), "{:?}", case.unfit);
    assert_eq!(reviewer.roles("Bo Lisle"), [("representative".to_owned(), "accepted")]);
    assert_eq!(reviewer.annotation().mentions.len(), 5);
    // Accepting this text settles what did not fit.
    assert!(reviewer.decide(&Decision::Accept {}));
    assert_eq!((reviewer.case().unfit, reviewer.case().status), (vec![], Status::Accepted));
}

#[test]
fn reviewers_who_differ_are_listed_or_outvoted() {
    let witness = give(at(TEXT, "Una Marl", 0), "witness", true);
    let merge = Decision::Merge { person: at(TEXT, "Lisle", 1), into: at(TEXT, "Bo Lisle", 0) };
    let delete = Decision::Delete { mention: at(TEXT, "PC One", 1) };
    let answers = |decisions: &[&Decision<Span>]| {
        let mut reviewer = Reviewer::new();
        decisions.iter().for_each(|decision| assert!(reviewer.decide(decision)));
        assert!(reviewer.decide(&Decision::Accept {}));
        reviewer.answers
    };
    let all = [
        ("anna".to_owned(), answers(&[&witness, &merge])),
        ("berta".to_owned(), answers(&[&merge])),
        ("carl".to_owned(), answers(&[&delete, &witness])),
    ];
    let listed = gold(article(), &all, Differing::List);
    assert!(listed.gold.is_none());
    for line in [
        "“PC One” is a mention, ANON pseudonym: anna, berta",
        "“Una Marl” is witness: anna, carl",
        "“Lisle” is “Bo Lisle”: anna, berta",
    ] {
        assert!(listed.differences.iter().any(|difference| difference == line), "{line}: {:?}", listed.differences);
    }
    let made = gold(article(), &all, Differing::Majority).gold.unwrap().annotation;
    assert_eq!(made.mentions.len(), 6);
    let roles = |name: &str| {
        made.entities.iter().find(|entity| entity.name == name).unwrap().roles.iter().map(|role| &*role.role).collect::<Vec<_>>()
    };
    assert_eq!(made.entities.len(), 3);
    assert_eq!((roles("Una Marl"), roles("Bo Lisle")), (vec!["panel_chair", "witness"], vec!["witness"]));
    assert_eq!(made.relations, article().annotation.relations);
    // Two who differ have no majority for what one of them says.
    let two = gold(article(), &all[..2], Differing::Majority).gold.unwrap().annotation;
    assert_eq!(two.entities[0].roles.len(), 1);
    // Who agree make gold whatever is asked for.
    let same = [all[0].clone(), ("dora".to_owned(), all[0].1.clone())];
    assert!(gold(article(), &same, Differing::List).gold.is_some());
}

/// Any decision on any stretch of the text between two words' ends, sensible or not.
fn any_decision() -> impl Strategy<Value = Decision<Span>> {
    let tokens = segment(TEXT).tokens;
    let ends = (0..tokens.len(), 0..3_usize);
    let span = ends.prop_map(move |(first, more)| {
        let last = (first + more).min(tokens.len() - 1);
        tokens[first].span.hull(tokens[last].span)
    });
    // Mostly of mentions, so that most make sense.
    let mentions: Vec<Span> = article().annotation.mentions.iter().map(|mention| mention.span).collect();
    let span = prop_oneof![3 => proptest::sample::select(mentions), 1 => span].boxed();
    let label = proptest::sample::select(vec!["PER", "ANON", "ORG"]).prop_map(str::to_owned);
    let id = proptest::sample::select(vec!["witness", "panel_chair", "subject_officer"]).prop_map(str::to_owned);
    let kind = proptest::sample::select(vec![Kind::Name, Kind::Pseudonym, Kind::Nominal]).prop_map(NamedKind);
    let (a, b) = (span.clone(), span.clone());
    prop_oneof![
        1 => Just(Decision::Accept {}),
        4 => Just(Decision::Undo { of: None }),
        2 => Just(Decision::Redo { of: None }),
        2 => (a.clone(), label.clone(), proptest::option::of(kind.clone()), proptest::option::of(b.clone()))
            .prop_map(|(span, label, kind, person)| Decision::Add { span, label, kind, person }),
        1 => a.clone().prop_map(|mention| Decision::Delete { mention }),
        1 => (a.clone(), b.clone()).prop_map(|(mention, to)| Decision::Move { mention, to }),
        1 => (a.clone(), label).prop_map(|(mention, label)| Decision::Label { mention, label }),
        1 => (a.clone(), kind).prop_map(|(mention, kind)| Decision::Kind { mention, kind }),
        2 => (a.clone(), b.clone()).prop_map(|(mention, person)| Decision::Join { mention, person }),
        1 => a.clone().prop_map(|mention| Decision::Split { mention }),
        2 => (a.clone(), b.clone()).prop_map(|(person, into)| Decision::Merge { person, into }),
        3 => (a.clone(), id, any::<bool>()).prop_map(|(person, role, holds)| Decision::Role { person, role, holds }),
        2 => (a, b, any::<bool>())
            .prop_map(|(from, to, holds)| Decision::Relate { kind: "represents".to_owned(), from, to, holds }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_decided_makes_a_record_and_can_be_taken_back(decisions in proptest::collection::vec(any_decision(), 0..25)) {
        let mut reviewer = Reviewer::new();
        let mut before = vec![reviewer.case().sheet];
        for decision in &decisions {
            let answered = reviewer.answers.len();
            let made = reviewer.decide(decision);
            prop_assert_eq!(made, reviewer.answers.len() > answered);
            let case = reviewer.case();
            match decision {
                Decision::Undo { .. } | Decision::Redo { .. } => {}
                _ if made => {
                    before.truncate(case.decisions);
                    before.push(case.sheet.clone());
                }
                _ => {}
            }
            // An undo or redo of nothing is none.
            prop_assert!(case.unfit.iter().all(|unfit| unfit.contains("undo or redo")), "{:?}", case.unfit);
            prop_assert_eq!(&case.sheet, &before[case.decisions], "after {:?}", decision);
            let annotation = case.sheet.annotation(TEXT, segment(TEXT));
            let record = Record::new(&reviewer.article.document, &annotation, &Run::by_hand(), OffsetUnit::Char);
            let read = back::read(&serde_json::to_string(&record).unwrap()).unwrap();
            prop_assert_eq!(read.annotation.mentions.len(), annotation.mentions.len());
            prop_assert_eq!(read.annotation.relations, annotation.relations);
        }
        let (verdict, offsets) = (reviewer.verdict(), Offsets::new(TEXT, OffsetUnit::Char));
        for predicted in [article().annotation, Annotation::default()] {
            let mut sheet = Sheet::new(&predicted);
            sheet.impose(TEXT, &verdict, |judged| Span::new(TEXT, offsets.byte(judged.start)?, offsets.byte(judged.end)?).ok());
            prop_assert_eq!(&sheet.verdict(TEXT, &offsets), &verdict);
        }
    }
}
