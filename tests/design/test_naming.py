import re
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from components.design.naming import (
    ACCOUNT_LIMIT,
    DATABASE_USER_LIMIT,
    DIGITS,
    SHORTEST_ACCOUNT,
    account_name,
    host_name,
    resource_name,
)

WORD = st.from_regex(r"[a-z](?:[-a-z0-9]{0,38}[a-z0-9])?", fullmatch=True)
"""What the schemas take as a name."""

PROJECT = st.from_regex(r"[a-z][-a-z0-9]{4,28}[a-z0-9]", fullmatch=True)
"""What the schema takes as a project."""


@given(parts=st.lists(WORD, min_size=1, max_size=4), limit=st.integers(20, 63))
def test_a_name_fits_its_limit_and_is_one_that_the_cloud_takes(parts: list[str], limit: int) -> None:
    name = resource_name(*parts, limit=limit)
    assert len(name) <= limit
    assert re.fullmatch(r"[a-z](?:[-a-z0-9]*[a-z0-9])?", name)
    whole = "-".join(parts)
    if len(whole) <= limit:
        assert name == whole
    else:
        kept, digits = name.rsplit("-", 1)
        assert whole.startswith(kept)
        assert re.fullmatch(f"[0-9a-f]{{{DIGITS}}}", digits)


@given(parts=st.lists(WORD, min_size=1, max_size=3), project=PROJECT)
def test_an_account_s_id_is_neither_too_long_nor_too_short(parts: list[str], project: str) -> None:
    assert SHORTEST_ACCOUNT <= len(account_name(*parts, project=project)) <= ACCOUNT_LIMIT


@given(parts=st.lists(WORD, min_size=1, max_size=3), project=PROJECT)
@example(parts=["a" * 40], project="p" * 30)
def test_an_account_is_a_user_whose_name_a_database_does_not_cut(parts: list[str], project: str) -> None:
    """And shorter than it could be only in the longest projects, of which there are few."""
    name = account_name(*parts, project=project)
    assert len(f"{name}@{project}.iam") <= DATABASE_USER_LIMIT
    if len(project) <= DATABASE_USER_LIMIT - ACCOUNT_LIMIT - len("@.iam"):
        assert name == account_name(*parts, project="acme-prod")


@pytest.mark.parametrize("name", [resource_name, partial(account_name, project="p" * 30)])
def test_long_names_that_begin_alike_differ(name: Callable[..., str]) -> None:
    begin = "subscription-portal-for-customers-of-ours"
    assert len({name(begin, f"worker-{number}") for number in range(20_000)}) == 20_000


LABEL = st.from_regex(r"[a-z0-9](?:[-a-z0-9]{0,3}[a-z0-9])?", fullmatch=True) | st.just("a" * 63)
HOST = st.builds(
    lambda labels, top: ".".join([*labels, top]),
    st.lists(LABEL, min_size=1, max_size=4),
    st.sampled_from("ab"),
)
"""Close together, so that two that meet would be found."""


@given(st.lists(HOST, min_size=2, max_size=30, unique=True))
@example(["lunch.menu.acme.example", "lunch-menu.acme.example", "lunch.menu-acme.example", "1lunch.example"])
def test_no_two_hosts_have_the_same_name_and_each_is_one_that_the_cloud_takes(hosts: list[str]) -> None:
    names = [host_name(host) for host in hosts]
    assert len(set(names)) == len(hosts)
    assert all(re.fullmatch(r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?", name) for name in names)


def test_a_host_whose_name_can_be_read_back_keeps_it_plain() -> None:
    assert host_name("customers.acme.example") == "customers-acme-example"
    assert host_name("lunch-menu.acme.example").startswith("lunch-menu-acme-example-0")
