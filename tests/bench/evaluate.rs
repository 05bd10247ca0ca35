//! How fast `rolecall evaluate` is, and what memory it takes: articles a second and peak memory on 1,000, 10,000 and 100,000 gold
//! and predicted records of 500 words, with intervals and without, beside the time that parsing alone takes.
//! `cargo bench --bench evaluate`; `cargo bench --bench evaluate -- 20000` for fewer. A plain program, because it measures a
//! process. Linux only: peak memory is read from `/proc`. Needs some 100 KB of disk an article (10 GB), below `target/tmp`.
//!
//! Fails when a figure is not as the records were made, or when memory grows with the number of articles.

use rolecall::document::{Annotation, Document, Entity, Evidence, Kind, Label, Mention, Origin, RoleGiven, Status};
use rolecall::exchange::records::Records;
use rolecall::segment::segment;
use rolecall::span::Span;
use rolecall::write::offsets::OffsetUnit;
use rolecall::write::record::{Record, Run};
use serde_json::{Map, Value, json};
use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Articles that differ in more than their ids.
const DISTINCT: usize = 60;
const WORDS: usize = 500;
/// By how many bytes peak memory may grow from a tenth of the articles to all: 8 bytes an id and hash tables of them, and chance.
const GROWTH: u64 = 48 << 20;

/// Sentences of several lengths; `{0}` to `{5}` are [`WHO`]: in full the first time, then by the last word.
const SENTENCES: [&str; 8] = [
    "{1} was dismissed without notice by {3} on Thursday.",
    "Panel chair {0} told the hearing in {4} that the conduct of the officer had been deliberate, that it had gone on for the \
     better part of two years, and that no lesser sanction would do.",
    "The former constable, who joined {3} in 2009, denied it.",
    "{2}, for the chief constable, said that messages were sent to {5} before the café in {4} closed.",
    "“It was a joke,” {1} said.",
    "A spokesman for {3} said that {5} had been supported throughout and would not be commenting further on the matter.",
    "{0} said: “We have heard {2} and we have read what {5} wrote; nothing in it helps {1}.”",
    "The panel found gross misconduct in each of the four allegations, among them that he had looked at the records of a \
     neighbour.",
];
/// Who is in each article: first words by number of the article, the rest, the label, the role.
const WHO: [(&str, Label, Option<&str>); 6] = [
    ("Ashdown", Label::Per, Some("panel_chair")),
    ("Penrose", Label::Per, Some("named_officer")),
    ("Farley-Moore", Label::Per, Some("presenting_officer")),
    ("Police", Label::Org, None),
    ("Castlebridge", Label::Loc, None),
    ("Tillingham", Label::Per, Some("witness")),
];
const FIRST: [&str; 7] = ["Helen", "Óliver", "Rebecca", "Daniel", "Marcus", "Ines", "Tom"];

/// What the evaluation of some articles must say.
#[derive(Clone, Copy, Default)]
struct Counts {
    gold: u64,
    predicted: u64,
    strict: u64,
    gold_roles: u64,
    predicted_roles: u64,
}

/// An article's two records with `@ID@` for the id, and what their evaluation must say.
struct Article {
    gold: String,
    predicted: String,
    counts: Counts,
}

/// The text of article `number`, and its mentions: where, and of whom.
fn text(number: usize) -> (String, Vec<(Span, usize)>) {
    let (mut text, mut places, mut seen) = (String::new(), Vec::new(), [false; WHO.len()]);
    for step in 0.. {
        if text.split_whitespace().count() >= WORDS {
            break;
        }
        let mut rest = SENTENCES[(number * 5 + step) % SENTENCES.len()];
        while let Some(at) = rest.find('{') {
            text.push_str(&rest[..at]);
            let who = usize::from(rest.as_bytes()[at + 1] - b'0');
            let start = text.len();
            if !std::mem::replace(&mut seen[who], true) {
                text.push_str(FIRST[(number + who) % FIRST.len()]);
                text.push(' ');
            }
            text.push_str(WHO[who].0);
            places.push((start, text.len(), who));
            rest = &rest[at + 3..];
        }
        text.push_str(rest);
        text.push('\n');
    }
    let span = |(start, end, who)| (Span::new(&text, start, end).expect("names end at characters"), who);
    let places = places.into_iter().map(span).collect();
    (text, places)
}

/// The annotation that says `mentions`, and of whom; people of `without` have no role.
fn annotation(text: &str, mentions: &[(Span, usize, Label)], without: Option<usize>) -> Annotation {
    let mention = |(span, _, label): &(Span, usize, Label)| Mention {
        span: *span,
        label: label.clone(),
        kind: Kind::Name,
        score: 0.998,
        origin: Origin::Model,
    };
    let entity = |who: usize| {
        let own: Vec<usize> = (0..mentions.len()).filter(|&at| mentions[at].1 == who).collect();
        let first = mentions[*own.first()?].0;
        let evidence = vec![Evidence { rule: "chair.title_before_name".into(), span: first }];
        let given = |role: &str| RoleGiven { role: role.into(), score: 0.9, status: Status::Predicted, evidence };
        let roles = WHO[who].2.filter(|_| without != Some(who)).map(given).into_iter().collect();
        let name = first.of(text).to_owned();
        Some(Entity { label: WHO[who].1.clone(), name, anonymised: false, mentions: own, links: vec![], roles })
    };
    Annotation {
        segments: segment(text),
        mentions: mentions.iter().map(mention).collect(),
        entities: (0..WHO.len()).filter_map(entity).collect(),
        ..Annotation::default()
    }
}

/// Article `number`. Of its mentions the prediction lacks some and has others under another label; someone may lack his role.
fn article(number: usize) -> Article {
    let (text, places) = text(number);
    let gold: Vec<_> = places.into_iter().map(|(span, who)| (span, who, WHO[who].1.clone())).collect();
    let mut predicted = gold.clone();
    let wrong = predicted.iter_mut().skip(7).step_by(10).map(|mention| mention.2 = Label::Misc).count() as u64;
    let mut at = 0;
    predicted.retain(|_| {
        at += 1;
        at % 10 != 4
    });
    let without = Some(number % WHO.len());
    let (right, made) = (annotation(&text, &gold, None), annotation(&text, &predicted, without));
    let roles = |annotation: &Annotation| annotation.entities.iter().map(|entity| entity.roles.len() as u64).sum();
    let counts = Counts {
        gold: gold.len() as u64,
        predicted: predicted.len() as u64,
        strict: predicted.len() as u64 - wrong,
        gold_roles: roles(&right),
        predicted_roles: roles(&made),
    };
    let meta = Map::from_iter([("manner".to_owned(), json!(["local", "tabloid", "agency"][number % 3]))]);
    let document = Document { id: "@ID@".into(), text, meta };
    let run = Run { tool: "bench".into(), model: "none".into(), rules: "none".into(), precision: "none".into() };
    let line = |annotation| serde_json::to_string(&Record::new(&document, annotation, &run, OffsetUnit::Char));
    let line = |annotation| line(annotation).expect("a record is JSON");
    Article { gold: line(&right), predicted: line(&made), counts }
}

/// Writes the records of `count` articles into `folder`; gives the two files and what their evaluation must say.
fn write(folder: &Path, articles: &[Article], count: usize) -> ([PathBuf; 2], Counts) {
    let paths = ["gold.jsonl", "predicted.jsonl"].map(|name| folder.join(name));
    let mut files = paths.each_ref().map(|path| BufWriter::new(File::create(path).expect("a file can be made")));
    let mut counts = Counts::default();
    for (number, article) in articles.iter().cycle().take(count).enumerate() {
        for (file, line) in files.iter_mut().zip([&article.gold, &article.predicted]) {
            writeln!(file, "{}", line.replacen("@ID@", &format!("article {number}"), 1)).expect("there is room on the disk");
        }
        counts.gold += article.counts.gold;
        counts.predicted += article.counts.predicted;
        counts.strict += article.counts.strict;
        counts.gold_roles += article.counts.gold_roles;
        counts.predicted_roles += article.counts.predicted_roles;
    }
    (paths, counts)
}

/// How long it takes to parse the files, one after the other, as the program does.
fn parse(paths: &[PathBuf; 2], count: usize) -> Duration {
    let begin = Instant::now();
    for path in paths {
        let records = Records::open(&[path.display().to_string()]).expect("the file is there");
        assert_eq!(records.filter(Result::is_ok).count(), count);
    }
    begin.elapsed()
}

/// Runs the program; gives its report, how long it took, and its peak memory in bytes.
fn evaluate([gold, predicted]: &[PathBuf; 2], resamples: &str) -> (Value, Duration, u64) {
    let begin = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command.args(["evaluate", "--json", "--resamples", resamples, "--gold"]).arg(gold).arg("--pred").arg(predicted);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
    let mut stdout = child.stdout.take().expect("it is piped");
    let reader = thread::spawn(move || {
        let mut said = String::new();
        stdout.read_to_string(&mut said).map(|_| said)
    });
    let mut peak = 0;
    let status = loop {
        // The kernel keeps the peak, so that the last look before the end is as good as one at every moment.
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        peak = peak.max(kib.unwrap_or(0) << 10);
        match child.try_wait().expect("it is ours") {
            Some(status) => break status,
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    let time = begin.elapsed();
    assert!(status.success(), "{status}");
    let said = reader.join().expect("reading does not panic").expect("the report is UTF-8");
    (serde_json::from_str(&said).expect("the report is JSON"), time, peak)
}

fn check(report: &Value, count: usize, counts: Counts) {
    let whole = |path: &str| report.pointer(path).and_then(Value::as_u64).unwrap_or_else(|| panic!("{path} is no count"));
    let (mentions, roles) = ("/all/mentions/strict/micro", "/all/roles_by_entity/all");
    assert_eq!(whole("/articles/judged"), count as u64);
    for (path, expected) in [("gold", counts.gold), ("predicted", counts.predicted), ("found", counts.strict)] {
        assert_eq!(whole(&format!("{mentions}/{path}")), expected, "mentions {path}");
    }
    // Every role that was given is right.
    for (path, expected) in
        [("gold", counts.gold_roles), ("predicted", counts.predicted_roles), ("found", counts.predicted_roles)]
    {
        assert_eq!(whole(&format!("{roles}/{path}")), expected, "roles {path}");
    }
}

fn main() {
    let most = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(100_000_usize);
    let articles: Vec<Article> = (0..DISTINCT).map(article).collect();
    let bytes: usize = articles.iter().map(|article| article.gold.len() + article.predicted.len()).sum();
    let mentions: u64 = articles.iter().map(|article| article.counts.gold).sum();
    println!("articles of {WORDS} words, {} mentions, {} KB of records", mentions / DISTINCT as u64, bytes / DISTINCT / 1000);
    println!("{:>9}  {:<15}{:>9}{:>13}{:>13}", "articles", "what", "seconds", "articles/s", "peak, MB");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("target/tmp can be written");
    let mut peaks = Vec::new();
    for count in [most / 100, most / 10, most] {
        let (paths, counts) = write(folder.path(), &articles, count);
        let line = |what: &str, time: Duration, peak: &str| {
            let (seconds, rate) = (time.as_secs_f64(), count as f64 / time.as_secs_f64());
            println!("{count:>9}  {what:<15}{seconds:>9.2}{rate:>13.0}{peak:>13}");
        };
        line("parse alone", parse(&paths, count), "");
        for (what, resamples) in [("no intervals", "0"), ("1000 resamples", "1000")] {
            let (report, time, peak) = evaluate(&paths, resamples);
            check(&report, count, counts);
            line(what, time, &format!("{:.0}", peak as f64 / 1e6));
            peaks.push(peak);
        }
    }
    let [.., tenth, tenth_with, all, all_with] = peaks[..] else { unreachable!("six runs") };
    assert!(all <= tenth + GROWTH && all_with <= tenth_with + GROWTH, "memory grows with the articles: {peaks:?}");
}
