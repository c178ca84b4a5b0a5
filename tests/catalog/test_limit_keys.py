"""Keys of limits that would quietly stop telling clients apart."""

from typing import Any

import pytest

from catalog.checks.limit_keys import unfit_limit_keys

Json = dict[str, Any]


def faults(key: Json, proxy: str = "none") -> list[tuple[str, str, str]]:
    """Where in the key something is wrong, what, and how it is mended."""
    limit = {"requests": 20, "key": key}
    spec = {"edge": {"proxy": proxy}, "endpoints": [{"name": "web"}, {"name": "api", "rateLimit": limit}]}
    found = list(unfit_limit_keys({"spec": spec}))
    assert all(at[:5] == ("spec", "endpoints", 1, "rateLimit", "key") for at, *_ in found)
    return [(".".join(map(str, at[5:])), what, fix) for at, _, what, fix in found]


@pytest.mark.parametrize(
    ("key", "at", "what"),
    [
        ({"header": "X-Api-Key"}, "header", "Whoever sends no header `X-Api-Key` shares one allowance"),
        ({"by": ["path"], "cookie": "session"}, "cookie", "Whoever sends no cookie `session` shares one"),
        ({"by": ["region", "ja4"]}, "by.1", "Clients whose JA4 Google can't tell share one allowance."),
    ],
)
def test_a_key_that_falls_back_to_one_allowance_for_all_needs_the_address(
    key: Json, at: str, what: str
) -> None:
    ((where, said, fix),) = faults(key)
    assert where == at
    assert said.startswith(what)
    assert "Add `address` to `by`" in fix
    assert faults(key | {"by": ["address", *key.get("by", [])][:2]}) == []


def test_each_part_that_falls_back_is_told_where_it_stands() -> None:
    assert [at for at, *_ in faults({"header": "A", "cookie": "b"})] == ["header", "cookie"]


@pytest.mark.parametrize("key", [{"by": ["address"]}, {"by": ["path"]}, {"by": ["path", "region"]}])
def test_what_each_request_has_needs_nothing_beside_it(key: Json) -> None:
    assert faults(key) == []


def test_more_than_three_parts_are_refused_and_three_are_not() -> None:
    three = {"by": ["address", "path"], "header": "X-Api-Key"}
    assert faults(three) == []
    ((at, what, _),) = faults(three | {"cookie": "session"})
    assert (at, "address, path, header, cookie" in what) == ("", True)


def test_an_empty_key_makes_one_client_of_all() -> None:
    assert [what for _, what, _ in faults({"by": []})] == [
        "The key holds nothing, so all clients would be one."
    ]


def test_behind_a_proxy_the_fingerprint_is_the_proxys_with_an_address_beside_it_or_not() -> None:
    for by in (["ja4"], ["address", "ja4"]):
        ((at, what, _),) = faults({"by": by}, "cloudflare")
        assert at == f"by.{by.index('ja4')}"
        assert "`edge.proxy`" in what
