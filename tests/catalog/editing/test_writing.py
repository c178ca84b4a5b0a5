"""A new document reads as what was meant, and looks as an owner would write it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.editing.writing import WIDTH, write
from catalog.yaml.parsed import Pointer
from catalog.yaml.text import parse
from tests.catalog.editing.yaml_hand import KEYS, VALUES, canonical

IMAGE = "registry.example/" + "lunch-menu/" * 8
TEXT = f"""\
metadata: {{name: lunch-menu, owner: workplace}}
spec:
  # Fill in: how much the business needs it.
  tier: internal
  workloads:
    - name: web
      image: {IMAGE}
      replicas: {{min: 3}}
    # Those that nobody sees.
    - name: jobs
      kind: worker
  stores:
    - name: db
      kind: postgres
      # Fill in: as old as your dumps.
      version: "16"
  waits: [[1, 2], []]
"""


def test_it_looks_as_an_owner_would_write_it() -> None:
    data = {
        "metadata": {"name": "lunch-menu", "owner": "workplace"},
        "spec": {
            "tier": "internal",
            "workloads": [
                {"name": "web", "image": IMAGE, "replicas": {"min": 3}},
                {"name": "jobs", "kind": "worker"},
            ],
            "stores": [{"name": "db", "kind": "postgres", "version": "16"}],
            "waits": [[1, 2], []],
        },
    }
    notes: dict[Pointer, str] = {
        ("spec", "tier"): "Fill in: how much the business needs it.",
        ("spec", "workloads", 1, "name"): "Those that nobody sees.",
        ("spec", "stores", 0, "version"): "Fill in: as old as your dumps.",
    }
    assert write(data, notes) == TEXT


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=5), st.data())
def test_it_reads_as_what_was_meant_with_and_without_notes(data: dict[str, Any], draw: st.DataObject) -> None:
    places = list(_places(data, ()))
    noted = draw.draw(st.lists(st.sampled_from(places), unique=True))
    text = write(data, dict.fromkeys(noted, "a note"))
    assert canonical(parse(text.encode(), "new").data) == canonical(data)
    assert text.count("# a note") >= len(noted)


@pytest.mark.parametrize("length", [WIDTH - 10, WIDTH])
def test_what_fits_stands_on_one_line(length: int) -> None:
    text = write({"a": ["x" * (length - 10)]})
    assert all(len(line) <= WIDTH for line in text.splitlines())
    assert text == (f"a: [{'x' * (length - 10)}]\n")


def _places(value: Any, at: Pointer) -> list[Pointer]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in steps for place in [(*at, key), *_places(item, (*at, key))]]
