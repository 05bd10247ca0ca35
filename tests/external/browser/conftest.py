"""Gives each test a visitor with a browser, and servers of `rolecall review` that end with it. Whatever goes wrong in a page
unseen fails its test."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from desk import Desk, at
from marked import Record
from rolecall import write_records
from server import Review
from visitor import PATIENCE, Visitor


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = subprocess.run([Path(__file__).with_name("setup.sh")], stdout=subprocess.PIPE, text=True, check=True)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        # As a person of this name would see the page whose machine an attacker's name leads to.
        rebound = "--host-resolver-rules=MAP rebound.test 127.0.0.1"
        browser = playwright.chromium.launch(executable_path=found.stdout.strip(), args=[rebound])
        yield browser
        browser.close()


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Callable[..., Review]]:
    """Starts servers, and waits until they have read their file: takes what `rolecall review` takes."""
    servers: list[Review] = []

    def start(*arguments: str | Path) -> Review:
        servers.append(Review(tmp_path / f"review-{len(servers)}.err", *arguments))
        return servers[-1].has_read_all()

    yield start
    for server in servers:
        server.kill()


@pytest.fixture
def visitor(browser: Browser, review: Callable[..., Review]) -> Iterator[Visitor]:
    """Leaves before the servers end, since a page asks on."""
    visitor = Visitor(browser)
    yield visitor
    visitor.leave()
    assert visitor.faults == []


@pytest.fixture
def opened(visitor: Visitor, review: Callable[..., Review], tmp_path: Path) -> Callable[..., Desk]:
    """Starts a server for records, and opens one of them on its page, in the order of the file."""

    def open_(records: list[Record], number: int = 0, reviewer: str = "anna", **browser: Any) -> Desk:
        path = write_records(tmp_path / "records.jsonl", records)
        server = review(path, "--reviewer", reviewer)
        desk = Desk(visitor.open(at(server, number), **browser), server)
        desk.is_at(records[number]["id"])
        return desk

    return open_
