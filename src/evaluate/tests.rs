//! Judgements of small articles, written as marked ones, with the figures worked out by hand or taken from the papers.

use super::*;
use crate::document::{RoleGiven, Status};
use crate::exchange::marked;
use measure::{Aspect, Scheme, Slice};
use mistakes::Fault;
use proptest::prelude::*;
use tally::Tally;

const ROLES: [&str; 4] = ["panel_chair", "witness", "subject_officer", "representative"];

/// The annotation of a marked article, with this front matter.
fn with(front: &str, article: &str) -> Entry {
    let source = format!("+++\n{front}\n+++\n{article}");
    marked::compile("a.txt", &source, &ROLES.into()).unwrap().annotated.into()
}

fn plain(article: &str) -> Entry {
    with("", article)
}

fn scores(gold: &str, predicted: &str) -> Scores {
    judge(&plain(gold), &plain(predicted)).scores
}

/// gold, predicted, correct or credit, partial, incorrect.
fn scheme(scores: &Scores, scheme: Scheme, slice: Slice) -> (u64, u64, f64, u64, u64) {
    let tally = scores.get(Aspect::Mentions(scheme), slice);
    (tally.gold, tally.predicted, tally.found, tally.partial, tally.incorrect)
}

#[test]
fn the_four_schemes_differ_as_semeval_says() {
    let scores = scores(
        "{{Ivo Tarn|PER a}} of {{Bow Street|LOC b}} told {{Leeds Council|ORG c}} and {{Bo|PER d}} on Monday.",
        "{{Ivo Tarn|PER a}} of {{Bow|LOC b}} Street told {{Leeds Council|LOC c}} and Bo on {{Monday|MISC e}}.",
    );
    // Right, too short, wrongly labelled, missed, spurious.
    assert_eq!(scheme(&scores, Scheme::Strict, Slice::All), (4, 4, 1.0, 0, 2));
    assert_eq!(scheme(&scores, Scheme::Exact, Slice::All), (4, 4, 2.0, 0, 1));
    assert_eq!(scheme(&scores, Scheme::Partial, Slice::All), (4, 4, 2.5, 1, 0));
    assert_eq!(scheme(&scores, Scheme::Type, Slice::All), (4, 4, 2.0, 0, 1));
    let tally = scores.get(Aspect::Mentions(Scheme::Partial), Slice::All);
    assert_eq!((tally.missed(), tally.spurious()), (1, 1));
    // A label looks at its own spans: the council is no LOC in gold, so there the prediction is spurious.
    assert_eq!(scheme(&scores, Scheme::Type, Slice::Of("LOC".into())), (1, 2, 1.0, 0, 0));
    assert_eq!(scheme(&scores, Scheme::Strict, Slice::Of("ORG".into())), (1, 0, 0.0, 0, 0));
}

#[test]
fn an_overlap_does_not_use_up_what_fits_another_span_better() {
    // The ORG overlaps the person too, but only the person fits.
    let scores = scores("{{Tarn Ltd Ivo|PER a}}", "{{Tarn Ltd|ORG b}} {{Ivo|PER a}}");
    assert_eq!(scheme(&scores, Scheme::Type, Slice::All), (1, 2, 1.0, 0, 0));
    assert_eq!(scheme(&scores, Scheme::Partial, Slice::All), (1, 2, 0.5, 1, 0));
}

#[test]
fn as_many_overlaps_are_paired_as_can_be() {
    // Each gold span overlaps two predicted ones or the other way round: a chain that pairs off from the left.
    let scores = scores("{{a b|PER a}} {{c d|PER b}} {{e f|PER c}}", "{{a|PER a}} {{b c|PER b}} {{d e|PER c}} f");
    assert_eq!(scheme(&scores, Scheme::Partial, Slice::All), (3, 3, 1.5, 3, 0));
}

#[test]
fn roles_count_by_entity_and_by_mention() {
    let text = "{{Ivo Tarn|PER a}} spoke. {{Tarn|PER a}} ruled. {{Bo Lisle|PER b}} saw. {{PC One|ANON c}} left.";
    let gold = with("[party.a]\npanel_chair = 'ruled'\n[party.b]\nwitness = 'saw'\n[party.c]\nsubject_officer = 'left'", text);
    let predicted = with(
        "[party.a]\npanel_chair = 'ruled'\nwitness = 'spoke'\n[party.b]\nrepresentative = 'saw'",
        "{{Ivo Tarn|PER a}} spoke. Tarn ruled. {{Bo Lisle|PER b}} saw. PC One left.",
    );
    let judgement = judge(&gold, &predicted);
    let tally = |aspect, slice| judgement.scores.get(aspect, slice);
    assert_eq!(tally(Aspect::RolesByEntity, Slice::All), Tally::of_hits(3, 3, 1));
    assert_eq!(tally(Aspect::RolesByEntity, Slice::Core), Tally::of_hits(1, 2, 1));
    assert_eq!(tally(Aspect::RolesByEntity, Slice::Of("witness".into())), Tally::of_hits(1, 1, 0));
    // Two mentions of the chair in gold, of which one was found.
    assert_eq!(tally(Aspect::RolesByMention, Slice::Of("panel_chair".into())), Tally::of_hits(2, 1, 1));
    let faults: Vec<Fault> = judgement.mistakes.iter().map(|mistake| mistake.fault).collect();
    use Fault::{MissedMention, MissedRole, SpuriousRole, WrongRole};
    assert_eq!(faults, [SpuriousRole, MissedMention, WrongRole, MissedMention, MissedRole]);
    let wrong = &judgement.mistakes[2];
    let role = |side: &Option<mistakes::Side>| side.as_ref().unwrap().role.clone().unwrap();
    assert_eq!((role(&wrong.gold), role(&wrong.predicted)), ("witness".into(), "representative".into()));
    let mut sure = judgement.sure.clone();
    sure.sort_by_key(|(_, right)| *right);
    assert_eq!(sure, [(1.0, false), (1.0, false), (1.0, true)]);
}

#[test]
fn a_rejected_role_does_not_hold() {
    let text = "{{Ivo Tarn|PER a}} ruled.";
    let gold = with("[party.a]\npanel_chair = 'ruled'", text);
    let mut rejected = gold.clone();
    rejected.annotated.annotation.entities[0].roles[0].status = Status::Rejected;
    let roles = |gold, predicted| judge(gold, predicted).scores.get(Aspect::RolesByEntity, Slice::All);
    assert_eq!(roles(&gold, &gold), Tally::of_hits(1, 1, 1));
    assert_eq!(roles(&gold, &rejected), Tally::of_hits(1, 0, 0));
    assert_eq!(roles(&rejected, &gold), Tally::of_hits(0, 1, 0));
}

#[test]
fn an_entity_is_the_one_with_which_it_shares_most_mentions() {
    let gold = plain("{{A|PER a}} {{B|PER a}} {{C|PER a}} {{D|PER b}}");
    let predicted = plain("{{A|PER x}} {{B|PER y}} {{C|PER y}} {{D|PER x}}");
    let alignment = Alignment::new(&gold.annotated.annotation, &predicted.annotated.annotation);
    assert_eq!(alignment.of_gold, [Some(1), Some(0)]);
    assert_eq!(alignment.of_predicted, [Some(1), Some(0)]);
}

/// Mentions `1` to `12`, joined as the clusters say.
fn clustered(clusters: &[&[usize]]) -> Entry {
    let key = |mention: usize| clusters.iter().position(|cluster| cluster.contains(&mention)).unwrap();
    plain(&(1..=12).map(|mention| format!("{{{{{mention}|PER c{}}}}}", key(mention))).collect::<Vec<_>>().join(" "))
}

/// The example of Bagga and Baldwin (1998), section 3: the second response joins larger entities wrongly, and fares worse.
#[test]
fn b_cubed_is_that_of_the_paper() {
    let key = clustered(&[&[1, 2, 3, 4, 5], &[6, 7], &[8, 9, 10, 11, 12]]);
    for (response, precision) in [
        (clustered(&[&[1, 2, 3, 4, 5], &[6, 7, 8, 9, 10, 11, 12]]), 16.0 / 21.0),
        (clustered(&[&[1, 2, 3, 4, 5, 8, 9, 10, 11, 12], &[6, 7]]), 7.0 / 12.0),
    ] {
        let tally = judge(&key, &response).scores.get(Aspect::BCubed, Slice::People);
        assert!((tally.precision().unwrap() - precision).abs() < 1e-12, "{tally:?}");
        assert!((tally.recall().unwrap() - 1.0).abs() < 1e-12, "{tally:?}");
    }
}

#[test]
fn mentions_that_one_side_lacks_cost_both_ways() {
    // One entity of three mentions; two were found, and a third that is none.
    let scores = scores("{{A|PER a}} {{B|PER a}} {{C|PER a}} D", "{{A|PER a}} {{B|PER a}} C {{D|PER a}}");
    let tally = scores.get(Aspect::BCubed, Slice::All);
    assert_eq!((tally.gold, tally.predicted), (3, 3));
    assert!((tally.found - 4.0 / 3.0).abs() < 1e-12 && (tally.sound - 4.0 / 3.0).abs() < 1e-12);
    assert_eq!(scores.get(Aspect::ExactEntities, Slice::People), Tally::of_hits(1, 1, 0));
}

#[test]
fn split_and_merged_entities_and_relations_are_mistakes() {
    let front = "[party.a]\nrepresents.b = 'for'";
    let gold = with(front, "{{Ivo Tarn|PER a}} for {{Bo|PER b}}. {{Tarn|PER a}} and {{Lisle|PER c}}.");
    let predicted =
        with("[party.a]\nrepresents.c = 'for'", "{{Ivo Tarn|PER a}} for {{Bo|PER b}}. {{Tarn|PER c}} and {{Lisle|PER c}}.");
    let judgement = judge(&gold, &predicted);
    assert_eq!(judgement.scores.get(Aspect::Relations, Slice::Of("represents".into())), Tally::of_hits(1, 1, 0));
    let mut faults: Vec<Fault> = judgement.mistakes.iter().map(|mistake| mistake.fault).collect();
    faults.sort();
    assert_eq!(faults, [Fault::SplitEntity, Fault::MergedEntity, Fault::MissedRelation, Fault::SpuriousRelation]);
    let split = judgement.mistakes.iter().find(|mistake| mistake.fault == Fault::SplitEntity).unwrap();
    assert_eq!(split.gold.as_ref().unwrap().names, ["Ivo Tarn"]);
    assert_eq!(split.predicted.as_ref().unwrap().names, ["Ivo Tarn", "Lisle"]);
}

#[test]
fn two_runs_are_told_apart_by_their_mistakes() {
    let gold = plain("{{A|PER a}} {{B|PER b}} {{C|PER c}}");
    let (own, other) = (plain("{{A|PER a}} B C"), plain("A {{B|PER b}} C"));
    let mut evaluation = Evaluation::new(Resampling::default(), vec![], true);
    let judged = evaluation.judge(vec![vec![gold, own, other]]);
    let changes: Vec<_> = judged[0].mistakes.iter().map(|(mistake, change)| (mistake.at, change.unwrap())).collect();
    assert_eq!(changes, [(0, Change::Fixed), (2, Change::New), (4, Change::Same)]);
    assert_eq!(evaluation.changes[&Change::New], 1);
}

#[test]
fn groups_are_by_the_values_of_meta() {
    let articles = ["manner = 'brief'", "manner = 'brief'", "manner = 'trade'", "year = 3"];
    let mut evaluation = Evaluation::new(Resampling::default(), vec!["manner".into()], false);
    evaluation.judge(articles.map(|front| vec![with(front, "{{A|PER a}}"), plain("{{A|PER a}}")]).into());
    let of = |value: &str| &evaluation.groups[&("manner".to_owned(), value.to_owned())];
    assert_eq!((of("brief").articles, of("trade").articles, evaluation.groups.len()), (2, 1, 2));
    assert_eq!(of("brief").scores.get(Aspect::RolesByEntity, Slice::All), Tally::default());
    assert_eq!(of("brief").scores.get(Aspect::ExactEntities, Slice::All), Tally::of_hits(2, 2, 2));
}

/// An article of ten words, some of them marked.
fn article() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        3 => Just("w".to_owned()),
        1 => ("(PER|ORG|ANON)", "[a-c]").prop_map(|(label, key)| format!("{{{{w|{label} {}{key}}}}}", label.to_lowercase())),
    ];
    // Every word is the same, so that any two articles have one text.
    prop::collection::vec(word, 10).prop_map(|words| words.join(" "))
}

fn with_roles(mut entry: Entry, roles: &[usize]) -> Entry {
    for (entity, role) in entry.annotated.annotation.entities.iter_mut().zip(roles) {
        let evidence = vec![];
        entity.roles = vec![RoleGiven { role: ROLES[role % 4].into(), score: 0.5, status: Status::Predicted, evidence }];
    }
    entry
}

proptest! {
    #[test]
    fn gold_judged_by_itself_is_right_and_has_no_mistakes(text in article(), roles in prop::collection::vec(0..4_usize, 10)) {
        let gold = with_roles(plain(&text), &roles);
        let judgement = judge(&gold, &gold);
        prop_assert_eq!(judgement.mistakes, vec![]);
        for (measure, tally) in &judgement.scores.0 {
            prop_assert!(tally.f1().is_none_or(|f1| (f1 - 1.0).abs() < 1e-12), "{:?} {:?}", measure, tally);
        }
    }

    #[test]
    fn what_is_missed_one_way_is_spurious_the_other(
        a in article(), b in article(), roles in prop::collection::vec(0..4_usize, 10),
    ) {
        let (a, b) = (with_roles(plain(&a), &roles), with_roles(plain(&b), &roles));
        let (there, back) = (judge(&a, &b).scores, judge(&b, &a).scores);
        for (measure, tally) in &there.0 {
            let other = back.0[measure];
            prop_assert_eq!((tally.gold, tally.predicted), (other.predicted, other.gold), "{:?}", measure);
            prop_assert!((tally.found - other.sound).abs() < 1e-12, "{:?}", measure);
            prop_assert!(tally.found <= tally.gold as f64 && tally.sound <= tally.predicted as f64, "{:?}", measure);
        }
    }

    #[test]
    fn the_faults_of_mentions_account_for_every_mention(a in article(), b in article()) {
        let (a, b) = (plain(&a), plain(&b));
        let judgement = judge(&a, &b);
        let count = |faults: &[Fault]| judgement.mistakes.iter().filter(|m| faults.contains(&m.fault)).count() as u64;
        let strict = judgement.scores.get(Aspect::Mentions(Scheme::Strict), Slice::All);
        let differ = count(&[Fault::WrongLabel, Fault::WrongBoundary, Fault::WrongLabelAndBoundary]);
        prop_assert_eq!(strict.gold - strict.found as u64, count(&[Fault::MissedMention]) + differ);
        prop_assert_eq!(strict.predicted - strict.sound as u64, count(&[Fault::SpuriousMention]) + differ);
    }
}

#[test]
fn an_empty_annotation_is_no_trouble() {
    let judgement = judge(&plain("Nobody."), &plain("Nobody."));
    assert_eq!(judgement.mistakes, []);
    assert!(judgement.scores.0.values().all(|tally| tally.f1().is_none()));
}
