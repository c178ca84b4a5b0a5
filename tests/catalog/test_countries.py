"""Countries that a firewall asks for, in the words of a service's owner."""

from typing import Any

import pytest

from catalog.checks.countries import CODES, unknown_countries

Json = dict[str, Any]


def faults(regions: Json, proxy: str = "none") -> list[tuple[str, str, str]]:
    spec = {"edge": {"proxy": proxy, "waf": {"regions": regions}}}
    return [(".".join(map(str, at[4:])), what, fix) for at, _, what, fix in unknown_countries({"spec": spec})]


def test_countries_that_there_are_pass() -> None:
    assert len(CODES) == 249
    assert faults({"allow": ["DE", "US", "GB"]}) == []
    assert list(unknown_countries({"spec": {}})) == []


@pytest.mark.parametrize(("code", "fix"), [("UK", "Write GB."), ("XY", "Write two"), ("EU", "Write each")])
def test_a_code_of_no_country_is_refused_where_it_stands(code: str, fix: str) -> None:
    ((at, what, said),) = faults({"deny": ["DE", code]})
    assert at == "deny.1"
    assert f"`{code}` is no country" in what
    assert said.startswith(fix)


def test_behind_a_proxy_no_country_is_known() -> None:
    ((at, what, fix),) = faults({"allow": ["DE"]}, "cloudflare")
    assert (at, "from where the proxy asks" in what) == ("", True)
    assert "at cloudflare" in fix
