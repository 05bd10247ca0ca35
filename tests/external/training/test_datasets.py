"""Hugging Face's datasets: what `rolecall export --to hf` writes is loaded without the network, the tags as `ClassLabel`s, and
they say the mentions and roles of the records."""

import json
from pathlib import Path
from typing import Any

import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, List, Value, load_dataset

import articles
from articles import Record
from exported import (
    LAYERS,
    PARTS,
    Case,
    Choices,
    Corpus,
    export,
    joined_roles,
    labels,
    marks,
    places,
    run,
    sentence_starts,
    split,
)

Lists = dict[str, list[str]]

# Three names that datasets gives to what rolecall calls train, dev and test.
SPLITS = ("train", "validation", "test")


def columns(choices: Choices) -> list[str]:
    return [*(["ner_tags"] if choices.ner else []), *(["role_tags"] if choices.roles else [])]


def features(lists: Lists) -> Features:
    """The features that the lists of tags stand for."""
    tags = {name: List(ClassLabel(names=names)) for name, names in lists.items()}
    return Features({"id": Value("string"), "tokens": List(Value("string"))} | tags | {"sentences": List(Value("int64"))})


def load_file(path: Path, features: Features | None = None) -> Dataset:
    return load_dataset("json", data_files=str(path), split="train", features=features)


def check(row: dict[str, Any], record: Record, choices: Choices, names: Features) -> None:
    assert row["id"] == record["id"]
    stood = places(row["tokens"], record["text"])
    found = {column: [names[column].feature.int2str(tag) for tag in row[column]] for column in columns(choices)}
    if choices.ner:
        assert marks(found["ner_tags"], stood) == labels(record, choices)
    if choices.roles:
        assert marks(found["role_tags"], stood) == joined_roles(record, choices)
    starts = row["sentences"]
    assert starts == sorted(set(starts)) and starts[:1] == [0][: len(stood)] and all(start < len(stood) for start in starts)
    assert not any(tags[start].startswith("I-") for tags in found.values() for start in starts)


def read_lists(path: Path, choices: Choices) -> Lists:
    lists: Lists = json.loads(path.read_text(encoding="utf-8"))
    assert list(lists) == columns(choices)
    for names in lists.values():
        # Fixed: O, then B and I of each label in turn.
        assert names[0] == "O" and len(names) == len(set(names))
        assert [name[2:] for name in names[1::2]] == [name[2:] for name in names[2::2]]
        assert {name[:2] for name in names[1::2]} <= {"B-"} and {name[:2] for name in names[2::2]} <= {"I-"}
    return lists


def test_lines_hold_the_articles(tmp_path: Path, case: Case) -> None:
    path = export("hf", case.corpus.path, tmp_path / "data.jsonl", case.choices)
    words = load_file(path)
    assert all(words.features[column] == List(Value("string")) for column in columns(case.choices))
    names = features(read_lists(tmp_path / "data.labels.json", case.choices))
    for data in load_file(path, names), words.cast(names):
        assert data.features == names
        for row, record in zip(data, case.expected, strict=True):
            check(row, record, case.choices, names)


def test_the_lists_are_the_same_whatever_occurs(tmp_path: Path, gold: Corpus) -> None:
    """So that models trained on two exports have one list of labels."""
    few = articles.write(tmp_path / "few.jsonl", gold.records[:1])
    lists = [
        read_lists(export("hf", path, tmp_path / f"{name}.jsonl", Choices()).with_suffix(".labels.json"), Choices())
        for name, path in (("one", few), ("all", gold.path))
    ]
    assert lists[0]["ner_tags"] == lists[1]["ner_tags"]
    assert set(lists[0]["role_tags"]) <= set(lists[1]["role_tags"])
    shared = [name for name in lists[1]["role_tags"] if name in lists[0]["role_tags"]]
    assert lists[0]["role_tags"] == shared


def test_sentences_are_those_of_the_record(tmp_path: Path, gold: Corpus) -> None:
    data = load_file(export("hf", gold.path, tmp_path / "data.jsonl", Choices()))
    for row, record in zip(data, gold.records, strict=True):
        stood = places(row["tokens"], record["text"])
        assert [stood[start][0] for start in row["sentences"]] == sentence_starts(record)


@pytest.mark.parametrize("choices", LAYERS, ids=str)
def test_a_folder_of_parts_says_its_features(tmp_path: Path, gold: Corpus, choices: Choices) -> None:
    folder = split("hf", gold.path, tmp_path / "parts", choices)
    assert {path.name for path in folder.iterdir()} == {*(f"{part}.jsonl" for part in PARTS), "labels.json", "README.md"}
    data: DatasetDict = load_dataset(str(folder))
    assert sorted(data) == sorted(SPLITS)
    names = features(read_lists(folder / "labels.json", choices))
    expected = {record["id"]: record for record in gold.records}
    found = []
    for name, part in zip(SPLITS, PARTS):
        assert data[name].features == names
        lines = (folder / f"{part}.jsonl").read_text(encoding="utf-8").split("\n")
        assert [row["id"] for row in data[name]] == [json.loads(line)["id"] for line in lines if line]
        for row in data[name]:
            check(row, expected[row["id"]], choices, names)
            found.append(row["id"])
    assert sorted(found) == sorted(expected)
    assert len(data["train"]) > 5 * len(data["validation"]) > 0


def test_a_folder_of_parts_of_odd_articles(tmp_path: Path, sample: Corpus) -> None:
    """Labels that rolecall doesn't know and several roles at once stand in the card too."""
    folder = split("hf", sample.path, tmp_path / "parts", shares="50/25/25")
    data: DatasetDict = load_dataset(str(folder))
    names = features(read_lists(folder / "labels.json", Choices()))
    expected = {record["id"]: record for record in sample.records}
    rows = [row for part in data.values() for row in part]
    assert sorted(row["id"] for row in rows) == sorted(expected)
    for row in rows:
        check(row, expected[row["id"]], Choices(), names)


def test_parts_without_a_card_are_still_told_apart(tmp_path: Path, gold: Corpus) -> None:
    folder = split("hf", gold.path, tmp_path / "parts")
    (folder / "README.md").unlink()
    assert sorted(load_dataset(str(folder))) == sorted(SPLITS)


def test_a_mention_without_a_word_marks_no_other(tmp_path: Path) -> None:
    path = articles.write(tmp_path / "records.jsonl", articles.records(articles.WORDLESS))
    done = run("--to", "hf", path, "-o", tmp_path / "data.jsonl")
    assert done.returncode in (0, 3), done.stderr.decode()
    assert '"B-' not in (tmp_path / "data.jsonl").read_text(encoding="utf-8")


def test_standard_input_and_output(tmp_path: Path, corpus: Corpus) -> None:
    done = run("--to", "hf", "-", given=corpus.path.read_bytes())
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == export("hf", corpus.path, tmp_path / "data.jsonl", Choices()).read_bytes()
