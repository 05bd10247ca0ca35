//! Who plays what: the whole flow with the default model against lists of people and their roles. A list has a line an article,
//! `{"file", "entities": [{"name", "surface": [...], "kind", "roles": [...]}]}`; everybody who is not on it has no role.
//!
//! Takes the articles of `corpus/articles` with the lists of `corpus/roles`, and the folder that `ROLECALL_SEEDS` names
//! (`../shared/seeds` if that is there): text files with such a list beside them, `gold.jsonl`.

use rolecall::assign::Rules;
use rolecall::document::{Annotation, Document, Label};
use rolecall::pipeline::Pipeline;
use rolecall::read::{Inputs, ReadOptions};
use rolecall::recognise::model::{ModelOptions, TransformerRecogniser};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

const CORE: [&str; 4] = ["panel_chair", "presenting_officer", "representative", "anonymised_officer"];

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

/// Right, spurious and missed roles.
#[derive(Clone, Copy, Default, Debug)]
struct Counts {
    right: usize,
    spurious: usize,
    missed: usize,
}

impl Counts {
    fn f1(self) -> f64 {
        2.0 * self.right as f64 / (2 * self.right + self.spurious + self.missed) as f64
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn listed(path: &Path) -> Vec<Listed> {
    let lines = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    lines.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{}: {error}", path.display()))).collect()
}

/// Annotates the files of a folder that a list names.
fn annotate(folder: &Path, list: &[Listed]) -> BTreeMap<String, (Document, Annotation)> {
    let model = TransformerRecogniser::open(&root().join("models/rolecall-ner"), ModelOptions::default()).unwrap();
    let pipeline = Pipeline::new(model, Rules::builtin(), NonZeroUsize::new(2).unwrap()).unwrap();
    let files: Vec<String> = list.iter().map(|l| folder.join(&l.file).to_str().unwrap().to_owned()).collect();
    let reader = Inputs::resolve(&files, ReadOptions::default()).unwrap().read();
    let mut all = BTreeMap::new();
    let keep = |document: &Document, annotation: &Annotation| (document.clone(), annotation.clone());
    pipeline
        .run(reader, keep, |item| {
            let (document, annotation) = item.unwrap();
            all.insert(document.id.clone(), (document, annotation));
            ControlFlow::Continue(())
        })
        .unwrap();
    all
}

/// Compares one article with its list; gives what is wrong, in words.
fn compare(gold: &[Party], document: &Document, annotation: &Annotation, counts: &mut BTreeMap<String, Counts>) -> Vec<String> {
    let text = &document.text;
    let surface = |m: &usize| annotation.mentions[*m].span.of(text);
    let persons: Vec<usize> =
        (0..annotation.entities.len()).filter(|&e| matches!(annotation.entities[e].label, Label::Per | Label::Anon)).collect();
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (g, party) in gold.iter().enumerate() {
        for &e in &persons {
            let entity = &annotation.entities[e];
            let shared = entity.mentions.iter().filter(|m| party.surface.iter().any(|s| s == surface(m))).count();
            if shared > 0 {
                // The same name counts more than a form that two parties may share.
                pairs.push((shared + 1000 * usize::from(entity.name == party.name), g, e));
            }
        }
    }
    pairs.sort_by(|a, b| b.cmp(a));
    let (mut of_gold, mut of_entity) = (BTreeMap::new(), BTreeMap::new());
    for (_, g, e) in pairs {
        if !of_gold.contains_key(&g) && !of_entity.contains_key(&e) {
            of_gold.insert(g, e);
            of_entity.insert(e, g);
        }
    }
    let mut wrong = Vec::new();
    let given = |e: usize| annotation.entities[e].roles.iter().map(|r| r.role.as_str()).collect::<BTreeSet<_>>();
    let mut count = |role: &str, f: &dyn Fn(&mut Counts)| f(counts.entry(role.to_owned()).or_default());
    for (g, party) in gold.iter().enumerate() {
        let has = of_gold.get(&g).map(|&e| given(e)).unwrap_or_default();
        for role in &party.roles {
            if has.contains(role.as_str()) {
                count(role, &|c| c.right += 1);
            } else {
                count(role, &|c| c.missed += 1);
                wrong.push(format!("missed {role}: {}{}", party.name, if of_gold.contains_key(&g) { "" } else { " (nobody)" }));
            }
        }
    }
    for &e in &persons {
        let gold_roles: &[String] = of_entity.get(&e).map_or(&[], |&g| &gold[g].roles);
        for role in &annotation.entities[e].roles {
            if !gold_roles.contains(&role.role) {
                count(&role.role, &|c| c.spurious += 1);
                let proof: Vec<_> = role.evidence.iter().map(|p| format!("{} {:?}", p.rule, p.span.of(text))).collect();
                wrong.push(format!(
                    "spurious {} {:.2}: {} <- {}",
                    role.role,
                    role.score,
                    annotation.entities[e].name,
                    proof.join("; ")
                ));
            }
        }
    }
    wrong
}

fn evaluate(folder: &Path, list: &Path, show: bool) -> (BTreeMap<String, Counts>, BTreeMap<String, Vec<String>>) {
    let list = listed(list);
    let annotated = annotate(folder, &list);
    let (mut counts, mut wrong) = (BTreeMap::new(), BTreeMap::new());
    for article in &list {
        let (document, annotation) = &annotated[&article.file];
        let found = compare(&article.entities, document, annotation, &mut counts);
        if show {
            println!("== {}", article.file);
            found.iter().for_each(|line| println!("   {line}"));
        }
        wrong.insert(article.file.clone(), found);
    }
    print(list.len(), &counts);
    (counts, wrong)
}

/// Precision, recall and F1 of each role, the core ones first; a dash where nothing was to be found or nothing was found.
fn print(articles: usize, counts: &BTreeMap<String, Counts>) {
    let row = |name: &str, c: Counts| {
        let ratio =
            |part: usize, of: usize| if of == 0 { "    –".to_owned() } else { format!("{:.3}", part as f64 / of as f64) };
        let (precision, recall) = (ratio(c.right, c.right + c.spurious), ratio(c.right, c.right + c.missed));
        println!("{name:20} {precision:>9} {recall:>7} {:>7.3} {:>6} {:>9} {:>7}", c.f1(), c.right, c.spurious, c.missed);
    };
    println!("{articles} articles          precision  recall      F1  right  spurious  missed");
    row("core roles together", core(counts));
    let others = counts.keys().map(String::as_str).filter(|role| !CORE.contains(role));
    for role in CORE.into_iter().chain(others) {
        row(role, counts.get(role).copied().unwrap_or_default());
    }
}

fn core(counts: &BTreeMap<String, Counts>) -> Counts {
    CORE.iter().filter_map(|role| counts.get(*role)).fold(Counts::default(), |sum, c| Counts {
        right: sum.right + c.right,
        spurious: sum.spurious + c.spurious,
        missed: sum.missed + c.missed,
    })
}

/// The rules are tuned on these; a change that loses what was won shows here.
#[test]
fn development_articles() {
    let (counts, _) = evaluate(&root().join("corpus/articles"), &root().join("corpus/roles/development.jsonl"), true);
    assert!(core(&counts).f1() > 0.92, "the core roles fell to {:.3}", core(&counts).f1());
}

/// Nobody who works on the rules reads these: figures alone are printed, and the bound only catches a break.
#[test]
fn test_articles() {
    let (counts, _) = evaluate(&root().join("corpus/articles"), &root().join("corpus/roles/test.jsonl"), false);
    assert!(core(&counts).f1() > 0.75, "the core roles fell to {:.3}", core(&counts).f1());
}

#[test]
fn seeds() {
    let named = std::env::var_os("ROLECALL_SEEDS");
    let folder = named.clone().map_or_else(|| root().join("../shared/seeds"), PathBuf::from);
    if !folder.is_dir() {
        assert!(named.is_none(), "ROLECALL_SEEDS names {}, which is no folder", folder.display());
        println!("skipped: there is no folder {}; ROLECALL_SEEDS can name one", folder.display());
        return;
    }
    let (counts, wrong) = evaluate(&folder, &folder.join("gold.jsonl"), true);
    let core_is_wrong = |line: &&String| CORE.iter().any(|role| line.contains(role));
    let core_errors: Vec<_> = wrong.values().flatten().filter(core_is_wrong).collect();
    assert!(core_errors.is_empty(), "{core_errors:#?}");
    assert_eq!(core(&counts).f1(), 1.0);
}
