"""The real core rules, by the requests that they bring along to test themselves."""

import base64
import json
import subprocess
from typing import Any

import pytest

from components.design.edge.core_rules import group_of
from components.design.edge.request import Signature
from pave.edge.core_rules import BUILT, Asking, recognised
from tests.built import require_built

pytestmark = [pytest.mark.edge, pytest.mark.slow]

SEEN = {("921140-1", 921140)}
"""A line break in a header: a server refuses that before any rule is asked, and so it never comes so far."""


@pytest.fixture(scope="module")
def answered() -> list[tuple[dict[str, Any], set[int]]]:
    require_built(BUILT, "python tools/build.py core-rules")
    done = subprocess.run([BUILT, "regressions"], capture_output=True, text=True, check=True)
    tests = [json.loads(line) for line in done.stdout.splitlines()]
    asked = [
        Asking(
            method=each["request"]["method"],
            uri=each["request"]["uri"],
            host=each["request"]["host"],
            headers=tuple(map(tuple, each["request"]["headers"] or ())),
            body=base64.b64decode(each["request"]["body"]),
        )
        for each in tests
    ]
    found = recognised(asked)
    return [
        (test, {one.rule for one in said if isinstance(one, Signature)})
        for test, said in zip(tests, found, strict=True)
    ]


def test_what_has_to_be_recognised_is(answered: list[tuple[dict[str, Any], set[int]]]) -> None:
    expected = [(test["name"], rule, seen) for test, seen in answered for rule in test["expected"] or ()]
    ours = [each for each in expected if group_of(each[1]) is not None]
    assert len(ours) > 3000
    assert {(name, rule) for name, rule, seen in ours if rule not in seen} == set()


def test_what_must_not_be_recognised_is_not(answered: list[tuple[dict[str, Any], set[int]]]) -> None:
    unwanted = [(test["name"], rule, seen) for test, seen in answered for rule in test["unwanted"] or ()]
    ours = [each for each in unwanted if group_of(each[1]) is not None]
    assert len(ours) > 500
    assert {(name, rule) for name, rule, seen in ours if rule in seen} == SEEN
