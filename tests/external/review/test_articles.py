"""The samples: records as rolecall's own schema has them, so that what the other tests say is said of records that can be."""

import json

import jsonschema

from articles import CONTROLS, SAMPLES
from exchange import gold
from meaning import meaning
from rolecall import rolecall


def test_the_samples_are_records() -> None:
    schema = json.loads(rolecall("schema").stdout)
    for record in SAMPLES + CONTROLS:
        jsonschema.validate(record, schema)
        meaning(record)


def test_gold_has_what_is_tested() -> None:
    records = gold()
    assert len(records) > 30 and sum(len(of["roles"]) for record in records for of in record["entities"]) > 200
    assert any(record["relations"] for record in records)
