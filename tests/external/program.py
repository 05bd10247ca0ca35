"""Takes articles with their annotation, or sequences of tags; gives what `rolecall evaluate --json` says of them. Nothing of
rolecall is used but its command line."""

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

TOLERANCE = 1e-9

Report = dict[str, Any]


class Span(NamedTuple):
    """A mention: tokens from `start` to before `end`."""

    start: int
    end: int
    label: str


class Role(NamedTuple):
    role: str
    score: float = 1.0
    status: str = "predicted"


@dataclass
class Entity:
    """The mentions, as places in the article's list, and the roles."""

    mentions: list[int]
    roles: list[Role] = field(default_factory=list)
    label: str = "PER"


class Relation(NamedTuple):
    """From one entity to another, as places in the article's list."""

    type: str
    source: int
    target: int


@dataclass
class Article:
    words: list[str]
    spans: list[Span] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)


def flat(cases: list[list[Article]]) -> list[Article]:
    return [article for articles in cases for article in articles]


def record(name: str, article: Article, meta: dict[str, str]) -> dict[str, Any]:
    """The article as a line of rolecall's format (`rolecall schema`)."""
    text = " ".join(article.words)
    starts = [sum(len(word) + 1 for word in article.words[:at]) for at in range(len(article.words))]
    ends = [start + len(word) for start, word in zip(starts, article.words)]
    owner = {mention: at for at, entity in enumerate(article.entities) for mention in entity.mentions}

    def place(first: int, last: int) -> dict[str, Any]:
        return {"start": starts[first], "end": ends[last]}

    def words(first: int, last: int) -> dict[str, Any]:
        return place(first, last) | {"text": text[starts[first] : ends[last]]}

    def mention(at: int, span: Span) -> dict[str, Any]:
        tokens = {"token_start": span.start, "token_end": span.end - 1}
        entity = f"e{owner[at]}" if at in owner else None
        found = {"label": span.label, "kind": "name", "score": 1.0, "source": "model", "entity": entity}
        return {"id": f"m{at}"} | words(span.start, span.end - 1) | tokens | found

    def role(given: Role) -> dict[str, Any]:
        return given._asdict() | {"evidence": [{"rule": "test.rule"} | words(0, 0)]}

    def entity(at: int, entity: Entity) -> dict[str, Any]:
        first = article.spans[entity.mentions[0]]
        name = text[starts[first.start] : ends[first.end - 1]]
        mentions = [f"m{mention}" for mention in entity.mentions]
        given = {"mentions": mentions, "roles": [role(given) for given in entity.roles], "links": []}
        return {"id": f"e{at}", "label": entity.label, "name": name, "anonymised": False} | given

    def relation(made: Relation) -> dict[str, Any]:
        return {"type": made.type, "from": f"e{made.source}", "to": f"e{made.target}", "evidence": place(0, 0)}

    tokens = range(len(article.words))
    return {
        "schema": "rolecall/1",
        "id": name,
        "text": text,
        "meta": meta,
        "offset_unit": "char",
        "tokens": [{"id": at, "ws": at + 1 < len(tokens)} | words(at, at) for at in tokens],
        "sentences": [place(0, len(tokens) - 1)],
        "spans": [mention(at, span) for at, span in enumerate(article.spans)],
        "entities": [entity(at, made) for at, made in enumerate(article.entities)],
        "relations": [relation(made) for made in article.relations],
        "warnings": [],
        "_input_hash": 0,
        "run": {"tool": "tests", "model": "none", "rules": "none", "precision": "none"},
    }


def run(gold: Path, predicted: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Runs `rolecall evaluate`."""
    command = [os.environ["ROLECALL"], "evaluate", "--gold", str(gold), "--pred", str(predicted), "--json", "--resamples", "0"]
    return subprocess.run([*command, *options], capture_output=True, text=True, encoding="utf-8", check=False)


def report(gold: Path, predicted: Path, *options: str) -> Report:
    """The figures. Every article must be in both files."""
    done = run(gold, predicted, *options)
    assert done.returncode == 0, done.stderr
    figures: Report = json.loads(done.stdout)
    return figures


def evaluate(folder: Path, gold: list[list[Article]], predicted: list[list[Article]]) -> tuple[Report, list[Report]]:
    """The figures of all articles together, and those of each case, which is a list of articles."""
    for name, cases in ("gold", gold), ("predicted", predicted):
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for case, articles in enumerate(cases):
                for at, article in enumerate(articles):
                    print(json.dumps(record(f"{case}/{at}", article, {"case": str(case)}), ensure_ascii=False), file=file)
    figures = report(folder / "gold.jsonl", folder / "predicted.jsonl", "--by", "case")
    assert figures["articles"]["judged"] == len(flat(gold))
    return figures, [figures["groups"]["case"][str(case)] for case in range(len(gold))]


def evaluate_tags(folder: Path, gold: list[list[str]], predicted: list[list[str]]) -> Report:
    """The figures of sequences of tags."""
    for name, sentences in ("gold", gold), ("predicted", predicted):
        lines = [[f"word{at} {tag}\n" for at, tag in enumerate(tags)] for tags in sentences]
        (folder / f"{name}.conll").write_text("\n".join("".join(sentence) for sentence in lines), encoding="utf-8")
    return report(folder / "gold.conll", folder / "predicted.conll")


def close(figure: float | None, expected: float) -> bool:
    """Whether rolecall's figure is the expected one. Where nothing is defined the libraries say 0 and rolecall null."""
    return abs((0.0 if figure is None else figure) - expected) <= TOLERANCE
