"""Adds a line to the file that ROLECALL_COUNTS names: how many tests passed and failed, for the closing line of run.sh."""

import os
from collections.abc import Sized

import pytest


def pytest_unconfigure(config: pytest.Config) -> None:
    path = os.environ.get("ROLECALL_COUNTS")
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if path is None or reporter is None:
        return
    stats: dict[str, Sized] = reporter.stats
    failed = len(stats.get("failed", ())) + len(stats.get("error", ()))
    with open(path, "a", encoding="utf-8") as file:
        print(len(stats.get("passed", ())), failed, file=file)
