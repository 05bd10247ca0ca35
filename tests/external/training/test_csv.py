"""A table: what `rolecall export --to csv` writes is read by Python's csv as a row an entity and role."""

import csv
import io
from pathlib import Path

from articles import Record
from exported import PARTS, Case, Choices, Corpus, export, given_roles, run, split

ENTITY = ["document", "entity", "label", "name", "anonymised"]
ROLE = ["role", "score", "status", "evidence"]

Row = dict[str, str]


def rows(record: Record, choices: Choices) -> list[Row]:
    """The rows that the record makes."""
    found: list[Row] = []
    for entity in record["entities"]:
        own = {"document": record["id"], "entity": entity["id"], "label": entity["label"], "name": entity["name"]}
        own["anonymised"] = str(entity["anonymised"]).lower()
        own["mentions"] = str(len(entity["mentions"]))
        if not choices.roles:
            found.append(own)
            continue
        given = given_roles(entity, choices)
        for role in given:
            evidence = " | ".join(dict.fromkeys(words["text"] for words in role["evidence"]))
            found.append(
                own | {"role": role["role"], "score": f"{role['score']:g}", "status": role["status"], "evidence": evidence}
            )
        if not given and choices.ner:
            found.append(own | dict.fromkeys(ROLE, ""))
    return found


def read(data: bytes, choices: Choices) -> list[Row]:
    reader = csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    assert reader.fieldnames == ENTITY + (ROLE if choices.roles else []) + ["mentions"]
    found = list(reader)
    assert not any(None in row or None in row.values() for row in found)
    return found


def test_rows_hold_the_entities(tmp_path: Path, case: Case) -> None:
    made = read(export("csv", case.corpus.path, tmp_path / "out.csv", case.choices).read_bytes(), case.choices)
    assert made == [row for record in case.expected for row in rows(record, case.choices)]


def test_parts_hold_all_articles(tmp_path: Path, gold: Corpus) -> None:
    folder = split("csv", gold.path, tmp_path / "parts")
    parts = [read((folder / f"{part}.csv").read_bytes(), Choices()) for part in PARTS]
    documents = [{row["document"] for row in part} for part in parts]
    assert sum(map(len, documents)) == len(set.union(*documents)) == len(gold.records)
    assert sum(map(len, parts)) == sum(len(rows(record, Choices())) for record in gold.records)


def test_standard_input_and_output(tmp_path: Path, corpus: Corpus) -> None:
    done = run("--to", "csv", "-", given=corpus.path.read_bytes())
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == export("csv", corpus.path, tmp_path / "out.csv", Choices()).read_bytes()
