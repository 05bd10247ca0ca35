"""Takes addresses; opens them in Chromium, each time as somebody who was never there before. Notes whatever goes wrong in a page
without being seen: an exception, an error in the console (what a content security policy refuses is one), a request to any place
but the page's own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError

WIDE = (1400, 900)
NARROW = (400, 800)
# How long anything may take. On a busy machine all is slow; where nothing is wrong nobody waits so long.
PATIENCE = 20_000


def origin(address: str) -> str:
    """Of a file all of its address: files may not ask for each other."""
    parts = urlsplit(address)
    return address.split("#")[0] if parts.scheme == "file" else f"{parts.scheme}://{parts.netloc}"


class Visitor:
    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._origins: set[str] = set()
        self._expected: list[str] = []
        self.faults: list[str] = []

    def context(self, scheme: str = "light", size: tuple[int, int] = WIDE, **options: Any) -> BrowserContext:
        """A browser without a past. Tabs of one context share what a browser keeps."""
        width, height = size
        context = self._browser.new_context(
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            locale="en-GB",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        self._contexts.append(context)
        return context

    def open(self, address: str | Path, context: BrowserContext | None = None, **options: Any) -> Page:
        if isinstance(address, Path):
            address = address.as_uri()
        self._origins.add(origin(address))
        page = (context or self.context(**options)).new_page()
        page.goto(address)
        return page

    @contextmanager
    def expecting(self, *patterns: str) -> Iterator[None]:
        """Faults with one of these patterns are no faults meanwhile, but there must be one of each."""
        before = len(self.faults)
        yield
        met = self.faults[before:]
        for pattern in patterns:
            assert any(re.search(pattern, fault) for fault in met), f"expected {pattern}, met {met}"
        self.faults[before:] = [fault for fault in met if not any(re.search(pattern, fault) for pattern in patterns)]

    def leave(self) -> None:
        for context in self._contexts:
            context.close()
        self._contexts.clear()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            self.faults.append(f"console: {message.text} ({message.location.get('url')})")

    def _error(self, error: WebError) -> None:
        self.faults.append(f"exception: {error.error}")

    def _request(self, request: Request) -> None:
        scheme = urlsplit(request.url).scheme
        if scheme not in ("data", "blob", "about") and origin(request.url) not in self._origins:
            self.faults.append(f"request to another place: {request.url}")
