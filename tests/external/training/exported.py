"""Takes records and what is wanted of them; gives what `rolecall export` writes, and what it must say of each article: stretches
of text with their labels, in characters. Also finds the words of an article in its text again, for formats that hold words
alone."""

import os
import subprocess
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from articles import Record

REPOSITORY = Path(__file__).resolve().parents[3]
GOLD = REPOSITORY / "corpus" / "gold" / "train.jsonl"
PARTS = ("train", "dev", "test")


class Corpus(NamedTuple):
    """Records, and the file that holds them."""

    path: Path
    records: list[Record]


class Mark(NamedTuple):
    """A stretch of text and its label, which is a label of mentions, a role, or roles joined with `|`."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Choices:
    """What is wanted of the records."""

    layer: str = "both"
    only_accepted: bool = False
    min_score: float | None = None

    @property
    def ner(self) -> bool:
        return self.layer != "roles"

    @property
    def roles(self) -> bool:
        return self.layer != "ner"

    def options(self) -> list[str]:
        only = ["--only", "accepted"] if self.only_accepted else []
        score = [] if self.min_score is None else ["--min-score", str(self.min_score)]
        return ["--layer", self.layer, *only, *score]

    def __str__(self) -> str:
        return " ".join(self.options()[1:])


LAYERS = [Choices(layer) for layer in ("ner", "roles", "both")]
CHOICES = [
    *LAYERS,
    *(replace(choices, min_score=0.8) for choices in LAYERS),
    *(replace(choices, only_accepted=True) for choices in LAYERS),
    Choices(only_accepted=True, min_score=0.6),
]


class Case(NamedTuple):
    """Records, and what is wanted of them."""

    corpus: Corpus
    choices: Choices

    @property
    def expected(self) -> list[Record]:
        """The articles that are exported."""
        return [record for record in self.corpus.records if not self.choices.only_accepted or reviewed(record)]


# ---- what is expected --------------------------------------------------------------------------------------
def reviewed(record: Record) -> bool:
    """Whether a person has seen the article."""
    statuses = {role["status"] for entity in record["entities"] for role in entity["roles"]}
    by_hand = any(span["source"] == "annotator" for span in record["spans"])
    return by_hand or bool(statuses - {"predicted"}) or (not record["spans"] and record["run"]["model"] == "none")


def given_roles(entity: Record, choices: Choices) -> list[Record]:
    """The roles of an entity that are exported."""
    statuses = {"accepted", "corrected"} | (set() if choices.only_accepted else {"predicted"})
    return [role for role in entity["roles"] if role["status"] in statuses and role["score"] >= (choices.min_score or 0)]


def labels(record: Record, choices: Choices) -> list[Mark]:
    """The mentions by their labels."""
    return [Mark(span["start"], span["end"], span["label"]) for span in record["spans"]] if choices.ner else []


def role_lists(record: Record, choices: Choices) -> list[tuple[int, int, list[str]]]:
    """The mentions of entities with a role, and those roles."""
    roles = {entity["id"]: [role["role"] for role in given_roles(entity, choices)] for entity in record["entities"]}
    found = [(span["start"], span["end"], roles.get(span["entity"], [])) for span in record["spans"]]
    return [mark for mark in found if mark[2]] if choices.roles else []


def roles(record: Record, choices: Choices) -> list[Mark]:
    """A mark a mention and role."""
    return [Mark(start, end, role) for start, end, names in role_lists(record, choices) for role in names]


def joined_roles(record: Record, choices: Choices) -> list[Mark]:
    """A mark a mention, with all its roles."""
    return [Mark(start, end, "|".join(names)) for start, end, names in role_lists(record, choices)]


def sentence_starts(record: Record) -> list[int]:
    """Where sentences begin, by the record, without those that begin inside a mention."""
    inside = [range(span["start"] + 1, span["end"]) for span in record["spans"]]
    starts = [sentence["start"] for sentence in record["sentences"]]
    return [start for start in starts if not any(start in stretch for stretch in inside)]


# ---- what is written ---------------------------------------------------------------------------------------
def run(*arguments: str | Path, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Runs `rolecall export`, with `given` as its standard input."""
    command = [os.environ["ROLECALL"], "export", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, check=False)


def export(form: str, records: Path, to: Path, choices: Choices, *options: str) -> Path:
    """The file, or folder with `--split`, that was written."""
    done = run("--to", form, records, "-o", to, *choices.options(), *options)
    assert done.returncode == 0, done.stderr.decode()
    return to


def split(form: str, records: Path, to: Path, choices: Choices = Choices(), shares: str = "80/10/10") -> Path:
    """The folder of parts that was written."""
    return export(form, records, to, choices, "--split", shares, "--seed", "7")


# ---- words and tags ----------------------------------------------------------------------------------------
def places(words: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Where the words stand in the text, in order. Between them stands nothing that can be seen."""
    found, at = [], 0
    for word in words:
        start = text.index(word, at)
        found.append((start, start + len(word)))
        at = start + len(word)
    ends = [0, *(end for _, end in found)]
    starts = [*(start for start, _ in found), len(text)]
    passed_over = "".join(text[end:start] for end, start in zip(ends, starts))
    assert all(unicodedata.category(c)[0] in "ZC" for c in passed_over), passed_over
    return found


def marks(tags: Sequence[str], places: Sequence[tuple[int, int]]) -> list[Mark]:
    """The entities of a sequence of tags in IOB2, which must be well-formed."""
    assert len(tags) == len(places)
    found: list[Mark] = []
    last = "O"
    for tag, (start, end) in zip(tags, places):
        prefix, _, label = tag.partition("-")
        assert (prefix, bool(label)) in {("O", False), ("B", True), ("I", True)}, tag
        if prefix == "B":
            found.append(Mark(start, end, label))
        elif prefix == "I":
            assert last in (f"B-{label}", f"I-{label}"), (last, tag)
            found[-1] = found[-1]._replace(end=end)
        last = tag
    return found
