"""A way of users through several endpoints, on real rules: open while each of its steps answers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.monitoring.monitored import monitored
from components.design.monitoring.rules import group
from pave.monitoring.documents import as_yaml
from pave.monitoring.promtool import run
from tests.conftest import HOME

pytestmark = pytest.mark.prometheus

JOURNEY = "  journeys:\n    - {name: buy, title: Sign in and buy, steps: [sign-in, purchase]}\n  endpoints:"
PROBED = 'probe_success{service="customersdot",cell="production",subject="%s"}'


def checked(folder: Path, steps: dict[str, str], asked: Sequence[tuple[str, int, float | None]]) -> str:
    """What promtool says of what is recorded of the way `buy` while its `steps` answer so; empty where all is
    as `asked`: (what is recorded, the minute, its value or None for nothing)."""
    spec = (HOME / "catalog/services/customersdot.yaml").read_text("utf-8")
    changed = spec.replace("  endpoints:", JOURNEY, 1).encode()
    catalog = load(HOME / "catalog").with_text("services/customersdot.yaml", changed)
    service = service_at(catalog, "customersdot", "production")
    assert isinstance(service, Service), service
    monitoring = monitored(catalog, service)
    (watch,) = [each for each in monitoring.watches if each.name == "customersdot-buy-outside"]
    (folder / "rules.yaml").write_bytes(as_yaml({"groups": [group(monitoring, watch)]}))
    tests: list[dict[str, Any]] = [
        {
            "expr": f'sum({record}{{sli="buy-outside"}})',
            "eval_time": f"{minute}m",
            "exp_samples": [] if value is None else [{"labels": "{}", "value": value}],
        }
        for record, minute, value in asked
    ]
    series = [{"series": PROBED % step, "values": values} for step, values in steps.items()]
    trial = {"interval": "30s", "input_series": series, "promql_expr_test": tests}
    file = {"rule_files": ["rules.yaml"], "evaluation_interval": "30s", "tests": [trial]}
    (folder / "test.yaml").write_bytes(as_yaml(file))
    passed, said = run("test", "rules", "test.yaml", folder=folder)
    return "" if passed else said


RATIO, EVENTS = "sli:bad_ratio:rate5m", "sli:events:rate5m"


def test_it_is_closed_while_one_of_its_steps_is(tmp_path: Path) -> None:
    asked = [(RATIO, 10, 0.0), (RATIO, 30, 1.0), (RATIO, 50, 0.0)]
    one, other = "1x120", "1x29 0x39 1x50"
    assert checked(tmp_path, {"sign-in": one, "purchase": other}, asked) == ""
    assert checked(tmp_path, {"sign-in": other, "purchase": one}, asked) == ""


def test_steps_that_fail_at_the_same_time_close_it_once(tmp_path: Path) -> None:
    both = "1x19 0x19 1x100"
    assert checked(tmp_path, {"sign-in": both, "purchase": both}, [(RATIO, 19, 1.0), (RATIO, 40, 0.0)]) == ""


def test_steps_that_fail_in_turn_close_it_all_the_time(tmp_path: Path) -> None:
    steps = {"sign-in": "0x19 1x100", "purchase": "1x19 0x19 1x80"}
    assert checked(tmp_path, steps, [(RATIO, 9, 1.0), (RATIO, 15, 1.0), (RATIO, 40, 0.0)]) == ""


def test_where_a_step_is_not_told_of_nobody_knows(tmp_path: Path) -> None:
    assert checked(tmp_path, {"sign-in": "1x120"}, [(RATIO, 20, None), (EVENTS, 20, None)]) == ""


def test_it_is_asked_as_often_as_its_steps(tmp_path: Path) -> None:
    steps = {"sign-in": "1x120", "purchase": "1x120"}
    assert checked(tmp_path, steps, [(EVENTS, 20, 1 / 30)]) == ""
