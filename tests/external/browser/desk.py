"""Takes a page on which `rolecall review` shows articles; does what a reviewer does there, and says what the reviewer sees."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, Response, expect

from server import Review

# Where words stand on the screen: the middle of their first and of their last character, and their outer edges where these run
# from the left. Counts the text nodes of the article, whatever elements they are in.
PLACES = """([words, nth]) => {
  const area = document.getElementById('text');
  const walker = document.createTreeWalker(area, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let all = '';
  while (walker.nextNode()) {
    nodes.push([all.length, walker.currentNode]);
    all += walker.currentNode.data;
  }
  let at = -1;
  for (let time = 0; time <= nth; time += 1) at = all.indexOf(words, at + 1);
  if (at < 0) throw new Error(`“${words}” is not there so often`);
  const characters = [...new Intl.Segmenter('en').segment(words)].map((of) => of.segment);
  const point = (offset) => {
    const [start, node] = nodes.findLast(([start]) => start <= offset);
    return [node, offset - start];
  };
  const box = (from, to) => {
    const range = document.createRange();
    range.setStart(...point(from));
    const [node, offset] = point(to - 1);
    range.setEnd(node, offset + 1);
    return range;
  };
  const first = box(at, at + characters[0].length);
  const last = box(at + words.length - characters.at(-1).length, at + words.length);
  first.startContainer.parentElement.scrollIntoView({ block: 'center' });
  const [a, b] = [first.getBoundingClientRect(), last.getBoundingClientRect()];
  return {
    first: [a.left + a.width / 2, a.top + a.height / 2], last: [b.left + b.width / 2, b.top + b.height / 2],
    left: [a.left + 0.5, a.top + a.height / 2], right: [b.right - 0.5, b.top + b.height / 2],
  };
}"""


class Desk:
    def __init__(self, page: Page, server: Review) -> None:
        self.page = page
        self.server = server
        self.text = page.locator("#text")
        self.people = page.locator("#people")
        self.title = page.locator("#article-title")
        self.status = page.locator("#article-status")
        self.saved = page.locator("#saved")
        self.said = page.locator("#said")
        self.banner = page.locator("#banner")
        self.chooser = page.locator("#chooser")
        self.span = page.locator("#span-dialog")

    @contextmanager
    def deciding(self, status: int = 200) -> Iterator[None]:
        """What is done meanwhile makes a decision; waits until the page says that it is saved."""
        with self.page.expect_response(posted) as sent:
            yield
        assert sent.value.status == status, sent.value.text()
        if status == 200:
            expect(self.saved).to_have_attribute("data-state", "saved")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def decide(self, *keys: str) -> None:
        """Presses keys, the last of which makes a decision."""
        with self.deciding():
            self.press(*keys)

    def mention(self, words: str, nth: int = 0) -> Locator:
        # A slash would end the pattern where Playwright reads it.
        named = re.escape(words).replace("/", r"\/")
        return self.text.get_by_role("button", name=re.compile(f"^{named}: ")).nth(nth)

    def mentions(self) -> list[tuple[str, str]]:
        """The mentions in order: words and label."""
        found: list[tuple[str, str]] = self.text.locator(".mention[role=button]").evaluate_all(
            "all => all.map((one) => [one.textContent, one.dataset.label])"
        )
        return [(words, label) for words, label in found]

    def select(self, words: str, nth: int = 0) -> None:
        self.mention(words, nth).click()
        expect(self.mention(words, nth)).to_have_attribute("aria-pressed", "true")

    def card(self, name: str) -> Locator:
        return self.people.locator(".card").filter(has=self.page.locator("h3 bdi").get_by_text(name, exact=True))

    def role(self, name: str, role: str) -> Locator:
        return self.card(name).locator(f".role[data-role={role}]")

    def choose(self, words: str) -> None:
        """Takes the first that is found by these words."""
        expect(self.chooser).to_be_visible()
        self.page.keyboard.type(words)
        self.press("Enter")

    def key_of(self, role: str) -> str:
        roles: list[str] = self.session()["roles"]
        return "1234567890"[roles.index(role)]

    def session(self) -> dict[str, Any]:
        """What the page asks first, asked as it asks."""
        session: dict[str, Any] = self.page.evaluate("fetch('api/session').then((said) => said.json())")
        return session

    def drag(self, words: str, nth: int = 0, exactly: bool = False) -> None:
        """Goes with the mouse from the first to the last character; with the key that keeps words from being made whole if
        exactly these are meant."""
        place = self.page.evaluate(PLACES, [words, nth])
        mouse = self.page.mouse
        mouse.move(*place["left" if exactly else "first"])
        mouse.down()
        mouse.move(*place["right" if exactly else "last"], steps=4)
        if exactly:
            self.page.keyboard.down("Alt")
        mouse.up()
        if exactly:
            self.page.keyboard.up("Alt")

    def mark(self, words: str, *keys: str, exactly: bool = False) -> None:
        """Makes words a mention by mouse; keys say of what sort and whose."""
        self.drag(words, exactly=exactly)
        expect(self.span).to_be_visible()
        self.decide(*keys, "Enter")
        expect(self.span).to_be_hidden()

    def leave(self) -> None:
        """Closes the page, which then asks its server for nothing any more."""
        self.page.close()

    def is_at(self, article: str) -> None:
        expect(self.title).to_contain_text(article)


def at(server: Review, number: int) -> str:
    """The address of an article."""
    return f"{server.address}#order=file&article={number}"


def posted(response: Response) -> bool:
    return response.request.method == "POST"
