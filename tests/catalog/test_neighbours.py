"""What a service sees of others: of those that it calls, and whether they need each other."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from bench.catalogue import IMAGE
from catalog.kinds.service_dependencies import neighbours
from catalog.loader import Catalog, load
from tests.laws import law

NAMES = ("a", "b", "c", "d", "e")
COPY = "production.copy"

Needs = dict[str, list[tuple[str, str]]]
"""By service, whom it calls and how much it needs them."""

calls = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(("hard", "hard", "soft"))),
    max_size=3,
    unique_by=lambda call: call[0],
)


def catalog_of(root: Path, needs: Needs, copies: Needs) -> Catalog:
    """A catalog of these services, each with an instance in production that calls others."""
    (root / "services").mkdir(exist_ok=True)
    for name in needs:
        own, other = (
            [{"name": f"to-{to}", "service": to, "need": need} for to, need in some[name]]
            for some in (needs, copies)
        )
        both = {each["name"]: each for each in [*({**each, "need": "soft"} for each in own), *other]}
        override = {"dependencies": list(both.values())}
        text = {
            "apiVersion": "pave/v1",
            "kind": "Service",
            "metadata": {"name": name, "owner": "platform"},
            "spec": {
                "tier": "standard",
                "stage": "ga",
                "workloads": [{"name": "web", "image": IMAGE}],
                "dependencies": own,
                "environments": [
                    {"name": "production", "instances": [{"name": "copy", "override": override}]}
                ],
            },
        }
        (root / "services" / f"{name}.yaml").write_text(json.dumps(text))
    return load(root)


def reaches(needs: Needs, start: str, end: str) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        new = {to for to, need in needs[waiting.pop()] if need == "hard"} - seen
        seen |= new
        waiting += new
    return end in seen


@law(60, without=list(HealthCheck))
@given(
    needs=st.fixed_dictionaries(dict.fromkeys(NAMES, calls)),
    copies=st.fixed_dictionaries(dict.fromkeys(NAMES, calls)),
)
def test_two_need_each_other_exactly_if_there_is_a_way_back(
    needs: Needs, copies: Needs, tmp_path_factory: pytest.TempPathFactory
) -> None:
    catalog = catalog_of(tmp_path_factory.mktemp("graph"), needs, copies)
    assert not catalog.problems
    for name, document in catalog.documents["Service"].items():
        for place in ("production", COPY):
            own = dict(needs[name])
            if place == COPY:  # what the override names replaces what has the same name
                own = dict.fromkeys(own, "soft") | dict(copies[name])
            found = {one.name: one.need_each_other for one in neighbours(catalog, document, place)}
            expected = {
                to: to != name and need == "hard" and reaches(needs, to, name) for to, need in own.items()
            }
            assert found == {name: False, **expected}
