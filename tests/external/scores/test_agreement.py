"""Agreement: kappa as scikit-learn (Cohen's) and statsmodels (Fleiss') have it, F1 of mentions as nervaluate has it, and links and
relations as `rolecall evaluate` has them, which the other tests here hold to their references.

Where kappa is undefined the libraries say nan and rolecall null."""

import json
import os
import subprocess
import warnings
from collections.abc import Sequence
from itertools import combinations
from math import isnan
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from sklearn.metrics import cohen_kappa_score, f1_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from program import TOLERANCE, Article, Entity, Relation, Report, Role, Span, close, record, report
from test_spans import nervaluate

ROLES = ["panel_chair", "witness", "representative"]
WORDS = ["Ivo", "Żółw", "👮", "a", "naïve", "e\u0301"]
CASES = 12

Records = dict[str, dict[str, Any]]


class Case(NamedTuple):
    """Articles as each rater has them, by id, and how many people are in each."""

    made: dict[str, dict[str, Article]]
    people: dict[str, int]

    def records(self, rater: str) -> Records:
        return {name: record(name, article, {}) for name, article in self.made[rater].items()}


def of_people(random: Random, words: list[str], roles: list[list[str]]) -> Article:
    """The article as one rater has it: people each of whom has zones of four words that are theirs alone, in turn. Any two mentions of
    a zone overlap, and whoever is there has a mention in their first zone, so that nobody doubts who is who. Some people are left
    out, and some roles are others than `roles`."""
    article = Article(words)
    owned: dict[int, list[int]] = {}
    there = [random.random() < 0.8 for _ in roles]
    for zone in range(len(words) // 4):
        if there[zone % len(roles)] and (zone < len(roles) or random.random() < 0.7):
            start, end = zone * 4 + random.choice([0, 1, 1, 1]), zone * 4 + random.choice([2, 2, 2, 3])
            owned.setdefault(zone % len(roles), []).append(len(article.spans))
            article.spans.append(Span(start, end, random.choice(["PER", "PER", "PER", "ANON"])))
    for person, mentions in owned.items():
        given = roles[person] if random.random() < 0.7 else random.sample(ROLES, random.choice([0, 1, 1, 2]))
        article.entities.append(Entity(mentions, list(map(Role, given))))
    for at in range(1, len(article.entities)):
        if random.random() < 0.4:
            article.relations.append(Relation("represents", at, random.randrange(at)))
    return article


def case(random: Random, raters: list[str]) -> Case:
    found = Case({rater: {} for rater in raters}, {})
    for name in (f"{number}.txt" for number in range(random.randint(1, 5))):
        people = found.people[name] = random.randint(1, 4)
        words = [random.choice(WORDS) for _ in range(people * random.randint(1, 3) * 4)]
        roles = [random.sample(ROLES, random.choice([0, 0, 1, 1, 2])) for _ in range(people)]
        for rater in raters:
            found.made[rater][name] = of_people(random, words, roles)
    return found


def said(of: Case, raters: Sequence[str]) -> list[list[tuple[str, ...]]]:
    """Of each person that any of the raters has, the roles that each of them says."""
    units = []
    for name, people in of.people.items():
        held: list[dict[int, tuple[str, ...]]] = []
        for rater in raters:
            article = of.made[rater][name]
            zone = {id(entity): article.spans[entity.mentions[0]].start // 4 for entity in article.entities}
            held.append({zone[id(e)] % people: tuple(sorted(role.role for role in e.roles)) for e in article.entities})
        units += [[of_rater.get(person, ()) for of_rater in held] for person in sorted(set().union(*held))]
    return units


def same(figure: float | None, expected: float | None) -> bool:
    if expected is None or isnan(expected):
        return figure is None
    return figure is not None and abs(figure - expected) <= TOLERANCE


def kappa(units: Sequence[Sequence[object]]) -> float:
    """Cohen's kappa of two raters, Fleiss' of more, as the libraries have it."""
    numbers = {category: at for at, category in enumerate(dict.fromkeys(category for unit in units for category in unit))}
    numbered = [[numbers[category] for category in unit] for unit in units]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of divisions by nought
        if len(numbered[0]) == 2:
            return float(cohen_kappa_score(*zip(*numbered), labels=list(numbers.values())))
        return float(fleiss_kappa(aggregate_raters(numbered)[0], method="fleiss"))


def compare_roles(figures: Report, units: list[list[tuple[str, ...]]]) -> None:
    pairs = list(combinations(range(len(units[0])), 2))
    every = sorted({role for unit in units for roles in unit for role in roles})
    assert figures["all"]["units"] == len(units)
    assert same(figures["all"]["kappa"], kappa(units))
    agreeing = sum(unit[a] == unit[b] for unit in units for a, b in pairs)
    assert same(figures["all"]["observed"], agreeing / len(units) / len(pairs))
    # Of all pairs of raters together: what one has is held to what the other has.
    held = {role: [[role in roles for roles in unit] for unit in units] for role in every}
    for role, counted in ({"all": figures["all"]} | figures["of"]).items():
        flags = [unit for of in every if role in (of, "all") for unit in held[of]]
        one, other = ([unit[pair[side]] for pair in pairs for unit in flags] for side in (0, 1))
        assert close(counted["f1"], f1_score(one, other) if any(one) or any(other) else 0.0)
        if role != "all":
            assert same(counted["kappa"], kappa(held[role]))
            assert counted["by_rater"] == [sum(of_rater) for of_rater in zip(*held[role])]
            assert counted["by_number"] == [sum(sum(unit) == n for unit in held[role]) for n in range(len(units[0]) + 1)]


def compare_pair(pair: Report, of: Case, folder: Path) -> None:
    """Holds the F1 of two raters to nervaluate, and to what evaluate says where the one is gold."""
    raters = pair["raters"]
    spans = [[article.spans for article in of.made[rater].values()] for rater in raters]
    expected = nervaluate(*spans)["overall"]
    for name, scheme in ("strict", "strict"), ("ends", "exact"):
        alike, result = pair["mentions"][name], expected[scheme]
        assert (alike["counts"], alike["same"]) == ([result.possible, result.actual], result.correct)
        assert close(alike["f1"], result.f1)
    files = [write(folder / f"{side}.jsonl", list(of.records(rater).values())) for side, rater in enumerate(raters)]
    judged = report(*files)["all"]
    assert same(pair["links"]["f1"], judged["b_cubed"]["people"]["f1"])
    relations = judged["relations"]["micro"]
    assert pair["relations"]["counts"] == [relations["gold"], relations["predicted"]]
    assert pair["relations"]["same"] == relations["found"] and same(pair["relations"]["f1"], relations["f1"])


def decided(reviewer: str, article: str, decision: str, number: int, **more: Any) -> dict[str, Any]:
    """A line of an answers file."""
    made = {"reviewer": reviewer, "time": "2026-11-22T11:00:00.000Z", "article": article, "decision": {"do": decision}}
    return {"schema": "rolecall-answer/1", "id": f"{number:016x}", "text_hash": "0", "predicted": "0"} | made | more


def verdict(article: dict[str, Any]) -> dict[str, Any]:
    """The record as a reviewer accepts it."""
    place: dict[str | None, int] = {entity["id"]: at for at, entity in enumerate(article["entities"])}
    kept = ("start", "end", "text", "label", "kind")
    return {
        "mentions": [{key: m[key] for key in kept} | {"person": place.get(m["entity"])} for m in article["spans"]],
        "people": [{"name": e["name"], "roles": sorted(role["role"] for role in e["roles"])} for e in article["entities"]],
        "relations": [{"type": r["type"], "from": place[r["from"]], "to": place[r["to"]]} for r in article["relations"]],
    }


def answers(path: Path, of: dict[str, Records]) -> Path:
    """One file of the answers of all these reviewers."""
    lines = [(reviewer, name, article) for reviewer, articles in of.items() for name, article in articles.items()]
    return write(path, [decided(r, name, "accept", at, result=verdict(article)) for at, (r, name, article) in enumerate(lines)])


def write(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def agreement(*files: Path) -> Report:
    command = [os.environ["ROLECALL"], "agreement", "--json", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    figures: Report = json.loads(done.stdout)
    return figures


def test_two_raters(tmp_path: Path) -> None:
    random = Random(7)
    undefined = 0
    for _ in range(CASES):
        of = case(random, ["anna", "ben"])
        units = said(of, ["anna", "ben"])
        if not units:
            continue
        files = [answers(tmp_path / f"{rater}.answers.jsonl", {rater: of.records(rater)}) for rater in of.made]
        figures = agreement(*files)
        assert figures["roles"]["statistic"] == "cohen" and figures["articles"]["by_all"] == len(of.people)
        compare_roles(figures["roles"], units)
        compare_pair(figures["pairs"][0], of, tmp_path)
        undefined += sum(counted["kappa"] is None for counted in [figures["roles"]["all"], *figures["roles"]["of"].values()])
    assert undefined > 0, "no kappa was undefined"


def test_more_raters_in_one_file(tmp_path: Path) -> None:
    random = Random(8)
    for _ in range(CASES):
        of = case(random, ["anna", "ben", "cy", "dee", "ed"][: random.randint(3, 5)])
        raters = list(of.made)
        if not said(of, raters):
            continue
        figures = agreement(answers(tmp_path / "all.answers.jsonl", {rater: of.records(rater) for rater in raters}))
        assert figures["roles"]["statistic"] == "fleiss"
        compare_roles(figures["roles"], said(of, raters))
        assert [pair["raters"] for pair in figures["pairs"]] == [list(pair) for pair in combinations(raters, 2)]
        for pair in figures["pairs"]:
            if said(of, pair["raters"]):
                compare_roles(pair["roles"], said(of, pair["raters"]))
        compare_pair(random.choice(figures["pairs"]), of, tmp_path)


def test_records_and_answers_say_the_same(tmp_path: Path) -> None:
    of = case(Random(9), ["anna.jsonl", "ben.jsonl"])  # raters of records are called as their files
    records = [write(tmp_path / rater, list(of.records(rater).values())) for rater in of.made]
    files = [answers(tmp_path / f"answers-{rater}", {rater: of.records(rater)}) for rater in of.made]
    assert agreement(*records) == agreement(*files)


def test_articles_that_are_accepted_no_longer_do_not_count(tmp_path: Path) -> None:
    of = case(Random(10), ["anna", "ben"])
    one, other = (answers(tmp_path / f"{rater}.jsonl", {rater: of.records(rater)}) for rater in of.made)
    before = agreement(one, other)
    late = [decided("ben", "0.txt", "reopen", 100), decided("ben", "late.txt", "skip", 101)]
    other.write_text(other.read_text(encoding="utf-8") + "".join(json.dumps(line) + "\n" for line in late), encoding="utf-8")
    after = agreement(one, other)
    assert after["articles"]["compared"] == before["articles"]["compared"] - 1 and after["articles"]["by_one"] == 1
