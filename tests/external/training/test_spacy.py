"""spaCy: the DocBin that `rolecall export --to spacy` writes is read by spaCy, holds every article's text, mentions and roles,
and is one that spaCy can train on. Nothing is trained."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin
from spacy.training import Corpus as Examples
from spacy.vocab import Vocab

import articles
from articles import Record
from exported import PARTS, Case, Choices, Corpus, Mark, export, labels, roles, run, sentence_starts, split


def docs(data: bytes, vocab: Vocab | None = None) -> list[Doc]:
    """What spaCy reads, by default with a vocabulary that knows no word but those of the data."""
    return list(DocBin().from_bytes(data).get_docs(vocab or Vocab()))


def entities(doc: Doc) -> list[Mark]:
    return [Mark(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]


def role_spans(doc: Doc) -> list[Mark]:
    """The spans of the group, by the tokens, which is what spaCy trains on; the characters that a span holds say the same."""
    for span in doc.spans["roles"]:
        whole = doc[span.start : span.end]
        assert (whole.start_char, whole.end_char) == (span.start_char, span.end_char)
    return [Mark(span.start_char, span.end_char, span.label_) for span in doc.spans["roles"]]


def check(doc: Doc, record: Record, choices: Choices) -> None:
    assert doc.text == record["text"]
    assert entities(doc) == labels(record, choices)
    if choices.ner:
        assert [ent.ent_id_ for ent in doc.ents] == [span["entity"] or "" for span in record["spans"]]
    if choices.roles:
        assert list(doc.spans) == ["roles"]
        assert sorted(role_spans(doc)) == sorted(roles(record, choices))
    else:
        assert not doc.spans
    assert not doc.user_data and not doc.cats and not doc.has_unknown_spaces
    if len(doc):
        # What is not known is unset, so that nobody is taught that there is nothing.
        assert doc.has_annotation("ENT_IOB") == choices.ner
        assert not any(map(doc.has_annotation, ["TAG", "POS", "DEP", "LEMMA", "MORPH"]))


def test_docs_hold_the_articles(tmp_path: Path, case: Case) -> None:
    made = docs(export("spacy", case.corpus.path, tmp_path / "out.spacy", case.choices).read_bytes())
    for doc, record in zip(made, case.expected, strict=True):
        check(doc, record, case.choices)


def test_control_characters(tmp_path: Path) -> None:
    records = articles.records(articles.SEPARATORS)
    path = articles.write(tmp_path / "records.jsonl", records)
    for doc, record in zip(docs(export("spacy", path, tmp_path / "out.spacy", Choices()).read_bytes()), records, strict=True):
        check(doc, record, Choices())


def test_a_mention_without_a_word_marks_no_other(tmp_path: Path) -> None:
    path = articles.write(tmp_path / "records.jsonl", articles.records(articles.WORDLESS))
    done = run("--to", "spacy", path, "-o", tmp_path / "out.spacy")
    assert done.returncode in (0, 3), done.stderr.decode()
    for doc in docs((tmp_path / "out.spacy").read_bytes()):
        assert not doc.ents and not doc.spans.get("roles")


def test_no_article(tmp_path: Path) -> None:
    nobody_saw = articles.records([articles.Sample("a", [articles.M("Ada", "ada")])])
    path = articles.write(tmp_path / "records.jsonl", nobody_saw)
    assert docs(export("spacy", path, tmp_path / "out.spacy", Choices(only_accepted=True)).read_bytes()) == []


def test_sentences(tmp_path: Path, corpus: Corpus) -> None:
    path = export("spacy", corpus.path, tmp_path / "out.spacy", Choices())
    for doc in docs(path.read_bytes(), spacy.blank("en").vocab):
        starts = [token.is_sent_start for token in doc]
        assert None not in starts and starts[:1] in ([], [True])
        # White space belongs to the sentence before it, and mentions to one sentence.
        assert not any(token.is_sent_start and token.is_space for token in doc[1:])
        assert not any(sentence.text.isspace() for sentence in doc.sents) or doc.text.isspace()
        assert not any(token.is_sent_start for ent in doc.ents for token in ent[1:])


def test_sentences_are_those_of_the_record(tmp_path: Path, gold: Corpus) -> None:
    made = docs(export("spacy", gold.path, tmp_path / "out.spacy", Choices()).read_bytes())
    for doc, record in zip(made, gold.records, strict=True):
        # The first sentence has the white space before it.
        assert [token.idx for token in doc if token.is_sent_start] == [0, *sentence_starts(record)[1:]]


def test_white_space_is_cut_as_spacy_does(tmp_path: Path, gold: Corpus) -> None:
    """So that the white space, at least, is aligned whatever the words."""
    nlp = spacy.blank("en")
    path = export("spacy", gold.path, tmp_path / "out.spacy", Choices())
    for doc in docs(path.read_bytes(), nlp.vocab):
        theirs = [(token.idx, token.text) for token in nlp.make_doc(doc.text) if token.is_space]
        assert [(token.idx, token.text) for token in doc if token.is_space] == theirs


def test_examples_hold_the_annotation(tmp_path: Path, corpus: Corpus) -> None:
    """As `spacy train` reads them: its own tokens beside ours, aligned."""
    path = export("spacy", corpus.path, tmp_path / "out.spacy", Choices())
    examples = {example.reference.text: example for example in Examples(path)(spacy.blank("en"))}
    cut = 0
    for record in corpus.records:
        if not record["text"]:
            continue  # spaCy passes over empty articles
        example = examples[record["text"]]
        assert example.predicted.text == record["text"]
        assert entities(example.reference) == labels(record, Choices())
        theirs = {token.idx for token in example.predicted} | {token.idx + len(token) for token in example.predicted}
        held = [mark for mark in labels(record, Choices()) if {mark.start, mark.end} <= theirs]
        cut += len(record["spans"]) - len(held)
        assert [mark for mark in map(Mark._make, spans_of(example.get_aligned_spans_y2x(example.reference.ents)))] == held
    # Mentions that end inside a word of spaCy's: "44-year-old", "PC's", run-together words.
    assert cut < 0.02 * sum(len(record["spans"]) for record in corpus.records) + 20


def spans_of(spans: list[spacy.tokens.Span]) -> list[tuple[int, int, str]]:
    return [(span.start_char, span.end_char, span.label_) for span in spans]


def test_standard_input_and_output(corpus: Corpus, tmp_path: Path) -> None:
    done = run("--to", "spacy", "-", given=corpus.path.read_bytes())
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == export("spacy", corpus.path, tmp_path / "out.spacy", Choices()).read_bytes()


# ---- spaCy's own checks ------------------------------------------------------------------------------------
def command(*arguments: str | Path) -> str:
    """What a command of spaCy's says; it must do well."""
    done = subprocess.run(
        [sys.executable, "-m", "spacy", *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def debug_data(folder: Path, config: Path) -> str:
    """What `spacy debug data` says of the parts; it must find no error."""
    paths = ["--paths.train", str(folder / "train.spacy"), "--paths.dev", str(folder / "dev.spacy")]
    said = command("debug", "data", config, "--verbose", "--no-format", *paths)
    summary = said[said.index("Summary") :]
    assert re.search(r"\d+ checks passed", summary) and "error" not in summary, said
    assert "No overlap between training and evaluation data" in said, said
    return said


def count(pattern: str, said: str) -> int:
    found = re.search(pattern, said)
    return int(found[1]) if found else 0


@pytest.fixture(scope="module")
def parts(gold: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return split("spacy", gold.path, tmp_path_factory.mktemp("parts") / "parts")


def test_parts_hold_all_articles(parts: Path, gold: Corpus) -> None:
    made = [docs((parts / f"{part}.spacy").read_bytes()) for part in PARTS]
    assert sorted(doc.text for part in made for doc in part) == sorted(record["text"] for record in gold.records)
    assert all(made) and len(made[0]) > 5 * len(made[1])
    expected = {record["text"]: record for record in gold.records}
    for part in made:
        for doc in part:
            check(doc, expected[doc.text], Choices())


def test_debug_data_for_ner(parts: Path, gold: Corpus, tmp_path: Path) -> None:
    command("init", "config", tmp_path / "config.cfg", "--lang", "en", "--pipeline", "ner")
    said = debug_data(parts, tmp_path / "config.cfg")
    assert "No entities consisting of or starting/ending with whitespace" in said
    assert "No entities crossing sentence boundaries" in said
    assert count(r"(\d+) label\(s\)", said) == len({span["label"] for record in gold.records for span in record["spans"]})
    # What spaCy's tokens cut, and nothing else, is missing.
    words = count(r"(\d+) total word", said)
    assert words > 40_000 and count(r"(\d+) missing value", said) < 0.002 * words
    assert count(r"(\d+) misaligned tokens in the training data", said) < 0.02 * words


def test_debug_data_for_spancat(parts: Path, gold: Corpus, tmp_path: Path) -> None:
    command("init", "config", tmp_path / "config.cfg", "--lang", "en", "--pipeline", "spancat")
    config = tmp_path / "config.cfg"
    config.write_text(config.read_text().replace('spans_key = "sc"', 'spans_key = "roles"').replace("spans_sc_", "spans_roles_"))
    said = debug_data(parts, config)
    names = {role["role"] for record in gold.records for entity in record["entities"] for role in entity["roles"]}
    assert all(name in said for name in names)
