"""Takes records and what reviewers answered; gives what `rolecall gold` makes of both, by the ids of the articles."""

from pathlib import Path

from marked import Record
from rolecall import read_lines, rolecall


def gold(records: Path, code: int = 0) -> dict[str, Record]:
    """The exit code is 3 where something that was decided is not in it."""
    out = records.with_suffix(".gold.jsonl")
    done = rolecall("gold", records, "--answers", records.with_suffix(".answers.jsonl"), "-o", out)
    assert done.returncode == code, done.stderr
    return {of["id"]: of for of in read_lines(out)}
