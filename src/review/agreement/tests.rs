//! Agreements on small articles, with the figures worked out by hand.

use super::report::{Said, What};
use super::*;
use crate::document::Kind;
use crate::evaluate::align::Alignment;
use crate::review::answer::{Held, Judged, Party};
use crate::write::record::NamedKind;
use proptest::prelude::*;

/// A verdict: mentions as where they begin, their words, label and person; the roles of the people.
fn verdict(mentions: &[(usize, &str, &str, usize)], roles: &[&[&str]]) -> Verdict {
    let judged = |&(start, text, label, person): &(usize, &str, &str, usize)| Judged {
        start,
        end: start + text.chars().count(),
        text: text.into(),
        label: label.into(),
        kind: NamedKind(Kind::Name),
        person: Some(person),
    };
    let mentions: Vec<Judged> = mentions.iter().map(judged).collect();
    let party = |(person, roles): (usize, &&[&str])| Party {
        name: mentions.iter().find(|mention| mention.person == Some(person)).unwrap().text.clone(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    };
    Verdict { people: roles.iter().enumerate().map(party).collect(), mentions, relations: vec![] }
}

fn of_text(text: &str, verdict: &Verdict) -> Option<(String, Verdict)> {
    Some((text.to_owned(), verdict.clone()))
}

/// The agreement of raters called a, b, c on articles that all accepted in one text.
fn agreement(articles: &[&[&Verdict]]) -> (Report, Vec<Disagreement>) {
    let names = ["a", "b", "c"].iter().take(articles[0].len());
    let mut agreement = Agreement::new(names.map(|name| (*name).to_owned()));
    let mut disagreements = Vec::new();
    for (at, verdicts) in articles.iter().enumerate() {
        let verdicts: Vec<_> = verdicts.iter().map(|verdict| of_text("1", verdict)).collect();
        disagreements.extend(agreement.take(&format!("{at}.txt"), &verdicts).disagreements);
    }
    (agreement.report(), disagreements)
}

fn words(disagreements: &[Disagreement]) -> Vec<String> {
    disagreements.iter().map(Disagreement::in_words).collect()
}

#[test]
fn roles_of_two_raters_are_units_in_categories() {
    let one = verdict(
        &[(0, "Ivo Tarn", "PER", 0), (20, "PC One", "ANON", 1), (30, "Bow Street", "LOC", 2), (50, "Bo", "PER", 3)],
        &[&["panel_chair"], &["anonymised_officer", "subject_officer"], &[], &["witness"]],
    );
    // Tarn by his surname alone, another role for PC One, no Bo; Fenwold Police, which has a role, is a party though no person.
    let other = verdict(
        &[(4, "Tarn", "PER", 0), (20, "PC One", "ANON", 1), (30, "Bow Street", "LOC", 2), (60, "Fenwold Police", "ORG", 3)],
        &[&["panel_chair"], &["anonymised_officer", "witness"], &[], &["complainant"]],
    );
    let (report, disagreements) = agreement(&[&[&one, &other]]);
    assert_eq!((report.roles.statistic, report.roles.all.units), ("cohen", 4));
    assert_eq!((&*report.roles.all.by_rater, &*report.roles.all.by_number), (&[3, 3][..], &[0, 2, 2][..]));
    // Of four people they say the same of one. By chance they would say of one in 16 that he is chair, and of one that he has no role.
    let (observed, expected) = (0.25, 2.0 / 16.0);
    assert_eq!((report.roles.all.observed, report.roles.all.expected), (Some(observed), Some(expected)));
    assert!((report.roles.all.kappa.unwrap() - (observed - expected) / (1.0 - expected)).abs() < 1e-12);
    // Four roles of four, of which two are the same.
    assert_eq!(report.roles.all.f1, Some(0.5));
    let witness = &report.roles.of["witness"];
    assert_eq!((&*witness.by_rater, &*witness.by_number, witness.f1), (&[1, 1][..], &[2, 2, 0][..], Some(0.0)));
    assert!((witness.kappa.unwrap() - -1.0 / 3.0).abs() < 1e-12);
    assert_eq!(report.roles.of["panel_chair"].kappa, Some(1.0));
    assert_eq!(
        words(&disagreements)[..3],
        [
            "0.txt at 20: PC One: a anonymised_officer + subject_officer; b anonymised_officer + witness",
            "0.txt at 50: Bo: a witness; b nobody",
            "0.txt at 60: Fenwold Police: a nobody; b complainant",
        ]
    );
}

#[test]
fn mentions_links_and_relations_are_figures_of_pairs() {
    let mut one = verdict(
        &[(0, "Ivo Tarn", "PER", 0), (20, "Tarn", "PER", 0), (30, "he", "PER", 0), (40, "Bo", "PER", 1)],
        &[&["representative"], &[]],
    );
    let mut other = verdict(
        &[(0, "Ivo Tarn", "PER", 0), (20, "Tarn", "PER", 0), (30, "he", "PER", 1), (40, "Bo", "ANON", 2), (50, "Al", "PER", 3)],
        &[&["representative"], &[], &[], &[]],
    );
    one.relations = vec![Held { kind: "represents".into(), from: 0, to: 1 }];
    other.relations = vec![Held { kind: "represents".into(), from: 0, to: 3 }];
    let (report, disagreements) = agreement(&[&[&one, &other]]);
    let [pair] = &report.pairs[..] else { panic!("one pair") };
    assert_eq!(pair.mentions.strict, Alike { counts: [4, 5], same: Some(3), f1: Some(6.0 / 9.0) });
    assert_eq!(pair.mentions.ends, Alike { counts: [4, 5], same: Some(4), f1: Some(8.0 / 9.0) });
    assert_eq!(pair.mentions.of["ANON"], Alike { counts: [0, 1], same: Some(0), f1: Some(0.0) });
    // Of the mentions of a: two thirds twice, one third, all; of those of b: all of Tarn, he and Bo, nothing of Al.
    let (found, sound) = ((2.0 / 3.0 * 2.0 + 1.0 / 3.0 + 1.0) / 4.0, 4.0 / 5.0);
    assert!((pair.links.f1.unwrap() - 2.0 * found * sound / (found + sound)).abs() < 1e-12);
    assert_eq!((pair.links.counts, pair.links.same), ([4, 5], None));
    assert_eq!(pair.relations, Alike { counts: [1, 1], same: Some(0), f1: Some(0.0) });
    assert_eq!(
        words(&disagreements),
        [
            "0.txt at 0: Ivo Tarn represents Bo: a yes; b no",
            "0.txt at 0: Ivo Tarn represents Al: a no; b yes",
            "0.txt at 0: Ivo Tarn: a “Ivo Tarn”, “Tarn”, “he”; b “Ivo Tarn”, “Tarn” | “he”",
            "0.txt at 40: Bo: a “Bo” PER; b “Bo” ANON",
            "0.txt at 50: Al: a nothing; b “Al” PER",
        ]
    );
    let counted: Vec<u64> = Matter::ALL.map(|matter| report.disagreements[&matter]).into();
    assert_eq!(counted, [0, 2, 1, 2]);
}

#[test]
fn mentions_that_overlap_are_one_disagreement() {
    let one = verdict(&[(0, "PC Ivo Tarn of Bow", "PER", 0), (30, "Bo", "PER", 1)], &[&[], &[]]);
    let other = verdict(&[(3, "Ivo", "PER", 0), (7, "Tarn", "PER", 1), (30, "Bo", "PER", 2)], &[&[], &[], &[]]);
    let (_, disagreements) = agreement(&[&[&one, &other]]);
    assert_eq!(words(&disagreements), ["0.txt at 0: PC Ivo Tarn of Bow: a “PC Ivo Tarn of Bow” PER; b “Ivo” PER, “Tarn” PER"]);
    let What::Mentions { mentions } = &disagreements[0].said[1].what else { panic!("{disagreements:?}") };
    assert_eq!((mentions[1].start, mentions[1].end), (7, 11));
}

#[test]
fn fleiss_takes_articles_that_all_accepted_and_pairs_those_that_both_did() {
    let chair = verdict(&[(0, "Ivo", "PER", 0), (10, "Bo", "PER", 1)], &[&["panel_chair"], &[]]);
    let witness = verdict(&[(0, "Ivo", "PER", 0), (10, "Bo", "PER", 1)], &[&["witness"], &[]]);
    let mut agreement = Agreement::new(["a", "b", "c"].map(str::to_owned));
    let text = |verdict| of_text("1", verdict);
    agreement.take("all", &[text(&chair), text(&chair), text(&witness)]);
    agreement.take("two", &[text(&chair), None, text(&chair)]);
    agreement.take("one", &[None, text(&chair), None]);
    let nobody = agreement.take("none", &[None, None, None]);
    assert_eq!(nobody, Compared::default());
    let apart = agreement.take("texts", &[text(&chair), of_text("2", &chair), of_text("2", &witness)]);
    assert!(apart.different_text);
    assert_eq!(words(&apart.disagreements), ["texts at 0: Ivo: b panel_chair; c witness"]);
    let report = agreement.report();
    assert_eq!(report.articles, Articles { compared: 3, by_all: 1, by_one: 1, different_text: 1 });
    assert_eq!(report.raters.iter().map(|rater| rater.accepted).collect::<Vec<_>>(), [3, 3, 3]);
    assert_eq!(report.pairs.iter().map(|pair| pair.articles).collect::<Vec<_>>(), [1, 2, 2]);
    // Ivo: chair, chair, witness; Bo: nothing thrice. One pair of three agrees on Ivo.
    let all = &report.roles.all;
    assert_eq!((report.roles.statistic, all.units, all.observed), ("fleiss", 2, Some(4.0 / 6.0)));
    assert!((all.expected.unwrap() - (4.0 + 1.0 + 9.0) / 36.0).abs() < 1e-12);
    assert_eq!((&*report.roles.of["panel_chair"].by_number, report.roles.of["panel_chair"].f1), (&[1, 0, 1, 0][..], Some(0.5)));
    assert!(tables::markdown(&report).contains("1 article by one alone, left out; 1 article in texts that differ"));
    assert_eq!(
        (&report.pairs[1].roles.of["panel_chair"].by_rater[..], report.pairs[1].roles.of["panel_chair"].f1),
        (&[2, 1][..], Some(2.0 / 3.0))
    );
}

#[test]
fn where_no_article_was_accepted_by_all_the_pairs_are_all_there_is() {
    let chair = verdict(&[(0, "Ivo", "PER", 0)], &[&["panel_chair"]]);
    let mut agreement = Agreement::new(["a", "b", "c"].map(str::to_owned));
    agreement.take("x", &[of_text("1", &chair), of_text("1", &chair), None]);
    let report = agreement.report();
    assert_eq!((report.roles.all.units, report.roles.all.kappa, report.pairs[1].roles.all.kappa), (0, None, None));
    let page = tables::markdown(&report);
    assert!(page.contains("none by all 3, so that there is no Fleiss' kappa"), "{page}");
    assert!(!page.contains("## Roles") && page.contains("| a, c |        0 |"), "{page}");
}

#[test]
fn what_contradicts_itself_is_left_out() {
    let sound = verdict(&[(0, "Ivo", "PER", 0)], &[&[]]);
    let mut unsound = sound.clone();
    unsound.mentions[0].person = Some(usize::MAX);
    let mut agreement = Agreement::new(["a", "b"].map(str::to_owned));
    let compared = agreement.take("x", &[of_text("1", &sound), of_text("1", &unsound)]);
    assert_eq!(compared.unsound, [(1, "a mention is of somebody who is not there")]);
    assert_eq!(agreement.articles(), &Articles { by_one: 1, ..Articles::default() });
}

#[test]
fn a_person_of_three_raters_is_one_however_they_meet() {
    // The second has Tarn in two halves; the third shares a mention with either half, and two with the second one.
    let whole = verdict(&[(0, "Ivo Tarn", "PER", 0), (20, "Tarn", "PER", 0), (30, "Mr Tarn", "PER", 0)], &[&["witness"]]);
    let halves = verdict(&[(0, "Ivo Tarn", "PER", 0), (20, "Tarn", "PER", 1), (30, "Mr Tarn", "PER", 1)], &[&[], &["witness"]]);
    let (report, _) = agreement(&[&[&whole, &halves, &whole]]);
    assert_eq!((report.roles.all.units, &*report.roles.all.by_number), (2, &[1, 0, 0, 1][..]));
}

#[test]
fn low_kappa_beside_many_alike_judgements_is_explained() {
    let people = (0..40).map(|at| (at * 10, "Ivo", "PER", at)).collect::<Vec<_>>();
    let (mut roles, mut others): (Vec<&[&str]>, Vec<&[&str]>) = (vec![&[]; 40], vec![&[]; 40]);
    (roles[0], others[1]) = (&["wit|ness\u{1b}"], &["wit|ness\u{1b}"]);
    let (report, _) = agreement(&[&[&verdict(&people, &roles), &verdict(&people, &others)]]);
    let page = tables::markdown(&report);
    assert!(page.contains("Low kappa beside many alike judgements (all, as sets, wit|ness␛)"), "{page}");
    assert!(page.contains("| wit\\|ness␛ "), "{page}");
    assert!(!page.contains('\u{1b}'));
}

#[test]
fn what_a_hostile_article_says_steers_no_terminal() {
    let said =
        vec![Said { rater: "a\u{9b}".into(), what: What::Roles { person: Some("x\ny".into()), roles: vec!["\u{202e}".into()] } }];
    let disagreement = Disagreement {
        id: "\u{1b}[2J".into(),
        matter: Matter::Role,
        start: 0,
        end: 1,
        text: "a\nb".into(),
        relation: None,
        said,
    };
    assert_eq!(disagreement.in_words(), "␛[2J at 0: x y: a⟨U+009B⟩ ⟨U+202E⟩");
}

/// Verdicts of one text: stretches of three characters, some marked, of up to four people.
fn any_verdict() -> impl Strategy<Value = Verdict> {
    let mention = (0usize..3, 1usize..3, 0usize..5, 0usize..3);
    prop::collection::vec(mention, 0..9).prop_map(|stretches| {
        let mut found = Verdict::default();
        let mut place = [None; 4];
        for (at, (from, length, person, label)) in stretches.into_iter().enumerate() {
            let start = at * 3 + from;
            let length = length.min(3 - from);
            let person = place.get_mut(person).map(|place| {
                *place.get_or_insert_with(|| {
                    let roles = if at % 2 == 0 { vec!["witness".to_owned()] } else { vec![] };
                    found.people.push(Party { name: "x".into(), roles });
                    found.people.len() - 1
                })
            });
            let (text, label) = ("x".repeat(length), ["PER", "ANON", "ORG"][label].to_owned());
            found.mentions.push(Judged { start, end: start + length, text, label, kind: NamedKind(Kind::Name), person });
        }
        found.relations.extend((found.people.len() > 1).then(|| Held { kind: "represents".into(), from: 1, to: 0 }));
        found
    })
}

proptest! {
    #[test]
    fn two_raters_are_aligned_as_evaluate_aligns_gold(one in any_verdict(), other in any_verdict()) {
        let views = views([(0, &one), (1, &other)]);
        let views = [&views[0], &views[1]];
        let alignment = Alignment::new(views[0].annotation(), views[1].annotation());
        let units = units(&views);
        for (person, same) in alignment.of_gold.iter().enumerate() {
            prop_assert!(units.contains(&vec![Some(person), *same]));
        }
        for (person, same) in alignment.of_predicted.iter().enumerate() {
            prop_assert!(units.contains(&vec![*same, Some(person)]));
        }
    }

    #[test]
    fn nothing_depends_on_who_comes_first(one in any_verdict(), other in any_verdict()) {
        let (forth, back) = (agreement(&[&[&one, &other]]), agreement(&[&[&other, &one]]));
        prop_assert_eq!(forth.0.roles.all.kappa, back.0.roles.all.kappa);
        prop_assert_eq!(&forth.0.disagreements, &back.0.disagreements);
        let f1 = |report: &Report| {
            let pair = &report.pairs[0];
            let figures = [&pair.mentions.strict, &pair.mentions.ends, &pair.links, &pair.relations].map(|alike| alike.f1);
            figures.map(|figure| figure.map(|figure| (figure * 1e9).round()))
        };
        prop_assert_eq!(f1(&forth.0), f1(&back.0));
    }

    #[test]
    fn whoever_is_compared_with_himself_agrees(one in any_verdict()) {
        let (report, disagreements) = agreement(&[&[&one, &one, &one]]);
        prop_assert_eq!(disagreements, vec![]);
        prop_assert!(report.roles.all.kappa.is_none_or(|kappa| kappa == 1.0));
        prop_assert!(report.pairs.iter().all(|pair| pair.mentions.strict.f1.is_none_or(|f1| f1 == 1.0)));
        prop_assert!(report.pairs.iter().all(|pair| pair.relations.f1.is_none_or(|f1| f1 == 1.0)));
        let units: u64 = report.roles.all.by_number.iter().sum();
        prop_assert_eq!(units, report.roles.all.units);
    }
}
