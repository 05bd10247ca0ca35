"""Tag sequences: seqeval in its default mode and in its strict one (mode="strict", scheme=IOB2).

seqeval counts an undefined figure as 0 and averages over all classes; rolecall says null and averages over those in which the
figure is defined. So of two averages of the same figures, the sums are compared: the average times what it is divided by."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from program import TOLERANCE, Report, close, evaluate_tags

MODES: dict[str, dict[str, Any]] = {"default": {}, "strict": {"mode": "strict", "scheme": IOB2}}
NAMES = {"precision": "precision", "recall": "recall", "f1": "f1-score"}
LABELS = ["PER", "LOC", "ANON"]
# Each case has labels of its own (PER-7), so that one run of the program gives the figures of each.
CASES, CORPORA = 25, 8

Sentences = list[list[str]]


def compare(classes: Report, gold: Sentences, predicted: Sentences, reading: str) -> None:
    expected = classification_report(gold, predicted, output_dict=True, zero_division=0, **MODES[reading])
    turned = classification_report(predicted, gold, output_dict=True, zero_division=0, **MODES[reading])
    labels = {name for name in expected if not name.endswith(" avg")}
    assert set(classes["of"]) == labels
    wanted = {label: expected[label]["support"] for label in labels}
    made = {label: turned[label]["support"] for label in labels}
    for label, counted in classes["of"].items():
        assert (counted["gold"], counted["predicted"]) == (wanted[label], made[label])
        assert all(close(counted[ours], expected[label][theirs]) for ours, theirs in NAMES.items())
    assert all(close(classes["micro"][ours], expected["micro avg"][theirs]) for ours, theirs in NAMES.items())

    defined = {
        "precision": {label for label in labels if made[label] > 0},
        "recall": {label for label in labels if wanted[label] > 0},
        "f1": labels,
    }
    for ours, theirs in NAMES.items():
        sums = len(defined[ours]), sum(wanted[label] for label in defined[ours])
        averages = classes["macro"][ours] or 0.0, classes["weighted"][ours] or 0.0
        theirs_of_all = expected["macro avg"][theirs] * len(labels), expected["weighted avg"][theirs] * sum(wanted.values())
        for total, average, other in zip(sums, averages, theirs_of_all):
            assert abs(average * total - other) <= TOLERANCE * max(1, total), ours


def well_formed(random: Random, length: int) -> list[str]:
    tags: list[str] = []
    while len(tags) < length:
        label = random.choice(LABELS)
        tags += random.choice([["O"], ["O"], [f"B-{label}"] + [f"I-{label}"] * random.randint(0, 3)])
    return tags[:length]


def ill_formed(random: Random, length: int, prefixes: str) -> list[str]:
    return ["O" if random.random() < 0.3 else f"{random.choice(prefixes)}-{random.choice(LABELS)}" for _ in range(length)]


def disturbed(random: Random, tags: list[str], prefixes: str) -> list[str]:
    other = ill_formed(random, len(tags), prefixes)
    return [new if random.random() < 0.2 else tag for tag, new in zip(tags, other)]


def random_case(random: Random, prefixes: str | None) -> tuple[Sentences, Sentences]:
    """Sentences of gold and predicted tags; well-formed ones without prefixes to choose from."""
    lengths = [random.randint(1, 12) for _ in range(random.randint(1, 5))]
    if prefixes is None:
        return [["B-PER"]] + [well_formed(random, n) for n in lengths], [["O"]] + [well_formed(random, n) for n in lengths]
    gold = [random.choice([well_formed(random, n), ill_formed(random, n, prefixes)]) for n in lengths]
    predicted = [disturbed(random, tags, prefixes) for tags in gold]
    # seqeval divides by nothing where there is no entity.
    return [["B-PER"]] + gold, [["O"]] + predicted


def random_corpus(random: Random, prefixes: str | None) -> tuple[Sentences, Sentences]:
    """The sentences of several cases."""
    gold: Sentences = []
    predicted: Sentences = []
    for case in range(CASES):
        for corpus, sentences in zip((gold, predicted), random_case(random, prefixes)):
            corpus += [[tag if tag == "O" else f"{tag}-{case}" for tag in tags] for tags in sentences]
    return gold, predicted


@pytest.mark.parametrize(
    ("prefixes", "readings"), [(None, ["default", "strict"]), ("BI", ["default", "strict"]), ("BIES", ["default"])]
)
def test_random_tags(tmp_path: Path, prefixes: str | None, readings: list[str]) -> None:
    random = Random(4)
    for _ in range(CORPORA):
        gold, predicted = random_corpus(random, prefixes)
        figures = evaluate_tags(tmp_path, gold, predicted)["all"]["seqeval"]
        for reading in readings:
            compare(figures[reading], gold, predicted, reading)


@pytest.mark.parametrize(
    ("gold", "predicted", "default", "strict"),
    [
        # Gold, predicted and found in each reading.
        ("B-PER I-PER O B-LOC", "B-PER I-PER O B-LOC", (2, 2, 2), (2, 2, 2)),
        ("B-PER I-PER O", "I-PER I-PER O", (1, 1, 1), (1, 0, 0)),
        ("B-PER I-LOC O", "B-PER O O", (2, 1, 1), (1, 1, 1)),
        ("B-PER B-PER I-PER", "B-PER I-PER I-PER", (2, 1, 0), (2, 1, 0)),
        ("O O", "I-LOC O", (0, 1, 0), (0, 0, 0)),
    ],
)
def test_tags_by_hand(tmp_path: Path, gold: str, predicted: str, default: tuple[int, ...], strict: tuple[int, ...]) -> None:
    figures = evaluate_tags(tmp_path, [gold.split()], [predicted.split()])["all"]["seqeval"]
    counts = {reading: figures[reading]["micro"] for reading in MODES}
    assert tuple(counts["default"][name] for name in ("gold", "predicted", "found")) == default
    assert tuple(counts["strict"][name] for name in ("gold", "predicted", "found")) == strict


def test_averages_leave_out_what_is_undefined(tmp_path: Path) -> None:
    gold, predicted = [["B-PER", "B-LOC"]], [["B-PER", "O"]]
    figures = evaluate_tags(tmp_path, gold, predicted)["all"]["seqeval"]["default"]
    # Nothing was predicted a LOC: its precision is undefined. seqeval says (1 + 0) / 2.
    assert figures["of"]["LOC"]["precision"] is None
    assert figures["macro"]["precision"] == 1.0 and figures["macro"]["recall"] == 0.5
    assert classification_report(gold, predicted, output_dict=True, zero_division=0)["macro avg"]["precision"] == 0.5
