"""The page of `rolecall report`: opened from a file, without a network, it shows articles and who is who in them, finds them by
filters, search and charts, prints the one that is read, takes nothing that an article says for markup, and stays quick with ten
thousand articles."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from accessibility import check
from articles import BARE, FAR, HEARING, HOSTILE, gold, plain, spoilt
from marked import Record
from rolecall import rolecall, write_records
from visitor import NARROW, WIDE, Visitor

MANY = 10_000


def report(folder: Path, records: list[Record], *options: str, code: int = 0) -> Path:
    page = folder / "report.html"
    done = rolecall("report", write_records(folder / "records.jsonl", records), "-o", page, *options)
    assert done.returncode == code, done.stderr
    return page


@pytest.fixture(scope="module")
def page_of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(tmp_path_factory.mktemp("report"), [HEARING, HOSTILE, FAR, BARE, *spoilt(gold())])


@pytest.fixture(scope="module")
def page_of_many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(tmp_path_factory.mktemp("many"), [*(plain(number) for number in range(1, MANY)), HEARING])


def open_(visitor: Visitor, address: Path | str, **browser: object) -> Page:
    page = visitor.open(address, **browser)
    expect(page.locator("#workspace")).to_be_visible()
    return page


def count(page: Page) -> Locator:
    return page.locator("#count")


def read(page: Page) -> Locator:
    """The id of the article that is read."""
    return page.locator("#article-id")


def box(page: Page, group: str, value: str) -> Locator:
    return page.get_by_role("group", name=group, exact=True).get_by_role("checkbox", name=re.compile(f"^{re.escape(value)} "))


def texts(page: Page, selector: str) -> list[str]:
    """What stands in elements of the text, without the tags of mentions."""
    said: list[str] = page.locator(f"#text {selector}").evaluate_all(
        """all => all.map((one) => {
          const copy = one.cloneNode(true);
          copy.querySelectorAll('.tag').forEach((tag) => tag.remove());
          return copy.textContent;
        })"""
    )
    return said


@pytest.mark.parametrize("shown", [HEARING, HOSTILE, FAR, BARE], ids=["hearing", "hostile", "far", "bare"])
def test_an_article_is_shown_as_it_is(visitor: Visitor, tmp_path: Path, shown: Record) -> None:
    page = open_(visitor, report(tmp_path, [shown]))
    expect(read(page)).to_have_text(shown["id"])
    assert texts(page, "p") == [line.strip() for line in shown["text"].split("\n") if line]
    assert texts(page, "mark") == [span["text"] for span in shown["spans"]]
    assert page.locator("#text img, #text script, #text b, #people img, #list img").count() == 0
    expect(page).to_have_title(re.compile("records.jsonl"))


def test_people_with_roles_scores_and_proofs(visitor: Visitor, tmp_path: Path) -> None:
    page = open_(visitor, report(tmp_path, [HEARING]))
    people = page.get_by_role("list", name="People")
    one = people.locator(".person").filter(has=page.get_by_role("heading", name=re.compile("PC One")))
    expect(one).to_contain_text("subject officer")
    expect(one).to_contain_text("0.75")
    expect(one).to_contain_text("predicted")
    expect(one).to_contain_text("test.rule")
    expect(one.get_by_role("list", name="Relations")).to_contain_text("represents")
    expect(page.get_by_role("list", name="Warnings")).to_contain_text("Reedham may be the chair.")
    one.locator(".quote").first.click()
    expect(page.locator("#text .flash")).to_have_text(re.compile("^PC One"))
    one.get_by_role("button", name=re.compile("PC One")).first.focus()
    expect(page.locator("#text mark.lit")).to_have_count(3)


def test_the_title_is_as_given(visitor: Visitor, tmp_path: Path) -> None:
    page = open_(visitor, report(tmp_path, [HEARING], "--title", "<i>May</i> & June"))
    expect(page).to_have_title("<i>May</i> & June")
    expect(page.get_by_role("heading", level=1)).to_have_text("<i>May</i> & June")


def test_filters_and_their_address(visitor: Visitor, page_of_all: Path) -> None:
    page = open_(visitor, page_of_all)
    all_ = count(page).inner_text()
    box(page, "Warning", "two readings").check()
    expect(count(page)).to_have_text(re.compile("^1 of "))
    expect(read(page)).to_have_text("hearing")
    page.get_by_role("button", name="Clear all").click()
    expect(count(page)).to_have_text(all_)
    box(page, "Role", "witness").check()
    expect(count(page)).to_have_text(re.compile(r"^\d+ of "))
    by_role = count(page).inner_text()
    page.locator("#score-to").fill("0.3")
    page.locator("#score-to").press("Enter")
    expect(count(page)).not_to_have_text(by_role)
    narrowed = count(page).inner_text()
    expect(page).to_have_url(re.compile("role=witness.*score=0-0.3"))
    again = open_(visitor, page.url)
    expect(count(again)).to_have_text(narrowed)
    expect(box(again, "Role", "witness")).to_be_checked()
    again.get_by_role("list", name="Filters in force").get_by_role("button", name=re.compile("Score")).click()
    expect(count(again)).to_have_text(by_role)


def test_search_goes_through_texts_names_and_ids(visitor: Visitor, page_of_all: Path) -> None:
    page = open_(visitor, page_of_all)
    for sought, found in [
        ("grocer saw", "hearing"),
        ("עמר אנא", None),
        ("דנה כהן", "far"),
        ("<b>bo</b>", HOSTILE["id"]),
        ("nobody was named", "bare"),
    ]:
        page.keyboard.press("/")
        page.get_by_label("Search").fill(sought)
        if found is None:
            expect(page.locator("#text")).to_contain_text("No article is like that")
        else:
            expect(read(page)).to_have_text(found)
        page.keyboard.press("Escape")


def test_an_article_has_an_address(visitor: Visitor, page_of_all: Path) -> None:
    page = open_(visitor, page_of_all)
    page.locator("#list .entry").nth(2).click()
    expect(read(page)).to_have_text("far")
    expect(page).to_have_url(re.compile("#article=far$"))
    expect(read(open_(visitor, page.url))).to_have_text("far")
    hostile = open_(visitor, f"{page_of_all.as_uri()}#article=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    expect(read(hostile)).to_have_text(HOSTILE["id"])


def test_charts_filter(visitor: Visitor, page_of_all: Path) -> None:
    page = open_(visitor, page_of_all)
    before = count(page).inner_text()
    page.get_by_role("tab", name="Figures").click()
    roles = page.get_by_role("region", name="Roles", exact=True)
    roles.get_by_role("button", name="panel chair").click()
    expect(roles.get_by_role("button", name="panel chair")).to_have_attribute("aria-pressed", "true")
    expect(count(page)).to_have_text(re.compile(r"^\d+ of "))
    by_role = count(page).inner_text()
    page.get_by_role("region", name="Scores").get_by_role("button", name=re.compile("^Score 0.75")).click()
    expect(count(page)).not_to_have_text(by_role)
    for region in ("Rules", "Warnings", "Entities"):
        expect(page.get_by_role("region", name=region, exact=True).get_by_role("table")).to_be_visible()
    page.keyboard.press("x")
    expect(count(page)).to_have_text(before)


def test_keys(visitor: Visitor, page_of_all: Path) -> None:
    page = open_(visitor, page_of_all)
    entries = page.locator("#list .entry")
    expect(read(page)).to_have_text("hearing")
    page.keyboard.press("j")
    expect(entries.nth(1)).to_be_focused()
    expect(read(page)).to_have_text(HOSTILE["id"])
    page.keyboard.press("ArrowDown")
    expect(read(page)).to_have_text("far")
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(read(page)).to_have_text("hearing")
    page.keyboard.press("Enter")
    expect(read(page)).to_be_focused()
    page.keyboard.press("w")
    expect(page.locator("#people .who").first).to_be_focused()
    page.keyboard.press("e")
    expect(page.locator("#text .flash").first).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.get_by_role("tabpanel", name="Figures")).to_be_visible()
    page.keyboard.press("f")
    page.keyboard.press("Escape")
    expect(entries.first).to_be_focused()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(visitor: Visitor, page_of_all: Path, scheme: str, size: tuple[int, int]) -> None:
    page = open_(visitor, f"{page_of_all.as_uri()}#article=hearing", scheme=scheme, size=size)
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    check(page)
    page.get_by_role("tab", name="Figures").click()
    check(page)
    page.keyboard.press("?")
    check(page)


def test_printed(visitor: Visitor, page_of_many: Path) -> None:
    page = open_(visitor, f"{page_of_many.as_uri()}#article=hearing")
    expect(read(page)).to_have_text("hearing")
    page.emulate_media(media="print")
    expect(page.locator("#text")).to_be_visible()
    expect(page.get_by_role("list", name="People")).to_be_visible()
    expect(page.locator("#list")).to_be_hidden()
    expect(page.locator("#facets")).to_be_hidden()
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf()))
    assert 1 <= pages <= 3, "the article that is read, not ten thousand"


def test_ten_thousand_articles(visitor: Visitor, page_of_many: Path) -> None:
    began = time.monotonic()
    page = open_(visitor, page_of_many)
    expect(count(page)).to_have_text("10,000 articles")
    assert time.monotonic() - began < 20
    assert page.evaluate("document.querySelectorAll('*').length") < 5_000, "all articles are drawn"
    took = page.evaluate(
        """() => {
          const box = document.querySelector('#facets input[type=checkbox]');
          const began = performance.now();
          box.click();
          return performance.now() - began;
        }"""
    )
    assert took < 2_000
    page.keyboard.press("x")
    page.keyboard.press("n")
    expect(page.locator("#where")).to_have_text("51–100")
    expect(read(page)).to_have_text("plain-51")
    page.get_by_label("Search").fill("9876th time")
    expect(read(page)).to_have_text("plain-9876")
    expect(count(page)).to_have_text("1 of 10,000 articles")


def test_nothing_at_all(visitor: Visitor, tmp_path: Path) -> None:
    # An empty file is refused, and the page is there all the same.
    page = open_(visitor, report(tmp_path, [], code=3))
    expect(page.locator("#text")).to_contain_text("There is no article in this page.")
    check(page)


def test_a_file_that_was_cut_off_says_so(visitor: Visitor, tmp_path: Path) -> None:
    path = report(tmp_path, [HEARING])
    whole = path.read_text(encoding="utf-8")
    at = whole.index("</script>") - 40
    path.write_text(whole[:at] + whole[at + 8 :], encoding="utf-8")
    page = visitor.open(path)
    expect(page.locator("#trouble")).to_be_visible()
