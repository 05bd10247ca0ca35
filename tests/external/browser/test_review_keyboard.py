"""The review without a mouse, and for those who do not see it: everything is reached and done by keys, the focus is always
somewhere and always seen, and axe finds no fault in any state of the page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accessibility import check
from articles import FAR, HEARING, plain
from desk import Desk
from visitor import NARROW, WIDE

Open = Callable[..., Desk]

PLAIN = [plain(number) for number in range(1, 4)]

FOCUS = """() => {
  const active = document.activeElement;
  if (active === null || active === document.body) return 'nowhere';
  // Where a jump leads to, which is no control.
  if (active.matches('#text, h2')) return 'seen';
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(active);
  const seen = (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
  const { width, height } = active.getBoundingClientRect();
  return seen && width > 0 && height > 0 ? 'seen' : `not seen: ${active.outerHTML.slice(0, 200)}`;
}"""


def focused(page: Page) -> str:
    where: str = page.evaluate(FOCUS)
    return where


def test_a_review_without_a_mouse(opened: Open) -> None:
    desk = opened([HEARING, *PLAIN])

    def press(*keys: str) -> None:
        for key in keys:
            desk.press(key)
            assert focused(desk.page) == "seen", key

    def decide(key: str) -> None:
        desk.decide(key)
        assert focused(desk.page) == "seen", key

    expect(desk.title).to_be_focused()
    press("ArrowRight", "ArrowRight")
    expect(desk.mention("Eve Quill")).to_be_focused()
    press("Enter")
    expect(desk.card("Eve Quill")).to_be_focused()
    decide("c")
    expect(desk.role("Eve Quill", "representative")).to_have_attribute("data-status", "accepted")
    press("ArrowDown")
    expect(desk.card("PC One")).to_be_focused()
    decide(desk.key_of("anonymised_officer"))
    expect(desk.role("PC One", "anonymised_officer")).to_have_attribute("data-status", "rejected")
    press("ArrowDown", "m")
    expect(desk.chooser).to_be_visible()
    desk.page.keyboard.type("alan")
    decide("Enter")
    expect(desk.card("Mr Reedham")).to_have_count(0)
    press("Escape", "?")
    expect(desk.page.get_by_role("dialog", name="Keys")).to_be_visible()
    press("Escape")
    expect(desk.page.get_by_role("dialog", name="Keys")).to_be_hidden()
    decide("a")
    desk.is_at("plain-1")
    press("n")
    desk.is_at("plain-2")
    decide("x")
    desk.is_at("plain-3")
    decide("u")
    desk.is_at("plain-2")
    press("/")
    desk.page.keyboard.type("plain-3")
    expect(desk.page.locator("#list .item")).to_have_count(1)
    press("Enter")
    expect(desk.page.locator("#list .item")).to_be_focused()
    press("Enter")
    desk.is_at("plain-3")
    press("q", "q")


def test_tab_reaches_everything_and_gets_out_again(opened: Open) -> None:
    desk = opened([HEARING, *PLAIN])
    desk.select("Eve Quill")
    skip = desk.page.get_by_role("link", name="Skip to the article")
    skip.focus()
    reached = []
    for _ in range(150):
        desk.press("Tab")
        if desk.page.evaluate("document.activeElement === document.body"):
            break
        assert focused(desk.page) == "seen"
        reached.append(desk.page.evaluate("[document.activeElement.closest('[id]').id, document.activeElement.textContent]"))
    else:
        raise AssertionError("Tab goes round and never leaves the page")
    within = {of for of, _ in reached}
    assert within >= {"search", "order", "status", "list", "actions", "text", "tools", "cards", "theme"}, within
    # The mentions are one stop, and so is the queue.
    assert sum(of == "text" for of, _ in reached) == 1
    assert sum(of == "list" for of, _ in reached) == 1
    skip.focus()
    desk.press("Enter")
    expect(desk.text).to_be_focused()


def test_the_help_lists_every_key(opened: Open) -> None:
    desk = opened([HEARING])
    desk.press("?")
    dialog = desk.page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    keys = set(dialog.locator("kbd").all_text_contents())
    assert keys >= {
        "a",
        "x",
        "s",
        "n",
        "p",
        "u",
        "Ctrl+Z",
        "t",
        "c",
        "r",
        "m",
        "i",
        "e",
        "l",
        "k",
        "j",
        "b",
        "d",
        "/",
        "g",
        "o",
        "?",
        "Esc",
    }
    for element in desk.page.locator("[aria-keyshortcuts]").all():
        shortcut = element.get_attribute("aria-keyshortcuts") or ""
        for key in shortcut.split(" "):
            assert key.replace("Control", "Ctrl") in keys or key.isdigit(), key
    desk.press("a")
    assert desk.server.article(0)["status"] == "undecided", "the page behind the help takes no keys"


def test_keys_that_are_typed_are_no_commands(opened: Open) -> None:
    desk = opened([HEARING, *PLAIN])
    before = desk.server.article(0)
    desk.press("/")
    desk.page.keyboard.type("axdu12")
    desk.press("Escape", "t")
    desk.page.keyboard.type("axdu12")
    desk.press("Escape")
    desk.press("Control+a", "Alt+x", "Meta+d")
    assert desk.server.article(0) == before


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(opened: Open, scheme: str, size: tuple[int, int]) -> None:
    desk = opened([HEARING, FAR], scheme=scheme, size=size)
    check(desk.page)
    desk.select("Eve Quill")
    desk.decide("c")
    check(desk.page)
    if size == NARROW:
        for part in ("Queue", "People"):
            desk.page.get_by_role("group", name="Part of the page that is shown").get_by_role("button", name=part).click()
            check(desk.page)


DIALOGS = {"help": "?", "chooser": "m", "labels": "l", "note": "t"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dialogs_are_accessible(opened: Open, scheme: str) -> None:
    desk = opened([HEARING], scheme=scheme)
    desk.select("Eve Quill")
    for key in DIALOGS.values():
        desk.press(key)
        expect(desk.page.get_by_role("dialog")).to_be_visible()
        check(desk.page)
        desk.press("Escape")
        expect(desk.page.get_by_role("dialog")).to_be_hidden()
    desk.drag("Ivo Tarn")
    expect(desk.span).to_be_visible()
    check(desk.page)


def test_the_theme_is_chosen_and_kept(opened: Open) -> None:
    desk = opened([HEARING])
    theme = desk.page.get_by_role("button", name="Dark")
    background = "getComputedStyle(document.body).backgroundColor"
    light = desk.page.evaluate(background)
    theme.click()
    expect(theme).to_have_attribute("aria-pressed", "true")
    dark = desk.page.evaluate(background)
    assert light != dark
    desk.page.reload()
    desk.is_at("hearing")
    assert desk.page.evaluate(background) == dark
