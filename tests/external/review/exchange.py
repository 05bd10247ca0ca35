"""Takes records and runs `rolecall export` and `rolecall import` on them; gives what they wrote and said, and what a record means: its
mentions, which of them are one, who has which role, and what holds between whom, without ids, scores and proofs."""

import json
import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from articles import GOLD, Record

Stretch = tuple[int, int]


class Meaning(NamedTuple):
    spans: set[tuple[int, int, str]]
    # An entity is the stretches of its mentions.
    entities: set[frozenset[Stretch]]
    roles: set[tuple[frozenset[Stretch], str]]
    relations: set[tuple[str, frozenset[Stretch], frozenset[Stretch]]]


STANDING = {"predicted", "accepted", "corrected"}


def meaning(record: Record) -> Meaning:
    """What holds by the record. A rejected role does not."""
    place = {span["id"]: (span["start"], span["end"]) for span in record["spans"]}
    for span in record["spans"]:
        assert span["text"] == record["text"][span["start"] : span["end"]]
    entity = {of["id"]: frozenset(place[mention] for mention in of["mentions"]) for of in record["entities"]}
    for span in record["spans"]:
        assert span["entity"] is None or (span["start"], span["end"]) in entity[span["entity"]]
    return Meaning(
        {(span["start"], span["end"], span["label"]) for span in record["spans"]},
        set(entity.values()),
        {(entity[of["id"]], role["role"]) for of in record["entities"] for role in of["roles"] if role["status"] in STANDING},
        {(of["type"], entity[of["from"]], entity[of["to"]]) for of in record["relations"]},
    )


def statuses(record: Record) -> dict[tuple[frozenset[Stretch], str], str]:
    """Of each entity, by its mentions, and role: the status."""
    place = {span["id"]: (span["start"], span["end"]) for span in record["spans"]}
    return {
        (frozenset(place[mention] for mention in of["mentions"]), role["role"]): role["status"]
        for of in record["entities"]
        for role in of["roles"]
    }


def gold() -> list[Record]:
    """Every fourth of the articles that people annotated, in this repository."""
    with GOLD.open(encoding="utf-8") as file:
        return [json.loads(line) for line in list(file)[::4]]


def write_records(path: Path, records: Iterable[Record]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            print(json.dumps(record, ensure_ascii=False), file=file)
    return path


def read_lines(path: Path) -> list[dict[str, Any]]:
    # Not str.splitlines, which cuts at U+2028 too.
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


@dataclass
class Done:
    """What a run wrote and said."""

    code: int
    said: str
    path: Path

    def records(self) -> dict[str, Record]:
        found = read_lines(self.path)
        by_id = {record["id"]: record for record in found}
        assert len(by_id) == len(found)
        return by_id


def rolecall(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [os.environ["ROLECALL"], *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def says(done: Done, path: Path, line: int) -> list[str]:
    """What was said of a line of a file."""
    return [said for said in done.said.splitlines() if re.search(rf"{re.escape(str(path))}:{line}\b", said)]


def export(records: Iterable[Record], to: str, path: Path, *options: str) -> Path:
    """Exports into `path`; nothing may be refused."""
    source = write_records(path.with_name(f"{path.name}.records.jsonl"), records)
    done = rolecall("export", "--to", to, source, "-o", path, *options)
    assert done.returncode == 0, done.stderr
    return path


def imported(path: Path, form: str, *options: str | Path) -> Done:
    """Imports `path`, whatever becomes of it."""
    out = path.with_name(f"{path.name}.imported.jsonl")
    done = rolecall("import", "--from", form, path, "-o", out, *options)
    assert done.returncode in (0, 3), done.stderr
    return Done(done.returncode, done.stderr, out)


def with_and_without(records: Iterable[Record], folder: Path) -> list[list[str]]:
    """The options of an import that is helped by the records, and of one that is not."""
    return [[], ["--records", str(write_records(folder / "exported.jsonl", records))]]
