//! What is said of evidence, of what became of it, and of rules that nearly fired.

use super::*;
use crate::assign::examples::Example;
use crate::assign::rules::Reading;
use crate::recognise::layers::overlay;

const RULES: &str = r#"
extends = "nothing"
exclusive = [["chair", "counsel"]]
background = ["a previous hearing"]
background_counts = 0.4
role = [
  { id = "chair", bias = -2, least = 0.5, single = 0.9 },
  { id = "counsel", bias = -2, least = 0.5, outranks = ["witness"] },
  { id = "witness", bias = -1, least = 0.5, needs = ["hearing"] },
  { id = "code", bias = 0, least = 0.5 },
]
feature = [
  { id = "hearing", bias = -1, signs = [{ weight = 2, patterns = ["hearing"] }, { weight = -3, patterns = ["jury"] }] },
]
derived = [{ id = "code.chair", role = "code", from = "chair", trait = "pseudonym" }]
rule = [
  { id = "chair.led", role = "chair", weight = 3, patterns = ["X led"], unless_after = ["the charge"] },
  { id = "chair.chief", role = "chair", weight = 3, patterns = ["X[chief_officer,!judge] ruled"] },
  { id = "chair.added", role = "chair", weight = 3, fallback = true, patterns = ["X added"] },
  { id = "chair.stood", role = "chair", weight = -1, patterns = ["X stood"] },
  { id = "counsel.for", role = "counsel", weight = 5, patterns = ["X for the force"] },
  { id = "witness.told", role = "witness", weight = 3, patterns = ["X told", "who told X"] },
  { id = "witness.heard", role = "witness", weight = 3, lacks = ["hearing"], patterns = ["X heard"] },
]
"#;

/// What is said of a role of somebody; nothing where there is nothing to say.
fn of(marked: &str, name: &str, role: &str) -> RoleExplained {
    let rules = Reading::of(Some(("f.toml", RULES))).rules;
    let Example { text, mentions, .. } = Example::read(marked).unwrap();
    let mentions = overlay(&text, &segment(&text), mentions);
    let explained = rules.explain(&text, mentions, Asked { entity: Some(name), role: Some(role) });
    assert_eq!(explained.parties.len(), 1, "{:?}", explained.names);
    explained.parties[0].roles[0].clone()
}

fn outcome(marked: &str, name: &str, role: &str) -> Outcome {
    of(marked, name, role).outcome
}

/// The rule that nearly fired, and why it did not.
fn near(marked: &str, role: &str) -> (String, Why) {
    let RoleExplained { near, .. } = of(marked, "marl", role);
    assert_eq!(near.len(), 1, "{near:#?}");
    (near[0].rule.clone(), near[0].why.clone())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn evidence_is_told_with_what_it_counts_and_where_it_stands() {
    let text =
        "The hearing sat.\nUna wept. {PER Una Marl} stood. {PER Una Marl} led.\n\nAt a previous hearing {PER Una Marl} led.";
    let chair = of(text, "MARL", "chair");
    let rules: Vec<_> = chair.fired.iter().map(|fired| (&*fired.rule, fired.counts, fired.quotes.len())).collect();
    assert_eq!(rules, [("chair.led", 3.0, 2), ("chair.stood", -1.0, 1)]);
    let Quote { text, start, line, column, background, .. } = &chair.fired[0].quotes[0];
    assert_eq!((&**text, *start, *line, *column, *background), ("led", 52, 2, 36, false));
    assert!(chair.fired[0].quotes[1].background);
    assert_eq!((chair.score, chair.outcome), (0.5, Outcome::Given));
    let aside = of("The hearing sat. At a previous hearing {PER Una Marl} led.", "marl", "chair");
    assert!(aside.fired[0].counts < 3.0 && aside.outcome == Outcome::BelowLeast, "{aside:?}");
}

#[test]
fn what_became_of_evidence_is_told() {
    let by = |role: &str| role.to_owned();
    let both = "{PER Una Marl} led. {PER Una Marl} for the force told the hearing so.";
    assert_eq!(outcome(both, "marl", "counsel"), Outcome::Given);
    assert_eq!(outcome(both, "marl", "chair"), Outcome::Excluded { by: by("counsel") });
    assert_eq!(
        outcome("{PER Una Marl} for the force wept. {PER Una Marl} told the hearing.", "marl", "witness"),
        Outcome::Outranked { by: by("counsel") }
    );
    assert_eq!(
        outcome("{PER Una Marl} told the club.", "marl", "witness"),
        Outcome::LacksFeatures { features: texts(&["hearing"]) }
    );
    let two = "{PER Una Marl} led. {PER Una Marl} led. {PER Bo Lisle} led.";
    assert_eq!(outcome(two, "lisle", "chair"), Outcome::SecondHolder { first: by("Una Marl"), needs: 0.9 });
    assert_eq!(outcome("{PER Una Marl} sat.", "una", "chair"), Outcome::NoEvidence);
    let follows = Outcome::Follows { rule: by("code.chair"), from: by("chair"), because: by("pseudonym") };
    assert_eq!(outcome("PC One led.", "pc one", "code"), follows);
}

#[test]
fn what_was_missing_is_told() {
    let (rule, why) = near("{PER Una Marl} led the charge.", "chair");
    assert!(matches!(&why, Why::Forbidden { words } if words.text == "the charge" && words.start == 13), "{why:?}");
    assert_eq!(rule, "chair.led");
    let asked = Why::Traits { lacking: texts(&["chief_officer"]), unwanted: texts(&["judge"]) };
    assert_eq!(near("Judge {PER Una Marl} ruled.", "chair"), ("chair.chief".to_owned(), asked));
    assert_eq!(near("{PER Bo Lisle} led. {PER Una Marl} added.", "chair"), ("chair.added".to_owned(), Why::Fallback));
    let features = Why::Features { lacking: vec![], unwanted: texts(&["hearing"]) };
    assert_eq!(near("{PER Una Marl} heard it at the hearing.", "witness"), ("witness.heard".to_owned(), features));
}

#[test]
fn signs_are_counted() {
    let rules = Reading::of(Some(("f.toml", RULES))).rules;
    let found = rules.explain("The hearing and the jury: a hearing.", vec![], Asked::default()).features;
    assert_eq!((found[0].signs_for, found[0].signs_against, found[0].there), (2, 1, false));
}
