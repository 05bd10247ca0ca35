"""Takes tasks for Prodigy; says whether they are what its recipes read, and gives them as its database gives them back. Prodigy is not
to be had from a registry, so the shapes are written here from its documentation (prodi.gy/docs/api-interfaces: ner_manual, spans_manual,
relations), and the reading of relations from the tutorial of spaCy, which reads what rel.manual wrote."""

import copy
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, model_validator

Task = dict[str, Any]
Offset = Annotated[StrictInt, Field(ge=0)]
Hash = Annotated[StrictInt, Field(ge=-(2**31), lt=2**31)]


class Open(BaseModel):
    """Prodigy passes keys on that it does not know."""

    model_config = ConfigDict(extra="allow")


class Token(Open):
    text: Annotated[StrictStr, Field(min_length=1)]
    start: Offset
    end: Offset
    id: Offset
    ws: StrictBool


class Span(Open):
    start: Offset
    end: Offset
    token_start: Offset
    token_end: Offset
    label: Annotated[StrictStr, Field(min_length=1)]


class Relation(Open):
    head: Offset
    child: Offset
    label: Annotated[StrictStr, Field(min_length=1)]
    head_span: Span
    child_span: Span


class SpansManual(Open):
    """A task of spans.manual."""

    text: StrictStr
    tokens: list[Token]
    spans: list[Span]
    meta: dict[StrictStr, Any]
    input_hash: Hash = Field(alias="_input_hash")
    task_hash: Hash = Field(alias="_task_hash")
    answer: Literal["accept", "reject", "ignore"] | None = None

    @model_validator(mode="after")
    def tokens_are_the_text(self) -> "SpansManual":
        assert [token.id for token in self.tokens] == list(range(len(self.tokens)))
        for token in self.tokens:
            assert token.text == self.text[token.start : token.end]
        return self

    @model_validator(mode="after")
    def spans_are_whole_tokens(self) -> "SpansManual":
        for span in self.spans:
            assert span.start < span.end and span.token_start <= span.token_end < len(self.tokens)
            # Else Prodigy stops: mismatched tokenization.
            assert (self.tokens[span.token_start].start, self.tokens[span.token_end].end) == (span.start, span.end)
        return self


class NerManual(SpansManual):
    """A task of ner.manual."""

    @model_validator(mode="after")
    def spans_never_overlap(self) -> "NerManual":
        for before, after in zip(self.spans, self.spans[1:]):
            assert before.end <= after.start
        return self


class RelManual(NerManual):
    """A task of rel.manual."""

    relations: list[Relation]

    @model_validator(mode="after")
    def relations_join_spans(self) -> "RelManual":
        known = {(span.start, span.end, span.token_start, span.token_end, span.label) for span in self.spans}
        for relation in self.relations:
            for end, span in (relation.head, relation.head_span), (relation.child, relation.child_span):
                assert (span.start, span.end, span.token_start, span.token_end, span.label) in known
                assert end == span.token_end
        return self


class Read(NamedTuple):
    """What spaCy's tutorial reads from a task: a text made of the tokens, its spans, and relations between their first tokens."""

    text: str
    spans: list[str]
    relations: list[tuple[str, str, str]]


def read_by_tutorial(task: Task) -> Read:
    """As parse_data.py of spaCy's rel_component: Doc(words, spaces), doc.char_span(start, end), head and child as ends of spans."""
    text, starts, ends = "", dict[int, int](), dict[int, int]()
    for token in task["tokens"]:
        starts[len(text)] = token["id"]
        text += token["text"]
        ends[len(text)] = token["id"]
        text += " " * token["ws"]
    words: dict[int, str] = {}
    end_to_start: dict[int, int] = {}
    spans = []
    for span in task["spans"]:
        # char_span gives None where a stretch begins or ends inside a token.
        assert starts[span["start"]] == span["token_start"] and ends[span["end"]] == span["token_end"]
        spans.append(text[span["start"] : span["end"]])
        end_to_start[span["token_end"]] = span["token_start"]
        words[span["token_start"]] = spans[-1]
    relations = [
        (words[end_to_start[of["head"]]], of["label"], words[end_to_start[of["child"]]]) for of in task.get("relations", [])
    ]
    return Read(text, spans, relations)


def answered(task: Task, answer: str = "accept") -> Task:
    """A task as `prodigy db-out` gives it after an answer."""
    given = copy.deepcopy(task)
    more = {"answer": answer, "_timestamp": 1795333200, "_view_id": "spans_manual", "_annotator_id": "x-1", "_session_id": "x-1"}
    return given | more


def drawn(task: Task, first: int, last: int, label: str) -> dict[str, Any]:
    """A span that a person drew over tokens: it has no keys but Prodigy's own."""
    tokens = task["tokens"]
    place = {"start": tokens[first]["start"], "end": tokens[last]["end"]}
    return place | {"token_start": first, "token_end": last, "label": label}
