"""The page of `rolecall evaluate --html`: opened from a file it shows the mistakes, lets them be filtered by keys alone, takes
nothing that an article says for markup, and has no fault of accessibility."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accessibility import check
from articles import HOSTILE, gold, spoilt
from rolecall import rolecall, write_records
from visitor import NARROW, WIDE, Visitor


@pytest.fixture(scope="module")
def mistakes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluate")
    right = [HOSTILE, *gold()]
    files = [
        write_records(folder / name, records) for name, records in (("gold.jsonl", right), ("predicted.jsonl", spoilt(right)))
    ]
    page = folder / "mistakes.html"
    done = rolecall("evaluate", "--gold", files[0], "--pred", files[1], "--html", page, "--resamples", "50")
    assert done.returncode == 0, done.stderr
    return page


def shown(page: Page) -> int:
    return int(page.get_by_role("status").inner_text().split(" ")[0].replace(",", ""))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(visitor: Visitor, mistakes: Path, scheme: str, size: tuple[int, int]) -> None:
    page = visitor.open(mistakes, scheme=scheme, size=size)
    page.locator("#more, #filters").evaluate_all("all => all.forEach(one => one.open = true)")
    check(page)


def test_filters_are_kept_in_the_address(visitor: Visitor, mistakes: Path) -> None:
    page = visitor.open(mistakes)
    before = shown(page)
    page.get_by_role("group", name="Mistake", exact=True).get_by_label(
        re.compile("^wrong label|^missed relation", re.I)
    ).first.check()
    expect(page.get_by_role("status")).to_have_text(re.compile(rf"^\d+ of {before:,} mistakes"))
    chosen = shown(page)
    assert 0 < chosen < before
    again = visitor.open(page.url)
    assert shown(again) == chosen
    again.get_by_role("list", name="Filters in force").get_by_role("button").click()
    expect(again.get_by_role("status")).to_have_text(f"{before:,} mistakes")


def test_keys(visitor: Visitor, mistakes: Path) -> None:
    page = visitor.open(mistakes)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#list > li").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#list > li").nth(0)).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("#where")).to_have_text(re.compile(r"^51–\d+$"))
    page.keyboard.press("/")
    page.keyboard.type("onerror")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ of "))
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^[\d,]+ mistakes"))


def test_text_is_no_markup(visitor: Visitor, mistakes: Path) -> None:
    page = visitor.open(f"{mistakes.as_uri()}#article={HOSTILE['id']}")
    expect(page.locator("#list > li").first).to_contain_text("<b>Bo</b>")
    expect(page).to_have_title(re.compile("^Mistakes of .*predicted.jsonl$"))
    assert page.locator("#list img, #list b b, #list script").count() == 0


def test_printed(visitor: Visitor, mistakes: Path) -> None:
    page = visitor.open(mistakes)
    page.emulate_media(media="print")
    assert page.pdf().startswith(b"%PDF")
    expect(page.locator("#list > li").first).to_be_visible()
    expect(page.get_by_label("Search")).to_be_hidden()
