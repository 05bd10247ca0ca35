//! What the bytes of a file stand for: encodings, line ends, compression, limits, and any bytes at all.

use super::*;
use proptest::prelude::*;

const LINE: &str = "{\"text\": \"a\"}\n";

fn only(name: &str, bytes: &[u8]) -> Item {
    let mut items = Folder::new(&[(name, bytes)]).read(&[name]);
    assert_eq!(items.len(), 1, "{items:?}");
    items.remove(0)
}

fn text_of(name: &str, bytes: &[u8]) -> String {
    only(name, bytes).unwrap().text
}

fn outline(name: &str, bytes: &[u8]) -> Vec<String> {
    Folder::new(&[(name, bytes)]).outline(&[name])
}

#[test]
fn a_text_is_kept_as_it_is_but_for_the_byte_order_mark() {
    for text in ["One.\r\nTwo.\r\n", "  One. ", "£5 – \u{1f600}\u{2028}\u{feff}", "e\u{301}\r"] {
        assert_eq!(text_of("a.txt", text.as_bytes()), text);
        let marked = format!("\u{feff}{text}");
        assert_eq!(text_of("a.txt", marked.as_bytes()), text);
        assert_eq!(text_of("a.txt.gz", &gzip(marked.as_bytes())), text);
        assert_eq!(text_of("a.txt.zst", &zstandard(marked.as_bytes())), text);
    }
}

#[test]
fn lines_end_with_lf_crlf_or_the_file() {
    let bytes =
        b"\xef\xbb\xbf{\"id\": 1, \"text\": \"a\\r\\n\"}\r\n\r\n \t\n{\"id\": 4, \"text\": \"b\"}\n{\"id\": 5, \"text\": \"c\"}";
    let folder = Folder::new(&[("m.jsonl", bytes)]);
    let documents: Vec<Document> = folder.read(&["m.jsonl"]).into_iter().map(Result::unwrap).collect();
    assert_eq!(documents[0].text, "a\r\n");
    let lines: Vec<_> = documents.iter().map(|document| document.meta["source"]["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [1, 4, 5], "blank lines are counted");
    assert_eq!(outline("m.jsonl", b"{\"id\": 1, \"text\": \"a\"}\r\n{\r\n"), ["+1", "bad_json m.jsonl:2"]);
}

#[test]
fn files_with_marks_can_be_put_together() {
    let marked = format!("\u{feff}{LINE}");
    assert!(outline("m.jsonl", marked.repeat(2).as_bytes()).iter().all(|line| line.starts_with('+')));
}

#[test]
fn files_without_an_article_are_empty() {
    for bytes in [&b""[..], b"\xef\xbb\xbf", b" \r\n\t", b"\xef\xbb\xbf\n\xc2\xa0\n"] {
        assert_eq!(outline("a.txt", bytes), ["empty_file a.txt"], "{bytes:?}");
        assert_eq!(outline("a.txt.gz", &gzip(bytes)), ["empty_file a.txt.gz"]);
    }
    for bytes in [&b""[..], b"\xef\xbb\xbf", b"\n\r\n \n"] {
        assert_eq!(outline("m.jsonl", bytes), ["empty_file m.jsonl"], "{bytes:?}");
        assert_eq!(outline("m.jsonl.zst", &zstandard(bytes)), ["empty_file m.jsonl.zst"]);
    }
    for name in ["a.txt.gz", "a.txt.zst", "m.jsonl.gz", "m.jsonl.zst"] {
        assert_eq!(outline(name, b""), [format!("empty_file {name}")]);
    }
    assert_eq!(text_of("m.jsonl", b"{\"text\": \"\"}"), "", "an empty text in JSON is a document");
}

#[test]
fn a_text_file_that_is_not_utf8_is_refused() {
    let refusal = only("a.txt", b"caf\xe9 noir").unwrap_err();
    assert_eq!((refusal.code, refusal.id.as_deref()), (Code::NotUtf8, Some("a.txt")));
    assert!(refusal.message.contains("found 0xE9 at byte 3 of the file, counted from 0"), "{}", refusal.message);
    let refusal = only("a.txt", b"\xff\xfeA\0").unwrap_err();
    assert!(refusal.message.contains("iconv -f UTF-16"), "{}", refusal.message);
}

#[test]
fn a_line_that_is_not_utf8_is_refused_alone() {
    let folder = Folder::new(&[("m.jsonl", b"{\"id\": 1, \"text\": \"\"}\n{\"id\": \"\xe9\"}\n{\"id\": 3, \"text\": \"\"}\n")]);
    assert_eq!(folder.outline(&["m.jsonl"]), ["+1", "not_utf8 m.jsonl:2", "+3"]);
    let refusal = folder.read(&["m.jsonl"]).remove(1).unwrap_err();
    assert!(refusal.message.contains("at byte 8 of the line"), "{}", refusal.message);
}

#[test]
fn a_nul_is_refused() {
    let refusal = only("a.txt", "é\0".as_bytes()).unwrap_err();
    assert_eq!(refusal.code, Code::NulCharacter);
    assert!(refusal.message.contains("at character 1 of the text"), "{}", refusal.message);
    assert_eq!(outline("m.jsonl", b"{\"id\": 1, \"text\": \"\\u0000\"}\n"), ["nul_character m.jsonl:1"]);
}

#[test]
fn members_and_frames_follow_each_other() {
    for (name, bytes) in [
        ("m.jsonl.gz", [gzip(b"{\"id\": 1, \"te"), gzip(b""), gzip(b"xt\": \"a\"}\n{\"id\": 2, \"text\": \"\"}")].concat()),
        ("m.jsonl.zst", [zstandard(b"{\"id\": 1, \"te"), zstandard(b"xt\": \"a\"}\n{\"id\": 2, \"text\": \"\"}")].concat()),
    ] {
        assert_eq!(outline(name, &bytes), ["+1", "+2"]);
    }
}

/// `count` lines with ids from 1 and a text that does not compress, so that they come in many blocks.
fn noise(count: u64) -> Vec<u8> {
    let mut state = 1_u64;
    let mut lines = String::new();
    for id in 1..=count {
        let text: String = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b'a' + (state >> 60) as u8)
        })
        .take(40)
        .collect();
        lines += &format!("{{\"id\": {id}, \"text\": \"{text}\"}}\n");
    }
    lines.into_bytes()
}

#[test]
fn of_a_damaged_file_the_lines_before_are_read() {
    let lines = noise(20_000);
    for (name, whole) in [("m.jsonl.gz", gzip(&lines)), ("m.jsonl.zst", zstandard(&lines))] {
        let cut = &whole[..whole.len() / 2];
        let mut flipped = whole.clone();
        let middle = whole.len() / 2;
        flipped[middle..middle + 64].fill(0xff);
        let trailing = [&whole[..], b"more"].concat();
        for (fault, bytes, at_least) in [("cut", cut, 2000), ("flipped", &flipped, 2000), ("trailing", &trailing, 20_000)] {
            let lines = outline(name, bytes);
            let (last, before) = lines.split_last().unwrap();
            assert!(last.starts_with(&format!("broken_compression {name}:")), "{fault} {name}: {last}");
            assert!(before.len() >= at_least, "{fault} {name}: {}", before.len());
            assert!(fault == "flipped" || before.iter().enumerate().all(|(n, line)| *line == format!("+{}", n + 1)));
        }
        assert_eq!(outline(name, b"plain"), [format!("broken_compression {name}:1")]);
    }
}

#[test]
fn a_damaged_text_file_is_refused() {
    let text = noise(20);
    for (name, whole) in [("a.txt.gz", gzip(&text)), ("a.txt.zst", zstandard(&text))] {
        let refusal = only(name, &whole[..whole.len() - 3]).unwrap_err();
        assert_eq!((refusal.code, refusal.line), (Code::BrokenCompression, None));
        assert_eq!(outline(name, b"plain"), [format!("broken_compression {name}")]);
    }
}

#[test]
fn the_limit_is_exact() {
    let options = ReadOptions { max_bytes: LINE.len() - 1, ..ReadOptions::default() };
    let codes = |name: &str, text: &str| -> Vec<String> {
        let folder = Folder::new(&[(name, text.as_bytes())]);
        let reader = folder.resolve(&[name], &options).unwrap().read();
        reader.map(|item| item.map_or_else(|refusal| refusal.code.to_string(), |_| "+".into())).collect()
    };
    let (fits, larger) = (LINE.trim_end(), LINE.trim_end().replace('a', "aa"));
    for end in ["\n", "\r\n", ""] {
        assert_eq!(codes("m.jsonl", &format!("{larger}\n{larger}x\r\n{larger}yz\n{fits}{end}"))[..3], ["too_large"; 3]);
        assert_eq!(codes("m.jsonl", &format!("{larger}\n{fits}{end}")), ["too_large", "+"], "{end:?}");
        assert_eq!(codes("m.jsonl", &format!("{fits}{end}")), ["+"], "{end:?}");
    }
    assert_eq!(codes("m.jsonl", &larger), ["too_large"]);
    assert_eq!((codes("a.txt", fits), codes("a.txt", &larger)), (vec!["+".into()], vec!["too_large".into()]));
}

#[test]
fn a_line_of_50_mb_is_refused_and_the_next_read() {
    let mut bytes = b"{\"id\": 1, \"text\": \"".to_vec();
    bytes.resize(50_000_000, b'a');
    bytes.extend_from_slice(b"\"}\n{\"id\": 2, \"text\": \"\"}\n");
    for (name, bytes) in [("m.jsonl", bytes.clone()), ("m.jsonl.gz", gzip(&bytes)), ("m.jsonl.zst", zstandard(&bytes))] {
        let folder = Folder::new(&[(name, &bytes)]);
        let items = folder.read(&[name]);
        let refusal = items[0].as_ref().unwrap_err();
        assert_eq!((refusal.code, refusal.line), (Code::TooLarge, Some(1)));
        assert!(refusal.message.contains("at most 16 MiB, found a line of 50000003 bytes"), "{}", refusal.message);
        assert_eq!(items[1].as_ref().unwrap().id, "2");
    }
    let text = vec![b'a'; 50_000_000];
    assert_eq!(only("a.txt", &text).unwrap_err().code, Code::TooLarge);
    assert_eq!(only("a.txt.gz", &gzip(&text)).unwrap_err().code, Code::TooLarge);
}

/// Bytes that look like JSON lines often enough to get past the first check.
fn nearly_lines() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(LINE.as_bytes().to_vec()),
        Just(b"{\"id\": 1, \"text\": \"".to_vec()),
        Just(b"\"}\r\n".to_vec()),
        Just(b"{\"meta\": {\"source\": 1}, \"text\": \"\"}\n".to_vec()),
        Just(b"\\ud800".to_vec()),
        Just("\u{feff}".as_bytes().to_vec()),
        Just(b"\n".to_vec()),
        prop::collection::vec(any::<u8>(), 0..8),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_bytes_give_documents_or_refusals_with_a_path(
        bytes in prop_oneof![prop::collection::vec(any::<u8>(), 0..256), nearly_lines()],
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let (mut gz, mut zst) = (gzip(&bytes), zstandard(&bytes));
        let (in_gz, in_zst) = (at.index(gz.len()), at.index(zst.len()));
        let cut = gz[..in_gz].to_vec();
        gz[in_gz] = byte;
        zst[in_zst] = byte;
        let names = ["a.txt", "a.jsonl", "b.txt.gz", "b.jsonl.gz", "c.jsonl.gz", "d.txt.gz", "d.jsonl.gz", "d.txt.zst", "d.jsonl.zst"];
        let contents: [&[u8]; 9] = [&bytes, &bytes, &bytes, &bytes, &cut, &gz, &gz, &zst, &zst];
        let folder = Folder::new(&names.into_iter().zip(contents).collect::<Vec<_>>());
        for options in [ReadOptions::default(), ReadOptions { max_bytes: 20, ..ReadOptions::default() }] {
            let mut refused = 0;
            for item in folder.resolve(&names, &options).unwrap().read() {
                match item {
                    Ok(document) => {
                        prop_assert!(document.text.len() <= options.max_bytes && !document.text.contains('\0'));
                        prop_assert!(document.meta["source"]["path"].is_string());
                    }
                    Err(refusal) => {
                        let path = refusal.path.clone().unwrap_or_default();
                        prop_assert!(names.iter().any(|name| path == folder.path(name)), "{:?}", refusal);
                        prop_assert!(refusal.message.starts_with("expected ") && refusal.message.len() < 1000);
                        refused += 1;
                    }
                }
            }
            prop_assert!(refused >= 1, "a gzip file that is cut off is never read without a word");
        }
    }

    #[test]
    fn a_text_comes_back_unchanged(text in "\\PC{1,40}(\r\n|\n|\t| ){0,2}\\PC{0,40}") {
        prop_assume!(!text.trim().is_empty() && !text.starts_with('\u{feff}'));
        prop_assert_eq!(&text_of("a.txt", text.as_bytes()), &text);
        let line = serde_json::json!({"text": text}).to_string();
        prop_assert_eq!(&text_of("m.jsonl.gz", &gzip(line.as_bytes())), &text);
    }
}
