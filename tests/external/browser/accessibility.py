"""Takes a page; asserts that axe finds no fault of accessibility in it, and that it is as wide as its window."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def faults(page: Page) -> list[str]:
    """What axe is sure of, each with the element it means. All its rules are asked, good practice too."""
    page.evaluate(AXE)  # as a debugger does it, whatever the page's policy says
    found: list[dict[str, Any]] = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then((said) => said.violations)"
    )
    return [
        f"{fault['id']}: {fault['help']}: {node['html']} {' '.join(check['message'] for check in node['any'])}"
        for fault in found
        for node in fault["nodes"]
    ]


def check(page: Page) -> None:
    found = faults(page)
    assert not found, "\n".join(found)
    inner, outer = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert inner <= outer, f"the page is {inner} wide, its window {outer}"
