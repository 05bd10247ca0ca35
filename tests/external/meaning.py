"""Takes a record; gives what it means: its mentions, which of them are one, who has which role, and what holds between whom, without
ids, scores and proofs."""

from typing import NamedTuple

from marked import Record

Stretch = tuple[int, int]


class Meaning(NamedTuple):
    spans: set[tuple[int, int, str]]
    # An entity is the stretches of its mentions.
    entities: set[frozenset[Stretch]]
    roles: set[tuple[frozenset[Stretch], str]]
    relations: set[tuple[str, frozenset[Stretch], frozenset[Stretch]]]


STANDING = {"predicted", "accepted", "corrected"}


def meaning(record: Record) -> Meaning:
    """What holds by the record. A rejected role does not."""
    place = {span["id"]: (span["start"], span["end"]) for span in record["spans"]}
    for span in record["spans"]:
        assert span["text"] == record["text"][span["start"] : span["end"]]
    entity = {of["id"]: frozenset(place[mention] for mention in of["mentions"]) for of in record["entities"]}
    for span in record["spans"]:
        assert span["entity"] is None or (span["start"], span["end"]) in entity[span["entity"]]
    return Meaning(
        {(span["start"], span["end"], span["label"]) for span in record["spans"]},
        set(entity.values()),
        {(entity[of["id"]], role["role"]) for of in record["entities"] for role in of["roles"] if role["status"] in STANDING},
        {(of["type"], entity[of["from"]], entity[of["to"]]) for of in record["relations"]},
    )


def statuses(record: Record) -> dict[tuple[frozenset[Stretch], str], str]:
    """Of each entity, by its mentions, and role: the status."""
    place = {span["id"]: (span["start"], span["end"]) for span in record["spans"]}
    return {
        (frozenset(place[mention] for mention in of["mentions"]), role["role"]): role["status"]
        for of in record["entities"]
        for role in of["roles"]
    }
