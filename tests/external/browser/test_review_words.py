"""Words in a review: mentions are added, changed and taken away by mouse and by keys, and stand in gold where they were put,
whatever is before them: emoji, marks that combine, words that run from the right."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from articles import FAR, FAR_MARKED, HEARING, MARKED
from desk import Desk
from gold import gold
from marked import Record, record
from meaning import meaning

Open = Callable[..., Desk]


def remade(desk: Desk, number: int = 0) -> Record:
    """Accepts the article; what gold then says of it."""
    name = desk.server.article(number)["id"]
    desk.decide("a")
    return gold(desk.server.path)[name]


def with_words(marked: str, *changes: tuple[str, str]) -> str:
    for before, after in changes:
        assert marked.count(before) == 1, before
        marked = marked.replace(before, after)
    return marked


def spans(of: Record) -> set[tuple[int, int, str]]:
    return meaning(of).spans


def test_a_drag_over_parts_of_words_adds_the_words(opened: Open) -> None:
    desk = opened([HEARING])
    desk.drag("vo Tar")
    expect(desk.span).to_be_visible()
    expect(desk.span).to_contain_text("Ivo Tarn")
    desk.decide("Enter")
    expect(desk.span).to_be_hidden()
    expect(desk.mention("Ivo Tarn")).to_have_attribute("aria-pressed", "true")
    desk.decide(desk.key_of("witness"))
    expect(desk.role("Ivo Tarn", "witness")).to_have_attribute("data-status", "accepted")
    desk.page.reload()
    expect(desk.mention("Ivo Tarn")).to_be_visible()
    expected = record("hearing", with_words(MARKED, ("Ivo Tarn", "[[ivo PER|Ivo Tarn]]")))
    made = remade(desk)
    assert spans(made) == spans(expected)
    assert meaning(made).entities == meaning(expected).entities
    (added,) = (of for of in made["spans"] if of["text"] == "Ivo Tarn")
    assert (added["source"], added["kind"], added["score"]) == ("annotator", "name", 1.0)


def test_words_are_added_by_keys_alone(opened: Open) -> None:
    desk = opened([HEARING])
    chosen = desk.page.locator("#chosen-words")
    for _ in range(len(HEARING["spans"])):
        desk.press("ArrowRight")
        if desk.mention("PC One", 1).get_attribute("aria-pressed") == "true":
            break
    desk.press("i")
    expect(chosen).to_have_text(".")
    desk.press("ArrowRight")
    expect(chosen).to_have_text("Ivo")
    desk.press("Shift+ArrowRight")
    expect(chosen).to_have_text("Ivo Tarn")
    desk.press("Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
    expect(chosen).to_have_text("Ivo Tarn, a grocer")
    desk.press("[")
    expect(chosen).to_have_text(". Ivo Tarn, a grocer")
    desk.press("]", "]", "]", "]")
    expect(chosen).to_have_text("a grocer")
    desk.press("Enter")
    expect(desk.span).to_be_visible()
    # A description of somebody who is there. The label is that of the person, unless another is asked for.
    desk.press("j")
    desk.choose("Alan Reedham")
    expect(desk.span).to_contain_text("Alan Reedham")
    desk.decide("a", "Enter")
    expect(desk.mention("a grocer")).to_be_focused()
    expected = record("hearing", with_words(MARKED, ("a grocer", "[[alan ANON|a grocer]]")))
    made = remade(desk)
    assert spans(made) == spans(expected)
    assert meaning(made).entities == meaning(expected).entities
    (added,) = (of for of in made["spans"] if of["text"] == "a grocer")
    assert added["kind"] == "nominal"


def test_leaving_adds_nothing(opened: Open) -> None:
    desk = opened([HEARING])
    before = desk.server.article(0)
    desk.drag("grocer")
    expect(desk.span).to_be_visible()
    desk.press("Escape")
    expect(desk.span).to_be_hidden()
    desk.press("i", "Escape")
    expect(desk.page.locator("#text .choice")).to_have_count(0)
    desk.drag("PC One of Fenwold")
    expect(desk.said).to_contain_text("mentions do not overlap")
    assert desk.server.article(0) == before


def test_words_stand_where_they_were_put_after_anything(opened: Open) -> None:
    desk = opened([FAR])
    desk.mark("Ivo Tarn")
    desk.mark("hie", "m", exactly=True)
    desk.mark("🇬🇧", "o", exactly=True)
    desk.mark("oe\u0308 Nu\u0301")
    desk.mark("אתמול", "l")
    expected = with_words(
        FAR_MARKED,
        ("Ivo Tarn", "[[ivo PER|Ivo Tarn]]"),
        ("hie", "[[hie MISC|hie]]"),
        ("🇬🇧", "[[flag ORG|🇬🇧]]"),
        ("Zoe\u0308 Nu\u0301n\u0303ez", "[[zoe PER|Zoe\u0308 Nu\u0301n\u0303ez]]"),
        ("אתמול", "[[day LOC|אתמול]]"),
    )
    made = remade(desk)
    assert made["text"] == FAR["text"]
    assert spans(made) == spans(record("far", expected))


def test_ends_are_changed_after_anything(opened: Open) -> None:
    desk = opened([FAR])
    chosen = desk.page.locator("#chosen-words")
    desk.select("Ann 🦊 Lee")
    desk.press("e")
    expect(chosen).to_have_text("Ann 🦊 Lee")
    desk.press("Shift+ArrowLeft", "Shift+ArrowLeft")
    expect(chosen).to_have_text("Ann")
    desk.press("Alt+Shift+ArrowRight", "Alt+Shift+ArrowRight")
    expect(chosen).to_have_text("Ann 🦊")
    desk.press("Control+Shift+ArrowLeft")
    expect(chosen).to_have_text("met Ann 🦊")
    desk.decide("Enter")
    # Where words run from the right, the arrow to the left goes on in the text.
    desk.select("דנה כהן")
    desk.press("e", "Shift+ArrowRight")
    expect(chosen).to_have_text("דנה")
    desk.decide("Enter")
    expected = with_words(
        FAR_MARKED, ("met [[ann PER|Ann 🦊 Lee]]", "[[ann PER|met Ann 🦊]] Lee"), ("[[dana PER|דנה כהן]]", "[[dana PER|דנה]] כהן")
    )
    made = remade(desk)
    assert spans(made) == spans(record("far", expected))
    assert meaning(made).entities == meaning(record("far", expected)).entities


def test_a_drag_over_part_of_a_mention_changes_its_ends(opened: Open) -> None:
    desk = opened([HEARING])
    desk.mark("Reedham told")
    expected = record("hearing", with_words(MARKED, ("[[alan PER|Reedham]] told", "[[alan PER|Reedham told]]")))
    made = remade(desk)
    assert spans(made) == spans(expected)
    assert meaning(made).entities == meaning(expected).entities


@pytest.mark.parametrize("key", ["d", "Delete"])
def test_a_mention_is_taken_away(opened: Open, key: str) -> None:
    desk = opened([HEARING])
    desk.select("Leeds")
    desk.decide(key)
    expect(desk.mention("Leeds")).to_have_count(0)
    assert desk.page.evaluate("document.activeElement !== document.body")
    made = remade(desk)
    assert spans(made) == spans(record("hearing", with_words(MARKED, ("[[leeds LOC|Leeds]]", "Leeds"))))


def test_label_and_kind(opened: Open) -> None:
    desk = opened([HEARING])
    desk.select("Leeds")
    desk.press("l")
    expect(desk.chooser).to_be_visible()
    desk.decide("o")
    expect(desk.mention("Leeds")).to_have_accessible_name("Leeds: ORG 5")
    desk.select("One")
    desk.press("k")
    expect(desk.chooser).to_be_visible()
    desk.decide("d")
    made = {of["text"]: (of["label"], of["kind"]) for of in remade(desk)["spans"]}
    assert made["Leeds"] == ("ORG", "name")
    assert made["One"] == ("ANON", "nominal")
    assert made["PC One"] == ("ANON", "pseudonym")
