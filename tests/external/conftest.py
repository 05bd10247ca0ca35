"""Prints the closing line: how many tests passed and failed."""

from collections.abc import Sized

import pytest


def pytest_unconfigure(config: pytest.Config) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    stats: dict[str, Sized] = getattr(reporter, "stats", {})
    failed = len(stats.get("failed", ())) + len(stats.get("error", ()))
    print(f"{len(stats.get('passed', ()))} passed, {failed} failed")
