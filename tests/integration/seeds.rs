//! Who plays what in a few articles from outside: the folder that `ROLECALL_SEEDS` names (`../shared/seeds` if that is there),
//! text files with a list beside them, `gold.jsonl`, of a line an article:
//! `{"file", "entities": [{"name", "surface": [...], "kind", "roles": [...]}]}`. Who is not on it has no role.

use rolecall::assign::Rules;
use rolecall::document::{Annotation, Document, Entity, Kind, Label, Mention, Origin, RoleGiven, Status};
use rolecall::evaluate::judge;
use rolecall::evaluate::measure::{Aspect, CORE, Scores, Slice};
use rolecall::evaluate::pairing::Entry;
use rolecall::pipeline::Pipeline;
use rolecall::read::{Inputs, ReadOptions};
use rolecall::recognise::model::{ModelOptions, TransformerRecogniser};
use rolecall::span::Span;
use rolecall::write::back::Annotated;
use rolecall::write::offsets::OffsetUnit;
use rolecall::write::record::Run;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Listed {
    file: String,
    entities: Vec<Party>,
}

#[derive(Deserialize)]
struct Party {
    name: String,
    surface: Vec<String>,
    roles: Vec<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The list as annotation: each party's forms wherever they stand as whole words, longer ones first.
fn gold(text: &str, parties: &[Party]) -> Annotation {
    let mut forms: Vec<(&str, usize)> =
        parties.iter().enumerate().flat_map(|(at, party)| party.surface.iter().map(move |form| (&**form, at))).collect();
    forms.sort_by_key(|(form, _)| std::cmp::Reverse(form.len()));
    let mut found: BTreeMap<Span, usize> = BTreeMap::new();
    for (form, party) in forms {
        for (start, _) in text.match_indices(form) {
            let span = Span::new(text, start, start + form.len()).unwrap();
            let inside = text[..start].ends_with(char::is_alphanumeric) || text[span.end()..].starts_with(char::is_alphanumeric);
            if !inside && found.keys().all(|other| other.end() <= span.start() || span.end() <= other.start()) {
                found.insert(span, party);
            }
        }
    }
    let mention = |&span| Mention { span, label: Label::Per, kind: Kind::Name, score: 1.0, origin: Origin::Annotator };
    let entity = |(at, party): (usize, &Party)| Entity {
        label: Label::Per,
        name: party.name.clone(),
        anonymised: false,
        mentions: found.values().enumerate().filter(|(_, of)| **of == at).map(|(mention, _)| mention).collect(),
        links: vec![],
        roles: party
            .roles
            .iter()
            .map(|role| RoleGiven { role: role.clone(), score: 1.0, status: Status::Accepted, evidence: vec![] })
            .collect(),
    };
    let entities: Vec<Entity> = parties.iter().enumerate().map(entity).collect();
    assert!(entities.iter().all(|entity| !entity.mentions.is_empty()), "a party of the list is not in its article");
    Annotation { mentions: found.keys().map(mention).collect(), entities, ..Annotation::default() }
}

fn entry(document: &Document, annotation: Annotation) -> Entry {
    Annotated { document: document.clone(), annotation, unit: OffsetUnit::Char, made_by: Run::by_hand() }.into()
}

/// Annotates the articles and judges them; prints what is wrong with their roles.
fn scores(folder: &Path, list: &[Listed]) -> Scores {
    let model = TransformerRecogniser::open(&root().join("models/rolecall-ner"), ModelOptions::default()).unwrap();
    let pipeline = Pipeline::new(model, Rules::builtin(), NonZeroUsize::new(2).unwrap()).unwrap();
    let files: Vec<String> = list.iter().map(|listed| folder.join(&listed.file).to_str().unwrap().to_owned()).collect();
    let reader = Inputs::resolve(&files, ReadOptions::default()).unwrap().read();
    let (mut sum, mut lists) = (Scores::default(), list.iter());
    let keep = |document: &Document, annotation: &Annotation| (document.clone(), annotation.clone());
    pipeline
        .run(reader, keep, |item| {
            let (document, annotation) = item.unwrap();
            let listed = lists.next().unwrap();
            assert_eq!(listed.file, document.id);
            let judgement = judge(&entry(&document, gold(&document.text, &listed.entities)), &entry(&document, annotation));
            for mistake in judgement.mistakes.iter().filter(|mistake| mistake.fault.as_str().ends_with("_role")) {
                println!("{}: {} {:?} {:?}", document.id, mistake.fault.as_str(), mistake.gold, mistake.predicted);
            }
            sum.add(&judgement.scores);
            ControlFlow::Continue(())
        })
        .unwrap();
    sum
}

#[test]
fn the_core_roles_of_the_seeds_are_right() {
    let named = std::env::var_os("ROLECALL_SEEDS");
    let folder = named.clone().map_or_else(|| root().join("../shared/seeds"), PathBuf::from);
    if !folder.is_dir() {
        assert!(named.is_none(), "ROLECALL_SEEDS names {}, which is no folder", folder.display());
        println!("skipped: there is no folder {}; ROLECALL_SEEDS can name one", folder.display());
        return;
    }
    let lines = std::fs::read_to_string(folder.join("gold.jsonl")).unwrap();
    let list: Vec<Listed> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let scores = scores(&folder, &list);
    for role in CORE {
        let tally = scores.get(Aspect::RolesByEntity, Slice::Of(role.into()));
        assert_eq!((tally.found as u64, tally.predicted), (tally.gold, tally.gold), "{role}");
    }
    let core = scores.get(Aspect::RolesByEntity, Slice::Core);
    assert!(core.gold > 10, "{core:?}");
}
