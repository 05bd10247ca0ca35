"""Four columns: every sequence of tags that `rolecall export --to conll` writes is well-formed by seqeval's strict reading of
IOB2; seqeval, nervaluate and `spacy convert` find in it the mentions and roles of the records."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import spacy
from nervaluate import Evaluator
from nervaluate.loaders import ConllLoader
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB2, Entities
from spacy.tokens import DocBin

import articles
from articles import Record
from exported import Case, Choices, Corpus, Mark, export, joined_roles, labels, marks, places, run

START = "-DOCSTART- -X- O O"


class Row(NamedTuple):
    """A line."""

    word: str
    part_of_speech: str
    third: str
    last: str


Sentence = list[Row]


def sentences(text: str) -> list[list[Sentence]]:
    """The sentences of each article."""
    assert text.endswith("\n\n") and "\n\n\n" not in text
    found: list[list[Sentence]] = []
    for block in text.removesuffix("\n\n").split("\n\n"):
        if block == START:
            found.append([])
            continue
        # Python's split, which most readers use, sees the four columns that the blanks make.
        assert all(line.split() == line.split(" ") for line in block.split("\n"))
        found[-1].append([Row(*line.split(" ")) for line in block.split("\n")])
    return found


def flat(article: list[Sentence]) -> Sentence:
    return [row for sentence in article for row in sentence]


def columns(record: Record, choices: Choices) -> tuple[list[Mark], list[Mark]]:
    """What the third column says, and the last."""
    named, given = labels(record, choices), joined_roles(record, choices)
    return {"ner": ([], named), "roles": ([], given), "both": (given, named)}[choices.layer]


def expected_marks(article: list[Sentence], record: Record, expected: list[Mark]) -> list[list[tuple[str, int, int]]]:
    """The marks of each sentence, as label, first row and last."""
    stood = places([row.word for row in flat(article)], record["text"])
    first = {start: row for row, (start, _) in enumerate(stood)}
    last = {end: row for row, (_, end) in enumerate(stood)}
    found, at = [], 0
    for sentence in article:
        rows = range(at, at + len(sentence))
        found.append([(label, first[start] - at, last[end] - at) for start, end, label in expected if first[start] in rows])
        at = rows.stop
    return found


class Written(NamedTuple):
    """The articles of a file, the records that they were made of, and what was wanted."""

    articles: list[list[Sentence]]
    records: list[Record]
    choices: Choices

    def pairs(self) -> list[tuple[list[Sentence], Record]]:
        return list(zip(self.articles, self.records, strict=True))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, case: Case) -> Written:
    path = export("conll", case.corpus.path, tmp_path_factory.mktemp("conll") / "out.conll", case.choices)
    return Written(sentences(path.read_bytes().decode()), case.expected, case.choices)


def test_columns_hold_the_articles(written: Written) -> None:
    for article, record in written.pairs():
        rows = flat(article)
        stood = places([row.word for row in rows], record["text"])
        third, last = columns(record, written.choices)
        assert marks([row.last for row in rows], stood) == last
        assert marks([row.third for row in rows], stood) == third
        assert {row.part_of_speech for row in rows} <= {"-X-"}
        assert all(sentence for sentence in article)


def test_no_mention_is_cut_by_a_sentence(written: Written) -> None:
    for article, _ in written.pairs():
        for sentence in article:
            assert not sentence[0].last.startswith("I-") and not sentence[0].third.startswith("I-")


def test_seqeval_finds_the_same_strictly(written: Written) -> None:
    for article, record in written.pairs():
        for place, expected in zip(("third", "last"), columns(record, written.choices)):
            tags = [[getattr(row, place) for row in sentence] for sentence in article]
            rows = expected_marks(article, record, expected)
            strict = [[(found.tag, found.start, found.end - 1) for found in of_one] for of_one in Entities(tags, IOB2).entities]
            assert strict == rows
            assert [get_entities(of_one) for of_one in tags] == rows


def test_nervaluate_finds_the_same(written: Written) -> None:
    pairs = [(article, record) for article, record in written.pairs() if article]
    loaded, expected = [], []
    for article, record in pairs:
        blocks = ["\n".join(f"{row.word}\t{row.last}" for row in sentence) for sentence in article]
        found = ConllLoader().load("\n\n".join(blocks))
        loaded += [[(entity.label, entity.start, entity.end) for entity in of_one] for of_one in found]
        expected += expected_marks(article, record, columns(record, written.choices)[1])
    assert loaded == expected
    tags = [[row.last for row in sentence] for article, _ in pairs for sentence in article]
    names = sorted({label for of_one in expected for label, _, _ in of_one})
    micro = Evaluator(tags, tags, tags=names, loader="list").evaluate()["overall"]["strict"]
    assert (micro.correct, micro.possible, micro.actual) == (sum(map(len, expected)),) * 3


@pytest.mark.parametrize("converter", ["ner", "conll"])
def test_spacy_converts_it(tmp_path: Path, corpus: Corpus, converter: str) -> None:
    path = export("conll", corpus.path, tmp_path / "out.conll", Choices())
    convert = [sys.executable, "-m", "spacy", "convert", str(path), str(tmp_path), "--converter", converter]
    done = subprocess.run(convert, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    docs = list(DocBin().from_disk(tmp_path / "out.spacy").get_docs(spacy.blank("xx").vocab))
    made = sentences(path.read_bytes().decode())
    # spaCy leaves out articles without a word.
    pairs = [(article, record) for article, record in zip(made, corpus.records, strict=True) if article]
    for doc, (article, record) in zip(docs, pairs, strict=True):
        assert [[token.text for token in sentence] for sentence in doc.sents] == [
            [row.word for row in sentence] for sentence in article
        ]
        stood = places([token.text for token in doc], record["text"])
        found = [Mark(stood[ent.start][0], stood[ent.end - 1][1], ent.label_) for ent in doc.ents]
        assert found == labels(record, Choices())


def test_articles_that_no_column_holds_are_refused(tmp_path: Path) -> None:
    fine = articles.records([articles.Sample("fine", ["PC ", articles.M("Ada", "ada"), "."])])
    path = articles.write(tmp_path / "records.jsonl", articles.records(articles.SEPARATORS) + fine)
    done = run("--to", "conll", path, "-o", tmp_path / "out.conll")
    assert done.returncode == 3 and b"separators" in done.stderr, done.stderr.decode()
    [article] = sentences((tmp_path / "out.conll").read_bytes().decode())
    assert [row.word for row in flat(article)] == ["PC", "Ada", "."]


def test_a_mention_without_a_word_marks_no_other(tmp_path: Path) -> None:
    path = articles.write(tmp_path / "records.jsonl", articles.records(articles.WORDLESS))
    done = run("--to", "conll", path, "-o", tmp_path / "out.conll")
    assert done.returncode in (0, 3), done.stderr.decode()
    assert " B-" not in (tmp_path / "out.conll").read_text(encoding="utf-8")


def test_standard_input_and_output(tmp_path: Path, corpus: Corpus) -> None:
    done = run("--to", "conll", "-", given=corpus.path.read_bytes())
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == export("conll", corpus.path, tmp_path / "out.conll", Choices()).read_bytes()
