"""Shares of copies, as Argo Rollouts counts them; `make test-rollout` watches it do so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.design.rollout.copies import copies_for

weights = st.integers(1, 100)
numbers = st.integers(1, 500)


@pytest.mark.parametrize(
    ("weight", "copies", "found"),
    [
        (5, 3, (1, 4)),
        (5, 6, (1, 7)),
        (5, 20, (1, 20)),
        (25, 6, (2, 7)),
        (50, 3, (2, 4)),
        (50, 6, (3, 6)),
        (99, 2, (2, 3)),
        (100, 6, (6, 6)),
    ],
)
def test_the_nearest_share_is_taken(weight: int, copies: int, found: tuple[int, int]) -> None:
    assert copies_for(weight, copies, may_surge=True) == found


def test_one_copy_alone_is_all_or_nothing() -> None:
    assert copies_for(5, 1, may_surge=False) == (1, 1)
    assert copies_for(5, 1, may_surge=True) == (1, 2)


@given(weights, numbers)
def test_somebody_meets_the_new_version_and_until_the_end_somebody_the_old(weight: int, copies: int) -> None:
    new, total = copies_for(weight, copies, may_surge=True)
    assert new >= 1
    assert (new == total) == (weight == 100)
    assert total in (copies, copies + 1)


@given(weights, weights, numbers)
def test_a_larger_share_never_gets_fewer(first: int, second: int, copies: int) -> None:
    less, more = (copies_for(weight, copies, may_surge=True) for weight in sorted((first, second)))
    assert less[0] / less[1] <= more[0] / more[1]


@given(weights, st.integers(200, 500))
def test_with_many_copies_the_share_is_what_was_asked_for(weight: int, copies: int) -> None:
    new, total = copies_for(weight, copies, may_surge=True)
    assert abs(100 * new / total - weight) <= 0.5
