"""Rules are divided, and none is lost."""

from itertools import pairwise

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from components.design.monitoring.parts import in_parts, part_name

GROUPS = st.lists(st.integers(0, 40).map(lambda size: {"name": "x" * size}), max_size=30)


@given(GROUPS, st.integers(1, 200))
def test_each_group_is_in_one_part_in_order_and_no_part_is_larger_than_it_has_to_be(
    groups: list[dict[str, str]], most: int
) -> None:
    parts = in_parts(groups, most)
    assert [each for part in parts for each in part] == groups
    for part in parts:
        assert len(part) == 1 or sum(len(msgspec.json.encode(each)) for each in part) <= most
    for part, following in pairwise(parts):
        together = [*part, following[0]]
        assert sum(len(msgspec.json.encode(each)) for each in together) > most


def test_the_first_part_is_called_like_the_service_and_others_like_no_other_service() -> None:
    assert [part_name("portal", number) for number in range(3)] == ["portal", "portal.2", "portal.3"]
