"""Takes articles with their mentions marked in the text; gives records as rolecall writes them (`rolecall schema`). Nothing of rolecall
is used: what a record means is said here once more, independently."""

import hashlib
import re
from typing import Any

Record = dict[str, Any]

# The White_Space of Unicode, which is not what str.isspace says (that takes U+001C to U+001F too).
WHITE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
MARK = re.compile(r"\[\[(\w+) ([A-Z]+)\|(.*?)\]\]", re.DOTALL)
TOKEN = re.compile(rf"\w+|[^\w{WHITE}]")


def record(
    name: str,
    marked: str,
    roles: dict[str, list[str]] | None = None,
    represents: list[tuple[str, str]] | None = None,
    seen: bool = False,
) -> Record:
    """The record of a text in which mentions stand as [[key LABEL|words]]; mentions with one key are one entity."""
    text, found = "", list[tuple[str, str, int, int]]()
    at = 0
    for mark in MARK.finditer(marked):
        text += marked[at : mark.start()]
        found.append((mark[1], mark[2], len(text), len(text) + len(mark[3])))
        text += mark[3]
        at = mark.end()
    text += marked[at:]

    tokens = tokenised(text, {end for _, _, *ends in found for end in ends})
    place = {key: f"e{at + 1}" for at, key in enumerate(dict.fromkeys(key for key, *_ in found))}
    spans = [
        {
            "id": f"m{at + 1}",
            "start": start,
            "end": end,
            "token_start": min(token["id"] for token in tokens if token["end"] > start),
            "token_end": max(token["id"] for token in tokens if token["start"] < end),
            "label": label,
            "text": text[start:end],
            "kind": "pseudonym" if label == "ANON" else "name",
            "score": 0.9 + at % 9 / 100,
            "source": "annotator" if seen else "model",
            "entity": place[key],
        }
        for at, (key, label, start, end) in enumerate(found)
    ]

    def entity(key: str) -> dict[str, Any]:
        mentions = [span for span in spans if span["entity"] == place[key]]
        first, *later = mentions
        words = {"start": first["start"], "end": first["end"], "text": first["text"]}
        given = [
            {"role": role, "score": 0.75, "status": "accepted" if seen else "predicted", "evidence": [{"rule": "test.rule", **words}]}
            for role in (roles or {}).get(key, [])
        ]
        return {
            "id": place[key],
            "label": first["label"],
            "name": max((span["text"] for span in mentions), key=len),
            "anonymised": first["label"] == "ANON",
            "mentions": [span["id"] for span in mentions],
            "roles": given,
            "links": [{"mention": span["id"], "why": "surname"} for span in later],
        }

    def relation(source: str, target: str) -> dict[str, Any]:
        evidence = next(span for span in spans if span["entity"] == place[source])
        return {
            "type": "represents",
            "from": place[source],
            "to": place[target],
            "evidence": {"start": evidence["start"], "end": evidence["end"]},
        }

    return {
        "schema": "rolecall/1",
        "id": name,
        "text": text,
        "meta": {"source": f"{name}.txt", "desk": {"name": "night", "page": None}},
        "offset_unit": "char",
        "tokens": tokens,
        "sentences": [{"start": tokens[0]["start"], "end": tokens[-1]["end"]}] if tokens else [],
        "spans": spans,
        "entities": [entity(key) for key in place],
        "relations": [relation(*ends) for ends in represents or []],
        "warnings": [],
        "_input_hash": int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big", signed=True),
        "run": {"tool": "tests 1", "model": "sha256:tests", "rules": "sha256:tests", "precision": "f32"},
    }


def tokenised(text: str, cuts: set[int]) -> list[dict[str, Any]]:
    """Words and punctuation marks, cut where mentions begin and end."""
    pieces = [
        (start, end)
        for token in TOKEN.finditer(text)
        for ends in [sorted({token.start(), token.end()} | {cut for cut in cuts if token.start() < cut < token.end()})]
        for start, end in zip(ends, ends[1:])
    ]
    white = re.compile(f"[{WHITE}]")
    return [
        {"id": at, "text": text[start:end], "start": start, "end": end, "ws": bool(white.match(text, end))}
        for at, (start, end) in enumerate(pieces)
    ]
