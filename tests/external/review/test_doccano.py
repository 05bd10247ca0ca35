"""doccano: its own parser reads what rolecall exports, with the spans that the records have; what its own exporter writes, untouched
and edited, comes back as the record that it should be.

doccano's editor counts units of UTF-16 (a project that counts graphemes aside), and so do these files."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from articles import CONTROLS, SAMPLES
from doccano import Arrow, Marked, Shown, project
from exchange import export, gold, imported, says, with_and_without
from marked import Record
from meaning import Meaning, meaning, statuses
from rolecall import read_lines, rolecall, write_records

LAYERS = ["ner", "roles", "both"]
FORMS = {"doccano": False, "doccano-relations": True}
# doccano takes no article without a text.
ARTICLES = [record for record in SAMPLES + CONTROLS if record["text"]]
BY_NAME = {record["id"]: record for record in ARTICLES}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def marked(record: Record, start: int, end: int, label: str) -> Marked:
    text: str = record["text"]
    return Marked(units(text[:start]), units(text[:end]), label)


def expected(record: Record, layer: str) -> list[Marked]:
    """The spans of a layer: mentions by their labels, those of entities with a role by their roles."""
    roles = {of["id"]: [role["role"] for role in of["roles"]] for of in record["entities"]}
    found = [
        marked(record, span["start"], span["end"], label)
        for span in record["spans"]
        for label in ([span["label"]] if layer != "roles" else []) + (roles[span["entity"]] if layer != "ner" else [])
    ]
    return sorted(found)


def arrows(record: Record) -> set[tuple[str, tuple[int, int], tuple[int, int]]]:
    """Later mentions to the first, and relations from first to first, as stretches."""
    place = {span["id"]: marked(record, span["start"], span["end"], "")[:2] for span in record["spans"]}
    first = {of["id"]: place[of["mentions"][0]] for of in record["entities"]}
    same = {("same", place[later], first[of["id"]]) for of in record["entities"] for later in of["mentions"][1:]}
    return same | {(of["type"], first[of["from"]], first[of["to"]]) for of in record["relations"]}


def stretches(relations: Iterable[Arrow]) -> set[tuple[str, tuple[int, int], tuple[int, int]]]:
    return {(of.type, of.source[:2], of.target[:2]) for of in relations}


def taken_in(path: Path, form: str, overlapping: bool = True) -> dict[str, Shown]:
    """What doccano shows of a file in which it finds no fault."""
    with project(FORMS[form], overlapping) as made:
        assert made.load(path) == []
        return made.shown()


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("form", FORMS)
def test_doccano_reads_what_the_records_have(tmp_path: Path, form: str, layer: str) -> None:
    for name, records in {"samples": ARTICLES, "gold": gold()}.items():
        shown = taken_in(export(records, form, tmp_path / f"{name}.jsonl", "--layer", layer), form)
        assert set(shown) == {record["id"] for record in records}
        for record in records:
            found = shown[record["id"]]
            assert found.text == record["text"]
            assert found.spans == expected(record, layer), record["id"]
            # A key that one line lacks would be no number of pandas in the others' meta.
            assert all(value == value for value in found.meta.values())


@pytest.mark.parametrize("form", FORMS)
def test_an_article_without_text_is_said_and_left_out(tmp_path: Path, form: str) -> None:
    records = write_records(tmp_path / "records.jsonl", SAMPLES)
    done = rolecall("export", "--to", form, records, "-o", tmp_path / "tasks.jsonl")
    assert done.returncode == 3 and "'empty'" in done.stderr
    assert [line["id"] for line in read_lines(tmp_path / "tasks.jsonl")] == [of["id"] for of in SAMPLES if of["text"]]


def test_doccano_guesses_the_encoding_of_a_file_of_one_article(tmp_path: Path) -> None:
    lines = export(ARTICLES, "doccano", tmp_path / "all.jsonl").read_bytes().splitlines(keepends=True)
    assert len(lines) == len(ARTICLES)
    for name, line in zip(BY_NAME, lines):
        path = tmp_path / f"{name}.jsonl"
        path.write_bytes(line)
        assert taken_in(path, "doccano")[name].text == BY_NAME[name]["text"]


def test_the_relations(tmp_path: Path) -> None:
    for records in ARTICLES, gold():
        for layer in "ner", "both":
            shown = taken_in(export(records, "doccano-relations", tmp_path / "all.jsonl", "--layer", layer), "doccano-relations")
            assert any(arrows(record) for record in records)
            for record in records:
                assert stretches(shown[record["id"]].relations) == arrows(record), record["id"]


@pytest.mark.parametrize("form", FORMS)
def test_no_mention_is_lost_where_spans_may_not_overlap(tmp_path: Path, form: str) -> None:
    # doccano drops the later of two that overlap without a word, and stops at a relation of one that it dropped.
    shown = taken_in(export(ARTICLES, form, tmp_path / "ner.jsonl", "--layer", "ner"), form, overlapping=False)
    for name, found in shown.items():
        assert found.spans == expected(BY_NAME[name], "ner")


def back(path: Path, form: str, records: list[Record], edit: dict[str, list[tuple[str, Marked | str]]], folder: Path) -> Path:
    """The file that doccano exports, after edits: of each article what is done ("add", "remove", "part") and to what."""
    with project(FORMS[form], overlapping=True) as made:
        made.load(path)
        for name, deeds in edit.items():
            for deed, what in deeds:
                getattr(made, deed)(name, what)
        return made.export(folder / "exported-by-doccano.jsonl")


def in_characters(text: str, span: Marked) -> tuple[int, int, str]:
    encoded = text.encode("utf-16-le")
    start, end = (len(encoded[: 2 * at].decode("utf-16-le")) for at in span[:2])
    return start, end, span.label


@pytest.mark.parametrize("form", FORMS)
def test_what_doccano_exports_comes_back(tmp_path: Path, form: str) -> None:
    for name, records in {"samples": ARTICLES, "gold": gold()}.items():
        path = back(export(records, form, tmp_path / f"{name}.jsonl"), form, records, {}, tmp_path)
        for options in with_and_without(records, tmp_path):
            done = imported(path, form, *options)
            assert done.code == 0, done.said
            found = done.records()
            for record in records:
                was, now = meaning(record), meaning(found[record["id"]])
                assert found[record["id"]]["text"] == record["text"]
                assert now.spans == was.spans, record["id"]
                if form == "doccano-relations" or options:
                    assert now == was, record["id"]
                # The plain form has no entities: whatever they are, each mention has its roles.
                assert {(at, role) for entity, role in now.roles for at in entity} >= {
                    (at, role) for entity, role in was.roles for at in entity
                }
                assert set(statuses(found[record["id"]]).values()) <= {"accepted"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["roles", "emoji", "crlf"])
def test_edits_come_back(tmp_path: Path, form: str, name: str) -> None:
    record = BY_NAME[name]
    was = meaning(record)
    first = min(was.spans)
    word = {"roles": "told", "emoji": "sat", "crlf": "C"}[name]
    new = (record["text"].index(word), record["text"].index(word) + len(word), "MISC")
    relabelled = max(was.spans)
    edits: list[tuple[str, Marked | str]] = [
        ("add", marked(record, *new)),
        ("remove", marked(record, *relabelled)),
        ("add", marked(record, *relabelled[:2], "ORG")),
    ]
    edits += [("remove", span) for span in expected(record, "both") if span[:2] == marked(record, *first)[:2]]
    if form == "doccano-relations" and name == "roles":
        edits.append(("part", "represents"))
    path = back(export([record], form, tmp_path / "tasks.jsonl"), form, [record], {name: edits}, tmp_path)
    wanted = (was.spans - {first, relabelled}) | {new, (*relabelled[:2], "ORG")}
    for options in with_and_without([record], tmp_path):
        done = imported(path, form, *options)
        now = meaning(done.records()[name])
        assert now.spans == wanted
        gone = first[:2]
        assert not any(gone in entity for entity in now.entities)
        assert {role for _, role in now.roles} <= {role for _, role in was.roles}
        if form == "doccano-relations" and name == "roles":
            assert not now.relations


def test_spans_that_do_not_fit_are_said_and_left_out(tmp_path: Path) -> None:
    record = BY_NAME["crlf"]
    was = meaning(record)
    length = units(record["text"])
    path = tmp_path / "edited.jsonl"
    good = [marked(record, *span) for span in sorted(was.spans)]
    bad = [Marked(length - 1, length + 1, "PER"), Marked(good[0].start + 1, good[0].end + 3, "LOC"), Marked(9, 9, "PER")]
    fit = {"id": "bare", "text": BY_NAME["bare"]["text"], "label": [], "Comments": []}
    unfit = {"id": "crlf", "text": record["text"], "label": [*good, *bad], "Comments": ["odd"]}
    path.write_text("".join(json.dumps(line) + "\n" for line in (fit, unfit)), encoding="utf-8")
    for options in with_and_without([BY_NAME["bare"], record], tmp_path):
        done = imported(path, "doccano", *options)
        assert done.code == 3
        assert meaning(done.records()["crlf"]).spans == was.spans
        assert len(says(done, path, 2)) == len(bad) and not says(done, path, 1), done.said


def test_a_span_that_cuts_a_character_is_said_and_left_out(tmp_path: Path) -> None:
    record = BY_NAME["emoji"]
    path = tmp_path / "edited.jsonl"
    path.write_text(json.dumps({"id": "emoji", "text": record["text"], "label": [[1, 4, "PER"]]}) + "\n", encoding="utf-8")
    done = imported(path, "doccano")
    assert done.code == 3 and says(done, path, 1), done.said
    assert meaning(done.records()["emoji"]) == Meaning(set(), set(), set(), set())


def test_lines_of_neither_form_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    lines = ['{"id": 1, "text": "Ivo"}', "{", '{"id": 2, "label": []}', '{"id": 3, "text": "Ivo", "label": [[0, 3, "PER"]]}']
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = imported(path, "doccano")
    assert done.code == 3
    assert list(done.records()) == ["3"]
    for line in 1, 2, 3:
        assert says(done, path, line), done.said
