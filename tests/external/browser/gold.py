"""Takes records and what reviewers answered; gives what `rolecall gold` makes of both, by the ids of the articles."""

from pathlib import Path

from marked import Record
from rolecall import read_lines, rolecall


def gold(records: Path, *answers: Path) -> dict[str, Record]:
    out = records.with_suffix(".gold.jsonl")
    answers = answers or (records.with_suffix(".answers.jsonl"),)
    done = rolecall("gold", records, *(part for path in answers for part in ("--answers", path)), "-o", out)
    assert done.returncode == 0, done.stderr
    return {of["id"]: of for of in read_lines(out)}
