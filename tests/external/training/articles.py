"""Takes nothing; gives annotated articles, as rolecall's records, that hold what tends to break exporters: emoji of several
characters, combining marks, letters that run from right to left, every kind of white space, mentions at the ends of the text,
side by side, across line breaks and inside words, names that look like the syntax of a format.

An article is written as pieces, text and mentions in turn; where a mention stands follows from the pieces before it."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

Record = dict[str, Any]


class M(NamedTuple):
    """A mention: its words, and the key of its entity, which is any word; without one it is of no entity."""

    words: str
    entity: str | None = None
    label: str = "PER"


class Role(NamedTuple):
    role: str
    score: float = 0.9
    status: str = "predicted"


@dataclass
class Sample:
    """An article: its id, its pieces, the roles of its entities by their keys, and who represents whom."""

    id: str
    pieces: list[str | M]
    roles: dict[str, list[Role]] = field(default_factory=dict)
    represents: list[tuple[str, str]] = field(default_factory=list)
    source: str = "model"

    def record(self) -> Record:
        """The article as a line of rolecall's format (`rolecall schema`)."""
        text = "".join(piece if isinstance(piece, str) else piece.words for piece in self.pieces)
        spans, at = [], 0
        for piece in self.pieces:
            words = piece if isinstance(piece, str) else piece.words
            if isinstance(piece, M):
                spans.append((at, at + len(words), piece))
            at += len(words)

        keys = list(dict.fromkeys(piece.entity for _, _, piece in spans if piece.entity is not None))
        ids: dict[str | None, str | None] = {None: None} | {key: f"e{number}" for number, key in enumerate(keys, 1)}
        tokens = [(found.start(), found.end()) for found in re.finditer(r"\w+|[^\w\s]", text)]

        def slice_of(start: int, end: int) -> dict[str, Any]:
            return {"start": start, "end": end, "text": text[start:end]}

        def mention(number: int, start: int, end: int, piece: M) -> dict[str, Any]:
            # Tokens and sentences are made anew from the text when a record is read.
            held = {"token_start": 0, "token_end": 0, "label": piece.label, "kind": "name", "score": 0.9}
            return {"id": f"m{number}"} | slice_of(start, end) | held | {"source": self.source, "entity": ids[piece.entity]}

        def entity(key: str) -> dict[str, Any]:
            own = [
                (f"m{number}", start, end, piece) for number, (start, end, piece) in enumerate(spans, 1) if piece.entity == key
            ]
            _, start, end, first = own[0]
            evidence = [{"rule": "test.rule"} | slice_of(start, end)]
            return {
                "id": ids[key],
                "label": first.label,
                "name": max((piece.words for _, _, _, piece in own), key=len),
                "anonymised": first.label == "ANON",
                "mentions": [name for name, _, _, _ in own],
                "roles": [given._asdict() | {"evidence": evidence} for given in self.roles.get(key, [])],
                "links": [{"mention": name, "why": "surname"} for name, _, _, _ in own[1:]],
            }

        return {
            "schema": "rolecall/1",
            "id": self.id,
            "text": text,
            "meta": {},
            "offset_unit": "char",
            "tokens": [{"id": number} | slice_of(*ends) | {"ws": False} for number, ends in enumerate(tokens)],
            "sentences": [{"start": tokens[0][0], "end": tokens[-1][1]}] if tokens else [],
            "spans": [mention(number, *span) for number, span in enumerate(spans, 1)],
            "entities": [entity(key) for key in keys],
            "relations": [
                {"type": "represents", "from": ids[one], "to": ids[other], "evidence": {"start": 0, "end": 1}}
                for one, other in self.represents
            ],
            "warnings": [],
            "_input_hash": 0,
            "run": {"tool": "tests", "model": "tests", "rules": "tests", "precision": "none"},
        }


CHAIR, OFFICER, ANONYMISED, WITNESS = map(Role, ("panel_chair", "subject_officer", "anonymised_officer", "witness"))

# Characters that have no glyph, or one that a reader of code can't tell from others.
FLAG, ENGLAND = "\U0001f1ec\U0001f1e7", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
OFFICER_EMOJI = "\U0001f46e\U0001f3fd\u200d\u2640\ufe0f"  # joined, with a colour of skin
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2003\u2007\u2028\u2029\u202f\u205f\u3000"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\xad\u200e\u200f"

SAMPLES = [
    Sample("empty", []),
    Sample("white space", [" \n\t \r\n\u2028\xa0 "]),
    Sample("one blank", [" "]),
    Sample("no entity", ["The hearing was put off until Monday. Nobody said why."]),
    Sample(
        "emoji",
        [
            f"{OFFICER_EMOJI}{FLAG} PC ",
            M("Ada Birch", "ada"),
            f" {OFFICER_EMOJI} said {FAMILY} to ",
            M("Żółw", "zolw"),
            f".{ENGLAND}",
            M(f"Zoe{FLAG}", "zoe"),
            "\U0001f600",
            M("Birch", "ada"),
            f"{FAMILY}!",
        ],
        {"ada": [OFFICER, ANONYMISED], "zolw": [CHAIR]},
    ),
    Sample(
        "combining",
        [
            "e\u0301t ",
            M("Zoe\u0308 Nu\u0301n\u0303ez", "zoe"),
            " a\u0323\u0307 ",
            M("\U0001d49c\U0001d4c1\U0001d4b6n", "alan"),
            " Z\u0335\u0321\u0322a.",
        ],
        {"zoe": [WITNESS]},
    ),
    Sample(
        "right to left",
        [
            "\u200f",
            M("דנה כהן", "dana"),
            " העידה. \u202b",
            M("ليلى حسن", "leila"),
            "\u202c \u2066",
            M("\u05d3\u05b8\u05e0\u05b8\u05d4", "dana"),
            "\u2069 PC \u202a",
            M("Ada", "ada"),
            "\u202c.",
        ],
        {"dana": [WITNESS], "leila": [CHAIR]},
    ),
    Sample(
        "no blanks",
        ["李明警官在", M("伦敦", "london", "LOC"), "说，", M("李明", "li"), "没有来。", M("ที่", "thai"), "ลอนดอน"],
        {"li": [OFFICER]},
    ),
    Sample(
        "blanks",
        ["A", *(f"{blank}b{blank * 2}" for blank in BLANKS), M("Ada", "ada"), "\xa0\xa0", M("Ivo", "ivo"), "\u3000"],
        {"ivo": [CHAIR]},
    ),
    Sample(
        "invisible",
        ["\ufeff", *(f"a{c}b {c} " for c in INVISIBLE), M("Ada\u200bBirch", "ada"), "\u200b", M("Ivo\xad", "ivo"), "\u2060."],
    ),
    Sample(
        "line ends",
        ["one\rtwo\r\nthree\n\nfour\n\r\n  ", M("Ada", "ada"), "  \r", M("Ivo", "ivo"), "\n\n\n", M("Kit", "kit"), "\r\n"],
    ),
    Sample(
        "across lines",
        [
            "PC ",
            M("Ada\nBirch", "ada"),
            " met ",
            M("Ada\r\nBirch", "ada"),
            ".\n\nThen ",
            M("Ada  \n  Birch", "ada"),
            " and ",
            M("Ivo.\n\nFenwold Town", "ivo"),
        ],
        {"ada": [OFFICER, ANONYMISED], "ivo": [CHAIR]},
    ),
    Sample(
        "paragraphs",
        ["\n\n  Headline about ", M("Ada Birch", "ada"), "\n\nFirst. Second.\n \nThird?\t", M("Birch", "ada"), "\n\n\n"],
        {"ada": [OFFICER]},
    ),
    Sample("start and end", [M("Ada Birch", "ada"), " saw ", M("Ivo", "ivo")], {"ada": [OFFICER], "ivo": [WITNESS]}),
    Sample("nothing else", [M("Ada", "ada")], {"ada": [OFFICER]}),
    Sample(
        "side by side",
        [
            M("Marl", "marl", "LOC"),
            ",",
            M("Tarn", "tarn", "LOC"),
            ". Chair",
            M("Alan Reedham", "alan"),
            M("Ivo", "ivo"),
            M("Kit", "kit"),
            "said ",
            M("Lee", "lee"),
            " ",
            M("Orr", "orr"),
            "'s",
        ],
        {"alan": [CHAIR], "ivo": [WITNESS], "kit": [WITNESS], "lee": [OFFICER], "orr": [OFFICER]},
    ),
    Sample(
        "several",
        [
            M("PC Ada Birch", "ada"),
            " was seen by ",
            M("Sgt Kit Orr", "kit"),
            ". ",
            M("Birch", "ada"),
            " ran. ",
            M("Officer A", "a", "ANON"),
            " did not.",
            " ",
            M("Ms Vane", "vane"),
            " appeared for ",
            M("her", "ada"),
            " and ",
            M("the officer", "a", "ANON"),
            " at ",
            M("Fenwold", None, "LOC"),
            ".",
        ],
        {"ada": [OFFICER, ANONYMISED], "a": [ANONYMISED, OFFICER], "vane": [Role("representative", 0.75)], "kit": []},
        [("vane", "ada"), ("vane", "a")],
    ),
    Sample(
        'odd "names", a | b',
        [
            "The ship ",
            M("-DOCSTART- II", "ship", "MISC"),
            " and ",
            M("A|B", "ab", "ORG"),
            " and ",
            M('"Ed, the "Ned""', "ed"),
            " or ",
            M("O'B-PER", "ob"),
            " of ",
            M("=1+1", "sum", "MISC"),
            "; ",
            M("#hash", "hash", "MISC"),
            " ",
            M("B-PER", "b", "MISC"),
            " O ",
            M("null", "null"),
            " \\n ",
            M("\\", "slash"),
            " ---",
        ],
        {"ed": [CHAIR], "ab": [WITNESS], "ship": [OFFICER]},
    ),
    Sample("long", ["w" * 70_000, " ", M("Y" * 3_000, "long"), " ", "x" * 300, "."], {"long": [WITNESS]}),
    # Words that spaCy has a fixed number for, instead of a hash.
    Sample(
        "symbols",
        [
            "number agent mark meta _ X ID ",
            M("ORG", "org", "ORG"),
            " root ",
            M("DATE", "date", "LOC"),
            " det punct case PERSON IS_ALPHA acl",
        ],
    ),
    Sample(
        "turkish",
        ["İstanbul ", M("İbrahim IŞIK", "ibrahim"), " ΑΣ ", M("ΟΔΥΣΣΕΥΣ", "odysseus"), " ß ẞ ﬁ ", M("Straße", "street", "LOC")],
    ),
    Sample(
        "other labels",
        [M("Monday", "day", "DATE"), " with ", M("Ada", "ada", "PERSON-X"), "."],
        {"ada": [Role("onlooker"), Role("x")]},
    ),
    Sample(
        "statuses",
        [
            M("Ada", "ada"),
            " and ",
            M("Ivo", "ivo"),
            " and ",
            M("Kit", "kit"),
            " and ",
            M("Lee", "lee"),
            " and ",
            M("Orr", "orr"),
            ".",
        ],
        {
            "ada": [Role("panel_chair", 0.8, "accepted"), Role("witness", 0.99, "rejected")],
            "ivo": [Role("witness", 0.5, "corrected"), Role("subject_officer", 0.95)],
            "kit": [Role("witness", 0.8), Role("complainant", 0.799)],
            "lee": [Role("witness", 1.0, "rejected")],
            "orr": [Role("panel_member", 1.0, "accepted"), Role("legal_adviser", 0.0, "corrected")],
        },
    ),
    Sample("seen, nothing right", ["PC ", M("Ada", "ada"), "."], {"ada": [Role("witness", 0.9, "rejected")]}),
    Sample(
        "by an annotator",
        ["PC ", M("Ada", "ada"), " and ", M("Ivo", "ivo"), "."],
        {"ada": [Role("witness", 1.0, "accepted")], "ivo": [Role("witness")]},
        source="annotator",
    ),
]

# What columns parted by blanks can't hold: characters that Python takes for white space, inside words.
SEPARATORS = [Sample("separators", ["a\x1cb ", M("Ada\x1eBirch", "ada"), "\x1d \x1f."], {"ada": [WITNESS]})]

# A mention that holds no word, which only a record that was edited has.
WORDLESS = [Sample("wordless", ["PC ", M(" ", "blank"), " ran."], {"blank": [WITNESS]})]


def records(samples: list[Sample]) -> list[Record]:
    return [sample.record() for sample in samples]


def write(path: Path, records: list[Record]) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8", newline="\n")
    return path


def read(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
