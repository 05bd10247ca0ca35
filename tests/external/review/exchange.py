"""Takes records and runs `rolecall export` and `rolecall import` on them; gives what they wrote and said."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from articles import GOLD
from marked import Record
from rolecall import read_lines, rolecall, write_records


def gold() -> list[Record]:
    """Every fourth of the articles that people annotated, in this repository."""
    with GOLD.open(encoding="utf-8") as file:
        return [json.loads(line) for line in list(file)[::4]]


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
