//! Review, gold and the server between them, spoken to as a browser speaks to it: what is saved is saved, what is forged is
//! refused, and what was accepted is gold. The page itself is tested in a browser, by `tests/external/browser`.

use crate::program::{Folder, lines, rolecall, root, run};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A server at work; killed, as by a crash, when it is dropped.
struct Server {
    child: Child,
    host: String,
    token: String,
}

/// What came back.
struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.body))
    }
}

impl Server {
    fn start(file: &str, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
        command.args(["review", file, "--no-open"]).args(more).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let (host, token) = address.trim().strip_prefix("http://").unwrap().split_once('/').unwrap();
        Self { child, host: host.to_owned(), token: token.trim_end_matches('/').to_owned() }
    }

    /// Sends a request with exactly these headers.
    fn raw(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = body.len();
        write!(stream, "{line} HTTP/1.1\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}").unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        let reply = String::from_utf8(reply).unwrap();
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        // Nothing that is asked for here is sent in chunks.
        assert!(!head.to_lowercase().contains("transfer-encoding"), "{head}");
        Reply { status, head: head.to_owned(), body: body.to_owned() }
    }

    fn get(&self, path: &str) -> Reply {
        self.raw(&format!("GET /{}/{path}", self.token), &[("Host", &self.host)], "")
    }

    fn article(&self, number: usize) -> Value {
        self.get(&format!("api/articles/{number}")).json()
    }

    fn post(&self, number: usize, version: &Value, decision: &Value) -> Reply {
        let (line, origin) = (format!("POST /{}/api/articles/{number}", self.token), format!("http://{}", self.host));
        let body = json!({"version": version, "decision": decision}).to_string();
        self.raw(&line, &[("Host", &self.host), ("Origin", &origin), ("Content-Type", "application/json")], &body)
    }

    /// Decides on the article as it is now.
    fn decide(&self, number: usize, decision: &Value) -> Value {
        let reply = self.post(number, &self.article(number)["version"], decision);
        assert_eq!(reply.status, 200, "{decision}: {}", reply.body);
        reply.json()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Records of the development split, as predicted: the first so many, after one whose text is meant to do harm.
fn records(folder: &Folder, count: usize) -> String {
    let gold = fs::read_to_string(root().join("corpus/gold/development.jsonl")).unwrap();
    let mut records: Vec<Value> = lines(&gold).into_iter().take(count).collect();
    for record in &mut records {
        for role in record["entities"].as_array_mut().unwrap().iter_mut().flat_map(|e| e["roles"].as_array_mut().unwrap()) {
            role["status"] = json!("predicted");
        }
    }
    folder.write("made.jsonl", records.iter().map(|record| format!("{record}\n")).collect::<String>())
}

fn ends(mention: &Value) -> Value {
    json!({"start": mention["start"], "end": mention["end"]})
}

/// The words between two UTF-16 offsets.
fn words(article: &Value, from: &Value) -> String {
    let units: Vec<u16> = article["text"].as_str().unwrap().encode_utf16().collect();
    let end = |key: &str| from[key].as_u64().unwrap() as usize;
    String::from_utf16(&units[end("start")..end("end")]).unwrap()
}

/// The first person who has a role, with the first mention and the role.
fn somebody(article: &Value) -> (usize, Value, String) {
    let people = article["people"].as_array().unwrap();
    let at = people.iter().position(|person| !person["roles"].as_array().unwrap().is_empty()).unwrap();
    let first = people[at]["mentions"][0].as_u64().unwrap() as usize;
    (at, ends(&article["mentions"][first]), people[at]["roles"][0]["role"].as_str().unwrap().to_owned())
}

#[test]
fn what_the_page_says_is_saved_survives_a_kill_and_becomes_gold() {
    let folder = Folder::new();
    let file = records(&folder, 3);
    let answers = folder.path("made.answers.jsonl");
    let server = Server::start(&file, &["--reviewer", "anna"]);
    let before = server.article(0);
    let (at, person, role) = somebody(&before);
    let after = server.decide(0, &json!({"do": "role", "person": person, "role": role, "holds": false}));
    assert_eq!(after["people"][at]["roles"][0]["status"], "rejected");
    server.decide(0, &json!({"do": "role", "person": person, "role": "witness", "holds": true}));
    server.decide(0, &json!({"do": "note", "text": "<b>odd</b> 🦊"}));
    assert_eq!(server.decide(0, &json!({"do": "accept"}))["status"], "accepted");
    server.decide(1, &json!({"do": "reject"}));
    drop(server);
    // A crash in the middle of a line.
    fs::OpenOptions::new()
        .append(true)
        .open(&answers)
        .unwrap()
        .write_all(b"{\"schema\":\"rolecall-answer/1\",\"id\":\"x")
        .unwrap();

    let server = Server::start(&file, &["--reviewer", "anna"]);
    let again = server.article(0);
    assert_eq!((&again["status"], &again["notes"][0]["text"]), (&json!("accepted"), &json!("<b>odd</b> 🦊")));
    assert_eq!(server.decide(0, &json!({"do": "undo"}))["status"], "undecided");
    assert_eq!(server.decide(0, &json!({"do": "redo"}))["status"], "accepted");
    let session = server.get("api/session").json();
    assert_eq!(session["tally"], json!({"undecided": 1, "accepted": 1, "rejected": 1, "skipped": 0, "stale": 0}));

    let gold = folder.path("gold.jsonl");
    let ended = run(&mut rolecall(&["gold", &file, "--answers", &answers, "-o", &gold]));
    assert_eq!(ended.code, 3, "a line of the answers is none: {}", ended.messages);
    assert!(
        ended.messages.contains("1 article of gold") && ended.messages.contains("1 rejected, 1 undecided"),
        "{}",
        ended.messages
    );
    let gold = lines(&fs::read_to_string(gold).unwrap());
    assert_eq!((gold.len(), &gold[0]["meta"]["reviewers"]), (1, &json!(["anna"])));
    let roles = &gold[0]["entities"][at]["roles"];
    assert_eq!(
        (&roles[0]["status"], &roles[1]["role"], &roles[1]["status"]),
        (&json!("rejected"), &json!("witness"), &json!("corrected"))
    );
    let made = lines(&fs::read_to_string(&file).unwrap());
    assert_eq!(gold[0]["text"], made[0]["text"]);
    assert!(made[0]["entities"][at]["roles"][0]["status"] == "predicted", "the file of records was written to");
}

#[test]
fn two_pages_do_not_overwrite_each_other_and_reviewers_have_views_of_their_own() {
    let folder = Folder::new();
    let file = records(&folder, 1);
    let (one, other) = (Server::start(&file, &["--reviewer", "anna"]), Server::start(&file, &["--reviewer", "anna"]));
    let version = one.article(0)["version"].clone();
    let (_, person, role) = somebody(&one.article(0));
    let reject = json!({"do": "role", "person": person, "role": role, "holds": false});
    assert_eq!(one.post(0, &version, &reject).status, 200);
    // The other program has not looked since, and its page less so.
    let late = other.post(0, &version, &json!({"do": "accept"}));
    assert_eq!(late.status, 409);
    let now = late.json();
    assert!(now["message"].as_str().unwrap().contains("changed elsewhere"));
    assert_eq!(now["article"], one.article(0));
    assert_eq!(other.post(0, &now["article"]["version"], &json!({"do": "accept"})).status, 200);
    assert_eq!(one.article(0)["status"], "accepted");

    let berta = Server::start(&file, &["--reviewer", "berta"]);
    assert_eq!((&berta.article(0)["status"], &berta.article(0)["undo"]), (&json!("undecided"), &Value::Null));
    berta.decide(0, &json!({"do": "accept"}));
    let ended = run(&mut rolecall(&["gold", &file, "--answers", &folder.path("made.answers.jsonl")]));
    assert_eq!((ended.code, ended.output.len()), (3, 0), "{}", ended.messages);
    assert!(ended.messages.contains("reviewers differ") && ended.messages.contains(": berta"), "{}", ended.messages);
}

#[test]
fn forged_requests_are_refused_and_leave_nothing() {
    let folder = Folder::new();
    let server = Server::start(&records(&folder, 1), &[]);
    let (host, token) = (&*server.host, &*server.token);
    let (own, path) = (format!("http://{host}"), format!("/{token}/api/articles/0"));
    let body = json!({"version": "", "decision": {"do": "accept"}}).to_string();
    let forged: [(&str, &[(&str, &str)]); 7] = [
        (&format!("GET /{}0/", &token[1..]), &[("Host", host)]),
        ("GET /api/session", &[("Host", host)]),
        (&format!("GET /{token}/"), &[("Host", "rebound.example")]),
        (&format!("POST {path}"), &[("Host", host), ("Content-Type", "application/json")]),
        (&format!("POST {path}"), &[("Host", host), ("Origin", "http://evil.example"), ("Content-Type", "application/json")]),
        (&format!("POST {path}"), &[("Host", host), ("Origin", "null"), ("Content-Type", "application/json")]),
        (
            &format!("POST {path}"),
            &[("Host", "evil.example"), ("Origin", "http://evil.example"), ("Content-Type", "application/json")],
        ),
    ];
    for (line, headers) in forged {
        let reply = server.raw(line, headers, if line.starts_with("POST") { &body } else { "" });
        assert_eq!(reply.status, 403, "{line} {headers:?}");
        assert!(!reply.body.contains(token));
    }
    // What a form of another page could send.
    let simple = [("Host", host), ("Origin", &*own), ("Content-Type", "text/plain")];
    assert_eq!(server.raw(&format!("POST {path}"), &simple, &body).status, 422);
    assert_eq!(fs::read_to_string(folder.path("made.answers.jsonl")).unwrap(), "");
    let page = server.get("");
    assert_eq!(page.status, 200);
    let head = page.head.to_lowercase();
    for header in
        ["content-security-policy: default-src 'none'; script-src 'self'", "x-content-type-options: nosniff", "no-store"]
    {
        assert!(head.contains(header), "{header}: {head}");
    }
    assert!(!page.body.contains("<script>") && !head.contains("unsafe"));
}

#[test]
fn what_makes_no_sense_is_refused_with_a_reason_and_changes_nothing() {
    let folder = Folder::new();
    let server = Server::start(&records(&folder, 1), &[]);
    let article = server.article(0);
    let (_, person, _) = somebody(&article);
    let nonsense = [
        (json!({"do": "add", "span": {"start": 0, "end": 99_999_999}, "label": "PER", "person": null}), "no stretch of the text"),
        (json!({"do": "add", "span": {"start": 5, "end": 5}, "label": "PER", "person": null}), "no stretch of the text"),
        (json!({"do": "add", "span": person, "label": "XYZ", "person": null}), "overlaps"),
        (json!({"do": "delete", "mention": {"start": 0, "end": 1}}), "not there"),
        (json!({"do": "merge", "person": person, "into": person}), "one already"),
        (json!({"do": "undo"}), "nothing to undo"),
        (json!({"do": "role", "person": person, "role": " \n", "holds": true}), "no name"),
        (json!({"do": "dance"}), "unknown variant"),
        (json!({"do": "accept", "and": 1}), "unknown field"),
    ];
    for (decision, why) in nonsense {
        let reply = server.post(0, &article["version"], &decision);
        let message = reply.json()["message"].as_str().unwrap().to_owned();
        assert!(reply.status == 422 && message.contains(why), "{decision}: {} {message}", reply.status);
    }
    assert_eq!(server.article(0), article);
    assert_eq!(server.get("api/articles/7").status, 404);
    assert_eq!(server.get("nowhere.js").status, 404);
    assert_eq!(server.get("api/queue?order=backwards").status, 400);
}

#[test]
fn offsets_of_the_page_are_those_of_a_browser() {
    let folder = Folder::new();
    let text = "🦊 قال Bo Lisle: </script><script>alert(1)</script>\r\nPC Oné left.";
    let article = folder.write("hard.jsonl", format!("{}\n", json!({"id": "hard", "text": text})));
    let file = folder.path("made.jsonl");
    let ended = run(&mut rolecall(&["annotate", "-q", &article, "-o", &file]));
    assert_eq!(ended.code, 0, "{}", ended.messages);
    let server = Server::start(&file, &[]);
    let start = text[..text.find("alert").unwrap()].encode_utf16().count();
    let span = json!({"start": start, "end": start + 5});
    let after = server.decide(0, &json!({"do": "add", "span": span, "label": "MISC", "person": null}));
    let added = after["mentions"].as_array().unwrap().iter().find(|mention| mention["source"] == "annotator").unwrap();
    assert_eq!(words(&after, added), "alert");
    server.decide(0, &json!({"do": "accept"}));
    let ended = run(&mut rolecall(&["gold", &file, "--answers", &folder.path("made.answers.jsonl")]));
    let gold = &ended.records()[0];
    let spans = gold["spans"].as_array().unwrap();
    let marked = spans.iter().find(|span| span["label"] == "MISC").unwrap();
    assert_eq!((&marked["text"], &gold["text"]), (&json!("alert"), &json!(text)));
}

#[test]
fn whoever_asks_while_the_file_is_read_gets_an_answer() {
    let folder = Folder::new();
    let one = fs::read_to_string(records(&folder, 54)).unwrap();
    // Long enough that it is still being read when the questions come; the ids must differ.
    let copies = (0..15).map(|copy| {
        one.replace("{\"schema\":\"rolecall/1\",\"id\":\"", &format!("{{\"schema\":\"rolecall/1\",\"id\":\"{copy}-"))
    });
    let file = folder.write("many.jsonl", copies.collect::<String>());
    let server = Server::start(&file, &[]);
    let reading = || server.get("api/session").json()["reading"] == true;
    assert!(reading(), "the file is too short for this test");
    // Searches, lists, decisions and the like at once: they once waited for each other, and for the reader, for ever.
    std::thread::scope(|scope| {
        for path in ["api/queue?text=police", "api/step?text=officer", "api/session", "api/queue?order=doubt"] {
            let (server, reading) = (&server, &reading);
            scope.spawn(move || {
                while reading() {
                    assert_eq!(server.get(path).status, 200);
                }
            });
        }
        scope.spawn(|| {
            while reading() {
                server.decide(0, &json!({"do": "skip"}));
                server.decide(0, &json!({"do": "undo"}));
            }
        });
    });
    assert_eq!(server.get("api/session").json()["articles"], 54 * 15);
}

#[test]
fn the_queue_is_ordered_filtered_and_searched() {
    let folder = Folder::new();
    let server = Server::start(&records(&folder, 30), &[]);
    while server.get("api/session").json()["reading"] == true {}
    let queue = |query: &str| server.get(&format!("api/queue?count=100&{query}")).json();
    let numbers = |queue: &Value| -> Vec<u64> {
        queue["items"].as_array().unwrap().iter().map(|item| item["number"].as_u64().unwrap()).collect()
    };
    let all = queue("");
    let doubts: Vec<f64> = all["items"].as_array().unwrap().iter().map(|item| item["doubt"].as_f64().unwrap()).collect();
    assert!(all["total"] == 30 && doubts.is_sorted_by(|a, b| a >= b) && doubts[0] > doubts[29], "{doubts:?}");
    assert_eq!(numbers(&queue("order=file")), (0..30).collect::<Vec<u64>>());
    let chairs = queue("order=file&role=panel_chair");
    assert!(chairs["total"].as_u64().unwrap() > 0 && chairs["total"].as_u64().unwrap() < 30);
    for item in chairs["items"].as_array().unwrap() {
        let article = server.article(item["number"].as_u64().unwrap() as usize);
        assert!(article["people"].to_string().contains("panel_chair"));
    }
    // Words are looked for in ids and texts, in whatever case.
    let article = server.article(7);
    let word = words(&article, &article["mentions"][0]).split(' ').next().unwrap().to_uppercase();
    assert!(numbers(&queue(&format!("text={word}"))).contains(&7));
    assert_eq!(queue("text=qqqqq")["total"], 0);
    assert_eq!(queue("role=juggler")["total"], 0);
    // Where one goes on to does not depend on whether this article is still wanted.
    let order = numbers(&all);
    server.decide(order[3] as usize, &json!({"do": "accept"}));
    let step = |query: &str| server.get(&format!("api/step?{query}")).json()["number"].clone();
    assert_eq!(step(&format!("status=undecided&from={}&by=1", order[3])), order[4]);
    assert_eq!(step(&format!("status=undecided&from={}&by=-1", order[3])), order[2]);
    assert_eq!(step(&format!("status=undecided&from={}&by=1", order[2])), order[4]);
    assert_eq!((step(&format!("from={}", order[29])), step("order=file")), (Value::Null, json!(0)));
    server.decide(order[0] as usize, &json!({"do": "skip"}));
    assert_eq!(numbers(&queue(""))[29], order[0], "what was skipped comes last");
    let id = article["id"].as_str().unwrap();
    assert_eq!(server.get(&format!("api/find?id={id}")).json()["number"], 7);
}
