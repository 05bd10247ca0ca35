"""Spans: the four schemes as nervaluate has them, and seqeval on the tags that the spans make.

Two things differ on purpose, and `differs` tests say how. nervaluate takes predicted spans in their order and lets one that
overlaps a gold span use it up, before the one that has its label; rolecall's type scheme pairs spans of one label first. On spans
that do not overlap each other only a gold span that several predicted spans overlap shows the difference, and only in that scheme.
And where a figure is undefined, nervaluate says 0 and rolecall null."""

import json
from pathlib import Path
from random import Random
from typing import Any

from nervaluate import Evaluator
from seqeval.metrics import classification_report

from program import Article, Report, Span, close, evaluate, flat, record, run

SCHEMES = {"strict": "strict", "exact": "exact", "partial": "partial", "type": "ent_type"}
OUTCOMES = ("correct", "incorrect", "partial", "missed", "spurious")
LABELS = ["ANON", "LOC", "PER"]
WORDS = ["Ivo", "Żółw", "👮", "a", "naïve", "…", "Fenwold", "e\u0301"]
CASES = 300


def nervaluate(gold: list[list[Span]], predicted: list[list[Span]]) -> dict[str, Any]:
    def dicts(spans: list[Span]) -> list[dict[str, Any]]:
        # Its ends are inclusive.
        return [{"label": span.label, "start": span.start, "end": span.end - 1} for span in spans]

    results: dict[str, Any] = Evaluator(
        list(map(dicts, gold)), list(map(dicts, predicted)), tags=LABELS, loader="dict"
    ).evaluate()
    return results


def compare(figures: Report, gold: list[list[Span]], predicted: list[list[Span]], schemes: list[str]) -> None:
    expected = nervaluate(gold, predicted)
    for scheme in schemes:
        classes = figures["mentions"][scheme]
        assert set(classes["of"]) == set(expected["entities"])
        pairs = [(classes["of"][label], of[SCHEMES[scheme]]) for label, of in expected["entities"].items()]
        for counted, result in [(classes["micro"], expected["overall"][SCHEMES[scheme]]), *pairs]:
            assert counted["outcomes"] == {name: getattr(result, name) for name in OUTCOMES}, scheme
            assert (counted["gold"], counted["predicted"]) == (result.possible, result.actual)
            assert (counted["precision"] is None) == (result.actual == 0)
            assert (counted["recall"] is None) == (result.possible == 0)
            assert all(close(counted[name], getattr(result, name)) for name in ("precision", "recall", "f1")), scheme


def random_spans(random: Random, words: int) -> list[Span]:
    spans: list[Span] = []
    at = 0
    while at < words:
        if random.random() < 0.4:
            spans.append(Span(at, min(words, at + random.randint(1, 4)), random.choice(LABELS)))
            at = spans[-1].end
        at += random.randint(0, 1)
    return spans


def disturbed(random: Random, spans: list[Span], words: int) -> list[Span]:
    """The spans as a model may find them: some missing, some with another label or other ends."""
    found: list[Span] = []
    for span in spans:
        label = random.choice(LABELS) if random.random() < 0.3 else span.label
        start = max(span.start + random.choice([0, 0, 0, -1, 1]), found[-1].end if found else 0)
        end = min(span.end + random.choice([0, 0, 0, -1, 1]), words)
        if start < end and random.random() < 0.9:
            found.append(Span(start, end, label))
    return found


def contested(gold: list[Span], predicted: list[Span]) -> bool:
    """Whether several predicted spans overlap one of gold."""
    return any(sum(p.start < g.end and g.start < p.end for p in predicted) > 1 for g in gold)


def random_cases(seed: int, wanted: int, peaceful: bool) -> tuple[list[list[Article]], list[list[Article]]]:
    random = Random(seed)
    gold: list[list[Article]] = []
    predicted: list[list[Article]] = []
    while len(gold) < wanted:
        articles = [[random.choice(WORDS) for _ in range(random.randint(1, 20))] for _ in range(random.randint(1, 4))]
        right = [random_spans(random, len(words)) for words in articles]
        made = [
            random_spans(random, len(words)) if random.random() < 0.3 else disturbed(random, spans, len(words))
            for words, spans in zip(articles, right)
        ]
        if peaceful and any(map(contested, right, made)):
            continue
        gold.append([Article(words, spans) for words, spans in zip(articles, right)])
        predicted.append([Article(words, spans) for words, spans in zip(articles, made)])
    return gold, predicted


def spans_of(articles: list[Article]) -> list[list[Span]]:
    return [article.spans for article in articles]


def compare_all(folder: Path, gold: list[list[Article]], predicted: list[list[Article]], schemes: list[str]) -> None:
    figures, cases = evaluate(folder, gold, predicted)
    for of_case, right, made in zip(cases, gold, predicted):
        compare(of_case, spans_of(right), spans_of(made), schemes)
    compare(figures["all"], spans_of(flat(gold)), spans_of(flat(predicted)), schemes)


def test_three_schemes_on_any_spans(tmp_path: Path) -> None:
    gold, predicted = random_cases(seed=1, wanted=CASES, peaceful=False)
    articles = list(zip(flat(gold), flat(predicted)))
    assert sum(contested(right.spans, made.spans) for right, made in articles) > 50
    compare_all(tmp_path, gold, predicted, ["strict", "exact", "partial"])


def test_four_schemes_where_no_gold_span_is_contested(tmp_path: Path) -> None:
    compare_all(tmp_path, *random_cases(seed=2, wanted=CASES, peaceful=True), ["strict", "exact", "partial", "type"])


def tags(article: Article) -> list[str]:
    tags = ["O"] * len(article.words)
    for start, end, label in article.spans:
        tags[start:end] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
    return tags


def test_seqeval_on_the_tags_of_spans(tmp_path: Path) -> None:
    gold, predicted = random_cases(seed=3, wanted=CASES, peaceful=False)
    _, cases = evaluate(tmp_path, gold, predicted)
    checked = 0
    for figures, right, made in zip(cases, gold, predicted):
        if not any(spans_of(right) + spans_of(made)):
            continue  # seqeval divides by nothing
        expected = classification_report(list(map(tags, right)), list(map(tags, made)), output_dict=True, zero_division=0)
        for reading in ("default", "strict"):
            classes = figures["seqeval"][reading]
            assert set(classes["of"]) == {name for name in expected if not name.endswith(" avg")}
            of_labels = [(counted, expected[label]) for label, counted in classes["of"].items()]
            for counted, result in [(classes["micro"], expected["micro avg"]), *of_labels]:
                names = {"precision": "precision", "recall": "recall", "f1": "f1-score"}
                assert all(close(counted[ours], result[theirs]) for ours, theirs in names.items())
        checked += 1
    assert checked > 200


def one(folder: Path, gold: list[Span], predicted: list[Span]) -> Report:
    """The figures of one article of ten words."""
    figures, _ = evaluate(folder, [[Article(["word"] * 10, gold)]], [[Article(["word"] * 10, predicted)]])
    schemes: Report = figures["all"]["mentions"]
    return schemes


def outcomes(figures: Report, scheme: str) -> tuple[int, ...]:
    return tuple(figures[scheme]["micro"]["outcomes"][name] for name in OUTCOMES)


def test_the_schemes_by_hand(tmp_path: Path) -> None:
    # Right; other label; other end; other both; missed; and one spurious.
    gold = [Span(0, 1, "PER"), Span(1, 2, "PER"), Span(2, 4, "PER"), Span(4, 6, "PER"), Span(6, 7, "LOC")]
    predicted = [Span(0, 1, "PER"), Span(1, 2, "LOC"), Span(2, 3, "PER"), Span(4, 5, "LOC"), Span(8, 9, "LOC")]
    figures = one(tmp_path, gold, predicted)
    assert outcomes(figures, "strict") == (1, 3, 0, 1, 1)
    assert outcomes(figures, "exact") == (2, 2, 0, 1, 1)
    assert outcomes(figures, "partial") == (2, 0, 2, 1, 1)
    assert outcomes(figures, "type") == (2, 2, 0, 1, 1)
    f1 = [figures[scheme]["micro"]["f1"] for scheme in SCHEMES]
    assert all(map(close, f1, [0.2, 0.4, 0.6, 0.4]))
    assert figures["strict"]["of"]["LOC"]["outcomes"] == {"correct": 0, "incorrect": 0, "partial": 0, "missed": 1, "spurious": 3}


def test_undefined_is_null_where_nervaluate_says_0(tmp_path: Path) -> None:
    figures = one(tmp_path, [Span(0, 1, "PER")], [Span(2, 3, "LOC")])
    of = figures["strict"]["of"]
    assert [of["PER"][name] for name in ("precision", "recall", "f1")] == [None, 0.0, 0.0]
    assert [of["LOC"][name] for name in ("precision", "recall", "f1")] == [0.0, None, 0.0]
    expected = nervaluate([[Span(0, 1, "PER")]], [[Span(2, 3, "LOC")]])["entities"]
    assert expected["PER"]["strict"].precision == 0 and expected["LOC"]["strict"].recall == 0


def test_a_contested_gold_span_differs(tmp_path: Path) -> None:
    gold, predicted = [Span(0, 3, "PER")], [Span(0, 1, "LOC"), Span(2, 3, "PER")]
    assert outcomes(one(tmp_path, gold, predicted), "type") == (1, 0, 0, 0, 1)
    assert nervaluate([gold], [predicted])["overall"]["ent_type"].incorrect == 1
    # What nervaluate says depends on the order in which it is given the spans.
    assert nervaluate([gold], [predicted[::-1]])["overall"]["ent_type"].correct == 1


def test_a_gold_span_that_lies_nearer_differs(tmp_path: Path) -> None:
    # The first of these fits the second of gold better; nervaluate gives it that one, and the second gets none.
    gold, predicted = [Span(0, 2, "PER"), Span(2, 5, "PER")], [Span(1, 4, "PER"), Span(4, 6, "PER")]
    assert outcomes(one(tmp_path, gold, predicted), "type") == (2, 0, 0, 0, 0)
    result = nervaluate([gold], [predicted])["overall"]["ent_type"]
    assert (result.correct, result.missed, result.spurious) == (1, 1, 1)


def test_spans_out_of_order_are_refused(tmp_path: Path) -> None:
    article = Article(["word"] * 5, [Span(3, 4, "PER"), Span(0, 1, "PER")])
    path = tmp_path / "records.jsonl"
    path.write_text(json.dumps(record("a", article, {})) + "\n", encoding="utf-8")
    done = run(path, path)
    assert done.returncode == 1 and "expected mentions in order" in done.stderr
