"""Takes nothing; gives the records that the tests of this folder show in pages: a hearing to correct, texts that break pages, and
the gold of our own articles with mistakes made in it."""

import copy
import json
from pathlib import Path

from marked import Record, record

GOLD = Path(__file__).parents[3] / "corpus" / "gold" / "train.jsonl"

# Alan Reedham is taken for two people, and Eve Quill for her brother too; Ivo Tarn is not found.
MARKED = (
    "Panel chair [[alan PER|Alan Reedham]] heard [[eve PER|Eve Quill]], for [[one ANON|PC One]] of "
    "[[force ORG|Fenwold Police]].\n\n"
    "[[alan PER|Reedham]] told [[one ANON|One]] that [[leeds LOC|Leeds]] was no place for [[one ANON|PC One]]. Ivo Tarn, "
    "a grocer, saw it all.\n\n"
    "[[again PER|Mr Reedham]] thanked [[eve PER|Quill]], whose brother [[eve PER|Ed Quill]] was there.\n"
)
ROLES = {
    "alan": ["panel_chair"],
    "eve": ["representative"],
    "one": ["subject_officer", "anonymised_officer"],
    "again": ["witness"],
}
HEARING = record("hearing", MARKED, ROLES, [("eve", "one")])
HEARING["warnings"] = [{"code": "two_readings", "message": "Reedham may be the chair.", "entities": ["e1", "e5"]}]
# What opens an element, in every place where an article's words go: text, name, id.
HOSTILE = record(
    "<img src=x onerror=alert(1)>",
    "<script>document.title = 'taken'</script> </script><script>alert(1)</script> [[bold PER|<b>Bo</b> & \"Co\"]] <!-- said "
    "[[ivo PER|<img src=x onerror=document.title='taken'>]] to {{Ann}} &lt;i&gt; ${Ann} javascript:alert(1) \\u003cscript>.\n",
    {"bold": ["witness"], "ivo": ["panel_chair"]},
)
# Emoji of several units and characters before, in and between mentions; marks that combine; words from the right.
FAR_MARKED = (
    "👮🏽‍♀️ Chief 👍 [[alan PER|Alan Reedham]] 👨‍👩‍👧 met [[ann PER|Ann 🦊 Lee]] 🇬🇧.\n\n"
    "אתמול העידה [[dana PER|דנה כהן]] לפני 𝔘 Ivo Tarn 🦊 בעיר [[leeds LOC|Leeds]].\n\n"
    "Zoe\u0308 Nu\u0301n\u0303ez \u2067[[dana PER|כהן]]\u2069 قال [[omar PER|عمر]] 🏴󠁧󠁢󠁥󠁮󠁧󠁿.\n"
)
FAR = record("far", FAR_MARKED, {"alan": ["panel_chair"], "dana": ["witness"]})
BARE = record("bare", "Nobody was named.\n\nNot one, by Ivo Tarn's account.\n")


def plain(number: int) -> Record:
    return record(
        f"plain-{number}",
        f"Commander [[kit PER|Kit Orr]] sat for the {number}th time. [[kit PER|Orr]] told [[lee PER|Lee Vane]] to wait.\n",
        {"kit": ["panel_chair"], "lee": ["witness"]},
    )


def gold() -> list[Record]:
    """Some of the articles that people annotated, in this repository."""
    with GOLD.open(encoding="utf-8") as file:
        return [json.loads(line) for line in list(file)[::10]]


def spoilt(records: list[Record]) -> list[Record]:
    """As if predicted, with some mistakes of every kind."""
    records = copy.deepcopy(records)
    number = 0
    for of in records:
        for entity in of["entities"]:
            for role in entity["roles"]:
                number += 1
                role |= {"score": number * 37 % 100 / 100, "status": "predicted"}
                if number % 9 == 0:
                    role["role"] = "witness" if role["role"] != "witness" else "complainant"
        for at, span in enumerate(of["spans"]):
            if at % 8 == 0:
                span["label"] = "MISC" if span["label"] != "MISC" else "LOC"
        of["relations"] = of["relations"][1:]
    return records
