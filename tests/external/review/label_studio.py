"""Takes tasks as rolecall exports them; gives them as Label Studio 1.23 does when its project is exported as JSON, after whatever a
person did there: keys, ids and the forms of regions are those of a real export. Nothing of the tool runs here but its SDK."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

Task = dict[str, Any]
Result = list[dict[str, Any]]

# What its editor makes of white space in the words of a region that is drawn there.
ENDS = re.compile(r"[\n\r]")


def shown(words: str) -> str:
    """The words of a drawn region: each end of a line as two characters, other white space as the page shows it."""
    return "\\n".join(re.sub(r"[ \t]+", " ", line) for line in ENDS.split(words))


def untouched(task: Task) -> Result:
    """What a person submits who changes nothing of the prediction."""
    (said,) = task.get("predictions") or task["annotations"]
    result: Result = copy.deepcopy(said["result"])
    for item in result:
        if item["type"] != "relation":
            item["origin"] = "prediction"
    return result


def region(result: Result, name: str, kind: str = "labels") -> dict[str, Any]:
    """The part of a result that has this id."""
    return next(item for item in result if item.get("id") == name and item["type"] == kind)


def drawn(task: Task, words: str, label: str) -> dict[str, Any]:
    """A region that a person drew around words of the text."""
    start = task["data"]["text"].index(words)
    value = {"start": start, "end": start + len(words), "text": shown(words), "labels": [label]}
    return {"value": value, "id": "yDRYiNBH-x", "from_name": "label", "to_name": "text", "type": "labels", "origin": "manual"}


def moved(task: Task, result: Result, name: str, words: str) -> None:
    """As who drags the ends of a region: its choices move with it."""
    start = task["data"]["text"].index(words)
    for item in result:
        if item.get("id") == name:
            item["value"] |= {"start": start, "end": start + len(words), "text": shown(words)}
            item["origin"] = "prediction-changed"


def deleted(result: Result, name: str) -> None:
    """As who deletes a region: its choices and relations go with it."""
    result[:] = [item for item in result if name not in (item.get("id"), item.get("from_id"), item.get("to_id"))]


def annotation(number: int, result: Result, **more: Any) -> dict[str, Any]:
    """An annotation as it stands in an exported file."""
    return {
        "id": number,
        "completed_by": 1,
        "result": result,
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": f"2026-11-22T07:40:{number:02}.269363Z",
        "updated_at": f"2026-11-22T07:40:{number:02}.269440Z",
        "draft_created_at": None,
        "lead_time": 12.5,
        "prediction": {},
        "result_count": len(result),
        "unique_id": f"504a7c5c-5bdd-4956-ba18-57de17b6a{number:03}",
        "import_id": None,
        "last_action": None,
        "bulk_created": False,
        "task": number,
        "project": 1,
        "updated_by": 1,
        "parent_prediction": None,
        "parent_annotation": None,
        "last_created_by": None,
    } | more


def exported(number: int, task: Task, annotations: list[dict[str, Any]]) -> Task:
    """A task as it stands in an exported file. Of its predictions only the numbers stand there."""
    return {
        "id": number,
        "annotations": annotations,
        "file_upload": "85a5b41d-tasks.json",
        "drafts": [],
        "predictions": [number],
        "data": task["data"],
        "meta": {},
        "created_at": "2026-11-22T07:39:18.952284Z",
        "updated_at": "2026-11-22T07:40:46.952341Z",
        "allow_skip": True,
        "inner_id": number,
        "total_annotations": len(annotations),
        "cancelled_annotations": sum(of["was_cancelled"] for of in annotations),
        "total_predictions": 1,
        "comment_count": 0,
        "unresolved_comment_count": 0,
        "last_comment_updated_at": None,
        "project": 1,
        "updated_by": 1,
        "comment_authors": [],
    }


def write(path: Path, tasks: list[Task]) -> Path:
    """The file, a task a line, so that messages can say which."""
    lines = ",\n".join(json.dumps(task, ensure_ascii=False) for task in tasks)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    return path


def submitted(path: Path, tasks: list[Task], edit: Callable[[Task, Result], None] | None = None) -> Path:
    """The file that Label Studio exports when a person has looked at every task, and done `edit` to it."""
    said = []
    for number, task in enumerate(tasks, start=1):
        result = untouched(task)
        if edit is not None:
            edit(task, result)
        said.append(exported(number, task, [annotation(number, result)]))
    return write(path, said)
