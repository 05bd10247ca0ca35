//! Whole articles as they are shown: without colour to the letter, with colour by what is left of it without escape sequences.

use super::*;
use crate::document::Status;
use crate::exchange::marked;
use proptest::prelude::*;
use regex::Regex;

const PLAIN: Look = Look { width: 60, coloured: false };
const COLOURED: Look = Look { coloured: true, ..PLAIN };

const HEARING: &str = "+++
source = { path = \"hearing.txt\", line = 2 }
[party.tarn]
panel_chair = \"Panel chair\"
[party.one]
anonymised_officer = \"PC One\"
[party.lisle]
representative = \"for PC One\"
represents.one = \"for PC One\"
+++
{{Fenwold Police|ORG force}}: Panel chair {{Ivo Tarn|PER tarn}} heard {{Bo
Lisle|PER lisle}}, for {{PC One|ANON one}}.

{{Tarn|PER tarn}} ruled in {{Fenwold|LOC town}}; a {{neighbour|NOM neighbour}} was there.
";

fn compiled(source: &str) -> Annotated {
    let roles = ["panel_chair", "anonymised_officer", "representative", "witness"];
    marked::compile("hearing-1", source, &roles.into()).unwrap().annotated
}

fn shown(source: &str, look: Look) -> String {
    article(&compiled(source), Against::Nothing, look)
}

/// Without escape sequences that set a style; what is left of others would stay.
fn uncoloured(text: &str) -> String {
    Regex::new("\u{1b}\\[[0-9;]*m").unwrap().replace_all(text, "").into_owned()
}

#[test]
fn an_article_is_shown_with_its_mentions_its_people_and_what_proves_their_roles() {
    let expected = "\
── hearing-1 ───────────────────────────────── hearing.txt:2

⟦Fenwold Police⟧¹: Panel chair ⟦Ivo Tarn⟧²·panel_chair heard
⟦Bo
Lisle⟧³·representative, for ⟦PC One⟧⁴·anonymised_officer.

⟦Tarn⟧² ruled in ⟦Fenwold⟧⁵; a ⟦neighbour⟧⁶ was there.

People
    ² Ivo Tarn  PER name, 2 mentions
       panel_chair 1.00, accepted
         “Fenwold Police: ‹Panel chair› Ivo Tarn heard…”
          annotator
    ³ Bo Lisle  PER name, 1 mention
       representative 1.00, accepted
         “Lisle, ‹for PC One›.”  annotator
       represents → ⁴ PC One: “Lisle, ‹for PC One›.”
    ⁴ PC One  ANON pseudonym, 1 mention
       anonymised_officer 1.00, accepted
         “Lisle, for ‹PC One›.”  annotator
       represents ← ³ Bo Lisle
    ⁶ neighbour  ANON description, 1 mention

Organisations
   ¹Fenwold Police

Places
   ⁵Fenwold

";
    assert_eq!(shown(HEARING, PLAIN), expected);
}

#[test]
fn colour_takes_the_place_of_the_brackets_and_of_nothing_else() {
    let (plain, coloured) = (shown(HEARING, Look { width: 200, ..PLAIN }), shown(HEARING, Look { width: 200, ..COLOURED }));
    assert_ne!(uncoloured(&coloured), coloured);
    assert_eq!(uncoloured(&coloured), plain.replace(['⟦', '⟧', '‹', '›'], ""));
    assert!(coloured.contains("\u{1b}[1m\u{1b}[4m\u{1b}[36mIvo Tarn\u{1b}[0m\u{1b}[1m\u{1b}[38;5;33m²·panel_chair\u{1b}[0m"));
}

#[test]
fn a_role_that_was_rejected_does_not_hold() {
    let mut article = compiled(HEARING);
    article.annotation.entities[1].roles[0].status = Status::Rejected;
    assert!(!super::article(&article, Against::Nothing, PLAIN).contains("panel_chair"));
}

#[test]
fn warnings_name_their_entities() {
    let mut article = compiled(HEARING);
    let entities = vec![1, 3];
    let warning = crate::document::Warning { code: "several_holders".into(), message: "Two hold it.".into(), entities };
    article.annotation.warnings.push(warning);
    assert!(super::article(&article, Against::Nothing, PLAIN).ends_with("\nWarnings\n ! several_holders: Two hold it. ² ⁴\n\n"));
}

/// The article above, wrong in every way.
const PREDICTED: &str = "+++
[party.tarn]
panel_chair = \"Panel chair\"
[party.lisle]
witness = \"for PC One\"
+++
{{Fenwold|ORG force}} Police: Panel {{chair|NOM chair}} {{Ivo Tarn|PER tarn}} heard Bo
{{Lisle|NOM lisle}}, for PC One.

Tarn ruled in {{Fenwold|ORG force}}; {{a neighbour was|MISC neighbour}} there.
";

#[test]
fn differences_from_gold_are_marked() {
    let (predicted, gold) = (compiled(PREDICTED), compiled(HEARING));
    let shown = article(&predicted, Against::Gold(&gold), PLAIN);
    let text = shown.split("\nPeople\n").next().unwrap();
    let expected = "\
── hearing-1 ───────────────────────────────────────────────

⟦~Fenwold⟧¹ {gold “Fenwold Police”} Police: Panel ⟦+chair⟧²
⟦Ivo Tarn⟧³·panel_chair heard Bo
⟦~Lisle⟧⁴·witness {ANON → gold PER “Bo Lisle”}, for ⟦−PC
One⟧ᵍ⁴·ANON.

⟦−Tarn⟧³·PER ruled in ⟦~Fenwold⟧¹ {ORG → gold LOC}; ⟦~a
neighbour was⟧⁵ {MISC → gold ANON “neighbour”} there.
";
    assert_eq!(text, expected);
    let people = "
    ³ Ivo Tarn  PER name, 1 mention
     = panel_chair 1.00, accepted
         “Fenwold Police: ‹Panel chair› Ivo Tarn heard…”
          annotator
    ⁴ Lisle  ANON description, 1 mention
     + witness 1.00, accepted
         “Lisle, ‹for PC One›.”  annotator
     − representative
         “Lisle, ‹for PC One›.”  annotator
+   ² chair  ANON description, 1 mention
−  ᵍ⁴ PC One  ANON pseudonym, 1 mention
     − anonymised_officer
         “Lisle, for ‹PC One›.”  annotator
";
    assert!(shown.contains(people), "{shown}");
    let summary = "
Against gold
   mentions  1 right, ~ 4 differ, − 2 missed, + 1 spurious
   roles     1 right, − 2 missed, + 1 spurious

";
    assert!(shown.ends_with(summary), "{shown}");
}

/// A prediction may cover two mentions of gold; the second is named behind it.
#[test]
fn a_missed_mention_under_a_predicted_one_is_named_behind_it() {
    let gold = compiled("+++\n+++\n{{Ivo Tarn|PER a}} and {{Bo Lisle|PER b}} met.\n");
    let predicted = compiled("+++\n+++\n{{Ivo Tarn and Bo Lisle|PER a}} met.\n");
    let shown = article(&predicted, Against::Gold(&gold), Look { width: 200, ..PLAIN });
    assert!(shown.contains("⟦~Ivo Tarn and Bo Lisle⟧¹ {gold “Ivo Tarn”} {− gold PER “Bo Lisle”} met.\n"), "{shown}");
    let shown = article(&gold, Against::Gold(&predicted), Look { width: 200, ..PLAIN });
    assert!(shown.contains("⟦~Ivo Tarn⟧¹ {gold “Ivo Tarn and Bo Lisle”} and ⟦+Bo Lisle⟧² met.\n"), "{shown}");
}

#[test]
fn an_article_without_gold_says_so_and_is_shown_as_it_is() {
    let (one, other) = (compiled(HEARING), compiled(&HEARING.replace("ruled", "sat")));
    let wide = Look { width: 100, ..PLAIN };
    let plain = shown(HEARING, wide);
    let (header, rest) = plain.split_once('\n').unwrap();
    for (against, says) in [(Against::NotInGold, "no article of this id"), (Against::Gold(&other), "another text under this id")]
    {
        let expected = format!("{header}\n! Gold has {says}, so no differences are marked.\n{rest}");
        assert_eq!(article(&one, against, wide), expected);
    }
}

#[test]
fn an_article_is_right_beside_itself() {
    let shown = article(&compiled(HEARING), Against::Gold(&compiled(HEARING)), PLAIN);
    assert!(["⟦~", "⟦+", "⟦−", "{"].iter().all(|sign| !shown.contains(sign)), "{shown}");
    assert!(shown.contains("mentions  7 right, ~ 0 differ, − 0 missed, + 0 spurious"), "{shown}");
    assert!(shown.contains("roles     3 right, − 0 missed, + 0 spurious"), "{shown}");
}

#[test]
fn the_legend_says_what_needs_saying() {
    assert_eq!(legend(false, PLAIN), "");
    assert_eq!(uncoloured(&legend(false, COLOURED)), "PER  ANON  ORG  LOC  MISC  bold has a role\n\n");
    let expected = "⟦−words⟧ missed, only in gold   ⟦+words⟧ spurious, not in gold   ⟦~words⟧ other label or boundary {gold …}   = right role\n\n";
    assert_eq!(legend(true, Look { width: 200, ..PLAIN }), expected);
}

fn hostile() -> impl Strategy<Value = String> {
    "(\\PC|[a-c \u{1b}\u{7}\u{9b}\u{202e}\u{2066}\u{301}\r\n\t警]|\u{1b}\\[2J|👩\u{200d}🚒){1,40}"
}

proptest! {
    #[test]
    fn nothing_of_an_article_steers_the_terminal(
        (text, id, name) in (hostile(), hostile(), hostile()),
        ends in (0usize..40, 1usize..40),
        width in 20usize..90,
        coloured: bool,
    ) {
        use crate::document::{Entity, Kind, Label, Mention, Origin};
        use crate::span::Span;
        let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let (start, end) = (ends.0.min(boundaries.len() - 2), (ends.0 + ends.1).min(boundaries.len() - 1));
        let span = Span::new(&text, boundaries[start], boundaries[end]).unwrap();
        let label = Label::Other(name.clone());
        let mention = Mention { span, label: label.clone(), kind: Kind::Name, score: 1.0, origin: Origin::Model };
        let entity = Entity { label, name: name.clone(), anonymised: false, mentions: vec![0], links: vec![], roles: vec![
            crate::document::RoleGiven { role: name.clone(), score: 0.5, status: Status::Predicted,
                evidence: vec![crate::document::Evidence { rule: name.clone(), span }] },
        ] };
        let meta = serde_json::json!({"source": {"path": name}}).as_object().unwrap().clone();
        let annotation = Annotation { mentions: vec![mention], entities: vec![entity], ..Annotation::default() };
        let document = Document { id, text, meta };
        let one = Annotated { document, annotation, unit: Default::default(), made_by: crate::write::record::Run::by_hand() };
        let shown = article(&one, Against::Nothing, Look { width, coloured });
        let rest = if coloured { uncoloured(&shown) } else { shown };
        for line in rest.lines() {
            prop_assert_eq!(visible(line), line);
            prop_assert!(line.width() <= width, "{:?}", line);
        }
    }
}
