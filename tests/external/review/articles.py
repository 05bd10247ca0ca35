"""Takes nothing; gives the samples that all tests of this folder share: characters beyond the first plane, marks that combine,
scripts that run from the right, every sort of white space and line end, markup, nothing at all."""

from pathlib import Path

from marked import Record, record

GOLD = Path(__file__).parents[3] / "corpus" / "gold" / "train.jsonl"

SAMPLES: list[Record] = [
    record(
        "roles",
        "Panel chair [[a PER|Alan Reedham]] heard [[b PER|Eve Quill]], for [[c ANON|PC One]] of [[o ORG|Fenwold Police]].\n\n"
        "[[a PER|Reedham]] told [[c ANON|One]] that [[d LOC|Leeds]] was no place for [[c ANON|PC One]].\n",
        {"a": ["panel_chair"], "b": ["representative"], "c": ["subject_officer", "anonymised_officer"]},
        [("b", "c")],
    ),
    record(
        "emoji",
        "👮 [[a PER|Alan Reedham]] 👨‍👩‍👧 met [[b PER|Ann 🦊 Lee]] 🇬🇧🇬🇧. [[a PER|Reedham]] 👍🏽 sat 🏴󠁧󠁢󠁥󠁮󠁧󠁿 in [[d LOC|Leeds]]𝔘.",
        {"a": ["panel_chair"], "b": ["witness"]},
    ),
    record(
        "marks",
        "[[a PER|Rene\u0301 Zoe\u0308 A\u030a]]\u0301 and Z\u0351\u036b\u0343algo [[b PER|\u0130van]] \ufb01n [[a PER|Rene\u0301]].",
        {"a": ["witness"]},
    ),
    record(
        "right",
        "אמר [[a PER|משה כהן]] \u202e[[b PER|Ivo]]\u202c قال [[c PER|عمر]] \u2067[[a PER|כהן]]\u2069 \u200f[[d LOC|Leeds]]\u200e.",
        {"a": ["panel_chair"], "c": ["witness"]},
    ),
    record(
        "white",
        "  One\t[[a PER|Alan\r\nReedham]]\r\n\r\n[[b PER|Ann  Lee]]\r[[c PER|Ed\xa0Fox]]\u2028x\u2029[[d LOC|Upper\u200bLeeds]]\x85"
        "y\u2003[[a PER|Reedham]]\u3000\n\n\n[[o ORG|Met]]\x0b\x0cz \n",
        {"a": ["panel_chair"], "b": ["witness"]},
    ),
    record("crlf", "A\r\nB\r\n[[a PER|Ivo Ash]]\r\n👮 C\r\n[[a PER|Ash]]", {"a": ["witness"]}),
    record("empty", ""),
    record("blank", " \n\t\r\n\xa0 "),
    record("bare", "Nobody was named.\nNot one."),
    record(
        "together",
        "Chair[[a PER|Alan Reedham]]said[[b ANON|PC One]][[d LOC|Leeds]].[[a PER|Reedham]]",
        {"a": ["panel_chair"], "b": ["anonymised_officer", "subject_officer"]},
    ),
    record(
        "markup",
        "<script>alert(\"1\")</script> & [[a PER|Al \"Bo\" O'Neil]] &amp; <b>[[b ORG|Fox & Sons <Ltd>]]</b> <!-- [[c PER|Ivo]] --> "
        "\\n \\u00e9 %s {{x}} {[[d LOC|Leeds]]}",
        {"a": ["witness"]},
    ),
    record("guessed", "So ~{ [[a PER|Ivo Ash]] ~} and ~{VPND~} [[b LOC|Łódź]] +AGE- ~~ ~", {"a": ["witness"]}),
    record("marked", "\ufeff[[a PER|Ivo Ash]]\ufeff [[b LOC|Leeds]]\ufffd\ufffe", {"a": ["witness"]}),
]

# Control characters, which a format may refuse, each article by itself.
CONTROLS = [
    record(f"control-{ord(at):x}", f"x{at}[[a PER|Ivo{at}Ash]]{at}y", {"a": ["witness"]}) for at in "\x01\x08\x1b\x1c\x1f\x7f"
]
