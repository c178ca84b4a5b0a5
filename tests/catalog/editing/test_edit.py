"""Paths that people write, and changes that are only thought of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.editing.edit import NoSuchPlace, overriding, pointer_for, put, value_of
from catalog.overrides import merge_override
from catalog.yaml.parsed import Pointer

DATA = {"metadata": {"name": "x"}, "spec": {"stores": [{"name": "db"}, {"name": "redis", "need": "soft"}]}}


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("spec.stores[redis].need", ("spec", "stores", 1, "need")),
        ("stores[redis].need", ("spec", "stores", 1, "need")),
        ("stores[0].backup.retained", ("spec", "stores", 0, "backup", "retained")),
        ("metadata.name", ("metadata", "name")),
    ],
)
def test_a_path_names_items_by_name_or_position(path: str, pointer: tuple[str | int, ...]) -> None:
    assert pointer_for(path, DATA) == pointer


@pytest.mark.parametrize(
    "path", ["stores[nope].need", "stores[9]", "stores..need", "", "spec.stores.need", "a b"]
)
def test_a_path_that_leads_nowhere_is_refused(path: str) -> None:
    with pytest.raises(NoSuchPlace):
        pointer_for(path, DATA)


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("soft", "soft"), ("[5, 100]", [5, 100]), ("true", True), ("no", "no")]
)
def test_a_value_is_read_as_in_a_spec(text: str, value: object) -> None:
    assert value_of(text) == value


@given(st.dictionaries(st.text(max_size=3), st.integers(), max_size=4), st.text(max_size=3), st.integers())
def test_putting_changes_one_place_of_a_copy(data: dict[str, int], key: str, value: int) -> None:
    before = dict(data)
    assert put(data, (key,), value) == {**before, key: value}
    assert data == before


OVERRIDE = {
    "stores": [{"name": "redis", "size": "small"}, {"name": "queue", "size": "small"}],
    "tier": "internal",
}
WRITTEN = {
    "kind": "Service",
    "spec": {
        "rollout": {"steps": [5, 100]},
        "stores": [{"name": "db", "backup": {"retained": 7}}, {"name": "redis"}, {"name": "queue"}],
        "environments": [{"name": "production"}, {"name": "staging", "override": OVERRIDE}],
    },
}


@pytest.mark.parametrize("environment", ["production", "staging"])
@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        (("spec", "stores", 0, "backup", "retained"), 30),
        (("spec", "stores", 0, "backup", "logDays"), 3),
        (("spec", "stores", 1, "maintenance", "hour"), 6),
        (("spec", "rollout", "steps"), [100]),
        (("spec", "rollout", "steps", 0), 10),
        (("spec", "edge", "waf", "mode"), "enforce"),
        (("spec", "dataClass"), "red"),
    ],
)
def test_an_override_says_one_value_in_one_environment(
    environment: str, pointer: Pointer, value: object
) -> None:
    changed = put(WRITTEN, *overriding(WRITTEN, environment, pointer, value))
    for name in ("production", "staging"):
        before, after = merge_override(WRITTEN, name)[0], merge_override(changed, name)[0]
        before, after = ({**data["spec"], "environments": None} for data in (before, after))
        assert after == (put(before, pointer[1:], value) if name == environment else before)
