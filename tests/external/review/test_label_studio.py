"""Label Studio: its own SDK finds the configuration and every prediction and annotation valid, and its converter writes the mentions
that the records have; what its server exports, untouched and edited, comes back as the record that it should be.

Its editor counts characters (code points), a carriage return and a line feed each as one."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface
from nltk.tokenize import TreebankWordTokenizer

from articles import CONTROLS, SAMPLES
from exchange import Done, export, gold, imported, says, with_and_without
from label_studio import Result, Task, annotation, deleted, drawn, exported, moved, region, submitted, untouched, write
from marked import Record, record
from meaning import Meaning, meaning, statuses

ARTICLES = SAMPLES + CONTROLS
ROLES = next(article for article in SAMPLES if article["id"] == "roles")
LAYERS = ["ner", "roles", "both"]


def tasks_of(path: Path) -> list[Task]:
    tasks: list[Task] = json.loads(path.read_text(encoding="utf-8"))
    return tasks


def configuration(path: Path) -> str:
    return path.with_suffix(".config.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("layer", LAYERS)
def test_the_sdk_finds_everything_valid(tmp_path: Path, layer: str) -> None:
    for name, records in {"samples": ARTICLES, "gold": gold()}.items():
        path = export(records, "label-studio", tmp_path / f"{name}.json", "--layer", layer)
        interface = LabelInterface(configuration(path))
        interface.validate()
        tasks = tasks_of(path)
        assert [task["data"]["text"] for task in tasks] == [record["text"] for record in records]
        regions = 0
        for task in tasks:
            # With more in it than data its validate_task calls itself wrongly.
            assert interface.validate_task({"data": task["data"]})
            for said in task.get("predictions", []) + task.get("annotations", []):
                assert interface.validate_prediction(said, return_errors=True) == []
                for item in said["result"]:
                    if item["type"] != "relation":
                        value = item["value"]
                        assert value["text"] == task["data"]["text"][value["start"] : value["end"]]
                        regions += 1
        assert regions > 10


def test_the_sdk_finds_faults(tmp_path: Path) -> None:
    path = export([ROLES], "label-studio", tmp_path / "tasks.json")
    interface = LabelInterface(configuration(path))
    wrong = {"type": "relation", "from_id": "m1", "to_id": "m99", "direction": "right", "labels": ["same"]}
    spoils: list[Callable[[Result], Any]] = [
        lambda result: region(result, "m7")["value"].update(labels=["NOPE"]),
        lambda result: region(result, "m7").update(from_name="labels"),
        lambda result: region(result, "m1", "choices")["value"].update(choices=["nope"]),
        lambda result: result.append(wrong),
    ]
    for spoil in spoils:
        (said,) = tasks_of(path)[0]["predictions"]
        spoil(said["result"])
        assert len(interface.validate_prediction(said, return_errors=True)) == 1


def test_what_was_seen_is_annotated_and_the_rest_predicted(tmp_path: Path) -> None:
    tasks = tasks_of(export([ROLES, record("seen", "[[a PER|Ivo]] sat.", seen=True)], "label-studio", tmp_path / "tasks.json"))
    assert [("predictions" in task, "annotations" in task) for task in tasks] == [(True, False), (False, True)]


def test_the_result_of_an_article(tmp_path: Path) -> None:
    (task,) = tasks_of(export([ROLES], "label-studio", tmp_path / "tasks.json"))
    (said,) = task["predictions"]
    result = said["result"]
    assert 0 <= said["score"] <= 1 and said["model_version"]
    labels = {(item["id"], *item["value"]["labels"]) for item in result if item["type"] == "labels"}
    assert labels == {(span["id"], span["label"]) for span in ROLES["spans"]}
    choices = {(item["id"], *sorted(item["value"]["choices"])) for item in result if item["type"] == "choices"}
    assert choices == {("m1", "panel_chair"), ("m2", "representative"), ("m3", "anonymised_officer", "subject_officer")}
    relations = [(item["from_id"], item["to_id"], *item["labels"]) for item in result if item["type"] == "relation"]
    assert sorted(relations) == [("m2", "m3", "represents"), ("m5", "m1", "same"), ("m6", "m3", "same"), ("m8", "m3", "same")]


def test_a_pair_of_regions_has_one_relation(tmp_path: Path) -> None:
    # The editor drops a second one.
    for records in ARTICLES, gold():
        for task in tasks_of(export(records, "label-studio", tmp_path / "tasks.json")):
            for said in task.get("predictions", []) + task.get("annotations", []):
                pairs = [(item["from_id"], item["to_id"]) for item in said["result"] if item["type"] == "relation"]
                assert len(pairs) == len(set(pairs))


# ---- the converter -----------------------------------------------------------------------------------------
def converter(path: Path) -> Converter:
    return Converter(configuration(path), str(path.parent), download_resources=False)


def tags(article: Record) -> list[tuple[str, str]]:
    """The tokens as the converter cuts them, with the tags that the record's mentions give them."""
    tokens = list(TreebankWordTokenizer().span_tokenize(article["text"]))
    found = ["O"] * len(tokens)
    for span in article["spans"]:
        inside = [at for at, (start, end) in enumerate(tokens) if start < span["end"] and span["start"] < end]
        for at in inside:
            found[at] = f"{'B' if at == inside[0] else 'I'}-{span['label']}"
    return [(article["text"][start:end], tag) for (start, end), tag in zip(tokens, found)]


def alone(article: Record) -> bool:
    """Whether no token of the converter's has parts of two mentions: it keeps the first alone."""
    tokens = list(TreebankWordTokenizer().span_tokenize(article["text"]))
    return not any(
        sum(start < span["end"] and span["start"] < end for span in article["spans"]) > 1 for start, end in tokens
    )


def test_the_converter_writes_the_mentions(tmp_path: Path) -> None:
    for name, records in {"samples": SAMPLES, "gold": gold()}.items():
        path = export(records, "label-studio", tmp_path / f"{name}.json")
        done = submitted(tmp_path / f"{name}.done.json", tasks_of(path))
        out = tmp_path / name
        converter(path).convert(str(done), str(out), "CONLL2003", is_dir=False)
        lines = (out / "result.conll").read_text(encoding="utf-8").split("\n")
        assert lines[0] == "-DOCSTART- -X- O"
        written = "\n".join(lines[1:])
        checked = 0
        for article in records:
            expected = "".join(f"{token} -X- _ {tag}\n" for token, tag in tags(article)) + "\n"
            if alone(article):
                assert written.startswith(expected), article["id"]
                checked += 1
            written = written[len(expected) :] if alone(article) else written.partition("\n\n")[2]
        assert checked >= len(records) * 0.6


def test_the_converter_writes_regions_and_roles(tmp_path: Path) -> None:
    path = export(ARTICLES, "label-studio", tmp_path / "tasks.json")
    done = submitted(tmp_path / "done.json", tasks_of(path))
    converter(path).convert(str(done), str(tmp_path / "out"), "JSON", is_dir=False)
    (file,) = (tmp_path / "out").glob("*.json")
    for article, task in zip(ARTICLES, tasks_of(file)):
        regions = [item for item in task["annotations"][0]["result"] if item["type"] == "labels"]
        stretches = [(of["start"], of["end"]) for of in article["spans"]]
        assert [(of["value"]["start"], of["value"]["end"]) for of in regions] == stretches


# ---- back --------------------------------------------------------------------------------------------------
def test_what_was_exported_comes_back(tmp_path: Path) -> None:
    for name, records in {"samples": ARTICLES, "gold": gold()}.items():
        path = export(records, "label-studio", tmp_path / f"{name}.json")
        for options in with_and_without(records, tmp_path):
            done = imported(path, "label-studio", *options)
            assert done.code == 0, done.said
            found = done.records()
            assert list(found) == [record["id"] for record in records]
            for record in records:
                assert found[record["id"]]["text"] == record["text"]
                assert meaning(found[record["id"]]) == meaning(record), record["id"]
                assert statuses(found[record["id"]]) == statuses(record)
                assert found[record["id"]]["meta"].get("desk") == record["meta"].get("desk")


def test_what_a_person_submits_unchanged_is_accepted(tmp_path: Path) -> None:
    path = submitted(tmp_path / "done.json", tasks_of(export(ARTICLES, "label-studio", tmp_path / "tasks.json")))
    for options in with_and_without(ARTICLES, tmp_path):
        done = imported(path, "label-studio", *options)
        assert done.code == 0, done.said
        for article in ARTICLES:
            found = done.records()[article["id"]]
            assert meaning(found) == meaning(article)
            assert set(statuses(found).values()) <= {"accepted"}
            if options:
                proofs = [[role["evidence"] for role in of["roles"]] for of in article["entities"]]
                assert [[role["evidence"] for role in of["roles"]] for of in found["entities"]] == proofs
                assert [of["kind"] for of in found["spans"]] == [of["kind"] for of in article["spans"]]


def entity(article: Record, *mentions: str) -> frozenset[tuple[int, int]]:
    return frozenset((of["start"], of["end"]) for of in article["spans"] if of["id"] in mentions)


def stretch(words: str, start: int = 0) -> tuple[int, int]:
    at = ROLES["text"].index(words, start)
    return at, at + len(words)


A, B, C = entity(ROLES, "m1", "m5"), entity(ROLES, "m2"), entity(ROLES, "m3", "m6", "m8")
WAS = meaning(ROLES)


def move(task: Task, result: Result) -> None:
    moved(task, result, "m1", "chair Alan Reedham")


def move_apart(task: Task, result: Result) -> None:
    # Onto other words altogether.
    moved(task, result, "m7", "no place")


def delete(_: Task, result: Result) -> None:
    deleted(result, "m7")


def delete_the_first(_: Task, result: Result) -> None:
    deleted(result, "m1")


def draw(task: Task, result: Result) -> None:
    result.insert(0, drawn(task, "Panel", "ORG"))


def relabel(_: Task, result: Result) -> None:
    region(result, "m4")["value"]["labels"] = ["MISC"]


def choose_another(_: Task, result: Result) -> None:
    region(result, "m1", "choices")["value"]["choices"] = ["panel_member"]


def choose_more(_: Task, result: Result) -> None:
    result.append({**region(result, "m7"), "from_name": "role", "type": "choices"})
    result[-1]["value"] = {**result[-1]["value"], "choices": ["witness"]}
    result[-1]["value"].pop("labels")
    region(result, "m3", "choices")["value"]["choices"].remove("anonymised_officer")


def choose_of_a_later_mention(_: Task, result: Result) -> None:
    chosen = region(result, "m1", "choices")
    value = {name: of for name, of in region(result, "m5")["value"].items() if name != "labels"}
    chosen |= {"id": "m5", "value": value | {"choices": ["panel_chair"]}}


def choose_none(_: Task, result: Result) -> None:
    result.remove(region(result, "m2", "choices"))


def part(_: Task, result: Result) -> None:
    result[:] = [item for item in result if item.get("from_id") != "m5"]


def unrelate(_: Task, result: Result) -> None:
    result[:] = [item for item in result if item.get("labels") != ["represents"]]


def turn(_: Task, result: Result) -> None:
    for item in result:
        if item.get("labels") == ["represents"]:
            item.update(from_id="m3", to_id="m2", direction="left")


def relate_without_a_word(_: Task, result: Result) -> None:
    # What a person leaves who draws a relation and picks nothing for it.
    result.append({"from_id": "m4", "to_id": "m7", "type": "relation", "direction": "right"})
    result.append({"from_id": "m4", "to_id": "m2", "type": "relation", "direction": "right", "labels": []})


def note(_: Task, result: Result) -> None:
    for item in result:
        if item.get("id") == "m3":
            item["meta"] = {"text": ["sure?"]}


def say_more(_: Task, result: Result) -> None:
    # What a configuration gives that has more in it: a choice of the whole article, a remark.
    of = {"to_name": "text", "origin": "manual"}
    result.append(of | {"id": "c1", "from_name": "quality", "type": "choices", "value": {"choices": ["good"]}})
    result.append(of | {"id": "c2", "from_name": "remark", "type": "textarea", "value": {"text": ["Leeds?"]}})


def clear(_: Task, result: Result) -> None:
    result.clear()


def swapped(was: set[Any], out: set[Any], new: set[Any]) -> set[Any]:
    assert out <= was
    return (was - out) | new


def with_entity(was: Meaning, old: frozenset[tuple[int, int]], new: frozenset[tuple[int, int]]) -> Meaning:
    """The same, of an entity with other mentions."""

    def now(of: frozenset[tuple[int, int]]) -> frozenset[tuple[int, int]]:
        return new if of == old else of

    return Meaning(
        was.spans,
        {now(of) for of in was.entities},
        {(now(of), role) for of, role in was.roles},
        {(kind, now(source), now(target)) for kind, source, target in was.relations},
    )


WIDER, FIRST, LATER = stretch("chair Alan Reedham"), stretch("Alan Reedham"), stretch("Reedham", 40)
LEEDS, ELSEWHERE, PANEL = stretch("Leeds"), stretch("no place"), stretch("Panel")
FENWOLD = stretch("Fenwold Police")

EDITS: list[tuple[Callable[[Task, Result], None], Meaning]] = [
    (
        move,
        with_entity(WAS, A, frozenset({WIDER, LATER}))._replace(
            spans=swapped(WAS.spans, {(*FIRST, "PER")}, {(*WIDER, "PER")})
        ),
    ),
    (
        move_apart,
        with_entity(WAS, frozenset({LEEDS}), frozenset({ELSEWHERE}))._replace(
            spans=swapped(WAS.spans, {(*LEEDS, "LOC")}, {(*ELSEWHERE, "LOC")})
        ),
    ),
    (
        delete,
        WAS._replace(spans=WAS.spans - {(*LEEDS, "LOC")}, entities=WAS.entities - {frozenset({LEEDS})}),
    ),
    (
        delete_the_first,
        Meaning(
            WAS.spans - {(*FIRST, "PER")},
            swapped(WAS.entities, {A}, {frozenset({LATER})}),
            WAS.roles - {(A, "panel_chair")},
            WAS.relations,
        ),
    ),
    (draw, WAS._replace(spans=WAS.spans | {(*PANEL, "ORG")}, entities=WAS.entities | {frozenset({PANEL})})),
    (relabel, WAS._replace(spans=swapped(WAS.spans, {(*FENWOLD, "ORG")}, {(*FENWOLD, "MISC")}))),
    (choose_another, WAS._replace(roles=swapped(WAS.roles, {(A, "panel_chair")}, {(A, "panel_member")}))),
    (
        choose_more,
        WAS._replace(roles=swapped(WAS.roles, {(C, "anonymised_officer")}, {(frozenset({LEEDS}), "witness")})),
    ),
    (choose_of_a_later_mention, WAS),
    (choose_none, WAS._replace(roles=WAS.roles - {(B, "representative")})),
    (
        part,
        WAS._replace(
            entities=swapped(WAS.entities, {A}, {frozenset({FIRST}), frozenset({LATER})}),
            roles=swapped(WAS.roles, {(A, "panel_chair")}, {(frozenset({FIRST}), "panel_chair")}),
        ),
    ),
    (unrelate, WAS._replace(relations=set())),
    (turn, WAS),
    (relate_without_a_word, WAS),
    (note, WAS),
    (say_more, WAS),
    (clear, Meaning(set(), set(), set(), set())),
]


Spoil = Callable[[Task, dict[str, Any]], None]


def renamed(article: Record, name: str) -> Record:
    return article | {"id": name}


@dataclass
class Came:
    """What came back of copies of one article, each with an edit of its own: by the name of the edit."""

    helped: bool
    done: Done
    records: dict[str, Record]
    said: dict[str, list[str]]


def after(folder: Path, article: Record, edits: list[Callable[[Task, Result], None]], helped: bool) -> Came:
    copies = [renamed(article, edit.__name__) for edit in edits]
    tasks = tasks_of(export(copies, "label-studio", folder / "tasks.json"))
    results = [untouched(task) for task in tasks]
    for edit, task, result in zip(edits, tasks, results):
        edit(task, result)
    submissions = zip(tasks, results)
    path = write(
        folder / "done.json",
        [exported(at, task, [annotation(at, result)]) for at, (task, result) in enumerate(submissions, start=1)],
    )
    done = imported(path, "label-studio", *with_and_without(copies, folder)[helped])
    # The first line of the file is the bracket.
    said = {edit.__name__: says(done, path, at) for at, edit in enumerate(edits, start=2)}
    return Came(helped, done, done.records(), said)


@pytest.fixture(scope="module", params=[False, True], ids=["alone", "with the records"])
def edited(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Came:
    return after(tmp_path_factory.mktemp("edited"), ROLES, [edit for edit, _ in EDITS], request.param)


@pytest.mark.parametrize("edit,expected", EDITS, ids=[edit.__name__ for edit, _ in EDITS])
def test_an_edit_comes_back(edited: Came, edit: Callable[[Task, Result], None], expected: Meaning) -> None:
    assert not edited.said[edit.__name__] or edit is relate_without_a_word
    found = edited.records[edit.__name__]
    if edited.helped and edit is delete_the_first:
        # The role hung on the mention that is gone; the record knows that the others have it too, undecided.
        undecided = {(frozenset({LATER}), "panel_chair")}
        expected = expected._replace(roles=expected.roles | undecided)
    else:
        undecided = set()
    assert meaning(found) == expected
    assert {role for role, status in statuses(found).items() if status == "predicted"} == undecided


def test_roles_that_were_replaced_are_corrected(tmp_path: Path) -> None:
    given = statuses(after(tmp_path, ROLES, [choose_another], True).records["choose_another"])
    assert given[A, "panel_member"] == "corrected"
    assert given.get((A, "panel_chair"), "rejected") == "rejected"
    assert given[B, "representative"] == "accepted"


@pytest.mark.parametrize("helped", [False, True])
def test_words_of_drawn_regions_are_as_the_page_shows_them(tmp_path: Path, helped: bool) -> None:
    # The editor writes \n for either end of a line and one blank for several.
    article = next(article for article in SAMPLES if article["id"] == "white")

    def redraw(task: Task, result: Result) -> None:
        for item in [item for item in result if item["type"] == "labels" and item["id"] in ("m1", "m2")]:
            words = task["data"]["text"][item["value"]["start"] : item["value"]["end"]]
            moved(task, result, item["id"], words)
        assert region(result, "m1")["value"]["text"] == "Alan\\n\\nReedham"
        assert region(result, "m2")["value"]["text"] == "Ann Lee"

    came = after(tmp_path, article, [redraw], helped)
    assert came.done.code == 0, came.done.said
    assert meaning(came.records["redraw"]) == meaning(article)


# ---- what does not fit -------------------------------------------------------------------------------------
def beyond(task: Task, item: dict[str, Any]) -> None:
    item["value"] |= {"end": len(task["data"]["text"]) + 1, "text": "place for PC One."}


def before_the_text(_: Task, item: dict[str, Any]) -> None:
    item["value"]["start"] = -3


def of_other_words(_: Task, item: dict[str, Any]) -> None:
    # As offsets that were counted in another unit.
    item["value"] |= {"start": item["value"]["start"] - 2, "end": item["value"]["end"] - 2}


def empty(_: Task, item: dict[str, Any]) -> None:
    item["value"] |= {"end": item["value"]["start"], "text": ""}


def of_white_space(task: Task, item: dict[str, Any]) -> None:
    at = task["data"]["text"].index("\n\n")
    item["value"] |= {"start": at, "end": at + 2, "text": "\\n\\n"}


def overlapping(task: Task, item: dict[str, Any]) -> None:
    at = task["data"]["text"].index("Quill, for")
    item["value"] |= {"start": at, "end": at + 10, "text": "Quill, for"}


def without_offsets(_: Task, item: dict[str, Any]) -> None:
    del item["value"]["start"]


SPOILS: list[Spoil] = [beyond, before_the_text, of_other_words, empty, of_white_space, overlapping, without_offsets]


@pytest.fixture(scope="module", params=[False, True], ids=["alone", "with the records"])
def spoilt(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Came:
    def edit(spoil: Spoil) -> Callable[[Task, Result], None]:
        def made(task: Task, result: Result) -> None:
            spoil(task, region(result, "m7"))

        made.__name__ = spoil.__name__
        return made

    return after(tmp_path_factory.mktemp("spoilt"), ROLES, [*map(edit, SPOILS), note], request.param)


@pytest.mark.parametrize("spoil", SPOILS, ids=[spoil.__name__ for spoil in SPOILS])
def test_a_region_that_does_not_fit_is_said_and_left_out(spoilt: Came, spoil: Spoil) -> None:
    assert spoilt.done.code == 3
    assert len(spoilt.said[spoil.__name__]) == 1, spoilt.done.said
    # Whoever says that a region is none may refuse the article.
    if spoil is not without_offsets:
        assert meaning(spoilt.records[spoil.__name__]) == EDITS[2][1]


def test_what_fits_beside_it_is_untouched(spoilt: Came) -> None:
    assert not spoilt.said["note"] and meaning(spoilt.records["note"]) == WAS


def test_a_role_that_is_none_is_said(tmp_path: Path) -> None:
    def invent(_: Task, result: Result) -> None:
        region(result, "m1", "choices")["value"]["choices"].append("mayor")

    came = after(tmp_path, ROLES, [invent], False)
    assert came.done.code == 3
    (said,) = came.said["invent"]
    assert "expected" in said and "role" in said.partition("expected")[2] and "mayor" in said
    assert meaning(came.records["invent"]) == WAS


def test_what_was_skipped_is_left_out(tmp_path: Path) -> None:
    (task,) = tasks_of(export([ROLES], "label-studio", tmp_path / "tasks.json"))
    path = write(tmp_path / "done.json", [exported(1, task, [annotation(1, untouched(task), was_cancelled=True)])])
    done = imported(path, "label-studio")
    assert done.code == 3 and says(done, path, 2)
    assert done.records() == {}


@pytest.mark.parametrize("helped", [False, True])
def test_what_nobody_has_annotated_does_not_lose_its_mentions(tmp_path: Path, helped: bool) -> None:
    # An export of all tasks: of the prediction its number alone is there, of a draft nothing was submitted.
    (task,) = tasks_of(export([ROLES], "label-studio", tmp_path / "tasks.json"))
    for drafts in [], [{"id": 1, "result": untouched(task)[:1]}]:
        path = write(tmp_path / "all.json", [exported(1, task, []) | {"drafts": drafts}])
        done = imported(path, "label-studio", *with_and_without([ROLES], tmp_path)[helped])
        assert done.code == 3 and says(done, path, 2), done.said
        assert all(meaning(found) == WAS for found in done.records().values())


def test_a_skip_beside_an_annotation_is_nothing(tmp_path: Path) -> None:
    (task,) = tasks_of(export([ROLES], "label-studio", tmp_path / "tasks.json"))
    both = [annotation(1, []), annotation(2, untouched(task), was_cancelled=True)]
    done = imported(write(tmp_path / "done.json", [exported(1, task, both)]), "label-studio")
    assert done.code == 0, done.said
    assert meaning(done.records()["roles"]) == Meaning(set(), set(), set(), set())


@pytest.mark.parametrize("truth,expected", [(None, EDITS[2][1]), (1, WAS)])
def test_of_several_annotations_one_counts_and_that_is_said(tmp_path: Path, truth: int | None, expected: Meaning) -> None:
    (task,) = tasks_of(export([ROLES], "label-studio", tmp_path / "tasks.json"))
    later = untouched(task)
    delete(task, later)
    # In any order: the one that is the truth, else the one updated last.
    several = [annotation(2, later), annotation(1, untouched(task), ground_truth=truth == 1)]
    path = write(tmp_path / "done.json", [exported(1, task, several)])
    done = imported(path, "label-studio")
    assert says(done, path, 2), done.said
    assert meaning(done.records()["roles"]) == expected


def test_the_other_json_is_refused(tmp_path: Path) -> None:
    # JSON_MIN: no ids of regions, no relations, the task's number for the article's.
    path = export([ROLES], "label-studio", tmp_path / "tasks.json")
    done = submitted(tmp_path / "done.json", tasks_of(path))
    converter(path).convert(str(done), str(tmp_path / "out"), "JSON_MIN", is_dir=False)
    (small,) = (tmp_path / "out").glob("*.json")
    refused = imported(small, "label-studio")
    assert refused.code == 3 and str(small) in refused.said
    assert refused.records() == {}


def test_another_text_is_refused_where_the_records_are_known(tmp_path: Path) -> None:
    (task,) = tasks_of(export([ROLES], "label-studio", tmp_path / "tasks.json"))
    task["data"]["text"] = task["data"]["text"].replace("Leeds", "Ludds")
    path = write(tmp_path / "done.json", [exported(1, task, [annotation(1, [])])])
    done = imported(path, "label-studio", *with_and_without([ROLES], tmp_path)[True])
    assert done.code == 3 and says(done, path, 2)
    assert done.records() == {}
