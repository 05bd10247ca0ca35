"""A review in the browser: articles are shown as they are, decisions are there after a reload, after the server was killed and in
gold, and nobody's decisions are taken for another's."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from articles import BARE, FAR, HEARING, HOSTILE, plain
from desk import Desk, at
from gold import gold
from marked import record
from meaning import meaning
from rolecall import write_records
from server import Review
from visitor import Visitor

Open = Callable[..., Desk]
Start = Callable[..., Review]

PLAIN = [plain(number) for number in range(1, 5)]


@pytest.mark.parametrize("shown", [HEARING, HOSTILE, FAR, BARE], ids=["hearing", "hostile", "far", "bare"])
def test_an_article_is_shown_as_it_is(opened: Open, shown: dict[str, object]) -> None:
    desk = opened([shown, PLAIN[0]])
    spans, text = shown["spans"], shown["text"]
    assert isinstance(spans, list) and isinstance(text, str)
    assert desk.text.locator("p").all_text_contents() == [line for line in text.split("\n") if line]
    assert desk.mentions() == [(span["text"], span["label"]) for span in spans]
    assert desk.page.locator("#text img, #text b, #text script, #people img, #queue img").count() == 0
    expect(desk.page).to_have_title(re.compile("records.jsonl – review$"))
    for span in spans:
        expect(desk.card(span["text"]).or_(desk.mention(span["text"])).first).to_be_attached()


def test_a_role_shows_with_its_proof_and_on_all_mentions(opened: Open) -> None:
    desk = opened([HEARING])
    role = desk.role("Alan Reedham", "panel_chair")
    expect(role).to_have_attribute("data-status", "predicted")
    expect(role).to_contain_text("0.75")
    expect(role).to_contain_text("test.rule")
    for words in ("Alan Reedham", "Reedham"):
        expect(desk.mention(words)).to_have_accessible_name(re.compile("panel chair"))
    for nth in range(2):
        expect(desk.mention("PC One", nth)).to_have_accessible_name(re.compile("subject officer.*anonymised officer"))
    expect(desk.card("PC One")).to_contain_text("represented by")
    desk.card("PC One").locator("h3").click()
    # That of both its roles and of the relation to it: the same words.
    expect(desk.text.locator(".evidence").first).to_have_text("PC One")


def test_accepting_goes_on_and_makes_gold(opened: Open) -> None:
    desk = opened(PLAIN)
    desk.decide("a")
    desk.is_at("plain-2")
    expect(desk.page.locator("#progress-text")).to_have_text("1 of 4 decided")
    with desk.deciding():
        desk.page.get_by_role("button", name="Reject").click()
    desk.is_at("plain-3")
    desk.decide("s")
    desk.is_at("plain-4")
    assert [desk.server.article(number)["status"] for number in range(4)] == ["accepted", "rejected", "skipped", "undecided"]
    tally = desk.session()["tally"]
    assert tally == {"undecided": 1, "accepted": 1, "rejected": 1, "skipped": 1, "stale": 0}
    made = gold(desk.server.path)
    assert {name: meaning(of) for name, of in made.items()} == {"plain-1": meaning(PLAIN[0])}


def test_a_role_is_changed_by_key_and_by_button(opened: Open) -> None:
    desk = opened([HEARING])
    desk.select("Mr Reedham")
    desk.decide(desk.key_of("witness"))
    expect(desk.role("Mr Reedham", "witness")).to_have_attribute("data-status", "rejected")
    desk.decide(desk.key_of("complainant"))
    expect(desk.role("Mr Reedham", "complainant")).to_have_attribute("data-status", "corrected")
    expect(desk.mention("Mr Reedham")).to_have_accessible_name(re.compile("complainant"))
    with desk.deciding():
        desk.card("Eve Quill").get_by_role("button", name=re.compile("^Confirm representative")).click()
    expect(desk.role("Eve Quill", "representative")).to_have_attribute("data-status", "accepted")
    with desk.deciding():
        desk.card("PC One").get_by_role("button", name=re.compile("^Take anonymised officer")).click()
    expect(desk.mention("PC One", 1)).not_to_have_accessible_name(re.compile("anonymised officer"))
    desk.decide("a")
    roles = {(min(of), role) for of, role in meaning(gold(desk.server.path)["hearing"]).roles}
    starts = {words: HEARING["text"].index(words) for words in ("Alan Reedham", "Eve Quill", "PC One", "Mr Reedham")}
    assert {(start, role) for (start, _), role in roles} == {
        (starts["Alan Reedham"], "panel_chair"),
        (starts["Eve Quill"], "representative"),
        (starts["PC One"], "subject_officer"),
        (starts["Mr Reedham"], "complainant"),
    }


def test_undo_and_redo_find_their_article(opened: Open) -> None:
    desk = opened(PLAIN)
    desk.select("Lee Vane")
    desk.decide(desk.key_of("witness"))
    expect(desk.role("Lee Vane", "witness")).to_have_attribute("data-status", "rejected")
    desk.decide("a")
    desk.is_at("plain-2")
    desk.decide("u")
    desk.is_at("plain-1")
    expect(desk.status).to_contain_text("undecided")
    expect(desk.role("Lee Vane", "witness")).to_have_attribute("data-status", "rejected")
    desk.decide("Control+z")
    expect(desk.role("Lee Vane", "witness")).to_have_attribute("data-status", "predicted")
    desk.decide("Shift+U")
    expect(desk.role("Lee Vane", "witness")).to_have_attribute("data-status", "rejected")
    desk.decide("Control+y")
    expect(desk.status).to_contain_text("accepted")
    desk.press("n")
    desk.is_at("plain-2")
    # The trail is kept through a reload.
    desk.page.reload()
    desk.is_at("plain-2")
    desk.decide("u")
    desk.is_at("plain-1")
    desk.decide("u")
    desk.press("u")
    expect(desk.said).to_have_text("There is nothing to undo.")
    assert gold(desk.server.path) == {}


def test_a_reload_stays_at_its_place(opened: Open) -> None:
    desk = opened(PLAIN, number=2)
    desk.select("Lee Vane")
    desk.decide(desk.key_of("complainant"))
    desk.page.reload()
    desk.is_at("plain-3")
    expect(desk.role("Lee Vane", "complainant")).to_have_attribute("data-status", "accepted")
    expect(desk.role("Lee Vane", "complainant")).to_have_count(1)


def test_a_killed_server_has_lost_nothing(opened: Open, review: Start, visitor: Visitor) -> None:
    desk = opened(PLAIN)
    desk.select("Lee Vane")
    # The page goes on asking how far the review is.
    with visitor.expecting("ERR_"):
        desk.decide(desk.key_of("complainant"))
        desk.server.kill()
        desk.press("x")
        expect(desk.banner).to_contain_text("not answering")
        expect(desk.saved).to_have_attribute("data-state", "unsaved")
        expect(desk.status).to_contain_text("undecided")
        desk.is_at("plain-1")
        desk.leave()
    again = review(desk.server.path, "--reviewer", "anna", "--port", desk.server.port)
    assert again.root != desk.server.root
    desk = Desk(visitor.open(at(again, 0)), again)
    desk.is_at("plain-1")
    expect(desk.role("Lee Vane", "complainant")).to_have_attribute("data-status", "accepted")
    expect(desk.status).to_contain_text("undecided")
    desk.decide("u")
    expect(desk.role("Lee Vane", "complainant")).to_have_count(0)


def test_a_line_cut_short_by_a_crash_spoils_nothing(opened: Open, review: Start, visitor: Visitor) -> None:
    desk = opened(PLAIN)
    desk.decide("a")
    desk.is_at("plain-2")
    desk.leave()
    desk.server.kill()
    answers = desk.server.answers
    whole = answers.read_bytes()
    answers.write_bytes(whole + whole.splitlines()[-1][:40])
    again = review(desk.server.path, "--reviewer", "anna")
    desk = Desk(visitor.open(at(again, 1)), again)
    desk.is_at("plain-2")
    desk.decide("a")
    desk.is_at("plain-3")
    assert desk.session()["unread"] == 1
    expect(desk.page.locator("#progress-more")).to_contain_text("1 line of the answers not understood")
    assert list(gold(again.path, code=3)) == ["plain-1", "plain-2"]
    assert answers.read_bytes().startswith(whole), "answers are only ever added to"


def test_a_second_reviewer_has_a_view_of_their_own(opened: Open, review: Start, visitor: Visitor) -> None:
    anna = opened(PLAIN)
    server = review(anna.server.path, "--reviewer", "ben")
    ben = Desk(visitor.open(at(server, 0)), server)
    anna.select("Lee Vane")
    anna.decide(anna.key_of("complainant"))
    anna.decide("a")
    anna.is_at("plain-2")
    ben.page.reload()
    ben.is_at("plain-1")
    expect(ben.status).to_contain_text("undecided")
    expect(ben.role("Lee Vane", "complainant")).to_have_count(0)
    expect(ben.page.locator("#about")).to_contain_text("ben")
    ben.decide("a")
    anna.page.reload()
    anna.is_at("plain-2")
    assert {name: tally["accepted"] for name, tally in (("anna", anna.session()["tally"]), ("ben", ben.session()["tally"]))} == {
        "anna": 1,
        "ben": 1,
    }
    assert anna.server.article(0)["people"][1]["roles"] != ben.server.article(0)["people"][1]["roles"]


def test_two_tabs_do_not_overwrite_each_other(opened: Open, visitor: Visitor) -> None:
    one = opened(PLAIN)
    other = Desk(visitor.open(at(one.server, 0), one.page.context), one.server)
    other.is_at("plain-1")
    one.select("Lee Vane")
    one.decide(one.key_of("complainant"))
    other.select("Kit Orr")
    with visitor.expecting("409"):
        with other.deciding(409):
            other.press(other.key_of("witness"))
        expect(other.said).to_contain_text("Not done")
    expect(other.role("Lee Vane", "complainant")).to_have_attribute("data-status", "accepted")
    expect(other.role("Kit Orr", "witness")).to_have_count(0)
    other.decide(other.key_of("witness"))
    expect(other.role("Kit Orr", "witness")).to_have_attribute("data-status", "accepted")
    roles = [[role["role"] for role in of["roles"]] for of in one.server.article(0)["people"]]
    assert [sorted(of) for of in roles] == [["panel_chair", "witness"], ["complainant", "witness"]]


def test_what_could_not_be_sent_is_said_and_sent_when_wanted(opened: Open, visitor: Visitor) -> None:
    desk = opened(PLAIN)
    desk.select("Lee Vane")
    key = desk.key_of("complainant")
    with visitor.expecting("ERR_INTERNET_DISCONNECTED"):
        desk.page.context.set_offline(True)
        desk.press(key)
        expect(desk.banner).to_contain_text("not answering")
        expect(desk.saved).to_have_attribute("data-state", "unsaved")
        expect(desk.role("Lee Vane", "complainant")).to_have_count(0)
        desk.page.context.set_offline(False)
        with desk.deciding():
            desk.banner.get_by_role("button", name="Save it now").click()
        expect(desk.banner).to_be_empty()
    expect(desk.role("Lee Vane", "complainant")).to_have_attribute("data-status", "accepted")


def test_decisions_that_no_longer_fit_are_listed(opened: Open, review: Start, visitor: Visitor) -> None:
    desk = opened([HEARING, PLAIN[0]])
    desk.select("Mr Reedham")
    desk.decide(desk.key_of("complainant"))
    desk.decide("a")
    desk.is_at("plain-1")
    desk.decide("a")
    desk.leave()
    desk.server.kill()
    # The other one stays as it was.
    changed = record("hearing", "Panel chair [[alan PER|Alan Reedham]] adjourned the hearing.\n", {"alan": ["panel_chair"]})
    write_records(desk.server.path, [changed, PLAIN[0]])
    server = review(desk.server.path, "--reviewer", "anna")
    desk = Desk(visitor.open(at(server, 0)), server)
    desk.is_at("hearing")
    expect(desk.status).to_contain_text("stale")
    unfit = desk.page.get_by_role("region", name="Decisions that no longer fit")
    expect(unfit).to_contain_text("Mr Reedham")
    expect(unfit).to_contain_text("complainant")
    assert desk.session()["tally"] == {"undecided": 0, "accepted": 1, "rejected": 0, "skipped": 0, "stale": 1}
    assert list(gold(desk.server.path, code=3)) == ["plain-1"]
    desk.decide("a")
    assert meaning(gold(desk.server.path)["hearing"]) == meaning(changed)


def test_a_long_file_is_reviewed_while_it_is_read(visitor: Visitor, tmp_path: Path) -> None:
    path = write_records(tmp_path / "records.jsonl", [plain(number) for number in range(1, 4_001)])
    server = Review(tmp_path / "review.err", path)
    try:
        desk = Desk(visitor.open(at(server, 3_999)), server)
        desk.is_at("plain-4000")
        desk.decide("a")
        expect(desk.page.locator("#progress-text")).to_have_text("1 of 4,000 decided")
    finally:
        desk.leave()
        server.kill()


def test_the_queue(opened: Open) -> None:
    desk = opened([HEARING, BARE, HOSTILE, *PLAIN])
    rows = desk.page.locator("#list .item")
    expect(rows).to_have_count(7)
    desk.press("/")
    desk.page.keyboard.type("tarn grocer")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("hearing")
    desk.press("Escape", "Shift+X")
    expect(rows).to_have_count(7)
    desk.press("o")
    # A warning and doubtful scores come before what nothing is to be said of.
    expect(rows.first).to_contain_text("hearing")
    desk.press("g")
    desk.page.keyboard.type("plain-3")
    desk.press("Enter")
    desk.is_at("plain-3")
    desk.press("Escape")
    desk.decide("a")
    desk.page.locator("#status").select_option("accepted")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("plain-3")
    desk.page.locator("#status").select_option("any")
    desk.page.get_by_text("More filters").click()
    desk.page.locator("#why").select_option("two_readings")
    expect(rows).to_have_count(1)
    desk.page.locator("#why").select_option("")
    desk.page.locator("#role").select_option("representative")
    expect(rows).to_have_count(1)
    desk.page.reload()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("hearing")
