"""Gives each test the records that it is to export: the sample, and the gold of our own articles. Keeps the libraries from the
network."""

import os
from tempfile import TemporaryDirectory

import pytest

import articles
from exported import CHOICES, GOLD, LAYERS, Case, Corpus

# Read when datasets is loaded, which is after this file.
CACHE = TemporaryDirectory(prefix="rolecall-datasets-")
os.environ.update(HF_HOME=CACHE.name, HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_DATASETS_DISABLE_PROGRESS_BARS="1")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Articles that tend to break exporters."""
    records = articles.records(articles.SAMPLES)
    return Corpus(articles.write(tmp_path_factory.mktemp("sample") / "sample.jsonl", records), records)


@pytest.fixture(scope="session")
def gold() -> Corpus:
    """All articles of the training split."""
    return Corpus(GOLD, articles.read(GOLD))


@pytest.fixture(scope="session", params=["sample", "gold"])
def corpus(request: pytest.FixtureRequest) -> Corpus:
    """Each of the two in turn, where all of it is wanted."""
    found: Corpus = request.getfixturevalue(request.param)
    return found


# All that is wanted of the sample; of gold, where people have accepted all roles and are sure of them, the layers.
CASES = [("sample", choices) for choices in CHOICES] + [("gold", choices) for choices in LAYERS]


@pytest.fixture(scope="session", params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def case(request: pytest.FixtureRequest) -> Case:
    """Each case in turn."""
    name, choices = request.param
    return Case(request.getfixturevalue(name), choices)
