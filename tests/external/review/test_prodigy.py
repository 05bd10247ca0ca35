"""Prodigy: every task is what its recipes read, and what spaCy's tutorial reads from it are the record's mentions and relations; what
its database gives back, untouched and edited, comes back as the record that it should be."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from articles import CONTROLS, SAMPLES
from exchange import Done, export, gold, imported, says, with_and_without
from marked import Record, record
from meaning import Meaning, meaning, statuses
from prodigy import NerManual, RelManual, SpansManual, Task, answered, drawn, read_by_tutorial
from rolecall import read_lines

ARTICLES = SAMPLES + CONTROLS
ROLES = next(article for article in SAMPLES if article["id"] == "roles")
WAS = meaning(ROLES)


RECIPES = {"ner": [NerManual, SpansManual, RelManual], "roles": [SpansManual], "both": [SpansManual]}


@pytest.mark.parametrize("layer,recipes", RECIPES.items())
def test_every_task_is_what_the_recipes_read(tmp_path: Path, layer: str, recipes: list[type[SpansManual]]) -> None:
    for records in ARTICLES, gold():
        tasks = read_lines(export(records, "prodigy", tmp_path / "tasks.jsonl", "--layer", layer))
        assert [task["text"] for task in tasks] == [record["text"] for record in records]
        assert [task["_input_hash"] for task in tasks] == [record["_input_hash"] for record in records]
        for task in tasks:
            for recipe in recipes:
                recipe.model_validate(task)


def test_the_models_find_faults(tmp_path: Path) -> None:
    path = export([ROLES], "prodigy", tmp_path / "tasks.jsonl", "--layer", "ner")
    spoils: list[Callable[[Task], Any]] = [
        lambda task: task["spans"][0].update(end=task["spans"][0]["end"] - 1),
        lambda task: task["spans"][0].update(token_end=task["spans"][0]["token_end"] + 1),
        lambda task: task["spans"].insert(0, dict(task["spans"][0])),
        lambda task: task["tokens"][0].update(ws="yes"),
        lambda task: task["relations"][0].update(head=0),
        lambda task: task.update(_task_hash=2**31),
    ]
    for spoil in spoils:
        (task,) = read_lines(path)
        spoil(task)
        with pytest.raises(ValueError):
            RelManual.model_validate(task)


def marks(article: Record, layer: str) -> list[tuple[int, int, str]]:
    roles = {of["id"]: [role["role"] for role in of["roles"]] for of in article["entities"]}
    return sorted(
        (span["start"], span["end"], label)
        for span in article["spans"]
        for label in ([span["label"]] if layer != "roles" else []) + (roles[span["entity"]] if layer != "ner" else [])
    )


@pytest.mark.parametrize("layer", ["ner", "roles", "both"])
def test_the_spans_of_a_layer(tmp_path: Path, layer: str) -> None:
    for records in ARTICLES, gold():
        tasks = read_lines(export(records, "prodigy", tmp_path / "tasks.jsonl", "--layer", layer))
        for article, task in zip(records, tasks, strict=True):
            assert sorted((span["start"], span["end"], span["label"]) for span in task["spans"]) == marks(article, layer)


def test_the_tutorial_reads_the_mentions_and_relations(tmp_path: Path) -> None:
    for records in ARTICLES, gold():
        tasks = read_lines(export(records, "prodigy", tmp_path / "tasks.jsonl", "--layer", "ner"))
        for article, task in zip(records, tasks, strict=True):
            read = read_by_tutorial(task)
            # Whoever reads tokens makes the text of them.
            assert read.text == article["text"], article["id"]
            assert read.spans == [span["text"] for span in article["spans"]]
            words = {span["id"]: span["text"] for span in article["spans"]}
            first = {of["id"]: words[of["mentions"][0]] for of in article["entities"]}
            same = [(words[later], "same", first[of["id"]]) for of in article["entities"] for later in of["mentions"][1:]]
            related = [(first[of["from"]], of["type"], first[of["to"]]) for of in article["relations"]]
            assert sorted(read.relations) == sorted(same + related)


def test_hashes_tell_tasks_apart(tmp_path: Path) -> None:
    other = record("other", "Panel chair [[a PER|Alan]] Reedham sat.")
    same = record("same", "Panel chair [[a PER|Alan Reedham]] sat.")
    again = record("again", "Panel chair [[a PER|Alan Reedham]] sat.")
    tasks = read_lines(export([other, same, again], "prodigy", tmp_path / "tasks.jsonl"))
    assert len({task["_input_hash"] for task in tasks}) == 1
    assert tasks[1]["_task_hash"] == tasks[2]["_task_hash"] != tasks[0]["_task_hash"]


def test_answers_stand_where_somebody_has_answered(tmp_path: Path) -> None:
    seen = record("seen", "[[a PER|Ivo]] sat.", seen=True)
    unseen, answer = read_lines(export([ROLES, seen], "prodigy", tmp_path / "tasks.jsonl"))
    assert unseen.get("answer") is None and answer["answer"] == "accept"


# ---- back --------------------------------------------------------------------------------------------------
def write(path: Path, tasks: list[Task]) -> Path:
    path.write_text("".join(json.dumps(task, ensure_ascii=False) + "\n" for task in tasks), encoding="utf-8")
    return path


@pytest.mark.parametrize("layer", ["ner", "both"])
def test_what_was_exported_comes_back(tmp_path: Path, layer: str) -> None:
    for name, records in {"samples": ARTICLES, "gold": gold()}.items():
        path = export(records, "prodigy", tmp_path / f"{name}.jsonl", "--layer", layer)
        for options in with_and_without(records, tmp_path):
            done = imported(path, "prodigy", "--layer", layer, *options)
            assert done.code == 0, done.said
            found = done.records()
            assert list(found) == [record["id"] for record in records]
            for article in records:
                now, was = meaning(found[article["id"]]), meaning(article)
                assert found[article["id"]]["text"] == article["text"]
                assert now[:2] == was[:2] and now.relations == was.relations, article["id"]
                if layer == "both" or options:
                    assert now.roles == was.roles
                    assert statuses(found[article["id"]]) == statuses(article)


def after(
    folder: Path, edits: list[Callable[[Task], None]], options: Callable[[list[Record]], list[str]], layer: str = "both"
) -> Done:
    """What comes back of copies of one article, each with an edit of its own: by the name of the edit."""
    copies = [ROLES | {"id": edit.__name__} for edit in edits]
    tasks = [*map(answered, read_lines(export(copies, "prodigy", folder / "tasks.jsonl", "--layer", layer)))]
    for edit, task in zip(edits, tasks):
        edit(task)
    return imported(write(folder / "done.jsonl", tasks), "prodigy", "--layer", layer, *options(copies))


def of_words(task: Task, words: str) -> tuple[int, int]:
    """The first and the last token of words."""
    start = task["text"].index(words)
    inside = [token["id"] for token in task["tokens"] if start <= token["start"] and token["end"] <= start + len(words)]
    return inside[0], inside[-1]


def nothing(_: Task) -> None:
    pass


def draw(task: Task) -> None:
    task["spans"].append(drawn(task, *of_words(task, "Panel"), "ORG"))


def delete(task: Task) -> None:
    task["spans"] = [span for span in task["spans"] if span["text"] != "Leeds"]


def relabel(task: Task) -> None:
    # The person deletes the span and draws it again.
    task["spans"] = [span for span in task["spans"] if span["text"] != "Fenwold Police"]
    task["spans"].append(drawn(task, *of_words(task, "Fenwold Police"), "MISC"))


def take_a_role(task: Task) -> None:
    task["spans"] = [span for span in task["spans"] if span["label"] != "anonymised_officer"]


def give_a_role(task: Task) -> None:
    task["spans"].append(drawn(task, *of_words(task, "Leeds"), "witness"))


def unrelate(task: Task) -> None:
    task["relations"] = [of for of in task["relations"] if of["label"] != "represents"]


def place(article: Record, *mentions: str) -> frozenset[tuple[int, int]]:
    return frozenset((of["start"], of["end"]) for of in article["spans"] if of["id"] in mentions)


LEEDS, FENWOLD, PARTY = place(ROLES, "m7"), place(ROLES, "m4"), place(ROLES, "m3", "m6", "m8")
(leeds,), (fenwold,) = LEEDS, FENWOLD

EDITS: list[tuple[Callable[[Task], None], Meaning]] = [
    (nothing, WAS),
    (draw, WAS._replace(spans=WAS.spans | {(0, 5, "ORG")}, entities=WAS.entities | {frozenset({(0, 5)})})),
    (delete, WAS._replace(spans=WAS.spans - {(*leeds, "LOC")}, entities=WAS.entities - {LEEDS})),
    (relabel, WAS._replace(spans=WAS.spans - {(*fenwold, "ORG")} | {(*fenwold, "MISC")})),
    (take_a_role, WAS._replace(roles=WAS.roles - {(PARTY, "anonymised_officer")})),
    (give_a_role, WAS._replace(roles=WAS.roles | {(LEEDS, "witness")})),
    (unrelate, WAS._replace(relations=set())),
]


@pytest.mark.parametrize("helped", [False, True])
def test_edits_come_back(tmp_path: Path, helped: bool) -> None:
    done = after(tmp_path, [edit for edit, _ in EDITS], lambda copies: with_and_without(copies, tmp_path)[helped])
    assert done.code == 0, done.said
    records = done.records()
    for edit, expected in EDITS:
        found = records[edit.__name__]
        assert meaning(found) == expected, edit.__name__
        assert set(statuses(found).values()) <= {"accepted", "corrected", "rejected"}


def test_edits_of_mentions_alone_leave_the_roles_of_the_record(tmp_path: Path) -> None:
    cases = [(edit, expected) for edit, expected in EDITS if edit not in (take_a_role, give_a_role)]
    done = after(tmp_path, [edit for edit, _ in cases], lambda copies: with_and_without(copies, tmp_path)[True], "ner")
    assert done.code == 0, done.said
    records = done.records()
    for edit, expected in cases:
        found = records[edit.__name__]
        assert meaning(found) == expected, edit.__name__
        # Nobody has looked at the roles.
        assert set(statuses(found).values()) == {"predicted"}


@pytest.mark.parametrize("answer", ["reject", "ignore"])
def test_what_was_not_accepted_is_said_and_left_out(tmp_path: Path, answer: str) -> None:
    tasks = read_lines(export([ROLES, SAMPLES[1]], "prodigy", tmp_path / "tasks.jsonl"))
    path = write(tmp_path / "done.jsonl", [answered(tasks[0], answer), answered(tasks[1])])
    for options in with_and_without([ROLES, SAMPLES[1]], tmp_path):
        done = imported(path, "prodigy", *options)
        assert done.code == 3 and says(done, path, 1) and not says(done, path, 2), done.said
        assert list(done.records()) == ["emoji"]


def off(task: Task) -> None:
    task["spans"][0] |= {"start": len(task["text"]), "end": len(task["text"]) + 4}
    task["spans"][0].pop("text")


def elsewhere(task: Task) -> None:
    # As offsets that were counted in another unit.
    task["spans"][0] |= {"start": task["spans"][0]["start"] + 1, "end": task["spans"][0]["end"] + 1}


def inverted(task: Task) -> None:
    task["spans"][0] |= {"start": task["spans"][0]["end"], "end": task["spans"][0]["start"]}


@pytest.mark.parametrize("spoil", [off, elsewhere, inverted])
def test_a_span_that_does_not_fit_is_said_and_left_out(tmp_path: Path, spoil: Callable[[Task], None]) -> None:
    article = SAMPLES[1]
    first, *rest = [span for span in article["spans"]]
    (task,) = map(answered, read_lines(export([article], "prodigy", tmp_path / "tasks.jsonl", "--layer", "ner")))
    spoil(task)
    path = write(tmp_path / "done.jsonl", [answered(task)])
    for options in with_and_without([article], tmp_path):
        done = imported(path, "prodigy", "--layer", "ner", *options)
        assert done.code == 3 and len(says(done, path, 1)) == 1, done.said
        assert meaning(done.records()["emoji"]).spans == {(of["start"], of["end"], of["label"]) for of in rest}


def test_several_answers_to_one_task(tmp_path: Path) -> None:
    # Two annotators: one line each, of one text. Neither may vanish without a word.
    (task,) = read_lines(export([ROLES], "prodigy", tmp_path / "tasks.jsonl"))
    path = write(tmp_path / "done.jsonl", [answered(task), answered(task) | {"_session_id": "x-2"}])
    done = imported(path, "prodigy")
    assert len(read_lines(done.path)) == 1
    assert done.code == 3 and says(done, path, 2), done.said
