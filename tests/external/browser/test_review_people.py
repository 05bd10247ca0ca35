"""People in a review: two that are one are merged, one that is two is split, and gold says exactly what the reviewer said, no
more."""

from collections.abc import Callable

from playwright.sync_api import expect

from articles import HEARING, MARKED, ROLES
from desk import Desk
from gold import gold
from marked import record
from meaning import meaning

Open = Callable[..., Desk]


def test_one_correction_mends_all_mentions(opened: Open) -> None:
    desk = opened([HEARING])
    desk.select("Mr Reedham")
    desk.press("m")
    desk.choose("alan")
    expect(desk.card("Mr Reedham")).to_have_count(0)
    expect(desk.card("Alan Reedham")).to_contain_text("3 mentions")
    desk.select("Ed Quill")
    desk.decide("b")
    expect(desk.card("Ed Quill")).to_contain_text("1 mention")
    expect(desk.card("Eve Quill")).to_contain_text("2 mentions")


def test_a_whole_review_gives_exactly_this_gold(opened: Open) -> None:
    desk = opened([HEARING])
    desk.select("Mr Reedham")
    desk.press("m")
    with desk.deciding():
        desk.choose("alan")
    desk.select("Ed Quill")
    desk.decide("b")
    desk.mark("Ivo Tarn")
    desk.decide(desk.key_of("witness"))

    desk.select("One")
    desk.decide("b")
    expect(desk.card("One")).to_contain_text("1 mention")
    desk.press("j")
    with desk.deciding():
        desk.choose("PC One")
    expect(desk.card("PC One")).to_contain_text("3 mentions")

    desk.select("Ed Quill")
    desk.press("r")
    with desk.deciding():
        desk.choose("Ivo")
    expect(desk.card("Ed Quill").locator(".relation")).to_contain_text("Ivo Tarn")
    desk.select("Eve Quill")
    desk.press("r")
    with desk.deciding():
        desk.choose("PC One")
    expect(desk.card("Eve Quill").locator(".relation")).to_have_count(0)
    desk.select("Alan Reedham")
    desk.press("c")
    for role in ("panel_chair", "witness"):
        expect(desk.role("Alan Reedham", role)).to_have_attribute("data-status", "accepted")

    desk.press("t")
    desk.page.keyboard.type("Is <b>Ed</b> a witness too?")
    desk.decide("Control+Enter")
    expect(desk.page.get_by_role("region", name="Note")).to_contain_text("Is <b>Ed</b> a witness too?")
    desk.decide("a")

    corrected = (
        MARKED.replace("[[again", "[[alan").replace("[[eve PER|Ed", "[[ed PER|Ed").replace("Ivo Tarn", "[[ivo PER|Ivo Tarn]]")
    )
    roles = {key: roles for key, roles in ROLES.items() if key != "again"} | {
        "alan": ["panel_chair", "witness"],
        "ivo": ["witness"],
    }
    expected = record("hearing", corrected, roles, [("ed", "ivo")])
    (made,) = gold(desk.server.path).values()
    assert meaning(made) == meaning(expected)
    assert made["text"] == HEARING["text"]
    assert {role["status"] for of in made["entities"] for role in of["roles"]} <= {"accepted", "corrected", "rejected"}
    assert desk.server.article(0)["notes"] == [{"text": "Is <b>Ed</b> a witness too?"}]


def test_predictions_stay_as_they_are(opened: Open) -> None:
    desk = opened([HEARING])
    before = desk.server.path.read_bytes()
    desk.select("Ed Quill")
    desk.decide("b")
    desk.decide("a")
    assert desk.server.path.read_bytes() == before
    lines = desk.server.answers.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    desk.decide("u")
    assert desk.server.answers.read_text(encoding="utf-8").splitlines()[:2] == lines


def test_all_of_it_is_undone_one_by_one(opened: Open) -> None:
    desk = opened([HEARING])
    before = desk.server.article(0)
    desk.select("Ed Quill")
    desk.decide("b")
    desk.decide(desk.key_of("witness"))
    desk.decide("d")
    for _ in range(3):
        desk.decide("u")
    after = desk.server.article(0)
    for changing in ("version", "undo", "redo"):
        before.pop(changing), after.pop(changing)
    assert after == before
    for _ in range(3):
        desk.decide("Shift+U")
    expect(desk.mention("Ed Quill")).to_have_count(0)
